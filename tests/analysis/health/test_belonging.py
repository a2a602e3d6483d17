"""What data health says of merges in a circle and of campaigns that are none of those known."""

from __future__ import annotations

from health_kit import found, only, store

from smarketing.analysis.health.finding import NOTE, WARNING
from smarketing.analysis.health.report import records


def test_merges_in_a_circle_are_named() -> None:
    circle = [("person", "t:a", "t:b"), ("person", "t:b", "t:a"), ("account", "t:x", "t:x2")]
    engine = store(
        merge_circle=[{"table_name": t, "alias_id": a, "id": i} for t, a, i in circle[:2]]
    )
    finding = only(engine, "merge-circle-person")
    assert (finding.severity, finding.count) == (WARNING, 2)
    assert "2 merges of person records lead in a circle, as from t:a to t:b" in finding.sentence
    assert records(engine, finding)["alias_id"].tolist() == ["t:a", "t:b"]
    assert "merge-circle-person" not in found(store())


def test_a_campaign_that_is_none_is_named_with_its_touches_and_won_deals() -> None:
    """The lost deal counts for none, though both campaigns were in its journey."""
    touch = {"source": "test", "person_id": "p1", "kind": "form_submission", "side": "marketing"}
    engine = store(
        campaign=[{"campaign_id": "test:c1", "name": "Winter 2026"}],
        person=[{"person_id": "p1"}],
        touch=[
            {**touch, "touch_id": "1", "utm_campaign": "wintr 2026", "occurred_at": "2026-02-01"},
            {**touch, "touch_id": "2", "utm_campaign": "WINTER_2026", "occurred_at": "2026-02-02"},
            {**touch, "touch_id": "3", "utm_campaign": "sprng", "occurred_at": "2026-05-02"},
            {**touch, "touch_id": "4", "utm_campaign": "summr", "occurred_at": "2026-05-03"},
            {**touch, "touch_id": "5", "utm_campaign": "summr", "occurred_at": "2026-05-04"},
        ],
        deal=[
            {
                "deal_id": "d1", "amount": 100_600, "currency": "EUR", "outcome": "won",
                "created_at": "2026-02-10", "closed_at": "2026-03-10",
            },
            {
                "deal_id": "d2", "amount": 50_000, "currency": "EUR", "outcome": "lost",
                "created_at": "2026-05-10", "closed_at": "2026-06-10",
            },
        ],
        deal_contact=[
            {"deal_id": deal, "person_id": "p1", "is_primary": True} for deal in ("d1", "d2")
        ],
    )  # fmt: skip
    finding = only(engine, "unmapped-campaign")
    assert (finding.severity, finding.count, finding.amount) == (WARNING, 4, 1006.0)
    assert "in the journeys of 1 won deal worth €1,006.00" in finding.sentence
    listed = records(engine, finding)[["raw_campaign", "touches", "won_deals", "won_amount"]]
    assert listed.values.tolist() == [
        ["wintr 2026", 1, 1, 100_600],
        ["summr", 2, 0, 0],
        ["sprng", 1, 0, 0],
    ]


def test_unmapped_campaigns_without_revenue_are_a_note() -> None:
    touch = {"touch_id": "1", "source": "test", "person_id": "p1", "utm_campaign": "sprng"}
    finding = only(store(touch=[touch]), "unmapped-campaign")
    assert (finding.severity, finding.amount) == (NOTE, None)
