"""Marts that come out of a warehouse: several at a time, large ones in parts, each counted.

What the warehouse says of a mart, its count and a sum per column, is asked before its rows come,
and must be what was pulled of it. At most `LINES` parts of some `ROWS` rows are held at a time.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any

import duckdb

from smarketing.build.accounting.invariants import check_rows
from smarketing.build.marts.statements import mart_sql
from smarketing.engine.warehouse import Reader, Warehouse, WarehouseError, names, written
from smarketing.files.quoting import identifier

if TYPE_CHECKING:
    import pyarrow as pa

#: So many connections pull at a time, where the warehouse gives as many: what they bring is put
#: into tables by this machine.
LINES = min(4, os.cpu_count() or 1)
#: A part has about so many rows.
ROWS = 120_000
#: Sums of rests by it fit 64 bits, which no engine counts slowly or runs out of.
_PRIME = 1_000_000_007
_REST = f"cast({{0}} % {_PRIME} as bigint)"
#: The whole number that a value counts as, by its type: a fraction by 32 bits of it, a text by its
#: length. One without bounds counts as none.
_NUMBERS = {
    **dict.fromkeys(("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "HUGEINT"), _REST),
    "VARCHAR": "length({0})",
    "BOOLEAN": "case when {0} then 1 else 0 end",
    "DATE": "days_between(date '1970-01-01', {0})",
    "TIMESTAMP": _REST.format("epoch_micros({0})"),
    "DOUBLE": f"case when abs({{0}}) < 4e18 then cast(floor({{0}}) as bigint) % {_PRIME} "
    "+ cast(floor(({0} - floor({0})) * 4294967296.0) as bigint) end",
}


class Pulls:
    """What is on its way out of a warehouse; all of it is here, or told, once `wait` returns."""

    def __init__(
        self,
        warehouse: Warehouse,
        connection: duckdb.DuckDBPyConnection,
        staying: Collection[str] = (),
    ) -> None:
        """Open the lines; WarehouseError where the warehouse gives none.

        Of the marts that are `staying` no row comes.
        """
        self._warehouse = warehouse
        self._staying = staying
        self._readers = _readers(warehouse)
        self._lines: SimpleQueue[tuple[Reader, duckdb.DuckDBPyConnection]] = SimpleQueue()
        for reader in self._readers:
            self._lines.put((reader, cursor_of(connection)))
        self._pool = ThreadPoolExecutor(len(self._readers), "pull")
        self._here: dict[str, Future[None]] = {}

    def __enter__(self) -> Pulls:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the lines; what has not begun to come does not come."""
        self._pool.shutdown(cancel_futures=True)
        for reader in self._readers:
            reader.close()

    def begin(
        self, connection: duckdb.DuckDBPyConnection, mart: str, params: Mapping[str, Any]
    ) -> None:
        """Let a mart come, into a table with the columns and types that it has here.

        The connection is the asking thread's own. Raises WarehouseError of whatever has failed
        until now.
        """
        for came in [*self._here.values()]:
            if came.done():
                came.result()
        table = identifier(mart)
        connection.execute(
            f"create or replace table {table} as select * from ({mart_sql(mart, params)}) limit 0"
        )
        types = column_types(connection, mart)
        there = checks_of(self._warehouse, mart, types)
        if mart in self._staying:
            check_rows(connection, mart, int(there[0]))
            return
        places = self._warehouse.parts(mart, -(-int(there[0]) // ROWS))
        parts = [self._pool.submit(self._part, mart, types, place) for place in places]
        # Jobs begin in their order: all parts are on their way before one waits for them.
        self._here[mart] = self._pool.submit(self._whole, mart, types, there, parts)

    def wait(self, marts: Collection[str] | None = None) -> None:
        """Return once these marts are here, or all; WarehouseError where one is not as it was."""
        for mart, came in [*self._here.items()]:
            if marts is None or mart in marts:
                came.result()

    def _part(self, mart: str, types: Mapping[str, str], place: str | Path) -> None:
        with self._line() as (reader, cursor):
            cursor.register("_pulled", _rows(reader, mart, list(types), place))
            try:
                casts = ", ".join(
                    f'cast("{name}" as {kind}) as "{name}"' for name, kind in types.items()
                )
                cursor.execute(f"insert into {identifier(mart)} select {casts} from _pulled")
            finally:
                cursor.unregister("_pulled")

    def _whole(
        self,
        mart: str,
        types: Mapping[str, str],
        there: Sequence[str],
        parts: Sequence[Future[None]],
    ) -> None:
        for part in parts:
            part.result()
        with self._line() as (_, cursor):
            compare(cursor, mart, types, there)

    @contextmanager
    def _line(self) -> Iterator[tuple[Reader, duckdb.DuckDBPyConnection]]:
        line = self._lines.get()
        try:
            yield line
        finally:
            self._lines.put(line)


def _rows(reader: Reader, mart: str, columns: Sequence[str], place: str | Path) -> pa.Table:
    """Read a part of a mart: a file of it, or what a condition chooses."""
    if isinstance(place, str):
        rows = f"select {names(columns)} from {identifier(mart)}"
        return reader.arrow(f"{written(rows, reader.dialect)} where {place}")
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # By itself: no piece of its path is a column of its rows.
        return pq.ParquetFile(place).read(columns)
    except (OSError, pa.ArrowException) as error:
        raise WarehouseError(f"{place}, of the warehouse, cannot be read ({error}).") from error


def checks_of(warehouse: Reader, mart: str, types: Mapping[str, str]) -> list[str]:
    """Return what a warehouse says of a mart: its count, and counts and sums of its columns."""
    [found] = warehouse.arrow(_checks(mart, types, warehouse.dialect)).to_pylist()
    return [str(value) for value in found.values()]


def compare(
    connection: duckdb.DuckDBPyConnection,
    mart: str,
    types: Mapping[str, str],
    there: Sequence[str],
) -> None:
    """Raise WarehouseError unless count and sums here are those of the warehouse."""
    (row,) = connection.execute(_checks(mart, types, "duckdb")).fetchall()
    if [str(value) for value in row] != there:
        raise WarehouseError(
            f"What was pulled of {mart} is not what the warehouse holds: somebody changed it "
            "meanwhile. Nothing was published; run the same command again."
        )


def column_types(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """Return the types of a table's columns, by DuckDB's names."""
    rows = connection.execute(
        "select column_name, data_type from duckdb_columns() where table_name = ? and "
        "database_name = current_database() and schema_name = 'main' order by column_index",
        [table],
    ).fetchall()
    return {str(name): str(kind) for name, kind in rows}


def _checks(mart: str, types: Mapping[str, str], dialect: str) -> str:
    """Return what every engine answers exactly: rows, and of each column values and their sum."""
    found = ["cast(count(*) as text) as c"]
    for place, (name, kind) in enumerate(types.items()):
        column = identifier(name)
        found.append(f"cast(count({column}) as text) as n{place}")
        if kind in _NUMBERS:
            number = _NUMBERS[kind].format(column)
            found.append(f"cast(sum({number}) as text) as s{place}")
    return written(f"select {', '.join(found)} from {identifier(mart)}", dialect)


def _readers(warehouse: Warehouse) -> list[Reader]:
    """Return as many lines as the warehouse gives, one at least."""
    found = [warehouse.beside()]
    while len(found) < LINES:
        try:
            found.append(warehouse.beside())
        except WarehouseError:
            break
    return found


def cursor_of(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Return a cursor on the same database: a new one would be on the first."""
    [(database,)] = connection.execute("select current_database()").fetchall()
    cursor = connection.cursor()
    cursor.execute(f"use {identifier(database)}")
    return cursor
