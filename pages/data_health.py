"""Data health: can the figures be trusted, what is left out of them, and what to do about it?"""

import streamlit as st

from smarketing.analysis.health.report import data_health
from smarketing.ui.address import here
from smarketing.ui.exhibit import show
from smarketing.ui.sections.health import report as section
from smarketing.ui.session import ask
from smarketing.ui.shell import head
from smarketing.ui.states import empty

view = here()
health = ask(view.store, data_health, view.store.agreement)
head("Data health", section.headline(health))

if not health.sources:
    empty("Nothing has been imported", "The build is empty.", "Run: smarketing import PATH")
else:
    st.subheader("What to know before you quote a figure")
    grave = [found for found in health.findings if found.severity != "note"]
    columns = st.columns(2, gap="large")
    for index, found in enumerate(grave):
        with columns[index % 2]:
            section.finding(view, found)
    notes = [found for found in health.findings if found.severity == "note"]
    if notes:
        st.subheader("Good to know")
        with st.container(gap="xxsmall"):
            for found in notes:
                section.note(view, found)
    st.subheader("What came in")
    left, right = st.columns(2, gap="large")
    with left:
        show(section.balance(view, health))
        show(section.freshness(view, health))
    with right:
        show(section.joins(view, health))
        show(section.reach(view, health))
