"""Obligations, decisions and rejections of a few leads, by hand."""

from __future__ import annotations

from typing import Any

import pytest
from builders import default_agreement, make_store, rows
from handoff_store import JUNE, agreed, call, mql, stage
from health_kit import found

from smarketing.agreement.service import Exemption
from smarketing.analysis.availability import NO_DECISIONS, NO_EXITS, NO_FOLLOW_UP, NO_HANDOVERS
from smarketing.analysis.handoff.obligations import (
    decisions,
    handoff,
    handoff_records,
    obligations,
    recycled,
    rejections,
)
from smarketing.analysis.handoff.worklist import worklist
from smarketing.engine import DuckDBEngine, Filters
from smarketing.errors import UsageError
from smarketing.periods import parse_period


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


def test_the_rate_counts_deadlines_of_the_period(june: DuckDBEngine) -> None:
    response, attempts, decision = obligations(june, JUNE)
    # June: quick, rejected, returned, phoned, day, early met; late, silent, barred missed.
    assert (response.met, response.missed, response.pending, response.exempt) == (6, 3, 1, 2)
    assert response.rate.rate == pytest.approx(6 / 9)
    # Ten business days from 1 June end on the 15th: nothing is missed yet.
    assert (attempts.met, attempts.missed) == (2, 0)  # late was reached, rejected needs no more
    assert decision.missed == 4  # silent, barred, day, early
    for name in ("response", "attempts", "decision"):
        frame = handoff_records(june, JUNE, name)  # type: ignore[arg-type]
        statuses = frame[f"{name}_status"].value_counts()
        part = {"response": response, "attempts": attempts, "decision": decision}[name]
        assert statuses.get("met", 0) == part.met
        assert statuses.get("missed", 0) == part.missed


def test_an_obligation_is_of_whoever_owned_the_lead_when_it_fell_due(
    june: DuckDBEngine,
) -> None:
    # late: its response fell due on 1 June, when Bob had it; its decision when Ann had.
    by_owner = {(o.key, o.obligation): o for o in obligations(june, JUNE, by="owner")}
    assert by_owner["Bob", "response"].missed == 2  # late and silent
    assert by_owner["Bob", "decision"].missed == 1  # silent
    only = obligations(june, JUNE, Filters.of(owner="Bob"))
    assert only[0].missed == 2


def test_acceptance_counts_the_undecided_past_due(june: DuckDBEngine) -> None:
    first = next(part for part in decisions(june, JUNE) if not part.is_return)
    # accepted: quick, late; rejected: one; overdue: silent, barred, day, early.
    assert (first.accepted, first.rejected, first.overdue) == (2, 1, 4)
    assert first.acceptance.rate == pytest.approx(2 / 7)
    assert (first.waiting, first.exempt, first.other) == (2, 2, 0)
    assert first.handovers == 11


def test_a_recycled_lead_that_returns_is_a_new_pass(june: DuckDBEngine) -> None:
    back = next(part for part in decisions(june, JUNE) if part.is_return)
    assert (back.handovers, back.accepted) == (1, 1)
    may = recycled(june, parse_period("2026-05"))
    assert (may.recycled, may.returned) == (1, 1)


def test_rejections_are_ranked_by_reason_and_campaign(june: DuckDBEngine) -> None:
    reasons, campaigns = rejections(june, JUNE)
    assert [(bar.key, bar.rejected, bar.cumulative_share) for bar in reasons] == [
        ("no budget", 1, 1.0)
    ]
    assert [(bar.label, bar.rejected, bar.handovers) for bar in campaigns] == [("Webinar", 1, 1)]


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


def test_kinds_of_leads_and_channels_are_excused_however_they_are_written() -> None:
    excused = [
        Exemption(id="own", label="Own", rule="self_serve", values=("plg", "App")),
        Exemption(id="type", label="Type", rule="lead_type", values=("Partner",)),
    ]
    leads: list[dict[str, Any]] = [
        {"lead_id": "product", "lead_type": "PLG"}, {"lead_id": "partner", "lead_type": "PARTNER"},
        {"lead_id": "app", "channel": "APP"}, {"lead_id": "none", "lead_type": "inbound"},
    ]  # fmt: skip
    engine = make_store(
        {"lead": leads, "lead_stage_event": [mql(one["lead_id"], "2026-06-02 08:00")
                                             for one in leads]},
        agreed(exemptions=tuple(excused)), as_of="2026-06-10 12:00",
    )  # fmt: skip
    found = engine._connection.cursor().execute("select lead_id, exemption from handoff_pass")
    assert dict(found.fetchall()) == {
        "product": "own", "partner": "type", "app": "own", "none": None,
    }  # fmt: skip


def test_the_document_holds_both_sides(june: DuckDBEngine) -> None:
    document = handoff(june, agreed(), JUNE).as_dict()
    assert [part["obligation"] for part in document["obligations"]] == [
        "response", "attempts", "decision",
    ]  # fmt: skip
    assert document["commitment"]["count_status"] == "over"
    assert document["acceptance"][1]["is_return"] is True


def test_what_one_source_records_says_nothing_of_another_s() -> None:
    story = [mql(f"l{n}", "2026-05-04 09:00") for n in (1, 2, 3)]
    leads = [{"lead_id": f"l{n}", "person_id": f"p{n}", "source": source,
              "created_at": "2026-05-01"}
             for n, source in ((1, "one"), (2, "one"), (3, "other"))]  # fmt: skip
    people = [{"person_id": lead["person_id"], "source": lead["source"]} for lead in leads]
    touch = {**call("t1", "l1", "2026-05-04 09:30"), "source": "one"}
    engine = make_store(
        {"lead": leads, "person": people, "lead_stage_event": story, "touch": [touch]}
    )
    asked = "select lead_id, response_status, attempts, decision_status from fct_handoff order by 1"
    assert rows(engine, asked) == [
        ("l1", "met", 1, None), ("l2", "missed", 0, None), ("l3", None, None, None),
    ]  # fmt: skip
    finding = found(engine)["handoff-unknown-other-response"]
    assert (finding.count, finding.severity) == (1, "warning")
    assert "1 handover of leads of other is not judged: no source says" in finding.sentence
    # A telephone system's call with its person is known of the other source's leads as well.
    called = {**call("t3", "l3", "2026-05-04 09:30"), "source": "phone"}
    assert rows(make_store({"lead": leads, "person": people, "lead_stage_event": story,
                            "touch": [called]}), asked)[2] == ("l3", "met", 1, None)  # fmt: skip


def test_of_an_empty_store_nothing_is_known() -> None:
    empty = make_store({})
    document = handoff(empty, default_agreement(), JUNE).as_dict()
    assert document["speed"] is None
    for part in document["obligations"]:
        assert (part["met"], part["missed"], part["rate"]) == (None, None, None)
        assert part["reason"] == NO_HANDOVERS
    assert document["acceptance_reason"] == NO_HANDOVERS
    assert document["acceptance"][0]["reason"] == NO_HANDOVERS
    assert document["recycled"] == {"recycled": None, "returned": None, "reason": NO_EXITS}
    waiting = worklist(empty, default_agreement())
    assert (waiting.items, waiting.reason) == ((), NO_HANDOVERS)
    assert waiting.as_dict()["overdue"] is None
    with pytest.raises(UsageError, match="Did you mean 'response'"):
        handoff_records(empty, JUNE, "respons")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("period", "why"),
    [("2030-01", "its data ends on "), ("2020-01", "its records begin on ")],
)
def test_before_the_records_and_after_the_data_nothing_is_no_zero(
    june: DuckDBEngine, period: str, why: str
) -> None:
    result = handoff(june, default_agreement(), parse_period(period))
    document = result.as_dict()
    for part in document["obligations"]:
        assert (part["met"], part["pending"], part["rate"]) == (None, None, None)
        assert part["reason"].startswith(why)
    assert document["acceptance_reason"].startswith(why)
    assert document["acceptance"][0]["handovers"] is None
    assert result.reason is not None


#: Five leads handed over on 1 June; the as-of is the 30th, so that everything is past due.
HANDED = [mql(f"l{n}", "2026-06-01 08:00") for n in range(5)]
RECORDED = {
    "a call": {"touch": [call("t", "l0", "2026-06-01 09:00")]},
    "a meeting somewhere": {
        "touch": [{"touch_id": "t", "person_id": "p", "kind": "meeting", "side": "marketing",
                   "occurred_at": "2026-05-01 09:00", "outcome": "held"}],
    },
    "a visit": {
        "touch": [{"touch_id": "t", "lead_id": "l0", "kind": "web_visit", "side": "marketing",
                   "occurred_at": "2026-05-01 09:00"}],
    },
    "a rejection": {"lead_stage_event": [stage("l0", "rejected", "2026-06-02 08:00", "no budget")]},
    "an acceptance": {"lead_stage_event": [stage("l0", "sql", "2026-06-02 08:00")]},
}  # fmt: skip


@pytest.mark.parametrize(
    ("records", "missed", "decided"),
    [
        ("a call", 4, None),
        ("a meeting somewhere", 5, None),
        ("a visit", None, None),
        ("a rejection", None, 4),
        ("an acceptance", None, 4),
    ],
)
def test_what_no_source_tells_is_neither_missed_nor_overdue(
    records: str, missed: int | None, decided: int | None
) -> None:
    tables = {"lead_stage_event": HANDED} | {
        name: [*(HANDED if name == "lead_stage_event" else ()), *rows]
        for name, rows in RECORDED[records].items()
    }
    engine = make_store(tables, default_agreement(), as_of="2026-06-30 12:00")
    found = handoff(engine, default_agreement(), JUNE)
    document = found.as_dict()
    assert [part["missed"] for part in document["obligations"][::2]] == [missed, decided]
    reasons = [part.unknown for part in found.obligations[::2]]
    assert reasons == [
        NO_FOLLOW_UP if missed is None else None,
        NO_DECISIONS if decided is None else None,
    ]
    assert document["acceptance"][0]["overdue"] == decided
    assert found.acceptance.n == (5 if decided else 0)
    assert found.speed is not None
    assert found.speed.reason == (NO_FOLLOW_UP if missed is None else None)
    waiting = worklist(engine, default_agreement())
    stands_at = {item.obligation for item in waiting.items}
    # Without calls on record a lead stands at its decision, without either it is on no list.
    stands = {"response", "attempts"} if records == "a call" else {"response"}
    assert stands_at == (stands if missed else {"decision"} if decided else set())
    assert waiting.reason == (NO_FOLLOW_UP if missed is None and decided is None else None)
    assert waiting.note == (NO_FOLLOW_UP if missed is None and decided else None)
