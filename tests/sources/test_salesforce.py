"""The salesforce profile, object by object, on rows typed in by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from profile_views import Rows, produce, write_source_by_date_added

from smarketing.errors import SourceError
from smarketing.sources.profile import builtin_sources, load_source
from smarketing.sources.recognition import recognise

SALESFORCE = builtin_sources()["salesforce"]


def made(table: str, **files: Rows) -> list[dict[str, Any]]:
    return produce(SALESFORCE, table, files)


def only(table: str, **files: Rows) -> dict[str, Any]:
    (row,) = made(table, **files)
    return row


def test_lead_without_conversion_is_a_person_of_its_own_without_account() -> None:
    lead = {"Id": "00Q1", "Company": "Acme", "LastName": "Lee", "FirstName": "Ann", "Status": "New"}
    person = only("person", Lead=[lead])
    assert (person["person_id"], person["account_id"], person["full_name"]) == (
        "00Q1",
        None,
        "Ann Lee",
    )
    assert only("lead", Lead=[lead])["account_id"] is None


def test_converted_lead_is_its_contact_and_carries_its_deal() -> None:
    lead = {
        "Id": "00Q1",
        "Status": "Qualified",
        "IsConverted": "1",
        "ConvertedDate": "2024-03-01",
        "ConvertedContactId": "0031",
        "ConvertedAccountId": "0011",
        "ConvertedOpportunityId": "0061",
    }
    contact = {"Id": "0031", "AccountId": "0011", "LastName": "Lee"}
    people = made("person", Lead=[lead], Contact=[contact])
    assert [row["person_id"] for row in people] == ["0031"]
    row = only("lead", Lead=[lead], Contact=[contact])
    assert (row["person_id"], row["account_id"], row["converted_deal_id"]) == (
        "0031",
        "0011",
        "0061",
    )
    without_contacts = made("person", Lead=[lead])
    assert [row["person_id"] for row in without_contacts] == ["0031"]
    event = only("lead_stage_event", Lead=[lead])
    assert (event["stage"], event["entered_at"]) == ("Qualified", "2024-03-01")


def test_conversion_is_told_once_where_the_history_tells_it() -> None:
    lead = {
        "Id": "00Q1",
        "Status": "Qualified",
        "IsConverted": "true",
        "ConvertedDate": "2024-03-01",
    }
    change = {
        "Id": "h1",
        "LeadId": "00Q1",
        "Field": "Status",
        "NewValue": "Qualified",
        "CreatedDate": "2024-03-01T09:00:00Z",
        "CreatedById": "0051",
    }
    event = only("lead_stage_event", Lead=[lead], LeadHistory=[change])
    assert event["entered_at"] == "2024-03-01T09:00:00Z"


def test_lead_history_gives_statuses_and_assignments_by_user_id_once() -> None:
    change = {"LeadId": "00Q1", "CreatedDate": "2024-03-01T09:00:00Z"}
    history = [
        {**change, "Id": "1", "Field": "Owner", "NewValue": "Ann Lee"},
        {**change, "Id": "2", "Field": "Owner", "NewValue": "0051"},
        {**change, "Id": "3", "Field": "Owner", "NewValue": "00G1"},
        {**change, "Id": "4", "Field": "Status", "NewValue": "Working"},
        {**change, "Id": "5", "Field": "Rating", "NewValue": "Hot"},
    ]
    assert [r["member_id"] for r in made("lead_assignment", LeadHistory=history)] == ["0051"]
    assert [r["stage"] for r in made("lead_stage_event", LeadHistory=history)] == ["Working"]


@pytest.mark.parametrize(
    ("status", "owner", "stage"),
    [
        ("Leadstatus", "Lead-Inhaber", "Phase"),
        ("Statut de la piste", "Propriétaire de la piste", "Étape"),
        ("Estado del prospecto", "Propietario del candidato", "Etapa"),
        ("Status do lead", "Proprietário do lead", "Fase"),
    ],
)
def test_a_report_of_history_calls_its_fields_in_the_language_of_its_reader(
    status: str, owner: str, stage: str
) -> None:
    change = {"LeadId": "00Q1", "CreatedDate": "10.02.2026 09:30"}
    history = [
        {**change, "Field": status, "NewValue": "Neu"},
        {**change, "Field": owner, "NewValue": "Ute Vogt"},
        {**change, "Field": owner, "NewValue": "Warteschlange Nord"},
        {**change, "Field": f"{status} (alt)", "NewValue": "Alt"},
    ]
    assert [r["stage"] for r in made("lead_stage_event", LeadHistory=history)] == ["Neu"]
    assert [r["member_id"] for r in made("lead_assignment", LeadHistory=history)] == ["Ute Vogt"]
    deal = {"OpportunityId": "0061", "Field": stage, "NewValue": "Angebot"}
    found = made("deal_stage_event", OpportunityFieldHistory=[deal, {**deal, "Field": "Betrag"}])
    assert [row["stage"] for row in found] == ["Angebot"]


@pytest.mark.parametrize(
    ("headers", "lead", "deal"),
    [
        ("Feld / Ereignis,Neuer Wert,Bearbeitungsdatum", "Lead-ID", "Opportunity-ID"),
        (
            "Champ / Événement,Nouvelle valeur,Date de modification",
            "ID de la piste",
            "ID de l'opportunité",
        ),
        ("Campo / Evento,Nuevo valor,Fecha de edición", "ID del prospecto", "ID de la oportunidad"),
        ("Campo / Evento,Novo valor,Data de edição", "ID do lead", "ID da oportunidade"),
        ("Campo / Evento,Nuovo valore,Data di modifica", "ID lead", "ID opportunità"),
        ("Veld / Gebeurtenis,Nieuwe waarde,Bewerkingsdatum", "Lead-ID", "Opportunity-ID"),
    ],
)
def test_reports_of_history_are_recognised_in_the_language_of_their_reader(
    headers: str, lead: str, deal: str
) -> None:
    sources = builtin_sources().values()
    for own, name in ((lead, "LeadHistory"), (deal, "OpportunityFieldHistory")):
        match = recognise("report.csv", [*headers.split(","), own], sources)
        assert (match.source.name, match.object) == ("salesforce", name)


def test_members_name_the_campaigns_that_no_file_holds() -> None:
    member = {"Id": "00v1", "CampaignId": "7011", "LeadId": "00Q1", "HasResponded": "1"}
    named = {**member, "Campaign.Name": "Hanover", "Campaign.Type": "Trade Show"}
    members = [named, {**named, "Id": "00v2"}, {**member, "Id": "00v3", "CampaignId": "7012"}]
    (campaign,) = made("campaign", CampaignMember=members)
    assert (campaign["campaign_id"], campaign["name"], campaign["channel"]) == (
        "7011",
        "Hanover",
        "Trade Show",
    )
    touches = made("touch", CampaignMember=members)
    assert [row["channel"] for row in touches] == ["Trade Show", "Trade Show", None]
    own = {"Id": "7011", "Name": "Fair", "Type": "Event", "StartDate": "2026-01-01"}
    found = made("campaign", CampaignMember=members, Campaign=[own])
    assert [row["name"] for row in found] == ["Fair"]
    (touch,) = made("touch", CampaignMember=[named], Campaign=[own])
    assert touch["channel"] == "Event"


def test_a_queue_owns_no_lead() -> None:
    leads = [{"Id": "1", "OwnerId": "00G1"}, {"Id": "2", "OwnerId": "0051"}]
    assert [row["owner_id"] for row in made("lead", Lead=leads)] == [None, "0051"]


@pytest.mark.parametrize(
    ("flags", "outcome"),
    [
        ({"IsWon": "1", "IsClosed": "1", "StageName": "Signed"}, "won"),
        ({"IsWon": "", "IsClosed": "true", "StageName": "Signed"}, "lost"),
        ({"IsWon": "wahr", "IsClosed": "wahr", "StageName": "Signed"}, "won"),
        ({"IsWon": None, "IsClosed": "1", "StageName": "Closed Lost"}, "closed"),
        ({"IsWon": "0", "IsClosed": "0", "StageName": "Won over the buyer"}, "open"),
        ({"IsWon": None, "IsClosed": None, "StageName": "Closed Won"}, None),
        ({"IsWon": "0", "IsClosed": None, "StageName": "Closed Won"}, None),
    ],
)
def test_outcome_follows_the_flags_and_the_close_date_what_is_known(
    flags: dict[str, Any], outcome: str | None
) -> None:
    deal = only("deal", Opportunity=[{"Id": "0061", "CloseDate": "2024-11-14", **flags}])
    assert deal["outcome"] == outcome
    assert deal["closed_at"] == (None if outcome == "open" else "2024-11-14")
    assert deal["expected_close_on"] == (None if outcome in ("won", "lost") else "2024-11-14")


def test_a_file_that_marks_only_what_is_closed_leaves_the_others_open() -> None:
    deals = [
        {"Id": "1", "IsClosed": "1", "IsWon": "1"},
        {"Id": "2", "IsClosed": "1", "IsWon": None},
        {"Id": "3", "IsClosed": None, "IsWon": None},
        {"Id": "4", "IsClosed": None, "IsWon": None, "_file_id": "f2"},
    ]
    outcomes = [deal["outcome"] for deal in made("deal", Opportunity=deals)]
    assert outcomes == ["won", "lost", "open", None]


@pytest.mark.parametrize(
    ("kind", "means"),
    [
        ("New Customer", "new"),
        ("New Business", "new"),
        ("Existing Customer - Upgrade", "expansion"),
        ("Renewal", "renewal"),
        ("Pilot", None),
        (None, None),
    ],
)
def test_kind_of_deal_is_read_from_its_type(kind: str | None, means: str | None) -> None:
    assert only("deal", Opportunity=[{"Id": "1", "Type": kind}])["kind"] == means


def test_membership_counts_when_the_person_responded_and_only_then() -> None:
    files = {
        "Campaign": [{"Id": "7011", "Type": "Webinar"}],
        "CampaignMember": [
            {"Id": "m1", "CampaignId": "7011", "ContactId": "0031", "CreatedDate": "2024-01-23"},
            {
                "Id": "m2",
                "CampaignId": "7011",
                "LeadId": "00Q1",
                "HasResponded": "1",
                "FirstRespondedDate": "2024-02-02",
            },
            {"Id": "m3", "CampaignId": "7011", "LeadId": "00Q1", "HasResponded": "true"},
        ],
    }
    sent, responded, undated = produce(SALESFORCE, "touch", files)
    assert (sent["kind"], sent["occurred_at"], sent["created_at"]) == (
        "campaign_member",
        None,
        "2024-01-23",
    )
    assert (responded["kind"], responded["occurred_at"]) == ("campaign_response", "2024-02-02")
    assert (undated["kind"], undated["occurred_at"]) == ("campaign_response", None)
    assert {row["channel"] for row in (sent, responded, undated)} == {"Webinar"}
    assert (sent["person_id"], sent["lead_id"]) == ("0031", None)
    assert (responded["person_id"], responded["lead_id"]) == ("00Q1", "00Q1")


def test_membership_of_a_converted_lead_is_the_contacts() -> None:
    files = {
        "Lead": [{"Id": "00Q1", "ConvertedContactId": "0031"}],
        "Contact": [{"Id": "0031"}],
        "CampaignMember": [{"Id": "m1", "LeadOrContactId": "00Q1", "HasResponded": "1"}],
    }
    (touch,) = produce(SALESFORCE, "touch", files)
    assert (touch["person_id"], touch["lead_id"]) == ("0031", "00Q1")
    # The same where nobody exported the contacts: then the lead's row makes the person.
    (touch,) = produce(SALESFORCE, "touch", {**files, "Contact": []})
    (person,) = produce(SALESFORCE, "person", {"Lead": files["Lead"]})
    (lead,) = produce(SALESFORCE, "lead", {"Lead": files["Lead"]})
    assert touch["person_id"] == person["person_id"] == lead["person_id"] == "0031"


def test_tasks_count_when_completed_by_kind_and_direction() -> None:
    done = {"Status": "Completed", "ActivityDate": "2024-01-05", "OwnerId": "0051"}
    tasks = [
        {**done, "Id": "1", "TaskSubtype": "Call", "WhoId": "00Q1", "CallType": "Inbound"},
        {**done, "Id": "2", "TaskSubtype": "Email", "WhoId": "0031", "WhatId": "0061"},
        {**done, "Id": "3", "TaskSubtype": "ListEmail", "WhoId": "0031"},
        {**done, "Id": "4", "TaskSubtype": "Task", "Type": "Meeting", "WhatId": "0011"},
        {**done, "Id": "5", "TaskSubtype": "Task", "Type": "Prep"},
        {**done, "Id": "6", "TaskSubtype": "Call", "Status": "Not Started"},
    ]
    touches = made("touch", Task=tasks)
    assert [(t["kind"], t["direction"], t["is_automated"]) for t in touches] == [
        ("call", "inbound", None),
        ("email", "outbound", None),
        ("email", "outbound", "true"),
        ("meeting", None, None),
        ("task", None, None),
    ]
    assert {t["side"] for t in touches} == {"sales"}
    assert touches[0]["lead_id"] == "00Q1"
    assert touches[1]["deal_id"] == "0061"
    assert touches[3]["account_id"] == "0011"


@pytest.mark.parametrize(
    ("task", "direction", "outcome"),
    [
        ({"TaskSubtype": "Call"}, "outbound", None),  # made; nothing says who answered
        ({"TaskSubtype": "Call", "CallDisposition": "Connected"}, "outbound", "Connected"),
        ({"TaskSubtype": "Call", "CallType": "Internal"}, "internal", None),
        ({"TaskSubtype": "ListEmail"}, "outbound", None),
        ({"Type": "Demo"}, None, "held"),
        ({"Type": "Meeting", "CallDisposition": "No show"}, None, "No show"),
    ],
)
def test_a_task_that_is_done_says_of_a_meeting_alone_how_it_ended(
    task: dict[str, str], direction: str | None, outcome: str | None
) -> None:
    touch = only("touch", Task=[{"Id": "1", "Status": "Completed", "WhoId": "00Q1", **task}])
    assert (touch["direction"], touch["outcome"]) == (direction, outcome)


def test_an_event_after_everything_the_export_recorded_has_not_been_held() -> None:
    event = {"WhoId": "0031", "SystemModstamp": "2024-01-10T10:00:00.000+0000"}
    events = [
        {**event, "Id": "1", "StartDateTime": "2024-01-09T10:00:00.000+0000"},
        {**event, "Id": "2", "StartDateTime": "2024-02-09T10:00:00.000+0000"},
    ]
    assert [row["touch_id"] for row in made("touch", Event=events)] == ["1"]
    later = [{"Id": "0061", "SystemModstamp": "2024-03-01T10:00:00.000+0000"}]
    assert [r["touch_id"] for r in made("touch", Event=events, Opportunity=later)] == ["1", "2"]


def test_a_record_deleted_in_a_later_export_is_gone() -> None:
    old = {"Id": "0011", "Name": "Acme", "SystemModstamp": "2024-01-01"}
    gone = {**old, "IsDeleted": "1", "SystemModstamp": "2024-02-01", "_file_id": "f2"}
    assert made("account", Account=[old, gone]) == []
    assert len(made("account", Account=[old])) == 1


def test_a_record_merged_away_leads_to_the_one_that_won() -> None:
    won = {"Id": "0031", "LastName": "Lee"}
    lost = {"Id": "0032", "LastName": "Lee", "IsDeleted": "1", "MasterRecordId": "0031"}
    assert [row["person_id"] for row in made("person", Contact=[won, lost])] == ["0031"]
    alias = only("record_alias", Contact=[won, lost])
    assert (alias["table"], alias["alias_id"], alias["id"]) == ("person", "0032", "0031")


def test_cost_is_the_campaigns_actual_cost_and_unknown_is_no_row() -> None:
    campaigns = [
        {"Id": "7011", "Type": "Trade Show", "StartDate": "2024-02-01", "ActualCost": "1200.50"},
        {"Id": "7012", "Type": "Email", "StartDate": "2024-02-01", "BudgetedCost": "10"},
    ]
    cost = only("cost", Campaign=campaigns)
    assert (cost["amount"], cost["incurred_on"], cost["category"], cost["campaign_id"]) == (
        "1200.50",
        "2024-02-01",
        "event",
        "7011",
    )


@pytest.mark.parametrize(
    ("days", "until"),
    [
        (("2024-02-01", "2024-02-03", "2024-03-01T10:00:00Z"), "2024-02-03"),
        (("2024-02-01", "2024-12-31", "2024-03-01T10:00:00Z"), "2024-03-01"),
        (("2024-02-01", "2024-12-31", "2024-01-15T10:00:00Z"), "2024-02-01"),
        (("01.02.2024", "03.02.2024", None), "03.02.2024"),
        (("2024-02-01", None, "2024-03-01T10:00:00Z"), None),
        ((None, "2024-02-03", "2024-03-01T10:00:00Z"), None),
    ],
)
def test_cost_covers_the_days_of_the_campaign_that_have_passed(
    days: tuple[str | None, ...], until: str | None
) -> None:
    names = ("StartDate", "EndDate", "SystemModstamp")
    campaign = {"Id": "7011", "ActualCost": "9", **dict(zip(names, days, strict=True))}
    assert only("cost", Campaign=[campaign])["covers_until"] == until


def test_stage_history_keeps_entries_and_drops_changes_of_amount() -> None:
    row = {"OpportunityId": "0061", "CreatedDate": "2024-01-0"}
    history = [
        {**row, "Id": "a", "StageName": "Discovery", "CreatedDate": "2024-01-01", "Amount": "5"},
        {**row, "Id": "b", "StageName": "Discovery", "CreatedDate": "2024-01-02", "Amount": "9"},
        {**row, "Id": "c", "StageName": "Proposal", "CreatedDate": "2024-01-03", "Amount": "9"},
        {**row, "Id": "d", "StageName": "Discovery", "CreatedDate": "2024-01-04", "Amount": "9"},
    ]
    events = made("deal_stage_event", OpportunityHistory=history)
    assert [(e["stage"], e["entered_at"], e["amount"]) for e in events] == [
        ("Discovery", "2024-01-01", "5"),
        ("Proposal", "2024-01-03", "9"),
        ("Discovery", "2024-01-04", "9"),
    ]
    change = {"Field": "StageName", "NewValue": "Won", "CreatedDate": "2024-02-01"}
    changes = [
        {**change, "Id": "x", "OpportunityId": "0061"},
        {**change, "Id": "y", "OpportunityId": "0062"},
    ]
    both = made("deal_stage_event", OpportunityHistory=history, OpportunityFieldHistory=changes)
    assert {e["deal_id"] for e in both if e["stage"] == "Won"} == {"0062"}


def test_an_amount_of_the_stage_history_without_a_currency_is_in_that_of_its_opportunity() -> None:
    row = {"CreatedDate": "2024-01-01", "StageName": "Discovery", "Amount": "5"}
    history = [
        {**row, "Id": "a", "OpportunityId": "006000000000001AAA"},
        {**row, "Id": "b", "OpportunityId": "006000000000002", "CurrencyIsoCode": "GBP"},
        {**row, "Id": "c", "OpportunityId": "006000000000003"},
    ]
    deals = [
        {"Id": "006000000000001", "CurrencyIsoCode": "USD"},
        {"Id": "006000000000002", "CurrencyIsoCode": "USD"},
        {"Id": "006000000000003"},
    ]
    events = made("deal_stage_event", OpportunityHistory=history, Opportunity=deals)
    assert [e["currency"] for e in events] == ["USD", "GBP", None]


def test_committee_is_the_contact_roles_else_the_opportunitys_own_contact() -> None:
    deals = [{"Id": "0061", "ContactId": "0039"}, {"Id": "0062", "ContactId": "0039"}]
    role = {
        "Id": "r",
        "OpportunityId": "0061",
        "ContactId": "0031",
        "Role": "Buyer",
        "IsPrimary": "1",
    }
    people = made("deal_contact", Opportunity=deals, OpportunityContactRole=[role])
    assert {(p["deal_id"], p["person_id"]) for p in people} == {("0061", "0031"), ("0062", "0039")}


def test_a_contact_with_two_roles_on_a_deal_stays_its_primary_contact() -> None:
    role = {"OpportunityId": "0061", "ContactId": "0031", "IsPrimary": "0"}
    roles = [
        role | {"Id": "r1", "Role": "Decision Maker", "IsPrimary": "1"},
        role | {"Id": "r2", "Role": "Evaluator", "SystemModstamp": "2026-02-01T00:00:00Z"},
        role | {"Id": "r3", "ContactId": "0032", "Role": "Buyer"},
        role | {"Id": "r4", "ContactId": "0033", "Role": "Buyer", "IsPrimary": "true"},
        role | {"Id": "r5", "ContactId": "0033", "Role": "Influencer", "IsPrimary": "true"},
    ]
    kept = [(p["person_id"], p["role"]) for p in made("deal_contact", OpportunityContactRole=roles)]
    assert sorted(kept) == [
        ("0031", "Decision Maker"), ("0032", "Buyer"), ("0033", "Buyer"), ("0033", "Influencer"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("site", "domain"),
    [
        ("www.HillGroup.com", "hillgroup.com"),
        ("https://www.acme.co.uk/about?x=1", "acme.co.uk"),
        ("http://acme.com:8080", "acme.com"),
        ("acme.com", "acme.com"),
        (None, None),
    ],
)
def test_domain_is_the_bare_host_of_the_website(site: str | None, domain: str | None) -> None:
    assert only("account", Account=[{"Id": "1", "Name": "A", "Website": site}])["domain"] == domain


@pytest.mark.parametrize(
    ("user", "team"),
    [
        ({"Department": "Marketing"}, "marketing"),
        ({"UserRole.Name": "Sales Development Rep"}, "sales_development"),
        ({"Title": "Account Executive"}, "sales"),
        ({"Title": "Marketing Sales Liaison"}, None),
        ({"Department": "Sales", "Title": "Account Executive, Marketing Solutions"}, None),
        ({"Department": "Marketing & Vertrieb"}, None),
        ({"Department": "Marketing", "Title": "Head of Demand Generation"}, "marketing"),
        ({"Department": "Sales & Marketing"}, None),
        ({"Department": "Marketing und Sales", "Title": "SDR"}, "sales_development"),
        ({"Department": "Finance"}, None),
    ],
)
def test_team_is_read_from_words_else_unknown(user: dict[str, str], team: str | None) -> None:
    assert only("member", User=[{"Id": "0051", "Username": "u", **user}])["team"] == team


def test_a_report_with_labels_for_headers_is_recognised() -> None:
    leads = ("Lead ID", "First Name", "Last Name", "Lead Source", "Lead Status", "Created Date")
    assert recognise("report1.csv", leads, builtin_sources().values()).object == "Lead"
    deals = ("Opportunity ID", "Opportunity Name", "Stage", "Amount", "Close Date", "Lead Source")
    match = recognise("report2.csv", deals, builtin_sources().values())
    assert (match.source.name, match.object) == ("salesforce", "Opportunity")
    assert match.mapping["StageName"] == "Stage"


def test_a_users_source_replaces_one_select_and_inherits_the_rest(tmp_path: Path) -> None:
    ours = load_source(write_source_by_date_added(tmp_path / "ours"))
    member = {"Id": "m1", "ContactId": "0031", "Added_Date__c": "2023-06-18"}
    (touch,) = produce(ours, "touch", {"CampaignMember": [member]})
    assert (touch["kind"], touch["occurred_at"]) == ("campaign_added", "2023-06-18")
    assert set(ours.selects) == set(SALESFORCE.selects)
    task = {"Id": "1", "Status": "Completed", "TaskSubtype": "Call"}
    assert [t["kind"] for t in produce(ours, "touch", {"Task": [task]})] == ["call"]


def test_a_report_with_a_row_for_each_contact_role_says_who_is_primary() -> None:
    deal = {"Id": "0061", "StageName": "Prospecting", "ContactRole": "Evaluator"}
    rows: Rows = [
        {**deal, "ContactId": "0031", "IsPrimary": "1"},
        {**deal, "ContactId": "0032", "IsPrimary": "0"},
    ]
    people = made("deal_contact", Opportunity=rows)
    assert sorted((p["person_id"], p["is_primary"]) for p in people) == [
        ("0031", "1"),
        ("0032", "0"),
    ]
    alone = only("deal_contact", Opportunity=[{"Id": "0062", "ContactId": "0033"}])
    assert alone["is_primary"] == "true", "the contact that an opportunity itself names"


def test_contact_roles_that_a_query_took_along_are_who_takes_part() -> None:
    roles = '[{"ContactId": "0031", "Role": "User", "IsPrimary": false}, {"ContactId": "0032"}]'
    deal = {"Id": "0061", "ContactId": "0032", "OpportunityContactRoles.records": roles}
    people = made("deal_contact", Opportunity=[deal])
    assert sorted((p["person_id"], p["role"], p["is_primary"]) for p in people) == [
        ("0031", "User", "false"),
        ("0032", None, None),
    ]


def test_a_converted_amount_counts_where_it_stands_alone() -> None:
    report = {"Id": "0061", "Opportunity Currency": "USD", "Amount (converted)": "3600.00"}
    deal = only("deal", Opportunity=[{**report, "Amount (converted) Currency": "EUR"}])
    assert (deal["amount"], deal["currency"]) == ("3600.00", "EUR")
    assert only("deal", Opportunity=[report])["currency"] is None
    both = only("deal", Opportunity=[{**report, "Amount": "4000.00"}])
    assert (both["amount"], both["currency"]) == ("4000.00", "USD")


def test_a_report_of_activities_names_people_by_their_own_columns() -> None:
    done = {"Status": "Completed", "ActivityDate": "2024-01-02", "Owner.Name": "Ann Berg"}
    rows = [
        {**done, "Id": "1", "LeadId": "00Q1"},
        {**done, "Id": "2", "ContactId": "0031"},
        {**done, "Id": "3", "WhoId": "00Q2"},
    ]
    told = [(r["person_id"], r["lead_id"], r["actor_id"]) for r in made("touch", Task=rows)]
    assert told == [
        ("00Q1", "00Q1", "Ann Berg"),
        ("0031", None, "Ann Berg"),
        ("00Q2", "00Q2", "Ann Berg"),
    ]
    event = {"Id": "4", "StartDateTime": "2024-01-02T10:00:00Z", "LeadId": "00Q1"}
    assert only("touch", Event=[event])["person_id"] == "00Q1"
    headers = ["Activity ID", "Date", "Status", "Assigned", "Subject", "Lead ID"]
    match = recognise("report.csv", headers, builtin_sources().values(), None, _ids)
    assert match.object == "Task"
    lacking = [*headers[:-1], "Company / Account"]
    with pytest.raises(SourceError, match="'Who ID' or 'Lead ID' or 'Contact ID' is missing"):
        recognise("report.csv", lacking, builtin_sources().values(), None, _ids)


def test_a_report_of_the_history_of_opportunities_gives_stages() -> None:
    headers = [
        "Opportunity Name",
        "From Stage",
        "To Stage",
        "Amount",
        "Last Modified",
        "Opportunity ID",
    ]
    match = recognise("report.csv", headers, builtin_sources().values(), None, _ids)
    assert match.object == "OpportunityHistory"
    rows = [
        {"OpportunityId": "0061", "FromStage": a, "StageName": b, "CreatedDate": day}
        for a, b, day in (("", "Talks", "1/2/2024"), ("Talks", "Talks", "1/3/2024"),
                          ("Talks", "Won", "1/4/2024"))
    ]  # fmt: skip
    told = [
        (r["stage"], r["entered_at"]) for r in made("deal_stage_event", OpportunityHistory=rows)
    ]
    assert told == [("Talks", "1/2/2024"), ("Won", "1/4/2024")]


def _ids(header: str) -> list[str]:
    kinds = {"Activity ID": "00T", "Lead ID": "00Q", "Opportunity ID": "006"}
    return [f"{kinds.get(header, '')}5e00000AAAAA"]


def test_a_report_names_the_owner_and_a_queue_is_nobody() -> None:
    leads = [
        {"Id": "00Q1", "Owner.Name": "Ann Berg"},
        {"Id": "00Q2", "Owner.Name": "Inbound Queue"},
        {"Id": "00Q3", "Owner.Name": "Bo Lund"},
        {"Id": "00Q4", "Owner.Name": "Ann Berg", "OwnerId": "00G1"},
        {"Id": "00Q5", "Owner.Name": "Ann Berg", "OwnerId": "0052"},
    ]
    found = produce(SALESFORCE, "lead", {"Lead": leads})
    assert [row["owner_id"] for row in found] == ["Ann Berg", None, "Bo Lund", None, "0052"]
    deal = {"Id": "0061", "Name": "A", "StageName": "Won", "Owner.Name": "Ann Berg"}
    (named,) = produce(SALESFORCE, "deal", {"Opportunity": [deal]})
    assert named["owner_id"] == "Ann Berg"


def test_a_person_account_is_a_person_of_its_own_unless_the_contact_came_too() -> None:
    account = {"Id": "001000000000001AAA", "Name": "Ann Berg", "IsPersonAccount": "true",
               "PersonEmail": "ann@x.de", "PersonContactId": "003000000000001AAA"}  # fmt: skip
    company = {**account, "Id": "001000000000002AAA", "IsPersonAccount": "false"}
    (person,) = produce(SALESFORCE, "person", {"Account": [account, company]})
    assert (person["person_id"], person["account_id"]) == (
        account["PersonContactId"],
        account["Id"],
    )
    contact = {"Id": account["PersonContactId"], "LastName": "Berg", "Title": "CEO"}
    files = {"Account": [account], "Contact": [contact]}
    assert [p["title"] for p in produce(SALESFORCE, "person", files)] == ["CEO"]
