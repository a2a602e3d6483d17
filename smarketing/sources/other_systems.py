"""Systems that have no source here, told by headers that only they write.

A file of theirs is never taken for a built-in source's, and what is said of it names the right
system.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from smarketing.files.headers import clean


@dataclass(frozen=True)
class _System:
    """A system, how many of its headers are enough, the expressions for them and for its files.

    `counts` is what its files count, where they tell of no person, deal or cost; `holds` what their
    rows are, where its files are never called so; `smallest_units` whether its API writes cents;
    `instead` what to give in place of its files.
    """

    name: str
    enough: int
    signs: re.Pattern[str]
    file: re.Pattern[str]
    counts: str | None = None
    holds: str | None = None
    smallest_units: bool = False
    instead: str | None = None

    def wrote(self, headers: Sequence[str], table_name: str) -> bool:
        """Whether the headers, and the name of the file where it is asked for, tell that it is."""
        told = sum(1 for header in headers if self.signs.fullmatch(header))
        return told >= self.enough and bool(self.file.fullmatch(table_name))


def system_of(columns: Sequence[str], table_name: str = "") -> str | None:
    """Give the system whose headers a table of this name has, None where none can be told."""
    headers = [clean(column) for column in columns]
    return next((s.name for s in _systems() if s.wrote(headers, table_name)), None)


def instead_of(columns: Sequence[str], table_name: str = "") -> str | None:
    """Give what to import in place of a table with such headers, where that is known."""
    headers = [clean(column) for column in columns]
    return next((s.instead for s in _systems() if s.wrote(headers, table_name)), None)


def only_counts(system: str) -> str | None:
    """Say of a system's files that nothing can be made of them; None of those that can be read."""
    counts = next((s.counts for s in _systems() if s.name == system), None)
    return counts and (
        f"It holds numbers of {counts}, and names no person or deal: no figure is made of it, so "
        "leave it out. Costs come from the ad platforms' own reports, touches from the CRM, forms "
        "or single events with a person's id"
    )


def holds(system: str | None) -> tuple[str, ...]:
    """Give what the rows of a system's files are, where the names of its files do not say it."""
    return tuple(s.holds for s in _systems() if s.name == system and s.holds)


def in_smallest_units(system: str | None) -> bool:
    """Return whether a system's API writes amounts in cents, or what a currency has for them."""
    return any(s.smallest_units for s in _systems() if s.name == system)


@cache
def _systems() -> tuple[_System, ...]:
    text = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    return tuple(
        _System(
            *(entry["system"], entry["enough"], _any(entry["signs"])),
            _any([entry.get("file", "*")]),
            entry.get("counts"),
            entry.get("holds"),
            entry.get("smallest_units", False),
            entry.get("instead"),
        )
        for entry in yaml.load(text, yaml.CSafeLoader)
    )


def _any(signs: Sequence[str]) -> re.Pattern[str]:
    shapes = (".*".join(re.escape(part) for part in sign.split("*")) for sign in signs)
    return re.compile("|".join(shapes), re.IGNORECASE)
