"""Exhibits of the funnel: the funnel itself, its leaks, exits and breakdown."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from smarketing.analysis.funnel.records import funnel_records
from smarketing.analysis.funnel.result import FunnelResult, FunnelStage
from smarketing.analysis.funnel.settings import EXPLAINED, FunnelSettings
from smarketing.charts import format as fmt
from smarketing.charts.findings import narrowest_step, of_joined
from smarketing.charts.funnel import FunnelBar, funnel
from smarketing.charts.words import capitalised
from smarketing.ui.asides import Aside, two_numbers
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.records import Records, listed
from smarketing.ui.sections.funnel.counting import choices, definition
from smarketing.ui.session import ask
from smarketing.ui.view import View


def why_empty(result: FunnelResult) -> str:
    """Why a funnel counts no lead, in one sentence."""
    if result.reason:
        return f"{capitalised(result.reason)}."
    return "No lead began in the period, or the filters leave none."


def step_from_empty(result: FunnelResult) -> str:
    """What to try where a funnel counts no lead, in one sentence."""
    if result.settings.mode == "snapshot":
        return "Choose a period that the records reach."
    return "Try a longer period, or count those there on a day (Options), which need no beginning."


def bars(stages: Sequence[FunnelStage]) -> list[FunnelBar]:
    """The stages as the chart draws them; the young are those the next step cannot judge yet."""
    found = []
    for place, stage in enumerate(stages):
        step = stage.step
        following = stages[place + 1].step if place + 1 < len(stages) else None
        found.append(
            FunnelBar(
                stage=stage.stage,
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
    # Who left is counted here; the figure beside it says by which way and why.
    left = [None if stage.leak is None else stage.leak.left_count for stage in stages]
    frame = pd.DataFrame([stage.as_dict() for stage in stages]).assign(
        left=pd.array(left, dtype="Int64")
    )
    return Exhibit(
        key="funnel",
        title=_title(result),
        reading=_reading(result),
        view=view,
        definition=definition(view, settings),
        data=frame,
        draw=lambda look: funnel(drawn, look),
        records=lambda part: stage_records(view, settings, result, part),
        parts={stage.stage: stage.label for stage in stages},
        choices=choices(settings),
        units={"rate": "rate", "low": "rate", "high": "rate", "mature_rate": "rate"},
        aside=_aside(view, settings),
        reported="funnel" if settings == FunnelSettings(window=view.window) else "",
    )


def _aside(view: View, settings: FunnelSettings) -> Aside | None:
    """Why the scoreboard counts other leads: those that entered a stage in the period."""
    if settings.mode != "cohort":
        return None
    handed = view.store.agreement.service_levels.from_stage
    return two_numbers(handed, "Why the scoreboard says another number")


def _title(result: FunnelResult) -> str:
    first, last = result.stages[0], result.stages[-1]
    if result.settings.mode == "snapshot":
        standing = sum(stage.count for stage in result.stages)
        stand = fmt.many(standing, "lead stands", "leads stand")
        left = fmt.many(result.exited or 0, "has", "have")
        return f"{stand} in the funnel on {fmt.day(result.standing_day)}, {left} left"
    if result.settings.mode == "entered":
        return (
            f"{fmt.number(first.count)} {first.label} and {fmt.number(last.count)} {last.label} "
            "entries in the period"
        )
    began = fmt.many(first.count, "lead")
    too_few = f"{began} began in the period; too few are old enough to judge"
    return narrowest_step(result) or too_few


def _reading(result: FunnelResult) -> str:
    first, last = result.stages[0], result.last_told
    text = EXPLAINED[result.settings.mode]
    if result.settings.mode == "cohort":
        text = (
            f"Of {fmt.many(first.count, 'lead')} that began in the period, "
            f"{fmt.number(last.count)} reached {last.label} so far. Pale: too young to be judged "
            "for the next step."
        )
    joined = result.joined
    if joined.created or joined.won:
        text += f" {of_joined(result)}"
    if result.start_unknown:
        text += (
            f" {fmt.number(result.start_unknown)} of {fmt.many(result.leads, 'lead')} "
            f"{'is' if result.start_unknown == 1 else 'are'} in no cohort: the start is unknown."
        )
    return text


def stage_records(
    view: View, settings: FunnelSettings, result: FunnelResult, part: str | None
) -> Records:
    """The leads of one stage: its entries; of the whole, those of the first stage."""
    stage = next((s for s in result.stages if s.stage == part), result.stages[0])
    frame = ask(view.store, funnel_records, settings, stage.stage, filters=view.filters)
    return listed(view.store, frame, f"{stage.label} entries", expected=stage.count)
