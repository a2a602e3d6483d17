"""Asks in a warehouse what is asked of a build here, so that the answers can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from duckdb import DuckDBPyConnection
from sqlglot import exp

from smarketing.build.marts import beyond
from smarketing.build.marts.staying import MAY_STAY, stay
from smarketing.engine import DuckDBEngine, open_engine
from smarketing.engine.compile import Compiled, bind_literals, composed, rendered, sql_files
from smarketing.engine.filters import NO_FILTERS, Filters
from smarketing.engine.open_warehouse import open_warehouse
from smarketing.engine.warehouse import Warehouse
from smarketing.store.builds import current_build


def in_turn(request: pytest.FixtureRequest) -> Iterator[Warehouse]:
    """Give a fixture each engine by its parameter: Spark, or the PostgreSQL of the tests."""
    if request.param == "spark":
        yield request.getfixturevalue("spark")
        return
    with closing(open_warehouse(request.getfixturevalue("server"))) as opened:
        yield opened


def staying_there(here: DuckDBEngine, warehouse: Warehouse) -> DuckDBPyConnection:
    """Put a build into a warehouse; return one like it, whose large marts stay there."""
    There(here, warehouse)
    connection = duckdb.connect(":memory:")
    for name in _tables(here):
        connection.register("_rows", here._connection.sql(f'from "{name}"').to_arrow_table())
        connection.execute(f'create table "{name}" as from _rows')
        connection.unregister("_rows")
    for mart in MAY_STAY:
        stay(connection, mart, warehouse.place)
    return connection


def leave_marts(here: Path, home: Path, warehouse: Warehouse) -> None:
    """Put a build into a warehouse, and let `home`, a copy of its own, ask every mart there."""
    with open_engine(here) as engine:
        There(engine, warehouse)
    with duckdb.connect(str(current_build(home))) as connection:
        for mart in sql_files("marts"):
            stay(connection, mart, warehouse.place)


def _tables(here: DuckDBEngine) -> list[str]:
    asked = (
        "select table_name from duckdb_tables() where schema_name = 'main' "
        "and database_name = current_database()"
    )
    return [str(name) for (name,) in here._connection.execute(asked).fetchall()]


class There:
    """Every table of a build put into a warehouse, and questions answered from there."""

    def __init__(self, here: DuckDBEngine, warehouse: Warehouse) -> None:
        self._here, self._warehouse = here, warehouse
        warehouse.prepare("b70000-parity")
        for table in _tables(here):
            beyond._push(warehouse, here._connection, table)

    def compile(
        self, tree: exp.Query, values: Mapping[str, Any], *, by: str | None = None
    ) -> Compiled:
        """Compile a question as it is here."""
        return self._here.compile(tree, values, by=by)

    def run(
        self,
        query: str | exp.Query,
        values: Mapping[str, Any],
        by: str | None = None,
        filters: Filters = NO_FILTERS,
    ) -> pd.DataFrame:
        """Answer a question there, its columns of the types that they have here."""
        here = self._here.compile(query, values, filters, by)
        asked = composed(query, filters, by, self._warehouse.dialect, self._here.columns)
        bind_literals(asked, here.params)
        answer = self._warehouse.arrow(rendered(query, asked, self._warehouse.dialect).sql)
        cursor = self._here._connection.cursor()
        known = cursor.sql(here.sql, params=dict(here.params) or None)
        cursor.register("_there", answer)
        casts = ", ".join(
            f'cast("{name}" as {kind}) as "{name}"'
            for name, kind in zip(known.columns, known.types, strict=True)
        )
        table = cursor.sql(f"select {casts} from _there").to_arrow_table()
        frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
        return frame
