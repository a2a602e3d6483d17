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
from smarketing.analysis.kpis.values import base_kpis, measure_all, problem, values_sql
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.periods import Period

__all__ = ["KpiResult", "chosen", "kpi_problems", "kpi_sql", "kpis"]


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
    windows = compared_windows(engine, agreement, asked, window)
    whole = measure_all(engine, bases, windows, filters, strict=bool(ids))
    reader = Reader(engine, agreement, windows, filters)
    results = [reader.result(kpi, whole) for kpi in asked]
    if by is None:
        return results
    cutter = replace(reader, by=by)
    cut = measure_all(engine, bases, windows, filters, by, strict=bool(ids))
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
