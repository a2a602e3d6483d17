"""The plan that is looked at when nobody asks for another: a year's growth, by the year's end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from smarketing.agreement import Agreement
from smarketing.analysis.planning.history import won_between
from smarketing.engine import Engine
from smarketing.periods import period_of

_GROWTH = 1.25
#: What the preset target is, behind it.
IN_WORDS = ", a quarter more than the last twelve months brought"
_SMALLEST = 10_000.0
_NEAR = dt.timedelta(days=90)


@dataclass(frozen=True)
class Wanted:
    """A revenue target in major units, and the first day that no longer counts."""

    revenue: float
    until: dt.date


def usual(engine: Engine, agreement: Agreement) -> Wanted:
    """Return a quarter more than the last twelve months won, by the end of the fiscal year.

    The next year's where this one is nearly over.
    """
    first = agreement.fiscal_year_start_month
    year = period_of(engine.as_of_day, "fiscal_year", fiscal_year_start_month=first)
    if year.end - engine.as_of_day < _NEAR:
        year = period_of(year.end, "fiscal_year", fiscal_year_start_month=first)
    lately = won_between(engine, engine.as_of_day - dt.timedelta(days=365), engine.as_of_day)
    revenue = round(_GROWTH * lately / 10**engine.minor_digits, -4)
    return Wanted(max(revenue, _SMALLEST), year.end)
