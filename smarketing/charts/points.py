"""Points: a scatter of two measures, dots that compare models, a timeline of events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from smarketing.charts import format as fmt
from smarketing.charts.axes import value_axis
from smarketing.charts.names import label as shown
from smarketing.charts.names import shorten, two_lines
from smarketing.charts.theme import Look, empty_figure, legend_on_top, mix

#: Left, right, lower and upper edge of a label, in shares of the plot.
Box = tuple[float, float, float, float]
#: What a letter, half a line and the gap beside a dot take of a plot in a narrow column.
LETTER, LINE, GAP, ROOM = 0.0145, 0.035, 0.02, 1.12
DAY, FEW_DAYS = pd.Timedelta(days=1), pd.Timedelta(days=120)
SHAPES = ("circle", "diamond", "square", "triangle-up", "cross", "x", "star")


def scatter(
    frame: pd.DataFrame,
    look: Look,
    *,
    key: str,
    x: str,
    y: str,
    x_unit: str,
    y_unit: str,
    currency: str = "EUR",
    x_title: str = "",
    y_title: str = "",
    break_even: bool = False,
    label_top: int = 7,
    hue: str | None = None,
    height: int = 420,
    labels: Mapping[str, str] | None = None,
) -> go.Figure:
    """One dot per row, the largest labelled; `break_even` draws the line where y equals x.

    Customdata is the key, for drilling; `labels` are words for keys that are ids.
    """
    figure = empty_figure(look, height)
    rows = frame[frame[x].notna() & frame[y].notna()].sort_values(y, ascending=False)
    if rows.empty:
        return figure
    rows = rows.assign(_name=[(labels or {}).get(str(k), str(k)) for k in rows[key]])
    colour = hue or look.marketing
    figure.add_scatter(
        x=list(rows[x]),
        y=list(rows[y]),
        mode="markers",
        marker={
            "size": 11,
            "color": mix(colour, look.paper, 0.75),
            "line": {"color": colour, "width": 1},
        },
        customdata=[str(v) for v in rows[key]],
        text=[
            f"{shown(k)}: {fmt.by_unit(a, x_unit, currency)} → {fmt.by_unit(b, y_unit, currency)}"
            for k, a, b in zip(rows["_name"], rows[x], rows[y], strict=True)
        ],
        hovertemplate="%{text}<extra></extra>",
    )
    x_top, y_top = float(rows[x].max()) or 1.0, float(rows[y].max()) or 1.0
    if break_even:
        edge = min(x_top, y_top)
        figure.add_scatter(
            x=[0, edge],
            y=[0, edge],
            mode="lines",
            line={"color": look.muted, "width": 1, "dash": "dot"},
            hoverinfo="skip",
        )
    _label_points(figure, rows.head(label_top), rows, "_name", (x, y), (x_top, y_top), look)
    figure.update_layout(
        xaxis={
            "title": {"text": x_title},
            "showgrid": True,
            "rangemode": "tozero",
            "range": [-0.03 * x_top, x_top * 1.12],
            **value_axis(rows[x], x_unit, currency),
        },
        yaxis={
            "title": {"text": y_title},
            "showgrid": True,
            "rangemode": "tozero",
            "range": [min(-0.04 * y_top, float(rows[y].min())), y_top * 1.1],
            **value_axis(rows[y], y_unit, currency),
        },
        margin={"t": 16},
    )
    return figure


def _label_points(
    figure: go.Figure,
    rows: pd.DataFrame,
    places: pd.DataFrame,
    key: str,
    axes: tuple[str, str],
    tops: tuple[float, float],
    look: Look,
) -> None:
    """Label the points in order of weight; none that would cover another label or a dot."""
    (x, y), (x_top, y_top) = axes, tops
    every = list(zip(places[x] / x_top, places[y] / y_top, strict=True))
    taken: list[Box] = []
    for row in rows.to_dict("records"):
        at, words = (float(row[x]) / x_top, float(row[y]) / y_top), shorten(row[key], 30)
        for side in (1, -1) if at[0] < 0.7 else (-1, 1):
            box = _box(at, side, len(words))
            if box[0] < 0 or box[1] > ROOM or _covers(box, at, every, taken):
                continue
            taken.append(box)
            figure.add_annotation(
                x=row[x],
                y=row[y],
                text=words,
                showarrow=False,
                xanchor="left" if side > 0 else "right",
                xshift=10 * side,
                font={"size": 13, "color": look.ink},
            )
            break


def _box(at: tuple[float, float], side: int, letters: int) -> Box:
    """Where a label beside a dot lies, in shares of the plot on a narrow column."""
    near, far = at[0] + side * GAP, at[0] + side * (GAP + letters * LETTER)
    return min(near, far), max(near, far), at[1] - LINE, at[1] + LINE


def _covers(
    box: Box, own: tuple[float, float], every: Sequence[tuple[float, float]], taken: Sequence[Box]
) -> bool:
    left, right, low, high = box
    if any(left < b and a < right and low < d and c < high for a, b, c, d in taken):
        return True
    return any(left - GAP < a < right + GAP and low < b < high for a, b in every if (a, b) != own)


def dots(
    frame: pd.DataFrame,
    look: Look,
    *,
    key: str,
    series: str,
    value: str,
    unit: str,
    currency: str = "EUR",
    labels: Mapping[str, str] | None = None,
    marked: str | None = None,
    names: Mapping[str, str] | None = None,
) -> go.Figure:
    """For each key the value under each series on one line; long lines are disagreement.

    `marked` is the series drawn filled; shape as well as colour tells the series apart. `labels`
    are words for series, `names` for keys.
    """
    keys = list(dict.fromkeys(frame[key]))
    figure = empty_figure(look, max(1, len(keys)) * 36 + 84)
    places = {k: index for index, k in enumerate(keys)}
    for k, rows in frame.groupby(key, sort=False):
        figure.add_scatter(
            x=[rows[value].min(), rows[value].max()],
            y=[places[k], places[k]],
            mode="lines",
            line={"color": look.hairline, "width": 4},
            hoverinfo="skip",
            showlegend=False,
        )
    for index, name in enumerate(dict.fromkeys(frame[series])):
        rows = frame[frame[series] == name]
        colour = look.series[index % len(look.series)]
        words = shown((labels or {}).get(name, str(name)))
        figure.add_scatter(
            x=list(rows[value]),
            y=[places[k] for k in rows[key]],
            mode="markers",
            name=words,
            marker={
                "size": 12 if name == marked else 10,
                "symbol": SHAPES[index % len(SHAPES)] + ("" if name == marked else "-open"),
                "color": colour,
                "line": {"width": 2, "color": colour},
            },
            customdata=[[str(k), str(name)] for k in rows[key]],
            text=[
                f"{shown((names or {}).get(str(k), k))} · {words}: {fmt.by_unit(v, unit, currency)}"
                for k, v in zip(rows[key], rows[value], strict=True)
            ],
            hovertemplate="%{text}<extra></extra>",
        )
    figure.update_layout(
        yaxis={
            "autorange": "reversed",
            "tickvals": list(places.values()),
            "ticktext": [two_lines((names or {}).get(str(k), k)) for k in places],
            "tickfont": {"size": 14, "color": look.ink},
            "ticklabelstandoff": 8,
        },
        xaxis={
            "showgrid": True,
            "rangemode": "tozero",
            **value_axis(frame[value], unit, currency),
        },
    )
    return legend_on_top(figure, look)


def timeline(
    events: pd.DataFrame,
    look: Look,
    *,
    at: str,
    lane: str,
    label: str,
    team: str,
    lanes: Sequence[str],
    detail: str | None = None,
    weight: str | None = None,
) -> go.Figure:
    """Events as marks on one lane per kind, oldest left; `weight` (0–1) sizes a mark.

    Only the first and the last event of a lane are labelled; the hover and the table have all.
    """
    used = [name for name in lanes if name in set(events[lane])]
    figure = empty_figure(look, max(1, len(used)) * 64 + 48)
    start = pd.Timestamp(events[at].min()) if len(events) else pd.Timestamp(0)
    span = (pd.Timestamp(events[at].max()) - start if len(events) else pd.Timedelta(0)) or DAY
    for index, name in enumerate(used):
        rows = events[events[lane] == name].sort_values(at)
        sizes = [9.0] * len(rows)
        if weight and weight in rows:
            sizes = [9 + 22 * (0 if fmt.is_missing(w) else float(w)) ** 0.5 for w in rows[weight]]
        colours = [look.team(t) for t in rows[team]]
        figure.add_scatter(
            x=list(rows[at]),
            y=[index] * len(rows),
            mode="markers",
            marker={
                "size": sizes,
                "color": [mix(c, look.paper, 0.75) for c in colours],
                "line": {"color": colours, "width": 1},
                "symbol": SHAPES[index % 4],
            },
            text=[shown(v) for v in rows[detail or label]],
            customdata=[str(v) for v in rows.index],
            hovertemplate="%{x|%d %b %Y} · %{text}<extra></extra>",
        )
        first, last = rows.iloc[0], rows.iloc[-1]
        apart = (pd.Timestamp(last[at]) - pd.Timestamp(first[at])) / span
        for position in (0, len(rows) - 1) if apart > 0.75 else (0,):
            row = rows.iloc[position]
            figure.add_annotation(
                x=row[at],
                y=index,
                text=shorten(row[label], 16),
                showarrow=False,
                # Above the mark, however large it is.
                yshift=14 + sizes[position] / 2,
                xanchor="left" if pd.Timestamp(row[at]) - start < span / 2 else "right",
                font={"size": 13, "color": look.muted},
            )
    figure.update_layout(
        yaxis={
            "tickvals": list(range(len(used))),
            "ticktext": list(used),
            "tickfont": {"size": 14, "color": look.ink},
            "ticklabelstandoff": 8,
            "showgrid": True,
            "range": [len(used) - 0.5, -0.7],
        },
        xaxis={
            "type": "date",
            "nticks": 7,
            # Within two months the months alone would say the same several times.
            "tickformat": "%b<br>%Y" if span > FEW_DAYS else "%-d %b<br>%Y",
            "showgrid": True,
        },
    )
    return figure
