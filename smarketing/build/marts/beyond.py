"""The marts built in a warehouse and pulled back, so that pages read what they always read.

Core tables and the agreement's are put into the warehouse, every mart is made there by the same
SELECT, and comes back while the next are made (`pulls.py`). What SQL has no words for, the clock of
the handover, is made here and put there.
"""

from __future__ import annotations

import duckdb

from smarketing.agreement import Agreement
from smarketing.build.marts.handoff_clock import CLOCK, CLOCK_READS, write_handoff_clock
from smarketing.build.marts.order import (
    Progress,
    given_tables,
    mart_order,
    mart_params,
    mart_reads,
    write_given,
)
from smarketing.build.marts.pulls import Pulls, column_types
from smarketing.build.marts.statements import mart_sql
from smarketing.build.marts.staying import stay, staying
from smarketing.engine.warehouse import Warehouse
from smarketing.files.quoting import identifier


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
    apart = staying()
    with Pulls(warehouse, connection, apart) as pulls:
        for name in ordered:
            progress(f"in the warehouse: {name}")
            if name == CLOCK:
                pulls.wait(CLOCK_READS)
                write_handoff_clock(connection, agreement)
                _push(warehouse, connection, CLOCK)
            else:
                warehouse.make(name, mart_sql(name, params, warehouse.dialect))
                pulls.begin(name, params)
        pulls.wait()
    for name in sorted(apart):
        # Until now its columns were here, by which others find the types of theirs.
        stay(connection, name, warehouse.place)
    return ordered


def _push(warehouse: Warehouse, connection: duckdb.DuckDBPyConnection, table: str) -> None:
    rows = connection.sql(f"select * from {identifier(table)}").to_arrow_table()
    warehouse.write(table, column_types(connection, table), rows)
