"""The log of imports and the list to mend, from stores small enough to check by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from health_kit import FILE, store

from smarketing.analysis.health.imports import days_since, imported_files, unread, unread_records

FIRST, SECOND = "2026-07-01 08:00", "2026-07-02 09:00"
BAD = {"import_id": "i1", "source": "test", "file": "deals.csv", "table_name": "deal"}


def test_the_log_says_who_brought_what_and_why_it_was_not_used() -> None:
    engine = store(
        file_info=[
            {**FILE, "used": 6, "unused": 3, "quarantined": 1, "imported_at": FIRST},
            {**FILE, "import_id": "i2", "file": "leads.csv", "used": 10, "unused": 0,
             "quarantined": 0, "imported_at": SECOND},
        ],
        file_unused=[
            {"import_id": "i1", "source": "test", "file": "deals.csv", "reason": "older",
             "rows": 2},
            {"import_id": "i1", "source": "test", "file": "deals.csv", "reason": "twice",
             "rows": 1},
        ],
    )  # fmt: skip
    last, first = imported_files(engine, {"i1": "ada"})
    assert (last.file, last.imported_by, last.why) == ("leads.csv", "", "")
    assert (first.imported_by, first.why) == ("ada", "2 older; 1 twice")
    assert first.rows == first.used + first.unused + first.quarantined


def test_what_could_not_be_read_is_grouped_as_it_is_mended() -> None:
    engine = store(
        quarantine=[
            {**BAD, "row": 7, "column_name": "amount", "value": "x", "reason": "no number"},
            {**BAD, "row": 3, "column_name": "amount", "value": "y", "reason": "no number"},
            {**BAD, "row": 5, "column_name": None, "value": "a;b", "reason": "too short"},
        ]
    )
    found = unread(engine)
    assert [(u.column, u.records, u.line, u.example) for u in found] == [
        ("amount", 2, 3, "y"),
        (None, 1, 5, "a;b"),
    ]
    for part in found:
        assert len(unread_records(engine, part)) == part.records


def test_nothing_imported_is_an_empty_log_and_nothing_to_mend() -> None:
    assert imported_files(store(), {}) == () == unread(store())


@pytest.mark.parametrize(
    ("days", "said"), [(0, "today"), (1, "yesterday"), (30, "30 days ago"), (-1, "today")]
)
def test_how_long_ago_is_said_as_people_do(days: int, said: str) -> None:
    today = dt.date(2026, 7, 1)
    assert days_since(today - dt.timedelta(days=days), today) == said
