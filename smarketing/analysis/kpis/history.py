"""A KPI over its earlier periods, and whether the latest value is more than normal variation.

The limits are those of an XmR chart over at least twelve earlier periods (`review/limits.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from smarketing.agreement import Agreement, Kpi
from smarketing.analysis.kpis.measured import ALL, NOW, Values
from smarketing.analysis.kpis.reader import Reader
from smarketing.analysis.kpis.result import KpiResult
from smarketing.analysis.kpis.scoreboard import chosen, compared_windows
from smarketing.analysis.kpis.values import Windows, base_kpis, measure_all
from smarketing.analysis.review.limits import NEEDED, Limits, limits_of
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.periods import Period


@dataclass(frozen=True)
class History:
    """One KPI's values (major units, None: not available), oldest first, the asked period last.

    `limits` are None with fewer than twelve earlier values. `is_partial`: the asked period is not
    over yet by the data's date, so that its value is no like of the earlier ones.
    """

    id: str
    periods: tuple[Period, ...]
    values: tuple[float | None, ...]
    limits: Limits | None
    is_partial: bool

    @property
    def has_changed(self) -> bool | None:
        """Return whether the latest value lies outside the limits; None where nobody can tell."""
        if self.limits is None or self.is_partial or self.values[-1] is None:
            return None
        return not self.limits.holds(self.values[-1])


def history(
    engine: Engine,
    agreement: Agreement,
    ids: Sequence[str] | None,
    window: Period,
    filters: Filters = NO_FILTERS,
    count: int = NEEDED,
) -> dict[str, History]:
    """Answer how KPIs (all listed ones where `ids` is empty) came to their present value.

    One pass per mart over all periods. Leading periods before the first record are cut off.
    """
    asked = chosen(agreement, ids)
    windows = _series(window, count)
    values = measure_all(engine, base_kpis(agreement, asked), windows, filters)
    reader = Reader(engine, agreement, windows | {NOW: window}, filters)
    return {kpi.id: _history(reader, kpi, values, windows) for kpi in asked}


def kpis_over_time(
    engine: Engine,
    agreement: Agreement,
    ids: Sequence[str] | None,
    window: Period,
    filters: Filters = NO_FILTERS,
) -> tuple[list[KpiResult], dict[str, History]]:
    """Answer `kpis` and `history` of the same KPIs together, in half the passes."""
    asked = chosen(agreement, ids)
    series = _series(window, NEEDED)
    windows = compared_windows(engine, agreement, asked, window) | series
    values = measure_all(engine, base_kpis(agreement, asked), windows, filters)
    reader = Reader(engine, agreement, windows, filters)
    results = [reader.result(kpi, values) for kpi in asked]
    return results, {kpi.id: _history(reader, kpi, values, series) for kpi in asked}


def _series(window: Period, count: int) -> dict[str, Period]:
    """Return a window and those before it by name, oldest first."""
    return {f"p{index}": each for index, each in enumerate([*window.earlier(count), window])}


def _history(reader: Reader, kpi: Kpi, values: Values, series: Windows) -> History:
    """Read one KPI's values, from the first that is one."""
    shown = [reader.shown(kpi, reader.value(kpi, values, name, ALL)) for name in series]
    begin = next((i for i, v in enumerate(shown) if v), len(shown) - 1)
    kept = tuple(None if v is None else float(v) for v in shown[begin:])
    earlier = [v for v in kept[:-1] if v is not None]
    return History(
        kpi.id,
        tuple(series.values())[begin:],
        kept,
        limits_of(earlier, at_most=reader.agreement.at_most(kpi)),
        reader.window.last_day > reader.engine.as_of_day,
    )
