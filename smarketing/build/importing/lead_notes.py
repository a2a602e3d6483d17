"""What an import has to say of leads that are known by their e-mail alone, file by file."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from smarketing.build.core.versions import SUPERSEDED, key_hash
from smarketing.files.quoting import literal
from smarketing.store.schema import core_tables

_OWN_IDS = (
    "give each an id in a column 'Lead ID', draft the source again into another folder and import "
    "the files with it"
)


def lead_notes(
    connection: duckdb.DuckDBPyConnection, before: str | None, ids: Sequence[int]
) -> dict[str, list[str]]:
    """Note the leads that another file has by the same e-mail, of this import or an earlier one."""
    said = _beside(connection, ids)
    for sha, leads in _earlier(connection, before, ids):
        counted = "1 lead" if leads == 1 else f"{leads:,} leads"
        said.setdefault(str(sha), []).append(
            f"{counted} known by e-mail came in on another day in an earlier import, and only the "
            f"inquiry of this file counts now. If each row is an inquiry of its own, {_OWN_IDS}"
        )
    return said


def _earlier(
    connection: duckdb.DuckDBPyConnection, before: str | None, ids: Sequence[int]
) -> list[tuple[object, int]]:
    """Return, by file, how many leads known by e-mail had another day in the build before."""
    if before is None or before == "now":
        return []
    return connection.execute(
        "select i.sha256, count(*) from now.main.lead n "
        f"join {before}.main.lead e on e.lead_id = n.lead_id "
        "join now.main.file_info i on i._file_id = n._file_id "
        "where list_contains($ids, n._file_id) and n.lead_id like '%@%' "
        "and e.created_at <> n.created_at group by 1 order by 1",
        {"ids": list(ids)},
    ).fetchall()


def _beside(connection: duckdb.DuckDBPyConnection, ids: Sequence[int]) -> dict[str, list[str]]:
    """Note the leads of a file that another file of the same import has by the same e-mail."""
    rows = connection.execute(
        "select i.sha256, o.file, count(distinct s.key_hash) from now.main.superseded s "
        f"join now.main.lead l on {key_hash(core_tables()['lead'], 'l')} = s.key_hash "
        "join now.main.file_info i on i._file_id = s._file_id "
        "join now.main.file_info o on o._file_id = l._file_id "
        f"where s.table_name = 'lead' and s.reason = {literal(SUPERSEDED)} "
        "and list_contains($ids, s._file_id) and list_contains($ids, l._file_id) "
        "and l._file_id <> s._file_id and l.lead_id like '%@%' "
        "group by 1, 2 order by 1, 2",
        {"ids": list(ids)},
    ).fetchall()
    said: dict[str, list[str]] = {}
    for sha, other, leads in rows:
        counted = "1 lead counts" if leads == 1 else f"{leads:,} leads count"
        said.setdefault(str(sha), []).append(
            f"{counted} from {other} instead, which has the same e-mail again. If each row is an "
            f"inquiry of its own, {_OWN_IDS}"
        )
    return said
