"""Signatures and experiments: what people put on record."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from smarketing.access import Access, without_contacts
from smarketing.build.erasing.traces import Traces
from smarketing.errors import StoreError, UsageError
from smarketing.workspace import Experiment, database, open_workspace
from smarketing.workspace.erase import erase
from smarketing.workspace.records import (
    Action,
    Annotation,
    Attendance,
    Audit,
    Decision,
    Issue,
    Meeting,
    Note,
    SavedView,
)
from smarketing.workspace.store import ConflictError, now
from smarketing.workspace.transfer import dump, load

HASH = "a" * 64


def test_in_force_only_when_both_teams_signed_the_same_version(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    assert not workspace.in_force(HASH)
    workspace.sign("marketing", "M. Lead", HASH)
    workspace.sign("sales", "S. Lead", "b" * 64)
    assert not workspace.in_force(HASH)
    workspace.sign("sales", "S. Lead", HASH)
    assert workspace.in_force(HASH)
    assert [s.team for s in workspace.signatures(HASH)] == ["sales", "marketing"]


def test_within_a_scope_everybody_reads_what_they_wrote_or_have_to_do(tmp_path: Path) -> None:
    """A note may tell of a record of another region, and nothing narrows its words.

    People give themselves names: two may have one, and who takes another's reads nothing of it.
    """
    whole, at = open_workspace(tmp_path), now()
    carl, namesake = "carl@acme.com", "carl.b@acme.com"
    for email in (carl, namesake, ""):
        access = Access("member", name="Carl", email=email, is_verified=bool(email))
        theirs = open_workspace(tmp_path, access)
        theirs.of(Note).add(Note(figure="f", text="t", author="Carl", written_at=at))
        theirs.of(Issue).add(Issue(text="i", raised_by="Carl", raised_at=at))
        theirs.of(Decision).add(Decision(text="d", decided_by="Carl", decided_at=at))
        theirs.of(Action).add(action(at, "Carl", "Carl"))
    whole.of(Action).add(action(at, " Carl@acme.com", "Anna"))
    dach = (("region", ("dach",)),)

    def seen(kind: Any, email: str, name: str = "Carl") -> list[int | None]:
        access = Access("member", scope=dach, name=name, email=email, is_verified=True)
        return [one.id for one in open_workspace(tmp_path, access).of(kind).all()]

    for kind in (Note, Issue, Decision):
        assert seen(kind, carl) == seen(kind, carl, "Another now") == [1]
        assert seen(kind, namesake) == [2] and seen(kind, "eve@acme.com") == seen(kind, "") == []
        assert len(whole.of(kind).all()) == 3
    assert seen(Action, carl) == [1, 4] and seen(Action, namesake) == [2]
    assert seen(Action, "eve@acme.com", carl) == [], "a name that is another's address"
    whole.of(Annotation).add(
        Annotation(starts_on=at.date(), text="x", author="Anna", written_at=at)
    )
    assert seen(Annotation, carl) == [1], "on every chart, of no record"


def action(at: datetime, owner: str, by: str) -> Action:
    return Action(
        text="a", owner=owner, team="sales", due_on=at.date(), created_by=by, created_at=at
    )


def test_what_somebody_wrote_stays_theirs_whoever_changes_it(tmp_path: Path) -> None:
    carl, anna = (
        open_workspace(tmp_path, Access("member", name=name, email=email, is_verified=True))
        for name, email in (("Carl", "carl@acme.com"), ("Anna", "anna@acme.com"))
    )
    raised = carl.of(Issue).add(Issue(text="i", raised_by="Carl", raised_at=now()))
    assert anna.of(Issue).change(replace(raised, solved_at=now())).email == "carl@acme.com"
    (tmp_path / "moved").mkdir()
    moved = open_workspace(tmp_path / "moved")
    load(moved, dump(carl), "w.yaml")
    assert moved.of(Issue).all() == carl.of(Issue).all()


def test_an_address_is_erased_with_its_person_and_stays_with_a_colleague(tmp_path: Path) -> None:
    whole = open_workspace(tmp_path)
    jo, joan = "jo.bell@norden.example", "joan.bell@acme.example"
    for email in (jo, joan, "jo.bell@acme.example"):
        access = Access("member", name="J. Bell", email=email, is_verified=True)
        note = Note(figure="f", text="t", author="J. Bell", written_at=now())
        open_workspace(tmp_path, access).of(Note).add(note)
    traces = Traces("erased-1", frozenset({jo}))
    assert erase(whole, traces.cleaned, dry_run=True) == erase(whole, traces.cleaned) == 1
    left = [one.email for one in whole.of(Note).all()]
    assert left == ["erased-1@norden.example", joan, "jo.bell@acme.example"]
    assert b"jo.bell@norden" not in (tmp_path / "workspace.sqlite").read_bytes()


def test_an_erasure_that_another_program_kept_from_writing_the_file_anew_does_so_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No record names anybody any more then, but the bytes of the file do."""
    whole = open_workspace(tmp_path)
    whole.of(Note).add(Note(figure="f", text="jo@norden.example", author="J", written_at=now()))
    file = tmp_path / "workspace.sqlite"
    before = file.read_bytes()
    cleaned = Traces("erased-1", frozenset({"jo@norden.example"})).cleaned
    monkeypatch.setattr(database, "_WAIT_SECONDS", 0)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(StoreError, match="Another program is writing"):
            whole.database.write_anew()
        other.execute("rollback")
    assert file.read_bytes() == before
    assert erase(whole, cleaned) == 1
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("pragma secure_delete = off")
        other.execute("create table left_over as select 'jo@norden.example' as said")
        other.execute("drop table left_over")
    assert b"jo@norden" in file.read_bytes()
    assert erase(whole, cleaned) == 0
    assert b"jo@norden" not in file.read_bytes()


def test_signatures_survive_reopening(tmp_path: Path) -> None:
    open_workspace(tmp_path).sign("sales", "S. Lead", HASH)
    assert len(open_workspace(tmp_path).signatures()) == 1


@pytest.mark.parametrize(("team", "name"), [("finance", "F"), ("sales", "  ")])
def test_a_signature_needs_a_known_team_and_a_name(tmp_path: Path, team: str, name: str) -> None:
    with pytest.raises(UsageError):
        open_workspace(tmp_path).sign(team, name, HASH)


def test_a_signature_that_cannot_be_logged_as_withdrawn_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = open_workspace(tmp_path)
    signed = workspace.sign("marketing", "M. Lead", HASH)

    def full(*_: object, **__: object) -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patched, pytest.raises(StoreError, match="full"):
        patched.setattr("smarketing.workspace.store.Audit", full)
        workspace.withdraw(signed)
    assert [one.withdrawn_at for one in workspace.signatures(HASH)] == [None]
    workspace.withdraw(signed)
    assert [one.what for one in workspace.of(Audit).all()] == ["signed", "withdrew a signature"]


def test_a_signature_that_was_withdrawn_no_longer_counts(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    first = workspace.sign("marketing", "M. Lead", HASH)
    workspace.sign("sales", "S. Lead", HASH, email="s@example.com", verified=True)
    assert workspace.in_force(HASH)
    workspace.withdraw(first)
    assert not workspace.in_force(HASH)
    withdrawn = [s.name for s in workspace.signatures(HASH) if s.withdrawn_at]
    assert withdrawn == ["M. Lead"]
    assert [(a.who, a.what) for a in workspace.of(Audit).all()] == [
        ("M. Lead", "signed"),
        ("s@example.com", "signed"),
        ("M. Lead", "withdrew a signature"),
    ]


def lift(key: str, value: float, low: float | None = None, high: float | None = None) -> Experiment:
    return Experiment(
        dimension="channel", key=key, lift=value, low=low, high=high, entered_at=now()
    )


def test_the_newest_experiment_of_a_key_is_shown(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    assert workspace.experiments("channel") == {}
    workspace.add_experiment(lift("webinar", 0.05))
    workspace.add_experiment(lift("webinar", 0.12, 0.02, 0.2))
    found = workspace.experiments("channel")["webinar"]
    assert (found.lift, found.low, found.high) == (0.12, 0.02, 0.2)
    assert workspace.experiments("campaign") == {}


def test_a_lift_outside_its_limits_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="outside"):
        open_workspace(tmp_path).add_experiment(lift("webinar", 0.5, 0.0, 0.2))


def test_a_file_that_is_no_database_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "workspace.sqlite").write_text("not a database, just text " * 100)
    with pytest.raises(StoreError, match="workspace"):
        open_workspace(tmp_path).signatures()


def test_looking_makes_no_file(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    assert workspace.signatures() == [] and workspace.experiments("channel") == {}
    assert list(tmp_path.iterdir()) == []


def test_a_record_is_taken_away_unless_somebody_changed_it_meanwhile(tmp_path: Path) -> None:
    views = open_workspace(tmp_path).of(SavedView)
    first = views.add(SavedView(name="Q2", page="home", address="/", owner="A", saved_at=now()))
    newer = views.change(replace(first, name="Q2 again"))
    with pytest.raises(ConflictError):
        views.remove(first)
    views.remove(newer)
    assert views.all() == []
    with pytest.raises(UsageError, match="no saved view"):
        views.remove(newer)


def test_a_person_signs_for_one_team_and_a_team_once(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    first = workspace.sign("marketing", "Anna  Bell", HASH, email="anna@example.com", verified=True)
    for name, email in (
        ("anna bell", ""),
        ("A. Bell", "Anna@example.com"),
        ("Anna Bell", "b@x.de"),
    ):
        with pytest.raises(UsageError, match="for sales somebody else signs"):
            workspace.sign("sales", name, HASH, email=email)
    with pytest.raises(UsageError, match="for marketing already; withdraw that signature first"):
        workspace.sign("marketing", "Ben", HASH)
    assert workspace.sign("sales", "Anna Bell", "b" * 64).team == "sales", "another version"
    workspace.withdraw(first)
    assert workspace.sign("sales", "Anna Bell", HASH).team == "sales"


def test_a_closed_meeting_takes_nothing_more(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    meeting = workspace.of(Meeting).add(
        Meeting(week="2026-W26", build_id="b", agreement_hash="h", opened_by="A", opened_at=now())
    )
    of: dict[str, Any] = {"meeting_id": meeting.id}
    here = workspace.of(Attendance).add(Attendance(name="A", team="sales", **of))
    issue = Issue(text="t", raised_by="A", raised_at=now(), **of)
    decision = Decision(text="t", decided_by="A", decided_at=now(), **of)
    action = Action(
        text="t", owner="A", team="sales", due_on=now().date(), created_by="A", created_at=now(),
        **of,
    )  # fmt: skip
    note = Note(figure="f", text="t", author="A", written_at=now(), **of)
    raised, agreed = workspace.of(Issue).add(issue), workspace.of(Action).add(action)
    workspace.of(Meeting).change(replace(meeting, closed_at=now()))
    before = dump(workspace)
    for record in (issue, decision, action, note, Attendance(name="B", team="sales", **of)):
        with pytest.raises(UsageError, match=r"The meeting of 2026-W26 was closed on .* UTC"):
            workspace.of(type(record)).add(record)
    with pytest.raises(UsageError, match="was closed on"):
        workspace.of(Attendance).change(replace(here, rating=3))
    assert dump(workspace) == before
    workspace.of(Issue).change(replace(raised, solved_at=now()))
    workspace.of(Action).change(replace(agreed, status="done"))
    moved = open_workspace(tmp_path / "moved")
    (tmp_path / "moved").mkdir()
    assert load(moved, dump(workspace), "dump.yaml") == 4, "what is closed can be moved"


def test_a_viewer_reads_no_address_in_what_colleagues_wrote(tmp_path: Path) -> None:
    told = "Ask Vera <vera@norden.example>, +49 30 5550199, 0151 23456789, by 2026-01-05"
    note = Note(figure="funnel", text=told, author="mia@acme.example", written_at=now())
    open_workspace(tmp_path).of(Note).add(note)

    def hidden(texts: Sequence[tuple[str, str]]) -> list[str]:
        assert {figure for _, figure in texts} == {"funnel"}
        return [without_contacts(text) for text, _ in texts]

    def read(role: Any, hide: Any = hidden) -> Note:
        workspace = open_workspace(tmp_path, Access(role), hide)
        [found] = workspace.of(Note).all()
        assert workspace.of(Note).one(found.id or 0) == found
        return found

    assert read("member").text == told
    assert read("viewer").text == "Ask Vera <•••@norden.example>, •••, •••, by 2026-01-05"
    assert read("viewer").author == "mia@acme.example", "a colleague's"
    [found] = open_workspace(tmp_path, Access("viewer")).of(Note).all()
    assert found.text == "•••", "who is named in it is not known here"
