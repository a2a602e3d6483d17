"""What a source's SELECT reads, told from its syntax tree."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import sqlglot
from sqlglot import exp

_SEVERAL = (exp.Join, exp.SetOperation, exp.UDTF, exp.Explode, exp.With, exp.Distinct)
_COMPUTING = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Round, exp.Sum, exp.Avg)
_ACROSS = (exp.Group, exp.AggFunc, exp.Window, exp.Qualify, exp.Limit)


@cache
def reads(sql: str) -> frozenset[str]:
    """Return the tables a SELECT reads, in lower case, its own CTEs among them."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    return frozenset(table.name.casefold() for table in tree.find_all(exp.Table))


@cache
def is_plain(sql: str) -> bool:
    """Return whether a SELECT takes the rows of one table one by one, each on its own.

    It then gives at most one row for each, whatever other rows there are.
    """
    tree = sqlglot.parse_one(sql, read="duckdb")
    alone = len(list(tree.find_all(exp.Select))) == 1 and len(list(tree.find_all(exp.Table))) == 1
    return isinstance(tree, exp.Select) and alone and tree.find(*_SEVERAL, *_ACROSS) is None


@cache
def computed(sql: str) -> frozenset[str]:
    """Return the columns that a SELECT computes as numbers, which are then written with a point.

    What it merely takes, chooses among or cuts out of text is still written as the file writes it.
    """
    tree = sqlglot.parse_one(sql, read="duckdb")
    if not isinstance(tree, exp.Query):
        return frozenset()
    inner = {cte.alias: _own_computed(cte.this) for cte in tree.find_all(exp.CTE)}
    names = {name for found in inner.values() for name in found}
    return frozenset(
        projection.alias_or_name
        for projection in tree.selects
        if _computes(projection)
        or names & {column.name for column in projection.find_all(exp.Column)}
    )


def _own_computed(query: exp.Expr) -> set[str]:
    if not isinstance(query, exp.Query):
        return set()
    return {item.alias_or_name for item in query.selects if _computes(item)}


def _computes(item: exp.Expr) -> bool:
    casts = item.find_all(exp.Cast, exp.TryCast)
    return item.find(*_COMPUTING) is not None or any(
        cast.to.is_type(*exp.DataType.NUMERIC_TYPES) for cast in casts
    )


@cache
def origins(sql: str, column: str) -> frozenset[str]:
    """Return the names, in lower case, that a column of a SELECT takes its value from.

    Through its CTEs, down to the columns of the tables it reads; what only decides is left out.
    """
    tree = sqlglot.parse_one(sql, read="duckdb")
    if not isinstance(tree, exp.Query):
        return frozenset()
    inner = {
        projection.alias_or_name.casefold(): projection
        for cte in tree.find_all(exp.CTE)
        if isinstance(cte.this, exp.Query)
        for projection in cte.this.selects
    }
    found, todo = set(), [item for item in tree.selects if item.alias_or_name == column]
    while todo:
        for name in _values(todo.pop()):
            within = inner.pop(name, None)
            todo += [within] if within is not None else []
            found |= set() if within is not None else {name}
    return frozenset(found)


def _values(node: exp.Expr) -> Iterator[str]:
    """Give the columns that an expression may answer with, in lower case."""
    if isinstance(node, exp.Column):
        yield node.name.casefold()
    elif isinstance(node, exp.Case):
        for branch in node.args.get("ifs") or []:
            yield from _values(branch.args["true"])
        if node.args.get("default") is not None:
            yield from _values(node.args["default"])
    else:
        for child in node.iter_expressions():
            yield from _values(child)
