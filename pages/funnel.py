"""Funnel: how many leads reach each stage, where do they leave, and why do two people differ?"""

import streamlit as st

from smarketing.analysis.funnel.listing import campaign_names
from smarketing.analysis.funnel.paths import transitions
from smarketing.analysis.funnel.periods import cohort_heat, step_trend
from smarketing.analysis.funnel.reconcile import reconcile
from smarketing.analysis.funnel.settings import (
    EXPLAINED,
    MODES,
    REENTRY,
    SKIPS,
    WORDS,
    FunnelSettings,
)
from smarketing.analysis.funnel.stages import funnel
from smarketing.analysis.funnel.time import BASES, deal_cycle, time_in_stage, time_to_convert
from smarketing.analysis.lead_quality.association import associations
from smarketing.charts.findings import of_funnel
from smarketing.ui.address import choice, here, options, tabs
from smarketing.ui.bar import BAR
from smarketing.ui.exhibit import show
from smarketing.ui.sections.funnel import association as funnel_association
from smarketing.ui.sections.funnel import breakdown, durations, leaks
from smarketing.ui.sections.funnel import multiples as funnel_multiples
from smarketing.ui.sections.funnel import paths as funnel_paths
from smarketing.ui.sections.funnel import stages as section
from smarketing.ui.sections.funnel import time as funnel_time
from smarketing.ui.session import ask
from smarketing.ui.shell import head
from smarketing.ui.states import empty

TABS = {
    "funnel": "Funnel",
    "breakdown": "Breakdown",
    "trend": "Over time",
    "time": "Time in stage",
    "paths": "Paths",
    "separates": "What separates",
    "two": "Two numbers",
}
view = here()
store, kept = view.store, view.filters
stages = {stage.id: stage.label for stage in store.agreement.stages}
handed = store.agreement.service_levels.from_stage
above = st.container()
with options():
    mode = choice("Leads that", MODES, key="mode", labels=WORDS)
    skips = choice("Stages", SKIPS, key="skips", labels=WORDS)
    reentry = choice("Counted", REENTRY, key="reentry", labels=WORDS)
    st.caption(" ".join(EXPLAINED[name] for name in (mode, skips, reentry)))
settings = FunnelSettings(mode, skips, reentry, view.window)  # type: ignore[arg-type]
result = ask(store, funnel, settings, kept)
with above:
    head("Funnel", of_funnel(result), result.reason)

if not any(stage.count for stage in result.stages):
    what = "The funnel is not available" if result.reason else "No lead is counted in this view"
    empty(what, section.why_empty(result), section.step_from_empty(result))
    st.stop()
shown = tabs(TABS, key="show")
if shown["funnel"].open:
    with shown["funnel"]:
        show(section.whole(view, settings, result))
        if mode != "snapshot":
            left, right = st.columns(2, gap="large")
            with left:
                show(leaks.leaks(view, settings, result))
            with right:
                show(leaks.exits(view, settings, result))
if shown["breakdown"].open:
    with shown["breakdown"]:
        by = choice(
            "By",
            [*dict.fromkeys(("channel", *BAR, "raw_channel", "lead_type", "campaign"))],
            key="by",
        )
        cut = ask(store, funnel, settings, kept, by)
        if mode != "snapshot":
            show(funnel_multiples.multiples(view, settings, cut))
        show(breakdown.breakdown(view, settings, cut))
if shown["trend"].open:
    with shown["trend"]:
        grain = choice("By period of entry", ("month", "week", "quarter"), key="grain")
        points = ask(store, step_trend, view.window, grain, kept)
        show(funnel_time.trend(view, points, grain))
        cells = ask(store, cohort_heat, settings, grain, kept)
        show(funnel_time.heat(view, settings, cells, grain))
if shown["time"].open:
    with shown["time"]:
        with st.container(horizontal=True):
            basis = choice("Stays counted", BASES, key="stays")
            step = choice("Step out of", list(stages)[:-1], key="step", labels=stages)
        left, right = st.columns(2, gap="large")
        with left:
            found = ask(store, time_in_stage, settings, kept, None, basis)
            show(durations.stays(view, settings, found, basis))
            show(durations.cycle(view, settings, ask(store, deal_cycle, settings, kept)))
        with right:
            ages = ask(store, time_to_convert, settings, step, kept)
            show(durations.convert(view, settings, ages))
if shown["paths"].open:
    with shown["paths"]:
        show(funnel_paths.flows(view, settings, ask(store, transitions, settings, kept)))
if shown["separates"].open:
    with shown["separates"]:
        out_of = choice(
            "Step out of", list(stages)[:-1], key="separates", labels=stages, default=handed
        )
        named = ask(store, campaign_names)
        apart = ask(store, associations, view.window, out_of, kept)
        show(funnel_association.separates(view, apart, named))
if shown["two"].open:
    with shown["two"]:
        with st.container(horizontal=True):
            stage = choice("Stage", list(stages), key="at_stage", labels=stages, default=handed)
            other_mode = choice(
                "B: leads that", MODES, key="b_mode", labels=WORDS, default="entered"
            )
            other_skips = choice(
                "B: stages", SKIPS, key="b_skips", labels=WORDS, default="observed"
            )
            other_again = choice(
                "B: counted", REENTRY, key="b_reentry", labels=WORDS, default="every"
            )
        other = FunnelSettings(other_mode, other_skips, other_again, view.window)  # type: ignore[arg-type]
        both = ask(store, reconcile, settings, other, stage, kept)
        show(funnel_paths.two_numbers(view, settings, other, both))
