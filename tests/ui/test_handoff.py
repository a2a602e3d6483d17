"""The handoff page: it opens, says what it finds, and every figure's records add up to it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from page_kit import adds_up, open_page, run_page, view_of

from smarketing.access import Access
from smarketing.analysis.handoff.listing import obligation_records, recycled_records
from smarketing.analysis.handoff.obligations import handoff, obligations
from smarketing.analysis.handoff.speed import conversion_by_response, speed_to_lead
from smarketing.analysis.handoff.worklist import narrowed, worklist
from smarketing.ui import gate
from smarketing.ui.sections.handoff import commitment, leads, speed, trend
from smarketing.ui.sections.handoff import obligations as promises
from smarketing.ui.sections.handoff import worklist as worklist_section

YEAR = "2025-07..2026-06"


@pytest.mark.parametrize("owner", [(), ("Kaja Tannfeld",)])
def test_what_was_promised_is_listed_record_by_record(
    demo_home: Path, owner: tuple[str, ...]
) -> None:
    view = view_of(demo_home, YEAR, owner=owner)
    engine, agreement = view.store.engine, view.store.agreement
    found = handoff(engine, agreement, view.window, view.filters)
    assert found.first_passes.handovers > 50
    adds_up(commitment.delivery(view, found.pace, value=False))
    adds_up(commitment.delivery(view, found.pace, value=True))
    adds_up(promises.kept(view, found.obligations))
    adds_up(promises.decided(view, found))
    by_owner = obligations(engine, view.window, view.filters, "owner")
    adds_up(promises.by_member(view, by_owner, "owner"))


@pytest.mark.parametrize("grain", ["week", "month"])
def test_slow_weeks_are_named(demo_home: Path, grain: str) -> None:
    view = view_of(demo_home, "2025-01..2026-06")
    rows = obligation_records(view.store.engine, view.window, view.filters)
    shown = trend.kept_over_time(view, rows, grain)
    adds_up(shown)
    assert shown.data["obligations"].sum() == len(rows)
    if grain == "week":
        assert "slipped in" in shown.title


@pytest.mark.parametrize("by", ["owner", "channel", "segment", "weekday", "hour"])
def test_waiting_times_are_listed_by_every_dimension(demo_home: Path, by: str) -> None:
    view = view_of(demo_home, YEAR)
    found = speed_to_lead(view.store.engine, view.window, view.filters, by)
    shown = speed.waiting(view, found, by, "response", "elapsed time")
    adds_up(shown)
    assert sum(s.handovers for s in found) == shown.data["handed over"].sum()
    if by == "weekday":
        assert list(shown.data[by])[:2] == ["Monday", "Tuesday"]


def test_response_bands_and_leads_add_up(demo_home: Path) -> None:
    view = view_of(demo_home, YEAR)
    engine, agreement = view.store.engine, view.store.agreement
    adds_up(speed.by_response(view, conversion_by_response(engine, agreement, view.window)))
    found = handoff(engine, agreement, view.window)
    adds_up(leads.rejected(view, found, "reason"))
    adds_up(leads.rejected(view, found, "campaign"))
    adds_up(leads.returns(view, found))
    back = leads.recycled(view, found, recycled_records(engine, view.window))
    adds_up(back)
    assert back.data["leads"].sum() == found.recycled.recycled
    assert back.data["leads"].iloc[1:].sum() == found.recycled.returned


def test_the_worklist_is_split_by_owner(demo_home: Path) -> None:
    view = view_of(demo_home, YEAR)
    found = worklist(view.store.engine, view.store.agreement)
    shown = worklist_section.load(view, found).data
    assert shown["overdue"].sum() == found.overdue
    assert shown[["overdue", "soon_due"]].to_numpy().sum() == len(found.items)


def test_the_worklist_shows_the_newest_of_one_owner(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = view_of(demo_home, YEAR)
    found = worklist(view.store.engine, view.store.agreement)
    theirs = narrowed(found, "Levin Moorland")
    late = [item.due_at for item in theirs.items if item.status == "overdue"]
    assert len(late) == 42 and late == sorted(late, reverse=True)
    since = found.as_of_at - timedelta(days=30)
    recent = narrowed(found, None, since)
    assert 0 < len(recent.items) < found.overdue
    assert all(item.due_at > since for item in recent.items)
    text = open_page(demo_home, monkeypatch, "handoff", whose="Levin Moorland", new="true")
    assert "No lead became overdue since last week" in text
    lines = worklist_section.as_text(worklist_section.worklist(view, theirs).data).splitlines()
    assert len(lines) == len(theirs.items) and lines[0].startswith("Levin Moorland: ")


def test_one_word_is_the_worklist_of_whoever_looks(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = run_page(demo_home, monkeypatch, "handoff", whose="mine")
    assert any("Unknown whose leads" in str(one.value) for one in strange.warning)
    rep = Access("member", "sales", email="l@example.com", name=" levin MOORLAND", is_verified=True)
    monkeypatch.setattr(gate, "current_access", lambda auth: rep)
    mine = run_page(demo_home, monkeypatch, "handoff", whose="mine")
    (listed,) = (one.value for one in mine.dataframe if "due_at" in one.value)
    assert set(listed["owner"]) == {"Levin Moorland"} and not mine.warning


def test_a_lead_without_person_and_account_is_listed_by_its_id() -> None:
    due = pd.Timestamp("2026-03-02 09:30", tz="Europe/Berlin")
    owed = {"owner": "Ann", "obligation": "response", "status": "overdue", "due_at": due}
    frame = pd.DataFrame(
        [
            {**owed, "lead_id": "l1", "person": "Bo", "account": "Firm"},
            {**owed, "lead_id": "l2", "person": None, "account": None},
        ]
    )
    assert worklist_section.as_text(frame).splitlines() == [
        "Ann: Bo, Firm, response overdue, due 2 Mar 2026, 09:30",
        "Ann: l2, response overdue, due 2 Mar 2026, 09:30",
    ]
    long = pd.concat([frame] * 101, ignore_index=True)
    assert worklist_section.as_text(long).splitlines()[-2:] == [
        "Ann: l2, response overdue, due 2 Mar 2026, 09:30",
        "and 2 more",
    ]


@pytest.mark.parametrize(
    ("tab", "said"),
    [
        ("Promises", "delivered in"),
        ("Speed", "at the median"),
        ("Rejections and returns", "rejections"),
        ("Worklist", "overdue"),
    ],
)
def test_every_tab_opens(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch, tab: str, said: str
) -> None:
    text = open_page(demo_home, monkeypatch, "handoff", handoff_view=tab, period=YEAR)
    assert said in text


def test_a_period_without_handovers_says_so(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A Saturday of the data, and a year before them.
    text = open_page(demo_home, monkeypatch, "handoff", handoff_view="Speed", period="2026-06-27")
    assert "No lead was handed over in this period" in text
    text = open_page(demo_home, monkeypatch, "handoff", handoff_view="Speed", period="2020")
    assert "What was handed over is not known" in text and "Its records begin on" in text
