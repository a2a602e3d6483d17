"""Content: what is met before which step, by whom, and what do sales and customers ask for?"""

import streamlit as st

from smarketing.analysis.availability import not_given
from smarketing.analysis.content.heard import heard
from smarketing.analysis.content.met import met, met_by
from smarketing.ui.address import choice, here
from smarketing.ui.exhibit import show
from smarketing.ui.labels import labels_of
from smarketing.ui.sections.content import asked as section
from smarketing.ui.session import ask
from smarketing.ui.shell import head

view = here()
store = view.store
stages = [stage.id for stage in store.agreement.stages][:-1]
above = st.container()
stage = choice(
    "Step out of", stages, key="stage", labels=labels_of(store.agreement, "stage"), width=240
)
found = ask(store, met, view.window, stage, view.filters)
said = ask(store, heard, view.window, view.filters)
with above:
    head("Content", section.finding(found, said), ask(store, not_given, ("dim_lead", "fct_touch")))
show(section.before_the_step(view, found))
show(section.by_persona(view, ask(store, met_by, view.window, stage, view.filters), stage))
show(section.heard_of(view, said))
