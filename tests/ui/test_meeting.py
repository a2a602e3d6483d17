"""The meeting's page: opened, walked through, settled and shown again; names are data."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from page_kit import alone
from streamlit.testing.v1 import AppTest

from smarketing.access import Access
from smarketing.agreement import load_agreement
from smarketing.agreement.meeting import OF_NUMBERS, PARTS
from smarketing.analysis.review.meeting import find_meeting
from smarketing.store.builds import list_builds
from smarketing.ui.person import Person
from smarketing.ui.sections.agreement import document
from smarketing.ui.sections.meeting import numbers, parts, room
from smarketing.ui.session import Store
from smarketing.workspace import open_workspace
from smarketing.workspace.records import Action, Attendance, Decision, Issue, Note


@pytest.fixture
def app(demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page of a home where no meeting was held yet."""
    home = tmp_path / "home"
    shutil.copytree(demo_home, home, ignore=shutil.ignore_patterns("landing"))
    monkeypatch.setenv("SMARKETING_HOME", str(home))
    return alone("meeting", tmp_path)


def written(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception


def go(app: AppTest, part: str) -> None:
    app.query_params["topic"] = part
    app.run()
    assert not app.exception


def test_a_meeting_from_opening_to_minutes(app: AppTest, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert "The meeting of 2026-W27 is not open yet" in written(app)
    press(app, "Open the meeting")
    assert "needs the name" in written(app), "without a name nothing is opened"
    app.text_input[0].set_value("<b>Anna</b>")
    app.run()
    press(app, "Open the meeting")
    held = find_meeting(home)
    assert [b.is_frozen for b in list_builds(home) if b.build_id == held.build_id] == [True]
    assert app.title[0].value == "Meeting 2026-W27" and "This is the first meeting" in written(app)

    go(app, "put_in")
    assert "New leads 22 in 2026-W26: behind" in written(app)
    assert "Marketing cost" not in written(app), "only what needs a word, by default"
    press(app, "Show all")
    assert "Marketing cost" in written(app)
    flag = next(b for b in app.button if b.key == "issue_new_leads")
    flag.click()
    app.run()
    (issue,) = open_workspace(home).of(Issue).all()
    assert (issue.kpi, issue.raised_by) == ("new_leads", "<b>Anna</b>")

    go(app, "issues")
    assert "&lt;b&gt;Anna" in written(app) and "<b>Anna" not in written(app)
    for label in ("Raise it", "Decided", "Agreed"):
        press(app, label)
        [said] = app.warning
        assert "needs a line that says what" in said.value, f"{label} with nothing written"
    areas = {area.label: area for area in app.text_area}
    areas["What is to be done?"].set_value("Two more webinars")
    app.session_state[f"act_{issue.id}"] = True  # the box is open
    press(app, "Agreed")
    assert app.session_state[f"act_{issue.id}"] is False, "what was taken closes its box"
    (action,) = open_workspace(home).of(Action).all()
    assert (action.kpi, action.direction, action.owner) == ("new_leads", "up", "<b>Anna</b>")
    assert open_workspace(home).of(Issue).all()[0].solved_at is not None

    go(app, "rating")
    press(app, "Rate")
    (there,) = open_workspace(home).of(Attendance).all()
    assert there.rating == 8 and "8 of 10" in written(app)
    press(app, "Close the meeting")
    assert find_meeting(home).closed_at is not None
    assert "Closed on " in written(app)
    assert not {b.label for b in app.button} & {"Rate", "Close the meeting"}
    for part, ways in (
        ("issues", {"Raise it", "Decided", "Agreed"}),
        ("put_in", {"To the issue list"}),
    ):
        go(app, part)
        assert "Closed on " in written(app) and not {b.label for b in app.button} & ways
    assert not any(str(b.key).startswith("issue_") for b in app.button)


def test_a_meeting_was_closed_on_the_clocks_on_which_its_minutes_say_it_was_opened() -> None:
    met = SimpleNamespace(
        meeting=SimpleNamespace(closed_at=datetime(2026, 6, 30, 22, 30)),
        seen=SimpleNamespace(agreement=SimpleNamespace(timezone="Europe/Berlin")),
    )
    assert room.closed(met).replace("\u2060", "") == "Closed on 1 Jul 2026, 00:30."


@pytest.mark.parametrize(("scope", "told"), [((), 1), ((("region", ("dach",)),), 0)])
def test_limits_agreed_for_everything_are_not_told_to_who_sees_a_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scope: Any, told: int
) -> None:
    asked: list[Any] = []
    agreement, access = load_agreement(), Access("member", "sales", scope)
    seen = SimpleNamespace(engine=None, agreement=agreement)
    open_room: Any = SimpleNamespace(
        workspace=None, access=access, seen=seen, meeting=SimpleNamespace(week="2026-W26")
    )
    monkeypatch.setattr(room, "limits_in", lambda _: {("mqls", "week"): "as agreed"})
    monkeypatch.setattr(room, "signed_in", lambda _: ())
    monkeypatch.setattr(room, "ask", lambda *given: asked.append(given[-1]) or ())
    store = Store(tmp_path, None, agreement, (), access)  # type: ignore[arg-type]
    room.lay(store, open_room, Person("Ben", "sales"))
    assert [len(limits) for limits in asked] == [told]
    assert document._decided(store) == []


def test_a_note_on_a_figure_and_a_decision(app: AppTest, tmp_path: Path) -> None:
    home = tmp_path / "home"
    app.text_input[0].set_value("Ben")
    app.run()
    press(app, "Open the meeting")
    go(app, "put_in")
    app.session_state["new_leads_notes"] = True  # the box is open
    app.run()
    next(a for a in app.text_area if a.label == "Note").set_value("[trade](http://e) fair")
    press(app, "Write")
    (note,) = open_workspace(home).of(Note).all()
    assert (note.figure, note.author, note.meeting_id) == ("new_leads", "Ben", 1)
    assert "“[trade](http://e) fair”" in written(app)
    next(b for b in app.button if b.key == "issue_new_leads").click()
    app.run()
    go(app, "issues")
    next(a for a in app.text_area if a.label == "What was decided?").set_value("Wait")
    press(app, "Decided")
    assert [d.text for d in open_workspace(home).of(Decision).all()] == ["Wait"]
    go(app, "actions")
    assert "No action is open" in written(app)


def test_every_part_of_the_agenda_is_shown_in_one_way() -> None:
    assert {name for name, _ in PARTS} == {*parts.SHOWN, *OF_NUMBERS}
    assert not set(parts.SHOWN) & set(OF_NUMBERS)


def test_numbers_without_a_value_are_not_as_they_should_be() -> None:
    def number(reason: str | None) -> Any:
        return SimpleNamespace(reason=reason)

    said = numbers._as_they_should
    assert said([number(None)] * 2) == (
        "All numbers are within their limits and on pace, as far as that can be told."
    )
    assert said([number(None), number("no source gives costs")]) == (
        "1 number is within its limits and on pace, as far as that can be told. 1 number has no "
        "value in any period shown: no source gives costs."
    )
    assert said([number("no a"), number("no b"), number("no a")]) == (
        "3 numbers have no value in any period shown: no a; no b."
    )
