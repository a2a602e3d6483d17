"""B(t), the open minutes of a calendar up to an instant, and what follows from it.

The calendar is laid out once as open intervals in UTC, so a scalar and an array of 500,000
instants are answered by the same binary search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from smarketing.agreement.working_time import FIRST_YEAR, LAST_YEAR
from smarketing.errors import UsageError

Instants = npt.NDArray[np.datetime64]
Floats = npt.NDArray[np.float64]
_MINUTE = 60_000_000
_NAT = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Clock:
    """The open minutes of working days, laid out when they are first asked for.

    `hours` are the stretches of a day in minutes after local midnight.
    """

    timezone: str
    hours: Sequence[tuple[int, int]]
    days: Sequence[date]

    def open_minutes(self, instants: Any) -> Floats:
        """Return B(t): open minutes from 1990 up to each naive UTC instant; NaN for a missing one.

        Takes anything numpy reads as datetime64: a list, a Series, one datetime.
        """
        micros = _micros(instants)
        starts, ends, before = self._intervals
        index = np.searchsorted(starts, micros, side="right") - 1
        safe = np.maximum(index, 0)
        inside = np.clip(micros, starts[safe], ends[safe]) - starts[safe]
        total = np.where(index < 0, 0, before[safe] + inside) / _MINUTE
        return np.where(micros == _NAT, np.nan, total)

    def after_minutes(self, instants: Any, minutes: Any) -> Instants:
        """Return the earliest instant at which so many open minutes have passed since each one."""
        micros = _micros(instants)
        goal = np.rint((self.open_minutes(instants) + minutes) * _MINUTE)
        missing = (micros == _NAT) | np.isnan(goal)
        goal = np.where(missing, 0, goal).astype(np.int64)
        starts, ends, before = self._intervals
        index = np.maximum(np.searchsorted(before, goal, side="left") - 1, 0)
        found = np.minimum(starts[index] + goal - before[index], ends[index])
        found = np.where(missing, _NAT, np.maximum(found, micros))
        return found.astype("datetime64[us]")

    def after_days(self, instants: Any, days: int) -> Instants:
        """Return the close of business of the n-th working day after each instant's local day."""
        if days < 1:
            raise UsageError(f"A deadline of {days} business days is not after its start; use 1+.")
        micros = _micros(instants)
        closes, numbers = self._closings
        local = self._local_day_numbers(micros)
        index = np.searchsorted(numbers, local, side="right") + days - 1
        found = closes[np.minimum(index, len(closes) - 1)]
        return np.where(micros == _NAT, _NAT, found).astype("datetime64[us]")

    @cached_property
    def _layout(self) -> list[tuple[date, int, int]]:
        zone = ZoneInfo(self.timezone)
        return [
            (day, _utc_micros(day, opens, zone), _utc_micros(day, closes, zone))
            for day in self.days
            for opens, closes in self.hours
        ]

    @cached_property
    def _intervals(
        self,
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        starts = np.array([start for _, start, _ in self._layout], dtype=np.int64)
        ends = np.array([end for _, _, end in self._layout], dtype=np.int64)
        lengths = ends - starts
        return starts, ends, np.cumsum(lengths) - lengths

    @cached_property
    def _closings(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        last = {day.toordinal(): end for day, _, end in self._layout}
        numbers = np.array(list(last), dtype=np.int64)
        return np.array(list(last.values()), dtype=np.int64), numbers

    def _local_day_numbers(self, micros: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        midnights, ordinals = self._midnights
        index = np.searchsorted(midnights, micros, side="right") - 1
        return ordinals[np.clip(index, 0, len(ordinals) - 1)]

    @cached_property
    def _midnights(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        zone = ZoneInfo(self.timezone)
        first, last = date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR + 1, 1, 1).toordinal()
        ordinals = np.arange(first, last, dtype=np.int64)
        instants = [_utc_micros(date.fromordinal(int(n)), 0, zone) for n in ordinals]
        return np.array(instants, dtype=np.int64), ordinals


def _micros(instants: Any) -> npt.NDArray[np.int64]:
    return np.asarray(instants, dtype="datetime64[us]").astype(np.int64)


def _utc_micros(day: date, minute: int, zone: ZoneInfo) -> int:
    local = datetime(day.year, day.month, day.day, tzinfo=zone)
    if minute == 1440:
        local = datetime.fromordinal(day.toordinal() + 1).replace(tzinfo=zone)
    elif minute:
        local = local.replace(hour=minute // 60, minute=minute % 60)
    utc = local.astimezone(UTC)
    return (utc - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
