"""The pace of deliveries against the commitment, by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from builders import default_agreement, make_store
from handoff_store import agreed, mql

from smarketing.analysis.handoff.pace import Pace, PacePoint, pace
from smarketing.engine import DuckDBEngine, Filters
from smarketing.periods import parse_period


def test_pace_is_a_line_over_working_days_with_a_band_on_both_sides(june: DuckDBEngine) -> None:
    # 22 working days in June 2026 (no holiday agreed), 8 of them by the 10th: the line stands at 8.
    found = pace(june, agreed(), dt.date(2026, 6, 10))
    today = next(point for point in found.points if point.day == dt.date(2026, 6, 10))
    assert today.count_line == pytest.approx(22 * 8 / 22)
    assert today.count == 11  # eleven leads first became MQL in June
    assert found.count_verdict == "over"
    assert found.points[-1].count is None  # the 30th lies after the data
    assert found.points[-1].count_line == 22
    none = agreed(commitment=default_agreement().service_levels.commitment)
    assert pace(june, none, dt.date(2026, 6, 10)).count_verdict is None
    # Nothing is promised for a part of the leads.
    part = pace(june, agreed(), dt.date(2026, 6, 10), Filters.of(segment="(unknown)"))
    assert (part.count_commitment, part.count_verdict) == (None, None)


def test_what_was_delivered_has_no_value_while_no_lead_is_old_enough() -> None:
    young = {
        "lead": [{"lead_id": "l", "created_at": "2026-06-02 08:00"}],
        "lead_stage_event": [mql("l", "2026-06-03 08:00")],
    }
    found = pace(make_store(young, agreed(), "2026-06-10 12:00"), agreed(), dt.date(2026, 6, 10))
    assert (found.count, found.reason) == (1, None)
    assert found.value_reason == "no lead is old enough yet to say what one is worth"


def test_a_credit_note_lowers_the_value_delivered() -> None:
    days = [dt.date(2026, 6, day) for day in (1, 2, 3)]
    points = tuple(
        PacePoint(day, count, value, None, None)
        for day, count, value in zip(days, (1, 2, None), (500.0, 300.0, None), strict=True)
    )
    found = Pace(parse_period("2026-06"), "mql", 0.1, None, None, points, None, None)
    assert (found.count, found.value) == (2, 300.0)


def test_the_pace_of_two_months_is_that_of_both_commitments(june: DuckDBEngine) -> None:
    found = pace(june, agreed(), dt.date(2026, 6, 10), since=dt.date(2026, 5, 4))
    assert (found.period.label, found.count_commitment) == ("2026-05..2026-06", 44)
    lines = {point.day: point.count_line for point in found.points}
    # May is due at its end; of June 8 of 22 working days by the 10th.
    assert lines[dt.date(2026, 5, 31)] == pytest.approx(22)
    assert lines[dt.date(2026, 6, 10)] == pytest.approx(22 + 8)
    assert len(found.points) == 31 + 30
