"""What the records of a table look like, how wide they are, and what is too much: by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from types import SimpleNamespace
from typing import Any

import pytest

from smarketing.errors import SourceError, UsageError
from smarketing.files import limits
from smarketing.files.folders import data_files, is_data, passed_over
from smarketing.files.merges import Merges
from smarketing.files.shape import (
    ADDRESS,
    CODE,
    DATE,
    NUMBER,
    WORDS,
    Shape,
    kind_of,
    shape_of,
)
from smarketing.files.table import Sorted, check_confidence, make_header
from smarketing.files.tables import BadRow
from smarketing.files.widths import common_width, unnamed_are_filled

Row = Sequence[str | None]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (("5", "-5", "1,200.50", "(3)", "EUR 5", "5 EUR", "5 €", "€5", "12%", "1e5"), NUMBER),
        (("2026-01-05", "5/1/26", "5.1.2026 10:00", "Jan 5, 2026", "5. März 2026"), DATE),
        (("Mon, Jan 5 2026", "2026/1/5T10:00"), DATE),
        (("a@b.de", "https://x.de/a"), ADDRESS),
        (("d1", "00Q000000000001", "12-34", "5-"), CODE),
        (("", None, "x", "1x y", "Total", "a-b"), WORDS),
    ],
)  # fmt: skip
def test_what_a_cell_holds(cells: Row, kind: str) -> None:
    assert {cell: kind_of(cell) for cell in cells} == dict.fromkeys(cells, kind)


def test_a_column_is_of_a_kind_where_nine_in_ten_of_its_values_are() -> None:
    def kinds(numbers: int, words: int) -> tuple[str, ...]:
        rows = [("x", "5")] * numbers + [("x", "none")] * words + [("x", "-")] * 5
        return shape_of(rows).kinds

    assert kinds(9, 1) == (WORDS, NUMBER)
    assert kinds(8, 1) == (WORDS, WORDS)
    for words, kind in ((1, CODE), (2, WORDS)):
        codes = [("x", "d1")] * 5 + [("x", "7")] * 4 + [("x", "none")] * words
        assert shape_of(codes).kinds == (WORDS, kind)
    mixed = shape_of([("a1", "x"), ("22", "x"), ("b3", "x")])
    assert mixed.kinds == (CODE, WORDS)


def test_what_every_record_fills_but_perhaps_one_in_twenty() -> None:
    def always(full: int, short: int) -> set[int]:
        rows: list[Row] = [("a", "b", "c")] * full + [("a", None, "c")] * short
        return set(shape_of(rows).always)

    assert always(2, 0) == {0, 1, 2} and always(1, 1) == {0, 2}
    assert always(2, 1) == {0, 1, 2}, "of three or more, one may lack it"
    assert always(2, 2) == {0, 2}
    assert always(38, 2) == {0, 1, 2} and always(37, 3) == {0, 2}
    assert shape_of([]) == Shape()


def test_a_lone_cell_is_a_record_only_where_it_is_a_key() -> None:
    rows: list[Row] = [("d1", "Anna"), ("d2", "Ben"), ("d3", None), ("Title", None)]
    found = shape_of(rows)
    assert (found.records, found.kinds) == (3, (CODE, WORDS))
    assert found.has_its_key(("d9", "")) and found.has_its_key((None, "x")) is False
    assert not found.has_its_key(("d9", "x")) and not found.has_its_key(("", "", "d9"))


def test_a_row_is_like_the_records_where_values_stand_under_values() -> None:
    shape = Shape((CODE, DATE, NUMBER, WORDS), frozenset({0, 1, 2, 3}), 9)
    assert shape.is_like(("d1", "2026-01-05", "5", "x"))
    assert shape.is_like(("some words", "2026-01-05", "5", "x")), "a code may be any word"
    assert not shape.is_like(("d1", "soon", "5", "x"))
    assert shape.is_like(("d1", "2026-01-05", None, None)), "half of what is always filled"
    assert not shape.is_like(("d1", None, None, None))
    assert not Shape((WORDS, WORDS), frozenset({0}), 9).is_like(("a", "b"))
    assert shape.is_unlike(("Id", "Day", "Amount", "Name"))
    assert not shape.is_unlike(("Id", "2026-01-05", "Amount", "Name"))
    assert not shape.is_unlike((None, "-", None, "x")) and not shape.is_unlike((None,) * 4)
    assert shape.lacks(("d1", "x", "y", "")) and not shape.lacks(("d1", "x", "y", "z"))
    assert not Shape(shape.kinds, shape.always, 1).lacks(("d1",))
    assert shape.within(2) == Shape((CODE, DATE), frozenset({0, 1}), 9)


@pytest.mark.parametrize(
    ("widths", "found"),
    [
        ({3: 9}, 3),
        ({4: 20, 3: 1}, 4),  # one in twenty-one may be broken
        ({4: 19, 3: 1}, 3),
        ({4: 21, 5: 1}, 4),
        ({4: 19, 5: 1}, 3),
        ({2: 9}, 3),  # fewer than the names
        ({}, 3),
    ],
)
def test_records_are_as_wide_as_the_header_or_all_of_them_wider(
    widths: dict[int, int], found: int
) -> None:
    rows = [
        ("a", "b", "c", "", "")[:width] for width, count in widths.items() for _ in range(count)
    ]
    assert common_width(rows, make_header(("x", "y", "z"))) == found


def test_a_value_beyond_the_header_is_no_empty_cell() -> None:
    header = make_header(("x", "y", "z"))
    assert common_width([("a", "b", "c", "d")] * 3, header) == 3
    assert common_width([("a", "b", "", "")], header) == 3, "one record, short of a value"
    assert common_width([("a", "b", "c", "")], header) == 4
    wide = make_header(("x", "", ""))
    assert unnamed_are_filled([("a", "b", ""), ("a", "", "c"), ("a", "", "")], wide)
    assert not unnamed_are_filled([("a", "b", ""), ("a", "", "")], wide)


def test_a_header_for_records_of_another_width_loses_no_name() -> None:
    header = make_header(("x", "y", "", ""))
    assert (header.named, header.blanks) == (2, ("column_3", "column_4"))
    assert header.of_width(4) is header and header.of_width(1) is header
    less = header.of_width(3)
    assert (less.columns, less.blanks) == (("x", "y", "column_3"), ("column_3",))
    more = header.of_width(5)
    assert more.columns == ("x", "y", "column_3", "column_4", "column_5")
    assert more.blanks == ("column_3", "column_4", "column_5")
    assert header.is_repeated(("x ", "y", "", None)) and not header.is_repeated(("x", "y", "z"))


BAD = BadRow(7, "x", "3 cells")


def test_a_table_of_mostly_broken_records_is_refused() -> None:
    check_confidence("a.csv", 0, [BAD] * 100)
    check_confidence("a.csv", 101, [BAD] * 101)
    said = "101 of 201 records are broken, the first on line 7"
    with pytest.raises(SourceError, match=said):
        check_confidence("a.csv", 100, [BAD, *[BadRow(8, "y", "1 cell")] * 100])


def test_reading_stops_where_hardly_any_record_is_whole() -> None:
    for rows, is_read in ((50, False), (51, True)):
        result = Sorted("a.csv", rows)
        for _ in range(1000):
            result.lose(BAD)
        if is_read:
            result.lose(BAD)
            assert len(result.bad_rows) == 1001
        else:
            with pytest.raises(SourceError, match="with confidence"):
                result.lose(BAD)


@pytest.mark.parametrize(
    ("check", "most"),
    [
        (limits.check_columns, limits.MAX_COLUMNS),
        (limits.check_blanks, limits.MAX_BLANKS),
        (limits.check_lines, limits.MAX_LINE - 1),
    ],
)
def test_what_no_export_reaches_is_refused(check: Callable[[int, str], None], most: int) -> None:
    check(most, "a.csv")
    with pytest.raises(SourceError, match=r"^a\.csv "):
        check(most + 1, "a.csv")


def test_limits_are_what_spreadsheets_and_customer_systems_reach() -> None:
    assert (limits.MAX_COLUMNS, limits.MAX_BLANKS, limits.MAX_SHEETS) == (16_384, 1_000, 500)
    assert (limits.MAX_VALUE, limits.MAX_LINE) == (16 * 1024**2, 12 * 1024**2)
    assert limits.MAX_CELLS == 50_000_000
    assert limits.text_fault("x" * limits.MAX_VALUE) is None
    assert limits.text_fault("x" * (limits.MAX_VALUE + 1)) == "a value of more than 16 MB"
    assert limits.text_fault("ä\ud83d") == "half a character (a surrogate that stands alone)"
    assert limits.text_fault("a\0") == "a NUL byte"
    assert limits.text_fault("ä😀") is None


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("deals.csv", True), ("a/deals", True), (".deals.csv", False), ("a/.git/deals.csv", False),
        ("~$deals.xlsx", False), ("__MACOSX/deals.csv", False), ("README", False),
        ("readme.txt", False), ("readme.csv", True), ("notes.md", False), ("a.PDF", False),
        ("License.txt", False), ("licenses.csv", True), ("x.json", True),
    ],
)  # fmt: skip
def test_which_files_may_hold_data(path: str, found: bool) -> None:
    assert is_data(PurePath(path)) is found


def test_a_folder_gives_its_data_and_names_its_documents(tmp_path: Path) -> None:
    for name in ("b.csv", "a/c.csv", "a/x.pdf", ".h.pdf", "README", "z.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "a" / "again").symlink_to(tmp_path)
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nowhere")
    found = data_files([tmp_path / "z.png", tmp_path, tmp_path / "b.csv"])
    assert [str(path.relative_to(tmp_path)) for path in found] == [
        "z.png", "a/c.csv", "b.csv", "gone.csv",
    ]  # fmt: skip
    assert [path.name for path in passed_over([tmp_path, tmp_path / "b.csv"])] == ["x.pdf", "z.png"]


def test_downloads_of_one_name_come_by_their_number_and_years_by_name(tmp_path: Path) -> None:
    for name in ("d (2).csv", "d (10).csv", "d.csv", "e (2026).csv", "e.csv"):
        (tmp_path / name).write_text("x")
    assert [path.name for path in data_files([tmp_path])] == [
        "d.csv", "d (2).csv", "d (10).csv", "e (2026).csv", "e.csv",
    ]  # fmt: skip
    (tmp_path / "empty").mkdir()
    for path, says in (("empty", "holds no file"), ("nothing", "no file or folder")):
        with pytest.raises(UsageError, match=says):
            data_files([tmp_path / path])


def test_merged_words_are_filled_down_and_merged_numbers_left_and_both_are_said() -> None:
    merges = Merges({0: [(0, 2), (1, 1), (9, 1)], 2: [(1, 2)]})
    rows: list[tuple[int, list[object], list[str]]] = [
        (0, ["East", 5, "x"], ["East", "5", "x"]), (1, ["", "", "y"], ["", "", "y"]),
        (2, ["", True, ""], ["", "TRUE", ""]), (3, ["", "", "z"], ["", "", "z"]),
    ]  # fmt: skip
    assert list(merges.fill(rows)) == [
        ["East", "5", "x"], ["East", "", "y"], ["East", "TRUE", ""], ["", "", "z"],
    ]  # fmt: skip
    assert merges.notes(("a", "b", "c")) == (
        "merged cells of 'a', 'b' are filled into the rows they cover",
        "merged numbers of 'b' stand in the first of the rows they cover",
    )
    assert merges.notes(("b", "c"), 1) == (
        "merged cells of 'b' are filled into the rows they cover",
        "merged numbers of 'b' stand in the first of the rows they cover",
    )
    assert merges.notes(("a",)) == ("merged cells of 'a' are filled into the rows they cover",)
    assert merges.notes((), 2) == Merges({}).notes(("a",)) == ()


def test_a_merged_text_fills_what_is_blank_below_it_and_no_further() -> None:
    def filled(cells: list[list[str]], starts: dict[int, list[tuple[int, int]]]) -> list[list[str]]:
        merges = Merges(starts)
        rows = [(number, [*row], [*row]) for number, row in enumerate(cells)]
        return [*merges.fill(rows)]

    rows = [["a", "1"], ["", "2"], ["b", "3"], [], ["", "5"]]
    assert filled(rows, {0: [(0, 2)]}) == [["a", "1"], ["a", "2"], ["b", "3"], [], ["", "5"]]
    assert filled(rows, {0: [(0, 4)]})[4] == ["a", "5"]
    assert filled(rows, {1: [(0, 2)], 2: [(7, 4)]}) == rows
    sheet: Any = SimpleNamespace(start=(0, 2), merged_cell_ranges=[
        ((1, 2), (3, 2)), ((1, 3), (1, 4)), ((1, 1), (3, 1)), ((1, 5), (2, 5)),
    ])  # fmt: skip
    assert Merges.of(sheet).starts == {1: [(0, 3), (3, 2)]}
    bare: Any = SimpleNamespace(start=None, merged_cell_ranges=None)
    assert Merges.of(bare).starts == {}
    told = Merges({}, filled={1, 9}, left={2})
    assert told.notes(("x", "y"), 1) == (
        "merged cells of 'x' are filled into the rows they cover",
        "merged numbers of 'y' stand in the first of the rows they cover",
    )
    assert Merges({}, filled={0}).notes(("x",), 1) == ()
    number, flag = Merges({0: [(0, 1)]}), Merges({0: [(0, 1)]})
    assert [*number.fill([(0, [7.0], ["7"]), (1, [""], [""])])] == [["7"], [""]]
    assert [*flag.fill([(0, [True], ["true"]), (1, [""], [""])])] == [["true"], ["true"]]
    assert (number.left, number.filled, flag.left, flag.filled) == ({0}, set(), set(), {0})


def test_a_lone_word_is_no_key() -> None:
    shape = Shape((WORDS, CODE), frozenset(), 9)
    assert not shape.has_its_key(("x", "")) and shape.has_its_key(("", "d1"))
    assert not shape.has_its_key(("", "x")) and not shape.has_its_key(("", "", "d1"))
    assert not shape.has_its_key(("d1", "d2"))
