"""Where everything of one store lives, and writing there so that a kill leaves no half file."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from smarketing.errors import StoreError

#: All that reading a small file of the home may raise which is not what it should be.
UNREADABLE = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True)
class Home:
    """The folder of one store and the places in it."""

    path: Path

    @property
    def landing(self) -> Path:
        """One folder per import: Parquet of raw text and `manifest.json`. The only state."""
        return self.path / "landing"

    @property
    def builds(self) -> Path:
        """One DuckDB file per build, derived from the landing and the agreement."""
        return self.path / "builds"

    @property
    def current(self) -> Path:
        """The pointer: a file that holds the id of the published build."""
        return self.path / "CURRENT"

    @property
    def lock(self) -> Path:
        """The file whose lock a writer holds."""
        return self.path / ".lock"

    def prepare(self) -> None:
        """Make the folders, for their owner alone; StoreError when the home cannot be written."""
        with disk_errors(self.path):
            for folder in (self.path, self.landing, self.builds):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                _close(folder)
                if not os.access(folder, os.W_OK | os.X_OK):
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


def _close(folder: Path) -> None:
    """Leave a folder that was there before to its owner alone, where it is one's own."""
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & 0o077:
        with suppress(PermissionError):
            folder.chmod(mode & 0o700)


@contextmanager
def disk_errors(where: Path) -> Iterator[None]:
    """Turn what a disk can answer (full, read-only, not permitted) into one clear StoreError."""
    try:
        yield
    except OSError as error:
        raise StoreError(disk_message(error, where)) from error


def disk_message(error: OSError, where: Path) -> str:
    """Say in one sentence why the disk refused and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return (
            f"The disk of {where} is full: nothing was changed. "
            "Free some space and run the same command again."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"The folder {where} cannot be written ({error.strerror}): nothing was changed. "
            "Name one you may write to; for the home set SMARKETING_HOME."
        )
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return (
            f"{where} is not a folder ({error.strerror}). "
            "Name one you may write to; for the home set SMARKETING_HOME."
        )
    return (
        f"{where} could not be used ({error}): nothing was changed. "
        "Name a folder you may write to; for the home set SMARKETING_HOME."
    )


def write_atomic(path: Path, text: str) -> None:
    """Replace a small file so that a reader sees the old text or the new, never a part."""
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Make a file or a folder's entries survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
