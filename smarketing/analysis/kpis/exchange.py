"""What exchange rates did to a sum of money: the same amounts at the mean rate of two periods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlglot import exp

from smarketing.agreement import Kpi
from smarketing.analysis.kpis.expressions import Measure, measure_of
from smarketing.analysis.kpis.measured import ALL
from smarketing.analysis.kpis.shapes import WINDOW, in_window
from smarketing.analysis.kpis.values import Windows
from smarketing.engine import Engine, Filters
from smarketing.engine.compile import KEY, SCOPE

#: What a mart must have: the currency of each record and what its amounts were multiplied by.
CURRENCY, FACTOR = "currency", "rate_factor"

#: (key, window) -> what the exchange rate of the window adds to the amounts at the mean rate.
Gains = Mapping[tuple[str, str], float]


def exchange_gains(engine: Engine, kpi: Kpi, windows: Windows, filters: Filters, by: str) -> Gains:
    """Return, per member and period, a sum as converted less the same at both periods' mean rate.

    In minor units. Of two windows; the mean rate of a currency is that of all its amounts, so that
    every dimension divides one and the same gain. A currency of one of them alone has no other
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
    whole: dict[tuple[str, str], tuple[float, float]] = {}
    sums: list[tuple[str, str, str, float, float]] = []
    for row in rows:
        place = str(row[CURRENCY]), str(row[WINDOW])
        given, worth = (float(row[name] or 0) for name in _OF_SUMS)
        before = whole.get(place, (0.0, 0.0))
        whole[place] = before[0] + given, before[1] + worth
        sums.append((*place, str(row[KEY]), given, worth))
    means: dict[str, float] = {}
    for currency, _ in whole:
        pair = [whole.get((currency, window), (0.0, 0.0)) for window in windows]
        if all(given for given, _ in pair):
            means[currency] = sum(worth / given for given, worth in pair) / len(pair)
    gains: dict[tuple[str, str], float] = {}
    for currency, window, key, given, worth in sums:
        if currency in means:
            more = worth - given * means[currency]
            gains[key, window] = gains.get((key, window), 0.0) + more
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


_OF_SUMS = ("given", "worth")
_SUMS = (("amount", "worth"), ("given", "given"))
