"""Heat maps and flows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from smarketing.charts import format as fmt
from smarketing.charts.names import label, two_lines
from smarketing.charts.theme import Look, empty_figure, ink_on, mix, scale

#: Columns that leave their names room for longer lines.
FEW_COLUMNS = 5


def heat_map(
    frame: pd.DataFrame,
    look: Look,
    *,
    x: str,
    y: str,
    value: str,
    unit: str,
    currency: str = "EUR",
    pale: str | None = None,
    note: str | None = None,
    words: str | None = None,
    x_order: list[str] | None = None,
    y_order: list[str] | None = None,
    x_title: str = "",
    labels: Mapping[str, str] | None = None,
    x_labels: Mapping[str, str] | None = None,
) -> go.Figure:
    """A table shaded by value, every cell labelled; rows marked `pale` stay unshaded.

    Where the column `words` says something it stands instead of the value.

    `frame` holds one row per cell; customdata is [y, x] for drilling; `labels` and `x_labels` are
    words for rows and columns that are ids.
    """
    xs = x_order or [str(v) for v in dict.fromkeys(frame[x])]
    ys = y_order or [str(v) for v in dict.fromkeys(frame[y])]
    cells = {(str(r[y]), str(r[x])): r for r in frame.to_dict("records")}
    figure = empty_figure(look, max(1, len(ys)) * (48 if note else 36) + 64)
    shades = [[_shade(cells.get((row, column)), value, pale) for column in xs] for row in ys]
    known = [shade for line in shades for shade in line if shade is not None]
    low, high = min([*known, 0.0]), max([*known, 1e-12])
    # Written all at once: one by one, each would check all those before it again.
    notes = [
        {
            "x": column,
            "y": row,
            "text": _words(cells[row, column], value, unit, currency, note, words),
            "showarrow": False,
            "font": {"size": 14, "color": _ink(look, shade, low, high, cells[row, column], pale)},
        }
        for row, line in zip(ys, shades, strict=True)
        for column, shade in zip(xs, line, strict=True)
        if (row, column) in cells
    ]
    figure.update_layout(annotations=notes)
    rows = [(labels or {}).get(v, v) for v in ys]
    columns = [(x_labels or {}).get(v, v) for v in xs]
    figure.add_heatmap(
        x=xs,
        y=ys,
        z=shades,
        zmin=low,
        zmax=high,
        colorscale=scale(look),
        showscale=False,
        xgap=1,
        ygap=1,
        customdata=[[[row, column] for column in xs] for row in ys],
        hovertext=[[f"{label(row)} · {label(column)}" for column in columns] for row in rows],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    figure.update_layout(
        xaxis={
            "side": "top",
            "type": "category",
            "title": {"text": x_title},
            "tickvals": xs,
            "ticktext": [
                two_lines(column, 16 if len(columns) <= FEW_COLUMNS else 12) for column in columns
            ],
        },
        yaxis={
            "autorange": "reversed",
            "type": "category",
            "tickvals": ys,
            "ticktext": [two_lines(row) for row in rows],
            "tickfont": {"size": 14, "color": look.ink},
            "ticklabelstandoff": 8,
        },
    )
    return figure


def _shade(cell: Mapping[Any, Any] | None, value: str, pale: str | None) -> float | None:
    """What a cell is shaded by; None for a cell that is missing, unknown or too young."""
    if cell is None or fmt.is_missing(cell[value]) or (pale and cell[pale]):
        return None
    return float(cell[value])


def _words(
    cell: Mapping[Any, Any],
    value: str,
    unit: str,
    currency: str,
    note: str | None,
    words: str | None,
) -> str:
    text = str((words and cell[words]) or fmt.by_unit(cell[value], unit, currency))
    text = "–" if text == fmt.MISSING else text
    if note and not fmt.is_missing(cell[note]) and cell[note]:
        # On a second line, so that a cell fits a phone.
        text = f"{text}<br><span style='font-size:12px'>{cell[note]}</span>"
    return text


def _ink(
    look: Look,
    shade: float | None,
    low: float,
    high: float,
    cell: Mapping[Any, Any],
    pale: str | None,
) -> str:
    if shade is None:
        return look.muted if not (pale and cell[pale]) else mix(look.muted, look.paper, 0.85)
    share = (shade - low) / (high - low or 1)
    return ink_on(look.ramp[round(share * (len(look.ramp) - 1))])


def sankey(
    links: pd.DataFrame,
    look: Look,
    *,
    source: str,
    target: str,
    value: str,
    labels: Mapping[str, str],
    teams: Mapping[str, str],
    order: list[str],
    height: int = 420,
) -> go.Figure:
    """Flows between stages; moves that go back are drawn in the colour for "behind".

    `order` ranks the stages: a link whose target ranks before its source is a regression.
    """
    figure = empty_figure(look, height)
    if links.empty:
        return figure
    names = [n for n in order if n in {*links[source], *links[target]}]
    names += sorted({*links[source], *links[target]} - set(names))
    place = {name: index for index, name in enumerate(names)}
    rank = {name: index for index, name in enumerate(order)}
    # A link back would make a cycle, which a Sankey cannot draw: its end is a node of its own.
    nodes = [label(labels.get(n, n)) for n in names]
    hues = [look.team(teams.get(n)) for n in names]
    ends: list[int] = []
    back: dict[str, int] = {}
    is_back: list[bool] = []
    for row in links.to_dict("records"):
        backwards = rank.get(row[target], 10**6) <= rank.get(row[source], 10**6)
        is_back.append(backwards)
        if backwards and row[target] not in back:
            back[row[target]] = len(nodes)
            nodes.append(f"back to {label(labels.get(row[target], row[target]))}")
            hues.append(look.bad)
        ends.append(back[row[target]] if backwards else place[row[target]])
    figure.add_sankey(
        node={
            "label": nodes,
            "color": hues,
            "pad": 18,
            "thickness": 14,
            "line": {"width": 0},
            "hovertemplate": "%{label}: %{value:,.0f}<extra></extra>",
        },
        link={
            "source": [place[s] for s in links[source]],
            "target": ends,
            "value": [float(v) for v in links[value]],
            "color": [mix(look.bad if b else look.shared, look.paper, 0.28) for b in is_back],
            "hovertemplate": "%{source.label} → %{target.label}: %{value:,.0f}<extra></extra>",
        },
        textfont={"size": 14, "color": look.ink},
    )
    return figure
