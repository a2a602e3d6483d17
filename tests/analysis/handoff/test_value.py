"""What a lead is worth, by hand: by kind, over all, and of a kind never seen."""

from __future__ import annotations

from typing import Any

from told_engine import told

from smarketing.analysis.handoff.value import LeadValue, lead_values


def kind(lead_type: str, segment: str, leads: int, won: int, **more: Any) -> dict[str, Any]:
    return {"lead_type": lead_type, "segment": segment, "leads": leads, "won_amount": won,
            "unvalued": 0, "window_days": 120} | more  # fmt: skip


def test_the_value_of_each_kind_and_over_all() -> None:
    found = lead_values(told(handoff__lead_value=[
        kind("demo", "small", 0, 0, unvalued=2), kind("inquiry", "large", 10, 0),
        kind("demo", "large", 30, 6000), kind("inquiry", "small", 29, 870),
    ]))  # fmt: skip
    assert found.kinds == (
        LeadValue("demo", "large", 30, 6000, 200.0),
        LeadValue("inquiry", "small", 29, 870, 30.0),
        LeadValue("demo", "small", 0, 0, None, 2),
        LeadValue("inquiry", "large", 10, 0, 0.0),
    )
    assert [one.is_small for one in found.kinds] == [False, True, True, True]
    assert (found.window_days, found.leads, found.won_amount) == (120, 69, 6870)
    assert found.overall == 6870 / 69
    assert found.of("demo", "large") == 200.0
    assert found.of("inquiry", "large") == 0.0
    assert found.of("demo", "small") == found.of("webinar", "large") == 6870 / 69


def test_nobody_is_worth_anything_yet() -> None:
    found = lead_values(told())
    assert (found.window_days, found.kinds, found.overall) == (90, (), None)
    assert found.of("demo", "large") == 0.0
