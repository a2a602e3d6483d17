"""What to mind of a KPI: its own caveats, and the choices of the agreement that it depends on."""

from __future__ import annotations

from collections.abc import Iterator

from smarketing.agreement import Agreement, Kpi
from smarketing.agreement.checks import formula_names
from smarketing.analysis.attribution.origin import TESTS
from smarketing.analysis.kpis.values import base_kpis

COST, ORIGIN, ATTRIBUTED = "fct_cost", "fct_origin", "fct_attributed"


def caveats(agreement: Agreement, kpi: Kpi) -> tuple[str, ...]:
    """Return a KPI's caveats, and in words the settings of the agreement behind it, each once.

    The boundary of acquisition cost, the test of who originated a deal, the model that credits
    revenue, the horizon of lifetime value. Empty where there is nothing to mind.
    """
    return tuple(dict.fromkeys([*kpi.caveats, *_settings(agreement, kpi)]))


def _settings(agreement: Agreement, kpi: Kpi) -> Iterator[str]:
    rules = agreement.attribution
    for base in base_kpis(agreement, [kpi]):
        reads = f"{base.filter} {base.expression}"
        if base.mart == COST and "is_acquisition" in reads:
            teams = [team.label.lower() for team in agreement.cac_teams]
            yield rules.cac.words(teams, lagged=base.date_column == "lagged_day")
        elif base.mart == ORIGIN and "originator" in reads:
            yield f"Agreed test of who originated a deal: {TESTS[rules.originator.test]}."
        elif base.mart == ATTRIBUTED:
            model = rules.default_model.replace("_", " ")
            yield f"Agreed model: {model}, lookback {rules.lookback_days} days."
    if "horizon_months" in _names(agreement, kpi):
        yield f"Agreed horizon: {agreement.lifetime_value.horizon_months} months."


def _names(agreement: Agreement, kpi: Kpi) -> set[str]:
    """Return all that a KPI's formula names, and the formulas of the KPIs it names."""
    if kpi.ratio is not None:
        direct = [kpi.ratio.numerator, kpi.ratio.denominator]
    else:
        direct = formula_names(kpi.formula) if kpi.formula else []
    known = {other.id for other in agreement.kpis}
    deeper = [_names(agreement, agreement.kpi(name)) for name in direct if name in known]
    return set(direct).union(*deeper)
