"""Calendar: which campaigns are ahead, who owns them, and what came of those promised?"""

import streamlit as st

from smarketing.analysis.availability import not_given
from smarketing.ui.address import choice, here
from smarketing.ui.exhibit import show
from smarketing.ui.person import ask_who
from smarketing.ui.sections.campaigns import calendar as section
from smarketing.ui.sections.campaigns import planning
from smarketing.ui.session import ask
from smarketing.ui.shell import head
from smarketing.ui.states import needs_workspace, told

view = here()
found = section.entries(view.store)
head(
    "Calendar",
    section.finding(found),
    None if found else ask(view.store, not_given, ("dim_campaign",)),
)
show(section.exhibit(view, found))

by_key = {entry.key: entry for entry in found}
planned = [entry.key for entry in section.promised_first(found)]
if planned:
    st.subheader("Promise and result")
    names = {key: by_key[key].name for key in planned}
    one = choice("Campaign", planned, key="campaign", labels=names, width=360)
    section.promise(view, by_key[one])

st.subheader("Ideas and plans")
if not needs_workspace(view.store, "Ideas, plans and promises"):
    who = ask_who(view.store)
    told()
    planning.ideas(view.store, who)
    planning.plan_form(view.store, who)
