"""How fast handovers were answered, by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from builders import make_store
from handoff_store import JUNE, STORE, agreed

from smarketing.analysis.handoff.speed import conversion_by_response, speed_to_lead
from smarketing.engine import DuckDBEngine


def test_speed_is_split_into_routing_and_response(passes: Any) -> None:
    quick = passes["quick", 1]
    assert (quick["routing_minutes"], quick["response_minutes"]) == (10, 65)
    assert quick["speed_minutes"] == 75
    assert quick["speed_elapsed_minutes"] == 65 * 60 + 15  # Friday 14:30 to Monday 07:45
    assert passes["phoned", 1]["speed_minutes"] == 0  # Friday 17:00 to a Saturday
    assert passes["early", 1]["response_minutes"] == 0
    assert passes["early", 1]["speed_minutes"] == 120


def test_a_day_without_a_time_takes_part_in_no_minutes(passes: Any) -> None:
    assert pd.isna(passes["day", 1]["speed_minutes"])
    assert passes["day", 1]["response_status"] == "met"


def test_speed_by_weekday(june: DuckDBEngine) -> None:
    by_day = {part.key: part for part in speed_to_lead(june, JUNE, by="weekday")}
    assert by_day["5"].handovers == 2  # quick and phoned, on Friday
    assert by_day["5"].speed.median == pytest.approx(37.5)
    assert by_day["3"].speed.median is None


def test_conversion_against_response_time_counts_each_mature_handover_once(
    june: DuckDBEngine,
) -> None:
    long_ago = make_store(STORE, agreed(), as_of="2027-06-10 12:00")
    bands = {band.label: band for band in conversion_by_response(long_ago, agreed(), JUNE)}
    assert bands["never"].handovers == 5  # silent, fresh, booked, talking, barred
    assert bands["within 4 h"].handovers == 2  # quick and returned
    assert bands["within 15 min"].handovers == 2  # phoned, and early, whose owner came later
    assert bands["never"].accepted.successes == 0
    assert conversion_by_response(june, agreed(), JUNE) == []  # nobody is old enough yet
