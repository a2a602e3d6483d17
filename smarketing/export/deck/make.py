"""A deck from its pages, on the company's own template where one is given."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from smarketing.charts.theme import LIGHT
from smarketing.errors import UsageError
from smarketing.export.deck import native
from smarketing.export.deck.pages import Chart, Grid, Number, Page, fingerprint
from smarketing.export.deck.same_bytes import without_clock

#: What the names of shapes begin with, by which a later refresh finds them.
PREFIX = "smarketing"
#: The title page's name.
FRONT = "title"
_WIDE, _HIGH = Inches(13.333), Inches(7.5)
_EDGE = Inches(0.6)
#: How high a row of one line and each further line are, and how wide a letter is at 12 points.
_ROW, _LINE, _LETTER = Inches(0.34), Inches(0.2), Inches(0.092)


def make_deck(title: str, pages: Sequence[Page], template: Path | None = None) -> bytes:
    """Return a deck: a title page, then a page each. The same pages give the same bytes.

    A template gives layouts, theme colours and fonts; its own slides stay in front. Raises
    UsageError where it cannot be opened or has no layout with a title.
    """
    deck = _opened(template)
    _front(deck, title, pages[0].stamp if pages else "")
    for page in pages:
        _add(deck, page, themed=template is not None)
    written = io.BytesIO()
    deck.save(written)
    return without_clock(written.getvalue())


def _opened(template: Path | None) -> Any:
    if template is None:
        deck = Presentation()
        deck.slide_width, deck.slide_height = _WIDE, _HIGH
        return deck
    try:
        deck = Presentation(str(template))
    except Exception as error:  # python-pptx tells a wrong file in a dozen ways
        raise UsageError(
            f"The template {template} cannot be opened as PowerPoint ({_first_line(error)}); save "
            "it as .pptx."
        ) from error
    _layout(deck)
    return deck


def _layout(deck: Any) -> Any:
    """Return the layout with a title and the fewest other places; UsageError if none has one."""
    titled = [
        layout
        for layout in deck.slide_layouts
        if any(place.placeholder_format.type in (1, 3) for place in layout.placeholders)
    ]
    if not titled:
        raise UsageError(
            "The template has no layout with a title; add a 'Title Only' layout to it."
        )
    return min(titled, key=lambda layout: len(layout.placeholders))


def _slide(deck: Any, title: str, name: str = FRONT) -> Any:
    slide = deck.slides.add_slide(_layout(deck))
    shape = slide.shapes.title
    shape.name = text_name(name, "headline", title)
    shape.text_frame.text = title
    if (deck.slide_width, deck.slide_height) == (_WIDE, _HIGH):
        shape.left, shape.top = _EDGE, Inches(0.35)
        shape.width, shape.height = _WIDE - 2 * _EDGE, Inches(1.05)
        shape.text_frame.margin_left = 0
    _plain(shape.text_frame, 28, bold=True)
    shape.text_frame.vertical_anchor = MSO_ANCHOR.TOP
    for place in list(slide.placeholders):
        if place.placeholder_format.idx != shape.placeholder_format.idx:
            place._element.getparent().remove(place._element)
    return slide


def _front(deck: Any, title: str, stamp: str) -> None:
    """Add the title page: what the deck is, large, and by which data it speaks."""
    slide = _slide(deck, title)
    shape = slide.shapes.title
    if (deck.slide_width, deck.slide_height) == (_WIDE, _HIGH):
        shape.top, shape.height = Inches(2.5), Inches(1.6)
        _plain(shape.text_frame, 44, bold=True)
    under = (_EDGE, shape.top + shape.height, deck.slide_width - 2 * _EDGE, Inches(0.5))
    _text(slide, Page(FRONT, title, "", ()), "stamp", stamp, under, 14)


def _add(deck: Any, page: Page, *, themed: bool) -> None:
    slide = _slide(deck, page.headline, page.name)
    wide = deck.slide_width - 2 * _EDGE
    foot = deck.slide_height - Inches(0.5)
    top = slide.shapes.title.top + slide.shapes.title.height
    _text(slide, page, "measure", page.measure, (_EDGE, top, wide, Inches(0.35)), 14)
    top += Inches(0.45)
    box = (_EDGE, top, wide, foot - top - Inches(0.1))
    _body(page, themed)(slide, page, box)
    _text(slide, page, "stamp", page.stamp, (_EDGE, foot, wide, Inches(0.3)), 9)
    slide.notes_slide.notes_text_frame.text = page.notes


Box = tuple[int, int, int, int]


def _body(page: Page, themed: bool) -> Callable[[Any, Page, Box], None]:
    if isinstance(page.body, Chart):
        return partial(_chart, themed=themed) if not page.body.is_empty else _nothing
    if isinstance(page.body, Grid):
        return _table
    if page.body and isinstance(page.body[0], Number):
        return _numbers
    return _sentences if page.body else _nothing


def _chart(slide: Any, page: Page, box: Box, *, themed: bool) -> None:
    assert isinstance(page.body, Chart)
    kind, data = native.chart_type(page.body), native.chart_data(page.body)
    frame = slide.shapes.add_chart(kind, *map(Emu, box), data)
    frame.name = f"{PREFIX}:{page.name}:chart"
    describe(frame, page.alt)
    native.style(frame.chart, page.body, themed=themed)


def _table(slide: Any, page: Page, box: Box) -> None:
    assert isinstance(page.body, Grid)
    left, top, wide, high = box
    widths = _widths(page.body, wide)
    shown, lines = _fitting(page.body, widths, high - _ROW)
    frame = slide.shapes.add_table(
        len(shown) + 1, len(page.body.headers), left, top, wide, _LINE * (sum(lines) + 1)
    )
    frame.name = f"{PREFIX}:{page.name}:table"
    describe(frame, page.alt)
    for column, width in zip(frame.table.columns, widths, strict=True):
        column.width = Emu(width)
    for row, count in zip(frame.table.rows, (1, *lines), strict=True):
        row.height = _ROW + _LINE * (count - 1)
    fill_table(frame.table, Grid(page.body.headers, shown, page.body.numeric), styled=True)
    if len(page.body.rows) > len(shown):
        more = f"{len(page.body.rows) - len(shown)} more rows are in the workbook."
        under = top + high - Inches(0.3)
        _text(slide, page, "more", more, (left, under, wide, Inches(0.3)), 11)


def _widths(grid: Grid, wide: int) -> list[int]:
    """Return the width of each column, by the longest text in it, long ones cut off."""
    texts = [
        [row[place] for row in (grid.headers, *grid.rows)] for place in range(len(grid.headers))
    ]
    longest = [min(60, max(map(len, column)) + 3) for column in texts]
    return [wide * size // sum(longest) for size in longest]


def _fitting(
    grid: Grid, widths: Sequence[int], high: int
) -> tuple[tuple[tuple[str, ...], ...], list[int]]:
    """Return the rows that fit the page, and how many lines each will take."""
    room = high - Inches(0.35)
    lines: list[int] = []
    for row in grid.rows:
        needs = [-(-len(text) * _LETTER // width) for text, width in zip(row, widths, strict=True)]
        count = max(1, *needs)
        room -= _ROW + _LINE * (count - 1)
        if room < 0:
            break
        lines.append(count)
    return grid.rows[: len(lines)], lines


def fill_table(table: Any, grid: Grid, *, styled: bool = False) -> None:
    """Write a grid into a native table of at least its size, keeping how its cells look."""
    for row, cells in enumerate((grid.headers, *grid.rows)):
        for column, text in enumerate(cells):
            cell = table.cell(row, column)
            put(cell.text_frame, text)
            if not styled:
                continue
            _plain(cell.text_frame, 12, bold=row == 0)
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.RIGHT if column in grid.numeric else PP_ALIGN.LEFT
            cell.fill.background()
            cell.margin_top = cell.margin_bottom = Inches(0.03)


def _numbers(slide: Any, page: Page, box: Box) -> None:
    numbers = [item for item in page.body if isinstance(item, Number)]  # type: ignore[union-attr]
    left, top, wide, high = box
    across = min(3, len(numbers))
    each, row = wide // across, high // -(-len(numbers) // across)
    for place, number in enumerate(numbers):
        x, y = left + each * (place % across), top + row * (place // across)
        for part, text, size, down in (
            ("label", number.label, 14, 0.0),
            ("value", number.value, 40, 0.3),
            ("verdict", number.verdict, 13, 1.05),
        ):
            spot = (
                x,
                y + Inches(down),
                each - Inches(0.3),
                Inches(0.75 if part == "value" else 0.4),
            )
            _text(slide, page, f"{number.name}.{part}", text, spot, size, bold=part == "value")


def _sentences(slide: Any, page: Page, box: Box) -> None:
    for place, sentence in enumerate(page.body):  # type: ignore[arg-type]
        left, top, wide, _ = box
        spot = (left, top + Inches(1.0) * place, wide, Inches(0.9))
        _text(slide, page, f"sentence {place + 1}", str(sentence), spot, 22)


def _nothing(slide: Any, page: Page, box: Box) -> None:
    said = page.alt or "Nothing is recorded for this period."
    _text(slide, page, "empty", said, (box[0], box[1], box[2], Inches(0.6)), 18)


def _text(
    slide: Any, page: Page, part: str, text: str, box: Box, size: int, *, bold: bool = False
) -> None:
    if not text:
        return
    shape = slide.shapes.add_textbox(*map(Emu, box))
    shape.name = text_name(page.name, part, text)
    frame = shape.text_frame
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.text = text
    _plain(frame, size, bold=bold, muted=part in ("measure", "stamp", "more"))


def _plain(frame: Any, size: int, *, bold: bool = False, muted: bool = False) -> None:
    frame.word_wrap = True
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        for run in paragraph.runs:
            run.font.size, run.font.bold = Pt(size), bold
            hue = LIGHT.muted if muted else LIGHT.ink
            run.font.color.rgb = native.rgb(hue)


def text_name(page: str, part: str, text: str) -> str:
    """Return the name of a text: where it belongs, and a mark by which an edited one is known."""
    return f"{PREFIX}:{page}:{part}#{fingerprint(text)}"


def put(frame: Any, text: str) -> None:
    """Replace the text of a frame, keeping the look of its first run."""
    runs = frame.paragraphs[0].runs
    if not runs:
        frame.paragraphs[0].text = text
        return
    runs[0].text = text
    for run in runs[1:]:
        run._r.getparent().remove(run._r)
    for paragraph in frame.paragraphs[1:]:
        paragraph._p.getparent().remove(paragraph._p)


def describe(shape: Any, alt: str) -> None:
    """Give a shape its alternative text."""
    shape._element.nvGraphicFramePr.cNvPr.set("descr", alt)


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
