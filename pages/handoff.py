"""Handoff: does marketing deliver, does sales follow up, and where do leads get lost in between?"""

import streamlit as st

from smarketing.analysis.handoff.listing import obligation_records, recycled_records
from smarketing.analysis.handoff.obligations import handoff, obligations
from smarketing.analysis.handoff.speed import conversion_by_response, speed_to_lead
from smarketing.analysis.handoff.worklist import worklist
from smarketing.charts.findings import of_handoff
from smarketing.charts.words import capitalised
from smarketing.ui.address import choice, here, tabs
from smarketing.ui.exhibit import show
from smarketing.ui.sections.handoff import commitment, leads, speed, trend
from smarketing.ui.sections.handoff import obligations as promises
from smarketing.ui.sections.handoff import worklist as todo
from smarketing.ui.session import ask
from smarketing.ui.shell import head
from smarketing.ui.states import empty

TABS = {
    "worklist": "Worklist",
    "promises": "Promises",
    "speed": "Speed",
    "returns": "Rejections and returns",
}
view = here()
store, agreement, kept = view.store, view.store.agreement, view.filters
result = ask(store, handoff, agreement, view.window, kept)
waiting = ask(store, worklist, agreement, kept)
head("Handoff", of_handoff(result, waiting, filtered=bool(kept)))

shown = tabs(TABS, key="handoff_view")
handed = result.first_passes.handovers + result.returns.handovers
if shown["promises"].open:
    with shown["promises"]:
        left, right = st.columns(2, gap="large")
        with left:
            show(commitment.delivery(view, result.pace, value=False))
            show(promises.kept(view, result.obligations))
        with right:
            show(commitment.delivery(view, result.pace, value=True))
            show(promises.decided(view, result))
        with st.container(horizontal=True):
            by = choice("Kept by", ("owner", "segment", "channel", "region"), key="kept_by")
            grain = choice("Over time by", ("month", "week"), key="kept_grain")
        left, right = st.columns(2, gap="large")
        with left:
            parts = ask(store, obligations, view.window, kept, by)
            show(promises.by_member(view, parts, by, result.reason))
        with right:
            due = ask(store, obligation_records, view.window, kept)
            show(trend.kept_over_time(view, due, grain, result.reason))
if not handed and (shown["speed"].open or shown["returns"].open):
    if result.reason:
        empty("What was handed over is not known", f"{capitalised(result.reason)}.", "")
    else:
        empty(
            "No lead was handed over in this period",
            "No lead entered the handover stage, or the filters leave none.",
            "Choose a longer period or fewer filters.",
        )
elif shown["speed"].open:
    with shown["speed"]:
        with st.container(horizontal=True):
            by = choice("By", ("owner", "channel", "segment", "weekday", "hour"), key="speed_by")
            wait = choice("Wait", list(speed.WAITS), key="wait", labels=speed.WAITS, width=232)
            time = choice("In", speed.TIMES, key="time")
        left, right = st.columns(2, gap="large")
        with left:
            found = ask(store, speed_to_lead, view.window, kept, by)
            show(speed.waiting(view, found, by, wait, time))
        with right:
            bands = ask(store, conversion_by_response, agreement, view.window, kept)
            show(speed.by_response(view, bands, result.unknown("response")))
elif shown["returns"].open:
    with shown["returns"]:
        left, right = st.columns(2, gap="large")
        with left:
            show(leads.rejected(view, result, "reason"))
            show(leads.recycled(view, result, ask(store, recycled_records, view.window, kept)))
        with right:
            show(leads.rejected(view, result, "campaign"))
            show(leads.returns(view, result))
if shown["worklist"].open:
    with shown["worklist"]:
        kept_items, chosen = todo.asked(store, waiting)
        listed = todo.worklist(view, kept_items, chosen)
        show(listed)
        todo.hand_out(listed)
        if not waiting.reason:
            show(todo.load(view, waiting))
