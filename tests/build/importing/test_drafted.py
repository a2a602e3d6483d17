# ruff: noqa: E501 - the headers of exports are long
"""A source drafted from files of other systems imports them right, unedited, or refuses them."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from build_kit import Shop, core_shop

from smarketing.build import ImportReport
from smarketing.errors import SourceError
from smarketing.sources import scaffold

__all__ = ["core_shop"]

DEALS = "select split_part(deal_id, ':', 2), amount, currency, outcome, {} from deal order by 1"
DAYS = "created_at::date::varchar, closed_at::date::varchar, expected_close_on::varchar"


def take(shop: Shop, files: Mapping[str, str]) -> ImportReport:
    """Draft a source from files of these texts, and import them with it as it stands."""
    paths = [shop.write(name, *text.strip().splitlines()) for name, text in files.items()]
    folder = scaffold(paths, "crm", shop.inbox / "crm")
    return shop.take(*paths, source=folder)


def deals(shop: Shop, columns: str = DAYS) -> list[tuple[Any, ...]]:
    return shop.rows(DEALS.format(columns))


PIPEDRIVE = {
    "deals-77.csv": """
Deal - ID,Deal - Title,Deal - Value,Deal - Currency of Value,Deal - Weighted value,Deal - Organization,Deal - Contact person,Deal - Stage,Deal - Status,Deal - Deal created,Deal - Update time,Deal - Won time,Deal - Lost time,Deal - Lost reason,Deal - Expected close date,Deal - Owner
11,Alpha,"12,000.00",EUR,6000,Alpha GmbH,Ana Berg,Talks,Won,2026-01-05 09:00:00,2026-02-12 10:00:00,2026-02-10 10:00:00,,,2026-02-15,Kim
12,Beta,"5,000.00",EUR,1000,Beta AG,Bo Lind,Offer,Lost,2026-01-06 09:00:00,2026-02-12 10:00:00,,2026-02-11 10:00:00,Price,2026-02-25,Kim
13,Gamma,"7,500.50",USD,2000,Alpha GmbH,Dee Twin,Offer,Open,2026-01-17 09:00:00,2026-02-12 10:00:00,,,,2026-05-25,Lee
""",
    "persons-77.csv": """
Person - ID,Person - Name,Person - Organization,Person - Email - Work,Person - Email - Home,Person - Phone - Work,Person - Person created,Person - Owner
501,Ana Berg,Alpha GmbH,ana@alpha-gmbh.de,,1,2026-01-04 08:00:00,Kim
502,Bo Lind,Beta AG,,bo@home-mail.de,2,2026-01-04 08:00:00,Kim
503,Dee Twin,Alpha GmbH,dee1@alpha-gmbh.de,,,2026-01-04 08:00:00,Lee
504,Dee Twin,Beta AG,dee2@beta.de,,,2026-01-04 08:00:00,Lee
""",
    "organizations-77.csv": """
Organization - ID,Organization - Name,Organization - Country of Address,Organization - Owner,Organization - Organization created,Organization - Website,Organization - Employee count
71,Alpha GmbH,Germany,Kim,2026-01-03 08:00:00,alpha-gmbh.de,120
72,Beta AG,Switzerland,Kim,2026-01-03 08:00:00,beta.ch,5000
""",
}  # fmt: skip


def test_pipedrive_with_names_for_ids(core_shop: Shop) -> None:
    """The names of organizations and people lead to their ids; one that two people have does not."""
    assert take(core_shop, PIPEDRIVE).refused == ()
    assert deals(core_shop, f"account_id, stage, {DAYS}, lost_reason") == [
        ("11", 12_000_00, "EUR", "won", "crm:71", "Talks", "2026-01-05", "2026-02-10",
         "2026-02-15", None),
        ("12", 5_000_00, "EUR", "lost", "crm:72", "Offer", "2026-01-06", "2026-02-11",
         "2026-02-25", "Price"),
        ("13", 7_500_50, "USD", "open", "crm:71", "Offer", "2026-01-17", None, "2026-05-25", None),
    ]  # fmt: skip
    assert core_shop.rows("select deal_id, person_id, is_primary from deal_contact order by 1") == [
        ("crm:11", "crm:501", True),
        ("crm:12", "crm:502", True),
    ]
    assert core_shop.rows("select person_id, account_id, email from person order by 1") == [
        ("crm:501", "crm:71", "ana@alpha-gmbh.de"),
        ("crm:502", "crm:72", "bo@home-mail.de"),
        ("crm:503", "crm:71", "dee1@alpha-gmbh.de"),
        ("crm:504", "crm:72", "dee2@beta.de"),
    ]
    assert core_shop.rows("select name, domain, employees from account order by 1") == [
        ("Alpha GmbH", "alpha-gmbh.de", 120),
        ("Beta AG", "beta.ch", 5000),
    ]


ZOHO = {
    "Leads_2026_03_02.csv": """
Record Id,Lead Owner.id,Lead Owner,Company,First Name,Last Name,Email,Lead Source,Lead Status,Created Time,Modified Time,Converted Contact.id,Converted Deal.id,Email Opt Out
z1,z9,Kim,Nord,Ana,Berg,ana@nord.de,Web,Qualified,2026-01-05 09:00:00,2026-03-02 10:00:00,z21,z11,false
z2,z9,Kim,Ost,Cy,Stone,cy@ost.de,Event,Contacted,2026-01-06 09:00:00,2026-03-02 10:00:00,,,true
""",
    "Contacts_2026_03_02.csv": """
Record Id,Contact Owner,Account Name.id,Account Name,First Name,Last Name,Email,Title,Created Time,Modified Time
z21,Kim,z31,Nord AG,Ana,Berg,ana@nord.de,CFO,2026-01-08 09:00:00,2026-03-02 10:00:00
""",
    "Deals_2026_03_02.csv": """
Record Id,Deal Owner.id,Amount,Deal Name,Closing Date,Account Name.id,Account Name,Stage,Type,Lead Source,Contact Name.id,Contact Name,Created Time,Modified Time,Currency,Exchange Rate
z11,z9,12000,Nord,2026-02-10,z31,Nord AG,Closed Won,New Business,Web,z21,Ana Berg,2026-01-05 09:00:00,2026-03-02 10:00:00,EUR,1
z12,z9,5000,Sud,2026-02-11,z32,Sud AG,Closed-Lost to Competition,Existing Business,Web,z22,Bo,2026-01-06 09:00:00,2026-03-02 10:00:00,EUR,1
z13,z9,700,West,2026-05-11,z33,West AG,Value Proposition,New Business,Web,z23,Di,2026-01-07 09:00:00,2026-03-02 10:00:00,EUR,1
""",
}  # fmt: skip


API_ANSWERS = {
    "deals.json": (
        '{"success": true, "data": [{"id": 1, "title": "A", "value": 1000, "currency": "EUR", '
        '"status": "won", "org_id": {"name": "Acme", "value": 7}, "person_id": {"value": 5}, '
        '"add_time": "2026-01-02 10:00:00", "won_time": "2026-02-01 09:00:00"}, {"id": 2, '
        '"title": "B", "value": 500, "currency": "EUR", "status": "open", "org_id": {"name": "B", '
        '"value": 8}, "person_id": null, "add_time": "2026-01-03 10:00:00", "won_time": null}]}'
    ),
    "opportunities.json": (
        '{"@odata.context": "x", "value": [{"opportunityid": "1", "name": "A", "estimatedvalue": '
        '1000.5, "statecode": 1, "statecode@OData.Community.Display.V1.FormattedValue": "Won", '
        '"actualclosedate": "2026-02-01", "createdon": "2026-01-02T10:00:00Z", '
        '"_parentaccountid_value": "7", "_parentcontactid_value": "5"}, {"opportunityid": "2", '
        '"name": "B", "estimatedvalue": 500.5, "statecode": 0, '
        '"statecode@OData.Community.Display.V1.FormattedValue": "Open", "actualclosedate": null, '
        '"createdon": "2026-01-03T10:00:00Z", "_parentaccountid_value": "8", '
        '"_parentcontactid_value": null}]}'
    ),
}


@pytest.mark.parametrize("name", API_ANSWERS)
def test_answers_of_apis(core_shop: Shop, name: str) -> None:
    """Pipedrive's with references as objects, Dynamics' with look-ups and labels of OData."""
    assert take(core_shop, {name: API_ANSWERS[name]}).refused == ()
    days = "created_at::date::varchar, closed_at::date::varchar"
    assert [(*row[:1], *row[3:]) for row in deals(core_shop, f"account_id, {days}")] == [
        (
            "1",
            "won",
            "crm:7",
            "2026-01-02",
            "2026-01-31" if "odata" in API_ANSWERS[name] else "2026-02-01",
        ),
        ("2", "open", "crm:8", "2026-01-03", None),
    ]
    assert core_shop.rows("select deal_id, person_id from deal_contact") == [("crm:1", "crm:5")]


def test_zoho_whose_stage_alone_says_how_deals_ended(core_shop: Shop) -> None:
    assert take(core_shop, ZOHO).refused == ()
    found = deals(core_shop, f"kind, account_id, owner_id, {DAYS}")
    assert found[:2] == [
        ("z11", 12_000_00, "EUR", "won", "new", "crm:z31", "crm:z9", "2026-01-05", "2026-02-09",
         None),
        ("z12", 5_000_00, "EUR", "lost", "expansion", "crm:z32", "crm:z9", "2026-01-06",
         "2026-02-10", None),
    ]  # fmt: skip
    assert found[2][:5] == ("z13", 700_00, "EUR", None, "new"), "never taken for open"
    assert core_shop.rows(
        "select lead_id, person_id, status, channel, converted_deal_id from lead order by 1"
    ) == [
        ("crm:z1", "crm:z21", "Qualified", "Web", "crm:z11"),
        ("crm:z2", "crm:lead z2", "Contacted", "Event", None),
    ]
    assert core_shop.rows("select person_id, email, email_opt_out from person order by 1") == [
        ("crm:lead z2", "cy@ost.de", True),
        ("crm:z21", "ana@nord.de", None),
    ]


DYNAMICS = {
    "Opportunities 3-2-2026.csv": """
(Do Not Modify) Opportunity,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Topic,Potential Customer,Est. Close Date,Est. Revenue,Actual Close Date,Actual Revenue,Currency,Status,Status Reason,Owner,Created On
5a1e8f60-1b2c-ee11-8179-000d3a1b2c3d,a==,2/12/2026 10:15 AM,Nord,Nord AG,2/20/2026,"15,000.00",2/12/2026,"12,000.00",Euro,Won,Won,Kim,1/5/2026 9:00 AM
5a1e8f60-1b2c-ee11-8179-000d3a1b2c3e,b==,2/13/2026 10:15 AM,Sud,Sud AG,2/21/2026,"5,000.00",2/13/2026,0.00,Euro,Lost,Out-Sold,Kim,1/6/2026 9:00 AM
5a1e8f60-1b2c-ee11-8179-000d3a1b2c3f,c==,2/14/2026 10:15 AM,Ost,Ost AG,5/25/2026,"7,500.50",,,Euro,Open,In Progress,Lee,1/17/2026 9:00 AM
""",
    "Leads.csv": """
(Do Not Modify) Lead,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Name,Topic,Company Name,Email,Job Title,Lead Source,Status,Owner,Created On
7a1e8f60-1b2c-ee11-8179-000d3a1b2c01,x==,2/12/2026 10:15 AM,Ana Berg,Rollout,Nord AG,ana@nord.de,CFO,Web,Qualified,Kim,1/14/2026 9:00 AM
""",
}  # fmt: skip


def test_dynamics_with_warnings_before_its_ids(core_shop: Shop) -> None:
    """Of the won deal the actual revenue counts; 0.00 for the lost one is no amount of it."""
    assert take(core_shop, DYNAMICS).refused == ()
    assert [row[1:] for row in deals(core_shop, f"name, {DAYS}")] == [
        (12_000_00, "EUR", "won", "Nord", "2026-01-05", "2026-02-11", "2026-02-20"),
        (5_000_00, "EUR", "lost", "Sud", "2026-01-06", "2026-02-12", "2026-02-21"),
        (7_500_50, "EUR", "open", "Ost", "2026-01-17", None, "2026-05-25"),
    ]
    assert core_shop.rows("select full_name, email, title from person") == [
        ("Ana Berg", "ana@nord.de", "CFO")
    ]
    assert core_shop.rows("select channel, status, created_at::date::varchar from lead") == [
        ("Web", "Qualified", "2026-01-14")
    ]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (  # Close.com: a type of status beside its label, ids everywhere
            "opportunities.csv",
            """
id,lead_id,contact_id,user_id,value,value_currency,value_period,status_label,status_type,date_created,date_updated,date_won,date_lost
o1,l1,c1,u1,12000.00,EUR,one_time,Closed - Won,won,2026-01-05T09:00:00+00:00,2026-02-11T10:00:00+00:00,2026-02-10,
o2,l2,c2,u1,5000.00,EUR,one_time,Rejected,lost,2026-01-06T09:00:00+00:00,2026-02-11T10:00:00+00:00,,2026-02-11
o3,l3,c3,u2,7500.50,EUR,one_time,Demo,active,2026-01-07T09:00:00+00:00,2026-02-11T10:00:00+00:00,,
""",
            [("o1", "won", "Closed - Won", "2026-02-09", None),
             ("o2", "lost", "Rejected", "2026-02-10", None), ("o3", "open", "Demo", None, None)],
        ),
        (  # Copper: abandoned is lost, one date is both close and expected close
            "Opportunities.csv",
            """
Opportunity Id,Name,Company,Company Id,Owned By,Stage,Status,Value,Currency,Close Date,Created At
o1,Nord,Nord AG,771,Kim,Contract,Won,"12,000.00",EUR,2/10/2026,1/15/2026
o2,Sud,Sud AG,772,Kim,Offer,Abandoned,"5,000.00",EUR,2/11/2026,1/16/2026
o3,Ost,Ost AG,773,Lee,Offer,Open,"7,500.50",EUR,5/11/2026,1/17/2026
""",
            [("o1", "won", "Contract", "2026-02-09", None),
             ("o2", "lost", "Offer", "2026-02-10", None),
             ("o3", "open", "Offer", None, "2026-05-11")],
        ),
        (  # Freshsales: an amount beside the same in base currency, a stage that says it
            "deals_export.csv",
            """
Id,Name,Amount,Deal value in Base Currency,Currency,Deal stage,Deal type,Expected close date,Closed date,Sales owner,Created at,Updated at
o1,Nord,12000.00,13000.00,EUR,Won,New Business,2026-02-15,2026-02-10,Kim,2026-01-05 09:00:00,2026-02-11 10:00:00
o2,Sud,5000.00,6000.00,EUR,Lost,Existing Business,2026-02-16,2026-02-11,Kim,2026-01-06 09:00:00,2026-02-11 10:00:00
o3,Ost,7500.50,8000.00,EUR,Open,,2026-05-15,,Lee,2026-01-07 09:00:00,2026-02-11 10:00:00
""",
            [("o1", "won", "Won", "2026-02-09", "2026-02-15"),
             ("o2", "lost", "Lost", "2026-02-10", "2026-02-16"),
             ("o3", "open", "Open", None, "2026-05-15")],
        ),
        (  # Odoo: technical ids, expected revenue
            "Opportunities (crm.lead).csv",
            """
External ID,Opportunity,Contact Name,Email,Salesperson,Expected Revenue,Probability,Stage,Created on,Closed Date,Expected Closing,Last Updated on,Company Currency
o1,Nord,Ana,ana@nord.de,Kim,12000.0,100.0,Won,2026-01-05 09:00:00,2026-02-10 10:00:00,2026-02-15,2026-02-11 08:00:00,EUR
o2,Sud,Bo,bo@sud.de,Kim,5000.0,0.0,Lost,2026-01-06 09:00:00,2026-02-11 10:00:00,2026-02-16,2026-02-11 08:00:00,EUR
o3,Ost,Cy,cy@ost.de,Lee,7500.5,10.0,Offen,2026-01-07 09:00:00,,2026-05-15,2026-02-11 08:00:00,EUR
""",
            [("o1", "won", "Won", "2026-02-10", "2026-02-15"),
             ("o2", "lost", "Lost", "2026-02-11", "2026-02-16"),
             ("o3", "open", "Offen", None, "2026-05-15")],
        ),
        (  # a plain table in German, the currency in a header, one column for status and stage
            "Aufträge.csv",
            """
Angebotsnr;Kunde;Betreff;Auftragssumme (EUR);Status;Erstellt am;Abschlussdatum;Zuständig
o1;Nord AG;Rollout;12.000,00;Gewonnen;05.01.2026;10.02.2026;Kim
o2;Sud AG;Lizenzen;5.000,00;Verloren;06.01.2026;11.02.2026;Kim
o3;Ost AG;Pilot;7.500,50;Offen;17.01.2026;25.05.2026;Lee
""",
            [("o1", "won", None, "2026-02-09", None), ("o2", "lost", None, "2026-02-10", None),
             ("o3", "open", None, None, "2026-05-25")],
        ),
        (  # … in French, days of closing in a column of their own
            "affaires.csv",
            """
Référence;Client;Intitulé;Montant;Devise;Étape;Date de création;Date de clôture;Clôture prévue
o1;Nord;Projet;12 000,00;EUR;Gagnée;15/01/2026;10/02/2026;15/02/2026
o2;Sud;Licences;5 000,00;EUR;Perdue;16/01/2026;11/02/2026;16/02/2026
o3;Ost;Pilote;7 500,50;EUR;Ouverte;17/01/2026;;25/05/2026
""",
            [("o1", "won", "Gagnée", "2026-02-09", "2026-02-15"),
             ("o2", "lost", "Perdue", "2026-02-10", "2026-02-16"),
             ("o3", "open", "Ouverte", None, "2026-05-25")],
        ),
        (  # … in Portuguese, with a day of winning and one of losing
            "oportunidades.csv",
            """
ID,Título,Empresa,Valor,Moeda,Situação,Criado em,Ganho em,Perdido em
o1,Projeto,Nord,"12.000,00",EUR,Ganha,15/01/2026 09:00,10/02/2026 10:00,
o2,Licenças,Sud,"5.000,00",EUR,Perdida,16/01/2026 09:00,,11/02/2026 10:00
o3,Piloto,Ost,"7.500,50",EUR,Aberta,17/01/2026 09:00,,
""",
            [("o1", "won", None, "2026-02-10", None), ("o2", "lost", None, "2026-02-11", None),
             ("o3", "open", None, None, None)],
        ),
        (  # flags, in a table without names that are known
            "deals.csv",
            """
deal_key,title,amount,ccy,is_closed,is_won,close_date,created
o1,Nord,12000,EUR,true,true,2026-02-10,2026-01-05
o2,Sud,5000,EUR,true,false,2026-02-11,2026-01-06
o3,Ost,7500.50,EUR,false,false,2026-05-11,2026-01-07
""".replace("ccy", "currency"),
            [("o1", "won", None, "2026-02-09", None), ("o2", "lost", None, "2026-02-10", None),
             ("o3", "open", None, None, "2026-05-11")],
        ),
    ],
    ids=["close", "copper", "freshsales", "odoo", "german", "french", "portuguese", "flags"],
)  # fmt: skip
def test_deals_of_many_systems(
    core_shop: Shop, name: str, text: str, expected: list[tuple[str | None, ...]]
) -> None:
    assert take(core_shop, {name: text}).refused == ()
    columns = "stage, closed_at::date::varchar, expected_close_on::varchar"
    found = deals(core_shop, columns)
    assert [row[1:3] for row in found] == [(12_000_00, "EUR"), (5_000_00, "EUR"), (7_500_50, "EUR")]
    assert [(row[0], *row[3:]) for row in found] == expected
    assert core_shop.rows("select count(*) from deal where created_at is null") == [(0,)]


def test_whole_amounts_beside_the_numbers_of_the_records_are_no_cents(core_shop: Shop) -> None:
    """1 and 2 as ids, 100 and 200 as amounts: the one is no hundredth of the other."""
    text = "ID,案件名,金額,通貨,ステージ\n1,A,100,EUR,受注\n2,B,200,EUR,失注\n"
    assert take(core_shop, {"案件.csv": text}).refused == ()
    assert deals(core_shop, "stage") == [
        ("1", 100_00, "EUR", "won", "受注"),
        ("2", 200_00, "EUR", "lost", "失注"),
    ]


def test_a_sign_in_a_header_that_many_countries_have_is_asked_about(core_shop: Shop) -> None:
    text = "Date,Campaign Name,Spend ($),Impressions,Clicks\n2026-01-05,A,12.50,10,1\n"
    report = take(core_shop, {"ads.csv": text})
    assert core_shop.rows("select count(*) from cost") == [(0,)]
    assert report.unread[0].reason.startswith("of a currency that cannot be told (")


def test_several_ids_in_a_cell(core_shop: Shop) -> None:
    """Each contact takes part; of several companies the first is the deal's."""
    text = """
Deal ID,Name,Value,Currency,Status,Created,Closed on,Contact IDs,Company IDs
d1,A,10.00,EUR,Won,2026-01-05,2026-02-01,501;502,71;72
d2,B,20.00,EUR,Open,2026-01-06,,503,73
"""
    assert take(core_shop, {"deals.csv": text}).refused == ()
    assert core_shop.rows("select deal_id, account_id from deal order by 1") == [
        ("crm:d1", "crm:71"),
        ("crm:d2", "crm:73"),
    ]
    assert core_shop.rows("select deal_id, person_id from deal_contact order by 1, 2") == [
        ("crm:d1", "crm:501"),
        ("crm:d1", "crm:502"),
        ("crm:d2", "crm:503"),
    ]


@pytest.mark.parametrize(
    ("header", "first", "second"),
    [
        ("value;value_formatted;value_currency", "120000;R$ 1.200;BRL", "50000;R$ 500;BRL"),
        ("value;value_formatted;value_currency", "120000;R$ 1.200,00;BRL", "50000;R$ 500,00;BRL"),
        ("Amount (cents);Pipeline;Moneda", "120000;Sales;BRL", "50000;Sales;BRL"),
        ("amount_micros;Monn.;Pipeline", "1200000000;BRL;Sales", "500000000;BRL;Sales"),
        ("Negócio - Valor;Negócio - Moeda de Valor", "1.200,00;BRL", "500,00;BRL"),
    ],
)
def test_amounts_in_parts_of_a_unit_and_currencies_by_their_codes(
    core_shop: Shop, header: str, first: str, second: str
) -> None:
    text = f"""
Deal ID;Deal name;{header};Status;Created at
1;A;{first};Won;2026-01-05
2;B;{second};Open;2026-01-06
"""
    assert take(core_shop, {"deals.csv": text}).refused == ()
    assert core_shop.rows("select deal_id, amount, currency from deal order by 1") == [
        ("crm:1", 1200_00, "BRL"),
        ("crm:2", 500_00, "BRL"),
    ]


def test_customers_who_are_people(core_shop: Shop) -> None:
    text = """
Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Company,Country Code,Total Spent
c1,Ana,Berg,ana@nord.de,yes,Nord,DE,120.00
c2,Bo,Lind,bo@sud.de,no,Sud,DE,20.00
"""
    assert take(core_shop, {"customers_export.csv": text}).refused == ()
    assert core_shop.rows("select person_id, account_id, full_name from person order by 1") == [
        ("crm:c1", None, "Ana Berg"),
        ("crm:c2", None, "Bo Lind"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "campaigns"),
    [
        (  # TikTok, with a total that is called otherwise
            "report.csv",
            """
By Day,Campaign name,Campaign ID,Currency,Cost,CPM,Impressions,Clicks (destination),CTR (destination)
2026-01-05,Winter,178,USD,12.50,2.50,5000,50,1.00%
2026-01-06,Winter,178,USD,10.00,2.00,4000,40,1.00%
2026-01-06,Spring,179,USD,1.00,2.00,500,5,1.00%
Total of 3 results,-,-,USD,23.50,2.24,9500,95,1.00%
""",
            ["178", "178", "179"],
        ),
        (  # Reddit: the currency in a header, no id of a campaign, cut by ad group
            "reddit.csv",
            """
Date,Campaign Name,Ad Group Name,Amount Spent (USD),Impressions,Clicks,eCPM
2026-01-05,Winter,Devs,12.50,5000,50,2.50
2026-01-06,Winter,Devs,10.00,4000,40,2.00
2026-01-06,Winter,Ops,1.00,500,5,2.00
""",
            ["Winter", "Winter", "Winter"],
        ),
        (  # X: the days of the campaign are not those of the row
            "x_ads.csv",
            """
Time period,Campaign,Campaign ID,Campaign start date,Campaign end date,Spend,Currency,Impressions,Clicks
2026-01-05,Launch,8xk2,2026-01-01,2026-03-31,12.50,USD,5000,50
2026-01-06,Launch,8xk2,2026-01-01,2026-03-31,10.00,USD,4000,40
2026-01-06,Brand,8xk3,2026-01-01,2026-03-31,1.00,USD,500,5
""",
            ["8xk2", "8xk2", "8xk3"],
        ),
        (  # Bing: days of eight digits
            "performance.csv",
            """
Gregorian date,Account number,Campaign name,Campaign ID,Currency code,Impressions,Clicks,Average CPC,Spend
20260105,X1,Brand,441,USD,5000,50,0.25,12.50
20260106,X1,Brand,441,USD,4000,40,0.25,10.00
20260106,X1,Shop,442,USD,500,5,0.20,1.00
""",
            ["441", "441", "442"],
        ),
        (  # Italian
            "costi.csv",
            """
Data;Campagna;Spesa;Valuta;Clic;Impressioni
25/01/2026;Inverno;12,50;USD;50;5000
26/01/2026;Inverno;10,00;USD;40;4000
26/01/2026;Marca;1,00;USD;5;500
""",
            ["Inverno", "Inverno", "Marca"],
        ),
        (  # Yandex, in Russian, with a sign in the header; The Trade Desk's cost is the advertiser's
            "отчет.csv",
            """
Дата;ID кампании;Название кампании;Показы;Клики;CTR (%);Расход, US$
05.01.2026;77;Зима;5000;50;1,0;12,50
06.01.2026;77;Зима;4000;40;1,0;10,00
06.01.2026;78;Марка;500;5;1,0;1,00
""",
            ["77", "77", "78"],
        ),
        (
            "ttd.csv",
            """
Date,Advertiser,Campaign,Campaign ID,Ad Group,Impressions,Clicks,Media Cost (Adv Currency),Advertiser Cost (Adv Currency),Advertiser Currency Code
2026-01-05,Adv,A,77,G,5000,50,9.00,12.50,USD
2026-01-06,Adv,A,77,G,4000,40,8.00,10.00,USD
2026-01-06,Adv,B,78,G,500,5,0.50,1.00,USD
""",
            ["77", "77", "78"],
        ),
    ],
    ids=["tiktok", "reddit", "x", "bing", "italian", "yandex", "ttd"],
)  # fmt: skip
def test_spend_of_many_platforms(
    core_shop: Shop, name: str, text: str, campaigns: list[str]
) -> None:
    assert take(core_shop, {name: text}).refused == ()
    rows = core_shop.rows(
        "select day(incurred_on) % 10, amount, currency, team, category, impressions, clicks, "
        "split_part(campaign_id, ':', 2) from cost order by amount desc"
    )
    assert [row[:7] for row in rows] == [
        (5, 12_50, "USD", "marketing", "media", 5000, 50),
        (6, 10_00, "USD", "marketing", "media", 4000, 40),
        (6, 1_00, "USD", "marketing", "media", 500, 5),
    ]
    assert [row[7] for row in rows] == campaigns
    assert core_shop.rows("select count(*) from campaign") == [(len(set(campaigns)),)]


def test_a_corrected_report_replaces_the_one_before(core_shop: Shop) -> None:
    head = "Date,Campaign Name,Amount Spent (EUR),Impressions"
    take(
        core_shop, {"spend.csv": f"{head}\n2026-01-05,Winter,10.00,100\n2026-01-06,Winter,5.00,50"}
    )
    again = core_shop.write(
        "spend_2.csv", head, "2026-01-05,Winter,12.00,120", "2026-01-06,Winter,5.00,50"
    )
    core_shop.take(again, source=core_shop.inbox / "crm")
    assert core_shop.rows("select amount from cost order by 1") == [(5_00,), (12_00,)]


def test_the_same_money_in_two_cuts_counts_once(core_shop: Shop) -> None:
    head = "Date,Campaign,Campaign ID,{}Spend,Currency,Impressions"
    files = {
        "by_campaign.csv": f"{head.format('')}\n2026-01-05,Winter,1,15.00,EUR,1500",
        "by_ad_set.csv": f"{head.format('Ad set,')}\n2026-01-05,Winter,1,A,10.00,EUR,1000\n"
        "2026-01-05,Winter,1,B,5.00,EUR,500",
    }
    assert take(core_shop, files).refused == ()
    assert core_shop.rows("select sum(amount), count(*) from cost") == [(15_00, 2)]


def test_a_row_of_several_days_is_spread_over_them(core_shop: Shop) -> None:
    text = "date_start,date_stop,campaign_name,spend,impressions\n2026-01-01,2026-01-07,W,7.00,70\n"
    assert take(core_shop, {"insights.csv": text}).refused == ()
    assert core_shop.rows("select amount, count(*) from cost group by 1") == [(1_00, 7)]


def test_a_report_without_ids_names_its_campaigns(core_shop: Shop) -> None:
    text = """
Date,Channel,Campaign Name,Spend,Currency
2026-01-05,LinkedIn,Winter,15.00,EUR
2026-01-06,LinkedIn,Winter,10.00,EUR
"""
    assert take(core_shop, {"costs.csv": text}).refused == ()
    assert core_shop.rows("select campaign_id, name, channel from campaign") == [
        ("crm:Winter", "Winter", "LinkedIn")
    ]
    assert core_shop.rows("select distinct campaign_id from cost") == [("crm:Winter",)]


def test_two_equal_costs_of_a_day_are_two_costs(core_shop: Shop) -> None:
    text = "Datum;Zweck;Betrag (EUR)\n15.01.2026;Taxi;50,00\n15.01.2026;Taxi;50,00\n"
    assert take(core_shop, {"Ausgaben.csv": text}).refused == ()
    assert core_shop.rows("select amount, currency, team from cost") == [(50_00, "EUR", None)] * 2


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "leads_export.csv",
            """
Id,Full Name,Email Address,Company Name,Job Title,Lead Status,Lead Score,Acquisition Program,Lead Source,Created At,Updated At
l1,Ana Berg,ana@nord.de,Nord,CFO,MQL,75,Winter,Web,2026-01-15 09:00:00,2026-03-02 10:00:00
l2,Bo Lind,bo@sud.de,Sud,CTO,SQL,95,Winter,Event,2026-01-16 09:00:00,2026-03-02 10:00:00
""",
        ),
        (
            "Leads.csv",
            """
"First Name","Last Name","ID","Title","Account Name","Email Address","Lead Source","Status","Date Created","Date Modified","Assigned User"
"Ana","Berg","l1","CFO","Nord","ana@nord.de","Web","MQL","01/15/2026 09:00am","02/20/2026 10:00am","kim"
"Bo","Lind","l2","CTO","Sud","bo@sud.de","Event","SQL","01/16/2026 09:00am","02/21/2026 10:00am","kim"
""",
        ),
        (
            "Anfragen.csv",
            """
Kennung;Vorname;Name;Firma;E-Mail-Adresse;Funktion;Herkunft;Status;Eingangsdatum
l1;Ana;Berg;Nord;ana@nord.de;CFO;Web;MQL;15.01.2026
l2;Bo;Lind;Sud;bo@sud.de;CTO;Event;SQL;16.01.2026
""",
        ),
        (
            "leads.csv",
            """
lead_id,nombre,apellidos,correo electrónico,cargo,origen,estado,fecha de creación
l1,Ana,Berg,ana@nord.de,CFO,Web,MQL,2026-01-15
l2,Bo,Lind,bo@sud.de,CTO,Event,SQL,2026-01-16
""",
        ),
    ],
    ids=["marketo", "suitecrm", "german", "spanish"],
)  # fmt: skip
def test_leads_and_the_people_behind_them(core_shop: Shop, name: str, text: str) -> None:
    assert take(core_shop, {name: text}).refused == ()
    assert core_shop.rows(
        "select l.lead_id, l.channel, l.status, timezone('Europe/Berlin', timezone('UTC', "
        "l.created_at))::date::varchar, p.full_name, p.email, p.title "
        "from lead l join person p using (person_id) order by 1"
    ) == [
        ("crm:l1", "Web", "MQL", "2026-01-15", "Ana Berg", "ana@nord.de", "CFO"),
        ("crm:l2", "Event", "SQL", "2026-01-16", "Bo Lind", "bo@sud.de", "CTO"),
    ]


def test_activities_that_are_planned_are_no_touches(core_shop: Shop) -> None:
    text = """
Activity - ID,Activity - Subject,Activity - Type,Activity - Marked as done time,Activity - Done,Activity - Deal ID,Activity - Person ID
1,Intro,Call,2026-01-06 10:00:00,Done,11,501
2,Demo,Meeting,,To do,11,501
"""
    assert take(core_shop, {"activities.csv": text}).refused == ()
    assert core_shop.rows("select touch_id, person_id, deal_id, kind, side from touch") == [
        ("crm:1", "crm:501", "crm:11", "call", "sales")
    ]


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        (
            "deals.csv",
            "ID,Name,Potential A,Potential B,Stage,Created\n1,A,10,20,Won,2026-01-05\n",
            "which column holds the amount of a deal: 'Potential A' (10), 'Potential B' (20)",
        ),
        (
            "deals.csv",
            "ID,Name,Amount,Stage,Created\n1,A,tbd,Won,2026-01-05\n2,B,tbd,Won,2026-01-05\n",
            "column 'Amount' is called like the amount of a deal, and holds 'tbd'",
        ),
        (
            "deals.csv",
            "ID,Name,Amount (EUR),Amount (USD),Stage,Created\n1,A,10,,Won,2026-01-05\n2,B,,9,Won,2026-01-06\n",
            "'Amount (EUR)' (10), 'Amount (USD)' (9)",
        ),
        (
            "deals.csv",
            "ID,Name,Revenue (converted),Stage,Created\n1,A,10.00,Won,2026-01-05\n2,B,9,Won,2026-01-05\n",
            "the amount of a deal: 'Revenue (converted)'",
        ),
        (
            "deals.csv",
            "ID,Name,Amount,Light,Created\n" + "".join(f"{n},N{n},10,red,2026-01-05\n" for n in "1234"),
            "which column holds the stage or the outcome of a deal: 'Light' (red)",
        ),
        (
            "deals.csv",
            "ID,Name,Amount,Stage,Datum X\n1,A,10,Won,2026-01-05\n2,B,9,Won,2026-01-06\n",
            "the day a deal was created or closed: 'Datum X' (2026-01-05)",
        ),
        (
            "deals.csv",
            "ID,Name,Amount,Status,Created,Datum X\n1,A,10,Won,2026-01-05,2026-02-01\n2,B,9,Lost,2026-01-06,2026-02-02\n",
            "the day a deal was closed: 'Datum X' (2026-02-01)",
        ),
        (
            "spend.csv",
            "Date,Channel,Spend\n2026-01-05,Google,$12.50\n2026-01-06,LinkedIn,$1.50\n",
            "column 'Spend' holds amounts like '$1.50', and nothing says which currency that is",
        ),
        (
            "orders_export.csv",
            "Name,Email,Financial Status,Subtotal,Shipping,Taxes,Total,Created at,Id\n#1001,ana@nord.de,paid,1,1,1,3,2026-01-05,9001\n",
            "neither its name nor its columns ('Name', 'Email', 'Financial Status'",
        ),
        (
            "deals.csv",
            "ID,Name,Amount,Stage,Status,Created\n1,A,10,Offer,Won,2026-01-05\n2,B,9,Offer,Frozen,2026-01-05\n",
            "column 'Status' holds 'Frozen' beside won, lost and open",
        ),
        (
            "deals.csv",
            "ID,Name,Amount,Stage,Type,Created\n1,A,10,Won,Renewal,2026-01-05\n2,B,9,Won,Odd,2026-01-05\n",
            "column 'Type' holds 'Odd' beside kinds of deals",
        ),
        (
            "Opportunities.csv",
            "Name,ID,Amount,Currency,Sales Stage,Date Created\nNord,a1,12000,-99,Closed Won,01/15/2026\n",
            "column 'Currency' is called like a currency, and holds '-99'",
        ),
        (
            "Сделки.csv",
            "ID;Название сделки;Сумма;Валюта;Стадия сделки;Дата создания\n7;Альфа;120;Рубль;В работе;10.01.2026\n",
            "column 'Валюта' is called like a currency, and holds 'Рубль'",
        ),
        (
            "deals.csv",
            "Deal ID,Amount,Stage,Created,Close Date,Won/Lost Date\n1,10,Won,2026-01-05,2026-02-28,2026-02-05\n",
            "'Won/Lost Date' (2026-02-05) and 'Close Date' (2026-02-28) may both hold the day",
        ),
        (
            "deals.csv",
            "Name,Amount,Stage,Created\nA,10,Won,2026-01-05\nA,20,Won,2026-01-06\n",
            "no column identifies a deal",
        ),
        (
            "deals.csv",
            "No,Name,Amount,Stage,Created\n1,A,10,Won,2026-01-05\n2,A,20,Won,2026-01-06\n",
            "no column identifies a deal: none is filled and different in each record ('No' (1))",
        ),
        (
            "deals.csv",
            "Deal ID,Amount,Stage,Opened,Signed\n1,10,Won,2026-01-05,2026-02-05\n2,20,Won,2026-01-06,2026-02-07\n",
            'as in `r."Opened" as created_at` and `r."Signed" as closed_at`',
        ),
        (
            "deals.csv",
            "Deal ID,MRR,Setup fee,Stage,Created\n1,10.50,99.00,Won,2026-01-05\n2,10.50,99.00,Won,2026-01-06\n",
            "which column holds the amount of a deal: 'Setup fee' (99.00), 'MRR' (10.50)",
        ),
        (
            "deals.csv",
            "Deal ID,ARR,Stage,Created\n1,10.50,Won,2026-01-05\n2,20.50,Won,2026-01-06\n",
            "which column holds the amount of a deal: 'ARR' (10.50)",
        ),
        (
            "deals.csv",
            "Deal ID,Deposit,Stage,Created\n1,10.50,Won,2026-01-05\n2,20.50,Won,2026-01-06\n",
            "which column holds the amount of a deal: 'Deposit' (10.50)",
        ),
        (
            "costs.csv",
            "Invoice date,Service from,Service to,Cost\n2026-02-05,2026-01-01,2026-01-31,9.00\n",
            "'Service from' and 'Service to' may say on which days costs fell, and 'Invoice date' (2026-02-05) is another",
        ),
        (
            "deals.csv",
            "Deal ID,Amount,Status,Cancelled,Created,Closed\n1,10,Won,No,2026-01-05,2026-02-05\n2,20,Won,Yes,2026-01-06,2026-02-07\n",
            "column 'Cancelled' says yes for some deals",
        ),
        (
            "campaign members.csv",
            "Lead ID,Campaign,Status,Added on\n1,A,Sent,2026-01-05\n2,A,Registered,2026-01-06\n",
            "column 'Status' ('Registered', 'Sent') may say who has met the campaign",
        ),
        (
            "campaign members.csv",
            "Lead ID,Campaign,Responded,Added on\n1,A,Yes,2026-01-05\n2,A,No,2026-01-06\n",
            "may say who has met the campaign and to whom something was only sent",
        ),
        (
            "deals.csv",
            "Deal ID,Amount,Status,Created,Target close,Actual close\n1,10,Won,2026-01-05,2026-12-31,2026-02-05\n",
            'as in `r."Actual close" as closed_at`',
        ),
        (
            "deals.csv",
            "Sagsnr,Name,Amount,Stage,Created\nS1,A,10,Won,2026-01-05\nS2,A,20,Won,2026-01-06\n",
            "no column is known to identify a deal. Where 'Sagsnr' (x0) does, call it 'Deal ID' in the file",
        ),
        (
            "deals.csv",
            "Deal ID,E-mailadres,Amount,Stage,Created\n1,a@b.de,10,Won,2026-01-05\n2,c@d.de,20,Won,2026-01-06\n",
            "column 'E-mailadres' holds e-mail addresses, and nothing says whose. If they are of the deals' contacts, "
            "call it 'Contact Email'",
        ),
        (
            "spend.csv",
            "Date,Campaign,Cost,Clicks\n2026-01-01,W,1.00,5\n2026-02-01,W,1.00,5\n2026-03-01,W,1.00,5\n",
            "the days in 'Date' are a month apart (2026-01-01)",
        ),
        (
            "spend.csv",
            "Day,Campaign,Cost,Clicks\n05.01.2026,W,1.00,5\n12.01.2026,W,1.00,5\n19.01.2026,W,1.00,5\n",
            "the days in 'Day' are a week apart",
        ),
        (
            "spend.csv",
            "Start time,End time,Campaign,Spend,Impressions\n2026-01-05,2026-01-06,W,1.00,5\n2026-01-06,2026-01-07,W,1.00,5\n",
            "each row ends in 'End time' a day after it starts in 'Start time'",
        ),
        (
            "spend.csv",
            "Quarter,Campaign,Cost,Clicks\nQ1 2026,Winter,10.00,5\nQ1 2026,W,11.00,5\n",
            "column 'Quarter' (Q1 2026) does not say",
        ),
        (
            "spend.csv",
            "Campaign,Cost,Clicks\nWinter,10.00,5\n",
            "no column says on which day the money was spent",
        ),
        (
            "cost report.csv",
            "Day,Campaign,Total revenue,Clicks\n2026-01-05,Winter,10.00,5\n",
            "which column holds the amount that was spent: 'Total revenue'",
        ),
        (
            "leads.csv",
            "ID,First contact mail,Second contact mail,Created\nl1,a@b.de,c@d.de,2026-01-05\n",
            "which column holds the e-mail address of the person: 'First contact mail' (x@x.xx)",
        ),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_by_its_column(
    core_shop: Shop, name: str, text: str, why: str
) -> None:
    with pytest.raises(SourceError) as refused:
        take(core_shop, {name: text})
    assert f"{name} is not understood yet: " in str(refused.value) and why in str(refused.value)


COPPER = {
    "opportunities.csv": """
Opportunity Id,Name,Primary Contact Id,Company Name,Company Id,Status,Value,Currency,Stage,Pipeline,Close Date,Loss Reason,Owned By,Source,Created At,Updated At,Closed At
31,Alpha,91,Alpha Inc,81,Won,12000,USD,Contract,Sales,2/10/2026,,Kim,Web,1/5/2026,2/10/2026,2/9/2026
32,Beta,92,Beta Inc,82,Abandoned,5000,USD,Offer,Sales,2/20/2026,,Kim,Web,1/16/2026,2/11/2026,2/11/2026
33,Gamma,92,Beta Inc,82,Open,700,USD,Offer,Sales,5/20/2026,,Kim,Web,1/17/2026,2/11/2026,
""",
}


def test_of_two_days_of_closing_the_one_that_has_come_counts(core_shop: Shop) -> None:
    """A "Close Date" beside a "Closed At" is when it was expected to close."""
    assert take(core_shop, COPPER).refused == ()
    assert deals(core_shop) == [
        ("31", 12_000_00, "USD", "won", "2026-01-04", "2026-02-08", "2026-02-10"),
        ("32", 5_000_00, "USD", "lost", "2026-01-15", "2026-02-10", "2026-02-20"),
        ("33", 700_00, "USD", "open", "2026-01-16", None, "2026-05-20"),
    ]


MAILCHIMP = {
    "subscribed_members_export.csv": """
Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LAST_CHANGED,LEID,EUID,TAGS
ana@x.de,Ana,Berg,2,2026-01-05 09:30:11,2026-01-05 09:31:11,2026-02-05 09:30:11,123456,abc123def,
bo@y.de,Bo,Lind,3,,2026-01-06 09:31:11,2026-02-06 09:30:11,123457,abc123deg,
""",
}


def test_a_subscriber_came_in_when_it_signed_up_or_confirmed_that(core_shop: Shop) -> None:
    take(core_shop, MAILCHIMP)
    assert core_shop.rows("select email, created_at::varchar from person order by 1") == [
        ("ana@x.de", "2026-01-05 08:30:11"),
        ("bo@y.de", "2026-01-06 08:31:11"),
    ]


BILLS = """
Month,Vendor,Campaign,Channel,Amount (EUR),PO Number
Jan 2026,Agency X,Spring,Agency,"12,000.00",PO1
Feb 2026,Agency X,Spring,Agency,"2,000.00",PO2
"""


@pytest.mark.parametrize("name", ["campaign costs FY26.csv", "Kosten der Kampagnen.csv"])
def test_costs_of_campaigns_are_costs(core_shop: Shop, name: str) -> None:
    take(core_shop, {name: BILLS})
    assert core_shop.rows("select sum(amount), min(campaign_id) from cost") == [
        (14_000_00, "crm:Spring")
    ]


def test_what_campaigns_cost_is_asked_about(core_shop: Shop) -> None:
    """Their own file has no day of it, and is in no figure."""
    header = "Campaign ID,Campaign Name,Channel,Budget,Actual Cost"
    with pytest.raises(SourceError, match=r"'Actual Cost' \(90\) holds what campaigns cost"):
        take(core_shop, {"campaigns.csv": f"{header}\n1,A,Email,100,90"})


@pytest.mark.parametrize(
    ("header", "numbers"),
    [
        ("Phone Number", ("+49 151 1234567", "+491511234568")),
        ("Contact Number", ("+4915112345", "+4915112346")),
        ("Telefon Nr.", ("0151 12345678", "0151 12345679")),
    ],
)
def test_a_telephone_number_identifies_no_lead(
    core_shop: Shop, header: str, numbers: tuple[str, str]
) -> None:
    text = f"""
{header},Name,Email,Source,Created On
{numbers[0]},Ana Berg,ana@x.de,Web,2026-01-05
{numbers[1]},Bo Lind,bo@x.de,Web,2026-01-06
"""
    take(core_shop, {"leads.csv": text})
    found = core_shop.rows("select lead_id, person_id from lead order by 1")
    assert found == [("crm:ana@x.de", "crm:ana@x.de"), ("crm:bo@x.de", "crm:bo@x.de")]


FORM = """
Lead ID,User Email,Full Name,Lead Submit Time{}
7,ana@x.de,Ana Berg,2026-01-05 09:00:00+01:00{}
8,bo@x.de,Bo Lind,2026-01-06 09:00:00+01:00{}
"""


@pytest.mark.parametrize(
    ("owner", "emails"), [("", ["ana@x.de", "bo@x.de"]), ("Owner", [None, None])]
)
def test_a_user_is_whom_a_form_is_about_where_nobody_works_on_it(
    core_shop: Shop, owner: str, emails: list[str | None]
) -> None:
    named = (f",{owner}", ",Kim", ",Lee") if owner else ("", "", "")
    take(core_shop, {"leads.csv": FORM.format(*named)})
    assert [
        mail for (mail,) in core_shop.rows("select email from person order by person_id")
    ] == emails


def test_a_file_of_leads_without_ids_is_one_of_leads(core_shop: Shop) -> None:
    """Not of people alone: then the leads would be in no figure."""
    text = """
Name,Email,VAT Number,Source,Date
Ana Berg,ana@x.de,DE1,Web,2026-01-05
Bo Lind,bo@x.de,DE2,Web,2026-01-06
"""
    take(core_shop, {"leads.csv": text})
    assert core_shop.rows("select lead_id, channel, created_at::varchar from lead order by 1") == [
        ("crm:ana@x.de", "Web", "2026-01-04 23:00:00"),
        ("crm:bo@x.de", "Web", "2026-01-05 23:00:00"),
    ]


def test_leads_do_not_wait_for_what_is_asked_of_their_campaign(core_shop: Shop) -> None:
    """While it is not said whether it brought them in, they fill no touches, and that is told."""
    text = [
        "Lead ID,Email,Created,Campaign",
        "1,ann@a.test,2026-01-05,Spring",
        "2,bo@b.test,2026-01-06,-",
    ]
    path = core_shop.write("leads.csv", *text)
    folder = scaffold([path], "crm", core_shop.inbox / "crm")
    touches = "select touch_id, utm_campaign from touch"
    [file] = core_shop.take(path, source=folder).files
    assert file.used == 2 and core_shop.rows(touches) == []
    assert any(note.startswith("it makes no touch yet. A lead's 'Campaign'") for note in file.notes)
    select = folder / "touch.leads.sql"
    kept = [line for line in select.read_text().splitlines() if not line.startswith("-- undecided")]
    select.write_text("\n".join(kept))
    [file] = core_shop.take(path, source=folder).files
    assert core_shop.rows(touches) == [("crm:lead 1", "Spring")] and file.notes == ()


def test_a_second_inquiry_of_an_address_is_said(core_shop: Shop) -> None:
    """Leads of two files that only the e-mail identifies: the later counts, and the file says so."""
    head = "Email,Created,Source"
    files = {
        "leads-01.csv": f"{head}\nann@a.test,2026-01-05,Web\nbo@b.test,2026-01-06,Web",
        "leads-02.csv": f"{head}\nann@a.test,2026-02-05,Fair\ncy@c.test,2026-02-06,Web",
    }
    notes = {file.file: file.notes for file in take(core_shop, files).files}
    assert notes["leads-02.csv"] == ()
    [note] = notes["leads-01.csv"]
    assert note.startswith("1 lead counts from leads-02.csv instead, which has the same e-mail")


def test_a_deal_is_with_each_inquiry_of_the_one_whose_address_it_has(core_shop: Shop) -> None:
    """Who came in twice is two records of one source: what led to either counts for the deal."""
    take(
        core_shop,
        {
            "leads.csv": "Lead ID,Email,Created\n7,ana@a.test,2026-01-05\n8,Ana@a.test,2026-01-10\n9,bo@b.test,2026-01-10",
            "deals.csv": "Deal ID,Email,Amount,Status,Created,Closed\n1,ana@a.test,10,Won,2026-01-15,2026-02-20\n"
            "2,cy@c.test,10,Won,2026-01-15,2026-02-20",
        },
    )
    assert core_shop.rows("select deal_id, person_id from deal_contact order by all") == [
        ("crm:1", "crm:7"),
        ("crm:1", "crm:8"),
        ("crm:2", "crm:cy@c.test"),
    ]


def test_addresses_of_sellers_or_beside_a_link_to_the_lead_are_not_asked_about(
    core_shop: Shop,
) -> None:
    take(
        core_shop,
        {
            "deals.csv": "Deal ID,Sales mail,Amount,Status,Created,Closed\n1,max@us.test,10,Won,2026-01-15,2026-02-20",
            "leads.csv": "Lead ID,Email,Created,Converted Opportunity ID\n7,ana@a.test,2026-01-05,1",
        },
    )
    assert core_shop.rows("select deal_id from deal") == [("crm:1",)]


@pytest.mark.parametrize(
    ("later", "asked"),
    [
        ("1,cy@c.test,2026-01-05\n2,di@d.test,2026-01-06", "'1' in column 'Lead ID' stands for one record in b.csv"),
        ("1,ana@new.test,2025-01-05\n2,di@d.test,2026-01-06\n3,bo@b.test,2025-01-06", None),
        ("1,Ana@A.test,05.01.2025\n2,,", None),
        ("1,ana@a.test,2025-01-05" + "\n3,di@d.test,2026-01-06" * 9, None),
    ],
)  # fmt: skip
def test_ids_that_a_later_file_gives_to_other_records_are_asked_about(
    core_shop: Shop, later: str, asked: str | None
) -> None:
    head = "Lead ID,Email,Created\n"
    files = {
        "a.csv": f"{head}1,ana@a.test,2025-01-05\n3,bo@b.test,2025-01-06",
        "b.csv": head + later,
    }
    if asked is None:
        take(core_shop, files)
    else:
        with pytest.raises(SourceError) as refused:
            take(core_shop, files)
        assert asked in str(refused.value)


def test_ids_of_costs_that_begin_anew_each_month_are_asked_about(core_shop: Shop) -> None:
    head = "Cost ID,Date,Campaign,Cost\n"
    with pytest.raises(SourceError) as refused:
        take(
            core_shop,
            {"jan.csv": f"{head}1,2026-01-05,A,9.00", "feb.csv": f"{head}1,2026-02-05,A,8.00"},
        )
    assert "'1' in column 'Cost ID' stands for one record in feb.csv" in str(refused.value)


def test_whole_amounts_of_the_api_of_close_may_be_cents(core_shop: Shop) -> None:
    deal = {
        "id": "o1",
        "lead_id": "l1",
        "status_label": "Won",
        "status_type": "won",
        "value": 1200050,
    }
    more = {
        "value_currency": "EUR",
        "value_period": "one_time",
        "date_created": "2026-01-05",
        "date_won": "2026-02-05",
    }
    with pytest.raises(SourceError, match="the API of Close writes amounts in the smallest unit"):
        take(core_shop, {"opportunities.json": json.dumps([deal | more])})


def test_a_second_inquiry_of_an_address_in_a_later_import_is_counted(core_shop: Shop) -> None:
    head = "Email,Created,Source"
    bo = "bo@b.test,2026-01-06,Web"
    first = core_shop.write("leads-01.csv", head, "ann@a.test,2026-01-05,Web", bo)
    later = core_shop.write("leads-02.csv", head, "ann@a.test,2026-02-05,Fair", bo)
    folder = scaffold([first], "crm", core_shop.inbox / "crm")
    assert core_shop.take(first, source=folder).files[0].notes == ()
    [note] = core_shop.take(later, source=folder).files[0].notes
    assert note.startswith("1 lead known by e-mail came in on another day in an earlier import")
    assert core_shop.take(later, source=folder).files[0].notes == ()


def test_a_part_of_a_file_that_was_refused_comes_in_once_what_was_asked_is_settled(
    core_shop: Shop,
) -> None:
    path = core_shop.write("all.txt").with_name("all.zip")
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("leads.csv", "lead_id,email,created_at\n1,a@acme.de,2026-01-05\n")
        packed.writestr("touches.csv", "touch_id,lead_id,occurred_at\n7,1,2026-01-04 10:00\n")
    folder = scaffold([path], "ours", core_shop.inbox / "ours")
    first = core_shop.take(path, source=folder)
    assert "nothing says whose work the touches are" in str(first.refused)
    select = folder / "touch.touches.sql"
    select.write_text(select.read_text().replace("\nfrom", ",\n  'marketing' as side\nfrom"))
    profile = folder / "profile.yaml"
    profile.write_text(re.sub(r"\n    undecided:.*(\n      - .*)+", "", profile.read_text()))
    second = core_shop.take(path, source=folder)
    assert second.refused == () and core_shop.rows("select lead_id from touch") == [("ours:1",)]
    assert core_shop.rows("select lead_id from lead") == [("ours:1",)]
