"""Business time: which days a team works, and through `clock.py` the open minutes B(t).

Instants are naive UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from smarketing.agreement.working_time import FIRST_YEAR, LAST_YEAR, WEEKDAYS, WorkingTime

if TYPE_CHECKING:
    from smarketing.agreement.clock import Clock, Floats, Instants


@dataclass(frozen=True)
class BusinessCalendar:
    """Working time in a timezone. Equal settings make equal, hashable calendars.

    Instants before 1990 or after 2060 count as outside every opening hour.
    """

    timezone: str
    working_time: WorkingTime = field(default_factory=WorkingTime)

    def is_working_day(self, day: date) -> bool:
        """Return whether the team works on a local day."""
        return WEEKDAYS[day.weekday()] in self._weekdays and day not in self._days_off

    def working_days(self, start: date, end: date) -> list[date]:
        """Return the working days of `[start, end)`, in order."""
        days = (start + timedelta(days=n) for n in range((end - start).days))
        return [day for day in days if self.is_working_day(day)]

    def open_minutes(self, instants: Any) -> Floats:
        """Return B(t): open minutes from 1990 up to each naive UTC instant; NaN for a missing one.

        Takes anything numpy reads as datetime64: a list, a Series, one datetime.
        """
        return self._clock.open_minutes(instants)

    def minutes_between(self, start: Any, end: Any) -> Floats:
        """Return B(end) − B(start) in minutes, negative where end is before start."""
        return self.open_minutes(end) - self.open_minutes(start)

    def business_minutes(self, start: datetime, end: datetime) -> float:
        """Return the open minutes between two naive UTC instants."""
        return float(self.minutes_between(start, end))

    def after_minutes(self, instants: Any, minutes: Any) -> Instants:
        """Return the earliest instant at which so many open minutes have passed since each one."""
        return self._clock.after_minutes(instants, minutes)

    def after_days(self, instants: Any, days: int) -> Instants:
        """Return the close of business of the n-th working day after each instant's local day."""
        return self._clock.after_days(instants, days)

    @cached_property
    def _clock(self) -> Clock:
        # Arrays are for those who ask for minutes; to know a working day needs none.
        from smarketing.agreement.clock import Clock

        days = self.working_days(date(FIRST_YEAR, 1, 1), date(LAST_YEAR + 1, 1, 1))
        hours = [stretch.minutes for stretch in self.working_time.hours]
        return Clock(self.timezone, hours, days)

    @cached_property
    def _weekdays(self) -> frozenset[str]:
        return frozenset(self.working_time.working_days)

    @cached_property
    def _days_off(self) -> frozenset[date]:
        time = self.working_time
        public = _public_holidays(time.holiday_country, time.holiday_subdivision)
        return public | {custom.day for custom in time.custom_holidays}


def _public_holidays(country: str | None, subdivision: str | None) -> frozenset[date]:
    """Return a country's days off; its library loads every country before it tells of one."""
    if country is None:
        return frozenset()
    # Every command loads the agreement's calendar; few ask it for a day.
    from importlib.metadata import version

    from smarketing.kept import kept

    where = f"{country}-{subdivision or 'all'}-{version('holidays')}"
    days = kept("holidays", where, lambda: _told_holidays(country, subdivision))
    return frozenset(map(date.fromisoformat, days))


def _told_holidays(country: str, subdivision: str | None) -> list[str]:
    import holidays

    years = range(FIRST_YEAR, LAST_YEAR + 1)
    told = holidays.country_holidays(country, subdiv=subdivision, years=years)
    return [day.isoformat() for day in told]
