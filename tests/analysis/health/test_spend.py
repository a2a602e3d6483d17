"""What Data health says of spend: cuts that differ, even parts, missing teams, a file's totals."""

from __future__ import annotations

import pytest
from builders import default_agreement, make_store, rows
from health_kit import found, only, store
from told_engine import told

from smarketing.agreement import parse_agreement
from smarketing.analysis.health.finding import FAULT, NOTE, WARNING
from smarketing.analysis.health.report import FAIL, PASS, checks
from smarketing.analysis.health.spend import _teams

COST = {"cost_id": "k", "incurred_on": "2026-01-05", "amount": 100_00, "category": "media"}
OF_MARKETING = {**COST, "team": "marketing"}
DIFFERENCE = {
    "source": "ads",
    "campaign_id": "ads:7",
    "starts_on": "2026-01-05",
    "ends_on": "2026-01-05",
    "currency": "EUR",
    "counted_amount": 100_00,
    "other_amount": 60_00,
    "counted_file": "a.csv",
    "other_file": "b.csv",
}


def test_costs_as_they_should_be_are_not_mentioned() -> None:
    assert not [name for name in found(store(cost=[OF_MARKETING])) if "cost" in name]


def test_cuts_that_differ_are_named_with_the_greatest_difference() -> None:
    month = {"starts_on": "2026-01-01", "ends_on": "2026-01-31", "campaign_id": None}
    engine = store(
        campaign=[{"campaign_id": "ads:7", "name": "Winter"}],
        spend_difference=[DIFFERENCE, {**DIFFERENCE, **month, "other_amount": 90_00}],
    )
    finding = only(engine, "spend-differs-ads-eur")
    assert (finding.severity, finding.count, finding.amount) == (WARNING, 2, -50.0)
    assert finding.sentence == (
        "2 cuts of spend of ads do not come to what counts; the greatest difference of “Winter” is "
        "on 5 Jan 2026: a.csv has €100.00 and counts, b.csv has €60.00."
    )


def test_one_cut_that_differs_does_not_come_to_what_counts() -> None:
    finding = only(store(spend_difference=[DIFFERENCE]), "spend-differs-ads-eur")
    assert finding.sentence.startswith("1 cut of spend of ads does not come to what counts;")


def test_spend_that_is_spread_over_its_days_is_a_note() -> None:
    spread = {**OF_MARKETING, "covers_until": "2026-01-06"}
    engine = store(cost=[spread, {**spread, "cost_id": "k2", "incurred_on": "2026-01-06"}])
    finding = only(engine, "spend-spread-test")
    assert (finding.severity, finding.count, finding.amount) == (NOTE, 2, 200.0)


@pytest.mark.parametrize(
    ("team", "setting", "counts_for", "severity"),
    [
        (None, "marketing", "marketing", WARNING),
        (None, "", "(unknown)", FAULT),
        ("Growth", "marketing", "(unmapped)", FAULT),
    ],
)
def test_a_cost_of_no_team_counts_for_the_agreed_one_and_is_said(
    team: str | None, setting: str, counts_for: str, severity: str
) -> None:
    agreement = parse_agreement(f"extends: default\ncost_without_team: {setting}\n")
    engine = make_store({"cost": [{**COST, "team": team}]}, agreement)
    assert rows(engine, "select team from fct_cost") == [(counts_for,)]
    named = "unmapped" if team else "unknown"
    finding = only(engine, f"cost-team-test-{named}")
    assert (finding.severity, finding.count, finding.amount) == (severity, 1, 100.0)
    assert ("count as marketing's" in finding.sentence) == (severity == WARNING)


def test_a_team_that_the_agreement_does_not_have_is_in_nobody_s_cost() -> None:
    row = {"source": "s", "named_team": "Growth", "team": "(unmapped)", "records": 2, "unvalued": 0,
           "cost_amount": 5_00}  # fmt: skip
    found = {
        named: next(_teams(told(health__cost_teams=[{**row, "named_team": named, "team": team}])))
        for named, team in (("Growth", "(unmapped)"), ("Old", "marketing"), ("(unknown)", "sales"))
    }
    assert found["Growth"].sentence == (
        "2 costs of s, worth €5.00, name a team that the agreement does not have: "
        "they are in no team's cost."
    )
    assert [one.severity for one in found.values()] == [FAULT, FAULT, WARNING]
    assert found["(unknown)"].sentence.endswith(
        "name no team: they count as sales's (cost_without_team)."
    )


def test_a_campaign_with_costs_of_two_sources_may_count_twice() -> None:
    campaigns = [
        {"campaign_id": "ads:7", "name": "Winter 26", "source": "ads"},
        {"campaign_id": "crm:1", "name": "winter_26", "source": "crm"},
    ]
    costs = [
        {**OF_MARKETING, "cost_id": c["campaign_id"], "campaign_id": c["campaign_id"],
         "source": c["source"], "amount": amount}
        for c, amount in zip(campaigns, (100_00, 90_00), strict=True)
    ]  # fmt: skip
    finding = only(store(campaign=campaigns, cost=costs), "cost-sources")
    assert (finding.severity, finding.count, finding.amount) == (WARNING, 1, 90.0)
    assert "same money, worth €90.00, it counts twice" in finding.sentence


def test_costs_without_ids_that_another_file_may_hold_name_both_files() -> None:
    shared = {"source": "hand", "file": "b.csv", "file_id": 2, "day": "2026-01-05", "cost_id": "k",
              "currency": "EUR", "amount": 55_00, "other_source": "hand", "other_file": "a.csv",
              "other_file_id": 1}  # fmt: skip
    engine = store(cost_overlap=[shared, {**shared, "cost_id": "k2", "day": "2026-01-07"}])
    finding = only(engine, "cost-overlap-hand-hand-eur")
    assert (finding.severity, finding.count, finding.amount) == (WARNING, 2, 110.0)
    assert finding.sentence == (
        "b.csv and a.csv both have costs of the same days and kind, from 5 Jan 2026 to 7 Jan 2026: "
        "if those of b.csv, worth €110.00, are the same money, it counts twice."
    )


def test_a_file_that_says_another_total_than_was_read_of_it_fails_the_check() -> None:
    said = {"source": "ads", "file": "a.csv", "table_name": "cost", "column_name": "Cost",
            "currency": "EUR", "said_amount": 5_484_00, "read_amount": 5_48}  # fmt: skip
    engine = store(file_total=[{**said, "agrees": False}, {**said, "agrees": True}])
    finding = only(engine, "total-1")
    assert (finding.severity, finding.amount) == (FAULT, 5478.52)
    assert finding.sentence == (
        "a.csv says that Cost comes to €5,484.00 in all, and €5.48 was read of it."
    )
    statuses = {check.name: check for check in checks(engine, default_agreement())}
    assert statuses["totals of files"].status == FAIL
    assert statuses["totals of files"].detail.startswith("1 of 2 totals")
    right = {check.name: check for check in checks(store(), default_agreement())}
    assert right["totals of files"].status == PASS


def test_two_quotas_of_a_member_for_the_same_days_are_said() -> None:
    fiscal = parse_agreement("extends: default\nfiscal_year_start_month: 2\n")
    quota = {"member_id": "m1", "amount": 100_00, "currency": "EUR"}
    periods = ("2026", "2026-Q1", "Q1 2026", "2026-02", "2027-Q1", "FY2026-Q1", "2025-Q2")
    engine = make_store({"quota": [{**quota, "period": period} for period in periods]}, fiscal)
    # A month within a quarter and a quarter within a year are no others for the same days.
    assert [(q["period"], q["other_period"]) for q in engine.rows("health/quota_twice")] == [
        ("2026-Q1", "Q1 2026"),
        ("FY2026-Q1", "2025-Q2"),
    ]
    finding = found(engine)["quota-twice"]
    assert (finding.count, finding.severity) == (2, WARNING)
    assert "as id m1 in “2026-Q1” and “Q1 2026”" in finding.sentence
