"""Each planted truth of the demo company is found by the analysis that is meant to reveal it."""

from __future__ import annotations

from pathlib import Path

import pytest

from smarketing.agreement import Agreement, load_home_agreement
from smarketing.analysis.attribution.attribute import attribution
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.analysis.handoff.obligations import handoff, handoff_records
from smarketing.analysis.kpis.change import explain_change
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.engine import DuckDBEngine, Filters, open_engine
from smarketing.errors import UsageError
from smarketing.periods import Period, parse_period, parse_window

STORY = parse_window("2025-01-01", "2026-07-01")
SLOW = parse_window("2026-02-09", "2026-03-02")


@pytest.fixture(scope="module")
def engine(demo_home: Path) -> DuckDBEngine:
    return open_engine(demo_home)


@pytest.fixture(scope="module")
def agreement(demo_home: Path) -> Agreement:
    return load_home_agreement(demo_home)


def value(engine, agreement, kpi: str, window: Period, **filters: str) -> float:
    (result,) = kpis(engine, agreement, [kpi], window, Filters.of(**filters))
    assert result.value is not None, result.note
    return float(result.value)


def test_the_store_speaks_for_the_last_day_of_june(engine):
    assert str(engine.as_of_day) == "2026-06-30"
    assert engine.currency == "EUR"


def test_the_rejected_webinar_series_leads_the_ranking_of_rejections(engine, agreement):
    result = handoff(engine, agreement, STORY)
    worst = [bar.label for bar in result.campaigns[:5]]
    assert sum(label.startswith("Automation Tuesday") for label in worst) >= 4
    assert result.reasons[0].label == "No budget"
    series = [bar for bar in result.campaigns if bar.label.startswith("Automation Tuesday")]
    others = [bar for bar in result.campaigns if not bar.label.startswith("Automation Tuesday")]
    assert sum(bar.rejected for bar in series) > 0.6 * sum(bar.handovers for bar in series)
    assert sum(bar.rejected for bar in others) < 0.25 * sum(bar.handovers for bar in others)


def test_the_series_qualifies_well_and_converts_badly(engine, agreement):
    webinar = Filters.of(channel="webinar")
    rates = {}
    for name, filters in (("webinar", webinar), ("content", Filters.of(channel="content"))):
        found = kpis(engine, agreement, ["lead_to_mql_rate", "mql_to_sql_rate"], STORY, filters)
        rates[name] = [float(result.value) for result in found]
    assert rates["webinar"][0] > 0.4
    assert rates["webinar"][1] < 0.5 * rates["content"][1]


def test_last_touch_hides_what_first_touch_and_linear_show_of_content(engine, agreement):
    shares = {}
    for model in ("first", "linear", "last"):
        result = attribution(engine, agreement, window=STORY, model=model, intervals=False)
        row = result.row("content")
        shares[model] = (row.credit if row else 0) / result.total
    assert shares["first"] > 0.4
    assert shares["linear"] > 0.08
    assert shares["last"] < 0.02


def test_three_weeks_of_slow_follow_up_break_the_service_level(engine, agreement):
    before = parse_window("2026-01-12", "2026-02-02")
    after = parse_window("2026-03-16", "2026-04-06")
    slow = value(engine, agreement, "sla_response_rate", SLOW)
    assert slow < 0.35
    assert value(engine, agreement, "sla_response_rate", before) > 0.75
    assert value(engine, agreement, "sla_response_rate", after) > 0.75
    usual = value(engine, agreement, "speed_to_lead", before)
    assert value(engine, agreement, "speed_to_lead", SLOW) > 5 * usual


def test_recycled_leads_come_back_and_win_more_often(engine, agreement):
    result = handoff(engine, agreement, STORY)
    assert result.recycled.returned >= 40
    records = handoff_records(engine, STORY)
    back = records[records["is_return"]]
    first = records[~records["is_return"]]
    assert back["is_customer"].sum() >= 10
    assert back["is_customer"].mean() > 1.5 * first["is_customer"].mean()


def test_the_overspent_quarter_costs_more_and_brings_no_more(engine, agreement):
    social = {
        label: value(
            engine, agreement, "marketing_cost", parse_period(label), channel="paid_social"
        )
        for label in ("2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1")
    }
    assert social["2025-Q4"] > 2 * max(social["2025-Q3"], social["2026-Q1"])
    leads = {
        label: value(engine, agreement, "new_leads", parse_period(label), channel="paid_social")
        for label in social
    }
    assert leads["2025-Q4"] < 1.3 * leads["2025-Q3"]


def test_a_few_won_deals_have_no_touch_and_are_not_lost(engine, agreement):
    result = attribution(engine, agreement, window=STORY, model="linear", intervals=False)
    row = result.row("(unattributed)")
    assert row is not None and 4 <= row.deals <= 12
    assert sum(row.credit for row in result.rows) == result.total
    assert result.total == round(100 * value(engine, agreement, "won_revenue", STORY))


def test_deals_without_a_lead_join_the_funnel_at_opportunity(engine, agreement):
    result = funnel(engine, FunnelSettings(window=STORY))
    leads = {stage.stage: stage.count for stage in result.stages}
    assert leads["lead"] == 1900
    assert result.joined.created > 50
    deals = value(engine, agreement, "new_opportunities", STORY)
    assert leads["opportunity"] <= deals - result.joined.created


@pytest.mark.parametrize("by", ["channel", "segment", "campaign"])
def test_why_a_kpi_changed_adds_up_for_every_kpi(engine, agreement, by: str):
    window = parse_period("2026-Q1")
    explained = 0
    for kpi in agreement.kpis:
        try:
            found = explain_change(engine, agreement, kpi.id, window, window.previous(), by)
        except UsageError:
            continue  # no sum, count or ratio of them
        if found.reason is not None:
            assert found.effects == (), kpi.id
            continue
        explained += 1
        total = sum(effect.total for effect in found.effects)
        assert total == pytest.approx(found.difference, rel=1e-9, abs=1e-9), kpi.id
    assert explained > 40
