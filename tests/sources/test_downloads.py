"""Reports as the ad platforms' own pages download them: preambles, totals, encodings, locales."""

from __future__ import annotations

from pathlib import Path

import pytest
from build_kit import Shop, only_marts

from smarketing.errors import SourceError

COSTS = (
    "select incurred_on::varchar, campaign, amount, currency, impressions"
    " from fct_cost order by 1, 2, 3"
)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    only_marts(monkeypatch, "fct_cost", "fct_deal", "dim_lead")
    return Shop(tmp_path)


def test_a_google_ads_campaign_report(shop: Shop) -> None:
    path = shop.write(
        "Campaign report.csv",
        "Campaign report",
        '"January 1, 2024 - January 2, 2024"',
        "Day,Campaign,Campaign ID,Campaign status,Currency code,Device,Cost,Impr.,Clicks",
        '2024-01-01,Brand,77,Enabled,EUR,Mobile phones,"1,234.50","10,000",12',
        "2024-01-01,Brand,77,Enabled,EUR,Computers,10.25,200,3",
        "2024-01-02,Generic,78,Paused,EUR,Computers,0.00,0,0",
        'Total: Campaigns, --, --, --,EUR, --,"1,244.75","10,200",15',
        'Total: Account, --, --, --,EUR, --,"1,244.75","10,200",15',
    )
    report = shop.take(path)
    (file,) = report.files
    assert (file.source, file.used, file.quarantined) == ("google_ads", 3, 0)
    assert shop.rows(COSTS) == [
        ("2024-01-01", "Brand", 1_025, "EUR", 200),
        ("2024-01-01", "Brand", 123_450, "EUR", 10_000),
        ("2024-01-02", "Generic", 0, "EUR", 0),
    ]


@pytest.mark.parametrize(
    ("cut", "name"),
    [("Asset", "Asset report.csv"), ("Suchbegriff", "Suchbegriffbericht.csv")],
)
def test_rows_that_do_not_add_up_to_what_was_spent_are_refused(
    shop: Shop, cut: str, name: str
) -> None:
    path = shop.write(
        name, f"Day,{cut},Campaign,Currency code,Cost,Impr.", "2026-01-05,Try it,Brand,EUR,1.00,9"
    )
    with pytest.raises(SourceError, match=f"is broken down by '{cut}', and such rows do not add"):
        shop.take(path)


def test_a_microsoft_advertising_campaign_report(shop: Shop) -> None:
    path = shop.write(
        "Campaign_performance_report.csv",
        '"Report Name: Campaign performance"',
        '"Report Time: 1/1/2024,1/31/2024"',
        '"Time Zone: (GMT+01:00) Amsterdam, Berlin"',
        '"Report Aggregation: Daily"',
        '"Rows: 2"',
        "",
        '"Gregorian date","Account name","Account number","Campaign name","Campaign ID",'
        '"Currency code","Impressions","Clicks","Spend"',
        '"2024-01-01","Acme","X1","Brand","9001","EUR","120","4","5.67"',
        '"2024-01-02","Acme","X1","Brand","9001","EUR","80","1","1.00"',
        '"©2024 Microsoft Corporation. All rights reserved. "',
    )
    report = shop.take(path)
    (file,) = report.files
    assert (file.source, file.used, file.quarantined) == ("microsoft_ads", 2, 0)
    assert shop.rows(COSTS) == [
        ("2024-01-01", "Brand", 567, "EUR", 120),
        ("2024-01-02", "Brand", 100, "EUR", 80),
    ]


def test_a_linkedin_campaign_manager_report(shop: Shop) -> None:
    path = shop.write(
        "Campaign Performance Report.csv",
        "Campaign Performance Report (in UTC)",
        "Report Start: January 1, 2024, 12:00 AM",
        "Report End: January 31, 2024, 11:59 PM",
        "Date Generated: February 1, 2024, 9:00 AM",
        "",
        "Start Date (in UTC)\tAccount Name\tCurrency\tCampaign Group Name\tCampaign ID\t"
        "Campaign Name\tCampaign Type\tTotal Spent\tImpressions\tClicks",
        "1/2/2024\tAcme\tEUR\tQ1\t501\tLeaders\tSponsored Update\t12.50\t900\t7",
        "1/31/2024\tAcme\tEUR\tQ1\t502\tMakers\tSponsored Update\t3.00\t100\t1",
        encoding="utf-16",
    )
    report = shop.take(path)
    (file,) = report.files
    assert (file.source, file.used, file.quarantined) == ("linkedin_ads", 2, 0)
    assert shop.rows(COSTS) == [
        ("2024-01-02", "Leaders", 1_250, "EUR", 900),
        ("2024-01-31", "Makers", 300, "EUR", 100),
    ]


def test_a_facebook_ads_manager_report(shop: Shop) -> None:
    path = shop.write(
        "Acme-Campaigns-Jan-1-2024-Jan-31-2024.csv",
        "Campaign name,Campaign ID,Day,Reporting starts,Reporting ends,Impressions,Link clicks,"
        "Amount spent (EUR)",
        ",,,2024-01-01,2024-01-31,1500,20,30.25",
        "Spring,801,2024-01-01,2024-01-01,2024-01-01,1000,15,20.25",
        "Spring,801,2024-01-02,2024-01-02,2024-01-02,500,5,10.00",
        "Autumn,802,2024-01-02,2024-01-02,2024-01-02,0,,",
    )
    report = shop.take(path)
    (file,) = report.files
    assert (file.source, file.quarantined) == ("facebook_ads", 0)
    assert shop.rows(COSTS) == [
        ("2024-01-01", "Spring", 2_025, "EUR", 1_000),
        ("2024-01-02", "Spring", 1_000, "EUR", 500),
    ]


def test_a_corrected_report_replaces_and_the_same_one_again_changes_nothing(shop: Shop) -> None:
    head = "Day,Campaign,Campaign ID,Currency code,Cost,Impr.,Clicks"
    first = shop.write("report1.csv", head, "2024-01-01,Brand,77,EUR,10.00,5,1")
    shop.take(first)
    again = shop.take(first)
    assert shop.table(again, "cost")[1:4] == (0, 0, 1)
    shop.take(shop.write("report2.csv", head, "2024-01-01,Brand,77,EUR,12.00,6,1"))
    assert shop.rows("select amount from fct_cost") == [(1_200,)]


def test_a_salesforce_report_with_labels(shop: Shop) -> None:
    report = shop.take(
        shop.write(
            "report1700000000.csv",
            "Opportunity ID,Account ID,Opportunity Name,Stage,Amount,Close Date,Created Date,"
            "Won,Closed",
            "006000000000001,001000000000001,Acme,Closed Won,1000.00,2024-03-01,2024-01-01,1,1",
            "006000000000002,001000000000001,Beta,Proposal,500.00,2024-06-01,2024-02-01,0,0",
        ),
        shop.write(
            "report1700000001.csv",
            "Lead ID,First Name,Last Name,Company / Account,Email,Lead Source,Lead Status,"
            "Created Date",
            "00Q000000000001,Ann,Lee,Acme,ann@acme-tools.de,Web,Open,2024-01-01",
        ),
    )
    assert {(file.source, file.used) for file in report.files} == {
        ("salesforce", 2),
        ("salesforce", 1),
    }
    deals = shop.rows("select name, outcome, won_amount from fct_deal order by 1")
    assert deals == [("Acme", "won", 100_000), ("Beta", "open", None)]
    assert shop.rows("select raw_channel, status from dim_lead") == [("Web", "Open")]


META_LEADS = (
    "id,created_time,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,form_id,form_name,"
    "is_organic,platform,e-mail-adresse,vollständiger_name,telefonnummer,lead_status"
)


def test_leads_of_metas_forms_meet_the_campaign_that_was_paid(shop: Shop) -> None:
    """The letters before ids are none of it; one nobody worked on has no status; tests are none."""
    leads = shop.write(
        "Spring_Leads_2026-01-05.csv",
        META_LEADS.replace(",", "\t"),
        *(
            line.replace(",", "\t")
            for line in (
                "l:1,2026-01-05T09:30:00-05:00,ag:7,Ad,as:8,Set,c:801,Spring,f:9,Form,false,ig,"
                "ana@x.de,Ana Berg,p:+4915112345,CREATED",
                "l:2,2026-01-06T09:30:00-05:00,,,,,,,f:9,Form,true,fb,bo@x.de,Bo,p:+49,Qualified",
                "l:3,2026-01-06T09:30:00-05:00,,,,,c:802,Other,f:9,Form,false,fb,cy@x.de,Cy,p:+49,",
                "l:4,2026-01-06T09:30:00-05:00,,,,,,,f:9,Form,true,fb,<test lead: dummy data for "
                "email>,x,p:+49,CREATED",
                "l:5,2026-01-06T09:30:00-05:00,,,,,,,f:9,Form,true,fb,test@fb.com,<test lead: "
                "dummy data for full_name>,p:+49,CREATED",
            )
        ),
        encoding="utf-16",
    )
    costs = shop.write(
        "Campaigns.csv",
        "Campaign name,Campaign ID,Day,Reporting starts,Reporting ends,Amount spent (EUR)",
        "Spring,801,2026-01-01,2026-01-01,2026-01-01,20.25",
    )
    found = {file.file: file for file in shop.take(leads, costs).files}[leads.name]
    assert (found.source, found.used, found.unused) == ("facebook_ads", 3, 2)
    assert shop.rows("select lead_id, campaign_id, channel, status from lead order by 1") == [
        ("facebook_ads:1", "facebook_ads:801", "facebook ads", None),
        ("facebook_ads:2", None, "organic social", "Qualified"),
        ("facebook_ads:3", "facebook_ads:802", "facebook ads", None),
    ]
    assert shop.rows("select campaign_id, name from campaign order by 1") == [
        ("facebook_ads:801", "Spring"),
        ("facebook_ads:802", "Other"),
    ]
    assert shop.rows("select person_id, email, full_name from person order by 1 limit 1") == [
        ("facebook_ads:1", "ana@x.de", "Ana Berg")
    ]
    assert shop.rows("select touch_id, lead_id, kind, occurred_at::varchar from touch limit 1") == [
        ("facebook_ads:1", "facebook_ads:1", "form_submission", "2026-01-05 14:30:00")
    ]


def test_leads_of_linkedins_forms_meet_the_campaign_that_was_paid(shop: Shop) -> None:
    report = shop.write(
        "campaign_performance_report.csv",
        "Start Date (in UTC),Account Name,Currency,Campaign Group Name,Campaign Name,Campaign ID,"
        "Clicks,Total Spent",
        "02/24/2026,Ours,EUR,Spring,Demo,123,10,20.50",
    )
    leads = shop.write(
        "leads.csv",
        "Campaign Name,Campaign ID,Creative Name,Form Name,Submitted At,First Name,Last Name,"
        "Email Address,Test Lead",
        "Demo,123,Ad 1,Demo form,2/3/2026 10:12 AM,Ada,Berg,ada@acme.test,No",
        "Demo,123,Ad 1,Demo form,2/24/2026 10:12 AM,Tom,Fuchs,tom@fuchs.test,Yes",
    )
    found = shop.take(report, leads)
    assert [(f.source, f.used, f.unused) for f in found.files] == [
        ("linkedin_ads", 1, 0),
        ("linkedin_ads", 1, 1),
    ]
    assert shop.rows(
        "select l.created_at::varchar, l.campaign_id, p.email, p.full_name, t.kind, t.content"
        " from lead l join person p using (person_id) join touch t using (lead_id)"
    ) == [
        (
            *("2026-02-03 09:12:00", "linkedin_ads:123", "ada@acme.test", "Ada Berg"),
            *("form_submission", "Demo form"),
        )
    ]
    assert shop.rows("select campaign_id from campaign") == [("linkedin_ads:123",)]


def test_leads_of_googles_forms(shop: Shop) -> None:
    leads = shop.write(
        "Lead form leads.csv",
        "Lead ID,Lead submission time,Campaign ID,Campaign,Form ID,GCLID,Full name,User email",
        "T-1,2026-02-03 10:12:00+00:00,22,Search,55,Cj0,Ada Berg,ada@acme.test",
    )
    (file,) = shop.take(leads).files
    assert (file.source, file.used) == ("google_ads", 1)
    assert shop.rows("select lead_id, channel, campaign_id from lead") == [
        ("google_ads:T-1", "google ads", "google_ads:22")
    ]
    assert shop.rows("select name from campaign") == [("Search",)]
