"""Stores for tests: a handful of core rows in, an engine over a finished in-memory build out.

    engine = make_store({"lead": [{"lead_id": "l1", "created_at": "2026-01-05 10:00"}]})

Its marts are made when they are asked for: a test of the funnel waits for no attribution.

An instant is text or a datetime in UTC, or a bare day ("2026-01-05"), which is that local day
without a time. Amounts are minor units. Columns left out are null; `source` is "test".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa
from marts_asked_for import AskedFor, columns_of_builds

from smarketing.agreement import Agreement, load_agreement
from smarketing.build.again.fingerprint import code_hash
from smarketing.build.marts.order import write_given
from smarketing.currencies import minor_digits
from smarketing.engine import DuckDBEngine
from smarketing.engine.compile import parse
from smarketing.periods import local_day, local_midnight
from smarketing.store.schema import Table, core_tables

Rows = Sequence[Mapping[str, Any]]
AS_OF = "2026-07-01 12:00"
_TYPES = {
    "id": pa.string(),
    "text": pa.string(),
    "int": pa.int64(),
    "amount": pa.int64(),
    "real": pa.float64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "instant": pa.timestamp("us"),
}
#: The tables of a build beside the core tables and marts, and their columns.
INFRASTRUCTURE: dict[str, str] = {
    "build_info": "build_id text, as_of_at timestamp, as_of_day date, agreement_hash text,"
    " currency text, minor_digits int, timezone text, version text, built_at timestamp,"
    " code_hash text",
    "source_info": "source text, as_of_at timestamp, as_of_day date, files bigint, rows bigint",
    "file_info": "import_id text, source text, file text, sha256 text, object text, rows bigint,"
    " used bigint, unused bigint, quarantined bigint, as_of_at timestamp, imported_at timestamp,"
    " mode text",
    "file_unused": "import_id text, source text, file text, reason text, rows bigint",
    "quarantine": 'source text, import_id text, file text, "row" bigint, table_name text,'
    " column_name text, value text, reason text",
    "load_stamp": "table_name text, source text, stamp timestamp, records bigint, share double,"
    " rule text",
    "dangling": "table_name text, source text, column_name text, references_table text,"
    " records bigint, example text",
    "future_stamp": 'source text, import_id text, file text, "row" bigint, table_name text,'
    " record text, column_name text, stamp timestamp, day date, imported_at timestamp",
    "merge_circle": "table_name text, alias_id text, id text",
    "currency_assumed": "table_name text, source text, currency text, records bigint",
    "spend_difference": "source text, campaign_id text, starts_on date, ends_on date,"
    " currency text, counted_amount bigint, other_amount bigint, counted_file text,"
    " other_file text",
    "cost_overlap": "cost_id text, source text, file text, file_id int, day date, currency text,"
    " amount bigint, other_source text, other_file text, other_file_id int",
    "file_total": "source text, file text, table_name text, column_name text, currency text,"
    " said_amount bigint, read_amount bigint, agrees boolean",
}


@cache
def default_agreement() -> Agreement:
    """Return the packaged agreement, read once."""
    return load_agreement()


def make_store(
    tables: Mapping[str, Rows] | None = None,
    agreement: Agreement | None = None,
    as_of: str | dt.datetime = AS_OF,
) -> DuckDBEngine:
    """Build a store from core (and infrastructure) rows, any mart to be asked; an engine on it."""
    agreement = agreement or default_agreement()
    connection = duckdb.connect(":memory:")
    moment = dt.datetime.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    write_core(connection, tables or {}, agreement, moment)
    write_given(connection, agreement)
    engine = DuckDBEngine(AskedFor(connection, agreement))
    engine._tables = columns_of_builds(engine)
    return engine


def write_core(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Rows],
    agreement: Agreement,
    as_of: dt.datetime,
) -> None:
    """Write the core and infrastructure tables of a build, empty ones included."""
    known = core_tables()
    strange = set(tables) - set(known) - set(INFRASTRUCTURE)
    assert not strange, f"no such tables: {sorted(strange)}"
    connection.execute(_empty())
    for table in known.values():
        if tables.get(table.name):
            _write(connection, table, tables[table.name], agreement.timezone, as_of)
    for name in INFRASTRUCTURE:
        for row in tables.get(name, ()):
            slots = ", ".join("?" for _ in row)
            names = ", ".join(f'"{column}"' for column in row)
            connection.execute(f"insert into {name} ({names}) values ({slots})", list(row.values()))
    digits = minor_digits(agreement.currency)
    connection.execute(
        "insert into build_info values ('test', ?, ?, ?, ?, ?, ?, '0', ?, ?)",
        [
            as_of,
            local_day(as_of, agreement.timezone),
            agreement.hash,
            agreement.currency,
            digits,
            agreement.timezone,
            as_of,
            code_hash(),
        ],
    )


@cache
def _empty() -> str:
    """Return the statements that create every core and infrastructure table without rows."""
    with duckdb.connect(":memory:") as connection:
        for table in core_tables().values():
            _write(connection, table, (), "UTC", dt.datetime(2026, 1, 1))
        found = connection.execute("select sql from duckdb_tables()").fetchall()
    infrastructure = (
        f"create table {name} ({columns});" for name, columns in INFRASTRUCTURE.items()
    )
    return "\n".join([*(sql for (sql,) in found), *infrastructure])


def _write(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    rows: Rows,
    timezone: str,
    as_of: dt.datetime,
) -> None:
    names = {column.name for column in table.columns} | {"source", "import_id", "recorded_at"}
    for row in rows:
        flags = {f"{column.name}_has_time" for column in table.columns}
        strange = set(row) - names - flags
        assert not strange, f"{table.name} has no columns {sorted(strange)}"
    columns: dict[str, pa.Array] = {}
    for column in table.columns:
        values = [row.get(column.name, dict(table.defaults).get(column.name)) for row in rows]
        if column.type == "instant":
            instants = [_instant(value, timezone) for value in values]
            columns[column.name] = pa.array([at for at, _ in instants], pa.timestamp("us"))
            flags = [timed for _, timed in instants]
            columns[f"{column.name}_has_time"] = pa.array(flags, pa.bool_())
            continue
        if column.type == "date":
            values = [dt.date.fromisoformat(v) if isinstance(v, str) else v for v in values]
        columns[column.name] = pa.array(values, _TYPES[column.type])
    columns["source"] = pa.array([row.get("source", "test") for row in rows], pa.string())
    columns["import_id"] = pa.array([row.get("import_id", "i1") for row in rows], pa.string())
    recorded = [_instant(row.get("recorded_at", as_of), timezone)[0] for row in rows]
    columns["recorded_at"] = pa.array(recorded, pa.timestamp("us"))
    columns["_file"] = pa.array(["test.csv"] * len(rows), pa.string())
    columns["_row"] = pa.array(range(2, len(rows) + 2), pa.int64())
    frame = pa.table(columns)
    connection.register("_frame", frame)
    connection.execute(f'create or replace table "{table.name}" as select * from _frame')
    connection.unregister("_frame")


def _instant(value: Any, timezone: str) -> tuple[dt.datetime | None, bool | None]:
    if value is None:
        return None, None
    if isinstance(value, str):
        timed = len(value) > 10
        value = dt.datetime.fromisoformat(value) if timed else dt.date.fromisoformat(value)
    if isinstance(value, dt.datetime):
        return value, True
    return local_midnight(value, timezone), False


def rows(engine: DuckDBEngine, sql: str) -> list[tuple[Any, ...]]:
    """Run a statement over the store; values as plain Python."""
    frame = engine.run(parse(sql, "test"))
    return [
        tuple(None if value is None or value != value else value for value in row)
        for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False)
    ]
