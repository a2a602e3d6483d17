"""New numbers in a deck that people have edited: found by name, replaced in place."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx import Presentation

from smarketing.errors import UsageError
from smarketing.export.deck import native
from smarketing.export.deck.make import (
    FRONT,
    PREFIX,
    describe,
    fill_table,
    more,
    put,
    text_name,
)
from smarketing.export.deck.pages import Chart, Grid, Number, Page, fingerprint, is_empty, nothing
from smarketing.export.deck.same_bytes import without_clock


@dataclass(frozen=True)
class Refreshed:
    """What became of a deck: the parts with new data, texts that a person had changed and kept,
    and what could not be found: parts of the deck no figure answers, figures the deck lacks.
    """

    content: bytes
    renewed: tuple[str, ...]
    kept: tuple[str, ...]
    unknown: tuple[str, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True)
class _Part:
    """A shape of ours: the page it belongs to, which part of it, and the mark of its text."""

    shape: Any
    page: str
    part: str
    mark: str

    @property
    def name(self) -> str:
        return f"{self.page}: {self.part}"


def refresh_deck(content: bytes, pages: Sequence[Page], title: str = "") -> Refreshed:
    """Put the data of `pages` into the charts, tables and texts of a deck that bear their names.

    `title` is the deck's new one; blank keeps it. A chart or table of which this period has nothing
    is emptied, since what surrounds it speaks of this period. Everything a person changed stays:
    order, size, colours, added slides, and each text that no longer reads as it was made. Raises
    UsageError when the deck cannot be opened.
    """
    try:
        deck = Presentation(io.BytesIO(content))
    except Exception as error:  # python-pptx tells a wrong file in a dozen ways
        raise UsageError("The deck cannot be opened as PowerPoint; save it as .pptx.") from error
    known = {page.name: page for page in pages}
    if pages:
        # The title page says what the first page says of its data.
        known.setdefault(FRONT, Page(FRONT, title, "", (), pages[0].stamp))
    parts = list(_parts(deck))
    rooms = {
        part.page: (len(part.shape.table.rows) - 1, len(part.shape.table.columns))
        for part in parts
        if _is_table(part)
    }
    found: dict[str, list[str]] = {"renewed": [], "kept": [], "unknown": []}
    for part in parts:
        found[_renew(part, known, rooms.get(part.page))].append(part.name)
    written = io.BytesIO()
    deck.save(written)
    return Refreshed(
        without_clock(written.getvalue()),
        tuple(found["renewed"]),
        tuple(found["kept"]),
        tuple(found["unknown"]),
        tuple(_absent(pages, parts, rooms)),
    )


def _is_table(part: _Part) -> bool:
    return part.part == "table" and bool(part.shape.has_table)


def _absent(
    pages: Sequence[Page], parts: Sequence[_Part], rooms: Mapping[str, tuple[int, int]]
) -> Iterator[str]:
    """Name what the deck has no place for: pages, their parts, rows beyond a table."""
    seen = {(part.page, part.part) for part in parts}
    shown = {page for page, _ in seen}
    for page in pages:
        kind = {Chart: "chart", Grid: "table"}.get(type(page.body))
        if page.name not in shown:
            yield page.name
        elif kind is not None and (page.name, kind) not in seen:
            if not is_empty(page):
                yield f"{page.name}: {kind}"
        elif isinstance(page.body, tuple):
            numbers = [item.name for item in page.body if isinstance(item, Number)]
            yield from (f"{page.name}: {name}" for name in numbers
                        if (page.name, f"{name}.value") not in seen)  # fmt: skip
        elif (page.name, "more") not in seen and isinstance(page.body, Grid):
            left = len(page.body.rows) - rooms.get(page.name, (len(page.body.rows), 0))[0]
            if left > 0:
                yield f"{page.name}: {left} rows of the table"


def _parts(deck: Any) -> Iterator[_Part]:
    for slide in deck.slides:
        for shape in _shapes_of(slide):
            whose, _, rest = shape.name.partition(":")
            page, _, part = rest.partition(":")
            if whose == PREFIX and page and part:
                name, _, mark = part.partition("#")
                yield _Part(shape, page, name, mark)


def _shapes_of(slide: Any) -> Iterator[Any]:
    """Iterate over the shapes of a slide, and what its speaker reads."""
    yield from _shapes(slide.shapes)
    if slide.has_notes_slide:
        yield from _shapes(slide.notes_slide.shapes)


def _shapes(shapes: Any) -> Iterator[Any]:
    """Iterate over shapes, those of groups included, since people group what belongs together."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes)
        else:
            yield shape


def _renew(part: _Part, known: Mapping[str, Page], room: tuple[int, int] | None) -> str:
    page = known.get(part.page)
    if page is None:
        return "unknown"
    if part.part == "chart":
        return _renew_chart(part.shape, page)
    if part.part == "table":
        return _renew_table(part.shape, page)
    return _renew_text(part, page, room)


def _renew_chart(shape: Any, page: Page) -> str:
    if not shape.has_chart or not native.can_hold(shape.chart):
        return "unknown"
    body = page.body
    if is_empty(page):
        body = native.emptied(shape.chart)
    if not isinstance(body, Chart):
        return "unknown"
    native.renew(shape.chart, body)
    describe(shape, page.alt)
    return "renewed"


def _renew_table(shape: Any, page: Page) -> str:
    if not shape.has_table:
        return "unknown"
    table = shape.table
    body = page.body
    if is_empty(page):
        body = Grid(tuple(cell.text_frame.text for cell in table.rows[0].cells), ())
    room = len(table.columns)
    if not isinstance(body, Grid) or not _is_of(table, body):
        return "unknown"
    rows = tuple(row[:room] for row in body.rows[: len(table.rows) - 1])
    blank = ("",) * room
    missing = len(table.rows) - 1 - len(rows)
    fill_table(table, replace(body, headers=body.headers[:room], rows=(*rows, *(blank,) * missing)))
    describe(shape, page.alt)
    return "renewed"


def _is_of(table: Any, grid: Grid) -> bool:
    """Whether a table has a grid's columns: all of them, or the first, which had room."""
    room = len(table.columns)
    if room == len(grid.headers):
        return True
    return tuple(cell.text_frame.text for cell in table.rows[0].cells) == grid.headers[:room]


def _renew_text(part: _Part, page: Page, room: tuple[int, int] | None) -> str:
    text = _texts(page, room).get(part.part)
    if text is None or not part.shape.has_text_frame:
        return "unknown"
    if fingerprint(part.shape.text_frame.text) != part.mark or (
        part.page == FRONT and part.part == "headline" and not text
    ):
        return "kept"
    put(part.shape.text_frame, text)
    part.shape.name = text_name(page.name, part.part, text)
    return "renewed"


def _texts(page: Page, room: tuple[int, int] | None) -> dict[str, str]:
    """Return what each text of a page says now; blank where it has nothing to say any more."""
    found = {
        "headline": page.headline,
        "measure": page.measure,
        "stamp": page.stamp,
        "notes": page.notes,
        "empty": nothing(page),
        "more": more(page, room),
    }
    shown = page.body if isinstance(page.body, tuple) else ()
    for place, item in enumerate((*shown, *page.also), start=1):
        if isinstance(item, Number):
            found[f"{item.name}.label"] = item.label
            found[f"{item.name}.value"] = item.value
            found[f"{item.name}.verdict"] = item.verdict
        else:
            found[f"sentence {place}"] = str(item)
    return found
