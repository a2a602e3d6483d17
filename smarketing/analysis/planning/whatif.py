"""What revenue would be with each step at its best recent quarter, within what sales can work."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from smarketing.agreement import Agreement
from smarketing.analysis.funnel.periods import TrendPoint, step_trend
from smarketing.analysis.planning.history import COHORT_DAYS, capacity, mature_cohort
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


def best_quarters(engine: Engine, agreement: Agreement, filters: Filters = NO_FILTERS) -> WhatIf:
    """Answer which step is worth most: its rate raised to its best of the last six quarters.

    Rates are mature ones; a quarter counts with 30 mature leads or more. Raising the steps up to
    the handoff hands over more leads; what exceeds the capacity of the team brings nothing.
    """
    cohort = mature_cohort(engine, filters)
    leads = float(_leads_of_last_year(engine, filters))
    base = leads * (cohort.revenue_per_lead or 0.0)
    monthly = sum(member.capacity for member in capacity(engine))
    limit = monthly * 12.0 if monthly else None
    handed = leads * (cohort.reached[agreement.service_levels.from_stage].rate or 0.0)
    number = agreement.stage_number(agreement.service_levels.from_stage)
    points = _recent(engine, filters)
    lifts = []
    for place, stage in enumerate(agreement.stages[:-1], start=1):
        mine = [point for point in points if point.stage == stage.id]
        best = max(mine, key=lambda point: point.rate.rate or 0.0, default=None)
        n = sum(point.rate.n for point in mine)
        now = sum(point.rate.successes for point in mine) / n if n else None
        factor = _factor(now, best)
        capped = False
        if place < number and limit is not None and handed * factor > limit and handed:
            capped, factor = True, max(1.0, limit / handed)
        lifts.append(
            Lift(
                stage.id,
                agreement.stages[place].id,
                now,
                best.rate if best else None,
                best.period_start if best else None,
                base * factor,
                base * (factor - 1),
                capped,
            )
        )
    return WhatIf(leads, base, limit, tuple(lifts))


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
