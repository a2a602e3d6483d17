"""What a mutation is: what was changed in a file, and the file's text with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One small change of one file, the whole text of the file with it, and its line in Python."""

    what: str
    text: str
    line: int = 0


#: The places of a file, each with the faults that can be put there; None where one changes nothing.
Places = list[list[Callable[[], Fault | None]]]
