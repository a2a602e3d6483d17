"""Lines over time: a measure against its pace, several measures, control limits."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from html import unescape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from smarketing.analysis.review.limits import Limits
from smarketing.charts import format as fmt
from smarketing.charts.axes import value_axis
from smarketing.charts.encoding import Encoding, Series
from smarketing.charts.names import label, two_lines
from smarketing.charts.theme import MAX_SERIES, Look, annotate, empty_figure, mix

#: What the band of normal variation is called, by which a deck draws its upper and lower edge.
LIMIT = "limit"
#: Heights of a chart against its pace and of one with its limits.
PACE_HEIGHT, CONTROL_HEIGHT = 320, 340


def _axis(values: Iterable[Any], drawn: Encoding, look: Look) -> dict[str, Any]:
    axis = value_axis(values, drawn.unit, drawn.currency)
    return {"showgrid": True, "gridcolor": look.hairline, "rangemode": "tozero", **axis}


def _periods(values: Sequence[Any]) -> dict[str, Any]:
    """The axis of periods: text such as 2026-04 is a label, never read as a day."""
    if not all(isinstance(value, str) for value in values):
        return _days([value for value in values if not fmt.is_missing(value)])
    names, edge = list(dict.fromkeys(values)), 0.5
    some = names[::-1][:: math.ceil(len(names) / 5) or 1]
    whole = [-edge, max(len(names) - 1, 0) + edge]
    # On two lines the year and the month, or a span's two days, fit beside their neighbours.
    return {
        "type": "category",
        "range": whole,
        "tickvals": some,
        "ticktext": [
            name.replace(*(" to ", "<br>to ") if " to " in name else ("-", "<br>"), 1)
            for name in some
        ],
    }


def _days(values: Sequence[Any]) -> dict[str, Any]:
    """The axis of days: as long as the lines, whatever is written beside them."""
    days = pd.Series(pd.to_datetime(list(dict.fromkeys(values)))).sort_values()
    if days.empty:
        return {}
    first, last = days.iloc[0], days.iloc[-1]
    edge = (last - first) * 0.04 or pd.Timedelta(days=15)
    is_short = days.diff().median() < pd.Timedelta(days=25)
    return {
        "type": "date",
        "range": [first - edge, last + edge],
        # As many as a phone has room for.
        "nticks": 4,
        "tickangle": 0,
        "tickformat": "%-d %b<br>%Y" if is_short else "%b<br>%Y",
    }


def _label(
    figure: go.Figure, at: tuple[Any, float], text: str, colour: str, shift: int = 0
) -> None:
    figure.add_annotation(
        x=at[0],
        y=at[1],
        text=text,
        showarrow=False,
        xanchor="left",
        xshift=8,
        yshift=shift,
        font={"size": 14, "color": colour},
        align="left",
    )


def pace(
    frame: pd.DataFrame, look: Look, drawn: Encoding, *, target: str, band: float = 0.1
) -> go.Figure:
    """A running total against its pace line, with the agreed band on both sides of it.

    Rows after as-of hold a missing value: the line stops there. `target` is the column of the
    pace, `band` a share of it.
    """
    figure = empty_figure(look, PACE_HEIGHT)
    if frame.empty:
        return figure
    days = list(frame[drawn.key])
    goal = [float(v) for v in frame[target] if not fmt.is_missing(v)]
    if len(goal) == len(days):
        _pace_band(figure, look, drawn, list(zip(days, goal, strict=True)), band)
    done = frame[frame[drawn.value].notna()]
    _total_so_far(figure, done, look, drawn)
    figure.update_layout(
        yaxis=_axis([*goal, *done[drawn.value]], drawn, look),
        # Labels beside the last day would otherwise stretch the axis beyond it.
        xaxis={
            "tickformat": "%-d<br>%b",
            "nticks": 6,
            "range": [days[0], days[-1]],
            "tickangle": 0,
            # Below the zero that stands beside the first day.
            "ticklabelstandoff": 8,
        },
        margin={"r": 112, "t": 16},
    )
    return figure


def _total_so_far(figure: go.Figure, done: pd.DataFrame, look: Look, drawn: Encoding) -> None:
    """The line up to as-of, its last total written at its end."""
    colour = drawn.hue or look.marketing
    figure.add_scatter(
        x=list(done[drawn.key]),
        y=[float(v) for v in done[drawn.value]],
        mode="lines",
        name=label(drawn.value),
        line={"color": colour, "width": 3},
        text=[drawn.written(v) for v in done[drawn.value]],
        hovertemplate="%{x|%d %b %Y}: %{text}<extra></extra>",
    )
    if len(done):
        last = float(done[drawn.value].iloc[-1])
        at = done[drawn.key].iloc[-1], last
        _label(figure, at, f"<b>{drawn.written(last)}</b>", colour, shift=14)


def _pace_band(
    figure: go.Figure, look: Look, drawn: Encoding, pace: list[tuple[Any, float]], band: float
) -> None:
    """The pace line, labelled at its end, and the agreed band on both sides of it."""
    days, goal = [day for day, _ in pace], [total for _, total in pace]
    figure.add_scatter(
        x=days + days[::-1],
        y=[g * (1 + band) for g in goal] + [g * (1 - band) for g in goal][::-1],
        fill="toself",
        fillcolor=mix(look.shared, look.paper, 0.12),
        line={"width": 0},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=days,
        y=goal,
        mode="lines",
        name="pace",
        line={"color": look.muted, "width": 1.5, "dash": "dot"},
        text=[drawn.written(g) for g in goal],
        hovertemplate="%{x|%d %b %Y}: pace %{text}<extra></extra>",
    )
    _label(figure, pace[-1], f"pace {drawn.written(goal[-1])}", look.muted)


def lines(
    frame: pd.DataFrame, look: Look, drawn: Encoding, series: Series, *, height: int = 320
) -> go.Figure:
    """Up to seven lines over the key, labelled at their end; pale rows are too young to be judged.

    Customdata is [series, key], for drilling.
    """
    figure = empty_figure(look, height)
    ends: list[tuple[float, str, str]] = []
    for index, name in enumerate(series.members(frame)[:MAX_SERIES]):
        rows = frame[frame[series.column] == name]
        words = label(series.named(name))
        colour = series.hues.get(name) or look.series[index % len(look.series)]
        figure.add_scatter(
            x=list(rows[drawn.key]),
            y=list(rows[drawn.value]),
            mode="lines+markers",
            name=words,
            line={"color": colour, "width": 2.5},
            marker={
                "size": 7,
                "color": [look.paper if young else colour for young in drawn.faint(rows)],
                "line": {"color": colour, "width": 1.5},
            },
            customdata=[[str(name), str(v)] for v in rows[drawn.key]],
            text=[f"{words}: {drawn.written(v)}" for v in rows[drawn.value]],
            hovertemplate="%{x} · %{text}<extra></extra>",
        )
        known = rows[rows[drawn.value].notna()]
        if len(known):
            last = float(known[drawn.value].iloc[-1])
            text = f"{two_lines(series.named(name), 16)} <b>{drawn.written(last)}</b>"
            ends.append((last, text, colour))
    figure.update_layout(
        xaxis=_periods(list(frame[drawn.key])),
        yaxis=_axis(frame[drawn.value], drawn, look),
        margin={"r": 30 + round(7.4 * max(map(_width, ends), default=0)), "t": 16},
    )
    _spread_labels(figure, ends, height)
    return figure


def _width(end: tuple[float, str, str]) -> int:
    """Characters of the longest line of a label."""
    lines = re.sub("</?b>", "", end[1]).split("<br>")
    return max(len(unescape(line)) for line in lines)


def _spread_labels(figure: go.Figure, ends: Sequence[tuple[float, str, str]], height: int) -> None:
    """Write the labels at the line ends, pushed apart so that none covers another."""
    if not ends:
        return
    top, plot = max(max(end[0] for end in ends), 1e-9), max(height - 60, 1)
    ordered = sorted(ends, key=lambda end: end[0])
    room = (36 if any("<br>" in end[1] for end in ends) else 20) / plot * top
    places = _apart([end[0] for end in ordered], room, top)
    annotate(
        figure,
        [
            {
                "xref": "paper",
                "x": 1,
                "y": value,
                "text": text,
                "showarrow": False,
                "xanchor": "left",
                "align": "left",
                "xshift": 6,
                "yshift": round((place - value) / top * plot),
                "font": {"size": 14, "color": colour},
            }
            for (value, text, colour), place in zip(ordered, places, strict=True)
        ],
    )


def _apart(values: Sequence[float], room: float, top: float) -> list[float]:
    """Places for rising values, `room` apart, none above the top while there is room below."""
    places: list[float] = []
    for value in values:
        places.append(max(value, places[-1] + room) if places else value)
    ceiling = top
    for number in reversed(range(len(places))):
        places[number] = min(places[number], ceiling)
        ceiling = places[number] - room
    return places


def control(
    frame: pd.DataFrame,
    look: Look,
    drawn: Encoding,
    *,
    limits: Limits | None = None,
    target: float | None = None,
    name: str = "value",
) -> go.Figure:
    """One measure by period with its limits of normal variation, points outside them marked.

    `name` is what the measure is called where limits, average and target are listed beside it.
    """
    figure = empty_figure(look, CONTROL_HEIGHT)
    values = [None if fmt.is_missing(v) else float(v) for v in frame[drawn.value]]
    if limits is not None:
        figure.add_hrect(
            y0=limits.lower,
            y1=limits.upper,
            fillcolor=mix(look.shared, look.paper, 0.1),
            line_width=0,
            layer="below",
            name=LIMIT,
        )
    centre, upper = (limits.centre, limits.upper) if limits else (None, None)
    reach = max((abs(v) for v in (*values, upper, centre, target) if v is not None), default=0.0)
    levels = [(y, w) for y, w in ((centre, "average"), (target, "target")) if y is not None]
    _draw_levels(figure, look, drawn, levels, reach)
    colour = drawn.hue or look.shared
    outside = [v is not None and limits is not None and not limits.holds(v) for v in values]
    figure.add_scatter(
        x=list(frame[drawn.key]),
        y=values,
        name=name,
        mode="lines+markers",
        line={"color": colour, "width": 2.5},
        marker={
            "size": [10 if out else 6 for out in outside],
            "color": [look.bad if out else colour for out in outside],
            "symbol": ["diamond" if out else "circle" for out in outside],
        },
        customdata=[str(v) for v in frame[drawn.key]],
        text=[drawn.written(v) for v in values],
        hovertemplate="%{x}: %{text}<extra></extra>",
    )
    figure.update_layout(
        xaxis=_periods(list(frame[drawn.key])),
        yaxis=_axis([*values, upper, limits.lower if limits else None, target], drawn, look),
        margin={"r": 128, "t": 16},
    )
    return figure


def _draw_levels(
    figure: go.Figure,
    look: Look,
    drawn: Encoding,
    levels: Sequence[tuple[float, str]],
    reach: float,
) -> None:
    """The average and the target across the chart, their words apart where they lie close."""
    for level, words in levels:
        dash = "dot" if words == "average" else "dash"
        line = {"color": look.muted, "width": 1, "dash": dash}
        figure.add_hline(y=level, line=line, name=words)
    close = len(levels) > 1 and abs(levels[0][0] - levels[1][0]) < reach * 20 / CONTROL_HEIGHT
    for level, words in levels:
        shift = 0 if not close else 9 if level == max(levels)[0] else -9
        _edge(figure, level, f"{words} {drawn.written(level)}", look, shift)


def _edge(figure: go.Figure, level: float, text: str, look: Look, shift: int = 0) -> None:
    figure.add_annotation(
        xref="paper",
        x=1,
        y=level,
        text=text,
        showarrow=False,
        xanchor="left",
        xshift=8,
        yshift=shift,
        font={"size": 13, "color": look.muted},
    )
