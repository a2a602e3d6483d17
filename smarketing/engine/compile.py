"""From a query file to the SQL an engine runs: filters, dimension, values, helpers.

A query file is one SELECT with a CTE named `scope`, which reads one mart. Filters are added there
and nowhere else; a projection written `'(all)' as key` there becomes the dimension asked for. All
of it happens in sqlglot's syntax tree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError

from smarketing.attribution_models import MODELS
from smarketing.engine.dialects import settled
from smarketing.engine.each_model import has_patterns, written_for_each
from smarketing.engine.filters import NO_FILTERS, UNKNOWN, Filters, dimension_column
from smarketing.engine.per_engine import ENGINES
from smarketing.errors import QueryError, did_you_mean, unknown

SQL = Path(__file__).parent.parent / "sql"
SCOPE = "scope"
KEY = "key"

_WRITTEN: dict[tuple[int, str], Prepared] = {}

#: Answers the columns of a table, or None where they cannot be known.
Catalogue = Callable[[str], "frozenset[str] | None"]


@dataclass(frozen=True)
class Compiled:
    """One statement ready to run: its text for the engine, the values it binds, its tree."""

    sql: str
    params: Mapping[str, Any]
    tree: exp.Query

    def shown(self, engine: str) -> str:
        """Return the statement as a reader can run it, its values in place."""
        tree = self.tree.copy()
        bind_literals(tree, self.params)
        return tree.sql(dialect=engine, pretty=True)


@dataclass(frozen=True)
class Prepared:
    """A statement without its values, which may be bound to it again and again."""

    name: str
    sql: str
    slots: tuple[str, ...]
    tree: exp.Query

    def bound(self, params: Mapping[str, Any], filters: Filters = NO_FILTERS) -> Compiled:
        """Bind values and the filters' values; QueryError names a parameter without one."""
        values = dict(params)
        for dimension, wanted in filters:
            values.update(zip(_slots(dimension, len(wanted)), wanted, strict=True))
        missing = [slot for slot in self.slots if slot not in values]
        if missing:
            raise QueryError(f"The query '{self.name}' needs a value for ${missing[0]}.")
        return Compiled(self.sql, {slot: values[slot] for slot in self.slots}, self.tree)


def nothing_known(_table: str) -> frozenset[str] | None:
    """Be the catalogue that knows no table."""
    return None


@cache
def sql_files(folder: str) -> Mapping[str, Mapping[str, Path]]:
    """Return name -> engine ('' for all) -> file of `sql/<folder>`; `x.spark.sql` is for Spark.

    A query is named with its subject (`funnel/stays`), a mart as the table it makes.
    """
    found: dict[str, dict[str, Path]] = {}
    for path in sorted((SQL / folder).rglob("*.sql")):
        stem, _, engine = path.stem.partition(".")
        name = f"{path.parent.name}/{stem}" if folder == "queries" else stem
        found.setdefault(name, {})[engine] = path
    return found


def read_sql(folder: str, name: str, engine: str) -> exp.Query:
    """Parse `sql/<folder>/<name>.sql` or the engine's own version of it; UsageError if none."""
    return shared_tree(folder, name, engine).copy()


def shared_tree(folder: str, name: str, engine: str) -> exp.Query:
    """Return the parsed file that every caller shares: to look at, never to change."""
    files = sql_files(folder)
    if name not in files:
        raise unknown("query" if folder == "queries" else "mart", name, files)
    versions = files[name]
    own = engine if engine in versions else ""
    if own not in versions:
        raise QueryError(f"The query '{name}' has no version for {engine}.")
    text = versions[own].read_text(encoding="utf-8")
    dialect = engine if own else "duckdb"
    if has_patterns(text):
        return _for_each_model(text, name, dialect, tuple(MODELS))
    return parse(text, name, dialect)


def mart_columns(name: str) -> frozenset[str]:
    """Return the columns that a mart has in this version; none of what is no mart."""
    if name not in sql_files("marts"):
        return frozenset()
    return frozenset(shared_tree("marts", name, "duckdb").named_selects)


@cache
def _for_each_model(text: str, name: str, dialect: str, _models: tuple[str, ...]) -> exp.Query:
    """Write a file with columns of every model, once for the models that there are."""
    return written_for_each(parse(text, name, dialect).copy())


@cache
def parse(text: str, name: str, dialect: str = "duckdb") -> exp.Query:
    """Parse one SELECT; QueryError names the query and quotes the parser. Copy before changing."""
    try:
        tree = sqlglot.parse_one(text, read=dialect)
    except ParseError as error:
        detail = str(error).splitlines()[0]
        raise QueryError(f"The query '{name}' cannot be parsed: {detail}") from error
    if not isinstance(tree, exp.Query):
        raise QueryError(f"The query '{name}' is not a SELECT.")
    for node in tree.walk():
        # Where in the text it stood: to copy that as well would take longer than all else of it.
        node._meta = None
    return tree


def compile_query(
    query: str | exp.Query,
    params: Mapping[str, Any],
    filters: Filters = NO_FILTERS,
    by: str | None = None,
    *,
    engine: str = "duckdb",
    catalogue: Catalogue = nothing_known,
) -> Compiled:
    """Compile a query file (by name) or a tree for one engine.

    Raises UsageError for an unknown query or dimension, QueryError where the query's mart has no
    such column, has no scope to filter, or a parameter has no value.
    """
    return prepare(query, filters, by, engine, catalogue).bound(params, filters)


def prepare(
    query: str | exp.Query,
    filters: Filters,
    by: str | None,
    engine: str,
    catalogue: Catalogue = nothing_known,
) -> Prepared:
    """Compile all of a query but its values; only the filters' dimensions and counts matter."""
    return rendered(query, composed(query, filters, by, engine, catalogue), engine)


def as_written(query: str, engine: str) -> Prepared:
    """Prepare a query file that is neither filtered nor cut: once for all builds, it needs none."""
    tree = shared_tree("queries", query, engine)
    # The tree is known by its identity, which the cache that it comes from keeps its own.
    key = (id(tree), engine)
    if key not in _WRITTEN:
        _WRITTEN[key] = rendered(query, tree.copy(), engine)
    return _WRITTEN[key]


def composed(
    query: str | exp.Query,
    filters: Filters,
    by: str | None,
    engine: str,
    catalogue: Catalogue = nothing_known,
) -> exp.Query:
    """Return the tree of a query with its filters and its dimension, to be rendered."""
    if engine not in ENGINES:
        raise unknown("engine", engine, ENGINES)
    name = query if isinstance(query, str) else "this question"
    tree = read_sql("queries", query, engine) if isinstance(query, str) else query.copy()
    if filters or by:
        scopes = list(_branches(_scope(tree, name)))
        for dimension, wanted in filters:
            slots = _slots(dimension, len(wanted))
            for select in scopes:
                column = _dimension(select, dimension, catalogue, name)
                select.where(_among(column, slots), copy=False)
        if by:
            for select in scopes:
                _replace_key(select, by, catalogue, name)
    return tree


def rendered(query: str | exp.Query, tree: exp.Query, engine: str) -> Prepared:
    """Write a tree for one engine; the tree is changed by it."""
    name = query if isinstance(query, str) else "this question"
    used = sorted({str(slot.this) for slot in tree.find_all(exp.Placeholder)})
    settled(tree, engine)
    return Prepared(name, tree.sql(dialect=engine, pretty=True), tuple(used), tree)


def _slots(dimension: str, count: int) -> list[str]:
    return [f"filter_{dimension}_{number}" for number in range(count)]


def bind_literals(tree: exp.Expr, params: Mapping[str, Any]) -> None:
    """Put the values in the place of the parameters that have one; in place."""
    for slot in list(tree.find_all(exp.Placeholder)):
        if slot.this in params:
            slot.replace(literal(params[slot.this]))


def literal(value: Any) -> exp.Expr:
    """Return a value as a node of the tree: text, number, boolean, day, instant or null."""
    if isinstance(value, dt.datetime):
        return exp.cast(exp.Literal.string(value.isoformat(sep=" ")), "timestamp")
    if isinstance(value, dt.date):
        return exp.cast(exp.Literal.string(value.isoformat()), "date")
    return exp.convert(value)


def _scope(tree: exp.Query, name: str) -> exp.Expr:
    found = [cte for cte in tree.find_all(exp.CTE) if cte.alias == SCOPE]
    if len(found) != 1:
        many = "no scope" if not found else f"{len(found)} scopes"
        raise QueryError(f"The query '{name}' has {many}, so it cannot be filtered or cut.")
    [scope] = found
    body: exp.Expr = scope.this
    return body


def _branches(query: exp.Expr) -> Iterator[exp.Select]:
    if isinstance(query, exp.SetOperation):
        yield from _branches(query.left)
        yield from _branches(query.right)
    elif isinstance(query, exp.Select):
        yield query


def _dimension(select: exp.Select, dimension: str, catalogue: Catalogue, name: str) -> exp.Expr:
    column = dimension_column(dimension)
    for projection in select.expressions:
        if projection.alias_or_name == column and projection.find(exp.AggFunc) is None:
            found: exp.Expr = projection.unalias().copy()
            return found
    table = select.args["from_"].this
    known = catalogue(table.name) if isinstance(table, exp.Table) else None
    if known is not None and column not in known:
        hint = did_you_mean(column, known)
        raise QueryError(
            f"'{name}' cannot be filtered or cut by {dimension}: {table.name} has no such column."
            f"{hint}"
        )
    return exp.column(column, table=table.alias_or_name)


def _known_text(column: exp.Expr) -> exp.Expr:
    text = exp.cast(column, exp.DataType.Type.TEXT)
    return exp.func("coalesce", text, exp.Literal.string(UNKNOWN))


def _among(column: exp.Expr, names: list[str]) -> exp.Expr:
    return exp.In(
        this=_known_text(column), expressions=[exp.Placeholder(this=slot) for slot in names]
    )


def _replace_key(select: exp.Select, by: str, catalogue: Catalogue, name: str) -> None:
    keys = [
        projection
        for projection in select.expressions
        if projection.alias == KEY and isinstance(projection.unalias(), exp.Literal)
    ]
    if len(keys) != 1:
        raise QueryError(f"The query '{name}' cannot be cut by a dimension: it has no one key.")
    keys[0].set("this", _known_text(_dimension(select, by, catalogue, name)))
