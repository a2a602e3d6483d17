"""Meeting: what changed, what is off track, who does what by when?"""

import streamlit as st

from smarketing.analysis.review.meeting import enter, find_meeting
from smarketing.ui.address import choice, here
from smarketing.ui.person import ask_who
from smarketing.ui.sections.meeting import parts, room, turning
from smarketing.ui.shell import head, speaks_of
from smarketing.ui.states import told
from smarketing.workspace import open_workspace
from smarketing.workspace.records import Meeting

view = here()
store = view.store
if store.away:
    head("Meeting", "Meetings cannot be read now: the numbers as they are, not frozen.")
    parts.show(room.unopened(store), turning.agenda())
    st.stop()
held = open_workspace(store.home).of(Meeting).all()
weeks = sorted((meeting.week for meeting in held), reverse=True)

if not held:
    head("Meeting", "One room, one set of numbers, every week.")
    room.open_form(store, ask_who(store), held)
    st.stop()

top = st.container()
with st.container(horizontal=True, vertical_alignment="bottom", key="who"):
    week = choice("Meeting of", weeks, key=room.WEEK, width=160)
    who = ask_who(store)
room.open_form(store, who, held)
there = st.container()
# The agenda first: a key pressed while the numbers are asked for must not be lost.
wall = turning.presenting()
part = turning.agenda()
told()
table = room.lay(store, enter(store.home, find_meeting(store.home, week), store.access), who)
with top:
    head(f"Meeting {week}", room.lede(table))
speaks_of(table.view.store)
if not wall:
    with there:
        room.here(table)
turning.timer(part, room.minutes_for(table, part))
parts.show(table, part)
