"""From a file to recognised, landed tables: reading and recognition together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from smarketing.errors import SourceError
from smarketing.files.read import read_file
from smarketing.files.tables import ReadTable, Skipped
from smarketing.sources.profile import Source
from smarketing.sources.recognition import Match, UnknownTableError, recognise
from smarketing.sources.records import (
    language_note,
    only_records,
    standard_columns,
    values_of,
)


@dataclass(frozen=True)
class Recognised:
    """A landed table and the source object it belongs to."""

    table: ReadTable
    match: Match


def read_tables(
    path: Path, out_dir: Path, sources: Iterable[Source], forced: Source | None = None
) -> list[Recognised]:
    """Read a file and recognise each of its tables; with `forced` only as that source's.

    Of a workbook or archive the tables that no source knows are counted as skipped with the first
    one that is known. Raises SourceError, and lands nothing, when the file cannot be read with
    confidence, none of its tables is known, or one lacks a required column.
    """
    considered = [forced] if forced else list(sources)
    tables = read_file(
        path,
        out_dir,
        header_names=frozenset().union(*(source.header_names() for source in considered)),
        encodings=lambda columns: _encodings(path.name, columns, considered, forced),
        totals=frozenset().union(*(source.total_rows() for source in considered)),
    )
    try:
        return _recognise_all(tables, considered, forced)
    except SourceError:
        for table in tables:
            table.parquet.unlink(missing_ok=True)
        raise


def _recognise_all(
    tables: Sequence[ReadTable], sources: Sequence[Source], forced: Source | None
) -> list[Recognised]:
    known: list[Recognised] = []
    strangers: list[tuple[ReadTable, UnknownTableError]] = []
    for table in map(standard_columns, tables):
        try:
            known.append(_recognised(table, sources, forced))
        except UnknownTableError as error:
            strangers.append((table, error))
    if strangers and not known:
        first_error = strangers[0][1]
        first_error.records = sum(table.records for table, _ in strangers)
        raise first_error
    for table, _ in strangers:
        table.parquet.unlink(missing_ok=True)
    skipped = tuple(Skipped(f"no source knows {t.name}", t.records) for t, _ in strangers)
    first = replace(known[0].table, skipped=(*known[0].table.skipped, *skipped))
    return [replace(known[0], table=first), *known[1:]]


def _recognised(table: ReadTable, sources: Sequence[Source], forced: Source | None) -> Recognised:
    values = values_of(table.parquet)
    match = recognise(table.name, table.columns, sources, forced, values)
    notes = (*table.notes, *language_note(match, table))
    return Recognised(replace(only_records(table, match), notes=notes), match)


def _encodings(
    name: str, columns: tuple[str, ...], sources: Sequence[Source], forced: Source | None
) -> tuple[str, ...]:
    """Give the encodings that the source of a table with these columns is known to use."""
    if forced:
        return forced.profile.encodings
    try:
        return recognise(name, columns, sources).source.profile.encodings
    except SourceError:
        return ()
