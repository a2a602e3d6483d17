"""Who can still do what was agreed: an owner who left, or who is in no list of people any more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sqlglot import exp

from smarketing.access import FILE_NAME, AccessError, read_access
from smarketing.engine import Engine
from smarketing.engine.naming import folded
from smarketing.periods import day_words

_LETTERS = re.compile(r"[^\W\d_]+")
_SHORTEST = 3


def people(engine: Engine) -> dict[str, date | None]:
    """Return the members by name, with the last day of who had left by the data's date."""
    if not engine.has("member"):
        return {}
    found: dict[str, date | None] = {}
    for row in engine.rows(exp.select("name", "ends_on").from_("member")):
        name, day = str(row["name"] or ""), row["ends_on"]
        gone = day if day is not None and day < engine.as_of_day else None
        held = found.get(name, gone)
        found[name] = None if gone is None or held is None else max(gone, held)
    return {name: day for name, day in found.items() if name}


def why_gone(owner: str, members: Mapping[str, date | None], home: Path | None) -> str | None:
    """Return why an owner can do nothing any more, None for who can or where nobody can tell.

    Without a home it is told by the members alone. Who is no member has left where `access.yaml`
    lets people in one by one and has nobody of the name, nor an address that is made of it; where
    it lets in whole groups, nobody can tell.
    """
    if owner in members:
        day = members[owner]
        return None if day is None else f"left on {day_words(day)}"
    if home is None:
        return None
    try:
        entries = read_access(home / FILE_NAME)
    except AccessError:
        return None  # there is none, or nobody is let in by it, which is said elsewhere
    name, _, domain = owner.strip().casefold().rpartition("@")
    if entries["groups"] or (entries["domains"] and (not name or domain in entries["domains"])):
        return None
    if any(_may_be(owner, email) for email in entries["people"]):
        return None
    return f"is no member and not in {FILE_NAME}"


def _may_be(owner: str, email: str) -> bool:
    """Return whether an address can be that of somebody who is written so."""
    if "@" in owner:
        return owner.strip().casefold() == email
    words, local = _words(owner), "".join(_words(email.partition("@")[0]))
    long = [word for word in words if len(word) >= _SHORTEST]
    return any(word in local for word in long or words)


def _words(text: str) -> list[str]:
    return _LETTERS.findall(folded(text))
