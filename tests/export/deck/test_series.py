"""Names of a chart that people renamed, deleted or moved, against those last drawn; by hand."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from smarketing.export.deck.pages import Chart, Series, fingerprint
from smarketing.export.deck.remembered import CATEGORIES, HUES, LOOKS, SERIES
from smarketing.export.deck.series import Drawing, drawing, made_of

NAMES = ("a", "b", "c")
ROWS = ("One", "Two")


def of(names: Sequence[str] = NAMES, rows: Sequence[str] = ROWS, kind: Any = "column",
       **more: Any) -> Chart:  # fmt: skip
    """Return a chart whose values tell row and mark: 11, 12, 13 and 21, 22, 23."""
    series = tuple(
        Series(row, tuple(10.0 * (r + 1) + n + 1 for n in range(len(names))), **more)
        for r, row in enumerate(rows)
    )
    return Chart(kind, tuple(names), series)


def shown(names: Sequence[str] = NAMES, rows: Sequence[str] = ROWS) -> Any:
    plots = [SimpleNamespace(categories=list(names))]
    return SimpleNamespace(series=[SimpleNamespace(name=row) for row in rows], plots=plots)


def told(found: Drawing | None) -> tuple[str, str, tuple[str, ...]]:
    """Return what is to be drawn: categories, series with their values, and what stays."""
    assert found is not None
    chart = found.chart
    rows = [f"{s.name} {' '.join(f'{v:g}' for v in s.values if v is not None)}"
            for s in chart.series]  # fmt: skip
    return ", ".join(chart.categories), "; ".join(rows), found.kept


@pytest.mark.parametrize(
    ("drawn", "names", "rows", "kept"),
    [
        (shown(), "a, b, c", "One 11 12 13; Two 21 22 23", ()),
        (shown(rows=("One", "Zwei")), "a, b, c", "One 11 12 13; Zwei 21 22 23", ("series Zwei",)),
        (shown(rows=("One",)), "a, b, c", "One 11 12 13", ("series Two",)),
        (shown(rows=("Two", "One")), "a, b, c", "One 11 12 13; Two 21 22 23", ("order of series",)),
        (shown(("a", "B", "c")), "a, B, c", "One 11 12 13; Two 21 22 23", ("category B",)),
        (shown(("a", "c")), "a, c", "One 11 13; Two 21 23", ("category b",)),
        (shown(("c", "a", "b")), "c, a, b", "One 13 11 12; Two 23 21 22",
         ("order of categories",)),
        (shown(("c", "x", "a")), "c, x, a", "One 13 12 11; Two 23 22 21",
         ("category x", "order of categories")),
        (shown(("a\n9", "b\n7", "c\n5")), "a, b, c", "One 11 12 13; Two 21 22 23", ()),
    ],
)  # fmt: skip
def test_what_a_person_did_to_names_stays_with_their_numbers(
    drawn: Any, names: str, rows: str, kept: tuple[str, ...]
) -> None:
    found = drawing(drawn, of(), made_of(of()))
    assert told(found) == (names, rows, kept)
    assert found is not None
    # What is then remembered says the same of what was drawn.
    after = shown(found.chart.categories, [one.name for one in found.chart.series])
    again = drawing(after, of(), found.told(after))
    arranged = tuple(one for one in kept if one != "order of series")
    assert told(again)[:2] == (names, rows) and set(arranged) <= set(told(again)[2])


@pytest.mark.parametrize(
    "drawn",
    [
        shown(rows=("One", "Two", "Mine")), shown(rows=("One", "Mine", "Ours", "Theirs")),
        shown(("a", "b", "c", "mine")), shown(("a", "x", "y", "z")),
    ],
)  # fmt: skip
def test_names_of_a_person_s_own_are_not_drawn_over(drawn: Any) -> None:
    assert drawing(drawn, of(), made_of(of())) is None


def test_a_category_that_comes_stands_last_and_one_that_went_leaves_no_trace() -> None:
    moved = shown(("c", "a", "b"))
    assert told(drawing(moved, of(("d", "b", "a")), made_of(of())))[:2] == (
        "a, b, d", "One 13 12 11; Two 23 22 21",
    )  # fmt: skip
    assert told(drawing(shown(), of(("d", "b", "a")), made_of(of())))[0] == "d, b, a"
    # Steps of a waterfall begin where others end.
    chain = of(kind="stacked_column", role="hidden")
    assert told(drawing(moved, chain, made_of(of())))[0] == "a, b, c"
    assert told(drawing(moved, of(kind="stacked_column"), made_of(of())))[0] == "c, a, b"
    assert told(drawing(moved, of(role="hidden"), made_of(of())))[0] == "c, a, b"


def test_what_was_deleted_stays_so_until_a_person_draws_it_again() -> None:
    chart = of()
    known = {SERIES: f"{fingerprint('One')};{fingerprint('Two')}",
             CATEGORIES: f"{fingerprint('a')} {fingerprint('c')};{fingerprint('b')}"}  # fmt: skip
    found = drawing(shown(("a", "c"), ("One",)), chart, known)
    assert told(found) == ("a, c", "One 11 13", ("series Two", "category b"))
    assert found is not None
    assert found.told(shown(("a", "c"), ("One",))) == {**known, HUES: ""}
    assert told(drawing(shown(), chart, known))[:2] == ("a, b, c", "One 11 12 13; Two 21 22 23")
    # A name that is new stands beside what is known, in place of nothing.
    assert drawing(shown(("a", "c"), ("One", "Mine")), chart, known) is None


def test_where_nothing_is_remembered_all_is_drawn_as_it_is_made() -> None:
    assert told(drawing(shown(("x", "y"), ("Mine",)), of(), {})) == (
        "a, b, c", "One 11 12 13; Two 21 22 23", (),
    )  # fmt: skip
    # Names of which two are the same cannot tell one from the other.
    twice = of(("a", "a", "b"))
    assert told(drawing(shown(("b", "a", "a")), twice, made_of(twice)))[0] == "a, a, b"


def test_hues_and_looks_are_remembered_beside_the_names() -> None:
    hued = Chart("bar", ("a", "b\n5"), (Series("One", (1, 2), hues=("#00aa00", "#0000bb")),))
    known = made_of(hued)
    assert known == {
        SERIES: f"{fingerprint('One')};", HUES: "#0000bb #00aa00",
        CATEGORIES: f"{fingerprint('a')} {fingerprint('b')};",
    }  # fmt: skip
    found = drawing(shown(("b",), ("One",)), hued, {**known, LOOKS: "looks"})
    assert found is not None and (found.looks, found.hues) == ("looks", "#0000bb #00aa00")
    assert found.chart.series[0].hues == ("#0000bb",) and found.chart.categories == ("b\n5",)
    assert found.told(shown(("b",), ("One",)))[HUES] == "#0000bb"
    plain = drawing(shown(("a", "b"), ("One",)), of(("a", "b"), ("One",)), known)
    assert plain is not None and plain.told(shown())[HUES] == "#0000bb #00aa00"
    assert drawing(shown(("a", "b"), ("One",)), hued, {}).hues == ""  # type: ignore[union-attr]


def test_a_line_that_an_earlier_version_left_without_a_name_takes_its_own() -> None:
    made = made_of(of(rows=("",)))
    assert made[SERIES] == f"{fingerprint(' ')};"
    found = drawing(shown(rows=(" ",)), of(rows=("Leads",)), made)
    assert told(found) == ("a, b, c", "Leads 11 12 13", ())
    named = drawing(shown(rows=("Anfragen",)), of(rows=("Leads",)), made)
    assert told(named)[1:] == ("Anfragen 11 12 13", ("series Anfragen",))
    blank = drawing(shown(rows=(" ",)), of(rows=("",)), made)
    assert told(blank)[2] == () and blank is not None
    gone = drawing(shown(rows=()), of(rows=("",)), made)
    assert told(gone)[1:] == ("", ("series without a name",))
    assert drawing(shown(rows=(" ",)), Chart("bar", (), ()), made) is not None
