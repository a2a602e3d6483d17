"""Charts that people worked on: which series and categories they renamed, deleted or moved.

Each is known by a mark of the name that was last drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from smarketing.export.deck.native import hues_of
from smarketing.export.deck.pages import Chart, fingerprint
from smarketing.export.deck.remembered import CATEGORIES, HUES, LOOKS, SERIES
from smarketing.export.deck.renew import names_of_marks

_ARRANGED = "arranged"
#: The mark of a series without a name.
_NAMELESS = fingerprint(" ")


@dataclass(frozen=True)
class Drawing:
    """What is to go into a chart, what of a person's stays in it, and what to remember.

    `series` and `categories` are those of the chart; `looks` is what series looked like that
    earlier periods lacked, `hues` are those that the chart was made with.
    """

    chart: Chart
    kept: tuple[str, ...]
    series: _Names
    categories: _Names
    looks: str
    hues: str

    def told(self, drawn: Any) -> dict[str, str]:
        """Return what to remember of a chart that this went into."""
        return {
            SERIES: self.series.told([series.name for series in drawn.series]),
            CATEGORIES: self.categories.told(names_of_marks(drawn)),
            HUES: hues_of(self.chart) or self.hues,
        }


@dataclass(frozen=True)
class _Names:
    """Names in a chart against those last drawn: `marks` of ours by the names they have now.

    `renamed` has by mark the name that a person gave, `gone` are the marks of what they deleted,
    and `is_arranged` says that they chose the order.
    """

    marks: Mapping[str, str]
    renamed: Mapping[str, str]
    gone: frozenset[str]
    is_arranged: bool = False

    def told(self, names: Iterable[str]) -> str:
        """Return what to remember of these names in a chart."""
        shown = " ".join(self.marks[name] for name in names if name in self.marks)
        return _told(shown, self.gone, _ARRANGED if self.is_arranged else "")

    def called(self, name: str) -> str:
        """Return what one of ours is called in the chart."""
        return self.renamed.get(_mark(name), name)

    def has(self, name: str) -> bool:
        """Return whether one of ours is wanted."""
        return _mark(name) not in self.gone

    def kept(self, one: str, all_of: str, ours: Iterable[str]) -> list[str]:
        """Name what of a person's stays: new names, and those of ours that they deleted."""
        deleted = [name for name in ours if not self.has(name)]
        named = [*self.renamed.values(), *deleted]
        found = [f"{one} {name.strip() or 'without a name'}" for name in named]
        return [*found, f"order of {all_of}"] if self.is_arranged else found


def made_of(chart: Chart) -> dict[str, str]:
    """Return what to remember of a new chart."""
    names = {
        SERIES: [series.name for series in chart.series],
        CATEGORIES: [_first_line(name) for name in chart.categories],
    }
    told = {of: _told(" ".join(map(_mark, every)), (), "") for of, every in names.items()}
    return {**told, HUES: hues_of(chart)}


def _told(shown: str, gone: Iterable[str], arranged: str) -> str:
    return ";".join((shown, " ".join(sorted(gone)), *([arranged] if arranged else [])))


def _mark(name: str) -> str:
    return fingerprint(name or " ")


def _first_line(name: str) -> str:
    return name.partition("\n")[0]


def drawing(drawn: Any, chart: Chart, known: Mapping[str, str]) -> Drawing | None:
    """Return what of a chart is to go into one that is drawn: none that a person deleted from it.

    As many unknown names as known ones are missing are new names of these. None where names are
    not to be told apart so: a series or category of a person's own would be lost.
    """
    shown, told = [one.name for one in drawn.series], known.get(SERIES, "")
    if chart.series and told.rstrip(";") == _NAMELESS:
        # An earlier version gave the only series of some charts no name.
        first = chart.series[0].name or " "
        shown, told = [name if name.strip() else first for name in shown], _mark(first)
    series = _compared(shown, told)
    names = names_of_marks(drawn)
    is_plain = len(set(names)) == len(names)
    categories = _compared(names, known.get(CATEGORIES, "") if is_plain else "")
    if series is None or categories is None:
        return None
    kept = [
        *series.kept("series", "series", [one.name for one in chart.series]),
        *categories.kept("category", "categories", map(_first_line, chart.categories)),
    ]
    found = _with_categories(chart, categories, names)
    found = replace(found, series=tuple(
        replace(one, name=series.called(one.name)) for one in found.series if series.has(one.name)
    ))  # fmt: skip
    return Drawing(
        found,
        tuple(kept),
        _marked(series, [one.name or " " for one in chart.series]),
        _marked(categories, [_first_line(name) or " " for name in chart.categories]),
        known.get(LOOKS, ""),
        known.get(HUES, ""),
    )


def _marked(names: _Names, ours: Iterable[str]) -> _Names:
    """Return names with the marks of those that are to be drawn."""
    theirs = {name: mark for mark, name in names.renamed.items()}
    return replace(names, marks={**{name: _mark(name) for name in ours}, **theirs})


def _compared(now: Sequence[str], told: str) -> _Names | None:
    """Compare the names in a chart with what is remembered; None where they cannot be matched."""
    shown, _, rest = told.partition(";")
    before, _, arranged = rest.partition(";")
    last, gone = list(dict.fromkeys(shown.split())), before.split()
    names = list(dict.fromkeys(now))
    marks = {_mark(name) for name in names}
    missing = [mark for mark in last if mark not in marks]
    added = [name for name in names if _mark(name) not in (*last, *gone)] if last else []
    if added and len(added) != len(missing):
        return None
    renamed = dict(zip(missing, added, strict=True)) if added else {}
    theirs = {name: mark for mark, name in renamed.items()}
    order = [theirs.get(name, _mark(name)) for name in names]
    was = [mark for mark in last if mark in order]
    is_arranged = bool(arranged) or [mark for mark in order if mark in was] != was
    left = frozenset({*missing, *gone} - marks - set(renamed))
    return _Names({}, renamed, left, is_arranged)


def _with_categories(chart: Chart, names: _Names, now: Sequence[str]) -> Chart:
    """Return a chart with the categories that are wanted, by a person's names and in their order.

    Steps of a waterfall stay in theirs, since each begins where another ends.
    """
    places = [n for n, name in enumerate(chart.categories) if names.has(_first_line(name))]
    called = {}
    for place in places:
        first, line, rest = chart.categories[place].partition("\n")
        called[place] = f"{names.called(first)}{line}{rest}"
    is_chain = chart.kind == "stacked_column" and any(s.role == "hidden" for s in chart.series)
    if names.is_arranged and not is_chain:
        at = {name: place for place, name in enumerate(now)}
        places.sort(key=lambda place: at.get(_first_line(called[place]), len(at)))
    return replace(
        chart,
        categories=tuple(called[place] for place in places),
        series=tuple(
            replace(
                one,
                values=tuple(one.values[place] for place in places),
                hues=tuple(one.hues[place] for place in places if one.hues),
            )
            for one in chart.series
        ),
    )
