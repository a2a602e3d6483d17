"""The plan that is looked at when nobody asks for another: the year's target, else its growth."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from smarketing.agreement import Agreement
from smarketing.analysis.planning.history import won_between
from smarketing.engine import Engine
from smarketing.periods import period_of

_GROWTH = 1.25
_REVENUE = "won_revenue"
_SMALLEST = 10_000.0
_NEAR = dt.timedelta(days=90)


@dataclass(frozen=True)
class Wanted:
    """A revenue target in major units, the first day that no longer counts, and whose it is."""

    revenue: float
    until: dt.date
    words: str = "a quarter more than was won in the last 12 months"


def usual(engine: Engine, agreement: Agreement) -> Wanted:
    """Return what is to be won by the end of the fiscal year; of the next where it is nearly over.

    That is the year's target of won revenue, else a quarter more than the last twelve months won.
    """
    first = agreement.fiscal_year_start_month
    kind = "year" if first == 1 else "fiscal_year"
    year = period_of(engine.as_of_day, kind, fiscal_year_start_month=first)
    if year.end - engine.as_of_day < _NEAR:
        year = period_of(year.end, kind, fiscal_year_start_month=first)
    agreed = None if engine.scope else agreement.target_for(_REVENUE, year)
    if agreed is not None and agreed.value:
        return Wanted(agreed.value, year.end, f"the target of {year.label}")
    lately = won_between(engine, engine.as_of_day - dt.timedelta(days=365), engine.as_of_day)
    revenue = round(_GROWTH * lately.amount / 10**engine.minor_digits, -4)
    return Wanted(max(revenue, _SMALLEST), year.end)
