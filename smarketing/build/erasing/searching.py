"""The bytes of a home's files: whether a person stands in them, and which nobody can search."""

from __future__ import annotations

import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from lzma import LZMAError
from pathlib import Path
from typing import IO, Final

from smarketing.store.home import Home

Rules = Sequence[re.Pattern[str]]
_TABLES: Final = (".parquet", ".duckdb")
_DRAWN: Final = (".pdf", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svgz", ".gz")
"""Endings of files whose text is drawn or packed."""
_CHUNK = 1 << 22
_LONGEST = 1_000
"""Bytes of the longest name or address, looked at again with the next part of a file."""
_DEEPEST: Final = 3
"""Zips within each other: the workbook of a chart lies in its deck."""
_DAMAGED: Final = (
    *(zipfile.BadZipFile, zlib.error, LZMAError, EOFError, NotImplementedError, RuntimeError),
    *(OSError, ValueError),
)
"""What a zip that is cut, damaged or protected answers."""
_NAMED: Final = 6


def files_of(home: Path) -> list[Path]:
    """Return every file of a home, in order; links lead elsewhere."""
    # Folders come and go while a dashboard writes, which ends a search by rglob.
    found = (Path(folder) / name for folder, _, names in os.walk(home) for name in names)
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def holds(path: Path, rules: Rules, needles: Sequence[bytes]) -> bool:
    """Answer whether a person stands in a file, or in a part of a deck, a workbook or another zip.

    `rules` are patterns of what the person is called; `needles` stand near each of them in tables,
    whose bytes are packed. One that is gone by now holds nobody, as while a dashboard writes; one
    that may not be read is named by `unsearched`.
    """
    try:
        with path.open("rb") as stream:
            return _stands_in(stream, path.name, rules, needles, 0)
    except (FileNotFoundError, PermissionError):
        return False


def unsearched(home: Path) -> list[str]:
    """Return the files of a home that hold text nobody can search, beside its own tables."""
    places = Home(home)
    return [
        path.relative_to(home).as_posix()
        for path in files_of(home)
        if not {places.landing, places.builds} & {*path.parents} and _is_odd(path)
    ]


def told_unsearched(files: Sequence[str]) -> str:
    """Say which files may name the person unseen; blank for none."""
    if not files:
        return ""
    names = ", ".join(files[:_NAMED]) + (f" and {len(files) - _NAMED} more" * bool(files[_NAMED:]))
    return (
        " PDF, pictures, packed tables, back-ups and what may not be read cannot be searched: look "
        f"at {names} yourself, or remove what was written before."
    )


def _stands_in(
    stream: IO[bytes], name: str, rules: Rules, needles: Sequence[bytes], depth: int
) -> bool:
    if depth < _DEEPEST and not name.endswith(_TABLES) and zipfile.is_zipfile(stream):
        try:
            return _stands_in_part(stream, rules, needles, depth)
        except _DAMAGED:
            pass  # named by `unsearched`
    stream.seek(0)
    before = b""
    while chunk := stream.read(_CHUNK):
        part = before + chunk
        # In packed bytes what ODD looks for stands by chance.
        near = _near(part.lower(), needles) if name.endswith(_TABLES) else [slice(None)]
        texts = [part[where].decode(errors="replace") for where in near]
        if any(rule.search(text) for rule in rules for text in texts):
            return True
        before = chunk[-_LONGEST:]
    return False


def _stands_in_part(stream: IO[bytes], rules: Rules, needles: Sequence[bytes], depth: int) -> bool:
    with zipfile.ZipFile(stream) as packed:
        for member in packed.infolist():
            if any(rule.search(member.filename) for rule in rules):
                return True
            with tempfile.SpooledTemporaryFile(_CHUNK) as part, packed.open(member) as source:
                while chunk := source.read(_CHUNK):
                    part.write(chunk)
                if _stands_in(part, member.filename, rules, needles, depth + 1):
                    return True
    return False


def _is_odd(path: Path) -> bool:
    if path.name.lower().endswith((*_DRAWN, *_TABLES)):
        return True
    try:
        path.open("rb").close()
    except FileNotFoundError:
        return False
    except PermissionError:
        return True
    if not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as packed:
            names = [member.filename.lower() for member in packed.infolist()]
            return any(name.endswith((*_TABLES, ".pdf")) for name in names) or bool(
                packed.testzip()
            )
    except _DAMAGED:
        return True


def _near(small: bytes, needles: Sequence[bytes]) -> list[slice]:
    """Return where bytes hold a needle, with what stands around it."""
    found: list[slice] = []
    for at in sorted(
        hit.start() for each in needles for hit in re.finditer(re.escape(each), small)
    ):
        start, stop = max(at - _LONGEST, 0), at + _LONGEST
        if found and start <= found[-1].stop:
            found[-1] = slice(found[-1].start, stop)
        else:
            found.append(slice(start, stop))
    return found
