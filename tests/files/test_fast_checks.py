"""What bytes and quotes the records of a file landed the fast way account for, by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from smarketing.files import fast_checks
from smarketing.files.encoding import TextFile
from smarketing.files.fast import _number_around, _number_lines
from smarketing.files.fast_checks import Job, Rest, adds_up, lines_above, take_odd_rows_out
from smarketing.files.landing import Landing
from smarketing.files.shape import Shape
from smarketing.files.table import Header, Sorted
from smarketing.files.tables import BadRow, Dialect

COLUMNS = ("name", "day", "cost")
SHAPE = Shape(("", "date", "number"), frozenset({0, 1, 2}), 9)


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


Rows = Sequence[Sequence[str | None]]


def job(con: duckdb.DuckDBPyConnection, folder: Path, text: str, rows: Rows, **more: Any) -> Job:
    """A file with a header line, and its rows as they were landed, on the lines from 2."""
    path, target = folder / "f.csv", folder / "f.parquet"
    path.write_bytes(text.encode())
    header = Header(
        more.pop("columns", COLUMNS),
        more.pop("cells", COLUMNS),
        3,
        lines=1,
        **{"shape": SHAPE} | more,
    )
    Landing(target, header.columns).write(enumerate(rows, start=2))
    ends = text.count("\n")
    crlf = text.count("\r\n")
    file = TextFile(path, "utf-8", ends, crlf, 0, 0, text.count('"'), ends)
    return Job(con, file, Dialect(",", '"'), header, target)


HEAD = "name,day,cost\n"
ANN, BOB = ("Ann", "2026-01-05", "4"), ("Bob", "2026-01-06", "5")


@pytest.mark.parametrize(
    ("body", "rows", "several", "believed"),
    [
        ("Ann,2026-01-05,4\nBob,2026-01-06,5\n", [ANN, BOB], False, True),
        ("Ann,2026-01-05,4\nBob,2026-01-06,5", [ANN, BOB], False, True),
        ("Ann,2026-01-05,4\nBob,2026-01-06,5,\n", [ANN, BOB], False, False),
        ("Ann,2026-01-05,\nBob,2026-01-06,5\n", [(*ANN[:2], None), BOB], False, True),
        ('"Ann",2026-01-05,4\n', [ANN], False, True),
        ('A"nn,2026-01-05,4\n', [('A"nn', *ANN[1:])], False, False),
        ('"A""nn",2026-01-05,4\n', [('A"nn', *ANN[1:])], False, True),
        ('"A""nn","2026-01-05","4"\n', [('A"nn', *ANN[1:])], False, True),
        ('"A""nn","2026-01-05",4\n', [('A"nn', *ANN[1:])], False, False),
        ('"A""n""n",2026-01-05,4\n', [('A"n"n', *ANN[1:])], False, True),
        ('"=""7""",2026-01-05,4\n', [('="7"x', *ANN[1:])], False, False),
        ('"A""nn",2026-01-05,4\n" B",2026-01-06,5\n',
         [('A"nn', *ANN[1:]), (" B", *BOB[1:])], False, True),
        ('"A""nn",2026-01-05,4\n"B,b",2026-01-06,5\n',
         [('A"nn', *ANN[1:]), ("B,b", *BOB[1:])], False, True),
        ('"A""nn","2026-01-05","4"\n"Bob","2026-01-06",\n',
         [('A"nn', *ANN[1:]), (*BOB[:2], None)], False, True),
        ('"A""nn","2026-01-05","4"\n"Bob","2026-01-06",""\n',
         [('A"nn', *ANN[1:]), (*BOB[:2], None)], False, True),
        ('"A\nnn",2026-01-05,4\n', [("A\nnn", *ANN[1:])], True, True),
        ('"A\nnn,2026-01-09,7",2026-01-05,4\n', [("A\nnn,2026-01-09,7", *ANN[1:])], True, True),
        ('"Ann,2026-01-09,7\nBob",2026-01-05,4\n',
         [("Ann,2026-01-09,7\nBob", *ANN[1:])], True, False),
        ('"Ann,2026-01-09,7\nBob",2026-01-05,4\n',
         [("Ann,2026-01-09,7\nBob", *ANN[1:])], False, True),
    ],
)  # fmt: skip
def test_a_file_is_the_bytes_that_its_records_need(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, body: str, rows: Rows, several: bool,
    believed: bool,
) -> None:  # fmt: skip
    for end in ("\n", "\r\n"):
        if end != "\n" and any("\n" in (cell or "") for row in rows for cell in row):
            continue
        work = job(con, tmp_path, (HEAD + body).replace("\n", end), rows)
        above = lines_above(work)
        assert (above.size, above.quotes) == (len(HEAD) - 1 + len(end), 0)
        assert adds_up(work, len(rows), above, several) is believed, end


def test_a_formula_that_keeps_a_text_is_left_to_care(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    text = HEAD + '"=""7""",2026-01-05,"a""b"\n'
    work = job(con, tmp_path, text, [("x", "2026-01-05", 'a"b')])
    assert not fast_checks._has_formulas(work)
    work = job(con, tmp_path, text, [('="7" x', "2026-01-05", 'a"b')])
    assert fast_checks._has_formulas(work)


def test_quotes_are_counted_in_what_was_left_out() -> None:
    rest = Rest()
    rest.add(b'"a","b"\r\n')
    rest.add(b"x\n")
    assert (rest.size, rest.quotes) == (11, 4)


def test_values_and_quotes_are_counted_by_the_rules_of_writers(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows = [('A"n"', "ü", None), (" B", "x,y", None), ("C\nc", "d", "e")]
    work = job(con, tmp_path, HEAD + '""', rows)
    assert fast_checks._values(work) == (4 + 2 + 2 + 3 + 3 + 1 + 1, 2)
    assert fast_checks._wrapped(work, 3) == {6, 8, 14, 18}
    assert fast_checks._wrapped(job(con, tmp_path, HEAD, []), 0) == {0}
    assert fast_checks._values(job(con, tmp_path, HEAD, [])) == (0, 0)


TOTAL = ("Total", None, "9")


@pytest.mark.parametrize(
    ("rows", "believed", "totals"),
    [
        ([ANN, BOB], True, []),
        ([ANN, BOB, TOTAL], True, [4]),
        ([ANN, ("Subtotal", None, "4"), BOB, TOTAL], True, [3, 5]),
        ([ANN, COLUMNS, BOB], False, []),
        ([ANN, ("a title", None, None), BOB], False, []),
        ([ANN, (None, None, None), BOB], False, []),
        ([ANN, (" ", None, " "), BOB], False, []),
        ([ANN, ("Total", "2026-01-05", "4"), BOB], True, []),
        ([ANN, BOB, ("Total", "2026-01-05", "9")], True, [4]),
        ([ANN, ("other", "words", "here"), BOB], False, []),
        ([ANN, (None, "2026-01-05", "4"), BOB], True, []),
    ],
)
def test_totals_are_taken_out_and_what_needs_care_is_not_believed(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, rows: Rows, believed: bool, totals: list[int]
) -> None:
    work = job(con, tmp_path, HEAD, rows)
    found = Sorted("f.csv", len(rows))
    assert take_odd_rows_out(work, found) is believed
    if believed:
        assert [total.row for total in found.totals] == totals
        left = con.execute(f"select _row from {work.source} order by 1").fetchall()
        gone = [row for row in range(2, len(rows) + 2) if row not in totals]
        assert [row for (row,) in left] == gone and found.rows == len(gone)
        assert sum(found.skipped.values()) == len(totals)


def test_a_total_is_told_by_the_profile(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = [ANN, ("Ann", "all", "4"), BOB]
    for place, taken in ((None, []), (1, [3]), (0, [])):
        work = job(con, tmp_path, HEAD, rows, totals=((place, re.compile("^all$")),))
        found = Sorted("f.csv", 3)
        assert take_odd_rows_out(work, found)
        assert [total.row for total in found.totals] == taken, place


def test_a_table_that_ends_in_totals_alone_is_not_believed(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    last = ("Total", "2026-01-05", "9")
    for count, known in ((19, True), (20, False)):
        work = job(con, tmp_path, HEAD, [ANN] + [last] * count)
        found = fast_checks._last_totals(work)
        assert (found is not None) is known
        assert found is None or [*found] == [*range(2 + count, 2, -1)]


def test_records_are_numbered_around_rejected_lines_and_line_breaks(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    work = job(con, tmp_path, HEAD, [(name, None, None) for name in "abcd"])
    _number_around(work, [2, 4, 5])
    assert con.execute(f"select name, _row from {work.source}").fetchall() == [
        ("a", 3), ("b", 6), ("c", 7), ("d", 8),
    ]  # fmt: skip
    work = job(
        con, tmp_path, HEAD, [("a\nb", None, "x\n\ny"), ("c", None, None), ("d\n", None, "")]
    )
    assert _number_lines(work, 8)
    assert con.execute(f"select _row from {work.source}").fetchall() == [(2,), (6,), (7,)]
    assert not _number_lines(work, 7)


@pytest.mark.parametrize(
    ("kinds", "names", "odd"),
    [
        ((), ("colour", "size"), [3]),
        ((), (), []),
        (("", "date", "number"), (), [3, 4]),
        (("", "", "number"), (), [3]),
        (("code", "", ""), ("colour",), []),
    ],
)
def test_rows_of_words_where_records_have_values_are_looked_at(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, kinds: tuple[str, ...], names: tuple[str, ...],
    odd: list[int],
) -> None:  # fmt: skip
    rows = [ANN, ("Colour", "some", "words"), ("Size", "other", "4"), ("Cy", None, None)]
    rows[2] = ("Si ze", "other", "4") if kinds else ("x", "other", "4")
    work = job(con, tmp_path, HEAD, rows, shape=Shape(kinds, frozenset(), 9), names=names)
    conditions = fast_checks._unlike(work)
    found = work.rows(conditions[0]) if conditions else []
    expected = odd if kinds != ("", "date", "number") else [3]
    assert [row for row, *_ in found] == expected


def test_a_label_is_the_first_cell_that_is_filled_or_that_of_the_header(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    coded = Shape(("code", "", ""), frozenset(), 9)
    rows = [ANN, ("total", "x", "1"), ("7 words", "x", "1"), ("name", "x", "1"), (None, "sum", "1")]
    for shape, odd in ((SHAPE, [3, 5, 6]), (coded, [2, 3, 5, 6])):
        work = job(con, tmp_path, HEAD, rows, shape=shape)
        assert [row for row, *_ in work.rows(fast_checks._labelled(work))] == odd
    full = job(con, tmp_path, HEAD, [ANN, ("x", "sum", "1"), ("Sum: y", "x", "1")])
    assert [row for row, *_ in full.rows(fast_checks._labelled(full))] == [4]


def test_what_stands_in_the_header_is_none_of_the_records(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    text = '"name","day",cost\n"A""nn",2026-01-05,4\n'
    work = job(con, tmp_path, text, [('A"nn', *ANN[1:])])
    above = lines_above(work)
    assert above.quotes == 4 and adds_up(work, 1, above, several=False)
    assert fast_checks._size(work) == len(text)
    assert fast_checks._size(job(con, tmp_path, text[:-1], [])) == len(text)
    assert fast_checks._size(job(con, tmp_path, "", [])) == 1
    assert fast_checks._size(job(con, tmp_path, "a\r\nb", [])) == 6


def test_a_total_above_a_broken_record_is_left_to_care(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    for line, believed in ((3, True), (4, True), (5, False)):
        work = job(con, tmp_path, HEAD, [ANN, BOB, ("Total", "2026-01-05", "9")])
        found = Sorted("f.csv", 3, bad_rows=[BadRow(line, "x", "broken"), BadRow(1, "y", "broken")])
        assert take_odd_rows_out(work, found) is believed


@pytest.mark.parametrize(
    ("cells", "named", "care"),
    [
        (("x", None, None), 3, True), (("x", None, None), 2, False), (("x", "y", None), 3, False),
        (("name", "day", "cost"), 3, True), (("Source: x", None, "1"), 2, False),
        (("# x", None, None), 2, True), (("(some, words", "x", ""), 2, False),
    ],
)  # fmt: skip
def test_which_odd_rows_only_care_can_tell(
    cells: tuple[str | None, ...], named: int, care: bool
) -> None:
    header = Header(COLUMNS, COLUMNS, named)
    assert fast_checks._needs_care(cells, header) is care
