"""Journeys: everything that happened before a lead or an account became a customer."""

import streamlit as st

from smarketing.analysis.attribution import asked
from smarketing.analysis.attribution.settings import SIDES
from smarketing.analysis.availability import not_given
from smarketing.analysis.journeys.find import search
from smarketing.analysis.journeys.paths import SHAPES, common_paths
from smarketing.charts.findings import of_journeys
from smarketing.ui.address import choice, here, options
from smarketing.ui.exhibit import show
from smarketing.ui.sections.journeys import timeline as section
from smarketing.ui.session import ask
from smarketing.ui.shell import head
from smarketing.ui.states import empty

view = here()
store = view.store
settings = asked(store.agreement, view.window, side=section.chosen_side(store.agreement))
ends = ask(store, common_paths, settings, by="channel", filters=view.filters, shape="ends")
missing = ask(store, not_given, ("fct_deal", "fct_touch"))
head("Journeys", of_journeys(ends, view.labels("channel")), missing)

text = st.text_input(
    "Find an account, deal, lead or person",
    key="unit",
    bind="query-params",
    placeholder="a name, an e-mail address or its domain, or an ID",
    width=480,
    icon=":material/search:",
)
matches = ask(store, search, text.strip()) if text.strip() else ()
if matches:
    section.matches(matches)
elif not text.strip():
    section.suggestions(view)
else:
    empty(
        f"Nothing matches “{text}”",
        "Names, e-mail addresses, their domains and IDs are searched.",
        "Type a part of a name, or an ID as an export shows it.",
    )
st.header("The ways most deals take")
with st.container(horizontal=True):
    by = choice("By", ("channel", "kind", "campaign", "side"), key="by")
    shape = choice(
        "Path",
        SHAPES,
        key="path",
        labels={s: section.PATH_SHAPES[s][0] for s in SHAPES},
        default="ends",
    )
    outcome = choice("Outcome", ("won and lost", "won", "lost"), key="outcome")
with options():
    choice("Side", SIDES, key="side", default=store.agreement.attribution.side)
only = None if outcome == "won and lost" else outcome
paths = ask(store, common_paths, settings, by=by, filters=view.filters, outcome=only, shape=shape)
show(section.paths(view, paths, settings, outcome))
