"""Process limits by published examples and by hand, and the two rules of a signal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarketing.analysis.review.limits import IN_A_ROW, OUTSIDE, Limits, Signal, limits_of, signals

# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: ten flow rates; centre 50.81, mean
# moving range 1.8778, limits 45.8159 and 55.8041 (there with 3 ÷ 1.128, here with 2.66).
FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]


def test_the_limits_of_the_published_flow_rates() -> None:
    limits = limits_of(FLOW, needed=10)
    assert limits is not None
    assert limits.centre == pytest.approx(50.81)
    assert limits.lower == pytest.approx(45.8159, abs=0.002)
    assert limits.upper == pytest.approx(55.8041, abs=0.002)
    assert signals(FLOW, limits) == ()


def test_the_median_variant_by_hand() -> None:
    # values 1 3 2 4 30: median 3; moving ranges 2 1 2 26: median 2; 3 ± 3.14 × 2, never below zero
    limits = limits_of([1, 3, 2, 4, 30], basis="median", needed=5)
    assert limits == Limits(3.0, 0.0, pytest.approx(9.28))
    assert limits is not None and signals([4, 30], limits) == (Signal(OUTSIDE, "above", 1, 1),)


def test_eleven_earlier_periods_set_no_limits_and_twelve_do() -> None:
    assert limits_of([5.0] * 11) is None
    assert limits_of([5.0] * 12) == Limits(5.0, 5.0, 5.0)
    assert limits_of([], needed=0) is None


def test_what_can_be_negative_may_have_a_lower_limit_below_zero() -> None:
    # -2 and 2 in turn: centre 0, moving range 4, 2.66 × 4 = 10.64
    limits = limits_of([-2.0, 2.0] * 6)
    assert limits == Limits(0.0, pytest.approx(-10.64), pytest.approx(10.64))


def test_no_limit_of_a_part_of_a_whole_is_above_the_whole() -> None:
    # 0.5 and 0.9 in turn: centre 0.7, moving range 0.4, 2.66 × 0.4 = 1.064 to either side
    rates = [0.5, 0.9] * 6
    assert limits_of(rates) == Limits(pytest.approx(0.7), 0.0, pytest.approx(1.764))
    assert limits_of(rates, at_most=1.0) == Limits(pytest.approx(0.7), 0.0, 1.0)


def test_eight_in_a_row_on_one_side_are_a_signal_and_seven_are_not() -> None:
    limits = Limits(10.0, 0.0, 20.0)
    assert signals([9.0] + [11.0] * 7 + [9.0], limits) == ()
    assert signals([9.0] + [11.0] * 9 + [9.0], limits) == (Signal(IN_A_ROW, "above", 1, 9),)
    assert signals([9.0] * 8, limits) == (Signal(IN_A_ROW, "below", 0, 7),)


def test_a_gap_or_a_value_on_the_centre_ends_a_run() -> None:
    limits = Limits(10.0, 0.0, 20.0)
    for gap in (None, 10.0):
        assert signals([11.0] * 5 + [gap] + [11.0] * 5, limits) == ()


def test_a_point_on_a_limit_is_within_it() -> None:
    limits = Limits(10.0, 5.0, 20.0)
    assert signals([5.0, 20.0], limits) == ()
    assert [s.side for s in signals([4.9, 20.1], limits)] == ["below", "above"]


@given(st.lists(st.floats(-1e6, 1e6), min_size=12, max_size=40), st.floats(0.1, 1000))
def test_limits_scale_with_their_values(values: list[float], factor: float) -> None:
    limits, scaled = limits_of(values), limits_of([value * factor for value in values])
    assert limits is not None and scaled is not None
    assert scaled.centre == pytest.approx(limits.centre * factor, rel=1e-6, abs=1e-3)
    assert scaled.upper == pytest.approx(limits.upper * factor, rel=1e-6, abs=1e-3)
    assert limits.lower <= limits.centre <= limits.upper or min(values) >= 0


def test_a_band_as_wide_as_its_centre_is_far_from_nothing_is_wide() -> None:
    assert Limits(100.0, 0.0, 200.0).is_wide and Limits(0.0, -1.0, 1.0).is_wide
    assert not Limits(100.0, 50.0, 150.0).is_wide
    assert not Limits(-100.0, -150.0, -50.0).is_wide
