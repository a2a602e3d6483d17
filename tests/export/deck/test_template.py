"""Decks on a company's own template: its layouts, places, colours and fonts, and nothing cut."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from deck_kit import opened, shapes
from pptx import Presentation
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.util import Inches

from smarketing.errors import UsageError
from smarketing.export.deck import Chart, Grid, Number, Page, Series, make_deck, refresh_deck

CHART = Chart("column", ("a", "b"), (Series("S", (1, 2)),))
PAGES = [
    Page("models", "Webinar 30%", "Share", CHART, "s"),
    Page("numbers", "On target", "m", tuple(Number(f"n{n}", "€1", "L" * 40) for n in range(9))),
    Page("campaigns", "A finding " * 12, "m", Grid(("Name",), (("x",),) * 40)),
    Page("said", "Said", "m", ("A sentence of some length. " * 8,) * 3),
]  # fmt: skip


def template(folder: Path, change: Any) -> Path:
    deck = Presentation()
    change(deck)
    deck.save(str(folder / "t.pptx"))
    return folder / "t.pptx"


def only_the_front(deck: Any) -> None:
    for layout in list(deck.slide_layouts)[1:]:
        deck.slide_layouts.remove(layout)
    deck.slide_width = Inches(13.333)


def no_front_and_a_place_of_its_own(deck: Any) -> None:
    for place in (0, 2, 3, 4, 5, 6, 7, 8):
        deck.slide_layouts.remove(deck.slide_layouts[place if place == 0 else 2])
    assert [layout.name for layout in deck.slide_layouts] == [
        "Title and Content", "Section Header", "Vertical Title and Text"
    ]  # fmt: skip
    box = deck.slide_layouts[0].placeholders[1]
    box.left, box.top, box.width, box.height = map(Inches, (2, 2, 7, 4.5))


@pytest.mark.parametrize(
    "change", [lambda _: None, only_the_front, no_front_and_a_place_of_its_own]
)
def test_all_of_it_is_on_the_slide_below_its_title_in_the_theme_s_own_ink(
    tmp_path: Path, change: Any
) -> None:
    path = template(tmp_path, change)
    content = make_deck("Title", PAGES, path)
    assert content == make_deck("Title", PAGES, path)
    deck = opened(content)
    assert len(deck.slides) == len(PAGES) + 1
    for slide in list(deck.slides)[1:]:
        title = slide.shapes.title
        assert title.top + title.height <= 0.4 * deck.slide_height
        others = [shape for shape in slide.shapes if shape.shape_id != title.shape_id]
        for shape in others:
            assert shape.left >= 0 and shape.left + shape.width <= deck.slide_width
            assert shape.top >= title.top + title.height
            assert shape.top + shape.height <= deck.slide_height
            if shape.has_text_frame:
                (run,) = shape.text_frame.paragraphs[0].runs
                assert run.font.color.theme_color == MSO_THEME_COLOR.TEXT_1
                assert run.font.name is None
    chart = shapes(content)["smarketing:models:chart"].chart
    assert chart.font.color.theme_color == MSO_THEME_COLOR.TEXT_1
    assert chart.series[0].format.fill.type is None
    assert not refresh_deck(content, PAGES).unknown


def test_the_place_for_content_is_the_template_s(tmp_path: Path) -> None:
    content = make_deck("T", PAGES, template(tmp_path, no_front_and_a_place_of_its_own))
    chart = shapes(content)["smarketing:models:chart"]
    assert (chart.left, chart.width) == (Inches(2), Inches(7))
    assert Inches(2) <= chart.top and chart.top + chart.height <= Inches(6.5)


def test_a_template_gives_its_layouts_and_a_wrong_one_is_one_sentence(tmp_path: Path) -> None:
    template = Presentation()
    template.slide_width = Inches(11)
    template.save(str(tmp_path / "ours.pptx"))
    deck = opened(make_deck("S", PAGES, tmp_path / "ours.pptx"))
    assert deck.slide_width == Inches(11) and len(deck.slides) == 5
    (tmp_path / "no.pptx").write_text("no deck")
    for name, why in (("no.pptx", "save it as .pptx"), ("none.pptx", "it is not there")):
        with pytest.raises(UsageError, match=f"cannot be opened as PowerPoint: {why}"):
            make_deck("S", PAGES, tmp_path / name)
    with pytest.raises(UsageError, match="cannot be opened as PowerPoint"):
        refresh_deck(b"no deck", PAGES)
    bare = Presentation()
    for layout in bare.slide_layouts:
        for place in list(layout.placeholders):
            place._element.getparent().remove(place._element)
    bare.save(str(tmp_path / "bare.pptx"))
    with pytest.raises(UsageError, match="no layout with a title"):
        make_deck("S", PAGES, tmp_path / "bare.pptx")


def a_place_too_low_for_a_chart(deck: Any) -> None:
    no_front_and_a_place_of_its_own(deck)
    deck.slide_layouts[0].placeholders[1].height = Inches(2.9)  # of 7.5: less than 0.4


def test_a_place_for_content_that_is_too_low_is_not_taken(tmp_path: Path) -> None:
    content = make_deck("T", PAGES, template(tmp_path, a_place_too_low_for_a_chart))
    chart = shapes(content)["smarketing:models:chart"]
    assert (chart.left, chart.width) != (Inches(2), Inches(7))
    assert chart.height > Inches(2.9)
