"""What a refresh renews, keeps, finds missing and leaves as it was; by hand, without a deck."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from pptx.oxml import parse_xml

from smarketing.errors import UsageError
from smarketing.export.deck.make import FRONT, PREFIX, name_of, text_name
from smarketing.export.deck.pages import Chart, Grid, Number, Page, Series, fingerprint
from smarketing.export.deck.refresh import (
    _absent,
    _check_filters,
    _old,
    _Part,
    _parts,
    _renew_text,
    _texts,
)
from smarketing.export.deck.renew import _as_arranged, _place_marks
from smarketing.export.deck.sheet import _told

BARS = Chart("bar", ("a",), (Series("s", (1,)),))
NONE = Chart("bar", (), ())
GRID = Grid(("A",), (("1",), ("2",), ("3",)))


def page(body: Any, name: str = "p", **more: Any) -> Page:
    return Page(name, "Head", "m", body, "stamp", "notes", "alt", **more)


class Text:
    """A shape with a text, as far as a refresh looks at it."""

    has_text_frame, has_chart, has_table = True, False, False

    def __init__(self, name: str, text: str = "") -> None:
        self.name = name
        self.text_frame = SimpleNamespace(text=text, paragraphs=[SimpleNamespace(
            runs=[SimpleNamespace(text=text)])])  # fmt: skip
        self._element = SimpleNamespace(tag="sp")

    @property
    def said(self) -> str:
        return str(self.text_frame.paragraphs[0].runs[0].text)


def part(name: str, slide: int = 1, of: str = "p", shape: Any = None, mark: str = "") -> _Part:
    return _Part(slide, shape, of, name, mark)


def test_each_text_of_a_page_is_known_by_its_name() -> None:
    board = page((Number("won", "5", "Won", "ok"),), also=(Number("lost", "2", "Lost"),))
    assert _texts(board, None) == {
        "headline": "Head", "measure": "m", "stamp": "stamp", "notes": "notes", "empty": "",
        "more": "", "won.label": "Won", "won.value": "5", "won.verdict": "ok",
        "lost.label": "Lost", "lost.value": "2", "lost.verdict": "",
    }  # fmt: skip
    said = _texts(page(("One.", "Two.")), None)
    assert (said["sentence 1"], said["sentence 2"]) == ("One.", "Two.") and len(said) == 8
    assert _texts(page(()), None)["empty"] == "alt"
    assert _texts(page(GRID), (1, ("A",)))["more"] == "2 more rows are in the workbook."


@pytest.mark.parametrize(
    ("of", "name", "text", "now", "verdict", "after"),
    [
        ("p", "measure", "was", "was", "renewed", "m"),
        ("p", "measure", "was", "ours", "kept", "ours"),
        ("p", "colour", "was", "was", "unknown", "was"),
        # The title of a deck that is given none stays.
        (FRONT, "headline", "was", "was", "kept", "was"),
        (FRONT, "stamp", "was", "was", "renewed", "stamp"),
        ("p", "headline", "was", "was", "renewed", ""),
    ],
)
def test_a_text_is_renewed_while_it_reads_as_it_was_made(
    of: str, name: str, text: str, now: str, verdict: str, after: str
) -> None:
    shape = Text(f"{PREFIX}:{of}:{name}", now)
    one = part(name, of=of, shape=shape, mark=fingerprint(text))
    blank = Page(of, "", "m", (), "stamp")
    assert _renew_text(one, blank, None) == verdict and shape.said == after
    if verdict == "renewed":
        assert shape.name == name_of(blank, name, after)
    without = part(name, of=of, shape=SimpleNamespace(has_text_frame=False))
    assert _renew_text(without, blank, None) == "unknown"


def test_a_stamp_bears_the_marks_of_what_stands_beside_it() -> None:
    made = page(())
    assert text_name("p", "notes", "x") == f"{PREFIX}:p:notes#{fingerprint('x')}"
    assert name_of(made, "notes", "x") == text_name("p", "notes", "x")
    beside = "~".join(map(fingerprint, ("Head", "notes")))
    assert name_of(made, "stamp", "x") == f"{text_name('p', 'stamp', 'x')}~{beside}"


STAMP = "June (1 to 30) · {} · agreement 1 · as of 30"


@pytest.mark.parametrize(
    ("of", "name", "before", "now", "is_refused"),
    [
        (FRONT, "stamp", STAMP.format("segment A"), STAMP.format("segment B"), True),
        (FRONT, "stamp", STAMP.format("segment A"), STAMP.format("segment A"), False),
        (FRONT, "stamp", STAMP.format("a · b"), STAMP.format("a"), True),
        (FRONT, "headline", STAMP.format("segment A"), STAMP.format("segment B"), False),
        ("p", "stamp", STAMP.format("segment A"), STAMP.format("segment B"), False),
        (FRONT, "stamp", "ours", STAMP.format("segment B"), False),
        (FRONT, "stamp", STAMP.format("segment A"), "", False),
    ],
)
def test_only_the_title_page_says_of_which_filters_a_deck_is(
    of: str, name: str, before: str, now: str, is_refused: bool
) -> None:
    parts = [part(name, of=of, shape=Text("x", before))]
    if is_refused:
        with pytest.raises(UsageError, match="give the same filters with --where"):
            _check_filters(parts, now)
    else:
        _check_filters(parts, now)


def slides(*named: list[Any]) -> Any:
    return SimpleNamespace(slides=[SimpleNamespace(shapes=shapes, has_notes_slide=False)
                                   for shapes in named])  # fmt: skip


CHART = SimpleNamespace(has_chart=True, has_table=False, _element=SimpleNamespace(tag="x"))
OURS = SimpleNamespace(**vars(CHART), name=f"{PREFIX}:p:chart")
THEIRS = SimpleNamespace(**vars(CHART), name="Chart 3")
OTHER = SimpleNamespace(**vars(CHART), name=f"{PREFIX}:q:chart")


@pytest.mark.parametrize(
    ("body", "parts", "fills", "shapes", "is_old"),
    [
        (BARS, ["headline", "chart"], {"chart": True}, [OURS], False),
        (BARS, ["headline", "chart"], {"chart": False}, [OURS], True),
        (BARS, ["headline"], {}, [], True),  # its chart is gone
        (NONE, ["headline"], {}, [], False),  # and there is none to show
        (NONE, ["headline"], {}, [THEIRS], True),  # unless it has another name now
        (NONE, ["headline"], {}, [OTHER], True),
        (NONE, ["headline", "empty"], {}, [THEIRS], False),
        (("x",), ["headline"], {}, [THEIRS], False),
        (("x",), ["headline", "chart"], {"chart": False}, [OURS], True),
        ((), ["headline"], {}, [THEIRS], True),
        (BARS, ["headline", "chart", "table"], {"chart": True, "table": False}, [OURS], True),
    ],
)
def test_beside_numbers_that_stay_all_of_a_page_stays(
    body: Any, parts: list[str], fills: Mapping[str, bool], shapes: list[Any], is_old: bool
) -> None:
    named = [part(name) for name in parts]
    fillings: Any = {id(one): object() if fills.get(one.part) else None for one in named}
    found = _old(slides([], shapes), named, {"p": page(body)}, fillings)
    assert found == ({(1, "p")} if is_old else set())


def test_a_page_on_two_slides_is_old_where_its_chart_is_not_filled() -> None:
    named = [part("chart", 0), part("headline", 0), part("headline", 1), part("headline", 2, FRONT),
             part("headline", 2, "gone")]  # fmt: skip
    fillings: Any = {id(one): object() if one.part == "chart" else None for one in named}
    known = {"p": page(BARS), FRONT: page((), FRONT)}
    assert _old(slides([OURS], [], [THEIRS]), named, known, fillings) == set()
    assert _old(slides([OURS], [THEIRS], []), named, known, fillings) == {(1, "p")}


def test_what_a_deck_has_no_place_for_is_named() -> None:
    board = page((Number("won", "5", "Won"), Number("n", "1", "N")), "board")
    pages = [page(BARS, "bars"), page(NONE, "none"), page(GRID, "rows"), board,
             page(("x",), "said"), page(BARS, "gone"), page(GRID, "all")]  # fmt: skip
    named = [
        part("headline", of="bars"), part("headline", of="none"), part("headline", of="rows"),
        part("table", of="rows"), part("won.value", of="board"), part("headline", of="said"),
        part("headline", of="all"), part("table", of="all"), part("more", of="all"),
    ]  # fmt: skip
    rooms = {"rows": (1, ("A",)), "all": (1, ("A",))}
    assert list(_absent(pages, named, rooms)) == [
        "bars: chart", "rows: 2 rows of the table", "board: headline", "board: n", "gone",
    ]  # fmt: skip
    assert list(_absent(pages[2:3], named, {"rows": (3, ("A",))})) == []
    assert list(_absent(pages[2:3], named, {})) == []


def test_parts_are_known_by_their_names_and_marks_those_of_groups_as_well() -> None:
    group = SimpleNamespace(shapes=[Text(f"{PREFIX}:p:won.value#ab")])
    slide = SimpleNamespace(has_notes_slide=False)
    slide.shapes = Shapes(Text(f"{PREFIX}:p:measure#cd"), Text("Text 2"), Text(f"{PREFIX}:p"),
                          Text("other:p:measure"), group,
                          Text(f"{PREFIX}:p:stamp#ef~{fingerprint('T')}~12"))  # fmt: skip
    for title, names in ((Text("Title 1", "T"), ["headline"]), (Text("Title 1", "ours"), []),
                         (Text(f"{PREFIX}:p:x", "T"), []), (None, [])):  # fmt: skip
        slide.shapes.title = title
        found = list(_parts(SimpleNamespace(slides=[slide])))
        assert [(one.slide, one.page, one.part, one.mark) for one in found[:3]] == [
            (0, "p", "measure", "cd"), (0, "p", "won.value", "ab"), (0, "p", "stamp", "ef"),
        ]  # fmt: skip
        assert found[2].beside == (fingerprint("T"), "12") and found[0].beside == ()
        assert [one.part for one in found[3:]] == names
    assert found[0].name == "p: measure" and found[0].place == (0, "p")


class Shapes(list[Any]):
    """The shapes of a slide and its title."""

    title: Any = None

    def __init__(self, *shapes: Any) -> None:
        super().__init__(shapes)


def test_series_stay_as_a_person_arranged_them_where_they_are_the_same() -> None:
    one, two, blank = Series("One", ()), Series("Two", ()), Series("", ())
    assert _as_arranged(["Two", "One"], [one, two]) == (two, one)
    assert _as_arranged([" ", "One"], [one, blank]) == (blank, one)
    assert _as_arranged(["Two", "One"], [one]) == (one,)
    assert _as_arranged(["Two"], [one, two]) == (one, two)
    assert _as_arranged(["Two", "Six"], [one, two]) == (one, two)
    assert _as_arranged(["One", "One"], [one, one]) == (one, one)


def test_what_was_done_to_marks_stands_in_their_order_where_it_stood() -> None:
    space = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    marks = "".join(f'<c:dPt><c:idx val="{n}"/><c:own val="{n}"/></c:dPt>' for n in (0, 2, 3))
    ser = parse_xml(f"<c:ser {space}><c:tx/>{marks}<c:cat/></c:ser>")
    _place_marks(ser, ser.findall("{*}dPt"), {0: 4, 3: 1, 9: 0})
    told = [(one[0].get("val"), one[1].get("val")) for one in ser.findall("{*}dPt")]
    assert told == [("1", "3"), ("4", "0")]
    assert [one.tag.rpartition("}")[2] for one in ser] == ["tx", "dPt", "dPt", "cat"]
    _place_marks(ser, [], {0: 1})
    assert len(ser) == 4


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ((), ()),
        (((3, 1),), ("cells A3 of its sheet",)),
        (((2, 28), (1, 2), (2, 3)), ("cells B1, C2, AB2 of its sheet",)),
        (((1, 1), (1, 2), (1, 3), (1, 4), (2, 1)), ("cells A1, B1, C1 and 2 more of its sheet",)),
    ],
)
def test_cells_of_a_person_are_named_three_at_most(cells: Any, said: tuple[str, ...]) -> None:
    assert _told(cells) == said
