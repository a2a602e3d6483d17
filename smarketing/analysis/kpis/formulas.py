"""A KPI's formula: arithmetic over other KPIs and over what agreement and period say themselves."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from smarketing.agreement import Agreement
from smarketing.agreement.checks import formula_tree
from smarketing.periods import Period, months_between

_CHOICES: Mapping[str, Callable[..., float | int]] = {"max": max, "min": min}


def evaluate(formula: str, value_of: Callable[[str], float | int | None]) -> float | int | None:
    """Return the value of arithmetic over KPI ids; None where a part is missing or divides by 0."""
    try:
        found = _number(formula_tree(formula).body, value_of)
        return found or abs(found)  # nothing divided by less than nothing is nothing
    except (_MissingError, ZeroDivisionError):
        return None


def adds_up(formula: str, accrues: Callable[[str], bool]) -> bool:
    """Return whether a formula only adds and subtracts what accrues, and so accrues itself."""

    def holds(node: ast.AST) -> bool:
        match node:
            case ast.Name(id=name):
                return accrues(name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return holds(operand)
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
                return holds(left) and holds(right)
        return False

    return holds(formula_tree(formula).body)


def divided_by(formula: str) -> str | None:
    """Return what a formula divides by, where that is one name and only constants stand around."""
    node: ast.AST = formula_tree(formula).body
    while isinstance(node, ast.BinOp):
        match node:
            case ast.BinOp(op=ast.Div(), right=ast.Name(id=name)):
                return name
            case ast.BinOp(left=inner, op=ast.Mult() | ast.Div(), right=ast.Constant()):
                node = inner
            case ast.BinOp(left=ast.Constant(), op=ast.Mult(), right=inner):
                node = inner
            case _:
                return None
    return None


def why_nothing(
    formula: str,
    value_of: Callable[[str], float | int | None],
    said: Callable[[str], str],
    none_left: Callable[[str, str], str],
) -> str:
    """Say which part of a formula whose parts are all known makes it divide by 0.

    `said` says of a name that it is 0, and `none_left` of two that one takes up all of the other.
    """

    def is_zero(node: ast.AST) -> bool:
        return _is_zero(node, value_of)

    def words(node: ast.AST) -> str:
        match node:
            case ast.Name(id=name):
                return said(name)
            case ast.BinOp(left=left, op=ast.Mult() | ast.Div(), right=right):
                return words(left if is_zero(left) else right)
            case ast.BinOp(left=left, right=right) if is_zero(left) and is_zero(right):
                return _joined(words(left), words(right))
            case ast.BinOp(left=ast.Name(id=whole), op=ast.Sub(), right=ast.Name(id=part)):
                return none_left(whole, part)
            case ast.Call(args=args):
                # The greatest is 0 of one that is below it, whatever that is compared with.
                told = [arg for arg in args if not isinstance(arg, ast.Constant)]
                zeros = [arg for arg in told if is_zero(arg)] or told
                return _joined(*map(words, zeros))
        return f"nothing to divide by: {ast.unparse(node)} is 0"

    divisors = _divisors(formula_tree(formula))
    return next((words(node) for node in divisors if _is_zero(node, value_of)), "")


def _divisors(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            yield node.right


def _is_zero(node: ast.AST, value_of: Callable[[str], float | int | None]) -> bool:
    try:
        return not _number(node, value_of)
    except ZeroDivisionError:  # further in
        return False


def _joined(*told: str) -> str:
    return " and ".join(dict.fromkeys(told))


def quantity(name: str, agreement: Agreement, window: Period, as_of: date) -> float | None:
    """Return one of QUANTITIES for a period; None where nobody agreed it."""
    if name == "horizon_months":
        return float(agreement.lifetime_value.horizon_months)
    known = min(window.end, as_of + timedelta(days=1))
    if name == "elapsed_months":
        return months_between(window.start, known)
    return agreement.attribution.margin_on(max(window.start, known - timedelta(days=1)))


class _MissingError(Exception):
    """A part of a formula has no value."""


def _number(node: ast.AST, value_of: Callable[[str], float | int | None]) -> float | int:
    match node:
        case ast.Constant(value=constant) if isinstance(constant, int | float):
            return constant
        case ast.Name(id=name):
            found = value_of(name)
            if found is None:
                raise _MissingError(name)
            return found
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_number(operand, value_of)
        case ast.Call(func=ast.Name(id=name), args=args):
            return _CHOICES[name](_number(arg, value_of) for arg in args)
        case ast.BinOp(left=left, op=operator, right=right):
            a, b = _number(left, value_of), _number(right, value_of)
            match operator:
                case ast.Add():
                    return a + b
                case ast.Sub():
                    return a - b
                case ast.Mult():
                    return a * b
                case ast.Div():
                    return a / b
    raise _MissingError(ast.dump(node))
