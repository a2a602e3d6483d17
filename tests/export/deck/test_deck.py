"""Decks: native charts read back with their values, the same bytes, and what a refresh keeps."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pandas as pd
from deck_kit import opened, saved, shapes
from hypothesis import given
from hypothesis import strategies as st
from pptx.oxml.ns import qn
from pptx.util import Inches

from smarketing.export.deck import (
    Chart,
    Grid,
    Number,
    Page,
    Series,
    funnel,
    make_deck,
    refresh_deck,
    waterfall,
)
from smarketing.export.deck.pages import Table

CHART = Chart(
    "column",
    ("Webinar", "Search"),
    (Series("First", (0.3, None)), Series("Last", (0.1, 0.6))),
    "0%",
)


def pages(won: str = "€479 k", share: float = 0.3) -> list[Page]:
    chart = Chart(
        "column", CHART.categories, (Series("First", (share, None)), CHART.series[1]), "0%"
    )
    return [
        Page("numbers", "On target", "June", (Number("won", won, "Won revenue", "on track"),), "s"),
        Page("models", f"Webinar {share:.0%}", "Share", chart, "as of June", "select 1", "a chart"),
        Page("campaigns", "Campaigns", "June", Grid(("Name", "Cost"), (("=A1", won),), (1,)), "s"),
        Page("said", "Said", "June", (f"Won {won}.", "[b]bold[/b]")),
    ]


def values(content: bytes, name: str = "smarketing:models:chart") -> list[tuple[float | None, ...]]:
    return [tuple(series.values) for series in shapes(content)[name].chart.plots[0].series]


def test_every_chart_is_native_with_its_values_its_sheet_and_its_words() -> None:
    content = make_deck("Smarketing", pages())
    assert values(content) == [(0.3, None), (0.1, 0.6)]
    chart = shapes(content)["smarketing:models:chart"]
    assert list(chart.chart.plots[0].categories) == ["Webinar", "Search"]
    assert chart.chart.part.chart_workbook.xlsx_part is not None
    assert chart._element.nvGraphicFramePr.cNvPr.get("descr") == "a chart"
    slide = opened(content).slides[2]
    assert slide.notes_slide.notes_text_frame.text == "select 1"
    assert shapes(content)["smarketing:numbers:won.value"].text_frame.text == "€479 k"
    assert shapes(content)["smarketing:said:sentence 2"].text_frame.text == "[b]bold[/b]"
    table = shapes(content)["smarketing:campaigns:table"].table
    assert [cell.text for cell in table.rows[1].cells] == ["=A1", "€479 k"]


def test_the_same_pages_give_the_same_bytes() -> None:
    assert make_deck("S", pages()) == make_deck("S", pages())
    assert make_deck("S", pages()) != make_deck("S", pages("€480 k"))


def test_every_part_of_a_deck_is_of_the_first_day_that_an_archive_knows() -> None:
    with zipfile.ZipFile(io.BytesIO(make_deck("S", pages()))) as packed:
        assert {part.date_time for part in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {part.compress_type for part in packed.infolist()} == {zipfile.ZIP_DEFLATED}


def test_a_refresh_renews_numbers_and_keeps_what_a_person_did() -> None:
    deck = opened(make_deck("Smarketing", pages()))
    slides = deck.slides._sldIdLst
    slides.append(slides[1])
    models = next(s for s in deck.slides if s.shapes.title.text_frame.text == "Webinar 30%")
    models.shapes.title.text_frame.text = "Our own headline"
    for shape in models.shapes:
        if shape.has_chart:
            shape.left, shape.width = Inches(3), Inches(5)
            fill = shape.chart.plots[0].series[0].format.fill
            fill.solid()
            fill.fore_color.rgb = fill.fore_color.rgb.from_string("123456")
    own = deck.slides.add_slide(deck.slide_layouts[5])
    own.shapes.title.text_frame.text = "A slide of our own"
    done = refresh_deck(saved(deck), pages("€512 k", 0.4))
    assert values(done.content) == [(0.4, None), (0.1, 0.6)]
    assert "models: headline" in done.kept and "models: chart" in done.renewed
    titles = [s.shapes.title.text_frame.text for s in opened(done.content).slides]
    assert titles == [
        "Smarketing",
        "Our own headline",
        "Campaigns",
        "Said",
        "On target",
        "A slide of our own",
    ]
    chart = shapes(done.content)["smarketing:models:chart"]
    assert (chart.left, chart.width) == (Inches(3), Inches(5))
    assert str(chart.chart.plots[0].series[0].format.fill.fore_color.rgb) == "123456"
    assert shapes(done.content)["smarketing:numbers:won.value"].text_frame.text == "€512 k"
    assert shapes(done.content)["smarketing:campaigns:table"].table.cell(1, 1).text == "€512 k"
    again = refresh_deck(done.content, pages("€513 k", 0.4))
    assert shapes(again.content)["smarketing:numbers:won.value"].text_frame.text == "€513 k"
    assert again.kept == done.kept


def test_what_cannot_be_found_any_more_is_listed_and_nothing_is_guessed() -> None:
    content = make_deck("S", pages())
    other = [
        Page("models", "A table now", "m", Grid(("a",), (("b",),))),
        Page("new", "n", "m", ("x",)),
    ]
    done = refresh_deck(content, other)
    assert {"models: chart", "campaigns: table", "numbers: won.value"} <= set(done.unknown)
    assert done.absent == ("models: table", "new")
    assert values(done.content) == values(content)


def test_a_period_without_data_says_so_on_its_page() -> None:
    empty = Page(
        "plan", "Plan", "June", Chart("bar", ("a",), (Series("s", (None,)),)), alt="No plan."
    )
    assert shapes(make_deck("S", [empty]))["smarketing:plan:empty"].text_frame.text == "No plan."


def test_no_column_of_a_wide_table_breaks_a_word_that_has_room() -> None:
    words = tuple(f"Word{n}" for n in range(9))
    long = "a sentence of many short words, as long as a note is"

    def inches(headers: tuple[str, ...], row: tuple[str, ...]) -> list[float]:
        content = make_deck("T", [Page("t", "T", "m", Grid(headers, (row,)))])
        table = shapes(content)["smarketing:t:table"].table
        return [column.width / Inches(1) for column in table.columns]

    wide = inches(("Note", "Note 2", *words), (long, long, *words))
    assert all(width > 0.75 for width in wide[2:]) and wide[0] == wide[1] > wide[2]


def test_columns_without_room_are_told_and_the_others_renewed() -> None:
    """A slide of thirty columns broke every word of them."""

    def page(last: str, columns: int = 30) -> Page:
        headers = tuple(f"Header{n}" for n in range(columns))
        return Page("t", "T", "m", Grid(headers, (("long words", *headers[2:], last),) * 40, (29,)))

    deck = make_deck("T", [page("1")])
    table = shapes(deck)["smarketing:t:table"].table
    shown = len(table.columns)
    assert (
        2 < shown < 30 and [cell.text for cell in table.rows[0].cells][-1] == f"Header{shown - 1}"
    )
    rows = len(table.rows) - 1
    names = ", ".join(f"Header{n}" for n in range(shown, shown + 4))
    told = f"{40 - rows} more rows and the columns {names} and {26 - shown} others"
    said = shapes(deck)["smarketing:t:more"].text_frame.text
    assert said == f"{told} are in the workbook."
    renewed = refresh_deck(deck, [page("2")], "T")
    assert not renewed.unknown and "t: table" in renewed.renewed
    other = Page("t", "T", "m", Grid(("Another", *map(str, range(29))), (), ()))
    assert "t: table" in refresh_deck(deck, [other], "T").unknown


def test_rows_without_room_are_counted_as_the_workbook_has_them() -> None:
    table = Table(pd.DataFrame({"Name": range(60)}))
    body = Grid(("Name",), tuple((str(n),) for n in range(40)))
    deck = make_deck("T", [Page("t", "T", "m", body, table=table)])
    shown = len(shapes(deck)["smarketing:t:table"].table.rows) - 1
    told = shapes(deck)["smarketing:t:more"].text_frame.text
    assert told == f"{60 - shown} more rows are in the workbook."


def test_a_funnel_is_centred_bars() -> None:
    # widest 100: pads of 0, 30 and 50 on the left
    chart = funnel([("Lead", 100), ("MQL", 40), ("SQL", 0)])
    assert [s.values for s in chart.series] == [(0.0, 30.0, 50.0), (100, 40, 0)]
    # Beneath its name, since the bar of none has no room for a count.
    assert chart.categories == ("Lead\n100", "MQL\n40", "SQL\n0")
    assert funnel([]).is_empty


def test_a_part_of_a_stack_without_room_has_no_label_and_a_refresh_knows_the_new_room() -> None:
    def formats(content: bytes) -> list[str]:
        chart = shapes(content)["smarketing:s:chart"].chart
        return [one.data_labels.number_format for one in chart.series]

    def page(*values: float) -> Page:
        rows = (Series("Kept", values, "good"), Series("Pale", values, "faint"))
        return Page("s", "h", "m", Chart("stacked_bar", ("a", "b"), rows), "s")

    # The longest stack is 2000, the longest label 1,000: 5 letters x 0.015 of it.
    deck = make_deck("T", [page(1000, 5)])
    assert formats(deck) == ["[>=150]#,##0;[<=-150]-#,##0;"] * 2
    later = refresh_deck(deck, [page(10, 9)], "T").content
    assert formats(later) == ["[>=0.6]#,##0;[<=-0.6]-#,##0;"] * 2
    fonts = [
        one.data_labels.font.color.rgb for one in shapes(deck)["smarketing:s:chart"].chart.series
    ]
    assert fonts[0] != fonts[1], "dark letters on a pale part"


def test_names_beneath_marks_stand_level_where_their_words_have_room() -> None:
    def tilt(names: tuple[str, ...], kind: Any = "column") -> tuple[str | None, float]:
        values = tuple(map(float, range(1, len(names) + 1)))
        page = Page("c", "h", "m", Chart(kind, names, (Series("s", values),)), "s")
        chart = shapes(make_deck("T", [page]))["smarketing:c:chart"].chart
        text = chart.category_axis._element.find(qn("c:txPr"))
        body = text.find(qn("a:bodyPr")) if text is not None else None
        size = chart.category_axis.tick_labels.font.size
        return (None if body is None else body.get("rot")), size.pt if size else 0

    assert tilt(("Paid search", "Organic search", "E-mail")) == ("0", 12)
    assert tilt(tuple(f"Nachrichtenbrief{n}" for n in range(9)))[0] == "0"
    assert tilt(tuple(f"Nachrichtenbrief{n}" for n in range(9)))[1] < 12
    assert tilt(tuple(f"Nachrichtenbrief{n}" for n in range(30)))[0] != "0"
    assert tilt(("Paid search", "E-mail"), "bar")[0] != "0"
    # One long word of a few is broken, rather than all of them tilted.
    assert tilt(("Donaudampfschifffahrtsgesellschaften", *"abcdefgh")) == ("0", 9)


def test_a_waterfall_across_zero_by_hand() -> None:
    # 20, -50 to -30: 20 above and 30 below zero; +15 from -30 to -15; +40 from -15 to 25
    chart = waterfall(("Q1", 20), [("a", -50), ("b", 15), ("c", 40)], ("Q2", 25))
    found = {(s.role, s.name): s.values for s in chart.series}
    assert found["bad", "Down"] == (None, 20, None, None, None)
    assert found["bad", "Down, below zero"] == (None, -30, None, None, None)
    assert found["hidden", ""] == (None, None, -15, None, None)
    assert found["good", "Up, below zero"] == (None, None, -15, -15, None)
    assert found["good", "Up"] == (None, None, None, 25, None)
    assert chart.categories == ("Q1\n20", "a\n−50", "b\n+15", "c\n+40", "Q2\n25")


def test_a_step_that_changes_nothing_has_no_sign() -> None:
    chart = waterfall(("Q1", 20), [("a", 0), ("b", -5)], ("Q2", 15))
    assert chart.categories == ("Q1\n20", "a\n0", "b\n\u22125", "Q2\n15")


@given(st.integers(-1000, 1000), st.lists(st.integers(-1000, 1000), max_size=8))
def test_the_parts_of_each_column_reach_from_where_it_begins_to_where_it_ends(
    start: int, changes: list[int]
) -> None:
    end = start + sum(changes)
    chart = waterfall(("s", start), [(str(n), c) for n, c in enumerate(changes)], ("e", end))
    ends = [(0, start)]
    for change in changes:
        ends.append((ends[-1][1], ends[-1][1] + change))
    for place, (first, last) in enumerate([*ends, (0, end)]):
        seen = [s.values[place] or 0 for s in chart.series if s.role != "hidden"]
        base = [s.values[place] or 0 for s in chart.series if s.role == "hidden"]
        above, below = (sum(v for v in seen if v > 0), sum(v for v in seen if v < 0))
        floor, ceiling = (sum(v for v in base if v > 0), sum(v for v in base if v < 0))
        if first != last:
            assert max(first, last) == (floor + above if above else ceiling)
            assert min(first, last) == (ceiling + below if below else floor)
        else:
            assert not above and not below
