"""Back-up and restore: a destroyed home comes back whole, and only a whole backup is taken."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
import zipfile
from pathlib import Path

import pytest

from smarketing.cli import main
from smarketing.errors import BusyError, StoreError, UsageError
from smarketing.store.backup import FORM, KEPT, backup, restore
from smarketing.store.home import Home
from smarketing.store.lock import writing
from smarketing.store.signed_out import is_over
from smarketing.workspace import open_workspace

HASH = "a" * 64
MANIFEST = {
    "format": 3,
    "import_id": "i00001-20260105",
    "number": 1,
    "mode": "add",
    "imported_at": "2026-01-05T10:00:00",
    "imported_by": "tests",
    "source_folders": {},
    "files": [],
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    landed = folder / "landing" / "i00001-20260105"
    landed.mkdir(parents=True)
    (landed / "f1.parquet").write_bytes(bytes(range(256)) * 9000)
    (landed / "manifest.json").write_text(json.dumps(MANIFEST))
    (folder / "landing" / ".i00002").mkdir()
    (folder / "landing" / ".i00002" / "part.parquet").write_text("being written")
    (folder / "agreement.yaml").write_text("extends: default\n")
    (folder / "builds").mkdir()
    (folder / "builds" / "b1.duckdb").write_text("derived")
    (folder / "refresh.yaml").symlink_to("/etc/passwd")
    open_workspace(folder).sign("sales", "S. Lead", HASH)
    return folder


def contents(home: Path) -> dict[str, bytes]:
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.name not in (".lock", "workspace.sqlite", "signed-out.json")
    }


def test_a_destroyed_home_comes_back(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "home.zip"
    assert backup(home, file) == 4
    before = contents(home)
    shutil.rmtree(home)
    assert restore(file, home) == 4
    kept = {name: data for name, data in before.items() if name.startswith(("landing/i", "agree"))}
    assert contents(home) == kept
    assert [s.name for s in open_workspace(home).signatures(HASH)] == ["S. Lead"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in (home, *(home / "landing").rglob("*")))
    assert (home / "agreement.yaml").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.iterdir() if path.name.startswith(".")] == [".lock"]
    # Who signed out since the backup is not in it.
    assert is_over(home, {"iat": time.time() - 1}) and not is_over(home, {"iat": time.time() + 60})


def test_of_two_who_restore_into_one_home_the_second_is_told(home: Path, tmp_path: Path) -> None:
    file, again = tmp_path / "home.zip", tmp_path / "again"
    backup(home, file)
    again.mkdir()
    with writing(Home(again), 0), pytest.raises(BusyError, match="is being written by process"):
        restore(file, again)
    assert [path.name for path in again.iterdir()] == [".lock"]
    assert restore(file, again) == 4
    with pytest.raises(UsageError, match="not empty"):
        restore(file, again)


def test_links_unfinished_imports_and_builds_are_not_in_it(home: Path, tmp_path: Path) -> None:
    backup(home, tmp_path / "home.zip")
    with zipfile.ZipFile(tmp_path / "home.zip") as packed:
        assert sorted(packed.namelist()) == [
            "agreement.yaml",
            "backup.json",
            "landing/i00001-20260105/f1.parquet",
            "landing/i00001-20260105/manifest.json",
            "workspace.yaml",
        ]


def test_nothing_is_restored_over_a_home_that_holds_something(home: Path, tmp_path: Path) -> None:
    backup(home, tmp_path / "home.zip")
    with pytest.raises(UsageError, match="not empty"):
        restore(tmp_path / "home.zip", home)


def test_what_a_killed_restore_left_goes_with_the_next(home: Path, tmp_path: Path) -> None:
    file, again = tmp_path / "kept.zip", tmp_path / "again"
    backup(home, file)
    (again / ".restore-x" / "landing").mkdir(parents=True)
    restore(file, again)
    assert not list(again.glob(".restore-*")) and contents(again)


def forged(tmp_path: Path, files: dict[str, bytes], listed: object) -> Path:
    file = tmp_path / "forged.zip"
    with zipfile.ZipFile(file, "w") as packed:
        for name, data in files.items():
            packed.writestr(name, data)
        packed.writestr("backup.json", json.dumps(listed))
    return file


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/evil",
        "landing/../../evil",
        "builds/b.duckdb",
        "landing\\..\\x",
        "x",
        "salt/x",
    ],
)
def test_a_name_that_leads_out_of_the_home_is_refused(tmp_path: Path, name: str) -> None:
    file = forged(tmp_path, {name: b"x"}, {"form": FORM, "files": {name: "0"}})
    with pytest.raises(UsageError, match="no part of a home"):
        restore(file, tmp_path / "new")
    assert [p.name for p in tmp_path.iterdir() if p.name == "evil"] == []


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ({"form": FORM, "files": {"workspace.yaml": "0"}}, "damaged at workspace.yaml"),
        ({"form": FORM, "files": {"workspace.yaml": "0", "landing/a": "0"}}, "lacks 'landing/a'"),
        ({"form": FORM, "files": {"landing/\ud800/a": "0"}}, "lacks 'landing"),
        ({"form": FORM, "files": {"\ud800": "0"}}, r"holds '\\ud800'"),
        ({"form": "smarketing backup 9", "files": {}}, "another version"),
        ({"form": FORM, "files": {}}, "lacks workspace.yaml"),
        ([], "no list"),
    ],
)
def test_what_is_damaged_or_of_another_version_is_refused(
    tmp_path: Path, listed: object, said: str
) -> None:
    file = forged(tmp_path, {"workspace.yaml": b"form: x"}, listed)
    with pytest.raises(UsageError, match=said):
        restore(file, tmp_path / "new")
    assert not any((tmp_path / "new" / name).exists() for name in KEPT)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("agreement.yaml", "stages: 3\n", r"agreement.yaml"),
        ("agreement.yaml", "[", r"agreement.yaml"),
        ("access.yaml", "people: [", r"access.yaml"),
        ("erased.json", "{", r"erased.json cannot be read"),
        ("salt", "", r"The secret salt is empty"),
        ("erased.json", "[]", ""),
        ("warehouses.json", "{", r"warehouses.json cannot be read"),
        ("landing/i00001-20260105/manifest.json", "{}", r"The manifest .*manifest.json"),
        ("landing/i00001-20260105/manifest.json", "[" * 100_000, r"The manifest .*manifest.json"),
        (
            "landing/i00001-20260105/manifest.json",
            json.dumps({**MANIFEST, "source_folders": {"own": "i00001-20260105/own"}}),
            "names i00001-20260105/own, which is not in it",
        ),
    ],
)
def test_what_cannot_be_relied_on_is_refused_and_leaves_the_home_empty(
    home: Path, tmp_path: Path, name: str, content: str, said: str
) -> None:
    (home / name).write_text(content)
    file, new = tmp_path / "home.zip", tmp_path / "new"
    backup(home, file)
    if not said:
        assert restore(file, new)
        return
    with pytest.raises(UsageError, match=f"no home to go on with: .*{said}") as refused:
        restore(file, new)
    assert str(tmp_path / "new") not in str(refused.value)
    assert [path.name for path in new.iterdir()] == [".lock"]


def test_what_unpacks_to_more_than_its_own_size_is_no_backup(tmp_path: Path) -> None:
    file, data = tmp_path / "forged.zip", b"0" * 1_000_000
    listed = {"form": FORM, "files": {"landing/x": hashlib.sha256(data).hexdigest()}}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("landing/x", data)
        packed.writestr("backup.json", json.dumps(listed))
    with pytest.raises(UsageError, match="packed by something else; nothing was restored"):
        restore(file, tmp_path / "new")
    assert [path.name for path in (tmp_path / "new").iterdir()] == [".lock"]


def test_a_cut_off_file_a_missing_one_and_no_zip_are_one_sentence(
    home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "home.zip"
    backup(home, file)
    file.write_bytes(file.read_bytes()[:-300])
    (tmp_path / "text.zip").write_text("no zip")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as packed:
        packed.writestr("a", "b")
    for name in ("home.zip", "none.zip", "text.zip", "other.zip"):
        with pytest.raises(UsageError, match=name):
            restore(tmp_path / name, tmp_path / "new")
    with pytest.raises(StoreError, match="no home"):
        backup(tmp_path / "nowhere", file)


def test_the_command_line_brings_a_store_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(where: str, *words: str) -> str:
        monkeypatch.setenv("SMARKETING_HOME", str(tmp_path / where))
        monkeypatch.setattr("sys.argv", ["smarketing", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code, capsys.readouterr().err
        return capsys.readouterr().out

    leads = tmp_path / "leads.csv"
    leads.write_text("lead_id,created_at\nl1,2026-01-05 10:00\nl2,2026-01-06 10:00\n")
    run("one", "import", str(leads))
    run("one", "backup", str(tmp_path / "home.zip"))
    said = run("two", "restore", str(tmp_path / "home.zip"))
    assert "is published" in said and "erased after this backup was written is there again" in said
    asked = ("kpi", "new_leads", "--period", "2026-01", "--json")
    assert run("two", *asked) == run("one", *asked)
    assert json.loads(run("two", *asked))[0]["value"] == 2
