"""What was met before a step and what was said, by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from builders import make_store

from smarketing.analysis.content.heard import LOST, REJECTED, WRITTEN, heard, heard_records
from smarketing.analysis.content.met import MetBy, met, met_by
from smarketing.analysis.funnel.listing import association_records
from smarketing.engine import DuckDBEngine, Filters
from smarketing.errors import UsageError
from smarketing.periods import parse_period

JANUARY = parse_period("2026-01")
GUIDE, FAR = "Guide", "https://a.example/far"
TITLES = ("CTO", "CFO", "CTO", "CFO")


@pytest.fixture(scope="module")
def engine() -> DuckDBEngine:
    """Four leads of two personas; l0 and l1 met the guide before they were MQLs, l2 afterwards.

    l0 becomes a SAL. l3 met a page without a name. What sales sent is no content of marketing.
    """
    leads, events, touches = [], [], []
    for n in range(4):
        day = f"2026-01-{5 + n:02}"
        leads.append({"lead_id": f"l{n}", "person_id": f"p{n}", "created_at": f"{day} 08:00"})
        events += [("lead", f"{day} 08:00", n), ("mql", f"{day} 10:00", n)]
        hour = "11:00" if n == 2 else "09:00"
        met: dict[str, Any] = {"content": GUIDE} if n < 3 else {"content": " ", "url": FAR}
        touches += [
            {"touch_id": f"t{n}", "person_id": f"p{n}", "side": "marketing", "kind": "download",
             "occurred_at": f"{day} {hour}"} | met,
            {"touch_id": f"s{n}", "person_id": f"p{n}", "side": "sales", "kind": "email",
             "occurred_at": f"{day} 09:30", "content": "Offer"},
        ]  # fmt: skip
    events += [("sal", "2026-01-06 10:00", 0)]
    exit_ = {"lead_id": "l1", "stage": "rejected", "entered_at": "2026-01-08 10:00",
             "kind": "exit", "reason": "no budget"}  # fmt: skip
    return make_store(
        {
            "person": [{"person_id": f"p{n}", "title": t} for n, t in enumerate(TITLES)],
            "lead": leads,
            "lead_stage_event": [
                *({"lead_id": f"l{n}", "stage": stage, "entered_at": at, "kind": "entry"}
                  for stage, at, n in events), exit_,
            ],
            "touch": touches,
            "deal": [
                {"deal_id": f"d{n}", "account_id": "a", "outcome": "lost", "lost_reason": reason,
                 "created_at": "2025-12-01 10:00", "closed_at": "2026-01-20 10:00"}
                for n, reason in enumerate(("price", "price", None))
            ],
            "feedback": [
                {"feedback_id": "f", "account_id": "a", "kind": "nps", "score": 3,
                 "asked_at": "2026-01-21 10:00", "comment": "Too few templates"},
                {"feedback_id": "g", "account_id": "a", "kind": "nps", "score": 9,
                 "asked_at": "2026-01-22 10:00"},
            ],
        },
        as_of="2026-12-31 12:00",
    )  # fmt: skip


def test_only_what_was_met_before_the_stage_counts(engine: DuckDBEngine) -> None:
    found = {row.value: row for row in met(engine, JANUARY, "mql", min_leads=1).found}
    assert set(found) == {GUIDE, FAR}
    guide = found[GUIDE]
    assert (guide.with_it.successes, guide.with_it.n) == (1, 2)
    assert (guide.without.successes, guide.without.n) == (0, 2)
    rows = association_records(engine, JANUARY, "mql", ("content", GUIDE))
    assert sorted(rows["lead_id"]) == ["l0", "l1"]
    assert met(engine, JANUARY, "mql").found == (), "fewer than ten are not compared"


def test_each_persona_meets_its_own(engine: DuckDBEngine) -> None:
    found = met_by(engine, JANUARY, "mql")
    by = {(one.persona, one.asset): one for one in found}
    assert sum(one.leads for one in found) == 3
    assert {one.of for one in found} == {2}
    assert by["finance", GUIDE] == MetBy("finance", GUIDE, 1, 2, 0)
    assert by["technology", GUIDE].converted == 1


def test_what_was_said_is_counted_and_listed(engine: DuckDBEngine) -> None:
    said = [(one.said_as, one.words, one.times) for one in heard(engine, JANUARY)]
    assert said == [
        (LOST, "price", 2),
        (LOST, "(no reason given)", 1),
        (REJECTED, "no budget", 1),
        (WRITTEN, "Too few templates", 1),
    ]
    assert heard(engine, JANUARY)[0].last_on == dt.date(2026, 1, 20)
    assert len(heard_records(engine, JANUARY)) == 5
    assert heard(engine, JANUARY, Filters.of(segment="enterprise")) == []


def test_an_empty_store_met_and_said_nothing() -> None:
    empty = make_store({})
    assert met(empty, JANUARY, "mql").found == () and met_by(empty, JANUARY, "mql") == []
    assert heard(empty, JANUARY) == [] and len(heard_records(empty, JANUARY)) == 0
    with pytest.raises(UsageError, match="is the last stage"):
        met(empty, JANUARY, "customer")
