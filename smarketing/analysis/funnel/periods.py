"""The funnel over time: cohorts as a heat map, and the trend of each step's rate."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal, get_args

from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import agreed_stages
from smarketing.analysis.rates import Rate, rate_of
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.errors import UsageError, unknown
from smarketing.periods import Window

Grain = Literal["week", "month", "quarter"]
GRAINS: tuple[Grain, ...] = get_args(Grain)


@dataclass(frozen=True)
class Cell:
    """The leads that began in one period and reached one stage.

    `share` is of the period's leads; `step` the mature conversion from the stage before (None for
    the first). A cell is mature when every lead of it was followed for the step's window.
    """

    period_start: dt.date
    stage: str
    reached: int
    share: float | None
    step: Rate | None
    is_mature: bool


@dataclass(frozen=True)
class TrendPoint:
    """One step in one period: mature conversion within the window, and the leads too young."""

    key: str
    stage: str
    next_stage: str
    period_start: dt.date
    reached: int
    rate: Rate
    is_previous: bool

    @property
    def young(self) -> int:
        """Return how many were not followed for the window yet."""
        return self.reached - self.rate.n


def cohort_heat(
    engine: Engine,
    settings: FunnelSettings,
    grain: Grain = "month",
    filters: Filters = NO_FILTERS,
) -> list[Cell]:
    """Answer, for the leads that began in each week, month or quarter, who reached each stage.

    One cell per period with leads and stage, in order; empty without leads in the window.
    """
    window = _window(settings.window, grain)
    params = {"from": window.start, "to": window.end, "skips": settings.skips, "grain": grain}
    periods: dict[dt.date, dict[int, dict[str, Any]]] = {}
    for row in engine.rows("funnel/heat", params, filters):
        periods.setdefault(row["period_start"], {})[row["stage_number"]] = row
    stages = agreed_stages(engine)
    found = []
    for start, rows in sorted(periods.items()):
        whole = _count(rows.get(1), "reached")
        for stage in stages:
            before = rows.get(stage.number - 1)
            reached = _count(rows.get(stage.number), "reached")
            step = None
            if stage.number > 1:
                step = rate_of(_count(before, "mature_stepped"), _count(before, "mature"))
            # Of nobody before, as at the first stage, all are.
            mature = _count(before, "mature") == _count(before, "reached")
            share = reached / whole if whole else None
            found.append(Cell(start, stage.stage, reached, share, step, mature))
    return found


def step_trend(
    engine: Engine,
    window: Window,
    grain: Grain = "month",
    filters: Filters = NO_FILTERS,
    by: str | None = None,
) -> list[TrendPoint]:
    """Answer how each step's mature rate moves, period by period, with the like window before.

    Points of the window before carry `is_previous`. Periods without entries have no point.
    """
    window = _window(window, grain)
    found = []
    for part, is_previous in ((window.previous(), True), (window, False)):
        params = {"from": part.start, "to": part.end, "grain": grain}
        found += [
            TrendPoint(
                str(row["key"]),
                str(row["stage"]),
                str(row["next_stage"]),
                row["period_start"],
                int(row["reached"]),
                rate_of(int(row["mature_converted"]), int(row["mature"])),
                is_previous,
            )
            for row in engine.rows("funnel/trend", params, filters, by)
        ]
    return found


def _window(window: Window | None, grain: str) -> Window:
    if grain not in GRAINS:
        raise unknown("grain", grain, GRAINS)
    if window is None:
        raise UsageError("Cohorts need a window: name --from and --to.")
    return window


def _count(row: Any, column: str) -> int:
    return 0 if row is None else int(row[column])
