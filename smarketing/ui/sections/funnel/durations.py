"""Exhibits of how long things take: stays, days to the next stage, the deals' cycle."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from smarketing.analysis.funnel.listing import cohort_records, move_records
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.time import Cycle, Histogram, Stay, cycle_records
from smarketing.analysis.rates import SMALL_N
from smarketing.charts import format as fmt
from smarketing.charts import words
from smarketing.charts.bars import columns, stacked
from smarketing.charts.encoding import Encoding
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition
from smarketing.ui.records import Records, listed
from smarketing.ui.sections.funnel.counting import (
    choices,
    definition,
    event_params,
    of_cohort,
    of_events,
    stage_label,
    window_params,
)
from smarketing.ui.session import ask
from smarketing.ui.view import View


def stays(view: View, settings: FunnelSettings, found: Sequence[Stay], basis: str) -> Exhibit:
    """How long leads stay in each stage: quantiles of completed stays, running ones beside."""
    frame = pd.DataFrame(
        [
            {
                "stage": stage_label(view, s.stage),
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
    known = [s for s in found if s.median_days is not None and s.completed >= SMALL_N]
    slow = max(known, key=lambda s: s.median_days or 0.0, default=None)
    return Exhibit(
        key="stays",
        title=f"Leads stay longest in {stage_label(view, slow.stage)}: {fmt.days(slow.median_days)}"
        if slow
        else "Too few stays have been completed to compare the stages",
        reading="Completed stays only; running ones stand beside and are never mixed in.",
        view=view,
        definition=definition(
            view, settings, query="funnel/stays", params=event_params(view, settings)
        ),
        data=frame,
        records=lambda part: _stayed(view, settings, found, part),
        parts={s.stage: stage_label(view, s.stage) for s in found},
        choices={**of_events(settings), "Stays": basis},
        units=dict.fromkeys(("median", "75th", "90th", "running median"), "right"),
    )


def _stayed(
    view: View, settings: FunnelSettings, found: Sequence[Stay], part: str | None
) -> Records:
    """The stays under the quantiles; how many count once is another matter where a basis sums."""
    rows = ask(view.store, move_records, settings, view.filters)
    stages = {s.stage for s in found if part in (None, s.stage)}
    return listed(view.store, rows[rows["stage"].isin(stages)], "stays")


def convert(view: View, settings: FunnelSettings, found: Histogram) -> Exhibit:
    """After how many days the leads of a cohort went on to the next stage."""
    counted = of_cohort(settings)
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
    params = {**window_params(view), "skips": settings.skips}
    step = f"{stage_label(view, found.stage)} to {stage_label(view, found.next_stage)}"
    return Exhibit(
        key="convert",
        title=f"{step}: {fmt.number(found.total - late)} of {fmt.number(found.total)} conversions "
        f"came within {fmt.days(found.window_days)}"
        if found.total
        else f"{step}: no conversion with a known age",
        reading="Days from entering the stage to the next; pale: after the window by which the "
        "step is judged.",
        view=view,
        definition=definition(view, counted, query="funnel/ages", params=params),
        data=frame,
        draw=lambda look: columns(
            frame,
            look,
            Encoding(key="days", value="leads", pale="late", hue=look.shared, title="days"),
        ),
        records=lambda part: _aged(view, settings, found, list(frame["days"]), part),
        parts=tuple(frame["days"]),
        choices={**choices(counted), "Step": step},
    )


def _aged(
    view: View, settings: FunnelSettings, found: Histogram, names: list[str], part: str | None
) -> Records:
    store = view.store
    rows = ask(store, cohort_records, settings, view.window, found.stage, view.filters)
    rows = rows[rows["step_days"].notna()]
    expected = found.total
    if part is not None:
        place = names.index(part)
        low, high = found.edges[place], found.edges[place + 1]
        rows = rows[(rows["step_days"] >= low) & (rows["step_days"] < high)]
        expected = found.counts[place]
    return listed(store, rows, "leads that went on", expected=float(expected))


def cycle(view: View, settings: FunnelSettings, found: Cycle) -> Exhibit:
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
                "age": f"{p.age_days} days ({words.of_n(p.deals)})",
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
        needs=("fct_deal",),
        title=f"The {fmt.number(found.won)} won of {fmt.many(found.deals, 'deal')} took "
        f"{fmt.days(found.median_won_days)} at the median"
        if found.median_won_days is not None
        else "No deal created in the period has been won",
        reading="Shares by age among deals followed that long: the won alone flatter the cycle.",
        view=view.of(channel="deal", persona="deal", owner="deal"),
        definition=Definition(
            "Sales cycle",
            "How long do deals take?",
            "Deals created in the period, by what had become of them at each age.",
            caveats=("Deals whose creation or outcome is unknown are left out.",),
            sql=lambda: view.store.engine.sql(
                "funnel/cycle",
                {**window_params(view), "as_of_day": view.store.engine.as_of_day},
                view.filters,
            ),
        ),
        data=frame,
        draw=lambda look: stacked(
            frame,
            look,
            Encoding(key="age", unit="rate"),
            [
                ("won", "won", look.good),
                ("lost", "lost", look.bad),
                ("open", "open", look.faint),
            ],
        ),
        records=lambda _: listed(
            view.store,
            ask(view.store, cycle_records, settings, view.filters),
            "deals",
            expected=float(found.deals),
        ),
        choices={"Deals": "created in the period"},
        units={"won": "rate", "lost": "rate", "open": "rate"},
    )
