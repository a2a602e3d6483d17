"""The core tables: made empty, then filled from every source's SELECTs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import duckdb

from smarketing.agreement import Agreement
from smarketing.build.core.ambiguity import Settling
from smarketing.build.core.broken import AmbiguousError
from smarketing.build.core.fill import OWN, fill
from smarketing.build.core.job import Fill
from smarketing.build.core.left_out import let_go_of_left_out
from smarketing.build.core.spend_rows import SPEND_ROWS, note_spend
from smarketing.build.core.values import Habits
from smarketing.build.core.views import MAIN, RawFile, drop_views, make_views
from smarketing.build.core.zones import with_zones
from smarketing.errors import SourceError, did_you_mean
from smarketing.files.quoting import identifier, literal
from smarketing.sources import Source, TableSelect, builtin_sources
from smarketing.sources.currencies import said_above
from smarketing.store.schema import Column, Table, core_tables

_TYPES = {
    "id": "varchar",
    "text": "varchar",
    "int": "bigint",
    "real": "double",
    "bool": "boolean",
    "date": "date",
    "instant": "timestamp",
    "amount": "bigint",
}
_BOOKKEEPING = """
create table {main}.quarantine (
    source varchar, import_id varchar, file varchar, row bigint,
    table_name varchar, column_name varchar, value varchar, reason varchar, _file_id integer
);
create table {main}.superseded (
    table_name varchar, key_hash ubigint, _file_id integer, _row bigint, reason varchar,
    says ubigint, held integer
);
create table {main}.currency_assumed (
    table_name varchar, source varchar, currency varchar, records bigint
);
create table {main}.amount_rounded (
    table_name varchar, column_name varchar, _file_id integer, currency varchar, amounts bigint,
    example varchar, row bigint
);
create table {main}.gone_record (table_name varchar, id varchar, _file_id integer);
"""


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create every core table, empty, and the tables that say what became of rows."""
    for table in core_tables().values():
        columns = [definition for column in table.columns for definition in _definition(column)]
        columns += ["source varchar", "import_id varchar", "recorded_at timestamp"]
        columns += ["_file varchar", "_row bigint", "_file_id integer", "_bad boolean"]
        connection.execute(f"create table {MAIN}.{identifier(table.name)} ({', '.join(columns)})")
    connection.execute(_BOOKKEEPING.format(main=MAIN))


def filled_tables(connection: duckdb.DuckDBPyConnection, place: str = MAIN) -> list[Table]:
    """Return the core tables of a build that hold any row, in the order of the contract.

    Most companies export a few of them; to ask each of the others takes longer than to find out.
    """
    asked = " union all ".join(
        f"select {literal(name)} where exists (from {place}.{identifier(name)})"
        for name in core_tables()
    )
    found = {name for (name,) in connection.execute(asked).fetchall()}
    return [table for name, table in core_tables().items() if name in found]


def _definition(column: Column) -> list[str]:
    found = [f"{identifier(column.name)} {_TYPES[column.type]}"]
    if column.type == "instant":
        found.append(f"{identifier(column.name + '_has_time')} boolean")
    return found


def fill_tables(
    connection: duckdb.DuckDBPyConnection,
    sources: Mapping[str, Source],
    files: Sequence[RawFile],
    agreement: Agreement,
    step: Callable[[str], None],
) -> None:
    """Fill every core table from every source that has files.

    Raises AmbiguousError for files whose numbers or dates nothing settles, SourceError for a SELECT
    that does not fit the contract.
    """
    every = sorted({**builtin_sources(), **sources}.items())
    names = {name: source.profile.ids.completed for name, source in every}
    refusals: dict[int, str] = {}
    connection.execute(SPEND_ROWS)
    for source in sources.values():
        mine = [file for file in files if file.source == source.name]
        step(source.label)
        _stand_in(connection, source, agreement)
        for deleted in make_views(connection, source, mine):
            connection.execute(f"insert into {MAIN}.gone_record (table_name, id) {deleted}")
        told = {file.file_id: said_above(file.table.above) for file in mine}
        said = {number: code for number, code in told.items() if code}
        works = [
            with_zones(replace(work, currencies=said), mine, refusals)
            for work in _works(connection, source, mine, agreement, names)
        ]
        _fill_all(connection, works, mine, refusals)
        let_go_of_left_out(connection, source, sorted({f.object for f in mine if f.object}))
        note_spend(connection, source, mine, refusals)
        drop_views(connection, source)
    if refusals:
        raise AmbiguousError(refusals)
    connection.execute(f"use {MAIN}")
    connection.execute("set TimeZone = 'UTC'")
    for table in core_tables():
        connection.execute(f"alter table {identifier(table)} drop column _bad")
    connection.execute(
        "create or replace table currency_assumed as select table_name, source, currency, "
        "cast(sum(records) as bigint) as records from currency_assumed group by all"
    )


def _fill_all(
    connection: duckdb.DuckDBPyConnection,
    works: Sequence[Fill],
    files: Sequence[RawFile],
    refusals: dict[int, str],
) -> None:
    """Run the SELECTs of a source; the files of an object are settled by all SELECTs over it."""
    settling = {
        name: Settling(
            connection,
            [work for work in works if work.select.object == name],
            [file for file in files if file.object == name],
            refusals,
        )
        for name in {work.select.object for work in works}
    }
    for work in works:
        place = settling[work.select.object]
        fill(connection, work, place.settled, place.is_asked)
    for place in settling.values():
        place.forget()


def _works(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    files: Sequence[RawFile],
    agreement: Agreement,
    names: Mapping[str, bool],
) -> list[Fill]:
    """Return the SELECTs of a source whose object has files, as jobs."""
    present = {file.object for file in files}
    return [
        _work(connection, source, select, agreement, names)
        for selects in source.selects.values()
        for select in selects
        if select.object in present
    ]


def _stand_in(connection: duckdb.DuckDBPyConnection, source: Source, agreement: Agreement) -> None:
    """Set the session's timezone to the source's, in which its times without an offset stand."""
    zone = source.profile.timezone or agreement.timezone
    try:
        connection.execute(f"set TimeZone = {literal(zone)}")
    except duckdb.Error as error:
        raise SourceError(
            f"The source '{source.name}' has the unknown timezone '{zone}'; name one like "
            "Europe/Berlin in its profile.yaml."
        ) from error


def _work(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    select: TableSelect,
    agreement: Agreement,
    names: Mapping[str, bool],
) -> Fill:
    tables, name = core_tables(), select.core_table
    if name not in tables:
        hint = did_you_mean(name, tables)
        raise SourceError(f"{select.path} fills '{name}', which is no core table.{hint}")
    columns = _columns(connection, select)
    _check(columns, tables[name], select)
    zone = source.profile.timezone or agreement.timezone
    habits = Habits(timezone=agreement.timezone, source_timezone=zone, sources=names)
    return Fill(source, select, tables[name], columns, habits, agreement)


def _columns(connection: duckdb.DuckDBPyConnection, select: TableSelect) -> tuple[str, ...]:
    try:
        rows = connection.execute(f"describe (\n{select.sql}\n)").fetchall()
    except duckdb.Error as error:
        raise SourceError(f"{select.path} cannot be run: {error}") from error
    # A column that is taken as it stands comes by the name that its file's table gives it.
    return tuple(str(row[0]).lower() for row in rows)


def _check(columns: Sequence[str], table: Table, select: TableSelect) -> None:
    known = [column.name for column in table.columns]
    for column in columns:
        if column not in known and column not in OWN:
            hint = did_you_mean(column, known)
            raise SourceError(
                f"{select.path} gives '{column}', which {table.name} does not have.{hint}"
            )
    for column in ("_row", "_file_id", *table.key):
        if column not in columns and column not in dict(table.defaults):
            raise SourceError(
                f"{select.path} does not give '{column}', which {table.name} needs; add it."
            )
