"""How a figure of the funnel counts, in words: the choices it obeys and the SQL it is made by."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from smarketing.analysis.funnel.records import funnel_records
from smarketing.analysis.funnel.result import FunnelResult
from smarketing.analysis.funnel.settings import EXPLAINED, FunnelSettings
from smarketing.ui.explain import Definition
from smarketing.ui.labels import labels_of
from smarketing.ui.records import Records, listed
from smarketing.ui.session import ask
from smarketing.ui.view import View
from smarketing.ui.words import word_for

DASH = " · "
#: What the rate of a step counts on every page, whatever the page's choices are.
STEPS = {"Counting": "first entries into the step's stage, stages passed over count"}


def choices(settings: FunnelSettings) -> dict[str, str]:
    """The three choices, as figures that obey all of them print them."""
    return {"Leads": settings.label}


def of_cohort(settings: FunnelSettings) -> FunnelSettings:
    """The choices of a figure that is about leads by their beginning: it takes skips alone."""
    return replace(settings, mode="cohort", reentry="first", at=None)


def of_events(settings: FunnelSettings) -> dict[str, str]:
    """The choice of a figure that is about stays and moves as they are recorded."""
    whose = "begun in the period" if settings.mode == "entered" else "of leads that began in it"
    return {"Counting": f"stays and moves {whose}, as recorded"}


def event_params(view: View, settings: FunnelSettings) -> dict[str, Any]:
    """What the queries of stays and moves are asked with."""
    mode = "entered" if settings.mode == "entered" else "cohort"
    return {"mode": mode, **window_params(view)}


def window_params(view: View) -> dict[str, Any]:
    """The period, as queries are asked for it."""
    return {"from": view.window.start, "to": view.window.end}


def stage_label(view: View, stage: str) -> str:
    """What the agreement calls a stage; its id where it is agreed no longer."""
    return labels_of(view.store.agreement, "stage").get(stage, stage)


def definition(
    view: View,
    settings: FunnelSettings,
    by: str | None = None,
    query: str = "",
    params: dict[str, Any] | None = None,
) -> Definition:
    """What the funnel counts, in the words of the choices, with the SQL of the figure.

    `query` and `params` are those of a figure that asks another query than the funnel's own.
    """
    agreement, engine = view.store.agreement, view.store.engine
    stages = agreement.stages
    name = query or f"funnel/{settings.mode}"
    values = settings.params(engine) if params is None else params
    return Definition(
        "The shared funnel",
        "How many leads reach each stage, and what becomes of them there?",
        " ".join(f"{s.label}: {s.definition.strip()}" for s in stages),
        "rate of a step = mature leads that went on within W days ÷ mature leads",
        tuple(f"{s.label}: {agreement.team(s.owner).label}" for s in stages),
        (
            *(EXPLAINED[c] for c in (settings.mode, settings.skips, settings.reentry)),
            "A lead is mature when it was followed for W days since it entered the stage.",
        ),
        lambda: engine.sql(name, values, view.filters, by),
    )


def group_records(
    view: View, settings: FunnelSettings, cut: FunnelResult, part: str | None
) -> Records:
    """The entries behind a funnel that is cut: of one member's stage, else of all at the first."""
    store = view.store
    if part is None or cut.by is None:
        first = cut.groups[0].stages[0]
        rows = ask(store, funnel_records, settings, first.stage, filters=view.filters)
        expected = sum(group.stages[0].count for group in cut.groups)
        return listed(store, rows, f"{first.label} entries", expected=expected)
    key, name = part.rsplit(DASH, 1)
    group = next(g for g in cut.groups if g.key == key)
    stage = next(s for s in group.stages if s.stage == name)
    filters = view.filters.with_(**{cut.by: [key]})
    rows = ask(store, funnel_records, settings, stage.stage, filters=filters)
    noun = f"{stage.label} entries of {word_for(store, cut.by, key)}"
    return listed(store, rows, noun, expected=stage.count)
