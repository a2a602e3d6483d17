"""A few leads of June 2026 and what became of their handovers, for tests by hand.

June 2026 in Berlin (UTC+2): office hours 09:00 to 17:00 local are 07:00 to 15:00 UTC. The 5th is
a Friday, the 8th a Monday. Agreed: response in 4 business hours, 3 attempts within 10 business
days, a decision within 5. The data's as-of is Wednesday 10 June, 12:00 UTC.
"""

from __future__ import annotations

from typing import Any

from builders import default_agreement

from smarketing.agreement import Agreement
from smarketing.periods import parse_period

JUNE = parse_period("2026-06")
AS_OF = "2026-06-10 12:00"


def agreed(**changes: Any) -> Agreement:
    levels = default_agreement().service_levels
    attempts = levels.attempts.model_copy(update={"at_least": 3})
    commitment = levels.commitment.model_copy(update={"count": 22, "value": None})
    update = {"attempts": attempts, "commitment": commitment} | changes
    return default_agreement().model_copy(
        update={"service_levels": levels.model_copy(update=update)}
    )


def mql(lead: str, at: str) -> dict[str, Any]:
    return stage(lead, "mql", at)


def stage(lead: str, name: str, at: str, reason: str | None = None) -> dict[str, Any]:
    kind = "exit" if name in ("rejected", "recycled", "disqualified", "lost") else "entry"
    return {"lead_id": lead, "stage": name, "entered_at": at, "kind": kind, "reason": reason}


def call(touch: str, lead: str, at: str, outcome: str = "no_answer", **more: Any) -> dict[str, Any]:
    row = {"touch_id": touch, "lead_id": lead, "kind": "call", "side": "sales"}
    return row | {"direction": "outbound", "occurred_at": at, "outcome": outcome} | more


LEADS = (
    "quick", "late", "silent", "fresh", "booked", "talking", "rejected", "returned", "phoned",
    "barred", "day", "early",
)  # fmt: skip


STORE: dict[str, list[dict[str, Any]]] = {
    "member": [
        {"member_id": "ann", "name": "Ann", "team": "sales_development"},
        {"member_id": "bob", "name": "Bob", "team": "sales", "ends_on": "2026-06-01"},
    ],
    "person": [
        {"person_id": f"p-{lead}", "full_name": lead.title(), "do_not_contact": lead == "barred"}
        for lead in LEADS
    ],
    "campaign": [{"campaign_id": "c1", "name": "Webinar"}, {"campaign_id": "c2", "name": "Search"}],
    "lead": [
        {
            "lead_id": lead, "created_at": "2026-05-01 08:00", "person_id": f"p-{lead}",
            "owner_id": "bob" if lead == "silent" else "ann",
            "campaign_id": "c1" if lead == "rejected" else "c2",
        }
        for lead in LEADS
    ],
    "lead_stage_event": [
        mql("quick", "2026-06-05 14:30"), stage("quick", "sal", "2026-06-08 08:00"),
        mql("late", "2026-06-01 08:00"), stage("late", "sql", "2026-06-03 08:00"),
        mql("silent", "2026-06-01 08:00"),
        mql("fresh", "2026-06-10 11:00"),
        mql("booked", "2026-06-02 08:00"),
        mql("talking", "2026-06-02 08:00"),
        mql("rejected", "2026-06-02 08:00"),
        stage("rejected", "rejected", "2026-06-03 09:00", "no budget"),
        mql("returned", "2026-05-04 08:00"),
        stage("returned", "recycled", "2026-05-05 09:00", "timing"),
        mql("returned", "2026-06-02 08:00"), stage("returned", "sal", "2026-06-02 10:00"),
        mql("phoned", "2026-06-05 15:00"),
        mql("barred", "2026-06-01 08:00"),
        mql("day", "2026-06-02"),
        mql("early", "2026-06-02 08:00"),
    ],
    "lead_assignment": [
        {"lead_id": "quick", "member_id": "ann", "assigned_at": "2026-06-05 14:40"},
        {"lead_id": "late", "member_id": "bob", "assigned_at": "2026-05-20 08:00"},
        {"lead_id": "late", "member_id": "ann", "assigned_at": "2026-06-02 08:00"},
        {"lead_id": "early", "member_id": "ann", "assigned_at": "2026-06-02 12:00"},
    ],
    "touch": [
        # Monday 09:45 local: 75 business minutes after Friday 16:30, 65 after the assignment.
        call("t1", "quick", "2026-06-08 07:45"),
        # A robot does not respond; the human comes a day and a half later.
        call("t2", "late", "2026-06-01 08:01", is_automated=True),
        call("t3", "late", "2026-06-02 14:00", "connected"),
        call("t4", "booked", "2026-06-01 10:00", "meeting_set"),
        call("t5", "talking", "2026-05-28 10:00", "connected"),
        call("t6", "rejected", "2026-06-02 09:00"),
        # The person's touch counts for the lead where no lead is named.
        call("t7", None, "2026-06-02 09:30", person_id="p-returned"),  # type: ignore[arg-type]
        # Outside working hours, on Saturday: business time stands still.
        call("t8", "phoned", "2026-06-06 10:00"),
        call("t9", "day", "2026-06-02"),
        # Before its owner was found: the response took no time.
        call("t10", "early", "2026-06-02 10:00"),
    ],
}  # fmt: skip
