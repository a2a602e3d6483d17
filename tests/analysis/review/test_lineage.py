"""What a column of a mart rests on, read from the marts themselves."""

from __future__ import annotations

import pytest

from smarketing.analysis.review.lineage import columns_under


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
