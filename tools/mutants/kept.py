"""Judges faults in Python by the texts kept, in one process that has made each of them once.

While it makes them it notes which functions each block of lines calls. A fault is put into the
function itself, and only the blocks that call it are made again: it is noticed where a line of one
is another, or where one cannot be made.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import zip_longest
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, FrameType

from tools.mutants.areas import ROOT
from tools.mutants.put import INNER, Pair, changed_function, pairs_of, put
from tools.mutants.served import ENDED

#: By the beginning of a file's path, which texts are asked about it.
TEXTS = {
    "smarketing/analysis/": ("answers", "pages"),
    "smarketing/agreement/": ("judged", "words"),
    "smarketing/periods.py": ("judged", "words"),
    "smarketing/export/": ("looks", "pages"),
    "smarketing/files/": ("small", "read", "tables"),
    "smarketing/sources/": ("drafts", "tables", "written"),
}
#: How often the time of before a block may take, and so many seconds beside.
PATIENCE, SLACK_SECONDS = 5.0, 20.0
AGAIN_SECONDS = 5.0
Ask = Callable[[], Iterable[str]]


class _TookTooLong(BaseException):
    """A block takes far longer with a fault than without."""


@dataclass(frozen=True)
class Block:
    """Lines that are kept together: how to ask for them, what they are, whom that calls."""

    name: str
    ask: Ask
    lines: tuple[str, ...]
    called: frozenset[tuple[str, str]]
    seconds: float

    def differs(self) -> bool:
        """Whether any of its lines is another now; the first is enough."""
        with _at_most(PATIENCE * self.seconds + SLACK_SECONDS):
            return any(one != other for one, other in zip_longest(self.ask(), self.lines))


def texts_for(file: str) -> tuple[str, ...]:
    """Return which texts are asked about a file, by its path in the repository."""
    return next((texts for folder, texts in TEXTS.items() if file.startswith(folder)), ())


def answer_by_kept(here: Connection, asked: tuple[str, ...]) -> None:
    """Answer (file, text with a fault) by what notices it, again and again.

    '' where nothing does, None where it cannot be put in or no block calls it. Where a fault leaves
    a thread running that would slow the next down, this process ends with the answer.
    """
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "kit")]
    blocks = [block for text in asked for block in _blocks(text)]
    while True:
        file, text = here.recv()
        threads = threading.enumerate()
        here.send(judged(blocks, file, text))
        if left_running(threads):
            os._exit(ENDED)  # Without waiting for the thread, which may never end.


def left_running(before: Sequence[threading.Thread]) -> bool:
    """Tell whether a thread runs that did not before, and that does not end within a second."""
    begun = [thread for thread in threading.enumerate() if thread not in before]
    for thread in begun:
        thread.join(1.0)
    return any(thread.is_alive() for thread in begun)


def judged(blocks: Iterable[Block], file: str, text: str) -> str | None:
    """Return the name of the first block that a fault changes, the quickest asked first."""
    path = ROOT / file
    before = path.read_text(encoding="utf-8")
    name = changed_function(before, text)
    if name is None:
        return None
    asked = [block for block in blocks if _calls(block, str(path), name)]
    asked.sort(key=lambda block: block.seconds)
    return _first(asked, pairs_of(path, before, text, name)) if asked else None


def _calls(block: Block, path: str, name: str) -> bool:
    return any(file == path and (called == name or called.startswith(name + INNER))
               for file, called in block.called)  # fmt: skip


def _first(blocks: Iterable[Block], pairs: list[Pair]) -> str | None:
    threads = threading.enumerate()
    with put(pairs) as is_put:
        found = next((block for block in blocks if _is_noticed(block)), None) if is_put else None
    if found is not None and not left_running(threads) and found.differs():
        raise SystemExit(f"{found.name} differs without any fault")
    return found.name if found else "" if is_put else None


def _is_noticed(block: Block) -> bool:
    try:
        return block.differs()
    except (Exception, SystemExit, _TookTooLong):
        return True


def _blocks(text: str) -> Iterator[Block]:
    """Make every block of a text once, noting whom each calls."""
    texts: Mapping[Path, Mapping[str, Ask]] = import_module("kept_texts").kept_texts()
    figures = import_module("figures")
    path = next(path for path in texts if path.stem == text)
    for name, ask in texts[path].items():
        called: set[CodeType] = set()
        began = time.monotonic()
        with _noting(called):
            lines = tuple(ask())
        if list(lines) != figures.kept(path)[name]:
            raise SystemExit(f"{path.name}, {name}, is not what is kept")
        named = frozenset((code.co_filename, code.co_qualname) for code in called
                          if "/smarketing/" in code.co_filename)  # fmt: skip
        yield Block(f"{path.name}: {name}", ask, lines, named, time.monotonic() - began)


@contextmanager
def _noting(called: set[CodeType]) -> Iterator[None]:
    def note(frame: FrameType, event: str, _more: object) -> None:
        if event == "call":
            called.add(frame.f_code)

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise _TookTooLong

    signal.signal(signal.SIGALRM, stop)
    # Again and again, for the program may take what is raised for one bad file.
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
