"""Numbers as people read them, by unit: €1.24 M, 38.5 %, 3 h 10 m.

Values come in as the analyses hand them out: money in major units, rates from 0 to 1, durations in
the unit's own measure. A missing value is "n/a", never 0.
"""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

from smarketing.currencies import SYMBOLS, minor_digits
from smarketing.periods import day_words, local_instant, moment_words

THIN = "\u202f"
MINUS = "\u2212"
MISSING = "n/a"
#: Counts smaller than this are written to the last one.
WHOLE_BELOW = 1e5
_MOST_DECIMALS = 12
#: The units that are written alike.
_MONEY, _RATES = {"currency", "money", "amount"}, {"rate", "percent", "share"}
_MINUTES, _RATIOS = {"minutes", "business_minutes"}, {"ratio", "multiple", "x"}
_COUNTS, _BARE = {"count", "leads", "deals", "accounts"}, {"number", "score", "points", ""}
_STEPS = ((1e9, "bn"), (1e6, "M"), (1e3, "k"))
#: From so many times as much on, a percentage of growth is hard to grasp.
MANIFOLD = 10


def is_missing(value: Any) -> bool:
    """True for None, NaN, NaT and the missing value of pandas."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except TypeError:  # pandas.NA refuses to be compared
        return True


def number(value: Any, decimals: int = 0) -> str:
    """A count or plain number with thousands separated: 12,480."""
    if is_missing(value):
        return MISSING
    text = f"{abs(float(value)):,.{decimals}f}"
    return _signed(text, float(value), zero=not any(c in "123456789" for c in text))


def many(count: int, one: str, more: str = "") -> str:
    """So many of something, in the number that grammar asks for: 1 lead, 3 leads.

    `more` where the plural takes more than an s: "people", or with its verb "leads are".
    """
    return f"{number(count)} {one if count == 1 else more or f'{one}s'}"


def compact(value: Any) -> str:
    """A number in three significant figures: 985, 12.4 k, 1.24 M."""
    if is_missing(value):
        return MISSING
    size = abs(float(value))
    for step, suffix in _STEPS:
        if size >= step * 0.9995:
            return _signed(f"{_three(size / step)}{THIN}{suffix}", float(value))
    if size and size < 10 and not float(size).is_integer():
        return _signed(f"{size:.2f}", float(value))
    return number(value)


def money(value: Any, currency: str, *, exact: bool = False) -> str:
    """An amount in major units: €1.24 M, or to the last digit of the currency when `exact`."""
    if is_missing(value):
        return MISSING
    decimals = minor_digits(currency)
    size = abs(float(value))
    text = f"{size:,.{decimals}f}" if exact else compact(size)
    if not exact and 0 < size < 10:
        text = f"{size:.{decimals}f}"
    return _signed(with_currency(text, currency), float(value), zero=size == 0)


def with_currency(text: str, currency: str) -> str:
    """A number already in words with its currency before it, and the sign before that."""
    sign, bare = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
    return f"{sign}{SYMBOLS.get(currency, f'{currency}{THIN}')}{bare}"


def scale_of(size: float) -> tuple[float, str]:
    """What a number of this size is divided by, and what stands after it: k, M, bn or nothing."""
    found = ((step, f"{THIN}{suffix}") for step, suffix in _STEPS if abs(size) >= step)
    return next(found, (1.0, ""))


def percent(value: Any, decimals: int = 1) -> str:
    """A rate from 0 to 1 as a percentage: 38.5 %.

    Few are not none: what would round to 0 % is "<1 %", and what would round to 100 % ">99 %".
    """
    if is_missing(value):
        return MISSING
    rate, least = float(value), 10.0**-decimals
    text = number(rate * 100, decimals)
    if 0 < rate < 1 and text == number(0, decimals):
        text = f"<{number(least, decimals)}"
    elif 0 < rate < 1 and text == number(100, decimals):
        text = f">{number(100 - least, decimals)}"
    return f"{text}{THIN}%"


def points(value: Any) -> str:
    """A difference of two rates in percentage points, with its sign: +4.1 pts."""
    if is_missing(value):
        return MISSING
    text = number(float(value) * 100, 1)
    return f"{'+' if float(value) > 0 and text != '0.0' else ''}{text}{THIN}pts"


def minutes(value: Any) -> str:
    """Minutes as the two largest units that matter: 42 m, 3 h 10 m, 2 d 4 h."""
    if is_missing(value):
        return MISSING
    total = round(abs(float(value)))
    days, rest = divmod(total, 1440)
    hours, mins = divmod(rest, 60)
    if days >= 10:
        text = f"{days}{THIN}d"
    elif days:
        text = f"{days}{THIN}d" + (f" {hours}{THIN}h" if hours else "")
    elif hours:
        text = f"{hours}{THIN}h" + (f" {mins}{THIN}m" if mins else "")
    else:
        text = f"{mins}{THIN}m"
    return _signed(text, float(value), zero=total == 0)


def days(value: Any) -> str:
    """Days: 0.4 d, 12.5 d, 214 d."""
    if is_missing(value):
        return MISSING
    size = abs(float(value))
    decimals = 0 if size >= 100 or size.is_integer() else 1
    return f"{number(value, decimals)}{THIN}d"


def day(value: Any) -> str:
    """A date as 12 Jun 2026; an instant too, cut to its day."""
    if is_missing(value):
        return MISSING
    return day_words(value if isinstance(value, date) else datetime.fromisoformat(str(value)))


def moment(at: datetime, zone: str) -> str:
    """An instant (naive UTC, or with its offset) on the clocks of a zone: 12 Jun 2026, 09:30."""
    return moment_words(local_instant(at, zone))


def days_between(first: Any, last: Any) -> str:
    """A stretch of days from its first to its last: one day is said once."""
    return day(first) if day(first) == day(last) else f"{day(first)} to {day(last)}"


def by_unit(value: Any, unit: str, currency: str, *, exact: bool = False) -> str:
    """`value` in the words of its unit; an unknown unit is printed after the number."""
    if unit in _MONEY:
        return money(value, currency, exact=exact)
    if unit in {"currency_per_day", "money_per_day"}:
        text = money(value, currency, exact=exact)
        return text if text == MISSING else f"{text}{THIN}/{THIN}day"
    if unit in _RATES:
        return percent(value)
    if unit == "difference":
        return points(value)
    if unit in _MINUTES:
        return minutes(value)
    if unit == "days":
        return days(value)
    if unit in _COUNTS:
        whole = exact or is_missing(value) or abs(value) < WHOLE_BELOW
        return number(value) if whole else compact(value)
    if unit in _RATIOS:
        return MISSING if is_missing(value) else f"{number(value, 2)}{THIN}×"
    if unit in _BARE:
        return number(value, 1)
    return MISSING if is_missing(value) else f"{number(value, 1)}{THIN}{unit}"


def apart(first: Any, second: Any, unit: str, currency: str) -> tuple[str, str]:
    """Two values in the words of their unit, with as many digits as it takes to tell them apart."""
    said = (by_unit(first, unit, currency, exact=True), by_unit(second, unit, currency, exact=True))
    if is_missing(first) or is_missing(second) or first == second:
        return said
    decimals = 1
    while said[0] == said[1] and decimals < _MOST_DECIMALS:
        decimals += 1
        said = (_finely(first, unit, currency, decimals), _finely(second, unit, currency, decimals))
    return said


def _finely(value: float, unit: str, currency: str, decimals: int) -> str:
    """A value with so many decimals."""
    if unit in _RATES:
        return percent(value, decimals)
    if unit in _MONEY:
        return with_currency(number(value, decimals), currency)
    plain = number(value, decimals)
    if unit in _COUNTS | _BARE:
        return plain
    behind = "min" if unit in _MINUTES else "×" if unit in _RATIOS else unit
    return f"{plain}{THIN}{behind}"


def change(value: Any, previous: Any, unit: str) -> str | None:
    """The difference to an earlier value, signed: +4.1 pts for rates, +12.4 % for the rest.

    What is ten times as much or more is said as so many times: 28-fold.

    None where either is missing or a percentage would divide by zero.
    """
    if is_missing(value) or is_missing(previous):
        return None
    if unit in _RATES:
        return points(float(value) - float(previous))
    if not float(previous):
        return None
    share = (float(value) - float(previous)) / abs(float(previous))
    if share >= MANIFOLD - 1 and float(previous) > 0:
        return f"{number(float(value) / float(previous))}-fold"
    text = percent(share)
    return text if share <= 0 else f"+{text}"


def _three(size: float) -> str:
    whole = len(str(int(size + 1e-9)))
    return f"{size:.{max(0, 3 - whole)}f}"


def _signed(text: str, value: float, *, zero: bool = False) -> str:
    return f"{MINUS}{text}" if value < 0 and not zero and not math.isnan(value) else text
