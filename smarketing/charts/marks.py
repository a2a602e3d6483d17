"""What happened, on the charts it concerns: a line at its day, words beside its campaign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import plotly.graph_objects as go

from smarketing.charts.names import shorten
from smarketing.charts.theme import Look, mix
from smarketing.periods import Period, period_of

#: A stretch of time and the place on a chart's axis where it stands.
Stretch = tuple[Period, Any]
_ROW = 17
"""Pixels from one mark's words to those of the next."""


@dataclass(frozen=True)
class Mark:
    """Something that happened from one day to another, the same one where it was a day."""

    first: date
    last: date
    text: str


def at_days(days: Iterable[date], grain: str = "day", week_start: int = 1) -> list[Stretch]:
    """Return the timeline of a chart that has each day, or the period it is in, at that day."""
    return [(period_of(day, grain, week_start=week_start), day) for day in sorted(set(days))]


def within(timeline: Sequence[Stretch], mark: Mark) -> list[tuple[Any, Any]]:
    """Return the first and last place of each run of stretches that a mark touches."""
    runs: list[tuple[Any, Any]] = []
    joined = False
    for period, place in timeline:
        touched = _touches(mark, period)
        if touched:
            runs = [*runs[:-1], (runs[-1][0], place)] if joined else [*runs, (place, place)]
        joined = touched
    return runs


def mark_time(
    figure: go.Figure, look: Look, timeline: Sequence[Stretch], marks: Sequence[Mark]
) -> None:
    """Draw each mark at its places on a chart over time, its words on a row of their own.

    Where the rows of a table are what time runs along, the words stand under the row's name.
    """
    if figure.layout.yaxis.type == "category":
        _mark_rows(figure, timeline, marks)
        return
    places = [place for _, place in timeline]
    for row, mark in enumerate(marks):
        for number, (first, last) in enumerate(within(timeline, mark)):
            _line(figure, look, first, last)
            if number == 0:
                is_late = places.index(first) * 2 > len(places)
                figure.add_annotation(_words(look, mark, first, row, is_late))


def _mark_rows(figure: go.Figure, timeline: Sequence[Stretch], marks: Sequence[Mark]) -> None:
    axis = figure.layout.yaxis
    names = dict(zip(axis.tickvals, axis.ticktext, strict=True))
    for period, place in timeline:
        said = [shorten(one.text, 18) for one in marks if _touches(one, period)]
        if said and place in names:
            names[place] = f"{names[place]}<br><i>{said[-1]}</i>"
    axis.ticktext = list(names.values())


def _touches(mark: Mark, period: Period) -> bool:
    return period.start <= mark.last and mark.first < period.end


def _line(figure: go.Figure, look: Look, first: Any, last: Any) -> None:
    span = {"type": "rect", "fillcolor": mix(look.muted, look.paper, 0.16), "layer": "below"}
    figure.add_shape(
        x0=first,
        x1=last,
        yref="paper",
        y0=0,
        y1=1,
        line={"color": look.muted, "width": 1.5, "dash": "dashdot"},
        **({"type": "line"} if first == last else span),
    )


def _words(look: Look, mark: Mark, at: Any, row: int, is_late: bool) -> go.layout.Annotation:
    """Return what a mark says beside its line, on the side that has more room."""
    return go.layout.Annotation(
        x=at,
        yref="paper",
        y=1,
        text=shorten(mark.text, 26),
        showarrow=False,
        xanchor="right" if is_late else "left",
        yanchor="top",
        xshift=-4 if is_late else 4,
        yshift=-row * _ROW,
        bgcolor=look.paper,
        font={"size": 13, "color": look.muted},
    )


def mark_bars(figure: go.Figure, texts: Mapping[str, Sequence[str]]) -> None:
    """Write texts after the names of the bars whose keys (customdata) they are about."""
    axis = figure.layout.yaxis
    if axis.tickvals is None or axis.ticktext is None:
        return
    names = dict(zip(axis.tickvals, axis.ticktext, strict=True))
    for trace in figure.data:
        keys = trace.customdata if trace.type == "bar" and trace.customdata is not None else ()
        for key, place in zip(keys, trace.y if len(keys) else (), strict=True):
            said = [shorten(text, 24) for text in texts.get(str(key), ())]
            if said and place in names:
                # On the line that is there: the rows have no room for another.
                names[place] = " · ".join([names[place], *(f"<i>{one}</i>" for one in said[-1:])])
    axis.ticktext = list(names.values())
