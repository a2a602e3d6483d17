"""Reading parquet: every column as the text DuckDB writes for it, times in UTC."""

from __future__ import annotations

from pathlib import Path

import duckdb

from smarketing.errors import SourceError
from smarketing.files.headers import column_names
from smarketing.files.quoting import identifier, literal
from smarketing.files.tables import ReadTable


def read_parquet(path: Path, target: Path, name: str) -> ReadTable:
    """Land a parquet file as text; `_row` counts its records from 1.

    Raises SourceError for a file that is damaged or has no columns.
    """
    with duckdb.connect(config={"memory_limit": "1GB"}) as con:
        con.execute("set TimeZone = 'UTC'")
        source = f"read_parquet({literal(str(path))}, file_row_number=true, binary_as_string=true)"
        try:
            described = con.execute(f"describe select * from {source}").fetchall()
            found = [str(row[0]) for row in described if row[0] != "file_row_number"]
            columns, notes = column_names(found)
            picked = ", ".join(
                f"nullif({identifier(old)}::varchar, '') as {identifier(new)}"
                for old, new in zip(found, columns, strict=True)
            )
            con.execute(
                f"copy (select {picked}, file_row_number + 1 as _row from {source}) "
                f"to {literal(str(target))} (format parquet, compression snappy)"
            )
            row = con.execute(
                f"select count(*) from read_parquet({literal(str(target))})"
            ).fetchone()
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            target.unlink(missing_ok=True)
            raise SourceError(f"{name} is no valid parquet file: export it again.") from error
    assert row is not None
    return ReadTable(name, columns, target, int(row[0]), dialect="parquet", notes=notes)
