"""Why a KPI changed: volume, mix and rate by hand, and effects that add up."""

from __future__ import annotations

import pytest
from builders import default_agreement, make_store
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing.analysis.kpis.change import Change, _split, explain_change
from smarketing.engine import DuckDBEngine
from smarketing.errors import UsageError

AGREEMENT = default_agreement()
MAY, JUNE = AGREEMENT.parse_period("2026-05"), AGREEMENT.parse_period("2026-06")


def store(*groups: tuple[str, str, int, int, int]) -> DuckDBEngine:
    """Deals as (month, segment's account, won, lost, amount each in minor units)."""
    deals = []
    for month, account, won, lost, amount in groups:
        for number in range(won + lost):
            deals.append(
                {
                    "deal_id": f"{month}{account}{number}",
                    "account_id": account,
                    "outcome": "won" if number < won else "lost",
                    "amount": amount,
                    "created_at": "2026-01-01 10:00",
                    "closed_at": f"{month}-10",
                }
            )
    accounts = [{"account_id": "big", "employees": 5000}, {"account_id": "tiny", "employees": 3}]
    return make_store({"deal": deals, "account": accounts})


def change(engine: DuckDBEngine, kpi_id: str) -> Change:
    return explain_change(engine, AGREEMENT, kpi_id, JUNE, MAY, "segment")


def test_a_rate_that_fell_by_mix_alone() -> None:
    # big wins 4 of 5, tiny 1 of 5, in both months; in June tiny is 10 of 15 instead of 5 of 10.
    engine = store(
        ("2026-05", "big", 4, 1, 100),
        ("2026-05", "tiny", 1, 4, 100),
        ("2026-06", "big", 4, 1, 100),
        ("2026-06", "tiny", 2, 8, 100),
    )
    found = change(engine, "win_rate_closed")
    assert (found.before, found.after) == (0.5, pytest.approx(0.4))
    assert sum(effect.rate for effect in found.effects) == pytest.approx(0)
    assert sum(effect.mix for effect in found.effects) == pytest.approx(-0.1)
    assert sum(effect.total for effect in found.effects) == pytest.approx(found.difference)


def test_a_sum_splits_into_volume_and_rate_and_members_keep_their_own_change() -> None:
    # May: 2 deals of 10.00; June: 3 deals of 12.00. Volume 1 x 11, rate 2.5 x 2: 11 + 5 = 16.
    engine = store(("2026-05", "big", 2, 0, 1000), ("2026-06", "big", 3, 0, 1200))
    found = change(engine, "won_revenue")
    assert (found.before, found.after, found.difference) == (20.0, 36.0, 16.0)
    [effect] = found.effects
    assert (effect.key, effect.volume, effect.mix, effect.rate) == ("enterprise", 11.0, 0.0, 5.0)


def test_nothing_before_is_all_volume_and_a_rate_of_nothing_has_no_change() -> None:
    engine = store(("2026-06", "tiny", 3, 1, 1000))
    revenue = change(engine, "won_revenue")
    assert (revenue.before, revenue.after) == (0.0, 30.0)
    assert [(effect.volume, effect.mix, effect.rate) for effect in revenue.effects] == [(30, 0, 0)]
    rate = change(engine, "win_rate_closed")
    assert (rate.before, rate.after, rate.difference, rate.effects) == (None, 0.75, None, ())


def test_a_median_cannot_be_split() -> None:
    with pytest.raises(UsageError, match="'sales_cycle_days' cannot be split"):
        change(store(), "sales_cycle_days")


sizes = st.dictionaries(
    st.sampled_from("abcd"),
    st.tuples(st.integers(0, 1000), st.integers(1, 50)).map(lambda p: (float(p[0]), float(p[1]))),
    min_size=1,
)


@settings(max_examples=60, deadline=None)
@given(sizes, sizes, st.booleans())
def test_the_effects_add_up_to_the_change(
    old: dict[str, tuple[float, float]], new: dict[str, tuple[float, float]], is_ratio: bool
) -> None:
    kpi = AGREEMENT.kpi("won_revenue")
    found = _split(kpi, "segment", old, new, is_ratio=is_ratio)
    assert sum(effect.total for effect in found.effects) == pytest.approx(found.difference)
    if not is_ratio:
        for effect in found.effects:
            own = new.get(effect.key, (0, 0))[0] - old.get(effect.key, (0, 0))[0]
            assert effect.total == pytest.approx(own)
