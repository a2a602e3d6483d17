"""Process limits (XmR) and the signals beyond them: is a change more than normal variation?

Pure functions over values in the order of time. Limits are the centre plus and minus a multiple of
the moving range, the distance of neighbouring values. Source: D. J. Wheeler, Understanding
Variation (1993) and Understanding Statistical Process Control (2010), whose factors these are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median
from typing import Literal

#: Earlier periods, complete and mature, below which no limit is drawn.
NEEDED = 12
#: What the mean and the median moving range are multiplied by.
OF_MEAN, OF_MEDIAN = 2.66, 3.14
#: Values in a row on one side of the centre that are a signal.
RUN = 8
OUTSIDE, IN_A_ROW = "one point outside the limits", "eight in a row on one side"

Basis = Literal["mean", "median"]


@dataclass(frozen=True)
class Limits:
    """The band of normal variation; it never leaves what the values can be."""

    centre: float
    lower: float
    upper: float

    def holds(self, value: float) -> bool:
        """Return whether a value is within normal variation."""
        return self.lower <= value <= self.upper

    @property
    def is_wide(self) -> bool:
        """Whether the band reaches as far from its centre as the centre lies from nothing."""
        return (self.upper - self.lower) / 2 >= abs(self.centre)


@dataclass(frozen=True)
class Signal:
    """More than normal variation: the rule, the side, the first and the last index of it."""

    rule: str
    side: Literal["above", "below"]
    first: int
    last: int


def limits_of(
    values: Sequence[float],
    *,
    basis: Basis = "mean",
    needed: int = NEEDED,
    at_most: float | None = None,
) -> Limits | None:
    """Return the limits that earlier values set; None for fewer than `needed`, or fewer than two.

    `mean` is the centre ± 2.66 × the mean moving range, `median` the median ± 3.14 × the median
    one, which a few wild values cannot widen. `at_most` is what no value can exceed, as a part of a
    whole 1: no limit lies beyond it, nor below zero where no value does.
    """
    if len(values) < max(needed, 2):
        return None
    average, factor = (fmean, OF_MEAN) if basis == "mean" else (median, OF_MEDIAN)
    centre = float(average(values))
    reach = factor * float(average([abs(later - earlier) for earlier, later in pairwise(values)]))
    lower, upper = centre - reach, centre + reach
    if min(values) >= 0:
        lower = max(lower, 0.0)
    return Limits(centre, lower, upper if at_most is None else min(upper, at_most))


def signals(values: Sequence[float | None], limits: Limits) -> tuple[Signal, ...]:
    """Return every signal in a series, oldest first; a missing value ends a run and is no signal.

    A run is named once, with all that belong to it; a value on the centre belongs to neither side.
    """
    found = [_outside(index, value, limits) for index, value in enumerate(values)]
    return tuple(
        sorted(
            [*(signal for signal in found if signal), *_runs(values, limits.centre)],
            key=lambda signal: (signal.last, signal.first),
        )
    )


def _outside(index: int, value: float | None, limits: Limits) -> Signal | None:
    if value is None or limits.holds(value):
        return None
    return Signal(OUTSIDE, "above" if value > limits.upper else "below", index, index)


def _runs(values: Sequence[float | None], centre: float) -> list[Signal]:
    found: list[Signal] = []
    begin = 0
    sides = [_side(value, centre) for value in values]
    for index in range(1, len(sides) + 1):
        if index == len(sides) or sides[index] != sides[begin]:
            side = sides[begin]
            if side and index - begin >= RUN:
                found.append(Signal(IN_A_ROW, side, begin, index - 1))
            begin = index
    return found


def _side(value: float | None, centre: float) -> Literal["above", "below"] | None:
    if value is None or value == centre:
        return None
    return "above" if value > centre else "below"
