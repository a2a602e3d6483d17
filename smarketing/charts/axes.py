"""Axes that read as the numbers do: k, M and bn, whole numbers for counts, rates in percent."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from smarketing.charts import format as fmt

RATES = frozenset({"rate", "percent", "share"})
MONEY = frozenset({"currency", "money", "amount"})
COUNTS = frozenset({"count", "leads", "deals", "accounts"})
_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)
_DAY = 1440.0
_MINUTES = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 240.0, 480.0, _DAY, 2 * _DAY)
_AFTER = {name: f"{fmt.THIN}{mark}" for name, mark in
          (("days", "d"), ("ratio", "×"), ("multiple", "×"), ("x", "×"))}  # fmt: skip
_TIMES = frozenset({"minutes", "business_minutes"})


def value_axis(
    values: Iterable[Any], unit: str, currency: str, *, count: int = 5
) -> dict[str, Any]:
    """The ticks of an axis that starts at zero and holds `values`, written by unit."""
    known = [float(v) for v in values if not fmt.is_missing(v)]
    low, high = min([*known, 0.0]), max([*known, 0.0])
    places = ticks(low, high, unit, count)
    return {"tickvals": places, "ticktext": tick_words(places, unit, currency)}


def ticks(low: float, high: float, unit: str = "number", count: int = 5) -> list[float]:
    """About `count` round numbers from `low` to `high`, zero among them where it lies between."""
    if high <= low:
        return [low]
    step = _step((high - low) / count, unit)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(place * step, 12) for place in range(first, last + 1)]


def _step(rough: float, unit: str) -> float:
    """The next round step: of a clock for minutes, whole for counts."""
    if unit in _TIMES and rough <= _MINUTES[-1]:
        return next(step for step in _MINUTES if step >= rough)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(nice * power for nice in _NICE if nice * power >= rough * (1 - 1e-9))
    return max(1.0, math.ceil(step - 1e-9)) if unit in COUNTS else step


def tick_words(places: Sequence[float], unit: str, currency: str) -> list[str]:
    """What stands at the ticks: all in one scale and with as many decimals as they need."""
    step = places[1] - places[0] if len(places) > 1 else abs(places[0]) if places else 0.0
    if unit in RATES:
        decimals = _decimals(step * 100)
        return [fmt.percent(place, decimals if place else 0) for place in places]
    if unit in _TIMES:
        return [fmt.minutes(place) for place in places]
    largest = max((abs(place) for place in places), default=0.0)
    size, suffix = fmt.scale_of(0.0 if unit in COUNTS and largest < fmt.WHOLE_BELOW else largest)
    decimals = _decimals(step / size)
    if unit in MONEY and size == 1 and decimals == 1:
        decimals = 2
    words = [f"{fmt.number(p / size, decimals)}{suffix}" if p else "0" for p in places]
    if unit in MONEY:
        return [fmt.with_currency(text, currency) for text in words]
    return [f"{text}{_AFTER.get(unit, '')}" for text in words]


def _decimals(step: float) -> int:
    return next((d for d in range(4) if abs(round(step, d) - step) < 1e-9 * max(step, 1.0)), 4)
