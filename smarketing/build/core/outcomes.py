"""What the outcomes that a SELECT gives plainly stand for, as tables of the connection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa

from smarketing.agreement.plain_outcomes import status_outcome


def outcome_map(connection: duckdb.DuckDBPyConnection, select: str) -> None:
    """Write temp.outcome_map: each outcome that a SELECT gives and what it plainly stands for."""
    rows = connection.execute(
        f"select distinct trimmed_text(cast(outcome as varchar)) from (\n{select}\n) "
        "where outcome is not null"
    ).fetchall()
    texts = [text for (text,) in rows]
    meant = [status_outcome(text) for text in texts]
    write_texts(connection, "outcome_map", {"raw": texts, "outcome": meant})


def write_texts(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, Sequence[str | None]]
) -> None:
    """Write a temporary table of texts."""
    frame = pa.table({key: pa.array(values, pa.string()) for key, values in columns.items()})
    connection.register("_texts", frame)
    connection.execute(f"create or replace temp table {name} as select * from _texts")
    connection.unregister("_texts")
