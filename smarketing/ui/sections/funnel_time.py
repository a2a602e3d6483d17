"""Exhibits of the funnel over time: cohorts, trends, stays, days to convert, the deals' cycle."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from smarketing.analysis.funnel_periods import Cell, TrendPoint
from smarketing.analysis.funnel_settings import FunnelSettings
from smarketing.analysis.funnel_time import Cycle, Histogram, Stay
from smarketing.charts import format as fmt
from smarketing.charts.bars import columns, stacked
from smarketing.charts.lines import lines
from smarketing.charts.maps import heat_map
from smarketing.ui.address import View
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition
from smarketing.ui.labels import labels_of
from smarketing.ui.sections.funnel import choices, definition


def _label(view: View, stage: str) -> str:
    return labels_of(view.store.agreement, "stage").get(stage, stage)


def heat(view: View, settings: FunnelSettings, cells: Sequence[Cell], grain: str) -> Exhibit:
    """Cohorts by period of entry against stage: share reached, immature cells pale."""
    frame = pd.DataFrame(
        [
            {
                grain: f"{c.period_start:%Y-%m-%d}" if grain == "week" else _period(c, grain),
                "stage": _label(view, c.stage),
                "share": c.share,
                "leads": c.reached,
                "mature_rate": c.step.rate if c.step else None,
                "n": c.step.n if c.step else None,
                "young": not c.is_mature,
                "note": f"({fmt.number(c.reached)})",
            }
            for c in cells
        ]
    )
    full = frame[(frame["stage"] == frame["stage"].iloc[0])] if len(frame) else frame
    young = int(frame.groupby(grain)["young"].any().sum()) if len(frame) else 0
    return Exhibit(
        key="heat",
        title=f"{len(full)} cohorts, {young} of them still too young to compare in full",
        reading="Share of each cohort's leads that reached the stage, count in brackets; cells "
        "without shade are not mature yet.",
        view=view,
        definition=definition(view, settings),
        data=frame.drop(columns="note"),
        draw=lambda look: heat_map(
            frame,
            look,
            x="stage",
            y=grain,
            value="share",
            unit="rate",
            pale="young",
            note="note",
        ),
        choices={**choices(settings), "Cohorts by": grain},
        units={"share": "rate", "mature_rate": "rate"},
    )


def _period(cell: Cell, grain: str) -> str:
    day = cell.period_start
    return f"{day.year}-Q{(day.month + 2) // 3}" if grain == "quarter" else f"{day:%Y-%m}"


def trend(
    view: View, settings: FunnelSettings, points: Sequence[TrendPoint], grain: str
) -> Exhibit:
    """Each step's mature rate period by period; hollow points rest on few or young leads."""
    rows = [
        {
            "period": p.period_start,
            "step": f"{_label(view, p.stage)} → {_label(view, p.next_stage)}",
            "rate": p.rate.rate,
            "n": p.rate.n,
            "young": p.young,
            "pale": p.rate.is_small or p.young > p.rate.n,
            "previous": p.is_previous,
        }
        for p in points
    ]
    frame = pd.DataFrame(rows, columns=["period", "step", "rate", "n", "young", "pale", "previous"])
    now = frame[~frame["previous"] & frame["rate"].notna()].sort_values("period")
    return Exhibit(
        key="trend",
        title=_trend_title(frame),
        reading="Mature rate of each step by the period of entry; hollow: fewer than 30 mature "
        "leads, or most still too young.",
        view=view,
        definition=definition(view, settings),
        data=frame.drop(columns="pale"),
        draw=lambda look: lines(
            now, look, x="period", series="step", value="rate", unit="rate", pale="pale", height=380
        ),
        choices={**choices(settings), "By": grain},
        units={"rate": "rate"},
    )


def _trend_title(frame: pd.DataFrame) -> str:
    best: tuple[float, str] | None = None
    for step, rows in frame.groupby("step", sort=False):
        parts = [rows[rows["previous"] == was] for was in (True, False)]
        sums = [(float((p["rate"] * p["n"]).sum()), int(p["n"].sum())) for p in parts]
        if min(n for _, n in sums) < 30:
            continue
        change = sums[1][0] / sums[1][1] - sums[0][0] / sums[0][1]
        if best is None or abs(change) > abs(best[0]):
            best = (change, str(step))
    if best is None:
        return "Each step's rate over time"
    way = "rose" if best[0] > 0 else "fell"
    return f"{best[1]} {way} most against the period before: {fmt.points(best[0])}"


def stays(view: View, settings: FunnelSettings, found: Sequence[Stay]) -> Exhibit:
    """How long leads stay in each stage: quantiles of completed stays, running ones beside."""
    frame = pd.DataFrame(
        [
            {
                "stage": _label(view, s.stage),
                "completed": s.completed,
                "median": fmt.days(s.median_days),
                "75th": fmt.days(s.p75_days),
                "90th": fmt.days(s.p90_days),
                "running": s.running,
                "running median": fmt.days(s.running_median_days),
            }
            for s in found
        ]
    )
    known = [s for s in found if s.median_days is not None]
    slow = max(known, key=lambda s: s.median_days or 0.0, default=None)
    return Exhibit(
        key="stays",
        title=f"Leads stay longest in {_label(view, slow.stage)}: {fmt.days(slow.median_days)}"
        if slow
        else "No stay has been completed",
        reading="Completed stays only; running ones stand beside and are never mixed in.",
        view=view,
        definition=definition(view, settings),
        data=frame,
        choices=choices(settings),
    )


def convert(view: View, settings: FunnelSettings, found: Histogram) -> Exhibit:
    """After how many days the leads of a cohort went on to the next stage."""
    frame = pd.DataFrame(
        {
            "days": [
                f"{low}" if high == low + 1 else f"{low} to {high - 1}"
                for low, high in zip(found.edges, found.edges[1:], strict=False)
            ],
            "leads": list(found.counts),
            "late": [low >= found.window_days for low in found.edges[:-1]],
        }
    )
    late = int(frame[frame["late"]]["leads"].sum())
    step = f"{_label(view, found.stage)} to {_label(view, found.next_stage)}"
    return Exhibit(
        key="convert",
        title=f"{step}: {fmt.number(found.total - late)} of {fmt.number(found.total)} conversions "
        f"came within {fmt.days(found.window_days)}"
        if found.total
        else f"{step}: no conversion with a known age",
        reading="Days from entering the stage to the next; pale: after the window by which the "
        "step is judged.",
        view=view,
        definition=definition(view, settings),
        data=frame,
        draw=lambda look: columns(
            frame, look, x="days", value="leads", pale="late", x_title="days", hue=look.shared
        ),
        choices=choices(settings),
    )


def cycle(view: View, found: Cycle) -> Exhibit:
    """Of the deals followed for so long, which share was won, lost or open by that age."""
    wanted = (30, 60, 90, 120, 180, 270, 365)
    points = [
        min(found.points, key=lambda p: abs(p.age_days - age))
        for age in wanted
        if found.points and found.points[-1].age_days >= age
    ]
    frame = pd.DataFrame(
        [
            {
                "age": f"{p.age_days} days (n {fmt.number(p.deals)})",
                "won": p.won,
                "lost": p.lost,
                "open": p.open,
            }
            for p in points
        ],
        columns=["age", "won", "lost", "open"],
    )
    return Exhibit(
        key="cycle",
        title=f"Won deals took {fmt.days(found.median_won_days)} at the median; the open ones "
        "take longer"
        if found.median_won_days is not None
        else "No deal created in the period has been won",
        reading="Shares by age among deals followed that long: the won alone flatter the cycle.",
        view=view,
        definition=Definition(
            "Sales cycle",
            "How long do deals take?",
            "Deals created in the period, by what had become of them at each age.",
            caveats=("Deals whose creation is unknown are left out.",),
        ),
        data=frame,
        draw=lambda look: stacked(
            frame,
            look,
            key="age",
            parts=[
                ("won", "won", look.good),
                ("lost", "lost", look.bad),
                ("open", "open", look.faint),
            ],
            unit="rate",
        ),
        choices={"Deals": "created in the period"},
        units={"won": "rate", "lost": "rate", "open": "rate"},
    )
