"""Faults of Python: by the operators of cosmic-ray (comparisons, sums, constants), and ours."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from tools.mutants.calls import call_places
from tools.mutants.fault import Fault, Places

#: Operators whose changes are no fault of a figure, or cannot be told from the program as it is.
LEFT_OUT = ("NoOp", "RemoveDecorator", "ExceptionReplacer", "VariableReplacer", "VariableInserter")
#: One opposite, and one boundary, for each operator are enough.
BINARY = {"Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Div", "Mod_Mul", "Pow_Mul"}
COMPARISON = {
    "Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Lt_Gt", "LtE_GtE", "Gt_Lt", "GtE_LtE",
    "Eq_NotEq", "NotEq_Eq", "In_NotIn", "NotIn_In", "Is_IsNot", "IsNot_Is",
}  # fmt: skip


@cache
def _operators() -> tuple[tuple[str, Any], ...]:
    from cosmic_ray.plugins import get_operator, operator_names

    found = []
    for name in operator_names():
        short = name.partition("/")[2]
        kind, _, pair = short.partition("Operator_")
        if short in LEFT_OUT or (kind == "ReplaceBinary" and pair not in BINARY):
            continue
        if kind == "ReplaceComparison" and pair not in COMPARISON:
            continue
        found.append((short, get_operator(name)()))
    return tuple(found)


def python_places(text: str) -> Places:
    """Return the places of a module, each with the faults that can be put there.

    What changes nothing but an annotation, a decorator's setting or a check of lengths is none.
    """
    from cosmic_ray.ast import ast_nodes, get_ast

    nodes = list(ast_nodes(get_ast(text)))
    found: dict[tuple[int, int], list[Callable[[], Fault | None]]] = {}
    for name, operator in _operators():
        spots = [start for node in nodes for start, _ in operator.mutation_positions(node)]
        for number, spot in enumerate(spots):
            made = partial(_with, text, (name, operator, number), spot[0])
            found.setdefault(spot, []).append(made)
    return [*(found[spot] for spot in sorted(found)), *call_places(text)]


def _with(text: str, change: tuple[str, Any, int], line: int) -> Fault | None:
    from cosmic_ray.mutating import mutate_code

    name, operator, number = change
    changed = mutate_code(text, operator, number)
    if not changed or _meaning(changed) in (_meaning(text), None):
        return None
    return Fault(_words(name, text, changed), changed, line)


def _meaning(text: str) -> str | None:
    """The module's tree without what no run depends on; None where it is no module."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign):
            node.annotation = ast.Constant(None)
        elif isinstance(node, ast.FunctionDef):
            node.returns, node.decorator_list = None, []
        elif isinstance(node, ast.arguments):
            node.args = [*node.posonlyargs, *node.args, *node.kwonlyargs]
            node.defaults += [default for default in node.kw_defaults if default is not None]
            node.posonlyargs, node.kwonlyargs, node.kw_defaults = [], [], []
        elif isinstance(node, ast.ClassDef):
            node.decorator_list = []
        elif isinstance(node, ast.Call):
            node.keywords = [word for word in node.keywords if word.arg != "strict"]
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            node.test = ast.Constant(None)
    return ast.dump(tree)


def _words(name: str, text: str, changed: str) -> str:
    lines = difflib.unified_diff(text.splitlines(), changed.splitlines(), lineterm="", n=0)
    kept = [line[1:].strip() for line in list(lines)[3:] if line[:1] in "-+"]
    return f"{name}: {' => '.join(kept)[:200]}"
