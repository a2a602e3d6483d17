"""How much room texts take, and what of a table is shown: by hand."""

from __future__ import annotations

import pytest
from pptx import Presentation
from pptx.util import Inches, Pt

from smarketing.export.deck.make import _fitting_size, _listed, more, put, put_cell
from smarketing.export.deck.pages import Grid, Page
from smarketing.export.deck.room import (
    POINT,
    _heights,
    _needed,
    _shared,
    _tokens,
    _wanted,
    _with_room,
    ems,
    laid_out,
    lines,
)

WIDE, HIGH = Inches(12), Inches(4)


@pytest.mark.parametrize(
    ("text", "wide", "count"),
    [
        ("", 5, 1),
        ("no no no", 10, 1),
        ("aaaa aaaa aaaa", 6, 2),  # 2.56 each and 0.34 between: two have room
        ("aaaa aaaa aaaa", 5, 3),
        ("a" * 10, 3.2, 2),  # wider than the line: cut
        ("日本語の名前", 3, 2),  # six letters of full width, no blanks
        ("one\ntwo", 99, 2),
        # Ten letters are 6.4 wide: what is left of them, 2.4, has room beside it.
        ("aaaaaaaaaa a", 4, 2),
        ("aaaaaaaaaa aaa", 4, 3),
        ("a b", 0, 2),  # no width at all: a word a line
    ],
)
def test_words_are_cut_only_where_one_is_wider_than_the_line(
    text: str, wide: float, count: int
) -> None:
    assert lines(text, wide) == count


def test_letters_are_as_wide_as_they_are() -> None:
    assert ems("iii") < ems("aaa") < ems("WWW") < ems("日本語") == 3
    assert ems("e\N{COMBINING ACUTE ACCENT}") == ems("e") < ems("e", bold=True)


def test_a_number_is_in_one_line_and_letters_are_smaller_before_a_column_goes() -> None:
    headers = ("Channel", *(f"Revenue {n}" for n in range(10)))
    grid = Grid(headers, (("Organic search", *["0 of 39"] * 10),), tuple(range(1, 11)))
    few = laid_out(Grid(headers[:3], (grid.rows[0][:3],), (1, 2)), WIDE, HIGH)
    assert few.size == 12 and sum(few.widths) == pytest.approx(WIDE, abs=3)
    many = laid_out(grid, Inches(10.6), HIGH)
    assert many.size < 12 and len(many.columns) == 11
    assert all((width - Inches(0.22)) / (many.size * 12_700) > ems("Revenue", bold=True) - 0.01
               for width in many.widths[1:])  # fmt: skip
    assert many.shown(grid) == grid


def test_columns_without_a_text_go_first_then_the_last_and_are_named() -> None:
    names = ("Name", "Score", "Blank", "Leads", "Deals", "Costs", "Notes")
    grid = Grid(names, (("Longest name", "12,345", "", "12,345", "12,345", "12,345", "long"),))
    found = laid_out(grid, Inches(4.2), HIGH)
    assert found.size == 10 and "Blank" not in found.shown(grid).headers
    shown = found.shown(grid).headers
    assert shown[:2] == ("Name", "Score") and "Notes" not in shown
    page = Page("t", "T", "m", grid)
    assert more(page, (1, names[:1] + names[2:])) == "The column Score is in the workbook."
    assert more(page, (0, names[:5])) == (
        "1 more row and the columns Costs and Notes are in the workbook."
    )
    assert more(page, (1, names[:1])) == (
        "The columns Score, Blank, Leads, Deals and 2 others are in the workbook."
    )
    assert more(page, (1, names)) == ""


def test_rows_are_as_high_as_their_lines_and_as_many_as_fit() -> None:
    grid = Grid(("A", "B"), (("word " * 40, "x"), *[("short", "x")] * 40))
    found = laid_out(grid, Inches(4), HIGH)
    assert found.heights[1] > found.heights[2] and sum(found.heights) <= HIGH - Inches(0.4)
    assert 3 < len(found.heights) < 30


BESIDE = 201_168  # 0.22 inches


def wide(letters: float, size: int) -> int:
    """Return how wide so many times the size of a letter is, with what stands beside a text."""
    return int(letters * size * POINT) + BESIDE


@pytest.mark.parametrize(
    ("column", "is_numeric", "letters"),
    [
        (("", "aaaa"), False, 4 * 0.64),
        (("aaaa aa", "aa"), False, 4 * 0.64 * 1.12),  # the longest word of a header, in bold
        # Of a long text the first twelve letters, and every word.
        (("", "aaa aaa aaa aaa aaa"), False, 9 * 0.64 + 3 * 0.34),
        (("", "aaaa aaaaaaaa"), False, 11 * 0.64 + 0.34),
        (("", "a " + "a" * 20), False, 20 * 0.64),
        (("", "aaa aaa aaa aaa aaa"), True, 15 * 0.64 + 4 * 0.34),
        (("",), False, 0),
    ],
)
def test_a_column_needs_room_for_what_is_not_broken(
    column: tuple[str, ...], is_numeric: bool, letters: float
) -> None:
    for size in (10, 12):
        assert _needed(column, is_numeric, size, 10**8) == pytest.approx(wide(letters, size), abs=1)
    assert _needed(column, is_numeric, 10, 1_000_000) == min(
        400_000, _needed(column, is_numeric, 10, 10**8)
    )


def test_a_column_wants_room_for_its_longest_text_up_to_sixty_letters() -> None:
    assert _wanted(("", "a a", "a"), 10) == wide(2 * 0.64 + 0.34, 10)
    assert _wanted(("aaaa", "aaaa"), 10) == pytest.approx(wide(4 * 0.64 * 1.12, 10), abs=1)
    assert _wanted(("", "a" * 61), 10) == pytest.approx(wide(60 * 0.64, 10), abs=1)
    assert _wanted(("aaaa",), 10) == pytest.approx(wide(4 * 0.64 * 1.12, 10), abs=1)


@pytest.mark.parametrize(
    ("needed", "wanted", "width", "shared"),
    [
        ([1, 1], [10, 30], 80, [20, 60]),
        ([1, 1], [10, 30], 40, [10, 30]),
        ([10, 20], [50, 40], 60, [30, 30]),  # 30 to share: 40 and 20 of the 60 that are wanted
        ([60, 40], [70, 50], 90, [54, 36]),
        ([30, 30], [60, 30], 60, [30, 30]),
        ([10, 10], [20, 11], 30, [19, 10]),
    ],
)
def test_a_width_is_shared_by_what_columns_want(
    needed: list[int], wanted: list[int], width: int, shared: list[int]
) -> None:
    assert _shared(needed, wanted, width) == shared


@pytest.mark.parametrize(
    ("rows", "room", "shown"),
    [
        ([("aaaa",) * 4], 4, (0, 1, 2, 3)),
        ([("aaaa",) * 4], 3, (0, 1, 2)),
        ([("aaaa",) * 4], 1, (0, 1)),  # no column has more than two fifths: two have room
        ([("aaaa", "aaaa", "", "aaaa")], 3, (0, 1, 3)),
        ([("aaaa", "", "aaaa", "aaaa")], 3, (0, 1, 2)),  # one of the first two stays
        ([("", "", "aaaa", "aaaa")], 1, (0, 1)),
        ([("aaaa", "aaaa", "", "aaaa"), ("", "", "a", "")], 3, (0, 1, 2)),
    ],
)
def test_columns_go_until_the_others_have_room(
    rows: list[tuple[str, ...]], room: int, shown: tuple[int, ...]
) -> None:
    heads = ("aaaa",) * 4  # 2.8672 wide in bold
    columns = [(heads[n], *(row[n] for row in rows)) for n in range(4)]
    each = _needed(heads, False, 10, 10**8)
    assert _with_room(Grid(heads, tuple(rows)), columns, room * each, 10) == shown


def test_rows_end_where_the_next_has_no_room_and_the_header_is_always_there() -> None:
    line = int(0.14 * 914_400 + 1.2 * 10 * POINT)
    rows = [("a", "a"), ("a", "a a"), ("a", "a")]
    widths = [wide(0.64, 10), wide(0.7, 10)]
    two = int(0.14 * 914_400 + 2 * 1.2 * 10 * POINT)
    assert _heights(rows, [wide(2, 10)] * 2, 10, 3 * line) == [line] * 3
    assert _heights(rows, [wide(2, 10)] * 2, 10, 3 * line - 1) == [line] * 2
    assert _heights(rows, [wide(2, 10), widths[1] + 1_500], 10, 10**7)[1:] == [two, line]
    assert _heights(rows, widths, 10, 1)[1:] == []


def test_letters_of_full_width_may_be_parted_anywhere() -> None:
    assert _tokens("ab c日本") == ["ab", " ", "c", "日", "本"]
    assert _tokens("") == []


@pytest.mark.parametrize(
    ("text", "high", "most", "more", "size"),
    [
        ("a", 10**7, 14, {}, 14),
        ("a", 10**7, 15, {}, 14),  # there is no 15
        ("a", 182_880, 44, {}, 12),  # 1.2 x 12 points
        ("a", 182_879, 44, {}, 11),
        ("a", 1, 44, {}, 9),
        ("a\na", 2 * 182_880, 44, {}, 12),
        ("a\na", 10**7, 44, {"most_lines": 1}, 9),
        ("a\na", 10**7, 44, {"most_lines": 2}, 44),
        ("aaaa", 10**7, 44, {"most_lines": 1}, 12),  # 2.56 x 12 of a width of 32 points
        ("aaaa", 10**7, 44, {"most_lines": 1, "bold": True}, 11),
    ],
)
def test_a_text_is_as_large_as_it_fits(
    text: str, high: int, most: int, more: dict[str, int], size: int
) -> None:
    assert _fitting_size(text, (0, 0, 32 * POINT, high), most, **more) == size  # type: ignore[arg-type]


def test_a_few_names_are_told_and_the_others_counted() -> None:
    found = [_listed([*"abcdef"[:n]]) for n in range(1, 7)]
    assert found == ["a", "a and b", "a, b and c", "a, b, c and d", "a, b, c, d and 1 others",
                     "a, b, c, d and 2 others"]  # fmt: skip


def test_a_cell_that_had_no_text_looks_as_the_first_of_its_row_with_a_look() -> None:
    deck = Presentation()
    shapes = deck.slides.add_slide(deck.slide_layouts[6]).shapes
    table = shapes.add_table(1, 5, 0, 0, WIDE, HIGH).table
    for column, (text, size) in enumerate((("", 0), ("plain", 0), ("big", 20), ("small", 8))):
        table.cell(0, column).text_frame.text = text
        for run in table.cell(0, column).text_frame.paragraphs[0].runs:
            if size:
                run.font.size = Pt(size)
    put_cell(table, 0, 4, "new")
    [run] = table.cell(0, 4).text_frame.paragraphs[0].runs
    assert (run.text, run.font.size) == ("new", Pt(20))
    # A text that is there keeps its look, and one that goes takes nothing on.
    put_cell(table, 0, 3, "less")
    put_cell(table, 0, 0, "")
    assert table.cell(0, 3).text_frame.paragraphs[0].runs[0].font.size == Pt(8)
    assert [run.font.size for run in table.cell(0, 0).text_frame.paragraphs[0].runs] == [None]


def test_a_text_takes_the_place_of_all_that_stood_in_a_frame() -> None:
    deck = Presentation()
    frame = deck.slides.add_slide(deck.slide_layouts[6]).shapes.add_textbox(0, 0, 9, 9).text_frame
    frame.text = "one\ntwo"
    frame.paragraphs[0].add_run().text = " more"
    put(frame, "new")
    assert frame.text == "new"
    put(frame, "a\nb")
    assert frame.text == "a\nb"
