"""Points: a scatter of two measures, dots that compare models, a timeline of events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from smarketing.charts import format as fmt
from smarketing.charts.axes import value_axis
from smarketing.charts.encoding import Encoding, Series, named_rows, row_names
from smarketing.charts.names import label as shown
from smarketing.charts.names import shorten
from smarketing.charts.theme import Look, annotate, empty_figure, legend_on_top, mix

#: Left, right, lower and upper edge of a label, in shares of the plot.
Box = tuple[float, float, float, float]
#: What a letter, half a line and the gap beside a dot take of a plot in a narrow column; what a
#: letter takes on a phone, where labels keep clear of each other, if not of dots.
LETTER, LINE, GAP, ROOM, PHONE_LETTER = 0.0145, 0.035, 0.02, 1.12, 0.032
DAY, FEW_DAYS = pd.Timedelta(days=1), pd.Timedelta(days=120)
#: How many dots are labelled, if they have room.
LABELLED, SCATTER_HEIGHT = 7, 420
SHAPES = ("circle", "diamond", "square", "triangle-up", "cross", "x", "star")


def scatter(frame: pd.DataFrame, look: Look, across: Encoding, up: Encoding) -> go.Figure:
    """One dot per key at two measures of it, the largest labelled; customdata is the key.

    Where both are in one unit, a line shows where they are equal: what a cost brought back.
    """
    figure = empty_figure(look, SCATTER_HEIGHT)
    x, y = across.value, up.value
    rows = frame[frame[x].notna() & frame[y].notna()].sort_values(y, ascending=False)
    if rows.empty:
        return figure
    rows = rows.assign(_name=up.names(rows))
    colour = up.hue or look.marketing
    figure.add_scatter(
        x=list(rows[x]),
        y=list(rows[y]),
        mode="markers",
        marker={
            "size": 11,
            "color": mix(colour, look.paper, 0.75),
            "line": {"color": colour, "width": 1},
        },
        customdata=[str(v) for v in rows[up.key]],
        text=[
            f"{shown(name)}: {across.written(a)} → {up.written(b)}"
            for name, a, b in zip(rows["_name"], rows[x], rows[y], strict=True)
        ],
        hovertemplate="%{text}<extra></extra>",
    )
    x_top, y_top = float(rows[x].max()) or 1.0, float(rows[y].max()) or 1.0
    if across.unit == up.unit:
        edge = min(x_top, y_top)
        figure.add_scatter(
            x=[0, edge],
            y=[0, edge],
            mode="lines",
            line={"color": look.muted, "width": 1, "dash": "dot"},
            hoverinfo="skip",
        )
    _label_points(figure, look, _Dots(rows, x, y, x_top, y_top))
    lowest = min(-0.04 * y_top, float(rows[y].min()))
    figure.update_layout(
        xaxis=_measured(across, rows, (-0.03 * x_top, x_top * 1.12)),
        yaxis=_measured(up, rows, (lowest, y_top * 1.1)),
        margin={"t": 16},
    )
    return figure


def _measured(drawn: Encoding, rows: pd.DataFrame, reach: tuple[float, float]) -> dict[str, Any]:
    """The axis of a measure, as far as it reaches."""
    return {
        "title": {"text": drawn.title},
        "showgrid": True,
        "rangemode": "tozero",
        "range": list(reach),
        **value_axis(rows[drawn.value], drawn.unit, drawn.currency),
    }


@dataclass(frozen=True)
class _Dots:
    """The dots of a scatter, heaviest first, and how far its axes reach."""

    rows: pd.DataFrame
    x: str
    y: str
    x_top: float
    y_top: float

    def places(self) -> list[tuple[float, float]]:
        """Where each dot lies, in shares of the plot."""
        across, up = self.rows[self.x] / self.x_top, self.rows[self.y] / self.y_top
        return list(zip(map(float, across), map(float, up), strict=True))


def _label_points(figure: go.Figure, look: Look, dots: _Dots) -> None:
    """Label the heaviest dots in order of weight; none that would cover another label or a dot."""
    every = dots.places()
    taken: list[Box] = []
    labels: list[dict[str, Any]] = []
    for row, at in zip(dots.rows.head(LABELLED).to_dict("records"), every, strict=False):
        words = shorten(row["_name"], 30)
        for side in (1, -1) if at[0] < 0.7 else (-1, 1):
            box = _box(at, side, len(words) * LETTER)
            wide = _box(at, side, len(words) * PHONE_LETTER)
            if box[0] < 0 or box[1] > ROOM or _meets(wide, taken) or _covers(box, at, every):
                continue
            taken.append(wide)
            labels.append(
                {
                    "x": row[dots.x],
                    "y": row[dots.y],
                    "text": words,
                    "showarrow": False,
                    "xanchor": "left" if side > 0 else "right",
                    "xshift": 10 * side,
                    "font": {"size": 13, "color": look.ink},
                }
            )
            break
    annotate(figure, labels)


def _box(at: tuple[float, float], side: int, length: float) -> Box:
    """Where a label beside a dot lies, in shares of the plot."""
    near, far = at[0] + side * GAP, at[0] + side * (GAP + length)
    return min(near, far), max(near, far), at[1] - LINE, at[1] + LINE


def _meets(box: Box, taken: Sequence[Box]) -> bool:
    """Whether a label covers another one."""
    left, right, low, high = box
    return any(left < b and a < right and low < d and c < high for a, b, c, d in taken)


def _covers(box: Box, own: tuple[float, float], every: Sequence[tuple[float, float]]) -> bool:
    """Whether a label covers a dot that is not its own."""
    left, right, low, high = box
    return any(left - GAP < a < right + GAP and low < b < high for a, b in every if (a, b) != own)


def dots(
    frame: pd.DataFrame, look: Look, drawn: Encoding, series: Series, *, marked: str | None = None
) -> go.Figure:
    """For each key the value under each series on one line; long lines are disagreement.

    `marked` is the series drawn filled; shape as well as colour tells the series apart. Customdata
    is [key, series].
    """
    places = {k: index for index, k in enumerate(dict.fromkeys(frame[drawn.key]))}
    figure = empty_figure(look, max(1, len(places)) * 36 + 84)
    for k, rows in frame.groupby(drawn.key, sort=False):
        figure.add_scatter(
            x=[rows[drawn.value].min(), rows[drawn.value].max()],
            y=[places[k], places[k]],
            mode="lines",
            line={"color": look.hairline, "width": 4},
            hoverinfo="skip",
            showlegend=False,
        )
    for index, name in enumerate(series.members(frame)):
        rows = frame[frame[series.column] == name]
        colour, words = look.series[index % len(look.series)], shown(series.named(name))
        figure.add_scatter(
            x=list(rows[drawn.value]),
            y=[places[k] for k in rows[drawn.key]],
            mode="markers",
            # A mark at nothing is drawn whole.
            cliponaxis=False,
            name=words,
            marker={
                "size": 12 if name == marked else 10,
                "symbol": SHAPES[index % len(SHAPES)] + ("" if name == marked else "-open"),
                "color": colour,
                "line": {"width": 2, "color": colour},
            },
            customdata=[[str(k), str(name)] for k in rows[drawn.key]],
            text=[
                f"{shown(drawn.named(k))} · {words}: {drawn.written(v)}"
                for k, v in zip(rows[drawn.key], rows[drawn.value], strict=True)
            ],
            hovertemplate="%{text}<extra></extra>",
        )
    axis = value_axis(frame[drawn.value], drawn.unit, drawn.currency)
    figure.update_layout(
        yaxis=named_rows([drawn.named(k) for k in places], look),
        xaxis={"showgrid": True, "rangemode": "tozero", **axis},
    )
    return legend_on_top(figure, look)


#: Pixels of a timeline on a phone, and of a letter of its labels.
_PHONE, _LETTER = 210, 7


def timeline(events: pd.DataFrame, look: Look, lanes: Sequence[str]) -> go.Figure:
    """Events as marks on one lane per kind, oldest left.

    Columns: at, lane, kind (its words), team, detail (words of the hover), and weight (0–1, missing
    for none), which sizes a mark. Only the first and the last event of a lane are labelled; the
    hover and the table have all.
    """
    used = [name for name in lanes if name in set(events["lane"])]
    figure = empty_figure(look, max(1, len(used)) * 64 + 48)
    start = pd.Timestamp(events["at"].min()) if len(events) else pd.Timestamp(0)
    span = (pd.Timestamp(events["at"].max()) - start if len(events) else pd.Timedelta(0)) or DAY
    for index, name in enumerate(used):
        rows = events[events["lane"] == name].sort_values("at")
        sizes = [9 + 22 * (0 if fmt.is_missing(w) else float(w)) ** 0.5 for w in rows["weight"]]
        _mark_events(figure, look, index, rows, sizes)
        _label_ends(figure, look, index, rows.assign(_size=sizes), (start, span))
    figure.update_layout(
        yaxis={
            "tickvals": list(range(len(used))),
            "ticktext": list(used),
            **row_names(look),
            "showgrid": True,
            "range": [len(used) - 0.5, -0.7],
        },
        xaxis={
            "type": "date",
            # Few enough to stand upright on a phone.
            "nticks": 7 if span > FEW_DAYS else 4,
            "tickangle": 0,
            # Within two months the months alone would say the same several times.
            "tickformat": "%b<br>%Y" if span > FEW_DAYS else "%-d %b<br>%Y",
            "showgrid": True,
        },
    )
    return figure


def _mark_events(
    figure: go.Figure, look: Look, index: int, rows: pd.DataFrame, sizes: Sequence[float]
) -> None:
    """The marks of one lane."""
    colours = [look.team(t) for t in rows["team"]]
    figure.add_scatter(
        x=list(rows["at"]),
        y=[index] * len(rows),
        mode="markers",
        marker={
            "size": list(sizes),
            "color": [mix(c, look.paper, 0.75) for c in colours],
            "line": {"color": colours, "width": 1},
            "symbol": SHAPES[index % 4],
        },
        text=[shown(v) for v in rows["detail"]],
        customdata=[str(v) for v in rows.index],
        hovertemplate="%{x|%d %b %Y} · %{text}<extra></extra>",
    )


def _label_ends(
    figure: go.Figure,
    look: Look,
    index: int,
    rows: pd.DataFrame,
    reach: tuple[pd.Timestamp, pd.Timedelta],
) -> None:
    """Label the first event of a lane, and the last where both have room on a phone."""
    start, span = reach
    first, last = rows.iloc[0], rows.iloc[-1]
    apart = (pd.Timestamp(last["at"]) - pd.Timestamp(first["at"])) / span
    letters = sum(len(shorten(row["kind"], 16)) for row in (first, last))
    for row in (first, last) if apart * _PHONE > letters * _LETTER else (first,):
        figure.add_annotation(
            x=row["at"],
            y=index,
            text=shorten(row["kind"], 16),
            showarrow=False,
            # Above the mark, however large it is.
            yshift=14 + row["_size"] / 2,
            xanchor="left" if pd.Timestamp(row["at"]) - start < span / 2 else "right",
            font={"size": 13, "color": look.muted},
        )
