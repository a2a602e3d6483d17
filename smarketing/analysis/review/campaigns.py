"""The campaigns that a meeting looks at: those that ended lately, and those ahead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from smarketing.analysis.campaigns.together import ENDED, PLANNED, Entry
from smarketing.analysis.review.meeting import Room, over_at
from smarketing.engine import Engine
from smarketing.workspace.records import Plan

#: Campaigns that ended within so many days are looked at in the meeting.
RECENT_DAYS = 28


def plans_of(room: Room) -> list[Plan]:
    """Return the plans there were when a meeting was over."""
    until = over_at(room)
    plans = room.workspace.of(Plan).all()
    return [plan for plan in plans if until is None or plan.created_at <= until]


def recent_since(engine: Engine) -> dt.date:
    """Return the day since when a campaign that ended is looked at."""
    return engine.as_of_day - dt.timedelta(days=RECENT_DAYS)


def over_and_ahead(entries: Sequence[Entry], since: dt.date) -> tuple[list[Entry], list[Entry]]:
    """Return the campaigns that ended since a day, and those planned."""
    over = [e for e in entries if e.state == ENDED and e.ends_on and e.ends_on >= since]
    return over, [e for e in entries if e.state == PLANNED]
