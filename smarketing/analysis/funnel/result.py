"""What the shared funnel answers: its stages, the steps between them, and what leaks out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.rates import Rate


@dataclass(frozen=True)
class Left:
    """How many left a stage by one exit for one reason (None: no reason given)."""

    exit: str
    reason: str | None
    count: int


@dataclass(frozen=True)
class Step:
    """From the stage before: conversion to date, and within the window among mature leads.

    `to_date.n` is what reached the stage before; `mature.n` those of them followed for
    `window_days`. `young` is the rest.
    """

    to_date: Rate
    window_days: int
    window_rule: str
    mature: Rate

    @property
    def young(self) -> int:
        """Return how many were not followed for the window yet."""
        return self.to_date.n - self.mature.n


@dataclass(frozen=True)
class Leak:
    """What became of those that reached a stage; the four parts add up to them exactly."""

    advanced: int
    here: int
    moved_back: int
    left: tuple[Left, ...]

    @property
    def left_count(self) -> int:
        """Return how many left, by any exit."""
        return sum(part.count for part in self.left)

    @property
    def total(self) -> int:
        """Return how many reached the stage."""
        return self.advanced + self.here + self.moved_back + self.left_count


@dataclass(frozen=True)
class FunnelStage:
    """One stage of one funnel. `step` is None for the first stage and outside cohort mode,
    `leak` is None in a snapshot."""

    stage: str
    label: str
    owner_side: str
    count: int
    step: Step | None
    leak: Leak | None

    @property
    def reason(self) -> str | None:
        """Return why the step into this stage has no rate; None where it has, or there is none."""
        if self.step is None or self.step.mature.rate is not None:
            return None
        if not self.step.to_date.n:
            return "no lead reached the stage before"
        return "no lead is old enough yet to judge this step"

    def as_dict(self) -> dict[str, Any]:
        """Return the stage with the keys of the command line's JSON."""
        step, leak = self.step, self.leak
        reason = {} if self.reason is None else {"reason": self.reason}
        return reason | {
            "stage": self.stage,
            "count": self.count,
            "converted": step and step.to_date.successes,
            "rate": step and step.to_date.rate,
            "low": step and step.to_date.low,
            "high": step and step.to_date.high,
            "window_days": step and step.window_days,
            "mature": step and step.mature.n,
            "mature_rate": step and step.mature.rate,
            "advanced": leak and leak.advanced,
            "here": leak and leak.here,
            "moved_back": leak and leak.moved_back,
            "left": [
                {"exit": part.exit, "reason": part.reason, "count": part.count}
                for part in (leak.left if leak else ())
            ],
        }


@dataclass(frozen=True)
class FunnelGroup:
    """The funnel of one value of a dimension; `key` is `(all)` for the whole."""

    key: str
    stages: tuple[FunnelStage, ...]
    exited: int | None

    def as_dict(self) -> dict[str, Any]:
        """Return the group with the keys of the command line's JSON."""
        return {"key": self.key, "stages": [stage.as_dict() for stage in self.stages]}


@dataclass(frozen=True)
class Joined:
    """Deals carried by no lead: the row "joined at opportunity".

    `created` and `won` are those created in the window (in a snapshot: open, and won by then);
    `created_unknown` is outside every window because its creation is a load stamp or missing.
    """

    created: int
    won: int
    created_unknown: int


@dataclass(frozen=True)
class FunnelResult:
    """The funnel of a window or an instant, whole or by a dimension.

    `start_unknown` leads are in no cohort because their beginning is unknown; `leads` is all. `at`
    is the snapshot's day, or its instant with its offset, `standing_day` the agreement's day of
    that; None in the other modes. `reason` says why that no lead is counted is no zero; None where
    leads are counted or none is a zero. `exits_reason` says why that none left is not known,
    `untold` what is to be imported so that a stage is known that no lead of any source has ever
    reached.
    """

    settings: FunnelSettings
    as_of_day: dt.date
    by: str | None
    groups: tuple[FunnelGroup, ...]
    joined: Joined
    leads: int
    start_unknown: int
    at: str | None = None
    standing_day: dt.date | None = None
    reason: str | None = None
    exits_reason: str | None = None
    untold: Mapping[str, str] = field(default_factory=dict)

    @property
    def stages(self) -> tuple[FunnelStage, ...]:
        """Return the stages of the whole; of the first group where cut by a dimension."""
        return self.groups[0].stages

    @property
    def last_told(self) -> FunnelStage:
        """Return the last stage that any lead of any source has reached; the first without one."""
        return next(
            (s for s in reversed(self.stages) if s.stage not in self.untold), self.stages[0]
        )

    @property
    def exited(self) -> int | None:
        """Return how many had left at the snapshot's instant; None in the other modes."""
        if self.settings.mode != "snapshot":
            return None
        return sum(group.exited or 0 for group in self.groups)

    def as_dict(self) -> dict[str, Any] | list[dict[str, Any]]:
        """Return the JSON of `smarketing funnel`; cut by a dimension, a list of groups."""
        if self.by is not None:
            return [group.as_dict() for group in self.groups]
        settings, window = self.settings, self.settings.window
        shown = window if settings.mode != "snapshot" else None
        reason = {} if self.reason is None else {"reason": self.reason}
        return reason | {
            "mode": settings.mode,
            "skips": settings.skips,
            "reentry": settings.reentry,
            "from": shown and shown.start.isoformat(),
            "to": shown and shown.end.isoformat(),
            "at": self.at,
            "as_of": self.as_of_day.isoformat(),
            "joined_at_opportunity": None
            if reason and not self.joined.created
            else self.joined.created,
            "exited": None if reason else self.exited,
            "stages": [self._told(stage) for stage in self.stages],
        }

    def _told(self, stage: FunnelStage) -> dict[str, Any]:
        """Return a stage as JSON; what is no zero of it is not there."""
        told = stage.as_dict()
        if self.reason is not None or stage.stage in self.untold:
            told |= dict.fromkeys(("count", "converted", "advanced", "here", "moved_back"))
        return told | ({"reason": self.untold[stage.stage]} if stage.stage in self.untold else {})
