"""A deck from its pages, on the company's own template where one is given."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from smarketing.charts.theme import LIGHT
from smarketing.export.deck import native
from smarketing.export.deck.cells import marks_of
from smarketing.export.deck.pages import Chart, Grid, Number, Page, fingerprint, nothing
from smarketing.export.deck.remembered import CELLS, remember
from smarketing.export.deck.room import POINT, laid_out, lines
from smarketing.export.deck.same_bytes import without_clock
from smarketing.export.deck.series import made_of
from smarketing.export.deck.template import Box, Template, opened

#: What the names of shapes begin with, by which a later refresh finds them.
PREFIX = "smarketing"
#: The title page's name.
FRONT = "title"
#: How many columns without room are named.
_MOST_NAMED = 4
_SIZES = (44, 40, 36, 32, 28, 24, 22, 20, 18, 16, 14, 13, 12, 11, 10, 9)
_NUMBER_HIGH = Inches(1.5)
#: How many lines a headline may take.
_HEADLINE_LINES = 2
#: How high what is measured is, in one line and in more.
_MEASURE, _MEASURES = Inches(0.35), Inches(0.55)


@dataclass(frozen=True)
class _Sheet:
    """A slide that is being written: of which page, and whether its theme is a company's own."""

    slide: Any
    page: Page
    themed: bool


def make_deck(
    title: str, pages: Sequence[Page], template: Path | None = None, stamp: str = ""
) -> bytes:
    """Return a deck: a title page, then a page each. The same pages give the same bytes.

    `stamp` says under what all of it was computed; blank takes that of the first page.
    A template gives layouts, places, theme colours and fonts; its own slides stay in front. Raises
    UsageError where it cannot be opened or has no layout with a title.
    """
    used = opened(template)
    _front(used, title, stamp or (pages[0].stamp if pages else ""))
    for page in pages:
        _add(used, page)
    written = io.BytesIO()
    used.deck.save(written)
    return without_clock(written.getvalue())


def _slide(used: Template, layout: Any, page: Page, box: Box, size: int) -> _Sheet:
    """Add a slide with its title in place, as large as it fits, and nothing else to fill in."""
    slide = used.deck.slides.add_slide(layout)
    shape = slide.shapes.title
    shape.name = text_name(page.name, "headline", page.headline)
    frame = shape.text_frame
    frame.text = page.headline
    if box != (shape.left, shape.top, shape.width, shape.height):
        shape.left, shape.top, shape.width, shape.height = box
    sheet = _Sheet(slide, page, used.is_own)
    size = _fitting_size(page.headline, box, size, bold=True, most_lines=_HEADLINE_LINES)
    if used.is_own:
        for run in (run for paragraph in frame.paragraphs for run in paragraph.runs):
            run.font.size = Pt(size)
    else:
        frame.margin_left = 0
        _plain(frame, size, sheet, bold=True)
        frame.vertical_anchor = MSO_ANCHOR.TOP
    for place in list(slide.placeholders):
        if place.placeholder_format.idx != shape.placeholder_format.idx:
            place._element.getparent().remove(place._element)
    return sheet


def _front(used: Template, title: str, stamp: str) -> None:
    """Add the title page: what the deck is, large, and by which data it speaks."""
    page = Page(FRONT, title, "", ())
    sheet = _slide(used, used.front_layout, page, used.front, 44)
    left, top, wide, high = used.front
    _text(sheet, "stamp", stamp, (left, top + high, wide, Inches(0.5)), 14)


def _add(used: Template, page: Page) -> None:
    sheet = _slide(used, used.page_layout, page, used.title, 28)
    left, top, wide, high = used.content
    foot = top + high - Inches(0.3)
    spot = (left, top, wide, _MEASURE)
    if _fitting_size(page.measure, spot, 14) < 14:
        spot = (left, top, wide, _MEASURES)
    _text(sheet, "measure", page.measure, spot, _fitting_size(page.measure, spot, 14))
    top += spot[3] + Inches(0.1)
    _body(page)(sheet, (left, top, wide, foot - top - Inches(0.1)))
    _text(sheet, "stamp", page.stamp, (left, foot, wide, Inches(0.3)), 9)
    notes = sheet.slide.notes_slide.notes_placeholder
    if notes is not None:
        notes.text_frame.text = page.notes
        notes.name = text_name(page.name, "notes", page.notes)


def _fitting_size(
    text: str, box: Box, most: int, *, bold: bool = False, most_lines: int = 99
) -> int:
    """Return the largest size in points, at most `most`, at which a text fits a box."""
    for size in (size for size in _SIZES if size <= most):
        count = lines(text, box[2] / (size * POINT), bold=bold)
        if count <= most_lines and count * 1.2 * size * POINT <= box[3]:
            return size
    return _SIZES[-1]


def _body(page: Page) -> Callable[[_Sheet, Box], None]:
    if isinstance(page.body, Chart):
        return _chart if not page.body.is_empty else _nothing
    if isinstance(page.body, Grid):
        return _table
    if page.body and isinstance(page.body[0], Number):
        return _numbers
    return _sentences if page.body else _nothing


def _chart(sheet: _Sheet, box: Box) -> None:
    chart = sheet.page.body
    assert isinstance(chart, Chart)
    kind, data = native.chart_type(chart), native.chart_data(chart)
    frame = sheet.slide.shapes.add_chart(kind, *map(Emu, box), data)
    frame.name = f"{PREFIX}:{sheet.page.name}:chart"
    describe(frame, sheet.page.alt)
    native.style(frame.chart, chart, box[2], themed=sheet.themed)
    remember(frame, made_of(chart))


def _table(sheet: _Sheet, box: Box) -> None:
    grid = sheet.page.body
    assert isinstance(grid, Grid)
    left, top, wide, high = box
    layout = laid_out(grid, wide, high)
    shown = layout.shown(grid)
    frame = sheet.slide.shapes.add_table(
        len(shown.rows) + 1, len(shown.headers), left, top, wide, sum(layout.heights)
    )
    frame.name = f"{PREFIX}:{sheet.page.name}:table"
    describe(frame, sheet.page.alt)
    for column, width in zip(frame.table.columns, layout.widths, strict=True):
        column.width = Emu(width)
    for row, tall in zip(frame.table.rows, layout.heights, strict=True):
        row.height = Emu(tall)
    fill_table(frame.table, shown, sheet, layout.size)
    remember(frame, {CELLS: marks_of(shown)})
    under = (left, top + high - Inches(0.3), wide, Inches(0.3))
    told = more(sheet.page, (len(shown.rows), shown.headers))
    _text(sheet, "more", told, under, _fitting_size(told, under, 11))


def more(page: Page, shown: tuple[int, Sequence[str]] | None) -> str:
    """Say which rows and columns of a page's table are elsewhere; blank where all have room.

    `shown` says how many rows the table has, and which columns.
    """
    if shown is None or not isinstance(page.body, Grid):
        return ""
    rows = len(page.body.rows) if page.table is None else len(page.table.frame)
    left = rows - shown[0]
    columns = list((Counter(page.body.headers) - Counter(shown[1])).elements())
    told = [f"{left} more row{'s' * (left > 1)}"] if left > 0 else []
    if columns:
        told.append(f"the column{'s' * (len(columns) > 1)} {_listed(columns)}")
    verb = "is" if max(left, 0) + len(columns) == 1 else "are"
    said = f"{' and '.join(told)} {verb} in the workbook." if told else ""
    return said[:1].upper() + said[1:]


def _listed(names: Sequence[str]) -> str:
    """Name a few and count the others."""
    if len(names) > _MOST_NAMED:
        return f"{', '.join(names[:_MOST_NAMED])} and {len(names) - _MOST_NAMED} others"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def fill_table(table: Any, grid: Grid, sheet: _Sheet, size: int) -> None:
    """Write a grid into a new table of its size, in letters of a size in points."""
    for row, cells in enumerate((grid.headers, *grid.rows)):
        for column, text in enumerate(cells):
            cell = table.cell(row, column)
            put(cell.text_frame, text)
            _plain(cell.text_frame, size, sheet, bold=row == 0)
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.RIGHT if column in grid.numeric else PP_ALIGN.LEFT
            cell.fill.background()
            cell.margin_top = cell.margin_bottom = Inches(0.03)


def put_cell(table: Any, row: int, column: int, text: str) -> None:
    """Replace the text of a cell, keeping its look; one that had none takes that of its row."""
    paragraph = table.cell(row, column).text_frame.paragraphs[0]
    if text and not paragraph.runs and paragraph._p.find(qn("a:endParaRPr")) is None:
        for cell in table.rows[row].cells:
            run = next((run for one in cell.text_frame.paragraphs for run in one.runs), None)
            if run is not None and run._r.rPr is not None:
                paragraph.add_run()._r.insert(0, deepcopy(run._r.rPr))
                break
    put(table.cell(row, column).text_frame, text)


def _numbers(sheet: _Sheet, box: Box) -> None:
    numbers = [item for item in sheet.page.body if isinstance(item, Number)]  # type: ignore[union-attr]
    left, top, wide, high = box
    across = min(3, len(numbers))
    each, row = wide // across, high // -(-len(numbers) // across)
    scale = min(1.0, row / _NUMBER_HIGH)
    for place, number in enumerate(numbers):
        x, y = left + each * (place % across), top + row * (place // across)
        for part, text, size, down, tall in (
            ("label", number.label, 14, 0.0, 0.3),
            ("value", number.value, 40, 0.3, 0.75),
            ("verdict", number.verdict, 13, 1.05, 0.4),
        ):
            spot = (
                x,
                y + round(scale * Inches(down)),
                each - Inches(0.3),
                round(scale * Inches(tall)),
            )
            size = _fitting_size(text, spot, int(scale * size), bold=part == "value")
            _text(sheet, f"{number.name}.{part}", text, spot, size)


def _sentences(sheet: _Sheet, box: Box) -> None:
    sentences = [str(item) for item in sheet.page.body]  # type: ignore[union-attr]
    left, top, wide, high = box
    step = min(Inches(1.2), high // len(sentences))
    for place, sentence in enumerate(sentences):
        spot = (left, top + step * place, wide, step - Inches(0.1))
        size = _fitting_size(sentence, spot, 22)
        _text(sheet, f"sentence {place + 1}", sentence, spot, size)


def _nothing(sheet: _Sheet, box: Box) -> None:
    spot = (box[0], box[1], box[2], Inches(0.6))
    _text(sheet, "empty", nothing(sheet.page), spot, 18)


def _text(sheet: _Sheet, part: str, text: str, box: Box, size: int) -> None:
    if not text:
        return
    shape = sheet.slide.shapes.add_textbox(*map(Emu, box))
    shape.name = name_of(sheet.page, part, text)
    frame = shape.text_frame
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.text = text
    muted = part in ("measure", "stamp", "more")
    _plain(frame, size, sheet, bold=part.endswith(".value"), muted=muted)


def _plain(
    frame: Any, size: int, sheet: _Sheet, *, bold: bool = False, muted: bool = False
) -> None:
    """Give a text its size, and a colour that is seen: on a template, that of its own texts."""
    frame.word_wrap = True
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        for run in paragraph.runs:
            run.font.size, run.font.bold = Pt(size), bold
            if sheet.themed:
                run.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
            else:
                run.font.color.rgb = native.rgb(LIGHT.muted if muted else LIGHT.ink)


def text_name(page: str, part: str, text: str) -> str:
    """Return the name of a text: where it belongs, and a mark by which an edited one is known."""
    return f"{PREFIX}:{page}:{part}#{fingerprint(text)}"


def name_of(page: Page, part: str, text: str) -> str:
    """Return the name of a text of a page.

    A stamp's has the marks of headline and notes as well, since other programs that write a deck
    give the places for these names of their own.
    """
    name = text_name(page.name, part, text)
    return (
        "~".join((name, *map(fingerprint, (page.headline, page.notes))))
        if part == "stamp"
        else name
    )


def put(frame: Any, text: str) -> None:
    """Replace the text of a frame, keeping the look of its first run."""
    if "\n" in text:
        frame.text = text
        return
    runs = frame.paragraphs[0].runs
    if not runs:
        # Where a text ends, PowerPoint keeps the look of what will be written there.
        run, end = frame.paragraphs[0].add_run(), frame.paragraphs[0]._p.find(qn("a:endParaRPr"))
        run.text = text
        if end is not None:
            look = run._r.get_or_add_rPr()
            look.attrib.update(end.attrib)
            look.extend(deepcopy(part) for part in end)
        return
    runs[0].text = text
    for run in runs[1:]:
        run._r.getparent().remove(run._r)
    for paragraph in frame.paragraphs[1:]:
        paragraph._p.getparent().remove(paragraph._p)


def describe(shape: Any, alt: str) -> None:
    """Give a shape its alternative text."""
    shape._element.nvGraphicFramePr.cNvPr.set("descr", alt)
