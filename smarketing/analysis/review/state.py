"""Where do we stand? The facts behind the three sentences that open the home page and the deck.

On target or not, worst first; what moved beyond its normal variation, and which member made most of
it; what sales owes and is late with. Facts only: the words are put to them where they are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from smarketing.agreement import Agreement
from smarketing.analysis.handoff.worklist import Worklist, worklist
from smarketing.analysis.kpis.change import explain_change
from smarketing.analysis.kpis.history import History, kpis_over_time
from smarketing.analysis.kpis.result import KpiResult
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.analysis.kpis.targets import no_target
from smarketing.analysis.rates import SMALL_N
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.errors import UsageError
from smarketing.periods import Period, period_of

#: Worst first; a status that is withheld or not judged comes last.
SEVERITY = ("behind", "at risk", "on track", "ahead")

#: The longest month: what is longer is more than a month.
_MONTH_DAYS = 31


@dataclass(frozen=True)
class Moved:
    """A KPI that changed, beyond its limits or not: how far, and who made the largest part of it.

    `distance` is in units of its own variation beyond the limits, else of its earlier value.
    `cause` is a member of dimension `by` whose `effect`, in major units, goes the way of the
    change and is a `share` of it; None where the change cannot be split or no member stands out.
    It is where the change is, not why.
    """

    result: KpiResult
    history: History
    distance: float
    by: str | None = None
    cause: str | None = None
    effect: float | None = None
    share: float | None = None

    @property
    def is_beyond(self) -> bool:
        """Whether it lies beyond its normal variation, rather than within it or nobody knows."""
        return bool(self.history.has_changed)


@dataclass(frozen=True)
class Overdue:
    """What sales owes: leads past their deadline, those due soon, and who holds how many of them.

    `owner` is the one with the most overdue leads, `held` of them; None where none has an owner.
    `reason` says why none of it is known, `note` which part of it is not.
    """

    overdue: int
    soon: int
    owner_id: str | None = None
    owner: str | None = None
    held: int = 0
    reason: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Month:
    """The targets of one month that can be judged, worst first, and those that are missed.

    `is_after`: it is not a part of the window asked for, but began when that one ended.
    """

    period: Period
    judged: tuple[KpiResult, ...]
    is_after: bool = False

    @property
    def late(self) -> tuple[KpiResult, ...]:
        """The KPIs that are behind or at risk, worst first."""
        return _late(self.judged)


@dataclass(frozen=True)
class State:
    """Results of the headline KPIs in order of severity, what moved most, what is overdue.

    `moved` lies the furthest beyond its limits (`is_beyond`); where none does, it is what changed
    most within them or of those whose limits are not known. None in a running period.
    `month` is where the targets of the data's last month stand, inside a longer period or right
    after it.
    `no_target` says why nothing is judged where no target fits.
    `others` are the KPIs that a target is agreed for without their being headlines; `histories`
    are those of the headlines.
    """

    results: tuple[KpiResult, ...]
    moved: Moved | None
    can_tell: int
    overdue: Overdue
    others: tuple[KpiResult, ...] = ()
    histories: Mapping[str, History] = field(default_factory=dict)
    month: Month | None = None
    no_target: str = ""

    @property
    def is_running(self) -> bool:
        """Whether the period is not over by the data's date, so that nothing is its like."""
        return any(found.is_partial for found in self.histories.values())

    @property
    def judged(self) -> tuple[KpiResult, ...]:
        """The KPIs with a status, worst first: those with a target, and enough records to judge."""
        every = by_severity([*self.results, *self.others])
        return tuple(result for result in every if result.status is not None)

    @property
    def withheld(self) -> int:
        """How many targets are not judged, for want of records or of a value."""
        return withheld([*self.results, *self.others])

    @property
    def late(self) -> tuple[KpiResult, ...]:
        """The KPIs that are behind or at risk, worst first."""
        return _late(self.judged)


def state(
    engine: Engine,
    agreement: Agreement,
    window: Period,
    filters: Filters = NO_FILTERS,
    *,
    with_next_month: bool = False,
) -> State:
    """Answer where the headline KPIs of the agreement stand in a window.

    `with_next_month`: the month of the data's date is told right after a longer window as well.
    `can_tell` counts the KPIs with enough earlier periods to say whether they moved. Empty where
    the agreement has no headline KPI.
    """
    ids = tuple(kpi.id for kpi in agreement.kpis if kpi.headline)
    measured = aimed(agreement)
    none_fits = no_target(agreement, window, engine.scope, filters)
    if not measured:
        overdue = _overdue(worklist(engine, agreement, filters))
        return State((), None, 0, overdue, no_target=none_fits)
    found, over_time = kpis_over_time(engine, agreement, measured, window, filters)
    results = [result for result in found if result.id in ids]
    histories = {name: over_time[name] for name in ids}
    first = next(iter(_ranked(results, histories)), None)
    is_over = not with_next_month and not window.contains(engine.as_of_day)
    return State(
        tuple(by_severity(results)),
        first and _split(engine, agreement, window, filters, first),
        sum(found.has_changed is not None for found in histories.values()),
        _overdue(worklist(engine, agreement, filters)),
        tuple(result for result in found if result.id not in ids),
        histories,
        None if is_over else _month(engine, agreement, measured, window, filters),
        none_fits,
    )


def _month(
    engine: Engine, agreement: Agreement, ids: Sequence[str], window: Period, filters: Filters
) -> Month | None:
    """Return where the month of the data's date stands, in a longer window or right after it.

    In the first month of a quarter the one before is looked at, and the month all the same.
    """
    month = period_of(engine.as_of_day, "month")
    is_after = window.end == month.start
    is_within = window.start <= month.start < month.end <= window.end
    if not (is_within or is_after) or window.length_days <= _MONTH_DAYS:
        return None
    aimed_at = {target.kpi for target in agreement.targets if target.applies_to(month)}
    asked = [name for name in ids if name in aimed_at]
    asked.sort(key=lambda name: not agreement.kpi(name).headline)
    found = kpis(engine, agreement, asked, month, filters) if asked else []
    judged = tuple(result for result in by_severity(found) if result.status is not None)
    return Month(month, judged, is_after) if judged else None


def _late(judged: Sequence[KpiResult]) -> tuple[KpiResult, ...]:
    return tuple(result for result in judged if result.status in SEVERITY[:2])


def aimed(agreement: Agreement) -> tuple[str, ...]:
    """Return the KPIs by which a period is judged: the headline ones and those with a target."""
    with_target = {target.kpi for target in agreement.targets}
    return tuple(kpi.id for kpi in agreement.kpis if kpi.headline or kpi.id in with_target)


def withheld(results: Sequence[KpiResult]) -> int:
    """Return how many of these have a target and are not judged by it."""
    return sum(result.target is not None and result.status is None for result in results)


def by_severity(results: Sequence[KpiResult]) -> list[KpiResult]:
    """Return results worst first, keeping the agreement's order among equals."""
    rank = {status: place for place, status in enumerate(SEVERITY)}
    return sorted(results, key=lambda result: rank.get(result.status or "", len(SEVERITY)))


def _ranked(results: Sequence[KpiResult], histories: Mapping[str, History]) -> list[Moved]:
    """Return what changed: what lies beyond its limits, the furthest first, then the others.

    Those go by their change since the period before, as it is told. Of few records nothing is told.
    """
    beyond, others = [], []
    for result in results:
        past, last = histories[result.id], histories[result.id].values[-1]
        if past.is_partial or last is None or _is_of_few(result):
            continue
        if past.has_changed and past.limits is not None:
            reach = (past.limits.upper - past.limits.lower) / 2
            away = abs(last - past.limits.centre)
            beyond.append(Moved(result, past, away / reach if reach else float("inf")))
        elif result.value is not None and result.previous and not result.few_before[0]:
            share = abs(float(result.value) - result.previous) / abs(result.previous)
            others += [Moved(result, past, share)] if share else []
    return [
        *sorted(beyond, key=lambda one: -one.distance),
        *sorted(others, key=lambda one: -one.distance),
    ]


def _is_of_few(result: KpiResult) -> bool:
    """Whether a number rests on too few records for a finding: all but a sum of what there is."""
    is_mean = result.unit not in ("count", "money") or result.denominator is not None
    of_few = is_mean and result.n is not None and result.n < SMALL_N
    return result.shown_as_counts or result.is_small or of_few


def _split(
    engine: Engine, agreement: Agreement, window: Period, filters: Filters, moved: Moved
) -> Moved:
    """Return what moved with the member that made the largest part of the change.

    No member of a rate is named (`Change.largest`), so that it need not be split.
    """
    if moved.result.unit == "rate":
        return moved
    for by in ("channel", "segment"):
        try:
            change = explain_change(
                engine, agreement, moved.result.id, window, window.previous(), by, filters
            )
        except UsageError:
            # Medians, stocks and formulas have no parts that add up.
            break
        first = change.largest
        if first is not None and change.difference:
            share = first.total / change.difference
            return replace(moved, by=by, cause=first.key, effect=first.total, share=share)
    return moved


def _overdue(listed: Worklist) -> Overdue:
    late = [item for item in listed.items if item.status == "overdue"]
    held = Counter((item.owner_id, item.owner) for item in late if item.owner_id)
    soon = len(listed.items) - len(late)
    if not held:
        return Overdue(len(late), soon, reason=listed.reason, note=listed.note)
    ((owner_id, owner), count) = held.most_common(1)[0]
    return Overdue(len(late), soon, owner_id, owner, count, note=listed.note)
