"""Columns of every attribution model, written once: `each_model_credit` stands for all of them.

Marts and queries keep one column a model, since a column is read and summed much faster than rows.
In a SQL file a pattern stands in their place, and each projection that is named by it becomes one
projection a model, wherever the pattern occurs in it (so does each branch of a CASE, in a
projection that is not named by it):

- `each_rule`: every rule-based model of the registry,
- `each_model`: those and `custom`, the agreement's own,
- `each_outer`: the models of roles at the ends of a journey only,
- `each_inner`: the models with roles in between, and `custom`.

The CTE `model_role` holds the weights of the last two as rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import groupby

from sqlglot import exp

from smarketing.attribution_models import CUSTOM, ENDS, Model, role_models, rule_models
from smarketing.engine.slots import fill_cte

#: The CTE that the registry's weights of roles come into.
WEIGHTS = "model_role"
_PATTERN = re.compile(r"each_(?:rule|model|outer|inner)")
#: The columns of the weights, by role.
_ROLES = {
    "first": "first_weight",
    "lead_creation": "lead_weight",
    "deal_creation": "deal_weight",
    "close": "close_weight",
    "last": "last_weight",
}


def has_patterns(text: str) -> bool:
    """Return whether a statement has columns of every model."""
    return _PATTERN.search(text) is not None


def written_for_each(tree: exp.Query) -> exp.Query:
    """Write in place what the patterns of a statement stand for; returns the tree."""
    models = _models()
    for select in list(tree.find_all(exp.Select)):
        select.set("expressions", list(_each(select.expressions, models)))
    for case in list(tree.find_all(exp.Case)):
        case.set("ifs", [branch for found in case.args["ifs"] for branch in _one(found, models)])
    if any(cte.alias == WEIGHTS for cte in tree.find_all(exp.CTE)):
        fill_cte(tree, WEIGHTS, _weights())
    return tree


def _models() -> Mapping[str, tuple[str, ...]]:
    rules, by_roles = rule_models(), role_models()
    outer = tuple(model.name for model in by_roles if ENDS.issuperset(model.roles or ()))
    inner = tuple(model.name for model in by_roles if model.name not in outer)
    return {
        "each_rule": rules,
        "each_model": (*rules, CUSTOM),
        "each_outer": outer,
        "each_inner": (*inner, CUSTOM),
    }


def _each(
    projections: Sequence[exp.Expr], models: Mapping[str, tuple[str, ...]]
) -> Iterator[exp.Expr]:
    """Return the projections, those of one pattern side by side model by model."""
    for pattern, run in groupby(projections, lambda part: _pattern(part.alias_or_name)):
        if pattern is None:
            yield from run
            continue
        named = list(run)
        for model in models[pattern]:
            yield from (_of(part, pattern, model) for part in named)


def _one(branch: exp.Expr, models: Mapping[str, tuple[str, ...]]) -> Iterator[exp.Expr]:
    """Return a branch of a CASE, or one a model where a pattern occurs in it."""
    found = next(filter(None, (_pattern(node.name) for node in _names(branch))), None)
    if found is None:
        yield branch
    else:
        yield from (_of(branch, found, model) for model in models[found])


def _of(part: exp.Expr, pattern: str, model: str) -> exp.Expr:
    copied: exp.Expr = part.copy()
    for node in list(_names(copied)):
        node.set("this", node.name.replace(pattern, model))
    return copied


def _names(part: exp.Expr) -> Iterator[exp.Expr]:
    return part.find_all(exp.Identifier, exp.Literal)


def _pattern(name: str) -> str | None:
    found = _PATTERN.search(name)
    return found[0] if found else None


def _weights() -> exp.Query:
    """Return the weights of the models of roles: one row a model, one column a role."""
    rows: list[exp.Query] = [_row(model) for model in role_models()]
    return reduce(lambda above, row: exp.union(above, row, distinct=False, copy=False), rows)


def _row(model: Model) -> exp.Select:
    shares = {column: (model.roles or {}).get(role, 0.0) for role, column in _ROLES.items()}
    columns = {"model": exp.Literal.string(model.name)} | {
        name: exp.Literal.number(str(share))
        for name, share in (shares | {"middle_weight": model.middle}).items()
    }
    return exp.select(*(value.as_(name) for name, value in columns.items()))
