"""Leads that never carried a deal, as lost journeys for the models that learn from them."""

from __future__ import annotations

import pytest
from builders import default_agreement, make_store

from smarketing.analysis.attribution import Attribution, attribution
from smarketing.engine import DuckDBEngine
from smarketing.periods import parse_window

YEAR = parse_window("2025-01-01", "2027-01-01")


@pytest.fixture(scope="module")
def store() -> DuckDBEngine:
    """Paths: won d1 by webinar then event, lost d2 by event, old lead l3 by event, young l4."""
    people = {"p1": ("webinar", "event"), "p2": ("event",), "p3": ("event",), "p4": ("webinar",)}
    created = {"l3": ("p3", "2025-02-20 10:00"), "l4": ("p4", "2026-06-25 10:00")}
    return make_store(
        {
            "person": [{"person_id": person} for person in people],
            "touch": [
                {
                    "touch_id": f"{person}-{n}", "person_id": person, "kind": "form",
                    "side": "marketing", "channel": channel,
                    "occurred_at": f"{'2026-06' if person == 'p4' else '2025-02'}-1{n} 10:00",
                }
                for person, channels in people.items()
                for n, channel in enumerate(channels)
            ],
            "lead": [
                {"lead_id": lead, "person_id": person, "created_at": at}
                for lead, (person, at) in created.items()
            ],
            "deal": [
                {
                    "deal_id": deal, "amount": 12_000, "currency": "EUR", "outcome": outcome,
                    "created_at": "2025-02-20 12:00", "closed_at": "2025-03-01 12:00",
                }
                for deal, outcome in (("d1", "won"), ("d2", "lost"))
            ],
            "deal_contact": [
                {"deal_id": f"d{n}", "person_id": f"p{n}", "is_primary": True} for n in (1, 2)
            ],
        },
        as_of="2026-06-30 12:00",
    )  # fmt: skip


def credits(store: DuckDBEngine, model: str, null_leads: bool, measure: str = "revenue") -> object:
    answer = attribution(
        store, default_agreement(), window=YEAR, model=model, measure=measure,
        null_leads=null_leads, intervals=False, by="raw_channel",
    )  # fmt: skip
    assert isinstance(answer, Attribution)
    assert answer.total == sum(row.credit for row in answer.rows)
    return answer.deals, {row.key: row.credit for row in answer.rows if row.credit}


def test_a_lead_that_never_carried_a_deal_weakens_what_it_met(store: DuckDBEngine) -> None:
    """P(won) is 1/2, without webinar 1/4, so effects 1/2 and 1; with l3 1/3, 2/9: 1/3 and 1."""
    assert credits(store, "markov", False) == (1, {"webinar": 4_000, "event": 8_000})
    assert credits(store, "markov", True) == (1, {"webinar": 3_000, "event": 9_000})


@pytest.mark.parametrize("measure", ["revenue", "pipeline"])
def test_leads_earn_nothing_and_change_no_rule(store: DuckDBEngine, measure: str) -> None:
    assert credits(store, "shapley_set", True, measure) == credits(
        store, "shapley_set", False, measure
    )
    assert credits(store, "linear", True, measure) == credits(store, "linear", False, measure)


def test_under_leads_every_lead_is_won_already(store: DuckDBEngine) -> None:
    assert credits(store, "markov", True, "leads") == credits(store, "markov", False, "leads")
