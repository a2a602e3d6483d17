"""Reports from the dashboard: a view is added to one from a figure's menu, one is made on Home."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from page_kit import view_of
from streamlit.testing.v1 import AppTest

from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.engine import Filters
from smarketing.errors import UsageError
from smarketing.export.report.adding import add_view, report_names
from smarketing.export.report.catalogue import Wanted
from smarketing.export.report.plans import plan_named
from smarketing.ui.sections.funnel import stages

VIEW = Wanted("funnel", Filters.of(segment=["enterprise"]), "2026-Q2")


def test_a_view_begins_a_report_and_is_in_it_once(tmp_path: Path) -> None:
    file = add_view(tmp_path, "mine", VIEW)
    assert file == tmp_path / "reports" / "mine.yaml"
    add_view(tmp_path, "mine", Wanted("handoff"))
    assert plan_named(tmp_path, "mine").figures == (VIEW, Wanted("handoff"))
    with pytest.raises(UsageError, match="has this view already"):
        add_view(tmp_path, "mine", VIEW)
    for name in ("", "../x", "a b", "x" * 61):
        with pytest.raises(UsageError, match="is no name of a report"):
            add_view(tmp_path, name, VIEW)
    file.write_text("figures: 1")
    with pytest.raises(UsageError, match=r"mine\.yaml"):
        add_view(tmp_path, "mine", VIEW)


def test_one_of_the_product_s_is_the_home_s_from_then_on(tmp_path: Path) -> None:
    before = plan_named(tmp_path, "weekly")
    add_view(tmp_path, "weekly", VIEW)
    after = plan_named(tmp_path, "weekly")
    assert after.figures == (*before.figures, VIEW) and after.title == before.title
    assert (after.period, after.every) == (before.period, before.every)
    assert report_names(tmp_path) == ["campaign", "leadership", "owner", "weekly"]


def menu(home: str) -> None:
    """A figure's menu as a page of its own."""
    from pathlib import Path

    from page_kit import view_of

    from smarketing.ui import reporting

    reporting.adder(view_of(Path(home), "2026-Q2", segment=["enterprise"]), "funnel", "k")


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
    assert b"segment Enterprise" in made["owner-2026-06-enterprise.html"]
