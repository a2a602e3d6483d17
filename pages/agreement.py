"""Agreement: what did both teams sign, what do the numbers and the words mean?"""

import streamlit as st

from smarketing.engine.written import read_workspace
from smarketing.store.agreed import agreed
from smarketing.ui.address import here, tabs
from smarketing.ui.exhibit import show
from smarketing.ui.sections.agreement import document as section
from smarketing.ui.sections.agreement import proposing, signing
from smarketing.ui.sections.agreement import versions as history
from smarketing.ui.shell import head
from smarketing.ui.states import needs_workspace

view = here()
store = view.store
versions = agreed(store.home, read_workspace(store.home, store.access))
on_file = versions.as_filed() if store.away else versions.on_file()
head("Agreement", section.headline(store))
if not store.away:
    signing.signatures(store, versions, on_file)

parts = tabs(
    {"document": "The agreement", "versions": "Versions", "propose": "Propose a change"},
    key="agreement_view",
)
if parts["document"].open:
    with parts["document"]:
        section.whole(store, on_file)
        left, right = st.columns(2, gap="large")
        with left:
            show(section.stage_list(view))
        with right:
            show(section.words(view))
        show(section.kpi_list(view))
if parts["versions"].open:
    with parts["versions"]:
        if not needs_workspace(store, "Versions and signatures"):
            history.history(store, versions)
if parts["propose"].open:
    with parts["propose"]:
        if not needs_workspace(store, "Proposals"):
            proposing.propose(store, versions)
