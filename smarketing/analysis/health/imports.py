"""What came in, file by file, and what of it waits to be corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from smarketing.engine import Engine


@dataclass(frozen=True)
class ImportedFile:
    """One file of one import: when and by whom, and what became of its records.

    `imported_at` is UTC; `why` says for which reasons records were not used, with their number.
    """

    import_id: str
    imported_at: datetime
    imported_by: str
    source: str
    file: str
    rows: int
    used: int
    unused: int
    quarantined: int
    why: str


@dataclass(frozen=True)
class Unread:
    """Values of one column that could not be read for one reason, with the first of them."""

    source: str
    file: str
    table: str
    column: str | None
    reason: str
    records: int
    line: int | None
    example: str | None


def last_import(engine: Engine) -> datetime | None:
    """Answer when the newest file of the build came in (UTC); None where nothing was imported."""
    came = [pd.Timestamp(row["imported_at"]) for row in engine.rows("health/files")]
    return max(came).to_pydatetime() if came else None


def imported_files(engine: Engine, by: Mapping[str, str]) -> tuple[ImportedFile, ...]:
    """Answer which files came in, the latest import first; `by` says whose each import is.

    Empty where nothing was imported.
    """
    why: dict[tuple[str, str], list[str]] = {}
    for row in engine.rows("health/left_out"):
        said = f"{int(row['records']):,} {row['reason']}"
        why.setdefault((str(row["import_id"]), str(row["file"])), []).append(said)
    found = [
        ImportedFile(
            str(row["import_id"]),
            pd.Timestamp(row["imported_at"]).to_pydatetime(),
            by.get(str(row["import_id"]), ""),
            str(row["source"]),
            str(row["file"]),
            int(row["rows"]),
            int(row["used"]),
            int(row["unused"]),
            int(row["quarantined"]),
            "; ".join(why.get((str(row["import_id"]), str(row["file"])), ())),
        )
        for row in engine.rows("health/files")
    ]
    found.sort(key=lambda one: (one.source, one.file))
    return tuple(sorted(found, key=lambda one: one.imported_at, reverse=True))


def unread(engine: Engine) -> tuple[Unread, ...]:
    """Answer which values could not be read, most records first; empty where all were read."""
    return tuple(
        Unread(
            str(row["source"]),
            str(row["file"]),
            str(row["table_name"]),
            _text(row["column_name"]),
            str(row["reason"]),
            int(row["records"]),
            None if pd.isna(row["line"]) else int(row["line"]),
            _text(row["example"]),
        )
        for row in engine.rows("health/quarantine")
    )


def unread_records(engine: Engine, part: Unread) -> pd.DataFrame:
    """Return the records whose values of this column could not be read for this reason."""
    rows = engine.run("health/quarantine_records", {"table_name": part.table})
    column = (
        rows["column_name"].isna() if part.column is None else rows["column_name"] == part.column
    )
    mine = (rows["source"] == part.source) & (rows["file"] == part.file)
    return rows[mine & column & (rows["reason"] == part.reason)].reset_index(drop=True)


def days_since(then: date, today: date) -> str:
    """Say how long ago a day was, as people do."""
    days = (today - then).days
    return "today" if days <= 0 else "yesterday" if days == 1 else f"{days:,} days ago"


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)
