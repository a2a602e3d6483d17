"""The workbook in a chart that a person worked in: theirs stays, the figure's cells are new."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from deck_kit import opened, saved, shapes
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.table import Table

from smarketing.export.deck import Chart, Page, Series, make_deck, refresh_deck
from smarketing.export.deck.pages import fingerprint
from smarketing.export.deck.refresh import Refreshed
from smarketing.export.deck.sheet import Sheet, _laid_out, _Layout, _left_over, _moves, _values

CHART = "smarketing:c:chart"


def page(names: str, **series: tuple[float | None, ...]) -> Page:
    rows = tuple(Series(name, values) for name, values in series.items())
    return Page("c", "h", "m", Chart("column", tuple(names), rows), "s", "n")


def worked_on(content: bytes, work: Any) -> bytes:
    """Return a deck in whose chart's workbook a person worked, as Excel would save it."""
    deck = opened(content)
    part = next(s for s in deck.slides[1].shapes if s.has_chart).chart.part.chart_workbook.xlsx_part
    book = load_workbook(io.BytesIO(part.blob))
    work(book)
    written = io.BytesIO()
    book.save(written)
    part._blob = written.getvalue()
    return saved(deck)


def book_of(content: bytes) -> Workbook:
    part = shapes(content)[CHART].chart.part.chart_workbook.xlsx_part
    return load_workbook(io.BytesIO(part.blob))


def read(content: bytes) -> list[list[Any]]:
    """Return what the chart's own formulas lead to in its sheet: categories, then each series."""
    chart, book = shapes(content)[CHART].chart, book_of(content)
    found = []
    for series in chart.series:
        for part in ("tx", "cat", "val"):
            area = series._element.xpath(f"./c:{part}//c:f")[0].text
            name, _, cells = area.partition("!")
            held = book[name.strip("'").replace("''", "'")][cells.replace("$", "")]
            rows = held if isinstance(held, tuple) else ((held,),)
            found.append([cell.value for row in rows for cell in row])
    return found


def refreshed(content: bytes, *pages: Page) -> Refreshed:
    return refresh_deck(content, pages, "T")


def beside(book: Workbook) -> None:
    sheet = book.active
    sheet["D1"], sheet["D2"], sheet["E3"] = "per lead", "=B2/C2", "fair was cancelled"
    sheet["B2"].fill = PatternFill("solid", start_color="FFFF00")
    sheet["B3"].comment = Comment("ask finance", "A person")
    book.create_sheet("Mine")["A1"] = "=Sheet1!B2*2"


def test_what_a_person_has_in_a_charts_sheet_stays_and_is_listed() -> None:
    deck = worked_on(make_deck("T", [page("ab", Cost=(1, 2), Leads=(3, 4))]), beside)
    done = refreshed(deck, page("ab", Cost=(10, 20.5), Leads=(30, None)))
    sheet = book_of(done.content).active
    assert sheet is not None
    assert [sheet[name].value for name in ("D1", "D2", "E3")] == [
        "per lead", "=B2/C2", "fair was cancelled"
    ]  # fmt: skip
    assert sheet["B2"].fill.start_color.rgb == "00FFFF00"
    assert sheet["B3"].comment.text == "ask finance"
    assert book_of(done.content)["Mine"]["A1"].value == "=Sheet1!B2*2"
    assert read(done.content) == [["Cost"], ["a", "b"], [10, 20.5],
                                  ["Leads"], ["a", "b"], [30, None]]  # fmt: skip
    assert done.kept == ("c: chart, cells D1, D2, E3 of its sheet",)
    again = refreshed(done.content, page("ab", Cost=(10, 20.5), Leads=(30, None)))
    assert again.content == done.content and again.kept == done.kept


def test_a_series_that_came_stands_beside_what_is_a_persons() -> None:
    deck = worked_on(make_deck("T", [page("ab", Cost=(1, 2), Leads=(3, 4))]), beside)
    done = refreshed(deck, page("ab", Cost=(5, 6), New=(7, 8), Leads=(9, 0)))
    sheet = book_of(done.content).active
    assert sheet is not None
    # E has a note, so that the first free column is F; those that were stay where formulas read.
    assert [cell.value for cell in sheet["1"]] == [None, "Cost", "Leads", "per lead", None, "New"]
    assert read(done.content)[3:6] == [["New"], ["a", "b"], [7, 8]]
    gone = refreshed(done.content, page("ab", Cost=(5, 6)))
    sheet = book_of(gone.content).active
    assert sheet is not None
    assert [sheet["C2"].value, sheet["F2"].value, sheet["D2"].value] == [None, None, "=B2/C2"]


def test_where_cells_of_a_person_stand_beneath_the_figure_goes_beside() -> None:
    def total(book: Workbook) -> None:
        assert book.active is not None
        book.active["A4"], book.active["B4"] = "all", "=SUM(B2:B3)"

    deck = worked_on(make_deck("T", [page("ab", Cost=(1, 2))]), total)
    same = refreshed(deck, page("xy", Cost=(3, 4)))
    assert book_of(same.content).active["B2"].value == 3
    more = refreshed(same.content, page("xyz", Cost=(3, 4, 5)))
    sheet = book_of(more.content).active
    assert sheet is not None
    assert (sheet["A4"].value, sheet["B4"].value) == ("all", "=SUM(B2:B3)")
    assert read(more.content) == [["Cost"], ["x", "y", "z"], [3, 4, 5]]
    assert sheet["B2"].value is None  # no number of an earlier period is left


def test_columns_that_a_person_moved_and_a_renamed_sheet_are_found() -> None:
    def moved(book: Workbook) -> None:
        assert book.active is not None
        book.active.title = "Bob's"
        book.active.move_range("A1:B3", rows=2, cols=3)

    deck = opened(worked_on(make_deck("T", [page("ab", Cost=(1, 2))]), moved))
    chart = next(s for s in deck.slides[1].shapes if s.has_chart).chart
    for part, area in (("tx", "$E$3"), ("cat", "$D$4:$D$5"), ("val", "$E$4:$E$5")):
        chart.series[0]._element.xpath(f"./c:{part}//c:f")[0].text = f"'Bob''s'!{area}"
    done = refreshed(saved(deck), page("abc", Cost=(7, 8, 9)))
    sheet = book_of(done.content)["Bob's"]
    assert [cell.value for cell in sheet["E"]] == [None, None, "Cost", 7, 8, 9]
    assert read(done.content) == [["Cost"], ["a", "b", "c"], [7, 8, 9]]


def test_a_table_that_a_person_made_of_the_figure_is_named_as_its_headers() -> None:
    def tabled(book: Workbook) -> None:
        assert book.active is not None
        book.active["A1"] = "Column1"
        book.active.add_table(Table(displayName="Mine", ref="A1:C3"))

    deck = worked_on(make_deck("T", [page("ab", Cost=(1, 2), Leads=(3, 4))]), tabled)
    done = refreshed(deck, page("ab", Cost=(5, 6), New=(7, 8)))
    sheet = book_of(done.content).active
    assert sheet is not None
    [table] = sheet.tables.values()
    heads = [cell.value for cell in sheet["1"]]
    assert heads == ["Column1", "Cost", "New"] == [one.name for one in table.tableColumns]


def test_a_sheet_that_cannot_be_read_is_made_anew() -> None:
    deck = opened(make_deck("T", [page("ab", Cost=(1, 2))]))
    chart = next(s for s in deck.slides[1].shapes if s.has_chart).chart
    chart.part.chart_workbook.xlsx_part._blob = b"no workbook"
    done = refreshed(saved(deck), page("ab", Cost=(7, 8)))
    assert read(done.content) == [["Cost"], ["a", "b"], [7, 8]]


def test_a_note_beside_a_category_follows_it_and_stands_beneath_once_it_is_gone() -> None:
    def noted(book: Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        sheet["D1"], sheet["D2"], sheet["D3"], sheet["D4"] = "why", "fair", "strike", "rain"
        sheet["E3"], sheet["F3"], sheet["D7"] = 12, "=B3*2", "checked by Ann"
        sheet["D3"].fill = PatternFill("solid", start_color="FFFF00")

    def columns(content: bytes) -> dict[str, list[Any]]:
        sheet = book_of(content).active
        assert sheet is not None
        return {name: [cell.value for cell in sheet[name]] for name in "ADEF"}

    deck = worked_on(make_deck("T", [page("abc", Cost=(1, 2, 3))]), noted)
    done = refreshed(deck, page("bcd", Cost=(2, 3, 4)))
    assert columns(done.content) == {
        "A": [None, "b", "c", "d", None, None, None],
        "D": ["why", "strike", "rain", None, "fair", None, "checked by Ann"],
        "E": [None, 12, None, None, None, None, None],
        "F": [None, None, "=B3*2", None, None, None, None],
    }
    sheet = book_of(done.content).active
    assert sheet is not None and sheet["D2"].fill.start_color.rgb == "00FFFF00"
    assert done.kept == ("c: chart, cells D1, D2, E2 and 4 more of its sheet",)
    again = refreshed(done.content, page("bcd", Cost=(2, 3, 4)))
    assert again.content == done.content
    # A figure that grows covers no note; what follows its category is where it is.
    more = columns(refreshed(done.content, page("dcbxy", Cost=(4, 3, 2, 1, 1))).content)
    assert more["D"] == ["why", None, "rain", "strike", None, None, "checked by Ann", "fair"]
    assert more["E"][3] == 12
    # What is worked out in the row that a note would go to is not written over.
    book = worked_on(deck, lambda book: book.active.__setitem__("D2", "=B2*2"))
    assert columns(refreshed(book, page("bca", Cost=(2, 3, 1))).content)["D"] == [
        "why", "=B2*2", "rain", None, "strike", None, "checked by Ann"
    ]  # fmt: skip
    # Of categories of one name nobody knows whose a note is.
    same = columns(refreshed(done.content, page("cc", Cost=(1, 1))).content)
    assert same["D"] == columns(done.content)["D"]


#: A figure of three categories in rows 2 to 4 of column A, its only series beside it in B.
HELD = Sheet(b"", "S", frozenset((row, n) for row in range(1, 5) for n in (1, 2)) - {(1, 1)},
             (2, 1), (("Cost", 2),))  # fmt: skip
TEXTS = {(2, 1): "a", (3, 1): "b\n9", (4, 1): "c", (1, 2): "Cost"}


def named(names: str, *series: str) -> Chart:
    rows = tuple(Series(one, (1.0,) * len(names)) for one in series or ("Cost",))
    return Chart("column", tuple(names), rows)


@pytest.mark.parametrize(
    ("names", "theirs", "formulas", "moves"),
    [
        ("abc", {(2, 4), (3, 4)}, set(), {}),
        ("bac", {(2, 4), (3, 4)}, set(), {(2, 4): (3, 4), (3, 4): (2, 4)}),
        ("cabd", {(2, 4), (3, 4)}, set(), {(2, 4): (3, 4), (3, 4): (4, 4)}),
        # What is beside a category that is gone goes beneath all, one note under the other.
        ("bc", {(2, 4), (3, 4)}, set(), {(3, 4): (2, 4), (2, 4): (5, 4)}),
        ("c", {(2, 4), (3, 4)}, set(), {(2, 4): (5, 4), (3, 4): (6, 4)}),
        ("bc", {(2, 4), (5, 4)}, set(), {(2, 4): (6, 4)}),
        # What stands where the figure grows makes room, and what is further down stays.
        ("abcd", {(5, 4), (7, 4)}, set(), {(5, 4): (6, 4)}),
        ("abcd", {(5, 4), (6, 4)}, set(), {(5, 4): (7, 4)}),
        # A formula stays, and nothing is put upon it.
        ("bac", {(2, 4), (2, 5), (3, 5)}, {(2, 5)}, {(2, 4): (3, 4), (3, 5): (5, 5)}),
        # What is above the categories, or where the figure itself is, is not beside any.
        ("bac", {(1, 4), (2, 2)}, set(), {}),
        ("aab", {(2, 4)}, set(), {}),
    ],
)
def test_what_is_beside_a_category_goes_where_it_goes(
    names: str, theirs: set[Any], formulas: set[Any], moves: dict[Any, Any]
) -> None:
    given = (TEXTS, frozenset(theirs), frozenset(formulas))
    layout = _Layout(1, 1, (2,))
    assert _moves(HELD, layout, named(names), *given) == moves
    assert _moves(HELD, _Layout(1, 3, (4,)), named(names), *given) == {}
    twice = {**TEXTS, (4, 1): "a"}
    assert _moves(HELD, layout, named(names), twice, *given[1:]) == {}


@pytest.mark.parametrize(
    ("chart", "theirs", "layout"),
    [
        (named("abc"), {(9, 9)}, _Layout(1, 1, (2,))),
        (named("abc", "New", "Cost"), {(9, 9)}, _Layout(1, 1, (3, 2))),
        (named("abc", "New", "Cost"), {(1, 3)}, _Layout(1, 1, (4, 2))),
        (named("abc", "New", "More"), set(), _Layout(1, 1, (2, 3))),
        (named("abc"), {(1, 1)}, _Layout(1, 1, (2,))),  # above the categories nothing of it is
        (named("abc"), {(1, 2)}, _Layout(1, 4, (5,))),
        (named("abc"), {(5, 1)}, _Layout(1, 1, (2,))),
        (named("abcd"), {(5, 1)}, _Layout(1, 4, (5,))),  # right of all that there is
        (named("abcd"), {(5, 7)}, _Layout(1, 1, (2,))),
        (named("abcd"), {(5, 1), (2, 7)}, _Layout(1, 9, (10,))),
    ],
)
def test_where_a_figure_stands(chart: Chart, theirs: set[Any], layout: _Layout) -> None:
    assert _laid_out(HELD, frozenset(theirs), chart) == layout


def test_the_cells_of_a_figure_and_what_a_deleted_series_left() -> None:
    assert _values(named("a", "Cost", ""), _Layout(3, 2, (5, 4))) == {
        (4, 2): "a", (3, 5): "Cost", (3, 4): " ", (4, 5): 1.0, (4, 4): 1.0,
    }  # fmt: skip
    texts = {**TEXTS, (1, 3): "Leads", (2, 3): "Leads", (1, 4): "Mine"}
    gone = [fingerprint("Leads"), fingerprint("Cost")]
    assert _left_over(HELD, texts, gone) == {(row, 3) for row in range(1, 5)}
    assert _left_over(HELD, texts, []) == frozenset()
    assert _left_over(replace(HELD, categories=None), texts, gone) == frozenset()
