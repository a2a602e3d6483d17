"""Minor units of currencies, and amounts in words."""

from __future__ import annotations

import pytest

from smarketing.charts.format import money
from smarketing.currencies import codes, in_words, minor_digits
from smarketing.sources.currencies import in_header, may_mean


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


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("$ CA", "CAD"), ("ca $", "CAD"), ("CAD$", "CAD"), ("$US", "USD"), ("u.s. $", "USD"),
        ("A$", "AUD"), ("R $", "BRL"), ("mx$", "MXN"), ("NT$", "TWD"), ("CLP$", "CLP"),
        ("co$", "COP"), ("JP¥", "JPY"), ("¥CN", "CNY"), ("Kč", "CZK"), ("SKr", "SEK"),
    ],
)  # fmt: skip
def test_letters_beside_a_sign_say_whose_it_is(written: str, code: str) -> None:
    assert may_mean(written) == {code}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("US dollars", "USD"), ("euros", "EUR"), ("Schweizer Franken", "CHF"),
        ("livres sterling", "GBP"), ("pesos mexicanos", "MXN"), ("USD ($)", "USD"),
    ],
)  # fmt: skip
def test_one_and_several_of_a_currency_are_called_by_its_name(written: str, code: str) -> None:
    assert may_mean(written) == {code}


def test_a_sign_of_several_currencies_is_none_of_them() -> None:
    assert may_mean("kr") == {"SEK", "NOK", "DKK", "ISK"}
    assert may_mean("C$") == {"CAD", "NIO"}
    assert may_mean("F CFA") == {"XAF", "XOF"}
    assert may_mean("DE $") == may_mean("x$") == may_mean("$ each") == frozenset()
    # A short word in a header is none: it may be any other word.
    assert in_header("da") is None
    assert in_header("$ CA") == "CAD"
