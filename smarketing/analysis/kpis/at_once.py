"""Many KPIs in many periods that overlap, in one pass over each mart.

A record is joined to the periods that hold its day, by way of the days themselves; beside that
every record is read once for what could have been measured at all, so that a zero can be told from
what is not available without asking again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from smarketing.agreement import Kpi
from smarketing.analysis.availability import Recorded, if_empty, spans_beside
from smarketing.analysis.kpis.expressions import PERIOD_BOUNDS
from smarketing.analysis.kpis.measured import ALL, NOW, Values
from smarketing.analysis.kpis.values import (
    WINDOW,
    Shape,
    Windows,
    outputs_of,
    problem,
    read_value,
    shape_of,
    why_not,
)
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.engine.compile import KEY, SCOPE

_PERIODS, _DAYS, _EVER, _DAY_OF, _KNOWN = "periods", "period_days", "ever", "day_of", "known_until"
_GIVEN = "records_given"
_BOUNDS = tuple(PERIOD_BOUNDS.values())


def measure_at_once(
    engine: Engine, kpis: Sequence[Kpi], windows: Windows, filters: Filters = NO_FILTERS
) -> Values:
    """Measure base KPIs as `measure_all` does, without members, in one query a mart.

    A KPI that this build cannot answer is among `missing` with the reason.
    """
    values = Values(currency=engine.currency)
    shapes: dict[str, list[Shape]] = {}
    for kpi in kpis:
        reason = why_not(engine, kpi, filters, None) or problem(engine, kpi)
        if reason:
            values.missing[kpi.id] = reason
        else:
            shapes.setdefault(str(kpi.mart), []).append(shape_of(engine, kpi))
    for mart, of_mart in shapes.items():
        _Pass(engine, mart, tuple(of_mart), windows).into(values, filters)
    return values


@dataclass(frozen=True)
class _Pass:
    """One query over one mart."""

    engine: Engine
    mart: str
    shapes: tuple[Shape, ...]
    windows: Windows

    def into(self, values: Values, filters: Filters) -> None:
        rows = self.engine.rows(self._tree(), self._params(), filters)
        ever: Mapping[str, Any] = next((r for r in rows if r[_DAY_OF] == _EVER), {})
        # Only where something came to nothing does it matter what its records come from.
        beside: list[tuple[dt.date | None, dt.date]] | None = None
        for number, shape in enumerate(self.shapes):
            found = {
                str(row[WINDOW]): read_value(number, shape, row)
                for row in rows
                if row[_DAY_OF] == _day_of(shape)
            }
            for window, value in found.items():
                values.found[shape.id, window, ALL] = value
            empty = [w for w in self._windows_of(shape) if w not in found or not found[w].n]
            if shape.measure.is_additive:
                values.zeros |= {(shape.id, window) for window in self._windows_of(shape)}
            if empty and beside is None:
                beside = spans_beside(self.engine, self.mart)
            known = self._recorded(number, shape, ever, beside or [])
            for window in empty:
                period = self.windows[window] if shape.date_column else None
                if why := known.why_nothing(period):
                    values.nothing[shape.id, window] = why

    def _windows_of(self, shape: Shape) -> tuple[str, ...]:
        has_periods = shape.date_column or shape.measure.names_period
        return tuple(self.windows) if has_periods else (NOW,)

    def _recorded(
        self,
        number: int,
        shape: Shape,
        ever: Mapping[str, Any],
        beside: Sequence[tuple[dt.date | None, dt.date]],
    ) -> Recorded:
        records, counted, dated = (
            int(ever.get(f"{name}_{number}") or 0) for name in ("could", "counted", "dated")
        )
        why = if_empty(self.mart, shape.recordable.condition, int(ever.get(_GIVEN) or 0))
        if shape.date_column is None:
            return Recorded(records, counted, dated, None, None, why)
        until = ever.get(_KNOWN) or self.engine.as_of_day
        spans = [(ever.get(f"first_{shape.date_column}"), until), *beside]
        first = min((begun for begun, _ in spans if begun is not None), default=None)
        last = max(known for _, known in spans)
        return Recorded(records, counted, dated, first, last, why)

    def _params(self) -> dict[str, Any]:
        return {
            f"{name}_{bound}": day
            for name, window in self.windows.items()
            for bound, day in (("from", window.start), ("to", window.end))
        }

    def _tree(self) -> exp.Query:
        measures = [
            s.measure.beside_bounds() if s.measure.names_period else s.measure for s in self.shapes
        ]
        outputs = outputs_of(measures)
        for number, shape in enumerate(self.shapes):
            outputs += self._possible(number, shape)
        outputs += [
            exp.alias_(exp.Min(this=exp.column(day)), f"first_{day}") for day in self._days()
        ]
        outputs.append(exp.alias_(exp.Max(this=exp.column(_KNOWN)), _KNOWN))
        every = exp.Count(this=exp.Literal.number(1), big_int=True)
        outputs.append(exp.alias_(every, _GIVEN))
        both = exp.union(
            exp.select("*").from_(SCOPE), exp.select("*").from_(_EVER), distinct=False
        ).subquery("asked")
        return (
            exp.select(KEY, WINDOW, _DAY_OF, *outputs)
            .with_(_PERIODS, as_=_periods(tuple(self.windows)), copy=False)
            .with_(_DAYS, as_=_period_days(), copy=False)
            .with_(SCOPE, as_=self._scope(), copy=False)
            .with_(_EVER, as_=self._ever(), copy=False)
            .from_(both, copy=False)
            .group_by(KEY, WINDOW, _DAY_OF, copy=False)
        )

    def _possible(self, number: int, shape: Shape) -> Iterator[exp.Expr]:
        """Count what could make the figure, what does, and what of that has a day."""
        could = shape.recordable.condition
        # Bounds of a period say when, not what: they are no part of what there is at all.
        counts = None if shape.measure.names_period else shape.measure.condition
        day = exp.column(shape.date_column) if shape.date_column else exp.Null()
        for name, test, what in (
            ("could", could, exp.Literal.number(1)),
            ("counted", counts, exp.Literal.number(1)),
            ("dated", counts, day),
        ):
            kept = what if test is None else exp.Case().when(test.copy(), what)
            yield exp.alias_(exp.Count(this=kept, big_int=True), f"{name}_{number}")

    def _days(self) -> list[str]:
        return sorted({shape.date_column for shape in self.shapes if shape.date_column})

    def _columns(self) -> list[str]:
        read = [s.measure.columns | s.recordable.columns for s in self.shapes]
        return sorted(set().union(*read, self._days()) - set(_BOUNDS))

    def _select(self, window: exp.Expr, day_of: str, *, bounds: bool = False) -> exp.Select:
        """Select a record of the mart for one way of placing it in periods."""
        nothing = exp.cast(exp.Null(), "date")
        placed = [
            exp.column(name, _PERIODS) if bounds else exp.alias_(nothing.copy(), name)
            for name in _BOUNDS
        ]
        until = [] if day_of == _EVER else [exp.alias_(nothing.copy(), _KNOWN)]
        return exp.select(
            exp.alias_(exp.Literal.string(ALL), KEY),
            exp.alias_(window, WINDOW),
            exp.alias_(exp.Literal.string(day_of), _DAY_OF),
            *placed,
            *(exp.column(name, self.mart) for name in self._columns()),
            *until,
        ).from_(self.mart)

    def _scope(self) -> exp.Query:
        branches: list[exp.Query] = []
        for day in self._days():
            placed = self._select(exp.column(WINDOW, _DAYS), day)
            branches.append(placed.join(_DAYS, on=f"{_DAYS}.day = {self.mart}.{day}"))
        ways = {_day_of(shape) for shape in self.shapes if not shape.date_column}
        if "bounds" in ways:
            beside = self._select(exp.column(WINDOW, _PERIODS), "bounds", bounds=True)
            branches.append(beside.join(_PERIODS, join_type="cross"))
        if "stock" in ways:
            branches.append(self._select(exp.Literal.string(NOW), "stock"))
        return branches[0] if len(branches) == 1 else exp.union(*branches, distinct=False)

    def _ever(self) -> exp.Query:
        """Every record, whatever the filters: what there is at all."""
        found = self._select(exp.Literal.string(_EVER), _EVER)
        if "source" in self.engine.columns(self.mart) and self.engine.has("source_info"):
            known = exp.alias_(exp.column("as_of_day", "source_info"), _KNOWN)
            return found.select(known).join(
                "source_info", on=f"source_info.source = {self.mart}.source", join_type="left"
            )
        return found.select(exp.alias_(exp.cast(exp.Null(), "date"), _KNOWN))


def _periods(windows: Sequence[str]) -> exp.Query:
    """Return the bounds of every period; a nest of unions would be copied at each level."""
    rows = [
        exp.Tuple(
            expressions=[
                exp.Literal.string(name),
                *(exp.cast(exp.Placeholder(this=f"{name}_{b}"), "date") for b in PERIOD_BOUNDS),
            ]
        )
        for name in windows
    ]
    return exp.select(WINDOW, *_BOUNDS).from_(exp.values(rows, "given", [WINDOW, *_BOUNDS]))


def _period_days() -> exp.Select:
    """Every day of every period, since an equal day joins fast where a range does not."""
    start, end = _BOUNDS
    return (
        exp.select(exp.column(WINDOW, _PERIODS), exp.column("day", "dim_date"))
        .from_(_PERIODS)
        .join(
            "dim_date", on=f"dim_date.day >= {_PERIODS}.{start} and dim_date.day < {_PERIODS}.{end}"
        )
    )


def _day_of(shape: Shape) -> str:
    """Return how a shape's records are placed in periods."""
    return shape.date_column or ("bounds" if shape.measure.names_period else "stock")
