"""What is told of records that were deleted or left out: no history makes a lead of one again."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from smarketing.build.core.versions import set_aside
from smarketing.build.core.views import MAIN
from smarketing.files.quoting import identifier, literal
from smarketing.store.schema import Table, core_tables

REASON = "of a record that its source deleted or leaves out"
COUNTED = ("lead", "deal")
"""Records that count, and that are told of in files of their own."""
_WHOSE = ("person", "lead", "account", "deal")
"""Whom or what a touch is about."""


def let_go_of_deleted(connection: duckdb.DuckDBPyConnection) -> None:
    """Set aside what is told of leads and deals that are gone; nothing else names them.

    They were deleted, or are left out by a source of one's own.

    Their history, contacts and companies go, and touches of nobody who is left: an earlier download
    or a file of its own holds them still. What else names such a record names none.
    """
    gone = {table for (table,) in connection.execute(_STILL_GONE).fetchall()}
    if not gone.intersection(COUNTED):
        return
    for table in core_tables().values():
        for column, whose in _naming(table):
            if whose in gone:
                named = f"{_is_gone(f't.{column}', whose)}{_and_nobody_else(table)}"
                told = f"select t.rowid as _id, {literal(REASON)} as _why from {_of(table)} t"
                if column in table.key or table.name == "touch":
                    set_aside(connection, table, f"{told} where {named}")
                if column not in table.key:
                    connection.execute(
                        f"update {_of(table)} as t set {column} = null "
                        f"where {_is_gone(f't.{column}', whose)}"
                    )


def _of(table: Table) -> str:
    return f"{MAIN}.{identifier(table.name)}"


def _naming(table: Table) -> Iterator[tuple[str, str]]:
    """Give each column of a table that names a lead or deal, its own key aside."""
    for column in table.columns:
        if column.references in COUNTED and column.references != table.name:
            yield column.name, str(column.references)


def _is_gone(column: str, table: str) -> str:
    return (
        f"{column} in (select id from {MAIN}.gone_record where table_name = {literal(table)} "
        f"and id not in (select {table}_id from {MAIN}.{table} where {table}_id is not null))"
    )


def _and_nobody_else(table: Table) -> str:
    """Return the condition that a touch names nobody who was not deleted."""
    if table.name != "touch":
        return ""
    others = (f"(t.{name}_id is null or {_is_gone(f't.{name}_id', name)})" for name in _WHOSE)
    return f" and {' and '.join(others)}"


_STILL_GONE = " union all ".join(
    f"select {literal(table)} where exists (select 1 from {MAIN}.gone_record g "
    f"where g.table_name = {literal(table)} "
    f"and g.id not in (select {table}_id from {MAIN}.{table} where {table}_id is not null))"
    for table in COUNTED
)
