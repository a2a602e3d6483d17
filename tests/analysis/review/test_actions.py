"""A meeting shows its actions and issues as they were when it was over."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from smarketing.analysis.review import actions
from smarketing.analysis.review.meeting import Room
from smarketing.charts.minutes import since_then
from smarketing.workspace import ConflictError, Workspace, open_workspace
from smarketing.workspace.records import Action, ActionState, Issue, Meeting

DUE = dt.date(2026, 6, 22)


def hour(at: int) -> dt.datetime:
    return dt.datetime(2026, 6, 15, at)


def meeting(workspace: Workspace, week: int, opened: int, closed: int | None = None) -> Meeting:
    return workspace.of(Meeting).add(
        Meeting(week=f"2026-W{week}", build_id="b", agreement_hash="h", opened_by="Anna",
                opened_at=hour(opened), closed_at=None if closed is None else hour(closed))
    )  # fmt: skip


def action(workspace: Workspace, of: Meeting, text: str) -> Action:
    return workspace.of(Action).add(
        Action(meeting_id=of.id, text=text, owner="Ann", team="sales", due_on=DUE,
               created_by="Anna", created_at=of.opened_at + dt.timedelta(minutes=30))
    )  # fmt: skip


def told(home: Path, of: Meeting) -> list[tuple[str, str, str, str]]:
    found = actions.actions_before(Room(home, of, seen=None))  # type: ignore[arg-type]
    return [(one.then.text, one.then.status, one.then.owner, since_then(one)) for one in found]


def test_an_earlier_meeting_shows_an_action_as_it_was_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = open_workspace(tmp_path)
    first = meeting(workspace, 24, 8)
    call = action(workspace, first, "call")
    write = action(workspace, first, "write")
    action(workspace, first, "wait")
    second = meeting(workspace, 25, 10)
    monkeypatch.setattr(actions, "now", lambda: hour(11))
    done = replace(call, status="done", done_on=dt.date(2026, 6, 20))
    done = actions.change_action(workspace, call, done)
    handed = actions.change_action(workspace, write, replace(write, owner="Bob"))
    assert told(tmp_path, second) == [
        ("call", "done", "Ann", ""),
        ("write", "open", "Bob", ""),
        ("wait", "open", "Ann", ""),
    ]
    third = meeting(workspace, 26, 12)
    monkeypatch.setattr(actions, "now", lambda: hour(13))
    actions.change_action(workspace, handed, replace(handed, status="not done"))
    actions.change_action(workspace, done, replace(done, status="open", done_on=None))
    assert told(tmp_path, second) == [
        ("call", "done", "Ann", "open"),
        ("write", "open", "Bob", "not done"),
        ("wait", "open", "Ann", ""),
    ]
    # Done by the end of the meeting before: it does not come back.
    assert [one[:2] for one in told(tmp_path, third)] == [("write", "not done"), ("wait", "open")]
    action(workspace, third, "later")
    assert "later" not in [text for text, *_ in told(tmp_path, second)]
    [agreed, *_] = actions.actions_of(Room(tmp_path, first, seen=None))  # type: ignore[arg-type]
    assert (agreed.then.status, agreed.now.status, agreed.has_moved) == ("open", "open", False)


def test_of_two_who_change_an_action_the_second_is_told_and_no_state_is_kept(
    tmp_path: Path,
) -> None:
    workspace = open_workspace(tmp_path)
    call = action(workspace, meeting(workspace, 24, 8), "call")
    actions.change_action(workspace, call, replace(call, status="done", done_on=DUE))
    with pytest.raises(ConflictError):
        actions.change_action(workspace, call, replace(call, status="not done"))
    held = workspace.of(ActionState).all()
    assert [state.status for state in held] == ["open", "done"]


def test_since_then_says_when_it_was_done_and_who_has_it_now(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    call = action(workspace, meeting(workspace, 24, 8), "call")
    after = replace(call, status="done", done_on=dt.date(2026, 7, 1), owner="Bob")
    assert since_then(actions.Looked(call, after)) == "done on 1 Jul 2026, given to Bob"
    assert since_then(actions.Looked(call, call)) == ""


def test_an_issue_that_was_not_settled_comes_back(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    first = meeting(workspace, 24, 8)
    for text, solved in (("settled there", 8), ("settled next week", 11), ("open", None)):
        workspace.of(Issue).add(
            Issue(meeting_id=first.id, text=text, raised_by="Anna", raised_at=hour(8),
                  solved_at=None if solved is None else hour(solved))
        )  # fmt: skip
    first = workspace.of(Meeting).change(replace(first, closed_at=hour(9)))
    second = meeting(workspace, 25, 10, 12)

    def listed(of: Meeting) -> list[tuple[str, bool]]:
        found = actions.issues_of(Room(tmp_path, of, seen=None))  # type: ignore[arg-type]
        return [(issue.text, issue.solved_at is not None) for issue in found]

    assert listed(first) == [("settled there", True), ("settled next week", False), ("open", False)]
    assert listed(second) == [("settled next week", True), ("open", False)]
    # Of a meeting that is on, what was settled in it is settled.
    third = meeting(workspace, 26, 13)
    workspace.of(Issue).add(
        Issue(meeting_id=third.id, text="settled now", raised_by="Anna", raised_at=hour(14),
              solved_at=hour(15))
    )  # fmt: skip
    assert listed(third) == [("open", False), ("settled now", True)]
    # A meeting that is looked at again lists nothing of those after it.
    assert listed(second) == [("settled next week", True), ("open", False)]
