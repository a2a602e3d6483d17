"""The figures a report can hold, by name, and the pages they make of a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from smarketing.errors import SmarketingError, unknown
from smarketing.export.deck.pages import Page
from smarketing.export.report.asked import Asked
from smarketing.export.report.figures import agreed, flow, kpis

#: Every figure by its stable name.
FIGURES: Mapping[str, Callable[[Asked], Page]] = {
    "headlines": kpis.sentences,
    "scoreboard": kpis.scoreboard,
    "change": kpis.change,
    "funnel": flow.stages,
    "handoff": flow.handoff,
    "attribution": flow.models,
    "campaigns": flow.campaign_returns,
    "customers": kpis.customers,
    "decisions": agreed.decisions,
    "definitions": agreed.definitions,
    "kpis": kpis.all_kpis,
}


def checked(names: Sequence[str], where: str) -> None:
    """Raise UsageError, with the nearest name, for a figure that there is none of."""
    for name in names:
        if name not in FIGURES:
            raise unknown("figure", name, FIGURES, where)


def pages(asked: Asked, names: Sequence[str]) -> tuple[list[Page], dict[str, str]]:
    """Return the pages of the figures named, and by figure why one could not be made.

    A figure that fails takes none of the others down.
    """
    made: list[Page] = []
    failed: dict[str, str] = {}
    for name in names:
        try:
            made.append(FIGURES[name](asked))
        except SmarketingError as error:
            failed[name] = str(error)
    return made, failed
