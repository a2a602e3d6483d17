"""Exhibits of the funnel: the funnel itself, its leaks, exits and breakdown."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from smarketing.analysis.funnel.records import funnel_records
from smarketing.analysis.funnel.settings import EXPLAINED, FunnelSettings
from smarketing.analysis.funnel.stages import FunnelResult, FunnelStage
from smarketing.analysis.rates import Rate
from smarketing.charts import format as fmt
from smarketing.charts.bars import pareto, stacked
from smarketing.charts.funnel import FunnelBar, funnel
from smarketing.charts.maps import heat_map
from smarketing.charts.theme import mix
from smarketing.ui.address import View
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition
from smarketing.ui.labels import labels_of, name_of
from smarketing.ui.records import Records, listed
from smarketing.ui.session import ask

DASH = " · "
LEAK = (
    ("advanced", "advanced"),
    ("here", "still here"),
    ("moved_back", "moved back"),
    ("left", "left"),
)


EMPTY_STEP = "Try a longer period, or count by snapshot, which needs no beginning."


def why_empty(result: FunnelResult) -> str:
    """Why a funnel counts no lead, in one sentence."""
    if not result.start_unknown:
        return "No lead began in the period, or the filters leave none."
    return (
        f"{result.start_unknown:,} of {result.leads:,} leads have no known beginning: their "
        "creation stamps say when they were loaded, or are missing."
    )


def definition(view: View, settings: FunnelSettings, by: str | None = None) -> Definition:
    """What the funnel counts, in the words of the three choices, with its SQL."""
    agreement, engine = view.store.agreement, view.store.engine
    stages = agreement.stages
    return Definition(
        "The shared funnel",
        "How many leads reach each stage, and what becomes of them there?",
        " ".join(f"{s.label}: {s.definition.strip()}" for s in stages),
        "rate of a step = mature leads that went on within W days ÷ mature leads",
        tuple(f"{s.label}: {agreement.team(s.owner).label}" for s in stages),
        (
            *(EXPLAINED[c] for c in (settings.mode, settings.skips, settings.reentry)),
            "A lead is mature when it was followed for W days since it entered the stage.",
        ),
        lambda: engine.sql(f"funnel/{settings.mode}", settings.params(engine), view.filters, by),
    )


def choices(settings: FunnelSettings) -> dict[str, str]:
    """The three choices as they are printed under every figure of the funnel."""
    return {"Counting": settings.label}


def bars(stages: Sequence[FunnelStage]) -> list[FunnelBar]:
    """The stages as the chart draws them; the young are those the next step cannot judge yet."""
    found = []
    for place, stage in enumerate(stages):
        step = stage.step
        following = stages[place + 1].step if place + 1 < len(stages) else None
        found.append(
            FunnelBar(
                stage=stage.label,
                label=stage.label,
                count=stage.count,
                team=stage.owner_side,
                rate=step.mature.rate if step else None,
                low=step.mature.low if step else None,
                high=step.mature.high if step else None,
                mature=step.mature.n if step else None,
                converted=step.mature.successes if step else None,
                window_days=step.window_days if step else None,
                young=following.young if following else 0,
            )
        )
    return found


def whole(view: View, settings: FunnelSettings, result: FunnelResult) -> Exhibit:
    """The funnel as bars with the steps between them."""
    stages = result.stages
    drawn = bars(stages)
    frame = pd.DataFrame([stage.as_dict() for stage in stages]).drop(columns="left")
    return Exhibit(
        key="funnel",
        title=_title(result),
        reading=_reading(result),
        view=view,
        definition=definition(view, settings),
        data=frame,
        draw=lambda look: funnel(drawn, look),
        records=lambda part: _records(view, settings, result, part),
        parts=tuple(stage.label for stage in stages),
        choices=choices(settings),
        units={"rate": "rate", "low": "rate", "high": "rate", "mature_rate": "rate"},
    )


def _title(result: FunnelResult) -> str:
    first, last = result.stages[0], result.stages[-1]
    if result.settings.mode == "snapshot":
        standing = sum(stage.count for stage in result.stages)
        return f"{fmt.number(standing)} leads stand in the funnel, {result.exited or 0:,} have left"
    if result.settings.mode == "entered":
        return (
            f"{fmt.number(first.count)} {first.label} and {fmt.number(last.count)} {last.label} "
            "entries in the period"
        )
    steps = [s for s in result.stages if s.step and s.step.mature.rate is not None]
    steps = [s for s in steps if s.step and not s.step.mature.is_small]
    if not steps:
        return (
            f"{fmt.number(first.count)} leads began in the period; too few are old enough to judge"
        )
    worst = min(steps, key=lambda s: s.step.mature.rate if s.step and s.step.mature.rate else 0.0)
    before = result.stages[result.stages.index(worst) - 1]
    rate = fmt.percent(worst.step.mature.rate if worst.step else None, 0)
    return f"The narrowest step is {before.label} to {worst.label}: {rate} go on"


def _reading(result: FunnelResult) -> str:
    first, last = result.stages[0], result.stages[-1]
    text = EXPLAINED[result.settings.mode]
    if result.settings.mode == "cohort":
        text = (
            f"Of {fmt.number(first.count)} leads that began in the period, "
            f"{fmt.number(last.count)} reached {last.label} so far. Pale: too young to be judged "
            "for the next step."
        )
    joined = result.joined
    if joined.created or joined.won:
        text += (
            f" Joined at opportunity: {fmt.number(joined.created)} deals without a lead, "
            f"{fmt.number(joined.won)} won."
        )
    if result.start_unknown:
        text += (
            f" {fmt.number(result.start_unknown)} of {fmt.number(result.leads)} leads are in no "
            "cohort: their beginning is unknown."
        )
    return text


def _records(
    view: View, settings: FunnelSettings, result: FunnelResult, part: str | None
) -> Records:
    """The leads of one stage: its entries; of the whole, those of the first stage."""
    stage = next((s for s in result.stages if s.label == part), result.stages[0])
    frame = ask(view.store, funnel_records, settings, stage.stage, filters=view.filters)
    return listed(view.store, frame, f"{stage.label} entries", expected=stage.count)


def leaks(view: View, settings: FunnelSettings, result: FunnelResult) -> Exhibit:
    """What became of those that reached each stage: four parts that add up to it."""
    rows = [
        {
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
    frame = pd.DataFrame(rows, columns=["stage", "reached", *(name for name, _ in LEAK)])
    worst = max(rows[:-1], key=lambda r: int(str(r["left"])), default=None)
    lost = int(str(worst["left"])) if worst else 0
    return Exhibit(
        key="leaks",
        title=f"Most leads are lost at {worst['stage']}: {fmt.number(lost)} left there"
        if worst and lost
        else "No lead has left the funnel in this view",
        reading="Reached = advanced + still here + moved back + left, for every stage.",
        view=view,
        definition=definition(view, settings),
        data=frame,
        draw=lambda look: stacked(
            frame,
            look,
            key="stage",
            parts=[
                ("advanced", "advanced", look.good),
                ("here", "still here", look.shared),
                ("moved_back", "moved back", mix(look.bad, look.paper, 0.45)),
                ("left", "left", look.bad),
            ],
        ),
        records=lambda part: _leak_records(view, settings, result, part),
        parts=tuple(f"{row['stage']}{DASH}{name}" for row in rows for name, _ in LEAK),
        choices=choices(settings),
    )


def _leak_records(
    view: View, settings: FunnelSettings, result: FunnelResult, part: str | None
) -> Records:
    if part is None:
        return _records(view, settings, result, None)
    label, name = part.rsplit(DASH, 1)
    stage = next(s for s in result.stages if s.label == label)
    frame = ask(view.store, funnel_records, settings, stage.stage, name, filters=view.filters)
    leak = stage.leak
    expected = None
    if leak is not None:
        expected = float(leak.left_count if name == "left" else getattr(leak, name))
    noun = f"{label} entries, {name.replace('_', ' ')}"
    return listed(view.store, frame, noun, expected=expected)


def exits(view: View, settings: FunnelSettings, result: FunnelResult) -> Exhibit:
    """Why leads left: exit and reason over all stages, most frequent first."""
    labels = {e.id: e.label for e in view.store.agreement.exits}
    rows = [
        {
            "stage": s.label,
            "exit": labels.get(left.exit, left.exit),
            "reason": left.reason or "no reason given",
            "count": left.count,
        }
        for s in result.stages
        if s.leak is not None
        for left in s.leak.left
    ]
    frame = pd.DataFrame(rows, columns=["stage", "exit", "reason", "count"])
    frame["why"] = frame["exit"].astype(str) + DASH + frame["reason"].astype(str)
    summed = frame.groupby("why")[["count"]].sum().reset_index()
    total = int(summed["count"].sum()) if len(summed) else 0
    top = summed.sort_values("count", ascending=False)
    title = "No exit is recorded in this view"
    if total:
        share = fmt.percent(float(top["count"].iloc[0]) / total, 0)
        title = f"“{top['why'].iloc[0]}” explains {share} of {fmt.number(total)} exits"
    return Exhibit(
        key="exits",
        title=title,
        reading="Exit and reason as recorded, with the running share of all exits.",
        view=view,
        definition=definition(view, settings),
        data=frame.drop(columns="why"),
        draw=lambda look: pareto(summed, look, key="why", value="count", hue=look.bad),
        records=lambda part: _exit_records(view, settings, result, part),
        parts=tuple(top["why"]),
        choices=choices(settings),
    )


def _exit_records(
    view: View, settings: FunnelSettings, result: FunnelResult, part: str | None
) -> Records:
    labels = {e.id: e.label for e in view.store.agreement.exits}
    frames = [
        ask(view.store, funnel_records, settings, s.stage, "left", filters=view.filters)
        for s in result.stages
        if s.leak is not None
    ]
    frame = pd.concat(frames, ignore_index=True)
    expected = sum(s.leak.left_count for s in result.stages if s.leak)
    if part is not None:
        names = frame["exit"].astype(str).replace(labels)
        why = names + DASH + frame["reason"].fillna("no reason given").astype(str)
        frame = frame[why == part].reset_index(drop=True)
        expected = sum(
            left.count
            for s in result.stages
            if s.leak
            for left in s.leak.left
            if f"{labels.get(left.exit, left.exit)}{DASH}{left.reason or 'no reason given'}" == part
        )
    return listed(view.store, frame, "exits", expected=expected)


def breakdown(view: View, settings: FunnelSettings, cut: FunnelResult) -> Exhibit:
    """Each value of a dimension by step: mature rate and n, one row per value."""
    by = cut.by or ""
    rows = []
    for group in cut.groups[:15]:
        for stage in group.stages[1:]:
            step = stage.step
            rows.append(
                {
                    by: group.key,
                    "leads": group.stages[0].count,
                    "step": f"to {stage.label}",
                    "rate": step.mature.rate if step else None,
                    "n": step.mature.n if step else 0,
                    "reached": stage.count,
                    "is_small": bool(step and step.mature.is_small),
                    "note": _beside(step.mature) if step else "",
                    "counts": _counted(step.mature) if step else "",
                }
            )
    names = [by, "leads", "step", "rate", "n", "reached", "is_small", "note", "counts"]
    frame = pd.DataFrame(rows, columns=names)
    return Exhibit(
        key="breakdown",
        title=_breakdown_title(view, cut),
        reading="Mature rate of each step; unshaded: fewer than 30 mature leads, no verdict. "
        "Counts where fewer than five went on or stayed.",
        view=view,
        definition=definition(view, settings, by),
        data=frame.drop(columns=["note", "counts"]),
        draw=lambda look: heat_map(
            frame,
            look,
            x="step",
            y=by,
            value="rate",
            unit="rate",
            pale="is_small",
            note="note",
            words="counts",
            labels=labels_of(view.store.agreement, by),
        ),
        records=lambda part: _group_records(view, settings, cut, part),
        parts=tuple(f"{g.key}{DASH}to {s.label}" for g in cut.groups[:15] for s in g.stages[1:]),
        choices={**choices(settings), "By": by},
        units={"rate": "rate"},
    )


def _counted(rate: Rate) -> str:
    """How many of very few went on; nothing where the rate itself can be shown."""
    return str(rate.successes) if rate.n and rate.as_counts else ""


def _beside(rate: Rate) -> str:
    """What stands under a rate, or under the count instead of it."""
    return f"of {fmt.number(rate.n)}" if _counted(rate) else f"(n {fmt.number(rate.n)})"


def _breakdown_title(view: View, cut: FunnelResult) -> str:
    best: tuple[float, str, str] | None = None
    worst: tuple[float, str, str] | None = None
    for group in cut.groups:
        step = group.stages[1].step if len(group.stages) > 1 else None
        if step is None or step.mature.is_small or step.mature.rate is None:
            continue
        if group.key.startswith("("):
            continue
        entry = (step.mature.rate, group.key, group.stages[1].label)
        best = max(best or entry, entry)
        worst = min(worst or entry, entry)
    if best is None or worst is None or best[1] == worst[1]:
        return f"The funnel by {cut.by}"
    names = [name_of(view.store.agreement, cut.by or "", key) for key in (best[1], worst[1])]
    return (
        f"{names[0]} reaches {best[2]} at {fmt.percent(best[0], 0)}, "
        f"{names[1]} at {fmt.percent(worst[0], 0)}"
    )


def _group_records(
    view: View, settings: FunnelSettings, cut: FunnelResult, part: str | None
) -> Records:
    if part is None or cut.by is None:
        first = cut.groups[0].stages[0]
        frame = ask(view.store, funnel_records, settings, first.stage, filters=view.filters)
        expected = sum(group.stages[0].count for group in cut.groups)
        return listed(view.store, frame, f"{first.label} entries", expected=expected)
    key, label = part.rsplit(f"{DASH}to ", 1)
    group = next(g for g in cut.groups if g.key == key)
    stage = next(s for s in group.stages if s.label == label)
    filters = view.filters.with_(**{cut.by: [key]})
    frame = ask(view.store, funnel_records, settings, stage.stage, filters=filters)
    return listed(view.store, frame, f"{label} entries of {key}", expected=stage.count)
