"""Two people write to one workspace at once, in SQLite and in a PostgreSQL that the test starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest
from sqlalchemy import create_engine, text

from smarketing.agreement import load_agreement
from smarketing.analysis.campaigns.planned import drop, keep
from smarketing.analysis.review.meeting import attend, close_meeting
from smarketing.errors import SmarketingError, UsageError
from smarketing.workspace import ConflictError, Workspace, open_workspace
from smarketing.workspace.records import Attendance, Decision, Idea, Meeting, Note, Plan, Signature
from smarketing.workspace.store import now
from smarketing.workspace.transfer import dump, load

T = TypeVar("T")
_MANY = 12
#: What people paste: emoji, text from right to left, line ends of every kind, Markdown and HTML.
LONG = (
    "“Q3” 🎯👩🏽‍💻 שלום مرحبا\r\n\n# *not* a [title](http://e)\t<b>bold</b> \u202e\u0000" * 200
)[:10_000]


@pytest.fixture(params=["sqlite", "postgresql"])
def home(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A home whose workspace is its own file, or a database of its own in a server."""
    if request.param == "sqlite":
        yield tmp_path
        return
    address = request.getfixturevalue("server").replace("postgresql://", "postgresql+psycopg://")
    name = f"at_once_{tmp_path.name}".lower()
    admin = create_engine(address, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'create database "{name}"'))
    admin.dispose()
    own = create_engine(address).url.set(database=name)
    monkeypatch.setenv("SMARKETING_WORKSPACE", own.render_as_string(hide_password=False))
    yield tmp_path


def together(acts: list[Callable[[], T]]) -> list[T | SmarketingError]:
    """Begin all of them at one instant; what is refused comes back as the error."""
    start = Barrier(len(acts))

    def begun(act: Callable[[], T]) -> T | SmarketingError:
        start.wait()
        try:
            return act()
        except SmarketingError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(begun, acts))


def opened(home: Path) -> Meeting:
    return open_workspace(home).of(Meeting).add(
        Meeting(week="2026-W26", build_id="b", agreement_hash="h", opened_by="A", opened_at=now())
    )  # fmt: skip


def test_who_closes_while_others_write_has_all_that_was_written_before(home: Path) -> None:
    meeting = opened(home)
    decision = Decision(meeting_id=meeting.id, text="t", decided_by="A", decided_at=now())
    closing: list[Callable[[], Meeting | Decision]] = [lambda: close_meeting(home, meeting)] * 2
    writing = [lambda: open_workspace(home).of(Decision).add(decision)] * _MANY
    closed, again, *written = together([*closing, *writing])
    assert isinstance(closed, Meeting) and closed == again and closed.closed_at is not None
    refused = [one for one in written if isinstance(one, SmarketingError)]
    assert all(isinstance(one, UsageError) and "was closed on" in str(one) for one in refused)
    held = open_workspace(home).of(Decision).all(meeting_id=meeting.id)
    assert len(held) == _MANY - len(refused)


def test_of_two_who_sign_for_one_team_one_has_signed(home: Path) -> None:
    names = [f"Anna {number}" for number in range(_MANY)]
    done = together([
        lambda name=name: open_workspace(home).sign("sales", name, "h" * 64) for name in names
    ])  # fmt: skip
    assert sum(isinstance(one, Signature) for one in done) == 1
    assert all("signed version" in str(one) for one in done if isinstance(one, SmarketingError))
    assert len(open_workspace(home).signatures()) == 1


def test_who_says_twice_at_once_to_be_there_is_there_once(home: Path) -> None:
    meeting = opened(home)
    done = together([lambda: attend(home, meeting, "Ben", "sales")] * _MANY)
    assert {one.id for one in done if isinstance(one, Attendance)} == {1}
    assert not [one for one in done if isinstance(one, SmarketingError)]


def test_of_two_who_plan_one_idea_at_once_one_plan_is_kept(home: Path) -> None:
    workspace, day = open_workspace(home), now().date()
    idea = workspace.of(Idea).add(Idea(title="t", author="A", team="sales", raised_at=now()))
    plans = [
        Plan(name=f"Fair {n}", starts_on=day, ends_on=day, marketing_owner="A", sales_owner="B",
             created_by="A", created_at=now())
        for n in range(_MANY)
    ]  # fmt: skip
    agreement = load_agreement()
    done = together([
        lambda plan=plan: keep(open_workspace(home), agreement, plan, idea) for plan in plans
    ])  # fmt: skip
    (kept,) = workspace.of(Plan).all()
    assert kept in done and workspace.of(Idea).one(1).plan_id == kept.id
    refused = [one for one in done if isinstance(one, SmarketingError)]
    assert {type(one) for one in refused} == {ConflictError} and len(refused) == _MANY - 1
    drop(workspace, kept)
    assert workspace.of(Plan).all() == [] and workspace.of(Idea).one(1).plan_id is None


def test_very_long_texts_of_any_script_come_back_as_they_were_written(
    home: Path, tmp_path: Path
) -> None:
    workspace = open_workspace(home)
    idea = Idea(title=LONG, text=LONG, author="Søren 李", team="sales", raised_at=now())
    made = workspace.of(Idea).add(idea)
    workspace.of(Note).add(Note(figure="f", text=LONG, author="מרים", written_at=now()))
    (held,) = workspace.of(Idea).all()
    assert held == made and held.text == LONG.replace("\x00", "")
    moved = Workspace(f"sqlite:///{tmp_path / 'moved.sqlite'}")
    assert load(moved, dump(workspace), "w.yaml") == 2
    assert moved.of(Idea).all() == [held] and moved.of(Note).all() == workspace.of(Note).all()
