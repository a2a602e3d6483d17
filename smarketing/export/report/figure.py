"""A page's chart as a Plotly figure, so that report and deck draw the same numbers alike."""

from __future__ import annotations

import textwrap
from typing import Any

import plotly.graph_objects as go

from smarketing.charts.names import label
from smarketing.charts.theme import FONT, LIGHT, PLAIN
from smarketing.export.deck.pages import Chart, Series

_HEIGHT = 480
#: So many names stand level beneath columns, each line of them about as long as this.
_LEVEL, _LINE = 12, 14


def figure_of(chart: Chart) -> go.Figure:
    """Return the figure of a chart: the same series, hues, order and number format."""
    lies = chart.kind in ("bar", "stacked_bar")
    traces = [_trace(chart, series, place) for place, series in enumerate(chart.series)]
    figure = go.Figure(traces)
    figure.update_layout(
        template=PLAIN,
        barmode="relative" if chart.kind.startswith("stacked") else "group",
        height=_HEIGHT,
        margin={"l": 8, "r": 8, "t": 32, "b": 8},
        font={"family": FONT, "size": 13, "color": LIGHT.ink},
        paper_bgcolor=LIGHT.paper,
        plot_bgcolor=LIGHT.paper,
        showlegend=sum(series.role != "hidden" for series in chart.series) > 1,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        bargap=0.35,
    )
    _axes(figure, chart, lies)
    return figure


def _axes(figure: go.Figure, chart: Chart, lies: bool) -> None:
    values: dict[str, Any] = {
        "tickformat": _d3(chart.number_format),
        "gridcolor": LIGHT.hairline,
        "zerolinecolor": LIGHT.hairline,
        "rangemode": "tozero",
        "visible": chart.needs_axis,
        "automargin": True,
    }
    names = {"type": "category", "automargin": True, "linecolor": LIGHT.hairline}
    if lies:
        figure.update_layout(xaxis=values, yaxis={**names, "autorange": "reversed"})
    else:
        level = {"autotickangles": [0, 90]} if len(chart.categories) <= _LEVEL else {}
        figure.update_layout(yaxis=values, xaxis={**names, **level})


def _trace(chart: Chart, series: Series, place: int) -> Any:
    hidden = series.role == "hidden"
    hue = LIGHT.series[place % len(LIGHT.series)]
    if series.role not in ("palette", "hidden"):
        hue = str(getattr(LIGHT, series.role))
    names = [_lines(name, chart) for name in chart.categories]
    values = list(series.values)
    shared: dict[str, Any] = {
        "name": label(series.name),
        "showlegend": not hidden and bool(series.name),
        "hoverinfo": "skip" if hidden else None,
    }
    written = f"%{{y:{_d3(chart.number_format)}}}"
    if chart.kind == "line":
        mode = "lines+markers+text" if series.labelled and chart.has_room else "lines+markers"
        if series.dash:
            mode = "lines"
        return go.Scatter(
            x=names,
            y=values,
            mode=mode,
            texttemplate=written,
            textposition="top center",
            line={"color": hue, "dash": series.dash or "solid"},
            **shared,
        )
    lies = chart.kind in ("bar", "stacked_bar")
    text = written.replace("%{y", "%{x") if lies else written
    return go.Bar(
        x=values if lies else names,
        y=names if lies else values,
        orientation="h" if lies else "v",
        marker={"color": "rgba(0,0,0,0)" if hidden else hue, "line": {"width": 0}},
        texttemplate=text if series.labelled and chart.has_room and not hidden else None,
        textposition="auto",
        cliponaxis=False,
        **shared,
    )


def _lines(name: str, chart: Chart) -> str:
    """Return a name as it is drawn: beneath a column of a few on lines of a few words."""
    lines = name.split("\n")
    if "column" in chart.kind and len(chart.categories) <= _LEVEL:
        lines = [part for line in lines for part in textwrap.wrap(line, _LINE) or [""]]
    return "<br>".join(map(label, lines))


def _d3(number_format: str) -> str:
    """Return a spreadsheet's number format as Plotly writes it."""
    decimals = len(number_format.partition(".")[2].rstrip("%"))
    return f",.{decimals}%" if number_format.endswith("%") else f",.{decimals}f"
