"""Drafts of activities, deals, colleagues and subscribers: what was held, how it ended."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook
from profile_views import produce

from smarketing.sources import Source, load_source, scaffold
from smarketing.sources.recognition import recognise


def drafted(folder: Path, name: str, *lines: str) -> Source:
    file = folder / f"{name}.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_source(scaffold([file], "ours", folder / "ours"))


def rows(folder: Path, name: str, table: str, *lines: str) -> list[dict[str, str]]:
    """Return what a drafted source makes of the file it was drafted from."""
    source = drafted(folder, name, *lines)
    [item] = source.objects
    header = lines[0].split(",")
    given = [dict(zip(header, line.split(","), strict=True)) for line in lines[1:]]
    return produce(source, table, {item: given})


def test_activities_name_whom_they_are_linked_to_and_only_what_was_held_counts(
    tmp_path: Path,
) -> None:
    meetings = rows(
        tmp_path, "all-meetings", "touch",
        "Record ID,Activity date,Meeting outcome,Activity assigned to,Associated Contact IDs",
        "1,2026-03-01 10:00,Completed,Ann,901", "2,2026-03-02 10:00,Scheduled,Ann,902",
        "3,2026-03-03 10:00,No Show,Ann,903", "4,2026-03-04 10:00,,Ann,904",
    )  # fmt: skip
    assert [(r["person_id"], r["kind"], r["side"]) for r in meetings] == [
        ("901", "meeting", "sales"),
        ("904", "meeting", "sales"),
    ]


def test_a_task_that_is_open_is_only_planned_and_an_email_that_is_open_was_read(
    tmp_path: Path,
) -> None:
    head = "Activity ID,Date,Status,Contact ID"
    for folder in ("tasks", "mails"):
        (tmp_path / folder).mkdir()
    tasks = rows(tmp_path / "tasks", "tasks", "touch", head,
        "1,2026-03-01,Completed,c1", "2,2026-03-02,Open,c2")  # fmt: skip
    mails = rows(tmp_path / "mails", "newsletter events", "touch", head,
        "1,2026-03-01,click,c1", "2,2026-03-02,open,c2")  # fmt: skip
    assert [r["person_id"] for r in tasks] == ["c1"]
    assert [r["person_id"] for r in mails] == ["c1", "c2"]


def test_calls_are_known_by_their_own_id_and_by_who_began_them(tmp_path: Path) -> None:
    calls = rows(
        tmp_path, "call_list", "touch",
        "country_code,datetime,direction,contact_id,user,call ID",
        "DE,2026-03-01 10:00:00,Outgoing,c1,Ann,77", "FR,2026-03-02 10:00:00,Incoming,c2,Bo,78",
    )  # fmt: skip
    assert [(r["touch_id"], r["kind"], r["direction"]) for r in calls] == [
        ("77", "call", "outbound"),
        ("78", "call", "inbound"),
    ]


@pytest.mark.parametrize(
    ("name", "said", "found"),
    [
        ("call log", "Outgoing Incoming Missed", "call outbound, call inbound, call missed"),
        ("Anrufe", "Ausgehend Eingehend", "call outbound, call inbound"),
        ("activities", "Outgoing_call Meeting", "call outbound, meeting None"),
    ],
)
def test_who_began_a_call_may_stand_as_its_type(
    tmp_path: Path, name: str, said: str, found: str
) -> None:
    lines = [f"{n},2026-03-0{n},{way},Ann,L{n}" for n, way in enumerate(said.split(), start=1)]
    made = rows(tmp_path, name, "touch", "Call ID,Date,Type,Agent,Lead ID", *lines)
    assert ", ".join(f"{r['kind']} {r['direction']}" for r in made) == found


def test_who_began_a_call_is_known_by_its_values_and_asked_where_a_flag_says_it(
    tmp_path: Path,
) -> None:
    for folder in ("values", "flag"):
        (tmp_path / folder).mkdir()
    head, lines = "Call ID,Date,Agent,Lead ID,", ("1,2026-03-01,Ann,L1,", "2,2026-03-02,Ann,L2,")
    made = rows(tmp_path / "values", "calls", "touch", f"{head}Call Type",
        f"{lines[0]}OUTBOUND", f"{lines[1]}INBOUND")  # fmt: skip
    assert [(r["kind"], r["direction"]) for r in made] == [
        ("call", "outbound"),
        ("call", "inbound"),
    ]
    source = drafted(
        tmp_path / "flag", "calls", f"{head}Inbound?", f"{lines[0]}No", f"{lines[1]}Yes"
    )
    [question] = source.objects["calls"].undecided
    assert "'Inbound?'" in question and "who began" in question


def test_an_event_that_many_registered_for_is_no_id_of_a_registration(tmp_path: Path) -> None:
    made = rows(
        tmp_path, "webinar registrations", "touch", "Event ID,Registered at,Contact ID,No show",
        "w1,2026-03-01 10:00,c1,Yes", "w1,2026-03-01 11:00,c2,No",
    )  # fmt: skip
    assert len({r["touch_id"] for r in made}) == 2, "and who did not come has registered"


def test_emails_of_colleagues_are_not_taken_for_marketing(tmp_path: Path) -> None:
    source = drafted(
        tmp_path, "emails", "Record ID,Date,Email subject,Assigned to,Contact ID",
        "1,2026-03-01 10:00,Hello,Ann,901",
    )  # fmt: skip
    assert "whose work" in source.objects["emails"].undecided[0]


@pytest.mark.parametrize(
    ("name", "more", "values"),
    [
        ("contacts", "Status", ["Unsubscribed", "Active"]),
        ("profiles", "Consent", ["UNSUBSCRIBED", "NEVER_SUBSCRIBED"]),
        ("unsubscribed_members", "UNSUB_TIME", ["2026-02-10 09:01:00", ""]),
        ("contacts", "Opted out", ["yes", ""]),
    ],
)
def test_who_wants_no_email_is_told_by_words_and_by_the_day(
    tmp_path: Path, name: str, more: str, values: list[str]
) -> None:
    lines = (f"{n},a{n}@b.de,Ann,Ek,{said}" for n, said in enumerate(values))
    people = rows(tmp_path, name, "person", f"ID,Email,First name,Last name,{more}", *lines)
    told = [row["email_opt_out"] for row in people]
    assert (told[0] or "").strip() in ("true", "yes") and not (told[1] or "").strip()


def test_colleagues_have_their_whole_names(tmp_path: Path) -> None:
    users = rows(tmp_path, "users", "member", "User ID,First Name,Last Name,Role", "1,Ann,Ek,Rep")
    assert [(r["member_id"], r["name"], r["role"]) for r in users] == [("1", "Ann Ek", "Rep")]


@pytest.mark.parametrize(
    ("name", "lines", "asked"),
    [
        (
            "leads",
            [
                "Number,Name,Status,Value,Closed",
                "1001,A,Won,5,2026-01-30",
                "1002,B,Lost,7,2026-01-31",
            ],
            "called like leads",
        ),
        (
            "deals",
            ["ID,Amount,Stage,Closed on,Active", "1,5,Won,2026-01-30,True", "2,7,Talks,,False"],
            "says no for some deals",
        ),
        (
            "deals",
            [
                "ID,Amount,Stage,Closed,Created,End date",
                "1,5,A,Yes,2026-01-01,2026-01-30",
                "2,7,B,No,2026-01-02,2026-03-01",
            ],
            "the day a deal was closed",
        ),
        (
            "deals",
            ["ID,Deal size (k€),Stage,Closed on", "1,5.5,Won,2026-01-30", "2,7,Talks,"],
            "thousands or millions",
        ),
        (
            "leads",
            ["ID,Lead name,Lead stage,Sale,Closed at", "11,A,Closed - won,5,2026-01-30"],
            "called like leads",
        ),
        (
            "leads",
            [
                "ID,Lead name,Lead stage,Sale,Closed at",
                "11,A,Closed - won,5,2026-01-30",
                "12,B,Talks,7,not closed",
            ],
            "called like leads",
        ),
        (
            "deals",
            ["ID,Value,Milestone,Closed on,Basis", "1,5,Won,2026-01-30,Fixed", "2,7,Bid,,Month"],
            "says that amounts are for a time",
        ),
        (
            "deals",
            ["ID,Value,Where,Closed on", "1,5,Won,2026-01-30", "2,7,Talks,"],
            "the stage or the outcome of a deal: 'Where'",
        ),
        (
            "call log",
            [
                "Date,Agent,Contact name,Contact number,Contact email,Call type",
                "2026-01-30,Bob,Ann,+49 30 1,a@x.de,Outgoing",
                "2026-01-31,Bob,Ann,+49 30 1,a@x.de,Missed",
            ],
            "called like activities",
        ),
        (
            "rates",
            ["Date,Currency,Rate", "2026-01-30,USD,1.08", "2026-01-30,GBP,0.86"],
            "worth in the agreement's (0.92 EUR for 1 USD)",
        ),
        (
            "users",
            ["User id,Name,Email,Signed up,Last seen", "u1,Ann,a@x.de,2026-01-30,2026-02-01"],
            "'Signed up' speaks of who uses what you sell",
        ),
    ],
)
def test_what_may_be_won_lost_or_gone_is_asked(
    tmp_path: Path, name: str, lines: list[str], asked: str
) -> None:
    source = drafted(tmp_path, name, *lines)
    [item] = source.objects.values()
    assert any(asked in question for question in item.undecided)


def test_a_year_of_a_deal_is_in_the_units_of_its_amount_and_what_is_paid_once_brings_none(
    tmp_path: Path,
) -> None:
    once = rows(
        tmp_path, "deals", "deal",
        "id,value,value_formatted,annualized_value,value_period,status_type,date_won",
        '1,120050,€1200.50,120050,one_time,won,2026-01-30',
    )  # fmt: skip
    assert "recurring_amount" not in once[0]
    (tmp_path / "yearly").mkdir()
    [row] = rows(
        tmp_path / "yearly", "deals", "deal",
        "id,value_cents,annual_value_cents,status,closed_at", "1,120050,120050,won,2026-01-30",
    )  # fmt: skip
    assert {float(row["amount"]), float(row["recurring_amount"])} == {1200.5}


def test_who_signed_up_by_an_address_alone_is_a_person_and_did_something(tmp_path: Path) -> None:
    lines = (
        "What is your email?,First Name,Last Name,Submit Date (UTC),utm_campaign",
        "Ana@X.de,Ana,Berg,2026-03-01 10:00:00,Winter",
        "ana@x.de ,Ana,Berg,2026-03-02 10:00:00,Winter",
        "bo@y.de,Bo,Dahl,2026-03-02 11:00:00,",
    )
    for folder in ("touch", "person"):
        (tmp_path / folder).mkdir()
    acts = rows(tmp_path / "touch", "form submissions", "touch", *lines)
    assert [(r["person_id"], r["kind"], r["side"], r["occurred_at"][:10]) for r in acts] == [
        ("ana@x.de", "form_submission", "marketing", "2026-03-01"),
        ("ana@x.de", "form_submission", "marketing", "2026-03-02"),
        ("bo@y.de", "form_submission", "marketing", "2026-03-02"),
    ]
    people = rows(tmp_path / "person", "form submissions", "person", *lines)
    assert sorted(r["person_id"] for r in people) == ["ana@x.de", "bo@y.de"]


def test_who_signed_up_did_so_on_that_day_and_not_on_the_one_of_the_event(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    webinar = rows(
        tmp_path / "a", "registrants", "touch",
        "Event Name,Event Date,Registration Date,First Name,Email,Attended Live",
        "Spring demo,2026-03-10 15:00,2026-03-01 10:00,Ana,a@x.de,No",
        "Spring demo,2026-03-10 15:00,2026-03-02 10:00,Bo,b@y.de,Yes",
    )  # fmt: skip
    assert [(r["occurred_at"][:10], r["content"], r.get("kind")) for r in webinar] == [
        ("2026-03-01", "Spring demo", "event_registered"),
        ("2026-03-02", "Spring demo", "event_attended"),
    ]
    tickets = rows(
        tmp_path / "b", "attendees", "touch",
        "Order #,Order Date,First Name,Surname,Email,Attendee #,Attendee Status,Event Name",
        "1,2026-03-01 10:00,Ana,Berg,a@x.de,901,Attending,Summit",
        "2,2026-03-02 10:00,Bo,Dahl,b@y.de,902,Not Attending,Summit",
    )  # fmt: skip
    assert [(r["person_id"], r["occurred_at"][:10]) for r in tickets] == [("a@x.de", "2026-03-01")]


def test_a_day_of_signing_up_that_cannot_be_read_is_not_the_one_of_the_event(
    tmp_path: Path,
) -> None:
    lines = ("Order Date,Email,Event Name,Event Start Date", "last week,a@x.de,Summit,2026-12-12")
    [item] = drafted(tmp_path, "attendees", *lines).objects.values()
    [question] = item.undecided
    assert question.startswith("column 'Order Date' is called like the day somebody signed up")


def test_a_list_of_addresses_stays_one_of_people(tmp_path: Path) -> None:
    source = drafted(
        tmp_path, "newsletter emails", "Email,First Name,Last Name,Date", "a@x.de,A,B,2026-03-01"
    )
    assert set(source.selects) == {"person"}


def test_who_signed_up_is_one_touch_whether_they_came_or_came_back(tmp_path: Path) -> None:
    attendees = rows(
        tmp_path, "webinar attendees", "touch",
        "Attended,User Name,Email,Registration Time,Join Time",
        "Yes,Ada Berg,ada@acme.test,2026-03-02 09:12,2026-03-11 16:00",
        "No,Tom Fuchs,tom@fuchs.test,2026-03-03 11:02,--",
        "Yes,Ada Berg,ada@acme.test,2026-03-02 09:12,2026-03-11 17:00",
    )  # fmt: skip
    assert [(r["person_id"], r["kind"], r["occurred_at"]) for r in attendees] == [
        ("ada@acme.test", "webinar_attended", "2026-03-02 09:12"),
        ("tom@fuchs.test", "webinar_registered", "2026-03-03 11:02"),
    ]
    assert not any("actor_id" in row for row in attendees)


def test_who_holds_an_event_is_nobody_it_touches(tmp_path: Path) -> None:
    source = drafted(
        tmp_path, "attendee",
        "Host Details", "Attended,User Name,Email,Join Time", "Yes,Ina,ina@ours.test,2026-03-11",
        "Attendee Details", "Attended,User Name,First Name,Email,Registration Time",
        "Yes,Ada Berg,Ada,ada@acme.test,2026-03-02 09:12",
    )  # fmt: skip
    host, attendee = source.objects
    assert "none of those whom it touches" in str(source.objects[host].ignored)
    assert {s.object for group in source.selects.values() for s in group} == {attendee}


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        pytest.param(
            "deals",
            [
                "Deal - ID,Deal - Wert,Deal - Status,Deal - Gewonnen-Datum,Deal - Verloren-Datum",
                "1,1000,Gewonnen,2026-02-01,",
                "2,500,Verloren,,2026-02-03",
                "3,700,Offen,,",
            ],
            id="pipedrive in German",
        ),
        pytest.param(
            "crm_deal",
            [
                "ID,TITLE,Total,STAGE_SEMANTIC_ID,CLOSEDATE,DATE_CREATE",
                "1,A,1000,S,2026-02-01,2026-01-01",
                "2,B,500,F,2026-02-03,2026-01-01",
                "3,C,700,P,2026-06-03,2026-01-01",
            ],
            id="letters of semantics",
        ),
        pytest.param(
            "leads",
            [
                "ID,Lead title,Lead tags,Main contact,Created at,Sale,Stage,Closed at,Status",
                "1,A,,Ada,2026-01-01,1000,x,2026-02-01,won",
                "2,B,,Tom,2026-01-01,500,x,2026-02-03,lost",
                "3,C,,Eva,2026-01-01,700,x,,open",
            ],
            id="deals called leads",
        ),
    ],
)
def test_how_and_when_deals_ended(tmp_path: Path, name: str, lines: list[str]) -> None:
    found = rows(tmp_path, name, "deal", *lines)
    assert [(r["deal_id"], r["amount"], r["outcome"]) for r in found] == [
        ("1", "1000", "won"),
        ("2", "500", "lost"),
        ("3", "700", "open"),
    ]
    closed = [r.get("closed_at") for r in found]
    assert closed[:2] == ["2026-02-01", "2026-02-03"]


def test_an_amount_that_is_called_like_its_record_is_asked_about(tmp_path: Path) -> None:
    source = drafted(
        tmp_path, "crm_deal",
        "ID,TITLE,OPPORTUNITY,Status,CLOSEDATE,DATE_CREATE",
        "1,A,1000.00,Won,2026-02-01,2026-01-01", "2,B,500.50,Lost,2026-02-03,2026-01-01",
    )  # fmt: skip
    (question,) = source.objects["crm_deal"].undecided
    assert "which column holds the amount of a deal: 'OPPORTUNITY'" in question


def test_what_tells_won_from_lost_goes_before_what_says_that_a_deal_is_over(
    tmp_path: Path,
) -> None:
    found = rows(
        tmp_path, "opportunities", "deal",
        "Opportunity ID,Name,Status,Outcome,Stage,Value,Created At,Closed At",
        "1,A,Closed,Won,Contract,1000,2026-01-03,2026-02-01",
        "2,B,Closed,Lost,Contract,500,2026-01-04,2026-02-03",
        "3,C,Active,,Demo,700,2026-01-05,",
    )  # fmt: skip
    assert [(r["outcome"], r["stage"]) for r in found] == [
        ("won", "Contract"),
        ("lost", "Contract"),
        ("open", "Demo"),
    ]


def test_the_events_of_e_mails_are_called_as_the_agreement_calls_them(tmp_path: Path) -> None:
    """What was only sent, or read, is no touch by default: under a name of its own it would be."""
    found = rows(
        tmp_path, "email_events", "touch",
        "Event ID,Event Type,Recipient,Timestamp",
        "e1,Delivered,ada@acme.test,2026-01-13T09:00:00Z",
        "e2,Email Open,ada@acme.test,2026-01-13T09:10:00Z",
        "e3,click,ada@acme.test,2026-01-13T09:11:00Z",
        "e4,bounce,tom@fuchs.test,2026-01-13T09:00:00Z",
        "e5,survey,tom@fuchs.test,2026-01-13T09:00:00Z",
    )  # fmt: skip
    kinds = ["email_sent", "email_open", "email_click", "email_sent", "survey"]
    assert [r["kind"] for r in found] == kinds
    (tmp_path / "activities").mkdir()
    found = rows(
        tmp_path / "activities", "forms", "touch",
        "Id,Lead ID,Activity Date,Activity Type",
        "a1,1,2026-01-03T10:00:00Z,Fill Out Form", "a2,1,2026-01-04T10:00:00Z,Open Email",
        "a3,1,2026-01-04T10:00:00Z,Send Email",
    )  # fmt: skip
    assert [r["kind"] for r in found] == ["Fill Out Form", "email_open", "email_sent"]


def test_the_time_beside_the_day_of_a_call_is_its_time_and_a_telephone_no_company(
    tmp_path: Path,
) -> None:
    (call,) = rows(
        tmp_path, "calls", "touch",
        "Call ID,Date,Time,Agent,Customer Number,Contact ID,Result",
        "c1,13.01.2026,09:05:00,Ina,+4917012345,901,Answered",
    )  # fmt: skip
    assert call["occurred_at"] == "13.01.2026 09:05:00"
    assert call["actor_id"] == "Ina" and "account_id" not in call


def test_answers_of_a_form_are_touches_at_their_time(tmp_path: Path) -> None:
    (found,) = rows(
        tmp_path, "Kontaktformular Antworten", "touch",
        "Zeitstempel,Vorname,Nachname,E-Mail-Adresse,Nachricht",
        "03.01.2026 10:05:12,Ada,Berg,ada@acme.test,Hallo",
    )  # fmt: skip
    assert (found["kind"], found["side"], found["occurred_at"]) == (
        "form_submission",
        "marketing",
        "03.01.2026 10:05:12",
    )


def test_who_signed_up_has_a_name_and_keeps_what_they_do_not_want(tmp_path: Path) -> None:
    source = drafted(
        tmp_path, "webinar attendees",
        "Attended,First Name,Last Name,Email,Registration Time,Unsubscribed",
        "Yes,Ada,Berg,ada@acme.test,2026-03-02 09:12,No",
    )  # fmt: skip
    [item] = source.objects
    row = {"Attended": "Yes", "First Name": "Ada", "Last Name": "Berg", "Email": "ada@acme.test"}
    given = [{**row, "Registration Time": "2026-03-02 09:12", "Unsubscribed": "No"}]
    (person,) = produce(source, "person", {item: given})
    assert (person["full_name"], person["email_opt_out"]) == ("Ada Berg", "No")


@pytest.mark.parametrize(
    ("header", "first", "second"),
    [
        ("Topic,Join Time", "Scaling,16:00", "Pricing,16:00"),
        ("Webinar ID,Time in Session", "811,45 min", "812,1h 20m"),
        ("Campaign,Country", "Spring,DE", "Summer,DE"),
        ("Registrant ID,Country", "R1,DE", "R2,DE"),
        ("Event date,Country", "2026-03-11,DE", "2026-03-18,DE"),
    ],
)
def test_what_somebody_signed_up_for_on_one_day_is_told_apart(
    tmp_path: Path, header: str, first: str, second: str
) -> None:
    signed = "ada@acme.test,2026-03-02"
    found = rows(
        tmp_path, "webinar registrations", "touch", f"Email,Registration date,Attended,{header}",
        f"{signed},Yes,{first}", f"{signed},No,{second}", f",2026-03-02,No,{first}",
        f",2026-03-02,No,{first}",
    )  # fmt: skip
    assert sorted(r["kind"] for r in found) == ["webinar_attended", *["webinar_registered"] * 3]


def test_coming_back_is_told_by_times_and_spans_of_time(tmp_path: Path) -> None:
    found = rows(
        tmp_path, "webinar registrations", "touch",
        "Email,Registration date,Attended,Session start,Session duration",
        "ada@acme.test,2026-03-02,Yes,2026-03-11 16:00,45 min",
        "ada@acme.test,2026-03-02,Yes,2026-03-11 17:00,1h 20m",
    )  # fmt: skip
    assert len(found) == 1


@pytest.mark.parametrize(
    ("name", "header"),
    [("email activity", "Action"), ("newsletter events", "Event"), ("email log", "Result")],
)
def test_what_became_of_e_mails_is_read_whatever_the_column_is_called(
    tmp_path: Path, name: str, header: str
) -> None:
    told = ["Sent", "open", "click", "Spam complaint", "unsub"]
    lines = [f"ada@acme.test,2026-03-02,{said}" for said in told]
    found = rows(tmp_path, name, "touch", f"Recipient,Date,{header}", *lines)
    kinds = ["email_sent", "email_open", "email_click", "email_sent", "unsubscribe"]
    assert [r["kind"] for r in found] == kinds


def test_who_was_taken_off_the_list_of_an_event_signed_up_for_nothing(tmp_path: Path) -> None:
    found = rows(
        tmp_path, "event attendees", "touch", "Order no.,Email,Order Date,Attendee Status,Ticket",
        "1,ada@acme.test,2026-03-02,Attending,Day", "2,tom@fuchs.test,2026-03-02,Deleted,Day",
    )  # fmt: skip
    assert [r["person_id"] for r in found] == ["ada@acme.test"]


def _book(folder: Path, name: str, header: list[str], sheets: dict[str, list[object]]) -> Source:
    book = Workbook()
    for number, (title, row) in enumerate(sheets.items()):
        sheet = book.create_sheet(title)
        sheet.append([*header, title] if number else header)
        sheet.append([*row, "x"] if number else row)
    del book["Sheet"]
    book.save(folder / name)
    return load_source(scaffold([folder / name], "ours", folder / "ours"))


SIGNED_UP = ["Email", "First name", "Registration date", "Session"]
GUEST: list[object] = ["ada@acme.test", "Ada", "2026-03-02 09:12", "Keynote"]


def test_a_sheet_of_speakers_is_passed_over_beside_one_of_attendees_only(tmp_path: Path) -> None:
    for number, other in enumerate(("Attendees", "Waitlist")):
        (folder := tmp_path / str(number)).mkdir()
        source = _book(folder, "webinar.xlsx", SIGNED_UP, {"Speakers": GUEST, other: GUEST})
        assert bool(source.objects["Speakers"].ignored) == (other == "Attendees")


def test_costs_of_speakers_are_costs(tmp_path: Path) -> None:
    spent: list[object] = ["2026-01-05", "Ann", "Event", 1000.5, "EUR"]
    header = ["Date", "Vendor", "Category", "Amount", "Currency"]
    source = _book(tmp_path, "costs.xlsx", header, {"Speakers": spent, "Attendees": spent})
    assert not any(item.ignored for item in source.objects.values())


def test_an_object_of_hosts_claims_no_list_of_others(tmp_path: Path) -> None:
    source = _book(tmp_path, "webinar.xlsx", SIGNED_UP, {"Speakers": GUEST, "Attendees": GUEST})
    found = {
        title: recognise(f"webinar.xlsx[{title}]", SIGNED_UP, [], source).object
        for title in ("Speakers", "Panelists", "Attendees", "Guests")
    }
    assert found == {
        "Speakers": "Speakers",
        "Panelists": "Speakers",
        "Attendees": "Attendees",
        "Guests": "Attendees",
    }


@pytest.mark.parametrize(
    "told",
    [
        ("Status,Result", "Closed,Approved", "Open,Rejected"),
        ("State,Status,Result", "Inactive,Signed,Success", "Active,Talks,Failed"),
    ],
)
def test_two_words_for_how_a_deal_ended_that_may_differ_are_asked_about(
    tmp_path: Path, told: tuple[str, str, str]
) -> None:
    source = drafted(
        tmp_path, "deals", f"Deal ID,Amount,Currency,{told[0]},Created,Closed",
        f"1,100.00,EUR,{told[1]},2026-01-05,2026-02-01", f"2,9.50,EUR,{told[2]},2026-01-05,",
    )  # fmt: skip
    assert "which column holds how a deal ended" in str(source.objects["deals"].undecided)


@pytest.mark.parametrize(
    ("header", "came", "away"),
    [
        ("Attended", "Yes", "No show"),
        ("Attended", "Attended", "Absent"),
        ("Status", "Attended", "No-show"),
        ("Status", "Teilgenommen", "Nicht erschienen"),
        ("Attendee Status", "Checked In", "Attending"),
        ("Teilnahmestatus", "Teilgenommen", "Angemeldet"),
    ],
)
def test_who_did_not_show_up_attended_nothing(
    tmp_path: Path, header: str, came: str, away: str
) -> None:
    lines = (
        f"Email,Registration Date,{header}", f"a@x.de,2026-03-01,{came}",
        f"b@x.de,2026-03-02,{away}", f"c@x.de,2026-03-03,{came}",
    )  # fmt: skip
    made = rows(tmp_path, "webinar attendees", "touch", *lines)
    assert [r["kind"].removeprefix("webinar_") for r in made] == [
        "attended", "registered", "attended",
    ]  # fmt: skip


def test_who_called_off_by_a_status_of_any_name_is_left_out(tmp_path: Path) -> None:
    lines = (
        "Email,Registration Date,Badge status", "a@x.de,2026-03-01,Attended",
        "b@x.de,2026-03-02,Absent", "c@x.de,2026-03-03,Cancelled",
    )  # fmt: skip
    made = rows(tmp_path, "webinar attendees", "touch", *lines)
    assert [r["kind"] for r in made] == ["webinar_attended", "webinar_registered"]


def test_a_column_called_after_who_came_that_says_it_otherwise_is_asked_about(
    tmp_path: Path,
) -> None:
    lines = ("Email,Registration Date,Attended", "a@x.de,2026-03-01,platinum", "b@x.de,2026-03-01,")
    [item] = drafted(tmp_path, "webinar attendees", *lines).objects.values()
    assert "column 'Attended' holds 'platinum'" in item.undecided[0]


@pytest.mark.parametrize("header", ["Previous webinar", "Joined before", "Last event status"])
def test_who_came_to_another_event_is_asked_about(tmp_path: Path, header: str) -> None:
    lines = (f"Email,Registration Date,{header}", "a@x.de,2026-03-01,Attended",
        "b@x.de,2026-03-02,No-show")  # fmt: skip
    [item] = drafted(tmp_path, "webinar attendees", *lines).objects.values()
    assert f"'{header}' holds 'Attended', and nothing says whether" in item.undecided[0]


def test_the_outcome_of_a_meeting_is_read_in_dutch(tmp_path: Path) -> None:
    said = ("Gehouden", "Niet verschenen", "Geannuleerd", "Gepland")
    lines = [f"B{n},{n}@x.de,2026-03-01 10:00,{word}" for n, word in enumerate(said)]
    lines = ["Afspraak-ID,E-mail,Starttijd,Uitkomst", *lines]
    assert len(rows(tmp_path, "afspraken meetings", "touch", *lines)) == 1


def test_a_form_that_is_handed_in_is_no_planned_activity(tmp_path: Path) -> None:
    lines = (
        "Submission ID,Submitted at,Email,Status", "s0,2026-03-01,a@x.de,In progress",
        "s1,2026-03-02,b@x.de,Done", "s2,2026-03-03,c@x.de,Waiting",
    )  # fmt: skip
    assert len(rows(tmp_path, "form submissions", "touch", *lines)) == 3


def test_words_of_a_later_list_are_read_as_those_of_the_first(tmp_path: Path) -> None:
    lines = ("Email,Registration Date,Status", "a@x.de,2026-03-01,Attended",
        "b@x.de,2026-03-02,No-show")  # fmt: skip
    source = drafted(tmp_path, "webinar attendees", *lines)
    later = [{"Email": f"{n}@x.de", "Registration Date": "2026-04-01", "Status": said}
        for n, said in enumerate(("Joined", "Absent", "Cancelled", "platinum", ""))]  # fmt: skip
    made = produce(source, "touch", {"webinar_attendees": later})
    assert [(r["kind"], r["_unknown"]) for r in made] == [
        ("webinar_attended", None),
        ("webinar_registered", None),
        ("webinar_registered", "Status: platinum"),
        ("webinar_registered", None),
    ]


def test_a_word_among_flags_that_says_neither_yes_nor_no_is_refused(tmp_path: Path) -> None:
    lines = ("Email,Registration Date,Attended", "a@x.de,2026-03-01,Yes", "b@x.de,2026-03-02,No")
    source = drafted(tmp_path, "webinar attendees", *lines)
    later = [{"Email": f"{n}@x.de", "Registration Date": "2026-04-01", "Attended": said}
        for n, said in enumerate(("JA", "Joined", "Perhaps"))]  # fmt: skip
    made = produce(source, "touch", {"webinar_attendees": later})
    assert [(r["kind"], r["_unknown"]) for r in made] == [
        ("webinar_attended", None),
        ("webinar_attended", None),
        ("webinar_registered", "Attended: Perhaps"),
    ]


def test_who_came_was_met_when_it_is_told_and_else_signed_up(tmp_path: Path) -> None:
    header = "Email,Registered at,Attended,Attended at"
    lines = ("a@x.de,2026-01-25 10:00,true,2026-02-03 10:01", "b@x.de,2026-01-26 10:00,false,")
    found = rows(tmp_path, "registrants", "touch", header, *lines)
    assert [row["occurred_at"] for row in found] == ["2026-02-03 10:01", "2026-01-26 10:00"]


def test_who_only_signed_up_attended_nothing(tmp_path: Path) -> None:
    lines = ("Email,Registration Date", "a@x.de,2026-03-01")
    [made] = rows(tmp_path, "webinar registrations", "touch", *lines)
    assert made["kind"] == "webinar_registered"


def test_no_consent_is_no_e_mail(tmp_path: Path) -> None:
    lines = (
        "Contact ID,Email,First name,Email opt in",
        "1,a@x.de,A,No",
        "2,b@x.de,B,Yes",
        "3,c@x.de,C,",
    )
    made = rows(tmp_path, "contacts", "person", *lines)
    assert [r.get("email_opt_out") for r in made] == ["true", "false", None]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Status,Stage", "Won,Closed Lost"),
        ("Status,Outcome", "Won,Lost"),
        ("Status,Stage", "Open,Closed Won"),
        ("Is won,Is closed,Stage", "true,true,Closed Lost"),
    ],
)
def test_a_deal_of_which_two_columns_say_different_ends_has_none(
    tmp_path: Path, header: str, said: str
) -> None:
    ends = {
        "Status,Stage": ("Lost,Closed Lost", "Won,Closed Won"),
        "Status,Outcome": ("Lost,Lost", "Won,Won"),
        "Is won,Is closed,Stage": ("false,true,Closed Lost", "true,true,Closed Won"),
    }
    told = (said, *ends[header])
    lines = [f"{n},5,2026-03-01,{end}" for n, end in enumerate(told, start=1)]
    lines = [f"Deal ID,Value,Closed on,{header}", *lines]
    made = {r["deal_id"]: r.get("outcome") for r in rows(tmp_path, "deals", "deal", *lines)}
    assert made["1"] not in ("won", "lost", "open", "closed", None)
    assert (made["2"], made["3"]) == ("lost", "won")


def test_a_record_that_is_active_says_nothing_of_how_the_deal_ended(tmp_path: Path) -> None:
    lines = ("Deal ID,Value,Closed on,Status,Stage", "1,5,2026-03-01,Active,Closed Won")
    made = rows(tmp_path, "deals", "deal", *lines)
    assert [(r.get("outcome"), r["stage"]) for r in made] == [(None, "Closed Won")]


@pytest.mark.parametrize(
    "header", ["Contact email", "E-Mail Kontakt", "Primary contact email", "E-mail kontaktu"]
)
def test_the_address_of_a_deals_contact_says_who_takes_part(tmp_path: Path, header: str) -> None:
    lines = (f"Deal ID,Value,Status,Closed on,{header}", "1,5,Won,2026-03-01,Ana@X.de",
        "2,6,Lost,2026-03-01,b@x.de")  # fmt: skip
    taking = rows(tmp_path, "deals", "deal_contact", *lines)
    assert [(r["deal_id"], r["person_id"]) for r in taking] == [("1", "ana@x.de"), ("2", "b@x.de")]


@pytest.mark.parametrize("header", ["Sales contact email", "Contact email (sales rep)"])
def test_the_address_of_who_sells_is_no_contact_s(tmp_path: Path, header: str) -> None:
    lines = (f"Deal ID,Value,Status,Closed on,{header}", "1,5,Won,2026-03-01,ann@x.de",
        "2,6,Lost,2026-03-01,bob@x.de")  # fmt: skip
    [item] = drafted(tmp_path, "deals", *lines).objects.values()
    assert not item.undecided
    assert not (tmp_path / "ours" / "deal_contact.deals.sql").exists()
    assert (tmp_path / "ours" / "deal.deals.sql").exists()


def test_the_address_of_a_deals_contact_is_looked_up_among_people(tmp_path: Path) -> None:
    deals, people = tmp_path / "deals.csv", tmp_path / "contacts.csv"
    deals.write_text("Deal ID,Value,Status,Contact email\n1,5,Won,Ana@x.de\n2,6,Won,new@x.de\n")
    people.write_text("Contact ID,Email,First name\n77,ana@X.de,Ana\n")
    source = load_source(scaffold([deals, people], "ours", tmp_path / "ours"))
    given = {
        "deals": [{"Deal ID": "1", "Contact email": "Ana@x.de"},
                  {"Deal ID": "2", "Contact email": "new@x.de"}],
        "contacts": [{"Contact ID": "77", "Email": "ana@X.de"}],
    }  # fmt: skip
    made = produce(source, "deal_contact", given)
    assert [r["person_id"] for r in made] == ["77", "new@x.de"]
    assert {r["person_id"] for r in produce(source, "person", given)} == {"77", "new@x.de"}


def test_which_of_two_addresses_takes_part_is_asked(tmp_path: Path) -> None:
    lines = ("Deal ID,Value,Status,Contact email,Email", "1,5,Won,a@x.de,b@x.de")
    [item] = drafted(tmp_path, "deals", *lines).objects.values()
    assert item.undecided[0].startswith("several columns hold an e-mail address")


def test_whether_values_under_an_unknown_header_say_how_deals_ended_is_asked(
    tmp_path: Path,
) -> None:
    lines = ("Deal ID,Value,Closed on,Competitor bid", "1,5,2026-03-01,Won", "2,6,2026-03-02,Lost")
    [item] = drafted(tmp_path, "deals", *lines).objects.values()
    assert item.undecided[0].startswith("column 'Competitor bid' holds 'Won' and 'Lost'")
    (tmp_path / "known").mkdir()
    lines = (*lines, "3,7,2026-03-03,Won")
    lines = (f"{lines[0]},Stage", *(f"{line},Closed Won" for line in lines[1:]))
    [item] = drafted(tmp_path / "known", "deals", *lines).objects.values()
    assert not item.undecided, "the stage says it"


def test_a_consent_that_is_withdrawn_in_words_is_none(tmp_path: Path) -> None:
    lines = (
        "Contact ID,Email,First name,Email consent",
        "1,a@x.de,A,Granted",
        "2,b@x.de,B,Withdrawn",
    )
    made = rows(tmp_path, "contacts", "person", *lines)
    assert [r.get("email_opt_out") for r in made] == ["false", "true"]


def _opted_out(tmp_path: Path, header: str, *said: str) -> list[str | None]:
    """Draft from the first four values; return what a SELECT makes of all of them."""
    lines = [f"{n},{n}@x.de,A{n},{word}" for n, word in enumerate(said)]
    source = drafted(tmp_path, "contacts", f"Contact ID,Email,First name,{header}", *lines[:4])
    given = [{"Contact ID": str(n), header: word} for n, word in enumerate(said)]
    return [r.get("email_opt_out") for r in produce(source, "person", {"contacts": given})]


@pytest.mark.parametrize(
    ("header", "said", "left"),
    [
        ("Marketing consent", "Yes,No,Withdrawn,Yes", "false,true,true,false"),
        ("Newsletter-Einwilligung", "Ja,Nein,Widerrufen,", "false,true,true,"),
        ("GDPR consent", "Granted,Denied,No,Pending", "false,true,true,"),
        ("Email consent", "Opted in,Opted out,No,Unknown", "false,true,true,"),
        ("Email status", "Subscribed,Unsubscribed,Active,New", ",true,,"),
        ("SMS status", "Subscribed,Unsubscribed,Subscribed,Unsubscribed", ",,,"),
        ("Event registration", "angemeldet,abgemeldet,angemeldet,abgemeldet", ",,,"),
        ("Phone call result", "Reached,Unsubscribed,Busy,Reached", ",,,"),
        ("Consent", "Granted,Denied,Purple,Granted", ",,,"),
        ("Consent", "Granted,Opted out,Purple,Granted", ",true,,"),
    ],
)
def test_a_consent_is_read_by_all_its_words_or_not_at_all(
    tmp_path: Path, header: str, said: str, left: str
) -> None:
    assert _opted_out(tmp_path, header, *said.split(",")) == [x or None for x in left.split(",")]


def test_who_left_by_an_e_mail_has_left_and_by_an_event_has_not(tmp_path: Path) -> None:
    head = "Event ID,Timestamp,Recipient,Event"
    mails = rows(tmp_path, "email events", "person", head,
        "1,2026-03-01,a@x.de,Opened", "2,2026-03-02,b@x.de,Unsubscribed")  # fmt: skip
    assert sorted((r["email"], r.get("email_opt_out")) for r in mails)[1] == ("b@x.de", "true")
    (tmp_path / "event").mkdir()
    head = "Email,Registration Date,Status"
    listed = rows(tmp_path / "event", "webinar registrations", "person", head,
        "a@x.de,2026-03-01,angemeldet", "b@x.de,2026-03-02,abgemeldet")  # fmt: skip
    assert [r.get("email_opt_out") for r in listed] == [None, None]


def test_words_of_a_consent_that_the_first_file_lacks_are_known_or_refused(tmp_path: Path) -> None:
    said = ("Granted", "Denied", "Granted", "Denied", "Revoked", "Opted-out", "No", "Désabonné")
    made = _opted_out(tmp_path, "Marketing consent", *said, "Purple")
    assert made == [*["false", "true"] * 2, *["true"] * 4, "Purple"]
    said = ("Subscribed", "Unsubscribed", "Subscribed", "Subscribed", "Abgemeldet")
    (tmp_path / "status").mkdir()
    assert _opted_out(tmp_path / "status", "Status", *said)[3:] == ["false", "true"]


def test_a_deal_s_contact_does_not_undo_what_another_file_says_of_a_consent(tmp_path: Path) -> None:
    deals, webinar = tmp_path / "deals.csv", tmp_path / "webinar registrants.csv"
    deals.write_text("Deal ID,Value,Status,Contact email\n1,5,Won,a@x.de\n2,6,Won,b@x.de\n")
    webinar.write_text("Email,Registration Date,Opted out\nA@x.de,2026-03-01,Yes\n")
    source = load_source(scaffold([deals, webinar], "ours", tmp_path / "ours"))
    given = {
        "deals": [{"Deal ID": "1", "Contact email": "a@x.de"},
                  {"Deal ID": "2", "Contact email": "b@x.de"}],
        "webinar_registrants": [{"Email": "A@x.de", "Opted out": "Yes"}],
    }  # fmt: skip
    people = sorted(
        (r["person_id"], r.get("email_opt_out")) for r in produce(source, "person", given)
    )
    assert people == [("a@x.de", "Yes"), ("b@x.de", None)]


@pytest.mark.parametrize(
    ("header", "said", "asked"),
    [
        ("Aceita receber e-mails", ["Sim", "Não"], "call it 'Email opt in'"),
        ("Nieuwsbrief", ["Ja", "Nee"], "call it 'Email opt in'"),
        ("Consent status", ["EXPRESS", "REVOKED"], "holds 'EXPRESS'"),
        ("Subscribed", ["Y", "N", "?"], "holds '?'"),
        ("Checked in on site", ["yes", "no"], "who came to an event"),
    ],
)
def test_what_may_be_a_consent_or_an_attendance_is_not_passed_over(
    tmp_path: Path, header: str, said: list[str], asked: str
) -> None:
    lines = (f"{n},a{n}@x.de,Ann,{word}" for n, word in enumerate(said))
    source = drafted(tmp_path, "contacts", f"ID,Email,First name,{header}", *lines)
    [question] = source.objects["contacts"].undecided
    assert asked in question


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Newsletter", ["Weekly", "Monthly"]),
        ("SMS consent", ["Yes", "No"]),
        ("Email valid", ["Yes", "No"]),
    ],
)
def test_what_is_no_consent_is_not_asked_about(
    tmp_path: Path, header: str, said: list[str]
) -> None:
    lines = (f"{n},a{n}@x.de,Ann,{word}" for n, word in enumerate(said))
    source = drafted(tmp_path, "contacts", f"ID,Email,First name,{header}", *lines)
    assert not source.objects["contacts"].undecided


@pytest.mark.parametrize(
    ("header", "said", "asked"),
    [
        ("Attendance", ["100%", "0%"], "holds '100%'"),
        ("Status", ["Checked in", "Elsewhere"], "holds 'Elsewhere'"),
        ("Present in the morning", ["Yes", "No"], "call it Attended"),
    ],
)
def test_what_may_say_who_came_is_not_passed_over(
    tmp_path: Path, header: str, said: list[str], asked: str
) -> None:
    lines = (f"a{n}@x.de,2026-03-01,{word}" for n, word in enumerate(said))
    source = drafted(tmp_path, "webinar registrations", f"Email,Registered at,{header}", *lines)
    [question] = source.objects["webinar_registrations"].undecided
    assert asked in question


def test_who_was_checked_in_at_a_time_came(tmp_path: Path) -> None:
    made = rows(tmp_path, "event registrations", "touch", "Email,Registered at,Checked in at",
        "a@x.de,2026-03-01,2026-03-20 10:00", "b@x.de,2026-03-02,")  # fmt: skip
    assert [r["kind"] for r in made] == ["event_attended", "event_registered"]


@pytest.mark.parametrize(
    ("cells", "people"),
    [
        (
            ["Ann <ann@a.test>", "BO@b.test"],
            [("1", "ann@a.test", "true"), ("2", "bo@b.test", "true")],
        ),
        (
            ["ann@a.test; Cy <cy@c.test>", "bo@b.test"],
            [("1", "ann@a.test", None), ("1", "cy@c.test", None), ("2", "bo@b.test", None)],
        ),
    ],
)
def test_a_deal_s_people_are_read_out_of_cells_with_more_than_an_address(
    tmp_path: Path, cells: list[str], people: list[tuple[str, str, str | None]]
) -> None:
    head = "Deal ID,Amount,Status,Close date,Contact email"
    lines = (f"{n},5,Won,2026-03-0{n},{cell}" for n, cell in enumerate(cells, start=1))
    made = rows(tmp_path, "deals", "deal_contact", head, *lines)
    told = [(r["deal_id"], r["person_id"], r.get("is_primary")) for r in made]
    assert sorted(told, key=lambda row: row[:2]) == people


def test_an_id_that_a_spreadsheet_rounded_says_what_to_do(tmp_path: Path) -> None:
    lines = ("1.2E+17,5,Won,2026-03-01", "1.2E+17,7,Lost,2026-03-02")
    source = drafted(tmp_path, "deals", "Deal ID,Amount,Status,Close date", *lines)
    [question] = source.objects["deals"].undecided
    assert "'1.2E+17', an id that a spreadsheet rounded" in question


def test_responses_are_of_a_form(tmp_path: Path) -> None:
    lines = ("Timestamp,Email,Name", "2026-03-01 10:00,a@x.de,Ann")
    [made] = rows(tmp_path, "responses", "touch", *lines)
    assert (made["kind"], made["side"]) == ("form_submission", "marketing")


def test_of_visits_the_time_beside_the_day_counts_and_a_client_is_asked_about(
    tmp_path: Path,
) -> None:
    head = "session_id,client_id,visit_date,visit_time,visit_length,utm_source"
    lines = (f"s{n},c{n},2026-03-0{n},09:0{n}:00,00:05:00,google" for n in (1, 2))
    source = drafted(tmp_path, "sessions", head, *lines)
    [item] = source.objects.values()
    assert "'client_id' may say which company was met, or which browser came" in str(item.undecided)
    [select] = source.selects["touch"]
    assert (
        "concat_ws(' ', nullif(trim(r.\"visit_date\"), ''), nullif(trim(r.\"visit_time\"), ''))"
        in (" ".join(select.sql.split()))
    )


@pytest.mark.parametrize(
    ("name", "kinds", "says"),
    [
        ("leads", ("Lead", "Contact"), "and all rows become leads"),
        ("contacts", ("Leads", "Contacts"), "and none of them is one"),
        ("leads", ("Interessent", "Kontakt", "Kunde"), "and all rows become leads"),
        ("leads", ("Lead", "MQL", "Contact"), ""),
        ("leads", ("Lead", "Opportunity", "Customer"), ""),
        ("contacts", ("Contact", "Customer"), ""),
    ],
)
def test_it_is_asked_which_rows_are_leads_where_a_column_says_so(
    tmp_path: Path, name: str, kinds: tuple[str, ...], says: str
) -> None:
    lines = (f"{n},p{n}@acme.de,2026-01-0{n},{kinds[n % len(kinds)]}" for n in range(1, 7))
    source = drafted(tmp_path, name, "id,email,created_at,type", *lines)
    [item] = source.objects.values()
    asked = " ".join(item.undecided)
    assert says in asked if says else "says which rows are leads" not in asked


CALLS = "Call ID,Lead ID,Date,User,Ergebnis"


@pytest.mark.parametrize(
    ("said", "made"),
    [
        (("Erreicht", "nicht erreicht"), ["connected", "no_answer"]),
        (("Atendida", "Não atendida"), ["connected", "no_answer"]),
        (("Answered", "Busy"), ["connected", "no_answer"]),
        (("Connected", "No Answer"), ["Connected", "No Answer"]),  # as they stand
    ],
)
def test_how_calls_ended_is_said_in_the_words_that_figures_compare(
    tmp_path: Path, said: tuple[str, str], made: list[str]
) -> None:
    lines = (f"{n},l{n},2026-03-0{n} 10:00,Ann,{end}" for n, end in enumerate(said, 1))
    assert [r["outcome"] for r in rows(tmp_path, "calls", "touch", CALLS, *lines)] == made


def test_words_for_how_calls_ended_that_nobody_knows_are_asked_about(tmp_path: Path) -> None:
    source = drafted(
        tmp_path, "calls", CALLS,
        "1,l1,2026-03-01 10:00,Ann,Erreicht", "2,l2,2026-03-02 10:00,Ann,War nett",
    )  # fmt: skip
    [question] = source.objects["calls"].undecided
    assert question.startswith("column 'Ergebnis' holds 'War nett', and nothing says whether")
    assert "`when 'war nett' then 'connected'`" in question


def test_a_line_that_was_cut_says_neither_that_somebody_was_reached_nor_that_nobody_was(
    tmp_path: Path,
) -> None:
    source = drafted(
        tmp_path, "calls", CALLS,
        "1,l1,2026-03-01 10:00,Ann,Connected", "2,l2,2026-03-02 10:00,Ann,Disconnected",
    )  # fmt: skip
    [question] = source.objects["calls"].undecided
    assert question.startswith("column 'Ergebnis' holds 'Disconnected', and nothing says whether")


def test_a_status_says_how_calls_ended_where_its_words_do(tmp_path: Path) -> None:
    for folder in ("ends", "other"):
        (tmp_path / folder).mkdir()
    head = "Call ID,Lead ID,Date,User,Status"
    lines = (f"{n},l{n},2026-03-0{n} 10:00,Ann," for n in (1, 2))
    first, second = lines
    made = rows(tmp_path / "ends", "calls", "touch", head, f"{first}answered", f"{second}missed")
    assert [r["outcome"] for r in made] == ["connected", "no_answer"]
    source = drafted(tmp_path / "other", "calls", head, f"{first}answered", f"{second}parked")
    [question] = source.objects["calls"].undecided
    assert question.startswith("column 'Status' holds 'parked'")


def test_kinds_of_activities_are_written_as_the_figures_have_them(tmp_path: Path) -> None:
    found = rows(
        tmp_path, "activities", "touch", "Activity ID,Lead ID,Date,User,Type",
        "1,l1,2026-03-01 10:00,Ann,Anruf", "2,l2,2026-03-02 10:00,Ann,Meeting",
        "3,l3,2026-03-03 10:00,Ann,Lunch",
    )  # fmt: skip
    assert [r["kind"] for r in found] == ["call", "meeting", "Lunch"]


def test_a_type_of_calls_that_is_no_kind_of_activity_is_asked_about(tmp_path: Path) -> None:
    head = "Call ID,Lead ID,Date,User,Type"
    source = drafted(tmp_path, "calls", head, "1,l1,2026-03-01 10:00,Ann,Done")
    [question] = source.objects["calls"].undecided
    assert "column 'Type' (Done) holds no kind of activity that is known" in question


def test_events_of_emails_in_words_that_nobody_knows_are_asked_about(tmp_path: Path) -> None:
    source = drafted(
        tmp_path, "email events", "Event ID,Email,Zdarzenie,Date",
        "1,a@acme.de,wyslano,2026-03-01 10:00", "2,b@acme.de,otwarto,2026-03-02 10:00",
        "3,c@acme.de,wyslano,2026-03-01 10:00", "4,d@acme.de,otwarto,2026-03-02 10:00",
    )  # fmt: skip
    [question] = source.objects["email_events"].undecided
    assert question.startswith("column 'Zdarzenie' ('otwarto', 'wyslano') may say what became of")


@pytest.mark.parametrize(
    ("header", "cells", "asked"),
    [
        ("担当者メールアドレス", ("a@acme.de", "b@bolt.de"), "holds e-mail addresses, and nothing"),
        ("担当者メールアドレス", ("me@us.de", "me@us.de"), None),  # a colleague's, again and again
        ("Contact", ("Ana Berg", "Bo Lind"), "names who takes part in a deal, and nobody"),
    ],
)
def test_whose_deals_are_is_asked_where_nobody_would_be_found(
    tmp_path: Path, header: str, cells: tuple[str, str], asked: str | None
) -> None:
    deals = (f"{n},5,won,2026-02-0{n},2026-01-01,{cell}" for n, cell in enumerate(cells, 1))
    files = {
        "deals": [f"Deal ID,Value EUR,Status,Won time,Created,{header}", *deals],
        "contacts": ["Imie,E-mail", "Ana Berg,a@acme.de", "Bo Lind,b@bolt.de"],
    }  # fmt: skip
    paths = []
    for name, lines in files.items():
        paths.append(tmp_path / f"{name}.csv")
        paths[-1].write_text("\n".join(lines) + "\n", encoding="utf-8")
    questions = load_source(scaffold(paths, "ours", tmp_path / "ours")).objects["deals"].undecided
    assert [asked in question for question in questions] == ([True] if asked else [])


@pytest.mark.parametrize(
    ("header", "second", "asked"),
    [
        ("Posta elektrike", "b@bolt.de", "all at its company take part"),
        ("Posta elektrike", "a@acme.de", ""),  # a colleague's, again and again
        ("Sales rep mail", "b@bolt.de", ""),
        ("Contact Email", "b@bolt.de", ""),  # known, and read
    ],
)
def test_whose_addresses_are_on_deals_is_asked_also_where_their_company_is_known(
    tmp_path: Path, header: str, second: str, asked: str
) -> None:
    source = drafted(
        tmp_path, "deals", f"Deal ID,Company ID,Value EUR,Status,Won time,Created,{header}",
        "1,7,5,won,2026-02-01,2026-01-01,a@acme.de", f"2,8,5,won,2026-02-02,2026-01-01,{second}",
    )  # fmt: skip
    questions = " ".join(source.objects["deals"].undecided)
    assert asked in questions if asked else not questions


@pytest.mark.parametrize(
    ("ways", "asked"),
    [
        (("Outgoing", "Incoming"), ""),
        (("Saída", "Entrada"), ""),
        (("Outgoing", "Internal"), ""),
        (("Outgoing", "Internal call"), ""),
        (("Outgoing", "Relayed"), "'Relayed'"),
        (("A>B", "B>A"), "'A>B'"),
    ],
)
def test_who_began_calls_is_asked_where_a_word_for_it_is_not_known(
    tmp_path: Path, ways: tuple[str, str], asked: str
) -> None:
    lines = [f"{i},{way},2026-03-0{i} 10:00,a{i}@x.de" for i, way in enumerate(ways, 1)]
    source = drafted(tmp_path, "calls", "ID,Direction,Time,Email", *lines)
    questions = " ".join(source.objects["calls"].undecided)
    assert asked in questions if asked else "began" not in questions


@pytest.mark.parametrize(
    ("second", "asked"),
    [
        (("a@x.de", "b@x.de"), ""),
        (("a@x.de", "c@x.de"), "no column says with whom"),
        (("b@x.de", "a@x.de"), "no column says with whom"),  # a letter, and its answer
    ],
)
def test_whom_a_touch_was_with_is_told_by_two_columns_of_the_same_addresses(
    tmp_path: Path, second: tuple[str, str], asked: str
) -> None:
    lines = [
        f"Form Submitted,{one},{other},2026-03-01 10:00"
        for one, other in zip(("a@x.de", "b@x.de"), second, strict=True)
    ]
    source = drafted(tmp_path, "form events", "event,distinct_id,$email,time", *lines)
    questions = " ".join(source.objects["form_events"].undecided)
    assert asked in questions if asked else "whom" not in questions
