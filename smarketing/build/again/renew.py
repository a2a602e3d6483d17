"""Which marts of the build before still hold, and which rows of the largest have to be made again.

A mart is a function of the tables it reads and of the values bound into it: where neither changed
it is kept. The marts of touches are made again for the touches that came, in part. The answer is
that of a build from nothing, which the tests compare table by table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from smarketing.build.core.views import MAIN
from smarketing.files.quoting import identifier
from smarketing.store.schema import core_tables

SqlOf = Callable[[str, Mapping[str, Any]], str]
Finder = Callable[["Earlier", duckdb.DuckDBPyConnection, Mapping[str, Any]], None]

#: Tables of classified values, and what their state before is called.
_MAP, _WAS = "map_", "was_"
#: Above this share of the keys a mart is made again as a whole.
MOST = 0.1


@dataclass(frozen=True)
class Part:
    """How a mart follows one of its inputs row by row.

    `finds` puts the keys to make again into the temporary table `keys`; None where those of the
    mart that is followed serve. `driver` is the table whose rows, restricted to those keys, give
    just the mart's rows of them. `past_as_of` says that the keys hold whatever another as-of bears
    on.
    """

    follows: str
    driver: str
    key: str
    keys: str
    finds: Finder | None = None
    past_as_of: bool = False


def _find_touches(
    earlier: Earlier, connection: duckdb.DuckDBPyConnection, params: Mapping[str, Any]
) -> None:
    """Find the touches that came, and those after the earlier as-of or the present one."""
    connection.execute(
        "create or replace temp table touch_again as "
        f"select touch_id from {MAIN}.touch where _file_id > {earlier.files} union "
        "select touch_id from fct_touch where occurred_at > least($was, $is)",
        {"was": earlier.params["as_of_at"], "is": params["as_of_at"]},
    )
    connection.execute(f"create or replace temp table touched as {_TOUCHED}")


def _find_units(
    _earlier: Earlier, connection: duckdb.DuckDBPyConnection, _params: Mapping[str, Any]
) -> None:
    """Find the deals and leads whose people were touched, before or now."""
    connection.execute(f"insert into touched {_TOUCHED}")
    connection.execute(f"create or replace temp table unit_again as {_UNITS}")


#: Whom the touches to make again touch, as `fct_touch` has it.
_TOUCHED = """
    select person_id, lead_id, account_id from fct_touch
    where touch_id in (select touch_id from touch_again)
"""
_UNITS = """
    select p.unit_number from fct_unit_person p
    where p.person_id in (select person_id from touched)
    union
    select u.unit_number from fct_unit u
    where u.lead_id in (select lead_id from touched)
    union
    select u.unit_number from fct_unit u
    where u.account_id in (select account_id from touched where person_id is null)
"""

PARTS = {
    "fct_touch": Part("touch", "touch", "touch_id", "touch_again", _find_touches, past_as_of=True),
    "fct_journey": Part("fct_touch", "fct_unit", "unit_number", "unit_again", _find_units),
    "fct_credit": Part("fct_journey", "fct_unit", "unit_number", "unit_again"),
}


@dataclass(frozen=True)
class Mart:
    """A mart to keep or to make: which tables it reads and which values it is made with.

    `make` makes it as a whole; `sql_of` gives the SELECT of a mart with some values, None for one
    that is no SELECT.
    """

    name: str
    reads: frozenset[str]
    params: Mapping[str, Any]
    make: Callable[[], None]
    sql_of: SqlOf | None

    def is_as_with(self, before: Mapping[str, Any]) -> bool:
        """Return whether other values would make it by the same statement."""
        return self.sql_of is None or self.sql(self.params) == self.sql(before)

    def sql(self, params: Mapping[str, Any]) -> str:
        """Return its SELECT with these values."""
        assert self.sql_of is not None
        return self.sql_of(self.name, params)


@dataclass
class Earlier:
    """The build before, in the file that becomes the next one, and what is known to have changed.

    `files` of its files are carried over, `rows` is what each core table held, `params` are the
    values its marts were made with, `prints` the fingerprints of the small tables that are
    always written again, `maps` the tables of classified values, of which a copy is kept, and
    `dangling` the references that led nowhere.
    """

    files: int
    rows: Mapping[str, int]
    params: Mapping[str, Any]
    prints: Mapping[str, object]
    maps: Collection[str]
    dangling: Sequence[tuple[Any, ...]]
    changed: set[str] = field(default_factory=set)
    grown: set[str] = field(default_factory=set)
    followed: set[str] = field(default_factory=set)

    def has_more(self, connection: duckdb.DuckDBPyConnection, table: str) -> bool:
        """Return whether rows of new files came to a core table."""
        return _count(connection, f"{MAIN}.{table}") != self.rows[table]

    def find_rows(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Note which core tables changed, and which of them hold all that they held, and more."""
        for table, rows in self.rows.items():
            now = _count(connection, f"{MAIN}.{table}")
            left = now and _count(connection, f"{MAIN}.{table}", f"where _file_id <= {self.files}")
            if left != rows or now != rows:
                self.changed.add(table)
                self.grown |= {table} if left == rows else set()

    def find_changes(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Note which of the tables that are always written again differ from what they were.

        A map that only has more values does not: the rows there before had all of theirs in it.
        """
        self.changed |= {
            table for table, was in self.prints.items() if fingerprint(connection, table) != was
        }
        self.changed |= {
            table
            for table in self.maps
            if _count(connection, f"(from temp.{_WAS}{table} except from {MAIN}.{table})")
        }

    def renew(self, connection: duckdb.DuckDBPyConnection, mart: Mart) -> None:
        """Keep a mart, or make it again in part or as a whole, and note whether it changed."""
        stale = mart.reads & self.changed
        if not stale and mart.is_as_with(self.params):
            return
        part = PARTS.get(mart.name)
        if part and mart.sql_of and self._in_part(connection, mart, part, stale):
            self.changed.add(mart.name)
            self.followed.add(mart.name)
            return
        was = fingerprint(connection, mart.name)
        mart.make()
        if fingerprint(connection, mart.name) != was:
            self.changed.add(mart.name)

    def _in_part(
        self,
        connection: duckdb.DuckDBPyConnection,
        mart: Mart,
        part: Part,
        stale: frozenset[str],
    ) -> bool:
        """Make the rows of the keys again that changed, if only what the mart follows did."""
        as_of = {"as_of_at": mart.params["as_of_at"]} if part.past_as_of else {}
        is_followed = part.follows in core_tables() or part.follows in self.followed
        if (
            stale - {part.follows}
            or not is_followed
            or not mart.is_as_with({**self.params, **as_of})
        ):
            return False
        if part.finds:
            part.finds(self, connection, mart.params)
        if _count(connection, part.keys) > MOST * _count(connection, part.driver):
            return False
        among = f"where {part.key} in (select {part.key} from {part.keys})"
        connection.execute(f"delete from {mart.name} {among}")
        some = restricted(mart.sql(mart.params), part.driver, among)
        connection.execute(f"insert into {mart.name} {some}")
        return True


def remember(
    connection: duckdb.DuckDBPyConnection, files: int, params: Mapping[str, Any], given: set[str]
) -> Earlier:
    """Take down what the next build compares; `given` are the tables besides core and marts."""
    rows = {name: _count(connection, name) for name in core_tables()}
    maps = {name for name in given if name.startswith(_MAP)}
    prints = {name: fingerprint(connection, name) for name in given - maps}
    for name in maps:
        connection.execute(f"create temp table {_WAS}{name} as from {MAIN}.{name}")
    dangling = connection.execute("select * from dangling").fetchall()
    return Earlier(files, rows, params, prints, maps, dangling)


def fingerprint(connection: duckdb.DuckDBPyConnection, table: str, within: str = MAIN) -> object:
    """Return what tells the rows of a table from others, whatever their order."""
    rows = f"select cast(hash(*columns(*)) as hugeint) as whole from {within}.{identifier(table)}"
    return connection.execute(
        f"select count(*), sum(whole), bit_xor(whole) from ({rows})"
    ).fetchall()


def restricted(sql: str, table: str, among: str) -> str:
    """Return a SELECT that reads only some rows of one of its tables, which it reads once."""
    import sqlglot
    from sqlglot import exp

    from smarketing.engine.slots import fill_table

    tree = sqlglot.parse_one(sql, read="duckdb")
    rows = sqlglot.parse_one(f"select * from {table} {among}", read="duckdb")
    assert isinstance(tree, exp.Query) and isinstance(rows, exp.Query)
    fill_table(tree, table, rows)
    return tree.sql(dialect="duckdb")


def _count(connection: duckdb.DuckDBPyConnection, table: str, where: str = "") -> int:
    [(count,)] = connection.execute(f"select count(*) from {table} {where}").fetchall()
    return int(count)
