"""The currency of a row as SQL: its code, and how many decimals it has."""

from __future__ import annotations

from functools import cache

from smarketing.currencies import codes, minor_digits
from smarketing.files.quoting import identifier, literals


@cache
def _by_digits() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for code in sorted(codes()):
        found.setdefault(minor_digits(code), []).append(code)
    return found


def digits_sql(currency: str) -> str:
    """Return the expression of the number of decimals, for an expression of the code."""
    cases = " ".join(
        f"when {currency} in ({literals(named)}) then {digits}"
        for digits, named in _by_digits().items()
        if digits != 2
    )
    return f"case {cases} else 2 end"


def code_sql(column: str, blank: str) -> str:
    """Return the expression of a row's currency code; `blank` (SQL) stands where it has none.

    Null where something is written that is no code.
    """
    name = identifier(column)
    return (
        f"case when {name} is null then {blank} "
        f"when upper({name}) in ({literals(sorted(codes()))}) then upper({name}) end"
    )
