"""Which ways do deals take? The commonest paths to won and lost, with counts and values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from smarketing.analysis.attribution.attribute import check_dimension, checked_kinds, unvalued
from smarketing.analysis.attribution.question import Question
from smarketing.analysis.attribution.settings import AttributionSettings
from smarketing.analysis.attribution.store_paths import UnitJourneys, unit_journeys
from smarketing.analysis.availability import without_amount
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.errors import unknown

NO_TOUCH = "(no touch)"
#: How much of a path tells two apart: every step, where it began and ended, or what it held.
SHAPES = ("steps", "ends", "set")
_JOINED = {"steps": " → ", "ends": " … ", "set": " + "}


@dataclass(frozen=True)
class CommonPath:
    """One path of keys (a key that follows itself written once) and what came of it.

    Of the shape `ends` it is the first and the last key, of `set` the keys in any order. `amount`
    is what the units on it are worth under the measure (minor units); `touches` is the mean
    number of touches.
    """

    path: tuple[str, ...]
    shape: str
    unit_ids: tuple[str, ...]
    units: int
    won: int
    lost: int
    amount: int
    touches: float

    @property
    def title(self) -> str:
        """The path in one line."""
        return _JOINED[self.shape].join(self.path) if self.path else NO_TOUCH

    @property
    def win_rate(self) -> float | None:
        """Won ÷ (won + lost); None where none has ended."""
        ended = self.won + self.lost
        return self.won / ended if ended else None


@dataclass(frozen=True)
class CommonPaths:
    """The commonest paths, most deals first; `others` counts the deals on rarer ones.

    `by` is the dimension of their steps, `shape` one of SHAPES. `lacking` says how many deals are
    on no path, for want of an amount; None where there is none.
    """

    paths: tuple[CommonPath, ...]
    others: int
    units: int
    minor_digits: int
    by: str = "channel"
    shape: str = "steps"
    lacking: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON document; money in major units."""
        return {
            "units": self.units,
            "others": self.others,
            "paths": [
                {
                    "path": list(path.path),
                    "units": path.units,
                    "won": path.won,
                    "lost": path.lost,
                    "win_rate": path.win_rate,
                    "amount": path.amount / 10**self.minor_digits,
                    "touches": path.touches,
                }
                for path in self.paths
            ],
        }


def common_paths(
    engine: Engine,
    settings: AttributionSettings,
    *,
    by: str = "channel",
    filters: Filters = NO_FILTERS,
    limit: int = 20,
    outcome: str | None = None,
    shape: str = "steps",
) -> CommonPaths:
    """Return the paths most deals took, of all or of one outcome ('won' or 'lost').

    `shape` is one of SHAPES; long journeys are seldom alike in every step.

    Under `revenue` the won and lost deals of the window, under `pipeline` all deals created in it.
    Without deals there are no paths.
    """
    if shape not in SHAPES:
        raise unknown("path shape", shape, SHAPES)
    check_dimension(engine, by)
    checked_kinds(engine, settings)
    units = unit_journeys(Question(engine, settings, by, filters))
    keep = np.ones(len(units.amount), dtype=bool)
    if outcome is not None:
        ended = units.journeys.won if outcome == "won" else units.journeys.lost
        keep = ended > 0
    gathered = _gathered(units, keep, shape)
    gathered.sort(key=lambda path: (-path.units, -path.amount, path.path))
    shown = gathered[:limit]
    whole = int(keep.sum())
    others = whole - sum(path.units for path in shown)
    # What was lost is worth nothing, known or not.
    missing = 0 if outcome == "lost" else unvalued(engine, settings, filters)
    lacking = without_amount(missing, engine.currency) if missing else None
    return CommonPaths(tuple(shown), others, whole, engine.minor_digits, by, shape, lacking)


def _gathered(
    units: UnitJourneys, keep: np.ndarray[Any, np.dtype[np.bool_]], shape: str
) -> list[CommonPath]:
    plain = units.journeys.collapsed()
    keys = units.journeys.keys
    held: dict[tuple[str, ...], list[int]] = {}
    for number in np.flatnonzero(keep):
        steps = plain.steps[plain.starts[number] : plain.ends[number]]
        path = _shaped(tuple(keys[step] for step in steps), shape)
        held.setdefault(path, []).append(int(number))
    return [
        CommonPath(
            path,
            shape,
            tuple(units.unit_ids[number] for number in numbers),
            len(numbers),
            int(units.journeys.won[numbers].sum()),
            int(units.journeys.lost[numbers].sum()),
            int(units.amount[numbers].sum()),
            float(units.journeys.lengths[numbers].mean()),
        )
        for path, numbers in held.items()
    ]


def _shaped(path: tuple[str, ...], shape: str) -> tuple[str, ...]:
    if shape == "ends":
        return path if len(path) < 2 else (path[0], path[-1])
    return tuple(sorted(set(path))) if shape == "set" else path
