"""A chart as PowerPoint draws and edits it, its numbers in a sheet of its own."""

from __future__ import annotations

from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_TICK_LABEL_POSITION,
)
from pptx.oxml.ns import qn
from pptx.util import Pt

from smarketing.charts.theme import LIGHT
from smarketing.export.deck.pages import Chart, Series

_TYPES = {
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "stacked_bar": XL_CHART_TYPE.BAR_STACKED,
    "stacked_column": XL_CHART_TYPE.COLUMN_STACKED,
    "line": XL_CHART_TYPE.LINE_MARKERS,
}
_SMALL = Pt(12)
_MOST_LABELS = 40


def chart_type(chart: Chart) -> XL_CHART_TYPE:
    """Return PowerPoint's name of a chart's kind."""
    return _TYPES[chart.kind]


def chart_data(chart: Chart) -> CategoryChartData:
    """Return the sheet of a chart: a column per series, the categories before them."""
    data = CategoryChartData(number_format=chart.number_format)
    data.categories = [category or " " for category in chart.categories]
    for series in chart.series:
        data.add_series(series.name or " ", series.values, number_format=chart.number_format)
    return data


def style(drawn: Any, chart: Chart, *, themed: bool) -> None:
    """Give a chart its look: quiet axes, direct labels, hues unless a template has its own."""
    drawn.font.size = _SMALL
    shown = [series for series in chart.series if series.role != "hidden"]
    drawn.has_title = False
    drawn.has_legend = len(shown) > 1
    if drawn.has_legend:
        drawn.legend.position = XL_LEGEND_POSITION.TOP
        drawn.legend.include_in_layout = False
        drawn.legend.font.size = _SMALL
    _axes(drawn, chart)
    plot = drawn.plots[0]
    if chart.kind != "line":
        plot.gap_width = 60
        plot.overlap = 100 if chart.kind.startswith("stacked") else -10
    room = len(chart.categories) * len(shown) <= _MOST_LABELS
    for place, (series, made) in enumerate(zip(chart.series, plot.series, strict=True)):
        _colour(made, series, place, is_line=chart.kind == "line", themed=themed)
        if series.labelled and room:
            _label(made, chart)
    _forget_hidden(drawn, chart)


def _axes(drawn: Any, chart: Chart) -> None:
    values, categories = drawn.value_axis, drawn.category_axis
    values.has_major_gridlines = chart.kind == "line"
    values.visible = chart.kind == "line"
    if chart.kind == "line":
        values.major_gridlines.format.line.color.rgb = rgb(LIGHT.hairline)
        values.format.line.fill.background()
    values.tick_labels.number_format = chart.number_format
    values.tick_labels.number_format_is_linked = False
    if all((value or 0) >= 0 for series in chart.series for value in series.values):
        values.minimum_scale = 0
    categories.has_major_gridlines = False
    categories.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    categories.format.line.color.rgb = rgb(LIGHT.hairline)
    if "bar" in chart.kind and "column" not in chart.kind:
        # PowerPoint draws the first category at the bottom; a reader begins at the top.
        categories.reverse_order = True


def _colour(made: Any, series: Series, place: int, *, is_line: bool, themed: bool) -> None:
    if series.role == "hidden":
        made.format.fill.background()
        made.format.line.fill.background()
        return
    if themed and series.role == "palette":
        return
    palette = LIGHT.series[place % len(LIGHT.series)]
    hue = rgb(palette if series.role == "palette" else str(getattr(LIGHT, series.role)))
    if is_line:
        made.format.line.color.rgb = hue
        made.format.line.width = Pt(2.25)
        made.marker.format.fill.solid()
        made.marker.format.fill.fore_color.rgb = hue
        made.marker.format.line.color.rgb = hue
        made.smooth = False
        return
    made.invert_if_negative = False
    made.format.fill.solid()
    made.format.fill.fore_color.rgb = hue


def _label(made: Any, chart: Chart) -> None:
    labels = made.data_labels
    labels.show_value = True
    labels.number_format = chart.number_format
    labels.number_format_is_linked = False
    labels.font.size = _SMALL
    if chart.kind in ("bar", "column"):
        labels.position = XL_LABEL_POSITION.OUTSIDE_END
    if chart.kind == "line":
        labels.position = XL_LABEL_POSITION.ABOVE
    if chart.kind.startswith("stacked"):
        labels.font.color.rgb = rgb(LIGHT.paper)


def _forget_hidden(drawn: Any, chart: Chart) -> None:
    """Leave the parts that are not seen out of the legend."""
    if not drawn.has_legend:
        return
    legend = drawn.legend._element
    for place, series in enumerate(chart.series):
        if series.role != "hidden":
            continue
        entry = legend.makeelement(qn("c:legendEntry"), {})
        for tag, value in (("c:idx", str(place)), ("c:delete", "1")):
            entry.append(entry.makeelement(qn(tag), {"val": value}))
        legend.find(qn("c:legendPos")).addnext(entry)


def rgb(hue: str) -> RGBColor:
    """Return a hue of the theme as PowerPoint has it."""
    return RGBColor(*bytes.fromhex(hue.lstrip("#")))
