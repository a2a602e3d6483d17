"""Minor units of currencies, and amounts in words."""

from __future__ import annotations

import pytest

from smarketing.charts.format import money
from smarketing.currencies import codes, in_words, minor_digits
from smarketing.sources.currencies import in_header, in_order, may_mean, meant, said_above, signs


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


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("EUR", "EUR"), ("eur", "EUR"), ("Usd", "USD"), ("all", None), ("top", None),
        ("CHF", "CHF"), ("chf", None), ("€", "EUR"), ("euro", "EUR"), ("$", "$"), ("£", "GBP"),
        ("Lei", "RON"), ("Kr", "Kr"), ("Skr", "SEK"), ("Kc", "CZK"), ("Kč", "CZK"), ("Da", None),
        ("Din.", "Din."), ("Forint", "HUF"), ("peso", None), ("", None),
    ],
)  # fmt: skip
def test_what_a_part_of_a_header_names(written: str, code: str | None) -> None:
    assert in_header(written) == code


@pytest.mark.parametrize(
    ("written", "home", "code"),
    [
        ("$", "CAD", "CAD"), ("$", "EUR", None), ("£", "EUR", "GBP"), ("£", "EGP", "EGP"),
        ("Lei", "EUR", "RON"), ("US$", "CAD", "USD"), ("xyz", "EUR", None), ("kr", "NOK", "NOK"),
        ("Kr.", "EUR", None), ("EUR / €", "USD", "EUR"), ("EUR / $", "USD", None),
        ("$ / CAD", "USD", "CAD"), ("-", "USD", None),
    ],
)  # fmt: skip
def test_of_several_currencies_the_one_at_home_is_meant(
    written: str, home: str, code: str | None
) -> None:
    assert meant(written, home) == code


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["Currency: USD"], "USD"),
        (["Deals", "Währung: Euro"], "EUR"),
        (["Currency code = (CHF)."], "CHF"),
        (["All amounts in EUR."], "EUR"),
        (["Currency: USD", "Amounts are shown in USD"], "USD"),
        (["Currency: USD", "Currency: EUR"], None),
        (["Currency: $"], None),
        (["Currency: $", "Currency: CAD"], "CAD"),
        (["Amounts in eur"], None),
        ([], None),
    ],
)
def test_a_line_above_the_header_names_the_currency(lines: list[str], code: str | None) -> None:
    assert said_above(lines) == code


def test_frequent_currencies_and_long_signs_come_first() -> None:
    assert in_order({"CHF", "USD", "BRL", "AUD"}) == ("AUD", "USD", "BRL", "CHF")
    found = signs()
    assert found[:2] == ("dollars", "franken")
    assert found.index("can$") < found.index("us$") < found.index("$")
    assert found.index("a$") < found.index("c$") and len(set(found)) == len(found)
