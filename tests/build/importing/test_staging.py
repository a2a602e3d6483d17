"""From the files that are named to those that are read: what each is called, what is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from smarketing.build.importing.staging import Named, Said, Staged, collect, documents, stage
from smarketing.errors import UsageError
from smarketing.files.tables import LandedTable
from smarketing.sources import builtin_sources, load_source
from smarketing.store.landing import LandedFile


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a/deals.csv", "a/notes.pdf", "b/deals.csv", "b/leads.csv", "own/x.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"lead_id,created_at\n{name},2026-01-05\n")
    return tmp_path


def test_files_go_by_their_name_and_those_of_one_name_by_that_of_their_folder_too(
    folder: Path,
) -> None:
    own = folder / "own" / "x.csv"
    found = collect([folder / "a", own, folder / "b"])
    assert {file.path: (file.label, file.is_named) for file in found} == {
        folder / "a" / "deals.csv": ("a/deals.csv", False),
        folder / "b" / "deals.csv": ("b/deals.csv", False),
        folder / "b" / "leads.csv": ("leads.csv", False),
        own: ("x.csv", True),
    }
    within = {file.label for file in collect([folder])}
    assert within == {"a/deals.csv", "b/deals.csv", "b/leads.csv", "own/x.csv"}
    assert [file.label for file in collect([folder, own]) if file.is_named] == ["x.csv"]
    assert documents([folder / "a", own]) == ("notes.pdf",)
    with pytest.raises(UsageError):
        collect([folder / "none"])


def test_what_is_said_of_the_files_is_one_of_the_words_known() -> None:
    assert Said().habits == (None, None, None)
    assert Said(decimal=",", date_order="dmy").habits[1:] == (",", "dmy")
    for said in (Said(decimal=";"), Said(date_order="dym"), Said(decimal="")):
        with pytest.raises(UsageError):
            _ = said.habits


def table(rows: int, source: str = "generic") -> LandedTable:
    return LandedTable("t.csv", (), Path(), rows, source=source)


def test_files_that_are_refused_later_are_taken_out_once() -> None:
    staged = Staged(Path(), "")
    staged.labels = {"s3": "3", "s1": "1", "s2": "2"}
    staged.landed = [LandedFile("1", "s1", (table(1), table(2))), LandedFile("2", "s2", ())]
    staged.again = [LandedFile("3", "s3", (table(4),))]
    assert [file.file for file in staged.files] == ["3", "1", "2"]
    assert [staged.rows_of(sha) for sha in ("s1", "s2", "s3", "s4")] == [3, 0, 4, 0]
    assert [staged.records_of(sha) for sha in ("s1", "s3", "s4")] == [3, 4, 0]
    assert not staged.refuse({"s4"}, "why")
    assert staged.refuse({"s1", "s3"}, "why")
    assert [file.file for file in staged.files] == ["2"] and staged.refused == ["why"]
    assert not staged.refuse({"s1"}, "why") and staged.refused == ["why"]


def staged_of(folder: Path, paths: list[Path], known: dict[str, Any], **said: Any) -> Staged:
    forced = said.pop("forced", None)
    staged = Staged(folder / "in", "landing/i1", **said)
    staged.folder.mkdir(exist_ok=True)
    steps: list[float] = []
    setting = SimpleNamespace(
        progress=lambda _, done: steps.append(done), sources=builtin_sources(), forced=forced
    )
    stage(staged, [Named(path, path.name, True) for path in paths], cast("Any", setting), known)
    assert steps == [0.35 * n / len(paths) for n in range(len(paths))]
    return staged


def test_a_file_is_read_once_and_one_landed_before_not_again(folder: Path) -> None:
    first, other = folder / "b" / "leads.csv", folder / "own" / "x.csv"
    (folder / "copy.csv").write_bytes(first.read_bytes())
    generic = load_source("generic")
    gone = folder / "gone.csv"
    staged = staged_of(folder, [first, gone, folder / "copy.csv"], {}, forced=generic, as_of="d")
    [landed] = staged.landed
    sha = landed.sha256
    assert [(file.label, *rest) for file, *rest in staged.same] == [("copy.csv", sha, "leads.csv")]
    assert landed.tables[0].parquet.parent.as_posix() == "landing/i1/0000"
    assert (landed.tables[0].name, landed.tables[0].exact) == ("leads.csv", False)
    assert (landed.as_of, landed.decimal, landed.date_order) == ("d", None, None)
    assert staged.labels == {sha: "leads.csv"} and len(staged.refused) == 1
    assert str(gone) in staged.refused[0]
    before = replace(landed, as_of="old", decimal=",", date_order="mdy")
    again = staged_of(folder, [first, other], {sha: before}, date_order="dmy")
    [held] = again.again
    assert (held.as_of, held.decimal, held.date_order) == (None, ",", "dmy")
    assert again.files[0] == held
    assert [file.file for file in again.landed] in ([], ["x.csv"])
    same = staged_of(folder, [first], {sha: before}, forced=generic, decimal=".")
    assert [file.decimal for file in same.again] == ["."] and same.landed == []
    for said in ({"forced": load_source("leadforge")}, {"encoding": "utf-8"}):
        assert staged_of(folder, [first], {sha: before}, **said).again == []
    part = replace(before, refused=("a part",))
    whole = staged_of(folder, [first], {sha: part}, forced=generic, date_order="dmy")
    assert (whole.again, whole.refused) == ([], [])
    assert [(file.decimal, file.date_order) for file in whole.landed] == [(",", "dmy")]
