"""Cost per stage by the cohort of the spend, cost of a customer, returns, sourcing: by hand."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import pytest
from builders import default_agreement, make_store

from smarketing.agreement import Agreement, parse_agreement
from smarketing.analysis.kpis.caveats import caveats
from smarketing.analysis.kpis.expressions import measure
from smarketing.analysis.kpis.scoreboard import KpiResult, kpis
from smarketing.engine import DuckDBEngine, Filters
from smarketing.errors import QueryError

COSTS = ["cost_per_lead", "cost_per_mql", "cost_per_sql", "cost_per_opportunity",
         "cost_per_customer"]  # fmt: skip


def _lead(name: str, day: str, campaign: str, *stages: str) -> list[dict[str, Any]]:
    """One lead's stage events: the first on its day, the others in later months."""
    months = ("", "2026-04-20 10:00", "2026-05-20 10:00", "2026-06-20 10:00")
    return [
        {"lead_id": name, "stage": stage, "entered_at": f"{day} 10:00" if not n else months[n]}
        for n, stage in enumerate(("lead", *stages))
    ]


def _cost(name: str, day: str, amount: int, **more: Any) -> dict[str, Any]:
    given = {"cost_id": name, "incurred_on": day, "amount": amount, "team": "marketing"}
    return given | {"category": "media", "campaign_id": "c1"} | more


@cache
def store(agreement: Agreement | None = None) -> DuckDBEngine:
    """Three leads of March, one of April; one is won in June, 61 days after the deal began."""
    leads = {"l1": "c1", "l2": "c1", "l3": "c2", "l4": "c1"}
    return make_store(
        {
            "campaign": [{"campaign_id": c, "name": c, "channel": "webinar"} for c in ("c1", "c2")],
            "lead": [
                {"lead_id": name, "campaign_id": campaign, "person_id": f"p{name}",
                 "created_at": f"2026-0{4 if name == 'l4' else 3}-10 10:00"}
                for name, campaign in leads.items()
            ],
            "lead_stage_event": [
                *_lead("l1", "2026-03-10", "c1", "mql", "sql", "customer"),
                *_lead("l2", "2026-03-10", "c1", "mql"),
                *_lead("l3", "2026-03-10", "c2"),
                *_lead("l4", "2026-04-10", "c1", "mql", "sql"),
            ],
            "deal": [
                {"deal_id": "d1", "lead_id": "l1", "account_id": "a", "amount": 1000_00,
                 "outcome": "won", "lead_source": "Webinar", "created_at": "2026-04-21 10:00",
                 "closed_at": "2026-06-21 10:00"},
                {"deal_id": "d2", "account_id": "b", "amount": 3000_00, "outcome": "won",
                 "lead_source": "Outbound", "created_at": "2026-04-21 10:00",
                 "closed_at": "2026-06-21 10:00"},
            ],
            "touch": [
                {"touch_id": f"t{n}", "person_id": "pl1", "kind": "webinar", "side": "marketing",
                 "campaign_id": "c1", "channel": "webinar", "occurred_at": at}
                for n, at in enumerate(("2026-03-10 09:00", "2026-05-01 09:00"))
            ],
            "cost": [
                _cost("x1", "2026-03-05", 600_00),
                _cost("x2", "2026-04-30", 200_00),
                _cost("x3", "2026-03-06", 90_00, campaign_id=None, category="salary"),
                _cost("x4", "2026-06-30", 50_00, team="sales", category="salary"),
                _cost("x5", "2026-06-30", 7_00, team="success", category="tool"),
            ],
        },
        agreement,
    )  # fmt: skip


def ask(ids: list[str], period: str, agreement: Agreement | None = None, **by: Any) -> list[Any]:
    agreement = agreement or default_agreement()
    found = kpis(store(), agreement, ids, agreement.parse_period(period), **by)
    return [result if by else result.value for result in found]


def test_cost_per_stage_is_by_the_cohort_that_the_cost_created() -> None:
    # 690 of March over its 3 leads; 2 of them became MQL, 1 SQL, 1 with a deal, 1 customer in June.
    assert ask(COSTS, "2026-03") == [230.0, 345.0, 690.0, 690.0, 690.0]
    # 200 of April over the one lead of April, which has no deal: never June's customer.
    assert ask(COSTS, "2026-04") == [200.0, 200.0, 200.0, None, None]
    assert ask(COSTS, "2026-06") == [None] * 5


def test_cost_per_stage_by_campaign() -> None:
    lead, customer = ask(["cost_per_lead", "cost_per_customer"], "2026-Q1", by="campaign")
    assert {g.key: g.value for g in lead.by} == {"c1": 300.0, "c2": 0.0, "(unknown)": None}
    assert {g.key: g.value for g in customer.by}["c1"] == 600.0
    [one] = ask(["cost_per_lead"], "2026-Q1", filters=Filters.of(campaign="c1"))
    assert one.value == 300.0


def test_the_cost_of_a_customer_keeps_to_the_agreed_boundary_and_day() -> None:
    # June: 50 of sales, not the 7 of success, over 2 customers.
    assert ask(["cac"], "2026-06") == [25.0]
    # A cycle of 61 days earlier: the 200 of 30 April count on 30 June.
    assert ask(["cac_lagged"], "2026-06") == [100.0]
    media = _other()
    [result] = _of(store(media), "cac", "2026-06", media)
    assert (result.value, result.n) == (100.0, 2)
    said = " ".join(caveats(media, media.kpi("cac")))
    assert "Cost counted: media of marketing, customer success, later by the median cycle" in said
    assert "salary of marketing, sales development, sales, on the day" in " ".join(
        caveats(default_agreement(), default_agreement().kpi("ltv_to_cac"))
    )


@cache
def _other() -> Agreement:
    return parse_agreement(
        "extends: default\nattribution:\n  default_model: markov\n"
        "  cac: {teams: [marketing, success], categories: [media], lag_by_cycle: true}\n"
    )


def _of(engine: DuckDBEngine, kpi: str, period: str, agreement: Agreement) -> list[KpiResult]:
    return kpis(engine, agreement, [kpi], agreement.parse_period(period))


def test_a_category_of_one_s_own_is_within_the_boundary_and_renewals_set_no_lag() -> None:
    """Costs of the teams agreed: 40 of a category nobody else has, not the 9 of another team."""
    deals = [
        {"deal_id": "n1", "account_id": "n1", "kind": "new", "outcome": "won", "amount": 1_00,
         "created_at": "2026-05-01 10:00", "closed_at": "2026-05-31 10:00"},
        {"deal_id": "r1", "account_id": "r1", "kind": "renewal", "outcome": "won", "amount": 1_00,
         "created_at": "2025-01-01 10:00", "closed_at": "2026-05-31 10:00"},
        {"deal_id": "r2", "account_id": "r2", "kind": "renewal", "outcome": "won", "amount": 1_00,
         "created_at": "2025-01-01 10:00", "closed_at": "2026-05-31 10:00"},
    ]  # fmt: skip
    costs = [
        _cost("own", "2026-05-01", 40_00, category="swag"),
        _cost("none", "2026-05-01", 9_00, category="swag", team="success"),
    ]
    engine = make_store({"deal": deals, "cost": costs})
    agreement = default_agreement()
    [cac] = _of(engine, "cac", "2026-05", agreement)
    assert (cac.value, cac.numerator, cac.denominator) == (40.0, 40.0, 1)
    # The one new deal took 30 days: what was spent on the 1st counts on the 31st.
    [lagged] = _of(engine, "acquisition_cost_lagged", "2026-05", agreement)
    assert lagged.value == 40.0
    day = engine._connection.cursor().execute("select distinct lagged_day from fct_cost").fetchall()
    assert day == [(dt.date(2026, 5, 31),)]


def test_returns_of_the_agreed_model() -> None:
    # 1000 attributed of the quarter (d2 has no touch), 200 of media, margin 0.8, 200 of cost.
    assert ask(["attributed_revenue", "roas", "romi"], "2026-Q2") == [1000.0, 5.0, 3.0]
    # Cost and nothing back is a loss of all of it; no media cost is no return at all.
    assert ask(["roas", "romi"], "2026-Q1") == [0.0, -1.0]
    assert ask(["roas", "romi"], "2026-06") == [None, None]
    [roas] = ask(["roas"], "2026-Q2", by="campaign")
    assert {g.key: g.value for g in roas.by} == {"c1": 5.0}


def test_under_a_model_by_key_returns_are_not_available() -> None:
    markov = _other()
    [result] = _of(store(markov), "romi", "2026-Q2", markov)
    assert result.value is None
    assert result.reason == "the agreed model credits no touch of a deal"


def test_sourced_and_influenced_overlap_and_say_so() -> None:
    ids = [f"marketing_{how}_{of}{share}" for of in ("revenue", "pipeline")
           for how in ("sourced", "influenced") for share in ("", "_share")]  # fmt: skip
    assert ask(ids, "2026-Q2") == [1000.0, 0.25, 1000.0, 0.25] * 2
    # Before the first deal nothing could have been sourced or influenced.
    assert ask(ids, "2024") == [None, None] * 4
    for name in ids:
        assert any("never added" in said for said in caveats(*_kpi(name)))
    assert any("lead source" in said for said in caveats(*_kpi(ids[1])))


def _kpi(name: str) -> tuple[Agreement, Any]:
    return default_agreement(), default_agreement().kpi(name)


def test_an_empty_store_has_no_cost_of_anything() -> None:
    agreement = default_agreement()
    found = kpis(make_store(), agreement, [*COSTS, "roas", "romi", "cac"],
                 agreement.parse_period("2026-Q2"))  # fmt: skip
    assert all(result.value is None and result.note for result in found)


def test_a_kpi_may_name_the_bounds_of_the_period_and_nothing_else() -> None:
    assert measure("own", "count(*)", "starts_on < $from and ended_on < $to").names_period
    with pytest.raises(QueryError, match=r"reads \$since; the period's bounds are \$from and \$to"):
        measure("own", "count(*)", "starts_on < $since")
    both = parse_agreement(
        "extends: default\nkpis:\n  - id: own\n    label: Own\n    question: Which?\n"
        "    definition: Ours.\n    mart: fct_renewal\n    date_column: ended_on\n"
        "    expression: count(*)\n    filter: starts_on < $from\n    unit: count\n"
        "    owners: {marketing: head_of_marketing, sales: head_of_sales}\n"
    )
    [result] = kpis(store(), both, ["own"], both.parse_period("2026"))
    assert "has a date_column as well" in str(result.reason)
