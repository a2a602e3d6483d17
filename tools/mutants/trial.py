"""Tries a fault: by what is kept, then in a copy of the program by near tests, then by all."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.mutants.areas import FIGURES, ROOT
from tools.mutants.figures import answer_by_figures
from tools.mutants.kept import answer_by_kept, texts_for
from tools.mutants.sample import Chosen
from tools.mutants.served import TOO_LONG, Served
from tools.mutants.warm import Outcome, Run, answer_by_tests

#: What a test may take beyond what it took without a fault.
PATIENCE = 4
SLACK_SECONDS = 60.0
#: What the figures kept of one mart or query may take.
FIGURES_SECONDS = 60.0
#: What all that is kept of one function may take.
KEPT_SECONDS = 600.0
#: What the marts' statements are made from.
STATEMENTS_FROM = (
    "smarketing/attribution_models", "smarketing/build/marts", "smarketing/engine",
    "smarketing/sql",
)  # fmt: skip


class Trial:
    """A copy of the program, and what judges the faults that are put into it one at a time."""

    def __init__(self, folder: Path) -> None:
        self._copy = copy_of_the_program(folder)
        self._tests = Served(answer_by_tests, self._copy)
        self._figures: Served | None = None
        self._kept: dict[tuple[str, ...], Served] = {}
        self._usual: dict[tuple[str, ...], float] = {}

    def attempt(self, one: Chosen) -> Outcome:
        """Say whether anything notices a fault; what is quick is asked first."""
        tests = one.tests
        found = Outcome("survived", 0.0, "")
        if one.path.suffix == ".sql" and FIGURES in one.tests:
            found = self._by_figures(one)
            tests = tuple(test for test in one.tests if test != FIGURES)
        elif texts := texts_for(one.path.relative_to(ROOT).as_posix()):
            found = self._by_kept(one, texts)
        for asked in (near_tests(one), tests):
            if found.verdict == "survived" and asked:
                found = self._by_all(one, asked)
        return found

    def close(self) -> None:
        """End the processes."""
        for served in (self._tests, self._figures, *self._kept.values()):
            if served is not None:
                served.close()

    def _by_figures(self, one: Chosen) -> Outcome:
        self._figures = self._figures or Served(answer_by_figures)
        said = self._figures.ask((one.path, one.fault.text), FIGURES_SECONDS)
        if said == TOO_LONG:
            return Outcome("timeout", FIGURES_SECONDS, "")
        return Outcome("survived" if said == "" else "killed", 0.0, said or "")

    def _by_kept(self, one: Chosen, texts: tuple[str, ...]) -> Outcome:
        if texts not in self._kept:
            self._kept[texts] = Served(answer_by_kept, texts)
        file = one.path.relative_to(ROOT).as_posix()
        said = self._kept[texts].ask((file, one.fault.text), KEPT_SECONDS)
        if said == TOO_LONG:
            return Outcome("timeout", KEPT_SECONDS, "")
        return Outcome("killed" if said else "survived", 0.0, said or "")

    def _demand_sound(self, tests: tuple[str, ...]) -> None:
        """Stop where tests that noticed a fault fail without it as well."""
        if tests not in self._usual:
            self._usual[tests] = self._without_fault(tests)

    def _by_all(self, one: Chosen, tests: tuple[str, ...]) -> Outcome:
        self._demand_sound(tests)
        return self._with_fault(one, tests, self._usual[tests])

    def _with_fault(self, one: Chosen, tests: Sequence[str], usual: float) -> Outcome:
        path = one.path.relative_to(ROOT)
        there = self._copy / path
        before, stamps = there.read_text(encoding="utf-8"), there.stat()
        there.write_text(one.fault.text, encoding="utf-8")
        same = not path.as_posix().startswith(STATEMENTS_FROM)
        try:
            return self._run(Run(tests, PATIENCE * usual + SLACK_SECONDS, same_statements=same))
        finally:
            # With its stamp of before, what was compiled from it holds again.
            there.write_text(before, encoding="utf-8")
            os.utime(there, ns=(stamps.st_atime_ns, stamps.st_mtime_ns))

    def _without_fault(self, tests: tuple[str, ...]) -> float:
        outcome = self._run(Run(tests, keeps=True))
        if outcome.verdict != "survived":
            raise SystemExit(f"{' '.join(tests)} fails without any fault: {outcome.said}")
        return outcome.seconds

    def _run(self, asked: Run) -> Outcome:
        outcome: Outcome = self._tests.ask(asked)
        return outcome


def near_tests(one: Chosen) -> tuple[str, ...]:
    """Return the tests that name a file's module: of its mirror, then of all of its package."""
    path = one.path.relative_to(ROOT).with_suffix("")
    if one.path.suffix != ".py":
        return ()
    package, name = ".".join(path.parts[:-1]), path.name
    names = re.compile(rf"\b{re.escape(package)}(\.| import [\w\s,(]*\b){name}\b")
    folders = [*one.tests, f"tests/{path.parts[1]}"]
    files = [file for test in folders for file in sorted(_files_of(ROOT / test))]
    return tuple(file.relative_to(ROOT).as_posix() for file in dict.fromkeys(files)
                 if names.search(file.read_text(encoding="utf-8")))  # fmt: skip


def _files_of(test: Path) -> Iterable[Path]:
    return (test,) if test.is_file() else test.rglob("test_*.py")


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
