"""The three sentences that open the home page, the deck and the digest, each with its figure.

Are we on target, what moved, and what is overdue: said of the headline KPIs under the rules of
small and immature numbers, and never a cause where only a place is known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from smarketing.analysis.kpis.result import KpiResult
from smarketing.analysis.review.state import Moved, Overdue, State
from smarketing.charts import format as fmt
from smarketing.charts import words as worded

#: Words for a member of a dimension: (dimension, member) -> label.
Words = Callable[[str, str], str]
_MOST = 3


@dataclass(frozen=True)
class Sentence:
    """One sentence, how urgent it is, and the page and address that show its figure."""

    text: str
    tone: str
    page: str
    address: tuple[tuple[str, str], ...] = ()


def headlines(state: State, currency: str, period: str, words: Words) -> tuple[Sentence, ...]:
    """Return the three sentences of a state, in the order in which they are read."""
    return (
        _target(state, currency, period),
        _moved(state, currency, words),
        _overdue(state.overdue),
    )


def _target(state: State, currency: str, period: str) -> Sentence:
    judged, late = state.judged, state.late
    if not judged:
        text = f"No target is agreed for {period}, or too little is recorded to judge one."
        return Sentence(text, "even", "scoreboard")
    if not late:
        text = f"{all_met(len(judged), f' of {period}')}."
        return Sentence(text, "good", "scoreboard")
    named = _listed([against(result, currency) for result in late[:_MOST]])
    more = f", and {len(late) - _MOST} more" if len(late) > _MOST else ""
    verb = "needs" if len(late) == 1 else "need"
    text = f"{len(late)} of {len(judged)} targets of {period} {verb} attention: {named}{more}."
    return Sentence(text, "bad", "scoreboard", (("kpi", late[0].id),))


def all_met(targets: int, which: str = "") -> str:
    """That no target is missed, of so many."""
    many = f"The one target{which} is" if targets == 1 else f"All {targets} targets{which} are"
    return f"{many} met or on pace"


def against(result: KpiResult, currency: str) -> str:
    """Return a KPI in words: its value, and what should have been reached by now."""
    value = fmt.by_unit(result.value, result.unit, currency)
    goal = result.target
    if result.standing and result.standing.expected is not None:
        goal = result.standing.expected
    by_now = " by now" if goal != result.target else ""
    return f"{result.label} {value} of {fmt.by_unit(goal, result.unit, currency)}{by_now}"


def _moved(state: State, currency: str, words: Words) -> Sentence:
    if state.moved is None:
        if not state.can_tell:
            return _too_early(state)
        many = f"{state.can_tell} of {len(state.results)} numbers can be compared with their past"
        text = f"Nothing moved beyond its normal variation; {many}."
        return Sentence(text, "even", "scoreboard")
    result = state.moved.result
    text = f"{change(state.moved, currency)}{_where(state.moved, words)}."
    address = (("kpi", result.id), *((("by", state.moved.by),) if state.moved.by else ()))
    good = (result.direction == "up") == _rose(state.moved)
    tone = "even" if result.direction == "none" else "good" if good else "bad"
    return Sentence(text, tone, "scoreboard", address)


def _too_early(state: State) -> Sentence:
    """Say how the first amount of the headlines stands to the period before, and claim no more."""
    why = "cannot be told yet: twelve earlier periods are needed"
    for result in state.results:
        by = worded.change(result)
        if result.unit == "money" and by is not None:
            text = (
                f"{result.label}: {by} against the period before; whether that is more than its "
                f"normal variation {why}."
            )
            return Sentence(text, "even", "scoreboard", (("kpi", result.id),))
    return Sentence(f"Whether anything moved {why}.", "even", "scoreboard")


def change(moved: Moved, currency: str) -> str:
    """Return in words a KPI beyond its limits, and which side of them it is."""
    result, limits = moved.result, moved.history.limits
    assert limits is not None
    way = "above" if _rose(moved) else "below"
    edge = limits.upper if _rose(moved) else limits.lower
    value = fmt.by_unit(result.value, result.unit, currency)
    usual = fmt.by_unit(edge, result.unit, currency)
    return f"{result.label}: {value}, {way} its normal variation ({way} {usual})"


def _where(moved: Moved, words: Words) -> str:
    if moved.by is None or moved.cause is None:
        return ""
    return f", most of it in {words(moved.by, moved.cause)}"


def _rose(moved: Moved) -> bool:
    last, limits = moved.history.values[-1], moved.history.limits
    return last is not None and limits is not None and last > limits.centre


def _overdue(found: Overdue) -> Sentence:
    if found.reason:
        return Sentence(f"Whether a lead is overdue is not known: {found.reason}.", "even",
                        "handoff", (_LIST,))  # fmt: skip
    if not found.overdue:
        soon = f"; {_leads(found.soon)} due soon" if found.soon else ""
        if found.note:
            known = f"No lead is overdue as far as is known{soon}: {found.note}."
            return Sentence(known, "even", "handoff", (_LIST,))
        return Sentence(f"No lead is overdue{soon}.", "good", "handoff", (_LIST,))
    text = f"{_leads(found.overdue)} overdue"
    if found.owner and found.held < found.overdue:
        text += f", {fmt.number(found.held)} of them with {found.owner}"
    elif found.owner:
        text += f", all with {found.owner}" if found.overdue > 1 else f", with {found.owner}"
    beside = f", as far as is known: {found.note}" if found.note else ""
    return Sentence(f"{text}{beside}.", "bad", "handoff", (_LIST,))


_LIST = ("handoff_view", "Worklist")


def _leads(count: int) -> str:
    return "One lead is" if count == 1 else f"{fmt.number(count)} leads are"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
