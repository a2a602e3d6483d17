"""Deals of the small company of which an edge decides which lead carries, or who began them."""

from __future__ import annotations

from small_findings import Rows


def add_carriers(rows: Rows) -> None:
    """Add deals that several leads could carry, and which of them does hangs on one edge."""
    for person, instants in LEADS_OF.items():
        rows["person"].append({"person_id": person, "full_name": person})
        rows["lead"] += [
            {"lead_id": f"{person}{number}", "person_id": person, "created_at": at,
             "lead_type": ("demo", "content")[number % 2], "channel": "Webinar"}
            for number, at in enumerate(instants)
        ]  # fmt: skip
    for deal, person, primary, created in CARRIED:
        rows["deal"].append(
            {"deal_id": deal, "name": deal, "created_at": created, "outcome": "won",
             "amount": 777, "currency": "EUR", "closed_at": "2026-05-05 08:00:00"}
        )  # fmt: skip
        contact = {"deal_id": deal, "person_id": person, "is_primary": primary}
        rows["deal_contact"].append(contact)


AT = "2026-02-10 08:00:00"
#: Creations of the leads of one person each.
LEADS_OF: dict[str, tuple[str | None, ...]] = {
    "tied": ("2026-01-10 08:00:00", AT, AT, "2026-02-10 08:00:01", None),
    "early": ("2026-01-05 08:00:00", "2026-01-05 08:00:00", "2026-01-20 08:00:00"),
    "night": ("2026-02-10 23:00:00",), "evening": ("2026-02-10 22:59:59",),
    "bare": ("2026-02-10",), "late": ("2026-02-11",),
}  # fmt: skip
CARRIED = (
    ("tied deal", "tied", True, AT), ("early deal", "early", False, AT),
    ("night deal", "night", True, "2026-02-10"), ("evening deal", "evening", True, "2026-02-10"),
    ("bare deal", "bare", True, "2026-02-10"), ("late deal", "late", True, "2026-02-10"),
    ("timed deal", "bare", True, "2026-02-10 09:00:00"),
)  # fmt: skip


def add_origins(rows: Rows) -> None:
    """Add deals whose touches fall on the very instant that decides who originated them."""
    for number, touches in enumerate(TOUCHES):
        deal, person, account = f"origin{number}", f"of origin{number}", f"at origin{number}"
        rows["account"].append({"account_id": account, "name": account})
        rows["person"].append({"person_id": person, "account_id": account})
        rows["deal"] += [
            {"deal_id": deal, "name": deal, "account_id": account, "kind": "expansion",
             "amount": 500_00 + number, "currency": "EUR", "outcome": "won", "created_at": OPENED,
             "closed_at": CLOSED, "lead_source": "Webinar"},
            {"deal_id": f"{deal} before", "account_id": account, "amount": 1, "currency": "EUR",
             "outcome": "won", "created_at": WON_BEFORE, "closed_at": WON_BEFORE},
        ]  # fmt: skip
        rows["deal_contact"].append({"deal_id": deal, "person_id": person, "is_primary": True})
        rows["touch"] += [
            {"touch_id": f"{deal} {place}", "person_id": person, "occurred_at": at, "side": side,
             "kind": "call" if side == "sales" else "webinar_attended", "channel": channel,
             "actor_id": actor}
            for place, (at, side, channel, actor) in enumerate(touches)
        ]  # fmt: skip


WON_BEFORE, OPENED, CLOSED = "2025-12-01 08:00:00", "2026-01-05 08:00:00", "2026-02-02 08:00:00"
_AFTER_OPENED = "2026-01-05 08:00:01"
#: Instant, side, channel and actor of the touches of one deal each.
TOUCHES = (
    ((OPENED, "marketing", "Webinar", None),), ((CLOSED, "marketing", "Webinar", None),),
    ((OPENED, "sales", None, "ann"), (OPENED, "marketing", "Webinar", None)),
    ((OPENED, "sales", None, "bob"), (_AFTER_OPENED, "marketing", "Partner", None)),
    ((WON_BEFORE, "marketing", "Partner", None),),
    (("2025-12-01 08:00:01", "marketing", "Partner", None), (OPENED, "sales", None, "ann")),
    (("2025-12-05 08:00:00", "sales", None, "cid"), ("2025-12-05 08:00:00", "sales", None, "ann"),
     ("2025-12-06 08:00:00", "marketing", "Direct", None)),
    (("2025-12-05 08:00:00", "sales", None, None), (CLOSED, "sales", None, "dora")),
    (("2025-11-30 08:00:00", "sales", None, "ann"), (_AFTER_OPENED, "sales", None, "bob")),
)  # fmt: skip
