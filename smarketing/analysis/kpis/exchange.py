"""What exchange rates did to a sum of money: the same amounts at the mean rate of two periods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlglot import exp

from smarketing.agreement import Kpi
from smarketing.analysis.kpis.expressions import Measure, measure_of
from smarketing.analysis.kpis.measured import ALL
from smarketing.analysis.kpis.values import WINDOW, Windows, in_window
from smarketing.engine import Engine, Filters
from smarketing.engine.compile import KEY, SCOPE

#: What a mart must have: the currency of each record and what its amounts were multiplied by.
CURRENCY, FACTOR = "currency", "rate_factor"

#: (key, window) -> what the exchange rate of the window adds to the amounts at the mean rate.
Gains = Mapping[tuple[str, str], float]


def exchange_gains(engine: Engine, kpi: Kpi, windows: Windows, filters: Filters, by: str) -> Gains:
    """Return, per member and period, a sum as converted less the same at both periods' mean rate.

    In minor units. Of two windows; a currency that a member has in one of them alone has no other
    rate and gains nothing. Empty for what is no money, or whose mart does not know the currency.
    """
    measured = measure_of(kpi)
    known = {CURRENCY, FACTOR} <= engine.columns(str(kpi.mart))
    if not (measured.is_sum and kpi.unit == "money" and kpi.date_column and known):
        return {}
    rows = []
    for window in windows:
        tree = _query(str(kpi.mart), measured, kpi.date_column, window)
        bounds = {f"{window}_from": windows[window].start, f"{window}_to": windows[window].end}
        rows += engine.rows(tree, bounds, filters, by)
    return _gains(rows, tuple(windows))


def _gains(rows: list[dict[str, Any]], windows: tuple[str, ...]) -> Gains:
    sums = {(str(r[KEY]), str(r[CURRENCY]), str(r[WINDOW])): r for r in rows}
    gains: dict[tuple[str, str], float] = {}
    for key, currency in {(key, currency) for key, currency, _ in sums}:
        pair = [sums.get((key, currency, window)) for window in windows]
        given = [float(row["given"] or 0) if row else 0.0 for row in pair]
        worth = [float(row["worth"] or 0) if row else 0.0 for row in pair]
        if not all(given):
            continue
        mean = sum(w / g for w, g in zip(worth, given, strict=True)) / len(given)
        for window, amount, value in zip(windows, given, worth, strict=True):
            gains[key, window] = gains.get((key, window), 0.0) + value - amount * mean
    return gains


def _query(mart: str, measured: Measure, date_column: str, window: str) -> exp.Query:
    amount, inside = measured.argument(), in_window(date_column, window)
    given = exp.Div(
        this=exp.cast(exp.paren(amount.copy()), "double"),
        expression=exp.func("nullif", exp.column(FACTOR), exp.Literal.number(0)),
    )
    scope = exp.select(
        exp.alias_(exp.Literal.string(ALL), KEY),
        exp.alias_(exp.Literal.string(window), WINDOW),
        CURRENCY,
        exp.alias_(amount, "amount"),
        exp.alias_(given, "given"),
    ).from_(mart)
    for condition in (measured.condition, inside):
        if condition is not None:
            scope = scope.where(condition.copy())
    totals = [exp.alias_(exp.Sum(this=exp.column(n)), m) for n, m in _SUMS]
    asked = exp.select(KEY, WINDOW, CURRENCY, *totals).with_(SCOPE, as_=scope).from_(SCOPE)
    return asked.group_by(KEY, WINDOW, CURRENCY)


_SUMS = (("amount", "worth"), ("given", "given"))
