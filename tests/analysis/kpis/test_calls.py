"""Calls made and answered, by hand."""

from __future__ import annotations

from builders import default_agreement, make_store

from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.periods import parse_period


def test_calls_are_answered_however_their_outcome_is_written() -> None:
    """Five of June have an outcome, of which four say that somebody was reached."""
    outcomes = ("Connected", "ANSWERED", "Meeting set", " meeting-set", "No answer", None)
    touches = [
        {"touch_id": f"t{number}", "lead_id": "l", "kind": "call", "side": "sales",
         "direction": "outbound", "occurred_at": "2026-06-02 09:00", "outcome": outcome}
        for number, outcome in enumerate(outcomes)
    ]  # fmt: skip
    touches += [
        {**touches[0], "touch_id": f"other {way}", "direction": way}
        for way in ("inbound", "internal", "missed")
    ]
    asked = ("calls_made", "calls_connected", "connect_rate")
    found = kpis(
        make_store({"touch": touches}), default_agreement(), list(asked), parse_period("2026-06")
    )
    assert {kpi.id: kpi.value for kpi in found} == {
        "calls_made": 5, "calls_connected": 4, "connect_rate": 4 / 5,
    }  # fmt: skip
