"""A chart as PowerPoint draws and edits it, its numbers in a sheet of its own."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE, MSO_THEME_COLOR
from pptx.oxml.ns import qn
from pptx.util import Pt

from smarketing.charts.theme import LIGHT
from smarketing.export.deck.pages import Chart, Series
from smarketing.export.deck.room import POINT, ems

_TYPES = {
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "stacked_bar": XL_CHART_TYPE.BAR_STACKED,
    "stacked_column": XL_CHART_TYPE.COLUMN_STACKED,
    "line": XL_CHART_TYPE.LINE_MARKERS,
}
_SMALL = Pt(12)
#: What a format begins with that leaves out values without room.
WITH_ROOM = "[>="
#: What of the longest stack a letter of a value takes lengthwise, and a line of it in height.
_PART_LETTER, _PART_LINE = 0.015, 0.05
#: Sizes of the names beneath marks, and how much of a chart's width is theirs.
_NAME_SIZES, _NAMES_WIDE = (12, 10, 9), 0.94
_FEW_NAMES = 12
_DASHES = {"solid": MSO_LINE.SOLID, "dot": MSO_LINE.ROUND_DOT, "dash": MSO_LINE.DASH}


def chart_type(chart: Chart) -> XL_CHART_TYPE:
    """Return PowerPoint's name of a chart's kind."""
    return _TYPES[chart.kind]


def kind_of(drawn: Any) -> str:
    """Return what kind a chart is of; lines are lines with marks and without."""
    found = drawn.chart_type
    if found == XL_CHART_TYPE.LINE:
        return "line"
    return next((kind for kind, known in _TYPES.items() if known == found), "")


def chart_data(chart: Chart) -> CategoryChartData:
    """Return the sheet of a chart: a column per series, the categories before them."""
    data = CategoryChartData(number_format=chart.number_format)
    data.categories = [category or " " for category in chart.categories]
    for series in chart.series:
        data.add_series(series.name or " ", series.values, number_format=chart.number_format)
    return data


def style(drawn: Any, chart: Chart, wide: int, *, themed: bool) -> None:
    """Give a chart its look: quiet axes, direct labels, hues unless a template has its own.

    `wide` is how wide it is; names stand level beneath their marks where there is room for them.
    """
    _write(drawn.font, themed)
    shown = [series for series in chart.series if series.role != "hidden"]
    drawn.has_title = False
    drawn.has_legend = len(shown) > 1
    if drawn.has_legend:
        write_legend(drawn.legend, themed=themed)
    _axes(drawn, chart)
    _level_names(drawn, chart, wide)
    plot = drawn.plots[0]
    if chart.kind != "line":
        plot.gap_width = 60
        plot.overlap = 100 if chart.kind.startswith("stacked") else -10
    for place, (series, made) in enumerate(zip(chart.series, plot.series, strict=True)):
        colour(made, series, place, is_line=chart.kind == "line", themed=themed)
        if series.labelled and chart.has_room:
            label_of(made, series, chart, themed=themed)
    _forget_hidden(drawn, chart)


def write_legend(legend: Any, *, themed: bool) -> None:
    """Write the names of series above a chart."""
    legend.position = XL_LEGEND_POSITION.TOP
    legend.include_in_layout = False
    _write(legend.font, themed)


def _axes(drawn: Any, chart: Chart) -> None:
    values, categories = drawn.value_axis, drawn.category_axis
    values.has_major_gridlines = values.visible = chart.needs_axis
    if chart.needs_axis:
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


def _level_names(drawn: Any, chart: Chart, wide: int) -> None:
    """Keep the names beneath marks from being tilted where their words have room.

    Of a few, a long word is broken rather than all of them tilted.
    """
    if chart.kind in ("bar", "stacked_bar"):
        return
    room = _NAMES_WIDE * wide / max(len(chart.categories), 1)
    widest = max((ems(word) for name in chart.categories for word in name.split()), default=0.0)
    for size in _NAME_SIZES:
        is_last = size == _NAME_SIZES[-1] and len(chart.categories) <= _FEW_NAMES
        if is_last or widest * size * POINT <= room:
            labels = drawn.category_axis.tick_labels
            labels.font.size = Pt(size)
            body = labels.font._element.getparent().getparent().getparent().find(qn("a:bodyPr"))
            body.set("rot", "0")
            body.set("vert", "horz")
            return


def colour(made: Any, series: Series, place: int, *, is_line: bool, themed: bool) -> None:
    """Give a series its hue: that of its role, else one of the palette by its place."""
    if series.role == "hidden":
        made.format.fill.background()
        made.format.line.fill.background()
        return
    if themed and series.role == "palette":
        return
    palette = LIGHT.series[place % len(LIGHT.series)]
    hue = rgb(series.hue or palette if series.role == "palette" else getattr(LIGHT, series.role))
    if is_line:
        made.format.line.color.rgb = hue
        made.format.line.width = Pt(2.25)
        made.marker.format.fill.solid()
        made.marker.format.fill.fore_color.rgb = hue
        made.marker.format.line.color.rgb = hue
        made.smooth = False
        if series.dash:
            made.format.line.width = Pt(1.25)
            made.format.line.dash_style = _DASHES[series.dash]
            made.marker.style = XL_MARKER_STYLE.NONE
        return
    made.invert_if_negative = False
    made.format.fill.solid()
    made.format.fill.fore_color.rgb = hue
    colour_marks(made, series, frozenset())


def colour_marks(made: Any, series: Series, ours: Container[str]) -> None:
    """Give each bar of a series its own hue; one that is not of `ours` is a person's, and stays."""
    known = {int(mark.find(qn("c:idx")).get("val")): hue_of(mark)
             for mark in made._element.findall(qn("c:dPt"))}  # fmt: skip
    of_all = hue_of(made._element)
    for place, hue in enumerate(series.hues):
        before = known.get(place, of_all)
        if before != hue and (place not in known or before in ours):
            fill = made.points[place].format.fill
            fill.solid()
            fill.fore_color.rgb = rgb(hue)


def hues_of(chart: Chart) -> str:
    """Return the hues of a chart's own, by which those that a person chose are told from them."""
    return " ".join(sorted({hue for series in chart.series for hue in series.hues}))


def hue_of(part: Any) -> str:
    """Return the hue that a series or a mark is filled with; blank where it is no plain one."""
    found = part.xpath("./c:spPr/a:solidFill/a:srgbClr/@val")
    return f"#{found[0].lower()}" if found else ""


def _write(font: Any, themed: bool) -> None:
    """Give a text its size, and on a template the colour of its own texts."""
    font.size = _SMALL
    if themed:
        font.color.theme_color = MSO_THEME_COLOR.TEXT_1


def label_of(made: Any, drawn: Series, chart: Chart, *, themed: bool) -> None:
    """Write the values of a series beside its marks."""
    labels = made.data_labels
    labels.show_value = True
    labels.number_format = chart.number_format
    if chart.kind.startswith("stacked"):
        labels.number_format = format_with_room(chart)
    labels.number_format_is_linked = False
    _write(labels.font, themed)
    if chart.kind in ("bar", "column"):
        labels.position = XL_LABEL_POSITION.OUTSIDE_END
    if chart.kind == "line":
        labels.position = XL_LABEL_POSITION.ABOVE
    if chart.kind.startswith("stacked"):
        pale = drawn.role == "faint" or _is_pale(drawn.hue)
        labels.font.color.rgb = rgb(LIGHT.ink if pale else LIGHT.paper)


def format_with_room(chart: Chart) -> str:
    """Return how values are written into the parts of a stack: those that have room for theirs."""
    told = [[value or 0.0 for value in series.values] for series in chart.series]
    longest = max(
        (abs(v) for s in chart.series if s.labelled for v in s.values if v is not None), default=0
    )
    total = max((sum(map(abs, parts)) for parts in zip(*told, strict=True)), default=0.0)
    is_share = "%" in chart.number_format
    letters = 5 if is_share else len(f"{longest:,.0f}") + 2 * ("[$" in chart.number_format)
    share = letters * _PART_LETTER if "bar" in chart.kind else _PART_LINE
    least = max(total * share, 1e-9)
    return f"{WITH_ROOM}{least:.6g}]{chart.number_format};[<=-{least:.6g}]-{chart.number_format};"


def _is_pale(hue: str) -> bool:
    """Return whether dark letters are read on a hue, rather than white ones."""
    if not hue:
        return False
    red, green, blue = rgb(hue)
    return bool(0.299 * red + 0.587 * green + 0.114 * blue > 160)


def _forget_hidden(drawn: Any, chart: Chart) -> None:
    """Leave the parts that are not seen out of the legend."""
    unlist(drawn, [n for n, series in enumerate(chart.series) if series.role == "hidden"])


def unlist(drawn: Any, places: Sequence[int]) -> None:
    """Leave these series, and no others, out of the legend."""
    if not drawn.has_legend:
        return
    legend = drawn.legend._element
    for entry in legend.findall(qn("c:legendEntry")):
        if entry.find(qn("c:delete")) is not None:
            legend.remove(entry)
    for place in reversed(places):
        entry = legend.makeelement(qn("c:legendEntry"), {})
        for tag, value in (("c:idx", str(place)), ("c:delete", "1")):
            entry.append(entry.makeelement(qn(tag), {"val": value}))
        legend.find(qn("c:legendPos")).addnext(entry)


def rgb(hue: str) -> RGBColor:
    """Return a hue of the theme as PowerPoint has it."""
    return RGBColor(*bytes.fromhex(hue.lstrip("#")))
