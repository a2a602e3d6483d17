"""Builds the marts: every file of `sql/marts`, in the order their tables depend on each other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from graphlib import CycleError, TopologicalSorter
from typing import Any

import duckdb

from smarketing.agreement import Agreement
from smarketing.build.again.fingerprint import code_hash, hash_of_statement
from smarketing.build.again.renew import Earlier, Mart
from smarketing.build.core.given_rows import TEXT
from smarketing.build.marts.agreement_tables import write_agreement
from smarketing.build.marts.calendar import write_dates, write_periods
from smarketing.build.marts.handoff_clock import (
    CLOCK,
    CLOCK_READS,
    write_handoff_clock,
    write_service_levels,
)
from smarketing.build.marts.lead_rules import write_lead_rules
from smarketing.build.marts.maps import save, write_maps
from smarketing.build.marts.statements import mart_sql, statements
from smarketing.engine.compile import sql_files
from smarketing.errors import QueryError, StoreError, did_you_mean

Progress = Callable[[str], None]
#: The table of a build that says by what each of its marts was made.
MADE = "mart_made"


def build_marts(
    connection: duckdb.DuckDBPyConnection,
    agreement: Agreement,
    progress: Progress | None = None,
    earlier: Earlier | None = None,
) -> list[str]:
    """Write the agreement's tables, dates, classification maps and every mart; return the marts.

    The connection must hold the core tables, `build_info` and `load_stamp`. Marts already there are
    replaced, or kept where the build `earlier` says that they still hold. Raises QueryError for a
    mart that reads an unknown table or itself in a circle.
    """
    write_given(connection, agreement, earlier)
    reads = mart_reads()
    params = mart_params(connection)
    ordered = mart_order(reads, given_tables(connection))
    if earlier:
        earlier.find_changes(connection)
    for name in ordered:
        if progress:
            progress(name)
        make = partial(make_mart, connection, name, agreement, params)
        if earlier:
            sql_of = None if name == CLOCK else mart_sql
            earlier.renew(connection, Mart(name, reads[name], params, make, sql_of))
        else:
            make()
    made = [(name, made_by(name, params)) for name in ordered]
    save(connection, MADE, [("mart", TEXT), ("made_by", TEXT)], made)
    return ordered


def write_given(
    connection: duckdb.DuckDBPyConnection, agreement: Agreement, earlier: Earlier | None = None
) -> None:
    """Write what marts join beside core tables: the agreement, dates and classification maps."""
    write_agreement(connection, agreement)
    write_service_levels(connection, agreement)
    write_lead_rules(connection, agreement)
    write_dates(connection, agreement)
    write_periods(connection, agreement)
    write_maps(connection, agreement, earlier.changed if earlier else None)


def made_by(name: str, params: Mapping[str, Any]) -> str:
    """Return a hash of what makes a mart of what it reads: its statement, or the whole program."""
    return code_hash() if name == CLOCK else hash_of_statement(mart_sql(name, params))


def make_mart(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    agreement: Agreement,
    params: Mapping[str, Any],
) -> None:
    """Make one mart of the tables that it reads, and put it in the place of the one there."""
    if name == CLOCK:
        write_handoff_clock(connection, agreement)
    else:
        _build(connection, name, params)


def mart_reads() -> dict[str, frozenset[str]]:
    """Return which tables each mart reads, the one that Python writes among them."""
    read = {name: frozenset(made.reads) for name, made in statements().items()}
    return read | {CLOCK: CLOCK_READS}


def with_those_below(marts: Collection[str], reads: Mapping[str, Collection[str]]) -> set[str]:
    """Return marts with every mart that they are made of."""
    found: set[str] = set()
    asked = list(marts)
    while asked:
        name = asked.pop()
        if name not in found:
            found.add(name)
            asked += set(reads[name]) & set(reads)
    return found


def mart_order(reads: Mapping[str, Collection[str]], given: set[str]) -> list[str]:
    """Return the marts so that each comes after those it reads; `given` are tables already there.

    Raises QueryError for an unknown table (with the nearest name) and for a circle.
    """
    return list(mart_graph(reads, given).static_order())


def mart_graph(reads: Mapping[str, Collection[str]], given: set[str]) -> TopologicalSorter[str]:
    """Return which mart can be made after which, errors as `mart_order` has them."""
    needs: dict[str, list[str]] = {}
    for name, read in sorted(reads.items()):
        for table in sorted(set(read) - given - set(reads)):
            hint = did_you_mean(table, given | set(reads))
            raise QueryError(f"The mart '{name}' reads the unknown table '{table}'.{hint}")
        needs[name] = sorted(set(read) & set(reads))
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise QueryError(f"The marts read each other in a circle: {circle}.") from error
    return TopologicalSorter(needs)


def mart_params(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Return what a mart may ask for as `$name`: the build's facts and the agreement's settings."""
    names = ("timezone", "currency", "minor_digits", "as_of_at", "as_of_day")
    rows = connection.execute(f"select {', '.join(names)} from build_info").fetchall()
    if not rows:
        raise StoreError("The build has no build_info. Run: smarketing build.")
    facts = dict(zip(names, rows[0], strict=True))
    settings = connection.execute("select name, value, number from agreement_setting").fetchall()
    return facts | {name: value if number is None else number for name, value, number in settings}


def _build(connection: duckdb.DuckDBPyConnection, name: str, params: Mapping[str, Any]) -> None:
    sql = mart_sql(name, params)
    try:
        connection.execute(f'create or replace table "{name}" as {sql}')
    except duckdb.OutOfMemoryException as error:
        raise StoreError(
            f"The mart '{name}' does not fit the memory; raise SMARKETING_MEMORY_LIMIT."
        ) from error
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ConversionException) as error:
        raise QueryError(f"The mart '{name}' cannot be built: {error}") from error


def given_tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the tables of a build that are no marts: core tables, the agreement's, and maps."""
    rows = connection.execute(
        "select table_name from duckdb_tables()"
        " where database_name = current_database() and schema_name = 'main'"
        " union select view_name from duckdb_views()"
        " where database_name = current_database() and not internal"
    ).fetchall()
    return {table for (table,) in rows} - set(sql_files("marts")) - {CLOCK}
