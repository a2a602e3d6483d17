"""How sign-in is set up, read from the `[auth]` section that Streamlit's own `st.login` reads.

It stands in `secrets.toml` of the home. What is not plainly right is one sentence, and no door.
"""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from smarketing.access import FILE_NAME as ACCESS
from smarketing.access import AccessError, read_access
from smarketing.errors import did_you_mean
from smarketing.store.signed_out import demand_readable

FILE_NAME = "secrets.toml"
CALLBACK = "/oauth2callback"
#: This machine, as an address names it.
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_SECRET_LENGTH = 32


def read_sign_in(home: Path) -> Mapping[str, Any] | None:
    """Return the settings of sign-in of a home, None where there is no such file.

    AccessError where the file can be read by others, is no TOML or lacks what sign-in needs.
    """
    path = home / FILE_NAME
    if not path.exists():
        return None
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise AccessError(
                f"{path} can be read by others, and holds secrets; run: chmod 600 {path}"
            )
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AccessError(f"{path} cannot be read ({error}); nobody may sign in by it.") from error
    return checked(content.get("auth"))


def whole_sign_in(home: Path) -> Mapping[str, Any] | None:
    """Return the settings of sign-in of a home by which people can be let in; None without any.

    AccessError or StoreError says in one sentence which of its files lets nobody in.
    """
    found = read_sign_in(home)
    if found is not None:
        read_access(home / ACCESS)
        demand_readable(home)
    return found


def checked(auth: object) -> Mapping[str, Any]:
    """Return the settings of sign-in if they are whole; AccessError says what is amiss."""
    if not isinstance(auth, Mapping):
        raise AccessError(f"{FILE_NAME} has no section [auth], by which people sign in; write it.")
    for name in _NEEDED:
        if not isinstance(auth.get(name), str) or not auth[name].strip():
            hint = did_you_mean(name, [key for key in auth if key not in _NEEDED])
            raise AccessError(f"The sign-in lacks {name}: write it under [auth].{hint}")
    if len(auth["cookie_secret"]) < _SECRET_LENGTH:
        raise AccessError(
            f"The cookie_secret under [auth] is shorter than {_SECRET_LENGTH} letters and could be "
            "guessed; write a long random one."
        )
    back = _secure("redirect_uri", auth["redirect_uri"])
    if not back.path.endswith(CALLBACK):
        raise AccessError(f"The redirect_uri under [auth] must end with {CALLBACK}.")
    _secure("server_metadata_url", auth["server_metadata_url"])
    return auth


def _secure(name: str, address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise AccessError(f"The {name} under [auth] is no address: {error}.") from error
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise AccessError(
            f"The {name} under [auth] must be an https address; http is for this machine alone."
        )
    return parts
