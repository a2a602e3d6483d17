"""Sixty campaigns with what they cost, the names under which platforms know them, and salaries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from tools.demo.clock import FIRST, LAST, day_number
from tools.demo.company import CONTENT_LEAD, DEMAND
from tools.demo.plan import (
    CHANNELS,
    CONTENT,
    EMAIL,
    EVENT,
    ORGANIC,
    OUTBOUND,
    OVERSPEND_FACTOR,
    OVERSPENT_QUARTER,
    PAID_SEARCH,
    PAID_SOCIAL,
    SERIES_DAYS,
    SERIES_NAME,
    WEBINAR,
    Ints,
)
from tools.demo.tables import Amounts, Days, Ids, Table, words_of

_QUARTERS = tuple((year, quarter) for year in (2025, 2026) for quarter in (1, 2, 3, 4))[:6]
_PLANS: tuple[tuple[int, str, float], ...] = (
    (PAID_SEARCH, "Search brand", 5_400.0),
    (PAID_SEARCH, "Search automation", 14_500.0),
    (PAID_SOCIAL, "LinkedIn deciders", 15_500.0),
    (WEBINAR, "Expert webinar", 3_200.0),
    (EVENT, "Trade show", 16_000.0),
    (EMAIL, "Newsletter", 1_500.0),
    (CONTENT, "Guide", 5_000.0),
    (ORGANIC, "SEO program", 4_200.0),
    (OUTBOUND, "Outbound sequence", 1_800.0),
)
_KINDS = {WEBINAR: "Webinar", EVENT: "Event", EMAIL: "Email", CONTENT: "Content"}
_SERIES_BUDGET = 2_600.0
_SALARIES = {"marketing": 23_500.0, "sales_development": 14_000.0, "sales": 30_500.0}


@dataclass(frozen=True)
class Campaign:
    """One campaign: number, channel by place, quarter, budget in euros, days."""

    number: int
    channel: int
    name: str
    quarter: tuple[int, int]
    budget: float
    starts: int
    ends: int
    series: bool = False

    @property
    def utm(self) -> str:
        """Return the name in links."""
        return self.name.lower().replace(" ", "-").replace("#", "")

    @property
    def overspent(self) -> bool:
        """Return whether it ran in the quarter that went over budget, on paid social."""
        return self.channel == PAID_SOCIAL and self.quarter == OVERSPENT_QUARTER

    @property
    def currency(self) -> str:
        """Return the currency its bills come in."""
        if self.channel == PAID_SOCIAL:
            return "USD"
        return "GBP" if self.channel == EVENT and self.quarter[1] == 3 else "EUR"


def make_campaigns() -> list[Campaign]:
    """Return every campaign, numbered from 1: nine a quarter, and the webinar series."""
    found: list[Campaign] = []
    for year, quarter in _QUARTERS:
        start = day_number(date(year, 3 * quarter - 2, 1))
        end = min(start + 90, LAST)
        for channel, name, budget in _PLANS:
            days = (start + 40, start + 42) if channel in (EVENT, WEBINAR) else (start, end)
            label = f"{name} {year}-Q{quarter}"
            found.append(Campaign(len(found) + 1, channel, label, (year, quarter), budget, *days))
    for edition, day in enumerate(SERIES_DAYS, start=1):
        held = day_number(day)
        quarter_of = (day.year, (day.month + 2) // 3)
        label = f"{SERIES_NAME} {edition}"
        series = Campaign(
            len(found) + 1, WEBINAR, label, quarter_of, _SERIES_BUDGET, held - 14, held, True
        )
        found.append(series)
    return found


def by_quarter(campaigns: list[Campaign]) -> tuple[Ints, Ints]:
    """Return campaign numbers by quarter, channel and turn, and how many turns a channel has."""
    table = np.full((6, len(CHANNELS), 2), -1)
    options = np.zeros(len(CHANNELS), dtype=np.int64)
    for one in campaigns:
        if not one.series:
            quarter = (one.quarter[0] - 2025) * 4 + one.quarter[1] - 1
            place = 0 if table[quarter, one.channel, 0] < 0 else 1
            table[quarter, one.channel, place:] = one.number
            options[one.channel] = place + 1
    return table, options


def campaigns_table(campaigns: list[Campaign]) -> Table:
    """Return the campaigns and, as the last row, the series that its editions belong to."""
    count = len(campaigns)
    parent = np.array([count + 1 if one.series else -1 for one in campaigns] + [-1])
    owner = [CONTENT_LEAD if one.channel in (CONTENT, WEBINAR, EVENT) else DEMAND
             for one in campaigns]  # fmt: skip
    series = [one for one in campaigns if one.series]
    status = ["Completed" if one.ends < LAST else "In Progress" for one in campaigns]
    raws = [CHANNELS[one.channel].raw for one in campaigns]
    kinds = [_KINDS.get(one.channel, CHANNELS[one.channel].raw) for one in campaigns]
    budgets = np.array([round(one.budget * 100) for one in campaigns] + [0])
    starts = [one.starts for one in campaigns] + [series[0].starts]
    ends = [one.ends for one in campaigns] + [series[-1].ends]
    return {
        "campaign_id": Ids("C", np.arange(1, count + 2)),
        "name": words_of([*(one.name for one in campaigns), f"{SERIES_NAME} (series)"]),
        "channel": words_of([*raws, "Webinar"]),
        "kind": words_of([*kinds, "Webinar"]),
        "parent_id": Ids("C", parent),
        "status": words_of([*status, "Completed"]),
        "starts_on": Days(np.array(starts)),
        "ends_on": Days(np.array(ends)),
        "budget": Amounts(budgets, budgets > 0),
        "currency": words_of(["EUR"] * (count + 1)),
        "owner_id": Ids("M", np.array([*owner, CONTENT_LEAD])),
    }


def aliases_table(campaigns: list[Campaign]) -> Table:
    """Return the names in links, and ad platform numbers for the paid ones."""
    paid = [one for one in campaigns if one.channel in (PAID_SEARCH, PAID_SOCIAL)]
    rows = [(one.utm, one.number) for one in campaigns]
    rows += [(f"ad-{70_000_000 + 7919 * one.number}", one.number) for one in paid]
    return {
        "alias": words_of([alias for alias, _ in rows]),
        "campaign_id": Ids("C", np.array([number for _, number in rows])),
    }


def costs_table(rng: np.random.Generator, campaigns: list[Campaign]) -> Table:
    """Return every bill: media by week, events once, tools, agencies and salaries by month."""
    rows = [row for one in campaigns for row in _bills(rng, one)] + _monthly()
    rows.sort(key=lambda row: (row[0], row[1], row[2], row[5]))
    clicks = np.array([row[6] for row in rows])
    return {
        "cost_id": Ids("X", np.arange(1, len(rows) + 1)),
        "incurred_on": Days(np.array([row[0] for row in rows])),
        "team": words_of([row[1] for row in rows]),
        "category": words_of([row[2] for row in rows]),
        "amount": Amounts(np.array([row[3] for row in rows])),
        "currency": words_of([row[4] for row in rows]),
        "campaign_id": Ids("C", np.array([row[5] for row in rows])),
        "impressions": pa.array(clicks * 83, mask=clicks == 0),
        "clicks": pa.array(clicks, mask=clicks == 0),
    }


_Bill = tuple[int, str, str, int, str, int, int]


def _bills(rng: np.random.Generator, one: Campaign) -> list[_Bill]:
    spend = one.budget * float(rng.uniform(0.9, 1.04))
    if one.overspent:
        spend = one.budget * OVERSPEND_FACTOR
    if one.channel in (PAID_SEARCH, PAID_SOCIAL):
        return _weekly(rng, one, spend)
    category = {EVENT: "event", EMAIL: "tool", OUTBOUND: "tool"}.get(one.channel, "agency")
    team = "sales_development" if one.channel == OUTBOUND else "marketing"
    cents = round(spend * 100 * {"GBP": 0.84}.get(one.currency, 1.0))
    day = max(one.starts, FIRST)
    return [(day, team, category, cents, one.currency, one.number, 0)]


def _weekly(rng: np.random.Generator, one: Campaign, spend: float) -> list[_Bill]:
    days: Ints = np.arange(one.starts, one.ends + 1, 7)
    share = rng.uniform(0.8, 1.2, len(days))
    cents = np.round(spend * 100 * share / share.sum()).astype(int)
    price = 310 if one.channel == PAID_SEARCH else 720
    factor = 1.08 if one.currency == "USD" else 1.0
    return [
        (day, "marketing", "media", round(cost * factor), one.currency, one.number, cost // price)
        for day, cost in zip(days.tolist(), cents.tolist(), strict=True)
    ]


def _monthly() -> list[_Bill]:
    found: list[_Bill] = []
    months = [date(2025 + place // 12, place % 12 + 1, 1) for place in range(18)]
    for month in months:
        day = day_number(month) + 27
        found.append((day - 20, "marketing", "tool", 310_000, "EUR", -1, 0))
        found += [
            (day, team, "salary", round(euros * 100 * (1.03 if month.year > 2025 else 1)), "EUR",
             -1, 0)
            for team, euros in _SALARIES.items()
        ]  # fmt: skip
    return found
