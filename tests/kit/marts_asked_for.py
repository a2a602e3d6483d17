"""Marts made when a statement names them, so that a small store takes no longer than its test asks.

What a mart holds is what `build_marts` writes, made in the same order from the same statements; the
first store of a process makes them all, so that what every build has is known.
"""

from __future__ import annotations

import re
from functools import cache
from threading import RLock
from typing import Any

import duckdb

from smarketing.agreement import Agreement
from smarketing.build.marts.order import (
    given_tables,
    make_mart,
    mart_order,
    mart_params,
    mart_reads,
    with_those_below,
)
from smarketing.engine import DuckDBEngine

_WORD = re.compile(r"\w+")
_COLUMNS: dict[str, frozenset[str]] = {}


class AskedFor:
    """A connection to a store without marts, which makes those that a statement names first."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
        self._real = connection
        self._agreement = agreement
        self._reads = mart_reads()
        self._order = _order(tuple(sorted(given_tables(connection))))
        self._params = mart_params(connection)
        self._made: set[str] = set()
        self._lock = RLock()

    def cursor(self) -> _Cursor:
        """Return a cursor that makes what its statements name as well."""
        return _Cursor(self, self._real.cursor())

    def execute(self, sql: str, *rest: Any) -> Any:
        """Run a statement once what it names is made."""
        self.make_for(sql)
        return self._real.execute(sql, *rest)

    def __getattr__(self, name: str) -> Any:
        """Hand out anything else of the connection once every mart is made."""
        if name != "close":
            self.make(set(self._order))
        return getattr(self._real, name)

    def make_for(self, sql: str) -> None:
        """Make the marts that a statement names; all where it asks what tables there are."""
        words = set(_WORD.findall(sql))
        catalogue = any(word.startswith("duckdb_") for word in words)
        self.make(set(self._order) if catalogue else words & set(self._order))

    def make(self, wanted: set[str]) -> None:
        """Make marts and what they read, each after those it reads."""
        with self._lock:
            if not wanted - self._made:
                return
            needed = with_those_below(wanted, self._reads)
            for name in self._order:
                if name in needed and name not in self._made:
                    make_mart(self._real, name, self._agreement, self._params)
                    self._made.add(name)


class _Cursor:
    def __init__(self, store: AskedFor, real: duckdb.DuckDBPyConnection) -> None:
        self._store, self._real = store, real

    def sql(self, sql: str, **options: Any) -> Any:
        self._store.make_for(sql)
        return self._real.sql(sql, **options)

    def execute(self, sql: str, *rest: Any) -> Any:
        self._store.make_for(sql)
        return self._real.execute(sql, *rest)

    def __enter__(self) -> _Cursor:
        return self

    def __exit__(self, *_: object) -> None:
        self._real.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def columns_of_builds(engine: DuckDBEngine) -> dict[str, frozenset[str]]:
    """Return every table's columns: those of the first store, as they are those of each."""
    if not _COLUMNS:
        _COLUMNS.update(engine._tables)
    return _COLUMNS


@cache
def _order(given: tuple[str, ...]) -> list[str]:
    return mart_order(mart_reads(), set(given))
