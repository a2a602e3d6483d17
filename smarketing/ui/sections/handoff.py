"""Exhibits of the handoff: what each team promised and whether it was kept."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from smarketing.analysis.handoff import Obligation
from smarketing.charts import format as fmt
from smarketing.charts.bars import stacked
from smarketing.charts.theme import mix
from smarketing.ui.address import View
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition

NAMES = {"response": "First response", "attempts": "Attempts", "decision": "Decision"}


def obligations(view: View, found: Sequence[Obligation]) -> Exhibit:
    """Sales' three promises by how they were kept: met, missed, pending, exempt."""
    frame = pd.DataFrame([part.as_dict() for part in found]).drop(columns="key")
    frame["obligation"] = frame["obligation"].replace(NAMES)
    judged = [part for part in found if part.rate.rate is not None and not part.rate.is_small]
    worst = min(judged, key=lambda part: part.rate.rate or 0.0, default=None)
    title = "Too few deadlines fell in this period to judge sales' promises"
    if worst is not None:
        title = f"{NAMES[worst.obligation]} is kept for {fmt.percent(worst.rate.rate, 0)}"
    return Exhibit(
        key="obligations",
        title=title,
        reading="Deadlines that fell in the period; an unworked lead past its deadline is missed.",
        view=view,
        definition=Definition(
            "Obligations of sales",
            "Does sales follow up as agreed?",
            "Each handed-over lead is owed a first response, attempts and a decision.",
            "met ÷ (met + missed), by the day of the deadline",
        ),
        data=frame,
        draw=lambda look: stacked(
            frame,
            look,
            key="obligation",
            parts=[
                ("met", "met", look.good),
                ("missed", "missed", look.bad),
                ("pending", "pending", mix(look.shared, look.paper, 0.6)),
                ("exempt", "exempt", look.faint),
            ],
        ),
        units={"rate": "rate", "low": "rate", "high": "rate"},
    )
