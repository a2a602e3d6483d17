"""From a file to recognised, landed tables: reading and recognition together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from smarketing.errors import SourceError, UsageError
from smarketing.sources.profile import Source
from smarketing.sources.reading import read_file
from smarketing.sources.reading_types import ReadTable
from smarketing.sources.recognition import Match, recognise

_NOT_DATA = {".md", ".rst", ".html", ".pdf", ".docx", ".py", ".sql", ".yaml", ".yml", ".toml"}
_NOT_DATA_NAMES = {"license", "licence", "copying", "notice", "readme", "license.txt", "readme.txt"}


@dataclass(frozen=True)
class Recognised:
    """A landed table and the source object it belongs to."""

    table: ReadTable
    match: Match


def read_tables(
    path: Path, out_dir: Path, sources: Iterable[Source], forced: Source | None = None
) -> list[Recognised]:
    """Read a file and recognise each of its tables; with `forced` only as that source's.

    Raises SourceError, and lands nothing, when the file cannot be read with confidence or a table
    of it belongs to no source.
    """
    considered = [forced] if forced else list(sources)
    tables = read_file(
        path,
        out_dir,
        header_names=frozenset().union(*(source.header_names() for source in considered)),
        encodings=lambda columns: _encodings(path.name, columns, considered, forced),
        totals=frozenset().union(*(source.total_rows() for source in considered)),
    )
    try:
        return [Recognised(t, recognise(t.name, t.columns, considered, forced)) for t in tables]
    except SourceError:
        for table in tables:
            table.parquet.unlink(missing_ok=True)
        raise


def _encodings(
    name: str, columns: tuple[str, ...], sources: Sequence[Source], forced: Source | None
) -> tuple[str, ...]:
    """Give the encodings that the source of a table with these columns is known to use."""
    if forced:
        return forced.profile.encodings
    try:
        return recognise(name, columns, sources).source.profile.encodings
    except SourceError:
        return ()


def data_files(paths: Sequence[Path]) -> list[Path]:
    """List the files that an import of these files and folders reads, in order, each once.

    A file that is named is always taken. In a folder (and those below it) hidden files, licences,
    documentation and code are passed over. Raises UsageError for a path that does not exist and
    for a folder without a file to read.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_file():
            found[path] = None
        elif path.is_dir():
            inside = [p for p in sorted(path.rglob("*")) if p.is_file() and _is_data(path, p)]
            if not inside:
                raise UsageError(f"The folder {path} holds no file to import; check the path.")
            found.update(dict.fromkeys(inside))
        else:
            raise UsageError(f"There is no file or folder {path}; check the path.")
    return list(found)


def _is_data(folder: Path, path: Path) -> bool:
    parts = path.relative_to(folder).parts
    hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in parts)
    name = path.name.casefold()
    return not hidden and path.suffix.casefold() not in _NOT_DATA and name not in _NOT_DATA_NAMES
