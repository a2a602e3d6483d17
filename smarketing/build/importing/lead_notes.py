"""What an import has to say of leads that are known by their e-mail alone, file by file."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from smarketing.build.core.versions import SUPERSEDED, key_hash
from smarketing.files.quoting import literal
from smarketing.store.schema import core_tables


def lead_notes(connection: duckdb.DuckDBPyConnection, ids: Sequence[int]) -> dict[str, list[str]]:
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
            "inquiry of its own, give each an id in a column 'Lead ID', draft the source again "
            "into another folder and import the files with it"
        )
    return said
