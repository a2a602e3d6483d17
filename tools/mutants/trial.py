"""Tries a fault: a copy of the program with it, and the tests that should notice."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tools.mutants.areas import ROOT

Verdict = Literal["killed", "survived", "timeout"]
#: What a test may take beyond what it took without a fault.
PATIENCE = 4
SLACK_SECONDS = 60.0
PYTEST = ("-m", "pytest", "-q", "-x", "-p", "no:xdist", "-p", "no:cacheprovider",
          "--hypothesis-seed=0", "--no-header", "--tb=line")  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What became of a run of tests: the verdict, how long it took, what it printed last."""

    verdict: Verdict
    seconds: float
    said: str


def copy_of_the_program(folder: Path) -> Path:
    """Copy every file that git knows or would take into a folder, and return it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return folder


def run_tests(copy: Path, tests: tuple[str, ...], seconds: float | None = None) -> Outcome:
    """Run test files of a copy until one fails; `seconds` is all the time they have."""
    environment = os.environ | {
        "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    began = time.monotonic()
    run = subprocess.Popen(
        [sys.executable, *PYTEST, *tests], cwd=copy, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        said, _ = run.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        return Outcome("timeout", time.monotonic() - began, "")
    verdict: Verdict = "survived" if run.returncode == 0 else "killed"
    return Outcome(verdict, time.monotonic() - began, _last_words(said))


def try_fault(copy: Path, path: Path, text: str, tests: tuple[str, ...], usual: float) -> Outcome:
    """Run the tests of a copy with a fault in one of its files, which is put back after."""
    there = copy / path.relative_to(ROOT)
    before = there.read_text(encoding="utf-8")
    there.write_text(text, encoding="utf-8")
    try:
        return run_tests(copy, tests, PATIENCE * usual + SLACK_SECONDS)
    finally:
        there.write_text(before, encoding="utf-8")


def _last_words(said: str) -> str:
    failed = [line for line in said.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return (failed or said.splitlines() or [""])[-1 if not failed else 0][:160]
