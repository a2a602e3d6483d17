"""Reading any file that an export comes as, without guessing.

`read_file(path, out_dir, header_names=…, encodings=…, totals=…) -> list[ReadTable]` lands every
table of a file (a workbook's sheets, an archive's members) as Parquet of its raw text; see
`reading_types.ReadTable` for what it answers. The kind of a file is told by its first bytes rather
than by its name. Raises SourceError when a file cannot be read with confidence.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import duckdb

from smarketing.errors import SmarketingError, SourceError, StoreError
from smarketing.files.archive import unpacked_gzip, zip_members
from smarketing.files.books import read_book
from smarketing.files.delimited import read_delimited
from smarketing.files.encoding import settle
from smarketing.files.headers import normalise
from smarketing.files.json import read_json
from smarketing.files.parquet import read_parquet
from smarketing.files.tables import BadRow, Dialect, ReadTable, Skipped, TotalRow

__all__ = ["BadRow", "Dialect", "ReadTable", "Skipped", "TotalRow", "read_file"]

_JSON_LINES = {".jsonl", ".ndjson", ".jsonlines"}
_OTHER = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "an SQLite database"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a rar archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
)


@dataclass(frozen=True)
class Reading:
    """What is known before a file is opened, handed to each reader."""

    out_dir: Path
    names: frozenset[str]
    encodings: Callable[[tuple[str, ...]], Sequence[str]]
    totals: tuple[TotalRow, ...]
    landed: list[Path] = field(default_factory=list)

    def target(self, name: str) -> Path:
        """Where the table called `name` is landed."""
        path = self.out_dir / f"{hashlib.sha256(name.encode()).hexdigest()[:16]}.parquet"
        self.landed.append(path)
        return path


def read_file(
    path: Path,
    out_dir: Path,
    header_names: Collection[str] = (),
    encodings: Sequence[str] | Callable[[tuple[str, ...]], Sequence[str]] = (),
    totals: Collection[TotalRow] = (),
) -> list[ReadTable]:
    """Read every table of a file and land each as a Parquet file in `out_dir`.

    `header_names` are the headers known from profiles (as written there), by which header row and
    delimiter are found; `encodings` are tried after UTF-8 (or a function that answers them for the
    columns found); `totals` say what total rows look like besides the usual ones.

    Raises SourceError, and leaves nothing behind, if the file cannot be
    read with confidence, StoreError if `out_dir` cannot be written.
    """
    if not path.is_file():
        raise SourceError(f"There is no file {path}; check the path.")
    out_dir.mkdir(parents=True, exist_ok=True)
    ask = encodings if callable(encodings) else lambda _: encodings
    known = frozenset(filter(None, map(normalise, header_names)))
    reading = Reading(out_dir, known, ask, tuple(totals))
    try:
        return read_any(path, path.name, reading)
    except BaseException as error:
        for landed in reading.landed:
            landed.unlink(missing_ok=True)
        if isinstance(error, OSError | duckdb.IOException):
            raise _machine(path, out_dir, error) from error
        raise


def _machine(path: Path, out_dir: Path, error: Exception) -> SmarketingError:
    """Say in one sentence what the machine refused: to read the file, or to write beside it."""
    if isinstance(error, OSError) and error.filename == str(path):
        return SourceError(f"{path} cannot be read ({error.strerror}): check its permissions.")
    first = str(error).splitlines()[0]
    why = "no space is left" if "No space left" in first or "errno 28" in first else first
    return StoreError(
        f"{path.name} could not be landed in {out_dir} ({why}): nothing was changed; free some "
        "space or choose another home, and import again."
    )


def read_any(path: Path, name: str, reading: Reading) -> list[ReadTable]:
    """Read a file whose name in reports is `name`, by what its first bytes say it is."""
    kind = _kind(path, name)
    if kind == "gzip":
        with unpacked_gzip(path, name, reading.out_dir) as (inner, inner_name):
            return _nested(inner, inner_name, reading, name)
    if kind == "zip":
        tables: list[ReadTable] = []
        for inner, inner_name in zip_members(path, name, reading.out_dir):
            tables += _nested(inner, inner_name, reading, name)
        return tables
    if kind == "book":
        return read_book(path, reading.target, name, reading.names, reading.totals)
    if kind == "parquet":
        return [read_parquet(path, reading.target(name), name)]
    if kind in ("json", "json lines"):
        text = settle(path, tuple, name)
        return read_json(text, reading.target, name, lines=kind == "json lines")
    return [
        read_delimited(
            path, reading.target(name), name, reading.names, reading.encodings, reading.totals
        )
    ]


def _nested(path: Path, name: str, reading: Reading, outer: str) -> list[ReadTable]:
    if _kind(path, name) in ("gzip", "zip"):
        raise SourceError(f"{outer} holds another archive, {name}; unpack it first.")
    return read_any(path, name, reading)


def _kind(path: Path, name: str) -> str:
    """Tell the kind of a file by its first bytes, and by its name where these say nothing."""
    with path.open("rb") as file:
        head = file.read(4096)
    suffix = PurePosixPath(name).suffix.casefold()
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return "book" if _is_book(path) else "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "book"
    if head.startswith(b"PAR1"):
        return "parquet"
    if suffix in _JSON_LINES or suffix == ".json":
        return _json_kind(path, suffix)
    _refuse(head, name)
    return "text"


def _is_book(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return False
    return "[Content_Types].xml" in names or "content.xml" in names


def _json_kind(path: Path, suffix: str) -> str:
    """Tell json lines from a document: the first line is a whole object and more lines follow."""
    if suffix in _JSON_LINES:
        return "json lines"
    with path.open("rb") as file:
        first = file.readline(1 << 22).strip()
        more = any(line.strip() for line in file.readlines(1 << 16))
    try:
        whole = isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return "json"
    return "json lines" if whole and more else "json"


def _refuse(head: bytes, name: str) -> None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:100].lower()
    if re.match(rb"<[a-z!?]", start) and b">" in head:
        raise SourceError(
            f"{name} is a web page or XML, whatever its name says: open it in a spreadsheet and "
            "save it as xlsx or csv, or export it again as csv."
        )
    for magic, what in _OTHER:
        if head.startswith(magic):
            raise SourceError(
                f"{name} is {what}, which holds no table that can be read; export it as csv or "
                "xlsx."
            )
