"""What must hold in every build before anyone sees it."""

from __future__ import annotations

import duckdb

from smarketing.errors import StoreError


def check_invariants(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise StoreError, naming what does not add up, unless every row and every cent is there."""
    _check_files(connection)


def _check_files(connection: duckdb.DuckDBPyConnection) -> None:
    row = connection.execute(
        "select file, rows, used, unused, quarantined from file_info "
        "where rows <> used + unused + quarantined or least(used, unused, quarantined) < 0 limit 1"
    ).fetchone()
    if row:
        raise broken(
            f"{row[0]} has {row[1]} rows, but {row[2]} used, {row[3]} unused, {row[4]} bad"
        )


def broken(what: str) -> StoreError:
    """Make the error of an invariant that does not hold."""
    return StoreError(
        f"The build was not published: {what}. The build before stays current; this is a fault of "
        "Smarketing or of a source's SELECT, please report it."
    )
