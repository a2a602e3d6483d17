"""The days and periods the data may fall on.

`dim_date` has every local day with its week, month, quarter and year; `map_period` says from when
to when the periods run that quotas are given for.
"""

from __future__ import annotations

import datetime as dt

import duckdb

from smarketing.agreement import Agreement
from smarketing.build.core.given_rows import DAY, FLAG, INT, TEXT
from smarketing.build.marts.maps import save
from smarketing.errors import UsageError
from smarketing.periods import Period, add_months, period_of
from smarketing.store.schema import core_tables

_BACK_YEARS, _AHEAD_YEARS = 40, 10
_COLUMNS = [
    ("day", DAY), ("day_number", INT), ("iso_week", TEXT), ("week_start", DAY),
    ("month", TEXT), ("month_start", DAY), ("quarter", TEXT), ("quarter_start", DAY),
    ("year", INT), ("fiscal_year", TEXT), ("fiscal_quarter", TEXT), ("weekday", INT),
    ("is_working_day", FLAG), ("working_day_number", INT),
]  # fmt: skip


def write_dates(connection: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
    """Write dim_date from two years before the first record to three after the last or as-of.

    Days more than 40 years before the as-of date or 10 after it are taken for errors of the data
    and do not stretch it.
    """
    first, last = _reach(connection)
    rows = []
    working_days = 0
    spans: dict[str, Period] = {}
    day = first
    while day <= last:
        works = agreement.calendar.is_working_day(day)
        working_days += works
        for kind in ("week", "month", "quarter", "fiscal_quarter", "fiscal_year"):
            if kind not in spans or day >= spans[kind].end:
                spans[kind] = period_of(
                    day,
                    kind,
                    week_start=agreement.week_start,
                    fiscal_year_start_month=agreement.fiscal_year_start_month,
                )
        rows.append(_row(day, spans, works, working_days))
        day += dt.timedelta(days=1)
    save(connection, "dim_date", _COLUMNS, rows)


def write_periods(connection: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
    """Write map_period: the first day of each quota's period and the first after it.

    Both are null for a text that names no period; Data health counts these.
    """
    found = connection.execute("select distinct period from quota where period is not null")
    rows = []
    for (text,) in sorted(found.fetchall()):
        period = _period(str(text), agreement)
        rows.append((text, period and period.start, period and period.end))
    save(connection, "map_period", [("period", TEXT), ("starts_on", DAY), ("ends_on", DAY)], rows)


def _period(text: str, agreement: Agreement) -> Period | None:
    try:
        return agreement.parse_period(text)
    except UsageError:
        return None


def _row(
    day: dt.date, spans: dict[str, Period], works: bool, working_days: int
) -> tuple[object, ...]:
    week, month, quarter = spans["week"], spans["month"], spans["quarter"]
    return (
        day, day.toordinal(), week.label, week.start, month.label, month.start, quarter.label,
        quarter.start, day.year, spans["fiscal_year"].label, spans["fiscal_quarter"].label,
        day.isoweekday(), works, working_days,
    )  # fmt: skip


def _reach(connection: duckdb.DuckDBPyConnection) -> tuple[dt.date, dt.date]:
    [(as_of,)] = connection.execute("select as_of_day from build_info").fetchall()
    lowest, highest = add_months(as_of, -12 * _BACK_YEARS), add_months(as_of, 12 * _AHEAD_YEARS)
    first, last = as_of, as_of
    for table in core_tables().values():
        for column in table.columns:
            if column.type not in ("instant", "date"):
                continue
            [(low, high)] = connection.execute(
                f'select min("{column.name}")::date, max("{column.name}")::date'
                f' from "{table.name}" where "{column.name}" between ? and ?',
                [lowest, highest],
            ).fetchall()
            if low is not None:
                first, last = min(first, low), max(last, high)
    return dt.date(first.year - 2, 1, 1), dt.date(last.year + 3, 12, 31)
