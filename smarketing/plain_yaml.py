"""YAML that somebody wrote, read so that whatever is wrong with it is one kind of error."""

from __future__ import annotations

from typing import Any

import yaml

#: What the readers of single values raise for one that is not as its mark says: a day, a number.
_ODD = (AttributeError, LookupError, RecursionError, TypeError, ValueError)


def parse_yaml(text: str, loader: Any = yaml.SafeLoader) -> Any:
    """Return what a text of YAML says; YAMLError where it says nothing that can be read."""
    try:
        return yaml.load(text, loader)
    except _ODD as error:
        why = str(error) if isinstance(error, ValueError) else "a value is not what it is marked as"
        raise yaml.YAMLError(why) from error
