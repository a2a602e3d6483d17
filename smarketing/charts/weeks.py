"""Six weeks and twelve months side by side, on one axis that starts at zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from smarketing.analysis.review.weeks import Point, Series, SixAndTwelve
from smarketing.charts import format as fmt
from smarketing.charts.axes import value_axis
from smarketing.charts.theme import Look, empty_figure, mix

_GAP = 1
"""Places left free between the weeks and the months."""
_HEIGHT = 280


def six_and_twelve(number: SixAndTwelve, look: Look, currency: str, hue: str) -> go.Figure:
    """Weeks, then months: this year strong, the year before pale, targets as ticks.

    The running week and month are hollow and not joined; flows are per working day, and the labels
    give the true totals. A point beyond its limits is a diamond.
    """
    figure = empty_figure(look, _HEIGHT)
    first = 0
    for series in (number.weeks, number.months):
        _draw(figure, _Panel(number, series, first, hue), look, currency)
        first += len(series.points) + _GAP
    points = (*number.weeks.points, *number.months.points)
    shown = [v for p in points for v in (p.scaled, p.last_year_scaled, p.target_scaled)]
    bounds = [s.limits.upper for s in (number.weeks, number.months) if s.limits]
    axis = value_axis([*shown, *bounds], number.unit, currency, count=4)
    places = [
        *range(len(number.weeks.points)),
        *range(len(number.weeks.points) + _GAP, first - _GAP),
    ]
    figure.update_layout(
        xaxis={
            "tickvals": places,
            "ticktext": [_short(point.period.label) for point in points],
            "range": [-0.6, first - _GAP - 0.4],
            "tickangle": 0,
        },
        yaxis={"showgrid": True, "gridcolor": look.hairline, "rangemode": "tozero", **axis},
        margin={"t": 28, "r": 16},
    )
    return figure


@dataclass(frozen=True)
class _Panel:
    """One half of the chart: which series, where it begins."""

    number: SixAndTwelve
    series: Series
    first: int
    hue: str

    @property
    def places(self) -> list[int]:
        return list(range(self.first, self.first + len(self.series.points)))


def _draw(figure: go.Figure, panel: _Panel, look: Look, currency: str) -> None:
    points, limits = panel.series.points, panel.series.limits
    if limits is not None:
        figure.add_shape(
            type="rect", x0=panel.first - 0.4, x1=panel.places[-1] + 0.4, y0=limits.lower,
            y1=limits.upper, fillcolor=mix(look.shared, look.paper, 0.12), line_width=0,
            layer="below",
        )  # fmt: skip
    over = [None if p.is_running else p.scaled for p in points]
    running = [p.scaled if p.is_running else None for p in points]
    before = [p.last_year_scaled for p in points]
    figure.add_scatter(
        x=panel.places, y=before, mode="lines", line={"color": look.faint, "width": 2},
        hoverinfo="skip", connectgaps=False,
    )  # fmt: skip
    outside = _beyond(panel.series)
    figure.add_scatter(
        x=panel.places,
        y=over,
        mode="lines+markers+text",
        line={"color": panel.hue, "width": 2.5},
        marker={
            "size": [11 if n in outside else 7 for n in range(len(points))],
            "symbol": ["diamond" if n in outside else "circle" for n in range(len(points))],
            "color": [look.bad if n in outside else panel.hue for n in range(len(points))],
        },
        text=_labels(points, panel.number.unit, currency, running=False),
        textposition="top center",
        textfont={"size": 12, "color": look.ink},
        customdata=[_hover(p, panel.number, currency) for p in points],
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.add_scatter(
        x=panel.places, y=running, mode="markers+text",
        marker={"size": 9, "color": look.paper, "line": {"color": panel.hue, "width": 2}},
        text=_labels(points, panel.number.unit, currency, running=True),
        textposition="top center", textfont={"size": 12, "color": look.muted},
        customdata=[_hover(p, panel.number, currency) for p in points],
        hovertemplate="%{customdata}, running<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=panel.places, y=[p.target_scaled for p in points], mode="markers", hoverinfo="skip",
        marker={"symbol": "line-ew", "size": 16, "line": {"color": look.ink, "width": 2}},
    )  # fmt: skip


def _beyond(series: Series) -> set[int]:
    return {n for s in series.signals for n in range(s.first, s.last + 1)}


def _labels(points: Sequence[Point], unit: str, currency: str, *, running: bool) -> list[str]:
    """Label the true totals, every other where there are many, so that they do not collide."""
    step = 1 if len(points) <= 6 else 2
    last = len(points) - 1
    return [
        fmt.by_unit(p.value, unit, currency)
        if p.value is not None and p.is_running == running and (last - n) % step == 0
        else ""
        for n, p in enumerate(points)
    ]


def _hover(point: Point, number: SixAndTwelve, currency: str) -> str:
    said = f"{point.period.label}: {fmt.by_unit(point.value, number.unit, currency)}"
    if number.is_flow and point.scaled is not None:
        said += f", {fmt.by_unit(point.scaled, number.unit, currency)} a working day"
    return f"{said}, a year before {fmt.by_unit(point.last_year, number.unit, currency)}"


def _short(label: str) -> str:
    """A period's name on the axis: W26, or 06 of 2026-06 with the year at its first month."""
    if "W" in label:
        return label.partition("-")[2]
    year, _, month = label.partition("-")
    return f"{month}<br>{year}" if month == "01" else month
