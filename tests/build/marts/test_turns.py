"""In which order marts are built."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from graphlib import TopologicalSorter
from threading import Barrier

import pytest

from smarketing.build.marts.beyond import in_turn
from smarketing.build.marts.order import mart_order
from smarketing.build.marts.statements import tables_read
from smarketing.engine.compile import parse
from smarketing.errors import QueryError


def test_marts_come_after_what_they_read() -> None:
    own = tables_read(parse("with c as (select x from core) select x from c", "b"))
    assert own == {"core"}
    assert mart_order({"a": {"b", "c"}, "b": own, "c": {"b"}}, {"core"}) == ["b", "c", "a"]


def test_an_unknown_table_and_a_circle_are_named() -> None:
    with pytest.raises(QueryError, match=r"'a' reads the unknown table 'tuch'.*'touch'"):
        mart_order({"a": {"tuch"}}, {"touch"})
    with pytest.raises(QueryError, match=r"in a circle: [ab] → [ab] → [ab]"):
        mart_order({"a": {"b"}, "b": {"a"}}, set())


NEEDS = {"c": ["a", "b"], "d": ["c"], "e": []}


def begins(work: Callable[[str], None]) -> Callable[[ThreadPoolExecutor, str], Future[None]]:
    return lambda pool, name: pool.submit(work, name)


def test_what_needs_nothing_of_each_other_is_done_at_once() -> None:
    met = Barrier(2, timeout=20)  # is passed by two together, or breaks
    ended: list[str] = []

    def work(name: str) -> None:
        if name in "ab":
            met.wait()
        ended.append(name)

    told = in_turn(TopologicalSorter(NEEDS), begins(work), 2)
    assert sorted(told) == ["a", "b", "c", "d", "e"]
    assert {"a", "b"} < set(ended[: ended.index("c") + 1]) and ended.index("c") < ended.index("d")
    assert in_turn(TopologicalSorter({}), begins(work), 2) == []


@pytest.mark.parametrize("at_once", [1, 2])
def test_after_a_failure_nothing_more_begins(at_once: int) -> None:
    ended: list[str] = []

    def work(name: str) -> None:
        if name == "c":
            raise QueryError("It does not add up.")
        ended.append(name)

    with pytest.raises(QueryError, match="add up"):
        in_turn(TopologicalSorter(NEEDS), begins(work), at_once)
    assert sorted(ended) == ["a", "b", "e"]
