"""The portable subset: what a mart or query may be made of.

An allow-list over the syntax tree, since parsers accept far more than engines agree on. What it
leaves out was seen to differ between engines without an error: date arithmetic, rounding halves,
`greatest` of blanks, ordered aggregates, month differences, weekday numbers. The named helpers
(`per_engine.py`) stand in for the few of these that are needed.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from smarketing.engine.per_engine import HELPERS, helper_name

_STRUCTURE = (
    exp.Select, exp.Union, exp.With, exp.CTE, exp.TableAlias, exp.From, exp.Table, exp.Join,
    exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.Limit, exp.Subquery,
    exp.Identifier, exp.Column, exp.Alias, exp.Literal, exp.Boolean, exp.Null, exp.Placeholder,
    exp.Distinct, exp.Var, exp.Tuple,
)  # fmt: skip
_LOGIC = (
    exp.And, exp.Or, exp.Not, exp.Paren, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE,
    exp.Is, exp.In, exp.Between, exp.Like, exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Exists,
)  # fmt: skip
_NUMBERS = (
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg, exp.Abs, exp.Floor, exp.Ceil, exp.Pow, exp.Exp,
    exp.Ln, exp.Sqrt, exp.Mod,
)  # fmt: skip
_TEXT = (exp.Lower, exp.Upper, exp.Trim, exp.Replace, exp.DPipe, exp.Length)
_AGGREGATES = (exp.Count, exp.Sum, exp.Min, exp.Max, exp.Avg)
_WINDOWS = (
    exp.Window, exp.WindowSpec, exp.RowNumber, exp.Rank, exp.DenseRank, exp.Lag, exp.Lead,
)  # fmt: skip
_TYPES = (exp.Cast, exp.DataType, exp.DataTypeParam)

ALLOWED: frozenset[type[exp.Expr]] = frozenset(
    _STRUCTURE + _LOGIC + _NUMBERS + _TEXT + _AGGREGATES + _WINDOWS + _TYPES
)
CAST_TYPES = frozenset(
    {"TEXT", "VARCHAR", "INT", "BIGINT", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP", "TIMESTAMPNTZ"}
)
#: Joins by their side and kind.
_JOINS = {("", ""), ("", "INNER"), ("LEFT", ""), ("", "CROSS")}
#: Functions of a KPI's expression: aggregates, arithmetic and choice, nothing else.
EXPRESSION_FUNCTIONS = (
    *_LOGIC, *_NUMBERS, *_AGGREGATES, *_TYPES,
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Distinct, exp.Star,
    exp.Lower, exp.Quantile,
)  # fmt: skip


def violations(tree: exp.Expr) -> list[str]:
    """Return what in the tree is outside the portable subset, one phrase each; empty is good."""
    return list(_violations(tree))


def _violations(tree: exp.Expr) -> Iterator[str]:
    for node in tree.walk():
        if isinstance(node, exp.Star):
            if not isinstance(node.parent, exp.Count):
                yield "select * (name the columns)"
        elif isinstance(node, exp.DataType):
            if node.this.name not in CAST_TYPES:
                yield f"the type {node.sql()} (portable: {', '.join(sorted(CAST_TYPES)).lower()})"
        elif helper_name(node) is None:
            yield from _node(node)


def _node(node: exp.Expr) -> Iterator[str]:
    if isinstance(node, exp.Anonymous):
        yield f"the function {node.name} (helpers: {', '.join(HELPERS)})"
    elif type(node) not in ALLOWED:
        yield f"{node.key}: {node.sql(dialect='duckdb')[:80]}"
    elif isinstance(node, exp.Div):
        if not _never_zero(node.expression):
            yield f"a division that may be by zero: {node.sql()[:80]} (use nullif(…, 0))"
    elif isinstance(node, exp.Group):
        if node.args.get("all"):
            yield "group by all (name the columns)"
    elif isinstance(node, exp.Join) and (
        node.method or node.args.get("using") or (node.side, node.kind) not in _JOINS
    ):
        yield f"the join {node.sql()[:60]} (inner, left or cross, with on)"


def _never_zero(divisor: exp.Expr) -> bool:
    inner = divisor.unnest()
    if isinstance(inner, exp.Literal):
        return not inner.is_string and float(inner.this) != 0
    return isinstance(inner, exp.Nullif)
