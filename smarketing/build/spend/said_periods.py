"""The days that a report says above its header it is of: "Report Start: January 1, 2026"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date

from smarketing.month_words import month_words

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)"
    r"|(?<!\d)(?P<one>\d{1,2})(?P<sign>[-/.]) ?(?P<two>\d{1,2})(?P=sign) ?(?P<last>\d{4})"
    r"|(?P<before>\d{1,2})(?:\.|er|º)? (?:de )?(?P<name>[^\W\d_]{3,12})\.?,? (?:de )?(?P<of>\d{4})"
    r"|(?P<called>[^\W\d_]{3,12})\.? (?P<behind>\d{1,2}),? (?P<in>\d{4})"
)


def last_day_said(texts: Sequence[str], first: date) -> date | None:
    """Return the last day of a report whose first is known; None where its texts do not say it.

    The first date above the header is that day, the second the end; day and month of both stand in
    one order.
    """
    for month_first in (False, True):
        dates = list(_dates(" | ".join(texts), month_first))
        if len(dates) > 1 and dates[0] == first <= dates[1]:
            return dates[1]
    return None


def _dates(text: str, month_first: bool) -> Iterator[date]:
    for found in _DATE.finditer(text):
        with suppress(ValueError):
            yield _date(found, month_first)


def _date(found: re.Match[str], month_first: bool) -> date:
    if found["year"]:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    if found["last"]:
        one, two = int(found["one"]), int(found["two"])
        month, day = (one, two) if month_first and found["sign"] != "." else (two, one)
        return date(int(found["last"]), month, day)
    word = (found["name"] or found["called"]).casefold()
    name = month_words([word]).get(word, "")
    if name not in _MONTHS:
        raise ValueError(f"{word} is no month")
    year, day = int(found["of"] or found["in"]), int(found["before"] or found["behind"])
    return date(year, _MONTHS.index(name) + 1, day)
