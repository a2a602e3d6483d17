"""Notes on any figure, and what happened to a campaign or on a day, on the figures it concerns."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from page_kit import alone

from smarketing import app_path
from smarketing.ui import notes
from smarketing.workspace import open_workspace
from smarketing.workspace.records import Annotation, Note
from smarketing.workspace.store import now


def test_a_note_and_what_happened_stand_at_the_figure(
    demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home, ignore=shutil.ignore_patterns("landing"))
    monkeypatch.setenv("SMARKETING_HOME", str(home))
    said = open_workspace(home)
    app = alone("calendar", tmp_path)
    app.session_state["home.calendar_notes"] = True  # the box is open

    def send(text: str, **chosen: object) -> str:
        app.run()
        next(a for a in app.text_area if a.label == "Note").set_value(text)
        for box in (*app.text_input, *app.selectbox, *app.date_input):
            name = str(box.key).removeprefix("home.calendar_note_")
            if name in chosen:
                box.set_value(chosen[name])
        next(b for b in app.button if b.label == "Write").click()
        app.run()
        assert not app.exception
        return "\n".join(element.proto.body for element in app.get("html"))

    assert "“Too many webinars”" not in send("Too many webinars")
    assert said.of(Note).all() == [], "without a name nothing is written"
    assert "“Too many &lt;i&gt; webinars”</span> — Anna" in send("Too many <i> webinars", by="Anna")
    (note,) = said.of(Note).all()
    assert (note.figure, note.meeting_id) == ("home.calendar", None)
    assert note.view.startswith("/?period=2026-Q2")
    assert note.title.endswith("over since 2 Mar 2026")
    days = {"until": dt.date(2026, 6, 1)}
    send("The speaker fell ill", on="generic:C000048", **days)
    assert said.of(Annotation).all() == [], "it cannot have ended before it began"
    text = send("The speaker fell ill", on="generic:C000048", until=dt.date(2026, 7, 2))
    when = "LinkedIn deciders 2026-Q2, 30 Jun 2026 to 2 Jul 2026: "
    assert f'{when}<span class="sm-written" dir="auto">The speaker fell ill</span> — Anna' in text
    (happened,) = said.of(Annotation).all()
    assert happened.campaign_id == "generic:C000048"
    assert (happened.starts_on, happened.ends_on) == (dt.date(2026, 6, 30), dt.date(2026, 7, 2))
    said.of(Annotation).add(
        Annotation(starts_on=dt.date(2026, 6, 3), text="Fair", author="Ben", written_at=now())
    )
    assert "Fair" not in send("Once more"), "a day concerns the charts over time alone"


def test_nothing_that_is_kept_expires_by_itself() -> None:
    """What expires may be gone between being found and being taken, which fails a figure."""
    kept = [*(app_path().parent / "pages").glob("*.py"), *Path(notes.__file__).parent.rglob("*.py")]
    assert len(kept) > 50 and not [path.name for path in kept if "ttl=" in path.read_text()]
