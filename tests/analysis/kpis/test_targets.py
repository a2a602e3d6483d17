"""Targets by hand: what is due by the as-of day, and ahead, on track, at risk or behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from builders import default_agreement, make_store

from smarketing.access import Access
from smarketing.agreement import Agreement, Target, load_home_agreement, parse_agreement
from smarketing.analysis.kpis.formulas import divided_by
from smarketing.analysis.kpis.scoreboard import KpiResult, kpis
from smarketing.analysis.kpis.targets import (
    accrues,
    no_target,
    season_windows,
    share_due,
    shown_of,
    standing,
    target_of,
)
from smarketing.engine import Filters, open_engine
from smarketing.periods import parse_period

AGREEMENT = default_agreement()


def target(**fields: Any) -> Target:
    return Target(**({"kpi": "won_revenue", "value": 100, "period": "2026-06"} | fields))


def due(pace: str, as_of: dt.date, seasonal: float | None = None) -> float:
    window = AGREEMENT.parse_period("2026-06")
    return share_due(AGREEMENT, target(pace=pace), window, as_of, seasonal)


def test_even_pace_counts_days_the_as_of_day_included() -> None:
    assert due("even", dt.date(2026, 6, 15)) == 15 / 30
    assert due("even", dt.date(2026, 5, 31)) == 0
    assert due("even", dt.date(2026, 6, 30)) == 1
    assert due("even", dt.date(2027, 1, 1)) == 1


def test_working_day_pace_stands_still_over_the_weekend() -> None:
    calendar = AGREEMENT.calendar
    month = AGREEMENT.parse_period("2026-06")
    total = len(calendar.working_days(month.start, month.end))
    friday, sunday = dt.date(2026, 6, 12), dt.date(2026, 6, 14)
    done = len(calendar.working_days(month.start, dt.date(2026, 6, 13)))
    assert due("working_days", friday) == due("working_days", sunday) == done / total


def test_a_seasonal_pace_is_learned_else_it_is_that_of_working_days() -> None:
    day = dt.date(2026, 6, 15)
    assert due("seasonal", day, 0.2) == 0.2
    assert due("seasonal", day) == due("working_days", day)


@pytest.mark.parametrize(
    ("value", "direction", "status"),
    [
        (106, "up", "ahead"),
        (105, "up", "on track"),
        (95, "up", "on track"),
        (94, "up", "at risk"),
        (90, "up", "at risk"),
        (89, "up", "behind"),
        (89, "down", "ahead"),
        (106, "down", "at risk"),
        (111, "down", "behind"),
        (104, "none", "on track"),
        (106, "none", "at risk"),
        (89, "none", "behind"),
    ],
)
def test_the_band_of_each_status(value: float, direction: str, status: str) -> None:
    found = standing(
        value,
        target(tolerance=0.05),
        share=1,
        is_flow=True,
        direction=direction,
    )
    assert found.status == status


def test_only_what_accrues_is_held_against_its_pace() -> None:
    def judged(is_flow: bool, share: float, value: float | None = 50) -> str | None:
        return standing(value, target(), share=share, is_flow=is_flow, direction="up").status

    assert judged(True, 0.5) == "on track"
    assert judged(False, 0.5) == "behind"
    assert judged(True, 0.0) is None  # nothing is due before the period begins
    assert judged(True, 0.5, value=None) is None


def test_a_formula_that_adds_what_accrues_does_so_and_no_other() -> None:
    own = parse_agreement(ADDED)
    found = {kpi.id: accrues(own, kpi) for kpi in own.kpis}
    assert all(found[name] for name in ("won_revenue", "won_twice", "won_less", "won_turned"))
    # An average, what stands on a day, and what either or a fixed number is added to.
    assert not any(
        found[name] for name in ("average_deal_size", "open_deals", "won_average", "won_more")
    )
    assert not found["win_rate_closed"]


def test_a_target_of_nothing_is_met_by_nothing() -> None:
    def judged(value: float, direction: str) -> str | None:
        return standing(
            value,
            target(value=0),
            share=1,
            is_flow=True,
            direction=direction,
        ).status

    assert judged(0, "down") == "on track"
    assert judged(1, "down") == "behind"
    assert judged(1, "up") == "ahead"
    assert judged(-1, "up") == "behind"


_OF_OWN = "unit: money, owners: {marketing: head_of_demand, sales: head_of_sales}"
ADDED = f"""
extends: default
kpis:
  - {{id: won_twice, label: A, question: A?, definition: A., formula: won_revenue + won_revenue,
     {_OF_OWN}}}
  - {{id: won_less, label: B, question: B?, definition: B., formula: won_twice - won_revenue,
     {_OF_OWN}}}
  - {{id: won_turned, label: D, question: D?, definition: D., formula: -won_less + won_twice,
     {_OF_OWN}}}
  - {{id: won_more, label: E, question: E?, definition: E., formula: won_revenue + 5, {_OF_OWN}}}
  - {{id: won_average, label: C, question: C?, definition: C.,
     formula: won_revenue + average_deal_size, {_OF_OWN}}}
"""
OWN = """
extends: default
targets:
  - {kpi: won_revenue, period: 2026-06, value: 400, pace: even, tolerance: 0.1}
  - {kpi: won_revenue, period: 2026-06, segment: enterprise, value: 100, pace: even}
  - {kpi: won_deals, every: month, value: 4, pace: seasonal}
"""


def own() -> Agreement:
    return parse_agreement(OWN)


DAYS = ("2026-06-01", "2026-06-10", "2026-05-02", "2026-05-30", "2026-04-02", "2026-04-03")


def ask(
    kpi_id: str,
    as_of: str,
    days: Sequence[str] = DAYS,
    created: str = "2026-01-01 10:00",
    **options: Any,
) -> KpiResult:
    deals = [
        {
            "deal_id": f"d{n}",
            "account_id": "a",
            "outcome": "won",
            "amount": 100_00,
            "created_at": created,
            "closed_at": day,
        }
        for n, day in enumerate(days)
    ]
    store = make_store(
        {"deal": deals, "account": [{"account_id": "a", "employees": 5000}]}, own(), as_of
    )
    return kpis(store, own(), [kpi_id], own().parse_period("2026-06"), **options)[0]


def test_a_target_in_major_units_against_its_pace() -> None:
    result = ask("won_revenue", "2026-06-15 10:00")
    assert (result.value, result.target, result.status) == (200.0, 400.0, "on track")
    assert result.standing is not None
    assert (result.standing.expected, result.standing.share_due) == (200.0, 0.5)
    assert ask("won_revenue", "2026-06-30 10:00").status == "behind"


def test_a_segment_has_its_own_target_and_other_cuts_have_none() -> None:
    cut = ask("won_revenue", "2026-06-15 10:00", by="segment")
    assert cut.by is not None
    assert [(group.key, group.target) for group in cut.by] == [("enterprise", 100.0)]
    alone = ask("won_revenue", "2026-06-15 10:00", filters=Filters.of(segment="enterprise"))
    assert (alone.target, alone.status) == (100.0, "ahead")
    elsewhere = ask("won_revenue", "2026-06-15 10:00", filters=Filters.of(region="(unknown)"))
    assert (elsewhere.target, elsewhere.status) == (None, None)
    window = own().parse_period("2026-06")
    of_segments, of_region = Filters.of(segment=("enterprise", "small")), Filters.of(region="x")
    each = target_of(own(), "won_revenue", window, of_segments, "segment", "enterprise")
    assert each is not None and each.segment == "enterprise"  # the whole of it, whoever else is
    assert target_of(own(), "won_revenue", window, of_region, "segment", "enterprise") is None
    assert target_of(own(), "won_revenue", window, of_segments, None, "(all)") is None


def test_a_season_is_the_share_of_like_periods_reached_by_the_same_point() -> None:
    # Half of June is gone. By mid-April 2 of 2 deals were won, by mid-May 1 of 2: 3 of 4 together.
    result = ask("won_deals", "2026-06-15 10:00")
    assert result.standing is not None
    assert result.standing.share_due == 0.75
    assert (result.standing.expected, result.status) == (3.0, "behind")


def test_a_season_that_the_data_begin_within_later_than_that_point_says_nothing() -> None:
    # The data begin on 20 April: whether any was won by mid-April nobody knows. May: 1 of 2.
    days = ("2026-06-01", "2026-05-02", "2026-05-30", "2026-04-20", "2026-04-21")
    result = ask("won_deals", "2026-06-15 10:00", days, created="2026-04-20")
    assert result.standing is not None and result.standing.share_due == 0.5


def test_season_windows_end_at_the_same_share_and_only_while_the_period_runs() -> None:
    month = AGREEMENT.parse_period("2026-06")
    windows = season_windows(month, dt.date(2026, 6, 15))
    assert len(windows) == 8
    assert windows["season_3"].label == "2026-05"
    assert windows["season_3_part"].end == dt.date(2026, 5, 17)  # half of 31 days, rounded
    assert season_windows(month, dt.date(2026, 6, 30)) == {}
    assert season_windows(month, dt.date(2026, 5, 30)) == {}


def test_pipeline_coverage_is_what_is_due_by_what_is_missing() -> None:
    def covered(text: str, period: str = "2026-06", **options: Any) -> KpiResult:
        agreement = parse_agreement(text)
        deals: list[dict[str, Any]] = [
            {"deal_id": "w", "outcome": "won", "amount": 100_00, "closed_at": "2026-06-02"},
            {
                "deal_id": "o",
                "outcome": "open",
                "amount": 450_00,
                "expected_close_on": "2026-06-29",
            },
        ]
        store = make_store({"deal": deals}, agreement, "2026-06-15 10:00")
        window = agreement.parse_period(period)
        return kpis(store, agreement, ["pipeline_coverage"], window, **options)[0]

    assert covered(OWN).value == 1.5  # 450 due, 400 - 100 missing
    reached = covered(OWN.replace("400", "90"))
    assert (reached.value, reached.note) == (
        None,
        "no target of Won revenue is left to reach in 2026-06",
    )
    without = covered("extends: default\n")
    assert without.value is None
    assert without.note == "nobody agreed a target of Won revenue for 2026-06"
    cut = covered(OWN, filters=Filters.of(segment="enterprise"))
    assert cut.value == 0  # nothing of that segment is due, 100 is missing
    assert covered(OWN, filters=Filters.of(region="x")).value is None


@pytest.mark.parametrize(
    ("formula", "name"),
    [
        ("(a - b) / c * 100", "c"),
        ("100 * (a / c)", "c"),
        ("a / 12", None),
        ("a / (b - c)", None),
        ("a + b / c", None),
        ("a", None),
    ],
)
def test_what_a_formula_divides_by_is_known_where_it_is_one_number(
    formula: str, name: str | None
) -> None:
    assert divided_by(formula) == name


def test_a_target_of_a_quarter_is_that_of_the_fiscal_quarter_of_the_same_days() -> None:
    target = Target(kpi="won_revenue", value=90, every="quarter")
    named = Target(kpi="won_revenue", value=80, period="2026-Q3")
    fiscal = parse_period("FY2027-Q2", fiscal_year_start_month=4)
    assert target.applies_to(fiscal) and named.applies_to(fiscal)
    shifted = parse_period("FY2027-Q2", fiscal_year_start_month=2)
    assert not target.applies_to(shifted) and not named.applies_to(shifted)
    year = parse_period("2026", fiscal_year_start_month=4)
    assert not Target(kpi="won_revenue", value=1, every="fiscal_year").applies_to(year)


@pytest.mark.parametrize(
    ("scope", "filters", "target"),
    [
        ((), {}, 22.0),
        ((("region", ("dach",)),), {}, None),
        ((("segment", ("enterprise",)),), {}, None),
        ((("region", ("dach",)),), {"segment": ["enterprise"]}, None),
    ],
)
def test_who_sees_a_part_is_not_held_against_the_target_of_the_whole(
    demo_home: Path, scope: Any, filters: dict[str, list[str]], target: float | None
) -> None:
    agreement = load_home_agreement(demo_home)
    engine = open_engine(demo_home, Access("viewer", scope=scope))
    window, chosen = agreement.read_window("2026-Q2"), Filters.from_mapping(filters)
    (found,) = kpis(engine, agreement, ["new_customers"], window, chosen)
    assert found.target == target


@pytest.mark.parametrize(
    ("scope", "chosen", "shown"),
    [
        ({}, {"segment": ["b"]}, {"segment": ("b",)}),
        ({"segment": ["a", "b"]}, {"segment": ["b"]}, {"segment": ("b",)}),
        ({"segment": ["a"]}, {"segment": ["b"]}, {"segment": ("a", "b")}),
        ({"region": ["x"]}, {"segment": ["b"]}, {"region": ("x",), "segment": ("b",)}),
    ],
)
def test_what_is_shown_is_what_is_seen_and_chosen(
    scope: dict[str, list[str]], chosen: dict[str, list[str]], shown: dict[str, tuple[str, ...]]
) -> None:
    part = shown_of(Filters.from_mapping(scope), Filters.from_mapping(chosen))
    assert part == Filters.from_mapping(shown)


def test_where_targets_are_agreed_for_the_whole_a_part_has_none_and_it_is_said() -> None:
    month = AGREEMENT.parse_period("2026-06")
    agreed = AGREEMENT.model_copy(update={"targets": [target()]})
    part, whole = Filters.of(region="dach"), Filters.of()
    assert no_target(agreed, month, whole, part) == (
        "The targets of 2026-06 are agreed for more than the part that is shown"
    )
    assert no_target(agreed, month, whole, whole) == "No target is agreed for 2026-06"
    later = AGREEMENT.parse_period("2026-07")
    assert no_target(agreed, later, part, whole) == "No target is agreed for 2026-07"
