"""The calendar's ideas and plans: added, supported, planned, changed, taken off."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from page_kit import alone
from streamlit.testing.v1 import AppTest

from smarketing.analysis.campaigns.together import RUNNING, UNDATED, Entry
from smarketing.ui.sections.campaigns import calendar as section
from smarketing.workspace import open_workspace
from smarketing.workspace.records import Idea, Plan, Reply


@pytest.fixture
def app(demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page of a home of its own, alone in its app, for somebody who gave a name."""
    home = tmp_path / "home"
    shutil.copytree(demo_home, home, ignore=shutil.ignore_patterns("landing"))
    monkeypatch.setenv("SMARKETING_HOME", str(home))
    page = alone("calendar", tmp_path)
    next(t for t in page.text_input if t.label == "Your name").set_value("Anna")
    return page.run()


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception


def put(app: AppTest, **values: object) -> None:
    widgets = {str(w.key): w for w in (*app.text_input, *app.text_area, *app.number_input)}
    for name, value in values.items():
        next(w for key, w in widgets.items() if key.startswith(f"{name}_")).set_value(value)


def test_an_idea_becomes_a_plan_that_can_be_changed_and_taken_off(
    app: AppTest, tmp_path: Path
) -> None:
    workspace = open_workspace(tmp_path / "home")
    app.text_input(key="idea_title").set_value("A <b>fair</b> 🚀")
    press(app, "Add it")
    (idea,) = workspace.of(Idea).all()
    press(app, "Support")
    put(app, reply="good")
    press(app, "Comment")
    assert [reply.text for reply in workspace.of(Reply).all()] == ["", "good"]
    assert next(b for b in app.button if b.label == "Support").disabled
    press(app, "Plan it")
    assert "A planned campaign needs a name" in app.warning[0].value
    app.selectbox(key="idea_of_new_0").set_value(idea.id)
    put(app, name="LinkedIn deciders 2026-Q2", marketing="Anna", sales="Bo", leads=50)
    press(app, "Plan it")
    (plan,) = workspace.of(Plan).all()
    assert plan.aliases == "LinkedIn deciders 2026-Q2\nlinkedin-deciders-2026-q2-2026-07"
    assert (plan.promised_leads, plan.promised_by) == (50, plan.ends_on)
    assert workspace.of(Idea).one(idea.id or 0).plan_id == plan.id
    text = "\n".join(element.proto.body for element in app.get("html"))
    assert "Leads: 66 of 50 promised" in text and "<b>fair</b>" not in text
    app.selectbox(key="plan_chosen").set_value(plan.id).run()
    put(app, sales="Cy", aliases=" 4711 \n\nfair ")
    press(app, "Change it")
    changed = workspace.of(Plan).one(plan.id or 0)
    assert (changed.sales_owner, changed.aliases) == ("Cy", "4711\nfair")
    press(app, "Take it off the calendar")
    assert workspace.of(Plan).all() == []
    assert workspace.of(Idea).one(idea.id or 0).plan_id is None


def test_campaigns_without_days_are_not_said_to_run_or_to_be_ahead() -> None:
    undated = Entry("c1", "Spring", "email", "", None, None, UNDATED, "c1", None, "")
    assert section.finding([undated]) == (
        "When 1 campaign ran is not known: no source gives its days."
    )
    running = replace(undated, starts_on=date(2026, 5, 1), state=RUNNING)
    assert section.finding([undated, running]) == "1 campaign runs and none is planned."
    assert section.finding([]) == "No campaign runs and none is planned."
