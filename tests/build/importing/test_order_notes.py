"""Files whose order decides, though their days speak for another one, are named."""

from __future__ import annotations

from pathlib import Path

import pytest
from build_kit import stop_at_core

from smarketing.build import import_files
from smarketing.files.folders import data_files

_HEADER = "deal_id,name,amount,currency,outcome,created_at,closed_at\n"
_JANUARY = _HEADER + "d1,A,10,EUR,open,2026-01-02,\nd2,B,20,EUR,open,2026-01-03,\n"
_APRIL = _HEADER + (
    "d1,A,10,EUR,won,2026-01-02,2026-02-03\nd2,B,20,EUR,open,2026-01-03,\n"
    "d3,C,30,EUR,open,2026-04-05,\n"
)


@pytest.fixture(autouse=True)
def no_marts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is noted of an order is told by the core tables."""
    stop_at_core(monkeypatch)


def _notes(home: Path, *files: Path, **said: str) -> list[str]:
    report = import_files(home, files, source="generic", **said)
    return [note for file in report.files for note in file.notes if "comes after" in note]


def test_a_newer_export_that_comes_first_is_named_and_counts_once_its_day_is_said(
    tmp_path: Path,
) -> None:
    folder, home = tmp_path / "in", tmp_path / "home"
    folder.mkdir()
    april, january = folder / "deals apr.csv", folder / "deals jan.csv"
    april.write_text(_APRIL, encoding="utf-8")
    january.write_text(_JANUARY, encoding="utf-8")
    [note] = _notes(home, folder)
    assert note == (
        "1 deal counts as deals jan.csv says, which comes after this file, though its newest one "
        "began 91 days before this file's. If this is the newer one, import it once more with "
        "--as-of and the day of its export, 2026-04-06 or later"
    )
    report = import_files(home, [april], source="generic", as_of="2026-04-06")
    assert [row.changed for row in report.tables if row.table == "deal"] == [1]


def test_exports_in_their_order_are_not_named(tmp_path: Path) -> None:
    january, april = tmp_path / "1.csv", tmp_path / "2.csv"
    january.write_text(_JANUARY, encoding="utf-8")
    april.write_text(_APRIL, encoding="utf-8")
    assert not _notes(tmp_path / "home", january, april)


def test_downloads_of_one_name_come_in_their_order(tmp_path: Path) -> None:
    names = ["deals.csv", "deals (2).csv", "deals (10).csv", "deals a.csv", "deals.csv.gz"]
    (tmp_path / "deal").mkdir()
    for name in (*names, "deal/z.csv"):
        (tmp_path / name).write_text("", encoding="utf-8")
    found = [path.name for path in data_files([tmp_path])]
    assert [name for name in found if name in names[:3]] == names[:3]
    assert sorted(found[1:]) == sorted(names)
    assert found[0] == "z.csv", "a folder stands where its name does"
