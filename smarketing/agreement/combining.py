"""Two changes of one agreement in one text: what either changed of it, each in its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from smarketing.agreement.loading import agreement_content
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
    old, first, second = (agreement_content(one) for one in (base, theirs, yours))
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
    names = _in_order(list(base), list(theirs), list(yours))
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
    # By what they say, since nothing else tells them apart.
    said = [{_said(item): item for item in items} for items in (base, theirs, yours)]
    order = _in_order(*map(list, said))
    gone = {name for name in said[0] if name not in said[1] or name not in said[2]}
    known = said[0] | said[1] | said[2]
    return [known[name] for name in order if name not in gone]


def _in_order(base: list[Any], theirs: list[Any], yours: list[Any]) -> list[Any]:
    """Return every name of theirs and yours, in your order where you changed it, else in theirs.

    What only the other one has stands behind the name that it stands behind there: the first rule
    that holds wins, so that a place is a part of what was changed.
    """
    both = [name for name in yours if name in theirs]
    was = [name for name in base if name in theirs and name in yours]
    moved = [name for name in both if name in base] != was
    first, second = (yours, theirs) if moved else (theirs, yours)
    found = list(first)
    for place, name in enumerate(second):
        if name in found:
            continue
        before = next((n for n in reversed(second[:place]) if n in found), None)
        found.insert(0 if before is None else found.index(before) + 1, name)
    return found


def _said(item: Any) -> str:
    return yaml.safe_dump(item, sort_keys=True)


def _named(items: list[Any]) -> dict[Any, Any] | None:
    """Return entries by what tells them apart; None where nothing does."""
    if not all(isinstance(item, Mapping) for item in items):
        return None
    found = {
        item.get("id") or tuple(str(item.get(name)) for name in _NAMES): item for item in items
    }
    return found if len(found) == len(items) else None
