"""What a column of a mart rests on, read from the marts themselves."""

from __future__ import annotations

import pytest

from smarketing.agreement import load_agreement
from smarketing.analysis.review.lineage import columns_under
from smarketing.analysis.review.resting import _OF_RECORDS, Settings


def test_what_was_won_rests_on_amounts_and_rates_not_on_who_owns_a_deal() -> None:
    assert columns_under([("fct_deal", "won_amount")]) == {
        "deal": {"deal_id", "amount", "currency", "outcome", "closed_at"},
        "fx_rate": {"currency", "rate_on", "rate"},
    }


@pytest.mark.parametrize(
    ("mart", "column", "table", "read"),
    [
        ("fct_deal", "owner_team", "deal", "owner_id"),
        ("fct_deal", "owner_team", "member", "team"),
        ("fct_deal", "channel", "deal", "lead_source"),
        ("fct_deal", "carrier_lead_id", "deal_contact", "is_primary"),
        ("fct_handoff", "response_minutes", "touch", "occurred_at"),
        ("fct_handoff", "response_minutes", "member", "timezone"),
    ],
)
def test_joins_filters_and_what_is_written_by_another_hand_are_followed(
    mart: str, column: str, table: str, read: str
) -> None:
    assert read in columns_under([(mart, column)])[table]


def test_a_remark_on_the_source_of_a_lead_is_under_no_time_of_response() -> None:
    found = columns_under([("fct_handoff", "response_minutes")])
    assert "source_detail" not in found["lead"]


@pytest.mark.parametrize(
    ("path", "moved", "reached", "left_alone"),
    [
        ("classification.channels[display]", "map_channel", "channel", "won_amount"),
        ("attribution.excluded_kinds", "agreement_excluded_kind", "originator", "won_amount"),
        ("classification.segments[smb]", "map_segment", "segment", "won_amount"),
        ("attribution.qualifying_stages", "agreement_qualifying_stage", "pipeline_amount", "kind"),
        ("teams[sdr]", "map_team", "owner_team", "won_amount"),
    ],
)
def test_a_setting_reaches_what_rests_on_the_table_it_is_kept_in(
    path: str, moved: str, reached: str, left_alone: str
) -> None:
    agreement = load_agreement()
    settings = Settings(agreement, agreement, ((path, "It changed."),), frozenset({moved}))
    mart = "fct_origin" if reached == "originator" else "fct_deal"
    assert settings.under("won_revenue", {(mart, reached)}) == ["It changed."]
    assert settings.under("won_revenue", {("fct_deal", left_alone)}) == []


@pytest.mark.parametrize(
    ("setting", "reached", "left_alone"),
    [
        ("response.within_business_hours", ("response_status",), ("is_accepted", "speed_minutes")),
        ("attempts.within_business_days", ("attempts_status",), ("response_status", "is_decided")),
        ("decision.within_business_days", ("decision_status", "is_decided"), ("attempts_status",)),
        ("from_stage", ("response_status", "is_accepted", "speed_minutes"), ()),
    ],
)
def test_a_promise_of_sales_reaches_what_is_judged_by_it_alone(
    setting: str, reached: tuple[str, ...], left_alone: tuple[str, ...]
) -> None:
    agreement, path = load_agreement(), f"service_levels.{setting}"
    moved = frozenset({*_OF_RECORDS, "$attempts_at_least"})
    settings = Settings(agreement, agreement, ((path, "It changed."),), moved)
    found = {
        name: settings.under("won_revenue", {("fct_handoff", name), ("fct_handoff", "")})
        for name in (*reached, *left_alone)
    }
    assert found == {name: ["It changed."] * (name in reached) for name in (*reached, *left_alone)}
