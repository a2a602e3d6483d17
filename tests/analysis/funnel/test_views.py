"""Stays, paths, cohorts, trend, records and reconciliation on the seven leads, by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from builders import make_store
from funnel_store import ORACLE, FunnelStore, seven_leads

from smarketing.analysis.funnel.paths import transitions
from smarketing.analysis.funnel.periods import cohort_heat, step_trend
from smarketing.analysis.funnel.reconcile import reconcile
from smarketing.analysis.funnel.records import funnel_records
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.analysis.funnel.time import deal_cycle, time_in_stage, time_to_convert
from smarketing.engine import DuckDBEngine
from smarketing.errors import UsageError
from smarketing.periods import Period, parse_period

JANUARY = parse_period("2026-01")
ALL = Period("all", dt.date(2025, 1, 1), dt.date(2026, 4, 1))


@pytest.fixture(scope="module")
def engine() -> DuckDBEngine:
    return seven_leads().build()


@pytest.fixture(scope="module")
def full() -> DuckDBEngine:
    """The same seven leads through a whole build."""
    events = []
    for part in ORACLE.replace("\n", ";").split(";"):
        if words := part.split():
            kind = "exit" if len(words) > 3 else "entry"
            row = {"lead_id": words[0], "stage": words[1], "entered_at": words[2], "kind": kind}
            events.append(row | {"reason": words[3] if len(words) > 3 else None})
    return make_store({"lead_stage_event": events}, as_of="2026-03-31 12:00")


def test_a_whole_build_counts_like_the_marts_alone(
    engine: DuckDBEngine, full: DuckDBEngine
) -> None:
    settings = FunnelSettings(window=JANUARY)
    found = [stage.count for stage in funnel(full, settings).stages]
    assert found == [stage.count for stage in funnel(engine, settings).stages] == [4, 3, 3, 3, 2, 1]


def test_time_in_stage_keeps_running_stays_apart(engine: DuckDBEngine) -> None:
    # January's leads in mql: L1 1 day, L2 5, L3 2 and (second pass) 1; all completed.
    # sql: L1 8 days, L2 17; L3 entered on 20 February and is there still: 39 days by 31 March.
    stays = {stay.stage: stay for stay in time_in_stage(engine, FunnelSettings(window=JANUARY))}
    assert (stays["mql"].completed, stays["mql"].median_days) == (4, 1.5)
    assert (stays["sql"].completed, stays["sql"].median_days) == (2, 12.5)
    assert (stays["sql"].running, stays["sql"].running_median_days) == (1, 39)
    assert stays["lead"].p90_days == pytest.approx(3.4)  # 1, 2, 2, 4 at position 2.7


def test_stays_of_a_lead_that_returned_are_latest_or_added(engine: DuckDBEngine) -> None:
    settings = FunnelSettings(window=JANUARY)
    latest = {s.stage: s for s in time_in_stage(engine, settings, basis="latest")}
    added = {s.stage: s for s in time_in_stage(engine, settings, basis="cumulative")}
    # sal: L1 4 days; L3 7 days, then 4 more after it returned.
    assert (latest["sal"].completed, latest["sal"].median_days) == (2, 4)
    assert (added["sal"].completed, added["sal"].median_days) == (2, 7.5)
    with pytest.raises(UsageError, match="cumulative"):
        time_in_stage(engine, settings, basis="cumulativ")  # type: ignore[arg-type]


def test_time_to_convert_bins_every_conversion(engine: DuckDBEngine) -> None:
    found = time_to_convert(engine, FunnelSettings(window=JANUARY), "lead", bins=2)
    # L1 2 days, L2 4, L3 2: bins of three days
    assert (found.edges, found.counts, found.next_stage) == ((0, 3, 6), (2, 1), "mql")
    with pytest.raises(UsageError, match="last stage"):
        time_to_convert(engine, FunnelSettings(window=JANUARY), "customer")


def test_every_event_is_the_source_of_one_transition(engine: DuckDBEngine) -> None:
    links = transitions(engine, FunnelSettings(window=ALL))
    assert sum(link.count for link in links) == 28
    ways = {(link.source, link.target): (link.way, link.count) for link in links}
    assert ways["lead", "mql"] == ("step", 5)
    assert ways["lead", "customer"] == ("skip", 1)
    assert ways["sal", "recycled"] == ("exit", 1)
    assert ways["recycled", "mql"] == ("return", 1)
    assert ways["lost", "(still here)"] == ("stay", 1)


def test_cohorts_by_month(full: DuckDBEngine) -> None:
    cells = {
        (cell.period_start.month, cell.stage): cell
        for cell in cohort_heat(full, FunnelSettings(window=ALL), "month")
    }
    assert [cells[month, "lead"].reached for month in (12, 1, 2)] == [1, 4, 2]
    assert cells[1, "mql"].share == 0.75
    assert cells[1, "mql"].is_mature  # window 14 days by the 90 % rule, followed for 75 or more
    assert not cells[1, "customer"].is_mature  # 90 days by default, followed for 58


def test_the_trend_has_the_window_before(full: DuckDBEngine) -> None:
    points = [p for p in step_trend(full, JANUARY, "month") if p.stage == "lead"]
    assert [(p.period_start.month, p.reached, p.is_previous) for p in points] == [
        (12, 1, True), (1, 4, False),
    ]  # fmt: skip
    # Within 14 days: L7 on day 14 exactly; L1, L2, L3 of four in January.
    assert [(p.rate.successes, p.rate.n) for p in points] == [(1, 1), (3, 4)]
    with pytest.raises(UsageError, match="month"):
        step_trend(full, JANUARY, "months")  # type: ignore[arg-type]


def test_records_add_up_to_every_part(engine: DuckDBEngine) -> None:
    for skips in ("imputed", "observed", "strict"):
        settings = FunnelSettings(skips=skips, window=JANUARY)
        stages = funnel(engine, settings).stages
        for stage, following in zip(stages, [*stages[1:], None], strict=True):
            assert len(funnel_records(engine, settings, stage.stage)) == stage.count
            leak = stage.leak
            assert leak is not None
            parts = {"advanced": leak.advanced, "here": leak.here, "left": leak.left_count}
            for part, count in parts.items():
                assert len(funnel_records(engine, settings, stage.stage, part)) == count  # type: ignore[arg-type]
            if following is not None and following.step is not None:
                sums = {
                    "converted": following.step.to_date.successes,
                    "mature": following.step.mature.n,
                    "mature_converted": following.step.mature.successes,
                }
                for part, count in sums.items():
                    assert len(funnel_records(engine, settings, stage.stage, part)) == count  # type: ignore[arg-type]
    left = funnel_records(
        engine, FunnelSettings(window=JANUARY), "lead", "left", reason="competitor"
    )
    assert list(left["lead_id"]) == ["L4"]


def test_records_of_a_snapshot(engine: DuckDBEngine) -> None:
    at = FunnelSettings("snapshot", at=dt.datetime(2026, 2, 1, 12))
    assert list(funnel_records(engine, at, "opportunity")["lead_id"]) == ["L1", "L2"]
    assert set(funnel_records(engine, at, "exited")["lead_id"]) == {"L3", "L4"}
    with pytest.raises(UsageError, match="Did you mean 'mql'"):
        funnel_records(engine, at, "mqls")


def test_two_settings_are_reconciled_lead_by_lead(engine: DuckDBEngine) -> None:
    cohort = FunnelSettings("cohort", "observed", "first", JANUARY)
    entered = FunnelSettings("entered", "observed", "every", JANUARY)
    found = reconcile(engine, cohort, entered, "sal")
    # January's cohort: L1, L3. Entered in January: L1, L3, L7.
    assert (found.count_a, found.count_b) == (2, 3)
    assert [(d.side, d.reason, d.leads) for d in found.differences] == [
        ("both", "", 2), ("b", "it began outside the window", 1),
    ]  # fmt: skip
    imputed = reconcile(engine, FunnelSettings(window=JANUARY), cohort, "sal")
    only = imputed.records[imputed.records["side"] == "a"]
    assert list(only["lead_id"]) == ["L2"]
    assert "skipped the stage" in only["reason"].iloc[0]


def test_the_differences_add_up_to_both_figures(engine: DuckDBEngine) -> None:
    choices = [
        FunnelSettings(mode, skips, reentry, ALL)
        for mode in ("cohort", "entered")
        for skips in ("imputed", "observed", "strict")
        for reentry in ("first", "every")
    ] + [FunnelSettings("snapshot", at=dt.date(2026, 2, 20))]
    for other in choices:
        found = reconcile(engine, choices[0], other, "mql")
        assert sum(d.count_a for d in found.differences) == found.count_a
        assert sum(d.count_b for d in found.differences) == found.count_b
        assert all(d.reason for d in found.differences if d.side != "both")


def test_the_cycle_shows_won_lost_and_open_by_age() -> None:
    store = FunnelStore(as_of=dt.datetime(2026, 3, 31))
    store.deal("D1", None, "2026-01-01", "2026-01-11", "won")
    store.deal("D2", None, "2026-01-01", "2026-01-21", "lost")
    store.deal("D3", None, "2026-01-01")
    cycle = deal_cycle(store.build(), FunnelSettings(window=JANUARY))
    assert (cycle.deals, cycle.won, cycle.median_won_days) == (3, 1, 10)
    by_age = {point.age_days: point for point in cycle.points}
    assert (by_age[9].won, by_age[9].open) == (0, 1)
    assert (by_age[10].won, by_age[19].lost) == (pytest.approx(1 / 3), 0)
    assert by_age[20].won + by_age[20].lost + by_age[20].open == pytest.approx(1)
