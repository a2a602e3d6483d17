"""Saved views: a page, as somebody looks at it, kept by a name to come back to."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qs, urlencode, urlsplit

import streamlit as st

from smarketing.charts import format as fmt
from smarketing.charts.names import html, markdown
from smarketing.errors import SmarketingError
from smarketing.ui.address import link
from smarketing.ui.bar import BAR
from smarketing.ui.gate import writes
from smarketing.ui.labels import labels_of
from smarketing.ui.navigation import PAGES, RECORDS
from smarketing.ui.person import introduce, person
from smarketing.ui.session import Store
from smarketing.ui.states import tell
from smarketing.ui.view import View
from smarketing.workspace import open_workspace
from smarketing.workspace.records import SavedView
from smarketing.workspace.store import now

_NAME, _BY, _HELD, _SHARED = "save_name", "save_by", "save_held", "save_shared"
_LONGEST = 80


def views(store: Store) -> list[SavedView]:
    """The views that whoever looks may come back to, by name: their own, and those shared.

    A name may be of a record that a scope leaves out, so that who has one sees their own alone.
    """
    access = store.access
    if store.away or not access.may("write"):
        return []
    shown = {*dict(PAGES), *RECORDS}
    found = [one for one in open_workspace(store.home).of(SavedView).all() if one.page in shown]
    if access.is_verified:
        found = [
            one for one in found
            if one.owner == _owner(store) or (one.is_shared and not access.scope)
        ]  # fmt: skip
    return sorted(found, key=lambda one: (one.name.casefold(), one.id or 0))


def finding(found: Sequence[SavedView]) -> str:
    """How many views there are to come back to, in one sentence."""
    if not found:
        return "Pages, as you looked at them, to come back to."
    return f"{fmt.many(len(found), 'view')} to come back to."


def show(store: Store, one: SavedView) -> None:
    """One view: its name as the link, what it is of, and the way to take it off the list."""
    asked = parse_qs(urlsplit(one.address).query)
    whose = f"saved by {one.owner}, " if not store.access.is_verified else ""
    if store.access.is_verified and one.owner != _owner(store):
        whose = "shared, "
    told = [dict(PAGES).get(one.page) or RECORDS[one.page], *_chosen(store, asked)]
    with st.container(horizontal=True, vertical_alignment="center", key=f"saved_{one.id}"):
        with st.container(width="stretch", gap=None):
            st.page_link(
                f"pages/{one.page}.py",
                label=markdown(one.name),
                icon=":material/bookmark:",
                query_params=asked,
            )
            words = f"{' · '.join(told)} · {whose}{fmt.day(one.saved_at.date())}"
            st.html(f'<p class="sm-foot">{html(words)}</p>')
        if not store.access.is_verified or one.owner == _owner(store):
            st.button(
                "Remove",
                icon=":material/delete:",
                type="tertiary",
                key=f"unsave_{one.id}",
                on_click=_remove,
                args=(store, one),
            )


def _chosen(store: Store, asked: dict[str, list[str]]) -> list[str]:
    """Period and filters of an address, in words."""
    named = [
        labels_of(store.agreement, name).get(value, value)
        for name in BAR
        for value in asked.get(name, [])
    ]
    return [*(asked.get("period") or ["the newest period"]), *named]


def keeper(view: View, page: str) -> None:
    """The form that keeps the view that is shown."""
    store = view.store
    if store.away or not store.access.may("write"):
        return
    with st.form("save_view", border=False):
        st.text_input("Save it as", key=_NAME, max_chars=_LONGEST, placeholder="a name")
        if not person(store).is_known:
            st.text_input("Your name", key=_BY)
        if view.dated:
            st.checkbox(f"Always of {markdown(view.window.label)}", key=_HELD)
        if store.access.is_verified:
            st.checkbox("Others may open it too", key=_SHARED)
        st.form_submit_button(
            "Save", icon=":material/bookmark_add:", on_click=_save, args=(view, page)
        )


@writes
def _save(view: View, page: str) -> None:
    store = view.store
    if st.session_state.get(_BY):
        introduce(str(st.session_state[_BY]))
    name = str(st.session_state.get(_NAME) or "").strip()
    who = _owner(store)
    if not name or not who:
        st.toast("A view needs a name, and the name of who saves it.", icon=":material/error:")
        return
    kept = SavedView(
        name=name,
        page=page or PAGES[0][0],
        address=_address(view, page, held=bool(st.session_state.get(_HELD))),
        owner=who,
        is_shared=bool(st.session_state.get(_SHARED, True)),
        saved_at=now(),
    )
    try:
        open_workspace(store.home).of(SavedView).add(kept)
    except SmarketingError as error:
        st.toast(markdown(f"The view was not saved. {error}"), icon=":material/error:")
        return
    st.toast(f"Saved as {markdown(name)}.", icon=":material/check_circle:")


def _address(view: View, page: str, *, held: bool) -> str:
    """The address of what is seen; its period only where it is always to be of that one."""
    path, _, query = link(view, page).partition("?")
    pairs = [
        (name, value)
        for name, values in parse_qs(query).items()
        for value in values
        if held or name != "period"
    ]
    return f"{path}?{urlencode(pairs)}"


@writes
def _remove(store: Store, one: SavedView) -> None:
    try:
        open_workspace(store.home).of(SavedView).remove(one)
    except SmarketingError as error:
        tell(f"The view was not removed. {error}")


def _owner(store: Store) -> str:
    """By what the owner of a view is known: the address of who signed in, else the name given."""
    who = person(store)
    return who.email or who.name
