"""Who stays and what they are worth, by what brought them: by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import default_agreement, make_store

from smarketing.analysis.customers.kept import Kept, due, kept, kept_records
from smarketing.engine import DuckDBEngine, Filters

Q2 = default_agreement().parse_period("2026-Q2")


def contract(name: str, starts: str, ends: str | None, amount: int, **more: Any) -> dict[str, Any]:
    given = {"contract_id": f"k{name}", "account_id": name[0], "starts_on": starts}
    return given | {"ends_on": ends, "recurring_amount": amount} | more


def won(account: str, campaign: str, closed: str, **more: Any) -> dict[str, Any]:
    return {
        "deal_id": f"d{account}", "account_id": account, "kind": "new", "outcome": "won",
        "amount": 100_00, "created_at": "2024-06-03 10:00", "closed_at": closed,
        "campaign_id": campaign,
    } | more  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> DuckDBEngine:
    """Fair brought a, which grows, and e, new in the quarter; mail b, which leaves; nobody knows c.

    c's contract ends in the quarter and another one follows; that one ends in July.
    """
    return make_store(
        {
            "account": [{"account_id": name, "name": name.upper()} for name in "abce"],
            "campaign": [{"campaign_id": c, "name": c} for c in ("fair", "mail")],
            "deal": [
                won("a", "fair", "2024-12-02 10:00"),
                won("b", "mail", "2024-12-02 10:00"),
                won("e", "fair", "2026-05-04 10:00"),
            ],
            "contract": [
                contract("a", "2025-01-01", None, 1000_00),
                contract("a2", "2026-06-01", None, 200_00),
                contract("b", "2025-01-01", None, 800_00, churned_on="2026-05-15"),
                contract("c", "2025-01-01", "2026-04-30", 500_00),
                contract("c2", "2026-05-01", "2026-07-31", 400_00),
                contract("e", "2026-05-05", None, 900_00),
            ],
            "cost": [
                {"cost_id": "x", "incurred_on": "2026-04-20", "team": "marketing",
                 "category": "event", "amount": 300_00, "campaign_id": "fair"},
                {"cost_id": "y", "incurred_on": "2026-04-20", "team": "marketing",
                 "category": "tool", "amount": 50_00},
            ],
            "feedback": [
                {"feedback_id": f"f{n}", "account_id": account, "kind": "NPS", "score": score,
                 "asked_at": "2026-05-20 10:00"}
                for n, (account, score) in enumerate((("a", 9), ("a", 10), ("a", 3), ("c", 7)))
            ],
        },
        as_of="2026-06-30 20:00",
    )  # fmt: skip


def test_each_campaign_answers_for_the_customers_it_brought(engine: DuckDBEngine) -> None:
    found = {one.key: one for one in kept(engine, default_agreement(), Q2, by="campaign")}
    assert set(found) == {"fair", "mail", "(unknown)"}
    fair, mail, unknown = (found[key] for key in ("fair", "mail", "(unknown)"))
    assert (fair.opening_customers, fair.lost_customers, fair.new_customers) == (1, 0, 1)
    # a brings 1200 of 1000: all of it kept, a fifth added.
    assert (fair.gross_retention, fair.net_retention) == (1.0, 1.2)
    assert fair.expansion == pytest.approx(0.2)
    assert (mail.lost_customers, mail.net_retention, mail.churn.successes) == (1, 0.0, 1)
    # c's 500 became 400 under the contract that followed.
    assert (unknown.gross_retention, unknown.renewed_contracts, unknown.ended_contracts) == (
        0.8, 1, 1,
    )  # fmt: skip
    # Two promoters and a detractor of three answers; a 7 is neither.
    assert (fair.nps_answers, fair.nps) == (3, pytest.approx(100 / 3))
    assert (unknown.nps_answers, unknown.nps, mail.nps) == (1, 0.0, None)


def test_lifetime_value_against_cost(engine: DuckDBEngine) -> None:
    found = {one.key: one for one in kept(engine, default_agreement(), Q2, by="campaign")}
    # b brings 800 a year at a margin of 0.8 and stays 3 months ÷ (1 of 1): 160.
    assert found["mail"].lifetime_value == pytest.approx(800_00 / 12 * 0.8 * 3)
    # Nobody that the fair brought left: 60 months, the agreed horizon, at 300 for one customer.
    fair = found["fair"]
    assert fair.lifetime_value == pytest.approx(1000_00 / 12 * 0.8 * 60)
    assert (fair.cost_per_customer, fair.value_to_cost) == (300_00, pytest.approx(40_00 / 3_00))
    assert (found["mail"].cost_amount, found["(unknown)"].cost_amount) == (None, 50_00)
    by_persona = kept(engine, default_agreement(), Q2, by="persona")
    assert {one.cost_amount for one in by_persona} == {None}, "costs have no persona"
    (small,) = kept(engine, default_agreement(), Q2, Filters.of(segment="(unknown)"))
    assert small.cost_amount is None, "nor a segment"


def test_the_whole_is_the_sum_of_its_parts_and_of_its_customers(engine: DuckDBEngine) -> None:
    (whole,) = kept(engine, default_agreement(), Q2)
    parts = kept(engine, default_agreement(), Q2, by="campaign")
    for name in ("opening_customers", "lost_customers", "opening_amount", "closing_amount",
                 "new_customers", "ended_contracts", "nps_answers", "cost_amount"):  # fmt: skip
        assert sum(getattr(p, name) or 0 for p in parts) == getattr(whole, name), name
    rows = kept_records(engine, Q2)
    assert (len(rows), rows["opening_amount"].sum()) == (3, whole.opening_amount)
    assert list(kept_records(engine, Q2, by="campaign", keys=["mail"])["account"]) == ["B"]


def test_what_is_due_has_no_contract_that_follows(engine: DuckDBEngine) -> None:
    rows = due(engine)
    assert list(rows["contract_id"]) == ["kc2"]
    assert (rows["recurring_amount"].iloc[0], rows["last_nps"].iloc[0]) == (400_00, 7.0)


def test_a_contract_beside_another_does_not_follow_it() -> None:
    """The second began 100 days before the first ends: the customer has both, and one is due."""
    beside = [contract("a1", "2025-09-01", "2026-09-30", 100_00),
              contract("a2", "2026-06-22", "2027-06-22", 200_00)]  # fmt: skip
    followed = [*beside, contract("a3", "2026-09-01", "2027-09-01", 300_00)]
    for contracts, ending in ((beside, ["ka1", "ka2"]), (followed, ["ka2"])):
        tables = {"account": [{"account_id": "a", "name": "A"}], "contract": contracts}
        found = due(make_store(tables, as_of="2026-06-30 12:00"))
        assert list(found["contract_id"]) == ending


def test_without_a_customer_there_is_nothing_to_say() -> None:
    empty = make_store({})
    assert kept(empty, default_agreement(), Q2) == [] and len(due(empty)) == 0
    assert len(kept_records(empty, Q2)) == 0


def test_what_a_customer_is_worth_needs_margin_and_lifetime() -> None:
    plain = Kept("k", 2, 4, 1, 4, 4_800_00, 3_600_00, 6_000_00, 5, 2, 8, -2, 0.5, 24.0, 300_00)
    assert plain.lifetime_value == 1_200_00 / 12 * 0.5 * 24
    assert plain.cost_per_customer == 150_00 and plain.value_to_cost == 8.0
    assert (plain.gross_retention, plain.net_retention, plain.expansion) == (0.75, 1.25, 0.5)
    assert (plain.nps, plain.churn.rate, plain.renewal.rate) == (-25.0, 0.25, 0.4)
    for lacking in ({"margin": None}, {"lifetime_months": None}, {"opening_amount": None},
                    {"valued_customers": 0}):  # fmt: skip
        assert replace(plain, **lacking).lifetime_value is None  # type: ignore[arg-type]
    unknown = replace(plain, opening_amount=None, nps_answers=0, cost_amount=None)
    assert unknown.expansion is unknown.nps is unknown.value_to_cost is None
    assert replace(plain, kept_amount=None).expansion is None
