"""A chart as PowerPoint draws and edits it, its numbers in a sheet of its own."""

from __future__ import annotations

import json
from collections.abc import Collection, Container, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
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
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from smarketing.charts.theme import LIGHT
from smarketing.export.deck.pages import Chart, Series
from smarketing.export.deck.room import POINT, ems
from smarketing.export.deck.sheet import put_back, sheet_of

_TYPES = {
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "stacked_bar": XL_CHART_TYPE.BAR_STACKED,
    "stacked_column": XL_CHART_TYPE.COLUMN_STACKED,
    "line": XL_CHART_TYPE.LINE_MARKERS,
}
#: The kinds of plot that a sheet of categories and numbers can fill.
_FILLED = frozenset(
    qn(f"c:{kind}Chart") for kind in ("area", "bar", "doughnut", "line", "pie", "radar")
)
#: What of a series is its data; all else is how it looks.
_DATA = frozenset(qn(f"c:{part}") for part in ("idx", "order", "tx", "cat", "val"))
_SMALL = Pt(12)
#: What a format begins with that leaves out values without room.
_WITH_ROOM = "[>="
#: What of the longest stack a letter of a value takes lengthwise, and a line of it in height.
_PART_LETTER, _PART_LINE = 0.015, 0.05
#: Sizes of the names beneath marks, and how much of a chart's width is theirs.
_NAME_SIZES, _NAMES_WIDE = (12, 10, 9), 0.94
_FEW_NAMES = 12
_DASHES = {"solid": MSO_LINE.SOLID, "dot": MSO_LINE.ROUND_DOT, "dash": MSO_LINE.DASH}


@dataclass(frozen=True)
class _Look:
    """What a series looks like: the kind of plot it is in, its parts before its data, and after."""

    plot: str
    ahead: list[Any]
    behind: list[Any]


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


def style(drawn: Any, chart: Chart, wide: int, *, themed: bool) -> None:
    """Give a chart its look: quiet axes, direct labels, hues unless a template has its own.

    `wide` is how wide it is; names stand level beneath their marks where there is room for them.
    """
    _write(drawn.font, themed)
    shown = [series for series in chart.series if series.role != "hidden"]
    drawn.has_title = False
    drawn.has_legend = len(shown) > 1
    if drawn.has_legend:
        drawn.legend.position = XL_LEGEND_POSITION.TOP
        drawn.legend.include_in_layout = False
        _write(drawn.legend.font, themed)
    _axes(drawn, chart)
    _level_names(drawn, chart, wide)
    plot = drawn.plots[0]
    if chart.kind != "line":
        plot.gap_width = 60
        plot.overlap = 100 if chart.kind.startswith("stacked") else -10
    for place, (series, made) in enumerate(zip(chart.series, plot.series, strict=True)):
        _colour(made, series, place, is_line=chart.kind == "line", themed=themed)
        if series.labelled and chart.has_room:
            _label(made, series, chart, themed=themed)
    _forget_hidden(drawn, chart)


def can_hold(drawn: Any) -> bool:
    """Return whether a chart, as somebody may have changed it, still takes categories and numbers.

    Points of x and y, bubbles and solid kinds do not, nor one of which every series was deleted.
    """
    area = drawn._chartSpace.plotArea
    kinds = {part.tag for part in area if part.tag.endswith("Chart")}
    return bool(area.sers) and kinds <= _FILLED


def renew(
    drawn: Any, chart: Chart, looks: str = "", hues: str = "", gone: Collection[str] = ()
) -> tuple[str, tuple[str, ...]]:
    """Put new numbers into a chart that people may have restyled: every look stays with its name.

    Series stay in the order that a person gave them, and what was done to a single mark stays with
    its category. A series that the chart did not have looks as it is made, or as PowerPoint has it
    in a kind of chart that a person chose. An axis that began at zero follows numbers below it.

    `looks` are those of series that went with an earlier period, `hues` those that the chart was
    made with: a mark of one of them takes its new one, and `gone` the marks of series that a person
    deleted. Returns the looks of all series that the
    chart now lacks, and what of a person's stays in its sheet.
    """
    before = [(series.name, _look(series._element)) for series in drawn.series]
    known = _read_looks(looks) | dict(reversed(before))
    unlisted, marked = _unlisted(drawn), names_of_marks(drawn)
    chart = replace(chart, series=_as_arranged([name for name, _ in before], chart.series))
    _let_go(drawn)
    sheet = sheet_of(drawn)
    drawn.replace_data(chart_data(chart))
    theirs = put_back(drawn, sheet, chart, gone) if sheet is not None else ()
    for place, (series, made) in enumerate(zip(chart.series, drawn.series, strict=True)):
        name = series.name or " "
        if place < len(before) and before[place][0] == name:
            continue
        _undress(made._element)
        if name in known and known[name].plot == made._element.getparent().tag:
            _dress(made._element, known[name])
            continue
        is_as_made = len(drawn.plots) == 1 and drawn.chart_type == chart_type(chart)
        if is_as_made or series.role == "hidden":
            _colour(made, series, place, is_line=chart.kind == "line", themed=False)
        if is_as_made and series.labelled:
            _label(made, series, chart, themed=False)
    _move_marks(drawn, marked)
    for part in drawn._chartSpace.xpath(".//c:ser/c:dLbls/c:numFmt"):
        if part.get("formatCode", "").startswith(_WITH_ROOM):
            part.set("formatCode", _format_with_room(chart))
    for series, made in zip(chart.series, drawn.series, strict=True):
        is_bar = made._element.getparent().tag == qn("c:barChart")
        if is_bar and _hue_of(made._element) in hues.split():
            _colour_marks(made, series, hues.split())
    _unlist(drawn, [
        place for place, series in enumerate(chart.series)
        if series.role == "hidden" or (series.name or " ") in unlisted
    ])  # fmt: skip
    _below_zero(drawn, chart)
    shown = {series.name for series in drawn.series}
    gone = {name: look for name, look in known.items() if name not in shown}
    return _written_looks(gone), theirs


def _written_looks(looks: Mapping[str, _Look]) -> str:
    """Write looks down, less what was done to single marks, whose categories went with them."""
    told = {}
    for name, look in sorted(looks.items()):
        parts = [[deepcopy(part) for part in side] for side in (look.ahead, look.behind)]
        for part in (part for side in parts for part in side):
            for label in part.findall(qn("c:dLbl")):
                part.remove(label)
        told[name] = [
            look.plot,
            *([serialize_part_xml(part).decode() for part in side
               if part.tag != qn("c:dPt")] for side in parts),
        ]  # fmt: skip
    return json.dumps(told) if told else ""


def _read_looks(written: str) -> dict[str, _Look]:
    told = json.loads(written) if written else {}
    return {
        name: _Look(
            plot, *([parse_xml(part.encode()) for part in side] for side in (ahead, behind))
        )
        for name, (plot, ahead, behind) in told.items()
    }


def _let_go(drawn: Any) -> None:
    """Take the link to a file elsewhere from a chart that was pasted with one: it gets a sheet."""
    held = drawn._chartSpace.find(qn("c:externalData"))
    if held is None:
        return
    link = drawn.part.rels.get(held.rId)
    if link is None or link.is_external:
        drawn._chartSpace.remove(held)
    if link is not None and link.is_external:
        drawn.part.drop_rel(link.rId)


def _as_arranged(names: Sequence[str], series: Sequence[Series]) -> tuple[Series, ...]:
    """Return series in the order of a chart that has exactly these, as a person may have put them.

    Where one came or went they stand as they are made, since parts of a stack carry one another.
    """
    by_name = {one.name or " ": one for one in series}
    if len(by_name) == len(series) == len(names) and by_name.keys() == set(names):
        return tuple(by_name[name] for name in names)
    return tuple(series)


def names_of_marks(drawn: Any) -> list[str]:
    """Return the categories of a chart by place, without the numbers written beneath some."""
    return [str(category).split("\n")[0] for category in drawn.plots[0].categories]


def _move_marks(drawn: Any, before: Sequence[str]) -> None:
    """Let what was done to single marks follow its category; what is of none any more goes."""
    now = names_of_marks(drawn)
    if now == before or len(set(before)) < len(before) or len(set(now)) < len(now):
        return
    places = {place: now.index(name) for place, name in enumerate(before) if name in now}
    for series in drawn.series:
        for holder, tag in ((series._element, "c:dPt"), (series._element.dLbls, "c:dLbl")):
            if holder is not None:
                _place_marks(holder, holder.findall(qn(tag)), places)


def _place_marks(holder: Any, parts: Sequence[Any], places: Mapping[int, int]) -> None:
    """Give what was done to marks its new places, in their order."""
    first = holder.index(parts[0]) if parts else 0
    moved = {}
    for part in parts:
        holder.remove(part)
        at = part.find(qn("c:idx"))
        place = places.get(int(at.get("val")))
        if place is not None:
            at.set("val", str(place))
            moved[place] = part
    for place in sorted(moved, reverse=True):
        holder.insert(first, moved[place])


def emptied(drawn: Any) -> Chart:
    """Return a chart with the names of one that is drawn, and no number in it."""
    names = tuple(names_of_marks(drawn))
    blank = (None,) * len(names)
    return Chart("bar", names, tuple(Series(series.name, blank) for series in drawn.series))


def _look(ser: Any) -> _Look:
    """Return a copy of what a series looks like."""
    parts = list(ser)
    first = min(
        (n for n, part in enumerate(parts) if part.tag in (qn("c:cat"), qn("c:val"))),
        default=len(parts),
    )
    kept = [(n, deepcopy(part)) for n, part in enumerate(parts) if part.tag not in _DATA]
    return _Look(
        ser.getparent().tag,
        [part for n, part in kept if n < first],
        [part for n, part in kept if n > first],
    )


def _undress(ser: Any) -> None:
    for part in [part for part in ser if part.tag not in _DATA]:
        ser.remove(part)


def _dress(ser: Any, look: _Look) -> None:
    place = ser.find(qn("c:tx"))
    for part in reversed(look.ahead):
        place.addnext(deepcopy(part))
    ser.extend(deepcopy(part) for part in look.behind)


def _below_zero(drawn: Any, chart: Chart) -> None:
    """Let an axis go below zero where it was held there and a number now lies beneath."""
    is_below = any((value or 0) < 0 for series in chart.series for value in series.values)
    if is_below and drawn._chartSpace.valAx_lst and drawn.value_axis.minimum_scale == 0:
        drawn.value_axis.minimum_scale = None


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


def _colour(made: Any, series: Series, place: int, *, is_line: bool, themed: bool) -> None:
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
    _colour_marks(made, series, frozenset())


def _colour_marks(made: Any, series: Series, ours: Container[str]) -> None:
    """Give each bar of a series its own hue; one that is not of `ours` is a person's, and stays."""
    known = {int(mark.find(qn("c:idx")).get("val")): _hue_of(mark)
             for mark in made._element.findall(qn("c:dPt"))}  # fmt: skip
    of_all = _hue_of(made._element)
    for place, hue in enumerate(series.hues):
        before = known.get(place, of_all)
        if before != hue and (place not in known or before in ours):
            fill = made.points[place].format.fill
            fill.solid()
            fill.fore_color.rgb = rgb(hue)


def hues_of(chart: Chart) -> str:
    """Return the hues of a chart's own, by which those that a person chose are told from them."""
    return " ".join(sorted({hue for series in chart.series for hue in series.hues}))


def _hue_of(part: Any) -> str:
    """Return the hue that a series or a mark is filled with; blank where it is no plain one."""
    found = part.xpath("./c:spPr/a:solidFill/a:srgbClr/@val")
    return f"#{found[0].lower()}" if found else ""


def _write(font: Any, themed: bool) -> None:
    """Give a text its size, and on a template the colour of its own texts."""
    font.size = _SMALL
    if themed:
        font.color.theme_color = MSO_THEME_COLOR.TEXT_1


def _label(made: Any, drawn: Series, chart: Chart, *, themed: bool) -> None:
    labels = made.data_labels
    labels.show_value = True
    labels.number_format = chart.number_format
    if chart.kind.startswith("stacked"):
        labels.number_format = _format_with_room(chart)
    labels.number_format_is_linked = False
    _write(labels.font, themed)
    if chart.kind in ("bar", "column"):
        labels.position = XL_LABEL_POSITION.OUTSIDE_END
    if chart.kind == "line":
        labels.position = XL_LABEL_POSITION.ABOVE
    if chart.kind.startswith("stacked"):
        pale = drawn.role == "faint" or _is_pale(drawn.hue)
        labels.font.color.rgb = rgb(LIGHT.ink if pale else LIGHT.paper)


def _format_with_room(chart: Chart) -> str:
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
    return f"{_WITH_ROOM}{least:.6g}]{chart.number_format};[<=-{least:.6g}]-{chart.number_format};"


def _is_pale(hue: str) -> bool:
    """Return whether dark letters are read on a hue, rather than white ones."""
    if not hue:
        return False
    red, green, blue = rgb(hue)
    return bool(0.299 * red + 0.587 * green + 0.114 * blue > 160)


def _forget_hidden(drawn: Any, chart: Chart) -> None:
    """Leave the parts that are not seen out of the legend."""
    _unlist(drawn, [n for n, series in enumerate(chart.series) if series.role == "hidden"])


def _unlisted(drawn: Any) -> set[str]:
    """Return the names of the series that the legend leaves out."""
    if not drawn.has_legend:
        return set()
    places = {
        int(entry.find(qn("c:idx")).get("val"))
        for entry in drawn.legend._element.findall(qn("c:legendEntry"))
        if entry.find(qn("c:delete")) is not None
    }
    return {series.name for place, series in enumerate(drawn.series) if place in places}


def _unlist(drawn: Any, places: Sequence[int]) -> None:
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
