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
    A later correction keeps the e-mail address or the day on which a record began.
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
    told = ", ".join(f"if(n.{c} <> o.{c}, '{c}', null)" for c in columns)
    rows = connection.execute(
        f"""
        select later, earlier, count(*), count(*) filter (other),
            arg_min(id, _row) filter (other), arg_min(told, _row) filter (other)
        from (
            select n._file_id as later, o._file_id as earlier, n._row, n.{key} as id,
                not ({same}) as other, concat_ws(' ', {told}) as told
            from {name} n
            join {name} o on o.{key} = n.{key} and o._file_id < n._file_id
                and o._file_id in ({numbers(earlier)})
            where n._file_id in ({numbers(file.file_id for file in later)})
                and {" + ".join(both)} >= {_TOLD}
        )
        group by all
        having count(*) filter (other) >= {_TOLD} and 2 * count(*) filter (other) > count(*)
        order by 1, 4 desc, 2
        """
    ).fetchall()
    return [row for row in rows if kinds.get(row[0]) == kinds.get(row[1])]
