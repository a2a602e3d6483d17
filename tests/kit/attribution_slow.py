"""Attribution the slow, obvious way: one deal after the other, in fractions.

Written from the definitions, not from the SQL, which is checked against it on random stores.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

from attribution_store import AttributionStore

DAY = dt.timedelta(days=1)
TICK = dt.timedelta(microseconds=1)
ROLE_MODELS: dict[str, dict[str, Fraction]] = {
    "first": {"first": Fraction(1)},
    "last": {"last": Fraction(1)},
    "linear": {"middle": Fraction(1)},
    "position": {"first": Fraction(4, 10), "last": Fraction(4, 10), "middle": Fraction(2, 10)},
    "j_shaped": {"first": Fraction(2, 10), "last": Fraction(6, 10), "middle": Fraction(2, 10)},
    "inverse_j": {"first": Fraction(6, 10), "last": Fraction(2, 10), "middle": Fraction(2, 10)},
    "w_shaped": {
        "first": Fraction(3, 10),
        "lead_creation": Fraction(3, 10),
        "deal_creation": Fraction(3, 10),
        "middle": Fraction(1, 10),
    },
    "full_path": {
        "first": Fraction(225, 1000),
        "lead_creation": Fraction(225, 1000),
        "deal_creation": Fraction(225, 1000),
        "close": Fraction(225, 1000),
        "middle": Fraction(1, 10),
    },
}


@dataclass(frozen=True)
class Asked:
    """The question: as AttributionSettings, in plain values."""

    measure: str = "revenue"
    lookback_days: int = 180
    side: str = "marketing"
    people: str = "default"
    kinds: tuple[str, ...] | None = None
    excluded: tuple[str, ...] = ()
    half_life_days: float = 7.0


Row = tuple[str, str | None, int]


def slow_ledger(store: AttributionStore, asked: Asked, model: str) -> list[Row]:
    """Return (unit, touch or None, credit in minor units) for every unit of the measure."""
    rows: list[Row] = []
    units = store.leads if asked.measure == "leads" else store.deals
    for unit in units:
        amount, anchor = _worth(unit, asked)
        if amount is None or anchor is None:
            continue
        name = unit["lead_id" if asked.measure == "leads" else "deal_id"]
        touches = _eligible(store, unit, asked, anchor)
        if not touches:
            rows.append((name, None, amount))
            continue
        weights = _weights(store, unit, touches, asked, model, anchor)
        running, before = Fraction(0), 0
        for touch, weight in zip(touches, weights, strict=True):
            running += weight
            rounded = floor(amount * running + Fraction(1, 2))
            rows.append((name, touch["touch_id"], rounded - before))
            before = rounded
    return rows


def _end(at: dt.datetime | None, has_time: bool) -> dt.datetime | None:
    """The last instant that counts: of a bare day, the last of the day."""
    if at is None or has_time:
        return at
    return dt.datetime.combine(at.date(), dt.time()) + DAY - TICK


def _worth(unit: Mapping[str, Any], asked: Asked) -> tuple[int | None, dt.datetime | None]:
    created = _end(unit.get("created_at"), unit.get("created_has_time", True))
    if asked.measure == "leads":
        return 1_000_000, created
    if asked.measure == "pipeline":
        return unit.get("amount"), created
    if unit.get("outcome", "won") != "won":
        return None, None
    return unit.get("amount"), _end(unit.get("closed_at"), unit.get("closed_has_time", True))


def _circles(store: AttributionStore, unit: Mapping[str, Any], asked: Asked) -> dict[str, set[str]]:
    """The people of a unit under each rule; a lead has one person, under every rule."""
    if asked.measure == "leads":
        own = {unit["person_id"]} if unit.get("person_id") else set()
        return dict.fromkeys(("committee", "primary", "lead person", "account"), own)
    contacts = [c for c in store.contacts if c["deal_id"] == unit["deal_id"]]
    primary = {unit["primary_person_id"]} if unit.get("primary_person_id") else set()
    return {
        "committee": {c["person_id"] for c in contacts},
        "primary": {c["person_id"] for c in contacts if c.get("is_primary")} | primary,
        "lead person": {unit["carrier_person_id"]} if unit.get("carrier_person_id") else set(),
        "account": {
            p["person_id"]
            for p in store.people
            if unit.get("account_id") and p.get("account_id") == unit["account_id"]
        },
    }


def _rule(circles: Mapping[str, set[str]], unit: Mapping[str, Any], asked: Asked) -> str:
    """The rule that counts: the one asked for, else the first that the unit has anybody under."""
    if asked.people != "default":
        return asked.people
    if asked.measure == "leads":
        return "lead person"
    named = [rule for rule in ("committee", "primary", "lead person") if circles[rule]]
    return named[0] if named else "account" if unit.get("account_id") else "none"


def _counts(store: AttributionStore, touch: Mapping[str, Any], unit: Any, asked: Asked) -> bool:
    lead = unit["lead_id"] if asked.measure == "leads" else unit.get("carrier_lead_id")
    on_lead = lead is not None and touch.get("lead_id") == lead
    circles = _circles(store, unit, asked)
    rule, person = _rule(circles, unit, asked), touch.get("person_id")
    if rule == "lead":
        return on_lead
    if person is not None and person in circles.get(rule, set()):
        return True
    at_account = unit.get("account_id") and touch.get("account_id") == unit["account_id"]
    if rule != "account" or not at_account:
        return False
    # Of the account though nobody it knows is named: a touch of nobody, or one on its own lead.
    if person is None:
        return on_lead or asked.measure != "leads"
    return on_lead and all(person not in people for people in circles.values())


def _eligible(
    store: AttributionStore, unit: Mapping[str, Any], asked: Asked, anchor: dt.datetime
) -> list[Mapping[str, Any]]:
    created = unit.get("created_at")
    if asked.measure == "leads":
        created = anchor if not unit.get("created_has_time", True) else created
    since = (created or anchor) - asked.lookback_days * DAY
    after = _previous_win(store, unit, asked, anchor)
    found = []
    for touch in store.touches:
        kind, side = touch.get("kind", "form"), touch.get("side", "marketing")
        allowed = kind in asked.kinds if asked.kinds is not None else kind not in asked.excluded
        if not allowed or (asked.side != "both" and side != asked.side):
            continue
        at = touch["occurred_at"]
        if not touch.get("is_usable", True) or at is None or not since <= at <= anchor:
            continue
        if after is not None and at <= after:
            continue
        if _counts(store, touch, unit, asked):
            found.append(touch)
    return sorted(found, key=lambda touch: (touch["occurred_at"], touch["touch_id"]))


def _previous_win(
    store: AttributionStore, unit: Mapping[str, Any], asked: Asked, anchor: dt.datetime
) -> dt.datetime | None:
    if asked.measure == "leads" or unit.get("kind", "new") == "new" or not unit.get("account_id"):
        return None
    wins = [
        end
        for deal in store.deals
        if deal["deal_id"] != unit["deal_id"]
        and deal.get("account_id") == unit["account_id"]
        and deal.get("outcome", "won") == "won"
        and (end := _end(deal.get("closed_at"), deal.get("closed_has_time", True))) is not None
        and end < anchor
    ]
    return max(wins, default=None)


def _weights(
    store: AttributionStore,
    unit: Mapping[str, Any],
    touches: list[Mapping[str, Any]],
    asked: Asked,
    model: str,
    anchor: dt.datetime,
) -> list[Fraction]:
    count = len(touches)
    if model == "last_non_direct":
        other = [n for n, t in enumerate(touches) if t.get("channel", "webinar") != "direct"]
        chosen = other[-1] if other else count - 1
        return [Fraction(int(number == chosen)) for number in range(count)]
    if model == "time_decay":
        ages = [(anchor - touch["occurred_at"]) / DAY for touch in touches]
        raw = [Fraction(2.0 ** (-(age - ages[-1]) / asked.half_life_days)) for age in ages]
        return [part / sum(raw) for part in raw]
    roles = dict(ROLE_MODELS[model])
    middle = roles.pop("middle", Fraction(0))
    holders = {role: _holder(store, unit, touches, asked, role) for role in roles}
    return share_roles(count, roles, middle, holders)


def share_roles(
    count: int, roles: Mapping[str, Fraction], middle: Fraction, holders: Mapping[str, int | None]
) -> list[Fraction]:
    """Share 1 over `count` touches: by roles (held by a touch's number, or None) and the middle."""
    held = [role for role in roles if holders[role] is not None]
    if not held:
        return [Fraction(1, count)] * count
    inner = [number for number in range(count) if number not in holders.values()]
    spare = sum((roles[role] for role in roles if role not in held), Fraction(0))
    spare += Fraction(0) if inner else middle
    weights = [Fraction(0)] * count
    for role in held:
        weights[holders[role] or 0] += roles[role] + spare / len(held)
    for number in inner:
        weights[number] = middle / len(inner)
    return weights


def _holder(
    store: AttributionStore,
    unit: Mapping[str, Any],
    touches: list[Mapping[str, Any]],
    asked: Asked,
    role: str,
) -> int | None:
    if role == "first":
        return 0
    if role == "last":
        return len(touches) - 1
    if role == "close":
        return len(touches) - 1 if asked.measure == "revenue" else None
    if role == "deal_creation":
        if asked.measure == "leads":
            return None
        until = _end(unit.get("created_at"), unit.get("created_has_time", True))
        return _latest(touches, until)
    lead_id = unit["lead_id"] if asked.measure == "leads" else unit.get("carrier_lead_id")
    lead = next((lead for lead in store.leads if lead["lead_id"] == lead_id), None)
    if lead is None:
        return None
    for number, touch in enumerate(touches):
        if touch["touch_id"] == lead.get("created_by_touch_id"):
            return number
    created = lead.get("created_at")
    return _latest(touches, created + DAY if created else None)


def _latest(touches: list[Mapping[str, Any]], until: dt.datetime | None) -> int | None:
    found = [n for n, touch in enumerate(touches) if until and touch["occurred_at"] <= until]
    return found[-1] if found else None
