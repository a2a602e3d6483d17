"""The three sentences that open the home page, the deck and the digest, each with its figure.

Are we on target, what moved, and what is overdue: said of the headline KPIs under the rules of
small and immature numbers, and never a cause where only a place is known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from smarketing.analysis.kpis.history import History
from smarketing.analysis.kpis.result import KpiResult
from smarketing.analysis.review.state import Month, Moved, Overdue, State
from smarketing.charts import format as fmt
from smarketing.charts import words as worded
from smarketing.periods import Period

#: Words for a member of a dimension: (dimension, member) -> label.
Words = Callable[[str, str], str]
_MOST = 3
#: From this share of a change on, a part is most of it.
_MUCH = 0.5


@dataclass(frozen=True)
class Sentence:
    """One sentence, how urgent it is, and the page and address that show its figure."""

    text: str
    tone: str
    page: str
    address: tuple[tuple[str, str], ...] = ()


def headlines(
    state: State, currency: str, period: Period, today: date, words: Words
) -> tuple[Sentence, ...]:
    """Return the three sentences of a state, in the order in which they are read.

    What is overdue is so `today`, whatever the period: another one's says the day.
    """
    return (
        _target(state, currency, period.label),
        _moved(state, currency, words),
        _overdue(state.overdue, "" if period.contains(today) else f" on {fmt.day(today)}"),
    )


def _target(state: State, currency: str, period: str) -> Sentence:
    judged, late = state.judged, state.late
    alone, is_late = _of_month(state.month, currency)
    if not judged:
        few = f"Too little is recorded to judge a target of {period}"
        text = f"{few if state.withheld else state.no_target}{alone}."
        return Sentence(text, "bad" if is_late else "even", "scoreboard")
    rest = f"{and_withheld(state.withheld)}{alone}"
    if not late:
        text = f"{all_met(len(judged), f' of {period}')}{rest}."
        return Sentence(text, "bad" if is_late else "good", "scoreboard")
    named = _listed([against(result, currency) for result in late[:_MOST]])
    more = f", and {len(late) - _MOST} more" if len(late) > _MOST else ""
    text = f"{missed(len(late), len(judged), f'targets of {period}')}: {named}{more}{rest}."
    return Sentence(text, "bad", "scoreboard", (("kpi", late[0].id),))


def _of_month(month: Month | None, currency: str) -> tuple[str, bool]:
    """Say how a month alone stands, as a sentence that follows, and whether it misses a target."""
    if month is None:
        return "", False
    late, many = month.late, len(month.judged)
    which = f" of {month.period.label} {'so far' if month.is_after else 'alone'}"
    if not late:
        return f". {all_met(many, which)}", False
    first = ":" if len(late) == 1 else ", first of all"
    worst = against(late[0], currency)
    return f". {missed(len(late), many, f'targets{which}')}{first} {worst}", True


def missed(late: int, targets: int, which: str) -> str:
    """That so many of so many targets are behind or at risk."""
    return f"{late} of {targets} {which} {'needs' if late == 1 else 'need'} attention"


def and_withheld(targets: int) -> str:
    """That so many targets more are not judged, as the rest of a sentence; empty without any."""
    verb = "rests" if targets == 1 else "rest"
    return f"; {fmt.number(targets)} more {verb} on too little to be judged" if targets else ""


def all_met(targets: int, which: str = "") -> str:
    """That no target is missed, of so many."""
    known = {1: f"The one target{which} is", 2: f"Both targets{which} are"}
    many = known.get(targets, f"All {targets} targets{which} are")
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
    moved = state.moved
    if moved is None:
        return Sentence(_untold(state), "even", "scoreboard")
    result = moved.result
    address = (("kpi", result.id), *((("by", moved.by),) if moved.by else ()))
    where = _where(moved, currency, words)
    if not moved.is_beyond:
        return Sentence(f"{_within(moved, where)}.", "even", "scoreboard", address)
    good = (result.direction == "up") == _rose(moved)
    tone = "even" if result.direction == "none" else "good" if good else "bad"
    return Sentence(f"{change(moved, currency)}{where}.", tone, "scoreboard", address)


def _untold(state: State) -> str:
    """Say why nothing is said of what moved."""
    if state.is_running:
        return "Whether anything moved can be told when the period is over."
    if not state.can_tell:
        return "Whether anything moved cannot be told yet: twelve earlier periods are needed."
    many = f"{state.can_tell} of {len(state.results)} numbers can be compared with their past"
    return f"Nothing moved beyond its normal variation; {many}."


def _within(moved: Moved, where: str) -> str:
    """Say what changed most where nothing moved beyond its limits, or nobody can tell."""
    result = moved.result
    by = f"{worded.change(result) or 'changed'} against the period before{where}"
    if moved.history.limits is None:
        return (
            f"{result.label}: {by}; too early to tell from normal variation (twelve earlier "
            "periods are needed)"
        )
    return f"Nothing moved beyond its normal variation; the most, {result.label}: {by}"


def change(moved: Moved, currency: str) -> str:
    """Return in words a KPI beyond its limits, and which side of them it is."""
    result, limits = moved.result, moved.history.limits
    assert limits is not None
    way, bound = ("above", "at most") if _rose(moved) else ("below", "at least")
    edge = limits.upper if _rose(moved) else limits.lower
    value, usual = (fmt.by_unit(v, result.unit, currency) for v in (result.value, edge))
    if value == usual:
        return f"{result.label}: {value}, just {way} its normal variation"
    return f"{result.label}: {value}, {way} its normal variation of {bound} {usual}"


def _where(moved: Moved, currency: str, words: Words) -> str:
    if moved.by is None or moved.cause is None or moved.effect is None:
        return ""
    name, unit = words(moved.by, moved.cause), moved.result.unit
    return place_of_change(name, moved.effect, moved.share or 0, unit, currency)


def numbers_title(*, is_signed: bool) -> str:
    """What the headline numbers are called: signed only where both teams have done so."""
    return "The numbers both teams " + ("signed" if is_signed else "look at")


def changed_by(label: str, difference: float, amount: str, *, is_running: bool) -> str:
    """Say how a KPI differs from the period before; of one that still runs only how far it is."""
    if not difference:
        return f"{label} is unchanged"
    if is_running:
        return (
            f"{label} is so far {amount} {'above' if difference > 0 else 'below'} the period before"
        )
    return f"{label} {'rose' if difference > 0 else 'fell'} by {amount}"


def untold_variation(history: History) -> str:
    """Why nobody can tell whether a change is more than normal variation."""
    until = "before the period is over" if history.is_partial else "yet"
    return f"not to be told from normal variation {until}"


def place_of_change(name: str, effect: float, share: float, unit: str, currency: str) -> str:
    """Return in words in whom the largest part of a change is: ", most of it in Webinar (+12)".

    `effect` is what that member added to it, a `share` of the whole. What is more than the whole
    stands beside what took of it: ": Webinar +20, all others −8".
    """
    if share > 1:
        others = _signed(effect / share - effect, unit, currency)
        return f": {name} {_signed(effect, unit, currency)}, all others {others}"
    part = "most of it" if share > _MUCH else "the largest part"
    return f", {part} in {name} ({_signed(effect, unit, currency)})"


def _signed(effect: float, unit: str, currency: str) -> str:
    if unit == "rate":
        return fmt.points(effect)
    text = fmt.by_unit(effect, unit, currency)
    return f"+{text}" if effect > 0 else text


def _rose(moved: Moved) -> bool:
    last, limits = moved.history.values[-1], moved.history.limits
    return last is not None and limits is not None and last > limits.centre


def _overdue(found: Overdue, day: str) -> Sentence:
    if found.reason:
        return Sentence(f"Whether a lead is overdue is not known: {found.reason}.", "even",
                        "handoff", (_LIST,))  # fmt: skip
    if not found.overdue:
        soon = f"; {_leads(found.soon)} due soon" if found.soon else ""
        if found.note:
            known = f"No lead is overdue{day} as far as is known{soon}: {found.note}."
            return Sentence(known, "even", "handoff", (_LIST,))
        return Sentence(f"No lead is overdue{day}{soon}.", "good", "handoff", (_LIST,))
    text = f"{_leads(found.overdue)} overdue{day}"
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
