"""What do a build's records make by this version, be its date the day it was or a later one?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import duckdb

from smarketing.agreement import Agreement
from smarketing.build.marts.order import build_marts, mart_reads
from smarketing.engine import DuckDBEngine
from smarketing.errors import QueryError
from smarketing.files.quoting import literal
from smarketing.in_memory import in_memory
from smarketing.settings import Settings
from smarketing.store.schema import core_tables


def replay(
    engine: DuckDBEngine,
    agreement: Agreement,
    marts: Collection[str],
    as_of_at: dt.datetime,
    as_of_day: dt.date,
) -> DuckDBEngine:
    """Return an engine on a build's records as they are, with these marts made of them anew.

    They are made as of another date and by this version's statements, in memory. Raises QueryError
    where these cannot read the records, for they are of another version.
    """
    connection = in_memory(memory_limit=Settings().memory_limit)
    try:
        _copy(connection, engine.path)
        told = "update build_info set as_of_at = ?, as_of_day = ?"
        connection.execute(told, [as_of_at, as_of_day])
        build_marts(connection, agreement, wanted=set(marts) & mart_reads().keys())
    except duckdb.Error as error:
        connection.close()
        raise QueryError(f"Build {engine.build_id} cannot be made again: {error}") from error
    return DuckDBEngine(connection)


def _copy(connection: duckdb.DuckDBPyConnection, path: str) -> None:
    """Have all of a build but its marts: core tables as they are, copies of what is made anew."""
    connection.execute(f"attach {literal(path)} as earlier (read_only)")
    asked = "select table_name from duckdb_tables() where database_name = 'earlier'"
    marts = mart_reads()
    for (name,) in connection.execute(asked).fetchall():
        if name not in marts:
            kind = "view" if name in core_tables() else "table"
            connection.execute(f'create {kind} "{name}" as from earlier."{name}"')
