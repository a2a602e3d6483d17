"""Issues, decisions and actions: what is off track is discussed and ends as one of the two."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import streamlit as st

from smarketing.analysis.review.actions import (
    Looked,
    actions_of,
    change_action,
    issues_of,
)
from smarketing.analysis.review.actions import actions_before as left_over
from smarketing.analysis.review.agenda import STATUSES, comes_back, verdict
from smarketing.analysis.review.meeting import meeting_after
from smarketing.analysis.review.owners import people, why_gone
from smarketing.charts import format as fmt
from smarketing.charts.minutes import since_then
from smarketing.charts.names import as_written, html, markdown
from smarketing.errors import SmarketingError
from smarketing.ui.gate import recheck, writes
from smarketing.ui.records import table as frame_table
from smarketing.ui.sections.campaigns.calendar import some
from smarketing.ui.sections.meeting.room import Table
from smarketing.ui.session import ask
from smarketing.ui.states import close, empty, opened_by, tell, told
from smarketing.ui.view import DAY
from smarketing.workspace.records import Action, Decision, Issue
from smarketing.workspace.store import TEAMS, ConflictError, now

_NONE = "(none)"
_DIRECTIONS = ("up", "down")
_WHOSE = "A name, or the address of somebody who sees a part of the company and reads it by that."


def actions_before(table: Table) -> None:
    """What was to be done since the last meeting: done or not, and what its figure did."""
    found = left_over(table.room)
    if not found:
        empty("No action is open", "Nothing was left over from earlier meetings.", "")
        return
    still = [one.then for one in found if comes_back(one.then)]
    late = sum(action.due_on <= table.view.store.engine.as_of_day for action in still)
    over = fmt.many(len(found), "action was", "actions were")
    st.html(
        f'<p class="sm-reading">{over} left over: {some(len(still), "is", "are")} open, '
        f"{some(late, 'is', 'are')} due.</p>"
    )
    is_newest = meeting_after(table.room) is None
    for one in found:
        _action(table, one, is_newest=is_newest)


def _action(table: Table, looked: Looked, *, is_newest: bool) -> None:
    """One action as it was in the meeting; what becomes of it is said in the newest meeting."""
    action, since = (looked.now if is_newest else looked.then), since_then(looked)
    judged = verdict(action, table.numbers)
    tone = {True: "sm-good", False: "sm-bad", None: "sm-even"}[judged.is_as_meant]
    st.html(
        f'<p class="sm-promise sm-of-{html(action.team)}"><b>{as_written(action.text)}</b><br>'
        f"{html(action.owner)}, due {html(fmt.day(action.due_on))} · "
        f'<span class="{tone}">{html(judged.text)}</span>'
        + ("" if is_newest else f" · {html(action.status)}")
        + (f" · since then: {html(since)}" if since else "")
        + "</p>"
    )
    if not table.may_write or not is_newest:
        return
    _owner_left(table, action)
    key = f"action_{action.id}_{action.version}"
    st.segmented_control(
        "Status",
        STATUSES,
        default=action.status,
        key=key,
        label_visibility="collapsed",
        required=True,
        on_change=_judged,
        args=(table, action, key),
    )


def _owner_left(table: Table, action: Action) -> None:
    """Who cannot do it any more: one sentence, and the box that gives it to somebody else."""
    store = table.view.store
    gone = why_gone(action.owner, ask(store, people), store.home)
    if gone is None:
        return
    st.html(
        f'<p class="sm-reading sm-bad">{html(action.owner)} {html(gone)}: give the action to '
        "somebody else.</p>"
    )
    key = f"heir_{action.id}_{action.version}"
    st.text_input(
        "New owner",
        key=key,
        width=240,
        help=_WHOSE,
        on_change=_handed_on,
        args=(table, action, key),
    )


@writes
def _handed_on(table: Table, action: Action, key: str) -> None:
    owner = str(st.session_state[key]).strip()
    if not owner:
        tell("An action that is handed on needs the name of its new owner.")
        return
    _change(table, action, replace(action, owner=owner), "The new owner was not taken")


@writes
def _judged(table: Table, action: Action, key: str) -> None:
    """Write the status that was picked, under the version of the action that was looked at."""
    asked = st.session_state[key]
    done = table.view.store.engine.as_of_day if asked == "done" else None
    changed = replace(action, status=asked, done_on=done)
    _change(table, action, changed, "The status was not taken")


def _change(table: Table, before: Action, after: Action, otherwise: str) -> None:
    try:
        change_action(table.room.workspace, before, after)
    except SmarketingError as error:
        tell(f"{otherwise}. {error}")


def issues(table: Table) -> None:
    """The list of this meeting: each issue ends as a decision or an action."""
    _board(table)
    if not table.may_settle:
        return
    with (
        st.expander("Raise an issue", icon=":material/add:"),
        st.form("raise", border=False, clear_on_submit=True),
    ):
        st.text_input("What is off track?", key="raise_text")
        st.form_submit_button("Raise it", on_click=_raise, args=(table,))


@writes
def _raise(table: Table) -> None:
    text = str(st.session_state["raise_text"]).strip()
    if not text:
        tell("An issue needs a line that says what is off track.")
        return
    issue = Issue(
        meeting_id=table.room.meeting.id,
        text=text,
        raised_by=table.who.name,
        raised_at=now(),
    )
    try:
        table.room.workspace.of(Issue).add(issue)
    except SmarketingError as error:
        tell(f"The issue was not taken. {error}")


@st.fragment(run_every="10s")
def _board(table: Table) -> None:
    """What is on the list now, others' entries too.

    What is settled stays in its place: somebody may be writing on it just then.
    """
    recheck(table.room.access)
    told()
    found = issues_of(table.room)
    many = sum(issue.solved_at is None for issue in found)
    said = {0: "No issue is open.", 1: "One issue is open."}.get(many, f"{many} issues are open.")
    st.html(f'<p class="sm-reading">{said}</p>')
    for issue in found:
        settled = "" if issue.solved_at is None else " · settled"
        st.html(
            f'<p class="sm-promise"><b>{as_written(issue.text)}</b><br>raised by '
            f"{html(issue.raised_by)}{settled}</p>"
        )
        if table.may_settle:
            _ways(table, issue)
    _settled(table)


def _ways(table: Table, issue: Issue) -> None:
    """The two ways in which an issue ends.

    What is sent is taken before the list is drawn again: by then somebody else may have settled it.
    """
    with st.container(horizontal=True):
        with (
            opened_by("Decide", f"decide_{issue.id}", icon=":material/gavel:"),
            st.form(f"decide_form_{issue.id}", border=False),
        ):
            st.text_area("What was decided?", key=f"decision_{issue.id}")
            st.form_submit_button("Decided", on_click=_decided, args=(table, issue))
        with (
            opened_by("Action", f"act_{issue.id}", icon=":material/task_alt:"),
            st.form(f"act_form_{issue.id}", border=False),
        ):
            _action_form(table, issue)


@writes
def _decided(table: Table, issue: Issue) -> None:
    text = str(st.session_state[f"decision_{issue.id}"]).strip()
    if not text:
        tell("A decision needs a line that says what was decided; nothing was settled.")
        return
    decision = Decision(
        meeting_id=table.room.meeting.id,
        issue_id=issue.id,
        text=text,
        decided_by=table.who.name,
        decided_at=now(),
    )
    if _settle(table, issue, decision):
        close(f"decide_{issue.id}")


def _action_form(table: Table, issue: Issue) -> None:
    due = table.view.store.engine.as_of_day + dt.timedelta(days=7)
    kpis = [_NONE, *(number.id for number in table.numbers)]
    of = f"_of_{issue.id}"
    st.text_area("What is to be done?", key=f"todo{of}")
    st.text_input("Owner", value=table.who.name, key=f"owner{of}", help=_WHOSE)
    st.selectbox("Team", TEAMS, format_func=str.capitalize, key=f"team{of}")
    st.date_input("Due", value=due, key=f"due{of}", format=DAY)
    st.selectbox(
        "Figure it should move",
        kpis,
        index=kpis.index(issue.kpi) if issue.kpi in kpis else 0,
        format_func=lambda one: "none" if one == _NONE else table.named(one),
        key=f"kpi{of}",
    )
    st.selectbox("Which way", _DIRECTIONS, key=f"way{of}")
    st.form_submit_button("Agreed", on_click=_agreed, args=(table, issue))


@writes
def _agreed(table: Table, issue: Issue) -> None:
    text, owner, team, due_on, kpi, way = (
        st.session_state[f"{name}_of_{issue.id}"]
        for name in ("todo", "owner", "team", "due", "kpi", "way")
    )
    if not text.strip() or not owner.strip():
        tell("An action needs a line that says what is to be done, and an owner; none was taken.")
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
        direction=str(way) if named else "",
        created_by=table.who.name,
        created_at=now(),
    )
    if _settle(table, issue, action):
        close(f"act_{issue.id}")


def _settle(table: Table, issue: Issue, ending: Decision | Action) -> bool:
    """Put the ending on record and close the issue; two who end it at once are both kept.

    Whether it was taken: what was not stays where it was written.
    """
    workspace = table.room.workspace
    try:
        workspace.of(type(ending)).add(ending)
        if issue.solved_at is None:
            workspace.of(Issue).change(replace(issue, solved_at=now()))
    except ConflictError:
        tell("Somebody else settled it meanwhile; both are on record.")
    except SmarketingError as error:
        tell(f"It was not taken. {error}")
        return False
    return True


def _settled(table: Table) -> None:
    """Decisions and actions of this meeting so far."""
    workspace, mine = table.room.workspace, table.room.meeting.id
    rows = [
        {"settled": d.text, "as": "decision", "owner": d.decided_by, "due": ""}
        for d in workspace.of(Decision).all(meeting_id=mine)
    ]
    rows += [
        {"settled": a.text, "as": "action", "owner": a.owner, "due": fmt.day(a.due_on)}
        for a in (one.then for one in actions_of(table.room))
    ]
    if rows:
        st.markdown(f"**{markdown('Settled in this meeting')}**")
        frame_table(
            pd.DataFrame(rows), table.view.store.engine.currency, key="settled", alt="Settled"
        )
