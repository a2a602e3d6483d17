"""Small rules of reading files, each at its edge: bytes, lines, cells, folders, archives."""

from __future__ import annotations

import zipfile
from pathlib import Path
from threading import Event
from typing import Any, cast

import duckdb
import pytest

from smarketing.errors import SourceError, UsageError
from smarketing.files.archive import _may_be_table
from smarketing.files.encoding import settle, western
from smarketing.files.folders import data_files, passed_over
from smarketing.files.header_row import locate
from smarketing.files.landing import _bare
from smarketing.files.limits import (
    MAX_BLANKS,
    MAX_COLUMNS,
    MAX_LINE,
    MAX_VALUE,
    check_blanks,
    check_columns,
    check_lines,
    printable,
    text_fault,
)
from smarketing.files.parquet import _kept_small


def put(folder: Path, content: bytes) -> Path:
    path = folder / "x.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("a,b\n1,ä\n".encode("utf-8-sig"), "utf-8-sig"),
        ("a,b\n1,2\n".encode("utf-16"), "utf-16"),
        ("a,b\n1,2\n".encode("utf-16-le"), "utf-16-le"),
        ("a,b\n1,2\n".encode("utf-16-be"), "utf-16-be"),
        ("名前,b\n山田,2\n".encode("iso2022_jp"), "iso2022_jp"),
        ("a,ä\n".encode(), "utf-8"),
        ("a,Straße für Öl\n".encode("cp1252"), "cp1252"),
    ],
)
def test_an_encoding_is_told_by_marks_and_bytes_before_the_profile(
    tmp_path: Path, content: bytes, encoding: str
) -> None:
    found = settle(put(tmp_path, content), lambda: ("utf_16", "U8", "cp1252"), "x")
    assert found.encoding == encoding


@pytest.mark.parametrize("content", [b"\xff\xfea", b"\x1b$B\xff\xff"])
def test_what_its_mark_belies_is_damaged(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceError, match=r"^x is not valid .* although it"):
        settle(put(tmp_path, content), tuple, "x")


def test_headers_are_western_where_no_rival_knows_more_of_them() -> None:
    assert western(["Größe", "id"], {"Größe", "id"}.__contains__) == ("cp1252",)
    assert western(["Größe", "id"], {"id"}.__contains__) == ()
    assert western(["id"], {"id"}.__contains__) == ()
    rival = "Gr\xf6\xdfe \xe6".encode("latin-1").decode("cp1250")
    assert western(["Größe æ"], {rival}.__contains__) == ()
    assert western(["Größe æ", "ä"], {rival, "ä", "Größe æ"}.__contains__) == ("cp1252",)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ('="00123"', "00123"), ('=""', None), ("", None), (None, None), ('="a"b"', '="a"b"'),
        ('="a', '="a'), ('=a"', '=a"'), ("x", "x"), ('="', '="'),
    ],
)  # fmt: skip
def test_the_formula_that_keeps_zeros_is_taken_off(cell: str | None, told: str | None) -> None:
    assert _bare(cell) == told


def test_what_no_export_reaches_is_refused_at_its_limit() -> None:
    check_columns(MAX_COLUMNS, "x")
    check_blanks(MAX_BLANKS, "x")
    check_lines(MAX_LINE - 1, "x")
    for check, count, words in (
        (check_columns, MAX_COLUMNS + 1, "16,385 columns, more than the 16,384"),
        (check_blanks, MAX_BLANKS + 1, "1,001 columns without"),
        (check_lines, MAX_LINE, "more than 12 MB"),
    ):
        with pytest.raises(SourceError, match=f"^x .*{words}"):
            check(count, "x")
    assert text_fault("x" * MAX_VALUE) is None
    assert "16 MB" in str(text_fault("x" * (MAX_VALUE + 1)))
    assert text_fault("é😀") is None and "half" in str(text_fault("a\ud83d"))
    assert printable("a\udcff é") == "a\\xff é"


def test_a_folder_that_leads_back_to_itself_is_listed_once(tmp_path: Path) -> None:
    inner = tmp_path / "b"
    (inner / "deep").mkdir(parents=True)
    for name in ("x.csv", "x (2).csv", "x (10).csv", "b/y.csv", "b/deep/z.csv", "b/doc.pdf",
                 ".hidden.csv", "b/~$y.xlsx", "readme.txt", "code.py"):  # fmt: skip
        (tmp_path / name).write_text("a")
    (inner / "deep" / "up").symlink_to(tmp_path)
    (inner / "again").symlink_to(inner / "deep")
    (inner / "gone.csv").symlink_to(tmp_path / "nothing")
    found = [path.relative_to(tmp_path).as_posix() for path in data_files([tmp_path])]
    assert [name.rpartition("/")[2] for name in found if "x" in name] == [
        "x.csv", "x (2).csv", "x (10).csv",
    ]  # fmt: skip
    assert sorted(path.rpartition("/")[2] for path in found) == [
        "gone.csv", "x (10).csv", "x (2).csv", "x.csv", "y.csv", "z.csv",
    ]  # fmt: skip
    assert [path.name for path in passed_over([tmp_path, tmp_path / "x.csv"])] == ["doc.pdf"]
    assert data_files([tmp_path / "code.py"] * 2) == [tmp_path / "code.py"], "it was named"
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "code.py").write_text("a")
    for place in (tmp_path / "c", tmp_path / "none"):
        with pytest.raises(UsageError):
            data_files([place])


def test_a_member_may_be_a_table_by_its_name_or_by_how_it_begins(tmp_path: Path) -> None:
    members = {"a.csv": b"\0", "a": b"x,y", "b": b"x\0", "c": b"", "d.zip": b"x", "e.py": b"x"}
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    with zipfile.ZipFile(tmp_path / "x.zip") as packed:
        may = {one.filename for one in packed.infolist() if _may_be_table(packed, one)}
        assert may == {"a.csv", "a"}
        locked = packed.getinfo("a")
        locked.flag_bits |= 1
        assert not _may_be_table(packed, locked), "what is locked cannot be looked at"


class Writing:
    """Stands for a statement that can be ended."""

    def __init__(self) -> None:
        self.ended = Event()

    def interrupt(self) -> None:
        self.ended.set()


def test_a_statement_that_writes_out_of_proportion_is_ended(tmp_path: Path) -> None:
    path, target = put(tmp_path, b"x"), tmp_path / "target"
    writing = Writing()
    with (
        pytest.raises(SourceError, match=r"^big "),
        _kept_small(cast("Any", writing), path, target, "big"),
    ):
        with target.open("wb") as file:
            file.truncate(1 << 34)
        assert writing.ended.wait(30)
        raise duckdb.InterruptException("ended")
    target.unlink()
    writing = Writing()
    with (
        pytest.raises(duckdb.InterruptException),
        _kept_small(cast("Any", writing), path, target, "small"),
    ):
        raise duckdb.InterruptException("by somebody else")
    with _kept_small(cast("Any", writing), path, target, "small"):
        target.write_text("x")
    assert not writing.ended.is_set()


TABLE = [["1", "2026-01-05", "3.50"], ["2", "2026-01-06", "4.50"], ["3", "2026-01-07", "5.50"]]


@pytest.mark.parametrize(
    ("second", "last"),
    [
        (["(no)", "(day)", "[EUR]"], 1), (["(no)", "(day)", "EUR)"], 1), (["", "", "[EUR]"], 1),
        (["", "", "EUR"], 0), (["4", "2026-01-08", "6.50"], 0),
    ],
)  # fmt: skip
def test_units_and_types_below_a_header_are_another_line_of_it(
    second: list[str], last: int
) -> None:
    found = locate([["Number", "Day", "Amount"], second, *TABLE], ("day", "amount"), "x")
    assert found is not None and (found.index, found.last) == (0, last)
