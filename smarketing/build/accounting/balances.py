"""Where every row of every file went, which references lead nowhere, how fresh each source is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from smarketing.build.accounting.as_of import AsOf
from smarketing.build.again.renew import Earlier
from smarketing.build.core.given_rows import DAY, INT, NUMBER, TEXT, TIME, write_rows
from smarketing.build.core.rows import UNKNOWN
from smarketing.build.core.select_shape import is_plain
from smarketing.build.core.tables import filled_tables
from smarketing.build.core.views import MAIN, RawFile, is_marked
from smarketing.files.quoting import identifier, literal, literals, numbers
from smarketing.sources import Source, TableSelect
from smarketing.store.balance import NOT_RECOGNISED, SOURCE_GONE
from smarketing.store.schema import Table, core_tables

COST, TOUCH, PERSON = "cost", "touch", "person"
NOT_READ = "no table reads it"
MARKED = "marked as deleted by the connector that landed it"


@dataclass(frozen=True)
class FileCount:
    """The balance of one landed table: used, quarantined, and the unused rows by reason."""

    file: RawFile
    used: int
    quarantined: int
    unused: tuple[tuple[str, int], ...]

    @property
    def rows(self) -> int:
        """Records of the table: landed, skipped and lost."""
        return self.file.table.records


def lacks_a_contact(place: str, of: str) -> str:
    """Return the condition that of a row in quarantine only the name of a contact is nobody's.

    The deal is read all the same. `of` is what the quarantine of the build `place` is called.
    """
    return (
        f"({of}.table_name is not distinct from 'deal_contact' "
        f"and {of}.column_name is not distinct from {literal(UNKNOWN.name)} "
        f"and exists (select 1 from (select _file_id, _row from {place}.deal union all "
        f"select _file_id, _row from {place}.superseded where table_name = 'deal') d "
        f"where d._file_id = {of}._file_id and d._row = {of}.row))"
    )


_BAD = f"(from {MAIN}.quarantine b where not {lacks_a_contact(MAIN, 'b')})"
"""What is in quarantine, deals aside that are read."""


def count_files(
    connection: duckdb.DuckDBPyConnection, files: Sequence[RawFile], sources: Mapping[str, Source]
) -> list[FileCount]:
    """Count for each file the rows that drive a current core row, those in quarantine, the rest.

    A row of which any part is in quarantine counts there, whatever else it drives; a deal without
    the contact that it names counts as a deal.
    """
    quarantined = _per_file(
        connection, f"select _file_id, count(distinct row) from {_BAD} group by 1"
    )
    aside = _per_file(connection, f"select _file_id, count(*) from {MAIN}.superseded group by 1")
    used = _plainly_used(connection, files, sources, quarantined)
    superseded: dict[int, dict[str, int]] = {}
    for tables, group in _by_tables(files, sources).items():
        ids = [number for number in group if number not in used]
        if ids:
            used |= _used(connection, tables, ids)
            superseded |= _set_aside(connection, tables, [n for n in ids if n in aside])
    return [_count(file, sources, used, quarantined, superseded) for file in files]


def _plainly_used(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[RawFile],
    sources: Mapping[str, Source],
    quarantined: Mapping[int, int],
) -> dict[int, int]:
    """Return the files of which every row drives one core row, as far as a plain count tells.

    It does where the only SELECT over them takes its object's rows one by one, which spares
    counting the distinct rows of the largest tables.
    """
    found: dict[int, int] = {}
    for source in sources.values():
        for select in _alone(source):
            counts = _per_file(
                connection,
                f"select _file_id, count(*) from {MAIN}.{identifier(select.core_table)} group by 1",
            )
            found |= {
                file.file_id: file.table.rows
                for file in files
                if (file.source, file.object) == (source.name, select.object)
                and file.file_id not in quarantined
                and counts.get(file.file_id) == file.table.rows
            }
    return found


def _alone(source: Source) -> list[TableSelect]:
    """Return the SELECTs of a source that are plain and the only ones over their object.

    Those of costs are not counted so: a row may be spread over days, or counted from elsewhere.
    """
    selects = [select for group in source.selects.values() for select in group]
    times = Counter(select.object for select in selects)
    return [
        select
        for select in selects
        if times[select.object] == 1 and select.core_table != COST and is_plain(select.sql)
    ]


def _per_file(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[int, int]:
    return {int(number): int(count) for number, count in connection.execute(sql).fetchall()}


def _by_tables(
    files: Sequence[RawFile], sources: Mapping[str, Source]
) -> dict[tuple[str, ...], list[int]]:
    """Group the files by the core tables that their object fills.

    Of a report of spend only cost counts: a row that names a campaign and no cost is not used. Nor
    is one of an activity that was not held, though it names a person: the touches count.
    """
    found: dict[tuple[str, ...], list[int]] = {}
    for file in files:
        source = sources.get(file.source)
        tables = tuple(
            table
            for table, group in (source.selects if source else {}).items()
            if any(select.object == file.object for select in group)
        )
        if source and file.object and source.objects[file.object].spend:
            tables = (COST,)
        elif set(tables) == {TOUCH, PERSON}:
            tables = (TOUCH,)
        if tables:
            found.setdefault(tables, []).append(file.file_id)
    return found


def _rows_of(tables: Sequence[str], ids: Sequence[int]) -> str:
    return " union all ".join(
        f"select _file_id, _row from {MAIN}.{identifier(table)} where _file_id in ({numbers(ids)})"
        for table in tables
    )


def _used(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[str], ids: Sequence[int]
) -> dict[int, int]:
    return _per_file(
        connection,
        f"select u._file_id, count(distinct u._row) from ({_rows_of(tables, ids)}) u "
        f"anti join {_BAD} q on q._file_id = u._file_id and q.row = u._row group by 1",
    )


def _set_aside(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[str], ids: Sequence[int]
) -> dict[int, dict[str, int]]:
    """Count by reason the rows whose every version was set aside."""
    rows = connection.execute(
        f"""
        select s._file_id, s.reason, count(distinct s._row)
        from (
            select _file_id, _row, min(reason) as reason from {MAIN}.superseded
            where table_name in ({literals(tables)}) and _file_id in ({numbers(ids)})
            group by 1, 2
        ) s
        anti join ({_rows_of(tables, ids)}) u on u._file_id = s._file_id and u._row = s._row
        anti join {_BAD} q on q._file_id = s._file_id and q.row = s._row
        group by 1, 2
        """
    ).fetchall()
    found: dict[int, dict[str, int]] = {}
    for number, reason, count in rows:
        found.setdefault(int(number), {})[str(reason)] = int(count)
    return found


def _count(
    file: RawFile,
    sources: Mapping[str, Source],
    used: Mapping[int, int],
    quarantined: Mapping[int, int],
    superseded: Mapping[int, Mapping[str, int]],
) -> FileCount:
    reasons: dict[str, int] = {}
    skipped = ((part.reason, part.rows) for part in file.table.skipped)
    for reason, rows in (*skipped, *superseded.get(file.file_id, {}).items()):
        reasons[reason] = reasons.get(reason, 0) + rows
    here, bad = used.get(file.file_id, 0), quarantined.get(file.file_id, 0)
    rest = file.table.records - here - bad - sum(reasons.values())
    if rest:
        reason = _why_unused(file, sources)
        reasons[reason] = reasons.get(reason, 0) + rest
    return FileCount(file, here, bad, tuple(reasons.items()))


def _why_unused(file: RawFile, sources: Mapping[str, Source]) -> str:
    if file.source not in sources:
        return SOURCE_GONE
    if file.object is None:
        return NOT_RECOGNISED
    profile = sources[file.source].objects[file.object]
    left_out = MARKED if is_marked(file.table.columns) else NOT_READ
    return profile.ignored or profile.unused or left_out


def write_balances(
    connection: duckdb.DuckDBPyConnection,
    counts: Sequence[FileCount],
    as_of: Mapping[int, datetime],
    sources: Mapping[str, AsOf],
) -> None:
    """Write `file_info`, `file_unused` and `source_info`."""
    _write(
        connection,
        "file_info",
        [
            ("import_id", TEXT),
            ("source", TEXT),
            ("file", TEXT),
            ("sha256", TEXT),
            ("object", TEXT),
            ("rows", INT),
            ("used", INT),
            ("unused", INT),
            ("quarantined", INT),
            ("as_of_at", TIME),
            ("imported_at", TIME),
            ("mode", TEXT),
            ("_file_id", NUMBER),
        ],
        [_file_row(count, as_of.get(count.file.file_id)) for count in counts],
    )
    unused = [
        (count.file.import_id, count.file.source, count.file.file, reason, rows, count.file.file_id)
        for count in counts
        for reason, rows in count.unused
    ]
    columns = [("import_id", TEXT), ("source", TEXT), ("file", TEXT), ("reason", TEXT)]
    _write(connection, "file_unused", [*columns, ("rows", INT), ("_file_id", NUMBER)], unused)
    _write_sources(connection, counts, sources)


def _write_sources(
    connection: duckdb.DuckDBPyConnection,
    counts: Sequence[FileCount],
    sources: Mapping[str, AsOf],
) -> None:
    rows = []
    for name in sorted({count.file.source for count in counts}):
        mine = [count for count in counts if count.file.source == name]
        known = sources.get(name)
        files = len({count.file.sha256 for count in mine})
        total = sum(count.rows for count in mine)
        rows.append((name, known and known.at, known and known.day, files, total))
    columns = [("source", TEXT), ("as_of_at", TIME), ("as_of_day", DAY)]
    _write(connection, "source_info", [*columns, ("files", INT), ("rows", INT)], rows)


def _file_row(count: FileCount, as_of: datetime | None) -> tuple[object, ...]:
    file, unused = count.file, sum(rows for _, rows in count.unused)
    return (
        file.import_id,
        file.source,
        file.file,
        file.sha256,
        file.object,
        count.rows,
        count.used,
        unused,
        count.quarantined,
        as_of,
        file.imported_at,
        file.mode,
        file.file_id,
    )


def _write(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[object]],
) -> None:
    write_rows(connection, f"create table {MAIN}.{table} as", columns, rows)


def find_dangling(connection: duckdb.DuckDBPyConnection, earlier: Earlier | None = None) -> None:
    """Write `dangling`: per source and column, the references to records that nobody exported.

    Of the build `earlier` those are taken that the new rows have no bearing on.
    """
    connection.execute(
        "create temp table missed (table_name varchar, source varchar, column_name varchar, "
        "references_table varchar, records bigint, example varchar)"
    )
    if earlier and earlier.dangling:
        connection.executemany("insert into missed values (?, ?, ?, ?, ?, ?)", earlier.dangling)
    for table in core_tables().values() if earlier else filled_tables(connection):
        for column in table.columns:
            if column.references is not None and table.key != (column.name,):
                _find_missed(connection, table, column.name, column.references, earlier)
    connection.execute(
        f"create table {MAIN}.dangling as select table_name, source, column_name, "
        "references_table, cast(sum(records) as bigint) as records, min(example) as example "
        "from missed group by all"
    )
    connection.execute("drop table missed")


def _find_missed(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    column: str,
    target: str,
    earlier: Earlier | None,
) -> None:
    name, key, where = identifier(column), identifier(core_tables()[target].key[0]), ""
    if earlier:
        if not {table.name, target} & earlier.changed:
            return
        if table.name in earlier.grown and target not in earlier.changed:
            where = f"and t._file_id > {earlier.files}"
        else:
            connection.execute(
                "delete from missed where table_name = ? and column_name = ?", [table.name, column]
            )
    connection.execute(
        f"insert into missed select {literal(table.name)}, t.source, {literal(column)}, "
        f"{literal(target)}, count(*), min(t.{name}) from {MAIN}.{identifier(table.name)} t "
        f"anti join {MAIN}.{identifier(target)} r on r.{key} = t.{name} "
        f"where t.{name} is not null {where} group by t.source"
    )
