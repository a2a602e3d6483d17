"""The frame around every page: navigation, filter bar, states, and as of when it speaks."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from smarketing.build.timetable import age_words, last_refresh, now
from smarketing.charts import format as fmt
from smarketing.charts.names import html, markdown, prose, sentence
from smarketing.errors import SmarketingError, StoreError
from smarketing.settings import Settings
from smarketing.store.home import Home
from smarketing.ui import drill, saved, under
from smarketing.ui.address import framed, is_presenting, link, notice, noticed, on_page
from smarketing.ui.bar import filter_bar
from smarketing.ui.gate import admitted, known, sign_out
from smarketing.ui.navigation import KEEPING, PAGES, navigation
from smarketing.ui.session import Store, open_store
from smarketing.ui.states import failed, first_run
from smarketing.ui.style import apply_style
from smarketing.ui.view import View

_SPEAKS_OF = "_speaks_of"
#: The pages that are shown on a wall where the address asks for it.
ON_THE_WALL = ("home", "meeting")
ICON = Path(__file__).with_name("icon.png")


def run(folder: Path) -> None:
    """Show the page asked for, from the scripts in `folder`."""
    # A picture of our own: a symbol by its name would be fetched from another host.
    st.set_page_config(page_title="Smarketing", layout="wide", page_icon=ICON)
    apply_style()
    home = Settings().home.resolve()
    is_empty = not Home(home).current.exists()
    person = known()
    page = navigation(folder, empty=is_empty, keeps=person is not None and person.may("import"))
    st.set_page_config(page_title=f"{page.title} · Smarketing")
    access = admitted()
    on_page()
    if page.title in dict(KEEPING).values():
        _keep(page)
        return
    try:
        version = None if is_empty else under.asked(home, page.url_path or PAGES[0][0], access)
        store = open_store(access, None if version is None else version.agreement)
    except SmarketingError as error:
        if isinstance(error, StoreError) and is_empty:
            first_run(home, str(error), may_import=access.may("import"))
        else:
            failed(error, "The store could not be opened")
        return
    if version is not None:
        under.say(version)
    _show(page, store)


def _keep(page: st.Page) -> None:
    """Show a page of those who keep the home, who need no data for it."""
    try:
        with framed():
            page.run()
    except SmarketingError as error:
        failed(error)


def _show(page: st.Page, store: Store) -> None:
    _notices(store)
    name = page.url_path or PAGES[0][0]
    st.session_state.pop(_SPEAKS_OF, None)
    drill.on_page(name)
    bar, notices = st.container(), st.container()
    with noticed(notices):
        with bar:
            view = filter_bar(store, name)
        if is_presenting() and name not in ON_THE_WALL:
            notice("Home and the meeting alone are shown on a wall: this page stays as it is.")
        body = st.container()
        # Below what is there already; style.py shows it while the page is being worked out.
        with st.container(key="more"):
            st.skeleton(height=320)
        try:
            with body, framed(view):
                page.run()
        except SmarketingError as error:
            with body:
                failed(error)
    _colophon(view, page.url_path)


def _notices(store: Store) -> None:
    old = age_words(store.home, store.agreement, now())
    if old:
        st.error(markdown(old), icon=":material/history:")
    if store.access.may("import"):
        _failures(store)
    if store.away:
        st.warning(markdown(store.away), icon=":material/cloud_off:")
    if store.changes:
        with st.container(key="stale"):
            left, right = st.columns([4, 1], vertical_alignment="center")
        what = " and ".join(store.changes)
        left.warning(
            f"{what[0].upper()}{what[1:]} since this build was made: figures still follow the old "
            "state. Build again, or run: smarketing build.",
            icon=":material/update:",
        )
        if store.access.may("import") and right.button(
            "Build again", icon=":material/build:", width="stretch"
        ):
            _build_again(store)


def _failures(store: Store) -> None:
    """Tell those who keep the home what the last refresh failed at."""
    last = last_refresh(store.home)
    if last is not None and last.failures:
        when = fmt.moment(last.at, store.agreement.timezone)
        st.warning(
            markdown(f"The refresh of {when} failed: {last.failures[0]}"),
            icon=":material/sync_problem:",
        )


def _build_again(store: Store) -> None:
    from smarketing.build import build

    with st.spinner("Deriving everything again …"):
        try:
            build(store.home)
        except SmarketingError as error:
            failed(error, "The build failed; the old one stays current")
            return
    st.rerun()


def speaks_of(store: Store) -> None:
    """Have the foot of this page name another build than the current one: what a meeting saw."""
    st.session_state[_SPEAKS_OF] = store


def _colophon(view: View, path: str) -> None:
    store = st.session_state.get(_SPEAKS_OF) or view.store
    words = (
        f"As of {fmt.day(store.engine.as_of_day)} · build {store.engine.build_id} · "
        f"agreement {store.agreement_words} · {store.agreement.timezone} · {store.engine.currency}"
    )
    st.html(f'<hr class="sm-rule"><p class="sm-foot">{html(words)}</p>')
    if store.access.is_verified:
        with st.popover(markdown(store.access.name), icon=":material/person:", type="tertiary"):
            st.caption(markdown(f"{store.access.email} · {store.access.role}"))
            sign_out()
    with st.popover("Link to this view", icon=":material/link:", type="tertiary", key="view_link"):
        st.caption("Everything chosen, the defaults too, so that it shows the same later.")
        st.code(link(view, path), language=None, wrap_lines=True)
        saved.keeper(view, path)


def head(title: str, lede: str, missing: str | None = None) -> None:
    """The title of a page and the one sentence that answers its question.

    `missing` says which records no source gives: then there is no answer.
    """
    lede = f"Not available: {missing}." if missing else lede
    st.title(prose(title))
    st.html(f'<p class="sm-lede">{sentence(lede)}</p>')
