"""A process of its own that answers one question at a time, and is ended where one takes long."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

#: What runs in the process: answers what comes in by the connection, until it is closed.
Answering = Callable[..., None]
TOO_LONG = "took too long"
#: How a process ends that wants another to answer what comes next.
ENDED = 3


class Served:
    """Begins the process, and begins it again where it was ended or died over a question."""

    def __init__(self, answering: Answering, *given: Hashable) -> None:
        self._answering = answering
        self._given = given
        self._begin()

    def ask(self, question: Any, seconds: float | None = None) -> Any:
        """Return what the process says of it, TOO_LONG where it had no answer in that time.

        None where the process died of it; one that ended by itself before is begun again.
        """
        with suppress(EOFError, OSError):
            self._there.send(question)
            if self._there.poll(seconds):
                return self._there.recv()
            self._begin_again()
            return TOO_LONG
        self._process.join()
        has_ended = self._process.exitcode == ENDED
        self._begin_again()
        return self.ask(question, seconds) if has_ended else None

    def close(self) -> None:
        """End the process."""
        self._there.close()
        self._process.kill()
        self._process.join()

    def _begin(self) -> None:
        context = get_context("spawn")
        self._there, here = context.Pipe()
        self._process = context.Process(
            target=_run, args=(self._answering, here, self._given), daemon=False
        )
        self._process.start()
        here.close()

    def _begin_again(self) -> None:
        self.close()
        self._begin()


def _run(answering: Answering, here: Connection, given: tuple[Hashable, ...]) -> None:
    with suppress(EOFError, KeyboardInterrupt):
        answering(here, *given)
