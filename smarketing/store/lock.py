"""One writer at a time: locks that die with their process; the store's says who holds it."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from smarketing.errors import BusyError
from smarketing.store.home import UNREADABLE, Home, disk_errors

_POLL_SECONDS = 0.1


@contextmanager
def writing(home: Home, wait_seconds: float) -> Iterator[None]:
    """Hold the store for writing.

    Waits up to `wait_seconds` for another writer, then BusyError names it. The system releases
    the lock when a process ends, however it ends, so that a kill never leaves the store locked.
    """
    with disk_errors(home.path):
        file = home.lock.open("a+", encoding="utf-8")
    with file:
        _acquire(file, home, wait_seconds)
        try:
            _sign(file, home)
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Hold what a file stands for while something small is read and written; others wait for it.

    The file is made where it is missing, and is empty. Two who do the same at once then come one
    after the other: the second reads what the first wrote.
    """
    with disk_errors(file.parent), file.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _acquire(file: IO[str], home: Home, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                raise BusyError(
                    f"The store {home.path} is being written {_holder(file)}; waited "
                    f"{wait_seconds:g} s. Try again when that is done."
                ) from error
            time.sleep(_POLL_SECONDS)


def _sign(file: IO[str], home: Home) -> None:
    note = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    with disk_errors(home.path):
        file.seek(0)
        file.truncate()
        file.write(json.dumps(note))
        file.flush()


def _holder(file: IO[str]) -> str:
    file.seek(0)
    try:
        note = json.loads(file.read())
        return f"by process {note['pid']} on {note['host']} since {note['since']}"
    except UNREADABLE:
        return "by another process"
