"""Landing a table, or several of them that stand one below the other in one file or sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from smarketing.errors import SourceError
from smarketing.files.header_row import HeaderRow, records_shape, up_to_title
from smarketing.files.headers import recognised
from smarketing.files.landing import Landing, drop_empty
from smarketing.files.limits import MAX_SHEETS
from smarketing.files.rows import FOOTER, PREAMBLE, SECOND, Line, sort_rows
from smarketing.files.sums import fill_groups, take_sums_out
from smarketing.files.table import Header, Sorted, check_confidence, make_header
from smarketing.files.tables import LandedTable, TotalRow
from smarketing.files.widths import common_width

_TITLE = 60
"""So many characters of a title are kept."""
_LOOK = 50
"""Rows below the header of a further table by which it is told what its records look like."""


@dataclass(frozen=True)
class Stacked:
    """One of the tables of a file: its header, what became of its rows, where it was landed."""

    header: Header
    result: Sorted
    place: Path


def header_of(
    row: Sequence[str | None],
    place: HeaderRow,
    lines: int,
    names: Collection[str],
    totals: Collection[TotalRow],
) -> Header:
    """Make the header from the row that was found and the lines up to and with it."""
    counts = ((PREAMBLE, place.above), (SECOND, place.last - place.index))
    header = make_header(row, lines, totals)
    shape = place.shape.within(header.named)
    return replace(
        header, skipped=counts, shape=shape, names=names, above=place.texts, title=place.title
    )


def land_tables(
    lines: Iterator[Line],
    header: Header,
    name: str,
    target: Callable[[str], Path],
    totals: Collection[TotalRow] = (),
) -> list[Stacked]:
    """Land the table under `header` and each that begins below it, as `name[table 2]` and so on.

    A section of a report is called after its title. What looks like the header of a table and has
    no records is a footer of the table above it.
    """
    found: list[Stacked] = []
    called, place = _called(name, header.title, 1), target(name)
    while True:
        result = Sorted(called)
        result.skipped.update(dict(header.skipped))
        Landing(place, header.columns).write(sort_rows(lines, header, result))
        if found and not result.rows and not result.bad_rows and not _is_known(header):
            place.unlink()
            found[-1].result.skipped[FOOTER] += 1 + sum(result.skipped.values())
        else:
            found.append(Stacked(header, result, place))
        if result.following is None:
            return found
        if len(found) > MAX_SHEETS:
            raise SourceError(f"{name} holds more than {MAX_SHEETS} tables one below the other.")
        called = _called(name, result.title if header.title else "", len(found) + 1)
        header, lines = _next(result.following[1], lines, header, totals)
        place = target(called)


def finished(part: Stacked, dialect: str, encoding: str | None = None) -> LandedTable:
    """Take unlabelled totals and empty columns out of what was landed, and say what it is.

    Raises SourceError when most of its records are broken.
    """
    result = part.result
    check_confidence(result.name, result.rows, result.bad_rows)
    take_sums_out(part.place, part.header, result)
    filled = fill_groups(part.place, part.header, result) if result.rows else ()
    return LandedTable(
        name=result.name,
        columns=drop_empty(part.place, part.header.columns, part.header.blanks),
        parquet=part.place,
        rows=result.rows,
        skipped=result.skips(),
        bad_rows=tuple(result.bad_rows),
        totals=tuple(result.totals),
        encoding=encoding,
        dialect=dialect,
        notes=(*part.header.notes, *filled),
        above=part.header.above,
    )


def _called(name: str, title: str, number: int) -> str:
    """Name a table of a file: after its title, else by its number; the first as its file."""
    plain = re.sub(r"[\[\]/\\]", " ", title)[:_TITLE].strip()
    return f"{name}[{plain or f'table {number}'}]" if plain or number > 1 else name


def _is_known(header: Header) -> bool:
    return recognised(header.cells, header.names) > 1


def _next(
    row: Sequence[str | None], lines: Iterator[Line], before: Header, totals: Collection[TotalRow]
) -> tuple[Header, Iterator[Line]]:
    """Make the header of a further table, having looked at the rows below it."""
    ahead = list(islice(lines, _LOOK))
    rows: list[Sequence[str | None]] = [line.cells for line in ahead if line.error is None]
    if before.title:
        rows = up_to_title(rows)
    header = make_header(row, totals=totals)
    header = replace(
        header,
        shape=records_shape(rows, before.names).within(header.named),
        is_exact=before.is_exact,
        suspect=before.suspect,
        names=before.names,
        above=before.above if before.title else (),
        title=before.title,
    )
    if not before.is_exact:
        header = header.of_width(common_width(rows, header))
    return header, chain(ahead, lines)
