"""What would a proposed agreement do to the numbers? Every KPI of a period under either version."""

from __future__ import annotations

from dataclasses import dataclass

from smarketing.agreement import Agreement
from smarketing.analysis.kpis.measured import NOW
from smarketing.analysis.kpis.result import KpiResult
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.analysis.kpis.values import base_kpis, measure_all, why_not
from smarketing.engine import NO_FILTERS, Engine
from smarketing.errors import QueryError
from smarketing.periods import Period, period_of


@dataclass(frozen=True)
class Under:
    """One version of the agreement and a build that was derived under it."""

    engine: Engine
    agreement: Agreement


@dataclass(frozen=True)
class Effect:
    """One KPI under both versions; None on the side whose version does not have it."""

    id: str
    label: str
    unit: str
    before: KpiResult | None
    after: KpiResult | None

    @property
    def is_other(self) -> bool:
        """Return whether value, target or status differ."""
        return _said(self.before) != _said(self.after)


def effects(before: Under, after: Under, window: Period) -> list[Effect]:
    """Answer every listed KPI of a window under both versions, in the order of the proposal.

    KPIs that only one version has stand with that side alone; the dropped ones come last.
    """
    old, new = (
        {r.id: r for r in kpis(side.engine, side.agreement, None, window)}
        for side in (before, after)
    )
    return [
        Effect(i, (new.get(i) or old[i]).label, (new.get(i) or old[i]).unit, old.get(i), new.get(i))
        for i in dict.fromkeys([*new, *old])
    ]


def demand_countable(engine: Engine, before: Agreement, after: Agreement) -> None:
    """Raise QueryError for a KPI of a proposal that the marts cannot answer as it is written.

    What is agreed already is left to Data health, and marts that are not built or that whoever
    asks may not see are left out.
    """
    agreed = {kpi.id: kpi for kpi in before.kpis}
    period = period_of(engine.as_of_day, "quarter")
    for kpi in base_kpis(after, after.kpis):
        if agreed.get(kpi.id) == kpi or why_not(engine, kpi, NO_FILTERS, None):
            continue
        if said := measure_all(engine, [kpi], {NOW: period}).missing.get(kpi.id):
            raise QueryError(said)


def last_quarter(side: Under) -> Period:
    """Return the last quarter that was over by the data's date."""
    return period_of(side.engine.as_of_day, "quarter").previous()


def _said(result: KpiResult | None) -> tuple[object, ...] | None:
    if result is None:
        return None
    value = None if result.value is None else round(float(result.value), 9)
    return value, result.target, result.status, result.unit
