"""Faults of SQL: every small change of a query's tree that gives another, still valid, SELECT."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import sqlglot
from sqlglot import exp

from tools.mutants.fault import Fault, Places

#: Node -> what stands in its place: boundaries first, then the opposite.
SWAPS: dict[type[exp.Expr], tuple[type[exp.Expr], ...]] = {
    exp.LT: (exp.LTE, exp.GT),
    exp.LTE: (exp.LT, exp.GTE),
    exp.GT: (exp.GTE, exp.LT),
    exp.GTE: (exp.GT, exp.LTE),
    exp.EQ: (exp.NEQ,),
    exp.NEQ: (exp.EQ,),
    exp.And: (exp.Or,),
    exp.Or: (exp.And,),
    exp.Add: (exp.Sub,),
    exp.Sub: (exp.Add,),
    exp.Mul: (exp.Div,),
    exp.Div: (exp.Mul,),
    exp.Min: (exp.Max,),
    exp.Max: (exp.Min,),
    exp.Sum: (exp.Count,),
    exp.Least: (exp.Greatest,),
    exp.Greatest: (exp.Least,),
    exp.Union: (exp.Except,),
}

Change = tuple[str, Callable[[exp.Expr], exp.Expr | None]]


def sql_places(text: str) -> Places:
    """Return the places of a file of one SELECT, with the faults of each; its header stays."""
    header = "".join(line for line in text.splitlines(True) if line.startswith("--"))
    tree = sqlglot.parse_one(text, read="duckdb")
    found: Places = []
    for place, node in enumerate(tree.walk()):
        faults: list[Callable[[], Fault | None]] = [
            partial(_with, tree, place, change, header) for change in _changes(node)
        ]
        if faults:
            found.append(faults)
    return found


def _with(tree: exp.Expr, place: int, change: Change, header: str) -> Fault | None:
    what, make = change
    other = tree.copy()
    found = next(node for number, node in enumerate(other.walk()) if number == place)
    shown = " ".join(found.sql(dialect="duckdb", comments=False).split())
    put = make(found)
    if put is not None and put is not found:
        found.replace(put)
    if _plain(other) == _plain(tree):
        return None
    return Fault(f"{what}: {shown[:90]}", f"{header}{_plain(other, pretty=True)}\n")


def _plain(tree: exp.Expr, *, pretty: bool = False) -> str:
    return tree.sql(dialect="duckdb", comments=False, pretty=pretty)


def _changes(node: exp.Expr) -> Iterator[Change]:
    yield from _swaps(node)
    if isinstance(node, exp.Join) and node.side == "LEFT":
        yield "left join to inner join", _inner
    elif isinstance(node, exp.Join) and not node.side and node.args.get("on"):
        yield "inner join to left join", _left
    elif isinstance(node, exp.Where | exp.Having):
        for number, part in enumerate(node.this.flatten() if _is_and(node.this) else [node.this]):
            yield f"condition dropped ({part.sql()[:60]})", _without(number)
    elif isinstance(node, exp.Coalesce) and node.expressions:
        yield "default of coalesce dropped", lambda call: call.this.copy()
    elif isinstance(node, exp.Ordered):
        yield "order turned", _turned
    elif isinstance(node, exp.Distinct) and not node.args.get("on"):
        yield "distinct dropped", _undistinct
    elif isinstance(node, exp.Literal) and node.is_int and not _is_type_or_limit(node):
        yield "constant + 1", lambda one: exp.Literal.number(int(one.name) + 1)
        yield "constant - 1", lambda one: exp.Literal.number(int(one.name) - 1)
    elif isinstance(node, exp.Boolean):
        yield "boolean turned", lambda one: exp.Boolean(this=not one.this)
    elif isinstance(node, exp.Not):
        yield "not dropped", lambda one: one.this.copy()
    elif isinstance(node, exp.In):
        yield "in to not in", lambda one: exp.Not(this=one.copy())
    elif isinstance(node, exp.Case) and node.args.get("default"):
        yield "else dropped", _without_else
    elif isinstance(node, exp.Window) and node.args.get("partition_by"):
        yield "partition dropped", _without_partition
    elif isinstance(node, exp.Is):
        yield "is turned", lambda one: exp.Not(this=exp.Paren(this=one.copy()))
    elif isinstance(node, exp.If) and isinstance(node.parent, exp.Case):
        yield "branch of case dropped", _without_branch


def _swaps(node: exp.Expr) -> Iterator[Change]:
    for other in SWAPS.get(type(node), ()):
        if isinstance(node, exp.Sum) and isinstance(node.this, exp.Case | exp.Literal):
            continue
        words = f"{type(node).__name__.lower()} to {other.__name__.lower()}"
        yield words, lambda one, other=other: other(**one.copy().args)  # type: ignore[misc]


def _is_and(node: exp.Expr) -> bool:
    return isinstance(node, exp.And)


def _is_type_or_limit(node: exp.Expr) -> bool:
    return node.find_ancestor(exp.DataType) is not None or isinstance(node.parent, exp.Fetch)


def _inner(join: exp.Expr) -> None:
    join.set("side", None)


def _left(join: exp.Expr) -> None:
    join.set("side", "LEFT")
    join.set("kind", None)


def _turned(ordered: exp.Expr) -> None:
    ordered.set("desc", not ordered.args.get("desc"))


def _undistinct(distinct: exp.Expr) -> exp.Expr | None:
    if isinstance(distinct.parent, exp.Select):
        distinct.parent.set("distinct", None)
        return None
    return distinct.expressions[0].copy() if len(distinct.expressions) == 1 else None


def _without(number: int) -> Callable[[exp.Expr], exp.Expr | None]:
    def dropped(where: exp.Expr) -> None:
        condition = where.this
        parts = list(condition.flatten()) if _is_and(condition) else [condition]
        kept = [part.copy() for place, part in enumerate(parts) if place != number]
        where.set("this", exp.and_(*kept) if kept else exp.true())

    return dropped


def _without_else(case: exp.Expr) -> None:
    case.set("default", None)


def _without_partition(window: exp.Expr) -> None:
    window.set("partition_by", window.args["partition_by"][1:])


def _without_branch(branch: exp.Expr) -> exp.Expr | None:
    case = branch.parent
    if case is None or len(case.args["ifs"]) == 1:
        return None
    case.set("ifs", [one for one in case.args["ifs"] if one is not branch])
    return None
