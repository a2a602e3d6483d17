"""In which order marts are built."""

from __future__ import annotations

import pytest

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
