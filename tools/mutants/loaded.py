"""Judges faults in Python in a process that has loaded the program and its tests.

A fault in the body of a function is put into the function itself, in a process forked for it:
nothing is loaded again, and only the tests that call the function run. A fault that changes what
is made while the program is loaded cannot be put in that way; it is judged by `warm.py`.
"""

from __future__ import annotations

import ast
import functools
import gc
import os
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, FunctionType, SimpleNamespace

import pytest

from tools.mutants.warm import OPTIONS, Outcome, of_the_copy, wait_for

#: What cannot be forked is left to `warm.py`.
WITHOUT = ("-m", "not browser and not parity")
Defined = ast.FunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Put:
    """A fault in a file of the program (its path there), and the tests to show it to.

    Without a text they are run as the program is.
    """

    file: str
    text: str | None
    tests: Sequence[str]
    seconds: float


def answer_by_loaded(here: Connection, copy: Path, tests: tuple[str, ...]) -> None:
    """Answer a `Put` by its `Outcome`, or by None where it cannot be put in, again and again."""
    of_the_copy(copy)
    quiet = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(quiet, stream)
    pytest.main([*OPTIONS, *WITHOUT, *tests], plugins=[_Judge(here, copy)])


class _Judge:
    """Stands for pytest's own loop over the tests it has found."""

    def __init__(self, here: Connection, copy: Path) -> None:
        self._here = here
        self._copy = copy

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        _make_once(session, "demo_home", Path(tempfile.mkdtemp(dir=self._copy)))
        while True:
            asked: Put = self._here.recv()
            chosen = [items[test] for test in asked.tests if test in items]
            import_module(asked.file.removesuffix(".py").replace("/", "."))
            if asked.text is None:
                self._here.send(_run(session, chosen, None, asked.seconds))
            else:
                codes = _codes(self._copy / asked.file, asked.text)
                self._here.send(_run(session, chosen, codes, asked.seconds) if codes else None)


def _make_once(session: pytest.Session, fixture: str, folder: Path) -> None:
    """Let a fixture that only makes a folder, which tests only read, make it once for all."""
    for defined in session._fixturemanager.getfixturedefs(fixture, session.items[0]) or ():
        child = os.fork()
        if not child:
            code = 1
            try:
                defined.func(tmp_path_factory=SimpleNamespace(mktemp=lambda _: folder))
                code = 0
            finally:
                os._exit(code)
        if wait_for(child, None) == 0:
            defined.cached_result = (next(folder.iterdir()), None, None)


Codes = tuple[CodeType, CodeType]


def _codes(path: Path, text: str) -> Codes | None:
    """Return the code of the function that a fault changes, before and after it; or None."""
    before = path.read_text(encoding="utf-8")
    name = changed_function(before, text)
    if name is None:
        return None
    one, other = (_code(compile(each, str(path), "exec"), name) for each in (before, text))
    return (one, other) if one and other and one.co_freevars == other.co_freevars else None


def changed_function(before: str, after: str) -> str | None:
    """Return the qualified name of the function whose body alone differs; None where none is."""
    found: Sequence[ast.stmt] = ast.parse(before).body
    others: Sequence[ast.stmt] = ast.parse(after).body
    around: list[str] = []
    while len(found) == len(others):
        pairs = [(one, other) for one, other in zip(found, others, strict=True)
                 if ast.dump(one) != ast.dump(other)]  # fmt: skip
        if len(pairs) != 1:
            return None
        one, other = pairs[0]
        if not (isinstance(one, Defined) and isinstance(other, Defined)):
            return None
        if _without_body(one) != _without_body(other):
            return None
        around.append(one.name)
        if isinstance(one, ast.FunctionDef):
            return ".".join(around)
        found, others = one.body, other.body
    return None


def _without_body(defined: Defined) -> str:
    body, defined.body = defined.body, []
    try:
        return ast.dump(defined)
    finally:
        defined.body = body


def _code(code: CodeType, name: str) -> CodeType | None:
    first, _, rest = name.partition(".")
    for inner in code.co_consts:
        if isinstance(inner, CodeType) and inner.co_name == first:
            return _code(inner, rest) if rest else inner
    return None


def _run(
    session: pytest.Session, items: Sequence[pytest.Item], codes: Codes | None, seconds: float
) -> Outcome | None:
    began = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        child = os.fork()
        if not child:
            _test(session, items, codes, said.fileno())
        ended = wait_for(child, seconds)
        took = time.monotonic() - began
        said.seek(0)
        words = said.read()
    if ended is None:
        return Outcome("timeout", took, "")
    if ended == _NOT_PUT:
        return None
    return Outcome("killed" if ended else "survived", took, words)


_NOT_PUT = 99


def _test(
    session: pytest.Session, items: Sequence[pytest.Item], codes: Codes | None, said: int
) -> None:
    """Run tests in the child, until one fails; which ends here."""
    os.setsid()
    code = 3
    try:
        code = _NOT_PUT
        if codes is None or _put(*codes):
            code = 3
            failed = _first_failed(session, items)
            os.write(said, failed.encode())
            code = int(bool(failed))
    except BaseException:
        os.write(said, traceback.format_exc().encode())
    finally:
        os._exit(code)


def _put(before: CodeType, after: CodeType) -> bool:
    """Let every function of one code have the other; what was computed by now is forgotten."""
    is_put = False
    gc.unfreeze()  # What is left alone by the collector would not be found.
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and _is_same(one.__code__, before):
            one.__code__ = after
            is_put = True
        elif isinstance(one, functools._lru_cache_wrapper) and _is_ours(one):
            one.cache_clear()
    return is_put


def _is_ours(one: functools._lru_cache_wrapper[object]) -> bool:
    return str(getattr(one, "__module__", "")).startswith("smarketing.")


def _is_same(code: CodeType, other: CodeType) -> bool:
    return (
        code.co_firstlineno == other.co_firstlineno
        and code.co_qualname == other.co_qualname
        and code.co_filename == other.co_filename
    )


def _first_failed(session: pytest.Session, items: Sequence[pytest.Item]) -> str:
    for item, following in _with_next(items):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            session._setupstate.teardown_exact(None)
            return item.nodeid
    return ""


def _with_next(
    items: Sequence[pytest.Item],
) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    yield from zip(items, [*items[1:], None], strict=True) if items else ()
