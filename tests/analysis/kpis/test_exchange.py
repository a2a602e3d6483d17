"""What exchange rates did to a sum: by hand."""

from __future__ import annotations

import pytest

from smarketing.analysis.kpis.exchange import _gains
from smarketing.analysis.kpis.shapes import WINDOW


def row(
    currency: str, window: str, key: str, given: float | None, worth: float
) -> dict[str, object]:
    return {"currency": currency, WINDOW: window, "key": key, "given": given, "worth": worth}


def test_a_rate_s_gain_is_what_the_amounts_come_to_less_the_same_at_the_mean_rate() -> None:
    rows = [
        row("USD", "now", "web", 100, 100), row("USD", "now", "tv", 100, 100),  # a rate of 1
        row("USD", "before", "web", 50, 40), row("USD", "before", "tv", 50, 40),  # of 0.8
        row("GBP", "now", "web", 10, 12),  # of one period alone
        row("EUR", "now", "web", 70, 70), row("EUR", "before", "web", 30, 30),
        row("CHF", "now", "web", None, 5), row("CHF", "before", "web", 5, 5),
    ]  # fmt: skip
    found = _gains(rows, ("now", "before"))
    assert found == {
        ("web", "now"): pytest.approx(10), ("tv", "now"): pytest.approx(10),
        ("web", "before"): pytest.approx(-5), ("tv", "before"): pytest.approx(-5),
    }  # fmt: skip
    assert _gains([], ("now", "before")) == {}
