"""Tables and charts that a person worked on: theirs stays and is listed, ours is new or all old."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from deck_kit import opened, saved, shapes
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from smarketing.errors import UsageError
from smarketing.export.deck import Chart, Grid, Page, Series, make_deck, refresh_deck, waterfall
from smarketing.export.deck.refresh import Refreshed
from smarketing.export.deck.remembered import CELLS, remembered

HEADERS = ("Name", "Cost", "Leads")
JUNE = (("Fair", "€5", "9"), ("Ads", "€7", "8"), ("Mail", "€1", "7"))
JULY = (("Ads", "€70", "80"), ("Mail", "€10", "70"), ("Fair", "€50", "60"))
TABLE, CHART = "smarketing:t:table", "smarketing:c:chart"


def refreshed(content: bytes, pages: list[Page]) -> Refreshed:
    return refresh_deck(content, pages, "T")


def listed(rows: Sequence[tuple[str, ...]], headers: tuple[str, ...] = HEADERS) -> Page:
    return Page("t", f"{rows[0][0]} leads", "m", Grid(headers, tuple(rows), (1, 2)), "s", "notes")


def drawn(*series: tuple[str, float], stamp: str = "june") -> Page:
    rows = tuple(Series(name, (value, value + 1)) for name, value in series)
    return Page("c", f"{len(rows)} of them, {stamp}", stamp, Chart("column", ("a", "b"), rows),
                stamp, f"select {stamp}")  # fmt: skip


def table_of(deck: Any) -> Any:
    return next(s for s in deck.slides[1].shapes if s.has_table).table


def chart_in(deck: Any) -> Any:
    return next(s for s in deck.slides[1].shapes if s.has_chart)


def cells(content: bytes) -> list[list[str]]:
    rows = shapes(content)[TABLE].table.rows
    return [[cell.text for cell in row.cells] for row in rows]


def add_column(table: Any, texts: Sequence[str]) -> None:
    grid = table._tbl.tblGrid
    grid.append(copy.deepcopy(grid[-1]))
    for row in table._tbl.findall(qn("a:tr")):
        row.findall(qn("a:tc"))[-1].addnext(copy.deepcopy(row.findall(qn("a:tc"))[-1]))
    for row, text in enumerate(texts):
        table.cell(row, len(table.columns) - 1).text_frame.text = text


def test_a_cell_that_a_person_wrote_stays_with_its_row_and_is_listed() -> None:
    deck = opened(make_deck("T", [listed(JUNE)]))
    table_of(deck).cell(1, 1).text_frame.text = "about €5"
    done = refreshed(saved(deck), [listed(JULY)])
    assert cells(done.content)[1:] == [["Fair", "about €5", "60"], *map(list, JULY[:2])]
    assert done.kept == ("t: table, Cost, Fair",) and not done.old and not done.unknown
    again = refreshed(done.content, [listed(JUNE)])
    assert cells(again.content)[1] == ["Fair", "about €5", "9"] and again.kept == done.kept
    # What the row was of is gone: its numbers go, what the person wrote stays, nothing is guessed.
    gone = refreshed(again.content, [listed(JULY[:2])])
    assert cells(gone.content)[1:] == [["Fair", "about €5", ""], *map(list, JULY[:2])]
    assert gone.lost == ("t: table, row Fair",)
    back = refreshed(gone.content, [listed(JUNE)])
    assert cells(back.content)[1] == ["Fair", "about €5", "9"] and back.kept == done.kept


def test_a_name_that_a_person_wrote_stays_with_what_it_named() -> None:
    deck = opened(make_deck("T", [listed(JUNE)]))
    table_of(deck).cell(2, 0).text_frame.text = "Our ads"
    done = refreshed(saved(deck), [listed(JULY)])
    assert cells(done.content)[2] == ["Our ads", "€70", "80"]
    assert cells(refreshed(done.content, [listed(JUNE)]).content)[2] == ["Our ads", "€7", "8"]


def test_a_column_and_a_row_of_a_person_stay_where_they_are() -> None:
    deck = opened(make_deck("T", [listed(JUNE)]))
    table = table_of(deck)
    add_column(table, ("Comment", "nice", "", "dull"))
    last = table._tbl.findall(qn("a:tr"))[-1]
    last.addnext(copy.deepcopy(last))
    for place, text in enumerate(("Sum", "€13", "24", "ours")):
        table.cell(4, place).text_frame.text = text
    done = refreshed(saved(deck), [listed(JULY)])
    assert cells(done.content) == [
        [*HEADERS, "Comment"], ["Fair", "€50", "60", "nice"], ["Ads", "€70", "80", ""],
        ["Mail", "€10", "70", "dull"], ["Sum", "€13", "24", "ours"],
    ]  # fmt: skip
    assert done.kept == ("t: table, column Comment", "t: table, row Sum")
    assert refreshed(done.content, [listed(JUNE)]).kept == done.kept


def test_columns_and_rows_that_were_moved_renamed_or_deleted_are_found() -> None:
    deck = opened(make_deck("T", [listed(JUNE)]))
    table = table_of(deck)
    rows = table._tbl.findall(qn("a:tr"))
    for row in rows:
        first, second, _ = row.findall(qn("a:tc"))
        second.addnext(first)
    rows[1].addprevious(rows[2])
    table._tbl.remove(rows[3])
    table.cell(0, 2).text_frame.text = "People"
    done = refreshed(saved(deck), [listed(JULY)])
    assert cells(done.content) == [["Cost", "Name", "People"], ["€70", "Ads", "80"],
                                   ["€10", "Mail", "70"]]  # fmt: skip
    assert done.kept == ("t: table, header People",)
    assert done.absent == ("t: 1 rows of the table",)


def test_where_nothing_is_remembered_columns_are_known_by_their_headers() -> None:
    deck = opened(make_deck("T", [listed(JUNE)]))
    shape = next(s for s in deck.slides[1].shapes if s.has_table)
    known = shape._element.nvGraphicFramePr.nvPr
    known.remove(known.find(qn("p:custDataLst")))
    assert remembered(shape) == {}
    add_column(shape.table, ("Comment", "nice", "", ""))
    done = refreshed(saved(deck), [listed(JULY)])
    assert cells(done.content)[1:3] == [["Fair", "€50", "60", "nice"], ["Ads", "€70", "80", ""]]
    assert CELLS in remembered(shapes(done.content)[TABLE])


def test_a_table_of_other_columns_is_left_with_all_that_is_said_of_it() -> None:
    first = make_deck("T", [listed(JUNE)])
    done = refreshed(first, [listed((("x", "y", "z", "w"),), ("A", "B", "C", "D"))])
    assert done.unknown == ("t: table",) and done.old == ("t",)
    assert cells(done.content) == [list(HEADERS), *map(list, JUNE)]
    assert opened(done.content).slides[1].shapes.title.text_frame.text == "Fair leads"


def test_a_blank_cell_that_is_filled_looks_as_its_row_does() -> None:
    deck = opened(make_deck("T", [listed((("Fair", "", "9"), ("Ads", "", "8")))]))
    table = table_of(deck)
    for run in (c.text_frame.paragraphs[0].runs[0] for c in table.rows[1].cells if c.text):
        run.font.size = Pt(20)
    for row in (1, 2):
        paragraph = table.cell(row, 1).text_frame.paragraphs[0]
        paragraph._p.remove(paragraph.runs[0]._r)
    end = table.cell(2, 1).text_frame.paragraphs[0]._p.get_or_add_endParaRPr()
    end.set("sz", "1500")
    done = refreshed(saved(deck), [listed(JUNE)])
    after = shapes(done.content)[TABLE].table
    sizes = [after.cell(row, 1).text_frame.paragraphs[0].runs[0].font.size for row in (1, 2)]
    assert sizes == [Pt(20), Pt(15)]


@pytest.mark.parametrize("change", ["renamed", "deleted", "a picture"])
def test_beside_a_chart_that_is_not_found_all_stays_as_it_was(change: str, tmp_path: Any) -> None:
    deck = opened(make_deck("T", [drawn(("One", 1)), listed(JUNE)]))
    slide, shape = deck.slides[1], chart_in(deck)
    if change == "renamed":
        shape.name = "Our chart"
    else:
        shape._element.getparent().remove(shape._element)
    if change == "a picture":
        file = tmp_path / "p.png"
        file.write_bytes(bytes.fromhex(
            "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154"
            "789c6360000002000001e221bc330000000049454e44ae426082"
        ))  # fmt: skip
        slide.shapes.add_picture(str(file), Inches(1), Inches(1))
    page = drawn(("One", 5), ("Two", 6), stamp="july")
    done = refreshed(saved(deck), [page, listed(JULY)])
    after = opened(done.content).slides[1]
    said = {s.text_frame.text for s in after.shapes if s.has_text_frame}
    assert {"1 of them, june", "june"} <= said and not any("july" in text for text in said)
    assert after.notes_slide.notes_text_frame.text == "select june"
    assert done.old == ("c",) and done.absent == ("c: chart",)
    assert cells(done.content)[1:] == list(map(list, JULY))
    nothing = Page("c", "Nothing in july", "july", Chart("bar", (), ()), "july")
    still = refreshed(saved(deck), [nothing, listed(JULY)])
    assert still.old == (() if change == "deleted" else ("c",))


def test_a_hue_is_known_after_a_period_without_its_series() -> None:
    deck = opened(make_deck("T", [drawn(("One", 1), ("Two", 2))]))
    for series in chart_in(deck).chart.series:
        if series.name == "Two":
            series.format.fill.fore_color.rgb = RGBColor(0x12, 0x34, 0x56)
            series.points[0].format.fill.solid()
    for _ in range(2):
        without = refreshed(saved(deck), [drawn(("One", 3))])
        deck = opened(without.content)
    assert [series.name for series in shapes(without.content)[CHART].chart.series] == ["One"]
    back = refreshed(without.content, [drawn(("One", 3), ("Two", 4))])
    assert not back.kept
    two = shapes(back.content)[CHART].chart.series[1]
    assert str(two.format.fill.fore_color.rgb) == "123456" and tuple(two.values) == (4, 5)
    assert not two._element.findall(qn("c:dPt"))


def trend(name: str, *levels: str) -> Page:
    """Return a line of a KPI with levels across the chart."""
    line = Series(name, (1.0, 3.0))
    rows = (Series(one, (2.0, 2.0), "muted", labelled=False, dash="dash") for one in levels)
    return Page("c", "It rose", "m", Chart("line", ("a", "b"), (line, *rows)), "s")


def test_levels_that_come_to_a_line_are_named_and_drawn_as_levels() -> None:
    """An earlier version drew the line alone and gave it no name; how a person drew it stays."""
    deck = opened(make_deck("T", [trend("")]))
    chart_in(deck).chart.series[0].format.line.color.rgb = RGBColor(0x12, 0x34, 0x56)
    content = refreshed(saved(deck), [trend("Leads", "limit", "target")]).content
    done = shapes(content)[CHART].chart
    assert [series.name for series in done.series] == ["Leads", "limit", "target"]
    assert str(done.series[0].format.line.color.rgb) == "123456"
    assert {series.marker.style for series in list(done.series)[1:]} == {XL_MARKER_STYLE.NONE}
    assert {series.format.line.dash_style for series in list(done.series)[1:]} == {MSO_LINE.DASH}
    assert done.has_legend
    more = shapes(refreshed(content, [trend("Leads", "limit", "average", "target")]).content)
    assert more[CHART].chart.series[2].marker.style == XL_MARKER_STYLE.NONE


def test_a_name_that_a_person_gave_a_line_without_one_stays() -> None:
    deck = opened(make_deck("T", [trend("")]))
    rename(deck, {" ": "Anfragen"})
    done = refreshed(saved(deck), [trend("Leads", "target")])
    assert [s.name for s in shapes(done.content)[CHART].chart.series] == ["Anfragen", "target"]
    assert done.kept == ("c: chart, series Anfragen",)


def test_a_series_that_a_person_deleted_does_not_come_back_and_is_listed() -> None:
    deck = opened(make_deck("T", [drawn(("One", 1), ("Two", 2))]))
    two = chart_in(deck).chart.series[1]._element
    two.getparent().remove(two)
    content = saved(deck)
    for value in (3, 5):
        done = refreshed(content, [drawn(("One", value), ("Two", 4), ("New", 7))])
        content = done.content
        found = [(s.name, s.values[0]) for s in shapes(content)[CHART].chart.series]
        assert found == [("One", value), ("New", 7)]
        assert done.kept == ("c: chart, series Two",)
    nothing = Page("c", "Nothing", "july", Chart("bar", (), ()), "july")
    for pages in ([nothing], [drawn(("One", 5))]):
        content = refreshed(content, pages).content
    assert refreshed(content, [drawn(("One", 6), ("Two", 4))]).kept == ("c: chart, series Two",)
    alone = refreshed(content, [drawn(("Two", 4))])
    assert alone.unknown == ("c: chart",) and alone.old == ("c",)


def test_a_deck_of_other_filters_is_refused_and_its_title_page_has_the_stamp_of_all() -> None:
    def of(filters: str, month: str = "June") -> str:
        return f"{month} (1 to 30) · {filters} · agreement 1 signed · as of 30"

    page = listed(JUNE)
    first = make_deck("T", [page], None, of("segment Small · region US"))
    assert shapes(first)["smarketing:title:stamp"].text_frame.text == of(
        "segment Small · region US"
    )
    with pytest.raises(UsageError, match="made with segment Small"):
        refresh_deck(first, [page], "T", of("no filters"))
    july = of("segment Small · region US", "July")
    done = refresh_deck(first, [listed(JULY)], "T", july)
    assert shapes(done.content)["smarketing:title:stamp"].text_frame.text == july
    assert shapes(done.content)["smarketing:t:stamp"].text_frame.text == "s"


def rename(deck: Any, names: dict[str, str]) -> None:
    for series in chart_in(deck).chart.series:
        for text in series._element.xpath("./c:tx//c:v"):
            text.text = names.get(text.text, text.text)


def test_a_series_that_a_person_renamed_keeps_their_name_and_takes_its_numbers() -> None:
    deck = opened(make_deck("T", [drawn(("One", 1), ("Two", 2))]))
    rename(deck, {"Two": "Zwei"})
    content = saved(deck)
    nothing = Page("c", "Nothing", "july", Chart("bar", (), ()), "july")
    for page in (drawn(("One", 3), ("Two", 4)), nothing, drawn(("Two", 6), ("One", 5))):
        done = refreshed(content, [page])
        content = done.content
        assert done.kept == ("c: chart, series Zwei",)
    found = {s.name: s.values[0] for s in shapes(content)[CHART].chart.series}
    assert found == {"One": 5, "Zwei": 6}


def test_a_chart_with_a_series_of_a_person_s_own_is_left_alone_with_its_page() -> None:
    deck = opened(make_deck("T", [drawn(("One", 1), ("Two", 2))]))
    two = chart_in(deck).chart.series[1]._element
    two.addnext(copy.deepcopy(two))
    names = iter(["One", "Two", "Target"])
    for series in chart_in(deck).chart.series:
        series._element.xpath("./c:tx//c:v")[0].text = next(names)
    done = refreshed(saved(deck), [drawn(("One", 3), ("Two", 4), stamp="july")])
    found = [(s.name, s.values[0]) for s in shapes(done.content)[CHART].chart.series]
    assert found == [("One", 1), ("Two", 2), ("Target", 2)]
    assert done.unknown == ("c: chart",) and done.old == ("c",)


BARS = ("Ads", "Fair", "Mail")


def counted(*names: str, told: str = "june") -> Page:
    rows = tuple(Series(of, tuple(float(len(n) + by) for n in names)) for of, by in SIZES.items())
    chart = Chart("bar", tuple(f"{name}\n€9" for name in names), rows)
    return Page("c", told, told, chart, told)


SIZES = {"One": 0, "Two": 10}


def bars_of(content: bytes) -> dict[str, float]:
    drawn = shapes(content)[CHART].chart
    names = [str(name).partition("\n")[0] for name in drawn.plots[0].categories]
    return dict(zip(names, drawn.series[0].values, strict=True))


def with_sheet(content: bytes, *names: str) -> bytes:
    """The deck after a person wrote these names into the sheet of its chart."""
    deck = opened(content)
    drawn = chart_in(deck).chart
    data = CategoryChartData()
    data.categories = names
    for series in drawn.series:
        data.add_series(series.name, [5] * len(names))
    drawn.replace_data(data)
    return saved(deck)


def test_categories_that_a_person_renamed_deleted_or_moved_stay_so_and_are_listed() -> None:
    nothing = Page("c", "Nothing", "july", Chart("bar", (), ()), "july")
    for names, kept, wanted in (
        (("Ads", "Messe", "Mail"), ("category Messe",), {"Mail": 4, "Messe": 4, "Ads": 3}),
        (("Ads", "Mail"), ("category Fair",), {"Mail": 4, "Ads": 3}),
    ):
        content = with_sheet(make_deck("T", [counted(*BARS)]), *names)
        for page in (counted(*BARS), nothing, counted("Mail", "Fair", "Ads", "Web")):
            done = refreshed(content, [page])
            content = done.content
            shown = [one for one in kept if page is not nothing or "Fair" not in one]
            assert done.kept == tuple(f"c: chart, {one}" for one in shown)
        assert bars_of(content) == {**wanted, "Web": 3}
        assert list(bars_of(content)) == [*wanted, "Web"]
    # A bar of a person's own would be lost: all of the page stays as it was.
    mine = with_sheet(make_deck("T", [counted(*BARS)]), *BARS, "Goal")
    done = refreshed(mine, [counted(*BARS, told="july")])
    assert "Goal" in bars_of(done.content) and done.old == ("c",)


def test_steps_of_a_waterfall_stay_in_their_order() -> None:
    chart = waterfall(("May", 9.0), [("Ads", 2.0), ("Fair", -1.0)], ("June", 10.0))
    page = Page("c", "h", "m", chart, "s")
    content = with_sheet(make_deck("T", [page]), "May", "Fair", "Ads", "June")
    assert list(bars_of(refreshed(content, [page]).content)) == ["May", "Ads", "Fair", "June"]


GOOD, BAD = "#0f766e", "#a3134d"


def hues_in(content: bytes) -> list[str]:
    """The hue of each bar of the chart of a deck."""
    ser = shapes(content)[CHART].chart.series[0]._element
    of_all = ser.xpath("./c:spPr/a:solidFill/a:srgbClr/@val")[0]
    own = {
        int(mark.find(qn("c:idx")).get("val")): mark.xpath(".//a:srgbClr/@val")[0]
        for mark in ser.findall(qn("c:dPt"))
    }
    return [f"#{own.get(place, of_all).lower()}" for place in range(3)]


def changed(*hues: str) -> Page:
    chart = Chart("bar", BARS, (Series("", (3.0, 2.0, -1.0), hues=hues),))
    return Page("c", "h", "m", chart, "s")


def test_a_mark_has_its_own_hue_and_keeps_the_one_that_a_person_gave_it() -> None:
    made = make_deck("T", [changed(GOOD, GOOD, BAD)])
    assert hues_in(made) == [GOOD, GOOD, BAD]
    deck = opened(made)
    fill = chart_in(deck).chart.series[0].points[1].format.fill
    fill.solid()
    fill.fore_color.rgb = RGBColor(1, 2, 3)
    done = refreshed(saved(deck), [changed(BAD, BAD, GOOD)])
    assert hues_in(done.content) == [BAD, "#010203", GOOD]
    deck = opened(made)
    chart_in(deck).chart.series[0].format.fill.fore_color.rgb = RGBColor(1, 2, 3)
    assert hues_in(refreshed(saved(deck), [changed(BAD, BAD, GOOD)]).content)[0] == "#010203"


def test_a_headline_takes_two_lines_and_a_long_measure_has_its_place() -> None:
    page = Page("t", "word " * 34, "what is measured " * 14, Grid(HEADERS, JUNE), "s")
    texts = shapes(make_deck("T", [page]))
    [run] = texts["smarketing:t:headline"].text_frame.paragraphs[0].runs
    assert run.font.size <= Pt(16)
    measure, table = texts["smarketing:t:measure"], texts["smarketing:t:table"]
    assert measure.top + measure.height <= table.top and measure.height > Inches(0.5)


def test_a_headline_whose_name_another_program_took_is_renewed_if_it_is_as_it_was_made() -> None:
    deck = opened(make_deck("T", [listed(JUNE)]))
    for slide in deck.slides:
        slide.shapes.title.name = "PlaceHolder 1"
    deck.slides[1].notes_slide.notes_placeholder.name = "PlaceHolder 2"
    page = replace(listed(JULY), notes="new notes", stamp="july")
    done = refresh_deck(saved(deck), [page], "U", "s")
    texts = shapes(done.content)
    assert texts["smarketing:t:headline"].text_frame.text == "Ads leads" and not done.absent
    assert texts["smarketing:title:headline"].text_frame.text == "U"
    notes = opened(done.content).slides[1].notes_slide
    assert notes.notes_text_frame.text == "new notes"
    deck.slides[1].shapes.title.text_frame.text = "Ours"
    done = refreshed(saved(deck), [page])
    assert opened(done.content).slides[1].shapes.title.text_frame.text == "Ours"
    assert done.absent == ("t: headline",)
