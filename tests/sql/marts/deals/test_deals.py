"""fct_deal by hand: carrier leads, anchors, cycles, first wins, qualifying amounts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from builders import make_store, rows

from smarketing.agreement import parse_agreement
from smarketing.engine import DuckDBEngine


def deal(deal_id: str, **columns: Any) -> dict[str, Any]:
    """A won deal created on 10 May and closed on 1 June, unless told."""
    given = {"created_at": "2026-05-10 12:00", "closed_at": "2026-06-01", "outcome": "won"}
    return {"deal_id": deal_id, "amount": 100_00} | given | columns


def lead(lead_id: str, person_id: str, created: str | None, **columns: Any) -> dict[str, Any]:
    return {"lead_id": lead_id, "person_id": person_id, "created_at": created} | columns


def contact(deal_id: str, person_id: str, primary: bool = False) -> dict[str, Any]:
    return {"deal_id": deal_id, "person_id": person_id, "is_primary": primary}


def carriers(engine: DuckDBEngine) -> dict[str, tuple[str | None, str | None]]:
    found = rows(engine, "select deal_id, carrier_lead_id, carrier_rule from fct_deal")
    return {deal_id: (lead_id, rule) for deal_id, lead_id, rule in found}


def test_the_converted_lead_carries_however_the_source_keeps_it() -> None:
    engine = make_store(
        {
            "lead": [
                lead("l1", "p1", "2026-05-01 10:00"),
                lead("l2", "p2", "2026-06-20 10:00", converted_deal_id="d2"),
                lead("l3", "p1", "2026-05-02 10:00"),
            ],
            "deal": [deal("d1", lead_id="l1"), deal("d2"), deal("d3", lead_id="gone")],
            "deal_contact": [contact("d1", "p1", True), contact("d2", "p1", True)],
        }
    )
    assert carriers(engine) == {
        "d1": ("l1", "converted"),
        "d2": ("l2", "converted"),
        "d3": ("gone", "converted"),
    }


def test_else_the_primary_contacts_latest_lead_before_else_the_earliest_of_anyone() -> None:
    engine = make_store(
        {
            "lead": [
                lead("old", "p1", "2026-01-01 10:00"),
                lead("late", "p1", "2026-05-10 11:59"),
                lead("after", "p1", "2026-05-10 12:01"),
                lead("other", "p2", "2025-12-01 10:00"),
                lead("unknown", "p3", None),
            ],
            "deal": [
                deal("primary"),
                deal("anyone"),
                deal("none"),
                deal("nobody"),
                deal("day", created_at="2026-05-10"),
                deal("undated", created_at=None),
            ],
            "deal_contact": [
                contact("primary", "p1", True),
                contact("primary", "p2"),
                contact("anyone", "p3", True),
                contact("anyone", "p1"),
                contact("anyone", "p2"),
                contact("none", "p3", True),
                contact("day", "p1", True),
                contact("undated", "p1", True),
            ],
        }
    )
    assert carriers(engine) == {
        "primary": ("late", "primary contact"),
        "anyone": ("other", "anyone on the deal"),
        "none": (None, None),
        "nobody": (None, None),
        "day": ("after", "primary contact"),  # a day's anchor is its end
        "undated": (None, None),
    }


def test_anchors_of_days_stand_at_their_end_and_cycles_never_run_backwards() -> None:
    engine = make_store(
        {
            "deal": [
                deal("timed", closed_at="2026-05-12 00:00"),
                deal("same day", created_at="2026-06-01 10:00"),
                deal("backwards", created_at="2026-06-02 10:00"),
                deal("days", created_at="2026-05-30"),
                deal("open", outcome="open", closed_at=None),
            ]
        }
    )
    found = rows(
        engine,
        "select deal_id, created_known, cycle_days, closed_anchor_at from fct_deal order by 1",
    )
    june_2 = dt.datetime(2026, 6, 1, 22)  # midnight in Berlin after 1 June
    assert found == [
        ("backwards", False, None, june_2),
        ("days", True, 2.0, june_2),
        ("open", True, None, None),
        ("same day", True, 0.0, june_2),
        ("timed", True, 1.5, dt.datetime(2026, 5, 12)),
    ]


def test_first_wins_are_of_kind_new_and_once_an_account() -> None:
    engine = make_store(
        {
            "account": [{"account_id": "a1"}, {"account_id": "a2"}],
            "deal": [
                deal("renewal", account_id="a1", kind="Renewal", closed_at="2026-05-20"),
                deal("first", account_id="a1", closed_at="2026-05-21"),
                deal("second", account_id="a1", kind="new", closed_at="2026-05-22"),
                deal("lost", account_id="a2", outcome="lost", closed_at="2026-05-12"),
                deal("theirs", account_id="a2"),
                deal("homeless"),
            ],
        }
    )
    found = rows(engine, "select deal_id from fct_deal where is_first_win_new order by 1")
    assert found == [("first",), ("homeless",), ("theirs",)]


def test_pipeline_is_the_amount_at_the_qualifying_stage_else_the_present_one() -> None:
    agreement = parse_agreement(
        "extends: default\nattribution:\n  qualifying_stages: [Qualified, Proposal]\n"
    )

    def event(deal_id: str, stage: str, day: str, amount: int | None) -> dict[str, Any]:
        return {"deal_id": deal_id, "stage": stage, "entered_at": day, "amount": amount}

    engine = make_store(
        {
            "deal": [deal("d1"), deal("d2"), deal("d3")],
            "deal_stage_event": [
                event("d1", "Discovery", "2026-05-10 13:00", 1_00),
                event("d1", "qualified", "2026-05-11 13:00", 40_00),
                event("d1", "Proposal", "2026-05-12 13:00", 70_00),
                event("d2", "Proposal", "2026-05-12 13:00", None),
            ],
        },
        agreement,
    )
    found = rows(engine, "select deal_id, pipeline_amount, won_amount from fct_deal order by 1")
    assert found == [("d1", 40_00, 100_00), ("d2", 100_00, 100_00), ("d3", 100_00, 100_00)]


def test_the_amount_at_the_qualifying_stage_is_of_its_own_currency() -> None:
    """10,000 yen at 0.0061 are 61.00; in a currency without a rate it is in no pipeline."""
    agreement = parse_agreement(
        "extends: default\nattribution:\n  qualifying_stages: [Proposal]\n", "test"
    )
    event = {"stage": "Proposal", "entered_at": "2026-05-12"}
    engine = make_store(
        {
            "deal": [deal("d1", currency="EUR"), deal("d2", currency="JPY"), deal("d3")],
            "deal_stage_event": [
                event | {"deal_id": "d1", "amount": 10_000, "currency": "JPY"},
                event | {"deal_id": "d2", "amount": 777, "currency": "EUR"},
                event | {"deal_id": "d3", "amount": 777, "currency": "CHF"},
            ],
            "fx_rate": [{"currency": "JPY", "rate_on": "2026-06-01", "rate": 0.0061}],
        },
        agreement,
    )
    found = rows(engine, "select deal_id, pipeline_amount, won_amount from fct_deal order by 1")
    assert found == [("d1", 61_00, 100_00), ("d2", 777, 61_00), ("d3", None, 100_00)]


def test_dimensions_come_from_the_account_the_carrier_and_the_primary_contact() -> None:
    engine = make_store(
        {
            "account": [{"account_id": "a1", "employees": 5000, "country": "DE"}],
            "person": [
                {"person_id": "p1", "title": "Chief Financial Officer"},
                {"person_id": "p2"},
            ],
            "lead": [lead("l1", "p2", "2026-05-01 10:00", channel="Webinar", lead_type="inbound")],
            "deal": [
                deal("d1", account_id="a1", lead_source="Trade Show"),
                deal("d2", lead_source="Webinar"),
                deal("d3"),
            ],
            "deal_contact": [contact("d1", "p1", True), contact("d1", "p2")],
        }
    )
    persona = rows(engine, "select persona from dim_person where person_id = 'p1'")[0][0]
    found = rows(
        engine,
        "select deal_id, segment, region, persona, channel, raw_channel, lead_type, kind"
        " from fct_deal order by 1",
    )
    unknown = "(unknown)"
    assert persona not in (unknown, "(unmapped)")
    assert found == [
        ("d1", "enterprise", "dach", persona, "webinar", "Webinar", "inbound", "new"),
        ("d2", unknown, unknown, unknown, "webinar", "Webinar", unknown, "new"),
        ("d3", unknown, unknown, unknown, unknown, None, unknown, "new"),
    ]


def test_two_primaries_and_many_contacts_keep_one_row_a_deal() -> None:
    engine = make_store(
        {
            "lead": [lead(f"l{n}", f"p{n}", "2026-05-01 10:00") for n in range(4)],
            "deal": [deal("d1")],
            "deal_contact": [contact("d1", f"p{n}", n < 2) for n in range(4)],
        }
    )
    assert rows(engine, "select primary_person_id, carrier_lead_id from fct_deal") == [("p0", "l0")]


def test_open_deals_are_weighted_by_the_history_of_their_stage() -> None:
    decided = [deal(f"w{n}", stage="Closed Won") for n in range(3)]
    decided += [deal(f"l{n}", stage="Closed Lost", outcome="lost") for n in range(3)]
    events = [
        {"deal_id": name, "stage": "Proposal", "entered_at": "2026-05-11 10:00"}
        for name in ("w0", "w1", "w2", "l0", "l1")
    ]
    open_ = {"outcome": "open", "closed_at": None}
    engine = make_store(
        {
            "deal": [
                *decided,
                deal("proposal", stage="proposal", **open_),
                deal("fresh", stage="Discovery", **open_),
            ],
            "deal_stage_event": events,
        }
    )
    found = rows(
        engine, "select deal_id, weighted_amount from fct_deal where outcome = 'open' order by 1"
    )
    assert found == [("fresh", 50_00), ("proposal", 60_00)]
