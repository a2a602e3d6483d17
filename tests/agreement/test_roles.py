"""What the program must know of ids is a field: read, checked, and kept for older agreements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from smarketing.agreement import Agreement, agreement_yaml, load_agreement, parse_agreement
from smarketing.agreement.loading import DEFAULT
from smarketing.agreement.teams import team_names, team_of
from smarketing.errors import AgreementError

ROLES = ("teams", "deal_opened", "deal_won", "deal_lost")


def whole(change: Callable[[dict[str, Any]], Any]) -> str:
    """The packaged agreement as a file of its own, changed."""
    content: dict[str, Any] = yaml.safe_load(DEFAULT.read_text(encoding="utf-8"))
    change(content)
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True)


def refused(change: Callable[[dict[str, Any]], Any]) -> str:
    with pytest.raises(AgreementError) as caught:
        parse_agreement(whole(change))
    return str(caught.value)


def older(content: dict[str, Any]) -> None:
    """Take away every field that earlier versions of the program did without."""
    for name in ROLES:
        content.pop(name)
    content["service_levels"].pop("recycled_exits")
    content["attribution"].pop("direct_channel")
    for name in ("teams", "channels"):
        content["attribution"]["originator"].pop(name)
    for kpi in content["kpis"]:
        kept = kpi.pop("step", {}) or ({"stage": kpi.pop("stage")} if "stage" in kpi else {})
        tests = [f"{column} = '{value}'" for column, value in kept.items()]
        tests += [kpi["filter"]] if "filter" in kpi else []
        if tests:
            kpi["filter"] = " and ".join(tests)
        kpi.pop("team", None)
        kpi.pop("rests_on", None)


def test_an_agreement_of_an_earlier_version_keeps_its_meaning():
    read = parse_agreement(whole(older))
    assert read.hash == load_agreement().hash


def test_a_kpi_of_ones_own_stays_as_it_was_written():
    def own(content: dict[str, Any]) -> None:
        older(content)
        for kpi in content["kpis"]:
            if kpi["id"] == "new_mqls":
                kpi["filter"] += " and date_known"
            if kpi["id"] == "won_revenue":
                kpi["expression"] = "sum(deal_amount)"

    read = parse_agreement(whole(own))
    mqls, won = read.kpi("new_mqls"), read.kpi("won_revenue")
    assert (mqls.stage, mqls.team) == (None, None)
    assert mqls.filter == "stage = 'mql' and is_imputed and is_first and date_known"
    assert (won.expression, won.team) == ("sum(deal_amount)", None)
    assert read.side_of(won) is None


def test_an_earlier_agreement_without_a_stage_of_the_packaged_one_is_read():
    def short(content: dict[str, Any]) -> None:
        older(content)
        content["stages"] = [stage for stage in content["stages"] if stage["id"] != "sal"]
        kinds = content["classification"]
        kinds["lead_statuses"] = [s for s in kinds["lead_statuses"] if s.get("stage") != "sal"]
        content["service_levels"]["accepted_stage"] = "sql"

    read = parse_agreement(whole(short))
    assert read.kpi("new_sals").stage is None
    assert read.kpi("new_mqls").stage == "mql"


def test_an_agreement_without_the_parts_that_may_be_left_out_keeps_its_meaning():
    def short(content: dict[str, Any]) -> None:
        older(content)
        for name in ("from_stage", "accepted_stage", "rejected_exits"):
            content["service_levels"].pop(name)
        content.pop("attribution")

    read = parse_agreement(whole(short))
    levels = read.service_levels
    assert (levels.from_stage, levels.accepted_stage) == ("mql", "sal")
    assert levels.rejected_exits == ("rejected", "disqualified")
    assert read.attribution.direct_channel == "direct"
    assert [entry.team for entry in read.attribution.originator.teams] == [
        "sales_development", "partner", "success",
    ]  # fmt: skip


def test_where_an_earlier_version_knew_no_such_id_the_field_is_asked_for():
    def renamed(content: dict[str, Any]) -> None:
        older(content)
        text = yaml.safe_dump(content).replace("opportunity", "bargain")
        content.clear()
        content.update(yaml.safe_load(text))

    said = refused(renamed)
    assert "deal_opened: is missing; add it: the stage that a lead enters when a deal" in said
    assert len(said.splitlines()) == 1


def test_what_is_not_there_is_not_taken_over():
    def without(content: dict[str, Any]) -> None:
        older(content)
        kinds = content["classification"]
        kinds["channels"] = [c for c in kinds["channels"] if c["id"] not in ("direct", "partner")]

    read = parse_agreement(whole(without)).attribution
    assert read.direct_channel is None
    assert read.originator.channels == ()


def test_that_no_channel_is_direct_reads_back():
    own = parse_agreement("extends: default\nattribution: {direct_channel: null}\n")
    assert own.attribution.direct_channel is None
    assert parse_agreement(agreement_yaml(own)).hash == own.hash


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("deal_opened", "oportunity", "unknown stage 'oportunity'. Did you mean 'opportunity'?"),
        ("deal_won", "costumer", "unknown stage 'costumer'. Did you mean 'customer'?"),
        ("deal_lost", "lst", "unknown exit 'lst'. Did you mean 'lost'?"),
        ("deal_opened", "customer", "'customer' does not come after 'customer'."),
        ("service_levels.from_stage", "sql", "'sal' does not come after 'sql'."),
        ("service_levels.recycled_exits", ["recicled"], "unknown exit 'recicled'."),
        ("service_levels.commitment.stage", "mq", "unknown stage 'mq'."),
        ("lead_definition.stage", "mq", "unknown stage 'mq'."),
        ("attribution.direct_channel", "dirct", "unknown channel 'dirct'."),
        ("kpis.0.stage", "led", "unknown stage 'led'. Did you mean 'lead'?"),
        ("kpis.0.team", "marketting", "unknown team 'marketting'. Did you mean 'marketing'?"),
        ("kpis.0.id", "gross_margin", "'gross_margin' is what formulas call the agreed gross"),
        ("attribution.cac.teams", ["marketting"], "unknown team 'marketting'."),
        ("attribution.originator.teams", [{"team": "x", "originator": "partner"}],
         "unknown team 'x'."),
        ("attribution.originator.channels", [{"channel": "x", "originator": "partner"}],
         "unknown channel 'x'."),
    ],
)  # fmt: skip
def test_a_role_that_leads_nowhere_is_named(path: str, value: Any, says: str):
    def change(content: dict[str, Any]) -> None:
        held: Any = content
        *inner, last = path.split(".")
        for name in inner:
            held = held[int(name) if name.isdigit() else name]
        held[last] = value

    said = refused(change)
    assert path.replace(".0.", "[0].") in said
    assert says in said


def test_each_side_has_a_team_and_each_word_is_one_teams():
    def no_sales(content: dict[str, Any]) -> None:
        for team in content["teams"]:
            if team.get("side") == "sales":
                team.pop("side")

    assert "teams: no team works for sales; give one the side: sales." in refused(no_sales)

    def twice(content: dict[str, Any]) -> None:
        content["teams"][2]["names"] = ["Sales-Development"]

    said = refused(twice)
    assert "teams[2].names[0]: 'Sales-Development' is the team 'sales_development' already" in said


def test_the_words_of_sources_lead_to_teams_whatever_their_spelling():
    names = team_names(load_agreement().teams)
    words = ("Sales Development", "sales-development", "MARKETING ", "growth", "", None)
    found = [team_of(names, word) for word in words]
    assert found == ["sales_development", "sales_development", "marketing", "(unmapped)",
                     "(unknown)", "(unknown)"]  # fmt: skip


def test_commitment_and_cost_boundary_follow_from_the_rest_where_they_say_nothing():
    def quiet(content: dict[str, Any]) -> None:
        content["service_levels"]["commitment"].pop("stage")
        content["attribution"]["cac"].pop("teams")

    own: Agreement = parse_agreement(whole(quiet))
    assert own.service_levels.committed_stage == "mql"
    assert [team.id for team in own.cac_teams] == ["marketing", "sales_development", "sales"]


@pytest.mark.parametrize(
    ("mart", "step", "says"),
    [
        ("fct_conversion", {"stage": "mql", "next_stage": "sql"},
         "'sql' is not the stage after 'mql'; a step over several stages is of the mart"),
        ("fct_long_conversion", {"stage": "sql", "next_stage": "mql"},
         "'mql' does not come after 'sql'"),
        ("fct_long_conversion", {"stage": "mql", "next_stage": "sqll"}, "unknown stage 'sqll'"),
        ("fct_long_conversion", None, "needs its step, such as step: {stage: lead, "),
        ("fct_handoff", {"stage": "led", "next_stage": "sql"}, "unknown stage 'led'"),
    ],
)  # fmt: skip
def test_a_step_that_its_mart_does_not_hold_is_refused(mart: str, step: Any, says: str):
    def change(content: dict[str, Any]) -> None:
        kpi = next(kpi for kpi in content["kpis"] if kpi["id"] == "mqls_to_sql")
        kpi["mart"] = mart
        kpi.pop("step")
        kpi |= {"step": step} if step else {}

    assert says in refused(change)


def test_stage_and_step_are_of_an_expression_and_never_both():
    def both(content: dict[str, Any]) -> None:
        content["kpis"][0]["step"] = {"stage": "lead", "next_stage": "mql"}

    assert "kpis[0]: needs either stage or step." in refused(both)

    def of_ratio(content: dict[str, Any]) -> None:
        kpi = next(kpi for kpi in content["kpis"] if kpi["id"] == "cac")
        kpi["stage"] = "lead"

    assert "stage and step belong to an expression" in refused(of_ratio)


def test_whose_delivery_a_kpi_measures():
    agreement = load_agreement()
    sides = {
        "new_mqls": "marketing",  # the owner of the stage
        "new_sals": "sales",
        "mql_to_sal_rate": "sales",  # the owner of the stage that the step leads to
        "won_revenue": "sales",  # its team
        "calls_made": "sales",
        "marketing_cost": "marketing",
        "cost_per_lead": "marketing",  # both parts
        "cost_per_sql": None,  # a part of each side
        "acceptance_rate": None,  # nobody's alone
        "gross_retention": None,  # a team of neither side
        "pipeline_velocity": None,
    }
    assert {name: agreement.side_of(agreement.kpi(name)) for name in sides} == sides
