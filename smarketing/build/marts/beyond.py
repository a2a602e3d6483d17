"""The marts built in a warehouse and pulled back, so that pages read what they always read.

Core tables and the agreement's are put into the warehouse, every mart is made there by the same
SELECT as soon as those that it reads are there, and comes back while the next are made
(`pulls.py`). What SQL has no words for, the clock of the handover, is made here and put there.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter

import duckdb

from smarketing.agreement import Agreement
from smarketing.build.marts.handoff_clock import CLOCK, CLOCK_READS, write_handoff_clock
from smarketing.build.marts.order import (
    Progress,
    given_tables,
    mart_graph,
    mart_params,
    mart_reads,
    write_given,
)
from smarketing.build.marts.pulls import Pulls, column_types, cursor_of
from smarketing.build.marts.statements import mart_sql, statements
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
    reads = mart_reads()
    graph = mart_graph(reads, given)
    for name in sorted(given):
        graph.add(name)
    for name in sorted(reads):
        graph.add(name, *sorted(reads[name] & given))
    params = mart_params(connection)
    statements(warehouse.dialect)  # prepared once, rather than by every thread
    warehouse.prepare(build_id)
    apart = staying()
    with Pulls(warehouse, connection, apart) as pulls:

        def work(own: duckdb.DuckDBPyConnection, name: str) -> None:
            if name in given:
                _push(warehouse, own, name)
            elif name == CLOCK:
                pulls.wait(CLOCK_READS)
                write_handoff_clock(own, agreement)
                _push(warehouse, own, CLOCK)
            else:
                warehouse.make(name, mart_sql(name, params, warehouse.dialect))
                pulls.begin(own, name, params)

        def begin(pool: ThreadPoolExecutor, name: str) -> Future[None]:
            progress(f"{'to' if name in given else 'in'} the warehouse: {name}")
            return pool.submit(work, cursor_of(connection), name)

        done = in_turn(graph, begin, warehouse.works_at_once)
        pulls.wait()
    for name in sorted(apart):
        # Until now its columns were here, by which others find the types of theirs.
        stay(connection, name, warehouse.place)
    return [name for name in done if name not in given]


def in_turn(
    graph: TopologicalSorter[str],
    begin: Callable[[ThreadPoolExecutor, str], Future[None]],
    at_once: int,
) -> list[str]:
    """Begin each piece of work once what it needs is done, some at once; return them as they end.

    What fails is raised when those under way have ended.
    """
    graph.prepare()
    ready: list[str] = []
    done: list[str] = []
    under_way: dict[Future[None], str] = {}
    with ThreadPoolExecutor(at_once, "mart") as pool:
        while graph.is_active():
            ready += graph.get_ready()
            while ready and len(under_way) < at_once:
                name = ready.pop(0)
                under_way[begin(pool, name)] = name
            for ended in wait(under_way, return_when=FIRST_COMPLETED).done:
                ended.result()
                done.append(under_way.pop(ended))
                graph.done(done[-1])
    return done


def _push(warehouse: Warehouse, connection: duckdb.DuckDBPyConnection, table: str) -> None:
    rows = connection.sql(f"select * from {identifier(table)}").to_arrow_table()
    warehouse.write(table, column_types(connection, table), rows)
