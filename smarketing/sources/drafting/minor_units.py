"""Amounts that a system writes in hundredths or millionths of a unit: 120000 for 1,200.00."""

from __future__ import annotations

import re

from smarketing.sources.drafting.columns import Column, Sheet
from smarketing.sources.drafting.select import value
from smarketing.sources.drafting.words import fold

_PARTS = {
    **dict.fromkeys(("micro", "micros", "millionths"), 1_000_000),
    **dict.fromkeys(("cent", "cents", "pence", "centimes", "centavos", "centesimi"), 100),
}
"""Words of a header for what a unit is cut into, as `words.yaml` passes over them."""
_FACTORS = {100: "0.01 as decimal(3, 2)", 1_000_000: "0.000001 as decimal(7, 6)"}
_CENTS = re.compile(r"[.,]\d\d$")


def parts_of_a_unit(column: Column, sheet: Sheet) -> int:
    """Tell how many of what a column counts make one unit of its currency: 1, 100 or 1,000,000.

    By a word of its header, or since another column writes the same amounts, as money, a hundred
    times less. Whole numbers are no such column: they may count the records.
    """
    if "whole" not in column.shape.looks:
        return 1
    for word in fold(column.name).split():
        if word in _PARTS:
            return _PARTS[word]
    counted = {int(text) for text in column.shape.values} - {0}
    others = (c for c in sheet.columns if c.fits("number") and not c.fits("whole"))
    return 100 if counted and any(_in_cents(other) == counted for other in others) else 1


def _in_cents(column: Column) -> set[int]:
    """Return the amounts of a column in hundredths, as far as they are written as money."""
    found = set()
    for text in column.shape.values:
        bare = text.strip().rstrip("€$£¥ABCDEFGHIJKLMNOPQRSTUVWXYZ ")
        digits = re.sub(r"\D", "", bare)
        if digits:
            found.add(int(digits) * (1 if _CENTS.search(bare) else 100))
    return found - {0}


def in_units(column: Column, parts: int) -> str:
    """Return the expression of an amount in units; what is no number stays, to be quarantined."""
    text = value(column)
    number = f"try_cast({text} as decimal(28, 4)) * cast({_FACTORS[parts]})"
    return f"coalesce(cast({number} as varchar), {text})"
