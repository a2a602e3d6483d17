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

from tools.mutants.areas import ANSWERS, FIGURES

WRITTEN_TO = "MUTANTS_CALLS"
#: What the tests chosen for one fault may take together, at first and where none of them noticed
#: it, and how many they may be.
SECONDS, FURTHER, MOST = 15.0, 60.0, 150
#: Tests of what is kept call much, and notice most: they are always among them.
KEPT = (
    FIGURES, ANSWERS, "tests/files/test_read_again.py", "tests/agreement/test_choices.py",
    "tests/agreement/test_judged_again.py", "tests/export/test_looks.py",
    "tests/export/report/test_told.py",
)  # fmt: skip


@dataclass(frozen=True)
class Covering:
    """The tests by the functions (`file:name`) that they call, and how long each took."""

    calls: Mapping[str, Sequence[str]]
    seconds: Mapping[str, float]

    @classmethod
    def read(cls, path: Path) -> Covering:
        """Read what the plugin wrote; of nothing where it wrote nothing."""
        if not path.is_file():
            return cls({}, {})
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def tests_of(self, file: str, text: str, line: int, within: float = SECONDS) -> list[str]:
        """Return the tests to run for a fault at a line, the narrowest of its mirror first.

        For a line outside every function, what calls a function of the file that names what the
        line defines; or any function of the file.
        """
        around = function_at(text, line)
        named = [around] if around is not None else functions_naming(text, line)
        keys = [f"{file}:{name}" for name in named]
        if around is None and not any(key in self.calls for key in keys):
            keys = [key for key in self.calls if key.rpartition(":")[0] == file]
        found = {test for key in keys for test in self.calls.get(key, ())}
        mirror = file.replace("smarketing/", "tests/", 1).rpartition("/")[0] + "/"
        ordered = sorted(found, key=lambda one: (
            not one.startswith(mirror), self._breadth[one], self.seconds[one], one
        ))  # fmt: skip
        chosen: list[str] = []
        spent = 0.0
        for test in ordered:
            if not chosen or spent + self.seconds[test] <= within:
                chosen.append(test)
                spent += self.seconds[test]
        kept = [test for test in ordered if test.startswith(KEPT)]
        return list(dict.fromkeys([*chosen[:MOST], *kept]))

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The files of the tests that are known."""
        return tuple(sorted({test.partition("::")[0] for test in self.seconds}))

    @cached_property
    def _breadth(self) -> Counter[str]:
        """How many functions each test calls."""
        return Counter(test for tests in self.calls.values() for test in tests)


def function_at(text: str, line: int) -> str | None:
    """Return the qualified name of the innermost function whose body holds a line."""
    body: Sequence[ast.stmt] = ast.parse(text).body
    around, found = "", None
    while inner := next((node for node in _defined(body) if _holds(node, line)), None):
        name = around + inner.name
        is_function = isinstance(inner, ast.FunctionDef)
        found = name if is_function else found
        around = f"{name}.<locals>." if is_function else f"{name}."
        body = inner.body
    return found


def functions_naming(text: str, line: int) -> list[str]:
    """Return the functions of a module that name what a line outside of them defines."""
    tree = ast.parse(text)
    around = [node for node in tree.body if node.lineno <= line <= (node.end_lineno or line)]
    made = {
        node.id
        for statement in around
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    used = {node.lineno for node in ast.walk(tree) if isinstance(node, ast.Name)
            and isinstance(node.ctx, ast.Load) and node.id in made}  # fmt: skip
    return sorted({name for place in used if (name := function_at(text, place))})


def _defined(body: Sequence[ast.stmt]) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Yield what is defined in a body, within its branches and blocks, too."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node
        else:
            yield from _defined([one for one in ast.iter_child_nodes(node)
                                 if isinstance(one, ast.stmt)])  # fmt: skip


def _holds(node: ast.FunctionDef | ast.ClassDef, line: int) -> bool:
    return node.body[0].lineno <= line <= (node.end_lineno or line)


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
                    self._calls[f"{file}:{code.co_qualname}"].append(item.nodeid)

    def pytest_sessionfinish(self) -> None:
        told = {"calls": self._calls, "seconds": self._seconds}
        self._path.write_text(json.dumps(told), encoding="utf-8")

    def _note(self, frame: FrameType, _event: str, _more: object) -> None:
        self._now.add(frame.f_code)


def pytest_configure(config: pytest.Config) -> None:
    """Begin to note where a file is named to write to."""
    if written_to := os.environ.get(WRITTEN_TO):
        config.pluginmanager.register(_Calls(Path(written_to)))
