"""Periods of reports: one that is named, or one that moves with the data, such as last-week."""

from __future__ import annotations

import datetime as dt

from smarketing.agreement import Agreement
from smarketing.errors import UsageError, did_you_mean
from smarketing.periods import Period, day_words, period_of

#: How often a report may be due.
EVERY = ("day", "week", "month", "quarter", "year")
#: The periods that move, and the kind of each.
MOVING = {f"{word}-{kind}": kind for word in ("last", "this") for kind in EVERY[1:]}


def read_period(text: str, agreement: Agreement, as_of: dt.date) -> Period:
    """Return the period a report is for: 2026-06, or one that moves, such as last-week.

    What moves does so by the day of the data, never by the clock. UsageError for one that begins
    after the data end.
    """
    if text in MOVING:
        window = period_of(
            as_of,
            MOVING[text],
            week_start=agreement.week_start,
            fiscal_year_start_month=agreement.fiscal_year_start_month,
        )
        complete = window.last_day <= as_of
        return window if text.startswith("this") or complete else window.previous()
    try:
        window = agreement.read_window(text)
    except UsageError as error:
        raise UsageError(f"{error}{did_you_mean(text, MOVING)}") from error
    if window.start > as_of:
        raise UsageError(
            f"The period {window.label} begins after the data end ({day_words(as_of)}); nothing "
            "can be reported of it yet."
        )
    return window
