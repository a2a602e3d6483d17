"""Whom to call next, by hand: what the worklist holds and leaves out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from builders import make_store
from handoff_store import agreed, call, mql, stage

from smarketing.analysis.handoff.worklist import worklist
from smarketing.engine import DuckDBEngine, Filters


def test_the_worklist_leaves_out_the_decided_the_exempt_and_the_barred(
    june: DuckDBEngine,
) -> None:
    items = {item.lead_id: item for item in worklist(june, agreed()).items}
    assert set(items) == {"silent", "fresh", "day", "early"}
    assert (items["silent"].status, items["silent"].obligation) == ("overdue", "response")
    assert (items["silent"].owner, items["silent"].is_owner_gone) == ("Bob", True)
    assert items["fresh"].status == "soon due"
    # Monday 1 June 10:00 local and four business hours
    assert items["silent"].due_at == dt.datetime(2026, 6, 1, 12)
    only = worklist(june, agreed(), Filters.of(owner="Bob"))
    assert [item.lead_id for item in only.items] == ["silent"]


def test_who_may_not_be_contacted_is_on_no_worklist_whatever_is_owed() -> None:
    """Barred: never called, called once, and called with the decision overdue; open ones beside."""
    kinds = {"silent": 0, "called": 1, "undecided": 3}
    tables: dict[str, list[dict[str, Any]]] = {
        "person": [], "lead": [], "lead_stage_event": [], "touch": [],
    }  # fmt: skip
    for barred in (True, False):
        for kind, calls in kinds.items():
            lead = f"{kind}-{'barred' if barred else 'open'}"
            tables["person"].append({"person_id": f"p-{lead}", "do_not_contact": barred})
            tables["lead"].append({"lead_id": lead, "person_id": f"p-{lead}"})
            tables["lead_stage_event"].append(mql(lead, "2026-06-01 08:00"))
            tables["touch"] += [
                # The person answered once, and later asked not to be contacted.
                call(f"{lead}-{n}", lead, f"2026-06-0{n + 1} 09:00",
                     "connected" if kind == "undecided" else "no_answer")
                for n in range(calls)
            ]  # fmt: skip
    # Somebody else's lead was decided on, so that decisions are known to be recorded.
    tables["lead_stage_event"] += [
        mql("other", "2026-05-04 08:00"),
        stage("other", "sal", "2026-05-05"),
    ]
    tables["touch"] += [call(f"other-{n}", "other", f"2026-05-0{n + 4} 09:00") for n in range(3)]
    engine = make_store(tables, agreed(), as_of="2026-06-16 12:00")
    items = {item.lead_id: item.obligation for item in worklist(engine, agreed()).items}
    assert items == {
        "silent-open": "response", "called-open": "decision", "undecided-open": "decision",
    }  # fmt: skip


def test_an_accepted_lead_is_worked_until_it_is_reached_or_leaves() -> None:
    """Three attempts within ten business days: from Monday 1 June until Friday 12 June."""
    leads = ("worked", "taken", "spoken", "left", "slow")
    events = [mql(lead, "2026-05-29 08:00") for lead in leads]
    events += [stage(lead, "sal", "2026-06-01 08:00") for lead in leads]
    events += [stage("spoken", "sql", "2026-06-03 08:00"), stage("slow", "sql", "2026-06-15 08:00")]
    events += [stage("left", "recycled", "2026-06-02 08:00", "timing")]
    calls = [call(f"t{n}", "worked", f"2026-06-0{n} 08:00") for n in (1, 2, 3)]
    calls += [call(f"u{lead}", lead, "2026-05-29 08:30") for lead in leads]
    engine = make_store(
        {"lead_stage_event": events, "touch": calls}, agreed(), as_of="2026-06-16 12:00"
    )
    found = engine.run("handoff/records", {"basis": "attempts", "from": dt.date(2026, 6, 1),
                                           "to": dt.date(2026, 7, 1)})  # fmt: skip
    assert dict(zip(found["lead_id"], found["attempts_status"], strict=True)) == {
        "worked": "met", "taken": "missed", "spoken": "met", "left": "missed", "slow": "missed",
    }  # fmt: skip
    (item,) = worklist(engine, agreed()).items
    assert (item.lead_id, item.obligation, item.status) == ("taken", "attempts", "overdue")
