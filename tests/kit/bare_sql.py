"""A mart or query over a few rows of the tables that it reads, made by hand: no store is built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa

from smarketing.build.marts.statements import mart_sql
from smarketing.engine.compile import compile_query

Rows = Sequence[Mapping[str, Any]]


def mart_of(name: str, tables: Mapping[str, Rows], **values: Any) -> list[dict[str, Any]]:
    """Return a mart's rows over tables of which each has a row at least, or names its columns."""
    return _rows(tables, mart_sql(name, values), {})


def query_of(name: str, tables: Mapping[str, Rows], **values: Any) -> list[dict[str, Any]]:
    """Return a query's rows."""
    compiled = compile_query(name, values)
    return _rows(tables, compiled.sql, compiled.params)


def _rows(tables: Mapping[str, Rows], sql: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    cursor = _database().cursor()
    for name, rows in tables.items():
        cursor.register(name, pa.Table.from_pylist(list(rows)))
    found = cursor.execute(sql, dict(values) or None)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@cache
def _database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()
