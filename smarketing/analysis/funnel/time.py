"""Time in the funnel: stays in stages, days to convert, and how old deals are when they end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal, get_args

import pandas as pd

from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import agreed_stages
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.errors import UsageError, unknown

Basis = Literal["every", "latest", "cumulative"]
BASES: tuple[Basis, ...] = get_args(Basis)


@dataclass(frozen=True)
class Stay:
    """Days spent in a stage: quantiles of completed stays (None without any), running beside."""

    key: str
    stage: str
    completed: int
    median_days: float | None
    p75_days: float | None
    p90_days: float | None
    running: int
    running_median_days: float | None


@dataclass(frozen=True)
class Histogram:
    """Days from a stage to the next: `counts[i]` leads within `[edges[i], edges[i + 1])` days."""

    stage: str
    next_stage: str
    edges: tuple[int, ...]
    counts: tuple[int, ...]
    window_days: int

    @property
    def total(self) -> int:
        """Return how many converted with a known age."""
        return sum(self.counts)


@dataclass(frozen=True)
class CyclePoint:
    """Of the deals followed for `age_days` at least: shares won, lost and open by that age."""

    age_days: int
    deals: int
    won: float
    lost: float
    open: float


@dataclass(frozen=True)
class Cycle:
    """How old deals are when they end. The won alone flatter it, so the shares stand beside."""

    deals: int
    won: int
    median_won_days: float | None
    points: tuple[CyclePoint, ...]


def time_in_stage(
    engine: Engine,
    settings: FunnelSettings,
    filters: Filters = NO_FILTERS,
    by: str | None = None,
    basis: Basis = "every",
) -> list[Stay]:
    """Answer how long leads stay in each stage, in days, by key and stage.

    `every` stay counts, or the `latest` of each lead, or all of a lead's stays together
    (`cumulative`). Stays whose start or end has no known date are left out. Empty without stays.
    """
    if basis not in BASES:
        raise unknown("basis", basis, BASES)
    frame = engine.run("funnel/stays", _window(settings), filters, by)
    names = {stage.number: stage.stage for stage in agreed_stages(engine)}
    return [
        Stay(
            str(row["key"]),
            names[int(row["stage_number"])],
            int(row["completed"]),
            _number(row["median_days"]),
            _number(row["p75_days"]),
            _number(row["p90_days"]),
            int(row["running"]),
            _number(row["running_median_days"]),
        )
        for row in frame[frame["basis"] == basis].to_dict("records")
    ]


def time_to_convert(
    engine: Engine,
    settings: FunnelSettings,
    stage: str,
    filters: Filters = NO_FILTERS,
    bins: int = 20,
) -> Histogram:
    """Answer after how many days the leads of a cohort went on from a stage to the next.

    Bins are whole days of equal width. Raises UsageError for an unknown or the last stage.
    """
    stages = {known.stage: known for known in agreed_stages(engine)}
    if stage not in stages:
        raise unknown("stage", stage, stages)
    known = stages[stage]
    if known.next_stage is None:
        raise UsageError(f"'{stage}' is the last stage; nothing follows it to convert to.")
    params = {**_window(settings), "skips": settings.skips}
    frame = engine.run("funnel/ages", params, filters)
    days = frame[frame["stage_number"] == known.number]
    steps = {int(row["days"]): int(row["steps"]) for row in days.to_dict("records")}
    width = max(1, -(-(max(steps, default=0) + 1) // bins))
    count = max(steps, default=0) // width + 1
    binned = Counter[int]()
    for age, number in steps.items():
        binned[age // width] += number
    return Histogram(
        stage,
        known.next_stage,
        tuple(place * width for place in range(count + 1)),
        tuple(binned[place] for place in range(count)),
        known.window_days or 0,
    )


def deal_cycle(engine: Engine, settings: FunnelSettings, filters: Filters = NO_FILTERS) -> Cycle:
    """Answer by which age the deals created in the window were won, lost or still open.

    Each point looks only at deals followed that long, so that its three shares add up to 1.
    Deals of unknown creation are left out. Without deals there are no points.
    """
    params = {**_window(settings), "as_of_day": engine.as_of_day}
    params.pop("mode")
    deals = engine.run("funnel/cycle", params, filters)
    rows = [
        (
            str(row["outcome"]),
            _number(row["closed_days"]),
            int(row["followed_days"]),
            int(row["deals"]),
        )
        for row in deals.to_dict("records")
    ]
    won = sorted(
        age for outcome, age, _, n in rows if outcome == "won" and age is not None
        for _ in range(n)
    )  # fmt: skip
    total = sum(n for *_, n in rows)
    median = float(pd.Series(won).median()) if won else None
    return Cycle(total, len(won), median, tuple(_cycle_points(rows)))


def cycle_records(
    engine: Engine, settings: FunnelSettings, filters: Filters = NO_FILTERS
) -> pd.DataFrame:
    """Answer which deals stand behind the cycle: one row per deal, as many as it has deals."""
    params = {**_window(settings), "as_of_day": engine.as_of_day}
    params.pop("mode")
    return engine.run("funnel/cycle_records", params, filters).drop(columns="key")


def _cycle_points(rows: list[tuple[str, float | None, int, int]]) -> list[CyclePoint]:
    longest = max((followed for _, _, followed, _ in rows), default=-1)
    width = max(1, longest // 60)
    points = []
    for age in range(0, longest + 1, width):
        parts = Counter[str]()
        for outcome, closed, followed, n in rows:
            if followed >= age:
                ended = outcome != "open" and closed is not None and closed <= age
                parts[outcome if ended else "open"] += n
        seen = parts.total()
        if seen:
            shares = (parts[name] / seen for name in ("won", "lost", "open"))
            points.append(CyclePoint(age, seen, *shares))
    return points


def _window(settings: FunnelSettings) -> dict[str, Any]:
    if settings.window is None:
        raise UsageError("Time in the funnel needs a window: name --from and --to.")
    mode = "entered" if settings.mode == "entered" else "cohort"
    return {"mode": mode, "from": settings.window.start, "to": settings.window.end}


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)
