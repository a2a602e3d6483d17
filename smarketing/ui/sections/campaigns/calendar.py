"""The calendar of campaigns that both teams keep: timeline, ideas, plans, promise and result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from smarketing.analysis.campaigns.together import (
    PLANNED,
    RUNNING,
    Entry,
    Outcome,
    calendar,
    checked,
    outcome,
    utm_names,
)
from smarketing.charts import format as fmt
from smarketing.charts.calendar import timeline
from smarketing.charts.names import html
from smarketing.errors import SmarketingError
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition
from smarketing.ui.labels import labels_of, model_name
from smarketing.ui.person import Person
from smarketing.ui.session import Store, ask
from smarketing.ui.states import failed
from smarketing.ui.view import DAY, View
from smarketing.workspace import open_workspace
from smarketing.workspace.records import Idea, Plan, Reply
from smarketing.workspace.store import now

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
    """How many run and are ahead, in one sentence."""
    running = sum(entry.state == RUNNING for entry in found)
    ahead = sum(entry.state == PLANNED for entry in found)
    if not running and not ahead:
        return "No campaign runs and none is ahead."
    run = fmt.many(running, "campaign runs", "campaigns run")
    return f"{run if running else 'No campaign runs'} and {some(ahead, 'is', 'are')} ahead."


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
    channels = labels_of(store.agreement, "channel")
    day = store.engine.as_of_day
    recent = [e for e in found if e.ends_on is None or e.ends_on >= day - _BACK]
    frame = pd.DataFrame([_row(entry, 10**store.engine.minor_digits) for entry in recent])
    undated = sum(entry.starts_on is None for entry in found)
    return Exhibit(
        key="calendar",
        needs=() if found else ("dim_campaign",),
        title=f"{_campaigns(len(recent))} planned, running or over since {fmt.day(day - _BACK)}",
        reading="Hollow is planned, full is running, pale has ended; the line is the data's day."
        + (f" {undated} have no dates and are in the table alone." if undated else ""),
        view=view,
        definition=Definition(
            "Calendar",
            "Which campaigns are planned, running and over?",
            "Campaigns of the sources by their first and last day, and those planned here; a plan "
            "is matched by its id, its name or an alias.",
        ),
        data=frame,
        draw=lambda look: timeline(recent, look, as_of=day, channels=channels),
        units={"budget": "money"},
        reason="no source has given a campaign of that time; one that is planned below stands here",
        campaigns={entry.key: entry.name for entry in recent},
    )


def _row(entry: Entry, divisor: int) -> dict[str, object]:
    plan = entry.plan
    return {
        "campaign": entry.name,
        "state": entry.state,
        "channel": entry.channel,
        "from": entry.starts_on,
        "to": entry.ends_on,
        "budget": None if entry.budget_amount is None else entry.budget_amount / divisor,
        "marketing": plan.marketing_owner if plan else entry.owner,
        "sales": plan.sales_owner if plan else "",
        "promised leads": plan.promised_leads if plan else None,
        "promised MQLs": plan.promised_mqls if plan else None,
    }


def promise(view: View, entry: Entry) -> None:
    """What a campaign promised and what came of it, and at which step it broke down."""
    store = view.store
    if entry.campaign_id is None:
        names = " or ".join(entry.plan.aliases.splitlines()) if entry.plan else entry.name
        st.html(
            '<p class="sm-reading">No source knows this campaign yet. It will be matched by '
            f"{html(names)}.</p>"
        )
        return
    found = ask(store, outcome, store.agreement, entry)
    if found is None:
        st.html('<p class="sm-reading">It has not begun.</p>')
        return
    st.html(
        "".join(f'<p class="sm-promise">{html(line)}</p>' for line in _lines(store, entry, found))
    )


def _lines(store: Store, entry: Entry, found: Outcome) -> list[str]:
    plan, scale = entry.plan, 10**store.engine.minor_digits
    stage = store.agreement.service_levels.committed_stage
    label = next(s.label for s in store.agreement.stages if s.id == stage)
    amount = None if found.pipeline_amount is None else found.pipeline_amount / scale
    lines = [
        f"From {fmt.day(found.window.start)} to {fmt.day(found.window.last_day)}, pipeline under "
        f"{model_name(found.model, store.agreement)}:",
        _against("Leads", fmt.number(found.leads), plan and plan.promised_leads),
        _against(f"{label}s", fmt.number(found.qualified), plan and plan.promised_mqls),
        _against(
            "Pipeline",
            fmt.money(amount, store.engine.currency),
            None
            if plan is None or plan.promised_pipeline is None
            else fmt.money(plan.promised_pipeline / scale, plan.currency),
        ),
    ]
    if found.broke is not None:
        broke = found.broke
        lines.append(
            f"It broke down from {broke.step}: {broke.went_on} of {broke.reached} went on, where "
            f"{fmt.number(broke.expected)} would have at the rate of all leads of that time."
        )
    return lines


def _against(what: str, value: str, promised: object) -> str:
    return f"{what}: {value}" + ("" if promised is None else f" of {promised} promised")


def ideas(store: Store, who: Person) -> None:
    """Ideas of both teams: anyone adds one, others comment or support it, it becomes a plan."""
    workspace = open_workspace(store.home)
    replies = workspace.of(Reply).all()
    for idea in workspace.of(Idea).all():
        mine = [reply for reply in replies if reply.idea_id == idea.id]
        support = sum(not reply.text for reply in mine)
        state = "planned" if idea.plan_id else f"{support} in support"
        st.html(
            f'<p class="sm-promise sm-of-{html(idea.team)}"><b>{html(idea.title)}</b> · {state}<br>'
            f"{html(idea.text)} — {html(idea.author)}</p>"
            + "".join(
                f'<p class="sm-reading">“{html(r.text)}” — {html(r.author)}</p>'
                for r in mine
                if r.text
            )
        )
        if store.access.may("write") and who.is_known and not idea.plan_id:
            _answer(store, who, idea)
    if store.access.may("write") and who.is_known:
        _new_idea(store, who)


def _answer(store: Store, who: Person, idea: Idea) -> None:
    records = open_workspace(store.home).of(Reply)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input("Comment", key=f"reply_{idea.id}", width=360)
        said = st.button("Comment", key=f"say_{idea.id}") and text.strip()
        supports = st.button("Support", key=f"support_{idea.id}", icon=":material/thumb_up:")
    backed = any(r.author == who.name and not r.text for r in records.all(idea_id=idea.id))
    if said or (supports and not backed):
        records.add(
            Reply(
                idea_id=idea.id or 0,
                text=text.strip() if said else "",
                author=who.name,
                team=who.team,
                written_at=now(),
            )
        )
        st.rerun()


def _new_idea(store: Store, who: Person) -> None:
    with (
        st.expander("Add an idea", icon=":material/lightbulb:"),
        st.form("idea", border=False, clear_on_submit=True),
    ):
        title = st.text_input("What do customers ask for?")
        text = st.text_area("Why, and for whom?")
        if st.form_submit_button("Add it") and title.strip():
            open_workspace(store.home).of(Idea).add(
                Idea(
                    title=title.strip(),
                    text=text.strip(),
                    author=who.name,
                    team=who.team,
                    raised_at=now(),
                )
            )
            st.rerun()


def plan_form(store: Store, who: Person) -> None:
    """Plan a campaign together: dates, owners of both teams, budget and promise."""
    if not (store.access.may("write") and who.is_known):
        return
    open_ones = {i.id: i for i in open_workspace(store.home).of(Idea).all() if not i.plan_id}
    kinds, day = store.agreement.classification, store.engine.as_of_day
    with (
        st.expander("Plan a campaign", icon=":material/event:"),
        st.form("plan", border=False),
    ):
        idea = st.selectbox(
            "From the idea",
            [None, *open_ones],
            format_func=lambda one: "none" if one is None else open_ones[one].title,
        )
        name = st.text_input("Name")
        channel = st.selectbox("Channel", [_NONE, *(c.id for c in kinds.channels)])
        persona = st.selectbox("Persona", [_NONE, *(p.id for p in kinds.personas)])
        starts = st.date_input("First day", value=day + dt.timedelta(days=14), format=DAY)
        ends = st.date_input("Last day", value=day + dt.timedelta(days=44), format=DAY)
        marketing = st.text_input("Owner in marketing")
        sales = st.text_input("Owner in sales")
        budget = st.number_input("Budget", value=None, min_value=0.0)
        leads = st.number_input("Promised leads", value=None, min_value=0)
        qualified = st.number_input("Promised MQLs", value=None, min_value=0)
        pipeline = st.number_input("Promised pipeline", value=None, min_value=0.0)
        if not st.form_submit_button("Plan it"):
            return
    scale = 10**store.engine.minor_digits
    plan = Plan(
        name=name.strip(), channel=str(channel), persona=str(persona), starts_on=starts,
        ends_on=ends, budget=_minor(budget, scale), currency=store.engine.currency,
        marketing_owner=marketing.strip(), sales_owner=sales.strip(), promised_leads=leads,
        promised_mqls=qualified, promised_pipeline=_minor(pipeline, scale), promised_by=ends,
        aliases=utm_names(name.strip(), starts), created_by=who.name, created_at=now(),
    )  # fmt: skip
    _plan(store, plan, open_ones.get(idea))


def _minor(amount: float | None, scale: int) -> int | None:
    return None if amount is None else round(amount * scale)


def _plan(store: Store, plan: Plan, idea: Idea | None) -> None:
    workspace = open_workspace(store.home)
    try:
        made = workspace.of(Plan).add(checked(plan, store.agreement))
        if idea is not None:
            workspace.of(Idea).change(replace(idea, plan_id=made.id))
    except SmarketingError as error:
        failed(error, "The campaign was not planned")
        return
    st.rerun()
