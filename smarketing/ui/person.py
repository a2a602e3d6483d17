"""Who writes: the signed-in person, or a name that is asked for and marked as not verified."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from smarketing.ui.session import Store
from smarketing.workspace.records import Attendance, Reply
from smarketing.workspace.store import TEAMS

_NAME, _TEAM = "_my_name", "_my_team"


@dataclass(frozen=True)
class Person:
    """Somebody who writes: name, team, and whether the name is that of a signed-in person."""

    name: str
    team: str
    email: str = ""
    is_verified: bool = False

    @property
    def is_known(self) -> bool:
        """Whether there is a name to write under."""
        return bool(self.name.strip())

    def gave(self, record: Attendance | Reply, name: str) -> bool:
        """Whether a record of somebody of this name is theirs: by its address, where it has one."""
        return record.email == self.email if record.email else name == self.name


def person(store: Store) -> Person:
    """Whoever looks; without sign-in the name they gave last, which may be none."""
    access = store.access
    if access.is_verified:
        return Person(access.name, access.team, access.email, True)
    return Person(st.session_state.get(_NAME, ""), st.session_state.get(_TEAM, TEAMS[0]))


def introduce(name: str) -> None:
    """Remember the name that somebody gave, for this session."""
    st.session_state[_NAME] = name.strip()


def ask_who(store: Store) -> Person:
    """Ask for name and team where nobody signed in; what is written is marked as not verified."""
    if store.access.is_verified:
        return person(store)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input("Your name", value=st.session_state.get(_NAME, ""), width=240)
        team = st.selectbox(
            "Your team",
            TEAMS,
            index=TEAMS.index(st.session_state.get(_TEAM, TEAMS[0])),
            format_func=str.capitalize,
            width=160,
        )
        st.caption(
            "Nobody has to sign in here: names are as given, and marked so."
            if name.strip()
            else "Give your name to write here. Nobody signs in: names are as given, and marked so."
        )
    st.session_state[_NAME], st.session_state[_TEAM] = name.strip(), str(team)
    return person(store)
