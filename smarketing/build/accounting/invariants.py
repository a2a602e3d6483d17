"""What must hold in every build before anyone sees it."""

from __future__ import annotations

import duckdb

from smarketing.build.core.broken import broken
from smarketing.files.quoting import identifier

_ONE_TO_ONE = (("touch", "fct_touch"), ("deal", "fct_deal"), ("cost", "fct_cost"))
"""Core tables and the marts that have one row for each of theirs: a join may not multiply them."""

_AMOUNTS = (("cost", "fct_cost"), ("deal", "fct_deal"))
"""Core tables and the marts that carry the same amounts of money."""


def check_invariants(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise StoreError, naming what does not add up, unless every row and every cent is there.

    Rows of each file: used, unused or in quarantine. Marts: a row per record, the same money.
    Credit: for each measure the same total under every model. That no key is held twice is checked
    where versions are chosen. Marts that were not built are passed over.
    """
    _check_files(connection)
    built = {
        name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()
    }
    for table, mart in _ONE_TO_ONE:
        if mart in built:
            _check_equal(connection, "count(*)", table, mart, "rows")
    for table, mart in _AMOUNTS:
        if mart in built:
            _check_equal(connection, "coalesce(sum(amount), 0)", table, mart, "minor units")
    if "fct_credit" in built:
        _check_credit(connection)


def check_rows(connection: duckdb.DuckDBPyConnection, mart: str, rows: int) -> None:
    """Raise StoreError unless a mart that is elsewhere has a row per record, so many as it has."""
    for table, other in _ONE_TO_ONE:
        if other == mart:
            _check_equal(connection, "count(*)", table, f"range({rows})", "rows", mart)


def _check_files(connection: duckdb.DuckDBPyConnection) -> None:
    row = connection.execute(
        "select file, rows, used, unused, quarantined from file_info "
        "where rows <> used + unused + quarantined or least(used, unused, quarantined) < 0 limit 1"
    ).fetchone()
    if row:
        raise broken(
            f"{row[0]} has {row[1]} rows, but {row[2]} used, {row[3]} unused, {row[4]} bad"
        )


def _check_equal(
    connection: duckdb.DuckDBPyConnection,
    what: str,
    table: str,
    mart: str,
    unit: str,
    called: str = "",
) -> None:
    row = connection.execute(
        f"select (select {what} from {table}), (select {what} from {mart})"
    ).fetchone()
    if row and row[0] != row[1]:
        raise broken(f"{called or mart} has {row[1]} {unit}, {table} has {row[0]}")


def _check_credit(connection: duckdb.DuckDBPyConnection) -> None:
    columns = connection.execute(
        "select distinct column_name from duckdb_columns() "
        "where table_name = 'fct_credit' and column_name like '%\\_credit' escape '\\' order by 1"
    ).fetchall()
    models = [name for (name,) in columns]
    # A model that is not agreed upon has no credit where there are touches: it is no ledger.
    sums = ", ".join(
        f"case when count({name}) = count(*) then sum({name}) end"
        for name in map(identifier, models)
    )
    rows = connection.execute(f"select measure, {sums} from fct_credit group by 1").fetchall()
    for measure, *credits in rows:
        found = {
            model: credit
            for model, credit in zip(models, credits, strict=True)
            if credit is not None
        }
        for model, credit in found.items():
            first = next(iter(found))
            if credit != found[first]:
                raise broken(f"{model} of {measure} adds up to {credit}, {first} to {found[first]}")
