"""From a file to recognised, landed tables: reading and recognition together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from smarketing.errors import SourceError
from smarketing.files.encoding import western
from smarketing.files.headers import normalise
from smarketing.files.read import read_file
from smarketing.files.tables import LandedTable, Skipped
from smarketing.sources.history import present_versions
from smarketing.sources.profile import Source
from smarketing.sources.recognition import Match, UnknownTableError, recognise
from smarketing.sources.records import (
    amounts_that_count,
    differing_copy,
    language_note,
    local_times,
    nested_note,
    only_records,
    standard_columns,
    values_of,
    with_first,
    zone_notes,
)
from smarketing.sources.zones import header_zone


def read_tables(
    path: Path,
    out_dir: Path,
    sources: Iterable[Source],
    forced: Source | None = None,
    encoding: str | None = None,
) -> list[tuple[LandedTable, Match]]:
    """Read a file and recognise each of its tables; with `forced` only as that source's.

    One that is not UTF-8 is in `encoding`, where that is said, else in one of its source's.

    Of a workbook or archive the tables that no source knows are counted as skipped with the first
    one that is known, and those that lack a required column are refused there. Raises SourceError,
    and lands nothing, when the file cannot be read with confidence or none of its tables is known.
    """
    considered = [forced] if forced else list(sources)
    tables = read_file(
        path,
        out_dir,
        header_names=frozenset().union(*(source.header_names() for source in considered)),
        encodings=lambda columns: (
            (encoding,) if encoding else _encodings(path.name, columns, considered, forced)
        ),
        totals=frozenset().union(*(source.total_rows() for source in considered)),
    )
    try:
        return _recognise_all(tables, considered, forced)
    except SourceError:
        for table in tables:
            table.parquet.unlink(missing_ok=True)
        raise


def _recognise_all(
    tables: Sequence[LandedTable], sources: Sequence[Source], forced: Source | None
) -> list[tuple[LandedTable, Match]]:
    known: list[tuple[LandedTable, Match]] = []
    strangers: list[tuple[LandedTable, SourceError]] = []
    for table in map(standard_columns, tables):
        try:
            known.append(_recognised(table, sources, forced))
        except SourceError as error:
            strangers.append((table, error))
    if not known:
        raise _of_no_source(strangers)
    for table, _ in strangers:
        table.parquet.unlink(missing_ok=True)
    (table, match), *others = known
    return [(_with_others(table, tables[0], strangers), match), *others]


def _recognised(
    table: LandedTable, sources: Sequence[Source], forced: Source | None
) -> tuple[LandedTable, Match]:
    values = values_of(table.parquet)
    match = recognise(table.name, table.columns, sources, forced, values)
    present = _of_the_present(table, match)
    if present is not table:
        table, values = present, values_of(present.parquet)
    _refuse_undecided(table, match)
    _refuse_unsummed(table, match)
    _refuse_two_amounts(table, match)
    table, match = _of_one_amount(table, match)
    _refuse_zones_of_several(table, match)
    notes = (
        *table.notes,
        *language_note(match, table),
        *zone_notes(match, values, table.above),
        *nested_note(match, table, values),
        *_passed_over(table, match),
        *_waiting(match),
    )
    kept = only_records(table, match)
    return replace(kept, notes=notes, source=match.source.name), match


def _of_the_present(table: LandedTable, match: Match) -> LandedTable:
    """Leave older versions of records out, told by the key and the stamp of the kind of file."""
    keys = [match.mapping[name] for name in match.profile.key if name in match.mapping]
    stamp = match.mapping.get(match.profile.modified or "")
    is_told = len(keys) == len(match.profile.key) and not match.profile.spend
    return present_versions(table, keys if is_told else (), stamp)


def _passed_over(table: LandedTable, match: Match) -> tuple[str, ...]:
    """Say by name what a source of the user's own leaves out, and how much it is."""
    if match.profile.ignored is None or match.source.is_builtin:
        return ()
    rows = f"{table.rows:,} row{'' if table.rows == 1 else 's'}"
    return (f"{rows} of {table.name} passed over: {match.profile.ignored}",)


def _waiting(match: Match) -> tuple[str, ...]:
    """Say what its rows do not fill yet, and what must be said before they do."""
    return tuple(
        f"it makes no {select.core_table} yet. {select.undecided}, which is {select.path}, and "
        "import it again"
        for select in match.source.waiting
        if select.object == match.object
    )


def _of_no_source(strangers: Sequence[tuple[LandedTable, SourceError]]) -> SourceError:
    """Give the error that says most: of a table that lacks something, else of an unknown one."""
    meant = [error for _, error in strangers if not isinstance(error, UnknownTableError)]
    refused = strangers[0][0].refused
    if refused or meant:
        return SourceError(" ".join((*refused, str((meant or [strangers[0][1]])[0]))))
    error = strangers[0][1]
    assert isinstance(error, UnknownTableError)
    error.records = sum(table.records for table, _ in strangers)
    return error


def _with_others(
    table: LandedTable, first: LandedTable, strangers: Sequence[tuple[LandedTable, SourceError]]
) -> LandedTable:
    """Say with a table what became of the others of its file, and what the file's first one says.

    Tables of no source are counted as skipped; one that a source misses a column of is refused.
    """
    unknown = [t for t, error in strangers if isinstance(error, UnknownTableError)]
    lacking = [(t, error) for t, error in strangers if not isinstance(error, UnknownTableError)]
    skipped = [Skipped(f"no source knows {t.name}", t.records) for t in unknown]
    skipped += [Skipped(f"{t.name} is refused", t.records) for t, _ in lacking]
    notes = () if table.parquet == first.parquet else first.notes
    refused = (*first.refused, *(str(error) for _, error in lacking))
    return replace(
        table, skipped=(*table.skipped, *skipped), notes=(*table.notes, *notes), refused=refused
    )


def _refuse_undecided(table: LandedTable, match: Match) -> None:
    """Keep out a file of which nobody has said yet what some column means."""
    if match.profile.undecided:
        first, *more = match.profile.undecided
        others = f"; {len(more)} more below it" if more else ""
        raise SourceError(
            f"{table.name} is not understood yet: {first}. Then take that line out of `undecided` "
            f"of {match.object} in {match.source.folder / 'profile.yaml'}{others}."
        )


def _refuse_unsummed(table: LandedTable, match: Match) -> None:
    """Keep out a report of spend whose rows do not add up to what was spent."""
    spend = match.profile.spend
    cuts = (
        [match.mapping[name] for name in spend.unsummed if name in match.mapping] if spend else []
    )
    if cuts:
        raise SourceError(
            f"{table.name} is broken down by '{cuts[0]}', and such rows do not add up to what was "
            "spent: one amount stands in several of them, or small ones are kept back. Download "
            f"the report by campaign and day without '{cuts[0]}'."
        )


def _refuse_two_amounts(table: LandedTable, match: Match) -> None:
    """Keep out a file with two columns of one header that give different amounts of money."""
    spend = match.profile.spend
    names = {name for name in match.mapping if name.casefold() == "amount"}
    names |= {spend.amount} if spend and spend.amount else set()
    for name in sorted(names & match.mapping.keys()):
        header = match.mapping[name]
        found = differing_copy(table, header)
        if found is not None:
            one, other, line = found
            raise SourceError(
                f"{table.name} has two columns '{header}' that do not say the same ({one} and "
                f"{other}, line {line}), and nothing tells which of them counts. Leave the other "
                "one out of the export, or give it another header, and import it again."
            )


def _of_one_amount(table: LandedTable, match: Match) -> tuple[LandedTable, Match]:
    """Give a report with what was spent in several columns as one that is read by one of them.

    Raises SourceError where they say different things, as in several currencies.
    """
    if not match.reading.amounts:
        return table, match
    counting = amounts_that_count(table, match.reading.amounts)
    if len(counting) > 1:
        shown = " and ".join(f"'{header}'" for header in counting)
        raise SourceError(
            f"{table.name} looks like {match.source.name} {match.object}, but has what was spent "
            f"more than once: {shown}. Import a report for each currency, or remove the column "
            "that does not count."
        )
    others = [header for header in match.reading.amounts if header not in counting]
    unread = " and ".join(f"'{header}'" for header in others)
    note = (
        f"what was spent is read from '{counting[0]}'; not read, as saying nothing else: {unread}"
    )
    table = with_first(table, counting[0], others, note)
    return table, replace(match, reading=match.profile.read(table.columns))


def _refuse_zones_of_several(table: LandedTable, match: Match) -> None:
    """Keep out times in a zone by a name that several have."""
    values = values_of(table.parquet)
    for header in match.mapping.values():
        zone = header_zone(header)
        if zone and zone.zone is None and (example := local_times(values(header))):
            raise SourceError(
                f"{table.name} has times in '{header}' ({example}), and {zone.text} is the time of "
                f"{zone.places}. Write the header with an offset or a place, as in "
                f"'{zone.name} (UTC+05:30)' or '{zone.name} (America/Chicago)', and import "
                "it again."
            )


def _encodings(
    name: str, columns: tuple[str, ...], sources: Sequence[Source], forced: Source | None
) -> tuple[str, ...]:
    """Give the encodings that the source of a table with these columns is known to use.

    The headers are read as in the west: where one outside ASCII is known so, that is how it reads.
    """
    known = {normalise(header) for source in sources for header in source.header_names()}
    west = western(columns, lambda header: normalise(header) in known)
    if forced:
        return (*forced.profile.encodings, *west)
    try:
        return (*recognise(name, columns, sources).source.profile.encodings, *west)
    except SourceError:
        return west
