"""How much room texts take, and what of a table is shown: by hand."""

from __future__ import annotations

import pytest
from pptx.util import Inches

from smarketing.export.deck.make import more
from smarketing.export.deck.pages import Grid, Page
from smarketing.export.deck.room import ems, laid_out, lines

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
