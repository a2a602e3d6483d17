"""Which columns of the core tables make a column of a mart what it is, read from the marts' SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.scope import Scope, build_scope, walk_in_scope

from smarketing.store.schema import core_tables

#: A table, or a SELECT inside of one.
_Source = str | Scope


def columns_under(wanted: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Return by core table the columns that these columns of marts, by mart and name, rest on.

    A column rests on what its expression names, and on what decides which rows there are: filters,
    groups and joins. A table that is only joined to the left counts where a column of it does.
    """
    return {table: frozenset(names) for table, names in _Traced(wanted).found.items()}


def tables_under(wanted: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return every table that these columns of marts rest on, those of the agreement among them.

    Of the clock of handovers, which is made by several settings, its columns as table.column too.
    """
    from smarketing.build.marts.handoff_clock import CLOCK

    traced = _Traced(wanted)
    return traced.tables | {f"{CLOCK}.{name}" for name in traced.columns_of(CLOCK)}


class _Traced:
    def __init__(self, wanted: Iterable[tuple[str, str]]) -> None:
        self.found: dict[str, set[str]] = {}
        self._seen: set[tuple[str | int, str]] = set()
        for mart, column in wanted:
            self.follow(mart, column)

    @property
    def tables(self) -> frozenset[str]:
        """Every table that was passed on the way down."""
        return frozenset(of for of, _ in self._seen if isinstance(of, str))

    def columns_of(self, table: str) -> frozenset[str]:
        """The columns of a table that were passed on the way down."""
        return frozenset(name for of, name in self._seen if of == table and name)

    def follow(self, source: _Source, column: str) -> None:
        """Follow one column down, or with no name what decides which rows there are."""
        waiting = [(source, column)]
        while waiting:
            of, name = waiting.pop()
            key = of if isinstance(of, str) else id(of), name
            if key in self._seen:
                continue
            self._seen.add(key)
            if isinstance(of, str) and of in core_tables():
                self.found.setdefault(of, set()).update({name} - {""})
            else:
                waiting += _one_below(of, name)


@cache
def _one_below(of: _Source, name: str) -> tuple[tuple[_Source, str], ...]:
    """Return what a column rests on one step down; many KPIs go by the same ones."""
    if not isinstance(of, Scope):
        return tuple(_of_mart(of, name))
    rows: list[tuple[_Source, str]] = [(of, "")] if name else []
    return (*rows, *_rests_on(of, name))


def _of_mart(mart: str, column: str) -> Iterator[tuple[_Source, str]]:
    # What makes the marts is loaded only where somebody asks why a number changed.
    from smarketing.build.marts.handoff_clock import CLOCK, CLOCK_READS

    if mart == CLOCK:
        for table in CLOCK_READS:
            yield from ((table, name) for name in ("", *_columns(table)))
    elif (scope := _scope(mart)) is not None:
        yield scope, column


@cache
def _scope(mart: str) -> Scope | None:
    from smarketing.build.marts.statements import ENGINE, statements

    one = statements().get(mart)
    return None if one is None else build_scope(sqlglot.parse_one(one.sql, dialect=ENGINE))


def _columns(source: _Source | exp.Expr) -> list[str]:
    """Return the columns of a table or SELECT; none of one that the agreement makes."""
    if isinstance(source, Scope):
        return list(_outputs(source))
    name = source if isinstance(source, str) else source.name
    if name in core_tables():
        return [column.name for column in core_tables()[name].columns]
    scope = _scope(name)
    return list(_outputs(scope)) if scope is not None else []


def _rests_on(scope: Scope, name: str) -> Iterator[tuple[_Source, str]]:
    """Yield what a column of a SELECT rests on, or with no name its rows."""
    if scope.set_operation_scopes:
        names = _outputs(scope)
        place = names.index(name) if name in names else None
        for branch in scope.set_operation_scopes:
            yield branch, "" if place is None else _outputs(branch)[place]
        return
    select = scope.expression
    if not isinstance(select, exp.Select):
        for source in scope.sources.values():
            yield from ((_known(source), column) for column in ("", *_columns(source)))
        return
    parts = _deciding(select) if not name else []
    if name:
        parts += [one for one in _selects(scope) if one.alias_or_name == name]
    else:
        outer = [join.alias_or_name for join in select.args.get("joins") or () if _is_left(join)]
        for alias, (_, joined) in scope.selected_sources.items():
            if alias not in outer:
                yield _known(joined), ""
    yield from _named(scope, parts)


def _deciding(select: exp.Select) -> list[exp.Expr]:
    """Return the parts of a SELECT that decide which rows there are."""
    parts = [select.args[one] for one in ("where", "group", "having", "qualify", "distinct")
             if select.args.get(one)]  # fmt: skip
    joins = select.args.get("joins") or ()
    counts_rows = any(
        isinstance(node, exp.Count) and isinstance(node.this, exp.Star)
        for output in select.selects
        for node in walk_in_scope(output)
    )
    parts += [one.args["on"] for one in joins
              if one.args.get("on") and (counts_rows or not _is_left(one))]  # fmt: skip
    return parts


def _named(scope: Scope, parts: Iterable[exp.Expr]) -> Iterator[tuple[_Source, str]]:
    select = scope.expression
    joins = {one.alias_or_name: one for one in select.args.get("joins") or ()}
    outputs = {one.alias_or_name: one for one in _selects(scope)}
    inner = {id(one.expression): one for one in scope.subquery_scopes}
    waiting, done = list(parts), set[int]()
    while waiting:
        part = waiting.pop()
        if id(part) in done:
            continue
        done.add(id(part))
        for node in walk_in_scope(part):
            if id(node) in inner:
                one = inner[id(node)]
                yield from ((one, column) for column in ("", *_outputs(one)))
            if not isinstance(node, exp.Column):
                continue
            of = [node.table] if node.table else _aliases(scope, node.name)
            for alias in of:
                source = scope.sources.get(alias)
                if source is not None:
                    yield _known(source), node.name
                    yield _known(source), ""
                if alias in joins and joins[alias].args.get("on"):
                    waiting.append(joins[alias].args["on"])
            if not of and node.name in outputs:
                waiting.append(outputs[node.name])


def _aliases(scope: Scope, column: str) -> list[str]:
    """Return the sources that a column without one can be of."""
    own = {alias: one[1] for alias, one in scope.selected_sources.items()}
    if len(own) == 1 and not any(one.alias == column for one in _selects(scope)):
        return list(own)
    return [alias for alias, source in own.items() if column in _columns(source)]


def _selects(scope: Scope) -> list[exp.Expr]:
    query = scope.expression
    return list(query.selects) if isinstance(query, exp.Query) else []


def _outputs(scope: Scope) -> list[str]:
    return [one.alias_or_name for one in _selects(scope)]


def _is_left(join: exp.Join) -> bool:
    return str(join.side).upper() == "LEFT"


def _known(source: Scope | exp.Expr) -> _Source:
    return source if isinstance(source, Scope) else source.name
