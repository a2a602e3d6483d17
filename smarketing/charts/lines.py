"""Lines over time: a measure against its pace, several measures, control limits."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from html import unescape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from smarketing.charts import format as fmt
from smarketing.charts.axes import value_axis
from smarketing.charts.names import label, two_lines
from smarketing.charts.theme import MAX_SERIES, Look, empty_figure, mix


def _axis(values: Iterable[Any], unit: str, currency: str, look: Look) -> dict[str, Any]:
    axis = value_axis(values, unit, currency)
    return {"showgrid": True, "gridcolor": look.hairline, "rangemode": "tozero", **axis}


def _words(values: Iterable[Any], unit: str, currency: str) -> list[str]:
    return [fmt.by_unit(value, unit, currency) for value in values]


def _periods(values: Sequence[Any]) -> dict[str, Any]:
    """The axis of periods: text such as 2026-04 is a label, never read as a day."""
    if not all(isinstance(value, str) for value in values):
        return _days([value for value in values if not fmt.is_missing(value)])
    names, edge = list(dict.fromkeys(values)), 0.5
    some = names[::-1][:: math.ceil(len(names) / 5) or 1]
    whole = [-edge, max(len(names) - 1, 0) + edge]
    # On two lines the year and the month fit beside their neighbours on a phone.
    return {
        "type": "category",
        "range": whole,
        "tickvals": some,
        "ticktext": [name.replace("-", "<br>", 1) for name in some],
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


def _label(figure: go.Figure, x: Any, y: float, text: str, colour: str, shift: int = 0) -> None:
    figure.add_annotation(
        x=x,
        y=y,
        text=text,
        showarrow=False,
        xanchor="left",
        xshift=8,
        yshift=shift,
        font={"size": 14, "color": colour},
        align="left",
    )


def pace(
    frame: pd.DataFrame,
    look: Look,
    *,
    x: str,
    actual: str,
    target: str,
    unit: str,
    currency: str = "EUR",
    hue: str | None = None,
    band: float = 0.1,
    previous: str | None = None,
    height: int = 320,
) -> go.Figure:
    """A running total against its pace line, with the agreed band on both sides of it.

    Rows after as-of hold a missing `actual`: the line stops there. `band` is a share of the pace.
    """
    figure = empty_figure(look, height)
    if frame.empty:
        return figure
    days = list(frame[x])
    goal = [float(v) for v in frame[target] if not fmt.is_missing(v)]
    if len(goal) == len(days):
        _pace_band(figure, look, days, goal, band, unit, currency)
    if previous and previous in frame:
        figure.add_scatter(
            x=days,
            y=list(frame[previous]),
            mode="lines",
            line={"color": look.faint, "width": 1.5},
            text=_words(frame[previous], unit, currency),
            hovertemplate="%{x|%d %b %Y}: before %{text}<extra></extra>",
        )
    done = frame[frame[actual].notna()]
    colour = hue or look.marketing
    figure.add_scatter(
        x=list(done[x]),
        y=[float(v) for v in done[actual]],
        mode="lines",
        line={"color": colour, "width": 3},
        text=_words(done[actual], unit, currency),
        hovertemplate="%{x|%d %b %Y}: %{text}<extra></extra>",
    )
    if len(done):
        last = float(done[actual].iloc[-1])
        words = f"<b>{fmt.by_unit(last, unit, currency)}</b>"
        _label(figure, done[x].iloc[-1], last, words, colour, shift=14)
    figure.update_layout(
        yaxis=_axis([*goal, *done[actual]], unit, currency, look),
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


def _pace_band(
    figure: go.Figure,
    look: Look,
    days: list[Any],
    goal: list[float],
    band: float,
    unit: str,
    currency: str,
) -> None:
    """The pace line, labelled at its end, and the agreed band on both sides of it."""
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
        line={"color": look.muted, "width": 1.5, "dash": "dot"},
        text=_words(goal, unit, currency),
        hovertemplate="%{x|%d %b %Y}: pace %{text}<extra></extra>",
    )
    _label(figure, days[-1], goal[-1], f"pace {fmt.by_unit(goal[-1], unit, currency)}", look.muted)


def lines(
    frame: pd.DataFrame,
    look: Look,
    *,
    x: str,
    series: str,
    value: str,
    unit: str,
    currency: str = "EUR",
    hues: dict[str, str] | None = None,
    labels: dict[str, str] | None = None,
    pale: str | None = None,
    height: int = 320,
) -> go.Figure:
    """Up to seven lines labelled at their end; `pale` marks rows too young to be judged."""
    figure = empty_figure(look, height)
    ends: list[tuple[float, str, str]] = []
    names = list(dict.fromkeys(frame[series]))[:MAX_SERIES]
    for index, name in enumerate(names):
        rows = frame[frame[series] == name]
        words = label((labels or {}).get(name, name))
        colour = (hues or {}).get(name) or look.series[index % len(look.series)]
        young = list(rows[pale].astype(bool)) if pale else [False] * len(rows)
        figure.add_scatter(
            x=list(rows[x]),
            y=list(rows[value]),
            mode="lines+markers",
            name=words,
            line={"color": colour, "width": 2.5},
            marker={
                "size": 7,
                "color": [look.paper if y else colour for y in young],
                "line": {"color": colour, "width": 1.5},
            },
            customdata=[[str(name), str(v)] for v in rows[x]],
            text=[f"{words}: {text}" for text in _words(rows[value], unit, currency)],
            hovertemplate="%{x} · %{text}<extra></extra>",
        )
        known = rows[rows[value].notna()]
        if len(known):
            last = float(known[value].iloc[-1])
            text = f"<b>{fmt.by_unit(last, unit, currency)}</b>"
            ends.append((last, f"{two_lines((labels or {}).get(name, name), 16)} {text}", colour))
    figure.update_layout(
        xaxis=_periods(list(frame[x])),
        yaxis=_axis(frame[value], unit, currency, look),
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
    for (value, text, colour), place in zip(
        ordered, _apart([end[0] for end in ordered], room, top), strict=True
    ):
        figure.add_annotation(
            xref="paper",
            x=1,
            y=value,
            text=text,
            showarrow=False,
            xanchor="left",
            align="left",
            xshift=6,
            yshift=round((place - value) / top * plot),
            font={"size": 14, "color": colour},
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
    *,
    x: str,
    value: str,
    unit: str,
    currency: str = "EUR",
    centre: float | None = None,
    lower: float | None = None,
    upper: float | None = None,
    target: float | None = None,
    hue: str | None = None,
    height: int = 240,
) -> go.Figure:
    """One measure by period with its limits of normal variation, points outside them marked."""
    figure = empty_figure(look, height)
    colour = hue or look.shared
    values = [None if fmt.is_missing(v) else float(v) for v in frame[value]]
    outside = [
        v is not None and ((lower is not None and v < lower) or (upper is not None and v > upper))
        for v in values
    ]
    if lower is not None and upper is not None:
        figure.add_hrect(
            y0=lower,
            y1=upper,
            fillcolor=mix(look.shared, look.paper, 0.1),
            line_width=0,
            layer="below",
        )
    levels = [(y, w) for y, w in ((centre, "average"), (target, "target")) if y is not None]
    for level, words in levels:
        dash = "dot" if words == "average" else "dash"
        figure.add_hline(y=level, line={"color": look.muted, "width": 1, "dash": dash})
    reach = max((abs(v) for v in (*values, upper, centre, target) if v is not None), default=0.0)
    close = len(levels) > 1 and abs(levels[0][0] - levels[1][0]) < reach * 20 / height
    for level, words in levels:
        shift = 0 if not close else 9 if level == max(levels)[0] else -9
        _edge(figure, level, f"{words} {fmt.by_unit(level, unit, currency)}", look, shift)
    figure.add_scatter(
        x=list(frame[x]),
        y=values,
        mode="lines+markers",
        line={"color": colour, "width": 2.5},
        marker={
            "size": [10 if out else 6 for out in outside],
            "color": [look.bad if out else colour for out in outside],
            "symbol": ["diamond" if out else "circle" for out in outside],
        },
        customdata=[str(v) for v in frame[x]],
        text=_words(values, unit, currency),
        hovertemplate="%{x}: %{text}<extra></extra>",
    )
    figure.update_layout(
        xaxis=_periods(list(frame[x])),
        yaxis=_axis([*values, upper, lower, target], unit, currency, look),
        margin={"r": 128, "t": 16},
    )
    return figure


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
