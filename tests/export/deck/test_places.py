"""Where a template has its title and its content, and what a legend leaves out; by hand."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml import parse_xml

from smarketing.export.deck import template
from smarketing.export.deck.native import rgb, unlist
from smarketing.export.deck.renew import _unlisted
from smarketing.export.deck.template import EDGE, _content_box, _page_layout, _title_box

TITLE, BODY = PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.BODY
FRONT, PICTURE = PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.PICTURE
TOP = (100, 50, 8000, 1000)


def place(kind: Any, box: tuple[int | None, ...] = (0, 0, 0, 0)) -> Any:
    left, top, width, height = box
    return SimpleNamespace(placeholder_format=SimpleNamespace(type=kind), left=left, top=top,
                           width=width, height=height)  # fmt: skip


def layout(*places: Any) -> Any:
    return SimpleNamespace(placeholders=list(places))


def deck(*layouts: Any) -> Any:
    return SimpleNamespace(slide_layouts=layouts, slide_width=9_000_000, slide_height=10_000_000)


def test_content_is_where_a_layout_has_its_one_place_for_it() -> None:
    box = (700, 2_000_000, 5000, 6_000_000)
    one = layout(place(TITLE), place(PP_PLACEHOLDER.FOOTER, (1, 2, 3, 4)), place(BODY, box))
    assert _content_box(deck(one), TOP) == box
    # What reaches above the title's end begins there and ends where it did.
    low = (100, 50, 8000, 2_999_950)
    assert _content_box(deck(one), low) == (700, 3_000_000, 5000, 5_000_000)


@pytest.mark.parametrize(
    "other",
    [
        layout(place(TITLE), place(BODY, (0, 0, 1, 9_000_000)), place(BODY, (0, 0, 1, 9_000_000))),
        layout(place(TITLE), place(PICTURE, (0, 0, 1, 9_000_000))),
        layout(place(FRONT), place(BODY, (0, 0, 1, 9_000_000))),
        layout(place(TITLE), place(BODY, (0, 0, 1, 3_999_999))),
        layout(place(TITLE), place(BODY, (0, 0, 1, None))),
        layout(place(TITLE)),
    ],
)
def test_without_such_a_place_content_is_all_below_the_title(other: Any) -> None:
    left, top, wide, high = _content_box(deck(other), TOP)
    assert (left, top, wide) == (100, 1050, 8000)
    assert high == 10_000_000 - 1050 - 274_320  # 0.3 inches
    box = (0, 5000, 1, 4_000_000)
    assert _content_box(deck(other, layout(place(TITLE), place(BODY, box))), TOP) == box


def test_a_title_that_ends_too_low_is_put_above() -> None:
    high = (1, 2, 3, 3_999_998)
    assert _title_box(deck(), layout(place(BODY), place(TITLE, high))) == high
    above = (EDGE, 500_000, 9_000_000 - 2 * EDGE, 1_400_000)
    for low in ((1, 2, 3, 3_999_999), (1, 2, None, 4)):
        assert _title_box(deck(), layout(place(TITLE, low))) == above


def test_a_page_s_layout_has_a_title_and_the_fewest_other_places() -> None:
    bare, noted = layout(place(TITLE)), layout(place(TITLE), place(PP_PLACEHOLDER.DATE))
    full, front = layout(place(TITLE), place(BODY)), layout(place(FRONT))
    assert _page_layout(deck(full, front, noted, bare)) is bare
    assert _page_layout(deck(full, noted)) is noted
    assert _page_layout(deck(layout(place(BODY)), front)) is front


def test_a_title_page_is_written_on_a_layout_for_one_where_its_title_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    box, own = (1, 2, 3, 4), (5, 6, 7, 8)
    plain, front = layout(place(TITLE, box)), layout(place(FRONT, own))
    for layouts, found, where in (
        ((plain, front), front, own),
        ((plain,), plain, box),
        ((plain, layout(place(FRONT, (5, 6, None, 8)))), None, box),
    ):
        opened = deck(*layouts)
        monkeypatch.setattr(template, "Presentation", lambda _, one=opened: one)
        used = template.opened(Path("t.pptx"))
        assert used.front_layout is (found or layouts[1]) and used.front == where
        assert used.page_layout is plain and used.title == box and used.is_own


def legend(inner: str) -> Any:
    space = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    written = parse_xml(f'<c:legend {space}><c:legendPos val="b"/>{inner}</c:legend>')
    return SimpleNamespace(has_legend=True, legend=SimpleNamespace(_element=written),
                           series=[SimpleNamespace(name=name) for name in "abc"])  # fmt: skip


def test_a_legend_leaves_out_what_it_is_told_and_nothing_else() -> None:
    fonts = '<c:legendEntry><c:idx val="0"/><c:txPr/></c:legendEntry>'
    gone = '<c:legendEntry><c:idx val="2"/><c:delete val="1"/></c:legendEntry>'
    drawn = legend(fonts + gone)
    assert _unlisted(drawn) == {"c"}
    unlist(drawn, [0, 1])
    assert _unlisted(drawn) == {"a", "b"}
    assert len(drawn.legend._element) == 4, "its fonts stay"
    assert [entry[0].get("val") for entry in drawn.legend._element[1:3]] == ["0", "1"]
    none = cast(Any, SimpleNamespace(has_legend=False))
    unlist(none, [0])
    assert _unlisted(none) == set()


def test_a_hue_is_three_bytes() -> None:
    assert str(rgb("#0a10ff")) == "0A10FF"
