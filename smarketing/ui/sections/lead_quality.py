"""Exhibits of lead quality: the agreed definition judged by what became of the leads."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from smarketing.analysis.lead_quality import Threshold
from smarketing.ui.address import View
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition


def thresholds(view: View, found: Sequence[Threshold]) -> Exhibit:
    """What each threshold would let through, and how good that would be."""
    frame = pd.DataFrame(
        [
            {
                "threshold": row.threshold,
                "leads": row.leads,
                "worked": row.worked,
                "precision": row.precision.rate,
                "recall_at_least": row.recall_low,
                "recall_at_most": row.recall_high,
                "lift": row.lift,
                "acceptance": row.acceptance.rate,
                "revenue_share": row.revenue_share,
                "per_month": round(row.per_month, 1),
                "within_capacity": row.within_capacity,
            }
            for row in found
        ]
    )
    rates = ("precision", "recall_at_least", "recall_at_most", "acceptance", "revenue_share")
    return Exhibit(
        key="thresholds",
        title="What each threshold lets through",
        reading="Precision among worked leads; recall as bounds, since few below were worked.",
        view=view,
        definition=Definition(
            "Thresholds",
            "Where should the threshold be?",
            "Scores as they stood just before qualification, judged by what became of the leads.",
        ),
        data=frame,
        units=dict.fromkeys(rates, "rate"),
    )
