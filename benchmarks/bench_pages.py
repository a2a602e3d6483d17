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
from measuring import apart, best, found
from streamlit.testing.v1 import AppTest

from smarketing import app_path

PAGES = sorted(path.stem for path in (app_path().parent / "pages").glob("*.py"))
YEAR = {"period": "2025-07..2026-06"}
LONG = {"period": "2025-01..2026-03"}
#: Pages as they open, over a year, and the views behind their tabs.
VIEWS: list[tuple[str, dict[str, str]]] = [
    *((page, {}) for page in PAGES),
    *((page, YEAR) for page in PAGES),
    *(
        ("funnel", {**YEAR, "show": tab})
        for tab in ("Breakdown", "Over time", "Time in stage", "Paths", "What separates")
    ),
    *(
        ("handoff", {**YEAR, "handoff_view": tab})
        for tab in ("Speed", "Rejections and returns", "Worklist")
    ),
    *(
        ("lead_quality", {**LONG, "quality_view": tab})
        for tab in ("Threshold", "Rules", "Who buys", "What if")
    ),
    ("journeys", {**YEAR, "unit": "D000001"}),
]
PAGE_SECONDS, HELP_SECONDS = 0.3, 0.5


def import_demo(home: Path) -> None:
    """Build the store of the demo company that ships with the program."""
    from smarketing.build import import_files

    import_files(home, [app_path().parent / "data" / "demo"])


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with the demo store."""
    home = tmp_path_factory.mktemp("demo")
    apart(import_demo, home)
    return home


@pytest.mark.parametrize(("page", "address"), VIEWS, ids=str)
def test_a_warm_page(
    benchmark: Any,
    demo: Path,
    page: str,
    address: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The server's part of a rerun: the script from top to bottom, its answers kept."""
    monkeypatch.setenv("SMARKETING_HOME", str(demo))
    app = AppTest.from_file(str(app_path()), default_timeout=120)
    app.run()
    app.switch_page(f"pages/{page}.py")
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    benchmark.pedantic(app.run, rounds=5, warmup_rounds=1)
    cost = best(app.run, 5)
    name = ", ".join([page, *address.values()])
    found(
        f"page {name}, warm, < 300 ms",
        f"{cost.seconds * 1000:.0f} ms, {cost.processor * 1000:.0f} ms of processor time, "
        f"{len(app.get('plotly_chart'))} charts",
        cost.seconds < PAGE_SECONDS,
    )


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
