"""Values of json as they stand in the file: numbers untouched, names that come twice noted."""

from __future__ import annotations

import json
from typing import Any


class Literal(str):
    """A number as it stands in the file."""


class Repeating(dict[str, Any]):
    """An object that gives one name two values; `name` says which."""

    name: str


class RepeatedError(ValueError):
    """A record names something twice, with two values."""


def as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of its names and values, noting one that stands there twice."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    twice = next((name for name, value in pairs if found[name] != value), None)
    if twice is None:
        return found
    repeating = Repeating(found)
    repeating.name = twice
    return repeating


DECODER = json.JSONDecoder(
    parse_float=Literal, parse_int=Literal, parse_constant=Literal, object_pairs_hook=as_object
)


def as_text(value: Any) -> str | None:
    """Write a value as text, None for one that is missing or empty."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return dump(value)


def dump(value: Any) -> str:
    """Write a list or object as json with its numbers untouched."""
    if isinstance(value, Literal):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(dump, value)) + "]"
    if isinstance(value, dict):
        inner = (f"{json.dumps(k, ensure_ascii=False)}: {dump(v)}" for k, v in value.items())
        return "{" + ", ".join(inner) + "}"
    return json.dumps(value, ensure_ascii=False)
