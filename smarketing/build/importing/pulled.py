"""From tables of a database to files of an import: pulled as Parquet, then read as any other."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from smarketing.build.derive import Setting
from smarketing.build.importing.staging import Named, Staged
from smarketing.engine.pulling import (
    Got,
    Origin,
    Since,
    Value,
    Wanted,
    open_origin,
    place_of,
)
from smarketing.errors import SourceError, UsageError, unknown
from smarketing.files.limits import printable
from smarketing.sources.recognition import UnknownTableError
from smarketing.store.landing import LandedFile, Pulled

_ENOUGH = 500
"""Rows by which a table of a schema is told to be of a source, before it is pulled."""
_HERE = "."


@dataclass(frozen=True)
class Pull:
    """What to pull: the tables of a `schema`, or the SELECTs in the files `queries`, of `address`.

    `cursor` names a column that grows with every change of a record: what was pulled before is
    then not pulled again. A table without that column is pulled whole.
    """

    address: str
    queries: tuple[Path, ...] = ()
    schema: str | None = None
    cursor: str | None = None

    def check(self) -> None:
        """Raise UsageError unless it says what to pull."""
        if self.queries and self.schema is not None:
            raise UsageError("Name either --query or --tables, not both.")
        is_folder = "://" not in self.address or self.address.startswith("file:")
        if not self.queries and self.schema is None and not is_folder:
            raise UsageError("Say what to pull: add --tables SCHEMA or --query FILE.sql.")
        for path in self.queries:
            if not path.is_file():
                raise UsageError(f"There is no file {path}: write a SELECT into one.")


@dataclass(frozen=True)
class _Pulling:
    """A pull on its way: where from, where to, and what the earlier ones reached."""

    origin: Origin
    place: str
    pull: Pull
    folder: Path
    staged: Staged
    setting: Setting
    reached: dict[tuple[str, str | None], Value]

    def since(self, wanted: Wanted, what: str) -> Since | None:
        """Return from where on rows of a table or query are new; None for all of them."""
        if self.pull.cursor is None:
            return None
        columns = self.origin.columns(wanted)
        found = [name for name in columns if name.casefold() == self.pull.cursor.casefold()]
        if found:
            return Since(found[0], self.reached.get((what, found[0])))
        if wanted.is_table:
            return None
        raise unknown("column", self.pull.cursor, columns, f"the query {wanted.name}.sql")


@contextmanager
def pulled_files(
    pull: Pull | None,
    staged: Staged,
    setting: Setting,
    landed: Sequence[LandedFile],
) -> Iterator[list[Named]]:
    """Pull what is wanted into files of the import, which are gone once they were read.

    Tables of a schema that no source knows are not pulled: they are counted in `staged.unknown`.
    `landed` tells how far the earlier pulls went. Raises UsageError for a wrong name and PullError
    for what the database refuses; nothing is then kept.
    """
    if pull is None:
        yield []
        return
    folder = staged.folder / "pulled"
    folder.mkdir()
    try:
        with closing(open_origin(pull.address)) as origin:
            place = place_of(pull.address)
            reached = _reached(landed, place)
            state = _Pulling(origin, place, pull, folder, staged, setting, reached)
            files = list(_pulled(state))
        yield files
    finally:
        shutil.rmtree(folder)


def _pulled(state: _Pulling) -> Iterator[Named]:
    for number, wanted in enumerate(_wanted(state)):
        state.setting.progress(f"pulling {wanted.name}", 0.0)
        target = state.folder / f"{number:04d}" / f"{_file_name(wanted.name)}.parquet"
        target.parent.mkdir()
        label = printable(f"{wanted.folder}/{target.name}" if wanted.folder else target.name)
        what = _what(wanted)
        unread = Named(target, label, not wanted.is_table, Pulled(state.place, what))
        if wanted.is_table and not _is_known(state, wanted, unread):
            continue
        since = state.since(wanted, what)
        got = state.origin.pull(wanted, target, since, None)
        pulled = Pulled(state.place, what, *_how_far(since, got))
        yield Named(target, label, not wanted.is_table, pulled)


def _how_far(since: Since | None, got: Got) -> tuple[str | None, Value | None]:
    return (None, None) if since is None else (since.column, got.reached)


def _wanted(state: _Pulling) -> list[Wanted]:
    pull = state.pull
    if not pull.queries:
        return state.origin.tables(_HERE if pull.schema is None else pull.schema)
    from smarketing.engine.pulling import written_query

    return [written_query(path, pull.address) for path in pull.queries]


def _is_known(state: _Pulling, wanted: Wanted, file: Named) -> bool:
    """Whether a source knows a table, by some of its rows; what is unknown is counted as such.

    A table that lacks something is pulled, so that it is refused as a file is.
    """
    state.origin.pull(wanted, file.path, None, _ENOUGH)
    from smarketing.sources.reading import read_tables

    apart = file.path.parent / "sample"
    apart.mkdir()
    try:
        sources = list(state.setting.sources.values())
        read_tables(file.path, apart, sources, state.setting.forced)
    except UnknownTableError as error:
        sha = hashlib.sha256(f"{state.place} {wanted.label}".encode()).hexdigest()
        rows = state.origin.count(wanted)
        state.staged.unknown.append((file, sha, rows, str(error)))
        return False
    except SourceError:
        return True
    finally:
        shutil.rmtree(apart)
    return True


def _reached(landed: Sequence[LandedFile], place: str) -> dict[tuple[str, str | None], Value]:
    """Return how far the pulls that count went, by table and column; the last one decides."""
    return {
        (pulled.what, pulled.cursor): pulled.reached
        for held in landed
        if (pulled := held.pulled) is not None
        and pulled.place == place
        and pulled.reached is not None
    }


def _what(wanted: Wanted) -> str:
    """Say which table or query it is; another text is another query, pulled from its beginning."""
    if wanted.is_table:
        return wanted.sql
    return f"{wanted.name} {hashlib.sha256(wanted.sql.encode()).hexdigest()}"


def _file_name(name: str) -> str:
    return re.sub(r"[^\w.-]", "_", name) or "table"
