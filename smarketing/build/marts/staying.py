"""Marts too large to pull: they stay in the warehouse, where the engine asks them."""

from __future__ import annotations

from pathlib import Path

import duckdb

from smarketing.engine.live import TABLE, live_in
from smarketing.errors import StoreError, UsageError, unknown
from smarketing.files.quoting import identifier
from smarketing.settings import Settings
from smarketing.store.builds import list_builds
from smarketing.store.opening import open_build

#: Those that grow with every touch. All others are read here by more than the engine.
MAY_STAY = ("fct_journey", "fct_touch")


def staying() -> frozenset[str]:
    """Return the marts that are to stay in the warehouse, by the settings.

    UsageError for one that must be here, also where another setting asks for it.
    """
    settings = Settings()
    named = {name.strip() for name in settings.live_marts.split(",")} - {""}
    for name in sorted(named):
        if name not in MAY_STAY:
            raise unknown("mart that can stay in a warehouse", name, MAY_STAY)
    if "fct_touch" in named and settings.keep_personal_days is not None:
        raise UsageError(
            "SMARKETING_KEEP_PERSONAL_DAYS finds silent people by their touches, which have to be "
            "here: take fct_touch out of SMARKETING_LIVE_MARTS."
        )
    return frozenset(named)


def stay(connection: duckdb.DuckDBPyConnection, mart: str, place: str) -> None:
    """Put down a mart's columns and its place, and drop the table that it would have here."""
    connection.execute(
        f"create table if not exists {TABLE} "
        "(mart varchar, place varchar, column_name varchar, column_type varchar)"
    )
    connection.execute(
        f"insert into {TABLE} select table_name, $place, column_name, data_type "
        "from duckdb_columns() where table_name = $mart and schema_name = 'main' "
        "and database_name = current_database() order by column_index",
        {"place": place, "mart": mart},
    )
    connection.execute(f"drop table {identifier(mart)}")


def places_held(home: Path) -> set[str]:
    """Return the places in the warehouse that kept builds of a home ask their marts in."""
    found = set()
    for build in list_builds(home):
        try:
            live = live_in(open_build(build.path).cursor())
        except StoreError:
            continue
        found |= {live.place} if live else set()
    return found
