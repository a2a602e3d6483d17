"""States that are not numbers: nothing imported yet, nothing found, too few to judge, an error."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import streamlit as st

from smarketing.charts.names import html, markdown
from smarketing.charts.words import capitalised
from smarketing.errors import QueryError, SmarketingError, bounded
from smarketing.ui import offscreen
from smarketing.ui.session import Store

_LOG = logging.getLogger(__name__)
_TOLD = "_told"


def _state(title: str, *lines: str, code: str = "") -> None:
    body = "".join(f"<p>{html(line)}</p>" for line in lines if line)
    st.html(f'<div class="sm-state"><p class="sm-named">{html(title)}</p>{body}</div>')
    if code:
        st.code(code, language="bash")


def empty(what: str, why: str, what_to_do: str) -> None:
    """Nothing to show: what is missing, why, and what to do about it."""
    what = bounded(what)
    offscreen.fail(f"{what}. {why} {what_to_do}".strip())
    _state(what, why, what_to_do)


def needs_workspace(store: Store, what: str) -> bool:
    """Whether what people wrote is away, which is said of what would stand here."""
    if store.away:
        where = "What stands here is in the workspace; why it is away is said at the top."
        _state(f"{what} cannot be read now", where)
    return bool(store.away)


def unavailable(what: str, why: str) -> None:
    """What no source gives: why, and what to import, as `availability` words it."""
    _state(what, f"{capitalised(why)}.")


def small(n: int, least: int = 30) -> None:
    """A note that `n` records are too few for a verdict; silent when they suffice."""
    if n < least:
        st.caption(
            f":material/info: Only {n} records: the interval is shown and the verdict withheld "
            f"(fewer than {least})."
        )


def failed(error: SmarketingError, what: str = "This could not be shown") -> None:
    """A failure the reader can act on, in the words of the error; a query's text on demand."""
    offscreen.fail(error)
    sentence, _, details = str(error).partition("\n")
    hint = ""
    if isinstance(error, QueryError):
        hint = "If Smarketing was updated after this build was made, run: smarketing build"
    _state(what, sentence, hint)
    if details:
        with st.expander("Details", type="compact"):
            st.code(details.strip(), language="sql", height=240)


def tell(text: object) -> None:
    """Say something at the next place for it: what is clicked is done before anything is drawn."""
    st.session_state[_TOLD] = str(text)


def told() -> None:
    """The place for what a click had to say."""
    text = st.session_state.pop(_TOLD, None)
    if text is not None:
        st.warning(markdown(text))


def opened_by(label: str, key: str, **looks: Any) -> Any:
    """A box that a button opens, and that closes when what was written in it is taken."""
    return st.popover(label, key=key, on_change="rerun", **looks)


def close(key: str) -> None:
    """Close a box that `opened_by` made; called where what was sent is taken."""
    st.session_state[key] = False


@contextmanager
def guarded(what: str) -> Iterator[None]:
    """Say a failure of `what` where it would have stood; what stands around it goes on.

    A failure that nobody foresaw is said as such, and its trace goes to the server's log.
    """
    try:
        yield
    except SmarketingError as error:
        failed(error, f"{what} could not be shown")
    except Exception as error:
        _LOG.exception("%s could not be shown", what)
        cause = f"{type(error).__name__}: {error}".splitlines()[0]
        _state(
            f"{what} could not be shown",
            f"This is a fault of Smarketing ({cause}); the server's log says where. The other "
            "figures of the page are not touched by it.",
        )


def first_run(home: Path, reason: str, *, may_import: bool) -> None:
    """The page of a home without a store: how to look around, how to bring in one's own data."""
    st.title("No data yet")
    st.html(
        '<p class="sm-lede">Smarketing puts marketing and sales in front of one set of numbers. '
        "It reads exports of your CRM and your ad platforms; nothing leaves this machine.</p>"
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Look around first")
        st.write("Load the demo company: 18 months of campaigns, leads and deals.")
        if may_import and st.button("Load the demo company", icon=":material/play_arrow:"):
            _load_demo(home)
        st.caption("Or in a terminal:")
        st.code("smarketing demo", language="bash")
    with right:
        st.header("Bring in your own")
        st.write("Drop exports: Salesforce, HubSpot, ad platforms, CSV and Excel are recognised.")
        if may_import:
            with st.container(horizontal=True):
                files = st.button("Import files", icon=":material/upload_file:")
                database = st.button("Connect a database", icon=":material/database:")
            if files or database:
                st.switch_page("pages/imports.py")
        st.caption("Or name files or a folder in a terminal:")
        st.code("smarketing import PATH", language="bash")
    if may_import:
        st.caption(markdown(f"Home: {home}. {reason}"))
    else:
        st.caption("Whoever administers Smarketing here brings in the first files.")
    if st.button("Look again", icon=":material/refresh:"):
        st.rerun()


def _load_demo(home: Path) -> None:
    """Import the demo company as the command line does; the page starts again with its figures."""
    from smarketing.build import import_files
    from smarketing.demo import demo_files, prepare_home

    with st.spinner("Reading the files and deriving the figures …"):
        try:
            prepare_home(home)
            import_files(home, [demo_files()], source="generic", mode="full", by="demo")
        except SmarketingError as error:
            failed(error, "The demo company could not be loaded")
            return
    st.rerun()
