"""Two changes of one agreement in one text: what either changed of it, each in its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from smarketing.agreement.loading import agreement_yaml
from smarketing.agreement.models import Agreement

#: What tells an entry without an id from the others of its list.
_NAMES = (
    "kpi", "period", "every", "starts_on", "segment", "stage", "next_stage", "kind", "team",
    "channel", "member", "match",
)  # fmt: skip
_GONE = object()


def combined(base: Agreement, theirs: Agreement, yours: Agreement) -> str:
    """Return, as YAML, what they made of `base` with what you changed of it.

    Where both changed one thing yours stands: it is a change of theirs, and is told as one.
    """
    old, first, second = (yaml.safe_load(agreement_yaml(one)) for one in (base, theirs, yours))
    found = _both(old, first, second)
    return yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=96)


def _both(base: Any, theirs: Any, yours: Any) -> Any:
    if yours == base:
        return theirs
    if theirs in (base, yours):
        return yours
    if isinstance(theirs, Mapping) and isinstance(yours, Mapping):
        return _by_name(base if isinstance(base, Mapping) else {}, theirs, yours)
    if isinstance(theirs, list) and isinstance(yours, list):
        return _lists(base if isinstance(base, list) else [], theirs, yours)
    return yours


def _by_name(
    base: Mapping[Any, Any], theirs: Mapping[Any, Any], yours: Mapping[Any, Any]
) -> dict[Any, Any]:
    names = dict.fromkeys([*theirs, *yours])
    found = {
        name: _both(base.get(name, _GONE), theirs.get(name, _GONE), yours.get(name, _GONE))
        for name in names
    }
    return {name: value for name, value in found.items() if value is not _GONE}


def _lists(base: list[Any], theirs: list[Any], yours: list[Any]) -> list[Any]:
    named = [_named(items) for items in (base, theirs, yours)]
    old, first, second = named
    if old is not None and first is not None and second is not None:
        return list(_by_name(old, first, second).values())
    kept = [item for item in theirs if item in yours or item not in base]
    return [*kept, *(item for item in yours if item not in base and item not in kept)]


def _named(items: list[Any]) -> dict[Any, Any] | None:
    """Return entries by what tells them apart; None where nothing does."""
    if not all(isinstance(item, Mapping) for item in items):
        return None
    found = {
        item.get("id") or tuple(str(item.get(name)) for name in _NAMES): item for item in items
    }
    return found if len(found) == len(items) else None
