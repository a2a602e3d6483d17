"""How the deals of a file ended: by a status, by flags, by the days of winning and losing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from smarketing.files.quoting import literal, literals
from smarketing.sources.drafting.columns import Column
from smarketing.sources.drafting.outcomes import CLOSED, DELETED, meaning
from smarketing.sources.drafting.select import filled, folded, mapped, value
from smarketing.sources.drafting.work import Work, present

_TOLD = {"won", "lost"}
_ENDED = {*_TOLD, CLOSED}
_ALIKE = (
    *(("won", "lost"), ("lost", "won"), ("open", "won"), ("open", "lost")),
    *(("won", "open"), ("lost", "open")),
)
"""What two columns cannot both say of a deal; a stage may be an open one where it was left."""
_SEMANTICS = {"S": "won", "F": "lost", "P": "open"}
"""What the letters of a stage's semantics say: success, failure, in process."""


@dataclass(frozen=True)
class Ending:
    """What says how a deal ended: the expression, and the condition for each outcome it tells."""

    outcome: str
    conditions: Mapping[str, str]
    read: tuple[Column, ...]
    unknown: tuple[str, ...] = ()
    """Values of which nobody knows what they say."""
    gone: str | None = None
    """The condition for deals that were deleted."""
    doubted: tuple[Column, ...] = ()
    """Other columns, which must not say the contrary."""

    def when(self, outcome: str, sql: str) -> str:
        """Return an expression that holds for deals of one outcome only, if that can be told."""
        condition = self.conditions.get(outcome)
        return f"case when {condition} then {sql} end" if condition else sql

    def unless(self, outcome: str, sql: str) -> str:
        """Return an expression that holds for deals of any other outcome."""
        condition = self.conditions.get(outcome)
        return f"case when {condition} then null else {sql} end" if condition else sql


def ending(work: Work) -> Ending | None:
    """Return what says how the deals of a file ended: a status, else flags, else two dates.

    What tells won from lost goes before what only says that a deal is over; that one then says
    which are open, where the other has no word for it. A deal of which two of them say different
    things ended in no way that is known: it is quarantined with both.
    """
    said = [e for e in map(_by_status, work.sheet.ranked("status")) if e]
    staged = [e for e in map(_by_status, work.sheet.ranked("stage")) if e]
    flags = _by_flags(work)
    if not any(_TOLD & set(e.conditions) for e in (*said, *staged, flags) if e):
        _ask_whether_ends(work)
    _ask_which_end(work)
    found = [e for e in (*said, flags, _by_dates(work)) if e]
    best = next((e for e in found if _TOLD & set(e.conditions)), next(iter(found), None))
    if best is None:
        return None
    if not _ENDED & set(best.conditions) and any(_TOLD & set(e.conditions) for e in staged):
        return None  # "Active", of a record that is not put away: its stage says how it ended
    first, own = said[0] if said else best, best
    if best is not first and "open" not in best.conditions and _ENDED & set(first.conditions):
        best = _with_open(best, first)
    sure = [e for e in (*said, flags) if e and _ENDED & set(e.conditions)]
    doubts = [(e, _ALIKE) for e in sure] + [(e, _ALIKE[:4]) for e in staged]
    names = {column.name for column in own.read}
    for other, pairs in doubts:
        if not names & {column.name for column in other.read}:
            best = _without_doubt(best, own, other, pairs)
    _ask_of_one_day(work, best)
    return best


def _ask_of_one_day(work: Work, best: Ending) -> None:
    """Ask about a day of winning, or of losing, beside words of which none says that it ended."""
    if _ENDED & set(best.conditions):
        return
    for outcome in sorted(_TOLD):
        day = work.best(f"{outcome}_at", "day")
        if day is not None and not day.shape.is_blank:
            work.ask(
                f"column '{day.name}' ({day.shape.example}) may say which deals are {outcome}; of "
                f"these '{best.read[0].name}' says nothing. Write into {work.file} how they ended, "
                f"as in `case when {present(day)} then '{outcome}' else … end as outcome`, or take "
                "this line out if it is as written"
            )


def _without_doubt(
    best: Ending, own: Ending, other: Ending, pairs: Sequence[tuple[str, str]]
) -> Ending:
    """Let a deal that one column calls won, and another one lost, be neither."""
    doubts = [
        f"({own.conditions[one]} and {other.conditions[two]})"
        for one, two in pairs
        if one in own.conditions and two in other.conditions
    ]
    if not doubts:
        return best
    read = (*own.read[:1], *other.read[:1])
    both = ", ', ', ".join(f"{literal(f'{c.name}: ')}, {value(c)}" for c in read)
    outcome = f"case when {' or '.join(doubts)} then concat({both}) else {best.outcome} end"
    return replace(best, outcome=outcome, doubted=(*best.doubted, *other.read))


def _with_open(best: Ending, other: Ending) -> Ending:
    """Let another column say which deals are open."""
    if "open" not in other.conditions:
        return best
    is_open = other.conditions["open"]
    outcome = f"case when {is_open} then 'open' else {best.outcome} end"
    conditions = {**best.conditions, "open": is_open}
    return replace(best, outcome=outcome, conditions=conditions, read=(*best.read, *other.read))


def _ask_which_end(work: Work) -> None:
    """Ask about a day that the header calls that of winning or losing, beside one of closing."""
    closed = work.guess.found.get("closed_at") or work.guess.found.get("expected_close_on")
    if closed is None:
        return
    for column in work.sheet.columns:
        said = {meaning(word) for word in column.header.phrase.split()} & _TOLD
        is_read = column.header.meanings or column.shape.values == closed.shape.values
        if (
            said
            and "day" in column.shape.looks
            and not (is_read or "entered" in column.name.lower())
        ):
            work.ask(
                f"columns '{column.name}' ({column.shape.example}) and '{closed.name}' "
                f"({closed.shape.example}) may both hold the day a deal was closed. Write into "
                f"{work.file} which does, as in `coalesce({filled(column)}, {value(closed)}) as "
                "closed_at`, or take this line out if it is as written"
            )


def _ask_whether_ends(work: Work) -> None:
    """Ask about a column whose header is unknown and whose values say how something ended."""
    for column in filter(_tells_ends, work.sheet.columns):
        said = {meaning(value): value for value in reversed(column.shape.values)}
        work.ask(
            f"column '{column.name}' holds '{said['won']}' and '{said['lost']}', and nothing says "
            "whether that is how deals ended. If it is, call it Status and draft the source "
            "again; else take this line out"
        )


def _tells_ends(column: Column) -> bool:
    """Whether a column of an unknown name holds nothing but won, lost and what goes before it."""
    said = [meaning(value) for value in column.shape.values]
    is_new = not (column.header.meanings or column.header.entity or column.header.is_spare)
    return is_new and None not in said and set(said) >= _TOLD


def _by_status(column: Column) -> Ending | None:
    """Read a column as a status; None where none of its values says how a deal ended."""
    letters = _SEMANTICS if "semantic" in column.header.phrase else {}
    said = ((v, letters.get(v.strip().upper()) or meaning(v)) for v in column.shape.values)
    meanings = {v: meant for v, meant in said if meant}
    unknown = tuple(v for v in column.shape.values if v not in meanings)
    ends = {"won", "lost", CLOSED} & set(meanings.values())
    if not meanings or not (ends or not unknown):
        return None
    conditions = {}
    for outcome in dict.fromkeys(meanings.values()):
        words = (v.strip().lower() for v, meant in meanings.items() if meant == outcome)
        conditions[outcome] = f"{folded(column)} in ({literals(dict.fromkeys(words))})"
    gone = conditions.pop(DELETED, None)
    return Ending(mapped(column, meanings), conditions, (column,), unknown, gone)


def _by_flags(work: Work) -> Ending | None:
    won, closed = (
        column if column and not column.shape.is_blank else None
        for column in (work.best("won_flag", "flag"), work.best("closed_flag", "flag"))
    )
    if won is None:
        if closed is None:
            return None
        conditions = {CLOSED: _is_true(closed), "open": f"not {_is_true(closed)}"}
        return Ending(_case(conditions), conditions, (closed,))
    conditions = {"won": _is_true(won)}
    if closed is not None:
        conditions["lost"] = f"{_is_true(closed)} and not {_is_true(won)}"
        conditions["open"] = f"not {_is_true(closed)}"
    return Ending(_case(conditions), conditions, tuple(c for c in (won, closed) if c))


def _is_true(column: Column) -> str:
    return f"flag_value(trim({value(column)}))"


def _by_dates(work: Work) -> Ending | None:
    """Read the days of winning and losing; of deals with neither nothing is said."""
    won, lost = work.best("won_at", "day"), work.best("lost_at", "day")
    if won is None or lost is None:
        return None
    conditions = {"won": present(won), "lost": present(lost)}
    return Ending(_case(conditions), conditions, (won, lost))


def _case(conditions: Mapping[str, str]) -> str:
    cases = "\n".join(f"    when {sql} then '{outcome}'" for outcome, sql in conditions.items())
    return f"case\n{cases}\n  end"


def says_end(column: Column) -> bool:
    """Whether a value of a column says plainly that something was won or lost."""
    return column.saying(lambda text: meaning(text) in ("won", "lost")) is not None
