"""Keeping a connection to what it was opened for: no other file, no network, no change of mind."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

_MAY_CHANGE = "TimeZone"
"""The one setting that stays free: each source's times stand in a timezone of its own."""


def confine(connection: duckdb.DuckDBPyConnection, files: Iterable[Path] = ()) -> None:
    """Let a connection reach, from now on, its attached databases and these files alone.

    It holds for every cursor of the same database, cannot be undone, and doing it twice is no
    error. Text that runs on the connection can then neither read nor write, attach, install or set
    anything else, whatever it says.
    """
    if is_confined(connection):
        return
    for name, value in {
        "allowed_paths": [str(path) for path in files],
        "allowed_configs": [_MAY_CHANGE],
        "python_enable_replacements": False,
        "enable_external_access": False,
        "lock_configuration": True,
    }.items():
        connection.execute(f"set {name} = $value", {"value": value})


def is_confined(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the database of a connection was confined before."""
    ((locked,),) = connection.execute("select current_setting('lock_configuration')").fetchall()
    return bool(locked)
