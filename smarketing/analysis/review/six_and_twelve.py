"""What the weekly review shows of a KPI: its periods, what they rest on, limits and signals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from smarketing.analysis.kpis.targets import Standing
from smarketing.analysis.review.limits import Limits, Signal
from smarketing.periods import Period

if TYPE_CHECKING:
    from smarketing.workspace.records import Reported

Grain = Literal["week", "month"]
Counts = tuple[float, float]


@dataclass(frozen=True)
class Total:
    """A KPI's total in a period, in major units; of a rate on few records the `counts` it is of."""

    value: float | None = None
    counts: Counts | None = None


def recorded(one: Reported) -> Total:
    """Return a value as a meeting put it on record, a rate on few with its counts."""
    if one.value is None or one.n is None:
        return Total(one.value)
    return Total(one.value, (round(one.value * one.n), one.n))


def of_no_period(reason: str, label: str) -> str:
    """Return why a period has no value without the period, as it holds of others like it."""
    return reason.removesuffix(f" for {label}").removesuffix(f" in {label}")


@dataclass(frozen=True)
class Ground:
    """What a value rests on, where that must be said with it.

    `counts` are what went on and of how many, of a rate on few records: it is shown by them. Of
    the records `lacking` counts some have no amount that a sum could add, of how many. `reason`
    says why there is no value, where there is none. `is_few`: a rate of too few for a finding.
    """

    counts: Counts | None = None
    lacking: tuple[int, int] | None = None
    reason: str | None = None
    is_few: bool = False


@dataclass(frozen=True)
class Point:
    """One period: its total in major units, and the same on the shared scale; None: not available.

    `is_running`: not over yet by the data's date; its scale is that of the days that are over.
    """

    period: Period
    value: float | None
    scaled: float | None
    last_year: float | None
    last_year_scaled: float | None
    target_scaled: float | None
    is_running: bool
    ground: Ground = Ground()
    last_year_ground: Ground = Ground()


@dataclass(frozen=True)
class Series:
    """The periods of one grain, oldest first, their limits and what lies beyond them.

    A signal's indices count among `points`. `are_agreed`: the limits are those both teams signed;
    `found_now` are what the periods before would set today.
    """

    grain: Grain
    points: tuple[Point, ...]
    limits: Limits | None
    signals: tuple[Signal, ...]
    are_agreed: bool = False
    found_now: Limits | None = None

    @property
    def last(self) -> Point | None:
        """Return the newest complete period, None where all are running."""
        return next((p for p in reversed(self.points) if not p.is_running), None)

    @property
    def signal(self) -> Signal | None:
        """Return the signal that the last complete period belongs to, None without one."""
        last = max((i for i, p in enumerate(self.points) if not p.is_running), default=-1)
        return next((s for s in reversed(self.signals) if s.last == last), None)


@dataclass(frozen=True)
class ToDate:
    """A KPI in a period up to the data's date, and how it stands against its pace."""

    period: Period
    value: float | None
    standing: Standing | None
    ground: Ground = Ground()


@dataclass(frozen=True)
class SixAndTwelve:
    """One KPI as the weekly review shows it; `to_date` holds week, month, quarter and year.

    `fault` says what is wrong with the KPI or one it is made of, where it cannot be asked for;
    `reason` why no period that is shown has a value, where none has; `lacks` what the newest
    complete week or month leaves out: amounts that are not known.
    """

    id: str
    label: str
    unit: str
    direction: str
    is_flow: bool
    weeks: Series
    months: Series
    last_week: Point
    to_date: tuple[ToDate, ...] = field(default=())
    fault: str | None = None
    reason: str | None = None
    lacks: str | None = None
    earlier: Mapping[str, Total] = field(default_factory=dict, compare=False, repr=False)

    @property
    def signal(self) -> Signal | None:
        """Return the signal of the newest complete week, else of the month."""
        return None if self._signalled is None else self._signalled.signal

    @property
    def signal_at(self) -> Period | None:
        """Return the week or month that the signal belongs to, the last of several in a row."""
        last = None if self._signalled is None else self._signalled.last
        return None if last is None else last.period

    @property
    def _signalled(self) -> Series | None:
        return next((series for series in (self.weeks, self.months) if series.signal), None)

    @property
    def can_tell(self) -> bool:
        """Whether the newest complete week or month can be held against limits."""
        ends = (series.last for series in (self.weeks, self.months) if series.limits)
        return any(p and p.scaled is not None and not p.ground.is_few for p in ends)

    def shown(self) -> dict[str, Total]:
        """Return every value that is shown of it, by the label of its period."""
        known: tuple[Point | ToDate, ...] = (*self.weeks.points, *self.months.points, *self.to_date)
        return {one.period.label: Total(one.value, one.ground.counts) for one in known}

    def totals(self) -> dict[str, Total]:
        """Return every value that was read of it, shown or not."""
        return {**self.earlier, **self.shown()}

    @property
    def off_pace(self) -> tuple[ToDate, ...]:
        """Return where it is behind or at risk."""
        late = ("behind", "at risk")
        return tuple(t for t in self.to_date if t.standing and t.standing.status in late)
