"""The contract of the core tables: names, types, keys, what must be there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Column:
    """One column of a core table; `references` names the table an id points to.

    `unit` is what a number counts; any value beside those of `allowed` would be counted wrong;
    `form` says how text is written.
    """

    name: str
    type: str
    references: str | None = None
    means: str = ""
    unit: str | None = None
    allowed: tuple[str, ...] = ()
    form: str | None = None


@dataclass(frozen=True)
class Table:
    """One core table: its columns in order, its key, what a row must have, what fills a blank."""

    name: str
    means: str
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
    document = yaml.load(text, yaml.CSafeLoader)
    return {name: _table(name, spec, tuple(document)) for name, spec in document.items()}


def _table(name: str, spec: Mapping[str, Any], tables: tuple[str, ...]) -> Table:
    return Table(
        name,
        spec["means"],
        tuple(spec["key"]),
        tuple(_column(column, given, tables) for column, given in spec["columns"].items()),
        tuple(spec.get("required", spec["key"])),
        tuple(spec.get("defaults", {}).items()),
    )


def _column(name: str, given: Mapping[str, Any], tables: tuple[str, ...]) -> Column:
    base, _, references = given["type"].partition(" ")
    allowed = given.get("allowed", ())
    return Column(
        name,
        base,
        references or None,
        given["means"],
        given.get("unit"),
        tables if allowed == "tables" else tuple(allowed),
        given.get("form"),
    )
