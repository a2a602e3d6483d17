"""What is worked out from the customers that were kept, by hand."""

from __future__ import annotations

import pytest

from smarketing.analysis.customers.kept import Kept

#: Of 10 customers, worth 12,000 a year, 2 left; the others pay 13,000 now. 4 came for 6,000.
SOME = Kept(
    "fair", new_customers=4, opening_customers=10, lost_customers=2, valued_customers=8,
    opening_amount=12_000, kept_amount=9_000, closing_amount=13_000, ended_contracts=4,
    renewed_contracts=3, nps_answers=20, nps_balance=-5, margin=0.8, lifetime_months=30.0,
    cost_amount=6_000,
)  # fmt: skip
NOBODY = Kept("none", 0, 0, 0, 0, None, None, None, 0, 0, 0, 0)


def test_who_stays_and_what_they_are_worth() -> None:
    assert (SOME.churn.rate, SOME.renewal.rate) == (0.2, 0.75)
    assert (SOME.gross_retention, SOME.expansion) == (0.75, pytest.approx(1 / 3))
    assert SOME.net_retention == pytest.approx(13 / 12)
    assert SOME.nps == -25
    # 12,000 ÷ 8 a year, ÷ 12 a month, × 0.8 × 30 months
    assert SOME.lifetime_value == 3_000
    assert SOME.cost_per_customer == 1_500 and SOME.value_to_cost == 2


def test_of_nobody_nothing_is_known() -> None:
    assert NOBODY.churn.rate is NOBODY.renewal.rate is None
    for name in ("gross_retention", "net_retention", "expansion", "nps", "lifetime_value",
                 "cost_per_customer", "value_to_cost"):  # fmt: skip
        assert getattr(NOBODY, name) is None, name
