"""How fast pages answer once warm, and the command line at all.

pytest benchmarks/bench_pages.py -s
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from measuring import apart, found
from streamlit.testing.v1 import AppTest

from smarketing import app_path

PAGES = sorted(path.stem for path in (app_path().parent / "pages").glob("*.py"))
PAGE_SECONDS, HELP_SECONDS = 0.3, 0.5


def import_demo(home: Path) -> None:
    """Build the store of the demo company that ships with the program."""
    from smarketing.ingest import import_files

    import_files(home, [app_path().parent / "data" / "demo"])


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with the demo store."""
    home = tmp_path_factory.mktemp("demo")
    apart(import_demo, home)
    return home


@pytest.mark.parametrize("page", PAGES)
def test_a_warm_page(
    benchmark: Any, demo: Path, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's part of a rerun: the script from top to bottom, its answers kept."""
    monkeypatch.setenv("SMARKETING_HOME", str(demo))
    app = AppTest.from_file(str(app_path()), default_timeout=120)
    app.run()
    app.switch_page(f"pages/{page}.py")
    app.run()
    assert not app.exception, app.exception
    benchmark.pedantic(app.run, rounds=5, warmup_rounds=1)
    seconds = benchmark.stats.stats.min
    found(f"page {page}, warm, < 300 ms", f"{seconds * 1000:.0f} ms", seconds < PAGE_SECONDS)


def test_help(benchmark: Any) -> None:
    """A new interpreter that prints the commands and ends."""
    command = [sys.executable, "-c", "from smarketing.cli import main; main()", "--help"]

    def run() -> None:
        subprocess.run(command, check=True, capture_output=True)

    benchmark.pedantic(run, rounds=5, warmup_rounds=1)
    before = os.times()
    began = time.perf_counter()
    run()
    seconds, after = time.perf_counter() - began, os.times()
    processor = after.children_user + after.children_system
    processor -= before.children_user + before.children_system
    best = min(seconds, benchmark.stats.stats.min)
    found(
        "smarketing --help, < 0.5 s",
        f"{best:.2f} s, {processor:.2f} processor seconds",
        best < HELP_SECONDS,
    )
