"""What revenue would be with each step at its best recent quarter, within what sales can work."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from smarketing.agreement import Agreement
from smarketing.analysis.funnel.periods import TrendPoint, step_trend
from smarketing.analysis.planning.history import (
    COHORT_DAYS,
    Cohort,
    capacity,
    mature_cohort,
    monthly_capacity,
)
from smarketing.analysis.rates import SMALL_N, Rate
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.periods import Period, period_of

QUARTERS = 6


@dataclass(frozen=True)
class Lift:
    """One step raised to its best recent quarter, all else as it was. Amounts in minor units.

    `revenue` is a year's, from as many new leads as the last year brought; `is_capped` says that
    sales could not work all the leads the better rate would hand over. `best` is None where no
    quarter has enough mature leads: then nothing changes.
    """

    stage: str
    next_stage: str
    now: float | None
    best: Rate | None
    best_quarter: dt.date | None
    revenue: float
    gain: float
    is_capped: bool


@dataclass(frozen=True)
class WhatIf:
    """A year's revenue from leads as things are, and with each step at its best."""

    leads_per_year: float
    revenue: float
    capacity_per_year: float | None
    lifts: tuple[Lift, ...]


@dataclass(frozen=True)
class Raised:
    """A year's revenue with one step at another rate, all else as it was. Amounts in minor units.

    `leads` is how many more leads a year take the step; fewer where the rate falls.
    """

    stage: str
    next_stage: str
    now: float
    rate: float
    leads: float
    revenue_now: float
    revenue: float
    is_capped: bool

    @property
    def gain(self) -> float:
        """What the other rate brings a year beyond today's."""
        return self.revenue - self.revenue_now


@dataclass(frozen=True)
class _Year:
    """A year as things are: leads, revenue, how many are handed over and how many can be worked."""

    cohort: Cohort
    leads: float
    revenue: float
    handed: float
    limit: float | None
    handoff: int

    def bounded(self, factor: float, place: int) -> tuple[float, bool]:
        """A factor of revenue within what sales can work, and whether that is what bounds it."""
        over = self.limit is not None and self.handed and self.handed * factor > self.limit
        if place >= self.handoff or factor < 1 or not over or self.limit is None:
            return factor, False
        return max(1.0, self.limit / self.handed), True


def raised(
    engine: Engine, agreement: Agreement, stage: str, by: float, filters: Filters = NO_FILTERS
) -> Raised | None:
    """Answer what a year brings when the rate of a step changes by so much (0.05: five points).

    A rate stays between 0 and 1. None for a stage without a next one, and for a step whose rate of
    the last six quarters is not known.
    """
    year = _year(engine, agreement, filters)
    number = agreement.stage_number(stage)
    now = _now([point for point in _recent(engine, filters) if point.stage == stage])
    if not now or number >= len(agreement.stages):
        return None
    rate = min(1.0, max(0.0, now + by))
    factor, is_capped = year.bounded(rate / now, number)
    reached = year.leads * (year.cohort.reached[stage].rate or 0.0)
    following = agreement.stages[number].id
    return Raised(
        stage, following, now, rate, reached * (rate - now), year.revenue, year.revenue * factor,
        is_capped,
    )  # fmt: skip


def best_quarters(engine: Engine, agreement: Agreement, filters: Filters = NO_FILTERS) -> WhatIf:
    """Answer which step is worth most: its rate raised to its best of the last six quarters.

    Rates are mature ones; a quarter counts with 30 mature leads or more. Raising the steps up to
    the handoff hands over more leads; what exceeds the capacity of the team brings nothing.
    """
    year = _year(engine, agreement, filters)
    points = _recent(engine, filters)
    lifts = []
    for place, stage in enumerate(agreement.stages[:-1], start=1):
        mine = [point for point in points if point.stage == stage.id]
        best = max(mine, key=lambda point: point.rate.rate or 0.0, default=None)
        now = _now(mine)
        factor, capped = year.bounded(_factor(now, best), place)
        lifts.append(
            Lift(
                stage.id,
                agreement.stages[place].id,
                now,
                best.rate if best else None,
                best.period_start if best else None,
                year.revenue * factor,
                year.revenue * (factor - 1),
                capped,
            )
        )
    return WhatIf(year.leads, year.revenue, year.limit, tuple(lifts))


def _year(engine: Engine, agreement: Agreement, filters: Filters) -> _Year:
    cohort = mature_cohort(engine, filters)
    leads = float(_leads_of_last_year(engine, filters))
    monthly = monthly_capacity(capacity(engine), filters)
    handoff = agreement.service_levels.from_stage
    return _Year(
        cohort,
        leads,
        leads * (cohort.revenue_per_lead or 0.0),
        leads * (cohort.reached[handoff].rate or 0.0),
        monthly * 12.0 if monthly else None,
        agreement.stage_number(handoff),
    )


def _now(points: list[TrendPoint]) -> float | None:
    n = sum(point.rate.n for point in points)
    return sum(point.rate.successes for point in points) / n if n else None


def _leads_of_last_year(engine: Engine, filters: Filters) -> int:
    end = engine.as_of_day + dt.timedelta(days=1)
    params = {"from": end - dt.timedelta(days=COHORT_DAYS), "to": end}
    return sum(row["leads"] for row in engine.rows("planning/cohort", params, filters))


def _recent(engine: Engine, filters: Filters) -> list[TrendPoint]:
    running = period_of(engine.as_of_day, "quarter")
    first = running.earlier(QUARTERS - 1)[0]
    window = Period("recent quarters", first.start, running.end)
    points = step_trend(engine, window, "quarter", filters)
    return [point for point in points if not point.is_previous and point.rate.n >= SMALL_N]


def _factor(now: float | None, best: TrendPoint | None) -> float:
    if not now or best is None or best.rate.rate is None:
        return 1.0
    return max(1.0, best.rate.rate / now)
