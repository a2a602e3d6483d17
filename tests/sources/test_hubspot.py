"""The hubspot profile on rows typed in by hand, by internal name and by label."""

from __future__ import annotations

import re
from typing import Any

import pytest
from profile_views import produce

from smarketing.errors import SourceError
from smarketing.sources.profile import builtin_sources
from smarketing.sources.recognition import recognise

HUBSPOT = builtin_sources()["hubspot"]


def only(table: str, **files: list[dict[str, Any]]) -> dict[str, Any]:
    (row,) = produce(HUBSPOT, table, files)
    return row


def test_a_contact_is_a_lead_from_the_lead_stage_on() -> None:
    contacts = [
        {"id": "1", "email": "a@x.de", "lifecyclestage": "subscriber", "createdate": "2024-01-01"},
        {"id": "2", "email": "b@x.de", "lifecyclestage": "lead", "createdate": "2024-01-02"},
        {"id": "3", "email": "c@x.de", "lifecyclestage": None, "createdate": "2024-01-03"},
        {
            "id": "4",
            "email": "d@x.de",
            "lifecyclestage": "customer",
            "createdate": "2024-01-04",
            "hs_lifecyclestage_lead_date": "2024-01-05",
        },
        {"id": "5", "email": "e@x.pl", "lifecyclestage": "Subskrybent", "createdate": "2024-01-06"},
    ]
    assert len(produce(HUBSPOT, "person", {"contacts": contacts})) == 5
    leads = produce(HUBSPOT, "lead", {"contacts": contacts})
    assert [(lead["lead_id"], lead["created_at"]) for lead in leads] == [
        ("2", "2024-01-02"),
        ("4", "2024-01-05"),
    ]


def test_each_lifecycle_date_is_a_stage_event() -> None:
    contact = {
        "id": "1",
        "hs_lifecyclestage_lead_date": "2024-01-01",
        "hs_lifecyclestage_marketingqualifiedlead_date": "2024-01-05",
        "hs_lifecyclestage_customer_date": "2024-03-01",
    }
    events = produce(HUBSPOT, "lead_stage_event", {"contacts": [contact]})
    assert {(event["stage"], event["entered_at"]) for event in events} == {
        ("lead", "2024-01-01"),
        ("marketingqualifiedlead", "2024-01-05"),
        ("customer", "2024-03-01"),
    }


@pytest.mark.parametrize(
    ("deal", "outcome"),
    [
        ({"dealstage": "closedwon"}, None),
        ({"dealstage": "closedlost", "hs_is_closed": "Yes"}, "closed"),
        ({"dealstage": "12345", "hs_is_closed": "true", "hs_is_closed_won": "true"}, "won"),
        ({"dealstage": "12345", "hs_is_closed": "true", "hs_is_closed_won": "false"}, "lost"),
        ({"dealstage": "12345", "hs_is_closed": "false", "hs_is_closed_won": "false"}, "open"),
        ({"dealstage": "12345", "hs_is_closed_won": "false", "hs_is_closed_lost": "true"}, "lost"),
        ({"dealstage": "12345", "hs_is_closed_won": "false", "hs_is_closed_lost": "false"}, "open"),
        ({"dealstage": "12345", "hs_is_closed_won": "false"}, None),
    ],
)
def test_outcome_follows_the_flags_and_the_close_date_what_is_known(
    deal: dict[str, str], outcome: str | None
) -> None:
    day = "2024-05-01T10:00:00Z"
    row = only("deal", deals=[{"id": "1", "closedate": day, **deal}])
    assert row["outcome"] == outcome
    assert row["closed_at"] == (None if outcome == "open" else day)
    assert row["expected_close_on"] == (None if outcome in ("won", "lost") else day)


def test_an_amount_in_the_companys_currency_counts_where_it_stands_alone() -> None:
    deal = {"id": "1", "Amount in company currency": "3600", "Currency": "USD"}
    row = only("deal", deals=[deal])
    assert (row["amount"], row["currency"]) == ("3600", None)
    row = only("deal", deals=[{**deal, "Amount": "4000"}])
    assert (row["amount"], row["currency"]) == ("4000", "USD")


def test_a_deals_contacts_stand_in_one_cell() -> None:
    deals = [{"id": "1", "associated_contact_ids": "11; 12;"}, {"id": "2"}]
    people = produce(HUBSPOT, "deal_contact", {"deals": deals})
    assert sorted((row["deal_id"], row["person_id"]) for row in people) == [
        ("1", "11"),
        ("1", "12"),
    ]


def test_what_was_archived_is_gone() -> None:
    company = {"id": "1", "name": "Acme", "hs_lastmodifieddate": "2024-01-01"}
    archived = {**company, "archived": "true", "hs_lastmodifieddate": "2024-02-01"}
    assert produce(HUBSPOT, "account", {"companies": [company, archived]}) == []


@pytest.mark.parametrize(
    ("headers", "item"),
    [
        ("id,createdate,domain,hs_lastmodifieddate,hs_object_id,name,archived", "companies"),
        ("id,createdate,email,firstname,hs_object_id,lastmodifieddate,lastname", "contacts"),
        ("id,amount,closedate,createdate,dealname,dealstage,hs_object_id,pipeline", "deals"),
        ("Record ID,First Name,Last Name,Email,Create Date,Lifecycle Stage", "contacts"),
        ("Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Create Date", "deals"),
        ("id,email,firstName,lastName,userId,createdAt,updatedAt,archived", "owners"),
    ],
)
def test_responses_and_exports_are_recognised(headers: str, item: str) -> None:
    match = recognise("export.csv", headers.split(","), builtin_sources().values())
    assert (match.source.name, match.object) == ("hubspot", item)


def test_a_list_gives_the_owner_by_name() -> None:
    deals = [
        {"id": "1", "dealname": "A", "owner_name": "Ann Berg"},
        {"id": "2", "dealname": "B", "owner_name": "Ann Berg", "hubspot_owner_id": "8"},
        {"id": "3", "dealname": "C"},
    ]
    named = produce(HUBSPOT, "deal", {"deals": deals})
    assert [row["owner_id"] for row in named] == ["Ann Berg", "8", None]
    lead = {"id": "1", "lifecyclestage": "lead", "owner_name": "Ann Berg"}
    assigned = {**lead, "hubspot_owner_assigneddate": "2024-01-02"}
    assert only("lead", contacts=[lead])["owner_id"] == "Ann Berg"
    assert only("lead_assignment", contacts=[assigned])["member_id"] == "Ann Berg"


HISTORY = """[{"value": "customer", "timestamp": "2026-03-01"}, {"value": "lead", "timestamp": 5},
{"value": "", "timestamp": "2026-02-01"}, {"value": "lead", "timestamp": "1"}]"""


def test_the_history_of_a_stage_counts_before_its_dates() -> None:
    contact = {"id": "1", "stage_history": HISTORY, "createdate": "2020-01-01",
               "lifecyclestage": "subscriber",
               "hs_lifecyclestage_customer_date": "2025-01-01"}  # fmt: skip
    events = produce(HUBSPOT, "lead_stage_event", {"contacts": [contact]})
    assert sorted((event["stage"], event["entered_at"]) for event in events) == [
        ("customer", "2026-03-01"), ("lead", "1"), ("lead", "5"),
    ]  # fmt: skip
    assert only("lead", contacts=[contact])["created_at"] == "1"
    deal = {"id": "9", "stage_history": HISTORY, 'Date entered "x"': "2026"}
    assert len(produce(HUBSPOT, "deal_stage_event", {"deals": [deal]})) == 3
    owned = {"id": "1", "owner_history": '[{"value": "7", "timestamp": "2026-01-02"}]',
             "hubspot_owner_id": "7", "hubspot_owner_assigneddate": "2026-01-05"}  # fmt: skip
    assert only("lead_assignment", contacts=[owned])["assigned_at"] == "2026-01-02"
    # What is no history makes none, and takes nothing else down.
    assert not produce(
        HUBSPOT, "lead_stage_event", {"contacts": [{"id": "1", "stage_history": "{"}]}
    )


def test_calls_and_meetings_are_touches_of_sales_with_each_contact() -> None:
    call = {"id": "1", "hs_timestamp": "2026-01-05T09:00:00Z", "hubspot_owner_id": "7",
            "associated_contact_ids": "501;502", "hs_call_direction": "OUTBOUND"}  # fmt: skip
    calls = [call, {**call, "id": "2", "hs_call_status": "CANCELED"},
             {**call, "id": "3", "hs_call_direction": "Inbound"}]  # fmt: skip
    touches = produce(HUBSPOT, "touch", {"calls": calls})
    assert [(t["touch_id"], t["person_id"], t["direction"]) for t in touches] == [
        ("call-1-501", "501", "outbound"), ("call-1-502", "502", "outbound"),
        ("call-3-501", "501", "inbound"), ("call-3-502", "502", "inbound"),
    ]  # fmt: skip
    meeting = {"id": "4", "hs_meeting_start_time": "2026-01-05",
               "hs_lastmodifieddate": "2026-01-06",
               "associated_contact_ids": "501"}  # fmt: skip
    met = [meeting, {**meeting, "id": "5", "hs_meeting_start_time": "2026-01-07"},
           {**meeting, "id": "6", "hs_meeting_outcome": "NO_SHOW"},
           {**meeting, "id": "7", "hs_meeting_outcome": "Completed"}]  # fmt: skip
    touches = produce(HUBSPOT, "touch", {"meetings": met})
    assert [t["touch_id"] for t in touches] == ["meeting-4-501", "meeting-7-501"]


@pytest.mark.parametrize(
    ("said", "direction"),
    [
        ("", "outbound"), (" OUTBOUND", "outbound"), ("Ausgehend", "outbound"),
        ("In uscita", "outbound"), ("Eingehend", "inbound"), ("INBOUND", "inbound"),
        ("Interno", "Interno"),
    ],
)  # fmt: skip
def test_who_called_is_read_in_several_languages_and_is_never_guessed(
    said: str, direction: str
) -> None:
    call = {"id": "1", "hs_timestamp": "2026-01-05T09:00:00Z", "associated_contact_ids": "501",
            "hs_call_direction": said}  # fmt: skip
    assert only("touch", calls=[call])["direction"] == direction


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        ("f240bbac-87c9-4f6e-bf70-924b57d47db7", "Connected"),
        ("73A0D17F-1163-4015-BDD5-EC830791DA20", "No answer"),
        ("81180310-0202-4b44-8417-168bd57e399a", "81180310-0202-4b44-8417-168bd57e399a"),
        ("Left voicemail", "Left voicemail"),
        (None, None),
    ],
)
def test_the_outcomes_that_the_api_has_for_calls_are_read(
    given: str | None, outcome: str | None
) -> None:
    call = {"id": "1", "hs_timestamp": "2026-01-05T09:00:00Z", "associated_contact_ids": "501",
            "hs_call_disposition": given}  # fmt: skip
    (touch,) = produce(HUBSPOT, "touch", {"calls": [call]})
    assert touch["outcome"] == outcome


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        (("from.id", "to"), "associations of HubSpot by themselves: ask its API for them"),
        (("id", "hs_note_body", "hs_timestamp"), "notes, tasks, e-mails or messages of HubSpot"),
    ],
)
def test_what_is_not_read_of_hubspot_is_called_by_its_name(
    columns: tuple[str, ...], says: str
) -> None:
    with pytest.raises(SourceError, match=re.escape(says)):
        recognise("export.json", columns, builtin_sources().values())
