"""Business time at its edges, and the handoff against a slow, obvious count of random stores."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import astuple, replace
from typing import Any
from zoneinfo import ZoneInfo

import handoff_slow as slow
import pytest
from builders import default_agreement, make_store
from handoff_slow import EXITS, Move, Story, Touch, judge, passes
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing.agreement import Agreement
from smarketing.agreement.working_time import CustomHoliday, MemberCalendar, WorkingTime
from smarketing.analysis.handoff.obligations import decisions, handoff, obligations
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.engine import DuckDBEngine
from smarketing.periods import Period, local_midnight

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
MOVES = ("mql", "mql", "sal", "sql", "rejected", "recycled", "recycled", "disqualified")


def random_story(rng: random.Random) -> Story:
    """One lead handed over once or several times: assigned, called, decided; some of it or all."""
    start = dt.datetime(2026, 3, 23)

    def moment(after: dt.datetime, days: int) -> dt.datetime:
        return after + dt.timedelta(minutes=rng.randrange(1, days * 24 * 60))

    at, moves = moment(start, 20), []
    for stage in ("mql", *rng.choices(MOVES, k=rng.randrange(5))):
        reason = rng.choice(["no budget", None]) if stage in EXITS else None
        moves.append(Move(at, stage, reason))
        at = moment(at, 6)
    assigned = [moment(start, 24) for _ in range(rng.choice((0, 1, 1, 2)))]
    story = Story(
        tuple(move for move in moves if move.at <= AS_OF),
        assigned=tuple(at for at in assigned if at <= AS_OF),
        lead_type=rng.choice(("self_serve", None, None, None, None)),
    )
    calls = [moment(start, 29) for _ in range(rng.randrange(6))]
    for handed in passes(story):
        begun = slow.started(handed)
        # To the minute: the last one that counts, and the first that does not.
        due = slow.after_hours(begun, slow.RESPONSE_HOURS)
        calls += rng.sample([due, due + dt.timedelta(minutes=1), handed.start.at], 1)
    touches = [_random_touch(rng, at, n) for n, at in enumerate(calls) if at <= AS_OF]
    return replace(story, touches=tuple(touches))


def _random_touch(rng: random.Random, at: dt.datetime, number: int) -> Touch:
    timed = rng.random() < 0.8
    if not timed:
        at = local_midnight(slow.day_of(at), "Europe/Berlin")
    return Touch(
        at,
        f"t{number}",
        rng.choice(("no_answer", "no_answer", "no_answer", "connected", "meeting_set")),
        timed,
        rng.random() < 0.2,
        rng.random() < 0.1,
    )


def build(stories: list[Story]) -> DuckDBEngine:
    tables: dict[str, list[dict[str, Any]]] = {
        "lead": [], "lead_stage_event": [], "lead_assignment": [], "touch": [],
    }  # fmt: skip
    for number, story in enumerate(stories):
        lead = f"L{number:02d}"
        tables["lead"].append(
            {"lead_id": lead, "created_at": "2026-03-01 08:00", "lead_type": story.lead_type}
        )
        tables["lead_stage_event"] += [
            {"lead_id": lead, "stage": move.stage, "entered_at": move.at, "reason": move.reason,
             "kind": "exit" if move.is_exit else "entry"}
            for move in story.moves
        ]  # fmt: skip
        tables["lead_assignment"] += [
            {"lead_id": lead, "member_id": f"m{place}", "assigned_at": at}
            for place, at in enumerate(story.assigned)
        ]
        tables["touch"] += [
            {"touch_id": f"{lead}-{touch.name}", "lead_id": lead, "kind": "call", "side": "sales",
             "direction": "inbound" if touch.inbound else "outbound", "outcome": touch.outcome,
             "is_automated": touch.automated,
             "occurred_at": touch.at if touch.timed else str(slow.day_of(touch.at))}
            for touch in story.touches
        ]  # fmt: skip
    return make_store(tables, AGREED, as_of=AS_OF)


@settings(max_examples=20)
@given(st.integers(0, 2**32))
def test_the_mart_agrees_with_the_slow_count(seed: int) -> None:
    rng = random.Random(seed)
    stories = [random_story(rng) for _ in range(25)]
    engine = build(stories)
    cursor = engine._connection.cursor()
    found = cursor.execute(
        "select response_status, attempts_status, decision_status, is_accepted, is_rejected,"
        " is_decided from fct_handoff order by lead_id, pass_number"
    ).fetchall()
    handed = [part for story in stories for part in passes(story)]
    judged = [judge(part, AS_OF) for part in handed]
    for part, expected, row in zip(handed, judged, found, strict=True):
        assert row == astuple(expected), (part, row)
    for name, duty in zip(("response", "attempts", "decision"), obligations(engine, SPRING),
                          strict=True):  # fmt: skip
        statuses = Counter(getattr(expected, name) for expected in judged)
        assert (duty.met, duty.missed, duty.pending, duty.exempt) == tuple(
            statuses[status] for status in ("met", "missed", "pending", "exempt")
        )
    parts = decisions(engine, SPRING)
    assert sum(part.handovers for part in parts) == len(judged)
    rate = handoff(engine, AGREED, SPRING).acceptance
    assert (rate.successes, rate.n) == (
        sum(expected.is_decided and expected.is_accepted for expected in judged),
        sum(expected.is_decided for expected in judged),
    )
    [kpi] = kpis(engine, AGREED, ["acceptance_rate"], SPRING)
    assert (kpi.numerator or 0, kpi.denominator or 0) == (rate.successes, rate.n)


@pytest.mark.parametrize("hours", [1, 4, 8, 20])
def test_the_slow_walk_is_the_calendar(hours: int) -> None:
    start = dt.datetime(2026, 4, 2, 13, 7)
    fast = AGREED.calendar.after_minutes([start], hours * 60)[0]
    assert fast.astype("datetime64[us]").item() == slow.after_hours(start, hours)
