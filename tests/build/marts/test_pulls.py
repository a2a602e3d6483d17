"""What is pulled of a mart must be what is there: each value counts, of whatever type it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import duckdb
import pytest
from duckdb import DuckDBPyConnection as Connection

from smarketing.build.marts import beyond, pulls
from smarketing.engine.open_warehouse import open_warehouse
from smarketing.engine.warehouse import Warehouse, WarehouseError

KINDS = {
    "a b": "BIGINT", "h": "HUGEINT", "t": "VARCHAR", "f": "BOOLEAN", "d": "DATE",
    "at": "TIMESTAMP", "x": "DOUBLE",
}  # fmt: skip
ROWS = """
    create table k ("a b" bigint, h hugeint, t varchar, f boolean, d date,
        "at" timestamp, x double);
    insert into k values
    (1, 170141183460469231731687303715884105727, 'a', true, '2026-03-29',
        '2026-03-29 02:30:00.000001', 0.1),
    (-9223372036854775808, -7, '', false, '0001-01-01', '0001-01-01 00:00:00', -1e300),
    (null, null, null, null, null, null, null),
    (7, 0, 'é😀', false, '9999-12-31', '9999-12-31 23:59:59.999999', 'nan'),
    (8, 0, 'b', true, '1969-12-31', '1969-12-31 23:59:59.999999', -12345678901.123457),
    (9, 0, 'c', true, '1970-01-01', '1970-01-01 00:00:00', 'infinity'), (0, 0, '', null, null,
        null, '-0.0'), (0, 0, '', null, null, null, 3.9e18), (0, 0, '', null, null, null, -5e-324)
"""


class There:
    """A warehouse in DuckDB, asked for its checks alone."""

    dialect = "duckdb"

    def __init__(self, connection: Connection) -> None:
        self.arrow = lambda sql: connection.sql(sql).to_arrow_table()

    def close(self) -> None:
        """Leave the connection."""


@pytest.fixture
def rows() -> Iterator[Connection]:
    with closing(duckdb.connect()) as connection:
        connection.execute(ROWS)
        yield connection


@pytest.mark.parametrize(
    ("column", "other"),
    [
        ("a b", "2"), ("h", "h - 1"), ("t", "'ab'"), ("f", "false"), ("d", "d + 1"),
        ("at", '"at" + interval 1 microsecond'), ("x", "x::float"), ("x", "1.1"), ("x", "-0.1"),
        *((column, "null") for column in KINDS),
    ],
)  # fmt: skip
def test_one_value_that_came_as_another_is_told(rows: Connection, column: str, other: str) -> None:
    there = pulls.checks_of(There(rows), "k", KINDS)
    pulls.compare(rows, "k", KINDS, there)
    rows.execute(f'update k set "{column}" = {other} where "a b" = 1')
    with pytest.raises(WarehouseError, match="k is not what the warehouse holds"):
        pulls.compare(rows, "k", KINDS, there)


def agree(warehouse: Warehouse, rows: Connection) -> None:
    """Put the rows there, where each must count as it does here."""
    # Nothing keeps a whole number of this size but DuckDB.
    rows.execute("update k set h = 99999999999999999999999999999999999999 where h > 1")
    warehouse.prepare("b80030-checks")
    beyond._push(warehouse, rows, "k")
    pulls.compare(rows, "k", KINDS, pulls.checks_of(warehouse, "k", KINDS))
    warehouse.drop()


def test_every_value_counts_in_postgresql_as_it_does_here(server: str, rows: Connection) -> None:
    with closing(open_warehouse(server)) as warehouse:
        agree(warehouse, rows)


@pytest.mark.spark
def test_every_value_counts_in_spark_as_it_does_here(spark: Warehouse, rows: Connection) -> None:
    agree(spark, rows)
