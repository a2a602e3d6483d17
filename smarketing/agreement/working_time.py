"""Working days, opening hours and holidays as agreed, for the company and for single members."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import field_validator, model_validator

from smarketing.agreement.base import Part, Prose

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Working time is laid out for these years.
FIRST_YEAR, LAST_YEAR = 1990, 2060


class Hours(Part):
    """One stretch of opening hours, local time; `24:00` is the end of the day."""

    opens: str
    closes: str

    @field_validator("opens", "closes", mode="before")
    @classmethod
    def _clock(cls, value: object) -> object:
        if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d|24:00", str(value)):
            raise ValueError(f"'{value}' is no time of day; write it as \"09:00\"")
        return str(value).zfill(5)

    @model_validator(mode="after")
    def _forwards(self) -> Hours:
        if self.closes <= self.opens:
            raise ValueError(f"closes {self.closes} is not after opens {self.opens}")
        return self

    @property
    def minutes(self) -> tuple[int, int]:
        """Return opening and closing as minutes after local midnight."""
        return _minutes(self.opens), _minutes(self.closes)


class CustomHoliday(Part):
    """A day off that no public calendar knows."""

    day: date
    name: Prose


class WorkingTime(Part):
    """When a team can be expected to answer."""

    working_days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    hours: tuple[Hours, ...] = (Hours(opens="09:00", closes="17:00"),)
    holiday_country: str | None = None
    holiday_subdivision: str | None = None
    custom_holidays: tuple[CustomHoliday, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> WorkingTime:
        if not self.working_days or not self.hours:
            raise ValueError("needs at least one working day and one stretch of hours")
        for before, after in pairwise(self.hours):
            if after.opens < before.closes:
                raise ValueError(f"hours overlap or are out of order at {after.opens}")
        self._check_country()
        return self

    def _check_country(self) -> None:
        if self.holiday_country is None:
            return
        if not _has_holidays(self.holiday_country):
            raise ValueError(
                f"no holidays are known for country '{self.holiday_country}'; write an ISO code "
                "such as DE, or null and list custom_holidays"
            )
        if self.holiday_subdivision is None:
            return
        import holidays

        parts = getattr(holidays, self.holiday_country).subdivisions
        if self.holiday_subdivision not in parts:
            raise ValueError(
                f"'{self.holiday_subdivision}' is no part of {self.holiday_country}; "
                f"valid: {', '.join(parts) or 'none'}"
            )


class MemberCalendar(Part):
    """Working time of one member who does not keep the company's."""

    member: str
    timezone: str
    working_time: WorkingTime

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        return check_timezone(value)


def _has_holidays(country: str) -> bool:
    """Whether the library knows a country's holidays.

    Its list of countries is first looked for in the file of its registry, as
    `"germany": ("Germany", "DE", "DEU")`, since every command would wait for the import of the
    library. Of what is not found there, the library is asked.
    """
    if country in countries_listed():
        return True
    from holidays.registry import EntityLoader

    # Asking holidays for its names would load every country of the world.
    return country in EntityLoader.get_country_codes(include_aliases=False)


@cache
def countries_listed() -> frozenset[str]:
    """Return the ISO codes that the holidays library lists, without importing it; maybe none."""
    library = find_spec("holidays")
    if library is None or library.origin is None:
        return frozenset()
    registry = Path(library.origin).with_name("registry.py")
    text = registry.read_text(encoding="utf-8") if registry.is_file() else ""
    return frozenset(re.findall(r'"\w+": \(\s*"\w+",\s*"([A-Z]{2})"', text))


def check_timezone(value: str) -> str:
    """Return a timezone name that exists; ValueError otherwise."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"'{value}' is no timezone; write one such as Europe/Berlin") from error
    return value


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)
