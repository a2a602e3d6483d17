"""Which rows are records at first sight, and which are looked at twice; by hand."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from smarketing.files.fast import _is_no_record
from smarketing.files.rows import Line, _Sorter
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
