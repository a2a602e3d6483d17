"""What an import changed: each core table against the build before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from smarketing.build.core.versions import SUPERSEDED, key_hash
from smarketing.build.importing.report import TableBalance
from smarketing.files.quoting import identifier, literal, numbers
from smarketing.store.schema import Table, core_tables


def compare(
    connection: duckdb.DuckDBPyConnection, now: str, before: str | None, file_ids: Sequence[int]
) -> tuple[TableBalance, ...]:
    """Return the balance of every core table that the files produced rows of.

    `now` and `before` are the attached builds; they may be the same one, None when this is the
    first. A record is changed when any of its columns differs; one that lost to a newer version
    from elsewhere is unchanged. Records gone since are counted, whichever files made them.
    """
    known = _tables(connection, before) if before is not None else {}
    here = _counts(connection, now, set(core_tables()))
    there = _counts(connection, before, set(known) & set(core_tables())) if before else {}
    bad = _quarantined(connection, now, file_ids)
    balances = []
    for table in core_tables().values():
        if here[table.name] or there.get(table.name) or bad.get(table.name):
            pair = _Pair(now, before, table, known.get(table.name, set()))
            counts = (here[table.name], there.get(table.name, 0), bad.get(table.name, 0))
            balances.append(_balance(connection, pair, file_ids, counts))
    return tuple(row for row in balances if row.produced or row.removed)


def outdated(
    connection: duckdb.DuckDBPyConnection, now: str, file_ids: Sequence[int]
) -> dict[int, tuple[int, str]]:
    """Return, by file, how many records lost to what an earlier import holds, and a file of it.

    The order of import would have let them win: what is held is dated later.
    """
    files, found = numbers(file_ids), dict[int, tuple[int, str]]()
    touched = connection.execute(
        f"select distinct table_name from {now}.main.superseded "
        f"where _file_id in ({files}) and reason = {literal(SUPERSEDED)}"
    ).fetchall()
    for (name,) in touched:
        table = core_tables()[str(name)]
        rows = connection.execute(
            f"select s._file_id, count(distinct s.key_hash), max(t._file) "
            f"from {now}.main.superseded s join {now}.main.{identifier(table.name)} t "
            f"on {key_hash(table, 't')} = s.key_hash "
            f"where s.table_name = {literal(table.name)} and s._file_id in ({files}) "
            f"and t._file_id < s._file_id and t._file_id not in ({files}) group by 1"
        ).fetchall()
        for file_id, records, held in rows:
            before = found.get(int(file_id), (0, ""))[0]
            found[int(file_id)] = (before + int(records), str(held))
    return found


def _counts(connection: duckdb.DuckDBPyConnection, build: str, tables: set[str]) -> dict[str, int]:
    parts = [
        f"select {literal(table)}, count(*) from {build}.main.{identifier(table)}"
        for table in sorted(tables)
    ]
    rows = connection.execute(" union all ".join(parts)).fetchall() if parts else []
    return {str(table): int(count) for table, count in rows}


def _quarantined(
    connection: duckdb.DuckDBPyConnection, build: str, file_ids: Sequence[int]
) -> dict[str, int]:
    rows = connection.execute(
        f"select table_name, count(distinct hash(_file_id, row)) from {build}.main.quarantine "
        f"where table_name is not null and _file_id in ({numbers(file_ids)}) group by 1"
    ).fetchall()
    return {str(table): int(count) for table, count in rows}


@dataclass(frozen=True)
class _Pair:
    """A core table in two builds; `known` are the columns it has in the one before."""

    now_build: str
    before_build: str | None
    table: Table
    known: set[str]

    @property
    def now(self) -> str:
        """The table in the new build."""
        return f"{self.now_build}.main.{identifier(self.table.name)}"

    @property
    def before(self) -> str:
        """The table in the build before."""
        return f"{self.before_build}.main.{identifier(self.table.name)}"


def _tables(connection: duckdb.DuckDBPyConnection, build: str) -> dict[str, set[str]]:
    rows = connection.execute(
        "select table_name, column_name from duckdb_columns() "
        f"where database_name = {literal(build)} and schema_name = 'main'"
    ).fetchall()
    found: dict[str, set[str]] = {}
    for table, column in rows:
        found.setdefault(table, set()).add(column)
    return found


def _balance(
    connection: duckdb.DuckDBPyConnection,
    pair: _Pair,
    file_ids: Sequence[int],
    counts: tuple[int, int, int],
) -> TableBalance:
    """Return the balance of a table, of which `counts` are the rows now, before and in quarantine.

    What is gone is what was there and what is new, less what is there.
    """
    files, table = numbers(file_ids), pair.table
    now, before, bad = counts
    lost = _number(
        connection,
        f"select count(distinct s.key_hash) from {pair.now_build}.main.superseded s "
        f"where s.table_name = {literal(table.name)} and s._file_id in ({files}) and not exists ("
        f"select 1 from {pair.now} t "
        f"where t._file_id in ({files}) and {key_hash(table, 't')} = s.key_hash)",
    )
    new, changed, same = _versions(connection, pair, files)
    removed = max(0, before + new - now) if pair.known else 0
    produced = new + changed + same + lost + bad
    return TableBalance(table.name, produced, new, changed, same + lost, bad, removed)


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    [(count,)] = connection.execute(sql).fetchall()
    return int(count)


def _versions(
    connection: duckdb.DuckDBPyConnection, pair: _Pair, files: str
) -> tuple[int, int, int]:
    """Count the current records of the files that are new, changed and unchanged."""
    here = f"select count(*) from {pair.now} where _file_id in ({files})"
    if not pair.known:
        return _number(connection, here), 0, 0
    if pair.before_build == pair.now_build:
        return 0, 0, _number(connection, here)
    same = " and ".join(
        f"n.{identifier(column)} is not distinct from e.{identifier(column)}"
        for column in _columns(pair.table)
        if column in pair.known
    )
    keys = " and ".join(
        f"n.{identifier(column)} = e.{identifier(column)}" for column in pair.table.key
    )
    [(new, changed, unchanged)] = connection.execute(
        f"""
        select
            count(*) filter (where e._row is null),
            count(*) filter (where e._row is not null and not ({same})),
            count(*) filter (where e._row is not null and ({same}))
        from (select * from {pair.now} where _file_id in ({files})) n
        left join {pair.before} e on {keys}
        """
    ).fetchall()
    return int(new), int(changed), int(unchanged)


def _columns(table: Table) -> list[str]:
    found = []
    for column in table.columns:
        found.append(column.name)
        if column.type == "instant":
            found.append(f"{column.name}_has_time")
    return found
