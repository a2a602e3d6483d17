"""A secret of the home that makes marks of people which nobody can guess a person from."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from smarketing.errors import StoreError
from smarketing.store.home import disk_errors

FILE_NAME = "salt"
#: Where marks are kept that this secret made.
MARKED = "erased.json"
_SHORTEST = 32


def salt_of(home: Path) -> str:
    """Return the secret of a home, made when it is first asked for; readable by its owner alone.

    Raises StoreError where it is empty or cut, or gone while marks are kept that it made: with
    another one people could be guessed, and those who were erased come back.
    """
    path = home / FILE_NAME
    with disk_errors(home):
        try:
            salt = path.read_bytes().decode("ascii", errors="replace")
        except FileNotFoundError:
            if (home / MARKED).exists():
                raise _lost(path, "is gone") from None
            salt = _made(path)
    if len(salt.strip()) < _SHORTEST:
        raise _lost(path, "is empty or cut")
    return salt


def _lost(path: Path, how: str) -> StoreError:
    return StoreError(
        f"The secret {path} {how}, which keeps people from being guessed and those who were erased "
        f"away: restore it from a backup, or where nobody was erased ({MARKED}) remove it, and a "
        "new one is made."
    )


def _made(path: Path) -> str:
    """Make the secret; of two that make it at once, the first one's counts for both."""
    part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(32))
            stream.flush()
            os.fsync(stream.fileno())
        path.hardlink_to(part)
    except FileExistsError:
        pass
    finally:
        part.unlink()
    return path.read_text(encoding="ascii")
