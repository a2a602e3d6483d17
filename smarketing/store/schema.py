"""The contract of the core tables: names, types, keys, what must be there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Column:
    """One column of a core table; `references` names the table an id points to."""

    name: str
    type: str
    references: str | None = None


@dataclass(frozen=True)
class Table:
    """One core table: its columns in order, its key, what a row must have, what fills a blank."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    required: tuple[str, ...]
    defaults: tuple[tuple[str, str], ...]

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@cache
def core_tables() -> dict[str, Table]:
    """Return every core table by name, in the order of `core.yaml`."""
    text = (Path(__file__).parent / "core.yaml").read_text(encoding="utf-8")
    return {name: _table(name, spec) for name, spec in yaml.safe_load(text).items()}


def _table(name: str, spec: dict[str, object]) -> Table:
    columns = spec["columns"]
    key = spec["key"]
    assert isinstance(columns, dict) and isinstance(key, list)
    required = spec.get("required", key)
    defaults = spec.get("defaults", {})
    assert isinstance(required, list) and isinstance(defaults, dict)
    return Table(
        name,
        tuple(key),
        tuple(_column(column, str(kind)) for column, kind in columns.items()),
        tuple(required),
        tuple(defaults.items()),
    )


def _column(name: str, kind: str) -> Column:
    base, _, references = kind.partition(" ")
    return Column(name, base, references or None)
