"""Issues, decisions and actions: what is off track is discussed and ends as one of the two."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import streamlit as st

from smarketing.analysis.review.agenda import STATUSES, comes_back, verdict
from smarketing.charts import format as fmt
from smarketing.charts.names import html, markdown
from smarketing.errors import SmarketingError
from smarketing.ui.records import table as frame_table
from smarketing.ui.sections.meeting.room import Table
from smarketing.ui.states import empty, failed
from smarketing.workspace.records import Action, Decision, Issue
from smarketing.workspace.store import TEAMS, now

_NONE = "(none)"
_DIRECTIONS = ("up", "down")


def actions_before(table: Table) -> None:
    """What was to be done since the last meeting: done or not, and what its figure did."""
    records = table.room.workspace.of(Action)
    mine = table.room.meeting.id
    found = [a for a in records.all() if a.meeting_id != mine and comes_back(a)]
    if not found:
        empty("No action is open", "Nothing was left over from earlier meetings.", "")
        return
    late = sum(action.due_on <= table.view.store.engine.as_of_day for action in found)
    st.html(f'<p class="sm-reading">{len(found)} are open, {late} of them are due.</p>')
    for action in found:
        _action(table, action)


def _action(table: Table, action: Action) -> None:
    judged = verdict(action, table.numbers)
    tone = {True: "sm-good", False: "sm-bad", None: "sm-even"}[judged.is_as_meant]
    st.html(
        f'<p class="sm-promise sm-of-{html(action.team)}"><b>{html(action.text)}</b><br>'
        f"{html(action.owner)}, due {html(fmt.day(action.due_on))} · "
        f'<span class="{tone}">{html(judged.text)}</span></p>'
    )
    if not table.may_write:
        return
    key = f"action_{action.id}_{action.version}"
    asked = st.segmented_control(
        "Status", STATUSES, default=action.status, key=key, label_visibility="collapsed"
    )
    if asked is not None and asked != action.status:
        done = table.view.store.engine.as_of_day if asked == "done" else None
        try:
            table.room.workspace.of(Action).change(replace(action, status=asked, done_on=done))
        except SmarketingError as error:
            failed(error, "The status was not taken")
            return
        st.rerun()


def issues(table: Table) -> None:
    """The list of this meeting: each issue ends as a decision or an action."""
    _board(table)
    if not table.may_write:
        return
    with (
        st.expander("Raise an issue", icon=":material/add:"),
        st.form("raise", border=False, clear_on_submit=True),
    ):
        text = st.text_input("What is off track?")
        if st.form_submit_button("Raise it") and text.strip():
            _add(
                table,
                Issue(
                    meeting_id=table.room.meeting.id,
                    text=text.strip(),
                    raised_by=table.who.name,
                    raised_at=now(),
                ),
            )


@st.fragment(run_every="10s")
def _board(table: Table) -> None:
    """What is on the list now, others' entries too."""
    workspace, mine = table.room.workspace, table.room.meeting.id
    open_ones = [i for i in workspace.of(Issue).all(meeting_id=mine) if i.solved_at is None]
    if not open_ones:
        st.html('<p class="sm-reading">No issue is open.</p>')
    for issue in open_ones:
        st.html(
            f'<p class="sm-promise"><b>{html(issue.text)}</b><br>raised by '
            f"{html(issue.raised_by)}</p>"
        )
        if table.may_write:
            _ways(table, issue)
    _settled(table)


def _ways(table: Table, issue: Issue) -> None:
    with st.container(horizontal=True):
        with (
            st.popover("Decide", icon=":material/gavel:", key=f"decide_{issue.id}"),
            st.form(f"decide_form_{issue.id}", border=False),
        ):
            text = st.text_area("What was decided?")
            if st.form_submit_button("Decided") and text.strip():
                decision = Decision(
                    meeting_id=table.room.meeting.id,
                    issue_id=issue.id,
                    text=text.strip(),
                    decided_by=table.who.name,
                    decided_at=now(),
                )
                _settle(table, issue, decision)
        with (
            st.popover("Action", icon=":material/task_alt:", key=f"act_{issue.id}"),
            st.form(f"act_form_{issue.id}", border=False),
        ):
            _action_form(table, issue)


def _action_form(table: Table, issue: Issue) -> None:
    due = table.view.store.engine.as_of_day + dt.timedelta(days=7)
    kpis = [_NONE, *(number.id for number in table.numbers)]
    text = st.text_area("What is to be done?")
    owner = st.text_input("Owner", value=table.who.name)
    team = st.selectbox("Team", TEAMS, format_func=str.capitalize)
    due_on = st.date_input("Due", value=due)
    kpi = st.selectbox(
        "Figure it should move",
        kpis,
        index=kpis.index(issue.kpi) if issue.kpi in kpis else 0,
        format_func=lambda one: "none" if one == _NONE else table.named(one),
    )
    direction = st.selectbox("Which way", _DIRECTIONS)
    if not st.form_submit_button("Agreed") or not text.strip() or not owner.strip():
        return
    named = "" if kpi == _NONE else str(kpi)
    action = Action(
        meeting_id=table.room.meeting.id,
        issue_id=issue.id,
        text=text.strip(),
        owner=owner.strip(),
        team=str(team),
        due_on=due_on,
        kpi=named,
        direction=str(direction) if named else "",
        created_by=table.who.name,
        created_at=now(),
    )
    _settle(table, issue, action)


def _settle(table: Table, issue: Issue, ending: Decision | Action) -> None:
    try:
        table.room.workspace.of(Issue).change(replace(issue, solved_at=now()))
        table.room.workspace.of(type(ending)).add(ending)
    except SmarketingError as error:
        failed(error, "It was not taken")
        return
    st.rerun()


def _add(table: Table, issue: Issue) -> None:
    try:
        table.room.workspace.of(Issue).add(issue)
    except SmarketingError as error:
        failed(error, "The issue was not taken")
        return
    st.rerun()


def _settled(table: Table) -> None:
    """Decisions and actions of this meeting so far."""
    workspace, mine = table.room.workspace, table.room.meeting.id
    rows = [
        {"settled": d.text, "as": "decision", "owner": d.decided_by, "due": ""}
        for d in workspace.of(Decision).all(meeting_id=mine)
    ]
    rows += [
        {"settled": a.text, "as": "action", "owner": a.owner, "due": fmt.day(a.due_on)}
        for a in workspace.of(Action).all(meeting_id=mine)
    ]
    if rows:
        st.markdown(f"**{markdown('Settled in this meeting')}**")
        frame_table(
            pd.DataFrame(rows), table.view.store.engine.currency, key="settled", alt="Settled"
        )
