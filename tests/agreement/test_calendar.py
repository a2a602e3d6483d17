"""Business time: the worked examples of the definitions, summer time, holidays, many at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest
from holidays.registry import EntityLoader
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from smarketing.agreement import working_time
from smarketing.agreement.calendar import BusinessCalendar
from smarketing.agreement.working_time import CustomHoliday, Hours, WorkingTime, countries_listed
from smarketing.errors import UsageError

UTC = BusinessCalendar("UTC", WorkingTime())
BERLIN = BusinessCalendar("Europe/Berlin", WorkingTime())
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31))


def test_friday_afternoon_to_monday_morning_is_75_minutes():
    assert UTC.business_minutes(datetime(2026, 6, 5, 16, 30), datetime(2026, 6, 8, 9, 45)) == 75


def test_with_that_monday_a_holiday_to_tuesday_is_75_too():
    off = WorkingTime(custom_holidays=(CustomHoliday(day=date(2026, 6, 8), name="Outing"),))
    calendar = BusinessCalendar("UTC", off)
    assert (
        calendar.business_minutes(datetime(2026, 6, 5, 16, 30), datetime(2026, 6, 9, 9, 45)) == 75
    )


def test_saturday_to_monday_morning_is_10_minutes():
    assert UTC.business_minutes(datetime(2026, 6, 6, 11), datetime(2026, 6, 8, 9, 10)) == 10


def test_an_evening_has_no_open_minutes():
    assert UTC.business_minutes(datetime(2026, 6, 10, 18), datetime(2026, 6, 10, 18, 30)) == 0


def test_hours_are_local_before_and_after_summer_time_begins():
    # Clocks go forward on Sunday 29 March 2026: Friday closes at 16:00 UTC, Monday opens at 07:00.
    assert (
        BERLIN.business_minutes(datetime(2026, 3, 27, 15, 30), datetime(2026, 3, 30, 7, 45)) == 75
    )


def test_a_team_that_never_closes_loses_the_hour_that_does_not_exist():
    always = BusinessCalendar(
        "Europe/Berlin",
        WorkingTime(
            working_days=("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
            hours=(Hours(opens="00:00", closes="24:00"),),
        ),
    )
    start, end = datetime(2026, 3, 28, 23), datetime(2026, 3, 29, 22)
    assert always.business_minutes(start, end) == 23 * 60
    assert (
        always.business_minutes(datetime(2026, 10, 24, 22), datetime(2026, 10, 25, 23)) == 25 * 60
    )


def test_a_lunch_break_is_closed():
    hours = (Hours(opens="09:00", closes="12:00"), Hours(opens="13:00", closes="17:00"))
    calendar = BusinessCalendar("UTC", WorkingTime(hours=hours))
    assert (
        calendar.business_minutes(datetime(2026, 6, 9, 11, 30), datetime(2026, 6, 9, 13, 30)) == 60
    )


def test_the_countries_listed_are_those_of_the_library():
    assert countries_listed() == set(EntityLoader.get_country_codes(include_aliases=False))


@pytest.mark.parametrize("found", [None, ModuleSpec("holidays", None, origin=None)])
def test_no_countries_are_listed_where_the_library_lies_nowhere(found, monkeypatch):
    monkeypatch.setattr(working_time, "find_spec", {"holidays": found}.get)
    assert countries_listed.__wrapped__() == frozenset()


def test_public_holidays_of_a_country_are_closed():
    calendar = BusinessCalendar("Europe/Berlin", WorkingTime(holiday_country="DE"))
    assert not calendar.is_working_day(date(2026, 5, 1))
    assert calendar.is_working_day(date(2026, 5, 4))
    assert calendar.working_days(date(2026, 4, 30), date(2026, 5, 5)) == [
        date(2026, 4, 30),
        date(2026, 5, 4),
    ]
    bavaria = WorkingTime(holiday_country="DE", holiday_subdivision="BY")
    assert not BusinessCalendar("Europe/Berlin", bavaria).is_working_day(date(2026, 1, 6))
    assert calendar.is_working_day(date(2026, 1, 6))


def test_seconds_count_and_backwards_is_negative():
    start, end = datetime(2026, 6, 9, 10, 0, 30), datetime(2026, 6, 9, 10, 2)
    assert UTC.business_minutes(start, end) == 1.5
    assert UTC.business_minutes(end, start) == -1.5


def test_many_instants_at_once_and_a_missing_one():
    instants = np.array(["2026-06-09T10:00", "NaT", "2026-06-09T12:00"], dtype="datetime64[us]")
    minutes = UTC.minutes_between(np.datetime64("2026-06-09T09:00"), instants)
    assert minutes[0] == 60 and np.isnan(minutes[1]) and minutes[2] == 180
    assert UTC.open_minutes(np.array([], dtype="datetime64[us]")).shape == (0,)


def test_half_a_million_instants_equal_the_scalar_answers():
    start = np.datetime64("2025-01-01T00:00", "us")
    instants = start + np.arange(500_000).astype("timedelta64[m]")
    found = BERLIN.open_minutes(instants)
    for place in range(0, 500_000, 49_999):
        one = instants[place].astype(datetime)
        assert found[place] == float(BERLIN.open_minutes(one))
    assert np.all(np.diff(found) >= 0) and np.all(np.diff(found) <= 1)


def test_a_deadline_of_four_hours_on_friday_afternoon_is_monday_at_noon():
    due = UTC.after_minutes(datetime(2026, 6, 5, 16), 240)
    assert due.astype(datetime) == datetime(2026, 6, 8, 12)
    assert UTC.after_minutes(datetime(2026, 6, 6, 8), 1).astype(datetime) == datetime(
        2026, 6, 8, 9, 1
    )
    assert UTC.after_minutes(datetime(2026, 6, 6, 8), 0).astype(datetime) == datetime(2026, 6, 6, 8)


def test_a_deadline_in_business_days_is_the_close_of_the_last_one():
    due = BERLIN.after_days(
        np.array([datetime(2026, 6, 5, 7), datetime(2026, 6, 6, 7)], "M8[us]"), 2
    )
    assert due.astype(datetime).tolist() == [datetime(2026, 6, 9, 15), datetime(2026, 6, 9, 15)]
    assert np.isnat(BERLIN.after_days(np.datetime64("NaT"), 1))
    with pytest.raises(UsageError, match="0 business days"):
        BERLIN.after_days(datetime(2026, 6, 5), 0)


@settings(max_examples=60)
@given(first=MOMENTS, second=MOMENTS, third=MOMENTS)
def test_open_minutes_add_up_and_never_exceed_the_elapsed_ones(first, second, third):
    first, second, third = sorted((first, second, third))
    whole = BERLIN.business_minutes(first, third)
    parts = BERLIN.business_minutes(first, second) + BERLIN.business_minutes(second, third)
    assert whole == pytest.approx(parts, abs=1e-6)
    assert 0 <= whole <= (third - first) / timedelta(minutes=1) + 1e-6


@settings(max_examples=60)
@given(start=MOMENTS, minutes=st.integers(1, 20_000))
def test_a_deadline_is_the_first_instant_with_so_many_open_minutes(start, minutes):
    due = BERLIN.after_minutes(start, minutes).astype(datetime)
    assert BERLIN.business_minutes(start, due) == pytest.approx(minutes, abs=1e-6)
    before = due - timedelta(minutes=1)
    assert BERLIN.business_minutes(start, before) < minutes


def test_a_part_that_a_country_does_not_have_is_refused_with_those_it_has():
    with pytest.raises(ValueError, match="'BAY' is no part of DE; valid: BB, BE, BW, BY"):
        WorkingTime(holiday_country="DE", holiday_subdivision="BAY")
    with pytest.raises(ValueError, match="'SJ' is no part of DK; valid: none"):
        WorkingTime(holiday_country="DK", holiday_subdivision="SJ")


@pytest.mark.parametrize(
    ("first", "second", "at"),
    [
        (("09:00", "12:00"), ("11:59", "17:00"), "11:59"),
        (("13:00", "17:00"), ("09:00", "12:00"), "09:00"),
    ],
)
def test_hours_that_overlap_or_run_backwards_are_refused(
    first: tuple[str, str], second: tuple[str, str], at: str
) -> None:
    hours = [{"opens": opens, "closes": closes} for opens, closes in (first, second)]
    with pytest.raises(ValidationError, match=f"hours overlap or are out of order at {at}"):
        WorkingTime.model_validate({"hours": hours})


def test_hours_may_begin_where_others_end() -> None:
    hours = [{"opens": "9:00", "closes": "12:00"}, {"opens": "12:00", "closes": "24:00"}]
    found = WorkingTime.model_validate({"hours": hours}).hours
    assert [one.minutes for one in found] == [(540, 720), (720, 1440)]


@pytest.mark.parametrize(("opens", "closes"), [("09:00", "09:00"), ("17:00", "09:00")])
def test_hours_close_after_they_open(opens: str, closes: str) -> None:
    with pytest.raises(ValidationError, match=f"closes {closes} is not after opens {opens}"):
        Hours(opens=opens, closes=closes)


@pytest.mark.parametrize("clock", ["24:01", "9:60", "25:00", "9", "noon", "24:30"])
def test_a_time_of_day_is_one(clock: str) -> None:
    with pytest.raises(ValidationError, match="is no time of day"):
        Hours(opens="00:00", closes=clock)


@pytest.mark.parametrize("name", ["working_days", "hours"])
def test_some_day_and_some_hour_is_worked(name: str) -> None:
    with pytest.raises(ValidationError, match="at least one working day and one stretch of hours"):
        WorkingTime.model_validate({name: []})


def test_the_holidays_of_a_country_are_the_library_s_and_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smarketing.kept.user_cache_path", lambda _name: tmp_path)
    for part, open_days in (("BY", [2]), (None, [1, 2])):  # All Saints' in Bavaria alone
        time = WorkingTime(holiday_country="DE", holiday_subdivision=part)
        calendar = BusinessCalendar("Europe/Berlin", time)
        days = calendar.working_days(date(2027, 11, 1), date(2027, 11, 3))
        assert [day.day for day in days] == open_days
    monkeypatch.setattr("holidays.country_holidays", lambda *_, **__: pytest.fail("asked again"))
    again = BusinessCalendar("Europe/Berlin", time)
    assert again.working_days(date(2026, 12, 24), date(2026, 12, 27)) == [date(2026, 12, 24)]
