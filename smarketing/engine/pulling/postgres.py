"""Pulling from PostgreSQL as Arrow, all of it as of one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import adbc_driver_postgresql.dbapi as adbc
import pyarrow as pa

from smarketing.engine.pulling.origin import (
    Got,
    Since,
    Wanted,
    check_grows,
    got_until,
    not_below,
    told,
    wrapped,
    write_batches,
)
from smarketing.errors import unknown
from smarketing.files.quoting import identifier, literal

#: Types that Arrow carries as they are; all others come as the text that the server writes.
_PLAIN = {
    *("bool", "int2", "int4", "int8", "float4", "float8", "text", "varchar", "bpchar", "name"),
}
#: Days and instants as Arrow can carry them, within the years that a day is written with.
_TIMES = {"date", "timestamp", "timestamptz"}
#: What text is written by; somebody may have chosen otherwise for the user or the database.
_SESSION = (
    "timezone = 'UTC'",
    "standard_conforming_strings = on",
    # Year first; in which order days and months are read stays as it was chosen.
    "datestyle = 'ISO'",
    "intervalstyle = 'postgres'",
    "extra_float_digits = 1",
    "bytea_output = 'hex'",
)
_FIRST, _LAST = "'0001-01-01'", "'9999-12-31'"
_SCHEMAS = (
    "select nspname::text from pg_namespace where nspname !~ '^pg_' "
    "and nspname <> 'information_schema' order by 1"
)
_TABLES = (
    "select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace "
    "where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition and n.nspname = {} "
    "and exists (select from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 "
    "and not a.attisdropped) order by 1"
)


class PostgresOrigin:
    """A PostgreSQL database, read in one transaction that sees one state and can write nothing."""

    def __init__(self, address: str, place: str) -> None:
        """Connect; PullError where the server does not answer or lets nobody in."""
        self._place, self._address = place, address
        mark = "&" if urlsplit(address).query else "?"
        wait = "" if "connect_timeout=" in address else f"{mark}connect_timeout=10"
        with told(f"{place} could not be reached", address):
            self._connection = adbc.connect(address + wait)
            with self._connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read, read only")
                for setting in _SESSION:
                    cursor.execute(f"set local {setting}")

    def tables(self, schema: str) -> list[Wanted]:
        """List the tables and views of a schema, partitions as the whole that they are of."""
        with told(f"{self._place} could not list its tables", self._address):
            schemas = self._names(_SCHEMAS)
            names = self._names(_TABLES.format(literal(schema)))
        if schema not in schemas:
            raise unknown("schema", schema, schemas, self._place)
        return [
            Wanted(name, schema, f"select * from {identifier(schema)}.{identifier(name)}", True)
            for name in names
        ]

    def columns(self, wanted: Wanted) -> list[str]:
        """Name the columns of a table or query."""
        return list(self._schema(wanted).names)

    def count(self, wanted: Wanted) -> int:
        """Count the rows of a table or query."""
        return int(self._value(wanted, wrapped("select count(*)", wanted)))

    def pull(self, wanted: Wanted, target: Path, since: Since | None, most: int | None) -> Got:
        """Write the rows to Parquet as the server sends them, a batch at a time."""
        columns = ", ".join(map(_column, self._schema(wanted)))
        where = not_below(since)
        limit = "" if most is None else f" limit {int(most)}"
        sql = wrapped(f"select {columns}", wanted, where) + limit
        with self._told(wanted), self._connection.cursor() as cursor:
            cursor.execute(sql)
            reader = cursor.fetch_record_batch()
            rows = write_batches(target, reader.schema, iter(reader))
        if since is None or most is not None:
            return Got(rows)
        highest = f"select max({identifier(since.column)})::text"
        reached = self._value(wanted, wrapped(highest, wanted))
        if _is_text(self._schema(wanted), since.column):
            check_grows(wanted, since, reached, target)
        return got_until(wanted, since, rows, reached, target)

    def close(self) -> None:
        """Let go of the connection, also of one that broke."""
        with suppress(Exception):
            self._connection.close()

    def _schema(self, wanted: Wanted) -> pa.Schema:
        with self._told(wanted), self._connection.cursor() as cursor:
            return cursor.adbc_execute_schema(wrapped("select *", wanted))

    def _value(self, wanted: Wanted, sql: str) -> Any:
        with self._told(wanted):
            return next(self._rows(sql))[0]

    def _names(self, sql: str) -> list[str]:
        return [str(row[0]) for row in self._rows(sql)]

    def _rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            yield from cursor.fetchall()

    def _told(self, wanted: Wanted) -> AbstractContextManager[None]:
        what = f"{wanted.label} of {self._place} could not be pulled"
        return told(what, self._address)


def _column(field: pa.Field) -> str:
    """Write a column as Arrow can carry it: a decimal by its digits, other types by their text."""
    name = identifier(field.name)
    kind = (field.metadata or {}).get(b"POSTGRESQL:type", b"").decode()
    if kind in _PLAIN:
        return name
    if kind in _TIMES:
        # Arrow has no infinity: what has no end would become a day of long ago.
        return (
            f"case when {name} > {_LAST} then {_LAST} when {name} < {_FIRST} then {_FIRST} "
            f"else {name} end as {name}"
        )
    text = f"trim_scale({name})" if kind == "numeric" else name
    return f"{text}::text as {name}"


def _is_text(schema: pa.Schema, column: str) -> bool:
    kind = (schema.field(column).metadata or {}).get(b"POSTGRESQL:type", b"").decode()
    return kind not in _TIMES | {"numeric"} and not _is_number(schema.field(column).type)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))
