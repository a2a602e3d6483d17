"""Files that came by the browser, kept in the home until they are imported or thrown away."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path
from typing import BinaryIO

from smarketing.errors import UsageError
from smarketing.store.home import disk_errors

FOLDER = "uploads"
_TOKEN = re.compile(r"[0-9a-f]{16,64}")
_LEFT_SECONDS = 86_400
_CHUNK = 1 << 22
_LONGEST = 120
"""Characters of a file's name: what every disk takes, with its bytes."""


def folder_of(home: Path, token: str) -> Path:
    """Return where the files of one person at one time are; `token` is a random hexadecimal."""
    if not _TOKEN.fullmatch(token):
        raise UsageError("This is no name of an upload; drop the files again.")
    return home / FOLDER / token


def receive(home: Path, token: str, name: str, stream: BinaryIO) -> Path:
    """Write a file that comes in, piece by piece, and return where it is.

    Its name is only a name: whatever leads elsewhere is taken off. Of two files of one name the
    second gets a number. StoreError where the disk refuses; nothing is then left of the file.
    """
    folder = folder_of(home, token)
    with disk_errors(home):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = _free(folder, safe_name(name))
        try:
            with path.open("xb") as file:
                shutil.copyfileobj(stream, file, _CHUNK)
        except OSError:
            path.unlink(missing_ok=True)
            raise
    return path


def received(home: Path, token: str) -> list[Path]:
    """Return the files that are there, by name."""
    folder = folder_of(home, token)
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def discard(home: Path, token: str) -> None:
    """Throw away the files of one person."""
    shutil.rmtree(folder_of(home, token), ignore_errors=True)


def discard_all(home: Path) -> None:
    """Throw away everybody's files: somebody who is erased may stand in them."""
    shutil.rmtree(home / FOLDER, ignore_errors=True)


def discard_left(home: Path, at: float | None = None) -> None:
    """Throw away what nobody came back to for a day."""
    now = time.time() if at is None else at
    folder = home / FOLDER
    for path in folder.iterdir() if folder.is_dir() else ():
        if now - path.stat().st_mtime > _LEFT_SECONDS:
            shutil.rmtree(path, ignore_errors=True)


def safe_name(name: str) -> str:
    """Return the last part of a name, without what a disk or a reader would take for more."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    if not dot:
        stem, suffix = plain, ""
    while len(f"{stem}{dot}{suffix}".encode()) > _LONGEST:
        stem, suffix = stem[:-1], suffix if stem else suffix[:-1]
    return f"{stem}{dot}{suffix}" or "file"


def _free(folder: Path, name: str) -> Path:
    path, number = folder / name, 2
    while path.exists():
        path, number = folder / f"{Path(name).stem} ({number}){Path(name).suffix}", number + 1
    return path
