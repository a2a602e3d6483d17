"""Records that are no longer any: deleted, archived, or replaced by a newer version."""

from __future__ import annotations

import re
from collections.abc import Callable

from smarketing.files.quoting import literal
from smarketing.sources.drafting.columns import Column
from smarketing.sources.drafting.outcomes import DELETED, meaning
from smarketing.sources.drafting.repeats import MANY_FILES
from smarketing.sources.drafting.select import value
from smarketing.sources.drafting.work import Work
from smarketing.sources.flags import NO, NO_DAY, YES

_STAYING = (*MANY_FILES, "campaign", "member")
"""Tables whose records count on after they were put away: what was spent was spent."""
_CHANGES = frozenset({"op", "operation", "op type", "change type", "cdc operation", "dml type"})
"""What a log of changes calls the column that says what became of a record."""
_PRESENT = frozenset(
    {"is current", "current flag", "is latest", "current version", "is latest version"}
)
"""What a history calls the column that says which version of a record is the present one."""
_DIGITS_OF_A_DAY = 4
_PUT_AWAY = "archived or removed"
_DELETES = frozenset({"d", "delete", "deleted"})


def leave_out_deleted(work: Work) -> str | None:
    """Return the header that says which records were deleted, by a flag or its day; they go.

    What was spent was spent, whenever an ad or its campaign was deleted: a day takes none out.
    """
    looks = ("flag",) if work.table in ("cost", "campaign") else ("flag", "day")
    told = next(filter(None, (work.best("deleted", look) for look in looks)), None)
    if told is None:
        return None
    if _fills_every_row(told):
        work.ask(
            f"column '{told.name}' has a day in every row, and no record would count. Write "
            f"`deleted: {told.name}` into profile.yaml if that is when records were deleted; take "
            "this line out if it is a day that is planned"
        )
        return None
    work.leave_out(told)
    return told.name


def _fills_every_row(told: Column) -> bool:
    """Whether each row has a day, and none of them is one that never comes."""
    is_full = "day" in told.shape.looks and told.shape.filled == told.shape.rows
    return is_full and not told.saying(lambda text: bool(re.search(NO_DAY, text)))


def marked_gone(work: Work) -> str | None:
    """Ask about records that a column calls archived or deleted, and that would count."""
    if work.table in _STAYING:
        return None
    archived = work.best("archived", "flag")
    said = archived and archived.saying(lambda text: text.casefold() in YES)
    if archived and said:
        return _question(work, archived, said, _PUT_AWAY)
    dated = next(filter(None, (_dated(work, what) for what in ("archived", "deleted"))), None)
    if dated is not None:
        return dated
    for column in work.sheet.columns:
        is_told = column.name in work.used or (work.unused and column.header.phrase in _CHANGES)
        said = None if is_told else column.saying(_calls_gone(column))
        if said:
            what = "replaced" if column.header.phrase in _PRESENT else "deleted"
            return _question(work, column, said, what)
    return None


def _dated(work: Work, what: str) -> str | None:
    """Ask about a column of days on which records were archived, or of days among other words."""
    columns = work.sheet.ranked(what)
    if any(column.name in work.used for column in columns):
        return None
    for column in columns:
        is_told = column.fits("flag") or (what == "deleted" and column.fits("day"))
        said = None if is_told else column.saying(_is_day)
        if said:
            return (
                f"column '{column.name}' holds '{said}' of some rows, as of records that were "
                f"{_PUT_AWAY if what == 'archived' else what}, and each would count. Leave such "
                f"rows out by a `where` in {work.file} that tells them from the others, or take "
                "this line out if they count"
            )
    return None


def _is_day(text: str) -> bool:
    """Whether a text has the digits of a day, and is none that stands for no day."""
    return sum(map(str.isdecimal, text)) >= _DIGITS_OF_A_DAY and not re.search(NO_DAY, text)


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
