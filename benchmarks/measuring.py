"""What the benchmarks share: a task run apart and measured, and the list of what was found.

A task runs in a process of its own, so that its peak memory is its own and nothing is warm by
accident. Seconds depend on the machine and on who else uses it; what is judged are ratios of two
tasks measured one after the other, by the clock and by processor time.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

TOUCHES = int(os.environ.get("SMARKETING_BENCH_TOUCHES", "200000"))
"""How many touches the company of the benchmarks has."""
THREADS = int(os.environ.get("SMARKETING_BENCH_THREADS", "2"))
MEMORY = os.environ.get("SMARKETING_MEMORY_LIMIT", "4GB")
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": THREADS,
    "memory_limit": MEMORY,
    "preserve_insertion_order": False,
}
"""How a store is opened to be written."""


@dataclass(frozen=True)
class Cost:
    """What a task took: seconds by the clock, processor seconds, the process's peak in MB."""

    seconds: float
    processor: float
    peak_mb: float
    answer: Any = None

    def times(self, other: Cost) -> str:
        """Say how many times the other task this one took."""
        wall, processor = self.seconds / other.seconds, self.processor / other.processor
        return f"{wall:.2f}x by the clock, {processor:.2f}x by processor time"


@dataclass(frozen=True)
class Finding:
    """One goal and what was measured; `holds` None where there is nothing to hold it against."""

    goal: str
    measured: str
    holds: bool | None


FINDINGS: list[Finding] = []


def found(goal: str, measured: str, holds: bool | None = None) -> None:
    """Note a finding; all of them are printed as one table when the run ends."""
    FINDINGS.append(Finding(goal, measured, holds))


def table() -> str:
    """Return the findings as a Markdown table."""
    words = {True: "met", False: "missed", None: ""}
    rows = [f"| {item.goal} | {item.measured} | {words[item.holds]} |" for item in FINDINGS]
    return "\n".join(["| goal | measured | |", "|---|---|---|", *rows])


def measured(task: Callable[..., Any], *args: Any) -> Cost:
    """Run a task here and measure it."""
    began, before = time.perf_counter(), time.process_time()
    answer = task(*args)
    processor, seconds = time.process_time() - before, time.perf_counter() - began
    return Cost(seconds, processor, peak_mb(), answer)


def peak_mb() -> float:
    """Return the most memory this process ever held, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # getrusage would tell the peak of the process that started this one, if that is higher.
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def apart(task: Callable[..., Any], *args: Any) -> Cost:
    """Run a task of a module in a new process and measure it there."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measured, task, *args).result()


def best(task: Callable[[], Any], rounds: int = 3) -> Cost:
    """Return the cheapest of some runs here, by the clock."""
    return min((measured(task) for _ in range(rounds)), key=lambda cost: cost.seconds)
