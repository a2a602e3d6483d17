"""Tables that are turned: a column for each day or month, where a row should hold one of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from smarketing.month_words import is_month

TURN = (
    "Turn the table so that each row holds one amount, with a column for the day or month and one "
    "for what the columns are now called (in Excel: Data > From Table, then Unpivot Columns)"
)
_YEAR = r"'?(?:19|20)?\d\d"
_IN_FIGURES = re.compile(
    r"(?:19|20)\d\d[-/.](?:1[0-2]|0?[1-9])(?:[-/.]\d{1,2}(?:[ T]00:00(?::00)?)?)?"
    r"|(?:1[0-2]|0?[1-9])[-/.](?:19|20)\d\d|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d"
    rf"|[QTK][1-4](?:[\s/-]*{_YEAR})?|(?:(?:19|20)\d\d年)?(?:1[0-2]|0?[1-9])月"
)
_NAMED = re.compile(
    rf"([^\W\d_]{{3,12}})\.?(?:[\s/-]*{_YEAR})?|{_YEAR}[\s/-]+([^\W\d_]{{3,12}})\.?"
)


def is_stretch(header: str) -> bool:
    """Return whether a header is a day, a month or a quarter, rather than a name."""
    text = " ".join(header.split())
    named = _NAMED.fullmatch(text)
    return bool(_IN_FIGURES.fullmatch(text)) or bool(named and is_month(named[1] or named[2]))


def turned(headers: Sequence[str]) -> str | None:
    """Say of a table with a column for each day or month that it is turned; None of any other."""
    found = [header for header in headers if is_stretch(header)]
    named = [header for header in headers if header.strip()]
    if len(found) < 2 or 2 * len(found) < len(named):
        return None
    shown = ", ".join(f"'{header}'" for header in found[:3])
    return f"has a column for each day or month ({shown}). {TURN}, and import it again"
