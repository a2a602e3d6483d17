"""What the data says of its own time: as-of of files, sources and the store, and load stamps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import duckdb

from smarketing.build.accounting.dates_ahead import PAST, absurd
from smarketing.build.core.given_rows import NUMBER, TIME, write_rows
from smarketing.build.core.tables import filled_tables
from smarketing.build.core.views import MAIN, RawFile
from smarketing.files.quoting import identifier, literal, numbers
from smarketing.store.schema import core_tables

_SHARED_RECORDS, _SHARED_PART = 20, 0.05
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class AsOf:
    """Until when data speaks: an instant (UTC, naive) and its local day."""

    at: datetime
    day: date


def end_of_day(day: date, timezone: str) -> datetime:
    """Return the last instant of a local day, in UTC: where a date stands as an anchor."""
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(timezone))
    return midnight.astimezone(UTC).replace(tzinfo=None) - _TICK


def given_as_of(text: str, timezone: str) -> datetime:
    """Return the instant of an as-of given by a user: the day's end, or that local time."""
    if len(text) == 10:
        return end_of_day(date.fromisoformat(text), timezone)
    moment = datetime.fromisoformat(text)
    local = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))
    return local.astimezone(UTC).replace(tzinfo=None)


def file_as_of(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[RawFile],
    newest: Mapping[int, datetime],
    timezone: str,
) -> dict[int, datetime]:
    """Return each file's as-of: given, else the newest stamp of its import and source.

    `newest` is the newest stamp of each file, of which those absurdly far ahead are not believed.
    The files that a source exports together speak for one moment, so that a file without a stamp
    of its own takes that of the others. Files of which nothing is known are left out.
    """
    believed = dict(newest)
    for group, limit in absurd(connection, files, newest, timezone):
        ids = [file.file_id for file in group]
        credible = newest_stamps(connection, timezone, ids, limit)
        believed = {number: at for number, at in believed.items() if number not in ids} | credible
    together: dict[tuple[str, str], datetime] = {}
    for file in files:
        stamp = believed.get(file.file_id)
        if stamp is not None:
            key = (file.import_id, file.source)
            together[key] = max(stamp, together.get(key, stamp))
    found = {
        file.file_id: file.as_of or together.get((file.import_id, file.source)) for file in files
    }
    return {number: stamp for number, stamp in found.items() if stamp is not None}


def newest_stamps(
    connection: duckdb.DuckDBPyConnection,
    timezone: str,
    files: Sequence[int] = (),
    limit: datetime | None = None,
) -> dict[int, datetime]:
    """Return the newest stamp of what has happened, by file; a day stands at its end.

    With `files` only of those, and with `limit` no later than that.
    """
    among = f" and _file_id in ({numbers(files)})" if files else ""

    def but(column: str) -> str:
        return f"{among} and {column} <= timestamp '{limit}'" if limit else among

    parts = [
        f"select _file_id, max({column}) filter (where {column}_has_time) as timed, "
        f"max({column}) filter (where not {column}_has_time) as whole_day "
        f"from {MAIN}.{table} where {when}{but(column)} group by 1"
        for table, column, when in PAST
    ]
    parts.append(
        f"select _file_id, null, timezone({literal(timezone)}, "
        "cast(max(coalesce(covers_until, incurred_on)) as timestamp)) at time zone 'UTC' "
        f"from {MAIN}.cost where true{but('incurred_on')} group by 1"
    )
    parts += [
        f"select _file_id, max(recorded_at), null from {MAIN}.{identifier(table)} "
        f"where true{but('recorded_at')} group by 1"
        for table in core_tables()
    ]
    rows = connection.execute(
        "select _file_id, max(timed), max(whole_day) from ("
        + " union all ".join(parts)
        + ") group by 1"
    ).fetchall()
    zone = ZoneInfo(timezone)
    found: dict[int, datetime] = {}
    for number, timed, whole_day in rows:
        stamps = [timed] if timed else []
        if whole_day:
            local = whole_day.replace(tzinfo=UTC).astimezone(zone).date()
            stamps.append(end_of_day(local, timezone))
        if stamps:
            found[number] = max(stamps)
    return found


def stamp_rows(connection: duckdb.DuckDBPyConnection, as_of: dict[int, datetime]) -> None:
    """Give every row without a modified stamp its file's as-of as `recorded_at`."""
    if not as_of:
        return
    columns = [("_file_id", NUMBER), ("at", TIME)]
    write_rows(connection, "create or replace temp table file_as_of as", columns, as_of.items())
    for table in filled_tables(connection):
        name = f"{MAIN}.{identifier(table.name)}"
        connection.execute(
            f"update {name} set recorded_at = a.at from temp.file_as_of a "
            f"where {name}._file_id = a._file_id and {name}.recorded_at is null"
        )
    connection.execute("drop table temp.file_as_of")


def source_as_of(
    files: Sequence[RawFile], as_of: dict[int, datetime], timezone: str
) -> dict[str, AsOf]:
    """Return each source's as-of, the latest of its files; sources without a stamp are left out."""
    found: dict[str, datetime] = {}
    for file in files:
        stamp = as_of.get(file.file_id)
        if stamp is not None:
            found[file.source] = max(stamp, found.get(file.source, stamp))
    zone = ZoneInfo(timezone)
    return {
        source: AsOf(stamp, stamp.replace(tzinfo=UTC).astimezone(zone).date())
        for source, stamp in found.items()
    }


def find_load_stamps(connection: duckdb.DuckDBPyConnection, timezone: str) -> None:
    """Write `load_stamp`: creation seconds that say when a record was loaded, not when it began.

    Shared by at least 20 records and 5 % of a source's table, or later than the record's own
    close; only values with a time of day count.
    """
    connection.execute(
        f"create table {MAIN}.load_stamp (table_name varchar, source varchar, stamp timestamp, "
        "records bigint, share double, rule varchar)"
    )
    for table in filled_tables(connection):
        if any(column.name == "created_at" for column in table.columns):
            connection.execute(_shared_stamps(table.name))
    connection.execute(_late_stamps(timezone))


def _shared_stamps(table: str) -> str:
    return f"""
        insert into {MAIN}.load_stamp
        with total as (select source, count(*) as records from {MAIN}.{table} group by 1),
        second as (
            select source, date_trunc('second', created_at) as stamp, count(*) as records
            from {MAIN}.{table} where created_at_has_time group by 1, 2
            having count(*) >= {_SHARED_RECORDS}
        )
        select '{table}', s.source, s.stamp, s.records, s.records / t.records, 'shared'
        from second s join total t on t.source = s.source
        where s.records >= {_SHARED_PART} * t.records
    """


def _late_stamps(timezone: str) -> str:
    """Name creations later than the close, of which one without a time is the day's end."""
    created, closed = (
        f"cast(timezone({literal(timezone)}, timezone('UTC', {column})) as date)"
        for column in ("created_at", "closed_at")
    )
    return f"""
        insert into {MAIN}.load_stamp
        with total as (select source, count(*) as records from {MAIN}.deal group by 1),
        late as (
            select source, date_trunc('second', created_at) as stamp, count(*) as records
            from {MAIN}.deal
            where created_at_has_time and outcome in ('won', 'lost')
                and case
                    when closed_at_has_time then created_at > closed_at
                    else {created} > {closed} end
            group by 1, 2
        )
        select 'deal', l.source, l.stamp, l.records, l.records / t.records, 'after_close'
        from late l join total t on t.source = l.source
        where not exists (
            select 1 from {MAIN}.load_stamp s
            where s.table_name = 'deal' and s.source = l.source and s.stamp = l.stamp
        )
    """
