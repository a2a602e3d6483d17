"""What reading a file gives: landed tables, and each record that was not landed and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class BadRow:
    """A record that could not be read: the line it starts on, its text, and why.

    `column` is the header of the offending cell where one cell is to blame, else None.
    """

    row: int
    value: str
    reason: str
    column: str | None = None


@dataclass(frozen=True)
class Skipped:
    """Records that are no data (preamble, total row, footer): the reason and how many."""

    reason: str
    rows: int


@dataclass(frozen=True)
class Total:
    """A row of the file's own that sums records: a witness of what was landed, not landed itself.

    - `row`: its line; `label`: what it calls itself, empty where it has no label.
    - `kind`: `total` (of all records), `subtotal` (of those since the total or subtotal before it)
      or `count` (of records, rather than of what they hold).
    - `values`: its other cells that hold something, each with the column they stand under, as text.
    """

    row: int
    label: str
    kind: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TotalRow:
    """What a source calls its total rows: a pattern and the headers (normalised) it stands under.

    Without headers the pattern is sought in the first cell that is filled.
    """

    pattern: str
    headers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Dialect:
    """How a delimited file is written. `escape` is None where quotes are doubled."""

    delimiter: str = ","
    quote: str | None = '"'
    escape: str | None = None
    skip_space: bool = False

    def __str__(self) -> str:
        """Say the dialect in words, for reports."""
        named = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
        words = named.get(self.delimiter, repr(self.delimiter))
        if self.quote != '"':
            words += f", quote {self.quote or 'none'}"
        return words + (f", escape {self.escape}" if self.escape else "")


@dataclass(frozen=True)
class LandedTable:
    """One table read from a file and landed as Parquet of its raw text.

    A reader makes it, an import says whose it is and keeps it in its manifest.

    - `name`: what to call it in reports: `leads.csv`, `export.zip/leads.csv`, `book.xlsx[Sheet1]`.
    - `columns`: the headers as they stand in the file (trimmed; see `headers.column_names`).
    - `parquet`: columns of `columns`, all text (an empty cell is NULL), then `_row` (bigint): the
      line of the file, or row of the spreadsheet, on which the record starts.
    - `rows`: records landed. `records` = rows + skipped + bad_rows: nothing disappears.
    - `exact`: the file kept numbers and dates as such (a spreadsheet), so that they are written
      with a point and in ISO form whatever the source's habits.
    - `totals`: the total rows of the file, in its order; they are counted under `skipped` too.
    - `above`: what stands above its header, a text for each row: the days of a report, its account.
    - `source`: the source it belongs to, blank until it is recognised.

    These say how it was read, for the report of its import alone:

    - `notes`: what was done to read it that the reader should know (renamed headers …).
    - `refused`: with the first table of an archive, a sentence for each member that should be a
      table and could not be read; the other members go on.
    """

    name: str
    columns: tuple[str, ...]
    parquet: Path
    rows: int
    skipped: tuple[Skipped, ...] = ()
    bad_rows: tuple[BadRow, ...] = ()
    encoding: str | None = None
    dialect: str | None = None
    notes: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    totals: tuple[Total, ...] = ()
    above: tuple[str, ...] = ()
    source: str = ""
    exact: bool = False

    @property
    def records(self) -> int:
        """Records in the file apart from its header: landed, skipped and bad."""
        return self.rows + sum(part.rows for part in self.skipped) + len(self.bad_rows)
