"""Changing entries of an agreement by forms: the words of its parts, and one KPI.

As with numbers and targets (`edits`), each change returns YAML text that is checked as the file is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from smarketing.agreement.edits import checked
from smarketing.agreement.models import Agreement
from smarketing.errors import UsageError, unknown

#: The parts whose entries a form offers: what tells an entry from others, then what is reworded.
WORDS: Mapping[str, tuple[str, ...]] = {
    "stages": ("id", "label", "owner", "definition"),
    "exits": ("id", "label", "definition", "reasons"),
    "roles": ("id", "label", "team", "definition"),
    "glossary": ("term", "definition"),
}
#: Parts to which other parts refer by id: entries are reworded here, and added in the file.
FIXED = frozenset({"stages", "exits"})

_Row = Mapping[str, Any]


def entries(agreement: Agreement, part: str) -> list[dict[str, Any]]:
    """Return the entries of a part by the fields of its form, in their order."""
    fields = _fields(part)
    content = agreement.model_dump(mode="json")
    return [{field: one.get(field) for field in fields} for one in content[part]]


def with_entries(agreement: Agreement, part: str, rows: Sequence[_Row]) -> str:
    """Return the agreement with the entries of a part as these rows say, as YAML text.

    A row's fields replace those of the entry it names; a blank one is taken away. What no row
    names is gone, but not from parts that others refer to. Raises UsageError for an unknown part,
    an entry named twice or, in those parts, one added or left out.
    """
    key = _fields(part)[0]
    content = agreement.model_dump(mode="json", exclude_none=True)
    known = {one[key]: one for one in content[part]}
    named = [str(row.get(key) or "").strip() for row in rows]
    twice = next((name for name in named if name and named.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"The form has two rows for '{twice}'; keep one.")
    if part in FIXED and set(named) != set(known):
        other = sorted(set(named) ^ set(known))[0]
        raise UsageError(
            f"'{other}' is added or left out. Stages and ways out are added as YAML, since other "
            "parts name them."
        )
    content[part] = [
        _merged(known.get(name, {}), {**row, key: name})
        for name, row in zip(named, rows, strict=True)
    ]
    return checked(agreement, content)


def kpi_fields(agreement: Agreement, kpi_id: str) -> dict[str, Any]:
    """Return a KPI's fields as the file would write them; UsageError with the nearest name."""
    return agreement.kpi(kpi_id).model_dump(mode="json", exclude_none=True)


def with_kpi(agreement: Agreement, fields: _Row) -> str:
    """Return the agreement with one KPI as these fields say, as YAML text.

    The KPI of that id is replaced, fields that are not given stay, blank ones are taken away;
    without one of that id it is a new one. AgreementError says what does not hold.
    """
    content = agreement.model_dump(mode="json", exclude_none=True)
    places = {one["id"]: place for place, one in enumerate(content["kpis"])}
    name = str(fields.get("id") or "").strip()
    place = places.get(name, len(content["kpis"]))
    known = content["kpis"][place] if name in places else {}
    content["kpis"][place : place + 1] = [_merged(known, {**fields, "id": name})]
    return checked(agreement, content)


def _fields(part: str) -> tuple[str, ...]:
    if part not in WORDS:
        raise unknown("part", part, WORDS)
    return WORDS[part]


def _merged(before: _Row, row: _Row) -> dict[str, Any]:
    """Return an entry with a row's fields, without those that are blank."""
    said = {field: _said(value) for field, value in row.items()}
    return {field: value for field, value in {**before, **said}.items() if value is not None}


def _said(value: Any) -> Any:
    """Return what was typed, None where nothing was."""
    if isinstance(value, str):
        return value.strip() or None
    return None if isinstance(value, list | tuple | dict) and not value else value
