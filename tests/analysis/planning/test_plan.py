"""Planning by hand: ten leads, two of which won, deals without leads, an open pipeline."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from builders import default_agreement, make_store
from hypothesis import given
from hypothesis import strategies as st
from told_engine import told

from smarketing.agreement.kpis import Target
from smarketing.analysis.handoff.value import lead_values
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.analysis.planning.history import capacity, in_time
from smarketing.analysis.planning.plan import plan
from smarketing.analysis.planning.usual import Wanted, usual
from smarketing.analysis.planning.whatif import best_quarters, raised
from smarketing.engine import DuckDBEngine, Filters
from smarketing.errors import UsageError
from smarketing.periods import parse_period

# Ten leads begin on 5 January 2026, six become MQL the next day. L0 wins 1,000.00 EUR after 30
# days, L1 wins 3,000.00 after 60. A deal nobody carried, created on 1 March, wins 365.00 after 10
# days. Open: 2,000.00 and 7,000.00 in stage "proposal", which only two closed deals were in: too
# few, so that the three in four of all closed deals hold.
LEADS = [f"L{number}" for number in range(10)]


def deal(
    deal_id: str, created: str, closed: str | None, outcome: str, **more: Any
) -> dict[str, Any]:
    row = {"deal_id": deal_id, "created_at": created, "closed_at": closed, "outcome": outcome}
    return row | {"currency": "EUR", "kind": "new", "account_id": f"a-{deal_id}"} | more


STORE: dict[str, list[dict[str, Any]]] = {
    "lead": [
        {"lead_id": lead, "created_at": "2026-01-05", "lead_type": "inbound"} for lead in LEADS
    ],
    "lead_stage_event": [
        {"lead_id": lead, "stage": "mql", "entered_at": "2026-01-06", "kind": "entry"}
        for lead in LEADS[:6]
    ],
    "deal": [
        deal("d0", "2026-01-20", "2026-02-04", "won", amount=100_000, lead_id="L0"),
        deal("d1", "2026-01-20", "2026-03-06", "won", amount=300_000, lead_id="L1"),
        deal("d2", "2026-01-20", "2026-03-10", "lost", amount=900_000, lead_id="L2"),
        deal("d3", "2026-03-01", "2026-03-11", "won", amount=36_500),
        deal("d4", "2026-06-01", None, "open", amount=200_000, stage="Proposal",
             expected_close_on="2026-09-01"),
        deal("d5", "2026-06-01", None, "open", amount=700_000, stage="Proposal",
             expected_close_on="2027-03-01"),
    ],
    "deal_stage_event": [
        {"deal_id": name, "stage": "Proposal", "entered_at": "2026-03-02"} for name in ("d1", "d2")
    ],
    "member": [
        {"member_id": "ann", "name": "Ann", "team": "sales_development", "capacity_per_month": 12},
        {"member_id": "old", "name": "Old", "team": "sales_development", "capacity_per_month": 99,
         "ends_on": "2026-01-31"},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> DuckDBEngine:
    return make_store(STORE, as_of="2026-06-30 12:00")


def test_lead_value_is_won_amount_per_mature_lead(engine: DuckDBEngine) -> None:
    values = lead_values(engine)
    # Wins after 30 and 60 days: nine in ten of them by day 60, and every lead was followed 176.
    assert values.window_days == 60
    assert (values.leads, values.won_amount, values.overall) == (10, 400_000, 40_000)
    assert values.of("inbound", "(unknown)") == 40_000
    assert values.of("never seen", "(unknown)") == 40_000


def test_the_pipeline_is_weighted_as_on_the_scoreboard(engine: DuckDBEngine) -> None:
    lost = [
        deal(f"e{number}", "2026-01-20", "2026-03-10", "lost", amount=1, stage=" proposal")
        for number in range(3)
    ]
    fuller = make_store(STORE | {"deal": STORE["deal"] + lost}, as_of="2026-06-30 12:00")
    agreed = default_agreement()
    for store, expected in ((engine, 675_000), (fuller, 180_000)):  # 3 of 4, then 1 of 5
        found = plan(store, agreed, 10_000, dt.date(2028, 1, 1))
        [kpi] = kpis(store, agreed, ["weighted_pipeline"], agreed.parse_period("2026-06"))
        assert (found.from_pipeline, kpi.value) == (expected, expected / 100)


def test_a_win_without_a_close_date_came_at_no_known_age(engine: DuckDBEngine) -> None:
    undated = deal("e0", "2026-03-01", None, "won", amount=36_500)
    fuller = make_store(STORE | {"deal": [*STORE["deal"], undated]}, as_of="2026-06-30 12:00")
    plain, other = (
        plan(store, default_agreement(), 10_000, dt.date(2027, 1, 1)) for store in (engine, fuller)
    )
    assert other.from_unled == plain.from_unled == pytest.approx(100 * 175)


def test_amounts_of_a_currency_without_decimals_are_whole(engine: DuckDBEngine) -> None:
    found = replace(
        plan(engine, default_agreement(), 10_000, dt.date(2027, 1, 1)),
        minor_digits=0,
        from_pipeline=675_000.4,
    )
    said = found.as_dict()["expected_from_pipeline"]
    assert (said, type(said)) == (675_000, int)
    assert replace(found, minor_digits=2).major(675_000.4) == 6750.0


def test_leads_needed(engine: DuckDBEngine) -> None:
    found = plan(engine, default_agreement(), 10_000, dt.date(2027, 1, 1))
    assert found.won == 100_000 + 300_000 + 36_500
    assert found.from_pipeline == 150_000  # 2,000.00 due before 2027, won three times in four
    # 185 days to go: 365.00 a year at one euro a day, of deals created up to 10 days before.
    assert found.from_unled == pytest.approx(100 * 175)
    assert found.gap == pytest.approx(1_000_000 - 436_500 - 150_000 - 17_500)
    # A quarter of the revenue comes at day 30, three quarters at day 60.
    assert found.share_in_time == pytest.approx((0.25 * 155 + 0.75 * 125) / 185)
    assert found.leads.needed == pytest.approx(found.gap / (40_000 * found.share_in_time))
    stages = {part.stage: part.need.needed for part in found.stages}
    assert stages["mql"] == pytest.approx(0.6 * stages["lead"])  # type: ignore[operator]
    assert stages["customer"] == pytest.approx(0.2 * stages["lead"])  # type: ignore[operator]


def test_the_months_add_up_to_the_whole(engine: DuckDBEngine) -> None:
    found = plan(engine, default_agreement(), 10_000, dt.date(2027, 1, 1))
    assert found.months[0].month == "2026-07"
    whole = sum(month.stages[0].need.needed or 0 for month in found.months)
    assert whole == pytest.approx(found.leads.needed)


def test_parts_of_months_add_up_to_the_need_and_no_more() -> None:
    # From Thursday 11 June to Friday 10 July: 14 and 8 working days of 22 (no holiday agreed).
    middle = make_store(STORE, as_of="2026-06-10 12:00")
    found = plan(middle, default_agreement(), 10_000, dt.date(2026, 7, 11))
    need = found.leads.needed
    assert need is not None and need > 0
    assert [(month.month, month.working_days) for month in found.months] == [
        ("2026-06", 14), ("2026-07", 8),
    ]  # fmt: skip
    assert [month.stages[0].need.needed for month in found.months] == pytest.approx(
        [need * 14 / 22, need * 8 / 22]
    )
    # A weekend has no working day: its days share the need. (One lead won on its second day.)
    quick = [deal("d0", "2026-01-05", "2026-01-06", "won", amount=100_000, lead_id="L0")]
    tables = {**STORE, "deal": [*quick, *STORE["deal"][1:]]}
    friday = make_store(tables, as_of="2026-06-12 12:00")
    found = plan(friday, default_agreement(), 10_000, dt.date(2026, 6, 14))
    assert found.leads.needed
    assert [month.stages[0].need.needed for month in found.months] == [found.leads.needed]


def test_what_was_won_on_the_day_of_the_data_is_won(engine: DuckDBEngine) -> None:
    before = plan(engine, default_agreement(), 10_000, dt.date(2027, 1, 1))
    late = [
        deal("x1", "2026-06-01", "2026-06-30", "won", amount=5_000),
        deal("x2", "2026-06-01 10:00", "2026-06-30 11:00", "won", amount=700),
    ]
    more = make_store({**STORE, "deal": [*STORE["deal"], *late]}, as_of="2026-06-30 12:00")
    found = plan(more, default_agreement(), 10_000, dt.date(2027, 1, 1))
    assert found.won - before.won == 5_700
    [kpi] = kpis(more, default_agreement(), ["won_revenue"], parse_period("2026-06"))
    assert kpi.value == 57.0


def test_capacity_is_that_of_the_members_who_are_there(engine: DuckDBEngine) -> None:
    found = plan(engine, default_agreement(), 10_000, dt.date(2027, 1, 1))
    assert [member.member for member in found.members] == ["Ann"]
    assert found.capacity_handovers == pytest.approx(12 * 185 / (365 / 12))
    assert found.capacity_leads == pytest.approx(found.capacity_handovers / 0.6)
    assert found.over_capacity == 0


def test_what_sales_can_work_is_of_all_leads_and_says_nothing_of_a_part(
    engine: DuckDBEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_enterprise = Filters.of(segment="enterprise")
    part = plan(engine, default_agreement(), 10_000, dt.date(2027, 1, 1), of_enterprise)
    assert (part.capacity_handovers, part.capacity_leads, part.over_capacity) == (None, None, None)
    assert part.members
    monkeypatch.setattr(engine, "limited_by", "region")
    scoped = plan(engine, default_agreement(), 10_000, dt.date(2027, 1, 1))
    assert (scoped.members, scoped.capacity_leads) == ((), None)


def test_whoever_was_handed_nothing_lately_was_handed_none() -> None:
    member = {"member_id": "m", "member": "Ann", "team": "sales", "capacity_per_month": 9,
              "is_accepting": False}  # fmt: skip
    idle = {**member, "member_id": "n", "member": "Bob"}
    handed = [{"owner_id": "m", "handovers": 6}]
    asked = told(planning__handed=handed, planning__capacity=[member, idle])
    assert [(one.member, one.handed) for one in capacity(asked)] == [("Ann", 2), ("Bob", 0)]
    accepting = [{**member, "is_accepting": True}, idle]
    asked = told(planning__handed=handed, planning__capacity=accepting)
    assert [one.member for one in capacity(asked)] == ["Ann"]


def test_the_usual_target_is_a_quarter_more_by_the_end_of_the_fiscal_year() -> None:
    at: dict[str, Any] = {"amount": 12_345_678_00, "created_at": "2026-01-01", "outcome": "won"}
    won = make_store(
        {"deal": [{"deal_id": "d", "closed_at": "2026-03-01", "currency": "EUR"} | at]}
    )
    assert usual(won, default_agreement()) == Wanted(15_430_000.0, dt.date(2027, 1, 1))
    assert usual(make_store({}), default_agreement()).revenue == 10_000


@pytest.mark.parametrize(
    ("target", "wanted"),
    [
        ({"every": "year"}, Wanted(2_500_000, dt.date(2027, 1, 1), "the target of 2026")),
        ({"period": "FY2026"}, Wanted(2_500_000, dt.date(2027, 1, 1), "the target of 2026")),
        ({"period": "2027"}, None),
        ({"every": "quarter"}, None),
        ({"every": "year", "segment": "enterprise"}, None),
    ],
)
def test_what_is_planned_for_is_the_target_of_the_year_where_one_is_agreed(
    target: dict[str, str], wanted: Wanted | None
) -> None:
    agreed = Target.model_validate({"kpi": "won_revenue", "value": 2_500_000, **target})
    agreement = default_agreement().model_copy(update={"targets": (agreed,)})
    store = make_store({}, as_of="2026-06-30")
    assert usual(store, agreement) == (wanted or Wanted(10_000, dt.date(2027, 1, 1)))


def test_more_revenue_per_lead_needs_fewer_leads(engine: DuckDBEngine) -> None:
    need = plan(engine, default_agreement(), 10_000, dt.date(2027, 1, 1)).leads
    assert need.low is not None and need.needed is not None
    assert need.low < need.needed
    assert need.high is None  # two wins in ten leads: the revenue per lead could be nothing


def test_a_target_already_won_needs_no_leads(engine: DuckDBEngine) -> None:
    found = plan(engine, default_agreement(), 100, dt.date(2027, 1, 1))
    assert (found.gap, found.leads.needed) == (0, 0)


def test_without_history_the_need_is_not_available() -> None:
    found = plan(make_store({}), default_agreement(), 100, dt.date(2027, 1, 1))
    assert found.leads.needed is None
    assert found.as_dict()["leads_needed"] is None
    assert found.as_dict()["reason"] == "no lead is old enough to learn from"
    assert found.capacity_leads is None


def test_targets_and_days_that_make_no_sense_are_refused(engine: DuckDBEngine) -> None:
    with pytest.raises(UsageError, match="not above 0"):
        plan(engine, default_agreement(), 0, dt.date(2027, 1, 1))
    with pytest.raises(UsageError, match="not after the data"):
        plan(engine, default_agreement(), 1, dt.date(2026, 6, 30))


def test_the_best_quarter_needs_thirty_mature_leads(engine: DuckDBEngine) -> None:
    found = best_quarters(engine, default_agreement())
    assert all(lift.best is None and lift.gain == 0 for lift in found.lifts)
    assert found.revenue == 10 * 40_000


def test_a_step_is_raised_to_its_best_quarter_within_capacity() -> None:
    # Autumn: 15 of 30 leads become MQL; winter: 30 of 40. Together 45 of 70, the best is 3 in 4.
    tables: dict[str, list[dict[str, Any]]] = {"lead": [], "lead_stage_event": [], "deal": []}
    for quarter, day, count, good in (("a", "2025-10-10", 30, 15), ("w", "2026-01-10", 40, 30)):
        for number in range(count):
            lead = f"{quarter}{number}"
            tables["lead"].append({"lead_id": lead, "created_at": day})
            if number < good:
                event = {"lead_id": lead, "stage": "mql", "entered_at": day, "kind": "entry"}
                tables["lead_stage_event"].append(event)
    won = deal("d", "2026-01-12", "2026-02-01", "won", amount=700_000, lead_id="w0")
    tables["deal"].append(won)
    tables["member"] = [{"member_id": "m", "team": "sales", "capacity_per_month": 4}]
    engine = make_store(tables, as_of="2026-09-30 12:00")
    found = best_quarters(engine, default_agreement())
    lift = found.lifts[0]
    assert lift.now == pytest.approx(45 / 70)
    assert lift.best is not None and lift.best.rate == 0.75
    assert found.revenue == pytest.approx(700_000)
    # 45 handovers a year at 7/6 of the rate would be 52.5, but the team works 48.
    assert lift.is_capped
    assert lift.gain == pytest.approx(700_000 * (48 / 45 - 1))
    # One point more of 70 leads is 0.7 leads more, and the revenue grows by 0.7 of 45.
    point = raised(engine, default_agreement(), "lead", 0.01)
    assert point is not None and not point.is_capped and point.leads == pytest.approx(0.7)
    assert point.gain == pytest.approx(700_000 * 0.7 / 45)
    fewer = raised(engine, default_agreement(), "lead", -2.0)
    assert fewer is not None and (fewer.rate, fewer.revenue) == (0.0, 0.0)
    more = raised(engine, default_agreement(), "lead", 0.2)
    assert more is not None and more.is_capped and more.gain == pytest.approx(lift.gain)
    assert raised(engine, default_agreement(), "customer", 0.1) is None
    assert raised(engine, default_agreement(), "opportunity", 0.1) is None


amounts = st.dictionaries(st.integers(0, 400), st.integers(1, 10**9), max_size=8)


@given(amounts, st.integers(0, 500), st.integers(0, 100))
def test_more_time_never_brings_less(won: dict[int, int], days: int, more: int) -> None:
    assert 0 <= in_time(won, days) <= in_time(won, days + more) + 1e-12 <= 1 + 1e-9
