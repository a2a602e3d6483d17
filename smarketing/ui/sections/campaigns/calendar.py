"""The calendar of campaigns that both teams keep: timeline, ideas, plans, promise and result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from smarketing.analysis.campaigns.together import (
    PLANNED,
    RUNNING,
    Entry,
    calendar,
    outcome,
)
from smarketing.analysis.review.owners import people, why_gone
from smarketing.charts import format as fmt
from smarketing.charts.calendar import timeline
from smarketing.charts.names import html
from smarketing.charts.promises import promised
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition
from smarketing.ui.labels import labels_of
from smarketing.ui.session import Store, ask
from smarketing.ui.view import View
from smarketing.workspace import open_workspace
from smarketing.workspace.records import Plan

_NONE = ""
#: Campaigns that ended longer ago are not on the calendar.
_BACK = dt.timedelta(days=120)


def entries(store: Store) -> list[Entry]:
    """Every campaign, those planned together matched with what the sources know.

    Where the workspace is away, those of the sources alone.
    """
    plans = [] if store.away else open_workspace(store.home).of(Plan).all()
    return ask(store, calendar, plans)


def finding(found: Sequence[Entry]) -> str:
    """How many run and are planned, in one sentence."""
    running = sum(entry.state == RUNNING for entry in found)
    ahead = sum(entry.state == PLANNED for entry in found)
    if found and all(entry.starts_on is None for entry in found):
        whose = "its" if len(found) == 1 else "their"
        return f"When {_campaigns(len(found))} ran is not known: no source gives {whose} days."
    if not running and not ahead:
        return "No campaign runs and none is planned."
    run = fmt.many(running, "campaign runs", "campaigns run")
    return f"{run if running else 'No campaign runs'} and {some(ahead, 'is', 'are')} planned."


def some(count: int, one: str, more: str) -> str:
    """How many with the verb for it: none is, one is, 3 are."""
    return {0: f"none {one}", 1: f"one {one}"}.get(count, f"{fmt.number(count)} {more}")


def _campaigns(count: int) -> str:
    return fmt.many(count, "campaign") if count else "No campaign"


def promised_first(found: Sequence[Entry]) -> list[Entry]:
    """Campaigns with a promise before those without, each the latest first."""
    newest = sorted(found, key=lambda e: e.starts_on or dt.date.min, reverse=True)
    return sorted(newest, key=lambda entry: entry.plan is None)


def exhibit(view: View, found: Sequence[Entry]) -> Exhibit:
    """The timeline by channel, with budget, owners and promise of each in its table."""
    store = view.store
    channels, personas = (labels_of(store.agreement, name) for name in ("channel", "persona"))
    day = store.engine.as_of_day
    recent = [e for e in found if e.ends_on is None or e.ends_on >= day - _BACK]
    frame = pd.DataFrame([_row(entry, store) for entry in recent])
    dated = [entry for entry in recent if entry.starts_on is not None]
    undated = len(recent) - len(dated)
    return Exhibit(
        key="calendar",
        needs=() if found else ("dim_campaign",),
        title=f"{_campaigns(len(dated))} planned, running or over since {fmt.day(day - _BACK)}",
        reading=(
            "Hollow is planned, full is running, pale has ended; the line is the data's day. "
            if dated
            else ""
        )
        + (
            f"{some(undated, 'has', 'have')} no dates, in the table alone.".capitalize()
            if undated
            else ""
        ),
        view=view,
        definition=Definition(
            "Calendar",
            "Which campaigns are planned, running and over?",
            "Campaigns of the sources by their first and last day, and those planned here; a plan "
            "is matched by its id, its name or an alias.",
        ),
        data=frame,
        draw=(lambda look: timeline(dated, look, as_of=day, channels=channels, personas=personas))
        if dated
        else None,
        units=dict.fromkeys(("budget", "spent", "promised pipeline"), "money"),
        reason="no source has given a campaign of that time; one that is planned below stands here",
        campaigns={entry.key: entry.name for entry in recent},
    )


def _row(entry: Entry, store: Store) -> dict[str, object]:
    plan, divisor = entry.plan, 10**store.engine.minor_digits

    def major(amount: int | None) -> float | None:
        return None if amount is None else amount / divisor

    return {
        "campaign": entry.name,
        "state": entry.state,
        "channel": labels_of(store.agreement, "channel").get(entry.channel, entry.channel),
        "persona": labels_of(store.agreement, "persona").get(entry.persona, entry.persona),
        "from": entry.starts_on,
        "to": entry.ends_on,
        "budget": major(entry.budget_amount),
        "spent": major(entry.spent_amount),
        "marketing": plan.marketing_owner if plan else entry.owner,
        "sales": plan.sales_owner if plan else "",
        "promised leads": plan.promised_leads if plan else None,
        "promised MQLs": plan.promised_mqls if plan else None,
        "promised pipeline": major(plan.promised_pipeline) if plan else None,
        "promised by": plan.promised_by if plan else None,
    }


def promise(view: View, entry: Entry) -> None:
    """What a campaign promised and what came of it, and at which step it broke down."""
    store = view.store
    if entry.plan is not None:
        _owners_left(store, entry.plan)
    if entry.campaign_id is None:
        names = " or ".join(entry.plan.aliases.splitlines()) if entry.plan else entry.name
        st.html(
            '<p class="sm-reading">No source knows this campaign yet. It will be matched by '
            f"{html(names)}.</p>"
        )
        return
    found = ask(store, outcome, store.agreement, entry)
    if found is None:
        why = "It has not begun." if entry.starts_on else "No source says when it began."
        st.html(f'<p class="sm-reading">{why}</p>')
        return
    lines = promised(store.engine, store.agreement, entry, found)
    st.html("".join(f'<p class="sm-promise">{html(line)}</p>' for line in lines))


def _owners_left(store: Store, plan: Plan) -> None:
    """Say of an owner who left since when, and what to do."""
    for owner in dict.fromkeys((plan.marketing_owner, plan.sales_owner)):
        gone = why_gone(owner, ask(store, people), store.home) if owner else None
        if gone is not None:
            st.html(
                f'<p class="sm-reading sm-bad">{html(owner)} {html(gone)}: give the campaign to '
                "somebody else below.</p>"
            )
