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
    exp.Floor: (exp.Ceil,),
    exp.Ceil: (exp.Floor,),
    exp.Lead: (exp.Lag,),
    exp.Lag: (exp.Lead,),
}
#: What is called with two things of one kind, the first of which stands before the other.
FROM_TO = ("days_between", "seconds_between")
#: Functions that make a text comparable, or a number none: left out, they leave their first value.
CLEANING = (exp.Lower, exp.Upper, exp.Trim, exp.Nullif)

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
    shown = " ".join(_in_context(found).sql(dialect="duckdb", comments=False).split())
    put = make(found)
    if put is not None and put is not found:
        found.replace(put)
    if _plain(other) == _plain(tree):
        return None
    return Fault(f"{what}: {shown[:90]}", f"{header}{_plain(other, pretty=True)}\n")


def _in_context(node: exp.Expr) -> exp.Expr:
    """Return what shows a reader where a node is: of a constant, what it is a part of."""
    while isinstance(node, exp.Literal | exp.Boolean | exp.Neg) and node.parent is not None:
        node = node.parent
    return node


def _plain(tree: exp.Expr, *, pretty: bool = False) -> str:
    return tree.sql(dialect="duckdb", comments=False, pretty=pretty)


def _changes(node: exp.Expr) -> Iterator[Change]:
    yield from _swaps(node)
    if isinstance(node, exp.Where | exp.Having):
        for number, part in enumerate(node.this.flatten() if _is_and(node.this) else [node.this]):
            yield f"condition dropped ({part.sql()[:60]})", _without(number)
    elif isinstance(node, exp.Coalesce) and node.expressions:
        yield "default of coalesce dropped", lambda call: call.this.copy()
    elif isinstance(node, exp.Distinct) and not node.args.get("on"):
        yield "distinct dropped", _undistinct
    elif isinstance(node, exp.Literal | exp.Boolean):
        yield from _constants(node)
    elif isinstance(node, exp.Not):
        yield "not dropped", lambda one: one.this.copy()
    elif isinstance(node, exp.In | exp.Is | exp.Like):
        yield f"{node.key} turned", lambda one: exp.Not(this=exp.Paren(this=one.copy()))
    elif isinstance(node, exp.Between):
        yield "between without its low end", partial(_open, low=True)
        yield "between without its high end", partial(_open, low=False)
    elif isinstance(node, exp.Window | exp.Ordered):
        yield from _orders(node)
    elif isinstance(node, CLEANING):
        yield f"{node.key} dropped", lambda call: call.this.copy()
    elif isinstance(node, exp.Union):
        yield "union to union all" if node.args["distinct"] else "union all to union", _united
    yield from _joins(node)
    yield from _branches(node)
    yield from _arguments(node)


def _joins(node: exp.Expr) -> Iterator[Change]:
    if not isinstance(node, exp.Join) or not node.args.get("on"):
        return
    if node.side == "LEFT":
        yield "left join to inner join", _inner
    elif not node.side:
        yield "inner join to left join", _left
    if _is_and(node.args["on"]):
        for number, part in enumerate(node.args["on"].flatten()):
            yield f"join condition dropped ({part.sql()[:60]})", _without(number, "on")


def _constants(node: exp.Expr) -> Iterator[Change]:
    if isinstance(node, exp.Boolean):
        yield "boolean turned", lambda one: exp.Boolean(this=not one.this)
    elif _is_type_or_limit(node):
        return
    elif node.is_string:
        yield "text changed", lambda one: exp.Literal.string(f"{one.name}?")
    elif node.is_int:
        yield "constant + 1", lambda one: exp.Literal.number(int(one.name) + 1)
        yield "constant - 1", lambda one: exp.Literal.number(int(one.name) - 1)
    else:
        yield "constant doubled", lambda one: exp.Literal.number(2 * float(one.name))


def _orders(node: exp.Expr) -> Iterator[Change]:
    if isinstance(node, exp.Ordered):
        yield "order turned", _turned
        if node.parent is not None and len(node.parent.expressions) > 1:
            yield "order dropped", lambda one: one.pop() and None
    elif node.args.get("partition_by"):
        yield "partition dropped", _without_partition


def _branches(node: exp.Expr) -> Iterator[Change]:
    if isinstance(node, exp.Case) and node.args.get("default"):
        yield "else dropped", _without_else
        if not isinstance(node.args["default"], exp.Null):
            yield "last branch and else swapped", _swapped_with_else
    if isinstance(node, exp.If) and isinstance(node.parent, exp.Case):
        yield "branch of case dropped", _without_branch


def _arguments(node: exp.Expr) -> Iterator[Change]:
    if isinstance(node, exp.Coalesce) and node.expressions:
        yield "first two of coalesce swapped", _swapped_first
    elif isinstance(node, exp.Anonymous) and node.name in FROM_TO:
        yield "from and to swapped", _swapped_ends
    elif isinstance(node, exp.Sub | exp.Div):
        yield "operands swapped", _swapped_sides


def _swaps(node: exp.Expr) -> Iterator[Change]:
    for other in SWAPS.get(type(node), ()):
        if isinstance(node, exp.Sum) and isinstance(node.this, exp.Literal):
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


def _without(number: int, key: str = "this") -> Callable[[exp.Expr], exp.Expr | None]:
    def dropped(owner: exp.Expr) -> None:
        condition = owner.args[key]
        parts = list(condition.flatten()) if _is_and(condition) else [condition]
        kept = [part.copy() for place, part in enumerate(parts) if place != number]
        owner.set(key, exp.and_(*kept) if kept else exp.true())

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


def _open(between: exp.Expr, *, low: bool) -> exp.Expr:
    start, end = (exp.GT, exp.LTE) if low else (exp.GTE, exp.LT)
    value, least, most = (between.args[name] for name in ("this", "low", "high"))
    above = start(this=value.copy(), expression=least.copy())
    return exp.paren(exp.and_(above, end(this=value.copy(), expression=most.copy())))


def _united(union: exp.Expr) -> None:
    union.set("distinct", not union.args["distinct"])


def _swapped_with_else(case: exp.Expr) -> None:
    last = case.args["ifs"][-1]
    kept, other = last.args["true"].copy(), case.args["default"].copy()
    last.set("true", other)
    case.set("default", kept)


def _swapped_first(call: exp.Expr) -> exp.Expr:
    second, *others = call.expressions
    values = [second, call.this, *others]
    return exp.Coalesce(this=values[0].copy(), expressions=[one.copy() for one in values[1:]])


def _swapped_ends(call: exp.Expr) -> None:
    call.set("expressions", [one.copy() for one in reversed(call.expressions)])


def _swapped_sides(binary: exp.Expr) -> exp.Expr:
    left, right = (exp.paren(binary.args[side].copy()) for side in ("expression", "this"))
    return type(binary)(this=left, expression=right)
