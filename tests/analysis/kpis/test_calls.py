"""Calls made and answered, by hand."""

from __future__ import annotations

from builders import default_agreement, make_store

from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.engine import DuckDBEngine
from smarketing.engine.compile import parse
from smarketing.engine.sight import Sight
from smarketing.periods import parse_period


def test_calls_are_answered_however_their_outcome_is_written() -> None:
    """Six of June end in a word that is known, of which five say that somebody was reached.

    What else somebody wrote stays as it is: a number in it is told by what stands around it.
    """
    outcomes = (
        *(
            "Connected",
            "ANSWERED",
            "Meeting set",
            " meeting-set",
            "Left message at +49 170 1234567",
        ),
        *("No answer", None),
    )
    touches = [
        {"touch_id": f"t{number}", "lead_id": "l", "kind": "call", "side": "sales",
         "direction": "outbound", "occurred_at": "2026-06-02 09:00", "outcome": outcome}
        for number, outcome in enumerate(outcomes)
    ]  # fmt: skip
    touches += [
        {**touches[0], "touch_id": f"other {way}", "direction": way}
        for way in ("inbound", "internal", "missed")
    ]
    # By the team of who called, where it is known: mia's call is none of sales, sam's is one.
    touches += [
        {**touches[0], "touch_id": who, "actor_id": who, "side": side}
        for who, side in (("mia", "sales"), ("sam", "marketing"), ("nobody", "marketing"))
    ]
    teams = {"mia": "marketing", "sam": "sales"}
    members = [{"member_id": who, "name": who, "team": team} for who, team in teams.items()]
    asked = ("calls_made", "calls_connected", "connect_rate")
    store = make_store({"touch": touches, "member": members})
    found = kpis(store, default_agreement(), list(asked), parse_period("2026-06"))
    assert {kpi.id: kpi.value for kpi in found} == {
        "calls_made": 6, "calls_connected": 5, "connect_rate": 5 / 6,
    }  # fmt: skip
    viewer = DuckDBEngine(store._connection, Sight(names_people=False, salt="s"))
    shown = {row["outcome"] for row in viewer.rows(parse("select outcome from fct_touch", "t"))}
    assert shown == {
        "connected", "answered", "meeting_set", "Left message at •••", "no_answer", None,
    }  # fmt: skip
