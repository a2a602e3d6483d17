"""What the keys cost, and what came back: return on ad spend and on marketing investment.

Cost is summed by key before it meets the credit, so that no join can count it twice. It is compared
only where it can be: by a dimension that costs have, and not under filters that costs don't know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from smarketing.analysis.attribution.settings import AttributionSettings
from smarketing.engine import Engine, Filters

#: Dimensions that credit and cost share.
COST_DIMENSIONS = ("channel", "raw_channel", "campaign", "campaign_id", "source")
NO_COST = "no cost is recorded in the period"


@dataclass(frozen=True)
class Spend:
    """Cost of one key in minor units, None where no record of it has a rate.

    `without_rate` records are not in it.
    """

    cost: int | None
    media: int | None
    without_rate: int


def spend_by_key(
    engine: Engine, settings: AttributionSettings, by: str, filters: Filters
) -> dict[str, Spend] | None:
    """Return cost by key over the window; None where cost cannot be cut or filtered that way."""
    if why_not_cut(by, filters, engine.limited_by):
        return None
    values = {"from_day": settings.window.start, "to_day": settings.window.end}
    return {
        str(row["key"]): Spend(row["cost_amount"], row["media_amount"], row["without_rate"] or 0)
        for row in engine.rows("attribution/cost", values, filters, by)
    }


def why_not_cut(by: str, filters: Filters, limited_by: str = "") -> str | None:
    """Say why cost cannot stand beside credit that is cut and narrowed so; None where it can.

    `limited_by` names the dimensions of a scope, of which costs have none.
    """
    unknown = [name for name, _ in filters if name not in COST_DIMENSIONS]
    if by not in COST_DIMENSIONS:
        return f"costs are not recorded by {by.replace('_', ' ')}"
    if unknown:
        return f"costs are not recorded by {' or '.join(unknown)}, by which this is narrowed"
    if limited_by:
        return f"costs are not recorded by {limited_by}, to which your view is limited"
    return None


def why_no_cost(
    spend: Mapping[str, Spend] | None, by: str, filters: Filters, limited_by: str = ""
) -> str | None:
    """Say why an answer has no cost at all beside its credit; None where it has some."""
    if spend is None:
        return why_not_cut(by, filters, limited_by)
    if not spend:
        return NO_COST
    if all(part.cost is None for part in spend.values()):
        return "no cost of the period has an exchange rate of its day"
    return None


def return_on_ad_spend(credit: int, spend: Spend | None) -> float | None:
    """Return attributed revenue ÷ media cost; None without media cost."""
    return credit / spend.media if spend is not None and spend.media else None


def cost_per(units: float, spend: Spend | None) -> float | None:
    """Return cost ÷ units that came back, in minor units; None without cost or without units."""
    return spend.cost / units if spend is not None and spend.cost and units > 0 else None


def return_on_investment(margin_credit: float | None, spend: Spend | None) -> float | None:
    """Return (attributed gross margin − cost) ÷ cost; break-even is 0; None without cost."""
    if margin_credit is None or spend is None or not spend.cost:
        return None
    return (margin_credit - spend.cost) / spend.cost
