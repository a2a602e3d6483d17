"""Quoting of names and paths in the statements that read and land files."""

from __future__ import annotations


def ident(name: str) -> str:
    """Quote an identifier for DuckDB."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """Quote a text literal for DuckDB."""
    return "'" + str(value).replace("'", "''") + "'"
