"""A figure of a page, taken out of it by its address: as a file, and as a page of a report.

An address is a page's, as the browser shows it, with the figure's name behind a `#`:
`funnel?show=time&period=2026-06#stays`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pandas as pd
import plotly.graph_objects as go

from smarketing.currencies import SYMBOLS
from smarketing.engine import Filters
from smarketing.errors import UsageError, unknown
from smarketing.export.deck import make_deck
from smarketing.export.deck.pages import Chart, Dash, Page, Series, printable
from smarketing.export.images import FORMATS as PICTURES
from smarketing.export.images import to_image
from smarketing.export.stamp import Stamp
from smarketing.export.tables import SHARES, to_csv, to_xlsx

#: What one figure can be written as.
FORMATS = (*PICTURES, "csv", "xlsx", "pptx")
_PERIOD = "period"
_MARKUP = re.compile(r"<[^<>]*>")
#: Where a label of two lines breaks inside a word, and between two.
_IN_WORD = re.compile(r"(?<=\w[_-])<br>")
#: What a day on an axis of time has behind it.
_MIDNIGHT = re.compile(r"(?<=^\d{4}-\d\d-\d\d)[T ]00:00:00(\.0+)?$")
_HUE = re.compile(r"#[0-9a-fA-F]{6}")
#: Marks that a native chart has room for.
_MOST_MARKS = 400
#: From this much on, hundredths say nothing.
_WHOLE_FROM = 1_000
#: Of more values than these, all but one of a column are of it.
_SURE = 3
#: How the names of columns end whose numbers are lengths of time.
_MINUTES = "(minutes)"


@dataclass(frozen=True)
class FigureAddress:
    """Where a figure stands: its page, what the page is asked, and the figure's name there."""

    page: str
    query: tuple[tuple[str, str], ...] = ()
    figure: str = ""

    @staticmethod
    def is_one(text: str) -> bool:
        """Return whether a text is an address rather than the name of a figure of a report."""
        return any(mark in text for mark in "/?#")

    @classmethod
    def read(cls, text: str) -> FigureAddress:
        """Return what a link says, with or without its host; UsageError for one of no page."""
        try:
            parts = urlsplit(text.strip())
            query = tuple(parse_qsl(parts.query, keep_blank_values=True, max_num_fields=200))
        except ValueError as error:
            raise UsageError(f"'{text}' is no address of a figure ({error}).") from error
        page = parts.path.rstrip("/").rpartition("/")[2] or "home"
        return cls(page, query, parts.fragment)

    @property
    def period(self) -> str:
        """The period that the address itself asks for; blank for none."""
        return next((value for name, value in self.query if name == _PERIOD), "")

    def asking(self, period: str, filters: Filters) -> FigureAddress:
        """Return the same figure of another period, where one is named, and within filters."""
        stands = {name for name, _ in filters} | ({_PERIOD} if period else set())
        kept = [(name, value) for name, value in self.query if name not in stands]
        asked = [(name, value) for name, values in filters for value in values]
        return replace(self, query=(*kept, *([(_PERIOD, period)] if period else []), *asked))

    def without(self, *names: str) -> FigureAddress:
        """Return the same figure, less what it is asked by these names."""
        return replace(self, query=tuple(pair for pair in self.query if pair[0] not in names))

    def __str__(self) -> str:
        query = f"?{urlencode(self.query)}" if self.query else ""
        return f"{self.page}{query}" + (f"#{self.figure}" if self.figure else "")


@dataclass(frozen=True)
class Shown:
    """One figure as its page shows it.

    `data` are its numbers, written by `units` and in `currency`; `page` is what a report says of
    it, with its chart where it has one. `names_people` says that it lists who people
    are.
    """

    page: Page
    stamp: Stamp
    data: pd.DataFrame
    units: Mapping[str, str] = field(default_factory=dict)
    currency: str = ""
    names_people: bool = False

    def to_file(self, kind: str) -> bytes:
        """Return the figure as a file of a kind, byte for byte what its menu on the page gives.

        Raises UsageError for a kind that there is none of, or a picture of what is no chart.
        """
        if kind not in FORMATS:
            raise unknown("format", kind, FORMATS)
        if kind == "csv":
            return to_csv(self.data)
        if kind == "xlsx":
            return to_xlsx(self.data, self.stamp, self.units, self.currency)
        if kind == "pptx":
            return make_deck(self.page.headline, [printable(self.page)])
        if self.page.drawn is None:
            raise UsageError(
                f"The figure '{self.page.name}' has no chart here; ask for csv, xlsx or pptx."
            )
        return to_image(self.page.drawn, self.stamp, kind)


def native(figure: go.Figure, number_format: Callable[[set[float]], str]) -> Chart | None:
    """Return a chart of bars or of lines as one that every PowerPoint draws; None for another.

    Levels that the figure names, such as limits, are lines of their own. What else stands beside,
    such as intervals and marks of what happened, is left to the picture.
    `number_format` says how a spreadsheet writes these values.
    """
    chart = _native(figure)
    if chart is None or chart.is_empty:
        return None
    values = {value for one in chart.series for value in one.values if value is not None}
    chart = replace(chart, number_format=number_format(values))
    levels = _levels(figure.layout, len(chart.categories)) if chart.kind == "line" else ()
    return replace(chart, series=(*chart.series, *levels))


def format_of(
    frame: pd.DataFrame, units: Mapping[str, str], currency: str = ""
) -> Callable[[set[float]], str]:
    """Return what finds how values are written: as what the columns hold that hold them."""
    shares = [name for name, unit in units.items() if unit in SHARES and name in frame]
    amounts = [name for name, unit in units.items() if unit == "money" and name in frame]
    minutes = [str(name) for name in frame.columns if str(name).endswith(_MINUTES)]

    def found(values: set[float]) -> str:
        if _are_of(values, _numbers(frame, shares)):
            return "0.0%"
        if _are_of(values, _numbers(frame, minutes)):
            return '#,##0" min"'
        is_whole = all(map(float.is_integer, values))
        plain = "#,##0" if is_whole or max(map(abs, values)) >= _WHOLE_FROM else "#,##0.00"
        is_money = currency and _are_of(values, _numbers(frame, amounts))
        return f"[${SYMBOLS.get(currency, currency)}]{plain}" if is_money else plain

    return found


def _are_of(values: set[float], known: set[float]) -> bool:
    """Return whether values are of columns, but for one that stands for all that are not drawn."""
    others = len(values - known)
    return not others or (others == 1 and len(values) > _SURE)


def _numbers(frame: pd.DataFrame, names: Sequence[str]) -> set[float]:
    columns = (pd.to_numeric(frame[name], errors="coerce").dropna() for name in names)
    return {float(value) for column in columns for value in column}


def _native(figure: go.Figure) -> Chart | None:
    traces = [t for t in figure.data if t.visible in (None, True) and not _is_interval(t)]
    if not _is_told_apart(traces):
        return None
    kinds = {trace.type for trace in traces}
    if kinds == {"bar"}:
        return _bars(traces, figure.layout)
    if kinds == {"scatter"} and all("lines" in (t.mode or "") and not t.fill for t in traces):
        return _chart("line", traces, "x", figure.layout)
    return None


def _levels(layout: Any, count: int) -> Iterator[Series]:
    """Return the levels that a chart names across all of its width; of a band both edges."""
    for shape in layout.shapes:
        if not shape.name or "domain" not in (shape.xref or ""):
            continue
        is_band = shape.y0 != shape.y1
        edges = ((f"upper {shape.name}", shape.y1), (f"lower {shape.name}", shape.y0))
        for name, level in edges if is_band else ((shape.name, shape.y0),):
            dash: Dash = "solid" if is_band else shape.line.dash
            yield Series(name, (float(level),) * count, "muted", labelled=False, dash=dash)


def _is_interval(trace: Any) -> bool:
    return trace.type == "scatter" and bool(trace.fill) and not trace.name


def _is_told_apart(traces: Sequence[Any]) -> bool:
    """Return whether rows of marks share one pair of axes, and several have names of their own."""
    names = [trace.name for trace in traces]
    axes = {(trace.xaxis, trace.yaxis) for trace in traces if trace.type in ("bar", "scatter")}
    is_named = all(names) and len(set(names)) == len(names)
    return len(axes) <= 1 and (len(names) < 2 or is_named)


def _bars(traces: Sequence[Any], layout: Any) -> Chart | None:
    lies = {trace.orientation == "h" for trace in traces}
    if len(lies) > 1 or any(trace.base is not None for trace in traces):
        return None
    is_lying = lies == {True}
    mode = layout.barmode or "group"
    if mode == "overlay" and len(traces) > 1:
        return None
    kind: Any = "bar" if is_lying else "column"
    if mode in ("stack", "relative") and len(traces) > 1:
        kind = f"stacked_{kind}"
    chart = _chart(kind, traces, "y" if is_lying else "x", layout)
    # An axis that goes up lists the lowest bar first; a native chart lists the first on top.
    if chart is None or not is_lying or layout.yaxis.autorange == "reversed":
        return chart
    series = tuple(
        replace(one, values=one.values[::-1], hues=one.hues[::-1]) for one in chart.series
    )
    return replace(chart, categories=chart.categories[::-1], series=series)


def _chart(kind: Any, traces: Sequence[Any], names: str, layout: Any) -> Chart | None:
    """Return traces as series over the names of their marks, in the order of their first."""
    values = "x" if names == "y" else "y"
    words = _ticks(layout[f"{names}axis"])
    found: dict[str, None] = {}
    rows: list[tuple[str, dict[str, float], dict[str, str]]] = []
    for trace in traces:
        row: dict[str, float] = {}
        hues: dict[str, str] = {}
        marks = _listed(trace[names])
        shades = _hues(trace, len(marks)) or ("",) * len(marks)
        for mark, value, hue in zip(marks, _listed(trace[values]), shades, strict=True):
            name = _word(mark if isinstance(mark, str) else words.get(str(mark), mark))
            found[name] = None
            if not pd.isna(value):
                if name in row:
                    return None
                row[name], hues[name] = float(value), hue
        rows.append((_word(trace.name or ""), row, hues))
    if not found or len(found) * len(rows) > _MOST_MARKS:
        return None
    series = tuple(
        Series(name, tuple(row.get(one) for one in found), hues=_of_all(found, hues))
        for name, row, hues in rows
    )
    return Chart(kind, tuple(found), series)


def _of_all(names: Iterable[str], hues: Mapping[str, str]) -> tuple[str, ...]:
    """Return a hue for each name, that of most where one has no mark; none without hues."""
    known = [hue for hue in hues.values() if hue]
    if not known:
        return ()
    most = Counter(known).most_common(1)[0][0]
    return tuple(hues.get(name) or most for name in names)


def _hues(trace: Any, count: int) -> tuple[str, ...]:
    """Return the hue of each mark of a row of marks; none where one has no plain one."""
    is_bar = trace.type == "bar"
    hue = trace.marker.color if is_bar else trace.line.color or trace.marker.color
    every = (hue,) * count if isinstance(hue, str) else tuple(map(str, _listed(hue)))
    return every if len(every) == count and all(map(_HUE.fullmatch, every)) else ()


def _ticks(axis: Any) -> dict[str, str]:
    """Return the words that an axis writes for its marks, by mark."""
    if axis.tickvals is None or axis.ticktext is None:
        return {}
    return {str(mark): str(text) for mark, text in zip(axis.tickvals, axis.ticktext, strict=True)}


def _listed(values: Any) -> list[Any]:
    return [] if values is None else list(values)


def _word(value: Any) -> str:
    """Return the name of a mark or of a row of marks without what a browser reads as markup."""
    text = _MIDNIGHT.sub("", str(value))
    return unescape(_MARKUP.sub("", _IN_WORD.sub("", text).replace("<br>", " ")))
