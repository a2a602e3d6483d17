"""The worklist: every overdue and soon-due lead, its owner and its deadline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from smarketing.agreement import Agreement
from smarketing.analysis.handoff.untold import OBLIGATIONS, unknown_obligations
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.periods import local_instant


@dataclass(frozen=True)
class WorkItem:
    """One lead to follow up. `due_at` is UTC; `is_owner_gone` says that its owner has left."""

    lead_id: str
    person: str | None
    account: str | None
    obligation: str
    status: Literal["overdue", "soon due"]
    due_at: dt.datetime
    owner_id: str | None
    owner: str | None
    is_owner_gone: bool
    qualified_at: dt.datetime
    attempts: int | None
    segment: str | None
    channel: str | None

    def as_dict(self, timezone: str) -> dict[str, Any]:
        """Return the item as JSON; instants in `timezone`, with their offset."""
        return {
            "lead_id": self.lead_id,
            "person": self.person,
            "account": self.account,
            "obligation": self.obligation,
            "status": self.status,
            "due_at": local_instant(self.due_at, timezone).isoformat(timespec="minutes"),
            "owner_id": self.owner_id,
            "owner": self.owner,
            "is_owner_gone": self.is_owner_gone,
            "qualified_at": local_instant(self.qualified_at, timezone).isoformat(
                timespec="minutes"
            ),
            "attempts": self.attempts,
            "segment": self.segment,
            "channel": self.channel,
        }


@dataclass(frozen=True)
class Worklist:
    """What sales must do now, the longest overdue first.

    `reason` says why it is not known; None where it is, if only that nothing is to be done. `note`
    says which obligation no source can tell of, where it can of others.
    """

    as_of_at: dt.datetime
    soon_at: dt.datetime
    items: tuple[WorkItem, ...]
    timezone: str
    reason: str | None = None
    note: str | None = None

    @property
    def overdue(self) -> int:
        """Return how many leads are past a deadline."""
        return sum(item.status == "overdue" for item in self.items)

    def as_dict(self) -> dict[str, Any]:
        """Return the worklist as JSON."""
        as_of = local_instant(self.as_of_at, self.timezone)
        return {
            "as_of": as_of.isoformat(timespec="minutes"),
            "overdue": None if self.reason else self.overdue,
            "soon_due": None if self.reason else len(self.items) - self.overdue,
            "reason": self.reason,
            "note": self.note,
            "items": [item.as_dict(self.timezone) for item in self.items],
        }


def worklist(engine: Engine, agreement: Agreement, filters: Filters = NO_FILTERS) -> Worklist:
    """Answer which leads sales must follow up, who owns each and by when.

    A lead stands at its earliest obligation that is not fulfilled, once: overdue, or due within
    the agreement's `soon_due_business_hours`. Decided and exempt leads and people who may not be
    contacted are not on it. Where no source says what sales did, a lead stands at the decision on
    it. Empty when everything is done, or with the `reason` why nobody knows.
    """
    minutes = agreement.service_levels.soon_due_business_hours * 60
    reach = agreement.calendar.after_minutes([engine.as_of_at], minutes)
    soon_at: dt.datetime = reach[0].item()
    items = [
        WorkItem(
            str(row["lead_id"]),
            _text(row["person"]),
            _text(row["account"]),
            str(row["obligation"]),
            "overdue" if row["status"] == "missed" else "soon due",
            row["due_at"],
            _text(row["owner_id"]),
            _text(row["owner"]),
            row["owner_ends_on"] is not None and row["owner_ends_on"] < engine.as_of_day,
            row["qualified_at"],
            None if row["attempts"] is None else int(row["attempts"]),
            _text(row["segment"]),
            _text(row["channel"]),
        )
        for row in engine.rows("handoff/worklist", {"soon_at": soon_at}, filters)
    ]
    reason, note = _untold(engine, items)
    return Worklist(engine.as_of_at, soon_at, tuple(items), engine.timezone, reason, note)


def narrowed(
    found: Worklist, owner: str | None = None, since: dt.datetime | None = None
) -> Worklist:
    """Return the part of a worklist to act on, the newest overdue first, then what is due soon.

    `owner` keeps the leads of one owner by name ("" those of nobody), `since` those that fell
    overdue after that instant (UTC).
    """
    items = [item for item in found.items if owner is None or (item.owner or "") == owner]
    if since is not None:
        items = [item for item in items if item.status == "overdue" and item.due_at > since]
    late = [item for item in items if item.status == "overdue"]
    soon = [item for item in items if item.status != "overdue"]
    return replace(found, items=(*reversed(late), *soon))


def _untold(engine: Engine, items: Sequence[WorkItem]) -> tuple[str | None, str | None]:
    """Return why nothing is known to be owed, else why some of it is not."""
    if {item.obligation for item in items} & {"response", "attempts"}:
        return None, None
    unknown = unknown_obligations(engine)
    if len(unknown) == len(OBLIGATIONS):
        return unknown["response"], None
    return None, unknown.get("response", unknown.get("decision"))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
