"""Small rules of imports at their edges: what is looked at, kept, pulled, refused, taken back."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from smarketing.build import Pull
from smarketing.build.importing import preview
from smarketing.build.importing.own_sources import (
    all_sources,
    keep_source,
    own_folders,
    own_names,
    save_source,
    source_texts,
)
from smarketing.build.importing.pulled import _file_name, _Pulling, _reached
from smarketing.build.importing.report import ImportReport
from smarketing.build.importing.run import _refuse_half, _refuse_unreadable, empty_manifest
from smarketing.build.importing.staging import Staged
from smarketing.build.importing.undo import Undone
from smarketing.engine.pulling import Since, Wanted
from smarketing.errors import RefusedError, SourceError, UsageError
from smarketing.sources import load_source
from smarketing.store.balance import FileBalance
from smarketing.store.landing import LandedFile, Manifest, Pulled
from smarketing.store.schema import core_tables


@pytest.mark.parametrize(("files", "dry_run", "said"), [
    (1, False, "of 1 file (f0)"), (3, True, "of 3 files (f0, f1, f2)"),
    (4, False, "of 4 files (f0, f1, f2 …)"),
])  # fmt: skip
def test_what_was_taken_back_is_told_on_the_clocks_of_a_zone(
    files: int, dry_run: bool, said: str
) -> None:
    names = tuple(f"f{n}" for n in range(files))
    done = Undone("i7", "2026-01-05T23:30:00", "anna", names, None, dry_run)
    line = done.line("Europe/Berlin")
    assert line.startswith(f"The import i7 {said}, made by anna on 6 Jan 2026, 00:30")
    assert line.endswith(" would be taken back." if dry_run else " was taken back.")
    assert done.as_dict()["files"] == names


@pytest.mark.parametrize("packing", ["plain", "gz", "zip"])
@pytest.mark.parametrize("over", [0, 1])
def test_of_a_text_beyond_a_size_the_beginning_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packing: str, over: int
) -> None:
    monkeypatch.setattr(preview, "_LARGE", 40)
    monkeypatch.setattr(preview, "_HEAD", 25)
    monkeypatch.setattr(preview, "_MOST", 40)
    text = (b"0123456789" * 10)[: 40 + over - 1] + b"\n"
    text = text[:19] + b"\n" + text[20:]
    path, target = tmp_path / "x.csv", tmp_path / "y"
    if packing == "plain":
        path.write_bytes(text)
    elif packing == "gz":
        path = path.with_name("x.csv.gz")
        path.write_bytes(gzip.compress(text))
    else:
        path = path.with_name("x.ZIP")
        with zipfile.ZipFile(path, "w") as packed:
            packed.mkdir("in")
            packed.writestr("in/a.CSV", text)
            packed.writestr("b.bin", b"x" * 40)
    found = preview._beginning(path, target)
    assert found == (target if over else None)
    if not over:
        return
    if packing == "zip":
        with zipfile.ZipFile(target) as packed:
            assert packed.namelist() == ["in/a.CSV", "b.bin"]
            assert (packed.read("in/a.CSV"), packed.read("b.bin")) == (text[:20], b"x" * 40)
    else:
        content = target.read_bytes()
        assert (gzip.decompress(content) if packing == "gz" else content) == text[:20]


def test_what_is_no_text_is_looked_at_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "_LARGE", 40)
    monkeypatch.setattr(preview, "_MOST", 40)
    target = tmp_path / "y"
    for name in ("x.xlsx", "x.parquet", "x.gz", "x.csv.gz", "x.csv.zip"):
        (tmp_path / name).write_bytes(b"1,2\n" * 99)
        assert preview._beginning(tmp_path / name, target) is None, "left to the reader"
    with zipfile.ZipFile(tmp_path / "big.zip", "w") as packed:
        packed.writestr("a.csv", b"1\n" * 50)
        packed.writestr("b.bin", b"x" * 41)
    assert preview._beginning(tmp_path / "big.zip", target) is None, "left to the reader"
    files, cut = preview._beginnings([tmp_path / "x.xlsx"], tmp_path / "apart")
    assert (files, cut) == ([tmp_path / "x.xlsx"], ())
    assert [preview._is_text(name) for name in ("a", "a.TSV", "a.txt", "a.json")] == [
        True, True, True, False,
    ]  # fmt: skip


def test_first_rows_are_shown_in_major_units_and_as_on_the_spot() -> None:
    table = core_tables()["deal"]
    frame = pd.DataFrame({column.name: pd.Series([None, None], dtype=object)
                          for column in table.columns})  # fmt: skip
    frame["currency"], frame["amount"] = ["EUR", "JPY"], [1050, 50]
    for column in (c for c in table.columns if c.type == "instant"):
        frame[column.name] = pd.to_datetime([None, None])
        frame[f"{column.name}_has_time"] = [None, None]
    frame["created_at"] = pd.to_datetime(["2026-01-05 23:30", "2026-01-05 23:00"])
    frame["created_at_has_time"] = [True, False]
    shown = preview._shown(table, frame, "Europe/Berlin")
    assert list(shown.columns) == ["amount", "currency", "created_at"]
    assert shown["amount"].tolist() == [10.5, 50.0]
    assert shown["created_at"].tolist() == ["2026-01-06 00:30", "2026-01-06"]


@pytest.mark.parametrize(
    ("pull", "is_said"),
    [
        (Pull("postgresql://x/y"), False), (Pull("postgresql://x/y", schema="s"), True),
        (Pull("postgresql://x/y", schema=""), True), (Pull("some/folder"), True),
        (Pull("file:///some/folder"), True), (Pull("some", (Path("no.sql"),)), False),
        (Pull("some", (Path(__file__),), "s"), False), (Pull("some", (Path(__file__),)), True),
        (Pull("s3://b", (Path(__file__),), ""), False),
    ],
)  # fmt: skip
def test_a_pull_says_what_to_pull(pull: Pull, is_said: bool) -> None:
    if is_said:
        pull.check()
        return
    with pytest.raises(UsageError):
        pull.check()


def test_what_was_pulled_before_is_told_by_place_table_and_column() -> None:
    pulls = [
        Pulled("db", "t", "at", 3), None, Pulled("db", "t", "at", 7), Pulled("other", "t", "at", 9),
        Pulled("db", "u", "at", None), Pulled("db", "t", "id", 5),
    ]  # fmt: skip
    landed = [LandedFile("f", "s", (), pulled=one) for one in pulls]
    reached = _reached(landed, "db")
    assert reached == {("t", "at"): 7, ("t", "id"): 5}
    origin = SimpleNamespace(columns=lambda _: ["ID", "at"])

    def since(cursor: str | None, *, is_table: bool = True) -> Since | None:
        pull = Pull("db", cursor=cursor)
        state = _Pulling(cast("Any", origin), "db", pull, Path(), cast("Any", None),
                         cast("Any", None), reached)  # fmt: skip
        return state.since(Wanted("t", "", "t", is_table), "t")

    assert since(None) is None and since("when") is None
    assert since("AT") == Since("at", 7) and since("id") == Since("ID", None)
    with pytest.raises(UsageError, match="when"):
        since("when", is_table=False)
    assert [_file_name(name) for name in ("a b/c.d-é", "", "//")] == ["a_b_c.d-é", "table", "__"]


def test_a_full_import_replaces_nothing_by_what_cannot_be_read() -> None:
    staged = Staged(Path(), "")
    _refuse_half(staged, "full")
    staged.refused = ["one", "two"]
    _refuse_half(staged, "add")
    with pytest.raises(RefusedError, match=r"one.*two.*without these"):
        _refuse_half(staged, "full")
    good, lost = (FileBalance(name, "s", 3, 3 - bad, 0, bad, records=3)
                  for name, bad in (("a", 0), ("b", 3)))  # fmt: skip
    empty = FileBalance("c", "s", 0, 0, 0, 0)
    for files, words in (((good,), None), ((good, lost), "No record of b"), ((good, empty), None),
                         ((empty,), "hold no record at all"), ((), "hold no record")):  # fmt: skip
        report = ImportReport("i", "b", files, ())
        _refuse_unreadable(report, "add")
        if words is None:
            _refuse_unreadable(report, "full")
            continue
        with pytest.raises(RefusedError, match=words):
            _refuse_unreadable(report, "full")


def test_an_import_begins_after_those_before_it() -> None:
    before = Manifest("i00004-x", 4, "add", "2026-01-05T00:00:00", "anna", ())
    found = empty_manifest([before], "full", None)
    assert (found.number, found.mode, found.imported_by, found.files) == (5, "full", "unknown", ())
    assert found.import_id.startswith("i00005-") and found.imported_at.count("+") == 0
    assert empty_manifest((), "add", "ben").imported_by == "ben"


def test_a_source_of_one_s_own_is_kept_in_full_and_changed_whole_or_not_at_all(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "sources" / "mine"
    folder.mkdir(parents=True)
    (folder / "profile.yaml").write_text("name: mine\nextends: generic\n")
    (folder / "notes.txt").write_text("of nobody's concern")
    mine = load_source(folder)
    assert own_names(tmp_path) == ["mine"] and own_names(folder) == []
    assert list(source_texts(folder)) == ["profile.yaml"]
    keep_source(mine, tmp_path / "kept")
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["profile.yaml"]
    heir = tmp_path / "sources" / "heir"
    heir.mkdir()
    (heir / "profile.yaml").write_text(f"name: heir\nextends: {folder}\n")
    keep_source(load_source(heir), tmp_path / "whole")
    whole = load_source(tmp_path / "whole")
    assert whole.profile.extends is None and whole.name == "heir"
    assert {*whole.selects} == {*mine.selects} and {*whole.objects} == {*mine.objects}
    first = source_texts(folder)
    profile = {"profile.yaml": "name: mine\nextends: generic\nlabel: Mine\n"}
    changed = save_source(folder, profile, first)
    with pytest.raises(UsageError, match="Somebody else saved mine meanwhile"):
        save_source(folder, {"profile.yaml": "name: mine\nextends: generic\n"}, first)
    assert changed.label == "Mine" and sorted(p.name for p in folder.iterdir()) == ["profile.yaml"]
    for texts, error in (
        ({"other.sql": ""}, UsageError),
        ({"profile.yaml": "name: ["}, SourceError),
    ):
        with pytest.raises(error):
            save_source(folder, texts, source_texts(folder))
        assert load_source(folder).label == "Mine"
    assert own_names(tmp_path) == sorted(p.name for p in folder.parent.glob("[!.]*"))
    manifests = [Manifest("i1", 1, "add", "", "", (), {"mine": "i1/m", "heir": "i1/h"}),
                 Manifest("i2", 2, "add", "", "", (), {"mine": "i2/m"})]  # fmt: skip
    assert own_folders(tmp_path, manifests) == {
        "mine": tmp_path / "landing/i2/m", "heir": tmp_path / "landing/i1/h",
    }  # fmt: skip
    (heir / "profile.yaml").write_text("name: generic\nextends: generic\nlabel: Ours\n")
    assert all_sources({"generic": heir})["generic"].label == "Ours"
    assert "salesforce" in all_sources({})
