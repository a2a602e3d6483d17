"""The header of a table, and what becomes of its rows besides being landed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from smarketing.errors import SourceError
from smarketing.files.headers import clean, column_names, normalise
from smarketing.files.shape import NO_SHAPE, Shape
from smarketing.files.tables import BadRow, Skipped, Total, TotalRow

_HOPELESS = 1000
"""Broken records, hardly any whole one among them, after which the rest is not read."""


@dataclass(frozen=True)
class Header:
    """The header of a table, and what is known of its records before they are read.

    - `columns`: their names; `cells`: the header as it stands; `blanks`: columns without a name.
    - `named`: the place behind the last column that has a name.
    - `lines` are those up to and with the header; `skipped` counts the rows among them by reason.
    - `totals`: what total rows look like, besides the usual ones; `shape`: what records look like.
    - `is_exact`: whether each cell stands under its column for certain, as in a spreadsheet.
    - `suspect`: whether the text holds bytes that are none of it.
    - `above`: what stands above it, a text for each row.
    - `names`: the headers known from profiles, by which that of another table is known.
    - `title`: that of the first of several sections.
    """

    columns: tuple[str, ...]
    cells: tuple[str, ...]
    named: int
    blanks: tuple[str, ...] = ()
    lines: int = 0
    skipped: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()
    totals: tuple[tuple[int | None, re.Pattern[str]], ...] = ()
    shape: Shape = NO_SHAPE
    is_exact: bool = False
    suspect: bool = False
    names: Collection[str] = ()
    above: tuple[str, ...] = ()
    title: str = ""

    def is_repeated(self, cells: Sequence[str | None]) -> bool:
        """Whether a record is the header again, as where exports were put one after the other."""
        found = tuple(clean(cell or "") for cell in cells)
        return found[: self.named] == self.cells[: self.named] and not any(found[self.named :])

    def of_width(self, width: int) -> Header:
        """Give the header for records of another width: with more columns without a name, or fewer.

        A name is never lost.
        """
        if width == len(self.columns) or width < self.named:
            return self
        if width < len(self.columns):
            kept = self.columns[:width]
            return replace(
                self, columns=kept, blanks=tuple(name for name in self.blanks if name in kept)
            )
        columns, _ = column_names((*self.cells, *[""] * (width - len(self.cells))))
        more = columns[len(self.columns) :]
        return replace(self, columns=(*self.columns, *more), blanks=(*self.blanks, *more))


def make_header(
    cells: Sequence[str | None], lines: int = 0, totals: Collection[TotalRow] = ()
) -> Header:
    """Make the header of a table from its cells and the lines it ends on."""
    columns, notes = column_names(cell or "" for cell in cells)
    raw = tuple(clean(cell or "") for cell in cells)
    named = [place for place, cell in enumerate(raw) if cell]
    blanks = tuple(column for column, cell in zip(columns, raw, strict=True) if not cell)
    places = {normalise(column): place for place, column in enumerate(columns)}
    patterns: list[tuple[int | None, re.Pattern[str]]] = []
    for total in totals:
        compiled = re.compile(total.pattern, re.IGNORECASE)
        found = [places[header] for header in total.headers if header in places]
        patterns += [(None, compiled)] if not total.headers else [(p, compiled) for p in found]
    return Header(columns, raw, named[-1] + 1, blanks, lines, (), notes, tuple(patterns))


@dataclass
class Sorted:
    """What became of the records of a table, apart from those landed.

    `following` is the header of another table that begins below it, with the line it stands on, and
    `title` what stands directly above that.
    """

    name: str
    rows: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    bad_rows: list[BadRow] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    following: tuple[int, Sequence[str | None]] | None = None
    title: str = ""

    def lose(self, bad: BadRow) -> None:
        """Count a broken record; SourceError as soon as it is plain that they all are."""
        self.bad_rows.append(bad)
        if len(self.bad_rows) > _HOPELESS and len(self.bad_rows) > 20 * self.rows:
            check_confidence(self.name, self.rows, self.bad_rows)

    def skips(self) -> tuple[Skipped, ...]:
        """Give the skipped records as reason and count."""
        return tuple(Skipped(reason, rows) for reason, rows in self.skipped.items() if rows)


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
