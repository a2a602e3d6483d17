"""Home: are we on target, what moved, who has to act?"""

import streamlit as st

from smarketing.analysis.handoff.obligations import handoff
from smarketing.analysis.review.state import state
from smarketing.charts import words
from smarketing.charts.headlines import headlines, numbers_title
from smarketing.ui import reporting
from smarketing.ui.address import PRESENT, here, is_presenting
from smarketing.ui.cards import card
from smarketing.ui.sections.home import present, today
from smarketing.ui.session import ask
from smarketing.ui.words import word_for

view = here()
store, agreement = view.store, view.store.agreement
# In the first month of a quarter the one before is shown: whether the month is on target is said.
found = ask(store, state, agreement, view.window, view.filters, with_next_month=True)
said = headlines(
    found,
    store.engine.currency,
    view.window,
    store.engine.as_of_day,
    lambda by, key: word_for(store, by, key),
)
if is_presenting():
    present.show(view, present.screens(view, said, found))
    st.stop()

with st.container(horizontal=True, vertical_alignment="center"):
    st.title("Home", width="content")
    if st.button("Present", icon=":material/slideshow:", type="tertiary", shortcut="p"):
        st.query_params[PRESENT] = "1"
        st.rerun()
    reporting.maker(view)
for sentence in said:
    today.sentence(view, sentence)

shown = today.numbers(view, found)
st.header(numbers_title(is_signed=store.in_force))
grid = st.grid(3, min_column_width=200, gap=(24, 24))
for result in shown:
    with grid.cell():
        card(view, agreement.kpi(result.id), result, found.histories.get(result.id))

if rule := words.status_rules(shown):
    st.caption(rule)

st.header("What each team promised")
st.html(today.promises(view, ask(store, handoff, agreement, view.window, view.filters)))
st.page_link(
    "pages/scoreboard.py",
    label="Every number of the agreement",
    icon=":material/arrow_forward:",
    query_params=today.links(view),
)
