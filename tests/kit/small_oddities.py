"""Records of the small company that are odd on purpose rather than by chance."""

from __future__ import annotations

import datetime as dt
from typing import Any

from small_findings import Rows

#: Ids that their source merged into others, through up to three steps, as the source writes them.
MERGED = {
    "person": (("p41", "p3"), ("p42", "p3"), ("p43", "p42"), ("p44", "p43"), ("p5", "gone")),
    "account": (("a17", "a2"), ("a18", "a2"), ("a19", "a18"), ("a20", "a19"), ("a9", "gone")),
}


def write_as_merged(rows: Rows) -> None:
    """Let ids that were merged, and what they were merged into, begin with their source.

    Of what one was merged into nothing is known but by the others, who do not say the same.
    """
    for table, key, kept in (("person", "person_id", "p3"), ("account", "account_id", "a2")):
        merged = [alias for alias, _ in MERGED[table]]
        for row in rows[table]:
            if row[key] == kept:
                row |= dict.fromkeys(set(row) - {key, "source"})
            elif row[key] in merged:
                row |= {name: value for name, value in row.items() if value is not None}
                row |= KNOWN_OF_MERGED[table][merged.index(row[key]) % 2]
    named = {name for pairs in MERGED.values() for pair in pairs for name in pair}
    for row in (row for table in rows.values() for row in table if "alias_id" not in row):
        row |= {column: f"crm:{value}" for column, value in row.items()
                if column in ("person_id", "account_id") and value in named}  # fmt: skip


def add_stubs_and_lonely(rows: Rows) -> None:
    """Add leads known by one event alone, and deals whose one touch does not count, each why."""
    for table, at in (("lead_stage_event", "entered_at"), ("lead_assignment", "assigned_at"),
                      ("score_event", "scored_at"), ("touch", "occurred_at")):  # fmt: skip
        for source, row in zip(("shop", "crm"), rows[table][-2:], strict=True):
            stub = {"lead_id": f"stub of {table}", "source": source, at: "2026-03-01 08:00:00"}
            rows[table].append(row | stub | ({"touch_id": source} if table == "touch" else {}))
    rows["deal"][5]["lead_id"] = "stub of deal"
    rows["touch"] += [
        {"touch_id": f"never{number}", "kind": "call", "campaign_id": f"never {number % 3}",
         "source": ("test", "crm")[number % 2]} for number in range(6)
    ]  # fmt: skip
    for number, touch in enumerate(LONELY):
        deal, person = f"alone{number}", f"only{number}"
        rows["deal"].append(
            {"deal_id": deal, "name": deal, "amount": 100_00 + number, "currency": "EUR",
             "outcome": "won", "created_at": "2026-01-05 08:00:00", "kind": "new",
             "closed_at": "2026-02-02 08:00:00", "account_id": f"lone{number}"}
        )  # fmt: skip
        rows["person"].append({"person_id": person, "full_name": person, "source": "test"})
        rows["account"].append({"account_id": f"lone{number}", "source": "test"})
        if number % 4 == 2:
            rows["lead"].append(
                {"lead_id": deal, "converted_deal_id": deal, "created_at": "2026-01-05 08:00:00",
                 "person_id": (person, None)[number % 8 // 4]}
            )  # fmt: skip
        elif number % 4:
            contact = {"deal_id": deal, "person_id": person, "is_primary": number % 2 == 1}
            rows["deal_contact"].append(contact)
        if touch is not None:
            rows["touch"].append(
                {"touch_id": deal, "occurred_at": "2026-01-20 08:00:00", "side": "marketing",
                 "kind": "webinar_attended", "person_id": person} | touch
            )  # fmt: skip


_NOBODY = {"person_id": None}
#: Touches of which each is the one of a deal, with what keeps it from counting; None is no touch.
LONELY: tuple[dict[str, Any] | None, ...] = (
    {}, {"kind": "email_open"}, {"occurred_at": None}, {"side": "sales"}, None,
    {"occurred_at": "2025-02-02 08:00:00"}, {"occurred_at": "2026-02-02 08:00:01"},
    {"kind": "email_open", "side": "sales"}, _NOBODY | {"account_id": "lone8"},
    _NOBODY | {"account_id": "lone9"}, _NOBODY | {"lead_id": "alone10"},
    {"account_id": "lone11", "occurred_at": None}, {"account_id": "lone12"},
    {"side": "sales", "occurred_at": None}, {"lead_id": "alone14", "kind": "email_open"},
    {"kind": "email_open", "occurred_at": None},
    _NOBODY | {"account_id": "lone16", "kind": "email_open"},
    _NOBODY | {"account_id": "lone17", "lead_id": "l8"}, {"lead_id": "alone18", "side": "sales"},
    None, _NOBODY | {"account_id": "lone20", "occurred_at": None}, {"account_id": "lone21"}, None,
)  # fmt: skip


LAST_DAY = dt.datetime(2026, 7, 1, 13)
#: Days back from the last one: all of the last ones, and around the edges of periods.
BACK = (*range(123), *(days + step for days in (177, 303) for step in (-1, 0, 1)))
#: How long after its handover a lead is answered: the ends of bands, and one minute more.
ANSWERS = (0, 15, 16, 60, 61, 1200, 1201, 1440, 1441, 4320, 4321, None)


def add_a_lead_a_day(rows: Rows) -> None:
    """Add leads that begin on days in a row, so that some stand on every edge of every window."""
    for number, back in enumerate(BACK):
        lead, begun = f"day{back}", LAST_DAY - dt.timedelta(days=back)
        moves = ("mql", "sal", "sql", "opportunity")[: 1 + number % 5]
        moves += ("recycled", "mql") if number % 4 == 1 else ()
        owner = ("ann", "bob", "left", "dora")[number % 4]
        given = {"lead_id": lead, "member_id": owner, "assigned_at": _text(begun)}
        rows["lead"].append(
            {"lead_id": lead, "created_at": _text(begun), "person_id": f"p{number % 92}",
             "account_id": f"a{number % 42}", "channel": "Webinar", "owner_id": owner}
        )  # fmt: skip
        rows["lead_assignment"] += [given] if number % 5 else []
        rows["lead_stage_event"] += [
            {"lead_id": lead, "stage": stage,
             "entered_at": _text(begun + dt.timedelta(hours=(number % 3) * place))}
            for place, stage in enumerate(moves)
        ]  # fmt: skip
        rows["touch"] += [
            {"touch_id": f"{lead} {wait}", "kind": "call", "side": "sales", "lead_id": lead,
             "actor_id": owner, "direction": "outbound", "outcome": "connected",
             "occurred_at": _text(begun + dt.timedelta(minutes=wait))}
            for wait in ANSWERS[number % len(ANSWERS) :: 6] if wait is not None
        ]  # fmt: skip


def _text(at: dt.datetime) -> str:
    return at.isoformat(sep=" ")


def add_costs_and_overdue(rows: Rows) -> None:
    """Add costs that cancel out, and deals on the edge of what Data health finds wrong."""
    rows["cost"] += [
        {"cost_id": f"odd{number}", "incurred_on": "2026-03-01", "amount": amount,
         "campaign_id": campaign, "currency": "EUR", "source": source, "category": "media"}
        for number, (campaign, source, amount) in enumerate(ODD_COSTS)
    ]  # fmt: skip
    closed = {"outcome": "lost", "closed_at": "2026-03-01", "created_at": "2026-03-01"}
    odd = [
        *({"outcome": "open", "expected_close_on": str((LAST_DAY - dt.timedelta(days=days)).date()),
           "created_at": "2026-01-05"} for days in (-1, 0, 1, 29, 30, 31, 85, 86, 87)),
        closed, closed | {"created_at": "2026-03-02"}, closed | {"created_at": "2026-03-01 08:00"},
        closed | {"closed_at": "2026-07-02"}, closed | {"closed_at": "2026-07-01"},
        {"outcome": "open", "created_at": "2026-07-02", "closed_at": "2026-07-01"},
        {"outcome": "open", "created_at": "2026-01-05", "amount": -1},
    ]  # fmt: skip
    rows["deal"] += [
        {"deal_id": f"odd{number}", "name": f"Odd {number}", "amount": number, "currency": "EUR"}
        | deal for number, deal in enumerate(odd)
    ]  # fmt: skip
    rows["deal_contact"] += [
        {"deal_id": deal, "person_id": person, "is_primary": True}
        for deal, people in (("odd0", ("p3", "p41")), ("odd1", ("p3", "p4", "p4")))
        for person in people
    ]  # fmt: skip


ODD_COSTS = (
    ("c3", "shop", 0), ("c3", "crm", 10), ("c4", "shop", -5), ("c5", "test", 7),
    ("c5", "crm", 1), ("c7", "shop", 3), ("c7", "crm", 3), (None, "shop", 3), (None, "crm", 3),
)  # fmt: skip
#: What two records say that were merged into a third.
KNOWN_OF_MERGED: dict[str, tuple[dict[str, Any], ...]] = {
    "person": (
        {"email": "b@b.com", "full_name": "Bo", "title": "CFO", "seniority": "VP", "country": "DE",
         "account_id": "a3", "email_opt_out": True, "do_not_contact": False},
        {"email": "a@a.com", "full_name": "Al", "title": "Intern", "seniority": "C-level",
         "country": "GB", "account_id": "a4", "email_opt_out": False, "do_not_contact": True},
    ),
    "account": (
        {"name": "Bo", "domain": "bo.com", "industry": "Retail", "employees": 12, "country": "DE",
         "region": "EMEA", "owner_id": "ann", "is_target": True, "tier": "A",
         "created_at": "2025-01-01"},
        {"name": "Al", "domain": "al.com", "industry": "Arts", "employees": 900, "country": "GB",
         "region": "Nowhere", "owner_id": "bob", "is_target": False, "tier": "B",
         "created_at": "2025-02-01"},
    ),
}  # fmt: skip
