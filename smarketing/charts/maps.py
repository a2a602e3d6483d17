"""Heat maps and flows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from smarketing.charts import format as fmt
from smarketing.charts.encoding import Encoding, Series, named_rows
from smarketing.charts.names import label, two_lines_each
from smarketing.charts.theme import Look, empty_figure, ink_on, mix, scale

#: Columns that leave their names room for longer lines.
FEW_COLUMNS = 5
SANKEY_HEIGHT = 460


def heat_map(
    frame: pd.DataFrame,
    look: Look,
    drawn: Encoding,
    across: Series,
    *,
    words: str | None = None,
) -> go.Figure:
    """A table shaded by value, every cell labelled; pale cells stay unshaded.

    `frame` holds one row per cell, its key that of the table's row; customdata is [key, column],
    for drilling. Where the column `words` says something it stands instead of the value.
    """
    xs = [str(member) for member in across.members(frame)]
    ys = [str(key) for key in dict.fromkeys(frame[drawn.key])]
    cells = {(str(r[drawn.key]), str(r[across.column])): r for r in frame.to_dict("records")}
    figure = empty_figure(look, max(1, len(ys)) * (48 if drawn.note else 36) + 64)
    shades = [[_shade(cells.get((row, column)), drawn) for column in xs] for row in ys]
    known = [shade for line in shades for shade in line if shade is not None]
    low, high = min([*known, 0.0]), max([*known, 1e-12])
    # Written all at once: one by one, each would check all those before it again.
    notes = [
        {
            "x": column,
            "y": row,
            "text": _words(cells[row, column], drawn, words),
            "showarrow": False,
            "font": {
                "size": 14,
                "color": _ink(look, shade, (low, high), cells[row, column], drawn),
            },
        }
        for row, line in zip(ys, shades, strict=True)
        for column, shade in zip(xs, line, strict=True)
        if (row, column) in cells
    ]
    figure.update_layout(annotations=notes)
    rows, columns = [drawn.named(y) for y in ys], [across.named(x) for x in xs]
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
        xaxis=_named_columns(xs, columns),
        yaxis={**named_rows(rows, look), "type": "category", "tickvals": ys},
    )
    return figure


def _named_columns(keys: list[str], names: list[str]) -> dict[str, Any]:
    """An axis of columns with their names above them."""
    width = 16 if len(names) <= FEW_COLUMNS else 12
    return {
        "side": "top",
        "type": "category",
        "tickvals": keys,
        "ticktext": two_lines_each(names, width),
    }


def _shade(cell: Mapping[Any, Any] | None, drawn: Encoding) -> float | None:
    """What a cell is shaded by; None for a cell that is missing, unknown or too young."""
    if cell is None or fmt.is_missing(cell[drawn.value]) or (drawn.pale and cell[drawn.pale]):
        return None
    return float(cell[drawn.value])


def _words(cell: Mapping[Any, Any], drawn: Encoding, words: str | None) -> str:
    text = str((words and cell[words]) or drawn.written(cell[drawn.value]))
    text = "–" if text == fmt.MISSING else text
    if drawn.note and not fmt.is_missing(cell[drawn.note]) and cell[drawn.note]:
        # On a second line, so that a cell fits a phone.
        text = f"{text}<br><span style='font-size:12px'>{cell[drawn.note]}</span>"
    return text


def _ink(
    look: Look,
    shade: float | None,
    reach: tuple[float, float],
    cell: Mapping[Any, Any],
    drawn: Encoding,
) -> str:
    if shade is None:
        is_pale = drawn.pale and cell[drawn.pale]
        return mix(look.muted, look.paper, 0.85) if is_pale else look.muted
    share = (shade - reach[0]) / (reach[1] - reach[0] or 1)
    return ink_on(look.ramp[round(share * (len(look.ramp) - 1))])


@dataclass(frozen=True)
class Nodes:
    """The ends of flows: their order, words for those that are ids, and the teams they are of."""

    order: Sequence[str]
    labels: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)


def sankey(
    links: pd.DataFrame, look: Look, drawn: Encoding, target: str, nodes: Nodes
) -> go.Figure:
    """Flows from the key to `target`; moves that go back are drawn in the colour for "behind".

    The nodes' order ranks the stages: a link whose target ranks before its source is a regression.
    """
    figure = empty_figure(look, SANKEY_HEIGHT)
    if links.empty:
        return figure
    source, value, labels, order = drawn.key, drawn.value, nodes.labels, nodes.order
    names = [n for n in order if n in {*links[source], *links[target]}]
    names += sorted({*links[source], *links[target]} - set(names))
    place = {name: index for index, name in enumerate(names)}
    rank = {name: index for index, name in enumerate(order)}
    # A link back would make a cycle, which a Sankey cannot draw: its end is a node of its own.
    words = [label(labels.get(n, n)) for n in names]
    hues = [look.team(nodes.teams.get(n)) for n in names]
    ends: list[int] = []
    back: dict[str, int] = {}
    is_back: list[bool] = []
    for row in links.to_dict("records"):
        backwards = rank.get(row[target], 10**6) <= rank.get(row[source], 10**6)
        is_back.append(backwards)
        if backwards and row[target] not in back:
            back[row[target]] = len(words)
            words.append(f"back to {label(labels.get(row[target], row[target]))}")
            hues.append(look.bad)
        ends.append(back[row[target]] if backwards else place[row[target]])
    figure.add_sankey(
        node={
            "label": words,
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
