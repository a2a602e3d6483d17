"""Rows of Python as a table: the same whether they are few or many, none of them too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import duckdb
import pytest

from smarketing.build.core import given_rows
from smarketing.build.core.given_rows import DAY, FLAG, INT, NUMBER, REAL, TEXT, TIME, write_rows

COLUMNS = (
    ("name", TEXT), ("count", INT), ("share", REAL), ("day", DAY), ("at", TIME), ("is_on", FLAG),
    ("file number", NUMBER),
)  # fmt: skip
ROWS = [
    ("a", 2**40, 1, date(2026, 1, 31), datetime(2026, 1, 31, 9, 30), True, 1),
    (None, None, 0.5, None, None, None, None),
    ("ü '\"", 3, None, date(1999, 12, 31), datetime(1999, 12, 31), False, 2),
]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def typed(connection, rows):
    write_rows(connection, "create or replace table t as", COLUMNS, rows)
    types = connection.execute("select column_name, column_type from (describe t)").fetchall()
    return types, connection.execute("from t").fetchall()


@pytest.mark.parametrize("few", [200_000, 0])
def test_few_and_many_rows_are_one_table(connection, monkeypatch, few):
    monkeypatch.setattr(given_rows, "_FEW", few)
    types, found = typed(connection, iter(ROWS))
    assert found == ROWS
    assert types == [(name, kind.upper()) for name, kind in COLUMNS]


def test_no_rows_are_a_table_of_the_same_columns(connection):
    types, found = typed(connection, [])
    assert found == []
    assert types == [(name, kind.upper()) for name, kind in COLUMNS]


def test_a_column_of_nothing_keeps_its_type(connection):
    assert typed(connection, [ROWS[1]]) == (typed(connection, ROWS)[0], [ROWS[1]])


def test_rows_are_added_by_place(connection):
    connection.execute("create table t (word varchar, n bigint)")
    write_rows(connection, "insert into t", [("a", TEXT), ("b", INT)], [("x", 1)])
    assert connection.execute("from t").fetchall() == [("x", 1)]
