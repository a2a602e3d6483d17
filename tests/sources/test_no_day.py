"""Days that stand for none: where calendars of computers begin, and years that never come."""

from __future__ import annotations

import re

import pytest

from smarketing.sources.flags import NO_DAY


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00Z", "01/01/0001", "1899-12-30", "1900-01-01", "1969-12-31T23:00:00Z",
        "1970-01-01 00:00:00", "2099-12-31", "31.12.9999", "99991231", "2999-01-01", "0000-00-00",
    ],
)  # fmt: skip
def test_a_day_that_stands_for_none_is_none(text: str) -> None:
    assert re.search(NO_DAY, text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-05", "05.02.2026", "2/5/26", "20260205", "1767345600", "1767345600000", "46027",
        "2026-02-05 10:00:00.9999", "1999-12-31", "2031-01-01", "1",
    ],
)  # fmt: skip
def test_another_day_is_one(text: str) -> None:
    assert not re.search(NO_DAY, text)
