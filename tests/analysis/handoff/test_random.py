"""Business time at its edges, and the handoff against a slow, obvious count of random stores."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from builders import default_agreement, make_store
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing.agreement import Agreement
from smarketing.agreement.working_time import CustomHoliday, MemberCalendar, WorkingTime
from smarketing.analysis.handoff.obligations import decisions, obligations
from smarketing.engine import DuckDBEngine
from smarketing.periods import Period

BERLIN = ZoneInfo("Europe/Berlin")
AS_OF = dt.datetime(2026, 4, 20, 12)
SPRING = Period("spring", dt.date(2026, 3, 1), dt.date(2026, 6, 1))
HOLIDAYS = (CustomHoliday(day=dt.date(2026, 4, 6), name="Easter Monday"),)


def agreed(**changes: Any) -> Agreement:
    levels = default_agreement().service_levels
    attempts = levels.attempts.model_copy(update={"at_least": 2, "within_business_days": 3})
    decision = levels.decision.model_copy(update={"within_business_days": 2})
    kept = levels.model_copy(update={"attempts": attempts, "decision": decision})
    time = WorkingTime(custom_holidays=HOLIDAYS)
    update = {"service_levels": kept, "working_time": time} | changes
    return default_agreement().model_copy(update=update)


def speeds(agreement: Agreement, *waits: tuple[str, str, str]) -> dict[str, float]:
    """Return speed to lead in business minutes of (lead, qualified, touched) in Berlin time."""
    tables: dict[str, list[dict[str, Any]]] = {"lead_stage_event": [], "touch": [], "lead": []}
    for lead, qualified, touched in waits:
        at = [dt.datetime.fromisoformat(t).replace(tzinfo=BERLIN).astimezone(dt.UTC)
              .replace(tzinfo=None) for t in (qualified, touched)]  # fmt: skip
        tables["lead"].append({"lead_id": lead, "owner_id": lead.partition("-")[0]})
        tables["lead_stage_event"].append(
            {"lead_id": lead, "stage": "mql", "entered_at": at[0], "kind": "entry"}
        )
        tables["touch"].append(
            {"touch_id": lead, "lead_id": lead, "kind": "call", "side": "sales",
             "direction": "outbound", "occurred_at": at[1]}
        )  # fmt: skip
    engine = make_store(tables, agreement, as_of="2026-12-31 12:00")
    cursor = engine._connection.cursor()
    return dict(cursor.execute("select lead_id, speed_minutes from fct_handoff").fetchall())


def test_business_minutes_over_weekends_holidays_and_summer_time() -> None:
    monday = (CustomHoliday(day=dt.date(2026, 6, 8), name="Company day"),)
    agreement = agreed(working_time=WorkingTime(custom_holidays=monday))
    found = speeds(
        agreement,
        ("weekend", "2026-05-29 16:30", "2026-06-01 09:45"),
        ("holiday", "2026-06-05 16:30", "2026-06-09 09:45"),
        ("saturday", "2026-05-30 11:00", "2026-06-01 09:10"),
        ("evening", "2026-06-03 18:00", "2026-06-03 18:30"),
        # Clocks go forward on Sunday, 29 March, and back on 25 October.
        ("forward", "2026-03-27 16:30", "2026-03-30 09:45"),
        ("back", "2026-10-23 16:30", "2026-10-26 09:45"),
    )
    assert found == {
        "weekend": 75, "holiday": 75, "saturday": 10, "evening": 0, "forward": 75, "back": 75,
    }  # fmt: skip


def test_the_owners_calendar_counts_where_it_has_one() -> None:
    early = WorkingTime(working_days=("sun", "mon", "tue", "wed", "thu"))
    agreement = agreed(
        member_calendars=(
            MemberCalendar(member="dana", timezone="Asia/Jerusalem", working_time=early),
        )
    )
    found = speeds(
        agreement,
        # Friday 16:30 in Berlin; she works from Sunday 09:00 to 17:00 in Jerusalem.
        ("dana-1", "2026-05-29 16:30", "2026-06-01 09:00"),
        ("else-1", "2026-05-29 16:30", "2026-06-01 09:00"),
    )
    assert found == {"dana-1": 8 * 60 + 60, "else-1": 30}  # Monday 09:00 Berlin is 10:00 there


# ---- the slow count

AGREED = agreed()  # once: laying out a calendar takes a moment


def is_open(local: dt.datetime) -> bool:
    day = local.date()
    return local.weekday() < 5 and day not in {h.day for h in HOLIDAYS} and 9 <= local.hour < 17


def after_hours(start: dt.datetime, hours: int) -> dt.datetime:
    """Walk minute by minute until so many open minutes have passed."""
    left, at = hours * 60, start
    while left:
        left -= is_open(local(at))
        at += dt.timedelta(minutes=1)
    return at


def after_days(start: dt.datetime, days: int) -> dt.datetime:
    """Walk day by day to the close of the n-th working day."""
    day = local(start).date()
    while days:
        day += dt.timedelta(days=1)
        days -= is_open(dt.datetime(day.year, day.month, day.day, 9))
    close = dt.datetime(day.year, day.month, day.day, 17, tzinfo=BERLIN)
    return close.astimezone(dt.UTC).replace(tzinfo=None)


def local(at: dt.datetime) -> dt.datetime:
    return at.replace(tzinfo=dt.UTC).astimezone(BERLIN)


Story = dict[str, Any]


def random_story(rng: random.Random) -> Story:
    """One lead: when it was qualified, assigned, called, decided; some of it or all."""

    def moment(after: dt.datetime, days: int) -> dt.datetime:
        return after + dt.timedelta(minutes=rng.randrange(days * 24 * 60))

    start = dt.datetime(2026, 3, 23)
    qualified = moment(start, 26)
    calls = sorted(moment(qualified - dt.timedelta(days=1), 9) for _ in range(rng.randrange(4)))
    story: Story = {
        "qualified": qualified,
        "assigned": moment(qualified - dt.timedelta(hours=6), 2) if rng.random() < 0.7 else None,
        "calls": [(at, rng.random() < 0.2) for at in calls if at <= AS_OF and at != qualified],
        "decided": moment(qualified, 8) if rng.random() < 0.6 else None,
        "decision": rng.choice(["sal", "rejected"]),
        "reason": rng.choice(["no budget", None]),
    }
    if story["assigned"] and story["assigned"] > AS_OF:
        story["assigned"] = None
    if story["decided"] and story["decided"] > AS_OF:
        story["decided"] = None
    return story


def judge(story: Story) -> tuple[str, str, str]:
    """Return the status of response, attempts and decision, straight from the definitions."""
    start = max(story["qualified"], story["assigned"] or story["qualified"])
    calls = [(at, human) for at, robot in story["calls"] if (human := not robot)]
    calls = [call for call in calls if call[0] >= story["qualified"]]
    decided, accepted = story["decided"], story["decision"] == "sal"

    def status(done: bool, over: bool) -> str:
        return "met" if done else "missed" if over else "pending"

    due = after_hours(start, 4)
    response = status(bool(calls) and calls[0][0] <= due, bool(calls) or due < AS_OF)
    due = after_days(start, 3)
    tried = sum(at <= due for at, _ in calls) >= 2
    # Accepted is not reached: only a rejection ends the attempts.
    ended = decided is not None and not accepted and local(decided).date() <= local(due).date()
    attempts = status(tried or ended, due < AS_OF)
    due = after_days(start, 2)
    in_time = decided is not None and local(decided).date() <= local(due).date()
    good = in_time and (accepted or story["reason"] is not None)
    return response, attempts, status(good, decided is not None or due < AS_OF)


def build(stories: list[Story]) -> DuckDBEngine:
    tables: dict[str, list[dict[str, Any]]] = {
        "lead_stage_event": [], "lead_assignment": [], "touch": [],
    }  # fmt: skip
    for number, story in enumerate(stories):
        lead = f"L{number:02d}"
        event = {"lead_id": lead, "kind": "entry", "stage": "mql"}
        tables["lead_stage_event"].append(event | {"entered_at": story["qualified"]})
        if story["decided"]:
            kind = "entry" if story["decision"] == "sal" else "exit"
            event = {"lead_id": lead, "kind": kind, "stage": story["decision"]}
            event |= {"reason": story["reason"], "entered_at": story["decided"]}
            tables["lead_stage_event"].append(event)
        if story["assigned"]:
            row = {"lead_id": lead, "member_id": "m", "assigned_at": story["assigned"]}
            tables["lead_assignment"].append(row)
        for place, (at, robot) in enumerate(story["calls"]):
            tables["touch"].append(
                {"touch_id": f"{lead}-{place}", "lead_id": lead, "kind": "call", "side": "sales",
                 "direction": "outbound", "is_automated": robot, "occurred_at": at}
            )  # fmt: skip
    return make_store(tables, AGREED, as_of=AS_OF)


@settings(max_examples=2, deadline=None)
@given(st.integers(0, 2**32))
def test_the_mart_agrees_with_the_slow_count(seed: int) -> None:
    rng = random.Random(seed)
    stories = [random_story(rng) for _ in range(40)]
    engine = build(stories)
    cursor = engine._connection.cursor()
    found = cursor.execute(
        "select response_status, attempts_status, decision_status from fct_handoff order by lead_id"
    ).fetchall()
    for story, statuses in zip(stories, found, strict=True):
        assert tuple(statuses) == judge(story), story
    parts = obligations(engine, SPRING)
    assert all(part.met + part.missed + part.pending + part.exempt == 40 for part in parts)
    (whole,) = decisions(engine, SPRING)
    assert whole.handovers == 40
    assert whole.other == 0


@pytest.mark.parametrize("hours", [1, 4, 8, 20])
def test_the_slow_walk_is_the_calendar(hours: int) -> None:
    start = dt.datetime(2026, 4, 2, 13, 7)
    fast = AGREED.calendar.after_minutes([start], hours * 60)[0]
    assert fast.astype("datetime64[us]").item() == after_hours(start, hours)
