"""Small files in, tables out: what the tests of builds share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from smarketing.agreement import Agreement
from smarketing.build import ImportReport, import_files
from smarketing.build.marts import order
from smarketing.build.marts.agreement_tables import write_agreement
from smarketing.store.builds import current_build

AGREEMENT = "extends: default\ntimezone: {timezone}\ncurrency: EUR\n"


class Shop:
    """A home and a folder of files beside it."""

    def __init__(self, folder: Path, timezone: str = "Europe/Berlin") -> None:
        self.home = folder / "home"
        self.inbox = folder / "inbox"
        self.home.mkdir(parents=True)
        self.inbox.mkdir()
        (self.home / "agreement.yaml").write_text(AGREEMENT.format(timezone=timezone))

    def write(self, name: str, *lines: str, encoding: str = "utf-8") -> Path:
        """Write a file of these lines and return its path."""
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding=encoding)
        return path

    def take(self, *paths: Path, **options: Any) -> ImportReport:
        """Import files."""
        return import_files(self.home, paths, **options)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the published build."""
        with duckdb.connect(str(current_build(self.home)), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def tables(self, names: Iterable[str]) -> dict[str, list[tuple[Any, ...]]]:
        """Return every row of these tables of the published build, in one order."""
        with duckdb.connect(str(current_build(self.home)), read_only=True) as connection:
            return {
                name: connection.execute(f'select * from "{name}" order by all').fetchall()
                for name in names
            }

    def table(self, report: ImportReport, name: str) -> tuple[int, int, int, int, int]:
        """Return produced, new, changed, unchanged, quarantined of a table in a report."""
        for row in report.tables:
            if row.table == name:
                return row.produced, row.new, row.changed, row.unchanged, row.quarantined
        return 0, 0, 0, 0, 0


def stop_at_core(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have builds stop at the core tables: quick, for tests that ask no mart."""

    def no_marts(
        connection: duckdb.DuckDBPyConnection, agreement: Agreement, *_: object
    ) -> list[str]:
        write_agreement(connection, agreement)
        return []

    monkeypatch.setattr("smarketing.build.assemble.build_marts", no_marts)


def only_marts(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Have builds make these marts and those that they are made of, for tests that ask no other."""
    reads = order.mart_reads()
    kept = order.with_those_below(names, reads)
    monkeypatch.setattr(order, "mart_reads", lambda: {name: reads[name] for name in kept})


@pytest.fixture
def core_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Return a shop whose builds stop at the core tables."""
    stop_at_core(monkeypatch)
    return Shop(tmp_path)
