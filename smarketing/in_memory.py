"""Databases that live in memory, for the time of one question."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache

import duckdb


def in_memory(**config: str) -> duckdb.DuckDBPyConnection:
    """Open a database in memory; what that cannot hold goes to a private folder for a while.

    Left to itself DuckDB would put it into the folder one stands in, where nobody erases it.
    """
    return duckdb.connect(config={"temp_directory": _overflow(), **config})


@cache
def _overflow() -> str:
    """Return a folder that nobody else may read, gone when the program ends."""
    folder = tempfile.mkdtemp(prefix="smarketing-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
