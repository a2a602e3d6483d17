"""The handoff by hand: obligations, decisions, speed, worklist and pace of a few leads.

June 2026 in Berlin (UTC+2): office hours 09:00 to 17:00 local are 07:00 to 15:00 UTC. The 5th is
a Friday, the 8th a Monday. Agreed: response in 4 business hours, 3 attempts within 10 business
days, a decision within 5. The data's as-of is Wednesday 10 June, 12:00 UTC.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from builders import default_agreement, make_store

from smarketing.agreement import Agreement
from smarketing.analysis.handoff.obligations import (
    decisions,
    handoff,
    handoff_records,
    obligations,
    recycled,
    rejections,
)
from smarketing.analysis.handoff.pace import pace
from smarketing.analysis.handoff.speed import conversion_by_response, speed_to_lead
from smarketing.analysis.handoff.worklist import worklist
from smarketing.engine import DuckDBEngine, Filters
from smarketing.errors import UsageError
from smarketing.periods import parse_period

JUNE = parse_period("2026-06")
SUMMER = parse_period("2026-Q2")


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


@pytest.fixture(scope="module")
def engine() -> DuckDBEngine:
    return make_store(STORE, agreed(), as_of="2026-06-10 12:00")


@pytest.fixture(scope="module")
def passes(engine: DuckDBEngine) -> dict[tuple[str, int], dict[Any, Any]]:
    frame = engine.run("handoff/records", {"basis": "qualified", "from": dt.date(2026, 5, 1),
                                           "to": dt.date(2026, 7, 1)})  # fmt: skip
    return {(row["lead_id"], row["pass_number"]): row for row in frame.to_dict("records")}


def test_speed_is_split_into_routing_and_response(passes: Any) -> None:
    quick = passes["quick", 1]
    assert (quick["routing_minutes"], quick["response_minutes"]) == (10, 65)
    assert quick["speed_minutes"] == 75
    assert quick["speed_elapsed_minutes"] == 65 * 60 + 15  # Friday 14:30 to Monday 07:45
    assert passes["phoned", 1]["speed_minutes"] == 0  # Friday 17:00 to a Saturday
    assert passes["early", 1]["response_minutes"] == 0
    assert passes["early", 1]["speed_minutes"] == 120


def test_a_day_without_a_time_takes_part_in_no_minutes(passes: Any) -> None:
    assert passes["day", 1]["speed_minutes"] is None or passes["day", 1]["speed_minutes"] != 0
    assert passes["day", 1]["response_status"] == "met"


@pytest.mark.parametrize(
    ("lead", "number", "response", "attempts", "decision"),
    [
        ("quick", 1, "met", "pending", "met"),  # accepted, but called once of three times
        ("late", 1, "missed", "met", "met"),
        ("silent", 1, "missed", "pending", "missed"),
        ("fresh", 1, "pending", "pending", "pending"),
        ("booked", 1, "exempt", "exempt", "exempt"),
        ("talking", 1, "exempt", "exempt", "exempt"),
        ("rejected", 1, "met", "met", "met"),
        ("returned", 1, "missed", "missed", "met"),  # recycled with no attempt
        ("returned", 2, "met", "pending", "met"),
        ("phoned", 1, "met", "pending", "pending"),
        ("early", 1, "met", "pending", "missed"),
    ],
)
def test_every_obligation_has_one_status(
    passes: Any, lead: str, number: int, response: str, attempts: str, decision: str
) -> None:
    row = passes[lead, number]
    found = (row["response_status"], row["attempts_status"], row["decision_status"])
    assert found == (response, attempts, decision)


def test_an_exemption_names_its_reason(passes: Any) -> None:
    assert passes["booked", 1]["exemption"] == "meeting_booked"
    assert passes["talking", 1]["exemption"] == "open_conversation"


def test_the_rate_counts_deadlines_of_the_period(engine: DuckDBEngine) -> None:
    response, attempts, decision = obligations(engine, JUNE)
    # June: quick, rejected, returned, phoned, day, early met; late, silent, barred missed.
    assert (response.met, response.missed, response.pending, response.exempt) == (6, 3, 1, 2)
    assert response.rate.rate == pytest.approx(6 / 9)
    # Ten business days from 1 June end on the 15th: nothing is missed yet.
    assert (attempts.met, attempts.missed) == (2, 0)  # late was reached, rejected needs no more
    assert decision.missed == 4  # silent, barred, day, early
    for name in ("response", "attempts", "decision"):
        frame = handoff_records(engine, JUNE, name)  # type: ignore[arg-type]
        statuses = frame[f"{name}_status"].value_counts()
        part = {"response": response, "attempts": attempts, "decision": decision}[name]
        assert statuses.get("met", 0) == part.met
        assert statuses.get("missed", 0) == part.missed


def test_an_obligation_is_of_whoever_owned_the_lead_when_it_fell_due(
    engine: DuckDBEngine,
) -> None:
    # late: its response fell due on 1 June, when Bob had it; its decision when Ann had.
    by_owner = {(o.key, o.obligation): o for o in obligations(engine, JUNE, by="owner")}
    assert by_owner["Bob", "response"].missed == 2  # late and silent
    assert by_owner["Bob", "decision"].missed == 1  # silent
    only = obligations(engine, JUNE, Filters.of(owner="Bob"))
    assert only[0].missed == 2


def test_acceptance_counts_the_undecided_past_due(engine: DuckDBEngine) -> None:
    first = next(part for part in decisions(engine, JUNE) if not part.is_return)
    # accepted: quick, late; rejected: one; overdue: silent, barred, day, early.
    assert (first.accepted, first.rejected, first.overdue) == (2, 1, 4)
    assert first.acceptance.rate == pytest.approx(2 / 7)
    assert (first.waiting, first.exempt, first.other) == (2, 2, 0)
    assert first.handovers == 11


def test_a_recycled_lead_that_returns_is_a_new_pass(engine: DuckDBEngine) -> None:
    back = next(part for part in decisions(engine, JUNE) if part.is_return)
    assert (back.handovers, back.accepted) == (1, 1)
    may = recycled(engine, parse_period("2026-05"))
    assert (may.recycled, may.returned) == (1, 1)


def test_rejections_are_ranked_by_reason_and_campaign(engine: DuckDBEngine) -> None:
    reasons, campaigns = rejections(engine, JUNE)
    assert [(bar.key, bar.rejected, bar.cumulative_share) for bar in reasons] == [
        ("no budget", 1, 1.0)
    ]
    assert [(bar.label, bar.rejected, bar.handovers) for bar in campaigns] == [("Webinar", 1, 1)]


def test_speed_by_weekday(engine: DuckDBEngine) -> None:
    by_day = {part.key: part for part in speed_to_lead(engine, JUNE, by="weekday")}
    assert by_day["5"].handovers == 2  # quick and phoned, on Friday
    assert by_day["5"].speed.median == pytest.approx(37.5)
    assert by_day["3"].speed.median is None


def test_the_worklist_leaves_out_the_decided_the_exempt_and_the_barred(
    engine: DuckDBEngine,
) -> None:
    items = {item.lead_id: item for item in worklist(engine, agreed()).items}
    assert set(items) == {"silent", "fresh", "day", "early"}
    assert (items["silent"].status, items["silent"].obligation) == ("overdue", "response")
    assert (items["silent"].owner, items["silent"].is_owner_gone) == ("Bob", True)
    assert items["fresh"].status == "soon due"
    # Monday 1 June 10:00 local and four business hours
    assert items["silent"].due_at == dt.datetime(2026, 6, 1, 12)
    only = worklist(engine, agreed(), Filters.of(owner="Bob"))
    assert [item.lead_id for item in only.items] == ["silent"]


def test_who_may_not_be_contacted_is_on_no_worklist_whatever_is_owed() -> None:
    """Barred: never called, called once, and called with the decision overdue; open ones beside."""
    kinds = {"silent": 0, "called": 1, "undecided": 3}
    tables: dict[str, list[dict[str, Any]]] = {
        "person": [], "lead": [], "lead_stage_event": [], "touch": [],
    }  # fmt: skip
    for barred in (True, False):
        for kind, calls in kinds.items():
            lead = f"{kind}-{'barred' if barred else 'open'}"
            tables["person"].append({"person_id": f"p-{lead}", "do_not_contact": barred})
            tables["lead"].append({"lead_id": lead, "person_id": f"p-{lead}"})
            tables["lead_stage_event"].append(mql(lead, "2026-06-01 08:00"))
            tables["touch"] += [
                # The person answered once, and later asked not to be contacted.
                call(f"{lead}-{n}", lead, f"2026-06-0{n + 1} 09:00",
                     "connected" if kind == "undecided" else "no_answer")
                for n in range(calls)
            ]  # fmt: skip
    engine = make_store(tables, agreed(), as_of="2026-06-16 12:00")
    items = {item.lead_id: item.obligation for item in worklist(engine, agreed()).items}
    assert items == {
        "silent-open": "response", "called-open": "decision", "undecided-open": "decision",
    }  # fmt: skip


def test_calls_count_for_the_handover_they_follow() -> None:
    """Returned on the 8th: two calls before, three after; three are agreed for each handover."""
    events = [
        mql("l", "2026-06-01 08:00"), stage("l", "recycled", "2026-06-04 08:00", "timing"),
        mql("l", "2026-06-08 08:00"),
    ]  # fmt: skip
    days = ("02", "03", "08", "09", "10")
    calls = [call(f"t{day}", "l", f"2026-06-{day} 09:00") for day in days]
    engine = make_store(
        {"lead_stage_event": events, "touch": calls}, agreed(), as_of="2026-06-30 12:00"
    )
    cursor = engine._connection.cursor()
    assert cursor.execute(
        "select pass_number, attempts, attempts_status, response_touch_id, decision"
        " from fct_handoff order by pass_number"
    ).fetchall() == [(1, 2, "missed", "t02", "recycled"), (2, 3, "met", "t08", "undecided")]


def test_an_accepted_lead_is_worked_until_it_is_reached_or_leaves() -> None:
    """Three attempts within ten business days: from Monday 1 June until Friday 12 June."""
    leads = ("worked", "taken", "spoken", "left", "slow")
    events = [mql(lead, "2026-05-29 08:00") for lead in leads]
    events += [stage(lead, "sal", "2026-06-01 08:00") for lead in leads]
    events += [stage("spoken", "sql", "2026-06-03 08:00"), stage("slow", "sql", "2026-06-15 08:00")]
    events += [stage("left", "recycled", "2026-06-02 08:00", "timing")]
    calls = [call(f"t{n}", "worked", f"2026-06-0{n} 08:00") for n in (1, 2, 3)]
    calls += [call(f"u{lead}", lead, "2026-05-29 08:30") for lead in leads]
    engine = make_store(
        {"lead_stage_event": events, "touch": calls}, agreed(), as_of="2026-06-16 12:00"
    )
    found = engine.run("handoff/records", {"basis": "attempts", "from": dt.date(2026, 6, 1),
                                           "to": dt.date(2026, 7, 1)})  # fmt: skip
    assert dict(zip(found["lead_id"], found["attempts_status"], strict=True)) == {
        "worked": "met", "taken": "missed", "spoken": "met", "left": "missed", "slow": "missed",
    }  # fmt: skip
    (item,) = worklist(engine, agreed()).items
    assert (item.lead_id, item.obligation, item.status) == ("taken", "attempts", "overdue")


def test_a_booking_on_an_earlier_day_excuses_whatever_its_precision() -> None:
    events = [mql("timed", "2026-06-02 08:00"), mql("day", "2026-06-02")]
    touches = [
        call("t1", "timed", "2026-06-01", "meeting_set"),
        call("t2", "day", "2026-06-01 09:00", "meeting_set"),
    ]
    engine = make_store(
        {"lead_stage_event": events, "touch": touches}, agreed(), as_of="2026-06-10 12:00"
    )
    response = obligations(engine, JUNE)[0]
    assert (response.exempt, response.met + response.missed + response.pending) == (2, 0)


def test_kinds_that_book_a_meeting_excuse_whoever_s_touch_it_is() -> None:
    """Booked in a calendar on the website, a touch of marketing: excused; a visit is not."""
    exemptions = tuple(
        rule.model_copy(update={"values": ("calendar_booking",)})
        if rule.rule == "meeting_booked"
        else rule
        for rule in default_agreement().service_levels.exemptions
    )
    leads = {"booked": "calendar_booking", "visited": "page_view"}
    touches = [
        {"touch_id": f"t-{lead}", "lead_id": lead, "kind": kind, "side": "marketing",
         "occurred_at": "2026-06-01 09:00"}
        for lead, kind in leads.items()
    ]  # fmt: skip
    engine = make_store(
        {"lead_stage_event": [mql(lead, "2026-06-02 08:00") for lead in leads], "touch": touches},
        agreed(exemptions=exemptions), as_of="2026-06-10 12:00",
    )  # fmt: skip
    found = engine._connection.cursor().execute("select lead_id, exemption from fct_handoff")
    assert dict(found.fetchall()) == {"booked": "meeting_booked", "visited": None}


def test_conversion_against_response_time_counts_each_mature_handover_once(
    engine: DuckDBEngine,
) -> None:
    long_ago = make_store(STORE, agreed(), as_of="2027-06-10 12:00")
    bands = {band.label: band for band in conversion_by_response(long_ago, agreed(), JUNE)}
    assert bands["never"].handovers == 5  # silent, fresh, booked, talking, barred
    assert bands["within 4 h"].handovers == 2  # quick and returned
    assert bands["within 15 min"].handovers == 2  # phoned, and early, whose owner came later
    assert bands["never"].accepted.successes == 0
    assert conversion_by_response(engine, agreed(), JUNE) == []  # nobody is old enough yet


def test_pace_is_a_line_over_working_days_with_a_band_on_both_sides(engine: DuckDBEngine) -> None:
    # 22 working days in June 2026 (no holiday agreed), 8 of them by the 10th: the line stands at 8.
    found = pace(engine, agreed(), dt.date(2026, 6, 10))
    today = next(point for point in found.points if point.day == dt.date(2026, 6, 10))
    assert today.count_line == pytest.approx(22 * 8 / 22)
    assert today.count == 11  # eleven leads first became MQL in June
    assert found.count_verdict == "over"
    assert found.points[-1].count is None  # the 30th lies after the data
    assert found.points[-1].count_line == 22
    none = agreed(commitment=default_agreement().service_levels.commitment)
    assert pace(engine, none, dt.date(2026, 6, 10)).count_verdict is None
    # Nothing is promised for a part of the leads.
    part = pace(engine, agreed(), dt.date(2026, 6, 10), Filters.of(segment="(unknown)"))
    assert (part.count_commitment, part.count_verdict) == (None, None)


def test_what_was_delivered_has_no_value_while_no_lead_is_old_enough() -> None:
    young = {
        "lead": [{"lead_id": "l", "created_at": "2026-06-02 08:00"}],
        "lead_stage_event": [mql("l", "2026-06-03 08:00")],
    }
    found = pace(make_store(young, agreed(), "2026-06-10 12:00"), agreed(), dt.date(2026, 6, 10))
    assert (found.count, found.reason) == (1, None)
    assert found.value_reason == "no lead is old enough yet to say what one is worth"


def test_the_pace_of_two_months_is_that_of_both_commitments(engine: DuckDBEngine) -> None:
    found = pace(engine, agreed(), dt.date(2026, 6, 10), since=dt.date(2026, 5, 4))
    assert (found.period.label, found.count_commitment) == ("2026-05..2026-06", 44)
    lines = {point.day: point.count_line for point in found.points}
    # May is due at its end; of June 8 of 22 working days by the 10th.
    assert lines[dt.date(2026, 5, 31)] == pytest.approx(22)
    assert lines[dt.date(2026, 6, 10)] == pytest.approx(22 + 8)
    assert len(found.points) == 31 + 30


def test_the_document_holds_both_sides(engine: DuckDBEngine) -> None:
    document = handoff(engine, agreed(), JUNE).as_dict()
    assert [part["obligation"] for part in document["obligations"]] == [
        "response", "attempts", "decision",
    ]  # fmt: skip
    assert document["commitment"]["count_status"] == "over"
    assert document["acceptance"][1]["is_return"] is True


def test_an_empty_store_has_zeros() -> None:
    empty = make_store({})
    document = handoff(empty, default_agreement(), JUNE).as_dict()
    assert document["speed"] is None
    assert all(part["met"] == 0 and part["rate"] is None for part in document["obligations"])
    assert document["obligations"][0]["reason"] == "no response fell due in the period"
    assert document["acceptance_reason"] and document["acceptance"][0]["reason"]
    assert worklist(empty, default_agreement()).items == ()
    with pytest.raises(UsageError, match="Did you mean 'response'"):
        handoff_records(empty, JUNE, "respons")  # type: ignore[arg-type]
