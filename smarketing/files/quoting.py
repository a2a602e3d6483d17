"""Quoting: identifiers and literals in SQL that is composed for tables named by files."""

from __future__ import annotations

from collections.abc import Iterable


def identifier(name: str) -> str:
    """Quote a name of a table or column."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str | None) -> str:
    """Quote a text value; None becomes null."""
    return "null" if value is None else "'" + value.replace("'", "''") + "'"


def literals(values: Iterable[str]) -> str:
    """Quote text values as the list of an `in (…)`."""
    return ", ".join(literal(value) for value in values)


def numbers(values: Iterable[int]) -> str:
    """Write whole numbers as the list of an `in (…)`, which holds nothing when there are none."""
    return ", ".join(str(int(value)) for value in values) or "null"
