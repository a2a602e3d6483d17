"""What a draft does not say of its records and a column that nobody read may: then it is asked.

Such a file would be imported all the same, and a figure be wrong in silence: contracts that never
end, e-mails that were only sent and count as answers, leads that reach no stage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from smarketing.sources.drafting.columns import Column
from smarketing.sources.drafting.select import value
from smarketing.sources.drafting.stage_days import later_stages, stage_said
from smarketing.sources.drafting.words import words
from smarketing.sources.drafting.work import Work

_MAY_END = {"closed", "range_end"}
"""What the header of a contract's last day may stand for in other files."""
_NO_WORDS = frozenset({"number", "flag", "date", "day", "email", "phone", "percent", "url"})
"""What the values of a column look like that says in words what a record is."""


def ask_of_unread(work: Work) -> None:
    """Ask about columns without which the records of a table count otherwise than they should."""
    for ask in _QUESTIONS.get(work.table, ()):
        question = ask(work)
        if question:
            work.ask(question)


def _ends(work: Work) -> str | None:
    """Ask about days of contracts where none is known to be an end: they would run for ever."""
    if {"ends_on", "churned_on"} & work.columns.keys():
        return None
    told = [c for c in _unread(work, telling=True) if c.header.meanings.keys() <= _MAY_END]
    days = [c for c in told if {"date", "day"} & c.shape.looks]
    if not days:
        return None
    return (
        f"nothing says when contracts end, so that none ever would, and {_shown(days)} is not "
        f"read. Write it into {work.file}, as in `{value(days[0])} as ends_on` (the last day) or "
        f"`{value(days[0])} as churned_on` (the day it was cancelled for); or take this line "
        "out if it is neither"
    )


def _kinds(work: Work) -> str | None:
    """Ask about words that may be kinds of touches where none is known: each would earn credit."""
    asked = any("no column says what kind of touch each is" in q for q in work.questions)
    if "kind" in work.columns or asked or work.named_after({"visit": words()["visits"]}):
        return None
    told = [c for c in _unread(work) if not c.header.entity and _is_of_few_words(c)]
    if not told:
        return None
    example = told[0].shape.values[0].lower()
    return (
        f"nothing says of what kind touches are, and {_shown(told)} is not read: an e-mail that "
        f"was only sent would count as one that was answered. Write the kind into {work.file}, as "
        f"in `case lower({value(told[0])}) when '{example}' then … end as kind`, with kinds such "
        "as email_sent, email_open and email_click; or take this line out if no column says it "
        "and each row is a touch"
    )


def _stages(work: Work) -> str | None:
    """Ask about words that may be stages of leads where no status is known."""
    if "status" in work.columns:
        return None
    for column in _unread(work, telling=True):
        said = [text for text in column.shape.values if stage_said(text)]
        if len(said) > 1 and column.shape.is_of_few_kinds:
            return (
                f"column '{column.name}' ('{said[0]}', '{said[1]}') may say in which stage a "
                f"lead is, and is not read. Write it into {work.file}, as in "
                f"`{value(column)} as status`; or take this line out if it does not"
            )
    return None


def _stage_days(work: Work) -> str | None:
    """Ask about a day whose header names a stage among words that are not known."""
    for column in _unread(work):
        stages = later_stages() & {*column.header.phrase.split()}
        if {"date", "day"} & column.shape.looks and stages:
            stage = min(stages).upper()
            return (
                f"column '{column.name}' ({column.shape.example}) may hold the day on which a lead "
                f"entered a stage, and is not read. If it does, call it '{stage} date' in the file "
                "and draft the source again into another folder by --out; else take this line out"
            )
    return None


_QUESTIONS: Mapping[str, Sequence[Callable[[Work], str | None]]] = {
    "contract": (_ends,),
    "touch": (_kinds,),
    "lead": (_stages, _stage_days),
}


def _unread(work: Work, telling: bool = False) -> list[Column]:
    """Return columns with values that nothing read, of which the header says nothing known.

    With `telling`, whatever their header says.
    """
    return [
        column
        for column in work.sheet.columns
        if column.name not in work.used
        and not (column.shape.is_blank or column.header.is_key or column.header.is_spare)
        and (telling or not column.header.meanings)
    ]


def _is_of_few_words(column: Column) -> bool:
    shape = column.shape
    again = 1 < shape.distinct < shape.filled and shape.is_of_few_kinds
    return again and not shape.looks & _NO_WORDS


def _shown(columns: list[Column]) -> str:
    return " or ".join(f"'{c.name}' ({c.shape.example})" for c in columns[:3])
