"""Whether a person may be written to, or called: flags, consents, and statuses in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from smarketing.files.quoting import literals
from smarketing.sources.drafting.columns import Column
from smarketing.sources.drafting.select import as_worded, filled, value, worded
from smarketing.sources.drafting.shapes import MOST
from smarketing.sources.drafting.words import fold, folded_words, words
from smarketing.sources.drafting.work import Work, present
from smarketing.sources.flags import NO, YES

_FLAGS = (
    ("email_opt_out", "opt_out", "flag"),
    ("do_not_contact", "do_not_contact", "flag"),
)


def consent(work: Work) -> dict[str, str]:
    """Return what a row says of whether a person may be written to, or called.

    Who left by any of a flag, a status in words and a consent has left.
    """
    found = told(work, _FLAGS)
    left = found.get("email_opt_out")
    said, consented = _left_in_words(work), _consented(work)
    if not (left or said):
        left = _left_on_a_day(work)
    for more in (said, consented):
        if more and left:
            left = f"case when flag_value({left}) then 'true' else coalesce({more}, {left}) end"
        else:
            left = more or left
    if not left and work.table in ("person", "lead"):
        _ask_for_consent(work)
    return {**found, "email_opt_out": left} if left else found


def _ask_for_consent(work: Work) -> None:
    """Ask about a column that may say who wants no e-mails, by its words and its values."""
    for column in work.sheet.columns:
        odd = column.saying(lambda text: fold(text) not in _all_known())
        if column.name in work.used or not _may_be_consent(column):
            continue
        if odd is None:
            work.ask(
                f"column '{column.name}' may say who wants no e-mails. If it does, call it 'Email "
                "opt in' where yes is who may be written to, or 'Unsubscribed' where yes is who "
                "has left, and draft the source again; else take this line out"
            )
        else:
            work.ask(
                f"column '{column.name}' holds '{odd}', and nothing says whether who has it wants "
                f"e-mails. Say so in {work.file_of('person')}, as in `case when … then 'true' end "
                "as email_opt_out`, or take this line out"
            )


def _may_be_consent(column: Column) -> bool:
    """Whether a header has a word of consents, and most values are yes, no or what consents say."""
    said = set(column.header.phrase.split())
    speaks = "opt_in" in column.header.meanings or bool(said & folded_words("consent_words"))
    known = [fold(value) in _all_known() - _known()["unsaid"] for value in column.shape.values]
    is_said = any(known) and 3 * sum(known) >= len(known)
    return speaks and is_said and not said & folded_words("other_ways")


@cache
def _all_known() -> frozenset[str]:
    return frozenset().union(*_known().values(), map(fold, (*YES, *NO)))


def told(work: Work, about: Sequence[tuple[str, str, str | None]]) -> dict[str, str]:
    """Return what a row says by columns of a concept; of several flags, whether one is set."""
    found = {}
    for name, concept, look in about:
        columns = [c for c in work.sheet.ranked(concept, look) if c.name not in work.used]
        if columns:
            said = [c for c in columns if not c.shape.is_blank] if look == "flag" else []
            found[name] = _any_flag(said) if len(said) > 1 else value(columns[0])
            work.used |= {c.name for c in said or columns[:1]}
    return found


def _any_flag(columns: Sequence[Column]) -> str:
    flags = (f"coalesce(flag_value(trim({value(column)})), false)" for column in columns)
    return f"case when {' or '.join(flags)} then 'true' else 'false' end"


def _consented(work: Work) -> str | None:
    """Return who wants no e-mails by a consent: no there is yes here."""
    for column in work.sheet.ranked("opt_in"):
        if column.shape.values and column.name not in work.used and _is_understood(column):
            work.used.add(column.name)
            return _read(column)
    return None


def _left_in_words(work: Work) -> str | None:
    """Return who wants no e-mails as a status says it in words, of whatever else it speaks."""
    left = _known()["left"]
    for column in work.sheet.columns:
        of_table = _tells_of_mails if work.table == "touch" else _is_plain_status
        is_theirs = _speaks_of_mailings(column) or of_table(column)
        if is_theirs and left & {*map(fold, column.shape.values)}:
            work.used.add(column.name)
            if _is_understood(column) and not _speaks_of_leaving(column):
                return _read(column)
            if "opt_in" in column.header.meanings:
                work.notes.append(
                    f"of '{column.name}' only who left is read: not all its words are known"
                )
            return f"case when {_among(column, left)} then 'true' end"
    return None


def _speaks_of_mailings(column: Column) -> bool:
    said = set(column.header.phrase.split())
    is_about = "opt_in" in column.header.meanings or bool(said & folded_words("mailings"))
    return is_about and not said & folded_words("other_ways")


def _speaks_of_leaving(column: Column) -> bool:
    """Whether yes under a header is who left."""
    phrase = f" {column.header.phrase} "
    return "opt_out" in column.header.meanings or any(f" {w} " in phrase for w in _known()["left"])


def _is_plain_status(column: Column) -> bool:
    """Whether a header is of the status of a person, and of nothing else that has one."""
    return "lead_status" in column.header.meanings


def _tells_of_mails(column: Column) -> bool:
    """Whether values tell what became of e-mails: that they were opened, or clicked."""
    return bool(folded_words("mails_read") & {*map(fold, column.shape.values)})


def _is_understood(column: Column) -> bool:
    """Whether it is known of the values what they say of a consent, but for a few bad cells."""
    understood = sum(fold(value) in _all_known() for value in column.shape.values)
    return understood >= MOST * len(column.shape.values)


def _read(column: Column) -> str:
    """Return who wants no e-mails by all words known; what is none of them is refused as no flag.

    Another month holds other words than the file that is drafted from.
    """
    known, flag = _known(), f"flag_value(trim({value(column)}))"
    return (
        f"case\n    when {flag} or {_among(column, known['given'])} then 'false'\n"
        f"    when not {flag} or {_among(column, known['left'] | known['refused'])} then 'true'\n"
        f"    when {_among(column, known['unsaid'])} then null\n"
        f"    else {filled(column)}\n  end"
    )


def _among(column: Column, known: Iterable[str]) -> str:
    """Return the condition that a cell is one of the known words, as written here or there."""
    wanted = set(known)
    seen = {as_worded(text) for text in column.shape.values if fold(text) in wanted}
    return f"{worded(column)} in ({literals(sorted(wanted | seen))})"


def _left_on_a_day(work: Work) -> str | None:
    """Return who wants no e-mails by the day of it, where nothing else says it."""
    day = work.best("opt_out_at", "day")
    if day is None or day.shape.is_blank:
        return None
    work.used.add(day.name)
    return f"case when {present(day)} then 'true' end"


@cache
def _known() -> Mapping[str, frozenset[str]]:
    """Give the words of each meaning of a consent; `left` are those of a status, too."""
    listed = {**words()["consents"], "left": words()["opted_out"]}
    return {meaning: frozenset(map(fold, group)) for meaning, group in listed.items()}
