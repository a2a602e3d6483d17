"""What a page of a deck says: a finding, and the chart, table or sentences under it.

Charts are made of bars and lines that every PowerPoint draws natively. What it has no kind for, a
funnel or a waterfall, is bars with an invisible part; `funnel` and `waterfall` work out the parts.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pandas as pd

from smarketing.charts.format import MINUS
from smarketing.charts.names import visible

Kind = Literal["bar", "column", "stacked_bar", "stacked_column", "line"]
_MOST_LABELS = 40
#: Lines run through what is written beside more points than these; they have an axis.
_MOST_ON_LINES = 8
#: How a series is coloured: a team, a judgement, pale, not at all, or its place in the palette.
Role = Literal["marketing", "sales", "shared", "good", "bad", "faint", "muted", "hidden", "palette"]
#: How a line across the chart is drawn, blank for a row of marks.
Dash = Literal["", "solid", "dot", "dash"]


@dataclass(frozen=True)
class Series:
    """One row of numbers of a chart, None where there is none; `labelled` writes them beside.

    `hues` are those of its marks, such as #0b5fa5, where no template gives others. `dash` is given
    for a level that all marks are read against, such as a limit.
    """

    name: str
    values: tuple[float | None, ...]
    role: Role = "palette"
    labelled: bool = True
    hues: tuple[str, ...] = ()
    dash: Dash = ""

    @property
    def hue(self) -> str:
        """The hue of most of its marks; blank where it has none of its own."""
        return Counter(self.hues).most_common(1)[0][0] if self.hues else ""


@dataclass(frozen=True)
class Chart:
    """A native chart; `number_format` is a spreadsheet's, such as `#,##0` or `0.0%`.

    `heading` says what the categories are, where a file lists them; `currency` is that of amounts.
    """

    kind: Kind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    number_format: str = "#,##0"
    heading: str = "Name"
    currency: str = ""

    @property
    def needs_axis(self) -> bool:
        """Return whether values are read off an axis: lines, and bars side by side unlabelled."""
        shown = [series for series in self.series if series.role != "hidden"]
        if self.kind == "line":
            return True
        labelled = all(series.labelled for series in shown) and self.has_room
        return self.kind in ("bar", "column") and len(shown) > 1 and not labelled

    @property
    def has_room(self) -> bool:
        """Return whether there is room to write a value beside each mark."""
        most = _MOST_ON_LINES if self.kind == "line" else _MOST_LABELS
        rows = sum(not series.dash for series in self.series)
        return len(self.categories) * rows <= most

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to draw."""
        return not self.categories or all(
            value is None for series in self.series for value in series.values
        )


@dataclass(frozen=True)
class Grid:
    """A table of texts, the first column left, `numeric` columns right."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True)
class Number:
    """One figure in large type, what it is, and what to read of it."""

    name: str
    value: str
    label: str
    verdict: str = ""

    @property
    def tone(self) -> str:
        """Return whether its verdict, by its mark, is good or bad; blank where there is none."""
        return {"▲": "good", "●": "good", "▼": "bad"}.get(self.verdict[:1], "")


@dataclass(frozen=True, eq=False)
class Table:
    """What stands under a page as a file holds it: numbers in major units, instants, names.

    `units` says how columns are written, as `to_xlsx` reads it.
    """

    frame: pd.DataFrame
    units: Mapping[str, str] = field(default_factory=dict)
    currency: str = ""


@dataclass(frozen=True)
class Page:
    """One page: `name` is stable from week to week, `headline` the finding, `measure` the unit.

    `body` is a chart, a table, numbers or sentences. `notes` are the speaker's: definition,
    filters, SQL. `alt` says to who cannot see it what the chart shows. `also` are numbers that are
    not shown this time, and that a deck of another time may hold. `drawn` is the Plotly figure of a
    page that has its own: a browser draws that one, whatever PowerPoint can draw of it. `table`
    is what a workbook holds of a page whose body is written out for reading.
    """

    name: str
    headline: str
    measure: str
    body: Chart | Grid | tuple[Number, ...] | tuple[str, ...]
    stamp: str = ""
    notes: str = ""
    alt: str = ""
    also: tuple[Number, ...] = ()
    drawn: Any = None
    table: Table | None = None


def printable(page: Page) -> Page:
    """Return a page whose every text can be written into any file: what cannot be seen is spelled.

    Lines stay lines, since notes and the steps of a waterfall are told in them.
    """
    return replace(
        page,
        headline=visible(page.headline),
        measure=visible(page.measure),
        body=_printable_body(page.body),
        stamp=visible(page.stamp),
        notes=_lines(page.notes),
        alt=visible(page.alt),
        also=tuple(map(_printable_number, page.also)),
    )


def _printable_body(
    body: Chart | Grid | tuple[Number, ...] | tuple[str, ...],
) -> Chart | Grid | tuple[Number, ...] | tuple[str, ...]:
    if isinstance(body, Chart):
        series = tuple(replace(one, name=visible(one.name)) for one in body.series)
        return replace(body, categories=tuple(map(_lines, body.categories)), series=series)
    if isinstance(body, Grid):
        rows = tuple(tuple(map(visible, row)) for row in body.rows)
        return replace(body, headers=tuple(map(visible, body.headers)), rows=rows)
    return tuple(_printable_item(item) for item in body)  # type: ignore[return-value]


def _printable_item(item: Number | str) -> Number | str:
    return _printable_number(item) if isinstance(item, Number) else visible(item)


def _printable_number(item: Number) -> Number:
    label, verdict = visible(item.label), visible(item.verdict)
    return replace(item, value=visible(item.value), label=label, verdict=verdict)


def _lines(text: str) -> str:
    return "\n".join(map(visible, text.split("\n")))


def fingerprint(text: str) -> str:
    """Return a short hash of a text, by which an unchanged one is known from an edited one."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def funnel(stages: Sequence[tuple[str, float | None]], number_format: str = "#,##0") -> Chart:
    """Return a funnel as centred bars, the first stage on top: a hidden part and the count.

    The count stands under the stage's name, since the bar of a few has no room for theirs.
    """
    widest = max((count or 0 for _, count in stages), default=0)
    pad = tuple((widest - (count or 0)) / 2 for _, count in stages)
    counts = tuple(count for _, count in stages)
    parts: tuple[tuple[str, tuple[float | None, ...], Role], ...] = (
        ("", pad, "hidden"),
        ("Leads", counts, "marketing"),
    )
    return Chart(
        "stacked_bar",
        tuple(name if n is None else f"{name}\n{n:,.0f}" for name, n in stages),
        tuple(Series(name, values, role, labelled=False) for name, values, role in parts),
        number_format,
        "Stage",
    )


def waterfall(
    start: tuple[str, float],
    steps: Sequence[tuple[str, float]],
    end: tuple[str, float],
    words: Callable[[float], str] = "{:,.0f}".format,
) -> Chart:
    """Return how a start becomes an end by steps, as stacked columns.

    Each column is cut where it crosses zero, since stacked parts start anew below it: `base`
    carries a step to where it begins, above and below. What each step adds stands under its name,
    in `words`.
    """
    bars = [(start[0], 0.0, start[1], "total")]
    level = start[1]
    for name, change in steps:
        bars.append((name, level, level + change, "up" if change >= 0 else "down"))
        level += change
    bars.append((end[0], 0.0, end[1], "total"))
    parts = [_parts(low, high, kind) for _, low, high, kind in bars]
    told = [words(start[1]), *(_signed(change, words) for _, change in steps), words(end[1])]
    names = tuple(f"{bar[0]}\n{value}" for bar, value in zip(bars, told, strict=True))
    wanted: tuple[tuple[str, str, Role], ...] = (
        ("base above", "", "hidden"),
        ("base below", "", "hidden"),
        ("total above", "Total", "shared"),
        ("total below", "Total below zero", "shared"),
        ("up above", "Up", "good"),
        ("up below", "Up, below zero", "good"),
        ("down above", "Down", "bad"),
        ("down below", "Down, below zero", "bad"),
    )
    series = tuple(
        Series(label, tuple(part.get(key) for part in parts), role, labelled=False)
        for key, label, role in wanted
        if any(part.get(key) for part in parts)
    )
    return Chart("stacked_column", names, series)


def _signed(change: float, words: Callable[[float], str]) -> str:
    sign = "+" if change > 0 else MINUS if change < 0 else ""
    return f"{sign}{words(abs(change))}"


def _parts(begin: float, end: float, kind: str) -> dict[str, float]:
    """Return the parts of one column: what carries it and what is seen, on each side of zero."""
    low, high = min(begin, end), max(begin, end)
    found = {
        "base above": max(low, 0.0),
        "base below": min(high, 0.0),
        f"{kind} above": max(high, 0.0) - max(low, 0.0),
        f"{kind} below": min(low, 0.0) - min(high, 0.0),
    }
    return {key: value for key, value in found.items() if value}


def is_empty(page: Page) -> bool:
    """Return whether a page has nothing to show of its period, whatever it shows of others."""
    return page.body.is_empty if isinstance(page.body, Chart) else page.body == ()


def nothing(page: Page) -> str:
    """Say that there is nothing on a page; blank where there is something, or its title says so."""
    if not is_empty(page) or page.alt == page.headline:
        return ""
    return page.alt or "Nothing is recorded for this period."
