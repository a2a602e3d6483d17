"""The small company drawn by a seed, with odd names, large amounts and ends far away beside it.

Its handovers meet every edge: teams and sides that nobody says, bare days, meetings that were
booked before, on the day or after, and set down when they were or later.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from typing import Any

import duckdb
from small_company import tables
from small_findings import Rows

from smarketing.files.quoting import identifier
from smarketing.store.schema import core_tables

#: Names whose capital letters are none of A to Z, and blanks that are not the plain one.
CAMPAIGNS = ("äpfel fest", "форум", "été")
NARROW, WIDE = "\u202f", "\u2003"
#: How meetings and calls end by which a handover is judged, and some that say nothing.
OUTCOMES = (
    "booked",
    "scheduled",
    "held",
    "completed",
    "meeting_set",
    "canceled",
    "BOOKED",
    "",
    None,
)
#: Names that sort, quote or read otherwise than others.
NAMES = (
    "Ωmega",
    "a'b",
    'q"uote',
    "back\\slash",
    "\u202eleft",
    "zebra",
    "Äpfel",
    "apple",
    "_x",
    "%",
)
HOURS = (-200, -24, -3, -1, 0, 0, 1, 2, 5, 24, 50, 200)
#: Columns of keys that are days or instants, in whose writing nothing may change.
_MOMENTS = ("entered_at", "assigned_at", "scored_at", "rate_on")
TEAMS = ("sales", "Sales", "SDR", "marketing", f"sales{NARROW}", "", None)


def contents(connection: duckdb.DuckDBPyConnection, table: str) -> Counter[tuple[Any, ...]]:
    """Return the rows of a table, each as often as it is there."""
    found = connection.execute(f"select * from {identifier(table)}").fetchall()
    return Counter(found)


def hostile(seed: int) -> Rows:
    """Return the rows of its tables, as `write_core` takes them."""
    rng = random.Random(seed)
    rows = tables(seed)
    for name, odd in odd_rows(seed).items():
        rows[name] += odd
    _hand_over(rng, rows)
    return rows


def _hand_over(rng: random.Random, rows: Rows) -> None:
    """Let handovers meet calls and meetings around their instant, by whomever and however told."""
    for member in rows["member"]:
        member["team"] = rng.choice(TEAMS)
    moves = [move for move in rows["lead_stage_event"] if move["entered_at"]]
    for n, move in enumerate(rng.choices(moves, k=300)):
        moment = dt.datetime.fromisoformat(move["entered_at"])
        made, held = (moment + dt.timedelta(hours=rng.choice(HOURS)) for _ in range(2))
        rows["touch"].append(
            {
                "touch_id": f"h{n}",
                "lead_id": move["lead_id"],
                "kind": rng.choice(("call", "meeting", "meeting", "email_reply")),
                "side": rng.choice(("sales", "marketing", None)),
                "direction": rng.choice(("inbound", "outbound", None)),
                "is_automated": rng.choice((True, False, None)),
                "actor_id": rng.choice([one["member_id"] for one in rows["member"]] + [None]),
                "outcome": rng.choice(OUTCOMES),
                "occurred_at": _told(rng, held),
                "created_at": rng.choice((_told(rng, made), None)),
            }
        )


def _told(rng: random.Random, moment: dt.datetime) -> str:
    return moment.date().isoformat() if rng.random() < 0.3 else moment.isoformat(sep=" ")


def odd_rows(seed: int) -> Rows:
    """Return the odd names, large amounts and ends far away alone: no handover, stage or cost."""
    rng = random.Random(seed)
    leads, touches, people = [], [], []
    for n in range(40):
        at = dt.datetime(2025, 10, 20) + dt.timedelta(hours=rng.randrange(0, 5000))
        when = at.date().isoformat() if rng.random() < 0.4 else at.isoformat(sep=" ")
        people.append(
            {"person_id": f"odd-p{n}", "email": f"{rng.choice('abc')}{n % 7}@ex{n % 5}.com"}
        )
        leads.append(
            {
                "lead_id": f"odd-l{n}",
                "person_id": f"odd-p{n}",
                "created_at": when,
                "channel": rng.choice([*NAMES, None]),
                "owner_id": None,
            }
        )
        touches.append(
            {
                "touch_id": f"odd-t{n}",
                "person_id": f"odd-p{rng.randrange(40)}",
                "side": "marketing",
                "kind": "webinar",
                "channel": rng.choice(NAMES),
                "occurred_at": when,
                "utm_campaign": (CAMPAIGNS[n % 3].upper() if n % 2 else CAMPAIGNS[n % 3])
                + ("", NARROW, WIDE)[n % 5 % 3],
            }
        )
    contracts = [
        {
            "contract_id": "odd",
            "account_id": "odd",
            "starts_on": "2026-01-01",
            "ends_on": "9999-12-31",
            "recurring_amount": 5,
            "currency": "EUR",
        }
    ]
    campaigns = [{"campaign_id": f"odd-k{n}", "name": name} for n, name in enumerate(CAMPAIGNS)]
    return {
        "person": people,
        "lead": leads,
        "touch": touches,
        "deal": _odd_deals(rng),
        "contract": contracts,
        "campaign": campaigns,
        "member": [{"member_id": "m", "name": f"Ann{NARROW}", "team": "sales"}],
        # As doubles, its products with days are not whole; of the other's no whole number has room.
        "quota": [
            {"member_id": "m", "period": period, "amount": amount, "currency": "EUR"}
            for period, amount in (("2026", 2**53 + 1), ("2025", 10**18 + 1))
        ],
    }


def tied(seed: int) -> Rows:
    """Return a hostile company with more of each kind of record, many alike in what is sorted by.

    Each further one has a key of its own, by another id or the same text written otherwise, and its
    other values are partly those of the record beside, partly of another.
    """
    rng = random.Random(seed)
    rows = hostile(seed)
    for name, table in core_tables().items():
        have = list(rows.get(name, ()))
        found = {tuple(map(row.get, table.key)): row for row in have}
        for row in rng.choices(have, k=min(60, len(have))):
            other = rng.choice(have)
            beside = {
                column: (row if column in table.key or rng.random() < 0.5 else other).get(column)
                for column in {**row, **other}
            }
            changed = rng.choice(table.key)
            value = beside.get(changed)
            if len(table.key) > 1 and changed.endswith("_id"):
                value = other.get(changed)
            elif changed.endswith("_id"):
                value = f"{value}~"
            elif isinstance(value, str) and changed not in _MOMENTS:
                value = rng.choice((value.upper(), value.title(), f"{value} ", f" {value}"))
            beside[changed] = value
            found.setdefault(tuple(map(beside.get, table.key)), beside)
        rows[name] = [*found.values()]
    return rows


def _odd_deals(rng: random.Random) -> list[dict[str, Any]]:
    deals: list[dict[str, Any]] = []
    for n in range(25):
        created = dt.datetime(2026, 1, 1) + dt.timedelta(hours=rng.randrange(0, 3000))
        closed = created + dt.timedelta(days=rng.randrange(0, 40))
        outcome = rng.choice(["won", "lost", "open"])
        deals.append(
            {
                "deal_id": f"odd-d{n}",
                "lead_id": f"odd-l{n}",
                "name": rng.choice(NAMES),
                "amount": rng.choice([0, 1, 99, 10**12 + rng.randrange(10**6)]),
                "currency": "EUR",
                "created_at": created.isoformat(sep=" "),
                "closed_at": None if outcome == "open" else closed.isoformat(sep=" "),
                "outcome": outcome,
                "kind": rng.choice(["new", "renewal"]),
                "stage": "ÖFFENTLICH" if n % 2 else "öffentlich",
            }
        )
    return deals
