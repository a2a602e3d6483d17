"""Six weeks and twelve months of each KPI, side by side, with the year before and process limits.

Flows (counts and money that fall on days) are put per working day, so that a week and a month share
a scale and a week with a holiday is no signal; rates and stocks stay as they are. A ratio is the
ratio of its sums in every period, never a mean of ratios.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from smarketing.agreement import Agreement, Kpi
from smarketing.analysis.availability import lacking_some
from smarketing.analysis.kpis.at_once import measure_at_once
from smarketing.analysis.kpis.expressions import names_period
from smarketing.analysis.kpis.measured import ALL, NOW, Values
from smarketing.analysis.kpis.reader import Reader, why
from smarketing.analysis.kpis.scoreboard import chosen
from smarketing.analysis.kpis.targets import (
    accrues,
    season_share,
    season_windows,
    share_due,
    standing,
)
from smarketing.analysis.kpis.values import base_kpis, why_not
from smarketing.analysis.rates import SMALL_N
from smarketing.analysis.review.limits import Limits, Signal, limits_of, signals
from smarketing.analysis.review.six_and_twelve import (
    Counts,
    Grain,
    Ground,
    Point,
    Series,
    SixAndTwelve,
    ToDate,
    Total,
    of_no_period,
)
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.periods import Period, period_of

#: Periods shown of each grain, and how many before them the limits may rest on.
SHOWN: Mapping[Grain, int] = {"week": 6, "month": 12}
EARLIER: Mapping[Grain, int] = {"week": 20, "month": 12}
#: Limits that both teams agreed, by KPI and grain; they stand until both base them anew.
Agreed = Mapping[tuple[str, str], Limits]


def six_and_twelve(
    engine: Engine,
    agreement: Agreement,
    ids: Sequence[str] | None,
    filters: Filters = NO_FILTERS,
    agreed: Agreed | None = None,
) -> list[SixAndTwelve]:
    """Answer KPIs (all listed ones where `ids` is empty) by week and month up to the as-of day.

    A KPI that the build cannot answer has no value in any period.
    """
    asked = chosen(agreement, ids)
    plan = _Plan(agreement, engine.as_of_day)
    windows = plan.windows()
    values = measure_at_once(engine, base_kpis(agreement, asked), windows, filters)
    paced = [kpi for kpi in asked if kpi.expression and plan.is_seasonal(kpi)]
    if paced:
        seasons = measure_at_once(engine, paced, plan.seasons(), filters)
        values = replace(values, found=values.found | seasons.found)
    reader = Reader(engine, agreement, windows | {NOW: plan.of("week")}, filters)
    return [_Sheet(plan, reader, values, kpi, agreed or {}).read() for kpi in asked]


def totals_in(
    engine: Engine, agreement: Agreement, ids: Sequence[str], periods: Sequence[Period]
) -> dict[tuple[str, str], Total]:
    """Return the totals of KPIs in periods, by (KPI, label of the period)."""
    asked = chosen(agreement, ids)
    windows = {name_of(period): period for period in periods}
    values = measure_at_once(engine, base_kpis(agreement, asked), windows)
    plan = _Plan(agreement, engine.as_of_day)
    reader = Reader(engine, agreement, windows | {NOW: plan.of("week")}, NO_FILTERS)
    return {
        (kpi.id, period.label): _Sheet(plan, reader, values, kpi, {}).total(period)
        for kpi in asked
        for period in periods
    }


def has_periods(agreement: Agreement, kpi: Kpi) -> bool:
    """Return whether a KPI has a value of each period; a stock is known as of the data's date."""
    return all(base.date_column or names_period(base) for base in base_kpis(agreement, [kpi]))


@dataclass(frozen=True)
class _Plan:
    """The periods that a review of a day looks at."""

    agreement: Agreement
    as_of: dt.date

    def of(self, kind: str) -> Period:
        """Return the period of a kind that the data's date falls in."""
        return period_of(
            self.as_of,
            kind,
            week_start=self.agreement.week_start,
            fiscal_year_start_month=self.agreement.fiscal_year_start_month,
        )

    @cached_property
    def _shown(self) -> Mapping[Grain, list[Period]]:
        now = {grain: self.of(grain) for grain in SHOWN}
        return {grain: [*one.earlier(SHOWN[grain] - 1), one] for grain, one in now.items()}

    @cached_property
    def _before(self) -> Mapping[Grain, list[Period]]:
        return {grain: some[0].earlier(EARLIER[grain]) for grain, some in self._shown.items()}

    def shown(self, grain: Grain) -> list[Period]:
        return self._shown[grain]

    def before(self, grain: Grain) -> list[Period]:
        return self._before[grain]

    def to_date(self) -> list[Period]:
        fiscal = self.agreement.fiscal_year_start_month != 1
        kinds = ("fiscal_quarter", "fiscal_year") if fiscal else ("quarter", "year")
        return [self.of(kind) for kind in ("week", "month", *kinds)]

    def ended(self) -> list[Period]:
        """Return the periods before those to date: what was reported of them is asked again."""
        return [period.previous() for period in self.to_date()]

    def windows(self) -> dict[str, Period]:
        """Return every period to be measured, by its name in a query."""
        found = {
            name_of(period): period
            for grain in SHOWN
            for now in (*self.before(grain), *self.shown(grain))
            for period in (now, now.same_last_year())
            if period == now or now in self.shown(grain)
        }
        return found | {name_of(p): p for p in (*self.to_date(), *self.ended())}

    def is_seasonal(self, kpi: Kpi) -> bool:
        """Return whether a target of a period to date is due as in the seasons before."""
        targets = (self.agreement.target_for(kpi.id, period) for period in self.to_date())
        return any(target is not None and target.pace == "seasonal" for target in targets)

    def seasons(self) -> dict[str, Period]:
        """Return the like periods that a seasonal pace learns from, by the one it is for."""
        return {
            f"{name_of(period)}_{name}": like
            for period in self.to_date()
            for name, like in season_windows(period, self.as_of).items()
        }

    def is_running(self, period: Period) -> bool:
        return period.last_day > self.as_of

    def working_days(self, period: Period) -> int:
        """Return the working days of a period, of a running one those that are over."""
        return self._days(period.start, min(period.end, self.as_of + dt.timedelta(days=1)))

    def all_working_days(self, period: Period) -> int:
        """Return the working days of a period, over or not."""
        return self._days(period.start, period.end)

    def _days(self, start: dt.date, end: dt.date) -> int:
        # Every KPI asks for those of the same periods.
        if (start, end) not in self._counted:
            days = self.agreement.calendar.working_days(start, end) if start < end else []
            self._counted[start, end] = len(days)
        return self._counted[start, end]

    @cached_property
    def _counted(self) -> dict[tuple[dt.date, dt.date], int]:
        return {}


def name_of(period: Period) -> str:
    """Return a period's name in a query: p2026_W24."""
    return f"p{period.label.replace('-', '_')}"


@dataclass(frozen=True)
class _Sheet:
    """Reads one KPI from what was measured."""

    plan: _Plan
    reader: Reader
    values: Values
    kpi: Kpi
    agreed: Agreed

    def read(self) -> SixAndTwelve:
        kpi = self.kpi
        weeks, months = (self._series(grain) for grain in SHOWN)
        complete = [point for point in weeks.points if not point.is_running]
        return SixAndTwelve(
            kpi.id,
            kpi.label,
            kpi.unit,
            kpi.direction,
            self.is_flow,
            weeks,
            months,
            complete[-1],
            tuple(self._to_date(period) for period in self.plan.to_date()),
            self._fault(),
            self._reason([*weeks.points, *months.points]),
            self._lacks([complete[-1], *[p for p in months.points if not p.is_running][-1:]]),
            {p.label: self.total(p) for p in self._earlier_periods()},
        )

    def _earlier_periods(self) -> Iterator[Period]:
        yield from self.plan.ended()
        for grain in SHOWN:
            yield from self.plan.before(grain)

    def _lacks(self, points: Sequence[Point]) -> str | None:
        """Say of the first of these periods with amounts that are not known how many they are."""
        for point in points:
            # Where all of them lack one, that is why it has no value.
            if (found := point.ground.lacking) and point.value is not None:
                return f"{point.period.label}: {lacking_some(*found, self.values.currency)}"
        return None

    def _reason(self, points: Sequence[Point]) -> str | None:
        if any(point.value is not None for point in points):
            return None
        last = self.plan.of("month").previous()
        is_stock = bool(self.kpi.expression) and not has_periods(self.reader.agreement, self.kpi)
        window = NOW if is_stock else name_of(last)
        reason = why(self.reader, self.kpi, self.values, window, ALL)
        return None if reason is None else of_no_period(reason, last.label)

    def _fault(self) -> str | None:
        missing, reader = self.values.missing, self.reader
        for base in reader.bases(self.kpi):
            # That a mart is not there, or may not be seen, is no fault of the KPI.
            is_wrong = base.fault or not why_not(reader.engine, base, reader.filters, None)
            if base.id in missing and is_wrong:
                return missing[base.id]
        return None

    @property
    def is_flow(self) -> bool:
        """Whether what is counted falls on days, so that longer periods hold more of it."""
        return accrues(self.reader.agreement, self.kpi)

    def value(self, period: Period) -> float | None:
        """Return the total in one of the measured periods, in major units."""
        if self.kpi.expression and not has_periods(self.reader.agreement, self.kpi):
            # A stock is known as of the data's date alone.
            if not period.contains(self.plan.as_of):
                return None
            found = self.reader.value(self.kpi, self.values, NOW, ALL)
        else:
            found = self.reader.value(self.kpi, self.values, name_of(period), ALL)
        shown = self.reader.shown(self.kpi, found)
        return None if shown is None else float(shown)

    def total(self, period: Period) -> Total:
        """Return the total in one of the measured periods, of a rate on few with its counts."""
        return Total(self.value(period), self._counts(period))

    def _counts(self, period: Period) -> Counts | None:
        return self.reader.counts(self.kpi, self.values, name_of(period), ALL)

    def _scaled(self, period: Period, value: float | None) -> float | None:
        if value is None or not self.is_flow:
            return value
        days = self.plan.working_days(period)
        return value / days if days else None

    def _point(self, period: Period) -> Point:
        value = self.value(period)
        earlier = period.same_last_year()
        last_year = self.value(earlier)
        target = self.reader.target_in(self.kpi.id, period)
        days = self.plan.all_working_days(period)
        aim = None if target is None else target.value
        if aim is not None and self.is_flow:
            aim = aim / days if days else None
        return Point(
            period,
            value,
            self._scaled(period, value),
            last_year,
            self._scaled(earlier, last_year),
            aim,
            self.plan.is_running(period),
            self._ground(period, value),
            self._ground(earlier, last_year),
        )

    def _series(self, grain: Grain) -> Series:
        points = tuple(self._point(period) for period in self.plan.shown(grain))
        signed = self.agreed.get((self.kpi.id, grain))
        most = self.reader.agreement.at_most(self.kpi)
        now = limits_of(list(self._earlier(grain, points)), at_most=most)
        limits = signed or now
        found: tuple[Signal, ...] = ()
        if limits is not None:
            # Neither what is running nor a rate of few records is a signal.
            series = [None if p.is_running or p.ground.is_few else p.scaled for p in points]
            earlier = zip(self.plan.before(grain), self._before(grain), strict=True)
            before = [
                None if self._is_of_few(period, self._counts(period)) else value
                for period, value in earlier
            ]
            moved = [
                Signal(s.rule, s.side, max(s.first - len(before), 0), s.last - len(before))
                for s in signals([*before, *series], limits)
            ]
            found = tuple(s for s in moved if s.last >= 0)
        return Series(grain, points, limits, found, signed is not None, now)

    def _is_of_few(self, period: Period, counts: Counts | None) -> bool:
        """Whether it is a rate of too few records for a finding, some told by their counts."""
        return counts is not None or self._is_small(period)

    def _before(self, grain: Grain) -> Iterator[float | None]:
        for period in self.plan.before(grain):
            yield self._scaled(period, self.value(period))

    def _earlier(self, grain: Grain, points: Sequence[Point]) -> Iterator[float]:
        """Yield what limits rest on: complete periods before the newest complete one."""
        known = list(self._before(grain))
        known += [point.scaled for point in points if not point.is_running][:-1]
        begun = next((i for i, value in enumerate(known) if value), len(known))
        yield from (value for value in known[begun:] if value is not None)

    def _to_date(self, period: Period) -> ToDate:
        value = self.value(period)
        target = self.reader.target_in(self.kpi.id, period)
        if target is None:
            return ToDate(period, value, None, self._ground(period, value))
        season = season_share(self.values, self.kpi.id, prefix=f"{name_of(period)}_")
        share = share_due(self.reader.agreement, target, period, self.plan.as_of, season)
        found = standing(
            None if self._is_small(period) else value,
            target,
            share=share,
            is_flow=self.is_flow,
            direction=self.kpi.direction,
        )
        return ToDate(period, value, found, self._ground(period, value))

    def _ground(self, period: Period, value: float | None) -> Ground:
        named, is_now = name_of(period), period.contains(self.plan.as_of)
        windows = {
            base.id: named if base.date_column or names_period(base) else NOW
            for base in self.reader.bases(self.kpi)
        }
        # A stock is known as of the data's date alone.
        found = [self.values.of(i, w) for i, w in windows.items() if is_now or w != NOW]
        lacking = next(((v.lacking, v.n) for v in found if v.lacking), None)
        reason = None
        if value is None and NOW in windows.values() and not is_now:
            reason = "it is known as of the data's date alone"
        elif value is None:
            reason = why(self.reader, self.kpi, self.values, named, ALL)
        counts = self._counts(period)
        return Ground(counts, lacking, reason, self._is_of_few(period, counts))

    def _is_small(self, period: Period) -> bool:
        """Whether it is a rate of too few records for a verdict."""
        if self.kpi.unit != "rate":
            return False
        return (self.reader.n(self.kpi, self.values, name_of(period), ALL) or 0) < SMALL_N
