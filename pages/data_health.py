"""Data health: can the figures be trusted, what is left out of them, and what to do about it?"""

from datetime import datetime

import streamlit as st

from smarketing.analysis.health.imports import imported_files, unread
from smarketing.analysis.health.report import data_health, joined, reached
from smarketing.store.landing import read_manifests
from smarketing.ui.address import here
from smarketing.ui.exhibit import show
from smarketing.ui.sections.health import imports
from smarketing.ui.sections.health import report as section
from smarketing.ui.session import ask
from smarketing.ui.shell import head
from smarketing.ui.states import empty

view = here()
store = view.store
if store.engine.limited_by:
    head(
        "Data health", "It is about whole files, and not shown to who sees a part of their records."
    )
    empty(
        "The rest is out of sight",
        f"Files are not kept by {store.engine.limited_by}, to which your view is limited.",
        "Ask somebody whose view is not limited.",
    )
    st.stop()
health = ask(store, data_health, store.agreement)
by = {manifest.import_id: manifest.imported_by for manifest in read_manifests(store.home)}
files = ask(store, imported_files, by)
today = datetime.now(imports.today_at(view)).date()
head("Data health", f"{imports.reach_words(view, files, today)} {section.headline(health)}".strip())

if not health.sources:
    empty("Nothing has been imported", "The build is empty.", "Run: smarketing import PATH")
else:
    st.header("What to know before you quote a figure")
    grave = [found for found in health.findings if found.severity != "note"]
    columns = st.columns(2, gap="large")
    for index, found in enumerate(grave):
        with columns[index % 2]:
            section.finding(view, found)
    notes = [found for found in health.findings if found.severity == "note"]
    if notes:
        st.header("Good to know")
        with st.container(gap="xxsmall"):
            for found in notes:
                section.note(view, found)
    waiting = ask(store, unread)
    if waiting:
        st.header("What to correct")
        show(imports.to_mend(view, waiting))
    st.header("What came in")
    if files:
        show(imports.log(view, files, today))
    left, right = st.columns(2, gap="large")
    with left:
        show(section.balance(view, health))
        show(section.freshness(view, health))
    with right:
        show(section.joins(view, ask(store, joined)))
        show(section.reach(view, ask(store, reached)))
