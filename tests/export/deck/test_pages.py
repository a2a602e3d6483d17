"""What pages and charts say of themselves before anything is drawn; by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from pptx.enum.chart import XL_CHART_TYPE as KIND
from pptx.oxml import parse_xml

from smarketing.export.deck.native import (
    _is_pale,
    colour_marks,
    format_with_room,
    hues_of,
    kind_of,
)
from smarketing.export.deck.pages import (
    Chart,
    Grid,
    Number,
    Page,
    Series,
    _parts,
    funnel,
    is_empty,
    nothing,
    printable,
    waterfall,
)


def chart(kind: Any = "bar", count: int = 1, *series: Series, form: str = "#,##0") -> Chart:
    rows = series or (Series("One", (1.0,) * count),)
    return Chart(kind, tuple(f"c{n}" for n in range(count)), rows, form)


def rows(count: int, many: int, **more: Any) -> tuple[Series, ...]:
    return tuple(Series(f"s{n}", (1.0,) * count, **more) for n in range(many))


@pytest.mark.parametrize(
    ("kind", "count", "many", "more", "has_room", "needs_axis"),
    [
        ("bar", 40, 1, {}, True, False),
        ("bar", 41, 1, {}, False, False),  # a single row of bars is read without an axis
        ("bar", 20, 2, {}, True, False),
        ("bar", 21, 2, {}, False, True),
        ("column", 2, 2, {"labelled": False}, True, True),
        ("column", 2, 2, {"role": "hidden", "labelled": False}, True, False),
        ("stacked_bar", 21, 2, {}, False, False),
        ("line", 8, 1, {}, True, True),
        ("line", 9, 1, {}, False, True),
        ("line", 99, 3, {"dash": "dot"}, True, True),  # levels have no values beside them
    ],
)
def test_values_are_written_beside_marks_or_read_off_an_axis(
    kind: Any, count: int, many: int, more: Any, has_room: bool, needs_axis: bool
) -> None:
    found = chart(kind, count, *rows(count, many, **more))
    assert (found.has_room, found.needs_axis) == (has_room, needs_axis)


def test_a_chart_is_empty_without_a_name_or_without_a_number() -> None:
    assert Chart("bar", (), (Series("s", (1.0,)),)).is_empty
    assert Chart("bar", ("a",), ()).is_empty
    assert Chart("bar", ("a",), (Series("s", (None,)),)).is_empty
    assert not Chart(
        "bar", ("a", "b"), (Series("s", (None, None)), Series("t", (None, 0)))
    ).is_empty


@pytest.mark.parametrize(
    ("body", "alt", "said"),
    [
        ((), "", "Nothing is recorded for this period."),
        ((), "No lead came.", "No lead came."),
        ((), "Head", ""),  # its title says so
        (Chart("bar", (), ()), "", "Nothing is recorded for this period."),
        (Chart("bar", ("a",), (Series("s", (1.0,)),)), "alt", ""),
        (("x",), "alt", ""),
        (Grid(("A",), ()), "alt", ""),
    ],
)
def test_a_page_says_that_there_is_nothing(body: Any, alt: str, said: str) -> None:
    page = Page("p", "Head", "m", body, alt=alt)
    assert nothing(page) == said
    assert is_empty(page) is (body == () or (isinstance(body, Chart) and body.is_empty))


def test_the_mark_of_a_verdict_is_its_tone() -> None:
    said = ("▲ ahead", "● on track", "▼ behind", "target 5", "")
    assert [Number("n", "1", "N", one).tone for one in said] == ["good", "good", "bad", "", ""]


def test_what_cannot_be_seen_is_spelled_in_every_text_of_a_page() -> None:
    odd, seen = "a\u202eb", "a\\u202eb"
    number = Number(odd, odd, odd, odd)
    page = Page("p", odd, odd, (odd, number), odd, f"{odd}\n{odd}", odd, also=(number,))
    found = printable(page)
    assert (found.headline, found.measure, found.stamp, found.alt) == (seen,) * 4
    assert found.notes == f"{seen}\n{seen}"
    assert found.body == (seen, Number(odd, seen, seen, seen))
    assert found.also == (Number(odd, seen, seen, seen),)
    drawn = Chart("bar", (f"{odd}\n9",), (Series(odd, (1,)),), heading=odd)
    body = printable(Page("p", "h", "m", drawn)).body
    assert isinstance(body, Chart)
    assert body.categories == (f"{seen}\n9",) and body.series[0].name == seen
    grid = printable(Page("p", "h", "m", Grid((odd,), ((odd, "x"),), (0,)))).body
    assert grid == Grid((seen,), ((seen, "x"),), (0,))


def test_a_stage_of_which_nothing_is_known_has_neither_count_nor_bar() -> None:
    found = funnel([("Lead", 1_000), ("MQL", None), ("SQL", 10)], "0")
    assert found.categories == ("Lead\n1,000", "MQL", "SQL\n10") and found.number_format == "0"
    assert [one.values for one in found.series] == [(0, 500, 495), (1_000, None, 10)]
    assert [(one.name, one.role, one.labelled) for one in found.series] == [
        ("", "hidden", False), ("Leads", "marketing", False),
    ]  # fmt: skip
    assert (found.kind, found.heading) == ("stacked_bar", "Stage")


@pytest.mark.parametrize(
    ("begin", "end", "parts"),
    [
        (0, 5, {"up above": 5}),
        (2, 5, {"base above": 2, "up above": 3}),
        (5, 2, {"base above": 2, "up above": 3}),
        (-2, -5, {"base below": -2, "up below": -3}),
        (-2, 3, {"up above": 3, "up below": -2}),
        (4, 4, {"base above": 4}),
        (0, 0, {}),
    ],
)
def test_a_column_is_cut_at_zero(begin: float, end: float, parts: dict[str, float]) -> None:
    assert _parts(begin, end, "up") == parts


def test_a_waterfall_that_stays_above_zero_has_no_other_parts() -> None:
    found = waterfall(("May", 10), [("a", 5), ("b", -3), ("c", 0)], ("June", 12), "{:.1f}".format)
    assert {(one.name, one.role): one.values for one in found.series} == {
        ("", "hidden"): (None, 10, 12, 12, None),
        ("Total", "shared"): (10, None, None, None, 12),
        ("Up", "good"): (None, 5, None, None, None),
        ("Down", "bad"): (None, None, 3, None, None),
    }
    assert found.categories == ("May\n10.0", "a\n+5.0", "b\n−3.0", "c\n0.0", "June\n12.0")
    assert found.kind == "stacked_column" and not any(one.labelled for one in found.series)


@pytest.mark.parametrize(
    ("kind", "form", "values", "least"),
    [
        # The longest stack is 200, of 3 letters lengthwise: 200 x 3 x 0.015.
        ("stacked_bar", "#,##0", ((100,), (100,)), "9"),
        ("stacked_bar", "#,##0", ((1_000,), (1_000,)), "150"),  # "1,000" has 5
        ("stacked_bar", "[$€]#,##0", ((100,), (100,)), "15"),  # and two for the sign
        ("stacked_bar", "0.0%", ((0.5,), (0.5,)), "0.075"),  # shares have 5
        ("stacked_column", "#,##0", ((100,), (100,)), "10"),  # a line is 0.05 of the height
        ("stacked_bar", "#,##0", ((-100, None), (-100, 1)), "9"),
        ("stacked_bar", "#,##0", ((None,), (None,)), "1e-09"),
        ("stacked_bar", "#,##0", ((), ()), "1e-09"),
        ("stacked_bar", "#,##0", ((10, 0, 3), (0, 60, 4)), "1.8"),  # the longest of the stacks
    ],
)  # fmt: skip
def test_parts_without_room_for_their_value_have_none(
    kind: Any, form: str, values: Any, least: str
) -> None:
    series = tuple(Series(str(n), row) for n, row in enumerate(values))
    found = format_with_room(Chart(kind, tuple("abc"[: len(values[0])]), series, form))
    assert found == f"[>={least}]{form};[<=-{least}]-{form};"


def test_only_values_that_are_written_need_room() -> None:
    series = (Series("pad", (1_000.0,), "hidden", labelled=False), Series("n", (1.0,)))
    assert format_with_room(chart("stacked_bar", 1, *series)).startswith("[>=15.015]")


def test_dark_letters_are_read_on_pale_hues() -> None:
    pale = ("#a0a0a1", "#a1a1a1", "#ffff00", "#00ff80", "#ff88ff")
    dark = ("#a0a0a0", "#ff0000", "#0000ff", "#00ff00", "#ff00ff", "")
    assert all(map(_is_pale, pale)) and not any(map(_is_pale, dark))


def test_hues_of_a_chart_are_told_once_and_the_most_of_a_series_is_its_own() -> None:
    one = Series("s", (1, 2, 3), hues=("#b00000", "#a00000", "#a00000"))
    assert hues_of(chart("bar", 3, one, Series("t", (1, 2, 3)))) == "#a00000 #b00000"
    assert one.hue == "#a00000" and Series("t", (1,)).hue == "" == hues_of(chart())


def test_lines_are_lines_with_marks_and_without() -> None:
    kinds = (KIND.LINE, KIND.LINE_MARKERS, KIND.BAR_STACKED, KIND.PIE)
    found = [kind_of(SimpleNamespace(chart_type=kind)) for kind in kinds]
    assert found == ["line", "line", "stacked_bar", ""]


def test_a_mark_takes_its_hue_but_for_one_that_a_person_chose() -> None:
    def filled(hue: str) -> str:
        return f'<c:spPr><a:solidFill><a:srgbClr val="{hue}"/></a:solidFill></c:spPr>'

    space = "http://schemas.openxmlformats.org/drawingml/2006"
    marks = "".join(f'<c:dPt><c:idx val="{n}"/>{filled(hue)}</c:dPt>'
                    for n, hue in ((1, "010203"), (2, "A00000"), (4, "B00000")))  # fmt: skip
    names = f'xmlns:c="{space}/chart" xmlns:a="{space}/main"'
    ser = parse_xml(f"<c:ser {names}>{filled('0B5FA5')}{marks}</c:ser>")
    fills = [SimpleNamespace(solid=lambda: None, fore_color=SimpleNamespace(rgb=None))
             for _ in range(5)]  # fmt: skip
    points = [SimpleNamespace(format=SimpleNamespace(fill=fill)) for fill in fills]
    hues = ("#0b5fa5", "#b00000", "#b00000", "#b00000", "#b00000")
    made = SimpleNamespace(_element=ser, points=points)
    colour_marks(made, Series("s", (1,) * 5, hues=hues), {"#a00000"})
    # As all are; a person's; one of ours; one that had none; one that has it already.
    assert [str(fill.fore_color.rgb) for fill in fills] == [
        "None", "None", "B00000", "B00000", "None",
    ]  # fmt: skip
