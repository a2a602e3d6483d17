"""A company of odd names, days without time, large amounts and ends far away, by a seed."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from typing import Any

import duckdb

from smarketing.files.quoting import identifier

#: Names whose capital letters are none of A to Z, and blanks that are not the plain one.
CAMPAIGNS = ("äpfel fest", "форум", "été")
NARROW, WIDE = "\u202f", "\u2003"


def contents(connection: duckdb.DuckDBPyConnection, table: str) -> Counter[tuple[Any, ...]]:
    """Return the rows of a table, each as often as it is there."""
    found = connection.execute(f"select * from {identifier(table)}").fetchall()
    return Counter(found)


def hostile(seed: int) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of its tables, as `write_core` takes them."""
    rng = random.Random(seed)
    names = [
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
    ]
    leads, deals, touches, people = [], [], [], []
    for n in range(40):
        at = dt.datetime(2025, 10, 20) + dt.timedelta(hours=rng.randrange(0, 5000))
        when = at.date().isoformat() if rng.random() < 0.4 else at.isoformat(sep=" ")
        people.append({"person_id": f"p{n}", "email": f"{rng.choice('abc')}{n % 7}@ex{n % 5}.com"})
        leads.append(
            {
                "lead_id": f"l{n}",
                "person_id": f"p{n}",
                "created_at": when,
                "channel": rng.choice([*names, None]),
                "owner_id": None,
            }
        )
        touches.append(
            {
                "touch_id": f"t{n}",
                "person_id": f"p{rng.randrange(40)}",
                "side": "marketing",
                "kind": "webinar",
                "channel": rng.choice(names),
                "occurred_at": when,
                "utm_campaign": (CAMPAIGNS[n % 3].upper() if n % 2 else CAMPAIGNS[n % 3])
                + ("", NARROW, WIDE)[n % 5 % 3],
            }
        )
    for n in range(25):
        created = dt.datetime(2026, 1, 1) + dt.timedelta(hours=rng.randrange(0, 3000))
        closed = created + dt.timedelta(days=rng.randrange(0, 40))
        outcome = rng.choice(["won", "lost", "open"])
        deals.append(
            {
                "deal_id": f"d{n}",
                "lead_id": f"l{n}",
                "name": rng.choice(names),
                "amount": rng.choice([0, 1, 99, 10**12 + rng.randrange(10**6)]),
                "currency": "EUR",
                "created_at": created.isoformat(sep=" "),
                "closed_at": None if outcome == "open" else closed.isoformat(sep=" "),
                "outcome": outcome,
                "kind": rng.choice(["new", "renewal"]),
                "stage": "ÖFFENTLICH" if n % 2 else "öffentlich",
            }
        )
    contracts = [
        {
            "contract_id": "c",
            "account_id": "a",
            "starts_on": "2026-01-01",
            "ends_on": "9999-12-31",
            "recurring_amount": 5,
            "currency": "EUR",
        }
    ]
    campaigns = [{"campaign_id": f"k{n}", "name": name} for n, name in enumerate(CAMPAIGNS)]
    return {
        "person": people,
        "lead": leads,
        "touch": touches,
        "deal": deals,
        "contract": contracts,
        "campaign": campaigns,
        "member": [{"member_id": "m", "name": f"Ann{NARROW}", "team": "sales"}],
        # As doubles, its products with days are not whole; of the other's no whole number has room.
        "quota": [
            {"member_id": "m", "period": period, "amount": amount, "currency": "EUR"}
            for period, amount in (("2026", 2**53 + 1), ("2025", 10**18 + 1))
        ],
    }
