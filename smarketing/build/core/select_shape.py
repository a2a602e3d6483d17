"""What a source's SELECT reads, told from its syntax tree."""

from __future__ import annotations

from functools import cache

import sqlglot
from sqlglot import exp

_SEVERAL = (exp.Join, exp.SetOperation, exp.UDTF, exp.Explode, exp.With, exp.Distinct)
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
