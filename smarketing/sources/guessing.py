"""Guessing what a file of an unknown system means, for the first draft of a new source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from smarketing.files.headers import normalise
from smarketing.sources.objects import ObjectProfile
from smarketing.sources.profile import builtin_sources


@dataclass(frozen=True)
class Guess:
    """A core table a file may fill, and the header for each of its columns that was found."""

    table: str
    columns: Mapping[str, str]
    missing: tuple[str, ...]
    """Columns the table must have that no header was found for."""
    by_name: bool = False
    """Whether the file's name says which table it fills."""

    def doubt(self, columns: Sequence[str]) -> str | None:
        """Say why the guess should not be acted on before somebody looked; None if it may be."""
        if self.missing:
            return f"{self.table} needs {', '.join(self.missing)}"
        if not self.by_name and (len(self.columns) < 4 or 2 * len(self.columns) < len(columns)):
            return f"little of the file speaks for {self.table}"
        return None


@cache
def _words() -> dict[str, Any]:
    text = (Path(__file__).parent / "scaffold.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def guess_table(file_name: str, columns: Sequence[str]) -> Guess:
    """Guess which core table a file fills: by its name if that says it, else by its headers."""
    tables = builtin_sources()["generic"].objects
    named = _by_name(file_name)
    if named is not None:
        return replace(_match(named, tables[named], columns), by_name=True)
    guesses = [_match(name, item, columns) for name, item in tables.items()]
    return max(guesses, key=lambda guess: (not guess.missing, len(guess.columns)))


def guess_modified(columns: Sequence[str]) -> str | None:
    """Guess which column is the record's own modified stamp; None if none is called so."""
    wanted = [normalise(word) for word in _words()["modified"]]
    by_name = {normalise(column): column for column in reversed(columns)}
    return next((by_name[word] for word in wanted if word in by_name), None)


def _by_name(file_name: str) -> str | None:
    text = re.sub(r"[^\w]+|[\d_]+", " ", file_name.casefold()).strip()
    pairs = [(word, table) for table, words in _words()["tables"].items() for word in words]
    for word, table in sorted(pairs, key=lambda pair: -len(pair[0])):
        if re.search(rf"\b{word}s?\b", text) or re.search(rf"\b{word[:-1]}ies\b", text):
            return str(table)
    return None


def _match(table: str, item: ObjectProfile, columns: Sequence[str]) -> Guess:
    by_name = {normalise(column): column for column in reversed(columns)}
    found: dict[str, str] = {}
    used: set[str] = set()
    for exact in (True, False):
        for column in item.columns:
            if column in found or column == "modified_at":
                continue
            for name in _names(table, column, item, exact):
                header = by_name.get(name)
                if header is not None and header not in used:
                    found[column] = header
                    used.add(header)
                    break
    missing = tuple(name for name in item.required if name not in found)
    ordered = {column: found[column] for column in item.columns if column in found}
    return Guess(table, ordered, missing)


def _names(table: str, column: str, item: ObjectProfile, exact: bool) -> list[str]:
    own = [column]
    if item.key[:1] == (column,) or (not item.key and column == f"{table}_id"):
        own += ["id", "record id", f"{table} id"]
    words = own if exact else _words()["columns"].get(column, ())
    return [normalise(word) for word in words]
