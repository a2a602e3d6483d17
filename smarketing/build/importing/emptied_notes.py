"""What an import has to say of values that records lose, file by file."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from smarketing.files.quoting import identifier, numbers
from smarketing.store.schema import Column, Table, core_tables

_WHOSE = frozenset(("account", "person"))


def emptied_notes(
    connection: duckdb.DuckDBPyConnection, before: str | None, ids: Sequence[int]
) -> dict[str, list[str]]:
    """Note which values the build `before` has that a file empties, having none at all of them.

    A narrower export takes the place of a wider one record by record, and what it lacks is gone.
    """
    said: dict[str, list[str]] = {}
    if before is None or before == "now":
        return said
    for table in core_tables().values():
        columns = [column for column in table.columns if _lasts(table, column)]
        for sha, *counts in _lost(connection, before, table, columns, ids) if columns else ():
            lost = [(n, column.name) for n, column in zip(counts, columns, strict=True) if n]
            if lost:
                said.setdefault(str(sha), []).append(_words(table, lost))
    return said


def _lasts(table: Table, column: Column) -> bool:
    """Whether a record that has a value in the column keeps it: money, beginning, whose it is."""
    whose = column.references in _WHOSE and column.name not in table.key
    return column.type == "amount" or column.name == "created_at" or whose


def _lost(
    connection: duckdb.DuckDBPyConnection,
    before: str,
    table: Table,
    columns: Sequence[Column],
    ids: Sequence[int],
) -> list[tuple[object, ...]]:
    name = identifier(table.name)
    known = connection.execute(
        "select column_name from duckdb_columns() where database_name = ? "
        "and schema_name = 'main' and table_name = ?",
        [before, table.name],
    ).fetchall()
    if not {*table.key, *(column.name for column in columns)} <= {str(row[0]) for row in known}:
        return []
    keys = " and ".join(f"n.{identifier(key)} = e.{identifier(key)}" for key in table.key)
    counts = ", ".join(
        f"case when count(n.{c}) = 0 then count(e.{c}) else 0 end"
        for c in (identifier(column.name) for column in columns)
    )
    return connection.execute(
        f"select i.sha256, {counts} from now.main.{name} n "
        f"join now.main.file_info i on i._file_id = n._file_id "
        f"left join {before}.main.{name} e on {keys} "
        f"where n._file_id in ({numbers(ids)}) group by 1 order by 1"
    ).fetchall()


def _words(table: Table, lost: Sequence[tuple[object, str]]) -> str:
    parts = " and ".join(f"{name} (of {records:,})" for records, name in lost)
    return (
        f"records of {table.name} lose what an earlier import gave and this file has none of: "
        f"{parts}. If it still holds, add the columns to the export and import it again; else "
        "take this file back (smarketing undo)"
    )
