"""A record of json as one row of text: nested objects, references and resources laid flat."""

from __future__ import annotations

import re
from typing import Any

from smarketing.files.json_values import RepeatedError, Repeating, as_text

_FLAT = ("properties", "fields")
"""Keys whose own keys are the record's: HubSpot's and Airtable's answers."""

_TARGETS = ("value", "id")
_REFERENCE = re.compile(r"(?:_id|Id|ID)$")
"""A key that leads to another record, and where in an object its id stands."""
_FORMATTED = "@OData.Community.Display.V1.FormattedValue"
_LOOKED_UP = re.compile(r"^_(\w+)_value(\.label)?$")


def flatten(record: dict[str, Any]) -> dict[str, str | None]:
    """Flatten a record to text: `a.b` for nested objects, json for lists, numbers as written.

    The keys of `properties` and `fields` stand without a prefix unless the record has them itself,
    and so do the attributes of a resource of JSON:API.
    Raises RepeatedError where two of them come to one name and differ (`"a.b"`, `{"a": {"b": …}}`).
    A reference that is an object (`"org_id": {"name": "Acme", "value": 7}`) is what it leads to.
    """
    if isinstance(record, Repeating):
        raise RepeatedError(record.name)
    if _is_resource(record):
        record = _plain_resource(record)
    flat: dict[str, str | None] = {}
    for given, value in record.items():
        key = _plain_key(given)
        if key in _FLAT and isinstance(value, dict):
            inner = flatten(value).items()
            _put(flat, {f"{key}.{name}" if name in record else name: text for name, text in inner})
        elif isinstance(value, dict) and value:
            target = next((value[part] for part in _TARGETS if part in value), None)
            if (
                _REFERENCE.search(key)
                and target is not None
                and not isinstance(target, dict | list)
            ):
                _put(flat, {key: as_text(target)})
            _put(flat, {f"{key}.{name}": text for name, text in flatten(value).items()})
        elif key in flat:
            _put(flat, {key: as_text(value)})
        else:
            flat[key] = as_text(value)
    return flat


def _put(flat: dict[str, str | None], told: dict[str, str | None]) -> None:
    """Add names and texts: a name that stands for another text already says two things."""
    for name in flat.keys() & told.keys():
        before, text = flat[name], told[name]
        if before is not None and text is not None and before != text:
            raise RepeatedError(name)
        told[name] = text if before is None else before
    flat.update(told)


def _is_resource(record: dict[str, Any]) -> bool:
    """Whether a record is written as JSON:API has it: what it is, its id, its attributes."""
    about = record.get("attributes")
    is_named = isinstance(record.get("type"), str) and record.get("id") is not None
    return is_named and isinstance(about, dict) and not {"id", "attributes"} & set(about)


def _plain_resource(record: dict[str, Any]) -> dict[str, Any]:
    """Return a resource of JSON:API as a record: attributes, and ids of what it is related to."""
    plain = {key: v for key, v in record.items() if key not in ("attributes", "relationships")}
    if isinstance(record["attributes"], Repeating):
        raise RepeatedError(record["attributes"].name)
    # What kind of resource it is gives way to an attribute of that name.
    plain |= record["attributes"]
    related = record.get("relationships")
    for name, relation in (related if isinstance(related, dict) else {}).items():
        found = relation.get("data") if isinstance(relation, dict) else None
        if isinstance(found, dict):
            plain.setdefault(f"{name}_id", found.get("id"))
        elif isinstance(found, list):
            ids = [each.get("id") for each in found if isinstance(each, dict)]
            plain.setdefault(f"{name.removesuffix('s')}_ids", ids or None)
    return plain


def _plain_key(key: str) -> str:
    """Return a key as it is called: `_accountid_value` and its label's are those of OData."""
    bare = key.replace(_FORMATTED, ".label") if _FORMATTED in key else key
    return _LOOKED_UP.sub(r"\1\2", bare) if bare.startswith("_") else bare
