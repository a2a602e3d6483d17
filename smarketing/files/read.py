"""Reading any file that an export comes as, without guessing.

`read_file(path, out_dir, header_names=…, encodings=…, totals=…) -> list[LandedTable]` lands every
table of a file (a workbook's sheets, an archive's members) as Parquet of its raw text; see
`tables.LandedTable` for what it answers. The kind of a file is told by its first bytes rather
than by its name. Raises SourceError when a file cannot be read with confidence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from smarketing.errors import SourceError
from smarketing.files.archive import unpacked_gzip, zip_members
from smarketing.files.books import read_book
from smarketing.files.delimited import read_delimited
from smarketing.files.encoding import settle
from smarketing.files.headers import normalise
from smarketing.files.json import read_json
from smarketing.files.kinds import kind_of
from smarketing.files.limits import printable
from smarketing.files.parquet import as_json_lines, is_nested, read_parquet
from smarketing.files.refusing import refusal
from smarketing.files.tables import BadRow, Dialect, LandedTable, Skipped, TotalRow

__all__ = ["BadRow", "Dialect", "LandedTable", "Skipped", "TotalRow", "read_file"]

_SHOWN = 5


@dataclass(frozen=True)
class Reading:
    """What is known before a file is opened, handed to each reader."""

    out_dir: Path
    names: frozenset[str]
    encodings: Callable[[tuple[str, ...]], Sequence[str]]
    totals: tuple[TotalRow, ...]
    landed: list[Path] = field(default_factory=list)

    def target(self, name: str) -> Path:
        """Where the table called `name` is landed; a second one of that name has its own place."""
        mark = f"{name}\0{len(self.landed)}" if self._taken(name) else name
        path = self._place(mark)
        self.landed.append(path)
        return path

    def forget(self, kept: int = 0) -> None:
        """Remove what was landed, but for the first `kept` tables."""
        for path in self.landed[kept:]:
            path.unlink(missing_ok=True)
        del self.landed[kept:]

    def _taken(self, name: str) -> bool:
        return self._place(name) in self.landed

    def _place(self, mark: str) -> Path:
        return self.out_dir / f"{hashlib.sha256(mark.encode()).hexdigest()[:16]}.parquet"


def read_file(
    path: Path,
    out_dir: Path,
    header_names: Collection[str] = (),
    encodings: Sequence[str] | Callable[[tuple[str, ...]], Sequence[str]] = (),
    totals: Collection[TotalRow] = (),
) -> list[LandedTable]:
    """Read every table of a file and land each as a Parquet file in `out_dir`.

    `header_names` are the headers known from profiles (as written there), by which header row and
    delimiter are found; `encodings` are tried after UTF-8 (or a function that answers them for the
    columns found); `totals` say what total rows look like besides the usual ones.

    Raises SourceError, and leaves nothing behind, if the file cannot be
    read with confidence, StoreError if `out_dir` cannot be written.
    """
    name = printable(path.name)
    if not path.is_file():
        raise SourceError(f"There is no file {printable(str(path))}; check the path.")
    if name != path.name:
        raise SourceError(f"{name} has a name that is not UTF-8; rename the file, then import it.")
    out_dir.mkdir(parents=True, exist_ok=True)
    ask = encodings if callable(encodings) else lambda _: encodings
    known = frozenset(filter(None, map(normalise, header_names)))
    reading = Reading(out_dir, known, ask, tuple(totals))
    try:
        return read_any(path, name, reading)
    except BaseException as error:
        reading.forget()
        raise refusal(path, name, out_dir, error) from error


def read_any(path: Path, name: str, reading: Reading) -> list[LandedTable]:
    """Read a file whose name in reports is `name`, by what its first bytes say it is."""
    kind = kind_of(path, name)
    if kind == "gzip":
        with unpacked_gzip(path, name, reading.out_dir) as (inner, inner_name):
            return _nested(inner, inner_name, reading, name)
    if kind == "zip":
        return _members(path, name, reading)
    if kind == "book":
        return read_book(path, reading.target, name, reading.names, reading.totals)
    if kind == "parquet":
        return [_columnar(path, name, reading)]
    if kind in ("json", "json lines"):
        text = settle(path, tuple, name)
        return read_json(text, reading.target, name, lines=kind == "json lines")
    return read_delimited(
        path, reading.target, name, reading.names, reading.encodings, reading.totals
    )


def _columnar(path: Path, name: str, reading: Reading) -> LandedTable:
    """Read a parquet file; cells that hold records are taken apart as those of json."""
    if not is_nested(path):
        return read_parquet(path, reading.target(name), name)
    lines = reading.out_dir / f"{hashlib.sha256(name.encode()).hexdigest()[:16]}.jsonl"
    try:
        as_json_lines(path, lines, name)
        text = settle(lines, tuple, name)
        [table] = read_json(text, reading.target, name, lines=True)
    finally:
        lines.unlink(missing_ok=True)
    return replace(table, dialect="parquet", encoding=None)


def _nested(path: Path, name: str, reading: Reading, outer: str) -> list[LandedTable]:
    if kind_of(path, name) in ("gzip", "zip"):
        raise SourceError(f"{outer} holds another archive, {name}; unpack it first.")
    return read_any(path, name, reading)


def _members(path: Path, name: str, reading: Reading) -> list[LandedTable]:
    """Read the tables of an archive; what is no table is noted, what should be one is refused.

    Both are said with the first table. Raises SourceError when there is no table at all.
    """
    tables: list[LandedTable] = []
    refused: list[str] = []
    passed: list[str] = []
    for member in zip_members(path, name, reading.out_dir):
        if member.path is None:
            passed.append(member.inside)
            continue
        before = len(reading.landed)
        try:
            tables += _nested(member.path, member.name, reading, name)
        except BaseException as error:
            reading.forget(before)
            sentence = refusal(member.path, member.name, reading.out_dir, error)
            if not isinstance(sentence, SourceError):
                raise sentence from error
            if member.is_table:
                refused.append(str(sentence))
            else:
                passed.append(member.inside)
    if not tables:
        inside = f" (passed over: {_listed(passed)})" if passed else ""
        why = f"{name} holds no table that can be read{inside}; unpack what is packed in it first."
        raise SourceError(" ".join(refused) or why)
    notes = (f"no tables, passed over: {_listed(passed)}",) if passed else ()
    first = replace(tables[0], notes=(*tables[0].notes, *notes), refused=tuple(refused))
    return [first, *tables[1:]]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return shown + (f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else "")
