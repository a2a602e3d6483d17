"""Marts that stay in the warehouse: a question that reads one of them is asked there as a whole.

A build that was made there names them, their columns, and its place in the warehouse, in a table of
its own; it has no table of their names, so that nothing else can take them for empty.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
from sqlglot import exp

from smarketing.engine.known import KnownBuild
from smarketing.engine.open_warehouse import open_reader
from smarketing.engine.warehouse import SCHEMES, Reader, WarehouseError, scheme_of
from smarketing.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

#: What a build names its live marts in.
TABLE = "live_mart"
_AWAY: dict[str, tuple[float, WarehouseError]] = {}
_AWAY_SECONDS = 10


@dataclass(frozen=True)
class Live:
    """The marts of a build that stay in the warehouse: where, and their columns with types."""

    place: str
    columns: Mapping[str, Mapping[str, str]]

    def are_read(self, tree: exp.Query) -> bool:
        """Answer whether a statement reads one of them."""
        return any(table.name in self.columns for table in tree.find_all(exp.Table))

    @property
    def dialect(self) -> str:
        """The engine of the warehouse; WarehouseError where the settings name none."""
        return SCHEMES[scheme_of(self._address)]

    @property
    def _names(self) -> str:
        return " and ".join(sorted(self.columns))

    @property
    def _address(self) -> str:
        address = Settings().warehouse
        if scheme_of(address) not in SCHEMES:
            raise WarehouseError(
                f"{self._names} of this build stay in the warehouse where it was made: set "
                "SMARKETING_WAREHOUSE to its address to ask there."
            )
        return address

    def lead_there(self, tree: exp.Query, tables: Mapping[str, object]) -> None:
        """Let a statement read its tables from the place of the build; in place."""
        own = {cte.alias for cte in tree.find_all(exp.CTE)}
        for table in tree.find_all(exp.Table):
            if table.name in tables and table.name not in own:
                table.set("db", exp.to_identifier(self.place))

    def answer(
        self, cursor: duckdb.DuckDBPyConnection, sql: str, here: str, params: Mapping[str, object]
    ) -> duckdb.DuckDBPyRelation:
        """Ask `sql` there, and return the answer with the names and types of `here`.

        `here` is the same statement as DuckDB would be asked it; the relation lives on the cursor.
        """
        try:
            with closing(_reached(self._address)) as reader:
                answer = reader.arrow(sql)
        except WarehouseError as error:
            raise WarehouseError(
                f"{error.reason}, where {self._names} stay: only figures of "
                "these are missing. If it holds that build no more, run: smarketing build."
            ) from error
        return self._typed(cursor, answer, here, params)

    def _typed(
        self,
        cursor: duckdb.DuckDBPyConnection,
        answer: pa.Table,
        here: str,
        params: Mapping[str, object],
    ) -> duckdb.DuckDBPyRelation:
        for mart, columns in self.columns.items():
            if mart not in here:
                continue  # each view takes as long as a question
            listed = ", ".join(
                f'cast(null as {kind}) as "{name}"' for name, kind in columns.items()
            )
            cursor.execute(f'create temp view "{mart}" as select {listed}')
        described = cursor.execute(f"describe {here}", dict(params) or None).fetchall()
        casts = ", ".join(f'cast(c{place} as {row[1]}) as "{row[0]}"'
                          for place, row in enumerate(described))  # fmt: skip
        cursor.register("_there", answer.rename_columns([f"c{n}" for n in range(len(described))]))
        return cursor.sql(f"select {casts} from _there")


class KnownThere:
    """What is known of a build, for a statement that is asked in the warehouse."""

    def __init__(self, build: KnownBuild) -> None:
        """Know what is known here, but no numbers of rows: there are none there."""
        self.is_text = build.is_text
        self.is_address = build.is_address
        self.has_contacts = build.has_contacts
        self.texts_of_people = build.texts_of_people

    def rows_in_scope(self, _table: str) -> str:
        """Have no rows numbered."""
        return ""


def _reached(address: str) -> Reader:
    """Connect to a warehouse; for a while after it was away, others are told so without waiting."""
    at, error = _AWAY.get(address, (0.0, None))
    if error is not None and time.monotonic() < at + _AWAY_SECONDS:
        raise error
    try:
        return open_reader(address)
    except WarehouseError as away:
        _AWAY[address] = (time.monotonic(), away)
        raise


def live_in(connection: duckdb.DuckDBPyConnection) -> Live | None:
    """Return the marts of a build that stay in the warehouse, None where all are here."""
    try:
        rows = connection.execute(
            f"select place, mart, column_name, column_type from {TABLE}"
        ).fetchall()
    except duckdb.CatalogException:
        return None
    columns: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for _, mart, name, kind in rows:
        columns[mart][name] = kind
    return Live(str(rows[0][0]), dict(columns)) if rows else None
