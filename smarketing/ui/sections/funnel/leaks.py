"""Exhibits of where leads leave the funnel, and why."""

from __future__ import annotations

import pandas as pd

from smarketing.analysis.funnel.records import funnel_records
from smarketing.analysis.funnel.result import FunnelResult
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.charts import format as fmt
from smarketing.charts import words
from smarketing.charts.bars import pareto, stacked
from smarketing.charts.encoding import Encoding
from smarketing.charts.theme import mix
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.records import Records, listed
from smarketing.ui.sections.funnel.counting import DASH, choices, definition
from smarketing.ui.sections.funnel.stages import stage_records
from smarketing.ui.session import ask
from smarketing.ui.view import View

NO_REASON = "no reason given"
LEAK = (
    ("advanced", "advanced"),
    ("here", "still here"),
    ("moved_back", "moved back"),
    ("left", "left"),
)


def leaks(view: View, settings: FunnelSettings, result: FunnelResult) -> Exhibit:
    """What became of those that reached each stage: four parts that add up to it."""
    rows = [
        {
            "id": s.stage,
            "stage": s.label,
            "reached": s.count,
            "advanced": s.leak.advanced,
            "here": s.leak.here,
            "moved_back": s.leak.moved_back,
            "left": s.leak.left_count,
        }
        for s in result.stages
        if s.leak is not None
    ]
    frame = pd.DataFrame(rows, columns=["id", "stage", "reached", *(name for name, _ in LEAK)])
    worst = max(rows[:-1], key=lambda r: int(str(r["left"])), default=None)
    lost = int(str(worst["left"])) if worst else 0
    return Exhibit(
        key="leaks",
        title=f"Most leads are lost at {worst['stage']}: {fmt.number(lost)} left there"
        if worst and lost
        else "Which leads left is not known"
        if result.exits_reason
        else "No lead has left the funnel in this view",
        reason=result.exits_reason or "",
        reading="Reached = advanced + still here + moved back + left, for every stage.",
        view=view,
        definition=definition(view, settings),
        data=frame.drop(columns="id"),
        draw=lambda look: stacked(
            frame,
            look,
            Encoding(key="id", labels=dict(zip(frame["id"], frame["stage"], strict=True))),
            [
                ("advanced", "advanced", look.good),
                ("here", "still here", look.shared),
                ("moved_back", "moved back", mix(look.bad, look.paper, 0.45)),
                ("left", "left", look.bad),
            ],
        ),
        records=lambda part: _leak_records(view, settings, result, part),
        parts={
            f"{row['id']}{DASH}{name}": f"{row['stage']}, {said}"
            for row in rows
            for name, said in LEAK
        },
        choices=choices(settings),
    )


def _leak_records(
    view: View, settings: FunnelSettings, result: FunnelResult, part: str | None
) -> Records:
    if part is None:
        return stage_records(view, settings, result, None)
    key, name = part.rsplit(DASH, 1)
    stage = next(s for s in result.stages if s.stage == key)
    frame = ask(view.store, funnel_records, settings, stage.stage, name, filters=view.filters)
    leak = stage.leak
    expected = None
    if leak is not None:
        expected = float(leak.left_count if name == "left" else getattr(leak, name))
    noun = f"{stage.label} entries, {name.replace('_', ' ')}"
    return listed(view.store, frame, noun, expected=expected)


def exits(view: View, settings: FunnelSettings, result: FunnelResult) -> Exhibit:
    """Why leads left: exit and reason over all stages, most frequent first."""
    labels = {e.id: e.label for e in view.store.agreement.exits}
    rows = [
        {
            "stage": s.label,
            "exit": labels.get(left.exit, left.exit),
            "reason": left.reason or NO_REASON,
            "count": left.count,
            "id": _exit_id(left.exit, left.reason),
        }
        for s in result.stages
        if s.leak is not None
        for left in s.leak.left
    ]
    frame = pd.DataFrame(rows, columns=["stage", "exit", "reason", "count", "id"])
    whys = {str(row["id"]): f"{row['exit']}{DASH}{row['reason']}" for row in rows}
    summed = frame.groupby("id")[["count"]].sum().reset_index()
    total = int(summed["count"].sum()) if len(summed) else 0
    top = summed.sort_values(["count", "id"], ascending=[False, True])
    title = "No exit is recorded in this view"
    if result.exits_reason:
        title = "Why leads left is not known"
    if total:
        often = zip(top["id"], top["count"], strict=True)
        title = words.foremost({whys[name]: int(count) for name, count in often}, "exit")
    return Exhibit(
        key="exits",
        title=title,
        reason=result.exits_reason or "",
        reading="Exit and reason as recorded, with the running share of all exits.",
        view=view,
        definition=definition(view, settings),
        data=frame.drop(columns="id"),
        draw=lambda look: pareto(
            summed, look, Encoding(key="id", value="count", labels=whys, hue=look.bad)
        ),
        records=lambda part: _exit_records(view, settings, result, part),
        parts={key: whys[key] for key in top["id"]},
        choices=choices(settings),
    )


def _exit_id(exit_: str, reason: str | None) -> str:
    return f"{exit_}{DASH}{reason or NO_REASON}"


def _exit_records(
    view: View, settings: FunnelSettings, result: FunnelResult, part: str | None
) -> Records:
    frames = [
        ask(view.store, funnel_records, settings, s.stage, "left", filters=view.filters)
        for s in result.stages
        if s.leak is not None
    ]
    frame = pd.concat(frames, ignore_index=True)
    expected = sum(s.leak.left_count for s in result.stages if s.leak)
    if part is not None:
        why = frame["exit"].astype(str) + DASH + frame["reason"].fillna(NO_REASON).astype(str)
        frame = frame[why == part].reset_index(drop=True)
        expected = sum(
            left.count
            for s in result.stages
            if s.leak
            for left in s.leak.left
            if _exit_id(left.exit, left.reason) == part
        )
    return listed(view.store, frame, "exits", expected=expected)
