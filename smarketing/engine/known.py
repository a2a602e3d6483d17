"""What a build is asked once for all statements: which ids are addresses, which rows in scope."""

from __future__ import annotations

import hashlib
from threading import Lock

import duckdb
from sqlglot import exp

from smarketing.engine.sight import Columns, Sight, condition, goes_by_several

#: The database in memory, of the process and the build, that holds the numbers of rows in scope.
_KEPT = "kept"
_LOCK = Lock()


class KnownBuild:
    """A build that is open, as statements for one sight ask it."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        sight: Sight,
        columns: Columns,
        addressed: dict[tuple[str, str], bool],
    ) -> None:
        """Ask through a connection; `addressed` is shared by all who ask the same build."""
        self._connection = connection
        self._sight = sight
        self._columns = columns
        self._addressed = addressed
        self._made: dict[str, str] = {}

    def is_address(self, table: str, column: str) -> bool:
        """Answer whether an id of a column may be an address: whether any is."""
        key = (table, column)
        if key not in self._addressed:
            held = exp.func("contains", exp.column(column, quoted=True), exp.Literal.string("@"))
            asked = exp.select("1").from_(exp.to_identifier(table, quoted=True)).where(held)
            try:
                self._addressed[key] = bool(self._run(asked.limit(1).sql("duckdb")))
            except duckdb.Error:
                self._addressed[key] = True
        return self._addressed[key]

    def rows_in_scope(self, table: str) -> str:
        """Return the table that holds the numbers of a table's rows in scope; '' for none.

        It is made for a table that goes by several others, once for a build, a process and a scope:
        to look for each row in each of them takes longer than most questions.
        """
        if not goes_by_several(table):
            return ""
        if table not in self._made:
            known = hashlib.sha256(repr(self._sight.scope).encode()).hexdigest()[:16]
            name = f"{_KEPT}.in_scope.{table}_{known}"
            with _LOCK:
                self._make(name, condition(table, self._sight, self._columns))
            self._made[table] = name
        return self._made[table]

    def _make(self, name: str, visible: exp.Expr | None) -> None:
        try:
            self._run(f"select 1 from {name} limit 0")
        except duckdb.CatalogException:
            database, schema, kept = name.split(".")
            table = kept.rpartition("_")[0]
            rows = exp.select("rowid as number").from_(exp.to_table(table)).where(visible)
            self._run(f"attach if not exists ':memory:' as {database} (read_write)")
            self._run(f"create schema if not exists {database}.{schema}")
            self._run(f"create table {name} as {rows.sql('duckdb')}", self._sight.scope_params)

    def _run(self, sql: str, params: dict[str, str] | None = None) -> list[tuple[object, ...]]:
        cursor = self._connection.cursor()
        try:
            return cursor.execute(sql, params).fetchall()
        finally:
            cursor.close()


class Written:
    """What is known of a build, for a statement that a reader can run: no rows are numbered."""

    def __init__(self, build: KnownBuild) -> None:
        """Know of the addresses of a build."""
        self.is_address = build.is_address

    def rows_in_scope(self, _table: str) -> str:
        """Have no rows numbered."""
        return ""
