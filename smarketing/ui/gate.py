"""Who is let in: asked at every run, so that who was taken off the list is out at once.

Without sign-in the dashboard answers this machine alone, unless it was told to go without.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from smarketing.access import FILE_NAME, LOCAL, Access, AccessError, Act, Identity, access_of
from smarketing.charts.names import html
from smarketing.errors import StoreError
from smarketing.settings import Settings
from smarketing.store.audit import note_access
from smarketing.store.erased import erased_state
from smarketing.store.home import UNREADABLE
from smarketing.store.signed_out import end, is_over
from smarketing.ui import offscreen
from smarketing.ui.cookie import user_in
from smarketing.ui.sign_in import LOOPBACK, checked
from smarketing.ui.states import tell

#: What a proxy adds to a request that came from elsewhere.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")
#: How Streamlit calls that there is no file of secrets at all.
_NO_SECRETS = "no-secrets-found"
_CLOCKS_DIFFER_SECONDS = 300
_LONGEST_NAME = 80
#: Whoever reaches a dashboard that was told to go without sign-in: nobody who imports or erases.
_ANYBODY = Access("member", name="anybody")
_ACCESS, _ERASED = "_access", "_erased"
_LOG = logging.getLogger(__name__)
_Given = ParamSpec("_Given")
_File = TypeVar("_File")
#: The state of the access file that was put down last.
_seen: set[tuple[Path, int, int]] = set()


def admitted() -> Access:
    """Return what whoever looks may do; who may see nothing is told why, and the run ends."""
    screen = offscreen.running()
    if screen is not None:
        st.session_state[_ACCESS] = screen.access
        return screen.access
    try:
        auth = _sign_in()
        if auth is not None and not _is_in():
            _ask_to_sign_in()
            st.stop()
        access = current_access(auth)
        st.session_state[_ACCESS] = access
        st.session_state[_ERASED] = _erased()
        return access
    except AccessError as error:
        _closed(str(error), signed_in=bool(st.user.get("is_logged_in", False)))
        st.stop()


def known() -> Access | None:
    """Return what whoever looks may do, None for somebody who is not let in; draws nothing."""
    screen = offscreen.running()
    if screen is not None:
        return screen.access
    try:
        auth = _sign_in()
        return current_access(auth) if auth is None or _is_in() else None
    except AccessError:
        return None


def let_in() -> Access:
    """Return what the person that this run let in may do."""
    access: Access = st.session_state.get(_ACCESS, LOCAL)
    return access


def keeper(act: Act, what: str) -> Access:
    """Return what whoever looks may do; who may not do this is told so, and the run ends."""
    access = admitted()
    try:
        access.demand(act, what)
    except AccessError as error:
        _closed(str(error), signed_in=False)
        st.stop()
    return access


def still(access: Access) -> bool:
    """Whether a person may still do what the page was drawn for; asked where a part is redrawn."""
    return known() == access


def demand_still(access: Access) -> None:
    """Raise AccessError where somebody may no longer do what takes a while, before it counts."""
    if access.is_verified and not still(access):
        raise AccessError("What you may do here has changed meanwhile.")


def recheck(access: Access) -> None:
    """Draw the whole page anew, which asks who is let in, where somebody's rights have changed.

    Called by what redraws a part of a page: the part was drawn for what one might do then.
    """
    if access.is_verified and not still(access):
        st.rerun()


@st.fragment(run_every="10s")
def watch(access: Access) -> None:
    """Ask who is let in while nobody clicks: on a wall figures would else stand for hours."""
    recheck(access)


def writes(act: Callable[_Given, None]) -> Callable[_Given, None]:
    """Make what a click writes ask first whether whoever clicked may still do it.

    Streamlit calls it before the page is run again, so before the page asks who is let in.
    """

    @wraps(act)
    def asked(*args: _Given.args, **kwargs: _Given.kwargs) -> None:
        if let_in().may("write") and still(let_in()):
            act(*args, **kwargs)
            return
        tell("What you may do here has changed, so nothing was written.")

    return asked


def handing(make: Callable[[], _File]) -> Callable[[], _File]:
    """Make a file that is handed out by a click ask first whether it is still open to who clicks.

    Streamlit makes it apart from any run of the page, for whomever the page was drawn, and of what
    the page was drawn from: somebody who was erased since stands in that.
    """
    if offscreen.running() is not None:
        return make
    access = let_in()
    user, cookie = (st.user.to_dict(), _cookie()) if access.is_verified else ({}, "")
    erased = st.session_state.get(_ERASED) or _erased()

    def asked() -> _File:
        # Streamlit logs what is raised: it names nobody.
        if access.is_verified and not (_is_good(cookie) and access_now(user) == access):
            raise AccessError("What you may see here has changed; open the page again.")
        if _erased() != erased:
            raise AccessError("Somebody was erased since this page was drawn; open it again.")
        return make()

    return asked


def _erased() -> tuple[int, bool]:
    """Return what differs once somebody more was erased from the home."""
    return erased_state(Settings().home.resolve())


def access_now(user: Mapping[str, Any]) -> Access | None:
    """Return what somebody may do by what the provider said of them; None where that is nothing."""
    settings = Settings()
    with suppress(AccessError):
        if _is_signed_in(user, settings.session_hours):
            return access_of(settings.home.resolve() / FILE_NAME, _identity(user))
    return None


def current_access(auth: Mapping[str, Any] | None) -> Access:
    """Return what the person of this session may do; AccessError where that is nothing."""
    settings = Settings()
    home = settings.home.resolve()
    if auth is not None:
        _log_changes(home)
        return access_of(home / FILE_NAME, _identity(st.user.to_dict()))
    is_here = _is_here(st.get_option("server.address"), st.context.headers)
    if settings.without_sign_in:
        return LOCAL if is_here else _ANYBODY
    if (home / FILE_NAME).exists():
        raise AccessError(
            f"{FILE_NAME} says who may see what, but nobody can sign in yet: write secrets.toml "
            "into the home, as docs/serving.md shows."
        )
    if not is_here:
        raise AccessError(
            "This dashboard can be reached from other machines and has no sign-in, so it shows "
            "nothing: set up sign-in, or serve it with --without-sign-in."
        )
    return LOCAL


def _log_changes(home: Path) -> None:
    """Put a change of the access file down, once."""
    try:
        state = (home / FILE_NAME).stat()
    except OSError:
        return  # said where it is read
    seen = (home, state.st_mtime_ns, state.st_size)
    if seen in _seen:
        return
    try:
        note_access(home)
    except StoreError:
        # Who may see what does not depend on the log, and Administration says what is wrong.
        _LOG.exception("A change of access could not be put down")
    _seen.clear()
    _seen.add(seen)


def _sign_in() -> Mapping[str, Any] | None:
    """Return the settings of sign-in that the server runs by; None where none is set up."""
    try:
        found = st.secrets.to_dict().get("auth")
    except StreamlitSecretNotFoundError as error:
        if getattr(error, "error_id", "") == _NO_SECRETS:
            return None
        raise AccessError("secrets.toml cannot be read; nobody may sign in by it.") from error
    except OSError as error:
        raise AccessError("secrets.toml cannot be read; nobody may sign in by it.") from error
    return None if found is None else checked(found)


def _is_in() -> bool:
    """Whether the person of this session signed in, by a cookie that is good still."""
    return _is_good(_cookie()) and _is_signed_in(st.user.to_dict(), Settings().session_hours)


def _cookie() -> str | None:
    """Return the cookies that the page's socket was opened with; None where there is no socket."""
    headers = st.context.headers
    return "; ".join(headers.get_all("Cookie")) if headers else None


def _is_good(cookie: str | None) -> bool:
    """Whether a cookie tells who somebody is: the secret it was signed with may be another now."""
    return cookie is None or bool(user_in(cookie))


def _is_signed_in(user: Mapping[str, Any], hours: float) -> bool:
    """Whether the session's person signed in, and not too long ago by the provider's own word."""
    issued = user.get("iat")
    if not user.get("is_logged_in", False) or not isinstance(issued, int | float):
        return False
    now = time.time()
    # Compared, not subtracted: a number may be larger than any instant.
    if not now - hours * 3600 <= issued <= now + _CLOCKS_DIFFER_SECONDS:
        return False
    return not _was_ended(user)


def _was_ended(user: Mapping[str, Any]) -> bool:
    """Whether somebody signed out of this session; AccessError where nobody can tell."""
    try:
        return is_over(Settings().home.resolve(), user)
    except (StoreError, *UNREADABLE) as error:
        # Whoever keeps the home reads there which file it is, and what to do.
        _LOG.error("%s", error)
        raise AccessError(
            "Who signed out cannot be read here, so nobody is let in; tell whoever keeps this "
            "dashboard: the log says what to do."
        ) from error


def _identity(user: Mapping[str, Any]) -> Identity:
    groups = user.get("groups") or user.get("roles") or ()
    return Identity(
        email=str(user.get("email") or ""),
        is_verified=user.get("email_verified") is True,
        name=_plain(str(user.get("name") or "")),
        groups=tuple(map(str, groups)) if isinstance(groups, list | tuple) else (),
    )


def _plain(name: str) -> str:
    """Return a name as a page can show it: people give it themselves, whatever is in it."""
    # Of all kinds of spaces only the plain one can be printed.
    told = "".join(sign for sign in " ".join(name.split()) if sign.isprintable())
    return " ".join(told.split())[:_LONGEST_NAME].strip()


def _is_here(address: str | None, headers: Mapping[str, str]) -> bool:
    """Whether only this machine is listened to, and this request was made on it."""
    if address not in LOOPBACK or any(name in headers for name in _FORWARDED):
        return False
    host = headers.get("Host")
    name = (host or "").rsplit(":", 1)[0] if not (host or "").endswith("]") else host
    return host is None or (name or "").strip("[]").lower() in LOOPBACK


def _ask_to_sign_in() -> None:
    st.title("Smarketing")
    _say("Sign in to see the numbers of marketing and sales.")
    if st.button("Sign in", type="primary", icon=":material/login:"):
        st.login()


def _closed(why: str, *, signed_in: bool) -> None:
    st.title("Not open to you")
    _say(why)
    if signed_in:
        sign_out()


def sign_out() -> None:
    """The button that ends a session here, in every tab and copy of it, and at the provider."""
    if not st.button("Sign out", icon=":material/logout:", type="tertiary"):
        return
    settings = Settings()
    try:
        lasts = settings.session_hours * 3600 + _CLOCKS_DIFFER_SECONDS
        end(settings.home.resolve(), st.user.to_dict(), lasts)
    except (StoreError, *UNREADABLE):
        _LOG.exception("A sign-out could not be put down")
    st.logout()


def _say(text: str) -> None:
    st.html(f'<p class="sm-lede">{html(text)}</p>')
