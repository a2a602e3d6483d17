"""Every check of an agreement: the fault it finds, where it says it is, and what it lets pass."""

from __future__ import annotations

from typing import Any

import pytest

from smarketing.agreement import Agreement, load_agreement
from smarketing.agreement.attribution import CustomModel, RoleWeights, TeamOriginator
from smarketing.agreement.checks import formula_names, problems
from smarketing.agreement.kpis import Ratio, Target
from smarketing.agreement.stages import FitRule


def changed(**update: Any) -> Agreement:
    return load_agreement().model_copy(update=update)


def part(name: str, **update: Any) -> Agreement:
    return changed(**{name: getattr(load_agreement(), name).model_copy(update=update)})


def of_kpi(kpi_id: str, **update: Any) -> Agreement:
    kpis = tuple(
        kpi.model_copy(update=update) if kpi.id == kpi_id else kpi for kpi in load_agreement().kpis
    )
    return changed(kpis=kpis)


def place(kpi_id: str) -> int:
    return [kpi.id for kpi in load_agreement().kpis].index(kpi_id)


def test_the_packaged_agreement_passes():
    assert problems(load_agreement()) == []


@pytest.mark.parametrize("name", ["teams", "stages", "exits", "kpis", "roles"])
def test_an_id_given_twice_is_named_at_its_second_place(name: str):
    items = getattr(load_agreement(), name)
    found = problems(changed(**{name: (*items, items[0])}))
    assert (f"{name}[{len(items)}].id", f"'{items[0].id}' is defined twice") in found


@pytest.mark.parametrize("name", ["channels", "segments", "personas", "regions"])
def test_a_class_given_twice_is_named_at_its_second_place(name: str):
    items = getattr(load_agreement().classification, name)
    found = problems(part("classification", **{name: (*items, items[0])}))
    assert (
        f"classification.{name}[{len(items)}].id", f"'{items[0].id}' is defined twice"
    ) in found  # fmt: skip


def test_a_stage_is_no_exit_as_well():
    exits = load_agreement().exits
    both = (*exits, exits[0].model_copy(update={"id": "sql"}))
    assert problems(changed(exits=both)) == [("exits", "'sql' is both a stage and an exit")]


@pytest.mark.parametrize(
    ("update", "where", "says"),
    [
        ({"segments": ("mid_markt",)}, "target_market.segments[0]", "unknown segment 'mid_markt'"),
        ({"personas": ("finance", "finanse")}, "target_market.personas[1]", "unknown persona"),
        ({"regions": ("dach", "dac")}, "target_market.regions[1]", "Did you mean 'dach'?"),
    ],
)
def test_the_target_market_names_what_is_classified(update: Any, where: str, says: str):
    [(path, message)] = problems(part("target_market", **update))
    assert path == where
    assert says in message


@pytest.mark.parametrize(
    ("attribute", "value", "known"),
    [
        ("segment", "smal", "small"),
        ("persona", "excutive", "executive"),
        ("region", "dac", "dach"),
        ("channel", "webinr", "webinar"),
    ],
)
def test_points_for_fit_name_what_is_classified(attribute: Any, value: str, known: str):
    rules = (
        FitRule(id="a", label="A", points=1, attribute="industry", values=("anything",)),
        FitRule(id="b", label="B", points=1, attribute=attribute, values=(known, value)),
    )
    [(path, message)] = problems(part("lead_definition", fit=rules))
    assert path == "lead_definition.fit[1].values[1]"
    assert message == f"unknown {attribute} '{value}'. Did you mean '{known}'?"


def test_targets_name_a_kpi_and_a_segment_and_stand_once():
    month = {"kpi": "new_leads", "every": "month", "value": 5}
    given = (
        Target.model_validate(month),
        Target.model_validate(month | {"segment": "small"}),
        Target.model_validate(month | {"every": "week"}),
        Target.model_validate({"kpi": "new_leads", "period": "2026-06", "value": 5}),
        Target.model_validate(month | {"starts_on": "2026-01-01"}),
        Target.model_validate(month | {"value": 6}),
        Target.model_validate(month | {"kpi": "new_led", "segment": "smal"}),
        Target.model_validate({"kpi": "new_leads", "period": "2026-07", "value": 5}),
        Target.model_validate({"kpi": "new_leads", "period": "2026-06", "value": 6}),
        Target.model_validate(month | {"ends_on": "2026-01-01"}),
    )
    assert problems(changed(targets=given)) == [
        ("targets[5]", "a second target for 'new_leads' in the same period"),
        ("targets[6].kpi", "unknown KPI 'new_led'. Did you mean 'new_leads'?"),
        ("targets[6].segment", "unknown segment 'smal'. Did you mean 'small'?"),
        ("targets[8]", "a second target for 'new_leads' in the same period"),
    ]


def test_models_are_known_and_ones_own_have_a_name_of_their_own():
    weights = RoleWeights(first=0.5, last=0.5)
    own = CustomModel(id="ours", label="Ours", weights=weights)
    assert problems(part("attribution", custom_models=(own,), models=("first", "ours"),
                         default_model="ours")) == []  # fmt: skip
    taken = own.model_copy(update={"id": "linear"})
    found = problems(
        part("attribution", custom_models=(own, own, taken), models=("first", "our"),
             default_model="frst")
    )  # fmt: skip
    assert found == [
        ("attribution.custom_models[1].id", "'ours' is defined twice"),
        ("attribution.custom_models[2].id", "'linear' is a model already"),
        ("attribution.models[1]", "unknown model 'our'. Did you mean 'ours'?"),
        ("attribution.default_model", "unknown model 'frst'. Did you mean 'first'?"),
    ]


def test_statuses_lead_to_stages_and_exits():
    statuses = load_agreement().classification.lead_statuses
    wrong = (
        statuses[0].model_copy(update={"stage": "led"}),
        statuses[-1].model_copy(update={"exit": "lst"}),
    )
    assert problems(part("classification", lead_statuses=wrong)) == [
        ("classification.lead_statuses[0].stage", "unknown stage 'led'. Did you mean 'lead'?"),
        ("classification.lead_statuses[1].exit", "unknown exit 'lst'. Did you mean 'lost'?"),
    ]


def test_owners_and_parts_of_a_kpi_are_known():
    kpi = load_agreement().kpi("cac")
    owners = kpi.owners.model_copy(update={"marketing": "x", "sales": "y"})
    ratio = Ratio(numerator="acquisition_cos", denominator="new_customer")
    at = f"kpis[{place('cac')}]"
    found = problems(of_kpi("cac", owners=owners, ratio=ratio))
    assert [path for path, _ in found] == [
        f"{at}.owners.marketing", f"{at}.owners.sales", f"{at}.ratio.numerator",
        f"{at}.ratio.denominator",
    ]  # fmt: skip


def test_a_circle_of_kpis_is_named_at_each_of_its_members_and_nowhere_else():
    circle = of_kpi("cac", ratio=None, formula="ltv / 2")
    assert problems(circle) == []
    closed = circle.model_copy(update={"kpis": tuple(
        kpi.model_copy(update={"formula": "cac * 3"}) if kpi.id == "ltv" else kpi
        for kpi in circle.kpis
    )})  # fmt: skip
    assert problems(closed) == [
        (f"kpis[{place(name)}]", f"'{name}' is defined by itself") for name in ("cac", "ltv")
    ]


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        ("won_revenue", ["won_revenue"]),
        ("a + b * a - -c / 2", ["a", "b", "c"]),
        ("max(a, b, 0) / min(c, 1)", ["a", "b", "c"]),
        ("max / 2", ["max"]),
    ],
)
def test_a_formula_is_arithmetic_over_names(formula: str, names: list[str]):
    assert formula_names(formula) == names


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("a +", "is not arithmetic over KPI ids"),
        ("a ** 2", "uses Pow"),
        ("a if b else c", "uses IfExp"),
        ("a.b", "uses Attribute"),
        ("[a]", "uses List"),
        ("a > b", "uses Compare"),
        ("a // b", "uses FloorDiv"),
        ("a % b", "uses Mod"),
        ("not a", "uses Not"),
        ("lambda: a", "uses Lambda"),
        ("sum(a, b)", "uses sum; a formula is"),
        ("a.max(b)", "uses such a function"),
        ("max()", "max takes the values to choose from"),
        ("max(a, key=b)", "max takes the values to choose from"),
    ],
)
def test_what_is_no_arithmetic_is_refused(formula: str, says: str):
    with pytest.raises(ValueError, match=says.replace("(", r"\(")):
        formula_names(formula)


def test_a_formula_may_name_kpis_their_targets_and_what_the_period_says():
    good = "won_revenue / target_won_revenue * gross_margin + horizon_months - elapsed_months"
    assert problems(of_kpi("pipeline_coverage", formula=good)) == []
    at = f"kpis[{place('pipeline_coverage')}].formula"
    bad = "won_revenu + 2 * target_won_revenu - gros_margin"
    assert sorted(problems(of_kpi("pipeline_coverage", formula=bad))) == [
        (at, "unknown KPI 'gros_margin'. Did you mean 'gross_margin'?"),
        (at, "unknown KPI 'won_revenu'. Did you mean 'won_revenue'?"),
        (at, "unknown KPI 'won_revenu'. Did you mean 'won_revenue'?"),
    ]


@pytest.mark.parametrize("name", ["customers", "put_in", "came_out"])
def test_the_meeting_s_parts_name_kpis_that_there_are(name: str):
    listed = (*getattr(load_agreement().meeting, name), "new_mql")
    assert problems(part("meeting", **{name: listed})) == [
        (f"meeting.{name}[{len(listed) - 1}]", "unknown KPI 'new_mql'. Did you mean 'new_mqls'?")
    ]


def test_a_team_that_names_an_originator_is_one():
    known = load_agreement().teams[0].id
    teams = tuple(TeamOriginator(team=id_, originator="partner") for id_ in (known, "nobody"))
    rule = load_agreement().attribution.originator.model_copy(update={"teams": teams})
    [(where, says)] = problems(part("attribution", originator=rule))
    assert where == "attribution.originator.teams[1].team"
    assert says.startswith("unknown team 'nobody'.")
