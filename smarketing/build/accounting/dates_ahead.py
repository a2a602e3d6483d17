"""Stamps of the past that lie after the import of their file: slips of the pen, or a wrong clock.

What a file says has happened cannot be later than the file. Such records are listed for Data
health. Stamps more than five years later are also left out of the as-of, so that one deal closed in
2124 does not move every window there; unless most of what was imported together lies there: then it
is the machine's clock that is wrong, and the data's word stands. Only the moment of import that was
landed with the file is asked, never the clock, so that a build stays a function of what was landed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import duckdb

from smarketing.build.core.views import MAIN, RawFile
from smarketing.files.quoting import identifier, literal, numbers
from smarketing.store.schema import core_tables

PAST: tuple[tuple[str, str, str], ...] = (
    ("account", "created_at", "true"),
    ("person", "created_at", "true"),
    ("lead", "created_at", "true"),
    ("lead_stage_event", "entered_at", "true"),
    ("lead_assignment", "assigned_at", "true"),
    ("score_event", "scored_at", "true"),
    ("touch", "occurred_at", "true"),
    ("touch", "created_at", "true"),
    ("deal", "created_at", "true"),
    ("deal", "closed_at", "outcome in ('won', 'lost')"),
    ("deal_stage_event", "entered_at", "true"),
    ("feedback", "asked_at", "true"),
)
"""Stamps of what has happened. Planned dates (an expected close, a campaign's end) never count."""

_NOTABLE, _ABSURD = timedelta(days=1), timedelta(days=5 * 366)
_LISTED = 1_000


def absurd(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[RawFile],
    newest: Mapping[int, datetime],
    timezone: str,
) -> Iterator[tuple[list[RawFile], datetime]]:
    """Give the files, by import and source, of which a few stamps lie absurdly far ahead.

    With each group comes the latest instant that can be believed.
    """
    for import_id, source in sorted({(f.import_id, f.source) for f in _ahead(files, newest)}):
        group = [f for f in files if (f.import_id, f.source) == (import_id, source)]
        limit = group[0].imported_at + _ABSURD
        ((ahead, of_all),) = connection.execute(
            f"select count(*) filter (stamp > $limit), count(*) from ({_stamps(group, timezone)})",
            {"limit": limit},
        ).fetchall()
        if 0 < ahead <= of_all / 2:
            yield group, limit


def _ahead(files: Sequence[RawFile], newest: Mapping[int, datetime]) -> list[RawFile]:
    """Return the files whose newest stamp is later than their import, the same day apart."""
    return [f for f in files if newest.get(f.file_id, f.imported_at) > f.imported_at + _NOTABLE]


def list_future(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[RawFile],
    newest: Mapping[int, datetime],
    timezone: str,
) -> None:
    """Add to `future_stamp` the records dated after the import of their file.

    Of each file and column the latest thousand; before any row is stamped by its file's as-of.
    """
    connection.execute(
        f"create table if not exists {MAIN}.future_stamp (_file_id integer, source varchar, "
        "import_id varchar, file varchar, row bigint, table_name varchar, record varchar, "
        "column_name varchar, stamp timestamp, day date, imported_at timestamp)"
    )
    for file in _ahead(files, newest):
        connection.execute(
            f"insert into {MAIN}.future_stamp select _file_id, {literal(file.source)}, "
            f"{literal(file.import_id)}, {literal(file.table.name)}, _row, table_name, record, "
            f"column_name, stamp, day, $imported_at from ({_stamps([file], timezone)}) "
            "where stamp > $limit qualify row_number() over (partition by table_name, column_name "
            f"order by stamp desc, _row) <= {_LISTED}",
            {"imported_at": file.imported_at, "limit": file.imported_at + _NOTABLE},
        )


def drop_superseded(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep in `future_stamp` what is said by a current record."""
    named = connection.execute(f"select distinct table_name from {MAIN}.future_stamp").fetchall()
    for (table,) in named:
        connection.execute(
            f"delete from {MAIN}.future_stamp as f where f.table_name = {literal(table)} "
            f"and not exists (select 1 from {MAIN}.{identifier(table)} as t "
            "where t._file_id = f._file_id and t._row = f.row)"
        )


def _stamps(files: Sequence[RawFile], timezone: str) -> str:
    """Return every stamp of files: where it stands, when in UTC, and its local day."""
    ids, zone = numbers([file.file_id for file in files]), literal(timezone)
    instants = (*PAST, *((table, "recorded_at", "true") for table in core_tables()))
    local = f"cast(timezone({zone}, timezone('UTC', {{}})) as date)"
    midnight = f"timezone({zone}, cast(incurred_on as timestamp)) at time zone 'UTC'"
    columns = [(table, name, name, local.format(name), when) for table, name, when in instants]
    return " union all ".join(
        f"select _file_id, _row, {literal(table)} as table_name, "
        f"{identifier(core_tables()[table].key[0])} as record, {literal(column)} as column_name, "
        f"{stamp} as stamp, {day} as day from {MAIN}.{identifier(table)} "
        f"where _file_id in ({ids}) and {column} is not null and {when}"
        for table, column, stamp, day, when in (
            *columns, ("cost", "incurred_on", midnight, "incurred_on", "true"),
        )
    )  # fmt: skip
