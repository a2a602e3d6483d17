"""Who was reached, by whom, and what a meeting in the diary excuses: handovers by hand."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from builders import make_store
from handoff_store import agreed, call, mql

TEAMS = {"sam": "sales", "mia": "marketing", "pat": "partner", "uma": "unheard of"}
MEETING = {"kind": "meeting", "outcome": "held", "direction": None}
DAY, LATER = "2026-06-03 09:00", "2026-07-20 10:00"


#: What one call, among those of a lead that was qualified on Monday, says of its attempts.
ATTEMPTS: list[tuple[dict[str, Any], str]] = [
    ({"outcome": "completed"}, "missed"),  # the call was made; nothing says who answered
    ({"outcome": "completed", "kind": "email", "is_automated": True}, "missed"),
    ({"outcome": "connected"}, "met"),
    ({"outcome": " Meeting-set"}, "met"),
    ({"outcome": "completed", "kind": "meeting", "direction": None}, "met"),
    ({"outcome": "connected", "direction": "internal"}, "missed"),  # with a colleague
    ({"outcome": "completed", "kind": "meeting", "direction": "internal"}, "missed"),
    ({"outcome": "no_answer", "direction": "inbound"}, "met"),
    ({"outcome": "connected", "direction": " Outbound"}, "met"),
    ({"outcome": "no_answer", "direction": "INBOUND"}, "met"),
    ({"outcome": "connected", "actor_id": "mia"}, "missed"),  # marketing's own call
    ({"outcome": "connected", "actor_id": "sam"}, "met"),
    ({"outcome": "connected", "actor_id": "pat"}, "met"),  # of neither side: as the touch says
    ({"outcome": "connected", "actor_id": "uma"}, "met"),
]
#: What a touch of the Friday before excuses.
BEFORE: list[tuple[dict[str, Any], str | None]] = [
    ({"outcome": "connected"}, "open_conversation"),
    ({"outcome": "completed"}, None),
    ({"outcome": "completed", "kind": "email", "is_automated": True}, None),
    ({"outcome": "connected", "actor_id": "mia"}, None),
    ({"outcome": "completed", "kind": "meeting", "direction": None}, "meeting_booked"),
]
#: What a meeting of Wednesday excuses, by when it was recorded.
AHEAD: list[tuple[dict[str, Any], str | None]] = [
    ({"created_at": "2026-05-31 09:00"}, "meeting_booked"),
    ({"created_at": "2026-06-01 08:00"}, None),  # with the qualification, not before it
    ({"created_at": "2026-06-02 09:00"}, None),
    ({"created_at": "2026-05-31"}, None),  # no hour: nothing to compare
    ({}, None),
    ({"created_at": "2026-05-31 09:00", "outcome": "No show"}, None),
    ({"created_at": "2026-05-31 09:00", "kind": "call"}, None),
    # still ahead of the data: booked all the same, and nobody has held it
    ({"created_at": "2026-05-31 09:00", "occurred_at": LATER, "outcome": None}, "meeting_booked"),
    ({"created_at": "2026-06-02 09:00", "occurred_at": LATER, "outcome": None}, None),
    ({"created_at": "2026-05-31 09:00", "occurred_at": LATER, "outcome": "cancelled"}, None),
    # planned before the qualification, made after it: then the meeting was set
    ({"created_at": "2026-05-31 09:00", "kind": "call", "outcome": "Meeting set"}, None),
]


def _touches() -> list[dict[str, Any]]:
    monday = "2026-06-01 09:00"
    return [
        call("known", "other", monday),
        *(call(f"a{n}", f"a{n}", monday, **more) for n, (more, _) in enumerate(ATTEMPTS)),
        *(call(f"b{n}", f"b{n}", "2026-05-29 09:00", **more) for n, (more, _) in enumerate(BEFORE)),
        *(call(f"m{n}", f"m{n}", DAY, **(MEETING | more)) for n, (more, _) in enumerate(AHEAD)),
        call("day", "day", DAY, **MEETING, created_at="2026-05-31 09:00"),
        call("internal", "internal", DAY, direction="internal"),
        call("mine 1", "sold", "2026-06-01 08:30", actor_id="mia"),
        call("theirs 1", "sold", monday, actor_id="sam"),
        call("mine 2", "met", "2026-06-01 08:30", actor_id="mia"),
        call("theirs 2", "met", monday, actor_id="sam"),
        call("meeting", "met", "2026-06-01 08:45", actor_id="mia", **MEETING),
    ]


@cache
def handed() -> dict[str, dict[str, Any]]:
    """Return what became of each lead, all qualified on Monday 1 June, by its id."""
    members = [
        {"member_id": member, "name": member, "team": team} for member, team in TEAMS.items()
    ]
    touches = _touches()
    leads = dict.fromkeys(str(touch["lead_id"]) for touch in touches)
    events = [mql(lead, "2026-06-01" if lead == "day" else "2026-06-01 08:00") for lead in leads]
    engine = make_store(
        {"member": members, "lead_stage_event": events, "touch": touches},
        agreed(), as_of="2026-06-30 12:00",
    )  # fmt: skip
    rows = engine._connection.execute("select * from fct_handoff").df().to_dict("records")
    return {
        str(row["lead_id"]).rpartition(":")[2]: {
            str(name): None if value != value else value for name, value in row.items()
        }
        for row in rows
    }


@pytest.mark.parametrize("number", range(len(ATTEMPTS)))
def test_one_call_of_three_is_enough_only_where_it_reached_somebody(number: int) -> None:
    assert handed()[f"a{number}"]["attempts_status"] == ATTEMPTS[number][1]


@pytest.mark.parametrize("number", range(len(BEFORE)))
def test_a_conversation_is_open_where_somebody_was_reached_before(number: int) -> None:
    assert handed()[f"b{number}"]["exemption"] == BEFORE[number][1]


def test_a_response_is_a_touch_of_a_member_of_sales_or_a_meeting_held() -> None:
    sold = handed()["sold"]
    assert (sold["response_touch_id"], sold["speed_minutes"]) == ("theirs 1", 60)
    assert handed()["met"]["response_touch_id"] == "meeting"
    assert handed()["internal"]["response_touch_id"] is None


@pytest.mark.parametrize("number", range(len(AHEAD)))
def test_a_meeting_recorded_before_the_qualification_and_held_after_it_was_booked(
    number: int,
) -> None:
    found, said = handed()[f"m{number}"], AHEAD[number][0]
    assert found["exemption"] == AHEAD[number][1]
    if said.get("occurred_at") == LATER and not found["exemption"]:
        assert (found["response_status"], found["attempts"]) == ("missed", 0)


def test_a_meeting_on_a_lead_qualified_on_a_day_without_an_hour_excuses_nothing() -> None:
    assert handed()["day"]["exemption"] is None
