"""How many leads a revenue target needs, at each stage and month, and what sales can work."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from smarketing.agreement import Agreement
from smarketing.analysis.planning.history import (
    COHORT_DAYS,
    Cohort,
    Member,
    OpenStage,
    capacity,
    expected_without_leads,
    mature_cohort,
    monthly_capacity,
    open_pipeline,
    won_between,
)
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.errors import UsageError
from smarketing.periods import day_words, period_of, periods_between

MOST_REVENUE = 1e15
"""No target is above it, in major units."""


@dataclass(frozen=True)
class Need:
    """A number of leads with its 95 % interval; None where history cannot say."""

    needed: float | None
    low: float | None
    high: float | None

    def times(self, share: float) -> Need:
        """Return the same need scaled by a share."""
        parts = (self.needed, self.low, self.high)
        return Need(*(None if part is None else part * share for part in parts))

    def as_dict(self) -> dict[str, Any]:
        """Return the need as JSON, in whole leads."""
        parts = {"needed": self.needed, "low": self.low, "high": self.high}
        return {name: None if part is None else round(part) for name, part in parts.items()}


@dataclass(frozen=True)
class StageNeed:
    """What is needed at one stage before the date."""

    stage: str
    share_of_leads: float | None
    need: Need


@dataclass(frozen=True)
class MonthNeed:
    """What is needed in one month (or the part of it that remains), by stage."""

    month: str
    working_days: int
    stages: tuple[StageNeed, ...]


@dataclass(frozen=True)
class Plan:
    """Leads needed for a revenue target before a day. Amounts in minor units.

    gap = target − won − expected from the pipeline − expected from deals without leads.
    leads needed = gap ÷ (revenue per lead × share of it that arrives in time).
    `capacity_leads` keep sales at capacity until then; None where no capacity is known or of a
    part of the leads. `lacking` won or open deals are in no amount, since theirs is not known.
    """

    target: int
    since: dt.date
    until: dt.date
    as_of: dt.date
    won: int
    from_pipeline: float
    from_unled: float
    cohort: Cohort
    share_in_time: float
    stages: tuple[StageNeed, ...]
    months: tuple[MonthNeed, ...]
    pipeline: tuple[OpenStage, ...]
    members: tuple[Member, ...]
    capacity_handovers: float | None
    capacity_leads: float | None
    handoff_stage: str
    minor_digits: int
    lacking: int = 0

    def major(self, amount: float) -> float:
        """Return an amount in major units, to the last minor unit: a whole number of yen."""
        major: float = round(amount / 10**self.minor_digits, self.minor_digits or None)
        return major

    @property
    def gap(self) -> float:
        """Return what new leads must still bring; not below 0."""
        return max(0.0, self.target - self.won - self.from_pipeline - self.from_unled)

    @property
    def leads(self) -> Need:
        """Return the leads needed."""
        return self.stages[0].need

    @property
    def over_capacity(self) -> float | None:
        """Return how many handovers the plan needs beyond capacity; None where unknown."""
        needed = next(s.need.needed for s in self.stages if s.stage == self.handoff_stage)
        if needed is None or self.capacity_handovers is None:
            return None
        return max(0.0, needed - self.capacity_handovers)

    @property
    def reason(self) -> str | None:
        """Return why the leads needed are not known; None where they are."""
        if self.leads.needed is not None:
            return None
        if not self.cohort.leads:
            return "no lead is old enough to learn from"
        return "no lead that is old enough has won anything that would arrive in time"

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON of `smarketing plan`, money in major units."""

        def money(amount: float | None) -> float | None:
            return None if amount is None else self.major(amount)

        over = self.over_capacity
        return {
            "target": money(self.target),
            "since": self.since.isoformat(),
            "by": self.until.isoformat(),
            "as_of": self.as_of.isoformat(),
            "won_so_far": money(self.won),
            "expected_from_pipeline": money(self.from_pipeline),
            "expected_without_leads": money(self.from_unled),
            "deals_without_amount": self.lacking,
            "gap": money(self.gap),
            "revenue_per_lead": money(self.cohort.revenue_per_lead),
            "share_in_time": self.share_in_time,
            "cohort_from": self.cohort.window.start.isoformat(),
            "cohort_to": self.cohort.window.end.isoformat(),
            "cohort_leads": self.cohort.leads,
            "leads_needed": self.leads.as_dict()["needed"],
            "leads_low": self.leads.as_dict()["low"],
            "leads_high": self.leads.as_dict()["high"],
            "reason": self.reason,
            "capacity_handovers": self.capacity_handovers and round(self.capacity_handovers),
            "capacity_leads": self.capacity_leads and round(self.capacity_leads),
            "over_capacity": None if over is None else round(over),
            "stages": [{"stage": s.stage, **s.need.as_dict()} for s in self.stages],
            "months": [
                {
                    "month": month.month,
                    "stages": [{"stage": s.stage, **s.need.as_dict()} for s in month.stages],
                }
                for month in self.months
            ],
        }


def plan(
    engine: Engine,
    agreement: Agreement,
    revenue: float,
    until: dt.date,
    filters: Filters = NO_FILTERS,
) -> Plan:
    """Answer how many leads are needed at each stage and month to win `revenue` before `until`.

    `revenue` in major units counts what is won from the start of the fiscal year of the last day.
    Needs are None where the mature cohort has won nothing, or nothing of it could come in time.
    Raises UsageError for a target that is not positive and a day that is not after the data.
    """
    days = _days_ahead(engine, revenue, until)
    month = agreement.fiscal_year_start_month
    last_day = until - dt.timedelta(days=1)
    since = period_of(last_day, "fiscal_year", fiscal_year_start_month=month).start
    cohort = mature_cohort(engine, filters)
    pipeline = open_pipeline(engine, until, filters)
    expected = sum(stage.expected for stage in pipeline)
    target = round(revenue * 10**engine.minor_digits)
    known = min(until, engine.as_of_day + dt.timedelta(days=1))
    won, lacking = won_between(engine, since, known, filters)
    unled = expected_without_leads(engine, days, filters)
    share = cohort.share_in_time(days)
    stages = _stages(cohort, _need(max(0.0, target - won - expected - unled), cohort, share))
    members = capacity(engine)
    monthly = monthly_capacity(members, filters)
    handovers = None if monthly is None else monthly * days / (365 / 12)
    from_stage = agreement.service_levels.from_stage
    reach = cohort.reached[from_stage].rate
    return Plan(
        target=target,
        since=since,
        until=until,
        as_of=engine.as_of_day,
        won=won,
        from_pipeline=expected,
        from_unled=unled,
        cohort=cohort,
        share_in_time=share,
        stages=stages,
        months=_months(engine, agreement, until, stages),
        pipeline=tuple(pipeline),
        members=tuple(members),
        capacity_handovers=handovers,
        capacity_leads=handovers / reach if handovers is not None and reach else None,
        handoff_stage=from_stage,
        minor_digits=engine.minor_digits,
        lacking=lacking + sum(stage.lacking for stage in pipeline),
    )


def plan_sql(engine: Engine, found: Plan, filters: Filters = NO_FILTERS) -> str:
    """Return the statements behind a plan, values in place: what was won, is open and is usual."""
    cohort = found.cohort.window
    year_ago = found.as_of - dt.timedelta(days=COHORT_DAYS)
    won_to = min(found.until, found.as_of + dt.timedelta(days=1))
    asked: tuple[tuple[str, dict[str, Any]], ...] = (
        ("won", {"from": found.since, "to": won_to}),
        ("pipeline", {"to": found.until}),
        ("unled", {"from": year_ago, "to": found.as_of}),
        ("cohort", {"from": cohort.start, "to": cohort.end}),
    )
    return ";\n\n".join(engine.sql(f"planning/{name}", given, filters) for name, given in asked)


def _days_ahead(engine: Engine, revenue: float, until: dt.date) -> int:
    if not 0 < revenue <= MOST_REVENUE:
        raise UsageError(f"A revenue target of {revenue:g} is not above 0 and at most 10^15.")
    days = (until - engine.as_of_day).days
    if days < 1:
        raise UsageError(
            f"The day {day_words(until)} is not after the data's as-of day "
            f"{day_words(engine.as_of_day)}; a plan needs time ahead of it."
        )
    return days


def _need(gap: float, cohort: Cohort, share: float) -> Need:
    """Return the leads that bring the gap; more revenue per lead needs fewer of them."""

    def leads(per_lead: float | None) -> float | None:
        return gap / (per_lead * share) if per_lead and share else None

    if gap == 0:
        return Need(0.0, 0.0, 0.0)
    return Need(leads(cohort.revenue_per_lead), leads(cohort.high), leads(cohort.low))


def _stages(cohort: Cohort, leads: Need) -> tuple[StageNeed, ...]:
    """Return the need of each stage: the leads needed times the cohort's share that reached it."""
    found = []
    for stage, rate in cohort.reached.items():
        share = rate.rate
        need = Need(None, None, None) if share is None else leads.times(share)
        found.append(StageNeed(stage, share, need))
    return tuple(found)


def _months(
    engine: Engine, agreement: Agreement, until: dt.date, stages: tuple[StageNeed, ...]
) -> tuple[MonthNeed, ...]:
    start = engine.as_of_day + dt.timedelta(days=1)
    whole = len(agreement.calendar.working_days(start, until))
    length = (until - start).days
    found = []
    for month in periods_between(start, until, "month"):
        first, last = max(month.start, start), min(month.end, until)
        days = len(agreement.calendar.working_days(first, last))
        # Without a working day ahead its calendar days share the need.
        share = days / whole if whole else (last - first).days / length
        parts = tuple(StageNeed(s.stage, s.share_of_leads, s.need.times(share)) for s in stages)
        found.append(MonthNeed(month.label, days, parts))
    return tuple(found)
