"""Headers, totals, footers and dialects told from records, rule by rule; by hand."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from smarketing.files.dialect import (
    Sample,
    _faults,
    find_dialect,
)
from smarketing.files.encoding import TextFile
from smarketing.files.fast import _blank_lines_below, _regular
from smarketing.files.header_row import (
    HeaderRow,
    _common_width,
    _is_heading_of,
    _like_records,
    _looks_like_names,
    find_header,
    inner_rows,
    is_other_header,
    is_remark,
    locate,
    records_shape,
    side_by_side,
    up_to_title,
)
from smarketing.files.json_records import flatten
from smarketing.files.parsing import Record
from smarketing.files.repeats import _repeated
from smarketing.files.rows import Line, _width_error, judge, may_be_title
from smarketing.files.sections import is_of_attendees, is_of_hosts, names_an_event
from smarketing.files.shape import CODE, NUMBER, WORDS, Shape, shape_of
from smarketing.files.sheets import _binary, column_number
from smarketing.files.table import Sorted, make_header
from smarketing.files.tables import BadRow, Dialect, Total, TotalRow
from smarketing.files.totals import (
    NO,
    PERHAPS,
    SURELY,
    is_total,
    names_a_group,
    names_a_total,
    read_total,
    speaks_of_all,
    sums_up,
)
from smarketing.files.turned import is_stretch, turned

Row = Sequence[str | None]
NAMES = ("Campaign", "Day", "Cost")
SHAPE = Shape((WORDS, "date", NUMBER), frozenset({0, 1, 2}), 9)
HEADER = replace(make_header(NAMES), shape=SHAPE)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (("Total", "", "9"), SURELY),  # it lacks the day that every record has
        (("Total", "2026-01-05", "9"), PERHAPS),
        (("Grand total", "2026-01-05", "9"), PERHAPS),
        (("Total: June", "2026-01-05", "9"), SURELY),
        (("Subtotal", "2026-01-05", "9"), SURELY),
        (("Total", "2026-01-05", "words"), NO),
        (("Total", "2026-01-05", "EUR"), PERHAPS),
        (("Total", "EUR", "€"), NO),  # currencies alone are no sum
        (("Total", "-", "9"), SURELY),  # a dash says nothing
        (("Fair", "2026-01-05", "9"), NO),
        (("Fair", "Total", "9"), NO),  # behind the word of a group, and nothing lacks
        (("Fair", "", "Total"), SURELY),
        (("East Total", "", "9"), SURELY),
        (("East Total", "2026-01-05", "9"), NO),
        (("East Total", "", "words"), NO),
        (("East Total", "", ""), NO),
        (("Total of 3 results", "", "9"), SURELY),
        (("Results from 2 campaigns", "2026-01-05", "words"), SURELY),
        (("5", "Total", "9"), NO),  # a number is no word of a group
        (("", "", ""), NO),
        (("Total", "", ""), SURELY),
    ],
)
def test_a_row_is_a_total_or_perhaps_one_or_none(row: Row, found: int) -> None:
    assert is_total(row, HEADER) == found
    if found != NO:
        assert names_a_total(row)


def test_without_records_looked_at_the_bare_word_is_perhaps_a_total() -> None:
    bare = make_header(NAMES)
    assert is_total(("Total", "", "9"), bare) == PERHAPS
    assert is_total(("a", "b", "Total"), bare) == NO == is_total(("a", "b", "c", "Total"), bare)
    told = make_header(NAMES, 0, [TotalRow("^all$", frozenset({"day"})), TotalRow("^every")])
    assert is_total(("x", "ALL", "9"), told) == SURELY
    assert is_total(("all", "x", "9"), told) == NO
    assert is_total(("", "Everything", "9"), told) == SURELY
    assert is_total(("x",), told) == NO


@pytest.mark.parametrize(
    ("row", "label", "kind", "values"),
    [
        (("Total", "2026-01-05", "9"), "Total", "total", (("Day", "2026-01-05"), ("Cost", "9"))),
        (("Subtotal", "", "9"), "Subtotal", "subtotal", (("Cost", "9"),)),
        (("East Total", "-", "9"), "East Total", "subtotal", (("Cost", "9"),)),
        (("Total East", "", "9"), "Total East", "total", (("Cost", "9"),)),
        (("Count", "", "9"), "Count", "count", (("Cost", "9"),)),
        (("", "Sum", " 9 "), "Sum", "total", (("Cost", "9"),)),
        (("", "", "9", "beyond"), "", "total", (("Cost", "9"),)),
    ],
)
def test_what_a_total_says(row: Row, label: str, kind: str, values: Any) -> None:
    assert read_total(7, row, HEADER) == Total(7, label, kind, values)


@pytest.mark.parametrize(
    ("text", "others", "sums"),
    [
        ("Total", (), True),
        ("January sum", (), True),
        ("Average", (), True),
        ("Total Spring", ("Spring", "Fall"), True),
        ("Spring - total", ("spring",), True),
        ("Total (Spring)", ("Spring",), True),
        ("Spring average", ("Spring",), True),
        ("Total Energies", ("Spring",), False),
        ("Spring Energies", ("Spring", "Energies"), False),
        ("Spring", ("Spring",), False),
    ],
)
def test_words_that_sum_up_others(text: str, others: Sequence[str], sums: bool) -> None:
    assert sums_up(text, others) is sums


def test_words_for_all_and_headings_of_groups() -> None:
    assert speaks_of_all("All campaigns") and speaks_of_all("alle_Kampagnen")
    assert not speaks_of_all("Allianz") and not speaks_of_all("for all")
    assert names_a_group(("Stage: Won (3 records)", "", "")) and names_a_group(("", "x (1 item)"))
    assert not names_a_group(("Won (3 records)", "9")) and not names_a_group(("Won (3)", ""))


@pytest.mark.parametrize(
    ("row", "is_one"),
    [
        (("# made by us",), True), (("#", ""), True), (("#", "Name"), False), (("#Id", "x"), False),
        (("#-- x", "y"), True), (("## x",), True), (("x #",), False), ((), False), ((None,), False),
    ],
)  # fmt: skip
def test_a_remark_begins_with_its_sign(row: Row, is_one: bool) -> None:
    assert is_remark(row) is is_one


RECORDS = [("a1", "2026-01-05", "1"), ("a2", "2026-01-06", "2"), ("a3", "2026-01-07", "3")]


@pytest.mark.parametrize(
    ("rows", "names", "index"),
    [
        ([NAMES, *RECORDS], (), 0),
        ([("Report",), (), NAMES, *RECORDS], (), 2),
        (RECORDS, (), None),
        ([("# x", "y"), NAMES, *RECORDS], (), 1),
        ([("# x", "y", "z"), NAMES, *RECORDS], (), 0),  # as wide as all: names, perhaps
        ([("# x", "y", "z"), ("# u", "v", "w"), NAMES, *RECORDS], (), 2),
        ([("# x", "y", "z"), *RECORDS], (), 0),  # a remark, unless there is no other header
        ([("#", "Day", "Cost"), *RECORDS], (), 0),
        # A row that groups columns stands above the names: it leaves gaps.
        ([("Who", "", "What"), NAMES, *RECORDS], (), 1),
        ([("Who", "When", "What"), NAMES, *RECORDS], (), 0),
        # Known names: two of them and a third of the cells, or all there are.
        ([("x", "y", "z"), ("Id", "Day", "z"), *RECORDS], ("id", "day"), 1),
        ([("x", "y", "z"), ("Id", "y", "z"), *RECORDS], ("id", "day"), 0),
        ([("Id",), ("x", "y", "z"), *RECORDS], ("id",), 0),
        ([("a", "b", "c", "d", "e", "f", "g"), ("Id", "Day", "c", "d", "e", "f", "g")],
         ("id", "day"), 0),
        ([("a", "b", "c", "d", "e", "f"), ("Id", "Day", "c", "d", "e", "f")], ("id", "day"), 1),
        ([("# Id", "Day"), ("x", "y"), ("1", "2")], ("id", "day"), 0),
        # Facts on the report stand above its names.
        ([("Made", "2026-01-09", "5"), NAMES, *RECORDS], (), 1),
        ([("x", "x", "x"), ("y", "y", "y")], (), None),  # names do not repeat
    ],
)  # fmt: skip
def test_the_header_among_the_first_rows(
    rows: list[Row], names: Sequence[str], index: int | None
) -> None:
    assert find_header(rows, names) == index


def test_where_a_header_stands_is_told_with_what_is_above_and_below_it() -> None:
    found = locate([("Report",), ("of June", "now"), NAMES, ("(text)", "(day)", "(EUR)"), *RECORDS],
                   (), "t")  # fmt: skip
    assert found is not None
    assert (found.index, found.last, found.above) == (2, 3, 2)
    assert found.texts == ("Report", "of June now") and found.shape.records == 3
    plain = locate([NAMES, *RECORDS], (), "t")
    assert plain is not None and (plain.index, plain.last, plain.above) == (0, 0, 0)
    assert locate(RECORDS, (), "t") is None


@pytest.mark.parametrize(
    ("rows", "width"),
    [
        ([("a", "b"), ("c", "d"), ("e", "f", "g")], 2),
        ([("a", "b", ""), ("c", "d", ""), ("e", "f", "")], 2),  # a separator at the end of each
        ([("a", "b", ""), ("c", "d", "x"), ("e", "f", "")], 3),
        ([("a", "b"), ("c", "d", "e")], 3),  # of as many, the wider
        ([("Title",), ("a", "b"), ("c", "d"), ("End",), ("End",), ("End",)], 2),
        ([], 0),
        ([("",)], 0),
    ],
)
def test_as_wide_as_most_rows_are(rows: list[Row], width: int) -> None:
    assert _common_width(rows) == width


def test_lone_cells_at_both_ends_are_no_part_of_a_table() -> None:
    rows: list[Row] = [("T",), ("a", "b"), ("x",), ("c", "d"), ("End",)]
    assert inner_rows(rows) == rows[1:4]
    assert inner_rows(rows[:3]) == rows[:3], "one row alone is no table"
    assert up_to_title(rows[1:]) == [("a", "b")] and up_to_title([("a", "b")]) == [("a", "b")]
    assert _looks_like_names(("a", "b", "")) and not _looks_like_names(("a", "a"))
    assert _looks_like_names(("a", "b", "A")) and not _looks_like_names(("a", "5"))
    assert _is_heading_of(("Who", "", "What"), [NAMES, *RECORDS])
    assert not _is_heading_of(("Who", "x", "What"), [NAMES, *RECORDS])
    assert not _is_heading_of(("Who", "", "What"), [("Campaign", "", "Cost"), *RECORDS])


@pytest.mark.parametrize(
    ("header", "body", "parts"),
    [
        (("A", "B", "", "A", "C"), [("1", "2", "", "3", "4")], [(0, 2), (3, 5)]),
        (("A", "B", "", "D", "C"), [("1", "2", "", "3", "4")], [(0, 5)]),  # they end alike
        (("A", "B", "", "D", "C"), [("1", "2", "", "3", "4"), ("1", "2")], [(0, 2), (3, 5)]),
        (("A", "B", "", "D", ""), [("1", "2", "", "3", "4")], [(0, 5)]),  # too few names
        (("A", "B", "", "D"), [("1", "2", "x", "3")], [(0, 4)]),  # nothing parts them
        (("A", "B"), [("1", "2")], [(0, 2)]),
    ],
)
def test_tables_side_by_side(header: Row, body: list[Row], parts: list[tuple[int, int]]) -> None:
    assert side_by_side([header, *body], 0) == parts
    assert side_by_side([("T",), header, *body], 1) == parts


@pytest.mark.parametrize(
    ("row", "names", "apart", "is_other"),
    [
        (("Owner", "Stage"), ("owner", "stage"), True, True),
        (("Owner", "Stage"), ("owner", "stage"), False, True),  # words where values should be
        (("Owner", "", "Stage"), (), True, True),
        (("Owner", "", "Stage"), (), False, False),
        (("Owner",), ("owner",), True, False),
        (("Owner", "Owner"), (), True, False),
        (("Owner", "n/a"), ("owner", "n/a"), True, False),
        (("Fair", "2026-01-05", "9"), ("fair",), True, False),
        (("Owner", "x", "y", "z"), ("owner", "x", "y", "z"), False, True),  # it ends elsewhere
    ],
)
def test_a_row_below_may_be_the_header_of_another_table(
    row: Row, names: Sequence[str], apart: bool, is_other: bool
) -> None:
    assert is_other_header(row, NAMES, SHAPE, names, apart) is is_other


def test_records_are_looked_at_up_to_a_blank_row_or_other_names() -> None:
    rows: list[Row] = [("", ""), *RECORDS[:2], ("Total", "", "3"), RECORDS[2]]
    assert records_shape(rows, ()).records == 3
    assert records_shape([*RECORDS[:2], ("", ""), RECORDS[2]], ()).records == 2
    assert records_shape([*RECORDS[:2], NAMES, RECORDS[2]], ("campaign", "day")).records == 2
    assert records_shape([*RECORDS[:2], NAMES, RECORDS[2]], ("campaign",)).records == 4


@pytest.mark.parametrize(
    ("cells", "exact", "error"),
    [
        (("a", "b", "c"), False, None),
        (("a", "b"), False, "2 cells where the header has 3"),
        (("a", "b", "c", ""), False, "4 cells where the header has 3"),
        (("a", "b", "c", ""), True, None),
        (("a", "b", "", ""), True, None),
        (("a", "b", "c", "d"), True, "4 cells where the header has 3"),
        (("a", "b"), True, "2 cells where the header has 3"),
    ],
)
def test_a_record_of_another_width_is_broken(cells: Row, exact: bool, error: str | None) -> None:
    assert _width_error(cells, replace(HEADER, is_exact=exact)) == error


def test_a_value_behind_the_named_columns_is_one_too_many() -> None:
    header = make_header(("A", "B", ""))
    assert _width_error(("a", "b", ""), header) is None
    assert _width_error(("a", "b", "c"), header) == "a value beyond the last of the 2 headers"
    assert _width_error(("a",), header.of_width(4)) == "1 cells where the other records have 4"


@pytest.mark.parametrize(
    ("line", "suspect", "found", "reason"),
    [
        (Line(3, ["a", "2026-01-05", "1"]), False, ["a", "2026-01-05", "1"], ""),
        (Line(3, ["a", "2026-01-05"]), False, None, "2 cells where the header has 3"),
        (Line(3, ["a\0", "b", "\0c"]), True, ["a", "b", "c"], ""),
        (Line(3, ["a\0b", "b", "c"]), True, None, "a NUL byte in column 'Campaign'"),
        (Line(3, ["a", "b\udcff", "c"]), True, None, "bytes that are not UTF-8 in column 'Day'"),
        (Line(3, ["a\0b", "b", "c"]), False, ["a\0b", "b", "c"], ""),
    ],
)
def test_a_record_is_landed_or_counted_as_broken(
    line: Line, suspect: bool, found: list[str] | None, reason: str
) -> None:
    result = Sorted("t")
    assert judge(line, replace(HEADER, suspect=suspect), result) == found
    assert [bad.reason for bad in result.bad_rows] == ([reason] if reason else [])
    assert result.rows == (found is not None)
    assert all(isinstance(bad, BadRow) and bad.row == 3 for bad in result.bad_rows)


@pytest.mark.parametrize(
    ("cells", "shape", "is_title"),
    [
        (("Week 1", "", ""), SHAPE, True),
        (("Week 1", "x", ""), SHAPE, False),
        (("", "Week 1", ""), replace(SHAPE, kinds=(WORDS, CODE, NUMBER)), True),
        (("", "", "9"), SHAPE, False),  # its key, perhaps
        (("Week 1", "", ""), replace(SHAPE, records=2), False),
        (("Week 1", "", ""), replace(SHAPE, records=3), True),
        (("Week 1", "", ""), replace(SHAPE, always=frozenset({1})), False),
        (("Week 1",), SHAPE, False),  # a record cut short
        (("Week 1",), replace(SHAPE, kinds=(NUMBER, "date", NUMBER)), True),
        (("Won (3 records)", "", ""), Shape(), True),
    ],
)
def test_a_lone_cell_is_a_title_where_it_is_no_record(
    cells: Sequence[str], shape: Shape, is_title: bool
) -> None:
    assert may_be_title(Line(3, list(cells)), replace(HEADER, shape=shape)) is is_title


def sample(*lines: str, complete: bool = True) -> Sample:
    return Sample(tuple(f"{line}\n" for line in lines), complete)


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (("a;b", "1;2", "3;4"), ";"), (("a\tb", "1\t2"), "\t"), (("a|b|c", "1|2|3"), "|"),
        (("sep=^", "a^b", "1^2"), "^"), (("a;b", "1,5;2,5", "3,5;4,5"), ";"),
        (("a,b", '"x;y;z",2', "3,4"), ","),
    ],
)  # fmt: skip
def test_the_sign_between_cells_is_the_one_that_cuts_alike(
    lines: tuple[str, ...], delimiter: str
) -> None:
    assert find_dialect(sample(*lines), (), "t").delimiter == delimiter


def test_faults_are_broken_records_and_those_that_do_not_fit() -> None:
    def record(*cells: str, error: str | None = None) -> Record:
        return Record(1, 1, cells, error)

    good = [record("a", "b"), record("1", "2"), record("3", "4")]
    assert _faults(good) == 0 and _faults([]) == 0
    assert _faults([*good, record("5", error="x")]) == 1
    assert _faults([*good[:2], record("5", "6", "7"), good[2]]) == 1
    assert _faults([*good, record("End")]) == 0, "a footer is none"
    assert _faults([*good[:2], record(""), record("# x", "y", "z"), good[2]]) == 0


@pytest.mark.parametrize(
    ("header", "is_one"),
    [
        ("2026-01", True), ("01/2026", True), ("5.1.2026", True), ("Q1", True), ("Q1 2026", True),
        ("Jan", True), ("January 2026", True), ("2026 Jan.", True), ("Mai '26", True),
        ("2026-13", False), ("Q5", False), ("Cost", False), ("Jan cost", False), ("2026", False),
        ("", False), ("2026-01-05 00:00:00", True), ("K2/2026", True), ("3月", True),
    ],
)  # fmt: skip
def test_a_header_may_be_a_stretch_of_time(header: str, is_one: bool) -> None:
    assert is_stretch(header) is is_one


def test_a_table_with_a_column_for_each_month_is_turned() -> None:
    assert turned(("Campaign", "Jan", "Cost")) is turned(("Campaign", "Jan")) is None
    assert turned(("Campaign", "Owner", "Cost", "Jan", "Feb")) is None
    assert turned(("Campaign", "Cost", "Jan", "Feb")) is not None
    said = turned(("Campaign", "", "Jan", "Feb", "Mar", "Apr"))
    assert said is not None and said.startswith(
        "has a column for each day or month ('Jan', 'Feb', 'Mar'). Turn"
    )


def test_sections_of_the_report_on_an_event_by_their_titles() -> None:
    hosts = ("Host Details", "Panelists", "Our speakers", "Organisers & attendees")
    guests = ("Attendee Details", "Registrants", "Teilnehmer")
    assert all(map(is_of_hosts, hosts)) and not any(map(is_of_hosts, (*guests, "Ghosts")))
    assert all(map(is_of_attendees, guests)) and not any(map(is_of_attendees, (*hosts, "Web")))
    assert (
        names_an_event("Join Time") and names_an_event("Attended") and names_an_event("Checked in")
    )
    assert not names_an_event("First Name")


@pytest.mark.parametrize(
    ("above", "found"),
    [
        (("a1", "2026-01-05", "1"), [0]),
        (("a1", "2026-01-05", ""), []),  # three names: two cells are too few
        (("a1", "2026-01-05", "1", "x"), []),  # and four are too many
        (("some words", "soon", "x"), []),
    ],
)
def test_rows_above_a_header_may_be_records(above: Row, found: list[int]) -> None:
    assert _like_records([above, NAMES, *RECORDS], HeaderRow(1, 1, 1, shape_of(RECORDS))) == found


def test_where_records_are_words_those_above_have_as_many() -> None:
    words = [("Ann", "Berlin", "red"), ("Bob", "Paris", "blue")]
    place = HeaderRow(2, 2, 1, shape_of(words))
    rows = [("Cy", "Rome", "red"), ("Di", "Rome"), ("Name", "City", "Hue"), *words]
    assert _like_records(rows, place) == [0]
    two = [("Cy", "Rome"), ("Name", "City"), ("Ann", "Berlin"), ("Bob", "Paris")]
    assert _like_records(two, HeaderRow(1, 1, 1, shape_of(two[2:]))) == [], "two words may be any"
    pairs = [("5", "6"), ("Name", "City"), ("1", "2"), ("3", "4")]
    assert _like_records(pairs, HeaderRow(1, 1, 1, shape_of(pairs[2:]))) == [0]


@pytest.mark.parametrize(
    ("more", "dialect", "is_regular"),
    [
        ({}, Dialect(), True),
        ({"crlf": 2}, Dialect(), True), ({"crlf": 1}, Dialect(), False),
        ({"line_feeds": 0}, Dialect(), False), ({"lone_returns": 1}, Dialect(), False),
        ({"nuls": 1}, Dialect(), False), ({"broken": 1}, Dialect(), False),
        ({"quotes": 4}, Dialect(";"), True), ({"quotes": 4}, Dialect(quote=None), False),
        ({}, Dialect(quote=None), True), ({}, Dialect(quote="'"), False),
        ({}, Dialect(escape="\\"), False), ({}, Dialect(skip_space=True), False),
    ],
)  # fmt: skip
def test_a_file_is_read_the_fast_way_where_all_readers_agree_on_it(
    more: dict[str, int], dialect: Dialect, is_regular: bool
) -> None:
    plain = {"line_feeds": 2, "crlf": 0, "lone_returns": 0, "nuls": 0, "quotes": 0, "lines": 2}
    assert _regular(TextFile(Path("a"), "utf-8", **{**plain, **more}), dialect) is is_regular


@pytest.mark.parametrize(
    ("end", "blanks"),
    [(b"a,b\n", b""), (b"a,b\n\n\n", b"\n\n"), (b"a,b\r\n\r\n", b"\r\n"), (b"a,b", b""),
     (b"", b"")],
)  # fmt: skip
def test_blank_lines_at_the_end_are_none(tmp_path: Path, end: bytes, blanks: bytes) -> None:
    (tmp_path / "a").write_bytes(end)
    text = TextFile(tmp_path / "a", "utf-8", 1, 0, 0, 0, 0, 1)
    assert _blank_lines_below(text) == blanks


def test_texts_that_stand_once_in_a_workbook_count_for_every_cell() -> None:
    cell = b'<table:table-cell table:number-columns-repeated="2">ab</table:table-cell>'
    plain = b"<table:table-cell a>abc</table:table-cell><table:table-cell b/>"
    row = b'<table:table-row table:number-rows-repeated="3">%b</table:table-row>'
    assert _repeated(row % cell) == 12 and _repeated(row % (cell + plain)) == 21
    assert _repeated(b"<x/>" + (row % cell) + b"<table:table-row>%b" % plain) == 15
    assert _repeated(b"<x/>") == 0


def test_a_binary_sheet_says_how_far_it_reaches() -> None:
    size = struct.pack("<4I", 1, 9, 2, 4)
    told = bytes([0x94, 0x01, 16]) + size  # a record of kind 148, 16 bytes long
    other = bytes([0x81, 0x01, 0x83, 0x00]) + b"xyz"  # kind 129, 3 bytes, its length in two
    for head in (told, other + told, bytes([5, 0]) + told):
        found = _binary(io.BytesIO(head))
        assert (found.first, found.last, found.width, found.cells) == (2, 10, 3, 27)
    for head in (b"", other, told[:-1], told[:2], other + other):
        assert _binary(io.BytesIO(head)).width == 26
    assert [column_number(letters) for letters in (b"A", b"Z", b"AA", b"BC")] == [1, 26, 27, 55]


@pytest.mark.parametrize(
    ("record", "flat"),
    [
        ({"owner_id": {"id": 7, "name": "A"}},
         {"owner_id": "7", "owner_id.id": "7", "owner_id.name": "A"}),
        ({"owner_id": {"value": [1]}}, {"owner_id.value": "[1]"}),
        ({"owner_id": {"id": {"x": 1}}}, {"owner_id.id.x": "1"}),
        ({"owner": {"name": "A"}}, {"owner.name": "A"}),
        ({"properties": {"a": 1, "b": 2}, "b": 3},
         {"a": "1", "properties.b": "2", "b": "3"}),
        ({"a": {}, "c": None}, {"a": "{}", "c": None}),
    ],
)  # fmt: skip
def test_a_record_of_records_is_flattened(record: Any, flat: Any) -> None:
    assert flatten(record) == flat
