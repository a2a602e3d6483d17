"""Sessions that were ended by signing out, so that a copy of their cookie opens nothing.

A cookie says by itself who somebody is, and goes on saying it wherever it was copied to. What is
kept is a mark of each ended session, made with the home's secret, until it would end by itself.
A home that was restored knows none of those that ended after its back-up: there every session that
began before is over.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from smarketing.errors import StoreError
from smarketing.store.erased import mark
from smarketing.store.home import UNREADABLE, write_atomic
from smarketing.store.lock import alone

FILE_NAME, _LOCK = "signed-out.json", ".signed-out"
#: In the place of a mark: all sessions, up to the instant beside it. No mark looks like it.
_ALL = "all"
#: What a provider says of one session alone.
_OF_A_SESSION = ("iss", "sub", "email", "iat", "nonce", "sid")


def end(home: Path, user: Mapping[str, Any], lasts_seconds: float) -> None:
    """Put down that a session, told by what the provider says of it, has ended.

    It is kept for as long as a session lasts. Earlier ones are let go of by the provider's clock:
    where this machine's is ahead for a while, they would count again once it is right.
    Raises StoreError where the list cannot be relied on; it is then left as it is.
    """
    issued = _issued(user)
    with alone(home / _LOCK):
        known = _ended(home)
        kept = {name: ends for name, ends in known.items() if ends > issued or name == _ALL}
        kept[_session(home, user)] = issued + lasts_seconds
        write_atomic(home / FILE_NAME, json.dumps(kept))


def end_all(home: Path, at: float) -> None:
    """Put down that every session which began up to an instant (seconds since 1970) has ended."""
    with alone(home / _LOCK):
        write_atomic(home / FILE_NAME, json.dumps({_ALL: at}))


def is_over(home: Path, user: Mapping[str, Any]) -> bool:
    """Answer whether a session was ended; no file is written to answer that.

    Raises StoreError where the list cannot be relied on.
    """
    ended = _ended(home)
    return _issued(user) <= ended.get(_ALL, -math.inf) or _session(home, user) in ended


def demand_readable(home: Path) -> None:
    """Raise StoreError, in a sentence that says what to do, unless the list can be relied on."""
    _ended(home)


def _issued(user: Mapping[str, Any]) -> float:
    said = user.get("iat")
    return said if isinstance(said, int | float) else 0.0


def _session(home: Path, user: Mapping[str, Any]) -> str:
    return mark(home, "session", *(str(user.get(name, "")) for name in _OF_A_SESSION))


def _ended(home: Path) -> dict[str, float]:
    try:
        kept = json.loads((home / FILE_NAME).read_bytes())
        return {str(name): ends + 0.0 for name, ends in kept.items()}
    except FileNotFoundError:
        return {}
    except UNREADABLE as error:
        raise StoreError(
            f"{home / FILE_NAME} says who signed out and cannot be read, so nobody is let in: "
            "write another cookie_secret into secrets.toml, so that no earlier session counts, "
            "then remove the file."
        ) from error
