"""The workspace's database: its shape, changes at once, moving it, and what cannot be opened."""

from __future__ import annotations

import datetime as dt
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from smarketing.cli import main
from smarketing.errors import StoreError, UsageError
from smarketing.workspace import ConflictError, Workspace, open_workspace
from smarketing.workspace.database import HEAD, KNOWN, Database
from smarketing.workspace.records import KINDS, Action, Decision, Meeting, Note
from smarketing.workspace.store import now
from smarketing.workspace.tables import metadata, table_name
from smarketing.workspace.transfer import dump, load

MIGRATIONS = Path(__file__).parents[2] / "smarketing" / "workspace" / "migrations"
AT = dt.datetime(2026, 6, 22, 9, 0)


def action(text: str = "Call the webinar leads") -> Action:
    return Action(
        text=text,
        owner="S. Lead",
        team="sales",
        due_on=dt.date(2026, 6, 29),
        created_by="M. Lead",
        created_at=AT,
    )


def test_the_migrations_lead_to_the_shape_of_the_records(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    workspace.of(Action).add(action())
    with workspace.database.reading() as connection:
        assert connection is not None
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert scripts.get_heads() == [HEAD]
    assert sorted(script.revision for script in scripts.walk_revisions()) == sorted(KNOWN)


def test_a_workspace_of_before_is_brought_up_to_date_with_what_it_held(tmp_path: Path) -> None:
    file = tmp_path / "workspace.sqlite"
    with sqlite3.connect(file) as connection:
        connection.execute(
            "create table signature (id integer primary key, team varchar(40) not null, "
            "name varchar(200) not null, signed_at datetime not null, agreement_hash varchar(64))"
        )
        connection.execute(
            "insert into signature values "
            "(1, 'sales', 'S. Lead', '2026-01-05 10:00:00.000000', 'h')"
        )
    (found,) = open_workspace(tmp_path).signatures("h")
    assert (found.name, found.version, found.is_verified, found.withdrawn_at) == (
        "S. Lead",
        1,
        False,
        None,
    )


def test_what_was_written_before_addresses_were_kept_stays_and_is_of_whom_it_names(
    tmp_path: Path,
) -> None:
    """A name alone is nobody's; who has none at the provider goes by the address, as it stands."""
    file = tmp_path / "workspace.sqlite"
    workspace = open_workspace(tmp_path)
    for author in ("Anna Bell", "Ben@acme.com", "anna @ home.de"):
        workspace.of(Note).add(Note(figure="f", text="t", author=author, written_at=AT))
    with sqlite3.connect(file) as connection:
        for table in ("note", "issue", "decision", "action", "reply", "attendance"):
            connection.execute(f"alter table {table} drop column email")
        connection.execute("update alembic_version set version_num = '0004'")
    found = open_workspace(tmp_path).of(Note).all()
    assert [one.email for one in found] == ["", "ben@acme.com", ""]
    assert [one.author for one in found] == ["Anna Bell", "Ben@acme.com", "anna @ home.de"]
    with sqlite3.connect(file) as connection:
        ((text,),) = connection.execute("select version_num from alembic_version")
    assert text == HEAD


def test_a_workspace_of_a_newer_version_is_refused_in_one_sentence(tmp_path: Path) -> None:
    open_workspace(tmp_path).of(Action).add(action())
    with sqlite3.connect(tmp_path / "workspace.sqlite") as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    for act in (lambda w: w.of(Action).all(), lambda w: w.of(Action).add(action())):
        with pytest.raises(StoreError, match="newer Smarketing"):
            act(open_workspace(tmp_path))


def test_of_two_changes_at_once_the_second_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    actions = open_workspace(tmp_path).of(Action)
    held = actions.add(action())
    mine = actions.change(replace(held, status="done"))
    assert mine.version == 2
    with pytest.raises(ConflictError, match="changed by somebody else") as told:
        actions.change(replace(held, text="Call nobody"))
    assert told.value.theirs == mine
    assert actions.all() == [mine]
    with pytest.raises(UsageError, match="no action 77"):
        actions.change(replace(held, id=77))


def test_many_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    def write(number: int) -> None:
        own = Workspace(f"sqlite:///{tmp_path / 'workspace.sqlite'}")
        own.of(Note).add(Note(figure="f", text=str(number), author="a", written_at=AT))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    notes = open_workspace(tmp_path).of(Note).all(figure="f")
    assert sorted(int(note.text) for note in notes) == list(range(40))


def test_one_meeting_a_week(tmp_path: Path) -> None:
    meeting = Meeting(
        week="2026-W26", build_id="b1", agreement_hash="h", opened_by="M", opened_at=AT
    )
    meetings = open_workspace(tmp_path).of(Meeting)
    meetings.add(meeting)
    with pytest.raises(StoreError, match="workspace"):
        meetings.add(meeting)
    assert [m.week for m in meetings.all()] == ["2026-W26"]


def test_all_of_it_moves_as_one_readable_file(tmp_path: Path) -> None:
    here = open_workspace(tmp_path)
    here.sign("sales", "Søren: “lead”", "h" * 64)
    here.of(Action).add(action("line one\nline two: [b]"))
    here.of(Decision).add(Decision(text="null", decided_by="both", decided_at=now()))
    content = dump(here)
    assert yaml.safe_load(content)["action"][0]["text"] == "line one\nline two: [b]"
    there = open_workspace(tmp_path / "other")
    (tmp_path / "other").mkdir()
    assert load(there, content, "w.yaml") == 4
    assert dump(there) == content
    for kind in KINDS:
        assert there.of(kind).all() == here.of(kind).all(), table_name(kind)
    assert there.of(Action).add(action()).id == 2
    with pytest.raises(UsageError, match="already holds records"):
        load(there, content, "w.yaml")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "no export"),
        ("form: other", "no export"),
        ("a: [", "no export"),
        ("form: smarketing workspace\nshape: '9999'", "newer Smarketing"),
        ("form: smarketing workspace\nshape: '0002'\ncolour: []", "no kind of record"),
        ("form: smarketing workspace\naction: [{colour: red}]", "action 1: not the columns"),
        ("form: smarketing workspace\naction: [{text: 5}]", "text is 5"),
        ("form: smarketing workspace\naction: [{text: t}]", "action 1:"),
    ],
)
def test_what_is_no_export_is_refused_and_nothing_is_written(
    tmp_path: Path, content: str, said: str
) -> None:
    workspace = open_workspace(tmp_path)
    with pytest.raises(UsageError, match=said):
        load(workspace, content, "w.yaml")
    assert all(workspace.of(kind).all() == [] for kind in KINDS)


def test_a_database_that_is_away_or_no_database_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="SMARKETING_WORKSPACE"):
        Database("no address")
    with pytest.raises(UsageError, match="SMARKETING_WORKSPACE"):
        Database("nosuchdb://host/name")
    away = Workspace(f"sqlite:///{tmp_path / 'not' / 'there.sqlite'}")
    assert away.of(Action).all() == []
    with pytest.raises(StoreError, match="could not be read or written"):
        away.of(Action).add(action())


def test_who_looks_at_a_file_that_another_program_has_locked_waits_less_than_who_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smarketing.workspace.database._LOOK_SECONDS", 0)
    workspace = open_workspace(tmp_path)
    kept = workspace.of(Action).add(action())
    path = workspace.database.file
    assert path is not None
    holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    holder.execute("begin exclusive")
    with pytest.raises(StoreError, match="Another program is writing to it: try again"):
        workspace.of(Action).all()
    with ThreadPoolExecutor() as pool:
        waits = pool.submit(workspace.of(Action).add, action("Write to them"))
        holder.execute("commit")
        assert waits.result().id == (kept.id or 0) + 1
    holder.close()
    assert len(workspace.of(Action).all()) == 2


def test_the_command_line_moves_a_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(home: Path, *words: str) -> str:
        monkeypatch.setenv("SMARKETING_HOME", str(home))
        monkeypatch.setattr("sys.argv", ["smarketing", "workspace", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return f"{ended.value.code} {said.out}{said.err}"

    here, there, file = tmp_path / "here", tmp_path / "there", str(tmp_path / "w.yaml")
    here.mkdir()
    open_workspace(here).of(Action).add(action())
    assert "is in" in run(here, "export", file)
    assert "1 record put into" in run(there, "import", file)
    assert open_workspace(there).of(Action).all() == open_workspace(here).of(Action).all()
    assert run(there, "import", file).startswith("2 ")
    assert "cannot be read" in run(there, "import", str(tmp_path / "none.yaml"))
