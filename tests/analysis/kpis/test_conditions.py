"""A KPI's filter is a condition, whatever its columns are called; its stage and step are fields."""

from __future__ import annotations

from typing import Any

import pytest
from builders import default_agreement, make_store

from smarketing.agreement import Agreement, Kpi
from smarketing.agreement.kpis import Step
from smarketing.analysis.kpis.caveats import caveats
from smarketing.analysis.kpis.expressions import measure, measure_of
from smarketing.analysis.kpis.records import records
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.errors import QueryError
from smarketing.periods import parse_period

FEEDBACK = [
    {"feedback_id": f"f{number}", "asked_at": "2026-05-04", "kind": "nps", "score": 9.0,
     "comment": comment}
    for number, comment in enumerate(("good", None, "better"))
]  # fmt: skip


def with_kpi(**changes: Any) -> Agreement:
    """The packaged agreement with a KPI of one's own in the place of the first."""
    agreement = default_agreement()
    own = agreement.kpis[0].model_copy(
        update={"id": "own", "stage": None, "recorded": None} | changes
    )
    return agreement.model_copy(update={"kpis": (own, *agreement.kpis[1:])})


def test_a_column_that_begins_like_a_command_is_a_column():
    agreement = with_kpi(
        mart="fct_feedback", date_column="asked_day", expression="count(*)",
        filter="comment is not null",
    )  # fmt: skip
    engine = make_store({"feedback": FEEDBACK}, agreement)
    [result] = kpis(engine, agreement, ["own"], parse_period("2026-05"))
    assert result.value == 2
    assert len(records(engine, agreement, "own", parse_period("2026-05"))) == 2


def test_a_score_says_of_how_many_answers_it_is() -> None:
    agreement = default_agreement()
    [result] = kpis(
        make_store({"feedback": FEEDBACK}, agreement), agreement, ["nps"], parse_period("2026-05")
    )
    assert (result.value, result.n) == (100.0, 3)


@pytest.mark.parametrize(
    "condition", ["comment is not null", "set = 1", "show", "use > 2", "describe = 'x' and cache"]
)
def test_words_of_sql_may_be_columns_of_a_condition(condition: str):
    found = measure("own", "count(*)", condition)
    assert found.condition is not None
    assert found.columns & {"comment", "set", "show", "use", "describe"}


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("a = 1; drop table lead", "must be one expression"),
        ("a = 1; b = 2", "must be one expression"),
        ("select 1", "may not use select"),
        ("a = 1) or (b = 2", "is not SQL"),
        ("a = 1 order by b", "is not SQL"),
        ("drop table lead", "may not use drop"),
        ("a in (select b from lead)", "may not use"),
        ("sum(a) > 1", "must not aggregate"),
    ],
)
def test_what_is_no_condition_is_refused(condition: str, says: str):
    with pytest.raises(QueryError, match=says):
        measure("own", "count(*)", condition)


def test_stage_and_step_are_conditions_beside_the_filter():
    kpi = default_agreement().kpi("mqls_to_sql")
    test = measure_of(kpi).condition
    assert test is not None
    assert test.sql() == (
        "stage = 'mql' AND next_stage = 'sql' AND (is_mature AND is_converted_within)"
    )
    bare = kpi.model_copy(update={"filter": None, "step": None, "stage": "mql"})
    assert str(measure_of(bare).condition) == "stage = 'mql'"
    assert bare.condition == "stage = 'mql'"
    assert kpi.condition == (
        "stage = 'mql' and next_stage = 'sql' and is_mature and is_converted_within"
    )


def test_a_filter_of_alternatives_does_not_escape_the_stage():
    leads = [{"lead_id": f"l{n}", "created_at": "2026-05-04", "status": "sql"} for n in range(3)]
    agreement = with_kpi(stage="mql", filter="event_number = 1 or event_number > 1")
    engine = make_store({"lead": leads}, agreement)
    [result] = kpis(engine, agreement, ["own"], parse_period("2026-05"))
    assert not result.value


def test_a_kpi_says_the_settings_it_rests_on_and_those_its_parts_rest_on():
    agreement = default_agreement()
    boundary = (
        "Cost counted: media, event, tool, agency, salary of marketing, sales development, sales"
    )
    said = {name: " ".join(caveats(agreement, agreement.kpi(name))) for name in (
        "cac", "cac_lagged", "ltv_to_cac", "marketing_sourced_revenue_share", "romi", "won_revenue",
    )}  # fmt: skip
    assert f"{boundary}, on the day it was incurred." in said["cac"]
    assert f"{boundary}, later by the median cycle of won new business." in said["cac_lagged"]
    assert "Agreed horizon: 60 months." in said["ltv_to_cac"]
    assert boundary in said["ltv_to_cac"]
    assert (
        "Agreed test of who originated a deal: the CRM's lead source."
        in (said["marketing_sourced_revenue_share"])
    )
    assert "Agreed model: Position (U), lookback 180 days." in said["romi"]
    assert said["won_revenue"] == ""


def test_what_a_kpi_rests_on_is_read_from_its_field_alone():
    agreement = with_kpi(mart="fct_cost", date_column="incurred_on", expression="sum(cost_amount)",
                         filter="is_acquisition", rests_on=())  # fmt: skip
    assert caveats(agreement, agreement.kpis[0]) == agreement.kpis[0].caveats
    named: Kpi = agreement.kpis[0].model_copy(update={"rests_on": ("cost_boundary",)})
    assert "Cost counted" in " ".join(caveats(agreement, named))


def test_a_step_of_a_kpi_is_built_where_the_windows_leave_it_out():
    agreement = default_agreement().model_copy(update={"step_windows": ()})
    own = agreement.kpi("mqls_to_sql").model_copy(
        update={"id": "own", "step": Step(stage="sal", next_stage="customer")}
    )
    agreement = agreement.model_copy(update={"kpis": (*agreement.kpis, own)})
    engine = make_store(agreement=agreement)
    steps = engine.rows("funnel/stages") and engine.rows(_named())
    assert {("mql", "sql"), ("sal", "customer")} <= {(s["stage"], s["next_stage"]) for s in steps}


def _named() -> Any:
    from smarketing.engine.compile import parse

    text = "select w.stage, w.next_stage from agreement_step_window as w where w.is_named"
    return parse(text, "test")
