"""Rows of Python as rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb

from smarketing.files.quoting import identifier

TEXT, INT, REAL, DAY, TIME, FLAG = "varchar", "bigint", "double", "date", "timestamp", "boolean"
NUMBER = "integer"
"""Of a file, as `_file_id` is."""
_FEW = 200_000


def write_rows(
    connection: duckdb.DuckDBPyConnection,
    into: str,
    columns: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[object]],
) -> None:
    """Write rows by a statement that ends where a SELECT follows (`create table t as`).

    `columns` are names and types. Many cells go by Arrow, which is quicker by the cell; few do not,
    since Arrow loads pandas before it takes any.
    """
    values = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in columns]
    if len(columns) * len(values[0]) <= _FEW:
        given = [f"unnest(cast(? as {kind}[])) as {identifier(name)}" for name, kind in columns]
        connection.execute(f"{into} select {', '.join(given)}", values)
        return
    import pyarrow as pa

    connection.register("_rows", pa.table(values, names=[name for name, _ in columns]))
    typed = [f"cast({identifier(name)} as {kind}) as {identifier(name)}" for name, kind in columns]
    try:
        connection.execute(f"{into} select {', '.join(typed)} from _rows")
    finally:
        connection.unregister("_rows")
