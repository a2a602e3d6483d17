"""Puts a fault into a function where it stands loaded, and takes it out again."""

from __future__ import annotations

import ast
import functools
import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FunctionType

Defined = ast.FunctionDef | ast.ClassDef
#: The code of a function, and its code with the fault.
Pair = tuple[CodeType, CodeType]
INNER = ".<locals>."


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


def pairs_of(path: Path, before: str, after: str, name: str) -> list[Pair]:
    """Return the code of a function and of those within it, each with its own of the other text."""
    one, other = (_code(compile(text, str(path), "exec"), name) for text in (before, after))
    return list(_pairs(one, other)) if one and other else []


def _code(code: CodeType, name: str) -> CodeType | None:
    first, _, rest = name.partition(".")
    for inner in code.co_consts:
        if isinstance(inner, CodeType) and inner.co_name == first:
            return _code(inner, rest) if rest else inner
    return None


def _pairs(one: CodeType, other: CodeType) -> Iterator[Pair]:
    if one.co_freevars == other.co_freevars:
        yield one, other
    within, others = ([c for c in code.co_consts if isinstance(c, CodeType)]
                      for code in (one, other))  # fmt: skip
    if [inner.co_name for inner in within] == [inner.co_name for inner in others]:
        for pair in zip(within, others, strict=True):
            yield from _pairs(*pair)


@contextmanager
def put(pairs: Sequence[Pair]) -> Iterator[bool]:
    """Let every function of one code have the other, and tell whether there is any.

    What was computed by now is forgotten, at the end as well.
    """
    places = list(_places(pairs))
    _forget()
    for function, _, other in places:
        function.__code__ = other
    try:
        yield bool(places)
    finally:
        for function, one, _ in places:
            function.__code__ = one
        _forget()


def _places(pairs: Sequence[Pair]) -> Iterator[tuple[FunctionType, CodeType, CodeType]]:
    known = {_mark(one): other for one, other in pairs}
    gc.unfreeze()  # What is left alone by the collector would not be found.
    for found in gc.get_objects():
        if isinstance(found, FunctionType) and _mark(found.__code__) in known:
            yield found, found.__code__, known[_mark(found.__code__)]


def _mark(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _forget() -> None:
    for found in gc.get_objects():
        if isinstance(found, functools._lru_cache_wrapper) and _is_ours(found):
            found.cache_clear()


def _is_ours(one: functools._lru_cache_wrapper[object]) -> bool:
    return str(getattr(one, "__module__", "")).startswith("smarketing.")
