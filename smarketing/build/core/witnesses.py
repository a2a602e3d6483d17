"""What a file says above its header of the order of day and month in the dates below it.

A report names its own period, or when it was made: 'Report Start: February 1, 2026', '28/02/2026'.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date, timedelta

from smarketing.build.core.orders import Order
from smarketing.month_words import MONTHS, month_words

_IN_FIGURES = re.compile(r"(?<![\d/.-])(\d{1,2})([/-])(\d{1,2})\2(?:20)?\d\d(?![\d/.-])")
_YEAR_FIRST = re.compile(r"(?<![\d.-])(20\d\d)[-/.]?(\d\d)[-/.]?(\d\d)(?!\d)")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?,? (20\d\d)")
_WHOLE_MONTH = re.compile(r"([^\W\d_]{3,12})\.?,? (20\d\d)(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})\.?(?: de)? ([^\W\d_]{3,12})\.?(?: de)?,? (20\d\d)")

Days = tuple[date, date]
"""A first and a last day."""


def order_above(
    texts: Iterable[str], name: str, days: Callable[[], Mapping[Order, Days]]
) -> Order | None:
    """Return the order that the texts above a header show for the dates below it; None if untold.

    By dates in figures that have one order only; else by their period, of days or whole months, in
    which the `days` of the file lie under one order alone: between the first and the last that are
    named, or before the only one. The `name` of a file may say when it was made.
    """
    said = list(texts)
    shown = {order for text in said for order in _orders(text)}
    if len(shown) == 1:
        return shown.pop()
    named = sorted({day for text in said for day in _days(text)})
    made = max(_days(name), default=None)
    months = [] if named else sorted({first for text in said for first in _months(text)})
    if months:
        named = [months[0], _last_of(months[-1])]
    if shown or not (named or made):
        return None
    first = named[0] if len(named) > 1 else date.min
    last = max(filter(None, (named[-1] if named else None, made)))
    within = {o for o, (begin, end) in days().items() if first <= begin and end <= last}
    return within.pop() if len(within) == 1 else None


def _orders(text: str) -> set[Order]:
    found: set[Order] = set()
    for first, _, second in _IN_FIGURES.findall(text):
        if int(first) > 12 and int(second) <= 12:
            found.add("dmy")
        elif int(second) > 12 and int(first) <= 12:
            found.add("mdy")
    return found


def _days(text: str) -> set[date]:
    """Return the days in a text that can be read one way only."""
    parts = [(y, m, d) for y, m, d in _YEAR_FIRST.findall(text)]
    parts += [(y, _month(word), d) for word, d, y in _MONTH_FIRST.findall(text)]
    parts += [(y, _month(word), d) for d, word, y in _DAY_FIRST.findall(text)]
    found = set()
    for year, month, day in parts:
        with suppress(ValueError):
            found.add(date(int(year), int(month), int(day)))
    return found


def _months(text: str) -> set[date]:
    """Return the first days of the months in a text: "February 2026"."""
    found = ((_month(word), int(year)) for word, year in _WHOLE_MONTH.findall(text))
    return {date(year, month, 1) for month, year in found if month}


def _last_of(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _month(word: str) -> int:
    """Return the number of a month by its name, 0 for any other word."""
    meant = month_words([word.casefold()]).get(word.casefold())
    return MONTHS.index(meant) + 1 if meant in MONTHS else 0
