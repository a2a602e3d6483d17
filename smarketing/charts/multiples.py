"""Small multiples: the same little funnel for each value of a dimension, on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


def small_funnels(
    funnels: Sequence[Small],
    look: Look,
    *,
    stages: Sequence[str],
    teams: Sequence[str],
    ids: Sequence[str] | None = None,
) -> go.Figure:
    """Shares of the first stage that reached each stage, a panel per funnel, three in a row.

    Customdata is [key, stage], for drilling; `ids` are the stages' where `stages` are their labels.
    No funnels: an empty figure.
    """
    rows = -(-len(funnels) // COLUMNS)
    titles = [_short(funnel.name) for funnel in funnels]
    head = 42 + 17 * any("<br>" in title for title in titles)
    panel = ROW * len(stages) + 28 + head
    figure = empty_figure(look, max(1, rows) * panel)
    places = list(range(len(stages)))
    for index, funnel in enumerate(funnels):
        row, column = divmod(index, COLUMNS)
        name = "" if index == 0 else str(index + 1)
        first = funnel.counts[0] or 1
        shares = [count / first for count in funnel.counts]
        hues = [look.team(team) for team in teams]
        if funnel.is_small:
            hues = [mix(hue, look.paper, 0.38) for hue in hues]
        figure.add_bar(
            x=shares,
            y=places,
            orientation="h",
            xaxis=f"x{name}",
            yaxis=f"y{name}",
            marker={"color": hues, "line": {"width": 0}},
            # That all of them began is said above; beside it, a phone has no room for 100 %.
            text=["", *(fmt.percent(share, 0) for share in shares[1:])],
            textposition="outside",
            textfont={"size": 13, "color": look.ink},
            cliponaxis=False,
            customdata=[[funnel.key, stage] for stage in ids or stages],
            hovertext=[
                f"{label(funnel.name)} · {label(stage)}: {fmt.number(count)}"
                for stage, count in zip(stages, funnel.counts, strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
        across = (column / COLUMNS, (column + 1) / COLUMNS - 0.03)
        top = 1 - row / rows
        down = (top - (panel - 26) / (rows * panel), top - head / (rows * panel))
        base = figure.layout.xaxis.to_plotly_json() if index == 0 else {}
        figure.update_layout(
            {
                f"xaxis{name}": {
                    **base,
                    "domain": across,
                    "anchor": f"y{name}",
                    "visible": False,
                    "range": [0, 1.45],
                    "fixedrange": True,
                },
                f"yaxis{name}": {
                    "domain": down,
                    "anchor": f"x{name}",
                    "range": [len(stages) - 0.5, -0.5],
                    "tickvals": places,
                    "ticktext": [shorten(stage, 12) for stage in stages]
                    if column == 0
                    else [""] * len(stages),
                    "tickfont": {"size": 13, "color": look.muted},
                    "ticklabelstandoff": 6,
                    "showgrid": False,
                    "zeroline": False,
                    "fixedrange": True,
                    "automargin": True,
                },
            }
        )
        figure.add_annotation(
            xref="paper",
            yref="paper",
            x=across[0],
            y=down[1],
            text=f"<b>{titles[index]}</b><br>{fmt.number(funnel.counts[0])} began",
            showarrow=False,
            xanchor="left",
            yanchor="bottom",
            align="left",
            font={"size": 13, "color": look.ink},
        )
    return figure


def _short(name: str) -> str:
    """A name without its explanation in brackets, short enough for a third of a phone."""
    return two_lines(name.split(" (")[0], 12)
