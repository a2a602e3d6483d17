"""What activities are and how calls ended, as the figures compare it."""

from __future__ import annotations

from functools import cache

from smarketing.files.quoting import literal
from smarketing.sources.drafting.columns import Column
from smarketing.sources.drafting.select import mapped, value
from smarketing.sources.drafting.words import fold, words
from smarketing.sources.drafting.work import Work

_SHOWN = 4
_ACTS = ("call", "meeting", "email", "task")
"""Kinds of activities that figures and the handoff know."""


def call_ends(work: Work) -> None:
    """Say of the calls of a log whether somebody was reached, as far as its words are known.

    Others are asked about: as they stand, none of them would count as answered.
    """
    is_of_calls = work.named_after(words()["activities"]) == {"call"}
    column = (work.guess.found.get("outcome") or _status(work)) if is_of_calls else None
    if column is None or _is_free(column):
        return
    known = {v: end for v in column.shape.values if (end := _ends().get(fold(v)))}
    if any(fold(said) != fold(end) for said, end in known.items()) or (
        known and "outcome" not in work.columns
    ):
        work.give("outcome", mapped(column, known), column)
    unknown = [v for v in column.shape.values if v not in known]
    if unknown:
        shown = ", ".join(f"'{text}'" for text in unknown[:_SHOWN])
        more = f" and {len(unknown) - _SHOWN} more" if len(unknown) > _SHOWN else ""
        work.ask(
            f"column '{column.name}' holds {shown}{more}, and nothing says whether such a call "
            f"reached somebody. Say in {work.file} which is 'connected' and which 'no_answer', as "
            f"in `when {literal(unknown[0].strip().lower())} then 'connected'`; or take this line "
            "out, and such calls are none of which it is known how they ended"
        )


def _status(work: Work) -> Column | None:
    """Return a status that says of some call how it ended, where no column is called so."""
    told = (
        c for c in work.sheet.ranked("status") if any(fold(v) in _ends() for v in c.shape.values)
    )
    return next(told, None)


def known_kinds(work: Work) -> None:
    """Write the kinds of activities as the figures have them: "Anruf" and "Call" are call."""
    kind = work.guess.found.get("kind")
    if kind is None or work.columns.get("kind") != value(kind):
        return
    known = {v: meant for v in kind.shape.values if (meant := _kinds().get(fold(v)))}
    if any(said != meant for said, meant in known.items()):
        # A later file holds others of them in the same writing.
        seen = {fold(said) for said in known}
        work.give("kind", mapped(kind, known | {k: k for k in _ACTS if k not in seen}), kind)


def ask_whether_calls(work: Work) -> None:
    """Ask about a type of calls in a list of calls that is no kind of activity ("Done")."""
    kind = work.guess.found.get("kind")
    is_kind = kind is not None and work.columns.get("kind") == value(kind)
    if kind is None or not is_kind or work.named_after(words()["activities"]) != {"call"}:
        return
    if not any(fold(v) in _kinds() for v in kind.shape.values) and not kind.shape.is_blank:
        work.ask(
            f"the file is called like calls, and column '{kind.name}' ({kind.shape.example}) holds "
            f"no kind of activity that is known: so none of its rows counts as a call. Write "
            f"`'call' as kind` into {work.file} if each is one, or take this line out"
        )


@cache
def _kinds() -> dict[str, str]:
    """Return the kinds of what sales does by the words for one and for several of it."""
    told = {k: group for k, group in words()["activities"].items() if k in _ACTS}
    found = {fold(w) + s: kind for kind, group in told.items() for w in group for s in ("", "s")}
    ways = ["phone", *(fold(w) for group in words()["directions"].values() for w in group)]
    return found | {f"{way} {fold(w)}": "call" for way in ways for w in told["call"]}


def _is_free(column: Column) -> bool:
    return column.shape.is_blank or not column.shape.is_of_few_kinds


@cache
def _ends() -> dict[str, str]:
    """Return how a call ended that somebody wrote so, by the words as they are compared."""
    return {fold(word): end for end, group in words()["call_ends"].items() for word in group}
