"""Tasks of the benchmarks that run apart: companies written, files read bare, stores built."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import duckdb

THREADS = os.environ.get("SMARKETING_BENCH_THREADS", "2")


def write_company(folder: Path, touches: int, kind: str = "csv") -> dict[str, int]:
    """Write a company of the demo's make with so many touches; return the rows of each table."""
    from tools.demo.generate import generate

    return generate(folder, touches=touches, kind="parquet" if kind == "parquet" else "csv")


def read_bare(database: Path, files: list[Path]) -> int:
    """Read CSV files into tables of a new database file with nothing but DuckDB; return rows."""
    rows = 0
    with duckdb.connect(str(database), config={"threads": int(THREADS)}) as connection:
        for number, file in enumerate(files):
            connection.execute(f"create table t{number} as select * from read_csv('{file}')")
            counted = connection.execute(f"select count(*) from t{number}").fetchone()
            rows += counted[0] if counted else 0
    return rows


def import_store(home: Path, paths: list[Path]) -> dict[str, float]:
    """Import files, build included; return the seconds of each step."""
    os.environ["SMARKETING_THREADS"] = THREADS
    from smarketing.build import import_files

    steps = Steps()
    import_files(home, list(paths), progress=steps)
    return steps.ended()


def build_store(home: Path) -> None:
    """Derive a kept store again, by the code of today."""
    os.environ["SMARKETING_THREADS"] = THREADS
    from smarketing.build import build

    build(home)


def build_store_on(home: Path, address: str) -> dict[str, float]:
    """Build a store in a warehouse, here where the address is blank; return seconds by step."""
    os.environ["SMARKETING_THREADS"] = THREADS
    from smarketing.build import build

    steps = Steps()
    build(home, on=address, progress=steps)
    return steps.ended()


def ask_commands(home: Path) -> dict[str, float]:
    """Ask a store on the command line, each command in a process; return its seconds."""
    window = ["--from", "2025-10-01", "--to", "2026-01-01"]
    asked = (
        ["kpi", "--period", "2025-12"],
        ["funnel", *window],
        ["attribution", *window, "--model", "linear"],
        ["handoff", "--period", "2025-12"],
    )
    return {" ".join(words): _seconds(home, words) for words in asked}


def _seconds(home: Path, words: list[str]) -> float:
    began = time.perf_counter()
    told = subprocess.run(
        [sys.executable, "-c", "from smarketing.cli import main; main()", *words, "--json"],
        env={**os.environ, "SMARKETING_HOME": str(home)}, capture_output=True, check=False,
    )  # fmt: skip
    if told.returncode:
        raise RuntimeError(told.stderr.decode())
    return time.perf_counter() - began


def folder_mb(folder: Path) -> float:
    """Return how much a folder takes on disk, in MB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


class Steps:
    """Notes how long each step took, as the progress of an import tells it."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._step: str | None = None
        self._at = 0.0

    def __call__(self, step: str, _share: float) -> None:
        """Be told of the next step."""
        now = time.perf_counter()
        if self._step is not None:
            self.seconds[self._step] = self.seconds.get(self._step, 0.0) + now - self._at
        self._step, self._at = step, now

    def ended(self) -> dict[str, float]:
        """Return the seconds by step."""
        self("", 1.0)
        return self.seconds
