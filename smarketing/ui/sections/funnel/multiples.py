"""The funnel of each value of a dimension, side by side."""

from __future__ import annotations

import pandas as pd

from smarketing.analysis.funnel.records import funnel_records
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import FunnelResult
from smarketing.analysis.rates import SMALL_N
from smarketing.charts import format as fmt
from smarketing.charts.multiples import Small, small_funnels
from smarketing.ui.address import View
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.labels import name_of
from smarketing.ui.records import Records, listed
from smarketing.ui.sections.funnel.stages import DASH, choices, definition
from smarketing.ui.session import ask

SHOWN = 9


def multiples(view: View, settings: FunnelSettings, cut: FunnelResult) -> Exhibit:
    """Little funnels of the largest values, as shares of each one's first stage."""
    by = cut.by or ""
    groups = [group for group in cut.groups if group.stages[0].count][:SHOWN]
    stages = [stage.label for stage in cut.groups[0].stages] if cut.groups else []
    funnels = [
        Small(
            group.key,
            name_of(view.store.agreement, by, group.key),
            tuple(stage.count for stage in group.stages),
            group.stages[0].count < SMALL_N,
        )
        for group in groups
    ]
    frame = pd.DataFrame(
        [
            {
                by: name_of(view.store.agreement, by, group.key),
                **{stage.label: stage.count for stage in group.stages},
            }
            for group in cut.groups
        ]
    )
    return Exhibit(
        key="multiples",
        title=_title(funnels, by, stages),
        reading="Share of each one's first stage; the number beside a name is its leads. Pale: "
        f"fewer than {SMALL_N} leads, no verdict."
        + (f" The largest {SHOWN} of {len(cut.groups)}." if len(cut.groups) > SHOWN else ""),
        view=view,
        definition=definition(view, settings, by),
        data=frame,
        draw=lambda look: small_funnels(
            funnels,
            look,
            stages=stages,
            teams=[stage.owner_side for stage in cut.groups[0].stages],
        ),
        records=lambda part: _leads(view, settings, cut, part),
        parts=tuple(f"{f.key}{DASH}{stage}" for f in funnels for stage in stages),
        choices={**choices(settings), "By": by.replace("_", " ")},
    )


def _title(funnels: list[Small], by: str, stages: list[str]) -> str:
    judged = [f for f in funnels if not f.is_small and not f.name.startswith("(")]
    if len(judged) < 2:
        return f"Too few leads of each {by.replace('_', ' ')} to compare"
    ends = {f.name: f.counts[-1] / f.counts[0] for f in judged}
    best, worst = max(ends, key=lambda n: ends[n]), min(ends, key=lambda n: ends[n])
    return (
        f"{best}: {fmt.percent(ends[best], 0)} of leads reach {stages[-1]}; "
        f"{worst}: {fmt.percent(ends[worst], 0)}"
    )


def _leads(view: View, settings: FunnelSettings, cut: FunnelResult, part: str | None) -> Records:
    store = view.store
    if part is None or cut.by is None:
        first = cut.groups[0].stages[0]
        rows = ask(store, funnel_records, settings, first.stage, filters=view.filters)
        expected = float(sum(group.stages[0].count for group in cut.groups))
        return listed(store, rows, f"{first.label} entries", expected=expected)
    key, label = part.rsplit(DASH, 1)
    group = next(g for g in cut.groups if g.key == key)
    stage = next(s for s in group.stages if s.label == label)
    filters = view.filters.with_(**{cut.by: [key]})
    rows = ask(store, funnel_records, settings, stage.stage, filters=filters)
    return listed(store, rows, f"{label} entries of {key}", expected=float(stage.count))
