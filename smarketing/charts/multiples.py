"""Small multiples: the same little funnel for each value of a dimension, on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from smarketing.charts import format as fmt
from smarketing.charts.names import label, shorten, two_lines
from smarketing.charts.theme import Look, empty_figure, mix

COLUMNS = 3
ROW = 30


@dataclass(frozen=True)
class Small:
    """One little funnel: its key, its name, how many leads began, and the counts by stage.

    `is_small` funnels rest on too few leads for a verdict and are drawn paler.
    """

    key: str
    name: str
    counts: tuple[int, ...]
    is_small: bool


@dataclass(frozen=True)
class Rung:
    """A stage of all the funnels: its id, for drilling, its label, and the team that owns it."""

    id: str
    label: str
    team: str


def small_funnels(funnels: Sequence[Small], look: Look, rungs: Sequence[Rung]) -> go.Figure:
    """Shares of the first stage that reached each stage, a panel per funnel, three in a row.

    Customdata is [key, stage], for drilling. No funnels: an empty figure.
    """
    titles = [_short(funnel.name) for funnel in funnels]
    rows = -(-len(funnels) // COLUMNS)
    head = 42 + 17 * any("<br>" in title for title in titles)
    panel = ROW * len(rungs) + 28 + head
    figure = empty_figure(look, max(1, rows) * panel)
    base = figure.layout.xaxis.to_plotly_json()
    for index, (funnel, title) in enumerate(zip(funnels, titles, strict=True)):
        name = "" if index == 0 else str(index + 1)
        _add_bars(figure, look, name, funnel, rungs)
        row, column = divmod(index, COLUMNS)
        top = 1 - row / rows
        across = (column / COLUMNS, (column + 1) / COLUMNS - 0.03)
        down = (top - (panel - 26) / (rows * panel), top - head / (rows * panel))
        bars = {"domain": across, "anchor": f"y{name}", "visible": False, "range": [0, 1.45],
                "fixedrange": True}  # fmt: skip
        stages = {"domain": down, "anchor": f"x{name}", **_stages(rungs, look, is_first=not column)}
        figure.update_layout(
            {f"xaxis{name}": {**(base if index == 0 else {}), **bars}, f"yaxis{name}": stages}
        )
        _add_title(figure, look, f"<b>{title}</b>", funnel, (across[0], down[1]))
    return figure


def _add_bars(
    figure: go.Figure, look: Look, name: str, funnel: Small, rungs: Sequence[Rung]
) -> None:
    """The bars of one funnel on axes of its own, paler where it rests on few leads."""
    hues = [look.team(rung.team) for rung in rungs]
    if funnel.is_small:
        hues = [mix(hue, look.paper, 0.38) for hue in hues]
    shares = [count / (funnel.counts[0] or 1) for count in funnel.counts]
    figure.add_bar(
        x=shares,
        y=list(range(len(rungs))),
        orientation="h",
        xaxis=f"x{name}",
        yaxis=f"y{name}",
        marker={"color": hues, "line": {"width": 0}},
        # That all of them began is said above; beside it, a phone has no room for 100 %.
        text=["", *(fmt.percent(share, 0) for share in shares[1:])],
        textposition="outside",
        textfont={"size": 13, "color": look.ink},
        cliponaxis=False,
        customdata=[[funnel.key, rung.id] for rung in rungs],
        hovertext=[
            f"{label(funnel.name)} · {label(rung.label)}: {fmt.number(count)}"
            for rung, count in zip(rungs, funnel.counts, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _stages(rungs: Sequence[Rung], look: Look, *, is_first: bool) -> dict[str, Any]:
    """The axis of stages, which are named beside the first funnel of a row alone."""
    return {
        "range": [len(rungs) - 0.5, -0.5],
        "tickvals": list(range(len(rungs))),
        "ticktext": [shorten(rung.label, 12) if is_first else "" for rung in rungs],
        "tickfont": {"size": 13, "color": look.muted},
        "ticklabelstandoff": 6,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
    }


def _add_title(
    figure: go.Figure, look: Look, title: str, funnel: Small, at: tuple[float, float]
) -> None:
    """The name of a funnel above it, and how many leads began."""
    figure.add_annotation(
        xref="paper",
        yref="paper",
        x=at[0],
        y=at[1],
        text=f"{title}<br>{fmt.number(funnel.counts[0])} began",
        showarrow=False,
        xanchor="left",
        yanchor="bottom",
        align="left",
        font={"size": 13, "color": look.ink},
    )


def _short(name: str) -> str:
    """A name without its explanation in brackets, short enough for a third of a phone."""
    return two_lines(name.split(" (")[0], 12)
