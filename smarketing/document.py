"""A document to read and to print, as plain data: titled passages of sentences, facts and tables.

Every text is data: who writes it out escapes it for what it writes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A table of texts."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Passage:
    """A titled part: sentences, then facts (label and text), then a table.

    `level` 1 stands in the table of contents; deeper ones belong to the one before.
    """

    title: str
    level: int = 1
    sentences: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Document:
    """A title, the line that says what it is of (version, date, state), and its passages."""

    title: str
    stamp: str
    passages: tuple[Passage, ...]

    def anchors(self) -> tuple[str, ...]:
        """Return a name for each passage to link to, each once."""
        return distinct([slug(passage.title) for passage in self.passages])


def slug(title: str) -> str:
    """Return a title as a name for a link: lower case, words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "part"


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Return names told apart by a number where two are alike."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return tuple(found)
