"""What an import has to say of records that its files leave out and earlier ones hold."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from smarketing.build.core.gone import COUNTED
from smarketing.files.quoting import literal

_LATER = """
select i.sha256, count(*), min(g.id) from now.main.gone_record g
join now.main.file_info i on i._file_id = g._file_id
join now.main.{table} t on t.{table}_id = g.id and t._file_id < g._file_id
where g.table_name = {name} and list_contains($ids, g._file_id)
group by 1 order by 1
"""


def left_out_notes(
    connection: duckdb.DuckDBPyConnection, ids: Sequence[int]
) -> dict[str, list[str]]:
    """Note of each file the leads and deals that the source's SELECT leaves out of it alone.

    An earlier file holds them, and they count as they stand there.
    """
    found: dict[str, list[str]] = {}
    for table in COUNTED:
        query = _LATER.format(table=table, name=literal(table))
        for sha, count, example in connection.execute(query, {"ids": list(ids)}).fetchall():
            found.setdefault(str(sha), []).append(_words(table, int(count), str(example)))
    return found


def _words(table: str, count: int, example: str) -> str:
    many, they, have, are = f"{count:,} {table}s are", "they still count", "has them", "they are"
    if count == 1:
        many, they, have, are = f"1 {table} is", "it still counts", "has it", "it is"
    return (
        f"{many} left out of it by the source's own SELECT ({example}), and {they} as an earlier "
        f"file {have}: if {are} to be gone, let `deleted` of the profile name the column that says "
        "so, or import everything anew with --mode full"
    )
