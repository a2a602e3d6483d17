"""Why did a KPI change? The change between two periods, split over the members of a dimension.

For a sum: volume (more or fewer records), mix (other shares of members) and rate (more or less per
record). For a ratio of two KPIs: mix (other shares of the denominator) and rate. Each effect takes
the other factor at the mean of both periods, so that the effects add up to the change exactly, in
whichever order one reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from smarketing.agreement import Agreement, Kpi
from smarketing.analysis.kpis.expressions import measure_of
from smarketing.analysis.kpis.measured import NOW, Values
from smarketing.analysis.kpis.values import base_kpis, measure_all
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.errors import UsageError
from smarketing.periods import Period

BEFORE = "before"


@dataclass(frozen=True)
class Effect:
    """What one member of the dimension did to the change, in the KPI's unit (money in major)."""

    key: str
    volume: float
    mix: float
    rate: float

    @property
    def total(self) -> float:
        """Return the member's part of the change."""
        return self.volume + self.mix + self.rate


@dataclass(frozen=True)
class Change:
    """A KPI in two periods and what each member of a dimension did to the difference.

    `effects` are sorted by size and add up to `after - before`; empty where either is missing.
    """

    kpi_id: str
    unit: str
    by: str
    before: float | None
    after: float | None
    effects: tuple[Effect, ...]

    @property
    def difference(self) -> float | None:
        """Return after less before; None where either is not available."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


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

    Raises UsageError for a KPI that is neither a sum, a count nor a ratio of two such.
    """
    kpi = agreement.kpi(kpi_id)
    top, bottom = _parts(agreement, kpi)
    bases = base_kpis(agreement, [kpi])
    values = measure_all(engine, bases, {NOW: window, BEFORE: before}, filters, by)
    scale = 10**engine.minor_digits if kpi.unit == "money" else 1
    sizes = {name: _sizes(values, top, bottom, name, scale) for name in (BEFORE, NOW)}
    return _split(kpi, by, sizes[BEFORE], sizes[NOW], is_ratio=kpi.ratio is not None)


def _parts(agreement: Agreement, kpi: Kpi) -> tuple[Kpi, Kpi | None]:
    top, bottom = kpi, None
    if kpi.ratio is not None:
        top, bottom = agreement.kpi(kpi.ratio.numerator), agreement.kpi(kpi.ratio.denominator)
    for part in (top, bottom):
        if part is None:
            continue
        whole = part.expression is not None and part.date_column is not None
        if not whole or not measure_of(part).is_additive:
            raise UsageError(
                f"The change of '{kpi.id}' cannot be split: it is no sum, count or ratio of them."
            )
    return top, bottom


#: Per member the summed value and the weight it is divided by.
_Sizes = Mapping[str, tuple[float, float]]


def _sizes(values: Values, top: Kpi, bottom: Kpi | None, window: str, scale: float) -> _Sizes:
    found = {}
    for key in values.members():
        summed = values.of(top.id, window, key)
        weight = summed.n if bottom is None else values.of(bottom.id, window, key).value or 0
        found[key] = (float(summed.value or 0) / scale, float(weight))
    return found


def _split(kpi: Kpi, by: str, old: _Sizes, new: _Sizes, *, is_ratio: bool) -> Change:
    weights = [sum(weight for _, weight in sizes.values()) for sizes in (old, new)]
    totals = [sum(value for value, _ in sizes.values()) for sizes in (old, new)]
    if is_ratio:
        values = [t / w if w else None for t, w in zip(totals, weights, strict=True)]
    else:
        values = list(totals)
    if not weights[0] or not weights[1]:
        effects = [] if is_ratio else _additions(old, new)
    else:
        effects = _effects(old, new, weights, totals, is_ratio)
    effects.sort(key=lambda effect: (-abs(effect.total), effect.key))
    return Change(kpi.id, kpi.unit, by, values[0], values[1], tuple(effects))


def _additions(old: _Sizes, new: _Sizes) -> list[Effect]:
    """With nothing on one side there are no shares to compare: all of it is volume."""
    return [
        Effect(key, new.get(key, (0, 0))[0] - old.get(key, (0, 0))[0], 0.0, 0.0)
        for key in sorted({*old, *new})
    ]


def _effects(
    old: _Sizes, new: _Sizes, weights: list[float], totals: list[float], is_ratio: bool
) -> list[Effect]:
    means = [total / weight for total, weight in zip(totals, weights, strict=True)]
    mean, size = sum(means) / 2, 1.0 if is_ratio else sum(weights) / 2
    grown = 0.0 if is_ratio else weights[1] - weights[0]
    found = []
    for key in sorted({*old, *new}):
        (value_0, weight_0), (value_1, weight_1) = old.get(key, (0, 0)), new.get(key, (0, 0))
        shares = weight_0 / weights[0], weight_1 / weights[1]
        # A member absent from one period has no rate there; it came or went, it did not change.
        rate_0 = value_0 / weight_0 if weight_0 else (value_1 / weight_1 if weight_1 else 0.0)
        rate_1 = value_1 / weight_1 if weight_1 else rate_0
        share, moved = sum(shares) / 2, shares[1] - shares[0]
        middle = (rate_0 + rate_1) / 2
        volume = grown * (shares[0] * rate_0 + shares[1] * rate_1) / 2
        mix = size * moved * (middle - (mean if is_ratio else 0.0))
        found.append(Effect(key, volume, mix, size * share * (rate_1 - rate_0)))
    return found
