"""Many KPIs in many periods that overlap, in one query a mart.

Sums and counts are taken by day, and a period's are those of its days; what does not add up over
days (medians, counts of distinct values) reads each record in each period that holds its day.
Beside that every record is read once for what could have been measured at all, so that a zero can
be told from what is not available without asking again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sqlglot import exp

from smarketing.agreement import Kpi
from smarketing.analysis.availability import Recorded, if_empty, spans_beside
from smarketing.analysis.kpis.expressions import PERIOD_BOUNDS, Measure
from smarketing.analysis.kpis.measured import ALL, NOW, Values
from smarketing.analysis.kpis.shapes import WINDOW, Shape, outputs_of, read_value, untold_of
from smarketing.analysis.kpis.values import Windows, all_but_faulty, problem, shape_of, why_not
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.engine.compile import KEY, SCOPE

_PERIODS, _DAYS, _EVER, _KNOWN = "periods", "period_days", "ever", "known_until"
_GIVEN, _RECORDS, _DAY = "records_given", "records", "day"
_ASKED = "asked"
#: How many records are alike in all that is read of them.
_ALIKE = "alike"
#: How columns are called whose values are each record's own.
_OF_EACH = ("_id", "_at", "name", "content", "url")
_BOUNDS = tuple(PERIOD_BOUNDS.values())


def measure_at_once(
    engine: Engine, kpis: Sequence[Kpi], windows: Windows, filters: Filters = NO_FILTERS
) -> Values:
    """Measure base KPIs as `measure_all` does, without members, in one query a mart.

    A KPI that this build cannot answer is among `missing` with the reason.
    """
    values = Values(currency=engine.currency)
    by_mart: dict[str, list[Kpi]] = {}
    for kpi in kpis:
        reason = why_not(engine, kpi, filters, None) or problem(engine, kpi)
        if reason:
            values.missing[kpi.id] = reason
        else:
            by_mart.setdefault(str(kpi.mart), []).append(kpi)
    for mart, of_mart in by_mart.items():

        def measured(some: Sequence[Kpi], mart: str = mart) -> Values:
            return _of_mart(engine, mart, some, windows, filters)

        values = values.beside(all_but_faulty(of_mart, measured))
    return values


def _of_mart(
    engine: Engine, mart: str, kpis: Sequence[Kpi], windows: Windows, filters: Filters
) -> Values:
    values = Values(currency=engine.currency)
    shapes = tuple(shape_of(engine, kpi) for kpi in kpis)
    names_source = "source" in engine.columns(mart) and engine.has("source_info")
    asked = _Asked(mart, shapes, len(windows), names_source, bool(filters))
    _Pass(engine, asked, windows).into(values, filters)
    return values


@dataclass(frozen=True)
class _Way:
    """Shapes whose records are placed in periods alike, by their number among those of the mart.

    `day` is their date column; without one their records count in every period, where the measure
    names its bounds (`is_between`), else now. Where they are folded (`is_folded`) a row stands for
    as many records as are alike.
    """

    number: int
    day: str | None
    is_between: bool
    shapes: Mapping[int, Shape]
    is_folded: bool = False

    @property
    def records(self) -> str:
        """What says how many records a period has, whatever they bring."""
        return f"{_RECORDS}_{self.number}"

    def queries(self) -> dict[str, exp.Query]:
        """Return the queries of the values by period; the first holds every period that has any."""
        outputs = outputs_of(self._measures(), list(self.shapes))
        every = exp.alias_(exp.Count(this=exp.Star(), big_int=True), self.records)
        if self.is_folded:
            conditions = [shape.measure.condition for shape in self.shapes.values()]
            outputs = [
                exp.alias_(_counted(test, exp.Literal.number(1), is_folded=True), one.alias)
                for test, one in zip(conditions, outputs, strict=True)
            ]
            every = exp.alias_(_counted(None, exp.Literal.number(1), is_folded=True), self.records)
        name = f"way_{self.number}"
        if self.day is None:
            window = exp.column(WINDOW, _PERIODS) if self.is_between else exp.Literal.string(NOW)
            outputs += untold_of(self.shapes)
            whole = _select(exp.alias_(window, WINDOW), every, *outputs).from_(SCOPE, copy=False)
            if not self.is_between:
                return {name: whole}
            whole = whole.join(_PERIODS, join_type="cross", copy=False)
            return {name: whole.group_by(window.copy(), copy=False)}
        summed = {n for n, shape in self.shapes.items() if shape.measure.adds_up}
        kept = [one for one in outputs if _number(one) in summed]
        rest = [one for one in outputs if _number(one) not in summed]
        by_day, begun = f"days_{self.number}", _day_of(exp.column(self.day, SCOPE))
        days = _select(exp.alias_(begun, _DAY), every, *kept).from_(SCOPE, copy=False)
        sums = [
            exp.alias_(exp.Sum(this=exp.column(one.alias)), one.alias) for one in (every, *kept)
        ]
        window = exp.column(WINDOW, _DAYS)
        found: dict[str, exp.Query] = {
            by_day: days.group_by(begun.copy(), copy=False),
            name: _select(window, *sums)
            .from_(by_day, copy=False)
            .join(_DAYS, on=f"{_DAYS}.day = {by_day}.{_DAY}", copy=False)
            .group_by(window.copy(), copy=False),
        }
        if rest:
            found[f"apart_{self.number}"] = (
                _select(window.copy(), *rest)
                .from_(SCOPE, copy=False)
                .join(_DAYS, on=exp.column("day", _DAYS).eq(begun.copy()), copy=False)
                .group_by(window.copy(), copy=False)
            )
        return found

    def _measures(self) -> list[Measure]:
        shapes = self.shapes.values()
        return [s.measure.beside_bounds() if s.measure.names_period else s.measure for s in shapes]


@dataclass(frozen=True)
class _Asked:
    """What is asked of a mart, whatever the build and its day: the shapes, and of how many periods.

    The periods go by number, so that a statement kept ready serves every week. `names_source`:
    whether the build knows until when each record's source is known.
    """

    mart: str
    shapes: tuple[Shape, ...]
    periods: int
    names_source: bool
    is_filtered: bool

    @cached_property
    def is_folded(self) -> bool:
        """Whether records that are alike are counted before anything is asked of them.

        Where every figure counts records by one day, a few columns say all of each, and few
        records differ in these. The conditions are then judged once for all that are alike.
        """
        return (
            len(self._days()) == 1
            and all(shape.date_column and shape.measure.is_count for shape in self.shapes)
            and not any(name.endswith(_OF_EACH) for name in self._read())
        )

    def ways(self) -> list[_Way]:
        """Return how the shapes' records are placed in periods."""
        found: dict[tuple[str | None, bool], dict[int, Shape]] = {}
        for number, shape in enumerate(self.shapes):
            is_between = shape.date_column is None and shape.measure.names_period
            found.setdefault((shape.date_column, is_between), {})[number] = shape
        is_folded = self.is_folded
        return [
            _Way(place, *how, shapes, is_folded)
            for place, (how, shapes) in enumerate(found.items())
        ]

    def tree(self) -> exp.Query:
        """A row for each period, beside what there is at all, which stands in every row."""
        ways = self.ways()
        asked = exp.union(
            exp.select(WINDOW).from_(_PERIODS),
            exp.select(exp.alias_(exp.Literal.string(NOW), WINDOW)),
        )
        tree = (
            exp.select(f"{_ASKED}.{WINDOW}", f"{_EVER}.*")
            .with_(_PERIODS, as_=_periods(self.periods), copy=False)
            .with_(_DAYS, as_=_period_days(), copy=False)
            .with_(_ASKED, as_=asked, copy=False)
            .with_(SCOPE, as_=self._scope(), copy=False)
            .with_(_EVER, as_=self._ever(), copy=False)
            .from_(_ASKED, copy=False)
            .join(_EVER, join_type="cross", copy=False)
        )
        for way in ways:
            for name, query in way.queries().items():
                tree = tree.with_(name, as_=query, copy=False)
                if name.startswith("days"):
                    continue
                values = [exp.column(one, name) for one in query.named_selects if one != WINDOW]
                tree = tree.select(*values, copy=False).join(
                    name, on=f"{name}.{WINDOW} = {_ASKED}.{WINDOW}", join_type="left", copy=False
                )
        return tree

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
            counted = _counted(test, what, is_folded=self.is_folded)
            yield exp.alias_(counted, f"{name}_{number}", copy=False)

    def _days(self) -> list[str]:
        return sorted({shape.date_column for shape in self.shapes if shape.date_column})

    def _read(self) -> list[str]:
        """Return the columns of the mart that are asked of."""
        columns = (s.measure.columns | s.recordable.columns for s in self.shapes)
        return sorted(set().union(*columns, self._days()) - set(_BOUNDS))

    def _scope(self) -> exp.Select:
        columns = [exp.column(name, self.mart) for name in self._read()]
        nothing = [exp.alias_(exp.Literal.string(ALL), KEY)]
        scope = _select(*nothing, *columns).from_(self.mart, copy=False)
        if not self.is_folded:
            return scope
        alike = exp.alias_(exp.Count(this=exp.Star(), big_int=True), _ALIKE)
        scope = scope.select(alike, copy=False)
        return scope.group_by(*(column.copy() for column in columns), copy=False)

    def _ever(self) -> exp.Query:
        """Count every record, whatever the filters: what there is at all."""
        outputs = [
            one for number, shape in enumerate(self.shapes) for one in self._possible(number, shape)
        ]
        outputs += [
            exp.alias_(_day_of(exp.Min(this=exp.column(day))), f"first_{day}")
            for day in self._days()
        ]
        every = _counted(None, exp.Literal.number(1), is_folded=self.is_folded)
        known: exp.Expr = exp.cast(exp.Null(), "date")
        if self.names_source:
            known = exp.maybe_parse(
                "(select max(i.as_of_day) from source_info as i where i.source in "
                f"(select m.source from {self.mart} as m))",
                dialect="duckdb",
            )
        asked = _select(*outputs, exp.alias_(every, _GIVEN), exp.alias_(known, _KNOWN))
        if not self.is_folded:
            return asked.from_(self.mart, copy=False)
        # Without filters what is asked about is all there is.
        whole = self._scope().subquery("whole", copy=False) if self.is_filtered else SCOPE
        return asked.from_(whole, copy=False)


@lru_cache(maxsize=128)
def _tree_of(asked: _Asked) -> exp.Query:
    """Return the query; the same tree each time, whose statement an engine keeps ready."""
    return asked.tree()


@dataclass(frozen=True)
class _Pass:
    """One query over one mart."""

    engine: Engine
    asked: _Asked
    windows: Windows

    def into(self, values: Values, filters: Filters) -> None:
        rows = self.engine.rows(_tree_of(self.asked), self._params(), filters)
        names = {str(number): name for number, name in enumerate(self.windows)} | {NOW: NOW}
        by_window = [(names[row[WINDOW]], row) for row in rows]
        # Only where something came to nothing does it matter what its records come from.
        beside: list[tuple[dt.date | None, dt.date]] | None = None
        for way, (number, shape) in (
            (one, placed) for one in self.asked.ways() for placed in one.shapes.items()
        ):
            found = {
                window: read_value(number, shape, row)
                for window, row in by_window
                if row[way.records]
            }
            for window, value in found.items():
                values.found[shape.id, window, ALL] = value
            asked = tuple(self.windows) if way.day or way.is_between else (NOW,)
            empty = [w for w in asked if w not in found or not (found[w].n or found[w].untold)]
            if shape.measure.is_additive:
                values.zeros |= {(shape.id, window) for window in asked}
            if not empty:
                continue
            if beside is None:
                beside = spans_beside(self.engine, self.asked.mart)
            known = self._recorded(number, shape, rows[0], beside)
            for window in empty:
                period = self.windows[window] if shape.date_column else None
                if why := known.why_nothing(period):
                    values.nothing[shape.id, window] = why

    def _recorded(
        self,
        number: int,
        shape: Shape,
        ever: Mapping[str, Any],
        beside: Sequence[tuple[dt.date | None, dt.date]],
    ) -> Recorded:
        records, counted, dated = (
            int(ever[f"{name}_{number}"] or 0) for name in ("could", "counted", "dated")
        )
        why = if_empty(
            self.engine, self.asked.mart, shape.recordable.condition, int(ever[_GIVEN] or 0)
        )
        if shape.date_column is None:
            return Recorded(records, counted, dated, None, None, why)
        until = ever[_KNOWN] or self.engine.as_of_day
        spans = [(ever[f"first_{shape.date_column}"], until), *beside]
        first = min((begun for begun, _ in spans if begun is not None), default=None)
        last = max(known for _, known in spans)
        return Recorded(records, counted, dated, first, last, why)

    def _params(self) -> dict[str, Any]:
        return {
            f"{bound}_{number}": day
            for number, window in enumerate(self.windows.values())
            for bound, day in (("from", window.start), ("to", window.end))
        }


def _select(*outputs: exp.Expr) -> exp.Select:
    """Return a SELECT of outputs that stand nowhere else; a tree is not copied to be built on."""
    return exp.Select().select(*outputs, copy=False)


def _counted(test: exp.Expr | None, what: exp.Expr, *, is_folded: bool) -> exp.Expr:
    """Count the records that pass a test and have something, of folded ones all that are alike."""
    kept = what if test is None else exp.Case().when(test.copy(), what, copy=False)
    if not is_folded:
        return exp.Count(this=kept, big_int=True)
    is_there = exp.Not(this=exp.Is(this=kept, expression=exp.Null()))
    there = exp.Case().when(is_there, exp.column(_ALIKE), copy=False)
    return exp.Coalesce(this=exp.Sum(this=there), expressions=[exp.Literal.number(0)])


def _periods(count: int) -> exp.Query:
    """Return the bounds of every period; a nest of unions would be copied at each level."""
    day = exp.DataType.build("date")
    rows = [
        exp.Tuple(
            expressions=[
                exp.Literal.string(str(number)),
                *(exp.cast(exp.Placeholder(this=f"{b}_{number}"), day) for b in PERIOD_BOUNDS),
            ]
        )
        for number in range(count)
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


def _day_of(what: exp.Expr) -> exp.Expr:
    """Return its day: what a KPI counts by may be an instant."""
    return exp.cast(what, "date")


def _number(output: exp.Expr) -> int:
    """Return the number of the shape that an output belongs to."""
    return int(output.alias.rpartition("_")[2])
