"""A KPI's expression and filter: parsed, checked against the mart, made conditional.

An expression is an aggregate over a mart's columns, such as `sum(won_amount)`. So that KPIs with
different filters and periods share one pass over a mart, each aggregate takes its condition into
its argument: `sum(case when … then won_amount end)`. What is about a period's two ends rather than
the days between, such as a cohort of customers, may name its first day `$from` and the first day
after it `$to`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from smarketing.agreement import Kpi
from smarketing.engine.compile import mart_columns
from smarketing.engine.portable import EXPRESSION_FUNCTIONS
from smarketing.errors import QueryError, did_you_mean

FUNCTIONS = (
    "abs", "avg", "case", "cast", "ceil", "coalesce", "count", "exp", "floor", "ln", "lower",
    "max", "median", "min", "nullif", "power", "quantile", "sqrt", "sum",
)  # fmt: skip
#: The bounds of the period that an expression or filter may name as `$from` and `$to`.
FROM, TO = "from", "to"
#: The columns that hold them where a query asks for several periods at once.
PERIOD_BOUNDS = {FROM: "period_from", TO: "period_to"}
_ADDITIVE = (exp.Sum, exp.Count)


@dataclass(frozen=True)
class Measure:
    """One checked aggregate: the trees of its expression and filter, and the columns they read."""

    expression: exp.Expr
    condition: exp.Expr | None
    columns: frozenset[str]
    is_additive: bool
    is_count: bool
    is_sum: bool
    names_period: bool

    @property
    def adds_up(self) -> bool:
        """Whether the values of parts of the records are summed to that of all of them."""
        return self.is_additive and self.expression.find(exp.Distinct) is None

    def when(self, condition: exp.Expr | None) -> exp.Expr:
        """Return the aggregate over the rows that pass its filter and the condition."""
        tests = [part for part in (self.condition, condition) if part is not None]
        tree = exp.paren(self.expression.copy(), copy=False)
        for call in list(tree.find_all(exp.AggFunc)) if tests else ():
            _restrict(call, exp.and_(*tests))
        return tree

    def counted(self, condition: exp.Expr | None) -> exp.Expr:
        """Return the count of the rows that pass its filter and the condition."""
        return replace(self, expression=_count_all()).when(condition)

    def filled(self) -> exp.Expr:
        """Return the count of the rows that pass its filter and bring the aggregate something."""
        counting = exp.Count(this=self.argument(), big_int=True)
        return replace(self, expression=counting).when(None)

    def beside_bounds(self) -> Measure:
        """Return it with the period's bounds read from the columns PERIOD_BOUNDS of each row."""
        condition = self.condition and self.condition.transform(_bound_column)
        expression = self.expression.transform(_bound_column)
        return replace(self, expression=expression, condition=condition)

    def argument(self) -> exp.Expr:
        """Return what one row brings to the aggregate: 1 for a count, else the argument.

        Of the rows that a count of distinct values counts once, the first brings the 1.
        """
        call = next(iter(self.expression.find_all(exp.AggFunc)))
        if isinstance(call, exp.Count) and isinstance(call.this, exp.Distinct):
            return _first_of(call.this.expressions)
        if isinstance(call, exp.Count):
            return exp.Literal.number(1)
        argument: exp.Expr = call.this.copy()
        return argument


def measure_of(kpi: Kpi) -> Measure:
    """Return the measure of a KPI with an expression; QueryError as `measure`."""
    if kpi.fault is not None:
        raise QueryError(kpi.fault)
    return measure(kpi.id, str(kpi.expression), kpi.filter, kpi.kept)


def names_period(kpi: Kpi) -> bool:
    """Return whether a KPI is about the two ends of a period; one that is not valid is not."""
    try:
        return measure_of(kpi).names_period
    except QueryError:
        return False


@cache
def measure(
    kpi_id: str, expression: str, condition: str | None, kept: tuple[tuple[str, str], ...] = ()
) -> Measure:
    """Parse an expression and its filter; QueryError names the KPI and the nearest valid name.

    `kept` are columns that must hold a value besides.
    """
    tree = _parse(kpi_id, "expression", expression)
    for median in list(tree.find_all(exp.Median)):
        quantile = exp.Quantile(this=median.this.copy(), quantile=exp.Literal.number("0.5"))
        if median is tree:
            tree = quantile
        else:
            median.replace(quantile)
    _check_aggregates(kpi_id, tree)
    test = _condition(kpi_id, condition, kept)
    trees = [tree] if test is None else [tree, test]
    columns = frozenset(column.name for part in trees for column in part.find_all(exp.Column))
    calls = list(tree.find_all(exp.AggFunc))
    additive = len(calls) == 1 and isinstance(tree.unnest(), _ADDITIVE)
    counts = isinstance(tree, exp.Count) and isinstance(tree.this, exp.Star)
    periodic = any(part.find(exp.Placeholder) for part in trees)
    sums = additive and isinstance(tree.unnest(), exp.Sum)
    return Measure(tree, test, columns, additive, counts, sums, periodic)


def _condition(
    kpi_id: str, condition: str | None, kept: tuple[tuple[str, str], ...]
) -> exp.Expr | None:
    tests = [exp.column(column).eq(exp.Literal.string(value)) for column, value in kept]
    test = _parse(kpi_id, "filter", condition) if condition else None
    if test is not None and test.find(exp.AggFunc):
        raise QueryError(f"The filter of the KPI '{kpi_id}' must not aggregate.")
    every = [*tests, *([] if test is None else [test])]
    return exp.and_(*every) if every else None


def built_before(mart: str, column: str) -> str:
    """Say that a build lacks a column which the marts of this version have."""
    return (
        f"This build was made by another version of Smarketing, whose {mart} has no '{column}'. "
        "Run: smarketing build."
    )


def check_columns(kpi_id: str, mart: str, needed: frozenset[str], known: frozenset[str]) -> None:
    """Raise QueryError for a column that the mart does not have.

    It names the nearest one, or says to build again where it is a build of before the column.
    """
    for column in sorted(needed - known):
        if column in mart_columns(mart):
            raise QueryError(built_before(mart, column))
        hint = did_you_mean(column, known)
        raise QueryError(f"The KPI '{kpi_id}' reads the unknown column '{column}' of {mart}.{hint}")


def _parse(kpi_id: str, part: str, text: str) -> exp.Expr:
    # As a condition, not as a statement: `comment is not null` begins like a command.
    try:
        tree: exp.Expr = sqlglot.parse_one(text, read="duckdb", into=exp.Condition)
    except SqlglotError as error:
        raise _no_condition(kpi_id, part, text) from error
    if isinstance(tree, exp.Block):
        raise _no_condition(kpi_id, part, text)
    for node in tree.walk():
        if isinstance(node, exp.Median | exp.DataType):
            continue
        if isinstance(node, exp.Placeholder):
            _check_bound(kpi_id, node)
            continue
        if isinstance(node, exp.Column) and node.table:
            raise QueryError(
                f"The {part} of the KPI '{kpi_id}' names {node.sql()}; it reads columns of its own "
                "mart alone, by their names without a table before them."
            )
        if isinstance(node, exp.Anonymous):
            hint = did_you_mean(str(node.this).lower(), FUNCTIONS)
            raise QueryError(
                f"The {part} of the KPI '{kpi_id}' uses the unknown function '{node.this}'.{hint}"
            )
        if not isinstance(node, EXPRESSION_FUNCTIONS):
            name = node.sql_name().lower() if isinstance(node, exp.Func) else node.key
            hint = did_you_mean(name, FUNCTIONS)
            raise QueryError(f"The {part} of the KPI '{kpi_id}' may not use {name} ({text}).{hint}")
    return tree


def _no_condition(kpi_id: str, part: str, text: str) -> QueryError:
    """Say what a text is instead: several statements, a statement of some kind, or no SQL."""
    try:
        found = sqlglot.parse(text, read="duckdb")
    except SqlglotError:
        found = [None]
    if len(found) > 1:
        return QueryError(f"The {part} of the KPI '{kpi_id}' must be one expression: {text}")
    if found[0] is None:
        return QueryError(f"The {part} '{text}' of the KPI '{kpi_id}' is not SQL.")
    return QueryError(f"The {part} of the KPI '{kpi_id}' may not use {found[0].key} ({text}).")


def _check_bound(kpi_id: str, bound: exp.Placeholder) -> None:
    if bound.this not in (FROM, TO):
        raise QueryError(
            f"The KPI '{kpi_id}' reads ${bound.this}; the period's bounds are ${FROM} and ${TO}."
        )


def _bound_column(node: exp.Expr) -> exp.Expr:
    return exp.column(PERIOD_BOUNDS[node.this]) if isinstance(node, exp.Placeholder) else node


def _check_aggregates(kpi_id: str, tree: exp.Expr) -> None:
    calls = list(tree.find_all(exp.AggFunc))
    if not calls:
        raise QueryError(
            f"The expression of the KPI '{kpi_id}' must aggregate, for example sum({tree.sql()})."
        )
    for call in calls:
        if any(inner is not call for inner in call.find_all(exp.AggFunc)):
            raise QueryError(f"The KPI '{kpi_id}' aggregates an aggregate: {tree.sql()}.")
    for column in tree.find_all(exp.Column):
        if column.find_ancestor(exp.AggFunc) is None:
            raise QueryError(
                f"The KPI '{kpi_id}' reads {column.name} outside an aggregate: {tree.sql()}."
            )


def _restrict(call: exp.Expr, condition: exp.Expr) -> None:
    target = call.this
    if isinstance(target, exp.Distinct):
        target.set("expressions", [_case(condition, part) for part in target.expressions])
    elif isinstance(target, exp.Star):
        call.set("this", _case(condition, exp.Literal.number(1)))
    else:
        call.set("this", _case(condition, target))


def _case(condition: exp.Expr, value: exp.Expr) -> exp.Expr:
    return exp.Case().when(condition, value)


def _first_of(parts: list[exp.Expr]) -> exp.Expr:
    place = exp.Window(
        this=exp.RowNumber(),
        partition_by=[part.copy() for part in parts],
        order=exp.Order(expressions=[exp.Ordered(this=part.copy()) for part in parts]),
    )
    first = exp.EQ(this=place, expression=exp.Literal.number(1))
    given = [exp.Not(this=exp.Is(this=part.copy(), expression=exp.Null())) for part in parts]
    once = exp.Case().when(exp.and_(first, *given), exp.Literal.number(1))
    return once.else_(exp.Literal.number(0))


def _count_all() -> exp.Expr:
    return exp.Count(this=exp.Star(), big_int=True)
