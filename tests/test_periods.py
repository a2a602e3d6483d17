"""Reporting periods: bounds, labels, neighbours and bad input, all worked out by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing.errors import UsageError
from smarketing.periods import (
    add_months,
    local_day,
    local_midnight,
    months_between,
    parse_period,
    parse_window,
    period_of,
    periods_between,
    weeks_in_year,
)

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
KINDS = ("day", "week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year")


@pytest.mark.parametrize(
    ("text", "start", "end", "kind"),
    [
        ("2026-W24", date(2026, 6, 8), date(2026, 6, 15), "week"),
        ("2026-w1", date(2025, 12, 29), date(2026, 1, 5), "week"),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 4), "week"),
        ("2024-02", date(2024, 2, 1), date(2024, 3, 1), "month"),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1), "month"),
        ("2026-Q2", date(2026, 4, 1), date(2026, 7, 1), "quarter"),
        (" 2026 ", date(2026, 1, 1), date(2027, 1, 1), "year"),
        ("2026-06-09", date(2026, 6, 9), date(2026, 6, 10), "day"),
        ("FY2026", date(2026, 1, 1), date(2027, 1, 1), "fiscal_year"),
    ],
)
def test_a_label_names_a_half_open_stretch_of_days(text, start, end, kind):
    period = parse_period(text)
    assert (period.start, period.end, period.kind) == (start, end, kind)
    assert period.contains(start) and not period.contains(end)
    assert len(period.days()) == period.length_days == (end - start).days


@pytest.mark.parametrize(
    "text", ["2026-Q2", "2026Q2", "2026 q2", "2026/Q2", "Q2 2026", "q2-2026", "Q2/2026", "Q22026"]
)
def test_a_quarter_has_one_label_however_it_is_written(text: str) -> None:
    assert parse_period(text).label == "2026-Q2"
    for written in (f"FY{text}", f"FY {text}"):
        if not text.upper().startswith("Q"):
            assert parse_period(written).label == "FY2026-Q2"
    assert parse_period("Q2 FY2026").label == parse_period("Q2 FY 2026").label == "FY2026-Q2"


def test_a_fiscal_year_is_named_after_the_year_in_which_it_ends():
    year = parse_period("FY2026", fiscal_year_start_month=4)
    assert (year.start, year.end) == (date(2025, 4, 1), date(2026, 4, 1))
    first = parse_period("FY2026-Q1", fiscal_year_start_month=4)
    assert (first.start, first.end, first.label) == (
        date(2025, 4, 1),
        date(2025, 7, 1),
        "FY2026-Q1",
    )
    last = parse_period("FY2026-Q4", fiscal_year_start_month=4)
    assert (last.start, last.end) == (date(2026, 1, 1), date(2026, 4, 1))
    assert first.previous().label == "FY2025-Q4"
    assert period_of(date(2026, 3, 31), "fiscal_year", fiscal_year_start_month=4).label == "FY2026"


def test_a_week_that_starts_on_sunday_keeps_the_number_of_its_thursday():
    week = parse_period("2026-W24", week_start=7)
    assert (week.start, week.end) == (date(2026, 6, 7), date(2026, 6, 14))
    assert period_of(date(2026, 6, 7), "week", week_start=7).label == "2026-W24"
    assert period_of(date(2026, 6, 7), "week").label == "2026-W23"


@pytest.mark.parametrize(
    ("text", "previous", "last_year"),
    [
        ("2026-W01", "2025-W52", "2025-W01"),
        ("2026-W53", "2026-W52", "2025-W52"),
        ("2021-W01", "2020-W53", "2020-W01"),
        ("2024-02", "2024-01", "2023-02"),
        ("2026-Q1", "2025-Q4", "2025-Q1"),
        ("2026", "2025", "2025"),
        ("2024-02-29", "2024-02-28", "2023-02-28"),
        ("2026-01-01", "2025-12-31", "2025-01-01"),
    ],
)
def test_neighbours(text, previous, last_year):
    period = parse_period(text)
    assert period.previous().label == previous
    assert period.same_last_year().label == last_year


def test_a_week_from_sunday_compares_with_the_same_week_from_sunday():
    week = parse_period("2026-W24", week_start=7).same_last_year()
    assert (week.start, week.label) == (date(2025, 6, 8), "2025-W24")


def test_earlier_periods_come_oldest_first():
    labels = [period.label for period in parse_period("2026-02").earlier(3)]
    assert labels == ["2025-11", "2025-12", "2026-01"]


def test_a_window_counts_its_first_day_and_not_its_last():
    window = parse_window("2026-06-01", "2026-06-11")
    assert window.length_days == 10
    assert window.last_day == date(2026, 6, 10)
    assert window.label == "2026-06-01 to 2026-06-10"
    assert window.previous().label == "2026-05-22 to 2026-05-31"
    assert window.previous().start == date(2026, 5, 22)
    assert window.previous().end == window.start


def test_a_window_of_whole_months_moves_by_months():
    window = parse_window("2026-01-01", "2026-03-01")
    assert window.previous().start == date(2025, 11, 1)
    earlier = window.same_last_year()
    assert (earlier.start, earlier.end) == (date(2025, 1, 1), date(2025, 3, 1))
    leap = parse_window("2024-02-15", "2024-03-01").same_last_year()
    assert (leap.start, leap.end) == (date(2023, 2, 15), date(2023, 3, 1))


def test_the_twenty_ninth_of_february_becomes_the_twenty_eighth():
    window = parse_window("2024-02-29", "2024-03-02").same_last_year()
    assert (window.start, window.end) == (date(2023, 2, 28), date(2023, 3, 2))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2026-W54", "2026 has weeks 1 to 53"),
        ("2025-W53", "2025 has weeks 1 to 52"),
        ("2026-W00", "weeks 1 to 53"),
        ("2026-13", "months run 1 to 12"),
        ("2026-Q5", "quarters run 1 to 4"),
        ("2026-02-30", "2026-06-09"),
        ("next week", "2026-W24"),
        ("", "2026-W24"),
        ("0012", "1970 to 2199"),
        ("9999-Q4", "1970 to 2199"),
        ("1969", "1970 to 2199"),
        ("2200-01", "1970 to 2199"),
    ],
)
def test_bad_periods_are_refused_with_an_example(text, says):
    with pytest.raises(UsageError, match=says):
        parse_period(text)


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        ("2026-06-10", "2026-06-10", "at least --to 2026-06-11"),
        ("2026-06-10", "2026-06-01", "counts no day"),
        ("10.06.2026", "2026-07-01", "--from"),
        ("2026-06-01", "2026-6-30", "--to"),
    ],
)
def test_bad_windows_are_refused(start, end, says):
    with pytest.raises(UsageError, match=says):
        parse_window(start, end)


def test_settings_out_of_range_are_refused():
    with pytest.raises(UsageError, match="7 is Sunday"):
        parse_period("2026-W24", week_start=0)
    with pytest.raises(UsageError, match="month 13"):
        parse_period("FY2026", fiscal_year_start_month=13)
    with pytest.raises(UsageError, match="no kind of period"):
        period_of(date(2026, 1, 1), "fortnight")


def test_local_days_begin_at_local_midnight_in_summer_and_in_winter():
    assert local_midnight(date(2026, 1, 15), "Europe/Berlin") == datetime(2026, 1, 14, 23)
    assert local_midnight(date(2026, 7, 15), "Europe/Berlin") == datetime(2026, 7, 14, 22)
    assert local_day(datetime(2026, 7, 14, 22), "Europe/Berlin") == date(2026, 7, 15)
    start, end = parse_period("2026-03-29").instants("Europe/Berlin")
    assert end - start == timedelta(hours=23)


def test_months_are_added_to_the_last_day_a_month_has():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2024, 3, 31), -1) == date(2024, 2, 29)
    assert add_months(date(2026, 12, 15), 1) == date(2027, 1, 15)
    assert weeks_in_year(2026) == 53 and weeks_in_year(2025) == 52


def test_no_periods_touch_an_empty_window():
    assert periods_between(date(2026, 1, 1), date(2026, 1, 1), "month") == []
    labels = [p.label for p in periods_between(date(2026, 1, 31), date(2026, 3, 1), "month")]
    assert labels == ["2026-01", "2026-02"]


@settings(max_examples=60)
@given(
    day=DAYS,
    kind=st.sampled_from(KINDS),
    week_start=st.integers(1, 7),
    month=st.integers(1, 12),
)
def test_every_day_lies_in_exactly_one_period_that_its_label_names(day, kind, week_start, month):
    options = {"week_start": week_start, "fiscal_year_start_month": month}
    period = period_of(day, kind, **options)
    assert period.contains(day)
    assert parse_period(period.label, **options) == period
    assert period.previous().end == period.start
    assert period_of(period.end, kind, **options).start == period.end


@settings(max_examples=60)
@given(start=DAYS, days=st.integers(1, 400))
def test_a_window_and_its_previous_one_meet_and_are_alike(start, days):
    window = parse_window(start, start + timedelta(days=days))
    previous = window.previous()
    assert previous.end == window.start
    months = window.start.day == 1 and window.end.day == 1
    assert months or previous.length_days == window.length_days
    assert window.same_last_year().length_days >= 1


def test_the_first_and_the_last_year_are_years() -> None:
    assert [parse_period(text).start for text in ("1970", "2199")] == [
        date(1970, 1, 1),
        date(2199, 1, 1),
    ]
    window = parse_window("1970-01-01", "2199-12-31")
    assert (window.start, window.end) == (date(1970, 1, 1), date(2199, 12, 31))
    for start, end in (("1969-12-31", "2026-01-01"), ("2026-01-01", "2200-01-01")):
        with pytest.raises(UsageError, match="is out of range; years run 1970 to 2199"):
            parse_window(start, end)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ((2026, 1, 15), (2026, 1, 15), 0.0),
        ((2026, 1, 15), (2026, 1, 14), 0.0),
        ((2026, 1, 15), (2026, 2, 15), 1.0),
        # From the 15th of January to the 1st of February 17 of 31 days.
        ((2026, 1, 15), (2026, 2, 1), 17 / 31),
        # A year and a month, and from the 15th of February 7 of 28 days.
        ((2025, 1, 15), (2026, 2, 22), 13 + 7 / 28),
        ((2026, 1, 31), (2026, 2, 28), 1.0),
        ((2026, 1, 31), (2026, 2, 27), 27 / 28),
        ((2026, 1, 15), (2026, 3, 1), 1.5),
    ],
)
def test_a_begun_month_counts_by_its_days(start, end, months):
    assert months_between(date(*start), date(*end)) == pytest.approx(months, abs=1e-12)


def test_a_stretch_a_year_ago_keeps_its_days_and_whole_months_stay_whole() -> None:
    stretch = parse_window(date(2025, 2, 10), date(2025, 3, 1)).same_last_year()
    assert (stretch.start, stretch.end) == (date(2024, 2, 10), date(2024, 2, 29))
    months = parse_window(date(2025, 1, 1), date(2025, 3, 1)).same_last_year()
    assert (months.start, months.end) == (date(2024, 1, 1), date(2024, 3, 1))


@pytest.mark.parametrize(("week_start", "begins"), [(1, 8), (6, 6), (7, 7)])
def test_a_week_a_year_ago_has_the_number_of_its_thursday(week_start: int, begins: int) -> None:
    week = parse_period("2026-W24", week_start=week_start)
    assert week.start == date(2026, 6, begins)
    assert week.same_last_year().label == "2025-W24"
