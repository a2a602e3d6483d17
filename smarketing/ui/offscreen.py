"""Pages run without a browser: what they would show is caught instead of drawn.

Only a program that answers one person runs pages so, a command or a process started for a report;
a server never does, and whoever a page is run for was let in by who started it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from smarketing.access import Access


@dataclass
class Caught:
    """What a page said: its figures in order, what of its address it could not apply, failures."""

    access: Access
    figures: list[Any] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


_running: list[Caught] = []


@contextmanager
def catching(access: Access) -> Iterator[Caught]:
    """Catch what the pages that run meanwhile show to somebody."""
    caught = Caught(access)
    _running.append(caught)
    try:
        yield caught
    finally:
        _running.remove(caught)


def running() -> Caught | None:
    """Return where what a page shows goes to instead of the screen; None where it is drawn."""
    return _running[-1] if _running else None


def fail(error: Exception | str) -> None:
    """Catch why there is no figure, where a page runs without a screen to say it on."""
    caught = running()
    if caught is not None:
        caught.failures.append(str(error))
