"""The fingerprint of a build changes with everything a build is derived from, and nothing else."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest

from smarketing.build.again import fingerprint
from smarketing.build.again.fingerprint import LIBRARIES, code_hash, hash_of_code

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
