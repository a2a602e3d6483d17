"""Currencies: how many digits their minor unit has, and what people write for their code."""

from __future__ import annotations

from smarketing.files.quoting import identifier, literal, literals

#: Currencies whose minor unit is not a hundredth (ISO 4217).
_NO_DIGITS = (
    *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI"),
    *("VND", "VUV", "XAF", "XOF", "XPF"),
)
_THREE_DIGITS = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
_SYMBOLS = {"€": "EUR", "EURO": "EUR", "£": "GBP", "US$": "USD", "¥": "JPY"}


def minor_digits(currency: str) -> int:
    """Return how many decimals the minor unit of a currency has."""
    code = currency.upper()
    return 0 if code in _NO_DIGITS else 3 if code in _THREE_DIGITS else 2


def digits_sql(currency: str) -> str:
    """Return the expression of the number of decimals, for an expression of the code."""
    return (
        f"case when {currency} in ({literals(_NO_DIGITS)}) then 0 "
        f"when {currency} in ({literals(_THREE_DIGITS)}) then 3 else 2 end"
    )


def code_sql(column: str, blank: str) -> str:
    """Return the expression of a row's currency code; `blank` stands where it has none.

    Null where something is written that is no code of three letters.
    """
    upper = f"upper({identifier(column)})"
    symbols = " ".join(
        f"when {literal(text)} then {literal(code)}" for text, code in _SYMBOLS.items()
    )
    return (
        f"case when {identifier(column)} is null then {literal(blank)} "
        f"when regexp_full_match({upper}, '[A-Z]{{3}}') then {upper} "
        f"else case {upper} {symbols} end end"
    )
