"""What an import has to say of files whose order decides, and whose days speak for another one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import duckdb

from smarketing.build.core.versions import SUPERSEDED, key_hash, says_hash
from smarketing.files.quoting import identifier, literal
from smarketing.store.schema import core_tables

_BEGAN = ("account", "person", "lead", "deal")
"""Records with a day on which they began: the newest of a file says when it was made at least."""


def order_notes(connection: duckdb.DuckDBPyConnection, ids: Sequence[int]) -> dict[str, list[str]]:
    """Note the files of an import that lose to an earlier export, since it comes after them.

    Records without a stamp of their own are those of the last file that has them. Where a file
    before it knows of records that began later, by a day at least, the order may be the wrong one.
    """
    said: dict[str, list[str]] = {}
    for name in _BEGAN:
        for sha, last, records, mine, theirs, as_of in _older(connection, name, ids):
            after = (as_of + timedelta(days=1)).date()
            counted = f"{records:,} {name} records count" if records != 1 else f"1 {name} counts"
            said.setdefault(str(sha), []).append(
                f"{counted} as {last} says, which comes after this file, though its newest "
                f"one began {(mine - theirs).days:,} days before this file's. If this is the newer "
                f"one, import it once more with --as-of and the day of its export, {after} or later"
            )
    return said


def _older(
    connection: duckdb.DuckDBPyConnection, name: str, ids: Sequence[int]
) -> list[tuple[str, str, int, datetime, datetime, datetime]]:
    table = core_tables()[name]
    held = f"now.main.{identifier(name)}"
    return connection.execute(
        "with began as (select _file_id, max(created_at) as newest "
        f"from {held} where list_contains($ids, _file_id) group by 1) "
        "select i.sha256, o.file, count(*), any_value(mine.newest), any_value(theirs.newest), "
        "any_value(coalesce(o.as_of_at, mine.newest)) "
        f"from now.main.superseded s join {held} t on {key_hash(table, 't')} = s.key_hash "
        "join now.main.file_info i on i._file_id = s._file_id "
        "join now.main.file_info o on o._file_id = t._file_id "
        "join began mine on mine._file_id = s._file_id "
        "join began theirs on theirs._file_id = t._file_id "
        f"where s.table_name = {literal(name)} and s.reason = {literal(SUPERSEDED)} "
        "and list_contains($ids, s._file_id) and list_contains($ids, t._file_id) "
        f"and s._file_id < t._file_id and s.says <> {says_hash(table, 't')} "
        "and t.recorded_at is not distinct from o.as_of_at "
        "and mine.newest >= theirs.newest + interval 1 day "
        "group by 1, 2 order by 1, 2",
        {"ids": list(ids)},
    ).fetchall()
