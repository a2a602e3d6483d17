"""The figures a report can hold, by name, and the pages they make of a question."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from smarketing.analysis.availability import not_given
from smarketing.analysis.dimensions import check_values
from smarketing.engine import NO_FILTERS, Filters
from smarketing.errors import SmarketingError, UsageError, unknown
from smarketing.export.deck.pages import Chart, Page, printable
from smarketing.export.report.asked import Asked
from smarketing.export.report.figures import agreed, ahead, flow, kpis, promises
from smarketing.export.report.moving import read_period
from smarketing.export.shown import FigureAddress

#: Every figure by its stable name.
FIGURES: Mapping[str, Callable[[Asked], Page]] = {
    "headlines": kpis.sentences,
    "scoreboard": kpis.scoreboard,
    "change": kpis.change,
    "funnel": flow.stages,
    "handoff": flow.handoff,
    "owners": promises.owners,
    "waiting": ahead.waiting,
    "rejections": promises.rejections,
    "attribution": flow.models,
    "campaigns": flow.campaign_returns,
    "promised": promises.promised,
    "customers": kpis.customers,
    "plan": ahead.plan,
    "decisions": agreed.decisions,
    "definitions": agreed.definitions,
    "kpis": kpis.all_kpis,
}


#: The marts that a figure is made of: where no source gives any record of one, it is not available.
_NEEDS: Mapping[str, Sequence[str]] = {
    "funnel": ("fct_stage_count",),
    "attribution": ("fct_deal",),
    "campaigns": ("dim_campaign",),
    "plan": ("fct_deal", "dim_lead"),
}
#: Those that list leads one by one.
_OF_PEOPLE = frozenset({"waiting"})


@dataclass(frozen=True)
class Wanted:
    """One figure of a report: `filters` narrow the report's own, `period` stands for its own.

    `figure` is a name of the catalogue, or the address of a figure of a page.
    """

    figure: str
    filters: Filters = NO_FILTERS
    period: str = ""

    @property
    def name(self) -> str:
        """The name of its page, the same from week to week: the figure's, and what it is of."""
        return _name(self.figure, self.period, *(v for _, values in self.filters for v in values))

    @property
    def whole_name(self) -> str:
        """The same with the dimensions, where two figures of a report are of the same values."""
        chosen = [word for name, values in self.filters for word in (name, *values)]
        return _name(self.figure, self.period, *chosen)


def _name(*words: str) -> str:
    return " ".join(re.sub(r"[^\w-]+", "-", word).strip("-") for word in words if word)


def lists_people(figures: Sequence[Wanted | str]) -> bool:
    """Return whether a figure lists leads one by one, so that who hands it out is logged."""
    names = {one if isinstance(one, str) else one.figure for one in figures}
    return bool(names & _OF_PEOPLE)


def checked(names: Sequence[str], where: str) -> None:
    """Raise UsageError, with the nearest name, for a figure that there is none of."""
    for name in names:
        if FigureAddress.is_one(name):
            if not FigureAddress.read(name).figure:
                raise UsageError(f"{where}: '{name}' names a page; add # and the figure's name.")
        elif name not in FIGURES:
            raise unknown("figure", name, FIGURES, where)


def pages(asked: Asked, figures: Sequence[Wanted | str]) -> tuple[list[Page], dict[str, str]]:
    """Return the pages of the figures named, and by figure why one could not be made.

    A figure that fails takes none of the others down.
    """
    made: list[Page] = []
    failed: dict[str, str] = {}
    every = [Wanted(one) if isinstance(one, str) else one for one in figures]
    named = Counter(wanted.name for wanted in every)
    for wanted in every:
        name = wanted.name if named[wanted.name] == 1 else wanted.whole_name
        try:
            page = _page(_narrowed(asked, wanted), wanted.figure)
        except SmarketingError as error:
            failed[name] = str(error)
            continue
        if why := not_given(asked.engine, _NEEDS.get(wanted.figure, ())):
            said = f"Not available: {why}"
            body = Chart(page.body.kind, (), ()) if isinstance(page.body, Chart) else ()
            page = replace(page, headline=said, body=body, alt=said, also=())
        made.append(printable(replace(page, name=name)))
    return made, failed


def _page(asked: Asked, figure: str) -> Page:
    if FigureAddress.is_one(figure):
        return asked.look(FigureAddress.read(figure), asked.window.label, asked.filters).page
    return FIGURES[figure](asked)


def _narrowed(asked: Asked, wanted: Wanted) -> Asked:
    """Return the question of one figure: the report's, within the figure's own view.

    A value that the report's own filters leave out is refused, as it is for who may not see it.
    """
    filters = asked.filters
    if wanted.filters:
        check_values(asked.engine, asked.agreement, wanted.filters)
        filters = wanted.filters.within(tuple(filters))
    window, period = asked.window, wanted.period
    if not period and FigureAddress.is_one(wanted.figure):
        period = FigureAddress.read(wanted.figure).period
    if period:
        window = read_period(period, asked.agreement, asked.engine.as_of_day)
    return replace(asked, filters=filters, window=window)
