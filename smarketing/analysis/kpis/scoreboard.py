"""The KPIs both teams signed: value, comparison, target and status, whole and by dimension.

Definitions: the agreement's KPI entries; small numbers, pace and comparison as the definitions say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from smarketing.agreement import Agreement, Kpi
from smarketing.agreement.checks import QUANTITIES, TARGET, formula_names
from smarketing.analysis.kpis.formulas import evaluate, quantity
from smarketing.analysis.kpis.targets import (
    SEASONS,
    Standing,
    season_windows,
    share_due,
    standing,
    target_of,
)
from smarketing.analysis.kpis.values import (
    ALL,
    NOW,
    Values,
    Windows,
    base_kpis,
    measure_all,
    problem,
    values_sql,
)
from smarketing.analysis.rates import wilson
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.periods import Period

PREVIOUS, LAST_YEAR = "previous", "last_year"
#: Below this many records a rate's status is withheld and its interval shown.
SMALL = 30
#: With fewer successes or failures than this a rate is shown as counts.
FEW = 5


@dataclass(frozen=True)
class KpiResult:
    """One KPI in one period. Money in major units, rates 0 to 1; None is "not available".

    `n` is the number of records under it (a ratio's: its denominator where that counts). `low` and
    `high` are a rate's 95 % interval. `note` says why there is no value. `by` holds one result per
    member of the dimension asked for, else None.
    """

    id: str
    label: str
    unit: str
    direction: str
    value: float | int | None
    numerator: float | int | None
    denominator: float | int | None
    n: int | None
    previous: float | int | None
    last_year: float | int | None
    standing: Standing | None
    low: float | None
    high: float | None
    shown_as_counts: bool
    is_small: bool
    note: str | None
    key: str = ALL
    by: tuple[KpiResult, ...] | None = None

    @property
    def target(self) -> float | None:
        """Return the target of the whole period, None where nobody agreed one."""
        return self.standing.target if self.standing else None

    @property
    def status(self) -> str | None:
        """Return ahead, on track, at risk or behind; None without target or with small numbers."""
        return self.standing.status if self.standing else None

    def as_dict(self) -> dict[str, Any]:
        """Return the documented JSON keys."""
        return {
            "id": self.id,
            "label": self.label,
            "value": self.value,
            "unit": self.unit,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "n": self.n,
            "previous": self.previous,
            "target": self.target,
            "status": self.status,
            "by": None if self.by is None else [group._as_group() for group in self.by],
        }

    def _as_group(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "value": self.value,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "n": self.n,
            "previous": self.previous,
            "target": self.target,
            "status": self.status,
        }


def kpis(
    engine: Engine,
    agreement: Agreement,
    ids: Sequence[str] | None,
    window: Period,
    filters: Filters = NO_FILTERS,
    by: str | None = None,
) -> list[KpiResult]:
    """Answer KPIs by id (all listed ones where `ids` is None or empty) for one period.

    A KPI that cannot be had as asked comes back without a value and with a note that says why.
    Raises UsageError for an unknown KPI or dimension, QueryError for an invalid expression of a KPI
    asked for by name (among all listed ones it gets a note, so that one error hides no other KPI).
    """
    asked = chosen(agreement, ids)
    bases = base_kpis(agreement, asked)
    windows = {NOW: window, PREVIOUS: window.previous(), LAST_YEAR: window.same_last_year()}
    names = {kpi.id for kpi in asked}
    if any(target.pace == "seasonal" and target.kpi in names for target in agreement.targets):
        windows |= season_windows(window, engine.as_of_day)
    whole = measure_all(engine, bases, windows, filters, strict=bool(ids))
    reader = Reader(engine, agreement, windows, filters)
    results = [reader.result(kpi, whole, None, ALL) for kpi in asked]
    if by is None:
        return results
    cutter = replace(reader, by=by)
    cut = measure_all(engine, bases, windows, filters, by, strict=bool(ids))
    return [
        cutter.with_groups(kpi, result, cut, by) for kpi, result in zip(asked, results, strict=True)
    ]


def kpi_problems(engine: Engine, agreement: Agreement) -> dict[str, str]:
    """Return, by KPI, what is wrong with its expression on this build; empty when all are valid."""
    bases = base_kpis(agreement, agreement.kpis)
    found = {kpi.id: problem(engine, kpi) for kpi in bases if kpi.mart and engine.has(kpi.mart)}
    return {name: said for name, said in found.items() if said}


def chosen(agreement: Agreement, ids: Sequence[str] | None) -> list[Kpi]:
    """Return the KPIs by id; all listed ones where none is named."""
    if not ids:
        return [kpi for kpi in agreement.kpis if kpi.listed]
    return [agreement.kpi(kpi_id) for kpi_id in ids]


def kpi_sql(
    engine: Engine,
    agreement: Agreement,
    kpi_id: str,
    window: Period,
    filters: Filters = NO_FILTERS,
    by: str | None = None,
) -> str:
    """Return the SQL behind a KPI's value, values in place, for "show SQL"."""
    bases = base_kpis(agreement, [agreement.kpi(kpi_id)])
    return values_sql(engine, bases, {NOW: window}, filters, by)


@dataclass(frozen=True)
class Reader:
    """Turns measured values into results: one agreement, periods by name, one set of filters."""

    engine: Engine
    agreement: Agreement
    windows: Windows
    filters: Filters
    by: str | None = None

    @property
    def window(self) -> Period:
        """Return the period asked for."""
        return self.windows[NOW]

    def with_groups(self, kpi: Kpi, result: KpiResult, cut: Values, by: str) -> KpiResult:
        """Return the result with one result per member of the dimension."""
        why = self._why(kpi, cut)
        groups = [] if why else [self.result(kpi, cut, by, key) for key in cut.members()]
        # Cost that brought nothing has no value, and must be seen all the same.
        kept = tuple(g for g in groups if g.n or g.value or g.previous or g.numerator)
        return KpiResult(**{**vars(result), "by": kept, "note": result.note or why})

    def result(self, kpi: Kpi, values: Values, by: str | None, key: str) -> KpiResult:
        """Return one KPI's result for one key."""
        value = self.value(kpi, values, NOW, key)
        top, bottom = self._parts(kpi, values, key)
        n = self._n(kpi, values, key, bottom)
        # A share of money has no successes to count: no interval, and never shown as counts.
        counted = kpi.ratio is not None and self._is_count(kpi.ratio.numerator)
        low, high = _interval(kpi, top, bottom) if counted else (None, None)
        small = kpi.unit == "rate" and (n or 0) < SMALL
        return KpiResult(
            id=kpi.id,
            label=kpi.label,
            unit=kpi.unit,
            direction=kpi.direction,
            value=self.shown(kpi, value),
            numerator=self._shown_part(kpi, top, 0),
            denominator=self._shown_part(kpi, bottom, 1),
            n=n,
            previous=self.shown(kpi, self.value(kpi, values, PREVIOUS, key)),
            last_year=self.shown(kpi, self.value(kpi, values, LAST_YEAR, key)),
            standing=self._standing(kpi, values, value, by, key, small),
            low=low,
            high=high,
            shown_as_counts=counted and _few(kpi, top, bottom),
            is_small=small,
            note=self._why(kpi, values),
            key=key,
        )

    def value(self, kpi: Kpi, values: Values, window: str, key: str) -> float | int | None:
        """Return a KPI's value in one window, money in minor units; None: not available."""
        if kpi.id in values.missing:
            return None
        if kpi.expression is not None:
            # A stock is known as of the data's date alone; it has no earlier reading.
            return values.of(kpi.id, window, key).value
        if kpi.ratio is not None:
            top = self.value(self.agreement.kpi(kpi.ratio.numerator), values, window, key)
            bottom = self.value(self.agreement.kpi(kpi.ratio.denominator), values, window, key)
            return top / bottom if top is not None and bottom else None

        def named(name: str) -> float | int | None:
            if self._is_target(name):
                return self._target(name.removeprefix(TARGET), window, key)
            if self._is_quantity(name):
                return quantity(name, self.agreement, self.windows[window], self.engine.as_of_day)
            return self.value(self.agreement.kpi(name), values, window, key)

        return evaluate(str(kpi.formula), named)

    def _is_quantity(self, name: str) -> bool:
        return name in QUANTITIES and all(kpi.id != name for kpi in self.agreement.kpis)

    def _is_count(self, kpi_id: str) -> bool:
        return self.agreement.kpi(kpi_id).unit == "count"

    def _is_target(self, name: str) -> bool:
        return name.startswith(TARGET) and all(kpi.id != name for kpi in self.agreement.kpis)

    def _target(self, kpi_id: str, window: str, key: str) -> float | None:
        """Return a target in the unit values have (money in minor units), None without one."""
        periods = {
            NOW: lambda: self.window,
            PREVIOUS: self.window.previous,
            LAST_YEAR: self.window.same_last_year,
        }
        if window not in periods:
            return None
        period, by = periods[window](), None if key == ALL else self.by
        target = target_of(self.agreement, kpi_id, period, self.filters, by, key)
        if target is None:
            return None
        is_money = self.agreement.kpi(kpi_id).unit == "money"
        return target.value * (10**self.engine.minor_digits if is_money else 1)

    def _parts(
        self, kpi: Kpi, values: Values, key: str
    ) -> tuple[float | int | None, float | int | None]:
        if kpi.ratio is None:
            return None, None
        names = (kpi.ratio.numerator, kpi.ratio.denominator)
        top, bottom = (self.value(self.agreement.kpi(name), values, NOW, key) for name in names)
        return top, bottom

    def _n(self, kpi: Kpi, values: Values, key: str, bottom: float | int | None) -> int | None:
        if kpi.id in values.missing:
            return None
        if kpi.expression is not None:
            return values.of(kpi.id, NOW, key).n
        if kpi.ratio is None:
            return None
        below = self.agreement.kpi(kpi.ratio.denominator)
        if below.unit == "count" and bottom is not None:
            return int(bottom)
        return values.of(below.id, NOW, key).n if below.expression else None

    def _standing(
        self,
        kpi: Kpi,
        values: Values,
        value: float | int | None,
        by: str | None,
        key: str,
        small: bool,
    ) -> Standing | None:
        target = target_of(self.agreement, kpi.id, self.window, self.filters, by, key)
        if target is None:
            return None
        share = share_due(
            self.agreement,
            target,
            self.window,
            self.engine.as_of_day,
            self._season(kpi, values, key),
        )
        accrues = kpi.expression is not None and kpi.unit in ("count", "money")
        shown = self.shown(kpi, value)
        return standing(
            shown,
            target,
            scaled_target=target.value,
            share=share,
            accrues=accrues and kpi.date_column is not None,
            direction=kpi.direction,
            withheld=small,
        )

    def _season(self, kpi: Kpi, values: Values, key: str) -> float | None:
        """Return the share of like periods' totals reached by the same point, None if unknown."""
        if kpi.expression is None:
            return None
        pairs = [
            (values.of(kpi.id, f"season_{k}_part", key), values.of(kpi.id, f"season_{k}", key))
            for k in range(SEASONS)
        ]
        whole = sum(total.value or 0 for _, total in pairs)
        return sum(part.value or 0 for part, _ in pairs) / whole if whole > 0 else None

    def _why(self, kpi: Kpi, values: Values) -> str | None:
        for base in base_kpis(self.agreement, [kpi]):
            if base.id in values.missing:
                return values.missing[base.id]
        for name in formula_names(kpi.formula) if kpi.formula else ():
            if self._is_quantity(name):
                if quantity(name, self.agreement, self.window, self.engine.as_of_day) is None:
                    return f"nobody agreed {QUANTITIES[name].removeprefix('the agreed ')}"
            elif (
                self._is_target(name) and self._target(name.removeprefix(TARGET), NOW, ALL) is None
            ):
                label = self.agreement.kpi(name.removeprefix(TARGET)).label
                return f"nobody agreed a target of {label} for {self.window.label} as filtered"
        return None

    def shown(self, kpi: Kpi, value: float | int | None) -> float | int | None:
        """Return a value as it is handed out: money in major units."""
        if value is None or kpi.unit != "money":
            return value
        shown: float = value / 10**self.engine.minor_digits
        return shown

    def _shown_part(self, kpi: Kpi, value: float | int | None, place: int) -> float | int | None:
        if kpi.ratio is None:
            return None
        name = (kpi.ratio.numerator, kpi.ratio.denominator)[place]
        return self.shown(self.agreement.kpi(name), value)


def _interval(
    kpi: Kpi, top: float | int | None, bottom: float | int | None
) -> tuple[float | None, float | None]:
    if kpi.unit != "rate" or top is None or not bottom or not 0 <= top <= bottom:
        return None, None
    return wilson(top, bottom) or (None, None)


def _few(kpi: Kpi, top: float | int | None, bottom: float | int | None) -> bool:
    if kpi.unit != "rate" or top is None or not bottom:
        return False
    return min(top, bottom - top) < FEW
