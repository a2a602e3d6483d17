"""What an import notes on its reports of spend: days that are stretches, and costs replaced."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import duckdb

from smarketing.build.core.versions import SUPERSEDED, key_hash
from smarketing.files.quoting import literal
from smarketing.store.schema import core_tables

_MONTHS = 2
_WEEKS = 3
"""So many days show that a report has a row for each month, or for each week."""
_LATE = timedelta(days=27)
"""A report of the first of a month alone that comes so much later may be of the month."""

Notes = dict[str, tuple[str, ...]]
"""Notes by the hash of the file they are on."""


def spend_notes(connection: duckdb.DuckDBPyConnection, ids: Sequence[int]) -> Notes:
    """Note what is uncertain of the reports of spend among landed files, by their numbers.

    The build is attached as `now`. A row that may cover a month or a week stands on its first day;
    a cost that two files of one import give counts from one of them.
    """
    found: Notes = {}
    for sha, note in (
        *_stretches(connection, ids),
        *_months(connection, ids),
        *_replaced(connection, ids),
    ):
        found[sha] = (*found.get(sha, ()), note)
    return found


def _stretches(connection: duckdb.DuckDBPyConnection, ids: Sequence[int]) -> list[tuple[str, str]]:
    """Note the reports all of whose days are firsts of months, or a week apart."""
    rows = connection.execute(
        "select i.sha256, list(distinct c.incurred_on), max(cast(i.imported_at as date)) "
        "from now.main.cost c "
        "join now.main.file_info i on i._file_id = c._file_id "
        "where list_contains(?, c._file_id) and coalesce(c.impressions, c.clicks) is not null "
        "group by 1 having count(c.covers_until) = 0 order by 1",
        [list(ids)],
    ).fetchall()
    looks = ((sha, _looks(sorted(days), imported_on)) for sha, days, imported_on in rows)
    return [
        (
            sha,
            f"{look}, and each cost counts on the first of them. If it does, take it back "
            "(smarketing undo) and import the report by day instead: beside it the same money "
            "would count twice",
        )
        for sha, look in looks
        if look
    ]


def _looks(days: Sequence[date], imported_on: date) -> str | None:
    """Say by what the rows of a report look like stretches of days; None where they do not."""
    step = _step(days)
    if step:
        return f"its days are a {step} apart, as where each row covers a {step}"
    if len(days) == 1 and days[0].day == 1 and imported_on - days[0] >= _LATE:
        return f"all its days are {days[0]}, as where each row covers that month"
    return None


def _months(connection: duckdb.DuckDBPyConnection, ids: Sequence[int]) -> list[tuple[str, str]]:
    """Note the reports all of whose rows were spread over months, weeks or other stretches."""
    rows = connection.execute(
        "with period as (select _file_id, covers_until, min(incurred_on) as starts_on "
        "from now.main.cost where list_contains(?, _file_id) group by all) "
        "select i.sha256, case when bool_and(date_trunc('month', covers_until) = "
        "starts_on) then 'a month' when bool_and(covers_until - starts_on = 6) then "
        "'a week' else 'several days' end from period p "
        "join now.main.file_info i on i._file_id = p._file_id "
        "group by 1 having bool_and(coalesce(covers_until > starts_on, false)) "
        "and count(distinct starts_on) > 1 order by 1",
        [list(ids)],
    ).fetchall()
    return [
        (sha, f"each of its rows covers {stretch}, and is spread evenly over the days of it")
        for sha, stretch in rows
    ]


def _step(days: Sequence[date]) -> str | None:
    """Tell in what steps a report's days are: months, weeks, or none that stands out."""
    if len(days) >= _MONTHS and {day.day for day in days} == {1}:
        return "month"
    weekly = {(later - earlier).days for earlier, later in pairwise(days)} == {7}
    return "week" if weekly and len(days) >= _WEEKS else None


def _replaced(connection: duckdb.DuckDBPyConnection, ids: Sequence[int]) -> list[tuple[str, str]]:
    """Note the costs of a file that another file of the same import gives as well."""
    rows = connection.execute(
        "select i.sha256, o.file, count(distinct s._row) from now.main.superseded s "
        f"join now.main.cost c on {key_hash(core_tables()['cost'], 'c')} = s.key_hash "
        "join now.main.file_info i on i._file_id = s._file_id "
        "join now.main.file_info o on o._file_id = c._file_id "
        f"where s.table_name = 'cost' and s.reason = {literal(SUPERSEDED)} "
        "and list_contains($ids, s._file_id) and list_contains($ids, c._file_id) "
        "and coalesce(c.impressions, c.clicks) is not null and c._file_id <> s._file_id "
        "group by 1, 2 order by 1, 2",
        {"ids": list(ids)},
    ).fetchall()
    return [
        (
            sha,
            f"{'1 cost counts' if costs == 1 else f'{costs:,} costs count'} from {other} instead, "
            "which gives the same days and campaigns again. If the two are of different accounts, "
            "export the account's id too",
        )
        for sha, other, costs in rows
    ]
