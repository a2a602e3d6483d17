"""Who signed a version, the form to sign it with, and taking a signature back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from smarketing.access import Access
from smarketing.charts import format as fmt
from smarketing.charts.names import html
from smarketing.errors import SmarketingError
from smarketing.store.agreed import SHORT, Agreed, Version
from smarketing.ui.session import Store
from smarketing.ui.states import failed
from smarketing.workspace.records import Signature
from smarketing.workspace.store import TEAMS


def signatures(store: Store, versions: Agreed, version: Version) -> None:
    """Each team's standing signature, or the form for it."""
    for team, column in zip(TEAMS, st.columns(2, gap="large"), strict=True):
        with column:
            signed = version.signed_by.get(team)
            st.html(
                f'<p class="sm-title">{team.capitalize()}</p>'
                f'<p class="sm-reading">{html(_words(signed))}</p>'
            )
            if signed is None:
                _form(store, versions, version, team)
            elif _may_sign(store.access, team) and st.button(
                "Withdraw", key=f"withdraw_{version.hash[:SHORT]}_{team}", type="tertiary"
            ):
                _done(partial(versions.withdraw, version.hash, team, by=_signs_as(store.access)))


def _words(signed: Signature | None) -> str:
    if signed is None:
        return "not signed yet"
    verified = "" if signed.is_verified else ", name not verified"
    by = f"{signed.name} ({signed.email})" if signed.email else signed.name
    return f"{by} on {fmt.day(signed.signed_at.date())}{verified}"


def _signs_as(access: Access) -> str:
    """By what the log knows whoever looks: a name is as its owner wrote it, an address is not."""
    return access.email or access.name


def _may_sign(access: Access, team: str) -> bool:
    """Whether whoever looks signs for a team: its lead, or anybody where nobody signs in."""
    if not access.is_verified:
        return True
    return access.may("sign") and access.team == team


def _form(store: Store, versions: Agreed, version: Version, team: str) -> None:
    access = store.access
    if not _may_sign(access, team):
        st.caption(f"The lead of {team} signs here.")
        return
    # Enter in the box of the name would sign what nobody has read to the end.
    with st.form(f"sign_{version.hash[:SHORT]}_{team}", border=False, enter_to_submit=False):
        name = access.name
        if not access.is_verified:
            name = st.text_input(f"Sign for {team}: your name", width=320)
        label = f"Sign as {access.name}" if access.is_verified else "Sign"
        if not st.form_submit_button(label, icon=":material/draw:"):
            return
    _done(
        lambda: versions.sign(
            version.hash, team, name, email=access.email, verified=access.is_verified
        )
    )


def _done(act: Callable[[], Version]) -> None:
    try:
        act()
    except SmarketingError as error:
        failed(error, "The signature was not taken")
        return
    st.rerun()
