"""Tries a fault: by the figures kept, or in a copy of the program by near tests, then by all."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tools.mutants.areas import FIGURES, ROOT
from tools.mutants.covering import FURTHER, SECONDS, WRITTEN_TO, Covering
from tools.mutants.figures import answer_by_figures
from tools.mutants.loaded import Put, answer_by_loaded
from tools.mutants.sample import Chosen
from tools.mutants.served import TOO_LONG, Served
from tools.mutants.warm import Outcome, Run, answer_by_tests

#: What a test may take beyond what it took without a fault.
PATIENCE = 4
SLACK_SECONDS = 60.0
#: What the figures kept of one mart or query may take.
FIGURES_SECONDS = 60.0
#: How pytest begins where a test is called after a constant that the fault changed: nothing ran.
_RENAMED = "ERROR: not found"
#: What the marts' statements are made from.
STATEMENTS_FROM = (
    "smarketing/attribution_models", "smarketing/build/marts", "smarketing/engine",
    "smarketing/sql",
)  # fmt: skip


class Trial:
    """A copy of the program, and what judges the faults that are put into it one at a time."""

    def __init__(self, folder: Path, covering: Covering) -> None:
        self._copy = copy_of_the_program(folder)
        self._tests = Served(answer_by_tests, self._copy)
        self._figures: Served | None = None
        self._loaded: Served | None = None
        self._sound: set[str] = set()
        self._covering = covering
        self._usual: dict[tuple[str, ...], float] = {}

    def attempt(self, one: Chosen) -> Outcome:
        """Say whether anything notices a fault; what is quick is asked first."""
        if one.path.suffix == ".sql" and FIGURES in one.tests:
            found = self._by_figures(one)
            others = tuple(test for test in one.tests if test != FIGURES)
            return self._by_all(one, others) if found.verdict == "survived" else found
        near = self._near(one)
        told = self._by_loaded(one, near) if near else None
        if told is not None and told.verdict == "survived":
            further = [test for test in self._near(one, FURTHER) if test not in near]
            told = self._by_loaded(one, further) if further else told
        if told is not None:
            return told
        found = self._by_near(one, near) if near else Outcome("survived", 0.0, "")
        return self._by_all(one, one.tests) if found.verdict == "survived" else found

    def close(self) -> None:
        """End the processes."""
        for served in (self._tests, self._figures, self._loaded):
            if served is not None:
                served.close()

    def _by_figures(self, one: Chosen) -> Outcome:
        self._figures = self._figures or Served(answer_by_figures)
        said = self._figures.ask((one.path, one.fault.text), FIGURES_SECONDS)
        if said == TOO_LONG:
            return Outcome("timeout", FIGURES_SECONDS, "")
        return Outcome("survived" if said == "" else "killed", 0.0, said or "")

    def _near(self, one: Chosen, within: float = SECONDS) -> list[str]:
        """Return the tests that call the function with the fault, as far as they are known."""
        file = one.path.relative_to(ROOT).as_posix()
        text = one.path.read_text(encoding="utf-8")
        known = self._covering
        return known.tests_of(file, text, one.fault.line, within) if one.fault.line else []

    def _by_loaded(self, one: Chosen, near: Sequence[str]) -> Outcome | None:
        """Show the fault to near tests where all is loaded; None where it cannot be put in."""
        self._loaded = self._loaded or Served(answer_by_loaded, self._copy, self._covering.files)
        seconds = PATIENCE * sum(self._covering.seconds[test] for test in near) + SLACK_SECONDS
        file = one.path.relative_to(ROOT).as_posix()
        found: Outcome | None = self._loaded.ask(Put(file, one.fault.text, near, seconds))
        if found is not None and found.verdict == "killed" and found.said not in self._sound:
            told = [found.said] if found.said in near else near
            usual = self._loaded.ask(Put(file, None, told, seconds))
            if usual is None or usual.verdict != "survived":
                raise SystemExit(f"{found.said} fails without any fault")
            self._sound.add(found.said)
        return found

    def _by_near(self, one: Chosen, near: Sequence[str]) -> Outcome:
        usual = sum(self._covering.seconds[test] for test in near)
        found = self._with_fault(one, near, usual)
        if found.said.startswith(_RENAMED):
            return self._by_all(one, tuple(dict.fromkeys(t.partition("::")[0] for t in near)))
        if found.verdict == "killed":
            self._demand_sound(next(((test,) for test in near if test in found.said), tuple(near)))
        return found

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


def record_calls(folder: Path, tests: Sequence[str], written_to: Path) -> Covering:
    """Run test files once in a copy of the program and return which of them call what."""
    copy = copy_of_the_program(folder)
    os.environ[WRITTEN_TO] = str(written_to)
    served = Served(answer_by_tests, copy)
    try:
        served.ask(Run(("-p", "tools.mutants.covering", "--maxfail=0", *tests), keeps=True))
    finally:
        served.close()
        del os.environ[WRITTEN_TO]
    return Covering.read(written_to)


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
