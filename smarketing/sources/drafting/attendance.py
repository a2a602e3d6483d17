"""Who came to what people had signed up for: by a flag, by words, by a day, or asked about."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from smarketing.files.quoting import literal, literals
from smarketing.sources.drafting.columns import Column
from smarketing.sources.drafting.select import as_worded, filled, value, worded
from smarketing.sources.drafting.words import fold, folded_words, speaks_of, words
from smarketing.sources.drafting.work import Work
from smarketing.sources.flags import NO, YES


def is_sign_up(work: Work) -> bool:
    """Whether a file lists who signed up for an event, by its name."""
    return bool(work.named_after({"sign up": words()["sign_ups"]}))


def who_came(work: Work) -> tuple[Column, str] | None:
    """Return the column that says who of those that signed up came, and the condition for it.

    A flag says it, or words: "Attended" and "No-show".
    """
    if not is_sign_up(work):
        return None
    column = work.best("attended_flag", "flag")
    if column is None or column.shape.is_blank:
        column = next((c for c in _may_say_who_came(work) if _says_who_came(c)), None)
        column = column or next(filter(_tells_who_came, work.sheet.columns), None)
    day = work.best("attended_flag", "day")
    if column is None and day is not None and not day.shape.is_blank:
        return day, f"{filled(day)} is not null"  # when somebody was checked in
    if column is None:
        return None
    came = [v for v in column.shape.values if _is_presence(v)]
    return column, f"coalesce({among(column, (*came, *words()['came'], *YES))}, false)"


def kind_by_name(work: Work) -> None:
    """Fill the kind of a list of one kind by what the file is called: a list of calls."""
    kinds, came = work.named_after(words()["activities"]), who_came(work)
    if "kind" in work.columns or len(kinds) > 1 or not (kinds or came):
        return
    kind = kinds.pop() if kinds else _kind_of_book(work)
    if came is None:
        work.give("kind", literal(f"{kind}_registered" if _only_signed_up(work) else kind))
    else:
        attended, registered = literal(f"{kind}_attended"), literal(f"{kind}_registered")
        work.give("kind", f"case when {came[1]} then {attended} else {registered} end", came[0])
        _refuse_unknown(work, *came)


def _kind_of_book(work: Work) -> str:
    """Return the kind of what people signed up for, by the whole name of a sheet's file."""
    kinds = work.named_after(words()["activities"], work.label)
    return kinds.pop() if len(kinds) == 1 else "event"


def _only_signed_up(work: Work) -> bool:
    """Whether a list is called after those who signed up, and not after who came."""
    return work.named_after(words()["lists"]) == {"signed_up"}


def _refuse_unknown(work: Work, column: Column, came: str) -> None:
    """Let a row go to quarantine whose word says neither that somebody came nor that they did not.

    It is told by all the words that are known, not by those that the file happened to hold.
    """
    if "day" in column.shape.looks:
        return
    away = (*words()["stayed_away"], *NO, *words()["not_held"])
    said = f"{literal(f'{column.name}: ')} || {value(column)}"
    known = f"{came} or {among(column, ('', *away))}"
    work.give("_unknown", f"case when not coalesce({known}, true) then {said} end", column)


def among(column: Column, known: Iterable[str]) -> str:
    """Return the condition that a cell is one of some words: all that are known, not those seen."""
    return f"{worded(column)} in ({literals(dict.fromkeys(map(as_worded, known)))})"


def _may_say_who_came(work: Work) -> list[Column]:
    concepts = ("attended_flag", "touch_outcome", "status")
    return [c for concept in concepts for c in work.sheet.ranked(concept) if c.shape.values]


def _says_who_came(column: Column) -> bool:
    """Whether all values say of people that they came, that they did not, or called it off."""
    if "flag" in column.shape.looks and not _is_of_presence(column):
        return False  # yes to what, a column called "Result" does not say
    off = folded_words("not_held")
    said = [_is_presence(v) for v in column.shape.values if fold(v) not in off - absences()]
    return bool(said) and None not in said and (True in said or _is_of_presence(column))


def _tells_who_came(column: Column) -> bool:
    """Whether a column of an unknown name is a status that says of some that they came."""
    said = set(column.header.phrase.split())
    of_this = folded_words("presences") & said
    of_this |= speaks_of(column.header.phrase) & {"status", "attended_flag", "touch_outcome"}
    earlier = folded_words("earlier") & said
    return bool(of_this) and not earlier and _may_tell_who_came(column)


def _may_tell_who_came(column: Column) -> bool:
    """Whether a column of an unknown name says of some that they came, and of others not."""
    said = {_is_presence(v) for v in column.shape.values}
    is_new = not (column.header.meanings or column.header.entity or column.header.is_spare)
    is_plain = "flag" not in column.shape.looks and {True, False} <= said
    return is_new and is_plain and _says_who_came(column)


def _is_of_presence(column: Column) -> bool:
    return "attended_flag" in column.header.meanings


def _is_presence(text: str) -> bool | None:
    """Tell whether a word says that somebody came, or that they did not; None for any other."""
    if fold(text) in _presences():
        return True
    return False if fold(text) in absences() else None


@cache
def _presences() -> frozenset[str]:
    return folded_words("came") | set(map(fold, YES))


@cache
def absences() -> frozenset[str]:
    """Return the words that say that somebody did not come."""
    return folded_words("stayed_away") | set(map(fold, NO))


def ask_who_came(work: Work) -> None:
    """Ask about a column that may say who came, by its name or by its values alone."""
    if not is_sign_up(work) or who_came(work) is not None:
        return
    for column in filter(_may_be_presence, work.sheet.columns):
        odd = column.saying(lambda text: _is_presence(text) is None)
        if odd is None:
            _ask_of_which(work, column)
            continue
        work.ask(
            f"column '{column.name}' holds '{odd}', and nothing says whether who has it came. Say "
            f"so in {work.file}, as in `case when … then 'webinar_attended' else "
            "'webinar_registered' end as kind`, or take this line out"
        )
    for column in filter(_may_tell_who_came, work.sheet.columns):
        _ask_of_which(work, column)


def _ask_of_which(work: Work, column: Column) -> None:
    came = column.saying(lambda text: bool(_is_presence(text))) or column.shape.example
    work.ask(
        f"column '{column.name}' holds '{came}', and nothing says whether that is of this "
        "event. If it is, call it Attended and draft the source again; else take this line out"
    )


def _may_be_presence(column: Column) -> bool:
    """Whether a column speaks of who came, or says it of some in a word beside others unknown."""
    said = set(column.header.phrase.split())
    called = folded_words("presences") | folded_words("checks_in")
    is_called = _is_of_presence(column) or bool(said & called)
    in_words = any(fold(v) in folded_words("came") for v in column.shape.values)
    is_status = bool({"touch_outcome", "status"} & set(column.header.meanings))
    is_read = _says_who_came(column) or column.shape.is_blank or said & folded_words("earlier")
    return not is_read and (is_called or (is_status and in_words))
