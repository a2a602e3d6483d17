"""Ids that begin anew: a later file gives those of an earlier one to other records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from smarketing.build.core.broken import AmbiguousError
from smarketing.build.core.views import MAIN, RawFile
from smarketing.files.quoting import identifier, numbers
from smarketing.sources import Source
from smarketing.store.schema import core_tables

_LASTING: Mapping[str, Mapping[str, str]] = {
    "account": {"name": "name", "domain": "domain", "created_at": "creation date"},
    "campaign": {"name": "name", "starts_on": "first day"},
    "contract": {"account_id": "company", "starts_on": "first day"},
    "cost": {"incurred_on": "day", "amount": "amount"},
    "deal": {
        "name": "name",
        "account_id": "company",
        "amount": "amount",
        "created_at": "creation date",
    },
    "feedback": {"account_id": "company", "person_id": "person", "asked_at": "day"},
    "lead": {"person_id": "person", "account_id": "company", "created_at": "creation date"},
    "person": {"email": "e-mail address", "full_name": "name", "created_at": "creation date"},
    "touch": {"person_id": "person", "lead_id": "lead", "occurred_at": "time"},
}
"""What a record keeps, by table; where all that both versions say of it differs, they are two."""
_TOLD = 2
"""So many of these must both versions say, and so many records be others."""
_COUNTED = r"(?i)[a-z]*[^a-z0-9]*(\d{1,4}[^a-z0-9]+)?\d{1,9}"
"""Ids that count: those that a system draws once for all, long or of letters, never begin anew."""
_ZONES, _QUARTER = 14 * 3600, 900
"""Seconds that the clocks of two exports may be apart at most, and of which that is a multiple."""
_NO_DAYS = "null::date as mine, null::date as theirs"
_BEFORE = ", imported before,"
_REPLACED = (
    "; if these files replace all earlier ones of their source, import them with --mode full"
)


def check_restarts(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[RawFile],
    sources: Mapping[str, Source],
    importing: str | None,
) -> None:
    """Raise AmbiguousError for files of the running import whose ids begin anew.

    Where most of the records that two files of one kind both name are others in each, nothing says
    which records an id means: the files of that source would overwrite them, and lead to them.
    A later correction keeps the e-mail address or the day on which a record began, or tells them in
    another way: most words of a name, a mailbox at another domain, an hour of another time zone.
    Costs of the months after all that they would replace are others, whatever they amount to.
    """
    new = [file for file in files if file.import_id == importing]
    firsts: dict[tuple[str, str | None], int] = {}
    for file in files:
        firsts.setdefault((file.source, file.object), file.file_id)
    later = [file for file in new if firsts[file.source, file.object] < file.file_id]
    if not later:
        return
    refusals: dict[int, str] = {}
    for table in _LASTING:
        for number, other, shared, others, example, told in _pairs(connection, table, files, later):
            mine, earlier = _by_number(files, number), _by_number(files, other)
            key = example.removeprefix(f"{mine.source}:")
            words = [_LASTING[table][name] for name in told.split()]
            before, replaced = ("", "") if earlier in new else (_BEFORE, _REPLACED)
            advice = _apart(sources[mine.source], table, key)
            refusals.setdefault(
                number,
                f"{mine.table.name}: {others:,} of the {shared:,} ids that it shares with "
                f"{earlier.table.name}{before} stand for other records there ('{key}' has another "
                f"{' and another '.join(words)}): it would overwrite them. {advice}{replaced}.",
            )
    refused = [_by_number(files, number) for number in refusals]
    for file in new:
        first = next((f.table.name for f in refused if f.source == file.source), None)
        if first is not None:
            left = f"{file.table.name} is left out with {first}, whose ids begin anew."
            refusals.setdefault(file.file_id, left)
    if refusals:
        raise AmbiguousError(refusals)


def _apart(source: Source, table: str, key: str) -> str:
    """Say how records of the same ids are told apart: those of a system have the ids it gave."""
    if source.is_builtin and not source.profile.exact:
        return (
            f"If it is of another account of {source.label}, import it with --source and a folder "
            f"whose profile.yaml says 'name: {source.name}_2' and 'extends: {source.name}'"
        )
    return (
        f"If each export counts from 1, give each {table} an id of its own in all files, as by the "
        f"year before it (2026-{key}), and import again"
    )


def _by_number(files: Sequence[RawFile], number: int) -> RawFile:
    return next(file for file in files if file.file_id == number)


def _pairs(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    files: Sequence[RawFile],
    later: Sequence[RawFile],
) -> list[tuple[int, int, int, int, str, str]]:
    """Return the pairs of files of one kind that name other records by the same ids.

    The later file, the earlier one, how many ids of both can be compared, how many of them stand
    for other records, the first of these and what of it differs.
    """
    kinds = {file.file_id: (file.source, file.object) for file in files}
    alike = {kinds[file.file_id] for file in later}
    earlier = [number for number, kind in kinds.items() if kind in alike]
    key, columns = core_tables()[table].key[0], list(_LASTING[table])
    name = f"{MAIN}.{identifier(table)}"
    both = [f"if(n.{c} is null or o.{c} is null, 0, 1)" for c in columns]
    same = " or ".join(f"coalesce(n.{c} = o.{c}, false)" for c in columns)
    retold = " or ".join(f"coalesce({_alike(c)}, false)" for c in columns)
    told = ", ".join(f"if(n.{c} <> o.{c}, '{c}', null)" for c in columns)
    day = "n.incurred_on as mine, o.incurred_on as theirs" if table == "cost" else _NO_DAYS
    among = f"n._file_id in ({numbers(file.file_id for file in later)})"
    if not connection.execute(f"from {name} n where {among} limit 1").fetchall():
        return []
    rows = connection.execute(
        f"""
        with pair as (
            select n._file_id as later, o._file_id as earlier, n._row, n.{key} as id,
                case when {same} then false else not ({retold}) end as other,
                concat_ws(' ', {told}) as told, {day}
            from {name} n
            join {name} o on o.{key} = n.{key} and o._file_id < n._file_id
                and o._file_id in ({numbers(earlier)})
            where {among}
                and regexp_full_match(substr(n.{key}, instr(n.{key}, ':') + 1), '{_COUNTED}')
                and {" + ".join(both)} >= {_TOLD}
        ),
        record as (
            select later, earlier, id, min(_row) as _row, bool_and(other) as other,
                arg_min(told, _row) as told, min(mine) as mine, max(theirs) as theirs
            from pair group by later, earlier, id
        ),
        compared as (
            select later, earlier, count(*) as shared, count(*) filter (other) as others,
                arg_min(id, _row) filter (other) as example,
                arg_min(told, _row) filter (other) as told,
                coalesce(count(*) > {_TOLD}
                    and date_trunc('month', min(mine)) > date_trunc('month', max(theirs)), false)
                    as is_next,
                arg_min(id, _row) as first, arg_min(told, _row) as first_told
            from record group by later, earlier
        )
        select later, earlier, shared, if(is_next, shared, others), if(is_next, first, example),
            if(is_next, first_told, told)
        from compared
        where is_next or (others >= {_TOLD} and 2 * others > shared)
        order by 1, 4 desc, 2
        """
    ).fetchall()
    return [row for row in rows if kinds.get(row[0]) == kinds.get(row[1])]


def _alike(column: str) -> str:
    """Return the condition that two values of a column may be one, told in another way."""
    if column in ("name", "full_name"):
        mine, theirs = _words(f"n.{column}"), _words(f"o.{column}")
        shared = f"len(list_intersect({mine}, {theirs}))"
        return f"2 * {shared} > least(len({mine}), len({theirs}))"
    if column in ("email", "person_id"):
        mine, theirs = f"split_part(n.{column}, '@', 1)", f"split_part(o.{column}, '@', 1)"
        return f"contains(n.{column}, '@') and {mine} = {theirs}"
    if column == "created_at":
        apart = f"abs(epoch(n.{column}) - epoch(o.{column}))"
        return f"{apart} <= {_ZONES} and {apart} % {_QUARTER} = 0"
    return "false"


def _words(text: str) -> str:
    return f"list_distinct(regexp_extract_all(lower(strip_accents({text})), '[\\p{{L}}\\p{{N}}]+'))"
