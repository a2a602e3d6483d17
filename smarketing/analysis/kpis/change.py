"""Why did a KPI change? The change between two periods, split over the members of a dimension.

For a sum: volume (more or fewer records), mix (other shares of members) and rate (more or less per
record); for a ratio: mix (other shares of the denominator) and rate, and what members without a
denominator brought; for money the exchange rates apart. The effects add up to the change exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from smarketing.agreement import Agreement, Kpi
from smarketing.analysis.kpis.effects import (
    Effect,
    Size,
    Sizes,
    effects_of_ratio,
    effects_of_sum,
)
from smarketing.analysis.kpis.exchange import Gains, exchange_gains
from smarketing.analysis.kpis.expressions import measure_of
from smarketing.analysis.kpis.measured import ALL, NOW, Values
from smarketing.analysis.kpis.parts import Parts, parts_of
from smarketing.analysis.kpis.reader import Reader, why
from smarketing.analysis.kpis.values import base_kpis, measure_all
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.periods import Period

__all__ = ["BEFORE", "Change", "Effect", "explain_change"]

BEFORE = "before"
#: How far the members' sum may lie from the whole before it is another number, not rounding.
_SLACK = 1e-9


@dataclass(frozen=True)
class Change:
    """A KPI in two periods and what each member of a dimension did to the difference.

    `effects` are sorted by size and add up to `after - before`; empty where the change is not
    available, for which `reason` says why.
    """

    kpi_id: str
    unit: str
    by: str
    before: float | None
    after: float | None
    effects: tuple[Effect, ...]
    reason: str | None = None

    @property
    def difference(self) -> float | None:
        """Return after less before; None where either is not available."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before

    @property
    def largest(self) -> Effect | None:
        """The effect that made the largest part of the change, of several.

        None where that is of what is not known, which says where nothing can be done, and of a
        rate, since a member's part of one rests on the few records of it.
        """
        if self.unit == "rate":
            return None
        whole = self.difference or 0.0
        first = max(self.effects, key=lambda effect: effect.total * whole, default=None)
        if first is None or len(self.effects) < 2 or first.total * whole <= 0:
            return None
        return None if first.key.startswith("(") else first


def explain_change(
    engine: Engine,
    agreement: Agreement,
    kpi_id: str,
    window: Period,
    before: Period,
    by: str,
    filters: Filters = NO_FILTERS,
) -> Change:
    """Split a KPI's change from one period to another over a dimension.

    Raises UsageError for a KPI that is neither a sum, a count nor a ratio of such, and for an
    unknown dimension. Where a period has no value, or a part of the KPI cannot be cut by the
    dimension, the change is not available and says why.
    """
    kpi = agreement.kpi(kpi_id)
    parts = parts_of(agreement, kpi)
    bases = base_kpis(agreement, [agreement.kpi(name) for name in parts.ids])
    windows = {NOW: window, BEFORE: before}
    cut = measure_all(engine, bases, windows, filters, by)
    is_sum_of_members = all(measure_of(base).is_count or measure_of(base).is_sum for base in bases)
    whole = cut.added() if is_sum_of_members else measure_all(engine, bases, windows, filters)
    reader = Reader(engine, agreement, windows, filters)
    old, new = (reader.shown(kpi, reader.value(kpi, whole, name, ALL)) for name in (BEFORE, NOW))
    reason = next((cut.missing[base.id] for base in bases if base.id in cut.missing), None)
    for name in (BEFORE, NOW):
        reason = reason or why(reader, kpi, whole, name, ALL)
    if reason is not None:
        return Change(kpi.id, kpi.unit, by, old, new, (), reason)
    is_money = kpi.unit == "money"
    gains = {
        name: exchange_gains(engine, agreement.kpi(name), windows, filters, by)
        for name in (parts.top if is_money else ())
    }
    split = _Split(kpi, parts, cut, gains, 10**engine.minor_digits if is_money else 1)
    return split.change(by, old, new)


@dataclass(frozen=True)
class _Split:
    """The measured parts of one KPI by member, ready to be split."""

    kpi: Kpi
    parts: Parts
    values: Values
    gains: dict[str, Gains]
    scale: int

    def change(self, by: str, before: float | None, after: float | None) -> Change:
        """Return the change, its effects largest first, unless they are not all of it."""
        old, new = (self._sizes(name) for name in (BEFORE, NOW))
        split = effects_of_sum if self.parts.bottom is None else effects_of_ratio
        effects = sorted(split(old, new), key=lambda e: (-abs(e.total), e.key))
        change = Change(self.kpi.id, self.kpi.unit, by, before, after, tuple(effects))
        found, size = sum(effect.total for effect in effects), abs(before or 0) + abs(after or 0)
        if abs(found - (change.difference or 0.0)) <= _SLACK * max(1.0, size):
            return change
        reason = f"a record can be of several members of {by}, so their parts do not add up"
        return Change(self.kpi.id, self.kpi.unit, by, before, after, (), reason)

    def _sizes(self, window: str) -> Sizes:
        return {key: self._size(window, key) for key in self.values.members()}

    def _size(self, window: str, key: str) -> Size:
        amount = self._sum(self.parts.top, window, key) / self.scale
        gained = sum(
            factor * self.gains.get(name, {}).get((key, window), 0.0)
            for name, factor in self.parts.top.items()
        )
        if self.parts.bottom is not None:
            weight = self._sum(self.parts.bottom, window, key)
        else:
            found = [self.values.of(name, window, key) for name in self.parts.top]
            weight = float(sum(value.n - value.lacking for value in found))
        return Size(amount, amount - gained / self.scale, weight)

    def _sum(self, parts: Mapping[str, float], window: str, key: str) -> float:
        return sum(
            factor * float(self.values.of(name, window, key).value or 0)
            for name, factor in parts.items()
        )
