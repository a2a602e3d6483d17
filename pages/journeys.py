"""Journeys: everything that happened before a lead or an account became a customer."""

import streamlit as st

from smarketing.analysis.attribution import asked
from smarketing.analysis.attribution.settings import SIDES
from smarketing.analysis.journeys.paths import SHAPES, common_paths
from smarketing.analysis.journeys.timeline import journey, search
from smarketing.ui.address import choice, here
from smarketing.ui.exhibit import show
from smarketing.ui.sections.journeys import timeline as section
from smarketing.ui.session import ask
from smarketing.ui.shell import head
from smarketing.ui.states import empty

view = here()
store = view.store
head(
    "Journeys", "Every touch, stage and deal of one account or lead, and the ways most deals take."
)

text = st.text_input(
    "Find an account, deal, lead or person",
    key="unit",
    bind="query-params",
    placeholder="a name, an e-mail address or its domain, or an ID",
    width=480,
    icon=":material/search:",
)
matches = ask(store, search, text.strip()) if text.strip() else ()
chosen = matches[0].unit_id if matches else None
if len(matches) > 1 and matches[0].closeness > 1:
    names = {m.unit_id: f"{m.name}, {m.unit_kind} ({m.detail or m.unit_id})" for m in matches}
    chosen = choice(f"{len(matches)} matches", list(names), key="match", labels=names, width=480)

if not text.strip():
    section.suggestions(view)
elif chosen is None:
    empty(
        f"Nothing matches “{text}”",
        "Names, e-mail addresses, their domains and IDs are searched.",
        "Type a part of a name, or an ID as an export shows it.",
    )
if chosen is not None:
    found = ask(store, journey, store.agreement, chosen)
    show(section.story(view, found))
    left, right = st.columns(2, gap="large")
    with left:
        show(section.people(view, found))
    with right:
        show(section.deals(view, found))

st.subheader("The ways most deals take")
with st.container(horizontal=True):
    by = choice("By", ("channel", "kind", "campaign", "side"), key="by")
    shape = choice(
        "Path", SHAPES, key="path", labels={s: section.PATH_SHAPES[s][0] for s in SHAPES}
    )
    outcome = choice("Outcome", ("won and lost", "won", "lost"), key="outcome")
    side = choice("Side", SIDES, key="side", default=store.agreement.attribution.side)
settings = asked(store.agreement, view.window, side=side)
only = None if outcome == "won and lost" else outcome
paths = ask(store, common_paths, settings, by=by, filters=view.filters, outcome=only, shape=shape)
show(section.paths(view, paths, settings, by, outcome, shape))
