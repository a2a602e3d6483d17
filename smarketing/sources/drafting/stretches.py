"""Costs of a month or a week in one row: read as those of the days from its first to its last."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from smarketing.files.quoting import literal
from smarketing.month_words import months_called
from smarketing.sources.drafting.columns import Column, Sheet
from smarketing.sources.drafting.select import value
from smarketing.sources.drafting.shapes import days_of
from smarketing.sources.languages import LANGUAGES

_FIRST_DAY = re.compile(r"20\d\d-\d\d-01(?:[ T]00:00(?::00)?)?")
_FIRST_DAY_OF = {
    sign: re.compile(rf"(0?[1-9]|1[0-2])[{sign}](0?[1-9]|1[0-2])[{sign}]20\d\d") for sign in "./-"
}
"""Days with their year last, by the sign in them: of them the first of each month is known."""
_WEEK = re.compile(
    r"20\d\d[-/]?\s?W\d\d?|W\d\d?\s?[-/]?\s?20\d\d|(?:KW|Kalenderwoche) ?\d\d?(?: ?[-/] ?| )20\d\d"
    r"|20\d\d(?: ?[-/] ?| )(?:KW|Kalenderwoche) ?\d\d?",
    re.IGNORECASE,
)
"""A week by number and year as ISO 8601 counts; `Week 2, 2026` may be counted otherwise."""
_DAY = re.compile(r"20\d\d-\d\d-\d\d(?:[ T]00:00(?::00)?)?")
_DOTTED_DAY = re.compile(r"\d{1,2}\.\d{1,2}\.20\d\d")
_YEAR_FIRST = re.compile(r"20\d\d(?:[-/.]|[年년]\s?)?(?:0?[1-9]|1[0-2])[月월]?")
_YEAR_LAST = re.compile(r"(?:0?[1-9]|1[0-2])[-/.]20\d\d")
_NAMED = re.compile(r"([^\W\d_]{3,12})\.?(?: del?)?[\s/-]*'?(?:20)?\d\d")
_NAME = re.compile(r"([^\W\d_]{3,12})\.?")
_NUMBER = re.compile(r"0?[1-9]|1[0-2]")
_NAMES_A_LINE = 8


def days_of_month(sheet: Sheet, column: Column) -> tuple[str, str] | None:
    """Give the first and the last day of the month in each row of a column, as expressions.

    The month is written with its year (`2026-01`, `01/2026`, `Januar 2026`, `Jan-26`), as its first
    day, or alone beside a column of years. None where some value says no month. A later value that
    says none stays as it is, to be quarantined.
    """
    found = _with_year(column) or _beside_year(sheet, column)
    if found is None:
        return None
    written, month = found
    first = f"try_cast(concat({month}, '-01') as date)"
    return f"coalesce(cast({first} as varchar), {written})", f"cast(last_day({first}) as varchar)"


def days_of_week(column: Column, is_start: bool) -> tuple[str, str] | None:
    """Give the first and the last day of the week in each row of a column, as expressions.

    The week is written with its year (`2026-W07`, `W07-2026`, `KW 7/2026`) or as its first day: a
    Monday, or the day of the week that all rows have where the header says so (`is_start`). None
    for anything else.
    """
    text, values, days = f"trim({value(column)})", column.shape.values, days_of(column.shape)
    if is_of_weeks(column):
        year = f"regexp_extract({text}, '20\\d\\d')"
        number = _padded(f"regexp_extract({text}, '(?i)(?:W|KW|woche) ?(\\d{{1,2}})', 1)")
        monday = f"cast(try_strptime(concat({year}, '-W', {number}, '-1'), '%G-W%V-%u') as date)"
        first = f"if(strftime({monday}, '%G') = {year}, {monday}, null)"
        return f"coalesce(cast({first} as varchar), {text})", _six_days_after(first)
    begins = {day.weekday() for day in days}
    if len(begins) != 1 or not (is_start or begins == {dt.date.min.weekday()}):
        return None
    if _all(_DAY, values):
        return text, _six_days_after(f"try_cast(left({text}, 10) as date)")
    if _all(_DOTTED_DAY, values):
        return text, _six_days_after(f"try_strptime({text}, '%d.%m.%Y')")
    return None


def is_of_weeks(column: Column) -> bool:
    """Whether each value of a column names a week by its number and year, as ISO counts them."""
    return _all(_WEEK, column.shape.values)


def _six_days_after(first: str) -> str:
    return f"cast(cast({first} + interval 6 day as date) as varchar)"


def _with_year(column: Column) -> tuple[str, str] | None:
    """Give what a column holds, and the month in it as `2026-01`."""
    text, values = f"trim({value(column)})", column.shape.values
    if _all(_FIRST_DAY, values):
        return text, f"left({text}, 7)"
    place = _place_of_month(values)
    if place:
        month = _padded(f"split_part(regexp_replace({text}, '[./-]', '.', 'g'), '.', {place})")
        return text, f"concat(right({text}, 4), '-', {month})"
    if _all(_YEAR_FIRST, values):
        month = _padded(f"regexp_extract(substr({text}, 5), '\\d+')")
        return text, f"concat(left({text}, 4), '-', {month})"
    if _all(_YEAR_LAST, values):
        month = _padded(f"regexp_extract({text}, '^\\d+')")
        return text, f"concat(right({text}, 4), '-', {month})"
    month = _by_name(text, _NAMED, values) or ""
    return (text, f"concat('20', right({text}, 2), '-', {month})") if month else None


def _place_of_month(values: Sequence[str]) -> int | None:
    """Tell which part of days that are firsts of months is the month; None where that is unsure.

    Between dots it is the second, and else the one that is not 1 in every row.
    """
    for sign, pattern in _FIRST_DAY_OF.items():
        found = [match for text in values if (match := pattern.fullmatch(text))]
        if found and len(found) == len(values):
            ones = [place for place in (1, 2) if {int(match[place]) for match in found} == {1}]
            if sign == ".":
                return 2 if 1 in ones else None
            others = {match[3 - ones[0]] for match in found} if len(ones) == 1 else set()
            return 3 - ones[0] if len(others) > 1 else None
    return None


def _beside_year(sheet: Sheet, column: Column) -> tuple[str, str] | None:
    """Give the months of a column without a year, and the same with that of another column."""
    years = [c for c in sheet.columns if "year" in c.shape.looks and "period" in c.header.meanings]
    text, values = f"trim({value(column)})", column.shape.values
    month = _padded(text) if _all(_NUMBER, values) else _by_name(text, _NAME, values)
    if len(years) != 1 or month is None:
        return None
    year = f"trim({value(years[0])})"
    return f"concat_ws(' ', {text}, {year})", f"concat({year}, '-', {month})"


def _all(pattern: re.Pattern[str], values: Sequence[str]) -> bool:
    return bool(values) and all(pattern.fullmatch(text) for text in values)


def _padded(number: str) -> str:
    return f"lpad({number}, 2, '0')"


def _by_name(text: str, pattern: re.Pattern[str], values: Sequence[str]) -> str | None:
    """Give the number of a month by its name, in every language that knows those of the file."""
    found = [pattern.fullmatch(given) for given in values]
    words = [match[1] for match in found if match]
    numbers = months_called(words, ("en", *LANGUAGES)) if words and all(found) else {}
    if not numbers:
        return None
    pairs = [f"{literal(name)}: '{number:02}'" for name, number in sorted(numbers.items())]
    lines = (pairs[at : at + _NAMES_A_LINE] for at in range(0, len(pairs), _NAMES_A_LINE))
    listed = ",\n    ".join(", ".join(line) for line in lines)
    return f"map {{\n    {listed}\n  }}[lower(regexp_extract({text}, '\\p{{L}}+'))]"
