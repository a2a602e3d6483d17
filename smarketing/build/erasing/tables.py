"""Rewriting tables without a person: a landed Parquet file, and every table of a kept build."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from smarketing.build.core.fill import MACHINE
from smarketing.build.erasing.columns import COMMENT, NOBODY, Roles
from smarketing.build.erasing.instead import Instead, near_tables, own_of, told_of
from smarketing.build.erasing.owned import apart, is_cell, owned_rows
from smarketing.build.erasing.person import Known
from smarketing.build.erasing.traces import ERASED, Traces, phone_ends
from smarketing.errors import StoreError
from smarketing.files.quoting import identifier, literal, literals
from smarketing.in_memory import in_memory
from smarketing.store.home import disk_errors, sync

#: A landed table: its file, the name of its source, what its headers are to a person.
Table = tuple[Path, str, Roles]
_TEXT = "VARCHAR"
_LONG = 50_000
"""Rows of a table whose columns are looked through one by one."""
#: Of a build's contacts: what they were about, their page, their side.
_CONTENTS, _PAGES, _SIDES = frozenset({"content"}), frozenset({"url"}), frozenset({"side"})
_CONTACT = frozenset({"person_id", "lead_id", *_CONTENTS, *_PAGES, *_SIDES})


def clean_parquet(path: Path, source: str, roles: Roles, traces: Traces, dry_run: bool) -> int:
    """Erase a person from one landed table; returns how many rows are touched.

    The person's own rows lose every cell that no figure needs; what is written elsewhere of the
    person is replaced.
    """
    connection = in_memory()
    try:
        table = f"read_parquet({literal(str(path))})"
        headers = _text_columns(connection, f"describe select * from {table}")
        traces = apart(path, roles, traces)
        owned = owned_rows(source, roles, traces)
        rest = f"{table} where not coalesce({owned}, false)"
        own = own_of(connection, table, owned, rest, roles, traces)
        is_own = f"{owned} and ({_says_who(roles, traces)} or {_tells(roles, own)})"
        told = told_of(connection, table, headers, traces)
        touched = f"{told.is_said} or ({is_own})"
        rows = _count(connection, f"select count(*) from {table} where {touched}")
        if rows and not dry_run:
            columns = ", ".join(
                f"{_cell(each, roles, traces, owned, told, own)} as {identifier(each)}"
                for each in headers
            )
            _replace_parquet(connection, path, f"select * replace ({columns}) from {table}")
        return rows
    finally:
        connection.close()


def rename_columns(path: Path, told: Mapping[str, str]) -> None:
    """Give columns of a landed table other names."""
    pairs = ", ".join(f"{identifier(old)} as {identifier(new)}" for old, new in told.items())
    connection = in_memory()
    try:
        table = f"read_parquet({literal(str(path))})"
        _replace_parquet(connection, path, f"select * rename ({pairs}) from {table}")
    finally:
        connection.close()


def phones_of(tables: Sequence[Table], traces: Traces) -> frozenset[str]:
    """Return the telephone numbers that are the person's by these tables, by their last digits.

    Those are what the person's own record says, and what own contacts tell and nobody else's do.
    Numbers in the records of other people are theirs.
    """
    people = [table for table in tables if table[2].names or table[2].addresses]
    contacts = [table for table in tables if table not in people]
    sure = set[str]().union(*(_own_phones(*table, traces) for table in people))
    told = set[str]().union(*(_own_phones(*table, traces) for table in contacts)) - sure
    told -= set[str]().union(*(_others_phones(*table, traces, told) for table in contacts))
    found = sure | told
    return frozenset(found.difference(*(_others_phones(*t, traces, found) for t in people)))


def _own_phones(path: Path, source: str, roles: Roles, traces: Traces) -> set[str]:
    return _phones(path, _telling(roles), owned_rows(source, roles, apart(path, roles, traces)))


def _others_phones(
    path: Path, source: str, roles: Roles, traces: Traces, asked: set[str]
) -> set[str]:
    if not asked:
        return set()
    ends = sorted({digits[-2:] for digits in asked})
    near = " or ".join(f"phone like {literal(f'%{end}%')}" for end in ends)
    owned = owned_rows(source, roles, apart(path, roles, traces))
    not_own = f"not coalesce({owned}, false)"
    return _phones(path, _telling(roles), not_own, near) & asked


def _telling(roles: Roles) -> list[str]:
    return sorted(roles.needless | roles.contents | roles.pages | roles.answers)


def _phones(path: Path, headers: Sequence[str], which: str, near: str = "true") -> set[str]:
    if not headers:
        return set()
    columns = ", ".join(f"cast({identifier(header)} as varchar)" for header in headers)
    connection = in_memory()
    try:
        rows = connection.execute(
            f"select distinct phone from (select unnest([{columns}]) as phone "
            f"from read_parquet({literal(str(path))}) where {which}) where {near}"
        ).fetchall()
    finally:
        connection.close()
    return {number for (text,) in rows if text for number in phone_ends(text)}


def _tells(roles: Roles, own: Instead) -> str:
    """Return the condition that a contact of the person's says more than a figure needs."""
    told = {h: _told(h, roles, own) for h in sorted(roles.contents | roles.pages)}
    tests = [f"{identifier(h)} is distinct from {text}" for h, text in told.items()]
    return "(" + " or ".join(tests or ["false"]) + ")"


def _told(header: str, roles: Roles, own: Instead) -> str:
    """Return what stays of what a contact of the person's was about, or of its page."""
    sides = [
        f"lower(trim({identifier(h)})) is distinct from 'sales'" for h in sorted(roles.sides or ())
    ]
    kept = "true" if roles.sides is None else " or ".join(sides or ["false"])
    if header in roles.pages and roles.contents:
        filled = [f"nullif(trim({identifier(h)}), '')" for h in sorted(roles.contents)]
        kept = f"({kept}) and coalesce({', '.join(filled)}) is null"
    return f"case when {kept} then {own.text(header)} end"


def _says_who(roles: Roles, traces: Traces) -> str:
    """Return the condition that a person's own row still says who it is."""
    told = literals([ERASED])
    tests = [f"{identifier(header)} is not null" for header in sorted(roles.needless)]
    tests += [f"{identifier(h)} not in ({told})" for h in sorted(roles.names | roles.answers)]
    mine = literal(rf"{traces.pseudonym}@[\w.-]+")
    tests += [is_cell(identifier(h), traces) for h in sorted(roles.addresses)]
    tests += [
        f"{identifier(h)} like '%@%' and not regexp_full_match({identifier(h)}, {mine})"
        for h in sorted(roles.addresses)
    ]
    return "coalesce(" + " or ".join(tests or ["false"]) + ", false)"


def _cell(
    header: str, roles: Roles, traces: Traces, owned: str, told: Instead, own: Instead
) -> str:
    column, cleaned = identifier(header), told.text(header)
    if header in roles.contents | roles.pages:
        return f"case when {owned} then {_told(header, roles, own)} else {cleaned} end"
    if header in roles.needless:
        return f"case when {owned} then null else {cleaned} end"
    if header in roles.answers:
        return (
            f"case when {owned} and {column} is not null then {literal(ERASED)} else {cleaned} end"
        )
    if header in roles.names:
        before = [f"{identifier(h)} is null" for h in sorted(roles.names) if h < header]
        name = f"case when {' and '.join(before)} then {literal(ERASED)} end"
        name = name if before else literal(ERASED)
        return f"case when {owned} and {column} is not null then {name} else {cleaned} end"
    if header in roles.addresses:
        # Beside the address such a cell may say a name: of one's own the address alone is kept.
        domain = f"regexp_extract({cleaned}, '@([\\w.-]*\\w)[^@]*$', 1)"
        known = f"coalesce(nullif({domain}, ''), 'erased.invalid')"
        address = f"{literal(traces.pseudonym + '@')} || {known}"
        return (
            f"case when {is_cell(column, traces)} then {literal(_unknown(traces))} "
            f"when {owned} and {column} like '%@%' then {address} else {cleaned} end"
        )
    return cleaned


def _unknown(traces: Traces) -> str:
    return traces.cleaned(min(traces.mailboxes, default=""))


def _text_columns(connection: duckdb.DuckDBPyConnection, described: str) -> list[str]:
    rows = connection.execute(described).fetchall()
    return [str(row[0]) for row in rows if row[1] == _TEXT]


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    [(count,)] = connection.execute(query).fetchall()
    return int(count)


def _replace_parquet(connection: duckdb.DuckDBPyConnection, path: Path, query: str) -> None:
    with _written(path.parent):
        handle, name = tempfile.mkstemp(prefix=".", suffix=".erasing", dir=path.parent)
        os.close(handle)
        part = Path(name)
        try:
            connection.execute(f"copy ({query}) to {literal(name)} (format parquet)")
            sync(part)
            part.replace(path)
            sync(path.parent)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def _written(folder: Path) -> Iterator[None]:
    """Say in one sentence what the disk or DuckDB could not do."""
    try:
        with disk_errors(folder):
            yield
    except MACHINE as error:
        raise StoreError(
            f"What is left after erasing could not be written to {folder} "
            f"({str(error).splitlines()[0]}): the erasure is not done. Free some space and run the "
            "same command again, which goes on where this one stopped."
        ) from error


def clean_build(path: Path, known: Known, traces: Traces, dry_run: bool) -> int:
    """Erase a person from one kept build; returns how many rows are touched.

    The file is written anew, since one that was only changed still holds what it held before. What
    is `known` tells the person's own rows, in which the name is erased even where others share it.
    """
    connection = in_memory()
    try:
        connection.execute(f"attach {literal(str(path))} as held (read_only)")
        texts = _texts_of(connection)
        near = near_tables(connection, texts, _long_in(connection), traces)
        hits = {
            held: _hits(connection, held, columns, known, traces, is_near=held in near)
            for held, columns in texts.items()
        }
        rows = sum(rows for rows, _ in hits.values())
        if rows and not dry_run:
            _replace_build(
                connection, path, {table: columns for table, (_, columns) in hits.items()}
            )
        return rows
    finally:
        connection.close()


def _texts_of(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Return the tables of the build that is held, each with its columns of text."""
    found = connection.execute(
        "select table_name, list(column_name order by column_index) "
        f"filter (where data_type = '{_TEXT}') from duckdb_columns() semi join duckdb_tables() "
        "using (database_name, table_oid) where database_name = 'held' "
        "group by table_name, table_oid order by table_oid"
    ).fetchall()
    return {f"held.{identifier(table)}": columns or [] for table, columns in found}


def _long_in(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the tables of the build that is held which have many rows."""
    asked = "select table_name from duckdb_tables() where database_name = 'held'"
    found = connection.execute(f"{asked} and estimated_size >= {_LONG}").fetchall()
    return {f"held.{identifier(table)}" for (table,) in found}


def _hits(
    connection: duckdb.DuckDBPyConnection,
    held: str,
    texts: Sequence[str],
    known: Known,
    traces: Traces,
    *,
    is_near: bool,
) -> tuple[int, dict[str, str]]:
    """Return the rows of a table that name the person, and what its columns are to say instead."""
    told = told_of(connection, held, texts if is_near else (), traces)
    instead = {name: told.text(name) for name in told.headers}
    tests = [told.is_said]
    own_ids = f"person_id in ({literals(sorted(known.ids))})" if known.ids else "false"
    if (known.ids or known.leads) and {*texts} >= _CONTACT:
        leads = f"lead_id in ({literals(sorted(known.leads))})" if known.leads else "false"
        alone = f"{own_ids} or {leads}"
        # Others who took part have the same words in a row of their own.
        same = f"select content, occurred_at from {held} where {alone}"
        mine = f"coalesce({alone} or side = 'sales' and (content, occurred_at) in ({same}), false)"
        rest = f"{held} where not coalesce({alone}, false)"
        roles = replace(NOBODY, contents=_CONTENTS, pages=_PAGES, sides=_SIDES)
        own = own_of(connection, held, mine, rest, roles, traces)
        tests.append(f"{mine} and {_tells(roles, own)}")
        for name in _CONTENTS | _PAGES:
            text = _told(name, roles, own)
            instead[name] = f"case when {mine} then {text} else {told.text(name)} end"
    for header in (COMMENT, "full_name"):
        if known.ids and {header, "person_id"} <= {*texts}:
            is_own = f"{own_ids} and {header} <> {literal(ERASED)}"
            tests.append(is_own)
            # The names of other people are theirs.
            rest = told.text(header) if header == COMMENT else header
            instead[header] = f"case when {is_own} then {literal(ERASED)} else {rest} end"
    if not instead:
        return 0, {}
    touched = " or ".join(f"({test})" for test in tests)
    return _count(connection, f"select count(*) from {held} where {touched}"), instead


def _replace_build(
    connection: duckdb.DuckDBPyConnection, path: Path, told: dict[str, dict[str, str]]
) -> None:
    part = path.with_name(f".building-{path.name}")
    part.unlink(missing_ok=True)
    with _written(path.parent):
        try:
            connection.execute(f"attach {literal(str(part))} as fresh")
            for held, columns in told.items():
                fresh = held.replace("held.", "fresh.", 1)
                pairs = ", ".join(
                    f"{text} as {identifier(column)}" for column, text in columns.items()
                )
                star = f"* replace ({pairs})" if pairs else "*"
                connection.execute(f"create table {fresh} as select {star} from {held}")
            connection.execute("checkpoint fresh")
            connection.execute("detach fresh")
            connection.execute("detach held")
            sync(part)
            part.replace(path)
            sync(path.parent)
        finally:
            part.unlink(missing_ok=True)
            part.with_name(f"{part.name}.wal").unlink(missing_ok=True)
