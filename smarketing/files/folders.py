"""Which files of a folder or archive are data."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import NoReturn

from smarketing.errors import SourceError, UsageError
from smarketing.files.limits import printable

_DOCUMENTS = {
    *(".html", ".htm", ".pdf", ".doc", ".docx", ".ppt", ".pptx", ".rtf", ".pages", ".key"),
    *(".eml", ".msg", ".ics", ".xml", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".mp4"),
}
"""What people keep beside their tables, and sometimes a table in."""
_NOT_DATA = {
    *_DOCUMENTS,
    *(".md", ".rst", ".ico", ".graphml", ".gexf", ".py", ".ipynb", ".js", ".css", ".sh", ".sql"),
    *(".yaml", ".yml", ".toml", ".ini", ".log"),
}
_AGAIN = re.compile(r"(.*?) ?\((\d{1,3})\)(\.[^.]+(?:\.gz)?)", re.DOTALL)
"""What a browser calls a file that it has downloaded before: `deals (1).csv`, not `(2026)`."""
_NOT_DATA_NAMES = {"license", "licence", "copying", "notice", "readme"}


def is_data(inside: PurePath) -> bool:
    """Whether a file, by its path inside a folder or archive, may hold data.

    Hidden files, what systems add, licences, documentation and code do not.
    """
    plain = inside.suffix.casefold() in ("", ".txt")
    documentation = plain and inside.stem.casefold() in _NOT_DATA_NAMES
    code = inside.suffix.casefold() in _NOT_DATA
    return not (_is_hidden(inside) or documentation or code)


def _is_hidden(inside: PurePath) -> bool:
    return any(part.startswith((".", "~$", "__MACOSX")) for part in inside.parts)


def passed_over(paths: Sequence[Path]) -> list[Path]:
    """List the documents and pictures in these folders, which no import reads, in order."""
    return [
        item
        for folder in paths
        if folder.is_dir()
        for item in sorted(_below(folder))
        if item.suffix.casefold() in _DOCUMENTS and not _is_hidden(item.relative_to(folder))
    ]


def data_files(paths: Sequence[Path]) -> list[Path]:
    """List the files that an import of these files and folders reads, in order, each once.

    A file that is named is always taken; a folder gives what `is_data` lets through, in it and
    below it, links followed. Raises UsageError for a path that does not exist or is neither file
    nor folder, and for a folder without data, SourceError for a folder that cannot be read.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_file():
            found[path] = None
        elif path.is_dir():
            there = (item for item in _below(path) if item.is_file() or _leads_nowhere(item))
            below = sorted(there, key=_in_order)
            inside = [item for item in below if is_data(item.relative_to(path))]
            if not inside:
                raise UsageError(
                    f"The folder {printable(str(path))} holds no file to import; check the path."
                )
            found.update(dict.fromkeys(inside))
        elif path.exists():
            raise UsageError(
                f"{printable(str(path))} is neither a file nor a folder, but a pipe, a socket or a "
                "device: save what it gives as a file and import that."
            )
        else:
            raise UsageError(f"There is no file or folder {printable(str(path))}; check the path.")
    return list(found)


def _in_order(item: Path) -> tuple[str, ...]:
    """Order files by name, and downloads of one name as they came: x.csv, x (1).csv, x (10).csv."""
    again = _AGAIN.fullmatch(item.name)
    first, copy = (f"{again[1]}{again[3]}", again[2]) if again else (item.name, "")
    return (*item.parent.parts, first, copy.zfill(3))


def _leads_nowhere(item: Path) -> bool:
    """Whether a file is a link to one that is gone: it is taken, so that reading refuses it."""
    return item.is_symlink() and not item.exists()


def _below(folder: Path) -> Iterator[Path]:
    seen: set[tuple[int, int]] = set()
    for place, folders, names in os.walk(folder, onerror=_unreadable, followlinks=True):
        there = Path(place).stat()
        if (there.st_dev, there.st_ino) in seen:
            folders.clear()
            continue
        seen.add((there.st_dev, there.st_ino))
        yield from (Path(place) / name for name in names)


def _unreadable(error: OSError) -> NoReturn:
    raise SourceError(f"The folder {error.filename} cannot be read ({error.strerror}).") from error
