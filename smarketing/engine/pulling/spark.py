"""Pulling from Spark, on this machine or where Spark Connect leads, as Arrow."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from pyspark.sql import types
from sqlglot import exp

from smarketing.engine.pulling.origin import (
    Got,
    Since,
    Wanted,
    check_grows,
    check_still,
    got_until,
    told,
    wrapped,
    write_batches,
)
from smarketing.engine.spark_session import begun, ended, quoted
from smarketing.errors import unknown

_BATCH = 20_000
#: Types that Arrow carries as they are.
_PLAIN = (
    types.StringType, types.IntegralType, types.FloatType, types.DoubleType, types.BooleanType,
    types.DateType, types.TimestampType, types.TimestampNTZType,
)  # fmt: skip
_NESTED = (types.ArrayType, types.MapType, types.StructType, types.VariantType)


class SparkOrigin:
    """A catalogue of Spark's; instants are read in UTC. An answer is held in memory as a whole."""

    def __init__(self, address: str, place: str) -> None:
        """Connect, or start Spark here; PullError where it does not answer."""
        self._place, self._address = place, address
        with told(f"{place} could not be reached", address):
            self._session = begun(address)

    def tables(self, schema: str) -> list[Wanted]:
        """List the tables and views of a schema."""
        with told(f"{self._place} could not list its tables", self._address):
            schemas = [str(row[0]) for row in self._session.sql("show schemas").collect()]
            if schema not in schemas:
                raise unknown("schema", schema, schemas, self._place)
            found = self._session.sql(f"show tables in {quoted(schema)}").collect()
        names = sorted(str(row["tableName"]) for row in found if not row["isTemporary"])
        return [
            Wanted(name, schema, f"select * from {quoted(schema)}.{quoted(name)}", True)
            for name in names
        ]

    def columns(self, wanted: Wanted) -> list[str]:
        """Name the columns of a table or query."""
        return [field.name for field in self._fields(wanted)]

    def count(self, wanted: Wanted) -> int:
        """Count the rows of a table or query."""
        return int(self._measured(wanted, None)[0])

    def pull(self, wanted: Wanted, target: Path, since: Since | None, most: int | None) -> Got:
        """Write the rows to Parquet; PullError where they changed meanwhile."""
        fields = self._fields(wanted)
        before = self._measured(wanted, since) if most is None else (None, None)
        limit = "" if most is None else f" limit {int(most)}"
        columns = ", ".join(map(_column, fields))
        with self._told(wanted):
            sql = wrapped(f"select {columns}", wanted, _where(since)) + limit
            table = self._session.sql(sql).toArrow()
        rows = write_batches(target, table.schema, iter(table.to_batches(_BATCH)))
        if most is not None:
            return Got(rows)
        check_still(wanted, target, (before[0], before), (rows, self._measured(wanted, since)))
        if since is None:
            return Got(rows)
        if any(field.name == since.column and not _grows(field.dataType) for field in fields):
            check_grows(wanted, since, before[1], target)
        return got_until(wanted, since, rows, before[1], target)

    def close(self) -> None:
        """Let go of the session, and of Spark where it was started here."""
        ended(self._session)

    def _fields(self, wanted: Wanted) -> list[types.StructField]:
        with self._told(wanted):
            return list(self._session.sql(wrapped("select *", wanted)).schema.fields)

    def _measured(self, wanted: Wanted, since: Since | None) -> tuple[Any, ...]:
        """Count the rows to be pulled, and find how far their column goes."""
        highest = "null" if since is None else f"string(max({quoted(since.column)}))"
        with self._told(wanted):
            sql = wrapped(f"select count(*), {highest}", wanted, _where(since))
            return tuple(self._session.sql(sql).collect()[0])

    def _told(self, wanted: Wanted) -> AbstractContextManager[None]:
        what = f"{wanted.label} of {self._place} could not be pulled"
        return told(what, self._address)


def _column(field: types.StructField) -> str:
    """Write a column as Arrow can carry it: decimals by their digits, lists and records as JSON."""
    name, kind = quoted(field.name), field.dataType
    if isinstance(kind, _PLAIN):
        return name
    if isinstance(kind, types.DecimalType):
        text = f"string({name})"
        if kind.scale:
            text = f"trim(trailing '.' from trim(trailing '0' from {text}))"
    elif isinstance(kind, _NESTED):
        text = f"to_json({name})"
    else:
        text = f"lower(hex({name}))" if isinstance(kind, types.BinaryType) else f"string({name})"
    return f"{text} as {name}"


def _grows(kind: types.DataType) -> bool:
    """Whether values of a type may grow with every change: no truth values, no bytes."""
    instants = (types.DateType, types.TimestampType, types.TimestampNTZType)
    return isinstance(kind, (types.NumericType, *instants))


def _where(since: Since | None) -> str:
    if since is None or since.after is None:
        return ""
    column = quoted(since.column)
    after = exp.Literal.string(str(since.after)).sql(dialect="spark")
    return f"{column} >= {after} or {column} is null"
