"""Retention, renewal, lifetime value and quotas, by hand and against a slow version."""

from __future__ import annotations

import datetime as dt
import random
from functools import cache
from typing import Any

import pytest
from builders import default_agreement, make_store

from smarketing.agreement import Agreement
from smarketing.analysis.health.report import data_health
from smarketing.analysis.kpis.records import records
from smarketing.analysis.kpis.scoreboard import KpiResult, kpis
from smarketing.analysis.review.weeks import six_and_twelve
from smarketing.engine import DuckDBEngine
from smarketing.engine.compile import parse
from smarketing.errors import UsageError

RETENTION = ["gross_retention", "net_retention", "logo_churn", "renewal_rate", "ltv"]


def contract(name: str, starts: str, ends: str | None, amount: int, **more: Any) -> dict[str, Any]:
    given = {"contract_id": f"k{name}", "account_id": name[0], "starts_on": starts}
    return given | {"ends_on": ends, "recurring_amount": amount} | more


@cache
def customers() -> DuckDBEngine:
    """Four customers at the end of March: one grows, one shrinks, one gives up, one runs out."""
    return make_store(
        {
            "account": [{"account_id": name, "employees": 5000} for name in "abcde"],
            "contract": [
                contract("a", "2025-01-01", None, 1200_00),
                contract("a2", "2026-06-01", None, 300_00),
                contract("b", "2025-01-01", "2026-03-31", 1000_00),
                contract("b2", "2026-04-01", None, 800_00),
                contract("c", "2025-06-01", None, 500_00, churned_on="2026-05-10"),
                contract("d", "2025-01-01", "2026-04-30", 300_00),
                contract("e", "2026-05-01", None, 900_00),
                contract("f", "2025-01-01", None, 50_00, currency="XYZ", churned_on="2025-02-01"),
                contract("g", "2025-01-01", "2024-12-31", 70_00),
            ],
        }
    )


def ask(
    engine: DuckDBEngine, ids: list[str], period: str, agreement: Agreement | None = None, **by: Any
) -> dict[str, KpiResult]:
    agreement = agreement or default_agreement()
    window = agreement.parse_period(period)
    return {result.id: result for result in kpis(engine, agreement, ids, window, **by)}


def test_the_opening_cohort_is_all_that_counts() -> None:
    found = ask(customers(), RETENTION, "2026-Q2")
    gross, net, churn = (found[name] for name in RETENTION[:3])
    # kept: a its 1200, b 800 of 1000; c and d left. a's 300 more count in net, e's 900 never.
    assert (gross.numerator, gross.denominator, gross.n) == (2000.0, 3000.0, 4)
    assert net.value == pytest.approx(2300 / 3000)
    assert (churn.numerator, churn.denominator) == (2, 4)
    # b, c and d came to an end in the quarter; b alone was followed, the day after.
    assert (found["renewal_rate"].numerator, found["renewal_rate"].denominator) == (1, 3)
    assert gross.previous == 1.0
    assert not gross.shown_as_counts
    assert gross.low is None


def test_lifetime_value_by_hand_and_at_the_horizon() -> None:
    # 3000 / 4 a year is 62.50 a month, x 0.8 margin, x 3 months / (2 of 4) = 6 months.
    assert ask(customers(), ["ltv"], "2026-Q2")["ltv"].value == pytest.approx(62.5 * 0.8 * 6)
    # Nobody left in the first quarter: 60 months, the agreed horizon.
    assert ask(customers(), ["ltv"], "2026-Q1")["ltv"].value == pytest.approx(62.5 * 0.8 * 60)


@pytest.mark.parametrize("period", ["2024-Q1", "2027"])
def test_without_an_opening_cohort_nothing_is_available(period: str) -> None:
    assert [result.value for result in ask(customers(), RETENTION, period).values()] == [None] * 5


def test_an_empty_store_says_why_there_is_no_retention() -> None:
    result = ask(make_store(), ["gross_retention"], "2026-Q2")["gross_retention"]
    assert result.value is None
    assert result.reason == "no source gives contracts; import them, or the subscriptions"


@pytest.mark.parametrize(
    ("days", "kpi", "why"),
    [
        ({}, "gross_retention", "no source says when contracts begin; import their first days"),
        ({}, "renewal_rate", "no source says when contracts begin; import their first days"),
        (
            {"starts_on": "2025-01-01"}, "renewal_rate",
            "no source says when contracts end; import their last days, or when they were given up",
        ),
        (
            {"starts_on": "2025-01-01", "ends_on": "2030-12-31"}, "renewal_rate",
            "no contract has ended by the data's date",
        ),
    ],
)  # fmt: skip
def test_contracts_that_lack_a_day_are_said_to_lack_it(
    days: dict[str, str], kpi: str, why: str
) -> None:
    contract = {"contract_id": "k", "account_id": "a", "recurring_amount": 100_00, **days}
    engine = make_store({"contract": [contract]}, as_of="2026-06-30 12:00")
    result = ask(engine, [kpi], "2026-Q2")[kpi]
    assert (result.value, result.reason) == (None, why)
    [at_once] = six_and_twelve(engine, default_agreement(), [kpi])
    assert at_once.reason == why


def test_retention_adds_up_over_its_members_and_its_records() -> None:
    agreement = default_agreement()
    found = ask(customers(), ["opening_recurring_revenue"], "2026-Q2", by="segment")
    whole = found["opening_recurring_revenue"]
    assert [(g.key, g.value) for g in whole.by or ()] == [("enterprise", 3000.0)]
    rows = records(customers(), agreement, "net_retention", agreement.parse_period("2026-Q2"))
    assert rows.groupby("part")["value"].sum().to_dict() == {
        "closing_recurring_revenue": 2300.0,
        "opening_recurring_revenue": 3000.0,
    }


def test_random_contracts_agree_with_the_slow_version() -> None:
    dice, day = random.Random(7), dt.date(2024, 1, 1)
    rows = []
    for number in range(120):
        start = day + dt.timedelta(days=dice.randrange(700))
        end = start + dt.timedelta(days=dice.randrange(20, 500)) if dice.random() < 0.7 else None
        gone = start + dt.timedelta(days=dice.randrange(0, 500)) if dice.random() < 0.3 else None
        rows.append(
            contract(f"x{number}", str(start), end and str(end), dice.randrange(9) * 100)
            | {"account_id": f"a{dice.randrange(40)}", "churned_on": gone and str(gone)}
        )
    engine = make_store({"contract": rows})
    for period in ("2024-Q3", "2025", "2025-07", "2025-W20", "2026-Q1", "2026-Q3"):
        window = default_agreement().parse_period(period)
        before = _running(rows, window.start - dt.timedelta(days=1))
        after = _running(rows, min(window.last_day, engine.as_of_day))
        found = ask(engine, RETENTION[:3], period)
        opening = sum(before.values())
        kept = sum(min(amount, after.get(who, 0)) for who, amount in before.items())
        same = sum(after.get(who, 0) for who in before)
        lost = sum(who not in after for who in before)
        values = [result.value for result in found.values()]
        assert values == [
            pytest.approx(kept / opening), pytest.approx(same / opening), lost / len(before),
        ]  # fmt: skip
        assert 0 <= values[0] <= min(1, values[1])


def _running(rows: list[dict[str, Any]], day: dt.date) -> dict[str, int]:
    running: dict[str, int] = {}
    for row in rows:
        last = row["ends_on"] is None or str(day) <= row["ends_on"]
        kept = row["churned_on"] is None or str(day) < row["churned_on"]
        if row["starts_on"] <= str(day) and last and kept:
            who = row["account_id"]
            running[who] = running.get(who, 0) + row["recurring_amount"]
    return running


def test_payback_takes_the_recurring_revenue_of_the_deal_else_of_its_contract() -> None:
    won = {"outcome": "won", "created_at": "2026-04-01 10:00", "kind": "new", "amount": 900_00}
    engine = make_store(
        {
            "deal": [
                won | {"deal_id": "d1", "account_id": "a", "closed_at": "2026-05-01 10:00",
                       "recurring_amount": 1200_00},
                won | {"deal_id": "d2", "account_id": "b", "closed_at": "2026-05-02 10:00"},
                won | {"deal_id": "d3", "account_id": "c", "closed_at": "2026-05-03 10:00"},
            ],
            "contract": [contract("b", "2026-06-01", None, 600_00, deal_id="d2")],
            "cost": [{"cost_id": "x", "incurred_on": "2026-05-05", "team": "sales",
                      "category": "salary", "amount": 900_00}],
        }
    )  # fmt: skip
    found = ask(engine, ["cac", "cac_payback_months", "ltv_to_cac"], "2026-Q2")
    assert found["cac"].value == 300.0  # 900 / 3 customers
    # (1200 + 600) / 2 customers whose amount is known, / 12 x 0.8 = 60 a month
    assert found["cac_payback_months"].value == pytest.approx(300 / 60)
    assert found["ltv_to_cac"].value is None  # nobody was under contract before


@cache
def sellers() -> DuckDBEngine:
    """One seller with quarters, one with a year and a quarter of it, one without a quota."""
    quota = [
        ("m1", "2026-Q2", 910_00), ("m1", "Q3 2026", 920_00), ("m2", "2026", 3650_00),
        ("m2", "2026 q2", 182_00), ("m2", "soon", 999_00),
    ]  # fmt: skip
    deals = [
        ("m1", 455_00, "2026-06-01", "won"),
        ("m2", 91_00, "2026-04-01", "won"),
        ("m3", 9000_00, "2026-05-01", "won"),
        ("m1", 800_00, "2026-06-01", "lost"),
    ]
    return make_store(
        {
            "member": [
                {"member_id": f"m{n}", "name": f"Name {n}", "team": "sales"} for n in (1, 2)
            ],
            "quota": [{"member_id": m, "period": p, "amount": a} for m, p, a in quota],
            "deal": [
                {"deal_id": f"d{n}", "owner_id": who, "amount": amount, "closed_at": closed,
                 "outcome": outcome}
                for n, (who, amount, closed, outcome) in enumerate(deals)
            ],
        }
    )  # fmt: skip


def test_only_won_deals_of_members_under_a_quota_stand_against_it() -> None:
    """d2 is of a member without a quota, d3 was lost."""
    won = sellers().run(parse("select deal_id from fct_quota where deal_id is not null", "test"))
    assert sorted(won["deal_id"]) == ["d0", "d1"]


def test_a_quota_beyond_what_a_whole_number_takes_by_its_days_is_spread_to_the_last_cent() -> None:
    amount = 10**18 + 1
    row = {"member_id": "m", "period": "2026", "amount": amount, "currency": "EUR"}
    member = {"member_id": "m", "name": "Ann", "team": "sales"}
    spread = parse("select cast(sum(quota_amount) as bigint) as n from fct_quota", "test")
    assert make_store({"member": [member], "quota": [row]}).rows(spread) == [{"n": amount}]


def test_quota_attainment_by_member_and_team() -> None:
    found = ask(sellers(), ["quota_attainment"], "2026-Q2", by="owner")["quota_attainment"]
    # 455 + 91 of 910 + 182: the shorter period counts, the deal of m3 has no quota.
    assert (found.numerator, found.denominator, found.value) == (546.0, 1092.0, 0.5)
    assert [(g.key, g.value) for g in found.by or ()] == [("Name 1", 0.5), ("Name 2", 0.5)]
    team = ask(sellers(), ["quota_attainment"], "2026-Q2", by="team")["quota_attainment"]
    assert [(g.key, g.value) for g in team.by or ()] == [("sales", 0.5)]


@pytest.mark.parametrize(
    ("period", "quota"), [("2026-06", 360), ("2026-Q3", 920 + 920), ("2026", 1830 + 2740 + 182)]
)
def test_a_quota_is_spread_over_its_days_and_adds_up(period: str, quota: int) -> None:
    assert ask(sellers(), ["quota"], period)["quota"].value == quota


def test_a_quota_without_a_rate_is_said_beside_what_lacks_it() -> None:
    """91 days of m1 are known, those of m2 in dollars are not, nor is what m2 won a part of it."""
    members = [{"member_id": f"m{n}", "name": f"Name {n}", "team": "sales"} for n in (1, 2)]
    quota = [("m1", "2026-Q2", "EUR"), ("m2", "2026-Q2", "USD"), ("m2", "2026", "EUR")]
    deal = {"amount": 455_00, "closed_at": "2026-06-01", "outcome": "won"}
    engine = make_store(
        {
            "member": members,
            "quota": [
                {"member_id": m, "period": p, "amount": 910_00, "currency": c} for m, p, c in quota
            ],
            "deal": [deal | {"deal_id": f"d{n}", "owner_id": f"m{n}"} for n in (1, 2)],
        }
    )
    found = ask(engine, ["quota_attainment", "quota"], "2026-Q2", by="owner")
    attained = found["quota_attainment"]
    assert (attained.numerator, attained.denominator, attained.value) == (455.0, 910.0, 0.5)
    lacking = "91 of 182 records have no amount in EUR and are not in it"
    assert (attained.note, found["quota"].note) == (f"Quota: {lacking}", lacking)
    known, unknown = sorted(found["quota"].by or (), key=lambda group: group.key)
    assert (known.value, unknown.value) == (910.0, None)
    assert str(unknown.reason).startswith("none of its 91 records has an amount in EUR")


def test_a_quota_with_a_blank_amount_hides_no_longer_one() -> None:
    quota = [
        {"member_id": "m1", "period": period, "amount": amount, "currency": "EUR"}
        for period, amount in (("2026-Q2", 910_00), ("2026-06", None))
    ]
    engine = make_store({"member": [{"member_id": "m1", "name": "Ann"}], "quota": quota})
    assert ask(engine, ["quota"], "2026-06")["quota"].value == 300


def test_no_quota_is_not_available_and_an_unreadable_one_is_told() -> None:
    assert ask(sellers(), ["quota_attainment"], "2024")["quota_attainment"].value is None
    told = data_health(sellers(), default_agreement()).finding("quota-period")
    assert "1 quota is left out: the period (“soon”)" in told.sentence
    segment = ask(sellers(), ["quota_attainment"], "2026-Q2", by="segment")["quota_attainment"]
    assert "cannot be cut by segment" in str(segment.note)
    with pytest.raises(UsageError, match="Did you mean 'quota'"):
        ask(sellers(), ["quotta"], "2026")
