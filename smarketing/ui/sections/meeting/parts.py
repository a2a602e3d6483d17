"""Each part of the agenda, as it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from smarketing.agreement.meeting import OF_NUMBERS, PARTS
from smarketing.ui.sections.meeting import numbers, room, settle, turning
from smarketing.ui.sections.meeting.room import Table
from smarketing.ui.states import needs_workspace

#: Parts that are what people wrote.
_WRITTEN = frozenset({"restated", "actions", "issues", "rating"})


def show(table: Table, part: str) -> None:
    """Show a part of the agenda; one that is what people wrote says so while that is away."""
    store = table.view.store
    if part in _WRITTEN and needs_workspace(store, f"“{dict(PARTS)[part]}”"):
        return
    if part in OF_NUMBERS:
        numbers.numbers(table, part, all_shown=turning.is_all_shown())
        if part == "customers":
            numbers.heard(table)
        return
    SHOWN[part](table)


#: How each part is shown that is not one of numbers.
SHOWN: Mapping[str, Callable[[Table], None]] = {
    "restated": numbers.restated,
    "actions": settle.actions_before,
    "campaigns": numbers.campaigns,
    "issues": settle.issues,
    "rating": room.rating,
}
