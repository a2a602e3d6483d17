"""Pulling from whatever database SQLAlchemy has a driver for, as text by the batch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.engine import URL, Connection, CursorResult, Engine
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from smarketing.engine.pulling.origin import (
    Got,
    Since,
    Value,
    Wanted,
    check_grows,
    check_still,
    got_until,
    told,
    wrapped,
    write_batches,
)
from smarketing.errors import UsageError, unknown

_BATCH = 20_000
_PERCENT = ("format", "pyformat")
_BOUND = re.compile(r"(?<![:\w\\]):(?=\w)")


class AlchemyOrigin:
    """A database by its SQLAlchemy address, read in one transaction that is rolled back."""

    def __init__(self, address: str, place: str) -> None:
        """Connect; UsageError where no driver is installed, PullError where nobody answers."""
        self._place, self._address = place, address
        self._engine = _engine(address, place)
        with told(f"{place} could not be reached", address):
            self._connection = _connected(self._engine)

    def tables(self, schema: str) -> list[Wanted]:
        """List the tables and views of a schema."""
        with told(f"{self._place} could not list its tables", self._address):
            found = inspect(self._connection)
            schemas = found.get_schema_names()
            if schema not in schemas:
                raise unknown("schema", schema, schemas, self._place)
            names = {*found.get_table_names(schema), *found.get_view_names(schema)}
        return [
            Wanted(name, schema, f"select * from {self._quoted(schema)}.{self._quoted(name)}", True)
            for name in sorted(names)
        ]

    def columns(self, wanted: Wanted) -> list[str]:
        """Name the columns of a table or query."""
        with self._told(wanted), self._run(wrapped("select *", wanted, "1 = 0")) as result:
            return list(result.keys())

    def count(self, wanted: Wanted) -> int:
        """Count the rows of a table or query."""
        return int(self._measured(wanted, None)[0])

    def pull(self, wanted: Wanted, target: Path, since: Since | None, most: int | None) -> Got:
        """Write the rows to Parquet as text; PullError where they changed meanwhile."""
        before = self._measured(wanted, since) if most is None else ()
        sql, values = self._select("select *", wanted, since)
        with self._told(wanted), self._run(sql, values) as result:
            schema = pa.schema([pa.field(name, pa.string()) for name in result.keys()])  # noqa: SIM118
            rows = write_batches(target, schema, _batches(result, schema, most))
        if most is not None:
            return Got(rows)
        check_still(wanted, target, (before[0], before), (rows, self._measured(wanted, since)))
        if since is None:
            return Got(rows)
        highest = None if before[1] is None else _value(before[1])
        if isinstance(before[1], bool) or not isinstance(before[1], int | float | Decimal | date):
            check_grows(wanted, since, highest, target)
        return got_until(wanted, since, rows, highest, target)

    def close(self) -> None:
        """Let go of the connection, also of one that broke."""
        with suppress(Exception):
            self._connection.close()

    def _measured(self, wanted: Wanted, since: Since | None) -> tuple[Any, ...]:
        """Count the rows to be pulled, and find how far their column goes."""
        highest = "" if since is None else f", max({self._quoted(since.column)})"
        sql, values = self._select(f"select count(*){highest}", wanted, since)
        with self._told(wanted), self._run(sql, values) as result:
            return tuple(result.one())

    def _select(
        self, select: str, wanted: Wanted, since: Since | None
    ) -> tuple[str, dict[str, Any]]:
        sql = _BOUND.sub(r"\\:", wrapped(select, wanted))
        if since is None or since.after is None:
            return sql, {}
        column = self._quoted(since.column)
        return f"{sql} where {column} >= :after or {column} is null", {"after": since.after}

    def _quoted(self, name: str) -> str:
        dialect = self._engine.dialect
        quoted = dialect.identifier_preparer.quote_identifier(name)
        # For drivers that take % for a value it is doubled here, and again where it is run.
        return quoted.replace("%%", "%") if dialect.paramstyle in _PERCENT else quoted

    def _run(self, sql: str, values: dict[str, Any] | None = None) -> CursorResult[Any]:
        streamed = self._connection.execution_options(stream_results=True, yield_per=_BATCH)
        return streamed.execute(text(sql), values or {})

    def _told(self, wanted: Wanted) -> AbstractContextManager[None]:
        what = f"{wanted.label} of {self._place} could not be pulled"
        return told(what, self._address)


def _engine(address: str, place: str) -> Engine:
    try:
        url = make_url(address)
        _check_file(url, place)
        return create_engine(url, poolclass=NullPool)
    except (ArgumentError, NoSuchModuleError) as error:
        scheme = address.partition(":")[0]
        raise UsageError(
            f"'{scheme}' is no database that data can be pulled from: no driver of that name is "
            "installed. Write postgresql://…, sqlite:///FILE, another address of SQLAlchemy's "
            "whose driver is installed, or a folder."
        ) from error
    except ModuleNotFoundError as error:
        raise UsageError(
            f"The driver of {place} is not installed ({error.name}). Run: pip install {error.name}."
        ) from error


def _check_file(url: URL, place: str) -> None:
    """Refuse a file that is not there, which SQLite would make."""
    is_file = url.get_backend_name() == "sqlite" and not (url.database or "").startswith("file:")
    if is_file and not Path(url.database or "").is_file():
        raise UsageError(f"There is no database {place}: check the path of the file.")


def _connected(engine: Engine) -> Connection:
    connection = engine.connect()
    if engine.dialect.name == "sqlite":
        # Its driver begins no transaction before a SELECT: each would see a state of its own.
        connection.exec_driver_sql("begin")
    return connection


def _batches(
    result: CursorResult[Any], schema: pa.Schema, most: int | None
) -> Iterator[pa.RecordBatch]:
    parts = result.partitions() if most is None else iter([result.fetchmany(most)])
    for part in parts:
        cells = list(zip(*part, strict=True)) or [()] * len(schema)
        arrays = [pa.array(list(map(_text, column)), pa.string()) for column in cells]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _text(value: Any) -> str | None:
    """Write a value as the files of a warehouse have it: ISO days, points, true and false."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        digits = format(value, "f")
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    if isinstance(value, datetime):
        instant = value.astimezone(UTC) if value.tzinfo else value
        return instant.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


def _value(value: Any) -> Value:
    """Keep how far a column was pulled: numbers as such, everything else as text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return _text(value) or ""
