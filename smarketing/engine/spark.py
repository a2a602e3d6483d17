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
_NONE = "(select '' as build, timestamp '1970-01-01' as at) where build > ''"
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
            before = self._published()
        try:
            with self._errors("be published in"):
                if before:
                    self._turn(before[0][0])
                    # Who published meanwhile stays listed.
                    before = self._published()
                at = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
                earlier = [one for n, one in enumerate(before, 1) if n < keep or one[0] in held]
                after = [(self._schema, at), *earlier]
                self._list(after)
        except BaseException:
            with self._errors("be published in", _HALF):
                known = {self._schema, *(build for build, _ in before)}
                others = [one for one in self._published() if one[0] not in known]
                self._list([*others, *before])
            self.drop()
            raise
        with self._errors("be cleared of earlier builds", _WHOLE):
            published = {build for build, _ in before}
            self._prune({build for build, _ in after}, published, is_any=not keep)

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

    def _published(self) -> list[tuple[str, str]]:
        """Return the published builds, the newest first, each with its time."""
        if "published" not in self._tables(SCHEMA):
            return []
        rows = self._session.sql(f"select build, string(at) from {SCHEMA}.published").collect()
        return [(str(row[0]), str(row[1])) for row in rows]

    def _list(self, builds: Sequence[tuple[str, str]]) -> None:
        """Publish builds, each with its time, and lead the views to what is newest then.

        What another builder dropped meanwhile, or somebody by hand, is not among them.
        """
        there = {*self._names(f"show schemas like '{SCHEMA}_b*'")}
        builds = [one for one in builds if one[0] in there]
        rows = ", ".join(f"('{build}', timestamp '{at}')" for build, at in builds)
        self._run(
            f"create or replace view {SCHEMA}.published as select build, at from "
            + (f"values {rows} as t (build, at)" if rows else _NONE)
        )
        led: list[str] | None = None
        # Who published meanwhile may have led views to its build while these were led here.
        while led != (newest := [build for build, _ in self._published()[:1]]):
            self._lead(newest[0] if newest else None)
            led = newest

    def _turn(self, before: str) -> None:
        """Let views show this build as soon as it is listed, and until then the one before.

        So all turn at once, whenever it is killed. What only one of them has, or has with other
        columns, cannot be shown by one view, and follows.
        """
        if before not in self._names(f"show schemas like '{before}'"):
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
        """Lead a view per table to a build, and drop those of tables that it has not."""
        tables = set(self._tables(schema)) if schema else set()
        for name in tables:
            self._run(
                f"create or replace view {SCHEMA}.{quoted(name)} as "
                f"select * from {schema}.{quoted(name)}"
            )
        for name in self._tables(SCHEMA):
            if name not in tables and name != "published":
                self._run(f"drop view if exists {SCHEMA}.{quoted(name)}")

    def _prune(self, kept: set[str], published: set[str], *, is_any: bool) -> None:
        """Drop the schemas of earlier builds, and of unfinished ones: a day old, or any.

        What somebody else calls alike, such as `smarketing_b2b`, is theirs.
        """
        over = math.inf if is_any else time.time() - _UNFINISHED_SECONDS
        for schema in self._names(f"show schemas like '{SCHEMA}_b*'"):
            if schema not in kept and (schema in published or self._begun(schema) < over):
                self._run(f"drop schema if exists {quoted(schema)} cascade")

    def _begun(self, schema: str) -> float:
        """Return when a build began to be made in a schema, infinity where none did."""
        told = self._session.sql(f"describe schema extended {quoted(schema)}").collect()
        found = _BEGUN.search(" ".join(str(value) for _, value in told))
        return int(found[1]) if found else math.inf

    def _tables(self, schema: str) -> list[str]:
        rows = self._session.sql(f"show tables in {schema}").collect()
        return [str(row["tableName"]) for row in rows if not row["isTemporary"]]

    def _names(self, sql: str) -> list[str]:
        return [str(row[0]) for row in self._session.sql(sql).collect()]

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
