"""Columns of texts in, typed rows out, as a file of a source would be read, without a build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from smarketing.agreement import load_agreement
from smarketing.build.core.ambiguity import Settling
from smarketing.build.core.fill import typed_rows
from smarketing.build.core.job import Fill
from smarketing.build.core.values import Habits, define_macros
from smarketing.build.core.views import RawFile
from smarketing.files.tables import LandedTable, Total
from smarketing.sources import Source, TableSelect, builtin_sources
from smarketing.store.schema import core_tables

BERLIN = "Europe/Berlin"


class RefusedError(Exception):
    """The file was refused, with this sentence."""


class Reader:
    """Reads columns of texts as files of the generic source; one connection for all."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute(f"set TimeZone = '{BERLIN}'")
        define_macros(self.connection)
        self.source = builtin_sources()["generic"]
        self.agreement = load_agreement()

    def read(
        self,
        table: str,
        columns: Mapping[str, Sequence[str | None]],
        *,
        zone: str = BERLIN,
        exact: bool = False,
        source: Source | None = None,
        totals: Mapping[str, str] | None = None,
        **said: Any,
    ) -> list[tuple[Any, ...]]:
        """Return the typed values of the columns, row by row, times as text.

        Raises RefusedError where the file would be refused. A value that cannot be read is None.
        """
        source = source or self.source
        landed = _landed(columns, exact, totals or {})
        work, settling = self._work(table, columns, zone, landed, source, said)
        settled = settling.settled(work)
        if settling.refusals:
            raise RefusedError(" ".join(settling.refusals.values()))
        wanted = ", ".join(f'cast("{name} typed" as varchar)' for name in columns)
        rows = f"select _row, {wanted} from ({typed_rows(settled)}) order by _row"
        return [row[1:] for row in self.connection.execute(rows).fetchall()]

    @staticmethod
    def named(source: Source, name: str) -> Source:
        """Return a source whose first object has another name, that of a core table."""
        first = next(iter(source.objects.values()))
        profile = source.profile.model_copy(update={"objects": {name: first}})
        return replace(source, profile=profile)

    def _work(
        self,
        table: str,
        columns: Mapping[str, Sequence[str | None]],
        zone: str,
        landed: LandedTable,
        source: Source,
        said: Mapping[str, Any],
    ) -> tuple[Fill, Settling]:
        names = list(columns)
        quoted = ", ".join(f'"{name}" varchar' for name in names)
        self.connection.execute(
            f"create or replace table raw (_file_id integer, _row bigint, {quoted})"
        )
        rows = list(zip(*columns.values(), strict=True))
        marks = ", ".join("?" for _ in range(len(names) + 2))
        self.connection.executemany(
            f"insert into raw values ({marks})",
            [(1, number, *row) for number, row in enumerate(rows, start=2)],
        )
        sql = f"select _row, _file_id, {', '.join(names)} from raw"
        select = TableSelect(table, table, sql, Path("raw.sql"))
        habits = Habits(timezone=zone, source_timezone=BERLIN)
        work = Fill(source, select, core_tables()[table], tuple(names), habits, self.agreement)
        at = datetime(2026, 3, 1)
        file = RawFile(
            1, "i1", at, "add", "file.csv", "", "generic", table, landed, Path(), None, **said
        )
        return work, Settling(self.connection, [work], [file], {})


def _landed(
    columns: Mapping[str, Sequence[str | None]], exact: bool, totals: Mapping[str, str]
) -> LandedTable:
    rows = len(next(iter(columns.values())))
    total = (Total(rows + 2, "Total", "total", tuple(totals.items())),) if totals else ()
    table = LandedTable("file.csv", tuple(columns), Path(), rows, source="generic", exact=exact)
    return replace(table, totals=total)
