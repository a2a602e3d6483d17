"""Which marts of the build before still hold, and which rows of the largest have to be made again.

A mart is a function of the tables it reads and of the values bound into it: where neither changed
it is kept. The marts of touches are made again for the touches that came, in part. The answer is
that of a build from nothing, which the tests compare table by table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

from smarketing.ingest.filling import MAIN
from smarketing.ingest.quoting import identifier
from smarketing.store.schema import core_tables

SqlOf = Callable[[str, Mapping[str, Any]], str]

#: Tables of classified values, and what their state before is called.
_MAP, _WAS = "map_", "was_"
#: Above this share of the keys a mart is made again as a whole.
MOST = 0.1


@dataclass(frozen=True)
class Part:
    """How a mart follows one of its inputs row by row: the keys to make again come from `finds`.

    `driver` is the table whose rows, restricted to those keys, give just the mart's rows of them.
    """

    follows: str
    driver: str
    key: str
    keys: str
    finds: str | None = None


PARTS = {
    "fct_touch": Part("touch", "touch", "touch_id", "touch_again"),
    "fct_journey": Part(
        "fct_touch",
        "fct_unit",
        "unit_number",
        "unit_again",
        """
        select p.unit_number from fct_unit_person p
        where p.person_id in (select person_id from touched)
        union
        select u.unit_number from fct_unit u
        where u.lead_id in (select lead_id from touched)
        union
        select u.unit_number from fct_unit u
        where u.account_id in (select account_id from touched where person_id is null)
        """,
    ),
    "fct_credit": Part("fct_journey", "fct_unit", "unit_number", "unit_again"),
}


@dataclass
class Earlier:
    """The build before, in the file that becomes the next one, and what is known to have changed.

    `files` of its files are carried over, `rows` is what each core table held, `params` are the
    values its marts were made with, `prints` the fingerprints of the small tables that are
    always written again, `dangling` the references that led nowhere.
    """

    files: int
    rows: Mapping[str, int]
    params: Mapping[str, Any]
    prints: Mapping[str, object]
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
            left = _count(connection, f"{MAIN}.{table}", f"where _file_id <= {self.files}")
            if left != rows or _count(connection, f"{MAIN}.{table}") != rows:
                self.changed.add(table)
                self.grown |= {table} if left == rows else set()

    def find_changes(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Note which of the tables that are always written again differ from what they were.

        A map that only has more values does not: the rows there before had all of theirs in it.
        """
        for table, was in self.prints.items():
            if fingerprint(connection, table) == was:
                continue
            if not table.startswith(_MAP) or _count(
                connection, f"(from temp.{_WAS}{table} except from {MAIN}.{table})"
            ):
                self.changed.add(table)

    def renew(
        self,
        connection: duckdb.DuckDBPyConnection,
        name: str,
        reads: frozenset[str],
        make: Callable[[], None],
        sql_of: SqlOf | None,
        params: Mapping[str, Any],
    ) -> None:
        """Keep a mart, or make it again in part or as a whole, and note whether it changed."""
        stale = reads & self.changed
        if not stale and (sql_of is None or sql_of(name, params) == sql_of(name, self.params)):
            return
        part = PARTS.get(name)
        if part and sql_of and self._in_part(connection, name, part, stale, sql_of, params):
            self.changed.add(name)
            self.followed.add(name)
            return
        was = fingerprint(connection, name)
        make()
        if fingerprint(connection, name) != was:
            self.changed.add(name)

    def _in_part(
        self,
        connection: duckdb.DuckDBPyConnection,
        name: str,
        part: Part,
        stale: frozenset[str],
        sql_of: SqlOf,
        params: Mapping[str, Any],
    ) -> bool:
        """Make the rows of the keys again that changed, if only what the mart follows did."""
        before = sql_of(name, self.params)
        if name == "fct_touch":
            # Another as-of changes the touches after the earlier one, which are among the keys.
            before = sql_of(name, {**self.params, "as_of_at": params["as_of_at"]})
        if stale - {part.follows} or sql_of(name, params) != before:
            return False
        if name == "fct_touch":
            self._find_touches(connection, params)
        elif part.follows not in self.followed:
            return False
        elif part.finds:
            connection.execute(f"create or replace temp table {part.keys} as {part.finds}")
        if _count(connection, part.keys) > MOST * _count(connection, part.driver):
            return False
        among = f"where {part.key} in (select {part.key} from {part.keys})"
        connection.execute(f"delete from {name} {among}")
        some = restricted(sql_of(name, params), part.driver, among)
        connection.execute(f"insert into {name} {some}")
        if name == "fct_touch":
            connection.execute(f"insert into touched {_TOUCHED}")
        return True

    def _find_touches(
        self, connection: duckdb.DuckDBPyConnection, params: Mapping[str, Any]
    ) -> None:
        connection.execute(
            "create or replace temp table touch_again as "
            f"select touch_id from {MAIN}.touch where _file_id > {self.files} union "
            "select touch_id from fct_touch where occurred_at > least($was, $is)",
            {"was": self.params["as_of_at"], "is": params["as_of_at"]},
        )
        connection.execute(f"create or replace temp table touched as {_TOUCHED}")


_TOUCHED = """
    select person_id, lead_id, account_id from fct_touch
    where touch_id in (select touch_id from touch_again)
"""


def remember(
    connection: duckdb.DuckDBPyConnection, files: int, params: Mapping[str, Any], given: set[str]
) -> Earlier:
    """Take down what the next build compares; `given` are the tables besides core and marts."""
    rows = {name: _count(connection, name) for name in core_tables()}
    prints = {name: fingerprint(connection, name) for name in given}
    for name in given:
        if name.startswith(_MAP):
            connection.execute(f"create temp table {_WAS}{name} as from {MAIN}.{name}")
    dangling = connection.execute("select * from dangling").fetchall()
    return Earlier(files, rows, params, prints, dangling)


def fingerprint(connection: duckdb.DuckDBPyConnection, table: str) -> object:
    """Return what tells the rows of a table from others, whatever their order."""
    names = connection.execute(
        "select column_name from duckdb_columns() "
        "where database_name = 'build' and schema_name = 'main' and table_name = ? "
        "order by column_index",
        [table],
    ).fetchall()
    columns = ", ".join(identifier(name) for (name,) in names)
    whole = f"cast(hash({columns}) as hugeint)"
    return columns, connection.execute(
        f"select count(*), sum({whole}), bit_xor({whole}) from {MAIN}.{identifier(table)}"
    ).fetchall()


def restricted(sql: str, table: str, among: str) -> str:
    """Return a SELECT that reads only some rows of one of its tables."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    for node in list(tree.find_all(exp.Table)):
        if node.name == table:
            rows = sqlglot.parse_one(f"select * from {table} {among}", read="duckdb")
            assert isinstance(rows, exp.Query)
            node.replace(rows.subquery(node.alias_or_name))
    return tree.sql(dialect="duckdb")


def _count(connection: duckdb.DuckDBPyConnection, table: str, where: str = "") -> int:
    [(count,)] = connection.execute(f"select count(*) from {table} {where}").fetchall()
    return int(count)
