"""Reports of spend in, the costs that count out: without a home, files or marts."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from builders import default_agreement
from profile_views import Rows, landed

from smarketing.build.accounting.witness import TABLE
from smarketing.build.core.tables import create_tables, fill_tables
from smarketing.build.core.values import define_macros
from smarketing.build.core.versions import keep_newest
from smarketing.build.core.views import MAIN, RAW
from smarketing.build.spend.months import cover_months
from smarketing.build.spend.settle import check_periods, settle_spend, spread_periods
from smarketing.sources import Source
from smarketing.store.schema import core_tables

Day = tuple[str, str | None, int]


@dataclass(frozen=True)
class Settled:
    """The costs that count, why others do not, and the cuts that differ."""

    costs: list[dict[str, Any]]
    aside: dict[str, list[int]]
    differences: list[tuple[Any, ...]]
    quarantined: list[tuple[Any, ...]]

    @property
    def total(self) -> int:
        """The sum of all that counts, in minor units."""
        return sum(cost["amount"] for cost in self.costs)

    def days(self) -> list[Day]:
        """What counts by day and campaign, summed."""
        found: dict[tuple[str, str | None], int] = {}
        for cost in self.costs:
            key = (str(cost["incurred_on"]), cost["campaign_id"])
            found[key] = found.get(key, 0) + cost["amount"]
        return [(*key, amount) for key, amount in sorted(found.items(), key=str)]


def settled(source: Source, files: Mapping[str, Rows]) -> Settled:
    """Settle the costs of a source's rows by object; rows may name their `_file_id`, in order."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        raw = landed(Path(folder), source, files)
        connection.execute("attach ':memory:' as build")
        connection.execute(f"attach ':memory:' as {RAW}")
        define_macros(connection)
        create_tables(connection)
        connection.execute(
            f"create table {MAIN}.file_key (_file_id integer, import_id varchar, file varchar)"
        )
        keys = [(file.file_id, file.import_id, file.file) for file in raw]
        connection.executemany(f"insert into {MAIN}.file_key values (?, ?, ?)", keys)
        fill_tables(connection, {source.name: source}, raw, default_agreement(), str)
        connection.execute(TABLE)
        cover_months(connection, {source.name: source}, raw)
        check_periods(connection)
        settle_spend(connection)
        keep_newest(connection, core_tables()["cost"])
        spread_periods(connection, 0)
        return _answer(connection)


def _answer(connection: duckdb.DuckDBPyConnection) -> Settled:
    cursor = connection.execute("select * from cost order by incurred_on, _file_id, _row")
    names = [column[0] for column in cursor.description or ()]
    costs = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    aside: dict[str, list[int]] = {}
    for why, row in connection.execute(
        "select reason, _row from superseded where table_name = 'cost' order by _file_id, _row"
    ).fetchall():
        aside.setdefault(why, []).append(row)
    differences = connection.execute(
        "select campaign_id, cast(starts_on as varchar), cast(ends_on as varchar), "
        "counted_amount, other_amount, counted_file, other_file from spend_difference order by all"
    ).fetchall()
    bad = connection.execute("select row, column_name, reason from quarantine order by all")
    return Settled(costs, aside, differences, bad.fetchall())
