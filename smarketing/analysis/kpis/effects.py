"""A change split over members, exactly: volume, mix, rate, exchange, and what has no denominator.

Each effect takes the other factor at the mean of both periods, so that the effects add up to the
change in whichever order one reads them. Pure arithmetic over two periods' sizes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """One member in one period: the amount that is summed, and the weight it is divided by.

    `amount` is as converted, `at_mean` at the mean exchange rate of both periods (the same without
    foreign money). The weight is the denominator of a ratio, the records of a sum.
    """

    amount: float = 0.0
    at_mean: float = 0.0
    weight: float = 0.0


@dataclass(frozen=True)
class Effect:
    """What one member of the dimension did to the change, in the KPI's unit (money in major).

    `undivided` is the share of a member that had an amount and a denominator of zero, and so no
    rate, in one of the periods.
    """

    key: str
    volume: float = 0.0
    mix: float = 0.0
    rate: float = 0.0
    exchange: float = 0.0
    undivided: float = 0.0

    @property
    def total(self) -> float:
        """Return the member's part of the change."""
        return self.volume + self.mix + self.rate + self.exchange + self.undivided


Sizes = Mapping[str, Size]
_NOTHING = Size()


def effects_of_ratio(old: Sizes, new: Sizes) -> list[Effect]:
    """Split the change of Σ amount ÷ Σ weight; neither sum of weights may be zero."""
    whole_0, whole_1 = _weight(old), _weight(new)
    mean = (_at_mean(old) / whole_0 + _at_mean(new) / whole_1) / 2
    found = []
    for key, before, after in _pairs(old, new):
        exchange = (after.amount - after.at_mean) / whole_1
        exchange -= (before.amount - before.at_mean) / whole_0
        share_0, share_1 = before.weight / whole_0, after.weight / whole_1
        moved, middle = share_1 - share_0, (share_0 + share_1) / 2
        if _has_no_rate(before) or _has_no_rate(after):
            undivided = after.at_mean / whole_1 - before.at_mean / whole_0
            effect = Effect(key, mix=-moved * mean, exchange=exchange, undivided=undivided)
        else:
            rate_0, rate_1 = _rates(before, after)
            mix = moved * ((rate_0 + rate_1) / 2 - mean)
            effect = Effect(key, mix=mix, rate=middle * (rate_1 - rate_0), exchange=exchange)
        found.append(effect)
    return found


def effects_of_sum(old: Sizes, new: Sizes) -> list[Effect]:
    """Split the change of Σ amount; each member's effects add up to its own change."""
    whole_0, whole_1 = _weight(old), _weight(new)
    if not whole_0 or not whole_1:
        # With nothing on one side there are no shares to compare: all of it is volume.
        return [
            Effect(key, volume=after.amount - before.amount)
            for key, before, after in _pairs(old, new)
        ]
    size, grown = (whole_0 + whole_1) / 2, whole_1 - whole_0
    found = []
    for key, before, after in _pairs(old, new):
        exchange = (after.amount - after.at_mean) - (before.amount - before.at_mean)
        share_0, share_1 = before.weight / whole_0, after.weight / whole_1
        rate_0, rate_1 = _rates(before, after)
        volume = grown * (share_0 * rate_0 + share_1 * rate_1) / 2
        mix = size * (share_1 - share_0) * (rate_0 + rate_1) / 2
        rate = size * (share_0 + share_1) / 2 * (rate_1 - rate_0)
        found.append(Effect(key, volume, mix, rate, exchange))
    return found


def _pairs(old: Sizes, new: Sizes) -> list[tuple[str, Size, Size]]:
    keys = sorted({*old, *new})
    return [(key, old.get(key, _NOTHING), new.get(key, _NOTHING)) for key in keys]


def _weight(sizes: Sizes) -> float:
    return sum(size.weight for size in sizes.values())


def _at_mean(sizes: Sizes) -> float:
    return sum(size.at_mean for size in sizes.values())


def _has_no_rate(size: Size) -> bool:
    return bool(size.amount or size.at_mean) and not size.weight


def _rates(before: Size, after: Size) -> tuple[float, float]:
    """Return amount ÷ weight of both; a member absent from one came or went, it did not change."""
    own_0 = before.at_mean / before.weight if before.weight else None
    own_1 = after.at_mean / after.weight if after.weight else None
    rate_0 = own_0 if own_0 is not None else own_1 or 0.0
    return rate_0, own_1 if own_1 is not None else rate_0
