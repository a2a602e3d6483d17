"""What of a page's filters a KPI obeys: its window if it has one, and whose channel it knows."""

from __future__ import annotations

from smarketing.agreement import Kpi
from smarketing.analysis.dimensions import AMBIGUOUS, subjects
from smarketing.analysis.kpis.expressions import measure
from smarketing.analysis.kpis.values import base_kpis
from smarketing.ui.view import View


def of_kpi(view: View, kpi: Kpi) -> View:
    """The view of a figure of one KPI."""
    bases = base_kpis(view.store.agreement, [kpi])
    whose = subjects(str(base.mart) for base in bases)
    found = view.of(**dict.fromkeys(AMBIGUOUS, whose))
    return found if kpi.formula or any(map(_knows_period, bases)) else found.undated()


def _knows_period(base: Kpi) -> bool:
    if base.date_column:
        return True
    return measure(base.id, str(base.expression), base.filter).names_period
