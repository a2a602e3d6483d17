"""The paths leads really take between stages: steps, skips, returns and exits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.errors import UsageError

Way = Literal["step", "skip", "back", "exit", "return", "stay"]
STAYS = "(still here)"


@dataclass(frozen=True)
class Transition:
    """How often leads went from one stage or exit to the next, and after how many days (median).

    `way`: a step to the next stage, a skip over stages, back to an earlier or the same stage, an
    exit, a return after an exit, or none so far (`target` is `(still here)`).
    """

    source: str
    target: str
    way: Way
    count: int
    median_days: float | None


def transitions(
    engine: Engine, settings: FunnelSettings, filters: Filters = NO_FILTERS
) -> list[Transition]:
    """Answer from which stage to which leads went, commonest first: the links of a Sankey.

    Every event of the leads in question is the source of exactly one transition, so the counts
    add up to the events. Empty when there are none.
    """
    if settings.window is None:
        raise UsageError("Paths need a window: name --from and --to.")
    mode = "entered" if settings.mode == "entered" else "cohort"
    params = {"mode": mode, "from": settings.window.start, "to": settings.window.end}
    frame = engine.run("funnel/paths", params, filters)
    found = [
        Transition(
            str(row["stage"]),
            STAYS if pd.isna(row["next_stage"]) else str(row["next_stage"]),
            _way(row["stage_number"], row["next_stage"], row["next_stage_number"]),
            int(row["transitions"]),
            None if pd.isna(row["median_days"]) else float(row["median_days"]),
        )
        for row in frame.to_dict("records")
    ]
    return sorted(found, key=lambda link: (-link.count, link.source, link.target))


def _way(number: object, next_stage: object, next_number: object) -> Way:
    if pd.isna(next_stage):  # type: ignore[call-overload]
        return "stay"
    if pd.isna(next_number):  # type: ignore[call-overload]
        return "exit"
    if pd.isna(number):  # type: ignore[call-overload]
        return "return"
    gap = int(str(next_number)) - int(str(number))
    return "step" if gap == 1 else "skip" if gap > 1 else "back"
