"""The calendar by hand: states, plans that meet their campaign, promise and result."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from builders import default_agreement, make_store

from smarketing.analysis.campaigns.together import (
    ENDED,
    PLANNED,
    RUNNING,
    UNDATED,
    broke_down,
    calendar,
    checked,
    outcome,
    state_of,
    utm_names,
)
from smarketing.analysis.funnel.result import FunnelStage, Step
from smarketing.analysis.rates import rate_of
from smarketing.charts.promises import promised
from smarketing.engine import DuckDBEngine
from smarketing.engine.sight import Sight
from smarketing.errors import UsageError
from smarketing.workspace.records import Plan

DAY = dt.date(2026, 6, 30)


def plan(name: str = "Spring fair", **own: Any) -> Plan:
    given = {
        "id": 1, "name": name, "starts_on": dt.date(2026, 6, 1), "ends_on": dt.date(2026, 6, 20),
        "marketing_owner": "Anna", "sales_owner": "Ben", "created_by": "Anna",
        "created_at": dt.datetime(2026, 5, 1),
    }  # fmt: skip
    return Plan(**(given | own))


@pytest.mark.parametrize(
    ("starts", "ends", "state"),
    [
        ("2026-07-01", None, PLANNED),
        ("2026-06-30", "2026-06-30", RUNNING),
        ("2026-06-01", None, RUNNING),
        ("2026-06-01", "2026-06-29", ENDED),
        (None, None, UNDATED),
    ],
)
def test_a_campaign_is_planned_running_or_over(
    starts: str | None, ends: str | None, state: str
) -> None:
    first, last = (dt.date.fromisoformat(day) if day else None for day in (starts, ends))
    assert state_of(first, last, DAY) == state


def test_a_plan_meets_its_campaign_by_name_alias_or_id() -> None:
    engine = make_store(
        {
            "campaign": [
                {"campaign_id": "c1", "name": "spring_FAIR", "starts_on": dt.date(2026, 6, 1)},
                {"campaign_id": "c2", "name": "Other"},
                {"campaign_id": "c3", "name": "Third"},
            ],
            "campaign_alias": [{"alias": "webinar-2026-07", "campaign_id": "c2"}],
        }
    )
    plans = [
        plan(id=1),
        plan("Webinar", id=2, aliases="Webinar\nwebinar-2026-07"),
        plan("By id", id=3, campaign_id="c3"),
        plan("Nobody knows it", id=4, starts_on=dt.date(2026, 9, 1), ends_on=dt.date(2026, 9, 2)),
    ]
    found = {entry.key: entry for entry in calendar(engine, plans)}
    matched = {key: entry.plan.name for key, entry in found.items() if entry.plan}
    assert matched == {"c1": "Spring fair", "c2": "Webinar", "c3": "By id",
                       "plan:4": "Nobody knows it"}  # fmt: skip
    assert found["plan:4"].state == PLANNED and found["plan:4"].campaign_id is None
    assert outcome(engine, default_agreement(), found["plan:4"]) is None
    assert calendar(make_store({}), []) == []


def test_promise_and_result_count_the_leads_of_its_time() -> None:
    leads = [
        {"lead_id": f"l{n}", "campaign_id": "c1" if n < 3 else None,
         "created_at": f"2026-06-0{n + 1} 10:00"}
        for n in range(5)
    ]  # fmt: skip
    engine = make_store(
        {
            "campaign": [{"campaign_id": "c1", "name": "Spring fair"}, {"campaign_id": "c2"}],
            "lead": [*leads, {"lead_id": "late", "campaign_id": "c1",
                              "created_at": "2026-06-25 10:00"},
                     {"lead_id": "signed up", "campaign_id": "c1",
                      "created_at": "2026-05-28 10:00"}],
            "person": [{"person_id": "p"}],
            "deal": [{"deal_id": "d", "amount": 1000_00, "created_at": "2026-06-10 10:00"}],
            "deal_contact": [{"deal_id": "d", "person_id": "p"}],
            "touch": [
                {"touch_id": f"t{n}", "person_id": "p", "kind": "form_submit", "side": "marketing",
                 "campaign_id": campaign, "occurred_at": f"2026-06-0{n} 10:00"}
                for n, campaign in ((1, "c2"), (5, "c1"))
            ],
            "lead_stage_event": [
                {"lead_id": "l0", "stage": "mql", "kind": "entry", "entered_at": "2026-06-03 10:00"}
            ],
        }
    )  # fmt: skip
    entry, _ = calendar(engine, [plan(promised_by=dt.date(2026, 6, 20))])
    found = outcome(engine, default_agreement(), entry)
    assert found is not None
    assert (found.leads, found.qualified, found.broke) == (4, 1, None)
    assert found.window.start == dt.date(2026, 5, 28)
    # Half each under the agreed model; the first touch alone would leave it with nothing.
    assert (found.model, found.pipeline_amount) == ("position", 500_00)


def test_within_a_scope_campaigns_stand_without_costs_and_what_is_promised_of_all() -> None:
    store = make_store(
        {
            "campaign": [{"campaign_id": "c1", "name": "Spring fair"}],
            "cost": [{"cost_id": "k", "campaign_id": "c1", "incurred_on": "2026-06-02",
                      "amount": 700_00}],
            "account": [{"account_id": "a", "country": "DE"}, {"account_id": "b", "country": "FR"}],
            "lead": [
                {"lead_id": f"l{n}", "campaign_id": "c1", "account_id": account,
                 "created_at": "2026-06-03 10:00"}
                for n, account in enumerate("abb")
            ],
        }
    )  # fmt: skip
    scoped = DuckDBEngine(store._connection, Sight((("region", ("dach",)),)))
    for engine, spent, leads in ((store, 700_00, "3 of 9 promised"), (scoped, None, "1")):
        (entry,) = calendar(engine, [plan(promised_leads=9)])
        found = outcome(engine, default_agreement(), entry)
        assert found is not None and entry.spent_amount == spent
        lines = promised(engine, default_agreement(), entry, found)
        assert f"Leads: {leads}" in lines
        assert any("is of all leads" in line for line in lines) is (engine is scoped)


def stage(name: str, mature: int, went_on: int) -> FunnelStage:
    rate = rate_of(went_on, mature)
    step = None if not mature else Step(rate, 30, "agreed", rate)
    return FunnelStage(name, name.upper(), "marketing", went_on, step, None)


def test_it_broke_down_where_most_were_lost_against_all_leads() -> None:
    whole = [stage("lead", 0, 0), stage("mql", 1000, 500), stage("sql", 500, 250)]
    own = [stage("lead", 0, 0), stage("mql", 100, 40), stage("sql", 40, 5)]
    broke = broke_down(own, whole)
    # 50 of 100 were to be expected at the first step, 20 of 40 at the second: 10 and 15 are lost.
    assert broke is not None and broke.step == "MQL to SQL"
    assert (broke.reached, broke.went_on, broke.expected) == (40, 5, 20)
    assert broke_down(own[:1], whole) is None
    few = [stage("lead", 0, 0), stage("mql", 12, 0)]
    assert broke_down(few, whole) is None, "too few to say where"
    chance = [stage("lead", 0, 0), stage("mql", 34, 15)]
    assert broke_down(chance, whole) is None, "2 fewer of 34 are within chance"
    good = [stage("lead", 0, 0), stage("mql", 100, 60), stage("sql", 60, 40)]
    assert broke_down(good, whole) is None


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Frühling", "fruhling"), ("GROẞE Straße", "grosse-strasse"), ("Łódź & Ærø", "lodz-aero"),
        ("Été_à la Œuvre", "ete-a-la-oeuvre"), ("Майская акция", "майская-акция"),
        ("が 春!", "が-春"), ("한국", "한국"), ("हिन्दी", "हिन्दी"),
    ],
)  # fmt: skip
def test_the_utm_name_of_a_campaign_keeps_every_letter(name: str, word: str) -> None:
    assert utm_names(name, dt.date(2026, 3, 1)) == f"{name}\n{word}-2026-03"


def test_a_planned_campaign_gets_the_names_it_will_be_matched_by() -> None:
    assert utm_names("Spring Fair!", dt.date(2026, 3, 1)) == "Spring Fair!\nspring-fair-2026-03"
    assert utm_names("!?", dt.date(2026, 3, 1)) == "!?"


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ({"name": " "}, "needs a name"),
        ({"ends_on": dt.date(2026, 5, 1)}, "before it begins"),
        ({"sales_owner": ""}, "owner of each team"),
        ({"channel": "fax"}, "no channel"),
        ({"promised_by": dt.date(2026, 5, 1)}, "promises its results by 1 May 2026, before"),
    ],
)
def test_a_plan_that_cannot_be_is_one_sentence(own: dict[str, Any], message: str) -> None:
    agreement = default_agreement()
    assert checked(plan(), agreement) == plan()
    with pytest.raises(UsageError, match=message):
        checked(plan(**own), agreement)


def test_a_name_or_id_matches_one_plan_alone() -> None:
    agreement = default_agreement()
    held = plan(id=2, aliases="spring-fair\n4711")
    for other in (plan(), plan("Autumn fair", aliases="4711"), plan("SPRING_FAIR")):
        with pytest.raises(UsageError, match=r"'Spring fair' is planned already and matched by"):
            checked(other, agreement, [held])
    assert checked(held, agreement, [held]) == held, "itself"
    assert checked(plan("Autumn fair"), agreement, [held]).name == "Autumn fair"


def test_a_platform_id_matches_without_its_source_and_no_plan_is_lost() -> None:
    engine = make_store(
        {
            "campaign": [{"campaign_id": "ads:4711", "name": "Brand", "persona": "cfo"}],
            "cost": [
                {"cost_id": f"k{n}", "campaign_id": "ads:4711", "incurred_on": f"2026-06-0{n}",
                 "amount": 100_00}
                for n in (1, 2)
            ],
        }
    )  # fmt: skip
    by_id = replace(plan("One", aliases="4711"), id=1)
    by_name = replace(plan("Two", aliases="brand"), id=2)
    found = calendar(engine, [by_id, by_name, replace(plan("Three", aliases="47"), id=3)])
    assert {e.key: (e.campaign_id, e.plan and e.plan.name, e.spent_amount) for e in found} == {
        "ads:4711": ("ads:4711", "One", 200_00),
        "plan:2": ("ads:4711", "Two", 200_00),
        "plan:3": (None, "Three", None),
    }


def test_leads_without_a_day_are_no_zero_of_a_promise() -> None:
    engine = make_store(
        {
            "campaign": [{"campaign_id": "c1", "name": "Spring fair", "starts_on": "2026-06-01"}],
            "lead": [{"lead_id": "l", "campaign_id": "c1", "created_at": None}],
        }
    )
    (entry,) = calendar(engine, [plan()])
    found = outcome(engine, default_agreement(), entry)
    assert found is not None and found.reason == "none of its 1 records has a known date"
    assert (found.leads, found.qualified) == (None, None)
    said = promised(engine, default_agreement(), replace(entry, plan=plan(promised_leads=9)), found)
    assert "Leads: n/a of 9 promised" in said
    assert f"What leads it brought is not known: {found.reason}." in said
