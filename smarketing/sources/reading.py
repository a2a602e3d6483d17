"""Reading any file that an export comes as, without guessing.

`read_file(path, out_dir, header_names=…, encodings=…, totals=…) -> list[ReadTable]` lands every
table of a file (a workbook's sheets, an archive's members) as Parquet of its raw text; see
`reading_types.ReadTable` for what it answers. The kind of a file is told by its first bytes rather
than by its name. Raises SourceError when a file cannot be read with confidence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from smarketing.errors import SourceError
from smarketing.sources.headers import normalise
from smarketing.sources.reading_types import BadRow, Dialect, ReadTable, Skipped, TotalRow

__all__ = ["BadRow", "Dialect", "ReadTable", "Skipped", "TotalRow", "read_file"]


@dataclass(frozen=True)
class Reading:
    """What is known before a file is opened, handed to each reader."""

    out_dir: Path
    names: frozenset[str]
    encodings: Callable[[tuple[str, ...]], Sequence[str]]
    totals: tuple[TotalRow, ...]

    def target(self, name: str) -> Path:
        """Where the table called `name` is landed."""
        return self.out_dir / f"{hashlib.sha256(name.encode()).hexdigest()[:16]}.parquet"


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
    read with confidence.
    """
    if not path.is_file():
        raise SourceError(f"There is no file {path}; check the path.")
    out_dir.mkdir(parents=True, exist_ok=True)
    ask = encodings if callable(encodings) else lambda _: encodings
    known = frozenset(filter(None, map(normalise, header_names)))
    return read_any(path, path.name, Reading(out_dir, known, ask, tuple(totals)))


def read_any(path: Path, name: str, reading: Reading) -> list[ReadTable]:
    """Read a file whose name in reports is `name`, by what its first bytes say it is."""
    from smarketing.sources.reading_delimited import read_delimited

    return [
        read_delimited(
            path, reading.target(name), name, reading.names, reading.encodings, reading.totals
        )
    ]
