"""The embedded engine: DuckDB over one build file, a cursor for every query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import duckdb
from sqlglot import exp

from smarketing.access import HIDDEN
from smarketing.engine.compile import (
    Compiled,
    Prepared,
    as_written,
    bind_literals,
    composed,
    rendered,
    sql_files,
)
from smarketing.engine.filters import NO_FILTERS, Filters
from smarketing.engine.known import KnownBuild, Written
from smarketing.engine.live import KnownThere, Live, live_in
from smarketing.engine.masks import SALT, Known
from smarketing.engine.ready import ready
from smarketing.engine.sight import WHOLE, Sight, demand_open, restrict
from smarketing.errors import QueryError, SmarketingError, StoreError, did_you_mean
from smarketing.store.confine import confine
from smarketing.store.opening import refuse_newer

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

DIALECT = "duckdb"
#: What DuckDB says when the file, rather than the question, is at fault.
_DAMAGED = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException)
#: What it says when a table or a column is not there.
_NOT_THERE = (duckdb.CatalogException, duckdb.BinderException)
#: What a build says of itself, as the engine tells it.
_INFO = (
    *("build_id", "as_of_at", "as_of_day", "currency", "minor_digits", "timezone"),
    *("agreement_hash", "version", "code_hash"),
)
_TOO_LARGE = "A sum in '{}' is too large to be true; look for wrong amounts on Data health."
#: Every table with its columns and their types.
_Schema = frozenset[tuple[str, frozenset[tuple[str, str]]]]
_SCHEMAS: dict[_Schema, _Schema] = {}


class DuckDBEngine:
    """Answers queries from one build. Threads may share it: each query has its own cursor.

    `sight` is what of the build its answers may hold.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        sight: Sight = WHOLE,
        addressed: dict[tuple[str, ...], bool] | None = None,
    ) -> None:
        """Wrap an open connection to a build; StoreError when it holds no `build_info`.

        `addressed` keeps, for all engines on one build, which of its ids may be addresses.
        """
        self._connection = connection
        self.sight = sight
        self.scope = Filters.from_mapping(dict(sight.scope))
        self.limited_by = sight.words
        self.names_people = sight.names_people
        self._in_sight: set[str] = set()
        self._addressed = {} if addressed is None else addressed
        confine(connection)
        info = self._info()
        self.build_id = str(info["build_id"])
        self.as_of_at: dt.datetime = info["as_of_at"]
        self.as_of_day: dt.date = info["as_of_day"]
        self.currency = str(info["currency"])
        self.minor_digits = int(info["minor_digits"])
        self.timezone = str(info["timezone"])
        self.agreement_hash = str(info["agreement_hash"])
        self.version = str(info["version"])
        self.code_hash = str(info["code_hash"])

    @property
    def path(self) -> str:
        """The file of the build; blank for one in memory."""
        asked = "select path from duckdb_databases() where database_name = current_database()"
        with self._connection.cursor() as cursor:
            found = cursor.execute(asked).fetchone()
        return str(found[0] or "") if found else ""

    @classmethod
    def open(
        cls, path: Path, *, memory_limit: str | None = None, threads: int | None = None
    ) -> DuckDBEngine:
        """Open a build file read-only; StoreError says what to do when it cannot be read."""
        config: dict[str, str | bool | int | float | list[str]] = {}
        if memory_limit:
            config["memory_limit"] = memory_limit
        if threads:
            config["threads"] = threads
        try:
            connection = duckdb.connect(str(path), read_only=True, config=config)
        except duckdb.Error as error:
            raise StoreError(
                f"The build {path.name} cannot be opened ({error}). Run: smarketing build."
            ) from error
        engine = cls(connection)
        refuse_newer(engine.version, path)
        return engine

    def run(
        self,
        query: str | exp.Query,
        params: Mapping[str, Any] | None = None,
        filters: Filters = NO_FILTERS,
        by: str | None = None,
    ) -> pd.DataFrame:
        """Run a query file or tree; exact integers, real nulls, days as dates."""
        import pandas as pd

        table = self.table(query, params, filters, by)
        frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
        return frame

    def table(
        self,
        query: str | exp.Query,
        params: Mapping[str, Any] | None = None,
        filters: Filters = NO_FILTERS,
        by: str | None = None,
    ) -> pa.Table:
        """Run a query whose answer is many rows of numbers, to be taken as arrays."""
        with self._answer(query, params, filters, by) as relation:
            return _exact(relation.to_arrow_table())

    def rows(
        self,
        query: str | exp.Query,
        params: Mapping[str, Any] | None = None,
        filters: Filters = NO_FILTERS,
        by: str | None = None,
    ) -> list[dict[str, Any]]:
        """Run a query whose answer is a few rows; one plain mapping each."""
        # Not by way of Arrow: a command that asks for a few figures need not load it.
        with self._answer(query, params, filters, by, at_once=True) as answer:
            names, found = [told[0] for told in answer.description], answer.fetchall()
        rows = [dict(zip(names, row, strict=True)) for row in found]
        for name in {name for row in rows for name, value in row.items() if _too_large(value)}:
            raise QueryError(_TOO_LARGE.format(name))
        return rows

    @contextmanager
    def _answer(
        self,
        query: str | exp.Query,
        params: Mapping[str, Any] | None,
        filters: Filters,
        by: str | None,
        *,
        at_once: bool = False,
    ) -> Iterator[duckdb.DuckDBPyRelation | duckdb.DuckDBPyConnection]:
        """Ask a query and say of what goes wrong, while it is read as well, what to do.

        An answer that is asked `at_once` is bound once rather than twice; as Arrow it is copied.
        """
        compiled = self.compile(query, params, filters, by)
        there = self._there(query, filters, by, compiled)
        cursor = self._connection.cursor()
        try:
            if self._live and there is not None:
                yield self._live.answer(cursor, there.sql, compiled.sql, compiled.params)
            elif at_once:
                yield cursor.execute(compiled.sql, dict(compiled.params) or None)
            else:
                yield cursor.sql(compiled.sql, params=dict(compiled.params) or None)
        except _DAMAGED as error:
            first = str(error).splitlines()[0]
            raise StoreError(
                f"The build {self.build_id} cannot be read ({first}): it is damaged or of another "
                "version. Run: smarketing build."
            ) from error
        except duckdb.Error as error:
            raise self._refused(query, compiled, error) from error
        finally:
            cursor.close()

    def _refused(
        self, query: str | exp.Query, compiled: Compiled, error: duckdb.Error
    ) -> SmarketingError:
        """Say what is wrong: a build without what our own queries read was made by other code."""
        asked = {table.name for table in compiled.tree.find_all(exp.Table)}
        lacks_mart = bool(asked & set(sql_files("marts")) - set(self._tables))
        is_ours = isinstance(query, str) and isinstance(error, _NOT_THERE)
        if lacks_mart or is_ours:
            first = str(error).splitlines()[0].partition(": ")[2].rstrip("!. ")
            return StoreError(
                f"The build {self.build_id} was made by another version of Smarketing and does not "
                f"hold what this one asks for ({first}). Run: smarketing build."
            )
        return QueryError(f"{error}\nin the query:\n{_shown(compiled)}")

    def sql(
        self,
        query: str | exp.Query,
        params: Mapping[str, Any] | None = None,
        filters: Filters = NO_FILTERS,
        by: str | None = None,
    ) -> str:
        """Return the statement `run` would run, values in place; a scope written out."""
        compiled = self._compiled(query, params, filters, by, Written(self._known))
        there = self._there(query, filters, by, compiled)
        return _shown(compiled) if there is None else there.sql

    def compile(
        self,
        query: str | exp.Query,
        params: Mapping[str, Any] | None = None,
        filters: Filters = NO_FILTERS,
        by: str | None = None,
    ) -> Compiled:
        """Compile a query for this build, its columns checked against the build's tables.

        The statement is kept ready, so a tree must not be changed once it was run.
        """
        return self._compiled(query, params, filters, by, self._known)

    def _compiled(
        self,
        query: str | exp.Query,
        params: Mapping[str, Any] | None,
        filters: Filters,
        by: str | None,
        known: Known,
    ) -> Compiled:
        if isinstance(query, str) and self.sight.is_whole and not (filters or by):
            return as_written(query, DIALECT).bound(params or {})
        narrowed = tuple((dimension, len(values)) for dimension, values in filters)
        shape = (narrowed, by, self.sight.shape, self._schema, type(known))

        def prepare(known: Known) -> Prepared:
            tree = composed(query, filters, by, DIALECT, self._tables.get)
            restrict(tree, self.sight, self._tables, known)
            return rendered(query, tree, DIALECT)

        made = ready(query, shape, known, prepare)
        return made.bound({**(params or {}), **self.sight.params}, filters)

    def hidden(self, written: Sequence[tuple[str, str, str]]) -> list[str]:
        """Return what people wrote as those read it who see no names.

        Beside each text stand kind and id of the record that it is about, or nothing.
        """
        return self._known.hidden(written)

    def _there(
        self, query: str | exp.Query, filters: Filters, by: str | None, here: Compiled
    ) -> Prepared | None:
        """Return a statement as the warehouse is asked it; None where all that it reads is here."""
        live = self._live
        if live is None or not live.are_read(here.tree):
            return None
        tree = composed(query, filters, by, live.dialect, self._tables.get)
        restrict(tree, self.sight, self._tables, KnownThere(self._known), can_mask=False)
        live.lead_there(tree, self._tables)
        bind_literals(tree, {**here.params, **self.sight.scope_params})
        return rendered(query, tree, live.dialect)

    def has(self, table: str) -> bool:
        """Return whether the build has a table of that name."""
        return table in self._tables

    def columns(self, table: str) -> frozenset[str]:
        """Return the columns of a table; QueryError names the nearest table.

        StoreError for one that every build of this version has, AccessError for one that is out of
        sight as a whole.
        """
        if table not in self._tables:
            if table in sql_files("marts"):
                raise StoreError(
                    f"The build {self.build_id} was made by another version of Smarketing and has "
                    f"no table '{table}'. Run: smarketing build."
                )
            raise QueryError(f"Unknown table '{table}'.{did_you_mean(table, self._tables)}")
        if table not in self._in_sight:
            demand_open(table, self.sight, self._tables)
            self._in_sight.add(table)
        return self._tables[table]

    def close(self) -> None:
        """Close the build."""
        self._connection.close()

    def __enter__(self) -> DuckDBEngine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @cached_property
    def _tables(self) -> dict[str, frozenset[str]]:
        return {table: frozenset(columns) for table, columns in self._types.items()}

    @cached_property
    def _types(self) -> dict[str, Mapping[str, str]]:
        """The columns of every table, each with its type."""
        cursor = self._connection.cursor()
        rows = cursor.execute(
            "select table_name, column_name, data_type from duckdb_columns() "
            "where schema_name = 'main' and database_name = current_database()"
        ).fetchall()
        cursor.close()
        found: dict[str, dict[str, str]] = {}
        for table, column, kind in rows:
            found.setdefault(table, {})[column] = kind
        return {**found, **(self._live.columns if self._live else {})}

    @cached_property
    def _live(self) -> Live | None:
        cursor = self._connection.cursor()
        try:
            return live_in(cursor)
        finally:
            cursor.close()

    @cached_property
    def _known(self) -> KnownBuild:
        live = self._live.columns if self._live else ()
        return KnownBuild(self._connection, self.sight, self._types, self._addressed, live)

    @cached_property
    def _schema(self) -> _Schema:
        """What the build's tables are known by: one object for all builds that have the same."""
        schema = frozenset((table, frozenset(held.items())) for table, held in self._types.items())
        return _SCHEMAS.setdefault(schema, schema)

    def _info(self) -> dict[str, Any]:
        try:
            columns = ", ".join(_INFO)
            row = self._connection.execute(f"select {columns} from build_info").fetchone()
        except duckdb.Error as error:
            raise StoreError(
                "This file is not a finished build of this version: its build_info is missing or "
                "lacks a column. Run: smarketing build."
            ) from error
        if row is None:
            raise StoreError("This build is empty: build_info has no row. Run: smarketing build.")
        return dict(zip(_INFO, row, strict=True))


def _shown(compiled: Compiled) -> str:
    """Return a statement as a reader can run it, without the home's secret."""
    return replace(compiled, params={**compiled.params, SALT: HIDDEN}).shown(DIALECT)


def _too_large(value: object) -> bool:
    return isinstance(value, int) and not -(2**63) <= value < 2**63


def _exact(table: pa.Table) -> pa.Table:
    """Bring DuckDB's wide sums (HUGEINT, as decimals without a fraction) back to integers."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for position, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type) and field.type.scale == 0:
            try:
                column = pc.cast(table.column(position), pa.int64())
            except pa.ArrowInvalid as error:
                raise QueryError(_TOO_LARGE.format(field.name)) from error
            table = table.set_column(position, field.name, column)
    return table
