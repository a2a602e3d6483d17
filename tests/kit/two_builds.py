"""A build and the one before it, as an import compares them: core tables of a few rows each.

A third is `build`: the one that is being made.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import duckdb
from builders import INFRASTRUCTURE

from smarketing.build.core.tables import create_tables
from smarketing.build.core.versions import SUPERSEDED, _held, key_hash, says_hash
from smarketing.store.schema import core_tables

#: What tables hold beside what `builders` needs of them.
_MORE = {
    "file_info": "_file_id integer",
    "file_unused": "_file_id integer",
    "quarantine": "_file_id integer",
}


class TwoBuilds:
    """Builds attached to one connection by their names, empty again for each of these."""

    def __init__(self) -> None:
        self.connection = _connection()
        while _WRITTEN:
            build, table = _WRITTEN.pop()
            self.connection.execute(f"delete from {build}.main.{table}")

    def put(self, table: str, *rows: dict[str, Any], build: str = "now") -> None:
        """Write rows of a table; what is not given is null. The file is 1 where none is named."""
        _WRITTEN.add((build, table))
        for number, row in enumerate(rows):
            given = row
            if table in core_tables():
                file = row.get("_file_id", 1)
                given = {"_file_id": file, "_file": f"{file}.csv", "_row": number + 2, **row}
            names = ", ".join(f'"{name}"' for name in given)
            slots = ", ".join("?" for _ in given)
            self.connection.execute(
                f"insert into {build}.main.{table} ({names}) values ({slots})", [*given.values()]
            )

    def put_aside(self, table: str, *rows: dict[str, Any], reason: str = SUPERSEDED) -> None:
        """Write rows as versions that were set aside in the build of now."""
        _WRITTEN.add(("now", "superseded"))
        contract = core_tables()[table]
        self.connection.execute(
            f"create temp table kept as select rowid as id from now.main.{table}"
        )
        self.put(table, *rows)
        new = "rowid not in (select id from temp.kept)"
        self.connection.execute(
            f"insert into now.main.superseded select '{table}', {key_hash(contract, 't')}, "
            f"t._file_id, t._row, $reason, {says_hash(contract, 't')}, {_held(contract, 't')} "
            f"from now.main.{table} t where t.{new}",
            {"reason": reason},
        )
        self.connection.execute(f"delete from now.main.{table} where {new}")
        self.connection.execute("drop table temp.kept")

    def files(self, *numbers: int, **said: Any) -> None:
        """Write files "1.csv" … with the hashes "sha1" …; all of one import."""
        rows = ({"sha256": f"sha{n}", "file": f"{n}.csv", "_file_id": n, **said} for n in numbers)
        self.put("file_info", *rows)


_WRITTEN: set[tuple[str, str]] = set()


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    for name in ("now", "before", "build"):
        connection.execute(f"attach ':memory:' as {name}; use {name};{_statements()}")
    connection.execute("use memory")
    return connection


def _statements() -> str:
    with duckdb.connect(":memory:") as connection:
        connection.execute("attach ':memory:' as build")
        create_tables(connection)
        found = connection.execute("select table_name, sql from duckdb_tables()").fetchall()
    made = dict(found) | {
        name: f"create table {name} ({columns}, {_MORE[name]});"
        if name in _MORE
        else f"create table {name} ({columns});"
        for name, columns in INFRASTRUCTURE.items()
        if name not in dict(found) or name in _MORE
    }
    return "\n".join(made.values())
