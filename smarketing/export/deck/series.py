"""Series of charts that people worked on: which they renamed or deleted, by what was last drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from smarketing.export.deck.pages import Chart, fingerprint


@dataclass(frozen=True)
class Drawing:
    """What is to go into a chart, what of a person's stays in it, and what to remember.

    `marks` are those of series by the names they have in the chart, `gone` of those deleted from
    it; `looks` is what series looked like that earlier periods lacked.
    """

    chart: Chart
    kept: tuple[str, ...]
    marks: Mapping[str, str]
    gone: frozenset[str]
    looks: str

    def told(self, drawn: Any) -> str:
        """Return what to remember of the series of a chart that this went into."""
        names = [series.name for series in drawn.series]
        return _told([self.marks[name] for name in names if name in self.marks], self.gone)


def made_of(chart: Chart) -> str:
    """Return what to remember of the series of a new chart."""
    return _told([_mark(series.name) for series in chart.series], ())


def _told(shown: Iterable[str], gone: Iterable[str]) -> str:
    return f"{' '.join(shown)};{' '.join(sorted(gone))}"


def _mark(name: str) -> str:
    return fingerprint(name or " ")


def drawing(drawn: Any, chart: Chart, told: str, looks: str) -> Drawing | None:
    """Return what of a chart is to go into one that is drawn: none that a person deleted from it.

    As many unknown names as known ones are missing are new names of these. None where names are
    not to be told apart so: a series of a person's own would be lost.
    """
    shown, _, before = told.partition(";")
    names = list(dict.fromkeys(series.name for series in drawn.series))
    known, now = [*shown.split(), *before.split()], {_mark(name) for name in names}
    missing = [mark for mark in dict.fromkeys(shown.split()) if mark not in now]
    added = [name for name in names if _mark(name) not in known] if known else []
    if added and len(added) != len(missing):
        return None
    renamed = dict(zip(missing, added, strict=True)) if added else {}
    gone = frozenset({*missing, *before.split()} - now - set(renamed))
    called = {_mark(one.name): one.name or " " for one in chart.series} | renamed
    series = tuple(
        replace(one, name=renamed.get(_mark(one.name), one.name))
        for one in chart.series
        if _mark(one.name) not in gone
    )
    deleted = [one.name for one in chart.series if _mark(one.name) in gone]
    kept = [f"series {name.strip() or 'without a name'}" for name in (*added, *deleted)]
    marks = {name: mark for mark, name in called.items()}
    marks |= {name: mark for mark, name in renamed.items()}
    return Drawing(replace(chart, series=series), tuple(kept), marks, gone, looks)
