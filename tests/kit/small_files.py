"""Small files of every kind: all that reading each gives, cell by cell, or why it is refused.

In a line `\\t` and `\\n` stand for a tab and for a line within a cell; `name@encoding` names
that of a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow.parquet as pq
from given import told_files

from smarketing.errors import SourceError
from smarketing.files.read import TotalRow, read_file
from smarketing.files.tables import LandedTable

FILES = Path(__file__).parents[1] / "files" / "small.txt"
NAMES = ("id", "name", "amount", "day", "clicks")
TOTALS = (TotalRow("all of.*"),)


def outcome(given: Sequence[str], folder: Path) -> list[str]:
    """Read each file by itself, by the headers that are known and without them."""
    folder.mkdir(parents=True)
    return [line for name, lines in told_files(given).items()
            for line in _told_of(name, lines, folder)]  # fmt: skip


def _told_of(name: str, lines: Sequence[str], folder: Path) -> Iterator[str]:
    called, _, encoding = name.partition("@")
    path = folder / called
    text = "\n".join(lines).replace("\\t", "\t").replace("\\n", "\n") + "\n"
    path.write_bytes(text.encode(encoding or "utf-8"))
    told = [list(_read(path, folder / f"{called} {way}", known))
            for way, known in enumerate((NAMES, ()))]  # fmt: skip
    yield from told[0]
    if told[1] != told[0]:
        yield "  and where no header is known:"
        yield from (f"  {line}" for line in told[1])


def _read(path: Path, out: Path, known: Sequence[str]) -> Iterator[str]:
    try:
        tables = read_file(path, out, header_names=known, totals=TOTALS)
    except SourceError as error:
        yield f"refused: {error}"
        return
    for table in tables:
        yield from _told(table)


def _told(table: LandedTable) -> Iterator[str]:
    exact = ", exact" if table.exact else ""
    yield f"{table.name} ({table.encoding} {table.dialect}{exact}): {' | '.join(table.columns)}"
    for row in pq.read_table(table.parquet).to_pylist():
        *cells, place = (None if value is None else str(value) for value in row.values())
        yield f"  {place}: " + " | ".join(
            "~" if cell is None else repr(cell)[1:-1] for cell in cells
        )
    yield from (f"  bad: {row}" for row in table.bad_rows)
    yield from (f"  skipped: {part}" for part in table.skipped)
    yield from (f"  total: {total}" for total in table.totals)
    yield from (f"  above: {text}" for text in table.above)
    yield from (f"  note: {note}" for note in (*table.notes, *table.refused))
