"""What of a page's filters a KPI obeys: its window if it has one, and whose channel it knows."""

from __future__ import annotations

from smarketing.agreement import Kpi
from smarketing.analysis.dimensions import AMBIGUOUS, subjects
from smarketing.analysis.kpis.expressions import names_period
from smarketing.analysis.kpis.values import base_kpis
from smarketing.ui.view import View


def of_kpi(view: View, kpi: Kpi) -> View:
    """The view of a figure of one KPI."""
    bases = base_kpis(view.store.agreement, [kpi])
    whose = subjects(str(base.mart) for base in bases)
    found = view.of(**dict.fromkeys(AMBIGUOUS, whose))
    dated = kpi.formula or any(base.date_column or names_period(base) for base in bases)
    return found if dated else found.undated()
