"""The agreement's content in words: names of its fields, ids by their labels, values as people say.

What is signed is a tree of fields; a reader gets each of them by the same rules, so that none can
be left out of the document or of a difference between two versions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from smarketing.agreement.meeting import OF_NUMBERS, PARTS
from smarketing.periods import day_words

#: Fields that hold a day of the calendar.
_DATES = frozenset({"day", "starts_on", "ends_on"})
#: Fields that hold a share of 1.
_SHARES = frozenset({
    "band", "deal_creation", "first", "last", "lead_creation", "margin", "middle", "tolerance",
})  # fmt: skip
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
#: Which list of the agreement a field's value is an id of.
_REFERS: Mapping[str, str] = {
    "owner": "teams", "team": "teams", "teams": "teams", "cost_without_team": "teams",
    "stage": "stages", "next_stage": "stages", "from_stage": "stages",
    "accepted_stage": "stages", "deal_opened": "stages", "deal_won": "stages",
    "deal_lost": "exits", "exit": "exits", "rejected_exits": "exits", "recycled_exits": "exits",
    "kpi": "kpis", "numerator": "kpis", "denominator": "kpis",
    "segment": "segments", "segments": "segments", "personas": "personas", "regions": "regions",
    "channel": "channels", "direct_channel": "channels",
    "marketing": "roles", "sales": "roles",
    **dict.fromkeys(OF_NUMBERS, "kpis"),
}  # fmt: skip
_FIELDS: Mapping[str, str] = {
    "id": "Short name",
    "kpi": "KPI",
    "kpis": "KPIs",
    "cac": "Cost of acquiring customers",
    "mart": "Counted from",
    "date_column": "By the day",
    "expression": "Formula",
    "filter": "Of records where",
    "recorded": "Known where",
    "kept": "Of records where",
    "rests_on": "Rests on",
    "names": "Also called",
    "fit": "Fit: who they are",
    "behaviour": "Behaviour: what they did",
    "starts_on": "From",
    "ends_on": "Until (not counted)",
    "at_least": "At least",
    "at_most": "At most",
    "deal_opened": "Opening a deal enters",
    "deal_won": "Winning it enters",
    "deal_lost": "Losing all leaves by",
    "from_stage": "Handed over at",
    "accepted_stage": "Accepted at",
    "per": "Every",
    **dict(PARTS),
}
_DAYS: Mapping[str, str] = {
    "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday",
    "sat": "Saturday", "sun": "Sunday",
}  # fmt: skip
_DAY_FIELDS = frozenset({"week_starts_on", "working_days"})
_MATCH: Mapping[str, str] = {
    "equals": "is",
    "words": "holds the word",
    "prefix": "begins with",
    "regex": "fits the pattern",
}
_MATCH_KEYS = frozenset({*_MATCH, "missing"})


class Words:
    """Says parts of one agreement's content, ids by their labels."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        """Take the content as `Agreement.model_dump(mode="json")` gives it."""
        self.content = content
        places = {**content, **content.get("classification", {})}
        self._rates = {k["id"] for k in content.get("kpis") or () if k.get("unit") == "rate"}
        self._labels = {place: _labels(places.get(place) or ()) for place in set(_REFERS.values())}

    def label(self, field: str, value: str) -> str:
        """Return what an id is called, by the field that holds it; itself where it is none."""
        if field in _DAY_FIELDS:
            return _DAYS.get(value, value)
        return self._labels.get(_REFERS.get(field, ""), {}).get(value, value)

    def text(self, value: Any, field: str = "") -> str:
        """Return any part of the content in words; empty where nothing is said."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if field in _SHARES and isinstance(value, int | float):
            return _percent(value)
        if isinstance(value, float):
            return f"{value:.10g}"
        if isinstance(value, list):
            between = "; " if any(isinstance(item, Mapping) for item in value) else ", "
            return between.join(text for item in value if (text := self.text(item, field)))
        if isinstance(value, Mapping):
            return self._mapping(value)
        if field in _DATES and _DAY.fullmatch(value):
            return day_words(date.fromisoformat(value))
        return self.label(field, str(value))

    def within(self, entry: Mapping[str, Any], field: str) -> str:
        """Return a field of an entry in words: what a rate should reach in %, as shares are."""
        value = entry.get(field)
        is_rate = field == "value" and entry.get("kpi") in self._rates
        return _percent(value) if is_rate and value is not None else self.text(value, field)

    def _mapping(self, value: Mapping[str, Any]) -> str:
        if value and set(value) <= _MATCH_KEYS:
            return match_words(value)
        said = {key: self.within(value, key) for key in value}
        if set(value) == {"opens", "closes"}:
            return f"{said['opens']} to {said['closes']}"
        tests = {key for key, item in value.items() if _is_match(item)}
        parts = [
            f"{field_words(key).lower() if key in tests else field_words(key)} {text}"
            for key, text in said.items()
            if text
        ]
        return (" and " if tests else ", ").join(parts)


def _percent(share: float) -> str:
    return f"{100 * share:.10g} %"


def field_words(name: str) -> str:
    """Return a field's name as people read it."""
    return _FIELDS.get(name) or name.replace("_", " ").capitalize()


def match_words(match: Mapping[str, Any]) -> str:
    """Return how a raw value is recognised: is a, b; or holds the word c."""
    parts = [
        f"{words} {', '.join(str(value) for value in match[key])}"
        for key, words in _MATCH.items()
        if match.get(key)
    ]
    return " or ".join([*parts, *(["is missing"] if match.get("missing") else [])])


def _is_match(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value) and set(value) <= _MATCH_KEYS


def entry_label(entry: Mapping[str, Any]) -> str:
    """Return what an entry of a list is called."""
    return str(entry.get("label") or entry.get("term") or entry.get("id") or "")


def _labels(entries: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return labels by id, with the id beside where two are alike."""
    named = {str(entry["id"]): entry_label(entry) for entry in entries}
    alike = list(named.values())
    return {i: label if alike.count(label) == 1 else f"{label} ({i})" for i, label in named.items()}
