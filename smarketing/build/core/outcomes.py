"""What the outcomes that a SELECT gives plainly stand for, as tables of the connection."""

from __future__ import annotations

import duckdb

from smarketing.agreement.plain_outcomes import status_outcome
from smarketing.build.core.given_rows import TEXT, write_rows


def outcome_map(connection: duckdb.DuckDBPyConnection, select: str) -> None:
    """Write temp.outcome_map: each outcome that a SELECT gives and what it plainly stands for."""
    rows = connection.execute(
        f"select distinct trimmed_text(cast(outcome as varchar)) from (\n{select}\n) "
        "where outcome is not null"
    ).fetchall()
    found = [(text, status_outcome(text)) for (text,) in rows]
    columns = [("raw", TEXT), ("outcome", TEXT)]
    write_rows(connection, "create or replace temp table outcome_map as", columns, found)
