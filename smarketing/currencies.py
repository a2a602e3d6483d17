"""Currencies: their codes, their minor units, and an amount in words.

Codes are those of Unicode's CLDR (babel), which is read when it is first asked.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType

#: Currencies with a sign that is theirs alone.
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩"}
_CENTS = "AFN ALL COP HUF IDR IRR KPW LAK LBP MGA MMK SLL SOS SYP YER"
_KEPT_DIGITS = MappingProxyType({**dict.fromkeys(_CENTS.split(), 2), "IQD": 3})
"""Minor units of ISO 4217 that CLDR leaves out since nobody writes them: a file may."""


@cache
def codes() -> frozenset[str]:
    """Return every currency code there is, and was."""
    from babel.core import get_global

    return frozenset(get_global("all_currencies"))


@cache
def minor_digits(currency: str) -> int:
    """Return how many decimals the minor unit of a currency has; 2 where the code is unknown."""
    from babel.core import get_global

    code = currency.strip().upper()
    digits = get_global("currency_fractions")
    return _KEPT_DIGITS.get(code, int(digits.get(code, digits["DEFAULT"])[0]))


def in_words(amount: float, currency: str) -> str:
    """Return an amount in major units with the decimals of its currency: €1,200.50, ¥300."""
    sign = "\u2212" if amount < 0 else ""
    mark = SYMBOLS.get(currency, f"{currency}\u202f" if currency else "")
    return f"{sign}{mark}{abs(amount):,.{minor_digits(currency)}f}"
