"""Agreement: what did both teams sign, what do the numbers and the words mean?"""

import streamlit as st

from smarketing.agreement import agreement_yaml
from smarketing.ui.address import here
from smarketing.ui.exhibit import show
from smarketing.ui.sections.agreement import document as section
from smarketing.ui.shell import head

view = here()
store = view.store
head("Agreement", section.headline(store))

section.signatures(store)
st.download_button(
    "The whole agreement",
    lambda: agreement_yaml(store.agreement),
    file_name="agreement.yaml",
    mime="text/yaml",
    icon=":material/download:",
    on_click="ignore",
)
left, right = st.columns(2, gap="large")
with left:
    show(section.stage_list(view))
with right:
    show(section.words(view))
show(section.kpi_list(view))
