"""Exhibits of the funnel over time: cohorts by period of entry, trends."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from smarketing.analysis.funnel.listing import cohort_records, step_records
from smarketing.analysis.funnel.periods import Cell, TrendPoint
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.rates import Rate, rate_of
from smarketing.charts import format as fmt
from smarketing.charts.encoding import Encoding, Series
from smarketing.charts.lines import lines
from smarketing.charts.maps import heat_map
from smarketing.charts.marks import at_days
from smarketing.charts.theme import Look
from smarketing.periods import Period, parse_window, period_of
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.labels import labels_of
from smarketing.ui.records import Records, listed
from smarketing.ui.sections.funnel.counting import (
    DASH,
    STEPS,
    choices,
    definition,
    of_cohort,
    stage_label,
    window_params,
)
from smarketing.ui.session import ask
from smarketing.ui.view import View


def heat(view: View, settings: FunnelSettings, cells: Sequence[Cell], grain: str) -> Exhibit:
    """Cohorts by period of entry against stage: share reached, immature cells pale."""
    counted = of_cohort(settings)
    frame = pd.DataFrame(
        [
            {
                grain: _named(c, grain),
                "id": c.stage,
                "stage": stage_label(view, c.stage),
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
        definition=definition(
            view,
            counted,
            query="funnel/heat",
            params={**window_params(view), "skips": settings.skips, "grain": grain},
        ),
        data=frame.drop(columns=["id", "note"]) if len(frame) else frame,
        draw=lambda look: heat_map(
            frame,
            look,
            Encoding(key=grain, value="share", unit="rate", note="note", pale="young"),
            Series(column="id", labels=labels_of(view.store.agreement, "stage")),
        ),
        records=lambda part: _cohort(view, settings, cells, grain, part),
        parts={
            DASH.join((_named(c, grain), c.stage)): ", ".join(
                (_named(c, grain), stage_label(view, c.stage))
            )
            for c in cells
        },
        choices={**choices(counted), "Cohorts by": grain},
        units={"share": "rate", "mature_rate": "rate"},
        timeline=[
            (_period(view, c, grain), _named(c, grain)) for c in cells if c.stage == cells[0].stage
        ],
    )


def _period(view: View, cell: Cell, grain: str) -> Period:
    return period_of(cell.period_start, grain, week_start=view.store.agreement.week_start)


def _named(cell: Cell, grain: str) -> str:
    day = cell.period_start
    if grain == "week":
        return f"{day:%Y-%m-%d}"
    return f"{day.year}-Q{(day.month + 2) // 3}" if grain == "quarter" else f"{day:%Y-%m}"


def _cohort(
    view: View, settings: FunnelSettings, cells: Sequence[Cell], grain: str, part: str | None
) -> Records:
    store, window = view.store, view.window
    if part is None:
        first = cells[0].stage if cells else store.agreement.stages[0].id
        rows = ask(store, cohort_records, settings, window, first, view.filters)
        expected = sum(c.reached for c in cells if c.stage == first)
        return listed(store, rows, "leads that began", expected=float(expected))
    cell = next(c for c in cells if f"{_named(c, grain)}{DASH}{c.stage}" == part)
    whole = _period(view, cell, grain)
    # The first and the last cohort may begin outside the window, and then count in part.
    own = parse_window(max(whole.start, window.start), min(whole.end, window.end))
    rows = ask(store, cohort_records, settings, own, cell.stage, view.filters)
    noun = f"leads of {_named(cell, grain)} that reached {stage_label(view, cell.stage)}"
    return listed(store, rows, noun, expected=float(cell.reached))


def trend(view: View, points: Sequence[TrendPoint], grain: str) -> Exhibit:
    """Each step's mature rate period by period; hollow points rest on few or young leads."""
    rows = [
        {
            "period": p.period_start,
            "id": p.stage,
            "step": _step(view, p),
            "rate": p.rate.rate,
            "n": p.rate.n,
            "young": p.young,
            "pale": p.rate.is_small or p.young > p.rate.n,
            "previous": p.is_previous,
        }
        for p in points
    ]
    names = ["period", "id", "step", "rate", "n", "young", "pale", "previous"]
    frame = pd.DataFrame(rows, columns=names)
    shown = frame[frame["rate"].notna()].sort_values(["period", "previous"])
    return Exhibit(
        key="trend",
        title=_trend_title(frame),
        reading="Mature rate of each step by the period of entry, the like period before it on the "
        "left; hollow: fewer than 30 mature leads, or most still too young.",
        view=view,
        definition=definition(
            view,
            FunnelSettings(window=view.window),
            query="funnel/trend",
            params={**window_params(view), "grain": grain},
        ),
        data=frame.drop(columns=["id", "pale"]),
        draw=lambda look: _with_before(shown, look),
        records=lambda part: _entered(view, points, grain, part),
        parts={
            f"{p.stage}{DASH}{p.period_start}": f"{_step(view, p)}, {p.period_start}"
            for p in points
            if not p.is_previous and p.rate.rate is not None
        },
        choices={**STEPS, "By": grain},
        units={"rate": "rate"},
        timeline=at_days(shown["period"], grain, view.store.agreement.week_start),
    )


def _step(view: View, point: TrendPoint) -> str:
    return f"{stage_label(view, point.stage)} → {stage_label(view, point.next_stage)}"


def _entered(view: View, points: Sequence[TrendPoint], grain: str, part: str | None) -> Records:
    store, window = view.store, view.window
    # A week may straddle the two windows, and then has a point in each.
    now = [p for p in points if not p.is_previous]
    named = (p for p in now if part in (None, f"{p.stage}{DASH}{p.period_start}"))
    point = next(named, None)
    if point is None:
        return Records(pd.DataFrame(), "leads")
    chosen = [p for p in now if p.stage == point.stage]
    if part is not None:
        chosen = [point]
        whole = period_of(point.period_start, grain, week_start=store.agreement.week_start)
        window = parse_window(max(whole.start, window.start), min(whole.end, window.end))
    rows = ask(store, step_records, window, point.stage, view.filters)
    expected = float(sum(p.reached for p in chosen))
    noun = f"entries into {stage_label(view, point.stage)}"
    return listed(store, rows, noun, expected=expected)


def _with_before(shown: pd.DataFrame, look: Look) -> go.Figure:
    """The lines of both windows on one axis, the border between them marked."""
    figure = lines(
        shown,
        look,
        Encoding(key="period", value="rate", unit="rate", pale="pale"),
        Series(column="id", labels=dict(zip(shown["id"], shown["step"], strict=True))),
        height=380,
    )
    if shown["previous"].any():
        start = _border(shown)
        figure.add_vline(x=start, line={"color": look.muted, "width": 1, "dash": "dash"})
        figure.add_annotation(
            x=start,
            y=1,
            yref="paper",
            text="before  |  period",
            showarrow=False,
            yanchor="bottom",
            font={"size": 13, "color": look.muted},
        )
    return figure


def _border(shown: pd.DataFrame) -> pd.Timestamp:
    """Half-way from the last point of the window before to the first of this one."""
    days = pd.to_datetime(shown["period"])
    before, now = days[shown["previous"]].max(), days[~shown["previous"]].min()
    return before if pd.isna(now) else before + (now - before) / 2


def _trend_title(frame: pd.DataFrame) -> str:
    """The step that moved most, where its intervals before and now do not overlap."""
    best: tuple[float, str] | None = None
    judged = False
    for step, rows in frame.groupby("step", sort=False):
        before, now = (_pooled(rows[rows["previous"] == was]) for was in (True, False))
        if before.is_small or now.is_small:
            continue
        judged = True
        apart = (before.high or 0) < (now.low or 0) or (now.high or 0) < (before.low or 0)
        change = (now.rate or 0) - (before.rate or 0)
        if apart and (best is None or abs(change) > abs(best[0])):
            best = (change, str(step))
    if best is None:
        return (
            "No step's rate moved beyond chance against the period before"
            if judged
            else "Each step's rate over time: too few are old enough to compare"
        )
    way = "rose" if best[0] > 0 else "fell"
    return f"{best[1]} {way} most against the period before: {fmt.points(best[0])}"


def _pooled(rows: pd.DataFrame) -> Rate:
    known = rows[rows["n"] > 0]
    return rate_of(round(float((known["rate"] * known["n"]).sum())), int(known["n"].sum()))
