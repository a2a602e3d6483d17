"""Named slots: the places of a query or mart that another question may fill.

A slot is a CTE of a name, a table of a name, or a condition written `slot('name', condition)`,
which holds as it stands where nobody fills it. What fills a slot looks for it by name and for
nothing else of the text, and refuses where the name is not there exactly once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlglot import exp

from smarketing.errors import QueryError

#: The helper that marks a condition as a slot.
CONDITION = "slot"


def fill_cte(tree: exp.Query, name: str, body: exp.Query) -> None:
    """Put another SELECT in the place of a CTE's; in place."""
    found = [cte for cte in tree.find_all(exp.CTE) if cte.alias == name]
    _only(found, f"CTE '{name}'").set("this", body.copy())


def fill_table(tree: exp.Query, name: str, body: exp.Query) -> None:
    """Put a SELECT in the place of a table, under the table's alias or name; in place."""
    found = [table for table in tree.find_all(exp.Table) if table.name == name]
    table = _only(found, f"table '{name}'")
    taken = {cte.alias for cte in tree.find_all(exp.CTE)}
    table.replace(_named_apart(body, taken, name).subquery(table.alias_or_name))


def _named_apart(body: exp.Query, taken: Collection[str], prefix: str) -> exp.Query:
    """Return a SELECT whose CTEs have no name that is taken: Spark knows one of each name."""
    body = body.copy()
    clashing = {cte.alias for cte in body.find_all(exp.CTE)} & {*taken}
    for part in body.find_all(exp.CTE, exp.Table):
        if isinstance(part, exp.Table) and part.name in clashing and not part.db:
            called = part.alias_or_name
            part.set("this", exp.to_identifier(f"{prefix}_{part.name}"))
            part.set("alias", exp.TableAlias(this=exp.to_identifier(called)))
        elif isinstance(part, exp.CTE) and part.alias in clashing:
            part.args["alias"].set("this", exp.to_identifier(f"{prefix}_{part.alias}"))
    return body


def fill_condition(tree: exp.Query, name: str, condition: exp.Expr) -> None:
    """Put another condition in the place of `slot('name', …)`; in place."""
    found = [
        call
        for call in tree.find_all(exp.Anonymous)
        if str(call.this).lower() == CONDITION and call.expressions[0].name == name
    ]
    _only(found, f"slot '{name}'").replace(exp.paren(condition, copy=True))


def _only(found: Sequence[exp.Expr], what: str) -> exp.Expr:
    if len(found) != 1:
        raise QueryError(f"The {what} is {len(found)} times in the query, not once.")
    [one] = found
    return one
