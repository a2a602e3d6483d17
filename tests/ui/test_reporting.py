"""Reports from the dashboard: a view is added to one from a figure's menu, one is made on Home."""

from __future__ import annotations

import shutil
from pathlib import Path

from page_kit import view_of
from streamlit.testing.v1 import AppTest

from smarketing.analysis.attribution import asked as attribution_asked
from smarketing.analysis.attribution import attributions
from smarketing.analysis.campaigns.returns import campaign_table, campaigns
from smarketing.analysis.funnel.listing import campaign_names
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.analysis.handoff.obligations import handoff, obligations
from smarketing.analysis.handoff.worklist import narrowed, worklist
from smarketing.analysis.kpis.history import history
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.analysis.planning.plan import plan
from smarketing.analysis.planning.usual import usual
from smarketing.charts import format as fmt
from smarketing.engine import Filters
from smarketing.export.deck.pages import Chart, Grid
from smarketing.export.report.adding import report_names
from smarketing.export.report.asked import Asked
from smarketing.export.report.catalogue import FIGURES, Wanted
from smarketing.export.report.plans import plan_named
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.sections.attribution import beside
from smarketing.ui.sections.campaigns import returns
from smarketing.ui.sections.funnel import stages
from smarketing.ui.sections.handoff import leads
from smarketing.ui.sections.handoff import obligations as promises
from smarketing.ui.sections.handoff import worklist as todo
from smarketing.ui.sections.kpis import scoreboard
from smarketing.ui.sections.planning import plan as planning
from smarketing.ui.view import View
from smarketing.workspace import open_workspace

VIEW = Wanted("funnel", Filters.of(segment=["enterprise"]), "2026-Q2")


def menu(home: str) -> None:
    """A figure's menu as a page of its own."""
    from pathlib import Path

    from page_kit import view_of

    from smarketing.export.shown import FigureAddress
    from smarketing.ui import adding

    view = view_of(Path(home), "2026-Q2", segment=["enterprise"])
    adding.adder(view, "funnel", FigureAddress("funnel", (), "k"))


def test_the_menu_adds_what_is_seen(demo_home: Path, tmp_path: Path) -> None:
    home = shutil.copytree(demo_home, tmp_path / "home")
    app = AppTest.from_function(menu, args=(str(home),), default_timeout=300).run()
    app.selectbox(key="k_report").set_value("weekly")
    app.checkbox(key="k_always").check()
    app.button(key="k_add").click().run()
    assert plan_named(home, "weekly").figures[-1] == VIEW
    assert "weekly" in app.toast[0].value
    app.button(key="k_add").click().run()
    assert "already" in app.toast[0].value and not app.exception


def test_only_a_figure_as_agreed_is_a_report_s(demo_home: Path) -> None:
    view = view_of(demo_home, "2026-06")
    for mode, said in (("cohort", "funnel"), ("entered", "")):
        settings = FunnelSettings(mode, window=view.window)  # type: ignore[arg-type]
        assert stages.whole(view, settings, funnel(view.store.engine, settings)).reported == said


def exhibits_of_reports(view: View) -> dict[str, Exhibit]:
    """Every figure of a page that a report can hold, as its page shows it, by the report's name."""
    engine, agreement, window = view.store.engine, view.store.agreement, view.window
    settings = FunnelSettings(window=window)
    credit = attribution_asked(agreement, window)
    agreed = agreement.attribution
    by_channel = [
        attributions(engine, agreement, credit, model=name, intervals=False)[0]
        for name in agreed.models
    ]
    (of_campaigns,) = attributions(
        engine, agreement, credit, model=agreed.default_model, by="campaign"
    )
    reached = funnel(engine, settings, view.filters, "campaign")
    table = campaign_table(campaigns(engine, window), of_campaigns, reached)
    handed, wanted = handoff(engine, agreement, window), usual(engine, agreement)
    found = [
        stages.whole(view, settings, funnel(engine, settings)),
        promises.kept(view, handed.obligations),
        promises.by_member(view, obligations(engine, window, by="owner"), "owner"),
        leads.rejected(view, handed, "campaign"),
        todo.worklist(view, narrowed(worklist(engine, agreement))),
        beside.side_by_side(view, by_channel, agreed.default_model),
        returns.everything(view, of_campaigns, table),
        planning.made_of(view, plan(engine, agreement, wanted.revenue, wanted.until)),
        scoreboard.all_kpis(
            view, kpis(engine, agreement, None, window), history(engine, agreement, None, window)
        ),
    ]
    return {one.reported: one for one in found}


def test_a_report_says_what_the_page_says(demo_home: Path) -> None:
    """What comes out of a schedule is what the page shows, figure by figure, to the last digit."""
    view = view_of(demo_home, "2026-06")
    store = view.store
    asked = Asked(
        store.engine, store.agreement, view.window, open_workspace(store.home), False,
        campaign_names(store.engine),
    )  # fmt: skip
    shown = exhibits_of_reports(view)
    bodies = {name: FIGURES[name](asked).body for name in shown}

    typed = FIGURES["kpis"](asked).table
    assert typed is not None, "files hold numbers, of the page as of the report"
    assert shown["kpis"].in_file[list(typed.frame)].equals(typed.frame)

    def drawn(name: str) -> list[float]:
        chart = bodies[name]
        assert isinstance(chart, Chart)
        every = [s.values for s in chart.series if s.role != "hidden"]
        return [value for values in every for value in values if value]

    def total(name: str, *columns: str) -> float:
        return float(shown[name].data[list(columns)].to_numpy(dtype=float).sum())

    assert set(shown) == {
        "funnel", "handoff", "owners", "rejections", "waiting", "attribution", "campaigns", "plan",
        "kpis",
    }  # fmt: skip
    assert drawn("funnel") == [count for count in shown["funnel"].data["count"] if count]
    kept = shown["handoff"].data
    assert drawn("handoff") == [count for count in (*kept["met"], *kept["missed"]) if count]
    assert sum(drawn("owners")) == total("owners", "met", "missed") > 0
    assert drawn("rejections") == list(shown["rejections"].data["rejected"])[:10]
    assert drawn("plan") == [v for v in shown["plan"].data["amount"] if v]
    assert set(drawn("attribution")) <= set(shown["attribution"].data["share"])
    listed, table, called = (bodies[name] for name in ("kpis", "campaigns", "waiting"))
    assert isinstance(listed, Grid) and isinstance(table, Grid) and isinstance(called, Grid)
    assert [row[:2] for row in listed.rows] == [
        (row["kpi"], row["value"]) for row in shown["kpis"].data.to_dict("records")
    ]
    credit = {
        row["campaign"]: fmt.money(row["credit"], store.engine.currency)
        for row in shown["campaigns"].data.to_dict("records")
    }
    assert all(credit[row[0]] == row[4] for row in table.rows) and len(table.rows) == 12
    assert len(called.rows) == min(40, len(shown["waiting"].data))


def button(home: str) -> None:
    """The button of Home as a page of its own."""
    from pathlib import Path

    from page_kit import view_of

    from smarketing.ui import reporting

    reporting.maker(view_of(Path(home), "2026-06", segment=["enterprise"]))


def test_home_makes_a_report_of_its_period_and_filters(demo_home: Path) -> None:
    app = AppTest.from_function(button, args=(str(demo_home),), default_timeout=300)
    app.session_state["report"] = True
    app.run()
    assert app.selectbox(key="report_name").options == report_names(demo_home)
    app.selectbox(key="report_name").set_value("owner")
    app.selectbox(key="report_as").set_value("html")
    app.button(key="report_make").click().run()
    assert not app.exception and not app.warning
    made = app.session_state["_report_made"]
    assert list(made) == ["owner-2026-06-enterprise.html"]
    assert b"segment Enterprise" in made["owner-2026-06-enterprise.html"]()
