"""What is written into a table that a person worked on, cell by cell; by hand, without a deck."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from smarketing.export.deck.cells import Filling, filling, marks_of
from smarketing.export.deck.pages import Grid

Rows = Sequence[Sequence[str]]
HEAD = ("Name", "Cost", "Leads")
JUNE = Grid(HEAD, (("Fair", "5", "9"), ("Ads", "7", "8"), ("Mail", "1", "6")))
JULY = Grid(HEAD, (("Ads", "70", "80"), ("Web", "20", "30"), ("Fair", "50", "90")))
WAS = [HEAD, *JUNE.rows]


def table(rows: Rows) -> Any:
    return SimpleNamespace(rows=[
        SimpleNamespace(cells=[SimpleNamespace(text_frame=SimpleNamespace(text=text))
                               for text in row]) for row in rows
    ])  # fmt: skip


def filled(now: Rows, grid: Grid | None, was: Grid = JUNE) -> tuple[list[str], Filling]:
    """Return a table's rows as they then read, cells parted by a blank, and all that was said."""
    done = filling(table(now), grid, marks_of(was))
    assert done is not None
    return after(now, done), done


def after(now: Rows, done: Filling) -> list[str]:
    return [" ".join(done.texts.get((row, column), text) or "-"
                     for column, text in enumerate(cells))
            for row, cells in enumerate(now)]  # fmt: skip


@pytest.mark.parametrize(
    ("now", "grid", "rows", "kept", "lost", "room"),
    [
        # Nobody changed anything: every row is new, in the order of the grid.
        (WAS, JULY, ["Name Cost Leads", "Ads 70 80", "Web 20 30", "Fair 50 90"], (), (), 3),
        (WAS, Grid(HEAD, JULY.rows[:1]), ["Name Cost Leads", "Ads 70 80", "- - -", "- - -"],
         (), (), 1),
        (WAS[:2], JULY, ["Name Cost Leads", "Ads 70 80"], (), (), 1),
        (WAS, None, ["Name Cost Leads", "- - -", "- - -", "- - -"], (), (), 0),
        # A number of a person's: the row stays with its name, the others take what is left.
        ([HEAD, ("Fair", "about€5", "9"), *JUNE.rows[1:]], JULY,
         ["Name Cost Leads", "Fair about€5 90", "Ads 70 80", "Web 20 30"], ("Cost, Fair",), (), 3),
        # One whose name is not in the grid any more.
        ([*WAS[:3], ("Mail", "1", "six")], JULY,
         ["Name Cost Leads", "Ads 70 80", "Web 20 30", "Mail - six"], ("Leads, Mail",),
         ("row Mail",), 2),
        # A renamed row is still the row of what it named.
        ([HEAD, ("Messe", "5", "9"), *JUNE.rows[1:]], JULY,
         ["Name Cost Leads", "Messe 50 90", "Ads 70 80", "Web 20 30"], ("Name, Messe",), (), 3),
        # A row with two cells of a person's has one of ours left in it: it is theirs.
        ([*WAS[:3], ("Sum", "13", "6")], JULY,
         ["Name Cost Leads", "Ads 70 80", "Web 20 30", "Sum 13 6"], ("row Sum",), (), 2),
        ([*WAS, ("", "", "")], JULY,
         ["Name Cost Leads", "Ads 70 80", "Web 20 30", "Fair 50 90", "- - -"], ("row 4",), (), 3),
        # Rows and columns that were moved: columns by their headers, wherever they are.
        ([("Leads", "Name", "Cost"), ("8", "Ads", "7"), ("9", "Fair", "5")], JULY,
         ["Leads Name Cost", "80 Ads 70", "30 Web 20"], (), (), 2),
        # A header of a person's, known by most of the cells beneath it.
        ([("Name", "Cost", "People"), *JUNE.rows], JULY,
         ["Name Cost People", "Ads 70 80", "Web 20 30", "Fair 50 90"], ("header People",), (), 3),
        # A column of a person's holds the rows in which something stands.
        ([("Name", "Cost", "Leads", "Note"), ("Fair", "5", "9", ""), ("Ads", "7", "8", "good"),
          ("Mail", "1", "6", "")], JULY,
         ["Name Cost Leads Note", "Web 20 30 -", "Ads 70 80 good", "Fair 50 90 -"],
         ("column Note",), (), 3),
        # A column that a person deleted.
        ([row[:2] for row in WAS], JULY, ["Name Cost", "Ads 70", "Web 20", "Fair 50"], (), (), 3),
    ],
)  # fmt: skip
def test_our_cells_are_new_and_those_of_a_person_stay(
    now: Rows, grid: Grid | None, rows: list[str], kept: tuple[str, ...], lost: tuple[str, ...],
    room: int,
) -> None:  # fmt: skip
    found, done = filled(now, grid)
    assert (found, done.kept, done.lost) == (rows, kept, lost)
    shown = tuple(one for one in HEAD if one in now[0] or (one == "Leads" and "People" in now[0]))
    assert done.room == (room, shown)
    # What is remembered tells the same of the table as it now is, and of the next period's grid.
    again = filling(table([row.replace("-", "").split(" ") for row in found]), grid, done.marks)
    assert again is not None and again.kept == kept and again.marks == done.marks


def test_without_the_column_of_names_nobody_knows_whose_a_row_was() -> None:
    now = [("Cost", "Leads"), ("5", "9"), ("7", "eight"), ("1", "6")]
    rows, done = filled(now, JULY)
    assert rows == ["Cost Leads", "70 80", "- eight", "20 30"]
    assert (done.kept, done.lost) == (("Leads, 7",), ("row 7",))


def test_what_is_remembered_of_a_table_of_ours_is_what_was_written() -> None:
    assert filled(WAS, JULY)[1].marks == marks_of(JULY)
    short = Grid(HEAD, JULY.rows[:1])
    assert filled(WAS, short)[1].marks == marks_of(Grid(HEAD, (JULY.rows[0], *[("",) * 3] * 2)))
    assert marks_of(Grid(("A", "B"), (("1", "2"),))).count(";") == 1
    # Of a cell that was a person's row, and of one of a row that is lost, nothing is remembered.
    _, done = filled([*WAS[:3], ("Sum", "13", "6")], JULY)
    assert [column.split(" ")[3] for column in done.marks.split(";")] == ["-"] * 3
    _, done = filled([*WAS[:3], ("Mail", "1", "six")], JULY)
    name, cost, leads = (column.split(" ")[3] for column in done.marks.split(";"))
    was = [column.split(" ")[3] for column in marks_of(JUNE).split(";")]
    assert name == was[0] and cost not in (was[1], "-") and leads == "-"


def test_a_name_comes_back_with_its_numbers_once_it_is_in_the_grid_again() -> None:
    mine = [*WAS[:3], ("Mail", "1", "six")]
    rows, done = filled(mine, JULY)
    now = [row.replace("-", "").split(" ") for row in rows]
    back = filling(table(now), JUNE, done.marks)
    assert back is not None and after(now, back)[3] == "Mail 1 six" and not back.lost


@pytest.mark.parametrize(
    ("headers", "heads"),
    [
        # As many columns: what has another header now is the one at its place.
        (("Name", "Spend", "Leads"), "Name Spend Leads"),
        (("Leads", "Cost", "Name"), "Name Cost Leads"),
        (("Name", "Cost", "Leads", "Won"), "Name Cost Leads"),
        # One more and one renamed, or one less: which is which is not to be told.
        (("Name", "Spend", "Leads", "Won"), None),
        (("Name", "Cost"), None),
    ],
)
def test_a_column_of_a_new_header_is_known_by_its_place_alone(
    headers: tuple[str, ...], heads: str | None
) -> None:
    done = filling(table(WAS), Grid(headers, (tuple(f"{one}1" for one in headers),)),
                   marks_of(JUNE))  # fmt: skip
    if heads is None:
        assert done is None
        return
    assert done is not None
    rows = after(WAS, done)
    assert rows[0] == heads
    assert rows[1] == " ".join(f"{one}1" for one in heads.split(" "))


def test_columns_of_one_header_are_known_by_their_places() -> None:
    twice = Grid(("Name", "June", "June"), (("Fair", "5", "9"),))
    rows, done = filled([twice.headers, *twice.rows], Grid(twice.headers, (("Ads", "1", "2"),)),
                        twice)  # fmt: skip
    assert rows == ["Name June June", "Ads 1 2"] and done.kept == ()
    moved, done = filled([("June", "Name", "June"), ("5", "Fair", "9")],
                         Grid(twice.headers, (("Ads", "1", "2"),)), twice)  # fmt: skip
    assert moved[1].split(" ")[1] == "Ads" and done.kept == ()


@pytest.mark.parametrize(
    ("heads", "headers", "rows"),
    [
        (HEAD, HEAD, "1 2 3"),
        (("Leads", "Name", "Cost"), HEAD, "3 1 2"),
        (("Name", "Spend", "Leads"), HEAD, "1 2 3"),  # as many: the free one at its place
        (("Cost", "Spend", "Leads"), HEAD, "2 - 3"),  # the place of the free one is taken
        (("Name", "Note", "Leads", "Cost"), HEAD, "1 - 3 2"),
        (("Q", "Q"), ("Q", "Q"), "1 2"),
        (("A", "B", "C", "D"), HEAD, None),
    ],
)
def test_where_nothing_is_remembered_columns_go_by_headers_then_places(
    heads: tuple[str, ...], headers: tuple[str, ...], rows: str | None
) -> None:
    now = [heads, ("",) * len(heads)]
    done = filling(table(now), Grid(headers, (tuple("123"[: len(headers)]),)), "")
    assert (None if done is None else after(now, done)[1]) == rows
    if done is not None and "-" not in (rows or ""):
        assert done.kept == () and done.room == (1, headers)


def test_without_a_grid_and_nothing_remembered_every_cell_is_emptied() -> None:
    done = filling(table(WAS), None, "")
    assert done is not None and after(WAS, done) == ["Name Cost Leads", *["- - -"] * 3]
    assert done.room == (0, HEAD)


def test_rows_of_one_name_that_a_person_marked_are_told_apart_by_the_rest() -> None:
    twins = Grid(HEAD, (("Call", "1", "2"), ("Call", "3", "4")))
    noted = [(*HEAD, "Note"), ("Call", "1", "2", ""), ("Call", "3", "4", "his")]
    rows, done = filled(noted, Grid(HEAD, (("Call", "9", "9"), ("Call", "3", "4"))), twins)
    assert rows[1:] == ["Call 9 9 -", "Call 3 4 his"] and done.lost == ()
    rows, done = filled(noted, Grid(HEAD, (("Call", "9", "9"), ("Call", "3", "5"))), twins)
    assert rows[1:] == ["Call 9 9 -", "Call - - his"] and done.lost == ("row Call",)
    # Two marked rows of one name cannot both be the only one that is left.
    both = [(*HEAD, "Note"), ("Call", "1", "2", "a"), ("Call", "3", "4", "b")]
    rows, done = filled(both, Grid(HEAD, (("Call", "9", "9"),)), twins)
    assert rows[1:] == ["Call 9 9 a", "Call - - b"] and done.lost == ("row Call",)


def test_a_header_of_a_person_is_known_by_more_than_half_of_its_cells() -> None:
    two = Grid(("Name", "Cost"), (("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")))
    for left, is_known in ((3, True), (2, False)):
        now = [
            ("Name", "Preis"),
            *((name, cost if n < left else "0") for n, (name, cost) in enumerate(two.rows)),
        ]
        done = filling(table(now), two, marks_of(two))
        assert done is not None and ("header Preis" in done.kept) is is_known
        assert ("column Preis" in done.kept) is not is_known
