"""What must be said beside a KPI that is available: what it lacks."""

from __future__ import annotations

from smarketing.agreement import Agreement, Kpi
from smarketing.analysis.availability import lacking_some, some_untold, without_date
from smarketing.analysis.kpis.measured import ALL, NOW, Values
from smarketing.analysis.kpis.values import base_kpis


def beside(agreement: Agreement, kpi: Kpi, values: Values, key: str = ALL) -> str | None:
    """Say what a value lacks: amounts not known, records of no known date or kind of end."""
    said = []
    for base in base_kpis(agreement, [kpi]):
        whose = "" if base.id == kpi.id else f"{base.label}: "
        value, undated = values.of(base.id, NOW, key), values.undated(base.id, key)
        if 0 < value.lacking < value.n:
            said.append(whose + lacking_some(value.lacking, value.n, values.currency))
        if value.untold and value.n:
            said.append(whose + some_untold(value.untold))
        if undated:
            said.append(whose + without_date(undated))
    return "; ".join(said) or None


def undated(agreement: Agreement, kpi: Kpi, values: Values, key: str = ALL) -> int:
    """Return how many records a KPI and its parts leave out of every period for want of a day."""
    return sum(values.undated(base.id, key) for base in base_kpis(agreement, [kpi]))
