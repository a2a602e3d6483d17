"""Funnel: how many leads reach each stage, where do they leave, and why do two people differ?"""

import streamlit as st

from smarketing.analysis.funnel import funnel
from smarketing.analysis.funnel_settings import EXPLAINED, MODES, REENTRY, SKIPS, FunnelSettings
from smarketing.ui.address import BAR, choice, here
from smarketing.ui.exhibit import show
from smarketing.ui.sections import funnel as section
from smarketing.ui.session import ask
from smarketing.ui.shell import head
from smarketing.ui.states import empty

view = here()
store = view.store
head("Funnel", "One funnel for both teams, under choices that are printed on every figure.")

with st.container(horizontal=True):
    mode = choice("Counting", MODES, key="mode", help=EXPLAINED["cohort"])
    skips = choice("Skipped stages", SKIPS, key="skips", help=EXPLAINED["imputed"])
    reentry = choice("Re-entry", REENTRY, key="reentry", help=EXPLAINED["first"])
    by = choice("By", ["none", *BAR, "raw_channel", "lead_type", "campaign"], key="by")
    grain = choice("Over time by", ("month", "week", "quarter"), key="grain")
st.caption(" ".join(EXPLAINED[name] for name in (mode, skips, reentry)))

settings = FunnelSettings(mode, skips, reentry, view.window)  # type: ignore[arg-type]
result = ask(store, funnel, settings, view.filters)

if not any(stage.count for stage in result.stages):
    unknown = f"{result.start_unknown:,} of {result.leads:,} leads have no known beginning"
    empty(
        "No lead is counted in this view",
        f"{unknown}: their creation stamps say when they were loaded, or are missing."
        if result.start_unknown
        else "No lead began in the period, or the filters leave none.",
        "Try a longer period, or count by snapshot, which needs no beginning.",
    )
else:
    tabs = st.tabs(
        ["Funnel", "Breakdown"], key="funnel_view", on_change="rerun", bind="query-params"
    )
    with tabs[0]:
        if tabs[0].open:
            show(section.whole(view, settings, result))
            if result.stages[0].leak is not None:
                left, right = st.columns(2, gap="large")
                with left:
                    show(section.leaks(view, settings, result))
                with right:
                    show(section.exits(view, settings, result))
    with tabs[1]:
        if tabs[1].open:
            cut = ask(store, funnel, settings, view.filters, "channel" if by == "none" else by)
            show(section.breakdown(view, settings, cut))
