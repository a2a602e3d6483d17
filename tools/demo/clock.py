"""Time in the demo: working moments in Berlin, as microseconds of UTC since 1970."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from smarketing.agreement.calendar import BusinessCalendar
from smarketing.agreement.working_time import WorkingTime
from tools.demo.plan import AS_OF_DAY, FIRST_DAY, TIMEZONE, Bools, Floats, Ints

MINUTE = 60_000_000
DAY = 1440 * MINUTE
_EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Return days since 1970."""
    return (day - _EPOCH).days


FIRST = day_number(FIRST_DAY)
LAST = day_number(AS_OF_DAY)


@cache
def calendar() -> BusinessCalendar:
    """Return the company's calendar: Monday to Friday, nine to five, German holidays."""
    return BusinessCalendar(TIMEZONE, WorkingTime(holiday_country="DE"))


def end_of_story() -> int:
    """Return the instant after which nothing is known: half past five on the last day."""
    return int(to_utc(np.array([LAST * DAY + 1050 * MINUTE]))[0])


def to_utc(wall: Ints) -> Ints:
    """Turn wall-clock microseconds of Berlin into UTC; a clock hour that repeats is its first."""
    starts, offsets = _offsets()
    place = np.searchsorted(starts, wall, side="right") - 1
    return wall - offsets[np.maximum(place, 0)]


@cache
def _offsets() -> tuple[Ints, Ints]:
    zone = ZoneInfo(TIMEZONE)
    starts, offsets = [], []
    previous = None
    day = datetime(2022, 1, 1, 3, tzinfo=UTC)
    while day.year < 2030:
        offset = day.astimezone(zone).utcoffset() or timedelta()
        if offset != previous:
            wall = day.replace(tzinfo=None) + offset
            starts.append((wall - datetime(1970, 1, 1)) // timedelta(microseconds=1))
            offsets.append(offset // timedelta(microseconds=1))
            previous = offset
        day += timedelta(days=1)
    return np.array(starts, dtype=np.int64), np.array(offsets, dtype=np.int64)


def moments(rng: np.random.Generator, days: Ints, office: bool = False) -> Ints:
    """Place an event at a likely second of each day; office events move off the weekend."""
    days = days.astype(np.int64)
    if office:
        weekday = (days + 3) % 7  # 1970-01-01 was a Thursday; Monday is 0
        days = days + np.where(weekday == 5, 2, np.where(weekday == 6, 1, 0))
        minutes = rng.triangular(510, 640, 1040, len(days))
    else:
        minutes = np.clip(rng.normal(800, 190, len(days)), 380, 1380)
    return to_utc(days * DAY + (minutes * 60).astype(np.int64) * 1_000_000)


def arrival_days(rng: np.random.Generator, count: int) -> Ints:
    """Draw the days on which inquiries arrive: growth, summer, Christmas and weekends show."""
    days = np.arange(FIRST, LAST + 1)
    dates = days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]").astype(np.int64) % 12 + 1
    season = np.select([month == 8, month == 12, month == 7], [0.75, 0.7, 0.88], 1.0)
    weekday = np.array([1.15, 1.2, 1.15, 1.1, 0.85, 0.25, 0.2])[(days + 3) % 7]
    growth = 1.0 + 0.35 * (days - FIRST) / (LAST - FIRST)
    weight = season * weekday * growth
    return rng.choice(days, size=count, p=weight / weight.sum())


def in_slow_weeks(instants: Ints, start: date, stop: date) -> Bools:
    """Return which instants fall into `[start, stop)` of local days."""
    bounds = to_utc(np.array([day_number(start) * DAY, day_number(stop) * DAY]))
    inside: Bools = (instants >= bounds[0]) & (instants < bounds[1])
    return inside


def later_by_business(instants: Ints, minutes: Floats) -> Ints:
    """Return the instants so many business minutes later."""
    moved = calendar().after_minutes(instants.astype("datetime64[us]"), minutes)
    return moved.astype(np.int64)


def jittered(rng: np.random.Generator, instants: Ints, most_minutes: float) -> Ints:
    """Move instants forward by a random part of some minutes, to the second."""
    seconds = (rng.random(len(instants)) * most_minutes * 60).astype(np.int64)
    return instants + seconds * 1_000_000
