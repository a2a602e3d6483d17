"""When is a deal old enough to be judged, and was it won in time? Worked by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from bare_sql import mart_of

OPENED = dt.date(2026, 1, 1)
#: What else a deal has, of which nothing here hangs.
_DEAL = dict.fromkeys(
    ("segment", "region", "persona", "channel", "raw_channel", "lead_type", "campaign_id",
     "owner_id", "owner", "kind", "pipeline", "source"), "",
)  # fmt: skip


def judged(after: int, **deal: Any) -> tuple[Any, ...]:
    """Window, and whether mature, won, won in time, of a deal seen so many days after it began."""
    stages = [{"stage": f"s{number}", "stage_number": number} for number in (1, 2, 3, 4, 5)]
    windows = [
        {"stage_number": n, "window_days": days} for n, days in ((1, 10), (2, 20), (3, 7), (4, 40))
    ]
    row = _DEAL | {"deal_id": "d", "created_day": OPENED, "created_known": True, "outcome": "won",
                   "cycle_days": 5.0}  # fmt: skip
    found = mart_of(
        "fct_deal_conversion",
        {"stage_window": windows, "agreement_stage": stages, "fct_deal": [row | deal]},
        as_of_day=OPENED + dt.timedelta(days=after), deal_opened="s2", deal_won="s4",
    )  # fmt: skip
    names = ("window_days", "is_mature", "is_won", "is_won_within")
    return tuple(tuple(one[name] for name in names) for one in found)


@pytest.mark.parametrize(
    ("after", "deal", "answer"),
    [
        (27, {}, (27, True, True, True)),
        (26, {}, (27, False, True, True)),
        (90, {"cycle_days": 27.0}, (27, True, True, True)),
        (90, {"cycle_days": 27.1}, (27, True, True, False)),
        (90, {"cycle_days": None}, (27, True, True, False)),
        (90, {"outcome": "lost"}, (27, True, False, False)),
        (90, {"outcome": "open", "cycle_days": None}, (27, True, False, False)),
    ],
)
def test_from_the_opening_stage_up_to_the_winning_one(
    after: int, deal: dict[str, Any], answer: tuple[Any, ...]
) -> None:
    assert judged(after, **deal) == (answer,)


@pytest.mark.parametrize("deal", [{"created_known": False}, {"outcome": "(unknown)"}])
def test_of_what_is_not_known_nothing_is_judged(deal: dict[str, Any]) -> None:
    assert judged(90, **deal) == ()
