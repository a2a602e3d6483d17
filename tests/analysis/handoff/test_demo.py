"""The demo company's planted truths of the handoff come out of the analyses meant to show them."""

from __future__ import annotations

from pathlib import Path

import pytest

from smarketing.agreement import Agreement, load_home_agreement
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.analysis.handoff.obligations import decisions, obligations, rejections
from smarketing.analysis.handoff.speed import conversion_by_response, speed_to_lead
from smarketing.analysis.handoff.worklist import worklist
from smarketing.analysis.lead_quality.association import associations
from smarketing.analysis.lead_quality.scores import calibration, recorded_scores
from smarketing.analysis.planning.history import capacity
from smarketing.engine import DuckDBEngine, Filters, open_engine
from smarketing.engine.compile import sql_files
from smarketing.periods import Period, parse_window

ALL = parse_window("2025-01-01", "2026-07-01")
SLOW = parse_window("2026-02-09", "2026-03-02")


@pytest.fixture(scope="module")
def agreement(demo_home: Path) -> Agreement:
    return load_home_agreement(demo_home)


@pytest.fixture(scope="module")
def engine(demo_home: Path) -> DuckDBEngine:
    return open_engine(demo_home)


def test_the_webinar_series_tops_the_rejections(engine: DuckDBEngine) -> None:
    _, campaigns = rejections(engine, ALL)
    worst = campaigns[:5]
    assert all(bar.label.startswith("Automation Tuesday") for bar in worst)
    assert sum(bar.rejected for bar in worst) > 0.6 * sum(bar.handovers for bar in worst)


def test_the_series_is_accepted_far_less_than_the_rest(engine: DuckDBEngine) -> None:
    by_campaign = {part.key: part for part in decisions(engine, ALL, by="campaign")
                   if not part.is_return}  # fmt: skip
    _, campaigns = rejections(engine, ALL)
    series = {bar.key for bar in campaigns if bar.label.startswith("Automation Tuesday")}
    inside = [by_campaign[key].acceptance for key in series if key in by_campaign]
    outside = [part.acceptance for key, part in by_campaign.items() if key not in series]
    low = sum(r.successes for r in inside) / sum(r.n for r in inside)
    high = sum(r.successes for r in outside) / sum(r.n for r in outside)
    assert low < 0.35 < 0.6 < high


def test_the_slow_weeks_stand_out(engine: DuckDBEngine, agreement: Agreement) -> None:
    before = SLOW.previous()
    slow, usual = (obligations(engine, window)[0].rate.rate for window in (SLOW, before))
    assert slow is not None and usual is not None and slow < 0.5 < 0.8 < usual
    waits = [speed_to_lead(engine, window)[0].speed.median for window in (SLOW, before)]
    assert waits[0] is not None and waits[1] is not None and waits[0] > 5 * waits[1]
    bands = {
        band.label: band.opportunity for band in conversion_by_response(engine, agreement, ALL)
    }
    assert bands["within 60 min"].rate > bands["later"].rate > bands["never"].rate  # type: ignore[operator]


def test_recycled_leads_that_return_win(engine: DuckDBEngine) -> None:
    parts = {part.is_return: part for part in decisions(engine, ALL)}
    back, first = parts[True], parts[False]
    assert back.customers / back.handovers > 2 * first.customers / first.handovers


def test_a_higher_score_means_a_higher_rate_but_not_in_the_series(
    engine: DuckDBEngine, agreement: Agreement
) -> None:
    scores = recorded_scores(engine, agreement, ALL)
    rates = [band.rate for band in calibration(scores, 3) if band.rate.n]
    assert rates[-1].rate is not None and rates[-1].rate > 0
    found = associations(engine, ALL, "mql", attributes=("channel", "campaign"))
    worst = min(found.found, key=lambda row: row.pooled.difference or 0)
    assert worst.direction == "less"


def test_every_cut_of_the_funnel_balances(engine: DuckDBEngine) -> None:
    settings = FunnelSettings(window=ALL)
    whole = funnel(engine, settings).stages
    for by in ("segment", "channel", "persona", "region", "owner", "lead_type"):
        groups = funnel(engine, settings, by=by).groups
        for number, stage in enumerate(whole):
            assert sum(group.stages[number].count for group in groups) == stage.count
        for group in groups:
            assert all(s.leak is not None and s.leak.total == s.count for s in group.stages)
    kept = funnel(engine, settings, Filters.of(channel="webinar")).stages
    assert 0 < kept[0].count < whole[0].count


def test_capacity_is_known(engine: DuckDBEngine) -> None:
    members = capacity(engine)
    assert {member.team for member in members} == {"Sales development"}
    assert all(member.capacity > 0 and member.handed > 0 for member in members)


def test_a_window_before_the_company_has_zeros(engine: DuckDBEngine) -> None:
    old = Period("old", *(day.replace(year=2019) for day in (SLOW.start, SLOW.end)))
    assert [stage.count for stage in funnel(engine, FunnelSettings(window=old)).stages] == [0] * 6
    assert decisions(engine, old) == []


def test_leads_of_records_stand_where_the_funnel_counts_them_and_wait_as_the_worklist_says(
    agreement: Agreement, engine: DuckDBEngine
) -> None:
    listed = engine.run("journeys/leads", {"unit_kind": "(every)", "unit_id": ""})
    assert listed.empty
    snapshot = funnel(engine, FunnelSettings("snapshot"))
    there = {stage.stage: stage.count for stage in snapshot.stages}
    text = sql_files("queries")["journeys/leads"][""].read_text()
    every = text.replace("($unit_kind = 'lead' and l.lead_id = $unit_id)", "true")
    named = {"unit_kind": "(every)", "unit_id": ""}
    found = engine._connection.cursor().execute(every, named).fetchdf()
    standing = found["stage"].value_counts().to_dict()
    assert {stage: standing.get(stage, 0) for stage in there} == there
    assert sum(standing.values()) - sum(there.values()) == snapshot.exited
    late = next(item for item in worklist(engine, agreement).items if item.status == "overdue")
    own = worklist(engine, agreement, Filters.of(lead_id=[late.lead_id])).items
    assert own == (late,)
