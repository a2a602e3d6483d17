"""What a plan says of its parts, told of one that is put together by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from smarketing.analysis.planning.history import Cohort
from smarketing.analysis.planning.plan import MonthNeed, Need, Plan, StageNeed
from smarketing.periods import parse_period

HANDED = StageNeed("mql", 0.5, Need(10.4, 5.6, None))
PLAN = Plan(
    target=100_000,
    since=dt.date(2026, 1, 1),
    until=dt.date(2026, 12, 15),
    as_of=dt.date(2026, 7, 1),
    won=20_001,
    from_pipeline=15_000.4,
    from_unled=4_000.0,
    cohort=Cohort(parse_period("2025"), 40, {}, {}, 1_250.6, None, None),
    share_in_time=0.25,
    stages=(StageNeed("lead", None, Need(20.5, 11.2, 40.9)), HANDED),
    months=(MonthNeed("2026-07", 23, (HANDED,)),),
    pipeline=(),
    members=(),
    capacity_handovers=8.0,
    capacity_leads=16.6,
    handoff_stage="mql",
    minor_digits=2,
    lacking=3,
)


def test_what_is_still_missing_and_what_sales_cannot_work_is_never_below_nothing() -> None:
    assert PLAN.gap == pytest.approx(100_000 - 20_001 - 15_000.4 - 4_000)
    assert replace(PLAN, target=30_000).gap == 0
    assert PLAN.over_capacity == pytest.approx(2.4)
    assert replace(PLAN, capacity_handovers=10.4).over_capacity == 0
    assert replace(PLAN, capacity_handovers=10.0).over_capacity == pytest.approx(0.4)
    assert replace(PLAN, capacity_handovers=99.0).over_capacity == 0
    assert replace(PLAN, capacity_handovers=None).over_capacity is None
    assert replace(PLAN, handoff_stage="lead").over_capacity == pytest.approx(12.5)


def test_why_no_lead_is_asked_for_is_said() -> None:
    unknown = replace(PLAN, stages=(replace(HANDED, need=Need(None, None, None)),))
    assert PLAN.reason is None and unknown.over_capacity is None
    assert unknown.reason == (
        "no lead that is old enough has won anything that would arrive in time"
    )
    nobody = replace(unknown, cohort=replace(PLAN.cohort, leads=0))
    assert nobody.reason == "no lead is old enough to learn from"


def test_amounts_are_told_to_the_last_minor_unit() -> None:
    assert (PLAN.major(123_456.4), replace(PLAN, minor_digits=0).major(7.6)) == (1234.56, 8)
    assert PLAN.stages[0].need.times(0.5) == Need(10.25, 5.6, 20.45)
    assert HANDED.need.times(2) == Need(20.8, 11.2, None)


def test_a_plan_as_json_has_money_in_major_units_and_whole_leads() -> None:
    assert PLAN.as_dict() == {
        "target": 1000.0,
        "since": "2026-01-01",
        "by": "2026-12-15",
        "as_of": "2026-07-01",
        "won_so_far": 200.01,
        "expected_from_pipeline": 150.0,
        "expected_without_leads": 40.0,
        "deals_without_amount": 3,
        "gap": 609.99,
        "revenue_per_lead": 12.51,
        "share_in_time": 0.25,
        "cohort_from": "2025-01-01",
        "cohort_to": "2026-01-01",
        "cohort_leads": 40,
        "leads_needed": 20,
        "leads_low": 11,
        "leads_high": 41,
        "reason": None,
        "capacity_handovers": 8,
        "capacity_leads": 17,
        "over_capacity": 2,
        "stages": [
            {"stage": "lead", "needed": 20, "low": 11, "high": 41},
            {"stage": "mql", "needed": 10, "low": 6, "high": None},
        ],
        "months": [
            {"month": "2026-07", "stages": [{"stage": "mql", "needed": 10, "low": 6, "high": None}]}
        ],
    }
    none = replace(PLAN, capacity_handovers=None, capacity_leads=None).as_dict()
    assert [none[f"{name}"] for name in ("capacity_handovers", "capacity_leads", "over_capacity")
            ] == [None, None, None]  # fmt: skip
