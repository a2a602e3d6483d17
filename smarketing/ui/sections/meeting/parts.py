"""Each part of the agenda, as it is shown."""

from __future__ import annotations

from smarketing.analysis.review.agenda import PARTS
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
    if part == "restated":
        numbers.restated(table)
    elif part == "actions":
        settle.actions_before(table)
    elif part == "issues":
        settle.issues(table)
    elif part == "rating":
        room.rating(table)
    elif part == "campaigns":
        numbers.campaigns(table)
    else:
        numbers.numbers(table, part, all_shown=turning.is_all_shown())
        if part == "customers":
            numbers.heard(table)
