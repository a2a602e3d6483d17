"""Who belongs to a deal, which ids are one record, which rows are no records."""

from __future__ import annotations

import json

import pytest
from build_kit import Shop, core_shop

from smarketing.errors import SourceError

__all__ = ["core_shop"]

CONTACTS = "Record ID,Email,Lifecycle Stage,Create Date,Became a Lead Date,Merged object IDs"
DEALS = "Record ID,Deal Name,Deal Stage,Pipeline,Create Date,Associated Contact IDs"
WHO = "select deal_id, person_id from deal_contact order by all"


def test_a_cell_with_several_companies_is_the_primary_one_else_the_first(core_shop: Shop) -> None:
    core_shop.take(
        core_shop.write(
            "deals.csv",
            f"{DEALS},Associated Company IDs,Primary Associated Company ID",
            "1,A,Demo,Sales,2026-01-05,501; 502;501,771;772,",
            "2,B,Demo,Sales,2026-01-05,,771;772,772",
            "3,C,Demo,Sales,2026-01-05,,,",
        )
    )
    assert core_shop.rows("select deal_id, account_id from deal order by 1") == [
        ("hubspot:1", "hubspot:771"),
        ("hubspot:2", "hubspot:772"),
        ("hubspot:3", None),
    ]
    assert core_shop.rows("select * exclude (source) from (select deal_id, account_id, is_primary,"
                          " source from deal_account) order by all") == [
        ("hubspot:1", "hubspot:771", True),
        ("hubspot:1", "hubspot:772", None),
        ("hubspot:2", "hubspot:771", None),
        ("hubspot:2", "hubspot:772", True),
    ]  # fmt: skip
    assert core_shop.rows(WHO) == [("hubspot:1", "hubspot:501"), ("hubspot:1", "hubspot:502")]


def test_the_associations_of_the_api_are_read(core_shop: Shop) -> None:
    deal = {
        "id": "9001",
        "properties": {"dealname": "A", "dealstage": "x", "hs_is_closed": "false"},
        "associations": {
            "contacts": {"results": [{"id": "501", "type": "deal_to_contact"}, {"id": 502}]},
            "companies": {
                "results": [
                    {"id": "77", "type": "deal_to_company_unlabeled"},
                    {"id": "78", "type": "deal_to_company"},
                    {"id": "78", "type": "deal_to_company_unlabeled"},
                ]
            },
        },
    }
    core_shop.take(core_shop.write("deals.json", json.dumps({"results": [deal]})))
    assert core_shop.rows(WHO) == [("hubspot:9001", "hubspot:501"), ("hubspot:9001", "hubspot:502")]
    assert core_shop.rows("select account_id from deal") == [("hubspot:78",)]
    associated = core_shop.rows("select account_id from deal_account order by 1")
    assert associated == [("hubspot:77",), ("hubspot:78",)]


def test_ids_that_were_merged_lead_to_the_record_they_were_merged_into(core_shop: Shop) -> None:
    core_shop.take(
        core_shop.write(
            "contacts.csv",
            f"{CONTACTS},Calculated Merged Contact IDs",
            "601,c@x-werk.de,Customer,2026-01-10,2026-01-10,599;600,600:1770000000000;598:1770000000000",
        ),
        core_shop.write("deals.csv", DEALS, "9100,A,Won,Sales,2026-02-01,599;598"),
    )
    assert core_shop.rows("select distinct person_id from deal_contact") == [("hubspot:601",)]
    aliases = core_shop.rows('select "table", alias_id from record_alias order by all')
    assert aliases == [
        (table, f"hubspot:{alias}") for table in ("lead", "person") for alias in (598, 599, 600)
    ]


def test_objects_that_declare_merges_are_settled_each_by_its_own_files(core_shop: Shop) -> None:
    core_shop.take(
        core_shop.write(
            "contacts.csv",
            f"{CONTACTS},Calculated Merged Contact IDs",
            "601,c@x-werk.de,Lead,03/02/2026 09:00,03/02/2026 09:00,600,",
            "602,d@x-werk.de,Lead,14/02/2026 09:00,14/02/2026 09:00,,",
        ),
        core_shop.write(
            "companies.csv",
            "Record ID,Company name,Company Domain Name,Create Date,Merged object IDs",
            "771,X,x-werk.de,02/03/2026 10:00,770",
            "772,Y,y-werk.de,02/14/2026 10:00,",
        ),
        core_shop.write("deals.csv", DEALS, "1,A,Demo,Sales,2026-02-05 10:00,600"),
    )
    created = "select cast(created_at as date) || '' from"
    assert core_shop.rows(f"{created} person order by 1") == [("2026-02-03",), ("2026-02-14",)]
    assert core_shop.rows(f"{created} account order by 1") == [("2026-02-03",), ("2026-02-14",)]
    assert core_shop.rows("select person_id from deal_contact") == [("hubspot:601",)]


def test_a_source_of_ones_own_declares_lists_and_merges(core_shop: Shop) -> None:
    folder = core_shop.home / "crm"
    folder.mkdir()
    (folder / "profile.yaml").write_text(
        "name: crm\nobjects:\n  Firm:\n    key: Number\n    required: [Number, Firm]\n"
        "    list: {Was: '/'}\n    merged_from: Was\n    merged_into: Into\n"
        "    columns: [Number, Firm, Was, Into]\n"
    )
    (folder / "account.sql").write_text(
        "-- from: Firm\n"
        "select f._row, f._file_id, f.Number as account_id, f.Firm as name from Firm f\n"
    )
    rows = ("1,One,7/8,", "2,Two,,1", "7,Seven,,")
    core_shop.take(core_shop.write("firms.csv", "Number,Firm,Was,Into", *rows), source=folder)
    assert core_shop.rows("select account_id from account") == [("crm:1",)]


def test_an_id_of_15_characters_meets_its_18_and_case_alone_keeps_two_apart(
    core_shop: Shop,
) -> None:
    core_shop.take(
        core_shop.write(
            "Contact.csv", "Id,LastName", "003Q0000001HAAxIAO,Berg", "003Q0000001HAAXIA4,Lind"
        ),
        core_shop.write(
            "report.csv",
            "Opportunity ID,Opportunity Name,Stage,Close Date,Contact ID",
            "006Q0000001HAAA,a,Closed Won,2026-03-10,003Q0000001HAAx",
        ),
        core_shop.write("members.csv", "member_id,team", "salesforce:005Q0000001HAAA,sales"),
    )
    assert core_shop.rows(WHO) == [
        ("salesforce:006Q0000001HAAAIA4", "salesforce:003Q0000001HAAxIAO")
    ]
    assert core_shop.rows("select count(*) from person") == [(2,)]
    assert core_shop.rows("select member_id from member") == [("salesforce:005Q0000001HAAAIA4",)]
    assert core_shop.rows("select records from dangling where column_name = 'person_id'") == []


def test_counts_and_subtotals_are_no_deals_and_a_damaged_id_is_no_other(core_shop: Shop) -> None:
    report = core_shop.take(
        core_shop.write(
            "report.csv",
            "Owner,Opportunity ID,Opportunity Name,Stage,Amount,Close Date",
            "Kim,006Q0000001CAAA,Alpha,Won,1000,2026-02-10",
            "Subtotal,,,,1000,",
            ",Count,1,,,",
            "Kim,6.0E+17,Beta,Won,70,2026-02-11",
            "Lee,006Q0000001CAAC,Gamma,Won,4000,2026-02-24",
        )
    )
    assert core_shop.rows("select name from deal order by 1") == [("Alpha",), ("Gamma",)]
    (file,) = report.files
    assert (file.rows, file.used, file.unused, file.quarantined) == (5, 2, 2, 1)
    assert core_shop.rows("select \"row\", column_name, reason from quarantine") == [
        (5, "Opportunity ID", "'6.0E+17' is no id of Salesforce")
    ]  # fmt: skip


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0)])
def test_of_one_stamp_the_deletion_counts_in_any_order(
    core_shop: Shop, order: tuple[int, ...]
) -> None:
    kept = {"id": "1", "properties": {"dealname": "X", "dealstage": "a"}, "archived": False,
            "updatedAt": "2026-02-02T10:00:00Z"}  # fmt: skip
    other = {**kept, "id": "2"}
    files = [
        core_shop.write("deals_1.json", json.dumps({"results": [kept, other]})),
        core_shop.write("deals_2.json", json.dumps({"results": [{**kept, "archived": True}]})),
    ]
    for number in order:
        core_shop.take(files[number])
    assert core_shop.rows("select deal_id from deal") == [("hubspot:2",)]


def test_columns_for_each_stage_are_its_entries(core_shop: Shop) -> None:
    core_shop.take(
        core_shop.write(
            "deals.csv",
            f'{DEALS},"Date entered ""Demo (Sales)""","Date entered ""Won (Sales)"""',
            "1,A,Won,Sales,2026-01-05,,2026-01-10 09:00,2026-02-20 09:00",
            "2,B,Demo,Sales,2026-01-05,,2026-01-11 09:00,",
        ),
        core_shop.write(
            "deals.json",
            '[{"id": "3", "properties": {"dealname": "C", "dealstage": "demo", "hs_arr": null,'
            ' "hs_v2_date_entered_demo": "2026-01-12T08:00:00Z", "hs_date_entered_demo": "x"}}]',
        ),
    )
    entries = core_shop.rows(
        "select deal_id, stage, entered_at::date::text from deal_stage_event order by all"
    )
    assert entries == [
        ("hubspot:1", "Demo", "2026-01-10"),
        ("hubspot:1", "Won", "2026-02-20"),
        ("hubspot:2", "Demo", "2026-01-11"),
        ("hubspot:3", "demo", "2026-01-12"),
    ]


@pytest.mark.parametrize(("place", "second"), [(0, "Email"), (1, "Email"), (1, "EMAIL")])
def test_of_two_columns_of_one_name_the_fuller_is_the_standard_one(
    core_shop: Shop, place: int, second: str
) -> None:
    emails = [("ana@nordwind.de", ""), ("bo@nordwind.de", "private@example.com")]
    rows = [f"{n},{pair[place]},{pair[1 - place]},Lead,2026-01-10" for n, pair in enumerate(emails)]
    report = core_shop.take(
        core_shop.write(
            "contacts.csv", f"Record ID,Email,{second},Lifecycle Stage,Create Date", *rows
        )
    )
    found = core_shop.rows("select email from person order by 1")
    assert found == [("ana@nordwind.de",), ("bo@nordwind.de",)]
    (note,) = report.files[0].notes
    assert note == (
        f"'Email' is the header of 2 columns: column {2 + place} is read, with 2 values; not read: "
        f"column {3 - place} with 1"
    )


def test_a_report_in_another_language_says_so(core_shop: Shop) -> None:
    report = core_shop.take(
        core_shop.write(
            "contactos.csv",
            "ID de registro,Nombre,Apellidos,Correo,Etapa del ciclo de vida,"
            "Fecha de creación,Alias",
            "501,Ana,Berg,ana@nordwind.de,lead,2026-01-10,x",
        )
    )
    assert core_shop.rows("select full_name from person") == [("Ana Berg",)]
    assert report.files[0].notes == (
        "its headers are read as Spanish ones of HubSpot; not known: Alias",
    )


def test_what_a_profile_says_of_dates_and_numbers_is_not_said_of_other_languages(
    core_shop: Shop,
) -> None:
    """LinkedIn writes the month first in English; 05/01/2026 in French may be the fifth."""
    english = "Start Date (in UTC),Campaign Name,Total Spent\n1/5/2026,Leaders,12.00\n"
    french = "Date de début (en UTC),Nom de la campagne,Total dépensé\n05/01/2026,Leaders,12.00\n"
    core_shop.take(core_shop.write("a.csv", english))
    assert core_shop.rows("select incurred_on::text from cost") == [("2026-01-05",)]
    with pytest.raises(SourceError, match=r"may have the day or the month first \(05/01/2026"):
        core_shop.take(core_shop.write("b.csv", french))
    core_shop.take(core_shop.write("c.csv", french), date_order="dmy")
    days = core_shop.rows("select distinct incurred_on::text from cost")
    assert days == [("2026-01-05",)]


def test_flags_are_read_in_the_language_of_a_spreadsheet_and_never_guessed(
    core_shop: Shop,
) -> None:
    flags = ("VRAI,VRAI", "WAHR,FALSCH", "oui,non", "TAK,TAK", "FAUX,FAUX", "maybe,maybe", "WAHR,")
    letters = "ABCDEFG"
    deals = [
        f"006Q0000001BAA{letter},d,Phase {letter},100,2026-03-31,{flag},2026-01-05"
        for letter, flag in zip(letters, flags, strict=True)
    ]
    core_shop.take(
        core_shop.write(
            "Opportunity.csv",
            "Id,Name,StageName,Amount,CloseDate,IsClosed,IsWon,CreatedDate",
            *deals,
        ),
        core_shop.write(
            "Lead.csv",
            "Id,IsDeleted,LastName,Status,IsConverted,ConvertedDate,CreatedDate",
            "00QQ0000001EAAA,FALSCH,Berg,Open,FALSCH,,2026-01-05",
            "00QQ0000001EAAB,WAHR,Lind,Open,FALSCH,,2026-01-05",
        ),
    )
    found = core_shop.rows("select substr(deal_id, 26, 1), outcome from deal order by 1")
    assert found == [
        ("A", "won"), ("B", "lost"), ("C", "lost"), ("D", "won"), ("E", "open"), ("F", None),
        ("G", "lost"),
    ]  # fmt: skip
    assert core_shop.rows("select count(*) from lead") == [(1,)]
