"""From measured values to results: ratios, formulas, targets, intervals, and what must be said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from smarketing.agreement import Agreement, Kpi, Target
from smarketing.agreement.checks import QUANTITIES, TARGET, formula_names
from smarketing.analysis.availability import none_of
from smarketing.analysis.kpis.formulas import divided_by, evaluate, quantity, why_nothing
from smarketing.analysis.kpis.measured import ALL, NOW, Values
from smarketing.analysis.kpis.reasons import beside, undated
from smarketing.analysis.kpis.result import KpiResult
from smarketing.analysis.kpis.targets import (
    Standing,
    accrues,
    season_share,
    share_due,
    shown_of,
    standing,
    target_of,
)
from smarketing.analysis.kpis.values import Windows, base_kpis
from smarketing.analysis.rates import SMALL_COUNT, SMALL_N, wilson
from smarketing.engine import Engine, Filters
from smarketing.periods import Period, day_words

PREVIOUS, LAST_YEAR = "previous", "last_year"
A_STOCK = "it is known as of the data's date alone"


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

    def result(self, kpi: Kpi, values: Values, key: str = ALL) -> KpiResult:
        """Return one KPI's result for one key."""
        top, bottom = self._parts(kpi, values, key)
        n = self.n(kpi, values, NOW, key)
        # A share of money has no successes to count: no interval, and never shown as counts.
        counted = kpi.ratio is not None and self._is_count(kpi.ratio.numerator)

        def few(window: str) -> bool:
            return self.counts(kpi, values, window, key) is not None

        low, high = _interval(kpi, top, bottom) if counted else (None, None)
        small = kpi.unit == "rate" and (n or 0) < SMALL_N
        value, previous, last_year = (
            self.value(kpi, values, window, key) for window in (NOW, PREVIOUS, LAST_YEAR)
        )
        reason = why(self, kpi, values, NOW, key)
        none_before = why(self, kpi, values, PREVIOUS, key)
        mind = (
            beside(self.agreement, kpi, values, key),
            self._other_day if none_before == A_STOCK else None,
        )
        return KpiResult(
            id=kpi.id,
            label=kpi.label,
            unit=kpi.unit,
            direction=kpi.direction,
            value=self.shown(kpi, value),
            numerator=self._shown_part(kpi, top, 0),
            denominator=self._shown_part(kpi, bottom, 1),
            n=n,
            previous=self.shown(kpi, previous),
            last_year=self.shown(kpi, last_year),
            standing=self._standing(kpi, values, value, key, small),
            low=low,
            high=high,
            shown_as_counts=few(NOW),
            is_small=small,
            reason=reason,
            previous_reason=none_before,
            note=reason or "; ".join(filter(None, mind)) or None,
            undated=undated(self.agreement, kpi, values, key),
            few_before=(few(PREVIOUS), few(LAST_YEAR)),
            key=key,
        )

    @property
    def _other_day(self) -> str | None:
        """Return what must be said beside a stock in a period that is not the data's."""
        day = self.engine.as_of_day
        if self.window.contains(day):
            return None
        return f"it is as of {day_words(day)}, the data's date, whatever the period"

    def with_groups(self, kpi: Kpi, result: KpiResult, cut: Values) -> KpiResult:
        """Return the result with one result per member of the dimension."""
        uncut = next((cut.missing[b.id] for b in self.bases(kpi) if b.id in cut.missing), None)
        groups = [] if uncut else [self.result(kpi, cut, key) for key in cut.members()]
        # Cost that brought nothing has no value, and must be seen all the same.
        kept = tuple(
            g
            for g in groups
            if g.n or g.value or g.previous or g.numerator or self._is_untold(kpi, cut, g.key)
        )
        return replace(result, by=kept, note=result.note or uncut)

    def _is_untold(self, kpi: Kpi, values: Values, key: str) -> bool:
        return any(values.of(base.id, NOW, key).untold for base in self.bases(kpi))

    def kpi(self, kpi_id: str) -> Kpi:
        """Return one KPI of the agreement; UsageError with the nearest name if there is none."""
        return self._by_id.get(kpi_id) or self.agreement.kpi(kpi_id)

    @cached_property
    def _by_id(self) -> Mapping[str, Kpi]:
        return {kpi.id: kpi for kpi in self.agreement.kpis}

    def bases(self, kpi: Kpi) -> list[Kpi]:
        """Return the KPIs with an expression that a KPI is made of."""
        if kpi.id not in self._bases:
            self._bases[kpi.id] = base_kpis(self.agreement, [kpi])
        return self._bases[kpi.id]

    @cached_property
    def _bases(self) -> dict[str, list[Kpi]]:
        return {}

    def value(self, kpi: Kpi, values: Values, window: str, key: str) -> float | int | None:
        """Return a KPI's value in one window, money in minor units; None: not available."""
        if kpi.id in values.missing:
            return None
        if kpi.expression is not None:
            # A stock is known as of the data's date alone; it has no earlier reading.
            return values.of(kpi.id, window, key).value
        if kpi.ratio is not None:
            top = self.value(self.kpi(kpi.ratio.numerator), values, window, key)
            bottom = self.value(self.kpi(kpi.ratio.denominator), values, window, key)
            return top / bottom if top is not None and bottom else None

        return evaluate(str(kpi.formula), lambda name: self.named(name, values, window, key))

    def named(self, name: str, values: Values, window: str, key: str) -> float | int | None:
        """Return the value of a formula's name: a target, one of QUANTITIES or a KPI."""
        if self.is_target(name):
            return self.target(name.removeprefix(TARGET), window, key)
        if self.is_quantity(name):
            return self.quantity(name, window)
        return self.value(self.kpi(name), values, window, key)

    def counts(
        self, kpi: Kpi, values: Values, window: str, key: str
    ) -> tuple[float | int, float | int] | None:
        """Return what went on, and of how many, where a rate is of so few that these are shown."""
        if kpi.ratio is None or not self._is_count(kpi.ratio.numerator):
            return None
        top, bottom = self._parts(kpi, values, key, window)
        if top is None or not bottom or not _few(kpi, top, bottom):
            return None
        return top, bottom

    def n(self, kpi: Kpi, values: Values, window: str, key: str) -> int | None:
        """Return how many records a value rests on, a ratio by what it is divided by."""
        if kpi.id in values.missing:
            return None
        if kpi.expression is not None:
            return values.of(kpi.id, window, key).n
        name = kpi.ratio.denominator if kpi.ratio else divided_by(str(kpi.formula))
        below = None if name is None else self._by_id.get(name)
        if below is None:
            return None
        if below.unit == "count":
            bottom = self.value(below, values, window, key)
            if bottom is not None:
                return int(bottom)
        is_measured = kpi.ratio is not None and below.expression is not None
        return values.of(below.id, window, key).n if is_measured else None

    def quantity(self, name: str, window: str) -> float | None:
        """Return one of QUANTITIES in a window; None where nobody agreed it."""
        return quantity(name, self.agreement, self.windows[window], self.engine.as_of_day)

    def is_quantity(self, name: str) -> bool:
        """Return whether a formula's name is one of QUANTITIES and no KPI."""
        return name in QUANTITIES and name not in self._by_id

    def _is_count(self, kpi_id: str) -> bool:
        return self.kpi(kpi_id).unit == "count"

    def is_target(self, name: str) -> bool:
        """Return whether a formula's name is the target of a KPI."""
        return name.startswith(TARGET) and name not in self._by_id

    def target_in(self, kpi_id: str, period: Period, key: str = ALL) -> Target | None:
        """Return the target of a KPI in a period, of the part that is shown; None without one."""
        by = None if key == ALL else self.by
        part = shown_of(self.engine.scope, self.filters)
        return target_of(self.agreement, kpi_id, period, part, by, key)

    def target(self, kpi_id: str, window: str, key: str) -> float | None:
        """Return a target in the unit values have (money in minor units), None without one."""
        target = self.target_in(kpi_id, self.windows[window], key)
        if target is None:
            return None
        is_money = self.kpi(kpi_id).unit == "money"
        return target.value * (10**self.engine.minor_digits if is_money else 1)

    def _parts(
        self, kpi: Kpi, values: Values, key: str, window: str = NOW
    ) -> tuple[float | int | None, float | int | None]:
        if kpi.ratio is None:
            return None, None
        names = (kpi.ratio.numerator, kpi.ratio.denominator)
        top, bottom = (self.value(self.kpi(name), values, window, key) for name in names)
        return top, bottom

    def _standing(
        self,
        kpi: Kpi,
        values: Values,
        value: float | int | None,
        key: str,
        small: bool,
    ) -> Standing | None:
        target = self.target_in(kpi.id, self.window, key)
        if target is None:
            return None
        share = share_due(
            self.agreement,
            target,
            self.window,
            self.engine.as_of_day,
            self._season(kpi, values, key),
        )
        return standing(
            None if small else self.shown(kpi, value),
            target,
            share=share,
            is_flow=accrues(self.agreement, kpi),
            direction=kpi.direction,
        )

    def _season(self, kpi: Kpi, values: Values, key: str) -> float | None:
        """Return the share of like periods' totals reached by the same point, None if unknown."""
        return None if kpi.expression is None else season_share(values, kpi.id, key)

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
        return self.shown(self.kpi(name), value)


def _interval(
    kpi: Kpi, top: float | int | None, bottom: float | int | None
) -> tuple[float | None, float | None]:
    if kpi.unit != "rate" or top is None or not bottom or not 0 <= top <= bottom:
        return None, None
    return wilson(top, bottom) or (None, None)


def _few(kpi: Kpi, top: float | int | None, bottom: float | int | None) -> bool:
    if kpi.unit != "rate" or top is None or not bottom:
        return False
    return min(top, bottom - top) < SMALL_COUNT


def why(reader: Reader, kpi: Kpi, values: Values, window: str, key: str) -> str | None:
    """Say why a KPI has no value in a window; None where it has one."""
    if kpi.id in values.missing:
        return values.missing[kpi.id]
    if reader.value(kpi, values, window, key) is not None:
        return None
    if kpi.expression is not None:
        is_stock = window != NOW and (kpi.id, window) not in values.zeros and not kpi.date_column
        return A_STOCK if is_stock else values.why(kpi.id, window, key)
    return next(_of_parts(reader, kpi, values, window, key), None)


def _of_parts(reader: Reader, kpi: Kpi, values: Values, window: str, key: str) -> Iterator[str]:
    if kpi.ratio is not None:
        parts = [reader.kpi(n) for n in (kpi.ratio.numerator, kpi.ratio.denominator)]
        for part in parts:
            if reason := why(reader, part, values, window, key):
                yield reason
        yield _none_of(reader, parts[1].id, window)
        return
    for name in formula_names(str(kpi.formula)):
        if reader.is_quantity(name):
            if reader.quantity(name, window) is None:
                yield f"nobody agreed {QUANTITIES[name].removeprefix('the agreed ')}"
        elif reader.is_target(name):
            if reader.target(name.removeprefix(TARGET), window, key) is None:
                label = reader.kpi(name.removeprefix(TARGET)).label
                period = reader.windows[window].label
                cut = " as filtered" if reader.filters else ""
                yield f"nobody agreed a target of {label} for {period}{cut}"
        elif reason := why(reader, reader.kpi(name), values, window, key):
            yield reason
    yield why_nothing(
        str(kpi.formula),
        lambda name: reader.named(name, values, window, key),
        lambda name: _none_of(reader, name, window),
        lambda whole, part: _none_left(reader, whole, part, window),
    )


def _none_of(reader: Reader, name: str, window: str) -> str:
    """Say that one of a formula's names is 0, and when."""
    period = reader.windows[window].label
    if reader.is_target(name):
        return f"the target of {reader.kpi(name.removeprefix(TARGET)).label} for {period} is 0"
    if reader.is_quantity(name):
        return f"{QUANTITIES[name]} is 0"
    kpi = reader.kpi(name)
    if kpi.unit == "count":
        return none_of(kpi.label, period)
    return f"{kpi.label} is 0 in {period}"


def _none_left(reader: Reader, whole: str, part: str, window: str) -> str:
    """Say that nothing is left of one of a formula's names once another is taken from it."""
    period = reader.windows[window].label
    if reader.is_target(whole):
        label = reader.kpi(whole.removeprefix(TARGET)).label
        return f"no target of {label} is left to reach in {period}"
    label, other = (
        reader.kpi(name).label if not reader.is_quantity(name) else QUANTITIES[name]
        for name in (whole, part.removeprefix(TARGET) if reader.is_target(part) else part)
    )
    return f"nothing is left of {label} without {other} in {period}"
