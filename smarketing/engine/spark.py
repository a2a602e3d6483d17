"""Spark as a warehouse: a schema per build, published by one view that lists the builds.

`spark:///FOLDER` is Spark on this machine, its tables and its catalogue in a folder;
`sc://HOST:PORT/;token=…` is a cluster that Spark Connect leads to, Databricks among them. Tables
have the format that is usual there: Parquet here, Delta on Databricks. What are Parquet files on
this machine is put there and taken from there as files: by way of Spark's own rows it costs as much
as the marts themselves.
"""

from __future__ import annotations

import itertools
import math
import re
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from smarketing.engine.spark_session import begun, ended, is_here, quoted
from smarketing.engine.warehouse import NOTHING, Reader, WarehouseError, failing

#: The schema of what is published; builds are `smarketing_<build id>`.
SCHEMA = "smarketing"
_NONE = "(select '' as build, timestamp_micros(0) as at) where build > ''"
#: What became of a build whose publication failed, where that is not nothing.
_HALF = "some of its views may show this build and others the one before: build again"
_WHOLE = "this build is published there, but not in the home: build again"
#: Two builders cannot hold each other off: what was begun within a day may be on its way.
_UNFINISHED_SECONDS = 24 * 3600
#: The format of a table that names none, unless such are Hive's.
_FORMAT = "spark.sql.sources.default"
_HIVE = "spark.sql.legacy.createHiveTableByDefault"
#: A table that is written here is one file, which tasks read by groups of so many rows.
_FILE, _ROWS = "part-0.parquet", 125_000
_BEGUN = re.compile(r"\bbegun,(\d+)")
#: What a view reads that was led to a build; all others are somebody's own.
_LED = re.compile(rf"\b{SCHEMA}_b\w+\.")
#: A view in a build's schema that says by its name when it was published, in microseconds: what
#: several write at the same instant is all there.
_PUBLISHED = "published_at_"
_TYPES = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "SMALLINT": pa.int16(),
    "TINYINT": pa.int16(),
    "HUGEINT": pa.decimal128(38, 0),
    "UBIGINT": pa.decimal128(20, 0),
    "DOUBLE": pa.float64(),
    "FLOAT": pa.float32(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
}
_DECIMAL = re.compile(r"^DECIMAL\((\d+),(\d+)\)$")


class SparkWarehouse:
    """A catalogue of Spark's; sessions run in UTC and know instants without a zone, as DuckDB."""

    dialect = "spark"
    #: Spark plans a statement on one core, and takes as long as to run it where tables are small.
    works_at_once = 3

    def __init__(self, address: str) -> None:
        """Connect, or start Spark here; WarehouseError where it does not answer."""
        self._address = address
        self._schema = ""
        self._folder: Path | None = None
        with self._errors("be reached"):
            self._session: SparkSession = begun(address)

    def prepare(self, build_id: str) -> None:
        """Make a schema of a build's own; builders of one catalogue do not meet in it."""
        name = f"{SCHEMA}_{re.sub(r'[^a-z0-9_]', '_', build_id.lower())}"
        numbered = (f"{name}_{number}" for number in itertools.count(2))
        with self._errors("be built in"):
            taken = set(self._names(f"show schemas like '{name}*'"))
            free = next(one for one in [name, *itertools.islice(numbered, len(taken))]
                        if one not in taken)  # fmt: skip
            self._run(f"create schema if not exists {SCHEMA}")
            at = int(time.time())
            # Where another builder takes it at this moment, making it fails: nobody shares one, and
            # it is not this build's to drop.
            self._run(f"create schema {free} with dbproperties ('begun' = '{at}')")
            self._schema = free
            self._run(f"use {free}")
            self._folder = self._folder_here()

    def write(self, table: str, columns: Mapping[str, str], rows: pa.Table) -> None:
        """Put a table into the build's schema."""
        typed = rows.cast(pa.schema([(name, _type(kind)) for name, kind in columns.items()]))
        with self._errors("be written to"):
            if self._folder is None:
                self._frame(typed).write.saveAsTable(f"{self._schema}.{table}")
                return
            spark = from_arrow_schema(typed.schema, prefer_timestamp_ntz=True)
            told = ", ".join(f"{quoted(one.name)} {one.dataType.simpleString()}" for one in spark)
            self._run(f"create table {quoted(table)} ({told})")
            pq.write_table(typed, self._folder / table / _FILE, row_group_size=_ROWS)

    def make(self, table: str, sql: str) -> None:
        """Make a table from a SELECT."""
        with self._errors(f"make {table}"):
            self._run(f"create table {quoted(table)} as {sql}")

    def arrow(self, sql: str) -> pa.Table:
        """Run a SELECT over the build's tables."""
        with self._errors("be read"):
            return self._session.sql(sql).toArrow()

    def beside(self) -> Reader:
        """Return what reads by the same session, which answers several threads."""
        return _Reader(self)

    def parts(self, table: str, count: int) -> Sequence[str | Path]:
        """Divide a table by the files it lies in, so that nobody reads through those of others.

        A cluster may have written very many small ones: a part is as many of them as it takes.
        """
        if self._folder:
            return sorted((self._folder / table).glob("*.parquet"))
        name = "_metadata.file_name"
        if count <= 1:
            return ["true"]
        asked = f"select distinct {name} from {self._schema}.{quoted(table)}"
        with self._errors("be read"):
            files = [f"'{file}'" for file in sorted(self._names(asked))]
        parts = (files[place::count] for place in range(count))
        return [f"{name} in ({', '.join(part)})" for part in parts if part]

    @property
    def place(self) -> str:
        """The schema of the build."""
        return self._schema

    def publish(self, keep: int, held: Collection[str] = ()) -> None:
        """List this build first in `smarketing.published`, lead a view per table to it, drop older.

        What is published is the one row, which decides what every view shows (`_turn`). Where it
        fails, what was published before is published again; if not even that can be, the error says
        so.
        """
        with self._errors("be published in"):
            self._mark_listed()
        try:
            with self._errors("be published in"):
                self._turn()
                # Later than any, whatever the clock here says.
                at = max(time.time_ns() // 1000, *(one + 1 for _, one in self._published()), 0)
                self._mark(self._schema, at)
                kept = self._list(keep, held)
        except BaseException:
            with self._errors("be published in", _HALF):
                for mark in self._marks(self._schema):
                    self._run(f"drop view {self._schema}.{mark}")
                self._list(None)
            self.drop()
            raise
        with self._errors("be cleared of earlier builds", _WHOLE):
            self._prune(kept, is_any=not keep)

    def drop(self) -> None:
        """Drop the schema of this build, which was not published."""
        if self._schema:
            with self._errors("be cleared"):
                self._run(f"use {SCHEMA}")
                self._run(f"drop schema if exists {self._schema} cascade")

    def close(self) -> None:
        """Let go of the session, and of Spark where it was started here."""
        ended(self._session)

    def _folder_here(self) -> Path | None:
        """Return the folder of this build's tables, if they are Parquet files on this machine."""
        conf = self._session.conf
        is_parquet = conf.get(_FORMAT) == "parquet" and conf.get(_HIVE, "false") == "false"
        if not (is_here(self._address) and is_parquet):
            return None
        told = self._session.sql(f"describe schema {self._schema}").collect()
        [at] = [value for name, value in told if name == "Location"]
        parts = urlsplit(str(at))
        folder = Path(unquote(parts.path))
        return folder if parts.scheme == "file" and folder.is_dir() else None

    def _frame(self, rows: pa.Table) -> DataFrame:
        """Hand over rows; of none Spark Connect reads no columns, unless it is told them."""
        if rows.num_rows:
            return self._session.createDataFrame(rows)
        columns = from_arrow_schema(rows.schema, prefer_timestamp_ntz=True)
        return self._session.createDataFrame([], columns)

    def _mark(self, schema: str, at: int) -> None:
        self._run(f"create view {schema}.{_PUBLISHED}{at} as select {at} as at")

    def _mark_listed(self) -> None:
        """Mark the builds that the list alone names, as all were before builds were marked."""
        if not self._is_listing():
            return
        asked = f"select build, unix_micros(cast(at as timestamp)) from {SCHEMA}.published"
        for build, at in self._session.sql(asked).collect():
            if not self._marks(build) and build in self._places():
                self._mark(build, at)

    def _is_listing(self) -> bool:
        return "published" in self._names(f"show views in {SCHEMA}", "viewName")

    def _published(self) -> list[tuple[str, int]]:
        """Return the published builds, the newest first, each with its microseconds from 1970."""
        found = [(name, int(mark[len(_PUBLISHED) :]))
                 for name in self._places() for mark in self._marks(name)]  # fmt: skip
        return sorted(found, key=lambda one: (one[1], one[0]), reverse=True)

    def _list(self, keep: int | None, held: Collection[str] = ()) -> set[str]:
        """List the published builds and lead the views to the newest; returns those listed.

        They are the newest `keep`, all for None, this one and those `held`. Who publishes meanwhile
        may have listed what was known a moment ago: it is gone over until nothing was added.
        """
        found: list[tuple[str, int]] | None = None
        while found != (now := self._published()):
            found = now
            listed = [one for n, one in enumerate(found)
                      if keep is None or n < keep or one[0] in {self._schema, *held}]  # fmt: skip
            rows = ", ".join(f"('{build}', timestamp_micros({at}))" for build, at in listed)
            self._run(
                f"create or replace view {SCHEMA}.published as select build, at from "
                + (f"values {rows} as t (build, at)" if rows else _NONE)
            )
            self._lead(listed[0][0] if listed else None)
        return {build for build, _ in listed}

    def _turn(self) -> None:
        """Let views show this build as soon as it is listed, and until then the one before.

        So all turn at once, whenever it is killed. What only one of them has, or has with other
        columns, cannot be shown by one view, and follows.
        """
        if not self._is_listing():
            return
        shown = f"select build from {SCHEMA}.published order by at desc, build desc limit 1"
        [before] = self._names(shown) or [""]
        if before not in self._places():
            return
        is_listed = f"exists (select 1 from {SCHEMA}.published where build = '{self._schema}')"
        for name in {*self._tables(self._schema)} & {*self._tables(before)}:
            old, new = (f"{one}.{quoted(name)}" for one in (before, self._schema))
            if self._session.table(old).schema == self._session.table(new).schema:
                self._run(
                    f"create or replace view {SCHEMA}.{quoted(name)} as select * from {new} where "
                    f"{is_listed} union all select * from {old} where not {is_listed}"
                )

    def _lead(self, schema: str | None) -> None:
        """Lead a view per table to a build, and drop those of tables that it has not.

        Views of somebody's own that stand beside them are left alone.
        """
        tables = set(self._tables(schema)) if schema else set()
        for name in tables:
            self._run(
                f"create or replace view {SCHEMA}.{quoted(name)} as "
                f"select * from {schema}.{quoted(name)}"
            )
        for name in self._names(f"show views in {SCHEMA}", "viewName"):
            view = f"{SCHEMA}.{quoted(name)}"
            if name not in {*tables, "published"} and _LED.search(
                " ".join(self._names(f"show create table {view}"))
            ):
                self._run(f"drop view if exists {view}")

    def _prune(self, kept: set[str], *, is_any: bool) -> None:
        """Drop the schemas of earlier builds, and of unfinished ones: a day old, or any.

        What somebody else calls alike, such as `smarketing_b2b`, is theirs.
        """
        over = math.inf if is_any else time.time() - _UNFINISHED_SECONDS
        for schema in self._places():
            if schema not in kept and (self._marks(schema) or self._begun(schema) < over):
                self._run(f"drop schema if exists {quoted(schema)} cascade")

    def _places(self) -> list[str]:
        return self._names(f"show schemas like '{SCHEMA}_b*'")

    def _marks(self, schema: str) -> list[str]:
        """Return the marks of a build that is published; none of one that somebody just dropped."""
        try:
            return self._names(f"show views in {schema} like '{_PUBLISHED}*'", "viewName")
        except Exception:
            if schema in self._places():
                raise
            return []

    def _begun(self, schema: str) -> float:
        """Return when a build began to be made in a schema, infinity where none did."""
        told = self._session.sql(f"describe schema extended {quoted(schema)}").collect()
        found = _BEGUN.search(" ".join(str(value) for _, value in told))
        return int(found[1]) if found else math.inf

    def _tables(self, schema: str) -> list[str]:
        rows = self._session.sql(f"show tables in {schema}").collect()
        names = [str(row["tableName"]) for row in rows if not row["isTemporary"]]
        return [name for name in names if not name.startswith(_PUBLISHED)]

    def _names(self, sql: str, column: str | int = 0) -> list[str]:
        return [str(row[column]) for row in self._session.sql(sql).collect()]

    def _run(self, sql: str) -> None:
        self._session.sql(sql).collect()

    def _errors(self, what: str, become: str = NOTHING) -> AbstractContextManager[None]:
        return failing(self._address, what, become)


@cache
def spark_reader(address: str) -> Reader:
    """Return what reads in Spark: a session is begun once, since that takes long."""
    return _Reader(SparkWarehouse(address))


class _Reader:
    """What reads by a warehouse's session and leaves it open."""

    dialect = SparkWarehouse.dialect

    def __init__(self, warehouse: SparkWarehouse) -> None:
        self._warehouse = warehouse

    def arrow(self, sql: str) -> pa.Table:
        """Run a SELECT; after a failure the next to ask begins a session anew."""
        try:
            return self._warehouse.arrow(sql)
        except WarehouseError:
            spark_reader.cache_clear()
            raise

    def close(self) -> None:
        """Leave the session to the warehouse."""


def _type(kind: str) -> pa.DataType:
    decimal = _DECIMAL.match(kind)
    if decimal:
        return pa.decimal128(int(decimal[1]), int(decimal[2]))
    if kind not in _TYPES:
        raise WarehouseError(f"Spark has no column for DuckDB's type {kind}.")
    return _TYPES[kind]
