"""The funnel drawn as bars in stage order, the step between two stages written between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from smarketing.charts import format as fmt
from smarketing.charts import words
from smarketing.charts.names import label, two_lines_each
from smarketing.charts.theme import Look, annotate, empty_figure, ink_on, mix

ROW = 88


@dataclass(frozen=True)
class FunnelBar:
    """One stage: how many reached it, whose it is, and the step from the stage before (or None).

    `young` of the `count` are still too young to be judged and are drawn paler.
    """

    stage: str
    label: str
    count: float
    team: str
    rate: float | None = None
    low: float | None = None
    high: float | None = None
    mature: int | None = None
    converted: int | None = None
    window_days: float | None = None
    young: float = 0


def step_words(bar: FunnelBar) -> str:
    """The step into a stage in words: rate, interval and n, or counts where n is small."""
    if bar.mature is None:
        return ""
    within = "" if bar.window_days is None else f" within {fmt.days(bar.window_days)}"
    if bar.mature == 0 or bar.rate is None:
        return "too young to be judged yet"
    hits = bar.converted or 0
    if min(hits, bar.mature - hits) < 5:
        return f"{words.counts(hits, bar.mature)}{within}"
    text = f"<b>{fmt.percent(bar.rate)}</b>{within}"
    counts = words.of_n(bar.mature)
    if bar.low is not None and bar.high is not None:
        counts += f", 95 % interval {fmt.percent(bar.low)} to {fmt.percent(bar.high)}"
    return f"{text}<br>{counts}"


def funnel(bars: Sequence[FunnelBar], look: Look) -> go.Figure:
    """Horizontal bars, first stage on top; customdata holds the stage id for drilling.

    The step's rate stands on the hairline between two bars. No bars: an empty figure.
    """
    figure = empty_figure(look, max(1, len(bars)) * ROW + 8)
    names = [bar.label for bar in bars]
    ripe = "old enough to judge" if any(bar.young for bar in bars) else "leads"
    for part in ("ripe", "young"):
        values = [bar.young if part == "young" else bar.count - bar.young for bar in bars]
        if part == "young" and not any(values):
            continue
        hues = [look.team(bar.team) for bar in bars]
        fills = [mix(hue, look.paper, 0.38) for hue in hues] if part == "young" else hues
        figure.add_bar(
            x=values,
            y=names,
            orientation="h",
            marker={"color": fills, "line": {"width": 0}},
            customdata=[bar.stage for bar in bars],
            name=ripe if part == "ripe" else "too young to judge",
            hovertext=[
                f"{label(b.label)}: {fmt.number(v)} leads"
                for b, v in zip(bars, values, strict=True)
            ],
            hovertemplate="%{hovertext}<extra>%{fullData.name}</extra>",
        )
    top = max([bar.count for bar in bars], default=0) or 1
    figure.update_layout(
        barmode="stack",
        bargap=0.52,
        yaxis={
            "autorange": "reversed",
            "type": "category",
            "tickvals": names,
            "ticktext": two_lines_each(names),
            "tickfont": {"size": 16, "color": look.ink},
            "ticklabelstandoff": 10,
        },
        xaxis={"visible": False, "range": [0, top]},
        margin={"l": 8, "r": 72, "t": 4, "b": 4},
    )
    _write(figure, bars, look, top)
    return figure


def _write(figure: go.Figure, bars: Sequence[FunnelBar], look: Look, top: float) -> None:
    words: list[dict[str, Any]] = []
    for index, bar in enumerate(bars):
        inside = bar.count / top > 0.25 and not bar.young
        hue = look.team(bar.team)
        words.append(
            {
                "x": bar.count,
                "y": index,
                "text": f"<b>{fmt.number(bar.count)}</b>",
                "showarrow": False,
                "xanchor": "right" if inside else "left",
                "xshift": -10 if inside else 8,
                "font": {"size": 18, "color": ink_on(hue) if inside else look.ink},
            }
        )
        step = step_words(bar)
        if index and step:
            words.append(
                {
                    "x": 0,
                    "y": index - 0.5,
                    "text": f"↓ {step}",
                    "showarrow": False,
                    "xanchor": "left",
                    "align": "left",
                    "xshift": 4,
                    "font": {"size": 13, "color": look.muted},
                }
            )
    annotate(figure, words)
