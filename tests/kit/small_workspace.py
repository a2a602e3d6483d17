"""What people of the small company wrote: decisions, actions and plans on a period's edges."""

from __future__ import annotations

import datetime as dt
import tempfile
from functools import cache
from pathlib import Path

from smarketing.workspace import Workspace, open_workspace
from smarketing.workspace.records import Action, Decision, Plan

_AT = dt.datetime(2026, 6, 9, 8, tzinfo=dt.UTC)


@cache
def small_workspace() -> Workspace:
    """Return the workspace, written once."""
    workspace = open_workspace(Path(tempfile.mkdtemp(prefix="smarketing-told-")))
    for number, (day, status) in enumerate(
        (
            ("2026-03-31", "open"),
            ("2026-04-01", "done"),
            ("2026-06-30", "open"),
            ("2026-07-01", "open"),
            ("2026-07-02", "done"),
        )
    ):
        on = dt.date.fromisoformat(day)
        at = dt.datetime.combine(on, dt.time(8), dt.UTC)
        workspace.of(Decision).add(
            Decision(meeting_id=1, text=f"Said {number}", decided_by="Ann", decided_at=at)
        )
        workspace.of(Action).add(
            Action(text=f"Do {number}", owner="Bob", team="sales", due_on=on, status=status,
                   created_by="Ann", created_at=_AT)
        )  # fmt: skip
    for number, (starts, ends) in enumerate(
        (
            ("2026-03-01", "2026-04-01"),
            ("2026-02-01", "2026-03-31"),
            ("2026-06-30", "2026-08-01"),
            ("2026-07-01", "2026-08-01"),
            ("2025-08-01", "2026-05-01"),
        )
    ):
        workspace.of(Plan).add(
            Plan(name=f"Plan {number}", starts_on=dt.date.fromisoformat(starts),
                 ends_on=dt.date.fromisoformat(ends), marketing_owner="Ann", sales_owner="Bob",
                 promised_leads=(40, None, 0)[number % 3], promised_mqls=(None, 7)[number % 2],
                 promised_pipeline=(5_000_00, None)[number % 2], budget=(None, 812_35)[number % 2],
                 currency=("", "CHF")[number // 2 % 2], created_by="Ann", created_at=_AT,
                 campaign_id=("", "", "", "", "c0")[number])
        )  # fmt: skip
    return workspace
