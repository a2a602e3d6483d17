"""What has no amount in our currency is in no mean: neither above nor below the line."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import pytest
from builders import default_agreement, make_store

from smarketing.analysis.attribution import asked
from smarketing.analysis.attribution.attribute import attribution
from smarketing.analysis.attribution.result import Attribution
from smarketing.analysis.handoff.value import lead_values
from smarketing.analysis.journeys.paths import common_paths
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.analysis.lead_quality.market import who_buys
from smarketing.analysis.planning.history import mature_cohort, won_between
from smarketing.analysis.planning.plan import plan
from smarketing.engine import DuckDBEngine
from smarketing.periods import parse_period, parse_window


@cache
def store() -> DuckDBEngine:
    """Four leads of 2025: one won 600, one in a currency without a rate, two nothing."""
    return make_store(
        {
            "lead": [
                {"lead_id": f"l{n}", "created_at": "2025-03-01 10:00", "person_id": f"p{n}"}
                for n in range(4)
            ],
            "deal": [_deal("d0", "l0", 600_00, "EUR"), _deal("d1", "l1", 999_00, "XTS")],
            "contract": [
                _contract("c1", "a1", 120_00), _contract("c2", "a2", 240_00),
                _contract("c3", "a3", 960_00, currency="XTS"),
                _contract("c4", "a2", 50_00, currency="XTS", ends_on="2025-06-30"),
            ],
        },
        as_of="2026-03-01 12:00",
    )  # fmt: skip


def _deal(name: str, lead: str, amount: int, currency: str) -> dict[str, Any]:
    row = {"deal_id": name, "lead_id": lead, "account_id": name, "amount": amount}
    row |= {"currency": currency, "outcome": "won", "kind": "new"}
    return row | {"created_at": "2025-03-11 10:00", "closed_at": "2025-03-21 10:00"}


def _contract(name: str, account: str, amount: int, **more: Any) -> dict[str, Any]:
    row = {"contract_id": name, "account_id": account, "recurring_amount": amount}
    return row | {"currency": "EUR", "starts_on": "2025-01-01"} | more


def ask(kpi_id: str, period: str) -> Any:
    return kpis(store(), default_agreement(), [kpi_id], parse_period(period))[0]


def test_a_lead_s_value_is_over_the_leads_whose_wins_are_known() -> None:
    values = lead_values(store())
    [kind] = values.kinds
    # 600 over the three leads of which it is known what they won, not over four.
    assert (kind.leads, kind.unvalued, kind.won_amount) == (3, 1, 600_00)
    assert values.overall == 200_00
    cohort = mature_cohort(store())
    assert (cohort.leads, cohort.unvalued) == (4, 1)
    assert cohort.revenue_per_lead == 200_00
    assert dict(cohort.won_by_days) == {20: 600_00}


def test_retention_leaves_out_who_is_not_known_at_both_ends() -> None:
    # Before July a2 has a contract of unknown amount as well; a3 is never known.
    first = ask("opening_recurring_revenue", "2025-Q2")
    assert (first.value, first.n) == (120.0, 3)
    assert ask("recurring_revenue_per_customer", "2025-Q2").value == 120.0
    later = ask("recurring_revenue_per_customer", "2025-Q4")
    assert (later.value, later.numerator, later.denominator) == (180.0, 360.0, 2)
    assert ask("gross_retention", "2025-Q4").value == 1.0
    assert ask("opening_customers", "2025-Q4").value == 3


def test_attribution_says_which_deals_are_in_no_total() -> None:
    window = parse_window("2025-01-01", "2026-01-01")
    answer = attribution(store(), default_agreement(), window=window, intervals=False)
    assert isinstance(answer, Attribution)
    assert (answer.total, answer.deals) == (600_00, 1)
    assert "1 deal has no amount in EUR and is not in it." in answer.notes
    assert answer.lacking in answer.notes
    leads = attribution(
        store(), default_agreement(), window=window, measure="leads", intervals=False
    )
    assert isinstance(leads, Attribution)
    assert not any("no amount" in note for note in leads.notes)


def test_paths_buyers_and_plans_say_which_deals_are_in_no_total() -> None:
    engine, agreed = store(), default_agreement()
    window = asked(agreed, parse_window("2025-01-01", "2026-01-01"))
    found = common_paths(engine, window)
    assert (found.units, found.lacking) == (1, "1 deal has no amount in EUR and is not in it.")
    assert common_paths(engine, window, outcome="lost").lacking is None
    market = who_buys(engine, agreed, parse_period("2025"))
    [buyer] = market.buyers
    assert (market.lacking, buyer.deals, buyer.won_amount) == (1, 2, 600_00)
    year = (dt.date(2025, 1, 1), dt.date(2026, 1, 1))
    assert won_between(engine, *year) == (600_00, 1)
    still_open = _deal("d2", "l2", 999_00, "XTS") | {"outcome": "open", "closed_at": None}
    ahead = make_store({"deal": [still_open]}, as_of="2025-06-01 12:00")
    planned = plan(ahead, agreed, 1_000, dt.date(2026, 1, 1))
    assert (planned.lacking, planned.as_dict()["deals_without_amount"]) == (1, 1)


def test_of_what_was_won_for_unknown_amounts_alone_nothing_is_said_to_be_a_zero() -> None:
    unknown = make_store({"deal": [_deal("d1", "l1", 999_00, "XTS")]}, as_of="2026-03-01 12:00")
    window = parse_window("2025-01-01", "2026-01-01")
    answer = attribution(unknown, default_agreement(), window=window, intervals=False)
    assert isinstance(answer, Attribution)
    assert (answer.reason or "").startswith("its one record has no amount in EUR")
    assert answer.lacking is None
    assert answer.as_dict()["total"] is None


def test_the_average_deal_size_and_what_follows_from_it() -> None:
    assert ask("average_deal_size", "2025-Q1").value == 600.0
    assert ask("won_deals", "2025-Q1").value == 2
    # Velocity: open deals x win rate x average size / cycle; with no open deal it is 0.
    assert ask("pipeline_velocity", "2025-Q1").value == pytest.approx(0)


def test_a_rate_of_nothing_is_no_rate() -> None:
    """USD is worth 0 on the day: a mistake, so the day before counts; CHF has no other rate."""
    deals = [
        {"deal_id": f"d{currency}", "currency": currency, "amount": 100_00, "outcome": "won",
         "created_at": "2026-05-01 10:00", "closed_at": "2026-05-06 10:00"}
        for currency in ("USD", "CHF")
    ]  # fmt: skip
    rates = [("USD", "2026-05-05", 0.5), ("USD", "2026-05-06", 0.0), ("CHF", "2026-05-06", -1.0)]
    engine = make_store(
        {
            "deal": deals,
            "fx_rate": [{"currency": c, "rate_on": day, "rate": rate} for c, day, rate in rates],
        }
    )
    found = engine._connection.cursor().execute(
        "select currency, won_amount, rate_known from fct_deal order by currency"
    )
    assert found.fetchall() == [("CHF", None, False), ("USD", 50_00, True)]
