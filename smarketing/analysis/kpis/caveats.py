"""What to mind of a KPI: its own caveats, and the choices of the agreement that it depends on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smarketing.agreement import Agreement, Kpi
from smarketing.agreement.attribution import ORIGINATOR_TESTS
from smarketing.agreement.checks import formula_names
from smarketing.agreement.kpis import RestsOn


def caveats(agreement: Agreement, kpi: Kpi) -> tuple[str, ...]:
    """Return a KPI's caveats, and in words the settings of the agreement behind it, each once.

    The boundary of acquisition cost, the test of who originated a deal, the model that credits
    revenue, the horizon of lifetime value. Empty where there is nothing to mind.
    """
    return tuple(dict.fromkeys([*kpi.caveats, *_settings(agreement, kpi)]))


def _settings(agreement: Agreement, kpi: Kpi) -> Iterator[str]:
    words = _words(agreement)
    for part in _made_of(agreement, kpi):
        yield from (words[setting] for setting in part.rests_on)


def _words(agreement: Agreement) -> Mapping[RestsOn, str]:
    rules = agreement.attribution
    teams = [team.label.lower() for team in agreement.cac_teams]
    test = ORIGINATOR_TESTS[rules.originator.test]
    model = rules.model_label(rules.default_model)
    return {
        "cost_boundary": rules.cac.words(teams),
        "cost_boundary_lagged": rules.cac.words(teams, lagged=True),
        "originator_test": f"Agreed test of who originated a deal: {test}.",
        "attribution_model": f"Agreed model: {model}, lookback {rules.lookback_days} days.",
        "lifetime_horizon": f"Agreed horizon: {agreement.lifetime_value.horizon_months} months.",
    }


def _made_of(agreement: Agreement, kpi: Kpi) -> Iterator[Kpi]:
    """Yield a KPI, and all that its ratio or formula is made of."""
    yield kpi
    names = formula_names(kpi.formula) if kpi.formula else []
    if kpi.ratio is not None:
        names = [kpi.ratio.numerator, kpi.ratio.denominator]
    known = {other.id for other in agreement.kpis}
    for name in names:
        if name in known:
            yield from _made_of(agreement, agreement.kpi(name))
