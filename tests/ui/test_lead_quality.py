"""The lead quality page: thresholds, rules and buyers add up; a what-if becomes a proposal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from page_kit import adds_up, open_page, view_of

from smarketing.agreement import load_agreement
from smarketing.analysis.lead_quality.market import who_buys
from smarketing.analysis.lead_quality.records import leads_of_rule
from smarketing.analysis.lead_quality.scores import (
    calibration,
    judged_days,
    lead_patterns,
    recorded_scores,
    rule_values,
    scored,
    threshold_table,
)
from smarketing.charts.theme import LIGHT
from smarketing.errors import UsageError
from smarketing.ui.sections.lead_quality import market
from smarketing.ui.sections.lead_quality import scores as section

PERIOD = "2025-01..2026-03"


@pytest.mark.parametrize("recorded", [False, True])
def test_thresholds_and_bands_list_their_leads(demo_home: Path, recorded: bool) -> None:
    view = view_of(demo_home, PERIOD)
    engine, agreement = view.store.engine, view.store.agreement
    judged = section.Judged(view, "opportunity", recorded)
    patterns = lead_patterns(engine, agreement, view.window)
    scores = recorded_scores(engine, agreement, view.window) if recorded else scored(patterns)
    found = threshold_table(scores, [0, 50, 70], patterns.months, 100.0)
    shown = section.thresholds(judged, found, 50)
    adds_up(shown)
    assert "of worked leads reach Opportunity" in shown.title
    adds_up(section.table(judged, found, 100.0))
    adds_up(section.calibrated(judged, calibration(scores)))


def test_rules_list_the_worked_leads_that_fulfil_them(demo_home: Path) -> None:
    view = view_of(demo_home, PERIOD)
    engine, agreement = view.store.engine, view.store.agreement
    judged = section.Judged(view, "opportunity")
    shown = section.rules(judged, rule_values(lead_patterns(engine, agreement, view.window)))
    adds_up(shown)
    assert "earn their points" in shown.title
    with pytest.raises(UsageError, match="asked_for_demo"):
        leads_of_rule(engine, agreement, view.window, "asked_for_dem")


def test_buyers_list_their_deals(demo_home: Path) -> None:
    view = view_of(demo_home, PERIOD)
    found = who_buys(view.store.engine, view.store.agreement, view.window)
    shown = market.buyers(view, found)
    adds_up(shown)
    unit = 10**view.store.engine.minor_digits
    assert shown.data["won"].sum() == pytest.approx(found.won_amount / unit)
    assert shown.data["target"].sum() == pytest.approx(found.target_amount / unit)


def test_what_nobody_knows_the_worth_of_is_no_zero(demo_home: Path) -> None:
    view = view_of(demo_home, PERIOD)
    found = who_buys(view.store.engine, view.store.agreement, view.window)
    first, second = (replace(one, won_amount=0, lacking=one.deals) for one in found.buyers[:2])
    some = replace(second, won_amount=7_00, deals=2, lacking=1)
    shown = market.buyers(view, replace(found, buyers=(first, some)))
    assert shown.data["won"].isna().tolist() == [True, False]
    lacking = first.deals + 1
    assert f"{lacking} deals have no amount in EUR and are not in it." in shown.reading
    assert shown.draw is not None
    assert "€0" not in str(shown.draw(LIGHT).layout.annotations)


def test_a_what_if_is_the_same_leads_scored_twice(demo_home: Path) -> None:
    view = view_of(demo_home, PERIOD)
    patterns = lead_patterns(view.store.engine, view.store.agreement, view.window)
    points = {"attended": 30}
    tried = section.Judged(view, "opportunity", points=points)
    before, after = (
        threshold_table(scored(patterns, given), [threshold], patterns.months)[0]
        for given, threshold in (({}, 50), (points, 60))
    )
    shown = market.effect(tried, before, after)
    adds_up(shown)
    assert "attended 30" in shown.choices["Other points"]
    unchanged = market.effect(section.Judged(view, "opportunity"), before, before)
    assert unchanged.title.startswith("Change points")


def test_volume_a_month_leaves_out_days_too_young_to_judge(demo_home: Path) -> None:
    view = view_of(demo_home, "2026-Q2")
    engine = view.store.engine
    assert judged_days(engine, view.window, 0) == 91
    assert judged_days(engine, view.window, 30) == 30 + 31  # up to 31 May, 30 days before as-of
    assert judged_days(engine, view.window, 400) == 0


@pytest.mark.parametrize(
    ("tab", "said"),
    [
        ("Threshold", "Sales can work"),
        ("Rules", "earn their points"),
        ("Who buys", "outside the agreed target"),
        ("What if", "Nothing is changed yet"),
    ],
)
def test_every_tab_opens(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch, tab: str, said: str
) -> None:
    text = open_page(demo_home, monkeypatch, "lead_quality", quality_view=tab, period=PERIOD)
    assert said in text


def test_what_is_tried_comes_from_the_address(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = open_page(
        demo_home,
        monkeypatch,
        "lead_quality",
        quality_view="What if",
        period=PERIOD,
        threshold="60",
        points_attended="30",
    )
    assert "2 changes to the agreement" in text


def test_a_proposal_is_saved_in_the_home(tmp_path: Path) -> None:
    from smarketing.analysis.lead_quality.market import propose_definition, save_proposal

    proposed = propose_definition(load_agreement(), {"attended": 30}, 60)
    saved = load_agreement(save_proposal(proposed, tmp_path / "agreement-proposed.yaml"))
    assert saved.lead_definition.threshold == 60
    assert saved.hash == proposed.hash != load_agreement().hash


def test_a_period_too_young_says_what_to_do(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = open_page(
        demo_home,
        monkeypatch,
        "lead_quality",
        period="2026-06",
        outcome="customer",
        quality_view="threshold",
    )
    assert "No worked lead of this period can be judged yet" in text
