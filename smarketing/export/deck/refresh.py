"""New numbers in a deck that people have edited: found by name, replaced in place."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx import Presentation

from smarketing.errors import UsageError
from smarketing.export.deck import native
from smarketing.export.deck.make import FRONT, PREFIX, describe, fill_table, put, text_name
from smarketing.export.deck.pages import Chart, Grid, Number, Page, fingerprint
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


def refresh_deck(content: bytes, pages: Sequence[Page]) -> Refreshed:
    """Put the data of `pages` into the charts, tables and texts of a deck that bear their names.

    Everything a person changed stays: order, size, colours, added slides, and each text that no
    longer reads as it was made. Raises UsageError when the deck cannot be opened.
    """
    try:
        deck = Presentation(io.BytesIO(content))
    except Exception as error:  # python-pptx tells a wrong file in a dozen ways
        raise UsageError(f"The deck cannot be opened as PowerPoint ({error}).") from error
    known = {page.name: page for page in pages}
    if pages:
        # The title page says what the first page says of its data; its title is a person's.
        known.setdefault(FRONT, replace(pages[0], name=FRONT))
    found: dict[str, list[str]] = {"renewed": [], "kept": [], "unknown": []}
    seen: set[str] = set()
    for part in _parts(deck):
        seen.add(part.page)
        found[_renew(part, known)].append(part.name)
    absent = tuple(name for name in known if name not in {*seen, FRONT})
    written = io.BytesIO()
    deck.save(written)
    return Refreshed(
        without_clock(written.getvalue()),
        tuple(found["renewed"]),
        tuple(found["kept"]),
        tuple(found["unknown"]),
        absent,
    )


def _parts(deck: Any) -> Iterator[_Part]:
    for slide in deck.slides:
        for shape in _shapes(slide.shapes):
            whose, _, rest = shape.name.partition(":")
            page, _, part = rest.partition(":")
            if whose == PREFIX and page and part:
                name, _, mark = part.partition("#")
                yield _Part(shape, page, name, mark)


def _shapes(shapes: Any) -> Iterator[Any]:
    """Iterate over shapes, those of groups included, since people group what belongs together."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes)
        else:
            yield shape


def _renew(part: _Part, known: Mapping[str, Page]) -> str:
    page = known.get(part.page)
    if page is None:
        return "unknown"
    if part.part == "chart":
        return _renew_chart(part.shape, page)
    if part.part == "table":
        return _renew_table(part.shape, page)
    return _renew_text(part, page)


def _renew_chart(shape: Any, page: Page) -> str:
    if not isinstance(page.body, Chart) or page.body.is_empty or not shape.has_chart:
        return "unknown"
    shape.chart.replace_data(native.chart_data(page.body))
    describe(shape, page.alt)
    return "renewed"


def _renew_table(shape: Any, page: Page) -> str:
    if not isinstance(page.body, Grid) or not shape.has_table:
        return "unknown"
    table = shape.table
    if len(table.columns) != len(page.body.headers):
        return "unknown"
    rows = page.body.rows[: len(table.rows) - 1]
    blank = ("",) * len(page.body.headers)
    missing = len(table.rows) - 1 - len(rows)
    fill_table(table, replace(page.body, rows=(*rows, *(blank,) * missing)))
    describe(shape, page.alt)
    return "renewed"


def _renew_text(part: _Part, page: Page) -> str:
    if part.page == FRONT and part.part == "headline":
        return "kept"
    text = _texts(page).get(part.part)
    if text is None or not part.shape.has_text_frame:
        return "unknown"
    if fingerprint(part.shape.text_frame.text) != part.mark:
        return "kept"
    put(part.shape.text_frame, text)
    part.shape.name = text_name(page.name, part.part, text)
    return "renewed"


def _texts(page: Page) -> dict[str, str]:
    found = {"headline": page.headline, "measure": page.measure, "stamp": page.stamp}
    if isinstance(page.body, tuple):
        for place, item in enumerate(page.body, start=1):
            if isinstance(item, Number):
                found[f"{item.name}.label"] = item.label
                found[f"{item.name}.value"] = item.value
                found[f"{item.name}.verdict"] = item.verdict
            else:
                found[f"sentence {place}"] = str(item)
    return found
