"""A library that panics says so on standard error, at length: our sentence is enough."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock

_STDERR = 2


class _StandardError:
    """Standard error, held back while anybody reads with a library that may panic."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._readers = 0
        self._kept = -1
        self._panicked = False

    def hold_back(self) -> None:
        with self._lock:
            # Without one, its number may be that of a file.
            if not self._readers and sys.__stderr__ is not None:
                self._kept = os.dup(_STDERR)
                self._heard = tempfile.TemporaryFile()  # noqa: SIM115 - closed as it is let go
                os.dup2(self._heard.fileno(), _STDERR)
            self._readers += 1

    def let_go(self, *, panicked: bool) -> None:
        with self._lock:
            self._panicked |= panicked
            self._readers = max(self._readers - 1, 0)
            if self._readers or self._kept < 0:
                return
            with suppress(OSError, ValueError):
                sys.stderr.flush()
            os.dup2(self._kept, _STDERR)
            if not self._panicked:
                self._heard.seek(0)
                os.write(_STDERR, self._heard.read())
            os.close(self._kept)
            self._heard.close()
            self._kept, self._panicked = -1, False


_STANDARD_ERROR = _StandardError()


def is_panic(error: BaseException) -> bool:
    """Return whether a library gave up on a file that is not as it may be."""
    return type(error).__name__ == "PanicException"


@contextmanager
def unheard() -> Iterator[None]:
    """Hold back what is written to standard error; it is dropped where a library panics.

    The panic itself is left to the caller. Everything else is written afterwards.
    """
    _STANDARD_ERROR.hold_back()
    panicked = False
    try:
        yield
    except BaseException as error:
        panicked = is_panic(error)
        raise
    finally:
        _STANDARD_ERROR.let_go(panicked=panicked)
