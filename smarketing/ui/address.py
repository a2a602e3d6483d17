"""Every control is in the address, by ids: a link reproduces the view, and labels may change.

The address is what holds. A control shows what it says, and writes there what a reader picks, so
that the browser's Back is the view before. A value that it asks for and that does not exist is
said, never dropped.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from smarketing import app_path
from smarketing.charts.names import markdown
from smarketing.charts.words import sentence_case
from smarketing.errors import unknown
from smarketing.ui import offscreen
from smarketing.ui.navigation import navigation
from smarketing.ui.view import NONE, View, window_words

__all__ = [
    "PRESENT", "UNDER", "View", "choice", "framed", "here", "in_frame", "is_presenting", "link",
    "notice", "noticed", "on_page", "options", "picked", "readable", "several", "tabs", "typed",
    "under_kept", "window_words", "write",
]  # fmt: skip

#: The version of the agreement that figures are asked for under, in the address and the session.
UNDER = "under"
#: What asks for a page as it is read on a wall.
PRESENT = "present"
#: Each run of a script has a thread of its own.
_run = threading.local()
_SHOWN = "_address_page"


def is_presenting() -> bool:
    """Whether the address asks for the page as it is read on a wall."""
    return st.query_params.get(PRESENT, "0") not in ("", "0", "false")


def choice(
    label: str,
    options: Sequence[str],
    *,
    key: str,
    help: str | None = None,
    labels: Mapping[str, str] | None = None,
    default: str | None = None,
    width: int = 168,
) -> str:
    """A control of one among `options`, ids; `labels` are words for them (else blanks for `_`)."""
    words = _distinct({o: (labels or {}).get(o) or o.replace("_", " ") for o in options})
    first = default if default in words else next(iter(words))
    st.session_state[key] = picked(label, key, words, first)
    found = st.selectbox(
        label,
        list(words),
        key=key,
        format_func=lambda option: words.get(option, option),
        on_change=_told,
        args=(key, first),
        help=help,
        width=width,
    )
    return str(found)


def several(
    label: str, options: Sequence[str], *, key: str, labels: Mapping[str, str], width: int
) -> list[str]:
    """A control of any among `options`, ids; none keeps everything."""
    words = _distinct({o: labels.get(o, o) for o in options})
    asked = [_known(label, value, words) for value in st.query_params.get_all(key) if value]
    st.session_state[key] = [value for value in dict.fromkeys(asked) if value is not None]
    return st.multiselect(
        label,
        list(words),
        key=key,
        format_func=lambda option: words.get(option, option),
        placeholder="all",
        width=width,
        disabled=not options,
        on_change=_told_all,
        args=(key,),
    )


def typed(label: str, options: Sequence[str], *, key: str, help: str, width: int) -> str:
    """A control of one among `options` or anything a reader types; the first is the default."""
    given = st.query_params.get(key) or options[0]
    st.session_state[key] = given
    found = st.selectbox(
        label,
        [*options, *([given] if given not in options else [])],
        key=key,
        accept_new_options=True,
        on_change=_told,
        args=(key, options[0]),
        help=help,
        width=width,
    )
    return str(found)


def tabs(labels: Mapping[str, str], *, key: str) -> dict[str, Any]:
    """Tabs by id, of which the open one is in the address."""
    first = next(iter(labels))
    st.session_state[key] = labels[picked("Tab", key, labels, first)]
    ids = {label: name for name, label in labels.items()}
    parts = st.tabs(list(labels.values()), key=key, on_change=_told, args=(key, first, ids))
    return dict(zip(labels, parts, strict=True))


@contextmanager
def options() -> Iterator[None]:
    """The place of the expert choices of a page: behind a button, the agreed ones set."""
    with st.popover("Options", icon=":material/tune:", key="options"):
        yield


def picked(label: str, key: str, words: Mapping[str, str], first: str) -> str:
    """The option that the address asks for by `key`: `first` where it asks for none or no such."""
    value = st.query_params.get(key)
    return first if not value else _known(label, value, words) or first


def _known(label: str, value: str, words: Mapping[str, str]) -> str | None:
    """The option a value of the address means; None, said, for one that does not exist.

    Links of old hold labels: they are understood where nothing has that id.
    """
    if value in words:
        return value
    named = [option for option, word in words.items() if word == value]
    if named:
        return named[0]
    # By their words, as the control shows them; an id that is nearly one leads to its word.
    near = get_close_matches(value, words, n=1, cutoff=0.6)
    what = sentence_case(label)
    error = str(unknown(what, value, () if near else words.values()))
    meant = f" Did you mean '{words[near[0]]}'?" if near else ""
    notice(f"The address asks for what is not there. {error}{meant} It is not applied.")
    return None


def _distinct(words: Mapping[str, str]) -> dict[str, str]:
    """Labels told apart where two are alike, since a control knows them by their words."""
    alike = {w for w in words.values() if list(words.values()).count(w) > 1}
    return {o: f"{w} ({o})" if w in alike else w for o, w in words.items()}


def on_page() -> None:
    """Note which page is shown from now on: only its controls are picked from."""
    st.session_state[_SHOWN] = _asked_page()


def _asked_page() -> str | None:
    found = get_script_run_ctx()
    return found.page_script_hash if found else None


def _is_turned() -> bool:
    """Whether another page than the one shown is asked for.

    Then nobody picked anything: a control that pages share, left drawn by the page before, came
    along with the link that was clicked, and looks changed because the page shown has none.
    """
    asked = _asked_page()
    shown: str | None = st.session_state.get(_SHOWN, asked)
    return shown != asked


def _told(key: str, first: str, ids: Mapping[str, str] | None = None) -> None:
    """Write what was picked into the address; the default leaves it."""
    if _is_turned():
        return
    value = st.session_state[key]
    write(key, (ids or {}).get(value, value), first)


def _told_all(key: str) -> None:
    if _is_turned():
        return
    write(key, list(st.session_state[key]), [])


def write(key: str, value: Any, default: Any) -> None:
    """Put a value into the address; the default leaves it."""
    if value != default:
        st.query_params[key] = value
    elif key in st.query_params:
        del st.query_params[key]


def under_kept() -> dict[str, list[str]]:
    """The part of a link that keeps the version figures are shown under; nothing for that on file.

    Written there, it needs no step of its own in the browser's history.
    """
    version = st.session_state.get(UNDER)
    return {UNDER: [version]} if version else {}


def readable(label: str, key: str, read: Callable[[str], object]) -> None:
    """Say a value of the address that a box cannot show: no number, no day, out of its range."""
    value = st.query_params.get(key)
    if not value:
        return
    try:
        read(value)
    except ValueError as error:
        notice(f"The address asks for {label} “{value}”: {error}. It is not applied.")


def notice(text: str) -> None:
    """Say, above the page, what of the address was not applied."""
    screen = offscreen.running()
    if screen is not None:
        screen.notices.append(text)
        return
    place = getattr(_run, "notices", None)
    with place if place is not None else st.container():
        st.warning(markdown(text), icon=":material/link_off:")


def link(view: View, page: str) -> str:
    """The address of a view with everything spelled out, the defaults too, so that it lasts."""
    pairs: list[tuple[str, str]] = []
    if view.dated:
        pairs.append(("period", st.query_params.get("period", view.window.label)))
    if view.comparison != NONE:
        pairs.append(("compare", view.comparison))
    pairs += [(name, value) for name, values in view.filters for value in values]
    known = {name for name, _ in pairs}
    for name in st.query_params:
        if name not in known:
            pairs += [(name, value) for value in st.query_params.get_all(name)]
    return f"/{page}?{urlencode(pairs)}" if page else f"/?{urlencode(pairs)}"


@contextmanager
def framed(view: View | None = None) -> Iterator[None]:
    """Let a page that runs inside the frame read the view that the frame's bar was read into.

    Those who keep the home need none.
    """
    _run.view, _run.is_framed = view, True
    try:
        yield
    finally:
        del _run.view, _run.is_framed


@contextmanager
def noticed(place: Any) -> Iterator[None]:
    """Let what is not applied of the address be said in `place`."""
    _run.notices = place
    try:
        yield
    finally:
        del _run.notices


def in_frame() -> None:
    """Call the frame first where a page runs without it.

    A server that has not shown any page yet runs the script of a linked page like that.
    """
    if not getattr(_run, "is_framed", False):
        navigation(app_path().parent / "pages")
        st.rerun()


def here() -> View:
    """The view of the page that is being run."""
    in_frame()
    view: View = _run.view
    return view
