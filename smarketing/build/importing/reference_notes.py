"""What an import has to say of records that point to others which no file holds."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from smarketing.files.quoting import identifier, numbers
from smarketing.store.schema import core_tables

_TOLD = ("account", "person", "lead", "deal")
"""Whose absence is told: owners need be in no file, and campaigns go by their names too."""
_OWN = "substr({0}, strpos({0}, ':') + 1)"
_BARE = (
    rf"case when regexp_full_match({_OWN}, '[0-9A-Za-z_-]*[1-9A-Za-z_-][0-9A-Za-z_-]*') "
    rf"then ltrim(lower({_OWN}), '0') else "
    rf"regexp_replace(regexp_replace(translate(lower(regexp_replace("
    rf"{_OWN}, '[\s\p{{{{Z}}}}\p{{{{C}}}}{{{{}}}}]', '', 'g')), "
    r"'０１２３４５６７８９', '0123456789'), '[.]0+$', ''), '^0+(.)', '\1') end"
)
"""An id without what exports and spreadsheets change: case, blanks, braces, zeros before it.

Of the many that are letters and digits alone it takes two steps to make it.
"""
_SHORT = "if(length(id) - strpos(id, ':') = 18 and regexp_matches(bare, '[a-z]'), bare[:-4], bare)"
"""Such an id without the three letters that Salesforce puts behind it."""


def reference_notes(
    connection: duckdb.DuckDBPyConnection, ids: Sequence[int]
) -> dict[str, list[str]]:
    """Note of each file the references of a column that lead to no record, and which may be meant.

    Where the source has no record of that kind nothing is said here, as its file may yet come.
    """
    said: dict[str, list[str]] = {}
    pairs = connection.execute(
        "select distinct table_name, column_name, references_table from now.main.dangling "
        "where list_contains(?, references_table) and records > 0 order by all",
        [list(_TOLD)],
    ).fetchall()
    for table, column, target in pairs:
        for sha, *found in _missed(connection, (table, column, target), ids):
            note = _words(table, column, target, found)
            said.setdefault(str(sha), []).append(note)
    return said


def _missed(
    connection: duckdb.DuckDBPyConnection, pair: tuple[str, str, str], ids: Sequence[int]
) -> list[tuple[object, ...]]:
    """Count by file the references that lead nowhere, and those that one record alone may be."""
    table, column, target = pair
    name, key = identifier(column), identifier(core_tables()[target].key[0])
    bare = _BARE.format("id")
    return connection.execute(
        f"""
        with missed as materialized (
            select i.sha256, t.source, t.{name} as id, count(*) as records
            from now.main.{identifier(table)} t
            anti join now.main.{identifier(target)} r on r.{key} = t.{name}
            join now.main.file_info i on i._file_id = t._file_id
            where t.{name} is not null and t._file_id in ({numbers(ids)}) group by all
        ), known as (
            select source, {key} as id, {bare} as bare, {_SHORT} as short
            from now.main.{identifier(target)} where source in (select source from missed)
        ), asked as (
            select distinct source, id, {bare} as bare, {_SHORT} as short from missed
        ), meant as (
            select a.id, min(k.id) as known from asked a
            join known k on k.source = a.source and k.short = a.short
                and (k.bare = a.bare or length(k.bare) <> length(a.bare))
            group by a.id having count(distinct k.id) = 1
        )
        select m.sha256, sum(m.records), min(m.id), sum(m.records) filter (n.known is not null),
            min(m.id) filter (n.known is not null),
            arg_min(n.known, m.id) filter (n.known is not null)
        from missed m left join meant n on n.id = m.id
        where m.source in (select source from known) group by 1 order by 1
        """
    ).fetchall()


def _words(table: str, column: str, target: str, found: Sequence[object]) -> str:
    records, example, near, spelled, known = found
    many = "1 record" if records == 1 else f"{records:,} records"
    first = (
        f"{many} of {table} {'points' if records == 1 else 'point'} to "
        f"{'an' if target[0] in 'aeiou' else 'a'} {target} that no file holds ({column})"
    )
    if not near:
        return (
            f"{first}, for example '{_own(example)}'. Import its record too, or correct the id; "
            "for a name that two records have write the id. One that was deleted needs nothing"
        )
    which = "" if near == records else f" {near:,} of them:"
    return (
        f"{first}.{which} '{_own(spelled)}' may be '{_own(known)}', which is written otherwise. "
        "Export the ids alike in both files, as text, and import them again"
    )


def _own(text: object) -> str:
    """Return an id as its source has it."""
    return str(text).partition(":")[2]
