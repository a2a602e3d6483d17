"""Records that are no longer any: deleted, archived, or replaced by a newer version."""

from __future__ import annotations

from collections.abc import Callable

from smarketing.files.quoting import literal
from smarketing.sources.drafting.columns import Column
from smarketing.sources.drafting.outcomes import DELETED, meaning
from smarketing.sources.drafting.repeats import MANY_FILES
from smarketing.sources.drafting.select import value
from smarketing.sources.drafting.work import Work
from smarketing.sources.flags import NO, YES

_STAYING = (*MANY_FILES, "campaign", "member")
"""Tables whose records count on after they were put away: what was spent was spent."""
_CHANGES = frozenset({"op", "operation", "op type", "change type", "cdc operation", "dml type"})
"""What a log of changes calls the column that says what became of a record."""
_PRESENT = frozenset(
    {"is current", "current flag", "is latest", "current version", "is latest version"}
)
"""What a history calls the column that says which version of a record is the present one."""
_DELETES = frozenset({"d", "delete", "deleted"})


def leave_out_deleted(work: Work) -> str | None:
    """Return the header that says which records were deleted, by a flag or its day; they go."""
    told = next(filter(None, (work.best("deleted", look) for look in ("flag", "day"))), None)
    if told is None:
        return None
    work.leave_out(told)
    return told.name


def marked_gone(work: Work) -> str | None:
    """Ask about records that a column calls archived or deleted, and that would count."""
    if work.table in _STAYING:
        return None
    archived = work.best("archived", "flag")
    said = archived and archived.saying(lambda text: text.casefold() in YES)
    if archived and said:
        return _question(work, archived, said, "archived")
    for column in work.sheet.columns:
        is_told = column.name in work.used or (work.unused and column.header.phrase in _CHANGES)
        said = None if is_told else column.saying(_calls_gone(column))
        if said:
            what = "replaced" if column.header.phrase in _PRESENT else "deleted"
            return _question(work, column, said, what)
    return None


def _calls_gone(column: Column) -> Callable[[str], bool]:
    if column.header.phrase in _PRESENT:
        return lambda text: text.strip().casefold() in NO
    if column.header.phrase in _CHANGES:
        return lambda text: text.strip().casefold() in _DELETES
    return lambda text: meaning(text) == DELETED


def _question(work: Work, column: Column, said: str, what: str) -> str:
    return (
        f"column '{column.name}' says '{said}' of some rows, as of records that were {what}, and "
        f"each would count. Leave such rows out by `where coalesce({value(column)}, '') <> "
        f"{literal(said)}` in {work.file}, or take this line out if they count"
    )
