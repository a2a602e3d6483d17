"""Faults of Python that cosmic-ray has none of: of calls, conditions, slices and texts."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import partial
from itertools import accumulate

from tools.mutants.fault import Fault, Places

#: What puts things in an order that its words of these names choose.
ORDERED, CHOOSES = frozenset({"sorted", "sort", "min", "max"}), ("key", "reverse")
#: What takes things of unlike kinds, that nobody would swap unseen, or two in any order.
OF_KINDS = frozenset({
    "isinstance", "issubclass", "cast", "partial", "Literal", "min", "max", "isclose", "union",
    "find_all",
})  # fmt: skip
#: A change: what it is, the part that is changed, and what stands in its place.
Change = tuple[str, ast.expr | ast.stmt, str]


def call_places(text: str) -> Places:
    """Return the places of a module where a part can be left out, swapped or changed."""
    source = _Source(text)
    found: Places = []
    for node in _running(ast.parse(text)):
        faults: list[Callable[[], Fault | None]] = [
            partial(_with, source, change) for change in _changes(node, source)
        ]
        if faults:
            found.append(faults)
    return found


class _Source:
    """A module's text, and the parts of it by their nodes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._bytes = text.encode("utf-8")
        self._lines = [0, *accumulate(map(len, self._bytes.splitlines(keepends=True)))]

    def of(self, node: ast.expr | ast.stmt) -> str:
        start, end = self._span(node)
        return self._bytes[start:end].decode("utf-8")

    def replaced(self, node: ast.expr | ast.stmt, put: str) -> str:
        start, end = self._span(node)
        return (self._bytes[:start] + put.encode("utf-8") + self._bytes[end:]).decode("utf-8")

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        start = self._lines[node.lineno - 1] + node.col_offset
        return start, self._lines[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield what runs: no annotation, no decorator, nothing within a text."""
    yield tree
    if isinstance(tree, ast.JoinedStr):
        return
    for name, value in ast.iter_fields(tree):
        if name not in ("annotation", "returns", "decorator_list"):
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, ast.AST):
                    yield from _running(part)


def _with(source: _Source, change: Change) -> Fault | None:
    what, node, put = change
    after = source.replaced(node, put)
    try:
        if ast.dump(ast.parse(after)) == ast.dump(ast.parse(source.text)):
            return None
    except SyntaxError:
        return None
    shown = " ".join(f"{source.of(node)} => {put or 'nothing'}".split())
    return Fault(f"{what}: {shown[:200]}", after, node.lineno)


def _changes(node: ast.AST, source: _Source) -> Iterator[Change]:
    if isinstance(node, ast.BoolOp):
        word = " or " if isinstance(node.op, ast.Or) else " and "
        for part in node.values:
            kept = [f"({source.of(one)})" for one in node.values if one is not part]
            yield "part of a condition dropped", node, f"({word.join(kept)})"
    elif isinstance(node, ast.Call):
        yield from _of_call(node, source)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield "call dropped", node, "pass"
    elif isinstance(node, ast.AugAssign):
        yield "change dropped", node, "pass"
    elif isinstance(node, ast.Slice):
        for bound in filter(None, (node.lower, node.upper)):
            yield "end of a slice dropped", bound, ""
    elif isinstance(node, ast.Compare):
        yield from _texts(node.comparators)
    elif isinstance(node, ast.Subscript) and source.of(node.value) not in OF_KINDS:
        yield from _texts([node.slice])


def _of_call(node: ast.Call, source: _Source) -> Iterator[Change]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else source.of(node.func)
    parts = [source.of(one) for one in node.args]
    words = [f"{word.arg}={source.of(word.value)}" if word.arg else f"**{source.of(word.value)}"
             for word in node.keywords]  # fmt: skip

    def called(args: list[str]) -> str:
        return f"{source.of(node.func)}({', '.join(args)})"

    if len(parts) > 1 and name not in OF_KINDS and not any(one[0] == "*" for one in parts[:2]):
        yield "arguments swapped", node, called([parts[1], parts[0], *parts[2:], *words])
    for place, word in enumerate(node.keywords):
        if name in ORDERED and word.arg in CHOOSES:
            kept = [one for at, one in enumerate(words) if at != place]
            yield f"{word.arg} dropped", node, called([*parts, *kept])


def _texts(parts: list[ast.expr]) -> Iterator[Change]:
    """Change a text that something is compared with or looked up by."""
    for part in parts:
        for one in part.elts if isinstance(part, ast.Tuple | ast.List | ast.Set) else [part]:
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield "text changed", one, repr(f"{one.value}?")
