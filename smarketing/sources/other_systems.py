"""Systems that have no source here, told by headers that only they write.

A file of theirs is never taken for a built-in source's, and what is said of it names the right
system.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

from smarketing.files.headers import clean


def system_of(columns: Sequence[str]) -> str | None:
    """Give the system whose headers a table has, None where none can be told."""
    headers = [clean(column) for column in columns]
    for system, enough, signs in _systems():
        if sum(1 for header in headers if signs.fullmatch(header)) >= enough:
            return system
    return None


@cache
def _systems() -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    """Give each system, how many of its signs are enough, and the expression for one of them."""
    text = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    return tuple(
        (entry["system"], entry["enough"], _any(entry["signs"]))
        for entry in yaml.load(text, yaml.CSafeLoader)
    )


def _any(signs: Sequence[str]) -> re.Pattern[str]:
    shapes = (".*".join(re.escape(part) for part in sign.split("*")) for sign in signs)
    return re.compile("|".join(shapes), re.IGNORECASE)
