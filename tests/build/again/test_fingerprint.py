"""The fingerprint of a build changes with everything a build is derived from, and nothing else."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from smarketing.build.again import fingerprint
from smarketing.build.again.fingerprint import (
    LIBRARIES,
    build_hash,
    code_hash,
    hash_of_code,
    hash_of_statement,
    landing_hash,
)
from smarketing.store.landing import LandedFile

FILES = (
    "errors.py",
    "agreement/default.yaml",
    "agreement/countries.csv",
    "build/marts/free_mail.txt",
    "sql/marts/deals/fct_deal.sql",
    "analysis/rates.py",
    "engine/helpers.json",
)
VERSIONS = {"duckdb": "2.0.0", "tzdata": "2026.1"}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    for name in (*FILES, "ui/session.py", "cli/data.py", "engine/__pycache__/helpers.pyc"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("as it was", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", FILES)
def test_a_change_of_any_file_below_the_pages_is_seen(package: Path, name: str) -> None:
    before = hash_of_code(package, VERSIONS)
    (package / name).write_text("changed", encoding="utf-8")
    changed = hash_of_code(package, VERSIONS)
    (package / name).write_text("as it was", encoding="utf-8")
    assert hash_of_code(package, VERSIONS) == before != changed
    (package / name).rename(package / f"{name}.old")
    assert hash_of_code(package, VERSIONS) not in (before, changed)


@pytest.mark.parametrize("name", ["ui/session.py", "cli/data.py", "engine/__pycache__/helpers.pyc"])
def test_pages_and_compiled_files_derive_nothing(package: Path, name: str) -> None:
    before = hash_of_code(package, VERSIONS)
    (package / name).write_text("changed", encoding="utf-8")
    assert hash_of_code(package, VERSIONS) == before


def test_text_moved_from_one_file_to_the_next_is_a_change(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("one\ntwo\n", encoding="utf-8")
    (tmp_path / "b.py").write_text("", encoding="utf-8")
    before = hash_of_code(tmp_path, {})
    (tmp_path / "a.py").write_text("one\n", encoding="utf-8")
    (tmp_path / "b.py").write_text("two\n", encoding="utf-8")
    assert hash_of_code(tmp_path, {}) != before


def test_another_version_of_a_library_is_another_build(package: Path) -> None:
    before = hash_of_code(package, VERSIONS)
    assert hash_of_code(package, {**VERSIONS, "duckdb": "2.0.1"}) != before
    assert hash_of_code(package, {**VERSIONS, "tzdata": "absent"}) != before


@pytest.mark.parametrize("library", ["duckdb", "holidays", "tzdata", "sqlglot"])
def test_the_program_s_hash_asks_every_library(
    monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    assert library in LIBRARIES
    installed = importlib.metadata.version

    def other(name: str) -> str:
        return "0.0.other" if name == library else installed(name)

    before = code_hash()
    monkeypatch.setattr(fingerprint, "version", other)
    assert code_hash.__wrapped__() != before
    monkeypatch.undo()
    assert code_hash.__wrapped__() == before


def test_the_timezones_of_the_system_count_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = code_hash()
    (tmp_path / "tzdata.zi").write_text("# version 1970a\n", encoding="ascii")
    monkeypatch.setattr(fingerprint.zoneinfo, "TZPATH", (str(tmp_path),))
    assert code_hash.__wrapped__() != before


def test_the_first_place_that_names_a_version_of_the_timezones_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, version in (("a/tzdata.zi", "# version 1\nR x\n"), ("b/tzdata.zi", "# version 2\n"),
                          ("b/+VERSION", " 2026b \n")):  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(version, encoding="ascii")

    def zones(*folders: str) -> str:
        monkeypatch.setattr(fingerprint.zoneinfo, "TZPATH", [str(tmp_path / f) for f in folders])
        return fingerprint._zones()

    assert zones("none", "a", "b") == "# version 1" and zones("b", "a") == "2026b"
    assert zones("none") == zones() == "absent"
    assert fingerprint._version("no-such-library-at-all") == "absent"


def held(sha: str = "s", name: str = "t", encoding: str = "utf-8", source: str = "own", *,
         as_of: str | None = None, decimal: str | None = None, date_order: str | None = None,
         ) -> LandedFile:  # fmt: skip
    table = SimpleNamespace(name=name, encoding=encoding, source=source)
    said = SimpleNamespace(sha256=sha, as_of=as_of, decimal=decimal, date_order=date_order)
    said.tables = [table]
    return cast("LandedFile", said)


def test_what_was_landed_is_told_by_all_that_is_read_of_it_and_its_order(tmp_path: Path) -> None:
    (tmp_path / "profile.yaml").write_text("name: own", encoding="utf-8")
    own = {"own": tmp_path}
    told = [
        landing_hash(files, own)
        for files in (
            [], [held()], [held(), held()], [held(sha="x")], [held(name="x")],
            [held(encoding="x")], [held(source="x")], [held(as_of="1")], [held(decimal="1")],
            [held(date_order="1")], [held(sha="x"), held()], [held(), held(sha="x")],
        )
    ]  # fmt: skip
    assert len(set(told)) == len(told)
    one, other = held(source="b"), held(source="c")
    assert landing_hash([one, other], {}) == landing_hash([other, one], {}), "of two sources"
    assert landing_hash([one], own) == landing_hash([one], {}), "no file is of that source"
    before = landing_hash([held()], own)
    (tmp_path / "profile.yaml").write_text("name: other", encoding="utf-8")
    assert landing_hash([held()], own) != before != landing_hash([held()], {})


def test_a_build_is_told_by_landing_agreement_and_program(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len({build_hash("a", "b"), build_hash("b", "a"), build_hash("a", "c")}) == 3
    before = build_hash("a", "b"), hash_of_statement("select 1")
    assert hash_of_statement("select 2") != before[1]
    monkeypatch.setattr(fingerprint, "code_hash", lambda: "other")
    assert build_hash("a", "b") != before[0]
    assert hash_of_statement("select 1") == before[1], "of the program only its statement counts"
    monkeypatch.setattr(fingerprint, "_made_with", lambda: "other libraries")
    assert hash_of_statement("select 1") != before[1]


def test_folders_inside_count_by_their_names_and_what_links_to_folders_does_not(
    tmp_path: Path,
) -> None:
    package, elsewhere = tmp_path / "p", tmp_path / "e"
    for name in ("a/ui/x.py", "b.py"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("1", encoding="utf-8")
    before = hash_of_code(package, {})
    (package / "a/ui/x.py").write_text("2", encoding="utf-8")
    assert hash_of_code(package, {}) != before, "only the pages of the package itself are left out"
    found = list(fingerprint._files(package, ("ui",)))
    assert found == ["a/ui/x.py", "b.py"]
    elsewhere.mkdir()
    (elsewhere / "c.py").write_text("1", encoding="utf-8")
    (package / "linked").symlink_to(elsewhere, target_is_directory=True)
    assert list(fingerprint._files(package, ())) == found
