"""On which days the costs of a row fell: one, the first to the last, a week's, a month's."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from itertools import pairwise

from smarketing.sources.drafting.columns import Column
from smarketing.sources.drafting.select import value
from smarketing.sources.drafting.shapes import days_of
from smarketing.sources.drafting.stretches import days_of_month, days_of_week, is_of_weeks
from smarketing.sources.drafting.words import fold, folded_words, words
from smarketing.sources.drafting.work import Work

_MONTHS = {"month", "monat", "mois", "mes", "mese", "maand", "manad", "miesiac", "ay", "月", "月份"}
"""Words of a header over months."""
_STEMS = (
    *("month", "quarter", "fortnight", "woche", "monat", "quartal", "halbjahr", "zeitraum"),
    *("semaine", "trimestre", "semestre", "quinzaine", "semana", "quincena", "quinzena"),
    *("settiman", "periodo", "periode", "kwartaal", "kvartal"),
)
"""How words over a stretch of days begin, inflected or compound."""
_WEEKS = {"week", "woche", "semaine", "semana", "settimana", "vecka", "uge", "uke", "周", "週"}
"""Words of a header over weeks."""
_FROM_TO = "give each row's first and last day in columns 'Start date' and 'End date'"
_DAY = r"(?:\d{1,2}[./-]\d{1,2}[./-]?(?:\d{4}|\d{2})?|\d{4}[./-]\d{1,2}[./-]\d{1,2})"
_TWO_DAYS = re.compile(rf"(?:\w+ )?{_DAY}\s*(?:[-–—~/]|\.\.+|\w+)\s*{_DAY}")
_SEVERAL = 3
"""So many days show in what steps a report is."""


def fill_days(work: Work) -> Column | None:
    """Fill the day, or the first and the last of several; ask where a row says neither."""
    found = _month(work) or _week(work) or _days(work)
    _ask_for_two_days(work)
    if found is not None and _names_a_stretch(found) and "covers_until" not in work.columns:
        work.ask(
            f"column '{found.name}' ({found.shape.example}) is called after a stretch of days and "
            f"holds one. Say in {work.file} until when a row's costs run, as covers_until, so that "
            f"they are spread over those days, or {_FROM_TO} and draft the source again; if they "
            "all fell on that day, take this line out"
        )
    return found


def _ask_for_two_days(work: Work) -> None:
    """Ask about cells that hold the first and the last day of what a row is for."""
    if "covers_until" in work.columns:
        return
    for column in work.sheet.columns:
        said = None if column.name in work.used else column.saying(_holds_two_days)
        if said:
            work.ask(
                f"column '{column.name}' holds the first and the last day of several ('{said}'), "
                f"and the whole cost stands on one. Say in {work.file} until when a row's costs "
                f"run, as covers_until, or {_FROM_TO} and draft the source again; if they all fell "
                "on that day, take this line out"
            )
            return


def _holds_two_days(text: str) -> bool:
    """Whether a cell is no more than two days with a sign or a word between them."""
    return bool(_TWO_DAYS.fullmatch(text.strip()))


def _month(work: Work) -> Column | None:
    """Fill the days of the month that a row covers, where no column holds a day."""
    month = work.best("period")
    dated = work.sheet.has("day", "range_start", look="day")
    is_day = dated and month is not None and not _names_a_stretch(month)
    if month is None or is_day or not _MONTHS & set(month.header.phrase.split()):
        return None
    day = work.guess.found.get("incurred_on")
    if day is not None and day.name != month.name and _names_days_of(day, month):
        work.used.add(month.name)
        return work.take("incurred_on", day)
    found = _cover(work, month, days_of_month(work.sheet, month), "month")
    if found is not None:
        work.used |= {c.name for c in work.sheet.columns if "year" in c.shape.looks}
    return found


def _names_days_of(day: Column, month: Column) -> bool:
    """Whether a column holds the days on which the costs of a month beside it fell.

    Not where all of them are firsts of months, nor where they fell in more or fewer months.
    """
    days = days_of(day.shape)
    in_months = {(found.year, found.month) for found in days}
    return bool({found.day for found in days} - {1}) and len(in_months) == month.shape.distinct


def _week(work: Work) -> Column | None:
    """Fill the days of the week that a row covers, where no column holds another day."""
    start = work.best("range_start")
    week = start or work.best("period")
    others = {c.name for concept in ("day", "range_end") for c in work.sheet.ranked(concept)}
    if week is None or others - {week.name}:
        return None
    if not _WEEKS & set(week.header.phrase.split()) and not is_of_weeks(week):
        return None
    return _cover(work, week, days_of_week(week, is_start=start is not None), "week")


def _cover(work: Work, column: Column, days: tuple[str, str] | None, stretch: str) -> Column | None:
    """Let each row cover the days of a stretch, from the first to the last."""
    if days is None:
        return None
    work.give("incurred_on", days[0], column)
    work.give("covers_until", days[1], column)
    said = f"each row covers the {stretch} in '{column.name}', and is spread over its days"
    work.notes.append(said)
    return column


def _names_a_stretch(column: Column) -> bool:
    """Whether a header means a month, a week or another stretch rather than a day."""
    surely = column.header.meanings
    if column.header.phrase in _days_called():
        return False
    if "period" in surely and surely["period"] < surely.get("day", surely["period"] + 1):
        return True
    said = fold(column.name).split()
    return any(word in folded_words("stretches") or word.startswith(_STEMS) for word in said)


@cache
def _days_called() -> frozenset[str]:
    """Give what is a day by all its words, such as "time period"."""
    return frozenset(fold(phrase) for phrase in words()["concepts"]["day"])


def _days(work: Work) -> Column | None:
    day = work.take("incurred_on")
    if day is not None:
        _ask_for_steps(work, day)
        _ask_for_stretch(work, day)
        return day
    start, end = work.best("range_start", "day"), work.best("range_end", "day")
    dates = [c for c in work.guess.unexplained("date") if c not in (start, end)]
    if start and end and not start.shape.is_blank:
        work.take("incurred_on", start)
        work.take("covers_until", end)
        _ask_for_end(work, start, end)
        return start
    if len(dates) == 1:
        work.notes.append(f"column '{dates[0].name}' is taken for the day, the only date there is")
        return work.take("incurred_on", dates[0])
    if dates:
        work.ask_which(dates, "the day a cost was incurred", "incurred_on")
    else:
        _ask_for_day(work, start or work.best("period"))
    return None


def _ask_for_stretch(work: Work, day: Column) -> None:
    """Ask which days count where costs kept by hand say from when until when they ran, too."""
    if work.sheet.has("impressions", "clicks", look="number"):
        return
    first, last = (_one_called(work, day, c) for c in ("range_start", "range_end"))
    if first is None or last is None or days_of(first.shape) == days_of(last.shape):
        return
    work.ask(
        f"'{first.name}' and '{last.name}' may say on which days costs fell, and '{day.name}' "
        f"({day.shape.example}) is another day. If they do, write {value(first)} for {value(day)} "
        f"as incurred_on into {work.file}, and {value(last)} as covers_until; else take this line "
        "out"
    )


def _one_called(work: Work, day: Column, concept: str) -> Column | None:
    """Return the one other column of days of which a word is one of the concept."""
    told = {fold(word) for word in words()["concepts"][concept]}
    called = [
        column
        for column in work.sheet.columns
        if column is not day
        and "day" in column.shape.looks
        and (concept in column.header.meanings or told & set(column.header.phrase.split()))
    ]
    return called[0] if len(called) == 1 else None


def _ask_for_end(work: Work, start: Column, end: Column) -> None:
    """Ask about rows whose last day may be the first one that they do not cover, or is unsaid."""
    days, ends = days_of(start.shape), days_of(end.shape)
    if end.shape.filled < start.shape.filled:
        work.ask(
            f"'{end.name}' is blank in some rows, which would fall whole on the day in "
            f"'{start.name}'. Fill in until when they run; if each is of that one day, take this "
            "line out"
        )
    if days and ends == {day + dt.timedelta(days=1) for day in days}:
        work.ask(
            f"each row ends in '{end.name}' a day after it starts in '{start.name}'. If it covers "
            f"one day, take covers_until out of {work.file}; if two, leave it"
        )
    elif len(days) > 1 and sorted(days)[1:] == sorted(days & ends):
        work.ask(
            f"rows end in '{end.name}' on the day on which the next start in '{start.name}'. If a "
            f"row does not cover the day it ends on, let covers_until of {work.file} be the day "
            "before; if it does, take this line out"
        )


def _ask_for_steps(work: Work, day: Column) -> None:
    """Ask about a report whose days are all firsts of months, or a week apart."""
    days = sorted(days_of(day.shape))
    if len(days) < _SEVERAL or _names_a_stretch(day):
        return
    steps = {(later - earlier).days for earlier, later in pairwise(days)}
    counted = work.sheet.has("impressions", "clicks", look="number")
    weekly = steps == {7} and counted
    step = "month" if {d.day for d in days} == {1} else "week" if weekly else None
    called = "Month" if step == "month" else "Week starting"
    if step:
        work.ask(
            f"the days in '{day.name}' are a {step} apart ({day.shape.example}), as where each row "
            f"covers a {step}. Download the report by day; or, if its rows are of a {step}, call "
            f"the column '{called}' and draft the source again, so that they are spread over its "
            "days; if each fell on that day, take this line out"
        )


def _ask_for_day(work: Work, period: Column | None) -> None:
    longer = next((c for c in work.sheet.ranked("day") if "month" in c.shape.looks), None)
    if longer is not None:
        work.ask(
            f"column '{longer.name}' holds {longer.shape.example}, which is no day. Download the "
            "report by day; or call the column 'Month' or 'Week', if that is what each row covers, "
            f"or {_FROM_TO}, and draft the source again, so that amounts are spread over the days"
        )
    elif period is not None and not period.shape.is_blank:
        work.ask(
            f"column '{period.name}' ({period.shape.example}) does not say on which day the money "
            f"was spent. Download the report by day, or {_FROM_TO} and draft the source again"
        )
    elif not work.ask_misfit(("day",), "day", "a day", "incurred_on"):
        work.ask(
            "no column says on which day the money was spent. Download the report by day, or say "
            f"in {work.file} which day it is, as incurred_on"
        )
