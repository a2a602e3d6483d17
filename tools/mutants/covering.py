"""Which tests call which function: what a fault in Python is shown to first.

As a plugin of pytest (`-p tools.mutants.covering`, the file it writes named by MUTANTS_CALLS) it
notes the functions of the program that each test calls, itself or in a fixture made for it.
"""

from __future__ import annotations

import ast
import json
import os
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import CodeType, FrameType

import pytest

WRITTEN_TO = "MUTANTS_CALLS"
#: What the tests chosen for one fault may take together, and how many they may be.
SECONDS, MOST = 30.0, 60


@dataclass(frozen=True)
class Covering:
    """The tests by the functions (`file:first line`) that they call, and how long each took."""

    calls: Mapping[str, Sequence[str]]
    seconds: Mapping[str, float]

    @classmethod
    def read(cls, path: Path) -> Covering:
        """Read what the plugin wrote; of nothing where it wrote nothing."""
        if not path.is_file():
            return cls({}, {})
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def tests_of(self, file: str, text: str, line: int) -> list[str]:
        """Return the tests to run for a fault at a line, those that do the least else first.

        For a line outside every function, what calls any function of the file.
        """
        first = function_at(text, line)
        keys = [key for key in self.calls if key.rpartition(":")[0] == file]
        if first is not None:
            keys = [f"{file}:{first}"]
        found = {test for key in keys for test in self.calls.get(key, ())}
        chosen: list[str] = []
        spent = 0.0
        for test in sorted(found, key=lambda one: (self._breadth[one], self.seconds[one], one)):
            if not chosen or spent + self.seconds[test] <= SECONDS:
                chosen.append(test)
                spent += self.seconds[test]
        return chosen[:MOST]

    @cached_property
    def _breadth(self) -> Counter[str]:
        """How many functions each test calls."""
        return Counter(test for tests in self.calls.values() for test in tests)


def function_at(text: str, line: int) -> int | None:
    """Return the first line, its decorators included, of the innermost function around a line."""
    found: int | None = None
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            first = min([node.lineno, *(part.lineno for part in node.decorator_list)])
            if node.body[0].lineno <= line <= (node.end_lineno or line):
                found = max(found or 0, first)
    return found


class _Calls:
    """Notes what is called while each test runs."""

    def __init__(self, written_to: Path) -> None:
        self._path = written_to
        self._program = str(Path.cwd() / "smarketing") + os.sep
        self._now: set[CodeType] = set()
        self._calls: dict[str, list[str]] = defaultdict(list)
        self._seconds: dict[str, float] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._now.clear()
        began = time.monotonic()
        threading.settrace(self._note)
        sys.settrace(self._note)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            threading.settrace(None)
            self._seconds[item.nodeid] = round(time.monotonic() - began, 3)
            for code in self._now:
                if code.co_filename.startswith(self._program) and code.co_name[0] != "<":
                    file = Path(code.co_filename).relative_to(Path.cwd()).as_posix()
                    self._calls[f"{file}:{code.co_firstlineno}"].append(item.nodeid)

    def pytest_sessionfinish(self) -> None:
        told = {"calls": self._calls, "seconds": self._seconds}
        self._path.write_text(json.dumps(told), encoding="utf-8")

    def _note(self, frame: FrameType, _event: str, _more: object) -> None:
        self._now.add(frame.f_code)


def pytest_configure(config: pytest.Config) -> None:
    """Begin to note where a file is named to write to."""
    if written_to := os.environ.get(WRITTEN_TO):
        config.pluginmanager.register(_Calls(Path(written_to)))
