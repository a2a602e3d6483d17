"""Reporting periods: weeks, months, quarters, years and fiscal ones, always half-open.

`end` is the first day that is not counted. A week carries the ISO number of the week that holds
its Thursday, wherever the agreement lets a week start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from smarketing.errors import UsageError

Kind = Literal["day", "week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year", "range"]
KINDS: tuple[str, ...] = get_args(Kind)
EXAMPLES = "2026-06-09, 2026-W24, 2026-06, 2026-Q2, 2026, FY2026-Q1 or FY2026"
FIRST_YEAR, LAST_YEAR = 1970, 2199
_DAY = timedelta(days=1)
_THURSDAY = 4

_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("day", re.compile(r"(\d{4})-(\d{2})-(\d{2})")),
    ("week", re.compile(r"(\d{4})-W(\d{1,2})")),
    ("month", re.compile(r"(\d{4})-(\d{2})")),
    ("quarter", re.compile(r"(\d{4})[\s/-]*Q(\d)")),
    ("year", re.compile(r"(\d{4})")),
    ("fiscal_quarter", re.compile(r"FY\s?(\d{4})[\s/-]*Q(\d)")),
    ("fiscal_year", re.compile(r"FY\s?(\d{4})")),
)
_QUARTER_FIRST = re.compile(r"^Q(\d)[\s/-]*((?:FY\s?)?\d{4})$")


@dataclass(frozen=True)
class Period:
    """A stretch of local days `[start, end)` with the label people call it by."""

    label: str
    start: date
    end: date
    kind: Kind = "range"
    week_start: int = 1
    fiscal_year_start_month: int = 1

    @property
    def length_days(self) -> int:
        """Return how many days the period counts."""
        return (self.end - self.start).days

    @property
    def last_day(self) -> date:
        """Return the last day that is counted."""
        return self.end - _DAY

    def contains(self, day: date) -> bool:
        """Return whether `day` is counted."""
        return self.start <= day < self.end

    def days(self) -> list[date]:
        """Return every counted day, in order."""
        return [self.start + timedelta(days=n) for n in range(self.length_days)]

    def instants(self, timezone: str) -> tuple[datetime, datetime]:
        """Return the bounds as naive UTC instants of local midnight, summer time respected."""
        return local_midnight(self.start, timezone), local_midnight(self.end, timezone)

    def previous(self) -> Period:
        """Return the like period directly before: a month before a month, ten days before ten.

        A range of whole months moves by its number of months.
        """
        if self.kind != "range":
            return self._of(self.start - _DAY)
        months = self._whole_months()
        if months:
            return self._range(add_months(self.start, -months), self.start)
        return self._range(self.start - timedelta(days=self.length_days), self.start)

    def same_last_year(self) -> Period:
        """Return the same period one year earlier.

        A week keeps its number; week 53 becomes the earlier year's last week. 29 February
        becomes 28 February. A range keeps its first and its last day.
        """
        if self.kind == "week":
            year, week = _iso(self.start + timedelta(days=(_THURSDAY - self.week_start) % 7))
            return _week(year - 1, min(week, weeks_in_year(year - 1)), self.week_start)
        if self.kind in ("range", "day") and not self._whole_months():
            start, last = add_months(self.start, -12), add_months(self.last_day, -12)
            moved = self._range(start, max(last, start) + _DAY)
            return self._of(start) if self.kind == "day" else moved
        if self.kind == "range":
            return self._range(add_months(self.start, -12), add_months(self.end, -12))
        return self._of(add_months(self.start, -12))

    def earlier(self, count: int) -> list[Period]:
        """Return the `count` like periods before this one, oldest first."""
        found: list[Period] = []
        period = self
        for _ in range(count):
            period = period.previous()
            found.append(period)
        return found[::-1]

    def _of(self, day: date) -> Period:
        return period_of(
            day,
            self.kind,
            week_start=self.week_start,
            fiscal_year_start_month=self.fiscal_year_start_month,
        )

    def _range(self, start: date, end: date) -> Period:
        return replace(self, label=f"{start} to {end - _DAY}", start=start, end=end, kind="range")

    def _whole_months(self) -> int:
        if self.kind != "range" or self.start.day != 1 or self.end.day != 1:
            return 0
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month


Window = Period


def parse_period(text: str, *, week_start: int = 1, fiscal_year_start_month: int = 1) -> Period:
    """Read a period as people write it: `2026-W24`, `2026-06`, `2026-Q2`, `2026`, `FY2026-Q1`.

    `Q2 2026`, `2026Q2` and the like are the quarter 2026-Q2, whose label is one. A fiscal year is
    named after the calendar year in which it ends. UsageError on anything else.
    """
    _check_settings(week_start, fiscal_year_start_month)
    cleaned = _QUARTER_FIRST.sub(r"\2-Q\1", str(text).strip().upper())
    for kind, pattern in _PATTERNS:
        match = pattern.fullmatch(cleaned)
        if match:
            numbers = [int(number) for number in match.groups()]
            return _build(text, kind, numbers, week_start, fiscal_year_start_month)
    raise UsageError(f"'{text}' is not a period; write one as {EXAMPLES}.")


def parse_window(start: str | date, end: str | date) -> Window:
    """Read `--from` and `--to` into a half-open window; `--to` is the first day not counted.

    Its label names the first and the last day that count.
    """
    first, stop = _parse_day(start, "--from"), _parse_day(end, "--to")
    if stop <= first:
        raise UsageError(
            f"The window from {first} to {stop} counts no day; --to is the first day that is "
            f"not counted, so write at least --to {first + _DAY}."
        )
    return Period(f"{first} to {stop - _DAY}", first, stop)


def period_of(
    day: date, kind: str, *, week_start: int = 1, fiscal_year_start_month: int = 1
) -> Period:
    """Return the day, week, month, quarter or (fiscal) year that counts `day`."""
    _check_settings(week_start, fiscal_year_start_month)
    month = fiscal_year_start_month
    if kind == "day":
        return Period(f"{day}", day, day + _DAY, "day", week_start, month)
    if kind == "week":
        year, week = _iso(_week_begin(day, week_start) + timedelta((_THURSDAY - week_start) % 7))
        return _week(year, week, week_start, month)
    if kind == "month":
        return _build("", "month", [day.year, day.month], week_start, month)
    if kind == "quarter":
        return _build("", "quarter", [day.year, (day.month + 2) // 3], week_start, month)
    if kind == "year":
        return _build("", "year", [day.year], week_start, month)
    if kind in ("fiscal_quarter", "fiscal_year"):
        begin = date(day.year if day.month >= month else day.year - 1, month, 1)
        named = begin.year if month == 1 else begin.year + 1
        quarter = ((day.month - month) % 12) // 3 + 1
        numbers = [named, quarter] if kind == "fiscal_quarter" else [named]
        return _build("", kind, numbers, week_start, month)  # type: ignore[arg-type]
    raise UsageError(f"'{kind}' is no kind of period; valid: {', '.join(KINDS[:-1])}.")


@cache
def of_the_same_days(period: Period) -> tuple[Period, ...]:
    """Return a quarter or year and the fiscal one of the same days, where there is one.

    Any other period comes back alone.
    """
    twins = {"quarter": "fiscal_quarter", "year": "fiscal_year"}
    kind = (twins | {fiscal: plain for plain, fiscal in twins.items()}).get(period.kind)
    if kind is None:
        return (period,)
    month = period.fiscal_year_start_month
    other = period_of(
        period.start, kind, week_start=period.week_start, fiscal_year_start_month=month
    )
    is_same = (other.start, other.end) == (period.start, period.end)
    return (period, other) if is_same else (period,)


def periods_between(
    start: date, end: date, kind: str, *, week_start: int = 1, fiscal_year_start_month: int = 1
) -> list[Period]:
    """Return the periods of one kind that touch `[start, end)`, in order; empty when none."""
    found: list[Period] = []
    day = start
    while day < end:
        period = period_of(
            day, kind, week_start=week_start, fiscal_year_start_month=fiscal_year_start_month
        )
        found.append(period)
        day = period.end
    return found


def local_midnight(day: date, timezone: str) -> datetime:
    """Return the naive UTC instant at which `day` begins in `timezone`."""
    begin = datetime.combine(day, time(), ZoneInfo(timezone))
    return begin.astimezone(UTC).replace(tzinfo=None)


def local_instant(instant: datetime, timezone: str) -> datetime:
    """Return an instant (naive UTC, or with its offset) in `timezone`, with its offset there."""
    known = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return known.astimezone(ZoneInfo(timezone))


def day_words(day: date) -> str:
    """Return a day (an instant's too) as sentences write it: 12 Jun 2026."""
    return f"{day.day} {day:%b %Y}"


def moment_words(at: datetime) -> str:
    """Return an instant as sentences write it, on its own clock: 12 Jun 2026, 09:30."""
    return f"{day_words(at)}, {at:%H:%M}"


def local_day(instant: datetime, timezone: str) -> date:
    """Return the local day of a naive UTC instant."""
    return local_instant(instant, timezone).date()


def add_months(day: date, months: int) -> date:
    """Move by whole months; a day the month lacks becomes its last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - _DAY).day))


def months_between(start: date, end: date) -> float:
    """Return the months from one day to a later one, a begun month by its days; 0 if not later."""
    if end <= start:
        return 0.0
    whole = (end.year - start.year) * 12 + end.month - start.month
    if add_months(start, whole) > end:
        whole -= 1
    reached, following = add_months(start, whole), add_months(start, whole + 1)
    return whole + (end - reached) / (following - reached)


def weeks_in_year(year: int) -> int:
    """Return 52 or 53, the number of ISO weeks of `year`."""
    return date(year, 12, 28).isocalendar().week


def _build(text: str, kind: Kind, numbers: list[int], week_start: int, month: int) -> Period:
    year = numbers[0]
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UsageError(
            f"{repr(text) if text else 'A period'} has the year {year}; years run {FIRST_YEAR} to "
            f"{LAST_YEAR}."
        )
    if kind == "day":
        day = _parse_day(text.strip(), "the period")
        return Period(f"{day}", day, day + _DAY, kind, week_start, month)
    if kind == "week":
        _check_number(text, numbers[1], weeks_in_year(year), f"{year} has weeks")
        return _week(year, numbers[1], week_start, month)
    if kind == "month":
        _check_number(text, numbers[1], 12, "months run")
        begin, span, label = date(year, numbers[1], 1), 1, f"{year}-{numbers[1]:02d}"
    elif kind in ("quarter", "fiscal_quarter"):
        _check_number(text, numbers[1], 4, "quarters run")
        first = date(year, 1, 1) if kind == "quarter" else _fiscal_begin(year, month)
        begin, span = add_months(first, 3 * numbers[1] - 3), 3
        label = f"{'FY' if kind == 'fiscal_quarter' else ''}{year}-Q{numbers[1]}"
    else:
        begin = date(year, 1, 1) if kind == "year" else _fiscal_begin(year, month)
        span, label = 12, f"{'FY' if kind == 'fiscal_year' else ''}{year}"
    return Period(label, begin, add_months(begin, span), kind, week_start, month)


def _week(year: int, week: int, week_start: int, month: int = 1) -> Period:
    thursday = date.fromisocalendar(year, week, _THURSDAY)
    begin = _week_begin(thursday, week_start)
    return Period(f"{year}-W{week:02d}", begin, begin + timedelta(7), "week", week_start, month)


def _week_begin(day: date, week_start: int) -> date:
    return day - timedelta(days=(day.isoweekday() - week_start) % 7)


def _iso(thursday: date) -> tuple[int, int]:
    calendar = thursday.isocalendar()
    return calendar.year, calendar.week


def _fiscal_begin(year: int, month: int) -> date:
    return date(year if month == 1 else year - 1, month, 1)


def _check_number(text: str, number: int, most: int, what: str) -> None:
    if not 1 <= number <= most:
        raise UsageError(f"'{text}' does not exist: {what} 1 to {most}.")


def _check_settings(week_start: int, month: int) -> None:
    if not 1 <= week_start <= 7:
        raise UsageError(f"A week cannot start on day {week_start}; 1 is Monday, 7 is Sunday.")
    if not 1 <= month <= 12:
        raise UsageError(f"A fiscal year cannot start in month {month}; months run 1 to 12.")


def _parse_day(value: str | date, where: str) -> date:
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
            raise ValueError(value)
        day = date.fromisoformat(value.strip())
    except ValueError as error:
        raise UsageError(
            f"'{value}' in {where} is not a day; write it as year-month-day, for example "
            "2026-06-09."
        ) from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise UsageError(
            f"'{value}' in {where} is out of range; years run {FIRST_YEAR} to {LAST_YEAR}."
        )
    return day
