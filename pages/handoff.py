"""Handoff: does marketing deliver, does sales follow up, and where do leads get lost in between?"""

import streamlit as st

from smarketing.analysis.handoff import handoff
from smarketing.analysis.handoff_speed import conversion_by_response, speed_to_lead
from smarketing.analysis.handoff_worklist import worklist
from smarketing.ui.address import choice, here
from smarketing.ui.exhibit import show
from smarketing.ui.sections import handoff as section
from smarketing.ui.session import ask
from smarketing.ui.shell import head
from smarketing.ui.states import empty

view = here()
store, agreement = view.store, view.store.agreement
head("Handoff", "What each team promised the other, and whether it was kept.")

result = ask(store, handoff, agreement, view.window, view.filters)
left, right = st.columns(2, gap="large")
with left:
    show(section.delivery(view, result.pace, value=False))
with right:
    show(section.delivery(view, result.pace, value=True))

if not result.first_passes.handovers + result.returns.handovers:
    empty(
        "No lead was handed over in this period",
        "No lead entered the handover stage, or the filters leave none.",
        "Choose a longer period or fewer filters.",
    )
left, right = st.columns(2, gap="large")
with left:
    show(section.kept(view, result.obligations))
with right:
    show(section.decided(view, result))

by = choice("Waiting time by", ("owner", "channel", "segment", "weekday", "hour"), key="speed_by")
left, right = st.columns(2, gap="large")
with left:
    speeds = ask(store, speed_to_lead, view.window, view.filters, by)
    show(section.waiting(view, speeds, by))
with right:
    bands = ask(store, conversion_by_response, agreement, view.window, view.filters)
    show(section.by_response(view, bands))

left, right = st.columns(2, gap="large")
with left:
    show(section.rejected(view, result.reasons, "reason"))
with right:
    show(section.rejected(view, result.campaigns, "campaign"))

show(section.worklist(view, ask(store, worklist, agreement, view.filters)))
