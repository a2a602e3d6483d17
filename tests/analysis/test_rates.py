"""Rates, their intervals and what is small, by hand."""

from __future__ import annotations

import pytest

from smarketing.analysis.rates import Rate, rate_of, wilson


def test_an_interval_by_hand() -> None:
    # 8 of 10 at z = 2: centre (0.8 + 4/20), margin 2·√(0.8·0.2/10 + 4/400), both ÷ (1 + 4/10)
    assert wilson(8, 10, 2) == pytest.approx(((1.0 - 0.3224903) / 1.4, (1.0 + 0.3224903) / 1.4))
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775328))
    assert wilson(10, 10) == pytest.approx((0.7224672, 1.0))
    assert wilson(0, 0) is wilson(0, -1) is None


def test_a_share_lies_within_its_interval() -> None:
    assert rate_of(0, 0) == Rate(0, 0, None, None, None)
    none, all_of_them = rate_of(0, 7), rate_of(7, 7)
    assert (none.low, none.rate) == (0.0, 0.0) and (all_of_them.rate, all_of_them.high) == (
        1.0,
        1.0,
    )
    assert rate_of(1, 4).rate == 0.25
    for wrong in ((-1, 4), (5, 4), (1, 0)):
        with pytest.raises(ValueError, match=f"{wrong[0]} of {wrong[1]} is no share"):
            rate_of(*wrong)


@pytest.mark.parametrize(
    ("successes", "n", "small", "counts"),
    [(15, 29, True, False), (15, 30, False, False), (4, 40, False, True), (5, 40, False, False),
     (36, 40, False, True), (35, 40, False, False), (0, 0, True, True)],
)  # fmt: skip
def test_when_a_rate_is_small_and_when_counts_are_fairer(
    successes: int, n: int, small: bool, counts: bool
) -> None:
    found = rate_of(successes, n)
    assert (found.is_small, found.as_counts) == (small, counts)


def test_the_interval_of_none_begins_at_0_and_that_of_all_ends_at_1_to_the_last_bit() -> None:
    for n in range(1, 60):
        none, every = wilson(0, n), wilson(n, n)
        assert none is not None and every is not None
        assert none[0] == 0.0 < none[1] and every[1] == 1.0 > every[0]
    assert wilson(0, 0) is None
