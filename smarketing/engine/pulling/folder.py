"""Pulling from a folder of tables: Parquet, Delta or Iceberg."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import duckdb

from smarketing.engine.pulling.lakes import delta, is_delta, newest_iceberg, write_iceberg
from smarketing.engine.pulling.origin import (
    Got,
    PullError,
    Since,
    Wanted,
    check_grows,
    check_still,
    got_until,
    not_below,
    told,
    wrapped,
)
from smarketing.errors import UsageError, unknown
from smarketing.files.quoting import identifier, literal, literals
from smarketing.in_memory import in_memory

_PARTS = re.compile(r"(part|data)[-_]\d+.*")
_HERE = "."
#: What may grow from one change to the next: no truth value, time of a day or key by chance.
_GROWS = re.compile("U?(TINY|SMALL|BIG|HUGE)?INT|FLOAT|DOUBLE|DECIMAL|DATE|TIMESTAMP")


class FolderOrigin:
    """A folder in which each folder, or each Parquet file, is a table."""

    def __init__(self, folder: Path) -> None:
        """Look at what is in the folder."""
        self._connection = in_memory(memory_limit="1GB")
        self._connection.execute("set TimeZone = 'UTC'")
        self._copies = tempfile.TemporaryDirectory(prefix="smarketing-")
        self._enter(folder)

    def _enter(self, folder: Path) -> None:
        """Make the tables of a folder those that are read."""
        self._folder, self._state = folder, _state(folder)
        self._places = _tables(folder)
        self._unread: dict[str, PullError] = {}
        self._uncopied: dict[str, Path] = {}
        for name, place in self._places.items():
            self._view(name, place)

    def tables(self, schema: str) -> list[Wanted]:
        """List the tables of the folder, or of one of the folders in it."""
        if schema != _HERE:
            inner = self._folder / schema
            if not inner.is_dir() or not inner.resolve().is_relative_to(self._folder):
                folders = [path.name for path in self._folder.iterdir() if path.is_dir()]
                raise unknown("folder", schema, folders, str(self._folder))
            self._enter(inner.resolve())
        if not self._places:
            raise UsageError(f"There is no Parquet, Delta or Iceberg table in {self._folder}.")
        return [
            Wanted(name, self._folder.name, f"select * from {identifier(name)}", True)
            for name in self._places
        ]

    def columns(self, wanted: Wanted) -> list[str]:
        """Name the columns of a table or query."""
        with self._told(wanted):
            described = self._connection.execute(f"describe {wrapped('select *', wanted)}")
            return [str(row[0]) for row in described.fetchall()]

    def count(self, wanted: Wanted) -> int:
        """Count the rows of a table or query."""
        return int(self._value(wanted, wrapped("select count(*)", wanted)))

    def pull(self, wanted: Wanted, target: Path, since: Since | None, most: int | None) -> Got:
        """Write the rows to Parquet; PullError where the folder's files changed meanwhile."""
        limit = "" if most is None else f" limit {int(most)}"
        sql = wrapped("select *", wanted, not_below(since)) + limit
        with self._told(wanted):
            copy = f"copy ({sql}) to {literal(str(target))} (format parquet, compression snappy)"
            [(rows,)] = self._connection.execute(copy).fetchall()
        got = Got(int(rows))
        if since is not None and most is None:
            highest = f"max({identifier(since.column)})"
            found = self._value(wanted, wrapped(f"select {highest}::varchar", wanted))
            if not _GROWS.match(self._value(wanted, wrapped(f"select typeof({highest})", wanted))):
                check_grows(wanted, since, found, target)
            got = got_until(wanted, since, rows, found, target)
        check_still(wanted, target, self._state, _state(self._folder))
        return got

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()
        self._copies.cleanup()

    def _view(self, name: str, place: Path) -> None:
        """Name what reads a table; one of Delta or Iceberg is never read as mere Parquet."""
        described = newest_iceberg(place) if place.is_dir() else None
        try:
            if is_delta(place):
                self._connection.register(name, delta(place))
            elif described is not None:
                self._uncopied[name] = described
            else:
                self._view_of(name, _scan(place))
        except PullError as error:
            self._unread[name] = error

    def _view_of(self, name: str, scan: str) -> None:
        with told(f"The table {name} in {self._folder} cannot be read"):
            self._connection.execute(
                f"create or replace view {identifier(name)} as select * from {scan}"
            )

    def _copy(self, name: str) -> None:
        """Copy a table of Iceberg, whose rows can be read once, when it is first asked for."""
        copy = Path(self._copies.name) / f"{len(list(Path(self._copies.name).iterdir()))}.parquet"
        write_iceberg(self._places[name], self._uncopied[name], copy)
        self._view_of(name, _scan(copy))
        del self._uncopied[name]

    def _value(self, wanted: Wanted, sql: str) -> Any:
        with self._told(wanted):
            row = self._connection.execute(sql).fetchone()
        return row[0] if row else None

    def _told(self, wanted: Wanted) -> AbstractContextManager[None]:
        for name in self._read_by(wanted):
            if name in self._unread:
                raise self._unread[name]
            if name in self._uncopied:
                self._copy(name)
        return told(f"{wanted.label} of {self._folder} could not be pulled")

    def _read_by(self, wanted: Wanted) -> set[str]:
        if wanted.is_table:
            return {wanted.name}
        try:
            return self._connection.get_table_names(wanted.sql)
        except duckdb.Error:
            # What is wrong with the query is said when it is run.
            return set()


def _tables(folder: Path) -> dict[str, Path]:
    """Name the tables of a folder: itself where it is one, else the files and folders in it."""
    if _is_one(folder):
        return {folder.name: folder}
    found = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "_")):
            continue
        if path.suffix == ".parquet" and path.is_file():
            found[path.stem] = path
        elif path.is_dir() and (_is_one(path) or next(_parquet(path), None)):
            found.setdefault(path.name, path)
    return found


def _is_one(folder: Path) -> bool:
    """Whether the files of a folder are parts of one table."""
    if is_delta(folder) or newest_iceberg(folder) or (folder / "_SUCCESS").exists():
        return True
    return any(_PARTS.fullmatch(path.name) for path in folder.glob("*.parquet"))


def _scan(place: Path) -> str:
    if place.is_file():
        return f"read_parquet({literal(str(place))})"
    files = literals(map(str, _parquet(place)))
    return f"read_parquet([{files}], union_by_name=true, hive_partitioning=true)"


def _parquet(folder: Path) -> Iterator[Path]:
    """Return the files of a table, without what its writer keeps for itself."""
    for path in sorted(folder.rglob("*.parquet")):
        inner = path.relative_to(folder).parts
        if not any(part.startswith((".", "_")) for part in inner):
            yield path


def _state(folder: Path) -> list[tuple[str, int, int]]:
    """Return which files are in a folder, how large, and of when."""
    files = [(path, path.stat()) for path in sorted(folder.rglob("*")) if path.is_file()]
    return [(str(path), stat.st_size, stat.st_mtime_ns) for path, stat in files]
