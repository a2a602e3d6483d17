"""Numbers in a grid that people type into and paste from a spreadsheet, of whatever country."""

from __future__ import annotations

import re
from decimal import Decimal

from smarketing.charts import format as fmt
from smarketing.errors import UsageError

#: Blanks and apostrophes of thousands, each with three digits after it.
_BLANKS = re.compile(r"(?<=\d)(?<!\d{4})[\s'’](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"[-+]?[\d.,]*\d")
#: One mark with three digits after it: of thousands in one country, of decimals in another.
_EITHER = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")


def number_text(value: float | None, *, is_share: bool = False) -> str:
    """Write a number so that `read_number` reads it again, without marks of thousands."""
    if value is None or fmt.is_missing(value):
        return ""
    exact = Decimal(repr(float(value))) * (100 if is_share else 1)
    text = f"{exact.normalize():f}"
    return f"{text}{'0' if _EITHER.fullmatch(text) else ''}{' %' if is_share else ''}"


def read_number(cell: object, *, is_share: bool = False) -> float | None:
    """Read a cell, with a point or a comma for decimals; None where it is empty.

    Raises UsageError for what is no number, or another one in another country: 1.234 is. In % is
    what is a share alone, and a share of 1 or more is told in %: 75 can be one of 75.
    """
    if fmt.is_missing(cell):
        return None
    if isinstance(cell, int | float):
        cell = number_text(cell)
    said = str(cell).strip()
    if not said:
        return None
    is_percent = said.endswith("%")
    if is_percent and not is_share:
        raise UsageError(f"“{said}” is a share, and this is none: write the number itself.")
    text = _BLANKS.sub("", said.removesuffix("%").strip().replace("−", "-"))
    if not _NUMBER.fullmatch(text):
        raise UsageError(f"“{said}” is no number.")
    if _EITHER.fullmatch(text):
        sign = " %" if is_percent else ""
        whole = re.sub("[.,]", "", text) + sign
        exact = f"{text.replace(',', '.')}0{sign}"
        raise UsageError(f"“{said}” can be {whole} or {exact}: write it as one of these.")
    marks = re.findall("[.,]", text)
    decimal = marks[-1] if marks and marks.count(marks[-1]) == 1 else ""
    whole, _, rest = text.rpartition(decimal) if decimal else (text, "", "")
    groups = re.split("[.,]", whole.lstrip("+-"))
    is_grouped = all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= 3
    if len(groups) > 1 and not (is_grouped and groups[0] and len(set(marks) - {decimal}) == 1):
        raise UsageError(f"“{said}” is no number.")
    number = Decimal(re.sub("[.,]", "", whole) + (f".{rest}" if rest else ""))
    if is_share and not is_percent and abs(number) >= 1:
        shares = (number_text(float(number * by), is_share=True) for by in (Decimal("0.01"), 1))
        raise UsageError(f"“{said}” can be {' or '.join(shares)}: write it as one of these.")
    return float(number / 100 if is_percent else number)
