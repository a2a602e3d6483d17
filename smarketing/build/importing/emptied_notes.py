"""What an import has to say of values that records lose, file by file."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from smarketing.build.core.tables import filled_tables
from smarketing.build.core.versions import SUPERSEDED, key_hash, lasting
from smarketing.files.quoting import identifier, literal, numbers
from smarketing.store.schema import Column, Table


def emptied_notes(
    connection: duckdb.DuckDBPyConnection, before: str | None, ids: Sequence[int]
) -> dict[str, list[str]]:
    """Note which values a file empties, having none at all of them.

    A narrower export takes the place of a wider one record by record, and what it lacks is gone:
    what the build `before` has, or another of the files that are imported.
    """
    said: dict[str, list[str]] = {}
    for table in filled_tables(connection, "now.main"):
        columns = lasting(table)
        for sha, *counts in _lost(connection, before, table, columns, ids) if columns else ():
            lost = [(n, column.name) for n, column in zip(counts, columns, strict=True) if n]
            if lost:
                said.setdefault(str(sha), []).append(_words(table, lost))
    return said


def _lost(
    connection: duckdb.DuckDBPyConnection,
    before: str | None,
    table: Table,
    columns: Sequence[Column],
    ids: Sequence[int],
) -> list[tuple[object, ...]]:
    name = identifier(table.name)
    names = [identifier(column.name) for column in columns]
    had, joined = [f"s.held & {1 << at} > 0" for at in range(len(names))], ""
    if _knows(connection, before, table, columns):
        keys = " and ".join(f"n.{identifier(key)} = e.{identifier(key)}" for key in table.key)
        joined = f"left join {before}.main.{name} e on {keys} "
        had = [f"({x} or e.{c} is not null)" for x, c in zip(had, names, strict=True)]
    counts = ", ".join(
        f"case when count(n.{c}) = 0 then count(*) filter ({x}) else 0 end"
        for x, c in zip(had, names, strict=True)
    )
    return connection.execute(
        "with older as (select s.key_hash, bit_or(s.held) as held from now.main.superseded s "
        f"join now.main.{name} n on {key_hash(table, 'n')} = s.key_hash "
        f"where s.table_name = {literal(table.name)} and s.reason = {literal(SUPERSEDED)} "
        f"and s._file_id in ({numbers(ids)}) and s._file_id <> n._file_id group by 1) "
        f"select i.sha256, {counts} from now.main.{name} n "
        f"join now.main.file_info i on i._file_id = n._file_id "
        f"left join older s on s.key_hash = {key_hash(table, 'n')} {joined}"
        f"where n._file_id in ({numbers(ids)}) group by 1 order by 1"
    ).fetchall()


def _knows(
    connection: duckdb.DuckDBPyConnection,
    before: str | None,
    table: Table,
    columns: Sequence[Column],
) -> bool:
    """Whether an earlier build has the columns of a table."""
    if before is None or before == "now":
        return False
    known = connection.execute(
        "select column_name from duckdb_columns() where database_name = ? "
        "and schema_name = 'main' and table_name = ?",
        [before, table.name],
    ).fetchall()
    needed = {*table.key, *(column.name for column in columns)}
    return needed.issubset(name for (name,) in known)


def _words(table: Table, lost: Sequence[tuple[object, str]]) -> str:
    parts = " and ".join(f"{name} (of {records:,})" for records, name in lost)
    return (
        f"records of {table.name} lose what an older file gave and this one has none of: {parts}. "
        "If it still holds, add the columns to the export and import it again; else take the "
        "import back (smarketing undo), and import again what else was in it"
    )
