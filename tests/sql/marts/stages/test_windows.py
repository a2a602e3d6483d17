"""When is a lead old enough to be judged? The rule of the windows, worked by hand.

The first age by which 90 % of the conversions had happened, of those followed for twice that age
at least; 90 days where there is no such age. Three marts follow it: the way to the next stage, to
a later one, and from the first to the win.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from bare_sql import mart_of

#: Days to a conversion, and for how many days its lead was followed.
Wins = list[tuple[int, int]]
CASES: tuple[tuple[str, Wins, int], ...] = (
    ("the one there is had happened by its day", [(5, 20)], 5),
    ("half of what it was followed for is enough", [(10, 20)], 10),
    ("half a day less is not", [(11, 21)], 90),
    ("nobody is left to be judged by", [(11, 20)], 90),
    ("nine of ten", [(5, 1277)] * 9 + [(700, 1277)], 5),
    ("eight of ten, then the ninth", [(5, 1277)] * 8 + [(250, 1277), (700, 1277)], 250),
    ("nine of eleven are too few", [(5, 1277)] * 9 + [(250, 1277), (700, 1277)], 250),
    ("who is not followed any more takes its win along", [(5, 20), (40, 100)], 40),
    ("and who never won in time takes none", [(40, 100), (60, 100), (70, 400)], 70),
    ("judged at one age and no more at the next", [(3, 6), (4, 9)], 4),
    ("a win on the first day", [(1, 3)], 1),
)  # fmt: skip


def _of_leads(wins: Wins) -> int:
    rows = [{"deal_id": "d", "won_days": days, "followed_days": on} for days, on in wins]
    rows += [{"deal_id": None, "won_days": None, "followed_days": 900}] * 30
    (row,) = mart_of("lead_window", {"lead_won": rows})
    return int(row["window_days"])


def _of_a_stage(wins: Wins) -> int:
    stages = [{"stage_number": number, "stage": f"s{number}"} for number in (1, 2, 3)]
    windows = [{"stage": "s1", "next_stage": "s2", "window_days": 7},
               {"stage": "s2", "next_stage": "s3", "window_days": None}]  # fmt: skip
    counted = {"stage_number": 2, "is_imputed": True, "is_first": True}
    rows = [counted | {"imputed_days": d - 0.5, "followed_days": on} for d, on in wins]
    aside = {"imputed_days": 9.0, "followed_days": 900}
    rows += [counted | aside | other for other in (
        {"is_first": False}, {"is_imputed": False}, {"imputed_days": None}, {"followed_days": None},
        {"stage_number": 1},
    )] * 30  # fmt: skip
    tables = {"agreement_stage": stages, "agreement_step_window": windows, "fct_stage_count": rows}
    first, second = sorted(mart_of("stage_window", tables), key=lambda row: row["stage_number"])
    assert (first["window_days"], first["rule"]) == (7, "agreement")
    assert second["rule"] == ("default" if second["window_days"] == 90 else "history")
    return int(second["window_days"])


#: What else a step of a lead has, of which nothing here hangs.
_STEP = dict.fromkeys(
    ("stage", "next_stage", "placed_at", "entered_day", "converted_at", "began_imputed_day",
     "segment", "region", "persona", "channel", "raw_channel", "lead_type", "campaign_id",
     "owner_id", "owner", "source"), "",
)  # fmt: skip


def _of_a_later_stage(wins: Wins) -> int:
    step = _STEP | {"stage_number": 2, "next_number": 4, "window_days": None, "is_converted": True}
    rows = [step | {"lead_id": f"l{n}", "days_to_convert": days - 0.5, "followed_days": on}
            for n, (days, on) in enumerate(wins)]  # fmt: skip
    other = {"days_to_convert": 900.0, "followed_days": 9000}
    rows += [step | other | {"lead_id": f"other{n}", "next_number": 5} for n in range(3)]
    rows += [step | other | {"lead_id": f"first{n}", "stage_number": 1} for n in range(3)]
    rows += [step | other | {"lead_id": f"not{n}", "days_to_convert": None} for n in range(3)]
    rows += [step | other | {"lead_id": f"new{n}", "followed_days": None} for n in range(3)]
    found = mart_of("fct_long_conversion", {"step_age": rows})
    return int(next(row["window_days"] for row in found if row["lead_id"] == "l0"))


@pytest.mark.parametrize("rule", [_of_leads, _of_a_stage, _of_a_later_stage])
@pytest.mark.parametrize(("_case", "wins", "days"), CASES)
def test_the_age_at_which_leads_are_judged(
    rule: Callable[[Wins], int], _case: str, wins: Wins, days: int
) -> None:
    assert rule(wins) == days


def test_without_a_win_it_is_90_days() -> None:
    assert _of_leads([]) == 90


#: Who a lead is, of which no age hangs.
_WHO = dict.fromkeys(
    ("segment", "region", "persona", "channel", "raw_channel", "lead_type", "campaign_id",
     "owner_id", "owner", "source", "began_imputed_day"), "",
)  # fmt: skip


def _entry(stage: int, day: int | None, **more: Any) -> dict[str, Any]:
    at = None if day is None else dt.datetime(2026, 1, day, 12)
    known = {"placed_at": at or dt.datetime(2026, 1, 31), "entered_day": at and at.date()}
    flags = {"is_imputed": True, "is_first": True, "has_time": True, "date_known": at is not None}
    plain = {"lead_id": "l", "stage_number": stage, "event_number": stage, "followed_days": 90}
    return _WHO | known | flags | plain | more


@pytest.mark.parametrize(
    ("entries", "days"),
    [
        ([_entry(3, 9)], 8.0),
        # Of several the lowest stage, and what has a day before what has none.
        ([_entry(4, 5), _entry(3, 9)], 8.0),
        ([_entry(4, 9), _entry(3, None)], 8.0),
        ([_entry(3, 9), _entry(3, 12, event_number=9)], 8.0),
        # A day without a time is counted in whole days.
        ([_entry(3, 9, has_time=False)], 8),
        ([_entry(3, None)], None),
        ([_entry(3, 9, is_imputed=False)], None),
        ([_entry(3, 9, lead_id="other")], None),
        ([], None),
    ],
)
def test_how_soon_a_later_stage_was_reached(
    entries: list[dict[str, Any]], days: float | None
) -> None:
    stages = [{"stage_number": number, "stage": f"s{number}"} for number in (1, 2, 3, 4)]
    named = {"is_named": True, "window_days": 7}
    windows = [
        named | {"stage": "s1", "next_stage": "s3"}, named | {"stage": "s3", "next_stage": "s2"},
        named | {"stage": "s1", "next_stage": "s2", "is_named": False},
    ]  # fmt: skip
    begun = [_entry(1, 1), _entry(1, 2, is_first=False), _entry(1, 3, is_imputed=False)]
    rows = [*begun, *entries, _entry(1, 1, lead_id="other", date_known=False)]
    found = mart_of("step_age", {"agreement_stage": stages, "agreement_step_window": windows,
                                 "fct_stage_count": rows})  # fmt: skip
    [row] = [one for one in found if one["lead_id"] == "l"]
    assert (row["stage"], row["next_stage"], row["days_to_convert"]) == ("s1", "s3", days)
    reached = [one for one in entries if one["is_imputed"] and one["lead_id"] == "l"]
    assert row["is_converted"] == bool(reached)
