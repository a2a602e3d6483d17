"""Which rows of a recognised table are records, and which of two columns of one name counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from smarketing.files.headers import clean
from smarketing.files.tables import BadRow, LandedTable, Skipped
from smarketing.sources.languages import LANGUAGES
from smarketing.sources.recognition import Match, Values, has_shape
from smarketing.sources.spend import header_currency
from smarketing.sources.zones import header_zone, zone_above

if TYPE_CHECKING:
    import pyarrow as pa

_ENOUGH, _AT_ONCE, _SHOWN = 200, 2_000, 500
_LOCAL = re.compile(
    r"\d[ T,.]+.*?\d{1,2}[:.]\d\d(?:[:.]\d\d(?:\.\d+)?)?(?:\s?[ap]\.?m\.?)?$", re.IGNORECASE
)
_NESTED = (".records", ".data")
"""How columns of records within records end: `OpportunityContactRoles.records`, `insights.data`."""
_COPY = re.compile(r"(?P<name>.+)_(?P<copy>\d+)")
_ZERO = re.compile(r"(?:\W|[A-Za-z]{3})*0+(?:[.,]0+)?(?:\W|[A-Za-z]{3})*")
_NUMERIC = re.compile(r"[\d\s.,'’()+−-]+")


def values_of(parquet: Path) -> Values:
    """Return what answers a few hundred of the values under a header of a landed table."""

    @cache
    def values(header: str) -> list[str]:
        import pyarrow.parquet as pq

        found: list[str] = []
        with pq.ParquetFile(parquet) as file:
            for batch in file.iter_batches(batch_size=_AT_ONCE, columns=[header]):
                found += [str(v) for v in batch.column(header).to_pylist() if v is not None]
                if len(found) >= _ENOUGH:
                    break
        return found[:_ENOUGH]

    return values


def _landed(parquet: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a landed table, or some of its columns (`pq.read_table` would load pandas)."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(parquet) as file:
        return file.read(columns=columns)


def only_records(table: LandedTable, match: Match) -> LandedTable:
    """Take out of a landed table the rows that have no id of its source's where an id should stand.

    A row that lacks what every record has is a count, a subtotal or a footer; any other is a record
    that cannot be told, and is lost with the reason. A file whose ids are of another shape
    throughout is left as it is: whoever named its source knows better.
    """
    shape = match.source.profile.ids.shape
    if shape is None or not has_shape(match, values_of(table.parquet)):
        return table
    header = match.mapping.get(match.profile.key[0]) if match.profile.key else None
    if header is None:  # a report without ids of its own: each row is a record
        return table
    keys = _landed(table.parquet, [header])[header]
    strange = _without_shape(keys, match.profile.prefix or "", shape)
    return _without(table, match, header, strange) if strange else table


def _without_shape(keys: pa.ChunkedArray, prefix: str, shape: str) -> list[int]:
    """Return the places of the keys that are no ids, blank ones among them."""
    import pyarrow.compute as pc

    trimmed = pc.utf8_trim_whitespace(keys)
    whole = pc.match_substring_regex(trimmed, f"^(?:{shape})$")
    # Of three values, since `pc.fill_null` loads pandas for the False that it would put in.
    other = pc.invert(pc.and_(whole, pc.starts_with(trimmed, prefix)))
    strange = pc.or_kleene(other, pc.is_null(trimmed))
    return [int(place) for place in pc.indices_nonzero(strange).to_pylist()]


def _without(table: LandedTable, match: Match, header: str, strange: Sequence[int]) -> LandedTable:
    import pyarrow.parquet as pq

    whole = _landed(table.parquet)
    rows = whole.take(list(strange)).to_pylist()
    needed = [match.mapping.get(name) for name in match.profile.required]
    others = [name for name in needed if name and name != header]
    part = f"no record: without an id of {match.source.label}, as a count, subtotal or footer"
    lost, skipped, gone = [], 0, set()
    for number, row in zip(strange, rows, strict=True):
        if any(row[name] is None for name in others) or (not others and row[header] is None):
            skipped += 1
        elif row[header] is not None:
            text = ",".join(str(value) for name, value in row.items() if value and name != "_row")
            reason = f"'{row[header]}' is no id of {match.source.label}"
            lost.append(BadRow(row["_row"], text[:_SHOWN], reason, header))
        else:
            continue
        gone.add(number)
    kept = whole.take([n for n in range(whole.num_rows) if n not in gone])
    pq.write_table(kept, table.parquet, compression="snappy")
    return replace(
        table,
        rows=kept.num_rows,
        skipped=(*table.skipped, *([Skipped(part, skipped)] if skipped else [])),
        bad_rows=(*table.bad_rows, *lost),
    )


def standard_columns(table: LandedTable) -> LandedTable:
    """Let of several columns with one header the one that holds most values bear its name.

    An export of a system with a property of one's own that is called like a standard one has both;
    the standard one is the fuller. Each is kept, and a note says which is read.
    """
    groups: dict[str, list[str]] = {}
    first = {column.casefold(): column for column in reversed(table.columns)}
    for column in table.columns:
        copy = _COPY.fullmatch(column)
        name = first.get(copy["name"].casefold()) if copy else None
        if name and _was_renamed(table, column):
            groups.setdefault(name, [name]).append(column)
    for name, columns in groups.items():
        table = _fullest_first(table, name, columns)
    return table


def _was_renamed(table: LandedTable, column: str) -> bool:
    return any(f"is read as '{column}'" in note for note in table.notes)


def _fullest_first(table: LandedTable, name: str, columns: Sequence[str]) -> LandedTable:
    import pyarrow.parquet as pq

    filled = {column: _filled(_landed(table.parquet, [column])) for column in columns}
    values = {column: _values(table, column) for column in columns}
    amounts = any(map(_holds_amounts, values.values()))
    nothing = {column for column in columns if amounts and _is_nothing(values[column])}
    best = max(columns, key=lambda column: (column not in nothing, filled[column]))
    others = [column for column in columns if column != best]
    place = table.columns.index(best) + 1
    note = (
        f"'{name}' is the header of {len(columns)} columns: column {place} is read, with "
        f"{filled[best]:,} values; not read: "
        + ", ".join(
            f"column {table.columns.index(column) + 1} with {filled[column]:,}"
            f"{', each of them 0' if column in nothing and filled[column] else ''}"
            for column in others
        )
    )
    notes = tuple(n for n in table.notes if not any(f"is read as '{c}'" in n for c in columns))
    table = replace(table, notes=(*notes, note))
    if best == name:
        return table
    swap = {best: name, name: best}
    landed = _landed(table.parquet)
    names = [swap.get(column, column) for column in landed.column_names]
    pq.write_table(landed.rename_columns(names), table.parquet, compression="snappy")
    return replace(table, columns=tuple(swap.get(column, column) for column in table.columns))


def _values(table: LandedTable, column: str) -> list[str]:
    return [str(value) for value in _landed(table.parquet, [column])[column].to_pylist() if value]


def _is_nothing(values: Iterable[str]) -> bool:
    """Whether a column is blank, or 0 in every row."""
    return all(_ZERO.fullmatch(value.strip()) for value in values)


def _holds_amounts(values: Sequence[str]) -> bool:
    """Whether values are numbers, of more digits than a flag has."""
    return any(sum(map(str.isdecimal, value)) > 1 for value in values) and all(
        map(_is_number, values)
    )


def differing_copy(table: LandedTable, header: str) -> tuple[str, str, int] | None:
    """Give what two columns of one header say where they differ, and the line; None if nowhere.

    Only where both hold numbers throughout: of others the fuller one is read. 1000 and 1,000.00 are
    one number, and a column of nothing but zeros says nothing.
    """
    copies = [
        column
        for column in table.columns
        if (found := _COPY.fullmatch(column)) and found["name"].casefold() == header.casefold()
    ]
    said = any(note.startswith(f"'{header}' is the header of") for note in table.notes)
    if not (copies and said):
        return None
    rows = _landed(table.parquet, [header, *copies, "_row"]).to_pylist()
    for copy in copies:
        if _is_nothing(row[copy] for row in rows if row[copy]):
            continue
        both = [(row[header], row[copy], row["_row"]) for row in rows if row[header] and row[copy]]
        if all(_is_number(one) and _is_number(other) for one, other, _ in both):
            pairs = (pair for pair in both if not _are_equal(*pair[:2]))
            if (first := next(pairs, None)) is not None:
                return first
    return None


def amounts_that_count(table: LandedTable, headers: Sequence[str]) -> tuple[str, ...]:
    """Return which of several headers of one amount differ in what they say, the first of each.

    A column that is blank, or 0 in every row, says nothing; of two in one currency that say the
    same in every row the first counts. Where all say nothing, the first.
    """
    cells = {
        header: [str(value or "") for value in _landed(table.parquet, [header])[0].to_pylist()]
        for header in headers
    }
    counting: list[str] = []
    for header, said in cells.items():
        of_one = (h for h in counting if _currency_of(h) == _currency_of(header))
        is_again = any(all(map(_say_the_same, said, cells[other])) for other in of_one)
        if not _is_nothing(filter(None, said)) and not is_again:
            counting.append(header)
    return tuple(counting or headers[:1])


def _currency_of(header: str) -> str | None:
    found = header_currency(clean(header))
    return found[1] if found else None


def _say_the_same(one: str, other: str) -> bool:
    """Whether two cells are the same number, or both blank."""
    return one == other or (_is_number(one) and _is_number(other) and _are_equal(one, other))


def _is_number(text: str) -> bool:
    digits = sum(map(str.isdecimal, text))
    return digits > 0 and 2 * digits >= len(text.replace(" ", ""))


def _are_equal(one: str, other: str) -> bool:
    """Answer whether two texts may be one number, in one currency where both name theirs."""
    words = {_NUMERIC.sub("", text) for text in (one, other)} - {""}
    return one == other or (len(words) < 2 and bool(_readings(one) & _readings(other)))


def _readings(text: str) -> set[Decimal]:
    """Return the number that a text is: two where one sign stands before three digits."""
    found = re.sub(r"[^\d.,]", "", text).rstrip(".,")
    *before, last = re.split("[.,]", found)
    signs = [sign for sign in found if sign in ".,"]
    minus = "-" if re.search("[-−(]", text) else ""
    whole = Decimal(f"{minus}{''.join(before)}{last}")
    part = Decimal(f"{minus}{''.join(before)}.{last}") if before else whole
    if len(signs) == 1:
        return {whole, part} if len(last) == len("000") else {part}
    return {part} if len({*signs}) > 1 else {whole}


def _filled(table: pa.Table) -> int:
    import pyarrow.compute as pc

    return int(pc.count(table.column(0), mode="only_valid").as_py())


def with_first(table: LandedTable, column: str, others: Sequence[str], note: str) -> LandedTable:
    """Give a landed table in which a column stands before the others, and say why."""
    import pyarrow.parquet as pq

    place = min(map(table.columns.index, (column, *others)))
    rest = [name for name in table.columns if name != column]
    columns = (*rest[:place], column, *rest[place:])
    if columns != table.columns:
        landed = _landed(table.parquet)
        beside = [name for name in landed.column_names if name not in columns]
        pq.write_table(landed.select([*columns, *beside]), table.parquet, compression="snappy")
    return replace(table, columns=columns, notes=(*table.notes, note))


def local_times(values: Sequence[str]) -> str | None:
    """Return the first of the values that is a time without an offset; None where there is none."""
    return next((value for value in values if _LOCAL.search(value.strip())), None)


def zone_notes(match: Match, values: Values, above: Sequence[str]) -> tuple[str, ...]:
    """Say of the times of which columns a header, or a line above it, names the zone."""
    whole = zone_above(above)
    zones = {header: header_zone(header) or whole for header in match.mapping.values()}
    return tuple(
        f"times of '{header}' are read as those of {zone.shown}"
        for header, zone in zones.items()
        if zone and zone.zone and local_times(values(header))
    )


def nested_note(match: Match, table: LandedTable, values: Values) -> tuple[str, ...]:
    """Say which columns hold records of another kind, as a query of an API takes them along."""
    nested = [
        header
        for header in table.columns
        if header.endswith(_NESTED)
        and header not in match.reading.headers
        and any(value.startswith("[{") for value in values(header))
    ]
    names = ", ".join(f"'{header}'" for header in nested)
    said = "holds" if len(nested) == 1 else "hold"
    return (f"{names} {said} records that are not read: export them by themselves",) * bool(nested)


def language_note(match: Match, table: LandedTable) -> tuple[str, ...]:
    """Say in which language a table's headers were read, and which of them are not known."""
    if match.reading.language is None:
        return ()
    language = LANGUAGES.get(match.reading.language, match.reading.language)
    strange = [clean(c) for c in table.columns if c not in match.reading.headers]
    unread = f"; not known: {', '.join(strange)}" if strange else ""
    return (f"its headers are read as {language} ones of {match.source.label}{unread}",)
