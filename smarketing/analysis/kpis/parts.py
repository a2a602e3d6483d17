"""A KPI as a sum of others, or one such sum divided by another: what a change is split over."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from smarketing.agreement import Agreement, Kpi
from smarketing.agreement.checks import formula_tree
from smarketing.analysis.kpis.expressions import measure_of
from smarketing.errors import UsageError


@dataclass(frozen=True)
class Parts:
    """KPI id -> factor, summed; over another such sum, or over nothing (None)."""

    top: Mapping[str, float]
    bottom: Mapping[str, float] | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """Return every KPI that is summed, each once."""
        return tuple(dict.fromkeys([*self.top, *(self.bottom or {})]))


class _NotLinearError(Exception):
    """The KPI is no such sum."""


def parts_of(agreement: Agreement, kpi: Kpi) -> Parts:
    """Return a KPI as sums; UsageError for a median, a stock, a product or a ratio of ratios."""
    try:
        return _of_kpi(agreement, kpi)
    except _NotLinearError as error:
        raise UsageError(
            f"The change of '{kpi.id}' cannot be split: it is no sum, count or ratio of them."
        ) from error


def _of_kpi(agreement: Agreement, kpi: Kpi) -> Parts:
    if kpi.ratio is not None:
        top, bottom = (
            _of_kpi(agreement, agreement.kpi(name))
            for name in (kpi.ratio.numerator, kpi.ratio.denominator)
        )
        return _divided(top, bottom)
    if kpi.formula is not None:
        return _of_node(agreement, formula_tree(kpi.formula).body)
    measured = measure_of(kpi)
    if not measured.is_additive or not (kpi.date_column or measured.names_period):
        raise _NotLinearError(kpi.id)
    return Parts({kpi.id: 1.0})


def _of_node(agreement: Agreement, node: ast.AST) -> Parts:
    match node:
        case ast.Name(id=name):
            known = {kpi.id for kpi in agreement.kpis}
            if name not in known:
                raise _NotLinearError(name)
            return _of_kpi(agreement, agreement.kpi(name))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _scaled(_of_node(agreement, operand), -1.0)
        case ast.BinOp(left=left, op=ast.Mult(), right=ast.Constant(value=int() | float() as by)):
            return _scaled(_of_node(agreement, left), float(by))
        case ast.BinOp(left=ast.Constant(value=int() | float() as by), op=ast.Mult(), right=right):
            return _scaled(_of_node(agreement, right), float(by))
        case ast.BinOp(left=left, op=ast.Div(), right=ast.Constant(value=int() | float() as by)):
            return _scaled(_of_node(agreement, left), 1.0 / float(by))
        case ast.BinOp(left=left, op=operator, right=right):
            a, b = _of_node(agreement, left), _of_node(agreement, right)
            match operator:
                case ast.Div():
                    return _divided(a, b)
                case ast.Add():
                    return _added(a, b, 1.0)
                case ast.Sub():
                    return _added(a, b, -1.0)
    raise _NotLinearError(ast.dump(node))


def _scaled(parts: Parts, factor: float) -> Parts:
    return Parts({name: factor * by for name, by in parts.top.items()}, parts.bottom)


def _added(a: Parts, b: Parts, sign: float) -> Parts:
    if a.bottom != b.bottom:
        raise _NotLinearError("two denominators")
    names = dict.fromkeys([*a.top, *b.top])
    return Parts({n: a.top.get(n, 0.0) + sign * b.top.get(n, 0.0) for n in names}, a.bottom)


def _divided(top: Parts, bottom: Parts) -> Parts:
    if top.bottom is not None or bottom.bottom is not None:
        raise _NotLinearError("a ratio of ratios")
    return Parts(top.top, bottom.top)
