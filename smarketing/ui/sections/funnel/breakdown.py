"""The steps of the funnel by the values of a dimension."""

from __future__ import annotations

import pandas as pd

from smarketing.analysis.funnel.result import FunnelResult
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.rates import Rate
from smarketing.charts import format as fmt
from smarketing.charts import words
from smarketing.charts.encoding import Encoding, Series
from smarketing.charts.maps import heat_map
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.sections.funnel.counting import DASH, choices, definition, group_records
from smarketing.ui.view import View
from smarketing.ui.words import word_for, words_for


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
                    "id": stage.stage,
                    "step": f"to {stage.label}",
                    "rate": step.mature.rate if step else None,
                    "n": step.mature.n if step else 0,
                    "reached": stage.count,
                    "is_small": bool(step and step.mature.is_small),
                    "note": _beside(step.mature) if step else "",
                    "counts": _counted(step.mature) if step else "",
                }
            )
    names = [by, "leads", "id", "step", "rate", "n", "reached", "is_small", "note", "counts"]
    frame = pd.DataFrame(rows, columns=names)
    return Exhibit(
        key="breakdown",
        title=_breakdown_title(view, cut),
        reading="Mature rate of each step; unshaded: fewer than 30 mature leads, no verdict. "
        "Counts where fewer than five went on or stayed.",
        view=view,
        definition=definition(view, settings, by),
        data=frame.drop(columns=["id", "note", "counts", "is_small"]),
        draw=lambda look: heat_map(
            frame,
            look,
            Encoding(
                key=by,
                value="rate",
                unit="rate",
                labels=words_for(view.store, by),
                note="note",
                pale="is_small",
            ),
            Series(column="id", labels=dict(zip(frame["id"], frame["step"], strict=True))),
            words="counts",
        ),
        records=lambda part: group_records(view, settings, cut, part),
        parts={
            f"{g.key}{DASH}{s.stage}": f"{word_for(view.store, by, g.key)}, to {s.label}"
            for g in cut.groups[:15]
            for s in g.stages[1:]
        },
        choices={**choices(settings), "By": by},
        units={"rate": "rate"},
    )


def _counted(rate: Rate) -> str:
    """How many of very few went on; nothing where the rate itself can be shown."""
    return str(rate.successes) if rate.n and rate.as_counts else ""


def _beside(rate: Rate) -> str:
    """What stands under a rate, or under the count instead of it."""
    return f"of {fmt.number(rate.n)}" if _counted(rate) else f"({words.of_n(rate.n)})"


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
        return f"The funnel by {(cut.by or '').replace('_', ' ')}"
    names = [word_for(view.store, cut.by or "", key) for key in (best[1], worst[1])]
    return (
        f"{names[0]} reaches {best[2]} at {fmt.percent(best[0], 0)}, "
        f"{names[1]} at {fmt.percent(worst[0], 0)}"
    )
