"""What history says about the way from lead to revenue: one mature cohort, the pipeline, capacity.

Everything a plan rests on comes from here, so that it can be shown beside it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.analysis.handoff.value import lead_values
from smarketing.analysis.rates import Z95, Rate, rate_of
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.periods import Period

COHORT_DAYS = 365


@dataclass(frozen=True)
class Cohort:
    """One mature cohort: its leads, how many reached each stage, what they won and how late.

    `won_by_days` is the amount by days from a lead's beginning; `low` and `high` bound the revenue
    per lead (95 %, normal; never below 0). Amounts in minor units, of the leads of which all that
    they won is known; `unvalued` leads won a deal whose amount is not.
    """

    window: Period
    leads: int
    reached: Mapping[str, Rate]
    won_by_days: Mapping[int, int]
    revenue_per_lead: float | None
    low: float | None
    high: float | None
    unvalued: int = 0

    def share_in_time(self, days: int) -> float:
        """Return the share of revenue that comes in time when leads arrive evenly over `days`."""
        return in_time(self.won_by_days, days)


class Won(NamedTuple):
    """What was won, in minor units; of `lacking` won deals the amount is not known."""

    amount: int
    lacking: int


@dataclass(frozen=True)
class OpenStage:
    """Open deals of one stage: what is due before the date, and the stage's historical win rate.

    Of `lacking` deals the amount is not known: they are in neither.
    """

    stage: str
    deals: int
    open_amount: int
    due_amount: int
    win_rate: Rate
    has_history: bool
    lacking: int = 0

    @property
    def expected(self) -> float:
        """Return what is expected of it before the date, in minor units."""
        return self.due_amount * (self.win_rate.rate or 0.0)


@dataclass(frozen=True)
class Member:
    """A member's capacity in handed-over leads a month, and what it was handed a month lately.

    `team` is the label of its team.
    """

    member_id: str
    member: str
    team: str
    capacity: int
    handed: float


def in_time(won_by_days: Mapping[int, int], days: int) -> float:
    """Return the share of an amount by age that falls within a horizon of `days`.

    Beginnings are spread evenly over the horizon: of what comes at age d, the share
    max(0, days − d) ÷ days began early enough. 0 without an amount or a horizon.
    """
    total = sum(won_by_days.values())
    if days <= 0 or total <= 0:
        return 0.0
    return sum(amount * max(0, days - age) / days for age, amount in won_by_days.items()) / total


def mature_cohort(engine: Engine, filters: Filters = NO_FILTERS) -> Cohort:
    """Answer what the leads of the latest year that is old enough to judge went on to do.

    Old enough: followed for the window after which nine in ten wins have come in.
    """
    last = engine.as_of_day - dt.timedelta(days=lead_values(engine).window_days - 1)
    window = Period("mature cohort", last - dt.timedelta(days=COHORT_DAYS), last)
    rows = engine.rows("planning/cohort", {"from": window.start, "to": window.end}, filters)
    leads = _total(rows, "leads")
    won = {row["won_days"]: row["won_amount"] for row in rows if row["won_days"] is not None}
    stages = funnel(engine, FunnelSettings(window=window), filters).stages
    begun = stages[0].count
    reached = {stage.stage: rate_of(min(stage.count, begun), begun) for stage in stages}
    valued = _total(rows, "valued")
    mean, half = _mean(valued, sum(won.values()), _total(rows, "squared"))
    low = None if mean is None else max(0.0, mean - half)
    high = None if mean is None else mean + half
    return Cohort(window, leads, reached, won, mean, low, high, leads - valued)


def open_pipeline(engine: Engine, until: dt.date, filters: Filters = NO_FILTERS) -> list[OpenStage]:
    """Answer what the open deals are expected to bring before a day, by stage; empty without."""
    return [
        OpenStage(
            str(row["stage"]),
            int(row["deals"]),
            int(row["open_amount"]),
            int(row["due_amount"]),
            rate_of(row["won"] or 0, row["closed"] or 0),
            bool(row["has_history"]),
            int(row["lacking"]),
        )
        for row in engine.rows("planning/pipeline", {"to": until}, filters)
    ]


def won_between(engine: Engine, start: dt.date, end: dt.date, filters: Filters = NO_FILTERS) -> Won:
    """Answer how much was won in `[start, end)`, and how many deals are not in that."""
    rows = engine.rows("planning/won", {"from": start, "to": end}, filters)
    return Won(_total(rows, "won_amount"), _total(rows, "lacking"))


def expected_without_leads(engine: Engine, days: int, filters: Filters = NO_FILTERS) -> float:
    """Answer what deals without leads, created within the next `days`, bring in that time.

    At the pace of the last year, each won amount at the age at which it came; minor units.
    """
    start = engine.as_of_day - dt.timedelta(days=COHORT_DAYS)
    rows = engine.rows("planning/unled", {"from": start, "to": engine.as_of_day}, filters)
    return sum(
        int(row["won_amount"]) / COHORT_DAYS * max(0, days - int(row["won_days"])) for row in rows
    )


def capacity(engine: Engine) -> list[Member]:
    """Answer how many handed-over leads a month each member can work, beside the last quarter's.

    Members of the team whose stage leads are accepted into; of all of sales' teams where nobody
    there has a capacity. Empty where none, and within a scope: what they can work is agreed
    for all leads together, and says nothing beside a part of them.
    """
    if engine.limited_by:
        return []
    start = engine.as_of_day - dt.timedelta(days=91)
    handed = engine.rows("planning/handed", {"from": start, "to": engine.as_of_day})
    lately = {str(row["owner_id"]): int(row["handovers"]) / 3 for row in handed}
    found = engine.rows("planning/capacity", {"as_of_day": engine.as_of_day})
    return [
        Member(
            str(row["member_id"]),
            str(row["member"]),
            str(row["team"]),
            int(row["capacity_per_month"]),
            lately.get(str(row["member_id"]), 0.0),
        )
        for row in [row for row in found if row["is_accepting"]] or found
    ]


def monthly_capacity(members: Iterable[Member], filters: Filters) -> int | None:
    """Return what the members can work a month together; None where unknown or of a part."""
    return None if filters else sum(member.capacity for member in members) or None


def _total(rows: Iterable[Mapping[str, Any]], column: str) -> int:
    return sum(row[column] or 0 for row in rows)


def _mean(n: int, total: int, squared: float) -> tuple[float | None, float]:
    if n == 0:
        return None, 0.0
    mean = total / n
    variance = max(0.0, squared / n - mean * mean) * n / max(1, n - 1)
    return mean, Z95 * math.sqrt(variance / n)
