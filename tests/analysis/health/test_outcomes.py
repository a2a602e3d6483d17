"""Deals that nobody says are won, lost or open: named, counted, and in no figure of either."""

from __future__ import annotations

from builders import default_agreement, rows
from health_kit import found, only, store

from smarketing.analysis.health.finding import FAULT, WARNING
from smarketing.analysis.kpis.scoreboard import kpis

DEAL = {"currency": "EUR", "pipeline": "Sales", "created_at": "2026-01-05 10:00"}
CLOSED = {"closed_at": "2026-03-01 10:00"}
DEALS = [
    {**DEAL, **CLOSED, "deal_id": "w", "amount": 1_000_00, "outcome": "won", "stage": "Done"},
    {**DEAL, **CLOSED, "deal_id": "l", "amount": 2_000_00, "outcome": "lost", "stage": "Gone"},
    {**DEAL, "deal_id": "o", "amount": 4_000_00, "outcome": "open", "stage": "Offer"},
    {**DEAL, "deal_id": "s", "amount": 8_000_00, "outcome": None, "stage": "Signed"},
    {**DEAL, "deal_id": "t", "amount": 16_000_00, "outcome": None, "stage": "Signed"},
    {**DEAL, "deal_id": "n", "amount": None, "outcome": None, "stage": None, "pipeline": None},
]


def test_every_stage_without_an_outcome_is_named_with_count_and_amount() -> None:
    engine = store(deal=DEALS)
    signed, none = (only(engine, f"outcome-test-{number}") for number in (1, 2))
    assert (signed.severity, signed.count, signed.amount) == (FAULT, 2, 24_000.0)
    assert signed.sentence == (
        "2 deals, worth €24,000.00, are in the stage “Signed” of the pipeline “Sales”, and "
        "nothing says whether that is won, lost or open: in no revenue, no open pipeline and no "
        "win rate."
    )
    assert signed.next_step.startswith("Say under deal_outcomes in agreement.yaml what “Signed”")
    assert (none.count, none.amount) == (1, None)
    assert "1 deal is in no stage, and nothing says" in none.sentence
    assert not [name for name in found(store(deal=DEALS[:3])) if name.startswith("outcome")]


def test_what_deals_are_worth_tells_how_many_are_not_in_it() -> None:
    """Those without a rate, or without an amount, are counted beside a sum that lacks them."""
    odd = {"outcome": None, "stage": "Signed", "amount": 500_00}
    deals = [
        {**DEAL, **odd, "deal_id": "e"},
        {**DEAL, **odd, "deal_id": "p", "currency": "PLN"},
        {**DEAL, **odd, "deal_id": "u", "currency": "USD"},
    ]
    assert only(store(deal=deals), "outcome-test-1").sentence.startswith(
        "3 deals, worth €500.00 without 2 that have no amount in EUR, are in the stage “Signed”"
    )
    assert only(store(deal=deals[1:]), "outcome-test-1").sentence.startswith("2 deals are in the")


def test_a_deal_of_unknown_outcome_is_in_no_revenue_open_pipeline_or_win_rate() -> None:
    engine = store(deal=DEALS)
    names = ["won_revenue", "open_pipeline", "win_rate_closed", "win_rate_created"]
    window = default_agreement().parse_period("2026")
    values = {kpi.id: kpi.value for kpi in kpis(engine, default_agreement(), names, window)}
    assert values == {
        "won_revenue": 1_000.0,
        "open_pipeline": 4_000.0,
        "win_rate_closed": 0.5,
        "win_rate_created": 1 / 3,
    }
    unknown = "select outcome, count(*) from fct_deal where outcome = '(unknown)' group by 1"
    assert rows(engine, unknown) == [("(unknown)", 3)]


def test_open_deals_long_past_their_expected_close_are_named() -> None:
    late = {**DEALS[2], "deal_id": "late", "expected_close_on": "2026-05-31"}
    due = {**DEALS[2], "deal_id": "due", "expected_close_on": "2026-06-01"}
    closed = {**DEALS[0], "expected_close_on": "2026-01-31"}
    finding = only(
        store(deal=[late, due, closed, DEALS[2]]), "deal-open-long-after-the-expected-close"
    )
    assert (finding.severity, finding.count, finding.amount) == (WARNING, 1, 4_000.0)
