"""A KPI whose entry is wrong stands there with its fault: one error hides no other number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from smarketing.agreement.kpis import Unit

_OF_KPI = re.compile(r"kpis\[(\d+)\](?:\.|$)(.*)")
_WORDS = ("label", "question", "definition")
_SIDES = ("marketing", "sales")


def with_faults(
    content: Mapping[str, Any], found: Sequence[tuple[str, str]]
) -> dict[str, Any] | None:
    """Return the content with each wrong KPI as one that has a fault and nothing to count by.

    `found` are path and message of what is wrong. None where something else than a KPI is, or a
    KPI whose own name is: it could not be told from others.
    """
    places: dict[int, list[str]] = {}
    for path, message in found:
        place = _OF_KPI.match(path)
        if place is None or place[2] == "id" or not _is_named(content["kpis"][int(place[1])]):
            return None
        said = f"{place[2]}: {message}" if place[2] else message
        places.setdefault(int(place[1]), []).append(said.rstrip("."))
    kpis = list(content["kpis"])
    for number, messages in places.items():
        kpis[number] = _faulty(kpis[number], messages, content)
    return {**content, "kpis": kpis}


def _is_named(entry: Any) -> bool:
    return isinstance(entry, Mapping) and isinstance(entry.get("id"), str)


def _faulty(entry: Any, messages: Sequence[str], content: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry that says what is wrong; what it says well itself is kept."""
    if "fault" in entry:
        return dict(entry)
    name = entry["id"]
    roles = [role["id"] for role in content["roles"]]
    said = entry.get("owners")
    owners = said if isinstance(said, Mapping) else {}
    return {
        "id": name,
        **{field: _text(entry.get(field)) or name for field in _WORDS},
        "unit": entry.get("unit") if entry.get("unit") in get_args(Unit) else "count",
        "owners": {
            side: owners.get(side) if owners.get(side) in roles else next(iter(roles), name)
            for side in _SIDES
        },
        "headline": entry.get("headline") is True,
        "listed": entry.get("listed") is not False,
        "fault": f"The KPI '{name}' is wrong in the agreement: {'; '.join(messages)}.",
    }


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
