"""A row that sums the others without saying so, by hand; and the counts of a text file."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from smarketing.files import encoding
from smarketing.files.encoding import TextFile, scan, to_utf8, wide_encoding
from smarketing.files.sums import number_in, take_sums_out
from smarketing.files.table import Sorted, make_header
from smarketing.files.tables import Total

Row = Sequence[str | None]
NAMES = ("day", "clicks", "cost")


def taken(folder: Path, rows: Sequence[Row], names: Sequence[str] = NAMES) -> tuple[Total, ...]:
    """Land rows, the first on line 2, and return the totals that are taken out of them."""
    columns = {n: pa.array([row[p] for row in rows], pa.string()) for p, n in enumerate(names)}
    path = folder / "t.parquet"
    lines = pa.array(range(2, 2 + len(rows)), pa.int64())
    pq.write_table(pa.table({**columns, "_row": lines}), path)
    result = Sorted("t.csv", len(rows))
    take_sums_out(path, make_header(names), result)
    assert pq.read_metadata(path).num_rows == result.rows == len(rows) - len(result.totals)
    assert sum(result.skipped.values()) == len(result.totals)
    return tuple(result.totals)


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([("d1", "1", "2.50"), ("d2", "2", "3.00"), (None, "3", "5.50")], 4),
        ([(None, "3", "5.50"), ("d1", "1", "2.50"), ("d2", "2", "3.00")], 2),
        ([("d1", "1", "2,50"), ("d2", "2", "1.003,00"), (None, "3", "1.005,50")], 4),
        ([("d1", "1", "(2.50)"), ("d2", "2", "€ 3.00"), (None, "3", "0.50")], 4),
        ([("d1", "1", "−2.50"), ("d2", "2", "€ 3.00"), (None, "3", "0.50")], 4),
        ([("d1", "1", "(2.50)"), ("d2", "2", "€ 3.00"), (None, "3", "5.50")], None),
        ([("d1", "1", "-2.50"), ("d2", "2", "$3.00"), (None, "3", "(0.50)")], None),
        ([("d1", "1", "-2.50"), ("d2", "2", "0.50"), (None, "3", "(2.00)")], 4),
        ([("d1", "1", "2.50"), ("d2", "2", "3.00"), (None, "3", "5.52")], 4),  # rounded
        ([("d1", "1", "2.50"), ("d2", "2", "3.00"), (None, "3", "5.53")], None),
        ([("d1", "1", "2.50"), ("d2", "2", "3.00"), (None, None, "5.50")], 4),  # the only one
        ([("d1", "1", "2.50"), ("d2", "2", "3.00"), ("d3", "3", "5.50")], None),
        ([("d1", "1", "2.50"), ("d2", "2", "3.00"), (None, "3", "a note")], None),
        ([("d1", "1", "2.50"), (None, "1", "2.50")], None),  # of one record: a copy
        ([(None, "3", "5.50")], None),
        ([("d1", "1", "2.50", "4"), ("d2", "2", "3.00", "4"), (None, "3", "5.50", "4")], 4),
        ([("d1", "1", "2.50", "4"), ("d2", "2", "3.00", "4"), (None, "3", "5.51", "9")], 4),
        ([("d1", "1", "2.50", "4"), ("d2", "2", "3.00", "4"), (None, "3", "6.50", "9")], None),
        ([("d1", "1", "2.50"), (None, "2", "3.00"), (None, "3", "5.50")], None),
    ],
)
def test_a_row_that_sums_the_others_is_no_record(
    tmp_path: Path, rows: Sequence[Row], line: int | None
) -> None:
    found = taken(tmp_path, rows, (*NAMES, "rate")[: len(rows[0])])
    assert [total.row for total in found] == ([] if line is None else [line])


def test_of_one_record_three_sums_tell_a_total_and_it_says_what_it_holds(tmp_path: Path) -> None:
    names = ("day", "clicks", "views", "cost")
    rows = [("d1", "1", "7", "2.50"), (None, "1", "7", "2.50")]
    assert taken(tmp_path, rows, names) == (
        Total(3, "", "total", (("clicks", "1"), ("views", "7"), ("cost", "2.50"))),
    )


@pytest.mark.parametrize(
    ("text", "point", "number"),
    [
        ("1,234.50", ".", "1234.50"), ("1.234,50", ",", "1234.50"), ("(5)", ".", "-5"),
        ("(5", ".", None), ("−5 €", ".", "-5"), ("", ".", None), ("5-", ".", None),
    ],
)  # fmt: skip
def test_a_number_of_a_total_row(text: str, point: str, number: str | None) -> None:
    assert number_in(text, point) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("content", "feeds", "crlf", "returns", "nuls", "quotes", "lines"),
    [
        (b"", 0, 0, 0, 0, 0, 0),
        (b"a", 0, 0, 0, 0, 0, 1),
        (b"a\nb", 1, 0, 0, 0, 0, 2),
        (b"a\nb\n", 2, 0, 0, 0, 0, 2),
        (b'"a"\r\nb\r\n', 2, 2, 0, 0, 2, 2),
        (b"a\rb\r", 0, 0, 2, 0, 0, 2),
        (b"a\rb", 0, 0, 1, 0, 0, 2),
        (b"a\0\r\nb\rc\n", 2, 1, 1, 1, 0, 2),
    ],
)
@pytest.mark.parametrize("chunk", [1, 2, 100])
def test_the_counts_of_a_text_are_the_same_in_pieces_of_any_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, feeds: int, crlf: int,
    returns: int, nuls: int, quotes: int, lines: int, chunk: int,
) -> None:  # fmt: skip
    monkeypatch.setattr(encoding, "CHUNK", chunk)
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    found = scan(path, "utf-8", "a.csv")
    assert found is not None
    assert found == TextFile(
        path, "utf-8", feeds, crlf, returns, nuls, quotes, lines, 0, found.longest
    )


def test_text_without_a_line_end_is_measured_and_what_is_not_of_an_encoding_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoding, "CHUNK", 4)
    path = tmp_path / "a.csv"
    path.write_bytes(b"a\n" + b"x" * 20 + b"\n")
    found = scan(path, "utf-8", "a.csv")
    assert found is not None and 12 <= found.longest <= 20
    path.write_bytes("ä\n".encode() + b"\xff\xfe\n")
    assert scan(path, "utf-8", "a.csv") is None
    found = scan(path, "utf-8", "a.csv", errors="surrogateescape")
    assert found is not None and (found.broken, found.lines) == (2, 2)


def test_text_is_written_as_utf_8_across_its_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoding, "CHUNK", 3)
    path = tmp_path / "a.csv"
    path.write_bytes("näme\nÄ".encode("utf-16"))
    found = scan(path, "utf-16", "a.csv")
    assert found is not None and not found.is_utf8
    copy = to_utf8(found, tmp_path / "b.csv")
    assert copy.path.read_text(encoding="utf-8") == "näme\nÄ"
    assert copy == TextFile(copy.path, "utf-8", 1, 0, 0, 0, 0, 2) and copy.is_utf8


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("id,name\n1,Anna\n", "utf-16-le", "utf-16-le"), ("id,name\n1,Anna\n", "utf-16-be",
                                                           "utf-16-be"),
        ("ид,имя\n1,Анна\n", "utf-16-le", "utf-16-le"), ("id,name\n1,Anna\n", "utf-8", None),
        ("i", "utf-16-le", None), ("id", "utf-16-le", "utf-16-le"),
    ],
)  # fmt: skip
def test_wide_text_without_its_mark(text: str, name: str, found: str | None) -> None:
    assert wide_encoding(text.encode(name)) == found


def test_letters_apart_are_no_wide_text_for_a_few_bytes_of_nothing() -> None:
    assert wide_encoding(b"a " * 19 + b"a\0") is None
    assert wide_encoding(b"a " * 17 + b"a\0" * 3) == "utf-16-le"
