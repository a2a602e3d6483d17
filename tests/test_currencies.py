"""Minor units of currencies, and amounts in words."""

from __future__ import annotations

import pytest

from smarketing.charts.format import money
from smarketing.currencies import codes, in_words, minor_digits


@pytest.mark.parametrize(
    ("currency", "digits"),
    [("EUR", 2), ("JPY", 0), ("kwd", 3), ("CLF", 4), ("IQD", 3), ("HUF", 2), (" UGX ", 0), ("", 2)],
)
def test_minor_units_are_those_of_iso_4217(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


def test_an_amount_has_the_decimals_of_its_currency() -> None:
    assert in_words(1_500_000, "JPY") == "¥1,500,000"
    assert in_words(1234.5, "EUR") == "€1,234.50"
    assert in_words(0.125, "KWD") == "KWD\u202f0.125"
    assert money(1234.5, "KWD", exact=True).endswith("1,234.500")
    assert {"EUR", "DEM", "KWD"} <= codes()
