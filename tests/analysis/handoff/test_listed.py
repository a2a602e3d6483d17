"""What a worklist says of itself, and the part of it to act on; by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

import pytest

from smarketing.analysis.handoff import worklist
from smarketing.analysis.handoff.worklist import WorkItem, Worklist, _untold, narrowed

NOON = dt.datetime(2026, 6, 1, 12)


def item(name: str, status: Any, hours: int, owner: str | None = "Ann") -> WorkItem:
    due = NOON + dt.timedelta(hours=hours)
    return WorkItem(name, None, None, "response", status, due, None, owner, False, NOON, 2, None,
                    "webinar")  # fmt: skip


LISTED = Worklist(
    NOON, NOON + dt.timedelta(hours=4),
    (
        item("a", "overdue", -9), item("b", "overdue", -5, "Bob"), item("c", "overdue", -1),
        item("d", "soon due", 1), item("e", "soon due", 3, None),
    ),
    "Europe/Berlin",
)  # fmt: skip


@pytest.mark.parametrize(
    ("owner", "hours", "leads"),
    [
        (None, None, "cbade"), ("Ann", None, "cad"), ("Bob", None, "b"), ("", None, "e"),
        ("Cid", None, ""), (None, -5, "c"), (None, -6, "cb"), ("Ann", -9, "c"), (None, 0, ""),
    ],
)  # fmt: skip
def test_the_newest_overdue_is_done_first_and_then_what_is_due_soon(
    owner: str | None, hours: int | None, leads: str
) -> None:
    since = None if hours is None else NOON + dt.timedelta(hours=hours)
    found = narrowed(LISTED, owner, since)
    assert "".join(one.lead_id for one in found.items) == leads
    assert (found.as_of_at, found.timezone) == (NOON, "Europe/Berlin")


def test_a_worklist_as_json_tells_the_time_where_the_company_is() -> None:
    told = LISTED.as_dict()
    assert (told["as_of"], told["overdue"], told["soon_due"]) == ("2026-06-01T14:00+02:00", 3, 2)
    assert told["items"][0] == {
        "lead_id": "a", "person": None, "account": None, "obligation": "response",
        "status": "overdue", "due_at": "2026-06-01T05:00+02:00", "owner_id": None, "owner": "Ann",
        "is_owner_gone": False, "qualified_at": "2026-06-01T14:00+02:00", "attempts": 2,
        "segment": None, "channel": "webinar",
    }  # fmt: skip
    unknown = Worklist(NOON, NOON, (), "UTC", "no calls").as_dict()
    assert (unknown["overdue"], unknown["soon_due"], unknown["reason"]) == (None, None, "no calls")


@pytest.mark.parametrize(
    ("unknown", "said"),
    [
        ({}, (None, None)),
        ({"response": "r"}, (None, "r")),
        ({"decision": "d"}, (None, "d")),
        ({"decision": "d", "response": "r"}, (None, "r")),
        ({"response": "r", "attempts": "a", "decision": "d"}, ("r", None)),
    ],
)
def test_what_no_source_tells_of_is_said(
    unknown: dict[str, str], said: tuple[str | None, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist, "unknown_obligations", lambda _: unknown)
    assert _untold(cast(Any, None), []) == said
    assert _untold(cast(Any, None), LISTED.items) == (None, None)
