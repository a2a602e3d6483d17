"""The marts built in a warehouse and pulled back, so that pages read what they always read.

Core tables and the agreement's are put into the warehouse, every mart is made there by the same
SELECT, and comes back with a count and a sum per column that must be those of the warehouse. What
SQL has no words for, the clock of the handover, is made here and put there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from smarketing.agreement import Agreement
from smarketing.build.marts.handoff_clock import CLOCK, write_handoff_clock
from smarketing.build.marts.order import (
    Progress,
    given_tables,
    mart_order,
    mart_params,
    mart_reads,
    write_given,
)
from smarketing.build.marts.statements import mart_sql
from smarketing.engine.warehouse import Warehouse, WarehouseError, asked, names
from smarketing.files.quoting import identifier

_SUMMED = ("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "HUGEINT")


def build_marts_in(
    warehouse: Warehouse,
    connection: duckdb.DuckDBPyConnection,
    agreement: Agreement,
    build_id: str,
    progress: Progress,
) -> list[str]:
    """Build every mart in the warehouse and pull it into the connection; returns the marts.

    The connection must hold what `build_marts` needs. Nothing is published. Raises WarehouseError
    where the warehouse fails or what was pulled is not what is there.
    """
    write_given(connection, agreement)
    given = given_tables(connection)
    ordered = mart_order(mart_reads(), given)
    warehouse.prepare(build_id)
    for name in sorted(given):
        progress(f"to the warehouse: {name}")
        _push(warehouse, connection, name)
    params = mart_params(connection)
    for name in ordered:
        progress(f"in the warehouse: {name}")
        if name == CLOCK:
            write_handoff_clock(connection, agreement)
            _push(warehouse, connection, CLOCK)
        else:
            warehouse.make(name, mart_sql(name, params, warehouse.dialect))
            _pull(warehouse, connection, name, params)
    return ordered


def _push(warehouse: Warehouse, connection: duckdb.DuckDBPyConnection, table: str) -> None:
    rows = connection.sql(f"select * from {identifier(table)}").to_arrow_table()
    warehouse.write(table, _types(connection, table), rows)


def _pull(
    warehouse: Warehouse,
    connection: duckdb.DuckDBPyConnection,
    mart: str,
    params: Mapping[str, Any],
) -> None:
    """Copy a mart out of the warehouse into a table with the columns and types it has here."""
    table = identifier(mart)
    connection.execute(
        f"create or replace table {table} as select * from ({mart_sql(mart, params)}) limit 0"
    )
    types = _types(connection, mart)
    pulled = asked(warehouse, f'select {names(list(types))} from "{mart}"')
    connection.register("_pulled", pulled)
    try:
        casts = ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind in types.items())
        connection.execute(f"insert into {table} select {casts} from _pulled")
    finally:
        connection.unregister("_pulled")
    _compare(warehouse, connection, mart, types)


def _compare(
    warehouse: Warehouse,
    connection: duckdb.DuckDBPyConnection,
    mart: str,
    types: Mapping[str, str],
) -> None:
    """Raise WarehouseError unless count and sums here are those of the warehouse."""
    sql = f'select {", ".join(_checks(types))} from "{mart}"'
    [found] = asked(warehouse, sql).to_pylist()
    there = [str(value) for value in found.values()]
    (row,) = connection.execute(sql).fetchall()
    here = [str(value) for value in row]
    if here != there:
        raise WarehouseError(
            f"What was pulled of {mart} is not what the warehouse holds: somebody changed it "
            "meanwhile. Nothing was published; run the same command again."
        )


def _checks(types: Mapping[str, str]) -> list[str]:
    """Return sums that every engine answers exactly: rows, values, whole numbers, lengths."""
    found = ["cast(count(*) as text) as c"]
    for place, (name, kind) in enumerate(types.items()):
        found.append(f'cast(count("{name}") as text) as n{place}')
        if kind in _SUMMED:
            found.append(f'cast(sum(cast("{name}" as decimal(38, 0))) as text) as s{place}')
        elif kind == "VARCHAR":
            found.append(f'cast(sum(length("{name}")) as text) as s{place}')
    return found


def _types(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    rows = connection.execute(
        "select column_name, data_type from duckdb_columns() where table_name = ? and "
        "database_name = current_database() and schema_name = 'main' order by column_index",
        [table],
    ).fetchall()
    return {str(name): str(kind) for name, kind in rows}
