"""Decks that people worked on: what they did stays, the numbers are new, nothing is guessed."""

from __future__ import annotations

import copy
from typing import Any

from deck_kit import opened, saved, shapes
from pptx import Presentation
from pptx.chart.data import XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.util import Inches

from smarketing.export.deck import Chart, Grid, Number, Page, make_deck, refresh_deck, waterfall
from smarketing.export.deck.native import chart_data
from smarketing.export.deck.pages import Series, printable

ROW = ("Fair", "€5")


def page(chart: Chart | None = None, rows: int = 1, **more: Any) -> list[Page]:
    chart = chart or waterfall(("Q1", 20), [("a", 15), ("b", -5)], ("Q2", 30))
    return [
        Page("change", "Rose", "Revenue", chart, "as of June", "select 1\n\nwhere 2", "a 15; b -5"),
        Page("campaigns", "Campaigns", "June", Grid(("Name", "Cost"), (ROW,) * rows), "s", **more),
    ]


def chart_of(content: bytes) -> Any:
    return shapes(content)["smarketing:change:chart"].chart


def hues(content: bytes) -> dict[str, str | None]:
    return {
        series.name: str(fill.fore_color.rgb) if fill.type == 1 else None
        for series in chart_of(content).series
        for fill in [series.format.fill]
    }


def test_a_hue_stays_with_its_name_when_a_series_comes_or_goes() -> None:
    first = make_deck("T", page())
    deck = opened(first)
    for shape in deck.slides[1].shapes:
        if shape.has_chart:
            down = next(s for s in shape.chart.series if s.name == "Down")
            down.format.fill.fore_color.rgb = RGBColor(0x12, 0x34, 0x56)
    made = hues(first)
    fell = waterfall(("Q2", 30), [("a", -5), ("b", -40)], ("Q3", -15))
    done = refresh_deck(saved(deck), page(fell))
    after = hues(done.content)
    assert "Up" in made and "Up" not in after and " " in after
    assert after["Down"] == "123456"
    assert after["Total"] == made["Total"] and after[" "] is None
    assert after["Down, below zero"] == made["Down"] and after["Total below zero"] == made["Total"]
    chart = chart_of(done.content)
    assert [tuple(s.values) for s in chart.series] == [s.values for s in fell.series]
    assert chart.value_axis.minimum_scale is None
    listed = {
        int(entry[0].get("val"))
        for entry in chart.legend._element
        if entry.tag.endswith("legendEntry")
    }
    assert listed == {n for n, series in enumerate(fell.series) if series.role == "hidden"}
    # And back: what went and came again looks as it is made.
    again = hues(refresh_deck(done.content, page()).content)
    assert again["Up"] == made["Up"] and again["Down"] == "123456"


def test_a_chart_in_a_group_on_a_slide_that_was_doubled_and_moved() -> None:
    deck = opened(make_deck("T", page()))
    slide = deck.slides[2]
    group = slide.shapes.add_group_shape()
    table = next(shape for shape in slide.shapes if shape.has_table)
    group._element.append(table._element)
    twin = deck.slides.add_slide(slide.slide_layout)
    for element in slide.shapes._spTree:
        if element.tag.endswith(("}sp", "}grpSp")):
            twin.shapes._spTree.append(copy.deepcopy(element))
    deck.slides._sldIdLst.insert(0, deck.slides._sldIdLst[-1])
    new = page()
    new[1] = Page("campaigns", "New", "July", Grid(("Name", "Cost"), (("Expo", "€6"),)), "s")
    done = refresh_deck(saved(deck), new)
    found = [
        inner.table.cell(1, 0).text
        for made in opened(done.content).slides
        for shape in made.shapes
        if hasattr(shape, "shapes")
        for inner in shape.shapes
    ]
    assert found == ["Expo", "Expo"] and done.renewed.count("campaigns: table") == 2
    assert not done.unknown and not done.absent


def test_what_is_gone_renamed_or_of_another_kind_is_listed() -> None:
    deck = opened(make_deck("T", page()))
    for shape in list(deck.slides[1].shapes):
        if shape.has_chart:
            shape._element.getparent().remove(shape._element)
    for shape in deck.slides[2].shapes:
        if shape.has_table:
            shape.name = "My table"
    done = refresh_deck(saved(deck), page())
    assert done.absent == ("change: chart", "campaigns: table")
    deck = Presentation()
    made = deck.slides.add_slide(deck.slide_layouts[5])
    points = XyChartData()
    points.add_series("s").add_data_point(1, 2)
    size = (Inches(1),) * 4
    frame = made.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *size, points)
    frame.name = "smarketing:change:chart"
    made.shapes.add_textbox(*size).name = "smarketing:campaigns:table"
    done = refresh_deck(saved(deck), page())
    assert done.unknown == ("change: chart", "campaigns: table") and not done.renewed


def test_a_bar_that_became_a_pie_keeps_its_kind() -> None:
    simple = Chart("bar", ("a", "b"), (Series("S", (1, 2)),))
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.PIE, *(Inches(1),) * 4, chart_data(simple))
    frame.name = "smarketing:change:chart"
    done = refresh_deck(saved(deck), page(Chart("bar", ("a", "b"), (Series("S", (3, -4)),))))
    chart = chart_of(done.content)
    assert chart.chart_type == XL_CHART_TYPE.PIE and tuple(chart.series[0].values) == (3, -4)


def test_a_period_with_nothing_empties_what_spoke_of_another() -> None:
    content = make_deck("T", page(), None)
    nothing = [
        Page("change", "Nothing", "m", Chart("bar", (), ()), "july", alt="Nothing."),
        Page("campaigns", "None ran", "m", Chart("bar", (), ()), "july"),
    ]
    done = refresh_deck(content, nothing)
    # What stood under a name was a number of the other period.
    assert list(chart_of(done.content).plots[0].categories) == ["Q1", "a", "b", "Q2"]
    assert not done.unknown and not done.absent
    assert all(value is None for series in chart_of(done.content).series for value in series.values)
    table = shapes(done.content)["smarketing:campaigns:table"].table
    assert [cell.text for cell in table.rows[1].cells] == ["", ""] and table.cell(
        0, 0
    ).text == "Name"
    back = refresh_deck(done.content, page())
    assert shapes(back.content)["smarketing:campaigns:table"].table.cell(1, 0).text == "Fair"
    # A deck made of nothing has no chart: that is said once there is something.
    later = refresh_deck(make_deck("T", nothing), page())
    assert later.absent == ("change: chart", "campaigns: table")
    assert shapes(later.content)["smarketing:change:empty"].text_frame.text == "Nothing."
    assert later.old == ("change", "campaigns")


def test_rows_without_room_title_and_notes_follow_unless_a_person_wrote_there() -> None:
    deck = make_deck("June", page(rows=2))
    done = refresh_deck(deck, page(rows=4), "July")
    assert done.absent == ("campaigns: 2 rows of the table",)
    assert shapes(done.content)["smarketing:title:headline"].text_frame.text == "July"
    told = page()
    told[0] = Page("change", "Rose", "m", told[0].body, "s", "select 3\nwhere 4")
    edited = opened(done.content)
    slide = edited.slides[1]
    assert slide.notes_slide.notes_text_frame.text == "select 1\n\nwhere 2"
    done = refresh_deck(saved(edited), told, "August")
    assert opened(done.content).slides[1].notes_slide.notes_text_frame.text == "select 3\nwhere 4"
    edited = opened(done.content)
    edited.slides[1].notes_slide.notes_text_frame.text = "Ask Ann"
    edited.slides[0].shapes.title.text_frame.text = "Ours"
    done = refresh_deck(saved(edited), told, "September")
    assert {"change: notes", "title: headline"} <= set(done.kept)


def test_a_number_that_left_the_page_is_still_known() -> None:
    def board(first: str, other: str) -> list[Page]:
        numbers = {name: Number(name, f"{n}", name) for n, name in enumerate((first, other))}
        return [Page("board", "h", "m", (numbers[first],), "s", also=(numbers[other],))]

    done = refresh_deck(make_deck("T", board("won", "lost")), board("lost", "won"))
    assert shapes(done.content)["smarketing:board:won.value"].text_frame.text == "1"
    assert not done.unknown
    assert done.absent == ("board: lost",)


def test_every_odd_character_can_be_written_and_is_known_again() -> None:
    odd = "\x00\x0b\x1f\ud800\u202e\u2028<&\"' 東京 🎉"
    whole = Page(
        "w", odd, odd, Grid((odd,), ((odd,),)), odd, f"{odd}\n{odd}", odd, (Number("n", odd, odd),)
    )
    chart = Page("c", odd, odd, Chart("bar", (f"{odd}\n{odd}",), (Series(odd, (1,)),)), odd)
    made = [printable(whole), printable(chart)]
    content = make_deck("T", made)
    assert refresh_deck(content, made).kept == ("title: headline",)
    assert refresh_deck(content, made).content == refresh_deck(content, made).content


def bars(
    *series: tuple[str, float], names: tuple[str, ...] = ("a", "b"), kind: Any = "column"
) -> Any:
    rows = tuple(
        Series(name, tuple(first + n for n in range(len(names)))) for name, first in series
    )
    return page(Chart(kind, names, rows))


def test_a_line_chart_that_became_bars_takes_a_new_series() -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    size = (Inches(1),) * 4
    made = bars(("One", 1), kind="line")[0].body
    for kind in (XL_CHART_TYPE.COLUMN_STACKED, XL_CHART_TYPE.PIE, XL_CHART_TYPE.AREA):
        frame = slide.shapes.add_chart(kind, *size, chart_data(made))
        frame.name = "smarketing:change:chart"
    done = refresh_deck(saved(deck), bars(("One", 1), ("Two", 5), kind="line"))
    drawn = [shape.chart for shape in opened(done.content).slides[0].shapes if shape.has_chart]
    assert [[tuple(s.values) for s in chart.series] for chart in drawn] == [[(1, 2), (5, 6)]] * 3
    # Where labels stand differs by kind: a place that a kind does not know breaks the file.
    assert not any(chart._chartSpace.xpath(".//c:dLblPos") for chart in drawn)


def test_series_stay_in_the_order_and_kind_of_plot_that_a_person_gave_them() -> None:
    deck = opened(make_deck("T", bars(("One", 1), ("Two", 5))))
    space = next(s for s in deck.slides[1].shapes if s.has_chart).chart._chartSpace
    first, _ = space.xpath(".//c:ser")
    plot = space.xpath(".//c:barChart")[0]
    twin = copy.deepcopy(plot)
    plot.remove(first)
    twin.remove(twin.xpath("./c:ser")[1])
    plot.addnext(twin)
    done = refresh_deck(saved(deck), bars(("One", 3), ("Two", 7)))
    found = [(s.name, tuple(s.values)) for s in chart_of(done.content).series]
    assert found == [("Two", (7, 8)), ("One", (3, 4))]
    hue = {s.name: str(s.format.fill.fore_color.rgb) for s in chart_of(done.content).series}
    made = hues(make_deck("T", bars(("One", 1), ("Two", 5))))
    assert hue == made


def test_what_was_done_to_one_bar_follows_its_category() -> None:
    deck = opened(make_deck("T", bars(("One", 1), names=("a", "b", "c"))))
    drawn = next(s for s in deck.slides[1].shapes if s.has_chart).chart
    for place, hue in ((0, 0x11), (1, 0x22), (2, 0x33)):
        fill = drawn.series[0].points[place].format.fill
        fill.solid()
        fill.fore_color.rgb = RGBColor(hue, hue, hue)
    drawn.series[0].points[0].data_label.text_frame.text = "new"
    done = refresh_deck(saved(deck), bars(("One", 1), names=("c", "d", "a")))
    ser = chart_of(done.content).series[0]._element
    marks = [(int(p.find(p.tag.replace("dPt", "idx")).get("val")), p.xpath(".//a:srgbClr/@val"))
             for p in ser.xpath("./c:dPt")]  # fmt: skip
    assert marks == [(0, ["333333"]), (2, ["111111"])]
    assert ser.xpath("./c:dLbls/c:dLbl/c:idx/@val") == ["2"]


def test_a_chart_that_was_pasted_with_a_link_gets_its_numbers_and_its_sheet() -> None:
    deck = opened(make_deck("T", bars(("One", 1))))
    drawn = next(s for s in deck.slides[1].shapes if s.has_chart).chart
    link = drawn.part.relate_to("file:///C:/other.pptx", RT.PACKAGE, is_external=True)
    drawn._chartSpace.get_or_add_externalData().rId = link
    done = refresh_deck(saved(deck), bars(("One", 3)))
    chart = chart_of(done.content)
    assert tuple(chart.series[0].values) == (3, 4) and "change: chart" in done.renewed
    assert chart.part.chart_workbook.xlsx_part is not None
    assert not any(rel.is_external for rel in chart.part.rels.values())


def test_a_chart_of_which_every_series_was_deleted_is_listed() -> None:
    deck = opened(make_deck("T", bars(("One", 1))))
    drawn = next(s for s in deck.slides[1].shapes if s.has_chart).chart
    for ser in drawn._chartSpace.xpath(".//c:ser"):
        ser.getparent().remove(ser)
    assert "change: chart" in refresh_deck(saved(deck), bars(("One", 3))).unknown
