"""What do a build's records make by this version, be its date the day it was or a later one?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import duckdb

from smarketing.agreement import Agreement
from smarketing.build.again.renew import fingerprint
from smarketing.build.marts.calendar import write_dates
from smarketing.build.marts.order import (
    MADE,
    given_tables,
    made_by,
    make_mart,
    mart_order,
    mart_params,
    mart_reads,
    with_those_below,
    write_given,
)
from smarketing.engine import DuckDBEngine
from smarketing.engine.live import TABLE
from smarketing.errors import QueryError
from smarketing.files.quoting import identifier, literal
from smarketing.in_memory import in_memory
from smarketing.settings import Settings
from smarketing.store.schema import core_tables

#: So many rows of the earlier build are read at most to make marts anew: some ten seconds' worth.
MOST_ROWS = 10_000_000
#: What a build knows of its date, beside the marts that ask for it.
_INFO, _DATES = "build_info", "dim_date"
_EARLIER, _HERE = "earlier.main", "memory.main"


class TooManyRowsError(QueryError):
    """To make the marts anew takes more rows than somebody would wait for."""


class Replay:
    """A build's records as they are, with marts made of them anew, in memory, when asked for.

    They are made as of another date and by this version's statements. What comes out as it was is
    read from the build, and so is what is made by the same statement of what did not change.
    """

    def __init__(
        self,
        engine: DuckDBEngine,
        agreement: Agreement,
        as_of_at: dt.datetime,
        as_of_day: dt.date,
        *,
        is_same_program: bool,
    ) -> None:
        """Open what is made of a build; QueryError where this version cannot read its records.

        `is_same_program`: this version made the build.
        """
        self._of = engine.build_id
        self._agreement = agreement
        self._changed: set[str] = set()
        self._made: set[str] = set()
        self._rows_read = 0
        self._connection = in_memory(memory_limit=Settings().memory_limit)
        self._reads = mart_reads()
        try:
            self._copy(engine.path, is_same_program=is_same_program)
            self._made_by = self._told_of_marts()
            told = f"update {_INFO} set as_of_at = ?, as_of_day = ?"
            self._connection.execute(told, [as_of_at, as_of_day])
            if is_same_program:
                write_dates(self._connection, agreement)
            else:
                write_given(self._connection, agreement)
            self._params = mart_params(self._connection)
            given = given_tables(self._connection)
            self._order = mart_order(self._reads, given)
            written = {_DATES} if is_same_program else given - core_tables().keys() - {_INFO}
            self._changed |= written - self._as_before(written)
        except duckdb.Error as error:
            raise self._failed(error) from error

    def on(self, marts: Collection[str]) -> DuckDBEngine:
        """Return an engine on these marts; TooManyRowsError where they take more than `MOST_ROWS`.

        QueryError where this version's statements cannot read the records.
        """
        needed = with_those_below(set(marts) & self._reads.keys(), self._reads)
        try:
            for name in self._order:
                if name in needed - self._made:
                    self._renew(name)
                    self._made.add(name)
        except duckdb.Error as error:
            raise self._failed(error) from error
        return DuckDBEngine(self._connection.cursor())

    def _renew(self, name: str) -> None:
        """Make a mart anew where what it is made of, or how, may be another."""
        read = self._reads[name]
        is_alike = self._made_by.get(name) == made_by(name, self._params)
        # A mart that stayed in the warehouse is not here.
        if self._has(name) and is_alike and not read & self._changed:
            return
        rows = sum(self._rows(table) for table in read)
        if self._rows_read + rows > MOST_ROWS:
            raise TooManyRowsError(f"Build {self._of} has too many rows to be made again.")
        self._rows_read += rows
        self._connection.execute(f"drop view if exists {identifier(name)}")
        make_mart(self._connection, name, self._agreement, self._params)
        if not self._as_before([name]):
            self._changed.add(name)

    def _told_of_marts(self) -> dict[str, str]:
        """Return by what the build's marts were made; an earlier version did not say it."""
        if not self._has(MADE):
            return {}
        return dict(self._connection.execute(f"select mart, made_by from {MADE}").fetchall())

    def _as_before(self, names: Collection[str]) -> set[str]:
        """Return which tables came out as the build has them, and read these from it again."""
        found = set()
        for name in names:
            if not self._has(name):
                continue
            sides = (fingerprint(self._connection, name, where) for where in (_EARLIER, _HERE))
            if len(set(map(str, sides))) == 1:
                self._connection.execute(f"drop table {_HERE}.{identifier(name)}")
                self._see(name)
                found.add(name)
        return found

    def _copy(self, path: str, *, is_same_program: bool) -> None:
        """Have all of a build: as it is, or a copy of what is written anew."""
        self._connection.execute(f"attach {literal(path)} as earlier (read_only)")
        asked = (
            "select table_name, estimated_size from duckdb_tables()"
            " where database_name = 'earlier' and schema_name = 'main'"
        )
        self._sizes = dict(self._connection.execute(asked).fetchall())
        # What stayed in the warehouse is made anew as well: nothing is asked there.
        self._sizes.pop(TABLE, None)
        kept = core_tables().keys() | self._reads.keys()
        for name in self._sizes:
            is_seen = is_same_program and name not in (_INFO, _DATES)
            if is_seen or name in kept:
                self._see(name)
            else:
                self._connection.execute(
                    f"create table {identifier(name)} as from {_EARLIER}.{identifier(name)}"
                )

    def _see(self, name: str) -> None:
        self._connection.execute(
            f"create view {identifier(name)} as from {_EARLIER}.{identifier(name)}"
        )

    def _has(self, name: str) -> bool:
        return name in self._sizes

    def _rows(self, table: str) -> int:
        return int(self._sizes.get(table, 0))

    def _failed(self, error: duckdb.Error) -> QueryError:
        return QueryError(f"Build {self._of} cannot be made again: {error}")
