"""Files of the systems that are known, and of others: whose they are, and what of them is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow.parquet as pq
from given import put, told_files

from smarketing.errors import SourceError
from smarketing.files.tables import LandedTable
from smarketing.sources.profile import builtin_sources
from smarketing.sources.reading import read_tables
from smarketing.sources.recognition import Match

TABLES = Path(__file__).parents[1] / "sources" / "tables.txt"
NAMED = "!"
"""Stands between the name of a source that is named for a file, and the file's."""


def outcome(given: Sequence[str], folder: Path) -> list[str]:
    """Read each file by itself, as an import does that is given it alone."""
    paths = put(folder, given)
    return [line for name, path in zip(told_files(given), paths, strict=True)
            for line in _read(name, path, folder / f"{path.name} out")]  # fmt: skip


def _read(name: str, path: Path, out: Path) -> Iterator[str]:
    sources = builtin_sources()
    forced = sources[name.partition(NAMED)[0]] if NAMED in name else None
    try:
        tables = read_tables(path, out, sources.values(), forced)
    except SourceError as error:
        yield f"{name} is refused: {error}"
        return
    for table, match in tables:
        yield from _told(table, match)


def _told(table: LandedTable, match: Match) -> Iterator[str]:
    reading = match.reading
    known = ", ".join(
        column if column == header else f"{column} = {header}"
        for column, header in reading.mapping.items()
    )
    yield f"{table.name} is {match.source.name} {match.object}: {known}"
    said = (reading.families, reading.language, reading.currency)
    if any(said):
        yield "  families {}, language {}, currency {}".format(*said)
    for row in pq.read_table(table.parquet).to_pylist():
        yield "  " + " | ".join("" if value is None else str(value) for value in row.values())
    yield from (f"  bad: {row}" for row in table.bad_rows)
    yield from (f"  skipped: {part}" for part in table.skipped)
    yield from (f"  total: {total}" for total in table.totals)
    yield from (f"  note: {note}" for note in table.notes)
