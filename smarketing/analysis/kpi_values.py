"""The values of many KPIs in several windows: one query per mart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from smarketing.agreement import Agreement, Kpi
from smarketing.analysis.kpi_expressions import Measure, check_columns, measure
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.engine.compile import KEY, SCOPE
from smarketing.engine.filters import dimension_column
from smarketing.periods import Period

ALL = "(all)"
NOW = "now"
#: Windows by name; `now` is the one asked for.
Windows = Mapping[str, Period]


@dataclass(frozen=True)
class Value:
    """What a base KPI measured: its value (amounts in minor units) and the records under it."""

    value: float | int | None
    n: int


@dataclass(frozen=True)
class Values:
    """Values by (KPI, window, key), and why a KPI has none."""

    found: Mapping[tuple[str, str, str], Value]
    missing: Mapping[str, str]

    def of(self, kpi_id: str, window: str = NOW, key: str = ALL) -> Value:
        """Return one value; nothing on zero records where a group has none."""
        return self.found.get((kpi_id, window, key), Value(None, 0))

    def members(self) -> list[str]:
        """Return the members of the dimension that occur, in order."""
        return sorted({key for _, _, key in self.found})


@dataclass(frozen=True)
class _Part:
    kpi: Kpi
    measure: Measure
    window: str
    slot: str


def base_kpis(agreement: Agreement, kpis: Sequence[Kpi]) -> list[Kpi]:
    """Return the KPIs with an expression that these KPIs are made of, themselves included."""
    from smarketing.agreement.checks import formula_names

    found: dict[str, Kpi] = {}
    waiting = list(kpis)
    while waiting:
        kpi = waiting.pop(0)
        if kpi.ratio is not None:
            names = [kpi.ratio.numerator, kpi.ratio.denominator]
        elif kpi.formula is not None:
            names = formula_names(kpi.formula)
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

    A KPI whose mart the build lacks, or cannot be cut as asked, is among `missing` with the reason.
    Raises QueryError for an expression that is not valid.
    """
    found: dict[tuple[str, str, str], Value] = {}
    missing: dict[str, str] = {}
    marts: dict[str, list[Kpi]] = {}
    for kpi in kpis:
        reason = why_not(engine, kpi, filters, by)
        if reason:
            missing[kpi.id] = reason
        else:
            marts.setdefault(str(kpi.mart), []).append(kpi)
    for mart, members in marts.items():
        parts = list(_parts(engine, members, windows))
        frame = engine.run(_query(mart, parts, windows), _params(windows), filters, by)
        for row in frame.to_dict("records"):
            for part in parts:
                value = _read(part, row)
                found[part.kpi.id, part.window, str(row[KEY])] = value
        if frame.empty and by is None:
            found |= _nothing(parts)
            missing |= _without_records(engine, mart, members)
    return Values(found, missing)


def values_sql(
    engine: Engine, kpis: Sequence[Kpi], windows: Windows, filters: Filters, by: str | None
) -> str:
    """Return the statements that `measure_all` would run, values in place."""
    marts: dict[str, list[Kpi]] = {}
    for kpi in kpis:
        if why_not(engine, kpi, filters, by) is None:
            marts.setdefault(str(kpi.mart), []).append(kpi)
    texts = [
        engine.sql(
            _query(mart, list(_parts(engine, members, windows)), windows),
            _params(windows),
            filters,
            by,
        )
        for mart, members in marts.items()
    ]
    return ";\n\n".join(texts)


def why_not(engine: Engine, kpi: Kpi, filters: Filters, by: str | None) -> str | None:
    """Say why a KPI has no value as asked: its mart is not built, or lacks the dimension."""
    mart = str(kpi.mart)
    if not engine.has(mart):
        return f"this build has no {mart}; run: smarketing build"
    wanted = [dimension for dimension, _ in filters] + ([by] if by else [])
    for dimension in wanted:
        if dimension_column(dimension) not in engine.columns(mart):
            return f"{kpi.label} cannot be cut by {dimension}: {mart} does not have it"
    return None


def in_window(kpi: Kpi, window: str) -> exp.Expr | None:
    """Return the condition that a record of the KPI falls in the named window; None for a stock."""
    if kpi.date_column is None:
        return None
    day = exp.column(kpi.date_column)
    start, end = exp.Placeholder(this=f"{window}_from"), exp.Placeholder(this=f"{window}_to")
    return exp.and_(exp.GTE(this=day, expression=start), exp.LT(this=day.copy(), expression=end))


def _params(windows: Windows) -> dict[str, Any]:
    bounds: dict[str, Any] = {}
    for name, window in windows.items():
        bounds |= {f"{name}_from": window.start, f"{name}_to": window.end}
    return bounds


def _parts(engine: Engine, kpis: Sequence[Kpi], windows: Windows) -> Iterator[_Part]:
    for number, kpi in enumerate(kpis):
        checked = measure(kpi.id, str(kpi.expression), kpi.filter)
        dates = {kpi.date_column} if kpi.date_column else set()
        known = engine.columns(str(kpi.mart))
        check_columns(kpi.id, str(kpi.mart), checked.columns | dates, known)
        for window in windows if kpi.date_column else (NOW,):
            yield _Part(kpi, checked, window, f"{number}_{window}")


def _query(mart: str, parts: Sequence[_Part], windows: Windows) -> exp.Query:
    columns = sorted(
        set().union(*(part.measure.columns for part in parts))
        | {part.kpi.date_column for part in parts if part.kpi.date_column}
    )
    scope = exp.select(
        exp.alias_(exp.Literal.string(ALL), KEY), *(exp.column(name) for name in columns)
    ).from_(mart)
    reached = _reached(parts, windows)
    if reached is not None:
        scope = scope.where(reached)
    outputs: list[exp.Expr] = []
    for part in parts:
        condition = in_window(part.kpi, part.window)
        outputs.append(exp.alias_(part.measure.when(condition), f"v_{part.slot}"))
        outputs.append(exp.alias_(part.measure.counted(condition), f"n_{part.slot}"))
    return exp.select(KEY, *outputs).with_(SCOPE, as_=scope).from_(SCOPE).group_by(KEY)


def _reached(parts: Sequence[_Part], windows: Windows) -> exp.Expr | None:
    """Return the condition that any of the parts could count a row; None where a stock may."""
    dated = {part.kpi.date_column: part.kpi for part in parts}
    if None in dated:
        return None
    tests = [in_window(kpi, window) for kpi in dated.values() for window in windows]
    return exp.or_(*(test for test in tests if test is not None))


def _nothing(parts: Sequence[_Part]) -> dict[tuple[str, str, str], Value]:
    return {
        (part.kpi.id, part.window, ALL): Value(0 if part.measure.is_additive else None, 0)
        for part in parts
    }


def _without_records(engine: Engine, mart: str, kpis: Sequence[Kpi]) -> dict[str, str]:
    """Say that a mart holds nothing at all: then 0 would claim a measurement nobody made."""
    counted = exp.select(exp.alias_(exp.Count(this=exp.Star(), big_int=True), "n")).from_(mart)
    if int(engine.run(counted)["n"].iloc[0]):
        return {}
    return {kpi.id: f"no source has given any records for it ({mart} is empty)" for kpi in kpis}


def _read(part: _Part, row: Mapping[Any, Any]) -> Value:
    value, n = row[f"v_{part.slot}"], int(row[f"n_{part.slot}"])
    if value is None or value != value:
        return Value(0 if part.measure.is_additive else None, n)
    return Value(value, n)
