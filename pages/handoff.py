"""Handoff: does marketing deliver what it promised, and does sales follow up as agreed?"""

import streamlit as st

from smarketing.analysis.handoff import handoff
from smarketing.ui.address import here
from smarketing.ui.exhibit import show
from smarketing.ui.sections import handoff as section
from smarketing.ui.session import ask
from smarketing.ui.shell import head

view = here()
store = view.store
head("Handoff", "What each team promised the other, and whether it was kept.")
result = ask(store, handoff, store.agreement, view.window, view.filters)
show(section.obligations(view, result.obligations))
st.caption("Deadlines follow the owner's working hours.")
