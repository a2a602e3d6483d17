"""Marketing's commitment as a pace line: leads and lead value, working day by working day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sqlglot import exp

from smarketing.agreement import Agreement
from smarketing.analysis.availability import Recorded, recorded
from smarketing.analysis.handoff.value import lead_values
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.periods import Period, period_of

Verdict = Literal["under", "within", "over"]


@dataclass(frozen=True)
class PacePoint:
    """One day: what was delivered up to its end, and what the line says by then.

    `count` and `value` are None after the data's as-of; the lines are None without a commitment.
    """

    day: dt.date
    count: int | None
    value: float | None
    count_line: float | None
    value_line: float | None


@dataclass(frozen=True)
class Pace:
    """A commitment of one period against what was delivered; values in minor units.

    Being more than `band` under or over the line is a deviation: too many leads swamp sales.
    Verdicts are None without a commitment, before the first working day, and under filters, since
    nothing is committed to for a part of the leads. `reason` says why nothing delivered is no zero,
    `value_reason` why the leads delivered have no value yet.
    """

    period: Period
    stage: str
    band: float
    count_commitment: int | None
    value_commitment: float | None
    points: tuple[PacePoint, ...]
    count_verdict: Verdict | None
    value_verdict: Verdict | None
    reason: str | None = None
    value_reason: str | None = None

    @property
    def count(self) -> int:
        """Return how many leads were delivered so far."""
        return max((point.count or 0 for point in self.points), default=0)

    @property
    def value(self) -> float:
        """Return the lead value delivered so far, in minor units."""
        # Credit notes make values negative: the sum so far is the last one, not the most.
        past = [point.value for point in self.points if point.value is not None]
        return past[-1] if past else 0.0

    def as_dict(self, minor_digits: int) -> dict[str, Any]:
        """Return the pace as JSON, money in major units."""
        unit = 10**minor_digits
        agreed = self.value_commitment
        return {
            "period": self.period.label,
            "stage": self.stage,
            "band": self.band,
            "count": None if self.reason else self.count,
            "reason": self.reason,
            "count_commitment": self.count_commitment,
            "count_status": self.count_verdict,
            "value": None if self.value_reason else round(self.value / unit, minor_digits),
            "value_reason": self.value_reason,
            "value_commitment": None if agreed is None else agreed / unit,
            "value_status": self.value_verdict,
        }


def pace(
    engine: Engine,
    agreement: Agreement,
    day: dt.date,
    filters: Filters = NO_FILTERS,
    *,
    since: dt.date | None = None,
) -> Pace:
    """Answer whether marketing delivers what it committed to, in the month or quarter of `day`.

    `since` an earlier day it answers for all months or quarters from that day's on together. Each
    commitment is spread evenly over the working days of its own period; a lead counts at its first
    entry into the committed stage with the value of its type and segment. Nothing after the
    data's as-of day is judged.
    """
    promise = agreement.service_levels.commitment
    stage = agreement.service_levels.committed_stage
    periods = _periods(agreement, since or day, day)
    period = _together(periods)
    params = {"stage": stage, "from": period.start, "to": period.end}
    values = lead_values(engine)
    delivered: dict[dt.date, tuple[int, float]] = {}
    for row in engine.rows("handoff/commitment", params, filters):
        leads = int(row["leads"])
        worth = leads * values.of(str(row["lead_type"]), str(row["segment"]))
        before = delivered.get(row["entered_day"], (0, 0.0))
        delivered[row["entered_day"]] = (before[0] + leads, before[1] + worth)
    count = None if filters or promise.count is None else promise.count * len(periods)
    agreed = None
    if promise.value is not None and not filters:
        agreed = promise.value * len(periods) * 10**engine.minor_digits
    points = _points(agreement, periods, delivered, (count, agreed), engine.as_of_day)
    past = [point for point in points if point.count is not None]
    last = past[-1] if past else None
    reason = None if delivered else _reached(engine, stage).why_nothing(period)
    worthless = None if values.leads else "no lead is old enough yet to say what one is worth"
    return Pace(
        period,
        stage,
        promise.band,
        count,
        agreed,
        tuple(points),
        _verdict(last.count, last.count_line, promise.band) if last else None,
        _verdict(last.value, last.value_line, promise.band) if last else None,
        reason,
        reason or worthless,
    )


def _reached(engine: Engine, stage: str) -> Recorded:
    """Return what is known of leads that ever reached a stage."""
    at_stage = exp.EQ(this=exp.column("stage"), expression=exp.Literal.string(stage))
    return recorded(engine, "fct_stage_count", "known_day", at_stage, at_stage)


def _periods(agreement: Agreement, since: dt.date, day: dt.date) -> list[Period]:
    """Return the months or quarters of the commitment from that of one day to that of another."""
    per, found = agreement.service_levels.commitment.per, []
    period = period_of(min(since, day), per, week_start=agreement.week_start)
    while period.start <= day:
        found.append(period)
        period = period_of(period.end, per, week_start=agreement.week_start)
    return found


def _together(periods: list[Period]) -> Period:
    first, last = periods[0], periods[-1]
    if len(periods) == 1:
        return first
    for kind in ("quarter", "year"):
        whole = period_of(first.start, kind)
        if (whole.start, whole.end) == (first.start, last.end):
            return whole
    return Period(f"{first.label}..{last.label}", first.start, last.end)


def _points(
    agreement: Agreement,
    periods: list[Period],
    delivered: dict[dt.date, tuple[int, float]],
    agreed: tuple[float | None, float | None],
    as_of: dt.date,
) -> list[PacePoint]:
    count, value = 0, 0.0
    points = []
    for day, share in _shares_due(agreement, periods):
        leads, worth = delivered.get(day, (0, 0.0))
        count, value = count + leads, value + worth
        past = day <= as_of
        lines = [None if whole is None else whole * share for whole in agreed]
        points.append(
            PacePoint(day, count if past else None, value if past else None, lines[0], lines[1])
        )
    return points


def _shares_due(agreement: Agreement, periods: list[Period]) -> Iterator[tuple[dt.date, float]]:
    """Yield each day with the share of all commitments that is due by its end."""
    for before, period in enumerate(periods):
        working = set(agreement.calendar.working_days(period.start, period.end))
        worked = 0
        for day in period.days():
            worked += day in working
            share = worked / len(working) if working else 0.0
            yield day, (before + share) / len(periods)


def _verdict(done: float | None, line: float | None, band: float) -> Verdict | None:
    if done is None or not line:
        return None
    if done < line * (1 - band):
        return "under"
    return "over" if done > line * (1 + band) else "within"
