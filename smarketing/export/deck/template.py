"""A deck to write on: the product's own, or a company's template with its layouts and places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.util import Inches

from smarketing.errors import UsageError

WIDE, HIGH = Inches(13.333), Inches(7.5)
EDGE = Inches(0.6)
Box = tuple[int, int, int, int]
#: The title of the product's own deck, and of a template whose title leaves no room beneath.
_TITLE: Box = (EDGE, Inches(0.35), WIDE - 2 * EDGE, Inches(1.05))
_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_CONTENT = (PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY)
_ASIDE = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)


@dataclass(frozen=True)
class Template:
    """What a deck is written on: the layouts of its title page and of the others, and their places.

    `title` and `content` are left, top, width and height; `front` is where the title page has its
    title. `is_own` says that a company's template gives theme and fonts.
    """

    deck: Any
    front_layout: Any
    page_layout: Any
    front: Box
    title: Box
    content: Box
    is_own: bool


def opened(path: Path | None) -> Template:
    """Return the deck to write on; UsageError where a template cannot be opened or has no title."""
    if path is None:
        return _ours()
    try:
        deck = Presentation(str(path))
    except Exception as error:  # python-pptx tells a wrong file in a dozen ways
        what = "it is a folder" if path.is_dir() else "it is not there"
        what = "save it as .pptx" if path.is_file() else what
        raise UsageError(f"The template {path} cannot be opened as PowerPoint: {what}.") from error
    page = _page_layout(deck)
    fronts = [layout for layout in deck.slide_layouts if _title_of(layout, _TITLES[1:])]
    front = next(iter(fronts), page)
    title = _title_box(deck, page)
    return Template(
        deck,
        front,
        page,
        _box(_title_of(front)) or title,
        title,
        _content_box(deck, title),
        is_own=True,
    )


def _ours() -> Template:
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDE, HIGH
    layout = _page_layout(deck)
    below = _TITLE[1] + _TITLE[3]
    content = (EDGE, below, WIDE - 2 * EDGE, HIGH - below - Inches(0.2))
    front = (EDGE, Inches(2.5), WIDE - 2 * EDGE, Inches(1.6))
    return Template(deck, layout, layout, front, _TITLE, content, is_own=False)


def _page_layout(deck: Any) -> Any:
    """Return the layout with a title and the fewest other places to fill; one for pages first."""
    for kinds in (_TITLES[:1], _TITLES[1:]):
        found = [layout for layout in deck.slide_layouts if _title_of(layout, kinds)]
        if found:
            return min(found, key=lambda layout: (len(_filled(layout)), len(layout.placeholders)))
    raise UsageError("The template has no layout with a title; add a 'Title Only' layout to it.")


def _title_of(layout: Any, kinds: Sequence[Any] = _TITLES) -> Any:
    places = layout.placeholders
    return next((place for place in places if place.placeholder_format.type in kinds), None)


def _filled(layout: Any) -> list[Any]:
    aside = (*_TITLES, *_ASIDE)
    return [place for place in layout.placeholders if place.placeholder_format.type not in aside]


def _title_box(deck: Any, layout: Any) -> Box:
    """Return where the layout has its title; above all else where it leaves too little room."""
    box = _box(_title_of(layout))
    if box is not None and box[1] + box[3] <= 0.4 * deck.slide_height:
        return box
    wide = deck.slide_width - 2 * EDGE
    return (EDGE, int(0.05 * deck.slide_height), wide, int(0.14 * deck.slide_height))


def _content_box(deck: Any, title: Box) -> Box:
    """Return where the template has the content of a page: of its layout with one place for it."""
    below = title[1] + title[3]
    for layout in deck.slide_layouts:
        places = _filled(layout)
        if len(places) == 1 and places[0].placeholder_format.type in _CONTENT:
            box = _box(places[0])
            if _title_of(layout, _TITLES[:1]) and box and box[3] >= 0.4 * deck.slide_height:
                top = max(box[1], below)
                return (box[0], top, box[2], box[1] + box[3] - top)
    high = deck.slide_height - below - Inches(0.3)
    return (title[0], below, title[2], high)


def _box(place: Any) -> Box | None:
    box = place.left, place.top, place.width, place.height
    return None if any(side is None for side in box) else box
