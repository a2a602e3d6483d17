"""Which account, deal, lead or person does a text name?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from smarketing.engine import Engine
from smarketing.errors import UsageError
from smarketing.small_letters import lowered

_EXACT, _SAME_ID, _SAME_NAME = 1, 2, 3


@dataclass(frozen=True)
class Found:
    """One match of a search: what it is, its id, its name and what tells it apart."""

    unit_kind: str
    unit_id: str
    name: str
    detail: str | None
    closeness: int


def search(engine: Engine, text: str, limit: int = 20) -> tuple[Found, ...]:
    """Find accounts, deals, leads and people by id, name, e-mail or its domain, best first.

    An empty text finds nothing.
    """
    wanted = text.strip()
    if not wanted:
        return ()
    escaped = lowered(wanted)
    values = {"exact": wanted, "ending": f"%:{wanted}", "part": f"%{escaped}%"}
    return tuple(
        Found(
            str(row["unit_kind"]),
            str(row["unit_id"]),
            str(row["name"]),
            text_of(row["detail"]),
            int(row["closeness"]),
        )
        for row in engine.rows("journeys/found", values)[:limit]
    )


def named(engine: Engine, kind: str, unit: str) -> str | None:
    """Return the name of the account, deal, lead or person of an id; None where there is none."""
    found = _of_id(engine, kind, unit)
    return None if found is None else found.name


def _of_id(engine: Engine, kind: str, unit: str) -> Found | None:
    """Return the record of a kind that has an id; a search reads every name there is."""
    rows = engine.rows("journeys/record", {"unit_kind": kind, "unit_id": unit})
    return next(
        (Found(kind, unit, str(row["name"]), text_of(row["detail"]), _EXACT) for row in rows), None
    )


def resolve(engine: Engine, unit: str, kind: str | None = None) -> Found:
    """Return the one thing a text names, of a kind where one is given.

    UsageError names the candidates, or says that none match.
    """
    known = None if kind is None else _of_id(engine, kind, unit.strip())
    if known is not None:
        return known
    matches = [m for m in search(engine, unit, limit=200) if kind in (None, m.unit_kind)]
    if not matches:
        raise UsageError(
            f"No {kind or 'account, deal, lead or person'} matches '{unit}'. Give an id, a name, "
            "an e-mail address or a domain."
        )
    best = [match for match in matches if match.closeness == matches[0].closeness]
    if len(best) > 1 and best[0].closeness > _EXACT:
        best = _preferred(best)
    if len(best) > 1:
        named = ", ".join(f"{match.unit_kind} {match.unit_id} ({match.name})" for match in best[:5])
        raise UsageError(f"'{unit}' matches {len(best)} things: {named}. Give one of the ids.")
    return best[0]


def _preferred(matches: list[Found]) -> list[Found]:
    # A person and their lead, or an account and its namesake deal, are one story: take the widest.
    for kind in ("account", "deal", "person", "lead"):
        of_kind = [match for match in matches if match.unit_kind == kind]
        if len(of_kind) == 1 and matches[0].closeness <= _SAME_NAME:
            return of_kind
    return matches


def text_of(value: Any) -> str | None:
    """Return a cell as text; None where it is empty."""
    return None if value is None else str(value)
