"""New numbers in a deck that people have edited: found by name, replaced in place."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pptx import Presentation
from pptx.oxml.ns import qn

from smarketing.errors import UsageError
from smarketing.export.deck.cells import Filling, filling
from smarketing.export.deck.make import (
    FRONT,
    PREFIX,
    describe,
    more,
    name_of,
    put,
    put_cell,
)
from smarketing.export.deck.pages import Chart, Grid, Number, Page, fingerprint, is_empty, nothing
from smarketing.export.deck.remembered import CELLS, LOOKS, remember, remembered
from smarketing.export.deck.renew import can_hold, emptied, renew
from smarketing.export.deck.same_bytes import without_clock
from smarketing.export.deck.series import Drawing, drawing

#: What a stamp says of filters: behind the period, before the agreement.
_FILTERS = re.compile(r"[^·]+ · (.+?) · agreement ")
#: The parts of a page that show its numbers all at once.
_BODIES = ("chart", "table")


@dataclass(frozen=True)
class Refreshed:
    """What became of a deck: the parts with new data, what a person had changed and is kept,
    and what could not be found: parts of the deck no figure answers, figures the deck lacks.

    `old` are pages that say what they said, since their chart or table still shows it; `lost` are
    rows with something of a person in them that a table lists no more, their numbers taken out.
    """

    content: bytes
    renewed: tuple[str, ...]
    kept: tuple[str, ...]
    unknown: tuple[str, ...]
    absent: tuple[str, ...]
    old: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Part:
    """A shape of ours: its slide, the page it belongs to, which part of it, its text's mark.

    `beside` are the marks of headline and notes, which a stamp has.
    """

    slide: int
    shape: Any
    page: str
    part: str
    mark: str
    beside: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.page}: {self.part}"

    @property
    def place(self) -> tuple[int, str]:
        """Its slide, and its page there."""
        return self.slide, self.page


def refresh_deck(
    content: bytes, pages: Sequence[Page], title: str = "", stamp: str = ""
) -> Refreshed:
    """Put the data of `pages` into the charts, tables and texts of a deck that bear their names.

    `title` is the deck's new one; blank keeps it. `stamp` says under what all of it is computed;
    blank takes that of the first page. A chart or table of which this period has nothing
    is emptied, since what surrounds it speaks of this period; beside one that cannot be filled or
    found, texts stay. Everything a person changed stays: order, size, colours, added slides, rows
    and columns, and each text and cell that no longer reads as it was made. Raises
    UsageError when the deck cannot be opened, or was made of other filters.
    """
    try:
        deck = Presentation(io.BytesIO(content))
    except Exception as error:  # python-pptx tells a wrong file in a dozen ways
        raise UsageError("The deck cannot be opened as PowerPoint; save it as .pptx.") from error
    known = {page.name: page for page in pages}
    if pages:
        known.setdefault(FRONT, Page(FRONT, title, "", (), stamp or pages[0].stamp))
    parts = list(_parts(deck))
    _check_filters(parts, stamp)
    fillings = {id(part): _filling(part, known[part.page]) for part in parts if part.page in known}
    old = _old(deck, parts, known, fillings)
    rooms = {
        part.page: given.room
        for part in parts
        if isinstance(given := fillings.get(id(part)), Filling) and part.place not in old
    }
    found: dict[str, list[str]] = {name: [] for name in ("renewed", "kept", "unknown", "lost")}
    for part in parts:
        page, given = known.get(part.page), fillings.get(id(part))
        if page is None or (part.part in _BODIES and given is None):
            found["unknown"].append(part.name)
        elif part.place in old:
            continue
        elif given is not None:
            found["kept"] += [f"{part.name}, {one}" for one in _fill(part.shape, given)]
            lost = given.lost if isinstance(given, Filling) else ()
            found["lost"] += [f"{part.name}, {one}" for one in lost]
            describe(part.shape, page.alt)
            found["renewed"].append(part.name)
        else:
            found[_renew_text(part, page, rooms.get(part.page))].append(part.name)
    written = io.BytesIO()
    deck.save(written)
    return Refreshed(
        without_clock(written.getvalue()),
        tuple(found["renewed"]),
        tuple(found["kept"]),
        tuple(found["unknown"]),
        tuple(_absent(pages, parts, rooms)),
        tuple(dict.fromkeys(page for _, page in sorted(old))),
        tuple(found["lost"]),
    )


def _check_filters(parts: Sequence[_Part], stamp: str) -> None:
    """Raise UsageError where the title page says that the deck was made of other filters."""
    now = _FILTERS.match(stamp)
    for part in parts:
        if part.page == FRONT and part.part == "stamp" and part.shape.has_text_frame:
            before = _FILTERS.match(part.shape.text_frame.text)
            if now and before and before[1] != now[1]:
                raise UsageError(
                    f"The deck was made with {before[1]}, and this would put numbers with {now[1]} "
                    "into it: give the same filters with --where, or write another deck."
                )


def _old(
    deck: Any,
    parts: Sequence[_Part],
    known: Mapping[str, Page],
    fillings: Mapping[int, Drawing | Filling | None],
) -> set[tuple[int, str]]:
    """Return, by slide, the pages whose chart or table keeps its old numbers.

    It is not to be filled, or not to be found: what is said beside it stays of the same period.
    """
    can: dict[tuple[int, str], list[bool]] = {part.place: [] for part in parts}
    for part in parts:
        if part.part in _BODIES and part.page in known:
            can[part.place].append(fillings[id(part)] is not None)
    found_somewhere = {page for (_, page), filled in can.items() if any(filled)}
    empty = {part.place for part in parts if part.part == "empty"}
    alien = {n for n, slide in enumerate(deck.slides) if _has_alien(slide, known)}
    old = set()
    for (slide, name), filled in can.items():
        page = known.get(name)
        if page is None or name == FRONT:
            continue
        is_told = isinstance(page.body, tuple) and page.body != ()
        is_missing = not is_empty(page) and name not in found_somewhere
        is_hidden = slide in alien and (slide, name) not in empty
        if not all(filled) or (not filled and not is_told and (is_missing or is_hidden)):
            old.add((slide, name))
    return old


def _has_alien(slide: Any, known: Mapping[str, Page]) -> bool:
    """Return whether a slide has a chart, table or picture that may be one of ours, renamed."""
    for shape in _shapes(slide.shapes):
        whose, _, rest = shape.name.partition(":")
        is_ours = whose == PREFIX and rest.partition(":")[0] in known
        if not is_ours and (
            shape.has_chart or shape.has_table or shape._element.tag == qn("p:pic")
        ):
            return True
    return False


def _absent(
    pages: Sequence[Page], parts: Sequence[_Part], rooms: Mapping[str, tuple[int, Sequence[str]]]
) -> Iterator[str]:
    """Name what the deck has no place for: pages, their parts, rows beyond a table."""
    seen = {(part.page, part.part) for part in parts}
    shown = {page for page, _ in seen}
    for page in pages:
        kind = {Chart: "chart", Grid: "table"}.get(type(page.body))
        if page.name not in shown:
            yield page.name
            continue
        if (page.name, "headline") not in seen:
            yield f"{page.name}: headline"
        if kind is not None and (page.name, kind) not in seen:
            if not is_empty(page):
                yield f"{page.name}: {kind}"
        elif isinstance(page.body, tuple):
            numbers = [item.name for item in page.body if isinstance(item, Number)]
            yield from (f"{page.name}: {name}" for name in numbers
                        if (page.name, f"{name}.value") not in seen)  # fmt: skip
        elif (page.name, "more") not in seen and isinstance(page.body, Grid):
            left = len(page.body.rows) - rooms.get(page.name, (len(page.body.rows), ()))[0]
            if left > 0:
                yield f"{page.name}: {left} rows of the table"


def _parts(deck: Any) -> Iterator[_Part]:
    for place, slide in enumerate(deck.slides):
        named = []
        for shape in _shapes_of(slide):
            whose, _, rest = shape.name.partition(":")
            page, _, part = rest.partition(":")
            if whose == PREFIX and page and part:
                name, _, marks = part.partition("#")
                mark, *beside = marks.split("~")
                named.append(_Part(place, shape, page, name, mark, tuple(beside)))
        yield from named
        yield from _unnamed(slide, named)


def _unnamed(slide: Any, named: Sequence[_Part]) -> Iterator[_Part]:
    """Iterate over headlines and notes as they were made whose names another program took."""
    known = {(part.page, part.part) for part in named}
    notes = slide.notes_slide.notes_placeholder if slide.has_notes_slide else None
    for part in (part for part in named if part.part == "stamp"):
        for name, shape, mark in zip(
            ("headline", "notes"), (slide.shapes.title, notes), part.beside, strict=False
        ):
            if shape is None or (part.page, name) in known or shape.name.startswith(f"{PREFIX}:"):
                continue
            if fingerprint(shape.text_frame.text) == mark:
                yield _Part(part.slide, shape, part.page, name, mark)


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


def _filling(part: _Part, page: Page) -> Drawing | Filling | None:
    """Return what is to go into a chart or table; None for another part, and where none can."""
    if part.part == "chart" and part.shape.has_chart and can_hold(part.shape.chart):
        return _drawing(part.shape, page)
    if part.part == "table" and part.shape.has_table:
        marks = remembered(part.shape).get(CELLS, "")
        if is_empty(page):
            return filling(part.shape.table, None, marks)
        if isinstance(page.body, Grid):
            return filling(part.shape.table, page.body, marks)
    return None


def _drawing(shape: Any, page: Page) -> Drawing | None:
    body = emptied(shape.chart) if is_empty(page) else page.body
    if not isinstance(body, Chart):
        return None
    found = drawing(shape.chart, body, remembered(shape))
    if found is not None and found.chart.is_empty and not is_empty(page):
        return None
    return found


def _fill(shape: Any, given: Drawing | Filling) -> list[str]:
    """Put new numbers into a chart or table; returns what of a person's in it stays."""
    if isinstance(given, Drawing):
        looks, theirs = renew(shape.chart, given.chart, given.looks, given.hues, given.series.gone)
        remember(shape, {**given.told(shape.chart), LOOKS: looks})
        return [*given.kept, *theirs]
    for (row, column), text in given.texts.items():
        put_cell(shape.table, row, column, text)
    remember(shape, {CELLS: given.marks})
    return list(given.kept)


def _renew_text(part: _Part, page: Page, room: tuple[int, Sequence[str]] | None) -> str:
    text = _texts(page, room).get(part.part)
    if text is None or not part.shape.has_text_frame:
        return "unknown"
    if fingerprint(part.shape.text_frame.text) != part.mark or (
        part.page == FRONT and part.part == "headline" and not text
    ):
        return "kept"
    put(part.shape.text_frame, text)
    part.shape.name = name_of(page, part.part, text)
    return "renewed"


def _texts(page: Page, room: tuple[int, Sequence[str]] | None) -> dict[str, str]:
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
