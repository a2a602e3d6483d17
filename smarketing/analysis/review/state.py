"""Where do we stand? The facts behind the three sentences that open the home page and the deck.

On target or not, worst first; what moved beyond its normal variation, and which member made most of
it; what sales owes and is late with. Facts only: the words are put to them where they are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from smarketing.agreement import Agreement
from smarketing.analysis.handoff.worklist import Worklist, worklist
from smarketing.analysis.kpis.change import explain_change
from smarketing.analysis.kpis.history import History, kpis_over_time
from smarketing.analysis.kpis.result import KpiResult
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.errors import UsageError
from smarketing.periods import Period

#: Worst first; a status that is withheld or not judged comes last.
SEVERITY = ("behind", "at risk", "on track", "ahead")


@dataclass(frozen=True)
class Moved:
    """A KPI beyond its limits: how far in units of its own variation, and who made most of it.

    `cause` is a member of dimension `by` whose effect goes the way of the change, None where the
    change cannot be split or no member stands out. It is where the change is, not why.
    """

    result: KpiResult
    history: History
    distance: float
    by: str | None = None
    cause: str | None = None


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
class State:
    """Results of the headline KPIs in order of severity, what moved most, what is overdue.

    `others` are the KPIs that a target is agreed for without their being headlines; `histories`
    are those of the headlines.
    """

    results: tuple[KpiResult, ...]
    moved: Moved | None
    can_tell: int
    overdue: Overdue
    others: tuple[KpiResult, ...] = ()
    histories: Mapping[str, History] = field(default_factory=dict)

    @property
    def judged(self) -> tuple[KpiResult, ...]:
        """The KPIs with a status, worst first: those with a target, and enough records to judge."""
        every = by_severity([*self.results, *self.others])
        return tuple(result for result in every if result.status is not None)

    @property
    def late(self) -> tuple[KpiResult, ...]:
        """The KPIs that are behind or at risk, worst first."""
        return tuple(r for r in self.judged if r.status in SEVERITY[:2])


def state(
    engine: Engine, agreement: Agreement, window: Period, filters: Filters = NO_FILTERS
) -> State:
    """Answer where the headline KPIs of the agreement stand in a window.

    `can_tell` counts the KPIs with enough earlier periods to say whether they moved. Empty where
    the agreement has no headline KPI.
    """
    ids = tuple(kpi.id for kpi in agreement.kpis if kpi.headline)
    measured = aimed(agreement)
    if not measured:
        return State((), None, 0, _overdue(worklist(engine, agreement, filters)))
    found, over_time = kpis_over_time(engine, agreement, measured, window, filters)
    results = [result for result in found if result.id in ids]
    histories = {name: over_time[name] for name in ids}
    return State(
        tuple(by_severity(results)),
        _moved(engine, agreement, window, filters, _candidates(results, histories)),
        sum(found.has_changed is not None for found in histories.values()),
        _overdue(worklist(engine, agreement, filters)),
        tuple(result for result in found if result.id not in ids),
        histories,
    )


def aimed(agreement: Agreement) -> tuple[str, ...]:
    """Return the KPIs by which a period is judged: the headline ones and those with a target."""
    with_target = {target.kpi for target in agreement.targets}
    return tuple(kpi.id for kpi in agreement.kpis if kpi.headline or kpi.id in with_target)


def by_severity(results: Sequence[KpiResult]) -> list[KpiResult]:
    """Return results worst first, keeping the agreement's order among equals."""
    rank = {status: place for place, status in enumerate(SEVERITY)}
    return sorted(results, key=lambda result: rank.get(result.status or "", len(SEVERITY)))


def _candidates(
    results: Sequence[KpiResult], histories: dict[str, History]
) -> list[tuple[float, KpiResult, History]]:
    found = []
    for result in results:
        past = histories[result.id]
        if past.has_changed and past.limits is not None and past.values[-1] is not None:
            reach = (past.limits.upper - past.limits.lower) / 2
            distance = abs(past.values[-1] - past.limits.centre) / reach if reach else float("inf")
            found.append((distance, result, past))
    return sorted(found, key=lambda one: -one[0])


def _moved(
    engine: Engine,
    agreement: Agreement,
    window: Period,
    filters: Filters,
    candidates: Sequence[tuple[float, KpiResult, History]],
) -> Moved | None:
    """Return what moved furthest, with the member that made most of the change."""
    if not candidates:
        return None
    distance, result, past = candidates[0]
    for by in ("channel", "segment"):
        try:
            change = explain_change(
                engine, agreement, result.id, window, window.previous(), by, filters
            )
        except UsageError:
            # Medians, stocks and formulas have no parts that add up.
            break
        difference = change.difference
        if difference and len(change.effects) > 1:
            first = max(change.effects, key=lambda effect: effect.total * difference)
            if first.total * difference > 0:
                return Moved(result, past, distance, by, first.key)
    return Moved(result, past, distance)


def _overdue(listed: Worklist) -> Overdue:
    late = [item for item in listed.items if item.status == "overdue"]
    held = Counter((item.owner_id, item.owner) for item in late if item.owner_id)
    soon = len(listed.items) - len(late)
    if not held:
        return Overdue(len(late), soon, reason=listed.reason, note=listed.note)
    ((owner_id, owner), count) = held.most_common(1)[0]
    return Overdue(len(late), soon, owner_id, owner, count, note=listed.note)
