"""Who was reached, by whom, and what a meeting in the diary excuses: handovers by hand."""

from __future__ import annotations

from typing import Any

import pytest
from builders import make_store
from handoff_store import agreed, call, mql

TEAMS = {"sam": "sales", "mia": "marketing", "pat": "partner", "uma": "unheard of"}
MEETING = {"kind": "meeting", "outcome": "held", "direction": None}
DAY = "2026-06-03 09:00"


def handed(*touches: dict[str, Any], at: str = "2026-06-01 08:00") -> dict[str, Any]:
    """Return what became of lead l, qualified on Monday 1 June, of which the touches are."""
    members = [
        {"member_id": member, "name": member, "team": team} for member, team in TEAMS.items()
    ]
    events = [mql("l", at), mql("other", "2026-06-01 08:00")]
    known = call("known", "other", "2026-06-01 09:00")
    engine = make_store(
        {"member": members, "lead_stage_event": events, "touch": [known, *touches]},
        agreed(), as_of="2026-06-30 12:00",
    )  # fmt: skip
    (row,) = (
        engine._connection.execute("select * from fct_handoff where lead_id = 'l'")
        .df()
        .to_dict("records")
    )
    return {str(name): None if value != value else value for name, value in row.items()}


@pytest.mark.parametrize(
    ("touch", "status"),
    [
        ({"outcome": "completed"}, "missed"),  # the call was made; nothing says who answered
        ({"outcome": "completed", "kind": "email", "is_automated": True}, "missed"),
        ({"outcome": "connected"}, "met"),
        ({"outcome": " Meeting-set"}, "met"),
        ({"outcome": "completed", "kind": "meeting", "direction": None}, "met"),
        ({"outcome": "connected", "direction": "internal"}, "missed"),  # with a colleague
        ({"outcome": "no_answer", "direction": "inbound"}, "met"),
        ({"outcome": "connected", "actor_id": "mia"}, "missed"),  # marketing's own call
        ({"outcome": "connected", "actor_id": "sam"}, "met"),
        ({"outcome": "connected", "actor_id": "pat"}, "met"),  # of neither side: as the touch says
        ({"outcome": "connected", "actor_id": "uma"}, "met"),
    ],
)
def test_one_call_of_three_is_enough_only_where_it_reached_somebody(
    touch: dict[str, Any], status: str
) -> None:
    assert handed(call("t", "l", "2026-06-01 09:00", **touch))["attempts_status"] == status


@pytest.mark.parametrize(
    ("outcome", "more", "reason"),
    [
        ("connected", {}, "open_conversation"),
        ("completed", {}, None),
        ("completed", {"kind": "email", "is_automated": True}, None),
        ("connected", {"actor_id": "mia"}, None),
        ("completed", {"kind": "meeting", "direction": None}, "meeting_booked"),
    ],
)
def test_a_conversation_is_open_where_somebody_was_reached_before(
    outcome: str, more: dict[str, Any], reason: str | None
) -> None:
    found = handed(call("t", "l", "2026-05-29 09:00", outcome, **more))
    assert found["exemption"] == reason


def test_a_response_is_a_touch_of_a_member_of_sales_or_a_meeting_held() -> None:
    mine = call("t1", "l", "2026-06-01 08:30", actor_id="mia")
    theirs = call("t2", "l", "2026-06-01 09:00", actor_id="sam")
    found = handed(mine, theirs)
    assert (found["response_touch_id"], found["speed_minutes"]) == ("t2", 60)
    met = call("t3", "l", "2026-06-01 08:45", actor_id="mia", **MEETING)
    assert handed(mine, theirs, met)["response_touch_id"] == "t3"
    assert handed(call("t4", "l", DAY, direction="internal"))["response_touch_id"] is None


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"created_at": "2026-05-31 09:00"}, "meeting_booked"),
        ({"created_at": "2026-06-01 08:00"}, None),  # with the qualification, not before it
        ({"created_at": "2026-06-02 09:00"}, None),
        ({"created_at": "2026-05-31"}, None),  # no hour: nothing to compare
        ({}, None),
        ({"created_at": "2026-05-31 09:00", "outcome": "No show"}, None),
        ({"created_at": "2026-05-31 09:00", "kind": "call"}, None),
    ],
)
def test_a_meeting_recorded_before_the_qualification_and_held_after_it_was_booked(
    more: dict[str, Any], reason: str | None
) -> None:
    assert handed(call("t", "l", DAY, **(MEETING | more)))["exemption"] == reason


def test_a_meeting_on_a_lead_qualified_on_a_day_without_an_hour_excuses_nothing() -> None:
    ahead = call("t", "l", DAY, **MEETING, created_at="2026-05-31 09:00")
    assert handed(ahead, at="2026-06-01")["exemption"] is None
