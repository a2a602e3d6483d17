"""Spend counts once: cuts, periods, totals and corrections of the same money, by hand."""

from __future__ import annotations

from typing import Any

import pytest
from spend_kit import settled

from smarketing.sources.profile import builtin_sources

GOOGLE, META, MICROSOFT, LINKEDIN = (
    builtin_sources()[name]
    for name in ("google_ads", "facebook_ads", "microsoft_ads", "linkedin_ads")
)
Row = dict[str, Any]


def google(file: str, day: str, cost: str, **more: str) -> Row:
    return {"_file_id": file, "Day": day, "Campaign": "Winter", "Cost": cost, "Impr.": "1", **more}


BY_NAME = [google("a", "2026-01-01", "100.00"), google("a", "2026-01-02", "50.00")]
BY_ID = [google("b", "2026-01-01", "100.00", **{"Campaign ID": "77"}),
         google("b", "2026-01-02", "50.00", **{"Campaign ID": "77"})]  # fmt: skip
BY_DEVICE = [
    google("c", "2026-01-01", "60.00", **{"Campaign ID": "77", "Device": "Computers"}),
    google("c", "2026-01-01", "40.00", **{"Campaign ID": "77", "Device": "Mobile phones"}),
    google("c", "2026-01-02", "50.00", **{"Campaign ID": "77", "Device": "Computers"}),
]


@pytest.mark.parametrize(
    "reports",
    [
        [*BY_NAME, *BY_ID, *BY_DEVICE],
        [*BY_DEVICE, *BY_NAME, *BY_ID],
        [*BY_ID, *BY_DEVICE],
        [*BY_DEVICE, *BY_NAME],
    ],
)
def test_the_same_days_with_more_columns_count_once_by_the_finest(reports: list[Row]) -> None:
    answer = settled(GOOGLE, {"campaign_report": reports})
    assert answer.days() == [
        ("2026-01-01", "google_ads:77", 100_00),
        ("2026-01-02", "google_ads:77", 50_00),
    ]
    assert {cost["_file"] for cost in answer.costs} == {"c"}
    assert set(answer.aside) == {"the same spend is counted from c, which cuts it finer"}
    assert answer.differences == []


def test_without_a_file_that_names_both_names_and_ids_are_taken_for_the_same() -> None:
    bare = [{k: v for k, v in row.items() if k != "Campaign"} | {"Campaign": None} for row in BY_ID]
    answer = settled(GOOGLE, {"campaign_report": [*BY_NAME, *bare]})
    assert answer.total == 150_00
    other = google("a", "2026-01-01", "7.00", Campaign="Summer")
    both = settled(GOOGLE, {"campaign_report": [*BY_NAME, other, *BY_ID]})
    assert both.days()[0] == ("2026-01-01", "google_ads:77", 100_00)
    assert ("2026-01-01", "google_ads:Summer", 7_00) in both.days()


def test_a_finer_cut_that_lacks_some_is_not_complete_and_the_difference_is_told() -> None:
    answer = settled(GOOGLE, {"campaign_report": [*BY_ID, *BY_DEVICE[:1], BY_DEVICE[2]]})
    assert answer.days()[0] == ("2026-01-01", "google_ads:77", 100_00)
    assert answer.total == 150_00
    assert answer.aside == {
        "the same spend is counted from b, which has more of it": [4],
        "the same spend is counted from c, which cuts it finer": [3],
    }
    assert answer.differences == [
        ("google_ads:77", "2026-01-01", "2026-01-01", 100_00, 60_00, "b", "c")
    ]


def test_a_minor_unit_is_rounding_and_no_difference() -> None:
    rounded = [{**BY_DEVICE[0], "Cost": "59.99"}, *BY_DEVICE[1:]]
    answer = settled(GOOGLE, {"campaign_report": [*BY_ID, *rounded]})
    assert (answer.total, answer.differences) == (149_99, [])


def test_a_correction_replaces_and_a_report_split_in_two_adds_up() -> None:
    corrected = {**BY_DEVICE[0], "_file_id": "d", "Cost": "61.00"}
    answer = settled(GOOGLE, {"campaign_report": [*BY_DEVICE, corrected]})
    assert answer.total == 151_00
    assert answer.aside == {"superseded by a newer version": [2]}
    half = {**BY_DEVICE[1], "_file_id": "d"}
    split = settled(GOOGLE, {"campaign_report": [BY_DEVICE[0], half, BY_DEVICE[2]]})
    whole = settled(GOOGLE, {"campaign_report": BY_DEVICE})
    assert sorted(c["cost_id"] for c in split.costs) == sorted(c["cost_id"] for c in whole.costs)


def test_a_day_written_otherwise_is_the_same_day() -> None:
    other = [{**row, "_file_id": "d", "Day": f"Thu, Jan {n}, 2026"}
             for n, row in enumerate(BY_NAME, start=1)]  # fmt: skip
    assert settled(GOOGLE, {"campaign_report": [*BY_NAME, *other]}).total == 150_00


def test_a_column_that_nobody_knows_and_that_tells_rows_apart_is_a_breakdown() -> None:
    by_gender = [
        google("g", "2026-01-01", "70.00", Gender="Female", CTR="1.0%"),
        google("g", "2026-01-01", "30.00", Gender="Male", CTR="2.0%"),
        google("g", "2026-01-02", "50.00", Gender="Male", CTR="2.0%"),
    ]
    answer = settled(GOOGLE, {"campaign_report": [*BY_NAME, *by_gender]})
    assert (answer.total, {cost["_file"] for cost in answer.costs}) == (150_00, {"g"})
    again = {**by_gender[1], "_file_id": "h", "Cost": "31.00", "CTR": "9.9%"}
    more = {**again, "Gender": "Unknown", "Cost": "5.00"}
    assert settled(GOOGLE, {"campaign_report": [*by_gender, again, more]}).total == 156_00


@pytest.mark.parametrize("header", ["Hour of the day", "Tageszeit", "Ad group ID", "KeywordId"])
@pytest.mark.parametrize("whole", ["a", "z"])
def test_figures_that_name_an_hour_or_an_id_tell_rows_apart(header: str, whole: str) -> None:
    parts = [
        google("m", "2026-01-01", cost, **{header: n}) for cost, n in (("4", "9"), ("6", "10"))
    ]
    rows = [*parts, google(whole, "2026-01-01", "10")]
    answer = settled(
        GOOGLE, {"campaign_report": sorted(rows, key=lambda row: str(row["_file_id"]))}
    )
    assert answer.total == 10_00


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_newer_file_replaces_all_rows_that_nothing_tells_apart(order: tuple[int, int]) -> None:
    several = [google("", "2026-01-01", "4"), google("", "2026-01-01", "6")]
    files = (several, [google("", "2026-01-01", "11")])
    rows = [{**row, "_file_id": str(n)} for n in range(2) for row in files[order[n]]]
    answer = settled(GOOGLE, {"campaign_report": rows})
    assert answer.total == (11_00 if order == (0, 1) else 10_00)


def test_rows_that_agree_in_all_they_are_cut_by_are_all_counted() -> None:
    answer = settled(GOOGLE, {"campaign_report": [BY_NAME[0], BY_NAME[0]]})
    assert (answer.total, len({cost["cost_id"] for cost in answer.costs})) == (200_00, 2)


def test_a_connectors_table_beside_a_report_counts_once() -> None:
    stats = [
        {"customer_id": "1", "id": "77", "date": day, "cost_micros": micros, "device": device}
        for day, micros, device in (
            ("2026-01-01", "60000000", "DESKTOP"),
            ("2026-01-01", "40000000", "MOBILE"),
            ("2026-01-03", "7000000", "MOBILE"),
        )
    ]
    answer = settled(GOOGLE, {"campaign_stats": stats, "campaign_report": [*BY_NAME, *BY_ID]})
    assert answer.days() == [
        ("2026-01-01", "google_ads:77", 100_00),
        ("2026-01-02", "google_ads:77", 50_00),
        ("2026-01-03", "google_ads:77", 7_00),
    ]


@pytest.mark.parametrize(
    ("source", "coarse", "fine"),
    [
        (GOOGLE, "campaign_stats", "ad_stats"),
        (MICROSOFT, "campaign_performance_daily_report", "ad_performance_daily_report"),
        (LINKEDIN, "ad_analytics_by_campaign", "ad_analytics_by_creative"),
        (META, "basic_campaign", "basic_ad"),
    ],
)
def test_reports_of_campaigns_and_of_ads_count_once(source: Any, coarse: str, fine: str) -> None:
    money = {"cost_micros": "2000000", "spend": "2", "cost_in_usd": "2"}
    day = {"date": "2026-01-01", "day": "2026-01-01", "campaign_id": "c", "id": "c"}
    other = {"creative_id": "k", "ad_id": "k", "account_id": "1", "customer_id": "1"}
    rows = {
        name: [{k: v for k, v in {**day, **money, **other}.items() if k in columns}]
        for name, columns in ((name, source.objects[name].columns) for name in (coarse, fine))
    }
    assert settled(source, {fine: rows[fine]}).total == 2_00
    assert settled(source, rows).total == 2_00
    rows[coarse][0] |= {"date": "2026-01-02", "day": "2026-01-02"}
    assert settled(source, rows).total == 4_00


def meta(file: str, starts: str, ends: str, spent: str | None, **more: str | None) -> Row:
    span = {"Reporting starts": starts, "Reporting ends": ends}
    row = {"_file_id": file, "Campaign name": "Winter", "Amount spent (EUR)": spent}
    return {**row, **span, **more}


def test_a_row_of_several_days_is_spread_evenly_and_marked() -> None:
    quarter = meta("q", "2026-01-01", "2026-01-31", "100.00", Impressions="62")
    answer = settled(META, {"campaign_report": [quarter]})
    amounts = [cost["amount"] for cost in answer.costs]
    assert (len(amounts), sum(amounts), set(amounts)) == (31, 100_00, {322, 323})
    assert [str(answer.costs[n]["incurred_on"]) for n in (0, -1)] == ["2026-01-01", "2026-01-31"]
    assert {cost["impressions"] for cost in answer.costs} == {2}
    assert {str(cost["covers_until"]) for cost in answer.costs} == {"2026-01-31"}
    (day,) = settled(META, {"campaign_report": [meta("d", "2026-01-01", "2026-01-01", "9")]}).costs
    assert (day["amount"], day["covers_until"]) == (9_00, None)


def test_a_credit_of_several_days_is_spread_to_the_minor_unit_as_well() -> None:
    credit = meta("q", "2026-01-01", "2026-01-03", "-0.02")
    amounts = [cost["amount"] for cost in settled(META, {"campaign_report": [credit]}).costs]
    assert (sum(amounts), len(amounts)) == (-2, 3)


@pytest.mark.parametrize("order", [("q", "d"), ("d", "q")])
def test_a_period_of_which_days_are_known_is_refused(order: tuple[str, str]) -> None:
    rows = {
        "q": [meta("q", "2026-01-01", "2026-01-31", "900.00")],
        "d": [
            meta("d", "2026-01-01", "2026-01-31", cost, Day=day)
            for day, cost in (("2026-01-05", "20.00"), ("2026-01-06", "30.00"))
        ],
    }
    reports = [row for name in order for row in rows[name]]
    answer = settled(META, {"campaign_report": reports})
    assert answer.days() == [
        ("2026-01-05", "facebook_ads:Winter", 20_00),
        ("2026-01-06", "facebook_ads:Winter", 30_00),
    ]
    assert list(answer.aside) == ["it covers several days, of which some are known from d"]
    assert [d[1:5] for d in answer.differences] == [("2026-01-01", "2026-01-31", 50_00, 900_00)]


def test_months_refuse_their_quarter_and_a_day_its_month_alone() -> None:
    months = [meta("m", f"2026-0{n}-01", f"2026-0{n}-28", "28.00") for n in (1, 2, 3)]
    quarter = meta("q", "2026-01-01", "2026-03-31", "84.00")
    day = meta("d", "2026-02-03", "2026-02-03", "5.00")
    answer = settled(META, {"campaign_report": [quarter, *months, day]})
    assert answer.total == 28_00 + 5_00 + 28_00
    assert sorted(answer.aside) == [
        "it covers several days, of which some are known from d",
        "it covers several days, of which some are known from m",
    ]


def test_the_months_of_a_report_stand_in_a_column_of_their_own() -> None:
    month = {"Month": "2026-01-01 - 2026-01-31"}
    rows = [
        meta("m", "2026-01-01", "2026-03-31", "31.00", **month),
        meta("m", "2026-01-01", "2026-03-31", "28.00", Month="2026-02-01 - 2026-02-28"),
        meta("m", "2026-01-01", "2026-03-31", "59.00", Month=None),
    ]
    answer = settled(META, {"campaign_report": rows})
    assert {cost["amount"] for cost in answer.costs} == {1_00}
    assert len(answer.costs) == 59


def test_totals_and_subtotals_of_a_report_are_left_out() -> None:
    full = {"Ad set name": "A", "Ad name": "x"}
    rows = [
        meta("t", "2026-01-01", "2026-01-01", "60.00", **full),
        meta("t", "2026-01-01", "2026-01-01", "40.00", **full | {"Ad name": "y"}),
        meta("t", "2026-01-01", "2026-01-01", "100.00", **full | {"Ad name": "All"}),
        meta("t", "2026-01-01", "2026-01-01", "100.00"),
        meta("t", "2026-01-01", "2026-01-01", "100.00", **{"Campaign name": None}),
    ]
    answer = settled(META, {"campaign_report": rows})
    assert answer.total == 100_00
    assert answer.aside == {"a total of other rows of the file": [4, 5, 6]}


def test_spend_of_no_campaign_that_is_no_total_counts() -> None:
    rows = [
        meta("t", "2026-01-01", "2026-01-01", "60.00"),
        meta("t", "2026-01-01", "2026-01-01", "7.00", **{"Campaign name": None}),
    ]
    assert settled(META, {"campaign_report": rows}).days() == [
        ("2026-01-01", "facebook_ads:Winter", 60_00),
        ("2026-01-01", None, 7_00),
    ]


def test_a_row_without_a_day_in_a_report_by_day_is_a_total() -> None:
    rows = [
        meta("t", "2026-01-01", "2026-01-31", "60.00", Day="2026-01-01"),
        meta("t", "2026-01-01", "2026-01-31", "60.00", Day=None),
    ]
    assert settled(META, {"campaign_report": rows}).total == 60_00


@pytest.mark.parametrize(
    ("source", "name", "header", "row"),
    [
        (META, "campaign_report", "Amount spent (MXN)", {"Reporting ends": "2026-01-01"}),
        (META, "campaign_report", "Ausgegebener Betrag (MXN)", {"Reporting ends": "2026-01-01"}),
        (GOOGLE, "campaign_report", "Cost (MXN)", {"Impr.": "1"}),
        (GOOGLE, "campaign_report", "Kosten in MXN", {"Impr.": "1"}),
        (MICROSOFT, "campaign_report", "Spend [MXN]", {}),
        (LINKEDIN, "campaign_report", "Total Spent MXN", {}),
    ],
)
def test_the_currency_may_stand_in_the_header(
    source: Any, name: str, header: str, row: Row
) -> None:
    day = dict.fromkeys(("Day", "Gregorian date", "Start Date (in UTC)", "Reporting starts"))
    named = dict.fromkeys(("Campaign", "Campaign name", "Campaign Name"), "Winter")
    known = source.objects[name].columns
    full = {
        k: v for k, v in {**dict.fromkeys(day, "2026-01-01"), **named, **row}.items() if k in known
    }
    (cost,) = settled(source, {name: [{**full, header: "9000.00"}]}).costs
    assert (cost["amount"], cost["currency"]) == (9000_00, "MXN")


def test_two_accounts_with_campaigns_of_one_name_stay_two() -> None:
    def row(file: str, account: str | None, cost: str, **more: str) -> Row:
        known = {"Customer ID": account} if account else {}
        return google(file, "2026-01-01", cost, **known, **more)

    two = [row("a", "1", "10.00"), row("a", "2", "20.00")]
    assert settled(GOOGLE, {"campaign_report": two}).total == 30_00
    finer = [row("b", "1", "10.00", Device="Computers")]
    assert settled(GOOGLE, {"campaign_report": [*two, *finer]}).total == 30_00
    without = [row("c", None, "10.00"), row("c", None, "20.00")]
    assert settled(GOOGLE, {"campaign_report": [*two, *finer, *without]}).total == 30_00


def test_an_answer_of_linkedin_that_names_no_currency_counts() -> None:
    day = {"dateRange.start": "2026-01-05", "pivotValue": "urn:li:sponsoredCampaign:77"}
    answer = settled(LINKEDIN, {"api_analytics": [{**day, "costInLocalCurrency": "10.50"}]})
    assert answer.total == 10_50


def test_a_period_that_ends_before_it_begins_goes_to_quarantine() -> None:
    rows = [
        meta("q", "2026-01-31", "2026-01-01", "900.00"),
        meta("q", "2026-01-01", "2046-01-01", "900.00"),
    ]
    answer = settled(META, {"campaign_report": rows})
    assert answer.costs == []
    assert answer.quarantined == [
        (2, "covers_until", "before the first day"),
        (3, "covers_until", "more than ten years after the first day"),
    ]


def linkedin(day: str, spent: str, **more: str) -> Row:
    row = {"Start Date (in UTC)": day, "Campaign Name": "Leaders", "Campaign ID": "9"}
    return row | {"Total Spent": spent, "Currency": "EUR", "Impressions": "5"} | more


def test_a_report_by_month_covers_its_months_until_the_day_of_its_import() -> None:
    months = [linkedin("12/1/2025", "31.00"), linkedin("1/1/2026", "7.00")]
    made = settled(LINKEDIN, {"campaign_report": months})
    # The kit imports on 1 January 2026: of January one day is over.
    assert made.total == 3800 and len(made.costs) == 32
    assert {amount for *_, amount in made.days()} == {100, 700}
    one = settled(LINKEDIN, {"campaign_report": months[:1]})
    daily = settled(LINKEDIN, {"campaign_report": [*months, linkedin("1/2/2026", "7.00")]})
    assert (len(one.costs), len(daily.costs)) == (1, 3)


def test_a_report_of_microsoft_by_month_covers_its_months_as_well() -> None:
    months = [
        {"Gregorian date": day, "Campaign name": "A", "Spend": spent, "Impressions": "5"}
        for day, spent in (("2025-11-01", "30.00"), ("2025-12-01", "31.00"))
    ]
    assert len(settled(MICROSOFT, {"campaign_report": months}).costs) == 61


def test_a_report_by_month_beside_one_by_day_counts_once() -> None:
    days = [linkedin(f"11/{day}/2025", "1.00", _file_id="days") for day in range(1, 31)]
    months = [linkedin(f"{month}/1/2025", f"{days}.00", _file_id="months")
              for month, days in ((11, 30), (12, 31))]  # fmt: skip
    for rows in ([*days, *months], [*months, *days]):
        made = settled(LINKEDIN, {"campaign_report": rows})
        assert made.total == 6100
