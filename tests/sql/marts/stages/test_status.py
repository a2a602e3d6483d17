"""A lead's present status stands for a stage where its source has no history, and only there."""

from __future__ import annotations

from builders import make_store


def test_a_status_is_an_entry_where_neither_record_nor_deal_says_it() -> None:
    """new: its record says so already. customer of a deal: only what the deal did counts."""
    statuses = {"fresh": "new", "working": "sal", "dealt": "customer", "told": "customer"}
    engine = make_store(
        {
            "lead": [
                {"lead_id": lead, "created_at": "2026-01-05 10:00", "status": status,
                 "converted_deal_id": "d1" if lead == "dealt" else None}
                for lead, status in statuses.items()
            ],
            "deal": [{"deal_id": "d1", "created_at": "2026-02-05 10:00", "outcome": "open"}],
            "lead_stage_event": [
                {"lead_id": "told", "stage": "mql", "entered_at": "2026-01-06 10:00"}
            ],
        }
    )  # fmt: skip
    found = engine._connection.cursor().execute(
        "select lead_id, stage from fct_stage_entry order by lead_id, stage_number, entered_at"
    )
    assert found.fetchall() == [
        ("dealt", "lead"), ("dealt", "opportunity"), ("fresh", "lead"), ("told", "lead"),
        ("told", "mql"), ("working", "lead"), ("working", "sal"),
    ]  # fmt: skip
