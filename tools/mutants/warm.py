"""Runs tests of a copy of the program in processes forked from one that has loaded the libraries.

Loading them takes longer than many a test. Of the program itself nothing is loaded before the fork,
so that each run reads the files of the copy as they are then.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

from tools.mutants.areas import ROOT

Verdict = Literal["killed", "survived", "timeout"]
LIBRARIES = (
    "numpy", "pandas", "pyarrow", "duckdb", "sqlglot", "sqlglot.optimizer", "pydantic", "yaml",
    "scipy.sparse.linalg", "scipy.stats", "plotly.graph_objects", "streamlit.testing.v1",
    "sqlalchemy", "typer", "rich", "holidays", "babel", "pytest", "platformdirs", "xlsxwriter",
    "pptx",
)  # fmt: skip
OPTIONS = ("-q", "-x", "-p", "no:xdist", "-p", "no:cacheprovider", "--hypothesis-seed=0",
           "--no-header", "--tb=line",
           "-W", "ignore::pytest.PytestAssertRewriteWarning")  # fmt: skip


@dataclass(frozen=True)
class Run:
    """Tests to run and the seconds they have.

    `keeps` says that what is compiled may be kept: the program is as it was. `same_statements` says
    that those of the marts are, whatever else is not.
    """

    tests: Sequence[str]
    seconds: float | None = None
    keeps: bool = False
    same_statements: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a run of tests: the verdict, how long it took, what it printed last."""

    verdict: Verdict
    seconds: float
    said: str


def answer_by_tests(here: Connection, copy: Path) -> None:
    """Answer a `Run` by its `Outcome`, again and again."""
    of_the_copy(copy)
    for library in LIBRARIES:
        with suppress(ImportError):
            import_module(library)
    while True:
        here.send(_run(here.recv()))


def of_the_copy(copy: Path) -> None:
    """Let this process and those it starts run a copy of the program."""
    os.chdir(copy)
    os.environ |= {"PYTHONPATH": str(copy), "XDG_CACHE_HOME": str(copy / ".cache")}
    others = [path for path in sys.path if Path(path or ".").resolve() not in (ROOT, copy)]
    sys.path[:] = [str(copy), *others]


def _run(asked: Run) -> Outcome:
    began = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        child = os.fork()
        if not child:
            _test(asked, said.fileno())
        ended = wait_for(child, asked.seconds)
        seconds = time.monotonic() - began
        if ended is None:
            return Outcome("timeout", seconds, "")
        said.seek(0)
        return Outcome("killed" if ended else "survived", seconds, _last_words(said.read()))


def _test(asked: Run, said: int) -> None:
    """Run the tests in the child, which ends here."""
    os.setsid()
    for stream in (1, 2):
        os.dup2(said, stream)
    sys.dont_write_bytecode = not asked.keeps
    code = 3
    try:
        import pytest

        if asked.same_statements:
            _take_statements()
        code = int(pytest.main([*OPTIONS, *asked.tests]))
    finally:
        sys.stdout.flush()
        os._exit(code)


def _take_statements() -> None:
    """Let the marts' statements, prepared from the program as it was, stand for its code as it is.

    They are kept by the hash of all code; to prepare them takes longer than most tests.
    """
    folder = Path(os.environ["XDG_CACHE_HOME"]) / "smarketing"
    kept = sorted(folder.glob("marts-duckdb-*.json"), key=lambda path: path.stat().st_mtime)
    with suppress(Exception):  # What the fault breaks on the way is for the tests to find.
        from smarketing.build.again.fingerprint import code_hash

        shutil.copyfile(kept[0], folder / f"marts-duckdb-{code_hash()}.json")


def wait_for(child: int, seconds: float | None) -> int | None:
    """Return the child's exit code; None where it took too long and was ended."""
    until = None if seconds is None else time.monotonic() + seconds
    while until is None or time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _last_words(said: str) -> str:
    failed = [line for line in said.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return (failed or said.splitlines() or [""])[-1 if not failed else 0][:160]
