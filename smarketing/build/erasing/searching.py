"""The bytes of a home's files: whether a person stands in them, and which nobody can search."""

from __future__ import annotations

import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from contextlib import suppress
from lzma import LZMAError
from pathlib import Path
from typing import IO, Final

from smarketing.store.home import Home

Rules = Sequence[re.Pattern[str]]
_TABLES: Final = (".parquet", ".duckdb")
_PACKED: Final = (".pdf", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar", ".svgz")
"""Endings of files whose text is packed otherwise than in a zip."""
_DRAWN: Final = (".png", ".jpg", ".jpeg", ".gif", ".webp")
"""Endings of files whose text is drawn; decks have such parts."""
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
_BEGUN: Final = 4_096
_WIDE: Final = (
    ("utf-16-le", rb"\xff\xfe|(?:..)*?(?:[\t\n\r -~]\0){8}"),
    ("utf-16-be", rb"\xfe\xff|(?:..)*?(?:\0[\t\n\r -~]){8}"),
)
"""Texts of two bytes a letter: how they begin, and what stands in them."""


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
        " PDF, pictures, tables, packed files, back-ups and what may not be read cannot be "
        f"searched: look at {names} yourself, or remove what was written before."
    )


def _stands_in(
    stream: IO[bytes], name: str, rules: Rules, needles: Sequence[bytes], depth: int
) -> bool:
    if depth < _DEEPEST and not name.endswith(_TABLES):
        with suppress(*_DAMAGED):  # named by `unsearched`
            if zipfile.is_zipfile(stream):
                if _stands_in_part(stream, rules, needles, depth):
                    return True
                stream.seek(0)
                # What stands before a zip, as in a tar that ends with one, is in no part of it.
                if stream.read(2) == b"PK":
                    return False
    stream.seek(0)
    before, letters = b"", ("utf-8",) if name.endswith(_TABLES) else _letters(stream)
    while chunk := stream.read(_CHUNK):
        part = before + chunk
        # In packed bytes what ODD looks for stands by chance.
        near = _near(part.lower(), needles) if name.endswith(_TABLES) else [slice(None)]
        texts = [part[where].decode(each, errors="replace") for where in near for each in letters]
        if any(rule.search(text) for rule in rules for text in texts):
            return True
        before = chunk[-_LONGEST:]
    return False


def _letters(stream: IO[bytes]) -> tuple[str, ...]:
    """Return how the text of a file may be written: some programs save two bytes a letter.

    Such a text says so by its first bytes, or has letters of ASCII beside zeros.
    """
    begun = stream.read(_BEGUN)
    stream.seek(0)
    wide = (name for name, said in _WIDE if re.match(said, begun, re.DOTALL))
    return ("utf-8", *wide)


def _stands_in_part(stream: IO[bytes], rules: Rules, needles: Sequence[bytes], depth: int) -> bool:
    with zipfile.ZipFile(stream) as packed:
        told = [packed.comment, *(each.comment for each in packed.infolist())]
        names = [*packed.namelist(), *(comment.decode(errors="replace") for comment in told)]
        if any(rule.search(name) for rule in rules for name in names):
            return True
        for member in packed.infolist():
            with tempfile.SpooledTemporaryFile(_CHUNK) as part, packed.open(member) as source:
                while chunk := source.read(_CHUNK):
                    part.write(chunk)
                if _stands_in(part, member.filename, rules, needles, depth + 1):
                    return True
    return False


def _is_odd(path: Path) -> bool:
    if path.name.lower().endswith((*_DRAWN, *_PACKED, *_TABLES)):
        return True
    try:
        with path.open("rb") as stream:
            if not zipfile.is_zipfile(stream):
                return False
            with zipfile.ZipFile(stream) as packed:
                names = [name.lower() for name in packed.namelist()]
                is_odd = any(name.endswith((*_PACKED, *_TABLES)) for name in names)
                return is_odd or bool(packed.testzip())
    except FileNotFoundError:
        return False
    except _DAMAGED:
        return True


def _near(small: bytes, needles: Sequence[bytes]) -> list[slice]:
    """Return where bytes hold a needle, with what stands around it."""
    found: list[slice] = []
    for at in sorted(
        hit.start()
        for each in needles
        if each in small
        for hit in re.finditer(re.escape(each), small)
    ):
        start, stop = max(at - _LONGEST, 0), at + _LONGEST
        if found and start <= found[-1].stop:
            found[-1] = slice(found[-1].start, stop)
        else:
            found.append(slice(start, stop))
    return found
