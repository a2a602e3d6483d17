"""The values of many KPIs in many windows: one query per mart and date column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sqlglot import exp

from smarketing.access import AccessError
from smarketing.agreement import Agreement, Kpi
from smarketing.agreement.checks import formula_names
from smarketing.analysis.availability import recorded_each
from smarketing.analysis.kpis.expressions import (
    FROM,
    TO,
    built_before,
    check_columns,
)
from smarketing.analysis.kpis.measured import NOW, UNDATED, Values
from smarketing.analysis.kpis.shapes import OWN_FILTER, WINDOW, Shape, query_of, read_value
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.engine.compile import KEY, mart_columns
from smarketing.engine.filters import dimension_column
from smarketing.engine.warehouse import WarehouseError
from smarketing.errors import QueryError
from smarketing.periods import Period

#: Windows by name; `now` is the one asked for.
Windows = Mapping[str, Period]


@dataclass(frozen=True)
class _Task:
    """One query: KPIs of one mart and date column, in windows that do not overlap.

    KPIs that name the bounds of the period are asked in all windows at once, each record in each.
    """

    mart: str
    shapes: tuple[Shape, ...]
    windows: tuple[str, ...]

    def tree(self, *, undated: bool = True) -> exp.Query:
        return query_of(self.mart, self.shapes, self.windows, undated)

    def params(self, windows: Windows) -> dict[str, Any]:
        bounds: dict[str, Any] = {}
        shape = self.shapes[0]
        for name in self.windows if shape.date_column or shape.measure.names_period else ():
            bounds |= {f"{name}_from": windows[name].start, f"{name}_to": windows[name].end}
        return bounds


def base_kpis(agreement: Agreement, kpis: Sequence[Kpi]) -> list[Kpi]:
    """Return the KPIs with an expression that these KPIs are made of, themselves included."""
    found: dict[str, Kpi] = {}
    waiting = list(kpis)
    while waiting:
        kpi = waiting.pop(0)
        if kpi.ratio is not None:
            names = [kpi.ratio.numerator, kpi.ratio.denominator]
        elif kpi.formula is not None:
            known = {other.id for other in agreement.kpis}
            names = [name for name in formula_names(kpi.formula) if name in known]
        else:
            found[kpi.id] = kpi
            continue
        waiting.extend(agreement.kpi(name) for name in names)
    return list(found.values())


def measure_all(
    engine: Engine,
    kpis: Sequence[Kpi],
    windows: Windows,
    filters: Filters = NO_FILTERS,
    by: str | None = None,
) -> Values:
    """Measure base KPIs in every window, with `by` per member of a dimension.

    A KPI that cannot be had as asked is among `missing` with the reason: its mart is not built or
    lacks the dimension, its expression is not valid, or the build refuses to answer it.
    """
    missing = {
        kpi.id: reason
        for kpi in kpis
        if (reason := why_not(engine, kpi, filters, by) or problem(engine, kpi))
    }
    able = [kpi for kpi in kpis if kpi.id not in missing]
    found = all_but_faulty(able, lambda some: _measure(engine, some, windows, filters, by))
    return Values(missing=missing, currency=engine.currency).beside(found)


def all_but_faulty(kpis: Sequence[Kpi], measured: Callable[[Sequence[Kpi]], Values]) -> Values:
    """Measure base KPIs together; one that the build refuses is `missing`, and hides no other.

    What cannot be asked together is asked in halves, down to the one that is at fault.
    """
    try:
        return measured(kpis)
    except (QueryError, WarehouseError, AccessError) as error:
        if len(kpis) > 1:
            half = len(kpis) // 2
            first, rest = (all_but_faulty(some, measured) for some in (kpis[:half], kpis[half:]))
            return first.beside(rest)
        [kpi] = kpis
        if not isinstance(error, QueryError):
            return Values(missing={kpi.id: str(error)})
        why = str(error).splitlines()[0].rstrip(".")
        return Values(missing={kpi.id: f"The KPI '{kpi.id}' cannot be asked for: {why}."})


def _measure(
    engine: Engine, able: Sequence[Kpi], windows: Windows, filters: Filters, by: str | None
) -> Values:
    values = Values(currency=engine.currency)
    for task in _tasks(engine, able, windows):
        values.zeros |= _zeros(task)
        rows = engine.rows(task.tree(), task.params(windows), filters, by)
        for row in rows:
            for number, shape in enumerate(task.shapes):
                spot = (shape.id, str(row[WINDOW]), str(row[KEY]))
                values.found[spot] = read_value(number, shape, row)
    _doubt_zeros(engine, able, windows, values)
    _share_equal_windows(values, windows)
    return values


def values_sql(
    engine: Engine, kpis: Sequence[Kpi], windows: Windows, filters: Filters, by: str | None
) -> str:
    """Return the statements that `measure_all` would run, values in place."""
    able = [kpi for kpi in kpis if why_not(engine, kpi, filters, by) is None]
    texts = [
        engine.sql(task.tree(undated=False), task.params(windows), filters, by)
        for task in _tasks(engine, able, windows)
    ]
    return ";\n\n".join(texts)


def why_not(engine: Engine, kpi: Kpi, filters: Filters, by: str | None) -> str | None:
    """Say why a KPI has no value as asked: its entry is wrong, its mart not built, or not so."""
    if kpi.fault is not None:
        return kpi.fault
    mart = str(kpi.mart)
    if not engine.has(mart):
        return f"this build has no {mart}; run: smarketing build"
    try:
        columns = engine.columns(mart)
    except AccessError as error:
        return str(error)
    wanted = [dimension for dimension, _ in filters] + ([by] if by else [])
    for dimension in wanted:
        column = dimension_column(dimension)
        if column not in columns and column in mart_columns(mart):
            return built_before(mart, column)
        if column not in columns:
            return f"{kpi.label} cannot be cut by {dimension}: {mart} does not have it"
    return None


def problem(engine: Engine, kpi: Kpi) -> str | None:
    """Say in one sentence what is wrong with a KPI's expression or filter; None if nothing is."""
    try:
        shape_of(engine, kpi)
    except QueryError as error:
        return str(error)
    return None


def _tasks(engine: Engine, kpis: Sequence[Kpi], windows: Windows) -> Iterator[_Task]:
    groups: dict[tuple[str, str | None, bool], list[Shape]] = {}
    for kpi in kpis:
        shape = shape_of(engine, kpi)
        groups.setdefault((str(kpi.mart), kpi.date_column, shape.measure.names_period), []).append(
            shape
        )
    for (mart, date_column, names_period), shapes in groups.items():
        spans = _apart(windows) if date_column else [(NOW,)]
        if names_period:
            spans = [tuple(name for names in _apart(windows) for name in names)]
        for names in spans:
            yield _Task(mart, tuple(shapes), names)


def shape_of(engine: Engine, kpi: Kpi) -> Shape:
    """Return what a base KPI asks of its mart; QueryError where the mart does not have it."""
    mart = str(kpi.mart)
    shape = Shape(kpi.id, str(kpi.expression), kpi.filter, kpi.date_column, kpi.recorded, kpi.kept)
    dates = {kpi.date_column} if kpi.date_column else set()
    needed = shape.measure.columns | shape.recordable.columns | dates
    check_columns(kpi.id, mart, needed, engine.columns(mart))
    if dates and shape.measure.names_period:
        raise QueryError(
            f"The KPI '{kpi.id}' names ${FROM} or ${TO} and has a date_column as well; either the "
            "day of a record or the bounds of the period say what counts, so leave one out."
        )
    return shape


def _apart(windows: Windows) -> list[tuple[str, ...]]:
    """Return the windows in groups within which none overlap; of equal ones only the first."""
    groups: list[list[str]] = []
    spans: set[tuple[object, object]] = set()
    for name, window in windows.items():
        if (window.start, window.end) in spans:
            continue
        spans.add((window.start, window.end))
        for group in groups:
            others = (windows[other] for other in group)
            if all(o.end <= window.start or window.end <= o.start for o in others):
                group.append(name)
                break
        else:
            groups.append([name])
    return [tuple(group) for group in groups]


def _share_equal_windows(values: Values, windows: Windows) -> None:
    first: dict[tuple[object, object], str] = {}
    for name, window in windows.items():
        twin = first.setdefault((window.start, window.end), name)
        if twin == name:
            continue
        twins = [spot for spot in values.found if spot[1] == twin]
        values.found |= {(kpi, name, key): values.found[kpi, twin, key] for kpi, _, key in twins}
        values.zeros |= {(kpi, name) for kpi, known in values.zeros if known == twin}
        alike = {(kpi, name): why for (kpi, known), why in values.nothing.items() if known == twin}
        values.nothing |= alike


def _doubt_zeros(engine: Engine, kpis: Sequence[Kpi], windows: Windows, values: Values) -> None:
    """Where nothing was found, ask whether there could have been: else 0 claims a measurement."""
    counted: Counter[tuple[str, str]] = Counter()
    for (kpi_id, window, _), value in values.found.items():
        counted[kpi_id, window] += value.n + value.untold
    seen = {kpi_id for (kpi_id, window), n in counted.items() if n and window != UNDATED}
    doubted: dict[tuple[str, str | None], dict[Shape, list[str]]] = {}
    for task in _tasks(engine, kpis, windows):
        for shape, window in product(task.shapes, task.windows):
            if not counted[shape.id, window]:
                of_mart = doubted.setdefault((task.mart, shape.date_column), {})
                of_mart.setdefault(shape, []).append(window)
    for (mart, date_column), empty in doubted.items():
        tests = [_to_ask(shape, seen) for shape in empty]
        every = recorded_each(engine, mart, date_column, tests)
        for (shape, names), known in zip(empty.items(), every, strict=True):
            for name in names:
                if why := known.why_nothing(windows[name] if date_column else None):
                    values.nothing[shape.id, name] = why


def _to_ask(shape: Shape, seen: set[str]) -> tuple[exp.Expr | None, exp.Expr | None] | None:
    """Return what to count of a figure's records; None where some were seen in another window."""
    if shape.id in seen and shape.recorded in (None, OWN_FILTER):
        return None
    # Bounds of a period say when, not what: they are no part of what there is at all.
    counts = None if shape.measure.names_period else shape.measure.condition
    return shape.recordable.condition, counts


def _zeros(task: _Task) -> set[tuple[str, str]]:
    return {
        (shape.id, window)
        for shape in task.shapes
        for window in task.windows
        if shape.measure.is_additive
    }
