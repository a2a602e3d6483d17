"""Who stays, what they bring over their lifetime, what they cost, by what brought them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pandas as pd

from smarketing.agreement import Agreement
from smarketing.analysis.kpis.formulas import quantity
from smarketing.analysis.rates import Rate, rate_of
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.periods import Period

#: What brought a customer: the first won deal's own.
BROUGHT_BY = ("channel", "campaign", "persona")
#: Dimensions that costs have as well.
_OF_COSTS = ("channel", "campaign")
#: Contracts that end within so many days, a year, are looked at for renewal.
DUE_DAYS = 365


@dataclass(frozen=True)
class Kept:
    """The customers that one channel, campaign or persona brought; amounts in minor units a year.

    The opening cohort is under contract when the period begins. `cost_amount` is what winning
    customers cost in the period, None where costs are not known by `key`; `margin` and
    `lifetime_months` are None where nothing is agreed or there was nobody to lose.
    """

    key: str
    new_customers: int
    opening_customers: int
    lost_customers: int
    valued_customers: int
    opening_amount: int | None
    kept_amount: int | None
    closing_amount: int | None
    ended_contracts: int
    renewed_contracts: int
    nps_answers: int
    nps_balance: int
    margin: float | None = None
    lifetime_months: float | None = None
    cost_amount: int | None = None

    @property
    def churn(self) -> Rate:
        """Return the share of the opening customers that left."""
        return rate_of(self.lost_customers, self.opening_customers)

    @property
    def renewal(self) -> Rate:
        """Return the share of ended contracts that another one followed."""
        return rate_of(self.renewed_contracts, self.ended_contracts)

    @property
    def gross_retention(self) -> float | None:
        """Return the share of recurring revenue kept; what customers add does not count."""
        return _ratio(self.kept_amount, self.opening_amount)

    @property
    def net_retention(self) -> float | None:
        """Return what the same customers bring at the end against the start."""
        return _ratio(self.closing_amount, self.opening_amount)

    @property
    def expansion(self) -> float | None:
        """Return what they added, as a share of the recurring revenue at the start."""
        if self.net_retention is None or self.gross_retention is None:
            return None
        return self.net_retention - self.gross_retention

    @property
    def nps(self) -> float | None:
        """Return promoters less detractors per hundred answers."""
        share = _ratio(self.nps_balance, self.nps_answers)
        return None if share is None else 100 * share

    @property
    def lifetime_value(self) -> float | None:
        """Return margin per customer over its lifetime, in minor units."""
        yearly = _ratio(self.opening_amount, self.valued_customers)
        if yearly is None or self.margin is None or self.lifetime_months is None:
            return None
        return yearly / 12 * self.margin * self.lifetime_months

    @property
    def cost_per_customer(self) -> float | None:
        """Return what a new customer cost, in minor units."""
        return _ratio(self.cost_amount, self.new_customers)

    @property
    def value_to_cost(self) -> float | None:
        """Return how many times over a customer pays what it cost."""
        return _ratio(self.lifetime_value, self.cost_per_customer)


def kept(
    engine: Engine,
    agreement: Agreement,
    window: Period,
    filters: Filters = NO_FILTERS,
    by: str | None = None,
) -> list[Kept]:
    """Answer who stayed of the customers, all in one row or a row by what brought them.

    Largest opening cohort first; empty where there is no customer. Costs are joined after they are
    summed, and only where they have the dimension and no filter asks for what costs do not have.
    """
    days = {"from": window.start, "to": window.end}
    costs = _costs(engine, days, filters, by)
    margin = quantity("gross_margin", agreement, window, engine.as_of_day)
    found = []
    for row in engine.run("customers/kept", days, filters, by).to_dict("records"):
        numbers: dict[str, Any] = {
            str(name): None if pd.isna(value) else int(value)
            for name, value in row.items()
            if name != "key"
        }
        one = Kept(key=str(row["key"]), margin=margin, **numbers)
        months = _lifetime(one, agreement, window, engine)
        found.append(replace(one, lifetime_months=months, cost_amount=costs.get(one.key)))
    return sorted(found, key=lambda one: (-one.opening_customers, -one.new_customers, one.key))


def kept_records(
    engine: Engine,
    window: Period,
    filters: Filters = NO_FILTERS,
    by: str | None = None,
    keys: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Answer which customers the opening cohort holds; those of some keys where they are named."""
    days = {"from": window.start, "to": window.end}
    frame = engine.run("customers/kept_records", days, filters, by)
    return (frame if keys is None else frame[frame["key"].isin(keys)]).drop(columns="key")


def due(engine: Engine, filters: Filters = NO_FILTERS) -> pd.DataFrame:
    """Answer which contracts end within a year and have none that follows, first first.

    Amounts are in minor units a year; `last_nps` is the customer's last mark of 0 to 10.
    """
    today = engine.as_of_day
    days = {"from": today, "to": today + timedelta(days=DUE_DAYS)}
    return engine.run("customers/due", days, filters).drop(columns="key")


def _costs(
    engine: Engine, days: Mapping[str, object], filters: Filters, by: str | None
) -> dict[str, int]:
    """What winning customers cost by key; empty where costs do not have what is asked for."""
    if by not in (None, *_OF_COSTS) or any(name not in _OF_COSTS for name, _ in filters):
        return {}
    frame = engine.run("customers/cost", days, filters, by)
    return {
        str(row["key"]): int(row["cost_amount"])
        for row in frame.to_dict("records")
        if not pd.isna(row["cost_amount"])
    }


def _lifetime(one: Kept, agreement: Agreement, window: Period, engine: Engine) -> float | None:
    """Months of the period ÷ churn in it, at most the agreed horizon."""
    horizon = quantity("horizon_months", agreement, window, engine.as_of_day)
    elapsed = quantity("elapsed_months", agreement, window, engine.as_of_day)
    if not one.opening_customers or horizon is None or not elapsed:
        return None
    if not one.lost_customers:
        return horizon
    return min(horizon, elapsed * one.opening_customers / one.lost_customers)


def _ratio(numerator: float | None, denominator: float | None) -> float | None:
    return None if numerator is None or not denominator else numerator / denominator
