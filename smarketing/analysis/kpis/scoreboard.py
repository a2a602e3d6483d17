"""The KPIs both teams signed: value, comparison, target and status, whole and by dimension.

Definitions: the agreement's KPI entries; small numbers, pace and comparison as the definitions say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from smarketing.agreement import Agreement, Kpi
from smarketing.analysis.kpis.measured import NOW
from smarketing.analysis.kpis.reader import LAST_YEAR, PREVIOUS, Reader
from smarketing.analysis.kpis.result import KpiResult
from smarketing.analysis.kpis.targets import season_windows
from smarketing.analysis.kpis.values import base_kpis, measure_all, values_sql, why_not
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.periods import Period, period_of

__all__ = ["KpiResult", "chosen", "kpi_problems", "kpi_sql", "kpis", "kpis_sql"]


def kpis(
    engine: Engine,
    agreement: Agreement,
    ids: Sequence[str] | None,
    window: Period,
    filters: Filters = NO_FILTERS,
    by: str | None = None,
) -> list[KpiResult]:
    """Answer KPIs by id (all listed ones where `ids` is None or empty) for one period.

    A KPI that cannot be had as asked, or whose entry in the agreement is wrong, comes back without
    a value and with a note that says why: it hides no other. Raises UsageError for an unknown KPI
    or dimension.
    """
    asked = chosen(agreement, ids)
    bases = base_kpis(agreement, asked)
    windows = compared_windows(engine, agreement, asked, window)
    whole = measure_all(engine, bases, windows, filters)
    reader = Reader(engine, agreement, windows, filters)
    results = [reader.result(kpi, whole) for kpi in asked]
    if by is None:
        return results
    cutter = replace(reader, by=by)
    cut = measure_all(engine, bases, windows, filters, by)
    return [
        cutter.with_groups(kpi, result, cut) for kpi, result in zip(asked, results, strict=True)
    ]


def compared_windows(
    engine: Engine, agreement: Agreement, asked: Sequence[Kpi], window: Period
) -> dict[str, Period]:
    """Return the windows by name that KPIs' results are read from: the asked one, and earlier."""
    windows = {NOW: window, PREVIOUS: window.previous(), LAST_YEAR: window.same_last_year()}
    names = {kpi.id for kpi in asked}
    if any(target.pace == "seasonal" and target.kpi in names for target in agreement.targets):
        windows |= season_windows(window, engine.as_of_day)
    return windows


def kpi_problems(engine: Engine, agreement: Agreement) -> dict[str, str]:
    """Return, by KPI, what is wrong with it or why this build does not answer it.

    Each is asked for in the last whole quarter; a mart that is not built is no fault of a KPI.
    """
    bases = base_kpis(agreement, agreement.kpis)
    able = [kpi for kpi in bases if why_not(engine, kpi, NO_FILTERS, None) is None]
    quarter = period_of(engine.as_of_day, "quarter").previous()
    return {
        **{kpi.id: kpi.fault for kpi in agreement.kpis if kpi.fault is not None},
        **measure_all(engine, able, {NOW: quarter}).missing,
    }


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
    return kpis_sql(engine, agreement, [kpi_id], window, filters, by)


def kpis_sql(
    engine: Engine,
    agreement: Agreement,
    kpi_ids: Sequence[str],
    window: Period,
    filters: Filters = NO_FILTERS,
    by: str | None = None,
) -> str:
    """Return the statements behind the values of several KPIs, values in place."""
    bases = base_kpis(agreement, [agreement.kpi(kpi_id) for kpi_id in kpi_ids])
    return values_sql(engine, bases, {NOW: window}, filters, by)
