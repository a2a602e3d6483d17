"""Sessions that were ended by signing out, so that a copy of their cookie opens nothing.

A cookie says by itself who somebody is, and goes on saying it wherever it was copied to. What is
kept is a mark of each ended session, made with the home's secret, until it would end by itself.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from smarketing.store.erased import mark
from smarketing.store.home import disk_errors

FILE_NAME = "signed-out.json"
#: What a provider says of one session alone.
_OF_A_SESSION = ("iss", "sub", "email", "iat", "nonce", "sid")


def end(home: Path, user: Mapping[str, Any], now: float, until: float) -> None:
    """Put down that a session, told by what the provider says of it, has ended."""
    with _opened(home) as file:
        kept = {name: ends for name, ends in _read(file.read()).items() if ends > now}
        kept[_session(home, user)] = until
        file.seek(0)
        file.truncate()
        file.write(json.dumps(kept).encode())


def is_over(home: Path, user: Mapping[str, Any]) -> bool:
    """Answer whether a session was ended; no file is written to answer that."""
    try:
        content = (home / FILE_NAME).read_bytes()
    except FileNotFoundError:
        return False
    return _session(home, user) in _read(content)


def _session(home: Path, user: Mapping[str, Any]) -> str:
    return mark(home, "session", *(str(user.get(name, "")) for name in _OF_A_SESSION))


def _read(content: bytes) -> dict[str, float]:
    kept = json.loads(content or b"{}")
    if not isinstance(kept, dict) or not all(isinstance(v, int | float) for v in kept.values()):
        raise ValueError("no list of sessions and when they are forgotten")
    return kept


@contextmanager
def _opened(home: Path) -> Iterator[BinaryIO]:
    with disk_errors(home):
        handle = os.open(home / FILE_NAME, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
