"""Six weeks and twelve months side by side, on one axis that starts at zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from smarketing.analysis.review.six_and_twelve import Ground, Point, Series, SixAndTwelve
from smarketing.charts import format as fmt
from smarketing.charts.axes import value_axis
from smarketing.charts.marks import Stretch
from smarketing.charts.theme import Look, empty_figure, mix
from smarketing.charts.words import in_period

LACKS = "*"
"""Stands at the label of a value that leaves out records without an amount."""
_GAP = 1
"""Places left free between the weeks and the months."""
_HEIGHT = 280
_NARROW, _FEW = 4, 6
"""Characters of a label, and labels, that have room side by side."""
_CLOSE = 0.13
"""The share of the axis that a label takes up."""


def lacks(number: SixAndTwelve, currency: str) -> str:
    """Say what the mark at its labels means; empty where none bears it."""
    points = (*number.weeks.points, *number.months.points)
    if all(point.ground.lacking is None for point in points):
        return ""
    return f"{LACKS} without records that have no amount in {currency}"


def six_and_twelve(number: SixAndTwelve, look: Look, currency: str, hue: str) -> go.Figure:
    """Weeks, then months: this year strong, the year before pale, targets as ticks.

    The running week and month are hollow and not joined; flows are per working day, and the labels
    give the true totals. A point beyond its limits is a diamond.
    """
    figure = empty_figure(look, _HEIGHT)
    shown = [
        v
        for p in (*number.weeks.points, *number.months.points)
        for v in (p.scaled, p.last_year_scaled, p.target_scaled)
    ]
    bounds = [s.limits.upper for s in (number.weeks, number.months) if s.limits]
    top = max((v for v in (*shown, *bounds) if v is not None), default=0.0)
    first = 0
    for series in (number.weeks, number.months):
        _draw(figure, _Panel(number, series, first, hue, top), look, currency)
        first += len(series.points) + _GAP
    axis = value_axis([*shown, *bounds], number.unit, currency, count=4)
    ticks = _ticks(number)
    figure.update_layout(
        xaxis={
            "tickvals": list(ticks),
            "ticktext": list(ticks.values()),
            # The first label stands clear of the axis.
            "range": [-1, first - _GAP - 0.4],
            "tickangle": 0,
        },
        yaxis={"showgrid": True, "gridcolor": look.hairline, "rangemode": "tozero", **axis},
        margin={"t": 28, "r": 16},
    )
    return figure


def places(number: SixAndTwelve) -> list[Stretch]:
    """Return where each week and month of a number stands on its chart."""
    first = len(number.weeks.points) + _GAP
    weeks = [(point.period, n) for n, point in enumerate(number.weeks.points)]
    return [*weeks, *((p.period, first + n) for n, p in enumerate(number.months.points))]


@dataclass(frozen=True)
class _Panel:
    """One half of the chart: which series, where it begins."""

    number: SixAndTwelve
    series: Series
    first: int
    hue: str
    top: float

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
    written = _labels(points, panel.number.unit, currency)
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
        text=["" if p.is_running else w for p, w in zip(points, written, strict=True)],
        textposition=_sides(points, panel.top),
        textfont={"size": 12, "color": look.ink},
        cliponaxis=False,
        customdata=[_hover(p, panel.number, currency) for p in points],
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure.add_scatter(
        x=panel.places, y=running, mode="markers+text",
        marker={"size": 9, "color": look.paper, "line": {"color": panel.hue, "width": 2}},
        text=[w if p.is_running else "" for p, w in zip(points, written, strict=True)],
        textposition="top center", textfont={"size": 12, "color": look.muted}, cliponaxis=False,
        customdata=[_hover(p, panel.number, currency) for p in points],
        hovertemplate="%{customdata}, running<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=panel.places, y=[p.target_scaled for p in points], mode="markers", hoverinfo="skip",
        marker={"symbol": "line-ew", "size": 16, "line": {"color": look.ink, "width": 2}},
    )  # fmt: skip


def _beyond(series: Series) -> set[int]:
    return {n for s in series.signals for n in range(s.first, s.last + 1)}


def _labels(points: Sequence[Point], unit: str, currency: str) -> list[str]:
    """Label the true totals, from the last whole period back, as many as have room for theirs."""
    words = [
        ""
        if p.value is None
        else in_period(p.value, Ground(p.ground.counts), unit, currency)
        + ("" if p.ground.lacking is None else LACKS)
        for p in points
    ]
    is_wide, are_many = max(map(len, words), default=0) > _NARROW, len(points) > _FEW
    step = 1 + is_wide + are_many
    last = max((n for n, p in enumerate(points) if not p.is_running), default=0)
    return [word if (last - n) % step == 0 else "" for n, word in enumerate(words)]


def _sides(points: Sequence[Point], top: float) -> list[str]:
    """Above a point; where the line dips or a target is just above, below it if there is room."""
    values = [p.scaled for p in points]
    sides = []
    for n, point in enumerate(points):
        value, target = point.scaled, point.target_scaled
        beside = [v for v in (*values[max(n - 1, 0) : n], *values[n + 1 : n + 2]) if v is not None]
        dips = value is not None and bool(beside) and all(value < v for v in beside)
        struck = value is not None and target is not None and 0 < target - value < _CLOSE * top
        is_high = value is not None and value > _CLOSE * top
        sides.append("bottom center" if is_high and (dips or struck) else "top center")
    return sides


def _hover(point: Point, number: SixAndTwelve, currency: str) -> str:
    said = f"{point.period.label}: {in_period(point.value, point.ground, number.unit, currency)}"
    if number.is_flow and point.scaled is not None:
        said += f", {fmt.by_unit(point.scaled, number.unit, currency)} a working day"
    before = in_period(point.last_year, point.last_year_ground, number.unit, currency)
    return f"{said}, a year before {before}"


def _ticks(number: SixAndTwelve) -> dict[int, str]:
    """Every other week and month by its place, the last ones among them, as phones have room.

    The W of weeks is said once, as the year of months is: three labels of W27 touch on a phone.
    """
    ticks: dict[int, str] = {}
    first = 0
    for series in (number.weeks, number.months):
        labels, said = [point.period.label for point in series.points], ""
        for n in range(1 - len(labels) % 2, len(labels), 2):
            year, _, short = labels[n].partition("-")
            if series.grain == "week":
                ticks[first + n] = short.removeprefix("W") if said else short
            else:
                ticks[first + n] = short if year == said else f"{short}<br>{year}"
            said = year
        first += len(labels) + _GAP
    return ticks
