"""Turning parsed records into landed rows: which are data, which are totals, footers or broken."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from smarketing.errors import SourceError
from smarketing.files.encoding import BROKEN
from smarketing.files.headers import blank, clean, column_names, normalise
from smarketing.files.tables import BadRow, Skipped, Total, TotalRow
from smarketing.files.totals import TOTAL_WORDS, is_total, read_total

if TYPE_CHECKING:
    import pyarrow as pa

TOTAL, FOOTER, PREAMBLE = "total row", "footer below the records", "preamble above the header"
REPEATED = "header repeated"
_BATCH = 50_000
_SHOWN = 500
_HOPELESS = 1000
"""Broken records, hardly any whole one among them, after which the rest is not read."""


@dataclass(frozen=True)
class Header:
    """The header of a table: its columns, and the narrowest record that can be one of its own.

    `lines` are those up to and with the header; `preamble` counts the records above it. A record
    may leave out the cells under blank headers at the end, hence `narrowest`.
    """

    columns: tuple[str, ...]
    narrowest: int
    blanks: tuple[str, ...] = ()
    lines: int = 0
    preamble: int = 0
    notes: tuple[str, ...] = ()
    totals: tuple[tuple[int | None, re.Pattern[str]], ...] = ()
    suspect: bool = False
    cells: tuple[str, ...] = ()

    @property
    def careful(self) -> bool:
        """Whether every record must be looked at: for the source's own totals, or odd bytes."""
        return self.suspect or bool(self.totals)

    def is_repeated(self, cells: Sequence[str | None]) -> bool:
        """Whether a record is the header again, as where exports were put one after the other."""
        return len(cells) == len(self.cells) and tuple(clean(c or "") for c in cells) == self.cells


@dataclass
class Sorted:
    """What became of the records of a table, apart from those landed."""

    name: str
    rows: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    bad_rows: list[BadRow] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)

    def lose(self, bad: BadRow) -> None:
        """Count a broken record; SourceError as soon as it is plain that they all are."""
        self.bad_rows.append(bad)
        if len(self.bad_rows) > _HOPELESS and len(self.bad_rows) > 20 * self.rows:
            check_confidence(self.name, self.rows, self.bad_rows)

    def skips(self) -> tuple[Skipped, ...]:
        """Give the skipped records as reason and count."""
        return tuple(Skipped(reason, rows) for reason, rows in self.skipped.items() if rows)


def make_header(
    cells: Sequence[str | None], lines: int, preamble: int, totals: Collection[TotalRow] = ()
) -> Header:
    """Make the header of a table from its cells, the lines it ends on, the records above it."""
    columns, notes = column_names(cell or "" for cell in cells)
    named = [position for position, cell in enumerate(cells) if cell and clean(cell)]
    blanks = tuple(c for position, c in enumerate(columns) if position not in set(named))
    places = {normalise(column): position for position, column in enumerate(columns)}
    patterns: list[tuple[int | None, re.Pattern[str]]] = []
    for total in totals:
        compiled = re.compile(total.pattern, re.IGNORECASE)
        found = [places[header] for header in total.headers if header in places]
        patterns += [(None, compiled)] if not total.headers else [(p, compiled) for p in found]
    raw = tuple(clean(cell or "") for cell in cells)
    marks = tuple(patterns)
    return Header(columns, named[-1] + 1, blanks, lines, preamble, notes, marks, cells=raw)


class Line(NamedTuple):
    """A record on its way: where it starts, its cells, why it is broken if it is."""

    row: int
    cells: Sequence[str]
    error: str | None = None

    @property
    def text(self) -> str:
        """The record as it is shown to people."""
        shown = ",".join(self.cells)[:_SHOWN]
        return shown.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def sort_rows(
    lines: Iterable[Line], header: Header, result: Sorted
) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the rows to land, fitted to the header's width; put the others into `result`.

    Totals and footers are such only at the end of the table: they are held back until it is known
    that no record follows.
    """
    held: list[Line] = []
    after_blank = False
    width = len(header.columns)
    for line in lines:
        if len(line.cells) == width and not (held or after_blank) and _is_plain(line, header):
            result.rows += 1
            yield line.row, line.cells
            continue
        if line.error is None and blank(line.cells):
            after_blank = True
            continue
        if _may_end(line, header, after_blank or bool(held)):
            held.append(line)
            continue
        yield from _release(held, header, result)
        after_blank = False
        if header.is_repeated(line.cells):
            result.skipped[REPEATED] += 1
            continue
        row = judge(line, header, result)
        if row is not None:
            yield line.row, row
    for line in held:
        is_sum = is_total(line.cells, header)
        result.skipped[TOTAL if is_sum else FOOTER] += 1
        if is_sum:
            result.totals.append(read_total(line.row, line.cells, header))


def _is_plain(line: Line, header: Header) -> bool:
    """Whether a record of full width needs no second look: most do not, and there are many."""
    first = line.cells[0]
    return (
        bool(first and first.strip())
        and first != header.cells[0]
        and line.error is None
        and not header.careful
        and not TOTAL_WORDS.fullmatch(first.strip())
    )


def _may_end(line: Line, header: Header, below: bool) -> bool:
    if line.error is not None:
        return False
    if is_total(line.cells, header):
        return True
    filled = [cell for cell in line.cells if cell and cell.strip()]
    if not below or len(filled) != 1 or len(header.columns) < 3:
        return False
    # A whole record with nothing but its key is a record; prose, or a lone cell, is a footer.
    return len(line.cells) < header.narrowest or len(filled[0].split()) > 2


def _release(
    held: list[Line], header: Header, result: Sorted
) -> Iterator[tuple[int, Sequence[str]]]:
    for line in held:
        row = judge(line, header, result)
        if row is not None:
            yield line.row, row
    held.clear()


def judge(line: Line, header: Header, result: Sorted) -> list[str] | None:
    """Fit a record to the header's width, or count it as bad and answer None."""
    width = len(header.columns)
    error = line.error or _width_error(line.cells, header)
    cells = list(line.cells[:width])
    if error is None and header.suspect:
        cells = [cell.strip("\0") for cell in cells]
        error = _byte_error(cells, header)
    if error is not None:
        result.lose(BadRow(line.row, line.text, error))
        return None
    result.rows += 1
    return cells + [""] * (width - len(cells))


def _byte_error(cells: Sequence[str], header: Header) -> str | None:
    for column, cell in zip(header.columns, cells, strict=False):
        if "\0" in cell:
            return f"a NUL byte in column '{column}'"
        if BROKEN.search(cell):
            return f"bytes that are not UTF-8 in column '{column}'"
    return None


def _width_error(cells: Sequence[str | None], header: Header) -> str | None:
    width = len(header.columns)
    if header.narrowest <= len(cells) and not any(cells[width:]):
        return None
    return f"{len(cells)} cells where the header has {width}"


class Landing:
    """Writes rows of text to Parquet, a batch at a time; the file is gone again if that fails."""

    def __init__(self, target: Path, columns: Sequence[str]) -> None:
        import pyarrow as pa

        self.target = target
        fields = [pa.field(name, pa.string()) for name in columns]
        self.schema: pa.Schema = pa.schema([*fields, pa.field("_row", pa.int64())])

    def write(self, rows: Iterable[tuple[int, Sequence[str | None]]]) -> None:
        """Write all rows, each its line number and its cells; empty cells become NULL."""
        import pyarrow.parquet as pq

        try:
            with pq.ParquetWriter(self.target, self.schema, compression="snappy") as writer:
                batch: list[tuple[int, Sequence[str | None]]] = []
                for row in rows:
                    batch.append(row)
                    if len(batch) >= _BATCH:
                        writer.write_table(self._table(batch))
                        batch = []
                writer.write_table(self._table(batch))
        except BaseException:
            self.target.unlink(missing_ok=True)
            raise

    def _table(self, batch: Sequence[tuple[int, Sequence[str | None]]]) -> pa.Table:
        import pyarrow as pa

        width = len(self.schema) - 1
        cells = list(zip(*(row for _, row in batch), strict=True)) or [()] * width
        arrays = [pa.array([cell or None for cell in c], pa.string()) for c in cells]
        arrays.append(pa.array([number for number, _ in batch], pa.int64()))
        return pa.Table.from_arrays(arrays, schema=self.schema)


def check_confidence(name: str, rows: int, bad_rows: Sequence[BadRow]) -> None:
    """Refuse a table of which most records are broken: then it was not understood.

    Raises SourceError with the first of them. Small files are given the benefit of the doubt.
    """
    if len(bad_rows) > 100 and len(bad_rows) > rows:
        first = bad_rows[0]
        raise SourceError(
            f"{name} cannot be read with confidence: {len(bad_rows)} of {len(bad_rows) + rows} "
            f"records are broken, the first on line {first.row} ({first.reason}): export it again."
        )


def drop_empty_blanks(target: Path, header: Header) -> tuple[str, ...]:
    """Drop the columns without a header and without a value; give the columns that are left."""
    if not header.blanks:
        return header.columns
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    empty = set()
    for name in header.blanks:
        column = pq.read_table(target, columns=[name]).column(0)
        if pc.count(column, mode="only_valid").as_py() == 0:
            empty.add(name)
    kept = tuple(name for name in header.columns if name not in empty)
    if empty:
        table = pq.read_table(target, columns=[*kept, "_row"])
        pq.write_table(table, target, compression="snappy")
    return kept
