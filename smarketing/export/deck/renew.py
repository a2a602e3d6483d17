"""A chart that people may have restyled gets new numbers: every look stays with its name."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from smarketing.export.deck.native import (
    WITH_ROOM,
    chart_data,
    colour,
    colour_marks,
    format_with_room,
    hue_of,
    kind_of,
    label_of,
    unlist,
    write_legend,
)
from smarketing.export.deck.pages import Chart, Series
from smarketing.export.deck.sheet import put_back, sheet_of

#: The kinds of plot that a sheet of categories and numbers can fill.
_FILLED = frozenset(
    qn(f"c:{kind}Chart") for kind in ("area", "bar", "doughnut", "line", "pie", "radar")
)
#: What of a series is its data; all else is how it looks.
_DATA = frozenset(qn(f"c:{part}") for part in ("idx", "order", "tx", "cat", "val"))


@dataclass(frozen=True)
class _Look:
    """What a series looks like: the kind of plot it is in, its parts before its data, and after."""

    plot: str
    ahead: list[Any]
    behind: list[Any]


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
    is_alone = len(before) == 1
    if is_alone and not before[0][0].strip() and chart.series:
        # An earlier version gave the only series of some charts no name.
        before = [(chart.series[0].name or " ", before[0][1])]
    is_as_made = len(drawn.plots) == 1 and kind_of(drawn) == chart.kind
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
        if is_as_made or series.role == "hidden":
            colour(made, series, place, is_line=chart.kind == "line", themed=False)
        if is_as_made and series.labelled and chart.has_room:
            label_of(made, series, chart, themed=False)
    is_several = sum(series.role != "hidden" for series in chart.series) > 1
    if is_alone and is_several and not drawn.has_legend:
        drawn.has_legend = True
        write_legend(drawn.legend, themed=False)
    _move_marks(drawn, marked)
    for part in drawn._chartSpace.xpath(".//c:ser/c:dLbls/c:numFmt"):
        if part.get("formatCode", "").startswith(WITH_ROOM):
            part.set("formatCode", format_with_room(chart))
    for series, made in zip(chart.series, drawn.series, strict=True):
        is_bar = made._element.getparent().tag == qn("c:barChart")
        if is_bar and hue_of(made._element) in hues.split():
            colour_marks(made, series, hues.split())
    unlist(drawn, [
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
    moved = {}
    for part in parts:
        # They stand side by side: each goes from where the first one stood.
        first = holder.index(part)
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
