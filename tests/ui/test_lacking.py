"""What a figure lacks stands in its reading, and a figure of nothing is no empty chart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from page_kit import view_of

from smarketing.analysis.attribution import asked, attributions
from smarketing.analysis.journeys.paths import common_paths
from smarketing.analysis.kpis.history import kpis_over_time
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.analysis.planning.plan import plan
from smarketing.analysis.planning.usual import usual
from smarketing.ui.sections.attribution.credit import credit
from smarketing.ui.sections.attribution.returns import spend
from smarketing.ui.sections.journeys import timeline
from smarketing.ui.sections.kpis import quotas, scoreboard
from smarketing.ui.sections.planning.plan import made_of

LACKING = "4 deals have no amount in EUR and are not in it."


def test_credit_paths_and_plans_say_what_they_lack(demo_home: Path) -> None:
    view = view_of(demo_home, "2026-Q2")
    engine, agreement = view.store.engine, view.store.agreement
    settings = asked(agreement, view.window)
    (answer,) = attributions(engine, agreement, settings, model="linear", intervals=False)
    assert "no amount" not in credit(view, answer).reading
    assert f". {LACKING} Credit" in credit(view, replace(answer, lacking=LACKING)).reading
    found = common_paths(engine, settings, shape="ends")
    shown = timeline.paths(view, replace(found, lacking=LACKING), settings, "won and lost")
    assert shown.reading.endswith(LACKING)
    untouched = replace(found.paths[0], path=())
    assert timeline.paths(
        view, replace(found, paths=(untouched,)), settings, "won and lost"
    ).title == (f"{untouched.units} of {found.units} deals had no touch that counts")
    wanted = usual(engine, agreement)
    planned = plan(engine, agreement, wanted.revenue, wanted.until)
    assert "no amount" not in made_of(view, planned).reading
    assert made_of(view, replace(planned, lacking=4)).reading.endswith(LACKING)


def test_a_breakdown_says_what_it_lacks_and_nothing_known_draws_no_chart(demo_home: Path) -> None:
    view = view_of(demo_home, "2026-Q2")
    engine, agreement = view.store.engine, view.store.agreement
    kpi = agreement.kpi("won_revenue")
    (result,) = kpis(engine, agreement, ["won_revenue"], view.window, by="channel")
    shown = scoreboard.by_dimension(view, kpi, replace(result, note="1 has no amount"), "channel")
    assert shown.reading == "11 channels, largest first. 1 has no amount."
    assert scoreboard.by_dimension(view, kpi, replace(result, by=()), "channel").reading == ""
    (whole,), histories = kpis_over_time(engine, agreement, ["won_revenue"], view.window)
    past = histories["won_revenue"]
    assert len(scoreboard.over_time(view, kpi, whole, past).data) == len(past.values)
    never = replace(past, values=(None,) * len(past.values))
    empty = scoreboard.over_time(view, kpi, replace(whole, reason="no source gives deals"), never)
    assert (len(empty.data), empty.reading, empty.why_nothing) == (0, "", "no source gives deals")
    assert "no amount" not in quotas.by_member(view, quotas.members(view)).reading


def test_one_dot_is_told_by_its_name_and_none_draws_no_chart(demo_home: Path) -> None:
    view = view_of(demo_home, "2026-Q2")
    settings = asked(view.store.agreement, view.window)
    (answer,) = attributions(
        view.store.engine, view.store.agreement, settings, model="linear", intervals=False
    )
    assert spend(view, answer).title == "2 of 8 earned less than they cost"
    costs = [row for row in answer.rows if (row.cost or 0) > 0 and not row.key.startswith("(")]
    best = max(costs, key=lambda row: row.credit)
    alone = spend(view, replace(answer, rows=(best,)))
    assert (alone.title, len(alone.data)) == ("Organic search earned more than it cost", 1)
    uncosted = tuple(replace(row, cost=None) for row in answer.rows)
    none = spend(view, replace(answer, rows=uncosted))
    assert (len(none.data), none.why_nothing) == (0, "no known channel has a cost")
