"""Figures under another version of the agreement: asked for in the address, said on every page.

A proposal is shown on the pages as it would make them, from a build of its own beside the published
one. The stamp of each figure and export names the version, and so does a line above the page.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from smarketing.access import Access
from smarketing.charts import format as fmt
from smarketing.charts.names import markdown
from smarketing.errors import UsageError
from smarketing.store.agreed import SHORT, Version, agreed
from smarketing.ui.address import UNDER, notice
from smarketing.ui.bar import is_step_back

#: Pages about what is published: the meeting freezes it, the agreement lists every version.
HELD = ("meeting", "agreement")


def may_show(access: Access) -> bool:
    """Whether somebody may see figures under a proposal.

    A proposal says itself what a region is: under one of their own, whoever sees a region would
    see everything.
    """
    return access.may("write") and not access.scope


def asked(home: Path, page: str, access: Access) -> Version | None:
    """The version whose figures the address asks for; None for that on file, or said, for no such.

    What was asked for stays from page to page.
    """
    _follow()
    name = st.query_params.get(UNDER)
    if not name or page in HELD:
        return None
    if not may_show(access):
        notice("Figures under a proposal are shown to those who propose and see all.")
        return None
    try:
        found = agreed(home).version(name)
    except UsageError as error:
        notice(f"The address asks for figures under another agreement. {error}")
        return None
    return None if found.is_on_file else found


def _follow() -> None:
    """Keep the version in the address of the next page; a step of the browser says its own."""
    if UNDER in st.query_params or is_step_back():
        st.session_state[UNDER] = st.query_params.get(UNDER, "")
    elif st.session_state.get(UNDER):
        st.query_params[UNDER] = st.session_state[UNDER]


def show(version: Version) -> None:
    """Let every page show its figures under a version from now on; called by a click."""
    st.session_state[UNDER] = st.query_params[UNDER] = version.hash[:SHORT]


def leave() -> None:
    """Let every page show its figures under the agreement on file again; called by a click."""
    st.session_state[UNDER] = ""
    st.query_params.pop(UNDER, None)


def say(version: Version) -> None:
    """Say above the page under which version its figures stand, with the way back."""
    made = version.proposal
    whose = ""
    if made is not None:
        why = f": {made.note}" if made.note else ""
        whose = f", by {made.proposed_by} on {fmt.day(made.proposed_at.date())}{why}"
    left, right = st.columns([4, 1], vertical_alignment="center")
    left.info(
        markdown(
            f"Every figure here is under the {version.state} version "
            f"{version.hash[:SHORT]}{whose}; not under the agreement on file."
        ),
        icon=":material/rule_settings:",
    )
    right.button("Back to the one on file", icon=":material/undo:", on_click=leave, width="stretch")
