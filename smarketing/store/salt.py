"""A secret of the home that makes marks of people which nobody can guess a person from."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from smarketing.store.home import disk_errors

FILE_NAME = "salt"


def salt_of(home: Path) -> str:
    """Return the secret of a home, made when it is first asked for; readable by its owner alone."""
    path = home / FILE_NAME
    with disk_errors(home):
        try:
            return path.read_text(encoding="ascii")
        except FileNotFoundError:
            return _made(path)


def _made(path: Path) -> str:
    """Make the secret; of two that make it at once, the first one's counts for both."""
    part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(secrets.token_hex(32))
        stream.flush()
        os.fsync(stream.fileno())
    try:
        path.hardlink_to(part)
    except FileExistsError:
        pass
    finally:
        part.unlink()
    return path.read_text(encoding="ascii")
