"""Ad platforms: a cost per row that names one, campaigns from their newest version."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from profile_views import Rows, produce

from smarketing.errors import SourceError
from smarketing.sources.profile import builtin_sources
from smarketing.sources.recognition import recognise

SOURCES = builtin_sources()
GOOGLE_DAY = {"customer_id": "1", "id": "77", "date": "2021-02-01", "device": "MOBILE"}


def cost(source: str, files: Mapping[str, Rows]) -> list[dict[str, Any]]:
    return produce(SOURCES[source], "cost", files)


def test_google_micros_become_major_units_exactly_and_text_stays_to_be_quarantined() -> None:
    rows = [{**GOOGLE_DAY, "cost_micros": v} for v in ("36150000", "1", "0", "12x")]
    amounts = [row["amount"] for row in cost("google_ads", {"campaign_stats": rows})]
    assert [Decimal(a) for a in amounts[:3]] == [Decimal("36.15"), Decimal("0.000001"), Decimal(0)]
    assert amounts[3] == "12x"


def test_history_with_many_versions_multiplies_nothing() -> None:
    history = [
        {"id": "a1", "campaign_id": "c1", "updated_time": f"2020-12-0{n}", "_file_id": f"f{n}"}
        for n in range(1, 5)
    ]
    history.append({"id": "a1", "campaign_id": "c2", "updated_time": "2020-12-31"})
    spend = [{"ad_id": "a1", "date": "2020-12-10", "account_id": "1", "spend": "76.53"}]
    (row,) = cost("facebook_ads", {"basic_ad": spend, "ad_history": history})
    assert (row["amount"], row["campaign_id"]) == ("76.53", "c2")


def test_currency_is_the_reports_or_the_accounts_or_unknown() -> None:
    stats = [{**GOOGLE_DAY, "cost_micros": "1"}]
    account = [{"id": "1", "currency_code": "CHF", "updated_at": "2022-01-01"}]
    assert cost("google_ads", {"campaign_stats": stats})[0]["currency"] is None
    known = cost("google_ads", {"campaign_stats": stats, "account_history": account})
    assert known[0]["currency"] == "CHF"
    linkedin = {"campaign_id": "1", "day": "2020-04-06 00:00:00", "cost_in_usd": "3"}
    (row,) = cost("linkedin_ads", {"ad_analytics_by_campaign": [linkedin]})
    assert (row["currency"], row["incurred_on"]) == ("USD", "2020-04-06")


DOWNLOADS = [
    ("google_ads", ("Day", "Campaign", "Campaign ID", "Currency code", "Cost", "Impr.", "Clicks")),
    (
        "microsoft_ads",
        ("Gregorian date", "Account name", "Campaign name", "Campaign ID", "Spend", "Clicks"),
    ),
    (
        "linkedin_ads",
        ("Start Date (in UTC)", "Account Name", "Currency", "Campaign Name", "Total Spent"),
    ),
    (
        "facebook_ads",
        ("Reporting starts", "Reporting ends", "Campaign name", "Amount spent (EUR)"),
    ),
]


@pytest.mark.parametrize(("source", "headers"), DOWNLOADS)
def test_a_report_downloaded_by_hand_is_recognised(source: str, headers: tuple[str, ...]) -> None:
    match = recognise("report.csv", headers, SOURCES.values())
    assert (match.source.name, match.object) == (source, "campaign_report")


GAQL = {"segments.date": "2026-01-05", "metrics.cost_micros": "30500000"}
INSIGHT = {"date_start": "2026-01-01", "date_stop": "2026-01-31", "spend": "30.50"}
LINKEDIN = {"costInLocalCurrency": "30.50", "pivotValue": "urn:li:sponsoredCampaign:77"}


@pytest.mark.parametrize(
    ("source", "item", "row", "expected"),
    [
        (
            "google_ads", "api_report",
            {**GAQL, "campaign.id": "77", "customer.currency_code": "CHF"},
            ("2026-01-05", "30.5", "CHF", "77"),
        ),
        (
            "google_ads", "api_report",
            {**GAQL, "campaign.resource_name": "customers/1/campaigns/77"},
            ("2026-01-05", "30.5", None, "77"),
        ),
        (
            "facebook_ads", "insights", {**INSIGHT, "campaign_id": "77", "account_currency": "CHF"},
            ("2026-01-01", "30.5", "CHF", "77"),
        ),
        (
            "linkedin_ads", "api_analytics", {**LINKEDIN, "dateRange.start": "2026-01-05"},
            ("2026-01-05", "30.5", None, "77"),
        ),
        (
            "linkedin_ads", "api_analytics",
            {
                **LINKEDIN, "costInUsd": "33", "pivotValue": '["urn:li:sponsoredCampaign:77"]',
                "dateRange.start.year": "2026", "dateRange.start.month": "1",
                "dateRange.start.day": "5",
            },
            ("2026-01-05", "33", "USD", "77"),
        ),
    ],
)  # fmt: skip
def test_answers_of_an_api_are_read_as_costs(
    source: str, item: str, row: dict[str, str], expected: tuple[str | None, ...]
) -> None:
    assert recognise("x.csv", tuple(row), SOURCES.values()).object == item
    (found,) = cost(source, {item: [row]})
    amount = str(Decimal(found["amount"]).normalize())
    assert (found["incurred_on"], amount, found["currency"], found["campaign_id"]) == expected


@pytest.mark.parametrize(
    "written",
    ["metrics.costMicros segments.date", "metrics__cost_micros segments__date",
     "metrics_cost_micros segments_date"],
)  # fmt: skip
def test_a_connector_spells_the_fields_of_an_api_in_its_own_way(written: str) -> None:
    match = recognise("x.csv", written.split(), SOURCES.values())
    assert set(match.mapping) == {"metrics.cost_micros", "segments.date"}


@pytest.mark.parametrize("name", ["reddit_campaign_report.csv", "facebook_basic_campaign.csv"])
def test_a_report_that_any_platform_may_write_is_nobodys(name: str) -> None:
    headers = ("account_id", "campaign_id", "date", "impressions", "clicks", "spend")
    with pytest.raises(SourceError, match="is of no known source"):
        recognise(name, headers, SOURCES.values())
    match = recognise(name, (*headers, "inline_link_clicks"), SOURCES.values())
    assert match.object == "basic_campaign"


def test_linkedin_counts_only_what_is_cut_by_campaign() -> None:
    pivots = ("urn:li:sponsoredCreative:1", "urn:li:seniority:4", "urn:li:sponsoredCampaign:77")
    day = {"costInLocalCurrency": "1", "dateRange.start": "2026-01-05"}
    rows = [{**day, "pivotValue": pivot} for pivot in pivots]
    found = cost("linkedin_ads", {"api_analytics": rows})
    assert [row["campaign_id"] for row in found] == ["77"]


def test_a_row_of_insights_covers_its_days_and_a_transfer_names_its_currency_elsewhere() -> None:
    (row,) = cost("facebook_ads", {"insights": [INSIGHT]})
    assert (row["incurred_on"], row["covers_until"]) == ("2026-01-01", "2026-01-31")
    account = {"customer.id": "1", "customer.currency_code": "CHF"}
    stats = [{**GAQL, "customer.id": "1", "campaign.id": "77"}]
    (row,) = cost("google_ads", {"api_report": stats, "api_customer": [account]})
    assert row["currency"] == "CHF"


def test_a_facebook_row_without_an_amount_is_no_cost_and_names_a_campaign() -> None:
    day = {"Reporting starts": "2024-01-01", "Reporting ends": "2024-01-03"}
    rows = [
        {**day, "Campaign name": "Spring", "Amount spent (EUR)": "12.50"},
        {**day, "Campaign name": "Autumn", "Amount spent (EUR)": None},
    ]
    (made,) = cost("facebook_ads", {"campaign_report": rows})
    assert (made["amount"], made["currency"], made["campaign_id"]) == ("12.50", "EUR", "Spring")
    assert (made["incurred_on"], made["covers_until"]) == ("2024-01-01", "2024-01-03")
    campaigns = produce(SOURCES["facebook_ads"], "campaign", {"campaign_report": rows})
    assert {c["name"] for c in campaigns} == {"Spring", "Autumn"}


def test_a_download_names_each_campaign_once_and_defers_to_the_history() -> None:
    rows = [
        {"Day": f"2024-01-0{n}", "Campaign": "Brand", "Campaign ID": "9", "Cost": "1"}
        for n in (1, 2, 3)
    ]
    source = SOURCES["google_ads"]
    assert len(produce(source, "campaign", {"campaign_report": rows})) == 1
    history = [{"id": "9", "name": "Brand", "updated_at": "2024-01-01"}]
    both = produce(source, "campaign", {"campaign_report": rows, "campaign_history": history})
    assert [c["campaign_id"] for c in both] == ["9"]


FINER_CUTS = [
    (
        "google_ads",
        "ad_group_stats",
        "_fivetran_id,customer_id,date,ad_network_type,base_ad_group,campaign_base_campaign,"
        "campaign_id,clicks,cost_micros,device,id,impressions",
    ),
    (
        "google_ads",
        "keyword_stats",
        "_fivetran_id,customer_id,date,ad_group_base_ad_group,ad_group_criterion_criterion_id,"
        "ad_group_id,ad_network_type,campaign_id,clicks,cost_micros,device,impressions",
    ),
    (
        "google_ads",
        "account_stats",
        "_fivetran_id,customer_id,date,active_view_impressions,ad_network_type,clicks,cost_micros,"
        "device,impressions",
    ),
    (
        "microsoft_ads",
        "account_performance_daily_report",
        "date,account_id,device_os,device_type,network,currency_code,ad_distribution,"
        "bid_match_type,delivered_match_type,top_vs_other,clicks,impressions,spend",
    ),
    (
        "microsoft_ads",
        "ad_performance_daily_report",
        "date,account_id,campaign_id,ad_group_id,ad_id,currency_code,device_os,device_type,"
        "network,language,ad_distribution,bid_match_type,clicks,impressions,spend",
    ),
    (
        "facebook_ads",
        "demographics_country",
        "_fivetran_id,_fivetran_synced,account_id,country,date,frequency,impressions,"
        "inline_link_clicks,reach,spend",
    ),
    (
        "linkedin_ads",
        "monthly_analytics",
        "campaign_id,month,clicks,member_country,impressions,cost_in_local_currency,cost_in_usd",
    ),
    (
        "linkedin_ads",
        "creative_history",
        "id,last_modified_time,created_time,campaign_id,type,version_tag,status,click_uri",
    ),
    ("facebook_ads", "ad_set_history", "id,account_id,campaign_id,name,updated_time"),
    ("facebook_ads", "account_history", "id,name,_fivetran_synced"),
    ("microsoft_ads", "account_history", "id,name,last_modified_time,time_zone,currency_code"),
]


@pytest.mark.parametrize(
    ("source", "item", "headers"), FINER_CUTS, ids=[f"{s}-{i}" for s, i, _ in FINER_CUTS]
)
def test_other_tables_of_a_connector_are_known_and_never_taken_for_the_campaign_report(
    source: str, item: str, headers: str
) -> None:
    match = recognise("report_data.csv", headers.split(","), SOURCES.values())
    assert (match.source.name, match.object) == (source, item)


@pytest.mark.parametrize(
    ("platform", "day", "name", "spent"),
    [
        ("linkedin_ads", "Start Date (in UTC)", "Campaign Name", "Total Spent"),
        ("google_ads", "Day", "Campaign", "Cost"),
        ("microsoft_ads", "Gregorian date", "Campaign name", "Spend"),
        ("facebook_ads", "Reporting starts", "Campaign name", "Amount spent"),
    ],
)
def test_a_row_of_a_report_without_a_campaign_costs_and_names_none(
    platform: str, day: str, name: str, spent: str
) -> None:
    row = {day: "2026-01-05", spent: "7.25", "Reporting ends": "2026-01-05"}
    rows = [{**row, name: campaign} for campaign in ("Winter", None, "--")]
    report = {"campaign_report": rows}
    source = builtin_sources()[platform]
    assert len(produce(source, "cost", report)) == 3
    assert [c["name"] for c in produce(source, "campaign", report)] == ["Winter"]
