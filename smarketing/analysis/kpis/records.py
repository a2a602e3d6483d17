"""The records under a KPI: a table whose `value` column adds up to the figure."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pandas as pd
from sqlglot import exp

from smarketing.agreement import Agreement, Kpi
from smarketing.analysis.kpis.expressions import FROM, TO, check_columns, measure_of
from smarketing.analysis.kpis.measured import NOW
from smarketing.analysis.kpis.shapes import in_window
from smarketing.analysis.kpis.values import base_kpis, why_not
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.engine.compile import SCOPE
from smarketing.engine.filters import UNKNOWN, dimension_column
from smarketing.errors import QueryError
from smarketing.periods import Period

#: What a reader wants to see of a record, in this order, where the mart has it.
SHOWN = (
    "deal_id", "lead_id", "touch_id", "cost_id", "contract_id", "feedback_id", "name", "account",
    "account_id", "customer_id", "person_id", "starts_on", "ended_on", "successor_id",
    "opening_from", "opening_until",
    "stage", "next_stage", "outcome", "kind", "team", "category", "campaign", "campaign_id",
    "channel", "segment", "region", "persona", "owner", "currency", "source",
)  # fmt: skip
PART, DAY, VALUE = "part", "day", "value"


def records(
    engine: Engine,
    agreement: Agreement,
    kpi_id: str,
    window: Period,
    filters: Filters = NO_FILTERS,
    by: str | None = None,
    key: str | None = None,
) -> pd.DataFrame:
    """Return the records under a KPI in one period: one row each, `part` the base KPI it counts in.

    `value` is what the record brings: 1 for a count, major units for money; for a sum or a count
    the column adds up to the figure, for a ratio its two parts do, a median's holds the values.
    With `by` and `key` only the records of that member. An empty frame where there are none.
    Raises UsageError for an unknown KPI, QueryError where it cannot be cut as asked.
    """
    parts = base_kpis(agreement, [agreement.kpi(kpi_id)])
    for kpi in parts:
        reason = why_not(engine, kpi, filters, by)
        if reason:
            raise QueryError(f"{reason[0].upper()}{reason[1:]}.")
    member = None if by is None or key is None else (by, key)
    frames = [_part(engine, kpi, window, filters, member) for kpi in parts]
    filled = [frame for frame in frames if not frame.empty] or frames[:1]
    return pd.concat(filled, ignore_index=True)


def _part(
    engine: Engine, kpi: Kpi, window: Period, filters: Filters, member: tuple[str, str] | None
) -> pd.DataFrame:
    tree = _query(kpi, engine.columns(str(kpi.mart)), member)
    bounds = {f"{NOW}_from": window.start, f"{NOW}_to": window.end}
    bounds |= {FROM: window.start, TO: window.end}
    frame = engine.run(tree, bounds | ({} if member is None else {"key": member[1]}), filters)
    if kpi.unit == "money":
        frame[VALUE] = frame[VALUE] / 10**engine.minor_digits
    frame.insert(0, PART, pd.Series([kpi.id] * len(frame), dtype="string[pyarrow]"))
    return frame


@lru_cache(maxsize=256)
def _query(kpi: Kpi, known: frozenset[str], member: tuple[str, str] | None) -> exp.Query:
    """Return what is asked of a mart with these columns; asked again it is kept ready."""
    mart = str(kpi.mart)
    checked = measure_of(kpi)
    dates = {kpi.date_column} if kpi.date_column else set()
    check_columns(kpi.id, mart, checked.columns | dates, known)
    shown = [column for column in SHOWN if column in known]
    outputs: list[exp.Expr] = [exp.column(column) for column in shown]
    if kpi.date_column:
        outputs.insert(0, exp.alias_(exp.column(kpi.date_column), DAY))
    outputs.append(exp.alias_(exp.cast(checked.argument(), "double"), VALUE))
    scope = exp.select(*outputs).from_(mart)
    for condition in (checked.condition, in_window(kpi.date_column, NOW), _is_of(member)):
        if condition is not None:
            scope = scope.where(condition.copy())
    names = [output.alias_or_name for output in outputs]
    order = [name for name in (DAY, *shown[:1]) if name in names]
    return exp.select(*names).with_(SCOPE, as_=scope).from_(SCOPE).order_by(*order)


def _is_of(member: tuple[str, str] | None) -> exp.Expr | None:
    """Return the condition that a record is a member's (dimension and key) of a dimension."""
    if member is None:
        return None
    text = exp.cast(exp.column(dimension_column(member[0])), "text")
    known: Any = exp.func("coalesce", text, exp.Literal.string(UNKNOWN))
    return exp.EQ(this=known, expression=exp.Placeholder(this="key"))
