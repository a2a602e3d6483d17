"""What the imports of the small company would have noted, as the tables of Data health hold it."""

from __future__ import annotations

import random
from typing import Any

Rows = dict[str, list[dict[str, Any]]]


def findings(rng: random.Random) -> Rows:
    """What imports would have noted, as the tables of Data health hold it."""
    found: Rows = {
        "source_info": [
            {"source": name, "as_of_at": f"2026-0{month}-01 12:00",
             "as_of_day": f"2026-0{month}-01", "files": 2, "rows": 90}
            for name, month in (("test", 7), ("crm", 6), ("shop", 5))
        ],
    }  # fmt: skip
    for table, columns in _NOTES.items():
        rows = ({name: rng.choice(values) for name, values in columns.items()} for _ in range(80))
        found[table] = list({tuple(row.values()): row for row in rows}.values())
    for stamp, rule in (
        ("2026-03-01 13:00", "shared"),
        ("2025-09-01 03:30", "by hand"),
        ("2026-01-04 23:00", "by hand"),
    ):
        found["load_stamp"] += [
            {"table_name": table, "source": "test", "stamp": stamp, "records": 17, "share": 0.27,
             "rule": rule} for table in (("deal",) if rule[0] == "s" else ("lead", "deal"))
        ]  # fmt: skip
    found["file_unused"].append(
        {"source": "test", "import_id": "i9", "file": "none.csv", "reason": "nothing", "rows": 0}
    )
    found["file_unused"] += [
        {"source": "crm", "import_id": name, "file": file, "reason": "empty", "rows": 3}
        for name, file in (("i1", "z.csv"), ("i2", "y.csv"))
    ]
    found["future_stamp"] += [
        {"source": "late", "import_id": "i1", "file": "a.csv", "row": row, "table_name": "lead",
         "record": record, "column_name": column, "stamp": "2026-07-01 13:00", "day": "2026-07-01",
         "imported_at": "2026-07-01"}
        for row, record, column in (
            (3, "l1", "created_at"), (3, "l1", "closed_at"), (3, "l0", "z"), (2, "l2",
             "created_at"),
        )
    ]  # fmt: skip
    return found


_TABLES = ("lead", "deal", "touch", "account")
_FILE = {"source": ("test", "crm", "shop"), "import_id": ("i1", "i2"), "file": ("a.csv", "b.csv")}
_COUNTS = (0, 1, 4, 9, 40)
_NOTES: dict[str, dict[str, tuple[Any, ...]]] = {
    "file_info": _FILE | {
        "sha256": ("0",), "object": ("lead", "deal"), "rows": (90, 50), "used": (80, 50, 40),
        "unused": (6, 0), "quarantined": (4, 0), "imported_at": ("2026-07-01", "2026-06-01"),
        "mode": ("add", "full"),
    },
    "file_unused": _FILE | {"reason": ("of no table", "empty"), "rows": _COUNTS},
    "quarantine": _FILE | {
        "row": (1, 2, 3), "table_name": (*_TABLES, None), "column_name": ("created_at", "lead_id"),
        "value": ("x",), "reason": ("no date", "no key"),
    },
    "load_stamp": {
        "table_name": ("lead", "deal"), "source": ("test",),
        "stamp": ("2025-09-01 03:30:00", "2026-01-07 08:00"),
        "records": (17, 30), "share": (0.27,), "rule": ("shared", "later than the close"),
    },
    "dangling": {
        "table_name": _TABLES, "source": ("test", "crm"),
        "column_name": ("campaign_id", "owner_id"),
        "references_table": ("campaign", "member"), "records": _COUNTS, "example": ("c9",),
    },
    "future_stamp": _FILE | {
        "row": (3, 4), "table_name": _TABLES, "record": ("l9", "l8"),
        "column_name": ("created_at",),
        "stamp": ("2026-09-01", "2026-08-01", "2026-07-01 13:00"),
        "day": ("2026-09-01", "2026-08-01"),
        "imported_at": ("2026-07-01",),
    },
    "merge_circle": {
        "table_name": ("person", "account"), "alias_id": ("p1", "p2", "p3"), "id": ("p1", "p2"),
    },
    "currency_assumed": {
        "table_name": _TABLES, "source": ("test", "crm"), "currency": ("EUR", "USD"),
        "records": _COUNTS,
    },
    "spend_difference": {
        "source": ("crm", "shop"), "campaign_id": ("c0", "c1", "gone", None),
        "starts_on": ("2026-01-01", "2026-02-01"), "ends_on": ("2026-02-02", "2026-02-03"),
        "currency": ("EUR", "USD"), "counted_amount": (100, 300), "other_amount": (90, 350, 80),
        "counted_file": ("a.csv", "z.csv"), "other_file": ("b.csv", "c.csv"),
    },
    "file_total": {
        "source": ("crm", "shop"), "file": ("a.csv", "b.csv"), "table_name": ("cost",),
        "column_name": ("amount", "clicks"), "currency": ("EUR", None), "said_amount": (100,),
        "read_amount": (90, 100), "agrees": (True, False),
    },
    "cost_overlap": {
        "cost_id": ("k1", "k2", "gone"), "source": ("crm",), "file": ("a.csv", "b.csv"),
        "file_id": (3,), "day": ("2026-01-01", "2026-01-05"), "currency": ("EUR", "USD"),
        "amount": (100, 250), "other_source": ("crm", "shop"), "other_file": ("c.csv", "d.csv"),
        "other_file_id": (1, 2),
    },
}  # fmt: skip
