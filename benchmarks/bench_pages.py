"""How fast pages answer, asked for the first time and again, and the command line at all.

    pytest benchmarks/bench_pages.py -s

The demo company is asked again only. Of a company of `SMARKETING_BENCH_TOUCHES` every page is asked
for the first time, its answers not yet known, and once more; 10000000 is the size of the goal.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from measuring import THREADS, TOUCHES, Cost, apart, best, found, measured
from streamlit.testing.v1 import AppTest

from smarketing import app_path
from smarketing.access import LOCAL, Access
from smarketing.engine import DuckDBEngine
from smarketing.engine.compile import parse
from smarketing.store.builds import current_build
from smarketing.ui import gate

PAGES = sorted(path.stem for path in (app_path().parent / "pages").glob("*.py"))
YEAR = {"period": "2025-07..2026-06"}
#: A quarter in the midst of the data.
QUARTER = "2025-Q4"
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
#: A record of some size for each page that shows one, within the scope of `PEOPLE`.
RECORDS = {
    "account": "select max_by(account_id, won_amount) as id from fct_deal where region = 'dach'",
    "campaign": "select mode(campaign_id) as id from fct_touch",
    "deal": "select max_by(deal_id, won_amount) as id from fct_deal where region = 'dach'",
    "lead": "select max(lead_id) as id from dim_lead where region = 'dach'",
    "owner": "select mode(owner_id) as id from dim_lead",
    "person": "select mode(t.person_id) as id from fct_touch as t "
    "inner join dim_lead as l on l.person_id = t.person_id where l.region = 'dach'",
}
PAGE_SECONDS, FIRST_SECONDS, HELP_SECONDS = 0.3, 1.5, 0.2
PART_RATIO = 1.1


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


def find_records(home: Path) -> dict[str, str]:
    """Ask a store for a record of each kind."""
    with DuckDBEngine.open(current_build(home)) as engine:
        asked = {name: parse(sql, name) for name, sql in RECORDS.items()}
        return {name: str(engine.rows(query)[0]["id"]) for name, query in asked.items()}


@pytest.fixture(scope="module")
def records(home: Path) -> dict[str, str]:
    """Return a record of each kind; found apart, since a process opens a store in one way alone."""
    found: dict[str, str] = apart(find_records, home).answer
    return found


@pytest.mark.parametrize("page", PAGES)
def test_a_page_at_size(
    benchmark: Any,
    home: Path,
    records: dict[str, str],
    page: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The server's part of a page: every answer counted anew, the code loaded, and then kept."""
    monkeypatch.setenv("SMARKETING_HOME", str(home))
    monkeypatch.setenv("SMARKETING_THREADS", str(THREADS))
    app = AppTest.from_file(str(app_path()), default_timeout=600)
    app.run()
    app.switch_page(f"pages/{page}.py")
    app.query_params["period"] = QUARTER
    if page in RECORDS:
        app.query_params["id"] = records[page]
    app.run()

    def ask_anew() -> Cost:
        st.cache_resource.clear()
        st.cache_data.clear()
        return measured(app.run)

    first = min((ask_anew() for _ in range(3)), key=lambda cost: cost.seconds)
    benchmark.pedantic(app.run, rounds=3)
    again = best(app.run)
    assert not app.exception, app.exception
    said = " ".join(str(each.proto.body) for each in app.get("html"))
    assert "could not be shown" not in said and "could not be opened" not in said, said
    found(
        f"page {page} of {TOUCHES:,} touches, {QUARTER}, first < 1.5 s, again < 300 ms",
        f"{first.seconds:.2f} s ({first.processor:.2f} processor seconds), "
        f"again {again.seconds * 1000:.0f} ms",
        first.seconds < FIRST_SECONDS and again.seconds < PAGE_SECONDS,
    )


#: People who see a part: names masked, a region alone, both.
PEOPLE = {
    "a viewer": Access("viewer"),
    "a scope": Access("admin", scope=(("region", ("dach",)),)),
    "a viewer with a scope": Access("viewer", scope=(("region", ("dach",)),)),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_to_whom(demo: Path, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it adds to a page's first answer that somebody sees a part, as a ratio to seeing all."""
    monkeypatch.setenv("SMARKETING_HOME", str(demo))
    app = AppTest.from_file(str(app_path()), default_timeout=120)
    app.run()
    app.switch_page(f"pages/{page}.py")
    if page in RECORDS:
        app.query_params["id"] = find_records(demo)[page]

    def first(access: Access) -> Cost:
        monkeypatch.setattr(gate, "current_access", lambda _: access)
        st.cache_resource.clear()
        return measured(app.run)

    costs: dict[str, list[Cost]] = {}
    for _ in range(5):
        for name, access in {"everything": LOCAL, **PEOPLE}.items():
            costs.setdefault(name, []).append(first(access))
    assert not app.exception, app.exception
    least = {name: min(cost.processor for cost in each) for name, each in costs.items()}
    ratios = {name: least[name] / least["everything"] for name in PEOPLE}
    found(
        f"page {page} to who sees a part, first, < 1.1x",
        f"{least['everything'] * 1000:.0f} ms to who sees everything, "
        + ", ".join(f"{name} {ratio:.2f}x" for name, ratio in ratios.items()),
        max(ratios.values()) < PART_RATIO,
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
        "smarketing --help, < 0.2 s",
        f"{best:.2f} s, {processor:.2f} processor seconds",
        best < HELP_SECONDS,
    )
