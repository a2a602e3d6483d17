"""Sessions that were ended by signing out, so that a copy of their cookie opens nothing.

A cookie says by itself who somebody is, and goes on saying it wherever it was copied to. What is
kept is a mark of each ended session, made with the home's secret, until it would end by itself.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from smarketing.store.erased import mark
from smarketing.store.home import disk_errors, write_atomic

FILE_NAME, _LOCK = "signed-out.json", ".signed-out"
#: What a provider says of one session alone.
_OF_A_SESSION = ("iss", "sub", "email", "iat", "nonce", "sid")


def end(home: Path, user: Mapping[str, Any], lasts_seconds: float) -> None:
    """Put down that a session, told by what the provider says of it, has ended.

    It is kept for as long as a session lasts. Earlier ones are let go of by the provider's clock:
    where this machine's is ahead for a while, they would count again once it is right.
    """
    said = user.get("iat")
    issued = said if isinstance(said, int | float) else 0.0
    with _alone(home):
        kept = {name: ends for name, ends in _ended(home).items() if ends > issued}
        kept[_session(home, user)] = issued + lasts_seconds
        write_atomic(home / FILE_NAME, json.dumps(kept))


def is_over(home: Path, user: Mapping[str, Any]) -> bool:
    """Answer whether a session was ended; no file is written to answer that."""
    return _session(home, user) in _ended(home)


def _session(home: Path, user: Mapping[str, Any]) -> str:
    return mark(home, "session", *(str(user.get(name, "")) for name in _OF_A_SESSION))


def _ended(home: Path) -> dict[str, float]:
    try:
        kept = json.loads((home / FILE_NAME).read_bytes())
    except FileNotFoundError:
        return {}
    if not isinstance(kept, dict) or not all(isinstance(v, int | float) for v in kept.values()):
        raise ValueError("no list of sessions and when they are forgotten")
    return kept


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    with disk_errors(home), (home / _LOCK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
