"""Carrying the core tables of the build before into the next one, where that changes nothing.

A small import into a large store would otherwise type every landed row again. The answer is the
same as that of a build from nothing, which `smarketing build` makes and the tests compare.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from smarketing.build.again.fingerprint import code_hash, landing_hash
from smarketing.build.again.renew import Earlier, remember
from smarketing.build.core.left_out import leaves_out
from smarketing.build.core.members import MEMBER
from smarketing.build.core.select_shape import is_plain, reads
from smarketing.build.core.views import MAIN, RawFile, is_marked
from smarketing.build.marts.order import given_tables, mart_params
from smarketing.engine.live import live_in
from smarketing.files.quoting import identifier
from smarketing.sources import Source
from smarketing.sources.selects import every_view
from smarketing.store.landing import LandedFile
from smarketing.store.opening import build_info, open_build
from smarketing.store.schema import core_tables

_KEPT = {
    *core_tables(),
    "quarantine",
    "superseded",
    "currency_assumed",
    "amount_rounded",
    "gone_record",
    "file_total",
    "future_stamp",
    "spend_difference",
}
_WRITTEN_NEW = (
    "build_info", "file_info", "file_unused", "source_info", "load_stamp", "dangling",
    "cost_overlap",
)  # fmt: skip


@dataclass(frozen=True)
class Carried:
    """A build whose core tables hold the first `files` of the files to build, with their as-of."""

    path: Path
    files: int
    as_of: Mapping[int, datetime]


def find_carried(
    current: Path | None,
    agreement_hash: str,
    effective: Sequence[LandedFile],
    folders: Mapping[str, Path],
    files: Sequence[RawFile],
    sources: Mapping[str, Source],
) -> Carried | None:
    """Return the published build if the next one only adds files to it, else None.

    It does when agreement and code are the same, its files are the first of the new ones, and
    every SELECT over the added files takes their rows one by one and fills no table of which
    records were merged or deleted (one that comes later changes what became of what names it), nor
    that of the members (a name that is given for one is known, or no longer one person's).
    """
    if current is None:
        return None
    cursor = open_build(current).cursor()
    try:
        info = build_info(cursor)
        if info.agreement_hash != agreement_hash or info.code_hash != code_hash():
            return None
        if live_in(cursor):  # not all of its marts are here to be renewed
            return None
        stamps = cursor.execute("select _file_id, as_of_at from file_info").fetchall()
        merged = cursor.execute(
            'select "table" from record_alias union select table_name from gone_record'
        ).fetchall()
    finally:
        cursor.close()
    if not _begins(effective, len(stamps), info.landing_hash, folders):
        return None
    closed = {"record_alias", MEMBER, *(table for (table,) in merged)}
    if not all(_adds_rows(file, sources, closed) for file in files[len(stamps) :]):
        return None
    return Carried(current, len(stamps), {number: at for number, at in stamps if at is not None})


def _begins(
    effective: Sequence[LandedFile], tables: int, landed: str, folders: Mapping[str, Path]
) -> bool:
    """Return whether the first files, of so many tables, are those a build was made of."""
    count = 0
    for end, held in enumerate(effective, start=1):
        count += len(held.tables)
        if count == tables:
            return landing_hash(effective[:end], folders) == landed
    return False


def _adds_rows(file: RawFile, sources: Mapping[str, Source], closed: set[str]) -> bool:
    """Return whether a file can only add rows to the core tables, and none to closed ones."""
    source = sources.get(file.source)
    if source is None or file.object is None or source.names_spend:
        return False
    if source.objects[file.object].deleted or is_marked(file.table.columns):
        return False  # it may say that a row there before is gone
    views = (file.object, f"{file.object}_current", every_view(file.object))
    names = {view.casefold() for view in views}
    touched = [
        select for group in source.selects.values() for select in group if reads(select.sql) & names
    ]
    if any(map(leaves_out, touched)):
        return False  # what is told there of a record that is left out goes, too
    return all(is_plain(select.sql) and select.core_table not in closed for select in touched)


def copy_build(carried: Carried, path: Path) -> None:
    """Copy a build to where the next one is made."""
    shutil.copyfile(carried.path, path)


def keep_core(connection: duckdb.DuckDBPyConnection, files: int) -> Earlier:
    """Make the core tables ready to be filled; return what the marts have to be compared with."""
    connection.execute(f"use {MAIN}")
    given = given_tables(connection) - _KEPT
    earlier = remember(connection, files, mart_params(connection), given)
    for name in _WRITTEN_NEW:
        connection.execute(f"drop table {MAIN}.{identifier(name)}")
    for name in core_tables():
        connection.execute(f"alter table {MAIN}.{identifier(name)} add column _bad boolean")
    return earlier
