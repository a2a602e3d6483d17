"""What the keys cost, and what came back: return on ad spend and on marketing investment.

Cost is summed by key before it meets the credit, so that no join can count it twice. It is compared
only where it can be: by a dimension that costs have, and not under filters that costs don't know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from smarketing.analysis.attribution.settings import AttributionSettings
from smarketing.engine import Engine, Filters

#: Dimensions that credit and cost share.
COST_DIMENSIONS = ("channel", "raw_channel", "campaign", "campaign_id", "source")


@dataclass(frozen=True)
class Spend:
    """Cost of one key in minor units; `without_rate` records are not in it."""

    cost: int
    media: int | None
    without_rate: int


def spend_by_key(
    engine: Engine, settings: AttributionSettings, by: str, filters: Filters
) -> dict[str, Spend] | None:
    """Return cost by key over the window; None where cost cannot be cut or filtered that way."""
    unknown_to_cost = [name for name, _ in filters if name not in COST_DIMENSIONS]
    if by not in COST_DIMENSIONS or unknown_to_cost:
        return None
    values = {"from_day": settings.window.start, "to_day": settings.window.end}
    frame = engine.run("attribution/cost", values, filters, by)
    return {
        str(row.key): Spend(
            _whole(row.cost_amount) or 0, _whole(row.media_amount), _whole(row.without_rate) or 0
        )
        for row in frame.astype(object).itertuples(index=False)
    }


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


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
