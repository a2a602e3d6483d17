"""Data health: owners who had left, answers before the assignment, dates after the import."""

from __future__ import annotations

from typing import Any

import pytest
from health_kit import found, only, store

from smarketing.analysis.health.finding import NOTE, WARNING
from smarketing.analysis.health.report import records

MEMBERS = [
    {"member_id": "gone", "name": "Ann", "ends_on": "2026-03-31"},
    {"member_id": "here", "name": "Bo", "ends_on": "2026-12-31"},
]


@pytest.mark.parametrize(
    ("tables", "finding_id", "record"),
    [
        ({"lead": [{"lead_id": "x", "created_at": "2026-04-01"}]}, "lead-created", "x"),
        ({"lead": [{"lead_id": "x", "created_at": "2026-03-31"}]}, None, None),
        (
            {"lead_assignment": [{"lead_id": "x", "assigned_at": "2026-04-01 08:00"}]},
            "lead-assigned",
            "x",
        ),
        ({"deal": [{"deal_id": "x", "outcome": "open"}]}, "deal-open", "x"),
        (
            {"deal": [{"deal_id": "x", "outcome": "won", "closed_at": "2026-05-01"}]},
            "deal-closed",
            "x",
        ),
        ({"deal": [{"deal_id": "x", "outcome": "won", "closed_at": "2026-03-01"}]}, None, None),
    ],
)
def test_what_belongs_to_somebody_who_had_left_is_listed(
    tables: dict[str, Any], finding_id: str | None, record: str | None
) -> None:
    """Ann's last day is 31 March: that day is still hers, the next is not; Bo is there."""
    owner = "member_id" if "lead_assignment" in tables else "owner_id"
    key = "deal_id" if "deal" in tables else "lead_id"
    rows = {
        name: [{**row, owner: who, key: row[key] + extra} for row in part for who, extra in BOTH]
        for name, part in tables.items()
    }
    engine = store(member=MEMBERS, **rows)
    left = [name for name in found(engine) if name.startswith("owner-left")]
    assert left == ([f"owner-left-{finding_id}"] if finding_id else [])
    if finding_id:
        finding = only(engine, left[0])
        assert (finding.count, "Ann" in finding.sentence) == (1, True)
        assert records(engine, finding)["record"].tolist() == [record]


BOTH = (("gone", ""), ("here", "-too"))


@pytest.mark.parametrize(
    ("assigned", "responded", "is_early"),
    [
        ("2026-06-02 12:00", "2026-06-02 10:00", True),
        ("2026-06-02 12:00", "2026-06-02 13:00", False),
        ("2026-06-02 12:00", "2026-06-02", False),
        ("2026-06-03 12:00", "2026-06-02", True),
    ],
)
def test_a_response_before_the_assignment_is_told(
    assigned: str, responded: str, is_early: bool
) -> None:
    engine = store(
        lead=[{"lead_id": "l", "person_id": "p", "created_at": "2026-06-01 09:00"}],
        person=[{"person_id": "p"}],
        member=[{"member_id": "m", "name": "Bo", "team": "sales"}],
        lead_stage_event=[{"lead_id": "l", "stage": "mql", "entered_at": "2026-06-02 09:00"}],
        lead_assignment=[{"lead_id": "l", "member_id": "m", "assigned_at": assigned}],
        touch=[
            {"touch_id": "t", "lead_id": "l", "kind": "call", "side": "sales", "actor_id": "m"}
            | {"direction": "outbound", "is_automated": False, "occurred_at": responded}
        ],
    )
    assert ("response-before-assignment" in found(engine)) == is_early
    if is_early:
        finding = only(engine, "response-before-assignment")
        assert (finding.severity, finding.count) == (NOTE, 1)


@pytest.mark.parametrize("is_believed", [True, False])
def test_a_date_after_the_import_names_its_record_file_and_line(is_believed: bool) -> None:
    day = "2026-06-30" if is_believed else "2124-05-01"
    late = {
        "source": "test", "import_id": "i1", "file": "deals.csv", "row": 7, "table_name": "deal",
        "record": "test:d7", "column_name": "closed_at", "stamp": f"{day} 10:00", "day": day,
    }  # fmt: skip
    early = {**late, "row": 9, "stamp": "2026-06-29 10:00", "day": "2026-06-29"}
    engine = store(future_stamp=[early, late])
    finding = only(engine, "future-test")
    assert (finding.severity, finding.count) == (WARNING, 2)
    assert f"deals.csv, line 7: closed_at of deal test:d7 is {day}" in finding.sentence
    assert ("rests on it" in finding.sentence) == is_believed
    assert records(engine, finding)["row"].tolist() == [7, 9]
