"""How far the calendar of a build reaches: two whole years before its data, three after."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any, cast

from smarketing.build.marts.calendar import _reach

Span = tuple[dt.date | None, dt.date | None]


def reach(**columns: Span) -> tuple[tuple[dt.date, dt.date], list[dt.date]]:
    """How far it reaches of a store whose columns have these days, and within what it looked."""
    looked: list[dt.date] = []

    def execute(sql: str, between: list[dt.date] | None = None) -> Any:
        if between is None:
            return SimpleNamespace(fetchall=lambda: [(dt.date(2026, 6, 30),)])
        looked[:] = between
        found = next((days for name, days in columns.items() if f'"{name}"' in sql), (None, None))
        return SimpleNamespace(fetchall=lambda: [found])

    return _reach(cast(Any, SimpleNamespace(execute=execute))), looked


def test_the_calendar_reaches_around_what_is_dated() -> None:
    found, looked = reach()
    assert found == (dt.date(2024, 1, 1), dt.date(2029, 12, 31))
    # What is dated by mistake does not stretch it.
    assert looked == [dt.date(1986, 6, 30), dt.date(2036, 6, 30)]
    spans = {
        "created_at": (dt.date(2019, 5, 1), dt.date(2026, 1, 1)),
        "expected_close_on": (dt.date(2026, 1, 1), dt.date(2031, 2, 1)),
    }
    assert reach(**spans)[0] == (dt.date(2017, 1, 1), dt.date(2034, 12, 31))
    inner = {"created_at": (dt.date(2026, 1, 1), dt.date(2026, 2, 1))}
    assert reach(**inner)[0] == found
