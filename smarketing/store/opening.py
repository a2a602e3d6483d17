"""Opening a build to read: one connection per build and process, a cursor per query."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from smarketing import __version__
from smarketing.errors import StoreError
from smarketing.settings import Settings
from smarketing.store.builds import current_build
from smarketing.store.confine import confine, is_confined

_LOCK = threading.Lock()
_OPEN: dict[Path, duckdb.DuckDBPyConnection] = {}
_KEEP_OPEN = 4


@dataclass(frozen=True)
class BuildInfo:
    """What a build says of itself."""

    build_id: str
    as_of_at: datetime | None
    as_of_day: date | None
    agreement_hash: str
    currency: str
    minor_digits: int
    timezone: str
    version: str
    built_at: datetime
    code_hash: str
    landing_hash: str


def open_build(path: Path) -> duckdb.DuckDBPyConnection:
    """Return this process's connection to a build, read-only; take a cursor from it per query.

    A build never changes once published, so that the connection can be kept. Those of older
    builds are let go when a few newer ones are open. StoreError when it cannot be read.
    """
    key = path.resolve()
    with _LOCK:
        if key not in _OPEN:
            _OPEN[key] = _connect(key)
            for old in list(_OPEN)[:-_KEEP_OPEN]:
                # Let go, not closed: cursors on it answer on until they are gone themselves.
                del _OPEN[old]
        return _OPEN[key]


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    settings = Settings()
    try:
        # Set afterwards: a process cannot open one file under two configurations. Where a reader
        # still holds what was let go, the file is open already, and set and confined.
        connection = duckdb.connect(str(path), read_only=True)
        if not is_confined(connection):
            connection.execute("set memory_limit = $limit", {"limit": settings.memory_limit})
            if settings.threads:
                connection.execute("set threads = $threads", {"threads": settings.threads})
            confine(connection)
    except duckdb.Error as error:
        raise StoreError(
            f"The build {path.name} cannot be opened: it is damaged or of a newer version "
            f"({_first_line(error)}). Run: smarketing build."
        ) from error
    try:
        refuse_newer(build_info(connection).version, path)
    except StoreError:
        connection.close()
        raise
    return connection


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def build_info(connection: duckdb.DuckDBPyConnection) -> BuildInfo:
    """Read what a build says of itself; StoreError when the file is no build."""
    columns = ", ".join(BuildInfo.__dataclass_fields__)
    cursor = connection.cursor()
    try:
        row = cursor.execute(f"select {columns} from build_info").fetchone()
    except duckdb.Error as error:
        raise StoreError(
            "This file is not a build of this version of Smarketing. Run: smarketing build."
        ) from error
    finally:
        cursor.close()
    if row is None:
        raise StoreError("This build is empty. Run: smarketing build.")
    return BuildInfo(*row)


def refuse_newer(version: str, path: Path) -> None:
    """Raise StoreError for a build that a later version of the program made."""
    if _numbers(version) > _numbers(__version__):
        raise StoreError(
            f"The build {path.name} was made by Smarketing {version}, this is {__version__}: "
            "upgrade, or run smarketing build to derive it again."
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


@contextmanager
def reading(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a cursor on the current build for the time of one question."""
    cursor = open_build(current_build(home)).cursor()
    try:
        yield cursor
    finally:
        cursor.close()
