"""Validation errors in plain words: the path, the value, and the nearest valid name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from smarketing.errors import did_you_mean

_PLAIN = {
    "tuple_type": "should be a list",
    "model_type": "should be a mapping of keys to values",
    "dict_type": "should be a mapping of keys to values",
    "string_type": "should be text",
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number",
    "int_from_float": "should be a whole number",
    "float_type": "should be a number",
    "float_parsing": "should be a number",
    "bool_type": "should be true or false",
    "bool_parsing": "should be true or false",
    "date_type": "should be a day such as 2026-06-09",
    "date_parsing": "should be a day such as 2026-06-09",
    "date_from_datetime_parsing": "should be a day such as 2026-06-09",
    "string_too_short": "should not be empty",
    "too_short": "should not be empty",
}
_SHAPES = {
    "^[A-Z]{3}$": "a currency code of three capitals, such as EUR",
    "^[a-z][a-z0-9_]*$": "lower-case letters, digits and _, a letter first",
}


def describe(error: ValidationError, model: type[BaseModel]) -> list[tuple[str, str]]:
    """Return (path, message) for each thing wrong with the content of a model."""
    return [(path_text(entry["loc"]), _message(dict(entry), model)) for entry in error.errors()]


def path_text(location: tuple[int | str, ...]) -> str:
    """Return a location as `kpis[3].ratio.numerator`."""
    text = ""
    for step in location:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


def _message(entry: dict[str, Any], model: type[BaseModel]) -> str:
    kind, location, value = entry["type"], entry["loc"], entry["input"]
    if kind == "extra_forbidden":
        valid = _fields(model, location[:-1])
        return f"unknown key '{location[-1]}'.{did_you_mean(str(location[-1]), valid)}"
    if kind == "missing":
        meaning = _meaning(model, location)
        return f"is missing; add it: {meaning}." if meaning else "is missing; add it."
    if kind == "literal_error":
        options = re.findall(r"'([^']+)'", str(entry["ctx"]["expected"]))
        return f"'{value}' is not valid.{did_you_mean(str(value), options)}"
    if kind == "value_error":
        return f"{str(entry['ctx']['error']).rstrip('.')}."
    if kind == "string_pattern_mismatch":
        return f"'{value}' should be {_SHAPES.get(entry['ctx']['pattern'], 'written otherwise')}."
    wanted = _PLAIN.get(kind, str(entry["msg"]).replace("Input should", "should"))
    return f"{wanted}, but it is {value!r}."


def _meaning(model: type[BaseModel], location: tuple[int | str, ...]) -> str | None:
    field = _fields(model, location[:-1]).get(str(location[-1]))
    return field.description if field else None


def _fields(model: type[BaseModel], location: tuple[int | str, ...]) -> Mapping[str, FieldInfo]:
    current: Any = model
    for step in location:
        if isinstance(step, str):
            field = current.model_fields.get(step)
            current = None if field is None else _model_in(field.annotation)
            if current is None:
                return {}
    found: Mapping[str, FieldInfo] = current.model_fields
    return found


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in get_args(annotation):
        found = _model_in(argument)
        if found is not None:
            return found
    return None
