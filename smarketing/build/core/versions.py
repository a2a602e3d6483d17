"""Which version of a record is current: merges followed, older versions set aside and counted."""

from __future__ import annotations

import duckdb

from smarketing.build.core.broken import broken
from smarketing.build.core.given_rows import TEXT, write_rows
from smarketing.build.core.views import MAIN
from smarketing.files.quoting import identifier, literal
from smarketing.store.schema import Column, Table, core_tables

SUPERSEDED = "superseded by a newer version"
REPEATED = "its key stands again further down in the file"
SAME = "the same record stands again further down in the file"

_WHOSE = frozenset(("account", "person"))
_KEPT = ("created_at", "owner_id", "channel")
"""Columns that only a narrower export empties of all records of a file."""
_MERGE = (("table_name", TEXT), ("alias_id", TEXT), ("id", TEXT))
Merge = tuple[str, str, str]
"""A core table, the id that was merged away, the id of the record that it is now."""


def follow_merges(connection: duckdb.DuckDBPyConnection) -> None:
    """Point every reference at the surviving record and set the merged ones aside.

    A merged record whose survivor was never exported takes the survivor's id instead. Merges that
    lead in a circle merge nobody; they are written to `merge_circle`, for data health to name.
    """
    rows = connection.execute(
        f'select "table", alias_id, id from {MAIN}.record_alias '
        "order by recorded_at nulls first, _file_id, _row"
    ).fetchall()
    direct = {(table, alias): survivor for table, alias, survivor in rows if alias != survivor}
    merges = _survivors(direct)
    ends = {(table, alias) for table, alias, _ in merges}
    circle = [(*key, survivor) for key, survivor in direct.items() if key not in ends]
    for created, found in ("temp table merges", merges), (f"table {MAIN}.merge_circle", circle):
        write_rows(connection, f"create or replace {created} as", _MERGE, sorted(found))
    if merges:
        for table in core_tables().values():
            _follow(connection, table)


def _survivors(direct: dict[tuple[str, str], str]) -> list[Merge]:
    """Follow chains of merges to their end; a circle has none."""
    found = []
    for table, alias in direct:
        seen, at = {alias}, direct[table, alias]
        while (table, at) in direct and at not in seen:
            seen.add(at)
            at = direct[table, at]
        if at not in seen:
            found.append((table, alias, at))
    return found


def _follow(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    name = f"{MAIN}.{identifier(table.name)}"
    for column in table.columns:
        if column.references is None:
            continue
        if column.references == table.name and table.key == (column.name,):
            _set_aside_merged(connection, table, column.name)
        connection.execute(
            f"update {name} set {identifier(column.name)} = m.id from temp.merges m "
            f"where m.table_name = {literal(column.references)} "
            f"and {name}.{identifier(column.name)} = m.alias_id"
        )


def _set_aside_merged(connection: duckdb.DuckDBPyConnection, table: Table, column: str) -> None:
    name, key = f"{MAIN}.{identifier(table.name)}", identifier(column)
    merged = (
        f"select t.rowid as _id, 'merged into another record' as _why from {name} t "
        f"join temp.merges m on m.table_name = {literal(table.name)} and t.{key} = m.alias_id "
        f"where exists (select 1 from {name} s where s.{key} = m.id)"
    )
    set_aside(connection, table, merged)


def keep_primary(connection: duckdb.DuckDBPyConnection) -> None:
    """Make a person named more than once on a deal in one file primary if any of the rows says so.

    Two roles, or two records merged into one, are then one contact, whatever the order of rows.
    """
    name = f"{MAIN}.deal_contact"
    connection.execute(
        f"update {name} set is_primary = true from ("
        f"select _file_id, deal_id, person_id from {name} group by all "
        "having count(*) > 1 and bool_or(is_primary)) d "
        f"where {name}._file_id = d._file_id and {name}.deal_id = d.deal_id "
        f"and {name}.person_id = d.person_id"
    )


def keep_newest(connection: duckdb.DuckDBPyConnection, table: Table) -> int:
    """Keep the newest version per key of a core table; return how many versions were set aside.

    Newest by the record's own modified stamp, else its file's as-of, else the import's order, else
    the row's place in the file. A version that another of the same file and stamp follows is no
    older one but a key given twice, or the same record in every column. Raises StoreError if a key
    is still held by two records.
    """
    if not _repeats(connection, table):
        return 0
    name = f"{MAIN}.{identifier(table.name)}"
    columns = ", ".join(identifier(column) for column in table.key)
    content = says_hash(table)
    older = f"""
        with repeated as (
            select {key_hash(table)} as key_hash from {name} group by 1 having count(*) > 1
        )
        select _id, case
            when next_file <> _file_id or next_at is distinct from recorded_at
            then {literal(SUPERSEDED)}
            when next_content = content then {literal(SAME)}
            else {literal(REPEATED)} end as _why
        from (
            select rowid as _id, _file_id, recorded_at, row_number() over newer as version,
                lag(_file_id) over newer as next_file, lag(recorded_at) over newer as next_at,
                {content} as content, lag({content}) over newer as next_content
            from {name} semi join repeated on repeated.key_hash = {key_hash(table)}
            window newer as (
                partition by {columns}
                order by recorded_at desc nulls last, _file_id desc, _row desc
            )
        ) where version > 1
    """
    aside = set_aside(connection, table, older)
    if repeats := _repeats(connection, table):
        raise broken(f"{repeats} records of {table.name} share a key")
    return aside


def _repeats(connection: duckdb.DuckDBPyConnection, table: Table) -> int:
    """Count the records whose key another one has."""
    keys = ", ".join(identifier(column) for column in table.key)
    # Hashes tell quickly that no key repeats; two keys may have one, so equal ones prove nothing.
    for told in (f"hash({keys})", f"({keys})"):
        [(count,)] = connection.execute(
            f"select count(*) - count(distinct {told}) from {MAIN}.{identifier(table.name)}"
        ).fetchall()
        if not count:
            return 0
    return int(count)


def key_hash(table: Table, alias: str = "") -> str:
    """Return the expression that hashes a row's key.

    DuckDB's hash of texts of 16 letters and more has one value for many that differ in two places
    (`crm:p214@x20.io`, `crm:p285@x91.io`): each is hashed once more behind another letter.
    """
    dot = f"{alias}." if alias else ""
    keys = [dot + identifier(column) for column in table.key]
    again = [f"hash('~' || {key})" for key in keys]
    return f"hash({', '.join(keys + again)})"


def says_hash(table: Table, alias: str = "") -> str:
    """Return the expression that hashes what a row says, wherever it stands."""
    dot = f"{alias}." if alias else ""
    return f"hash({', '.join(dot + identifier(column.name) for column in table.columns)})"


def lasting(table: Table) -> list[Column]:
    """Return the columns whose values a record keeps: money, beginning, origin, whose it is."""
    return [
        column
        for column in table.columns
        if column.type == "amount"
        or column.name in _KEPT
        or (column.references in _WHOSE and column.name not in table.key)
    ]


def _held(table: Table, alias: str) -> str:
    """Return the expression of which lasting columns of a row are filled, a bit each."""
    names = [identifier(column.name) for column in lasting(table)]
    bits = (f"if({alias}.{name} is null, 0, {1 << at})" for at, name in enumerate(names))
    return " + ".join(("0", *bits))


def set_aside(connection: duckdb.DuckDBPyConnection, table: Table, rows: str) -> int:
    """Move rows (their `_id` and `_why`) from a core table to `superseded`; return how many."""
    name = f"{MAIN}.{identifier(table.name)}"
    connection.execute(f"create or replace temp table aside as {rows}")
    connection.execute(
        f"insert into {MAIN}.superseded select {literal(table.name)}, {key_hash(table, 't')}, "
        f"t._file_id, t._row, a._why, {says_hash(table, 't')}, {_held(table, 't')} "
        f"from {name} t join temp.aside a on a._id = t.rowid"
    )
    [(count,)] = connection.execute(
        f"delete from {name} where rowid in (select _id from temp.aside)"
    ).fetchall()
    return int(count)
