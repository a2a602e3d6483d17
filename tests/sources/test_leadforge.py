"""The leadforge profile on rows typed in by hand, and on bundles of either mode."""

from __future__ import annotations

import pytest
from profile_views import produce

from smarketing.sources.profile import builtin_sources
from smarketing.sources.recognition import recognise

LEADFORGE = builtin_sources()["leadforge"]
LEAD = {
    "lead_id": "l1",
    "contact_id": "c1",
    "account_id": "a1",
    "lead_source": "sdr_outbound",
    "current_stage": "negotiation",
    "owner_rep_id": "r1",
}


def test_lead_carries_its_opportunity_and_the_deal_its_lead() -> None:
    deal = {"opportunity_id": "o1", "lead_id": "l1", "estimated_acv": "47173", "stage": "sql"}
    files = {"leads": [LEAD], "opportunities": [deal, {**deal, "opportunity_id": "o2"}]}
    (lead,) = produce(LEADFORGE, "lead", files)
    assert (lead["person_id"], lead["channel"], lead["status"], lead["converted_deal_id"]) == (
        "c1",
        "sdr_outbound",
        "negotiation",
        "o1",
    )
    first, second = produce(LEADFORGE, "deal", files)
    assert first["lead_id"] == second["lead_id"] == "l1"
    assert (first["account_id"], first["owner_id"], first["lead_source"]) == (
        "a1",
        "r1",
        "sdr_outbound",
    )


def test_the_outcome_is_the_source_s_and_the_stage_is_asked_later() -> None:
    deals = [
        {"opportunity_id": "o1", "close_outcome": "closed_won", "stage": "closed_won"},
        {"opportunity_id": "o2", "close_outcome": None, "stage": "negotiation"},
    ]
    rows = produce(LEADFORGE, "deal", {"opportunities": deals})
    assert [row["outcome"] for row in rows] == ["closed_won", None]


def test_touches_keep_their_kind_and_sales_activities_carry_a_prefix() -> None:
    touch = {"lead_id": "l1", "touch_type": "call", "touch_direction": "outbound"}
    files = {
        "leads": [LEAD],
        "touches": [
            {**touch, "touch_id": "t1", "touch_channel": "sdr_outbound"},
            {**touch, "touch_id": "t2", "touch_channel": "partner_referral"},
        ],
        "sessions": [{"session_id": "s1", "lead_id": "l1", "session_type": "pricing_page"}],
        "sales_activities": [
            {"activity_id": "x1", "lead_id": "l1", "activity_type": "call", "rep_id": "r1"}
        ],
    }
    made = {row["touch_id"]: row for row in produce(LEADFORGE, "touch", files)}
    assert {i: (row["kind"], row["side"]) for i, row in made.items()} == {
        "t1": ("call", "sales"),
        "t2": ("call", "marketing"),
        "s1": ("pricing_page", "marketing"),
        "x1": ("sales_call", "sales"),
    }
    assert {row["person_id"] for row in made.values()} == {"c1"}
    assert made["x1"]["actor_id"] == "r1"


def test_subscription_reaches_its_account_and_value_through_customer_and_deal() -> None:
    files = {
        "subscriptions": [
            {"subscription_id": "s", "customer_id": "k", "subscription_start_at": "2024-02-27"}
        ],
        "customers": [{"customer_id": "k", "opportunity_id": "o", "account_id": "a1"}],
        "opportunities": [{"opportunity_id": "o", "estimated_acv": "16091"}],
    }
    (row,) = produce(LEADFORGE, "contract", files)
    assert (row["account_id"], row["deal_id"], row["recurring_amount"], row["starts_on"]) == (
        "a1",
        "o",
        "16091",
        "2024-02-27",
    )


@pytest.mark.parametrize(
    ("band", "employees"), [("200-499", "200"), ("2000+", "2000"), ("unknown", "")]
)
def test_size_band_counts_as_its_lower_end(band: str, employees: str) -> None:
    (row,) = produce(LEADFORGE, "account", {"accounts": [{"employee_band": band, "region": "UK"}]})
    assert (row["employees"], row["country"], row["region"]) == (employees, "UK", None)


def test_a_public_bundle_without_outcome_columns_is_recognised() -> None:
    deals = ("opportunity_id", "lead_id", "created_at", "stage", "estimated_acv")
    leads = ("lead_id", "contact_id", "account_id", "lead_created_at", "lead_source")
    sources = builtin_sources().values()
    assert recognise("opportunities.parquet", deals, sources).object == "opportunities"
    assert recognise("leads.parquet", leads, sources).object == "leads"


def test_a_table_of_model_features_is_not_taken_for_the_leads_it_was_made_from() -> None:
    features = (
        "account_id",
        "contact_id",
        "lead_id",
        "lead_created_at",
        "lead_source",
        "current_stage",
        "is_sql",
        "touch_count",
        "session_count",
        "expected_acv",
        "converted_within_90_days",
    )
    for sources in (builtin_sources().values(), [LEADFORGE]):
        match = recognise("train.parquet", features, sources)
        assert (match.object, bool(match.profile.ignored)) == ("task_split", True)
