"""What base KPIs ask of a mart: their shapes, the SQL of many in many windows, its answer read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isfinite
from typing import Any

from sqlglot import exp

from smarketing.analysis.kpis.expressions import PERIOD_BOUNDS, Measure, measure
from smarketing.analysis.kpis.measured import ALL, NOW, UNDATED, Value
from smarketing.engine.compile import KEY, SCOPE
from smarketing.errors import QueryError

WINDOW, PERIODS = "window_name", "periods"
#: A KPI's `recorded` that means its own filter.
OWN_FILTER = "filter"


@dataclass(frozen=True)
class Shape:
    """What of a base KPI shapes its SQL; KPIs alike in it share a compiled statement."""

    id: str
    expression: str
    filter: str | None
    date_column: str | None
    recorded: str | None = None
    kept: tuple[tuple[str, str], ...] = ()

    @property
    def measure(self) -> Measure:
        """The aggregate and its condition."""
        return measure(self.id, self.expression, self.filter, self.kept)

    @property
    def recordable(self) -> Measure:
        """What of the mart could make the figure; its condition is None where all of it could."""
        own = self.recorded == OWN_FILTER
        told, kept = (self.filter, self.kept) if own else (self.recorded, ())
        found = measure(self.id, "count(*)", told, kept)
        # Bounds of a period say when, not what: they are no part of what there is at all.
        return replace(found, condition=None) if found.names_period else found

    @property
    def untold(self) -> exp.Expr | None:
        """The count of the records of which nobody can say whether a stock holds them.

        None for any other figure: what could not make it is then of another kind.
        """
        could = None if self.recorded == OWN_FILTER else self.recordable.condition
        if self.date_column is not None or could is None:
            return None
        others = exp.Case().when(could.copy(), exp.Null()).else_(exp.Literal.number(1))
        return exp.Count(this=others, big_int=True)


def in_window(date_column: str | None, window: str) -> exp.Expr | None:
    """Return the condition that a record falls in the named window; None for a stock."""
    if date_column is None:
        return None
    day = exp.column(date_column)
    start, end = exp.Placeholder(this=f"{window}_from"), exp.Placeholder(this=f"{window}_to")
    return exp.and_(exp.GTE(this=day, expression=start), exp.LT(this=day.copy(), expression=end))


@lru_cache(maxsize=256)
def query_of(
    mart: str, shapes: tuple[Shape, ...], windows: tuple[str, ...], undated: bool
) -> exp.Query:
    """Return the query of shapes of one mart and date column in windows that do not overlap.

    `undated` adds what has no day, as a window of its own.
    """
    date_column = shapes[0].date_column
    if shapes[0].measure.names_period:
        return _query_of_bounds(mart, shapes, windows)
    read = (s.measure.columns | (s.recordable.columns if s.untold else set()) for s in shapes)
    columns = sorted(set().union(*read))
    scope = exp.select(
        exp.alias_(exp.Literal.string(ALL), KEY),
        exp.alias_(_window_name(date_column, windows), WINDOW),
        *(exp.column(name) for name in columns),
    ).from_(mart, copy=False)
    tests = [in_window(date_column, window) for window in windows]
    reached = [test for test in tests if test is not None]
    if reached:
        beside = [_undated(str(date_column))] if undated else []
        scope = scope.where(exp.or_(*reached, *beside, copy=False), copy=False)
    asked = _measured(scope, [shape.measure for shape in shapes])
    return asked.select(*untold_of(dict(enumerate(shapes))), copy=False)


def _query_of_bounds(mart: str, shapes: tuple[Shape, ...], windows: tuple[str, ...]) -> exp.Query:
    """Ask for every window at once: each record stands beside the bounds of each of them."""
    columns = sorted(set().union(*(shape.measure.columns for shape in shapes)))
    scope = (
        exp.select(
            exp.alias_(exp.Literal.string(ALL), KEY),
            WINDOW,
            *PERIOD_BOUNDS.values(),
            *(exp.column(name) for name in columns),
        )
        .from_(mart, copy=False)
        .join(PERIODS, join_type="cross", copy=False)
    )
    bounds = [
        exp.select(
            exp.alias_(exp.Literal.string(window), WINDOW),
            *(
                exp.alias_(exp.cast(exp.Placeholder(this=f"{window}_{bound}"), "date"), column)
                for bound, column in PERIOD_BOUNDS.items()
            ),
        )
        for window in windows
    ]
    periods = bounds[0] if len(bounds) == 1 else exp.union(*bounds, distinct=False)
    asked = _measured(scope, [shape.measure.beside_bounds() for shape in shapes])
    asked.args["with_"].set(
        "expressions",
        [exp.CTE(this=periods, alias=exp.to_identifier(PERIODS)), *asked.args["with_"].expressions],
    )
    return asked


def _measured(scope: exp.Select, measures: Sequence[Measure]) -> exp.Select:
    selected = exp.select(KEY, WINDOW, *outputs_of(measures)).with_(SCOPE, as_=scope, copy=False)
    return selected.from_(SCOPE, copy=False).group_by(KEY, WINDOW, copy=False)


def outputs_of(measures: Sequence[Measure], numbers: Sequence[int] | None = None) -> list[exp.Expr]:
    """Return what to select for measures, by number (their place by default), for `read_value`."""
    outputs: list[exp.Expr] = []
    for number, measured in zip(numbers or range(len(measures)), measures, strict=True):
        outputs.append(exp.alias_(measured.when(None), f"value_{number}", copy=False))
        if not measured.is_count:
            outputs.append(exp.alias_(measured.counted(None), f"n_{number}", copy=False))
        if measured.is_sum:
            outputs.append(exp.alias_(measured.filled(), f"filled_{number}", copy=False))
    return outputs


def untold_of(shapes: Mapping[int, Shape]) -> list[exp.Expr]:
    """Return what else to select for stocks, by number, for `read_value`."""
    counts = ((number, shape.untold) for number, shape in shapes.items())
    return [exp.alias_(count, f"untold_{number}") for number, count in counts if count is not None]


def _window_name(date_column: str | None, windows: Sequence[str]) -> exp.Expr:
    if date_column is None:
        return exp.Literal.string(NOW)
    named = exp.Case().when(_undated(date_column), exp.Literal.string(UNDATED))
    for window in windows:
        reached = in_window(date_column, window)
        assert reached is not None
        named = named.when(reached, exp.Literal.string(window), copy=False)
    return named


def _undated(date_column: str) -> exp.Expr:
    return exp.Is(this=exp.column(date_column), expression=exp.Null())


def read_value(number: int, shape: Shape, row: Mapping[str, Any]) -> Value:
    """Return the value of the shape with this number among those that a row answers.

    QueryError where it is no number.
    """
    value = row[f"value_{number}"]
    n = int(value if shape.measure.is_count else row[f"n_{number}"])
    lacking = n - int(row[f"filled_{number}"]) if shape.measure.is_sum else 0
    untold = int(row.get(f"untold_{number}") or 0)
    if isinstance(value, bool) or not isinstance(value, int | float | None):
        raise QueryError(f"its value is no number but {value}")
    # A division by nothing has no value, whichever way an engine writes that.
    if value is None or (isinstance(value, float) and not isfinite(value)):
        is_zero = shape.measure.is_additive and not lacking
        value = 0 if is_zero else None
    return Value(value if n or not untold else None, n, lacking, untold)
