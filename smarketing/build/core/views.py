"""The landed files as views: one per object of a source, under canonical headers, as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from smarketing.build.core.decimals import Sign
from smarketing.build.core.orders import Order
from smarketing.files.quoting import identifier, literal
from smarketing.files.tables import LandedTable
from smarketing.sources.flags import NO_DAY
from smarketing.sources.objects import ObjectProfile, Reading
from smarketing.sources.profile import Source
from smarketing.sources.selects import every_view
from smarketing.store.schema import core_tables

MAIN = "build.main"
"""Where a build is made: the schema of the attached file."""
RAW = "raw"
"""The attached in-memory database whose schemas, one per source, hold the views."""
_FEW_CELLS = 500_000
"""Cells of an object up to which it is held as a table: planning it for each SELECT is dearer."""


_MARKS = {
    "_fivetran_deleted": "coalesce(flag_value({0}), false)",
    "__deleted": "coalesce(flag_value({0}), false)",
    "__hevo__marked_deleted": "coalesce(flag_value({0}), false)",
    "_sdc_deleted_at": "coalesce(not_missing({0}), '') <> ''",
    "_ab_cdc_deleted_at": "coalesce(not_missing({0}), '') <> ''",
}
"""Columns in which connectors that land a source's tables keep what was deleted there."""
_DAY = "[1-9].*[0-9].*[0-9].*[0-9]"
"""What a day is like, and neither a flag nor 0000-00-00."""
_OWN_MARK = "_gone"
"""The column for what they mark of an object that knows no deletion of its own."""


@dataclass(frozen=True)
class RawFile:
    """One landed table on its way into a build.

    `file_id` runs in import order, then in the order of the import. `object` is None when the
    source's present profile no longer recognises the table; `as_of` is UTC, None when not given.
    `decimal` and `date_order` are what the import said of the file.
    """

    file_id: int
    import_id: str
    imported_at: datetime
    mode: str
    file: str
    sha256: str
    source: str
    object: str | None
    table: LandedTable
    parquet: Path
    as_of: datetime | None
    decimal: Sign | None = None
    date_order: Order | None = None


def make_views(
    connection: duckdb.DuckDBPyConnection, source: Source, files: Sequence[RawFile]
) -> list[str]:
    """Make a schema for a source with a view per object and, where a SELECT asks, its current one.

    Return the SELECTs of which records of which tables were deleted (`table_name`, `id`).

    `<Object>_current` holds the newest version per key: by modified stamp, of one stamp the
    deletion, else import order; without stamps a connector's mark holds until a later file. What
    that version says was deleted is in neither view, in no version; `<Object>_every` has it.
    """
    schema, deleted = _schema(source), list[str]()
    connection.execute(f"create schema {schema}")
    connection.execute(f"use {schema}")
    for name, item in source.objects.items():
        mine = [file for file in files if file.object == name]
        every = identifier(every_view(name))
        held = "table" if _cells(mine) <= _FEW_CELLS else "view"
        connection.execute(f"create {held} {every} as {_object(source, name, mine)}")
        is_asked = _asked(source, f"{name}_current")
        is_flagged = _tell_deleted(item, mine)
        newest = every
        if item.key and (is_asked or is_flagged):
            newest = _newest(connection, name, item, mine)
        kept = _without_deleted(item, newest) if is_flagged else ""
        deleted += _deleted(source, name, newest) if kept else ()
        views = {name: every} | ({f"{name}_current": newest} if is_asked else {})
        for view, rows in views.items():
            kind = "view" if rows == every and not kept else held
            columns = f"v.* exclude ({_OWN_MARK})" if kept and not item.deleted else "v.*"
            connection.execute(
                f"create {kind} {identifier(view)} as select {columns} from {rows} v {kept}"
            )
    return deleted


def drop_views(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Take a source's views away once it is filled: the next one's SQL has its own alone."""
    connection.execute(f"drop schema {_schema(source)} cascade")


def _cells(files: Iterable[RawFile]) -> int:
    return sum(file.table.rows * len(file.table.columns) for file in files)


def _schema(source: Source) -> str:
    return f"{RAW}.{identifier('source_' + source.name)}"


def _object(source: Source, name: str, files: Sequence[RawFile]) -> str:
    item = source.objects[name]
    readings = [(file, item.read(file.table.columns)) for file in files]
    known = {column.casefold() for column in (*item.columns, *item.families)}
    extra: dict[str, str] = {}
    for file, reading in readings:
        for header in sorted(set(file.table.columns) - reading.headers):
            if header.casefold() not in known:
                extra.setdefault(header.casefold(), header)
    is_marking = bool(item.key and not item.deleted and _are_marked(files))
    parts = []
    for file, reading in readings:
        own = {header.casefold(): header for header in file.table.columns}
        gone = _gone(file.table.columns)
        columns = _canonical(source, item, reading, gone)
        columns += [_named(column, own.get(key)) for key, column in sorted(extra.items())]
        columns += ["_row", f"cast({file.file_id} as integer) as _file_id"]
        columns += [f"if({gone or 'false'}, 'true', 'false') as {_OWN_MARK}"] if is_marking else []
        left_out = f" where not ({gone})" if gone and not (item.deleted or item.key) else ""
        rows = f"read_parquet({literal(str(file.parquet))})"
        parts.append(f"select {', '.join(columns)} from {rows}{left_out}")
    if not parts:
        columns = _canonical(source, item, Reading({}))
        columns += ["cast(null as bigint) as _row", "cast(null as integer) as _file_id"]
        return f"select {', '.join(columns)} where false"
    return " union all ".join(parts)


def is_marked(headers: Iterable[str]) -> bool:
    """Return whether a connector may have marked rows of a table that the source has no longer."""
    return bool(_gone(headers))


def _are_marked(files: Iterable[RawFile]) -> bool:
    return any(is_marked(file.table.columns) for file in files)


def _tell_deleted(item: ObjectProfile, files: Sequence[RawFile]) -> bool:
    """Return whether rows of an object's files may tell that they were deleted."""
    own = any(item.deleted in item.mapping(file.table.columns) for file in files)
    return bool(item.deleted or item.key) and (own or _are_marked(files))


def _gone(headers: Iterable[str]) -> str:
    """Return the condition by which a connector marks rows that the source no longer has."""
    return " or ".join(
        _MARKS[header.casefold()].format(f"trim({identifier(header)})")
        for header in headers
        if header.casefold() in _MARKS
    )


def _canonical(source: Source, item: ObjectProfile, reading: Reading, gone: str = "") -> list[str]:
    """Return the columns of an object: text, complete ids, lists, and a list for each family.

    A row that is `gone` is told as the source tells what was deleted.
    """
    ids, found = source.profile.ids, []
    for column in item.columns:
        header = reading.mapping.get(column)
        if column in item.lists:
            value = identifier(header) if header else "null"
            text = f"listed(cast({value} as varchar), {literal(item.lists[column])})"
            found.append(f"{text} as {identifier(column)}")
        elif column == item.deleted and gone:
            value = identifier(header) if header else "null"
            found.append(f"if({gone}, 'true', cast({value} as varchar)) as {identifier(column)}")
        elif header and ids.completed and ids.are_in(column, item):
            found.append(f"completed_id({identifier(header)}) as {identifier(column)}")
        else:
            found.append(_named(column, header))
    found += [_family(name, reading.families.get(name, ())) for name in item.families]
    if item.spend:
        code = literal(reading.currency) if reading.currency else "cast(null as varchar)"
        found.append(f"{code} as _header_currency")
    return found


def _named(column: str, header: str | None) -> str:
    value = identifier(header) if header is not None else "cast(null as varchar)"
    return f"{value} as {identifier(column)}"


def _family(name: str, members: Sequence[tuple[str, str]]) -> str:
    """Return the list of what a row has in a family's columns: name and value, blanks left out."""
    pairs = ", ".join(
        f"{{'name': {literal(text)}, 'value': nullif(trim({identifier(header)}), '')}}"
        for header, text in members
    )
    value = f"list_filter([{pairs}], lambda m: m['value'] is not null)" if members else "[]"
    return f"cast({value} as struct(name varchar, value varchar)[]) as {identifier(name)}"


def _asked(source: Source, view: str) -> bool:
    word = re.compile(rf"\b{re.escape(view)}\b", re.IGNORECASE)
    return any(word.search(select.sql) for group in source.selects.values() for select in group)


def _newest(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    profile: ObjectProfile,
    files: Sequence[RawFile],
) -> str:
    """Return the view of the newest version per key.

    What a connector marked as deleted is so until a later file, where there are no stamps.
    """
    every = identifier(every_view(name))
    if not _repeats(connection, every, ", ".join(_keys(profile))):
        return every
    keys = [f"k{place}" for place in range(len(profile.key))]
    taken = ", ".join(f"{part} as {k}" for part, k in zip(_keys(profile), keys, strict=True))
    stamp = f"trim({identifier(profile.modified)})" if profile.modified else "cast(null as varchar)"
    gone = _is_deleted(profile) if _tell_deleted(profile, files) else "false"
    file = "if(stamp is null, _file_id, null) desc," if _are_marked(files) else ""
    rows, newest = identifier(f"{name}_newest_rows"), identifier(f"{name}_newest")
    connection.execute(
        f"""
        create table {rows} as
        with given as materialized (
            select _file_id, _row, {taken}, {gone} as gone, {stamp} as said from {every}
        ),
        fast as materialized (select *, fast_instant(said) as fast from given),
        texts as materialized (
            select *, case when fast is null then date_text(said) end as text from fast
        ),
        stamped as materialized (select *, stamp_value(said, fast, text) as stamp from texts)
        select _file_id, _row from (
            select *, row_number() over (
                partition by {", ".join(keys)}
                order by stamp desc nulls last, {file} gone desc, _file_id desc, _row desc
            ) as version
            from stamped
        ) where version = 1 or {" or ".join(f"{k} is null" for k in keys)}
        """
    )
    connection.execute(
        f"create view {newest} as select v.* from {every} v semi join {rows} r "
        "on v._file_id = r._file_id and v._row = r._row"
    )
    return newest


def _without_deleted(profile: ObjectProfile, newest: str) -> str:
    """Return the condition that a record `v` was not deleted by its newest version."""
    if not profile.key:
        return f"where not {_is_deleted(profile)}"
    same = " and ".join(f"trim(g.{c}) = trim(v.{c})" for c in map(identifier, profile.key))
    gone = _is_deleted(profile, "g.")
    lacks = " or ".join(f"v.{identifier(column)} is null" for column in profile.key)
    alone = f"({lacks}) and {_is_deleted(profile, 'v.')}"
    return f"where not exists (select 1 from {newest} g where {same} and {gone}) and not ({alone})"


def _deleted(source: Source, name: str, newest: str) -> Iterator[str]:
    """Give the SELECTs of the leads, deals … that the newest version of an object calls deleted."""
    item = source.objects[name]
    for table, selects in source.selects.items():
        is_its = any(select.object == name for select in selects)
        if is_its and core_tables()[table].key == (f"{table}_id",) and len(item.key) == 1:
            key = identifier(item.key[0])
            yield (
                f"select distinct {literal(table)} as table_name, "
                f"{literal(source.name + ':')} || id_text({key}) as id "
                f"from {newest} g where {_is_deleted(item, 'g.')} and {key} is not null"
            )


def _is_deleted(profile: ObjectProfile, of: str = "") -> str:
    """Return the condition that a row says its record is gone: by a flag, or by the day it went."""
    told = f"trim({of}{identifier(profile.deleted or _OWN_MARK)})"
    day = f"regexp_matches({told}, {literal(_DAY)})"
    none = f"regexp_matches({told}, {literal(NO_DAY)})"
    return f"coalesce(flag_value({told}), {day} and not {none}, false)"


def _keys(profile: ObjectProfile) -> list[str]:
    return [f"trim({identifier(column)})" for column in profile.key]


def _repeats(connection: duckdb.DuckDBPyConnection, view: str, key: str) -> bool:
    row = connection.execute(
        f"select count(*) > count(distinct hash({key})) from {view}"
    ).fetchone()
    return bool(row and row[0])
