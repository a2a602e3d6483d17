"""Where two rules of a mart meet on one instant, by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from builders import make_store, rows

from smarketing.engine import DuckDBEngine


def _stamp(table: str, rule: str, at: str) -> dict[str, Any]:
    stamp = {"table_name": table, "source": "test", "stamp": dt.datetime.fromisoformat(at)}
    return stamp | {"records": 9, "share": 0.5, "rule": rule}


@pytest.fixture(scope="module")
def store() -> DuckDBEngine:
    lost = {"lead_id": "tied", "outcome": "lost"}
    contract = {"account_id": "a", "currency": "EUR"}
    return make_store(
        {
            "account": [{"account_id": "a"}],
            "lead": [
                {"lead_id": "l", "created_at": "2026-01-01 10:00", "converted_deal_id": "dangling"},
                {"lead_id": "tied", "created_at": "2026-01-01 10:00"},
                {"lead_id": "early", "created_at": "2026-02-01 10:00",
                 "recorded_at": "2026-01-20 10:00", "status": "Working"},
            ],
            "deal": [
                {"deal_id": "loaded", "created_at": "2026-03-02 09:00"},
                {"deal_id": "stamped by another rule", "created_at": "2026-03-03 09:00"},
                {"deal_id": "with loaded leads", "created_at": "2026-03-04 09:00"},
                {"deal_id": "dangling", "lead_id": "gone", "created_at": "2026-02-01 09:00"},
                lost | {"deal_id": "a", "closed_at": "2026-02-03 09:00", "lost_reason": "no"},
                lost | {"deal_id": "b", "created_at": "2026-02-03 09:00",
                        "closed_at": "2026-02-05 09:00", "lost_reason": "price"},
            ],
            "contract": [
                contract | {"contract_id": "c1", "starts_on": "2026-01-01"},
                contract | {"contract_id": "c2", "starts_on": "2026-02-01"},
            ],
            "load_stamp": [
                _stamp("deal", "shared", "2026-03-02 09:00"),
                _stamp("deal", "closed", "2026-03-03 09:00"),
                _stamp("lead", "shared", "2026-03-04 09:00"),
            ],
        }
    )  # fmt: skip


def test_a_deal_is_loaded_where_deals_share_its_second_and_keeps_the_lead_it_names(
    store: DuckDBEngine,
) -> None:
    asked = "select deal_id, created_known, carrier_lead_id from fct_deal order by deal_id"
    assert rows(store, asked) == [
        ("a", False, "tied"), ("b", True, "tied"), ("dangling", True, "gone"),
        ("loaded", False, None), ("stamped by another rule", True, None),
        ("with loaded leads", True, None),
    ]  # fmt: skip


def test_of_two_beginnings_at_one_instant_the_known_one_counts(store: DuckDBEngine) -> None:
    asked = (
        "select l.lead_id, e.stage, cast(e.placed_at as text) as placed, e.date_known "
        "from fct_stage_entry as e inner join lead_key as l on l.lead_number = e.lead_number "
        "order by 1, 3, 2"
    )
    assert rows(store, asked) == [
        ("early", "lead", "2026-02-01 10:00:00", True),
        # Its status was noted before it was created: it cannot have had it earlier than that.
        ("early", "sal", "2026-02-01 10:00:00", False),
        ("gone", "opportunity", "2026-02-01 09:00:00", True),
        ("l", "lead", "2026-01-01 10:00:00", True),
        ("tied", "lead", "2026-01-01 10:00:00", True),
        ("tied", "opportunity", "2026-02-03 09:00:00", True),
        ("tied", "lost", "2026-02-05 09:00:00", True),
    ]


def test_contracts_without_a_value_are_one_span_while_all_are(store: DuckDBEngine) -> None:
    asked = "select span_number, from_on, recurring_amount, contracts from contract_span"
    assert [(n, str(day)[:10], *rest) for n, day, *rest in rows(store, asked)] == [
        (1, "2026-01-01", None, 1)
    ]


@pytest.mark.parametrize("turn", [1, -1])
def test_of_exits_at_one_instant_one_is_the_first_in_whatever_order_they_lie(turn: int) -> None:
    left = {"lead_id": "l", "stage": "rejected", "entered_at": "2026-01-02 10:00"}
    events = [
        left | {"actor_id": actor, "reason": reason, "recorded_at": recorded}
        for actor, reason, recorded in (
            ("b", "Later", "2026-01-04 10:00"), ("b", "Bad", "2026-01-03 10:00"),
            ("a", "Timing", "2026-01-03 10:00"), ("b", "Aim", "2026-01-03 10:00"),
            (None, "Unsaid", "2026-01-03 10:00"),
        )
    ]  # fmt: skip
    store = make_store(
        {
            "lead": [{"lead_id": "l", "created_at": "2026-01-01 10:00"}],
            "lead_stage_event": events[::turn],
        }
    )
    asked = "select reason from fct_stage_entry where stage = 'rejected' order by event_number"
    found = ["Timing", "Aim", "Bad", "Unsaid", "Later"]
    assert rows(store, asked) == [(reason,) for reason in found]
