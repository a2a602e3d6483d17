"""Which rows are records at first sight, and which are looked at twice; by hand."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from smarketing.files.fast import _is_no_record
from smarketing.files.rows import Line, _Sorter, sort_rows
from smarketing.files.shape import Shape
from smarketing.files.table import Header, Sorted

COLUMNS = ("name", "day", "cost")
SHAPE = Shape((None, "day", None), frozenset({0, 1}), 9)  # type: ignore[arg-type]
ROW = ("Ann", "2026-01-05", "4")


def sorter(**more: Any) -> _Sorter:
    named = more.pop("named", 3)
    header = Header(COLUMNS, COLUMNS, named, **({"shape": SHAPE} | more))
    return _Sorter(header, Sorted("t.csv", 1))


@pytest.mark.parametrize(
    ("cells", "more", "plain"),
    [
        (ROW, {}, True),
        (("Ann", "2026-01-05", ""), {}, True),
        (("", "2026-01-05", "4"), {}, False),
        ((" ", "2026-01-05", "4"), {"shape": Shape()}, False),
        (("name", "2026-01-05", "4"), {}, False),
        (("Ann", "word", "4"), {}, False),
        (("Ann", "", "4"), {}, False),
        (("Total", "2026-01-05", "4"), {}, False),
        (("Tom", "2026-01-05", "4"), {}, True),
        (ROW, {"suspect": True}, False),
        (ROW, {"named": 2}, False),
        (("Ann", "2026-01-05", ""), {"named": 2}, True),
        (ROW, {"named": 2, "is_exact": True}, True),
        (ROW, {"totals": ((None, re.compile("^Ann$")),)}, False),
        (ROW, {"totals": ((2, re.compile("^4$")),)}, False),
        (ROW, {"totals": ((1, re.compile("^4$")),)}, True),
        (ROW, {"names": ("ann",)}, True),
        (ROW, {"names": ("ann",), "shape": Shape()}, False),
        (ROW, {"names": ("name",), "shape": Shape()}, True),
        (("Ann", "2026-01-05", ""), {"shape": Shape(SHAPE.kinds, frozenset({2}), 9)}, False),
        (("Ann", "2026-01-05", ""), {"shape": Shape(SHAPE.kinds, frozenset({2}), 1)}, True),
        (("Ann", "2026-01-05", ""), {"shape": Shape(SHAPE.kinds, frozenset({2}), 2)}, False),
    ],
)
def test_a_row_is_a_record_at_first_sight(
    cells: tuple[str, ...], more: dict[str, Any], plain: bool
) -> None:
    assert sorter(**more).is_plain(Line(3, cells)) is plain


def test_a_broken_row_and_what_comes_after_a_blank_one_is_looked_at_twice() -> None:
    assert not sorter().is_plain(Line(3, ROW, "a quote is not closed"))
    for state in ({"apart": True}, {"held": [(Line(2, ROW), True)]}):
        careful = sorter()
        vars(careful).update(state)
        assert not careful.is_plain(Line(3, ROW))


@pytest.mark.parametrize(
    ("cells", "by_line"),
    [
        (("some words",), [False, False, True]),
        (("2026-01-05",), [False, False, True]),
        (("a", "b"), [False, False, False]),
        (("Total",), [True, True, True]),
    ],
)
def test_a_lone_cell_below_the_last_record_may_be_a_footer(
    cells: tuple[str, ...], by_line: list[bool]
) -> None:
    """The last record stands on line 5."""
    job: Any = SimpleNamespace(header=Header(COLUMNS, COLUMNS, 3))
    assert [_is_no_record(job, Line(row, cells), 5) for row in (4, 5, 6)] == by_line
    assert not _is_no_record(job, Line(6, cells, "broken"), 5)
    narrow: Any = SimpleNamespace(header=Header(COLUMNS[:2], COLUMNS[:2], 2))
    assert _is_no_record(narrow, Line(6, cells), 5) is (cells == ("Total",))
    titled: Any = SimpleNamespace(header=Header(COLUMNS, COLUMNS, 3, shape=SHAPE))
    assert _is_no_record(titled, Line(4, cells), 5) is (len(cells) == 1)


WIDE = ("name", "day", "cost", "note")


def facts(named: int = 4, **state: Any) -> _Sorter:
    found = _Sorter(Header(WIDE, WIDE, named), Sorted("t.csv", 1))
    vars(found).update(state)
    return found


@pytest.mark.parametrize(
    ("cells", "named", "state", "fact"),
    [
        (("Run by:", "Ann", "", ""), 4, {"apart": True}, True),
        (("Run by: ", "Ann", "", ""), 4, {"held": [(Line(2, ("x",)), True)]}, True),
        (("Run by:", "Ann", "", ""), 4, {}, False),
        (("Run by", "Ann", "", ""), 4, {"apart": True}, False),
        (("Run by:", "Ann", "", ""), 3, {"apart": True}, False),
        (("Run by:", "Ann", "x", ""), 4, {"apart": True}, False),
        (("Run by", "Ann"), 4, {"facts": {2}}, True),
        (("Run by", "Ann"), 4, {}, False),
        (("Run by", "Ann", "", ""), 4, {"facts": {2}}, False),
    ],
)
def test_a_fact_of_the_report_is_a_name_with_a_colon(
    cells: tuple[str, ...], named: int, state: dict[str, Any], fact: bool
) -> None:
    found = facts(named, **state)
    assert found._is_fact(Line(7, cells)) is fact
    assert (7 in found.facts) is fact


@pytest.mark.parametrize(
    ("cells", "named", "alone"),
    [
        (("words", "", ""), 3, True), (("words", "", ""), 2, False), (("a", "b", ""), 3, False),
        (("# a remark", "b"), 3, True), (("# a remark", "b", ""), 3, False),
    ],
)  # fmt: skip
def test_a_lone_cell_or_a_remark_stands_alone(
    cells: tuple[str, ...], named: int, alone: bool
) -> None:
    found = _Sorter(Header(COLUMNS, COLUMNS, named), Sorted("t.csv", 1))
    assert found._stands_alone(Line(7, cells)) is alone


@pytest.mark.parametrize(
    ("cells", "apart", "shape", "footer"),
    [
        (("words", "", ""), False, Shape(), False),
        (("words", "", ""), True, Shape(), True),
        (("three words here",), False, Shape(), True),
        (("two words",), False, Shape(), False),
        (("three words here", "", ""), False, Shape(), False),
        (("7",), True, Shape(("number",), frozenset(), 9), False),
    ],
)
def test_a_lone_cell_at_the_end_is_a_footer(
    cells: tuple[str, ...], apart: bool, shape: Shape, footer: bool
) -> None:
    found = _Sorter(Header(COLUMNS, COLUMNS, 3, shape=shape), Sorted("t.csv", 1))
    assert found._is_footer(Line(7, cells), apart) is footer
    found.facts.add(7)
    assert found._is_footer(Line(7, cells), apart)


def test_what_is_held_is_decided_when_a_record_follows_or_the_table_ends() -> None:
    shape = Shape(("", "date", ""), frozenset({0, 1}), 9)
    lines = [
        Line(2, ROW), Line(3, ("East", "", "")), Line(4, ROW), Line(5, ("Total", "", "8")),
        Line(6, COLUMNS), Line(7, ("words", "in", "two")), Line(8, ROW), Line(9, ("", "", "")),
        Line(10, ("made by Ann", "", "")),
    ]  # fmt: skip
    result = Sorted("t.csv", 0)
    found = list(sort_rows(lines, Header(COLUMNS, COLUMNS, 3, shape=shape), result))
    assert [row for row, _ in found] == [2, 4, 8] and result.rows == 3
    assert result.skipped == {
        "title between records": 1, "total row": 1, "header repeated": 1,
        "second line of the header": 1, "footer below the records": 1,
    }  # fmt: skip
    assert [total.row for total in result.totals] == [5] and result.following is None
