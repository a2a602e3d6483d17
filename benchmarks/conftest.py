"""One company and one store for all benchmarks, and the table of what they found.

`SMARKETING_BENCH_TOUCHES` sets the size (200,000 by default; 1000000 and 10000000 are the sizes of
the goals), `SMARKETING_BENCH_FOLDER` a folder that keeps company and store between runs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from companies import build_store, import_store, write_company
from measuring import FINDINGS, MEMORY, THREADS, TOUCHES, apart, table

from smarketing.build import stale_reasons
from smarketing.engine import DuckDBEngine
from smarketing.store.builds import current_build


@pytest.fixture(scope="session")
def bench_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of this run's files."""
    kept = os.environ.get("SMARKETING_BENCH_FOLDER")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("bench")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def home(bench_folder: Path) -> Path:
    """Return a store of the company, imported from Parquet."""
    company, home = bench_folder / f"company-{TOUCHES}", bench_folder / f"home-{TOUCHES}"
    if not (home / "CURRENT").exists():
        apart(write_company, company, TOUCHES, "parquet")
        apart(import_store, home, [company])
    elif stale_reasons(home):
        apart(build_store, home)
    return home


@pytest.fixture(scope="session")
def engine(home: Path) -> Iterator[DuckDBEngine]:
    """Open the store read-only, as a page does."""
    with DuckDBEngine.open(current_build(home), threads=THREADS, memory_limit=MEMORY) as opened:
        yield opened


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what was found, goal by goal."""
    if FINDINGS:
        terminalreporter.write_line(f"\n{TOUCHES:,} touches, {THREADS} threads\n\n{table()}\n")
