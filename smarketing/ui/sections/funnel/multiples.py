"""The funnel of each value of a dimension, side by side."""

from __future__ import annotations

import pandas as pd

from smarketing.analysis.funnel.result import FunnelGroup, FunnelResult
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.rates import SMALL_N
from smarketing.charts.multiples import Rung, Small, small_funnels
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.sections.funnel.counting import DASH, choices, definition, group_records
from smarketing.ui.view import View
from smarketing.ui.words import word_for

SHOWN = 9


def multiples(view: View, settings: FunnelSettings, cut: FunnelResult) -> Exhibit:
    """Little funnels of the largest values, as shares of each one's first stage."""
    by = cut.by or ""
    groups = [group for group in cut.groups if group.stages[0].count][:SHOWN]
    funnels = [
        Small(
            group.key,
            word_for(view.store, by, group.key),
            tuple(stage.count for stage in group.stages),
            _is_pale(group),
        )
        for group in groups
    ]
    frame = pd.DataFrame(
        [
            {
                by: word_for(view.store, by, group.key),
                **{stage.label: stage.count for stage in group.stages},
            }
            for group in cut.groups
        ]
    )
    return Exhibit(
        key="multiples",
        title=_title(funnels, by),
        reading="Share of each one's leads that reached a stage by now; the number beside a name "
        f"is its leads. Pale: fewer than {SMALL_N} leads old enough to judge, no verdict."
        + (f" The largest {SHOWN} of {len(cut.groups)}." if len(cut.groups) > SHOWN else ""),
        view=view,
        definition=definition(view, settings, by),
        data=frame,
        draw=lambda look: small_funnels(
            funnels,
            look,
            [Rung(s.stage, s.label, s.owner_side) for s in cut.groups[0].stages],
        ),
        records=lambda part: group_records(view, settings, cut, part),
        parts={
            f"{f.key}{DASH}{stage.stage}": f"{f.name}, {stage.label}"
            for f in funnels
            for stage in cut.groups[0].stages
        },
        choices={**choices(settings), "By": by.replace("_", " ")},
    )


def _is_pale(group: FunnelGroup) -> bool:
    """Whether too few of its leads are old enough to judge even their first step."""
    step = group.stages[1].step if len(group.stages) > 1 else None
    return group.stages[0].count < SMALL_N or (step is not None and step.mature.is_small)


def _title(funnels: list[Small], by: str) -> str:
    """No finding: what was reached by now compares older leads with younger ones."""
    named = by.replace("_", " ")
    if sum(not f.is_small for f in funnels) < 2:
        return f"Too few leads of each {named} are old enough to compare"
    return f"The funnel of each {named}, as far as its leads have come"
