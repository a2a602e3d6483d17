"""How fast files become a store, against DuckDB reading the same files and nothing more.

SMARKETING_BENCH_TOUCHES=1000000 pytest benchmarks/bench_build.py -s
"""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest
from companies import import_store, read_bare, write_company
from measuring import TOUCHES, Cost, apart, found

from smarketing.store.opening import reading

MOST, MOST_MB = 8.0, 2048
REBUILD_SECONDS, REBUILD_MB = 60.0, 6144


@pytest.fixture(scope="module")
def company(bench_folder: Path) -> Path:
    """Return the company as CSV."""
    folder = bench_folder / f"csv-{TOUCHES}"
    if not (folder / "touch.csv").exists():
        apart(write_company, folder, TOUCHES, "csv")
    return folder


def run_once(benchmark: Any, task: Any, *args: Any) -> Cost:
    """Measure a task apart, once, and tell pytest-benchmark of it."""
    kept: list[Cost] = []
    benchmark.pedantic(lambda: kept.append(apart(task, *args)), rounds=1)
    benchmark.extra_info.update(processor=kept[0].processor, peak_mb=kept[0].peak_mb)
    return kept[0]


@pytest.mark.parametrize("files", ["touch.csv", "all"])
def test_import_against_bare_reading(
    benchmark: Any, company: Path, tmp_path: Path, files: str
) -> None:
    """Land, type, derive every mart and publish: at most 8 times the bare read of the files."""
    paths = sorted(company.glob("*.csv")) if files == "all" else [company / files]
    bare = apart(read_bare, tmp_path / "bare.duckdb", paths)
    cost = run_once(benchmark, import_store, tmp_path / "home", paths)
    ratio = cost.seconds / bare.seconds
    name = f"{TOUCHES:,} touches" if files != "all" else "the whole company"
    found(
        f"import {name} from CSV, build included, at most {MOST:g}x bare read_csv, < 2 GB",
        f"{cost.seconds:.1f} s against {bare.seconds:.1f} s: {cost.times(bare)}; "
        f"{cost.peak_mb:.0f} MB",
        ratio <= MOST and cost.peak_mb < MOST_MB if files != "all" else None,
    )
    told(cost)


def told(cost: Cost) -> None:
    """Print the slowest steps."""
    steps = sorted(cost.answer.items(), key=lambda item: -item[1])[:8]
    print("\n" + ", ".join(f"{step} {seconds:.1f} s" for step, seconds in steps))


@pytest.mark.parametrize("later", [0, 30], ids=["same as-of", "30 days later"])
def test_rebuild_after_a_small_import(
    benchmark: Any, home: Path, tmp_path: Path, later: int
) -> None:
    """A thousand touches more: the whole store is derived again and published."""
    again = tmp_path / "home"
    shutil.copytree(home, again)
    small = tmp_path / "more_touches.csv"
    with reading(again) as cursor:
        [(as_of,)] = cursor.execute("select as_of_day from build_info").fetchall()
    write_small(small, as_of + dt.timedelta(days=later or -30))
    cost = run_once(benchmark, import_store, again, [small])
    found(
        f"rebuild {TOUCHES:,} touches after importing 1,000 "
        f"({'newer than the store' if later else 'as of the same day'}), < 60 s, < 6 GB",
        f"{cost.seconds:.1f} s, {cost.processor:.1f} processor seconds, {cost.peak_mb:.0f} MB",
        cost.seconds < REBUILD_SECONDS and cost.peak_mb < REBUILD_MB,
    )
    told(cost)


def write_small(path: Path, day: dt.date) -> None:
    """Write a thousand touches of known people on a day."""
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["touch_id", "person_id", "kind", "side", "channel", "occurred_at"])
        for number in range(1_000):
            row = [f"N{number}", f"P{number:06d}", "webinar", "marketing", "Content"]
            out.writerow([*row, f"{day}T10:00:00Z"])
