"""Actions and issues that a meeting looks at again, as they were when it was over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from smarketing.analysis.review.agenda import comes_back
from smarketing.analysis.review.meeting import Room, meeting_before, over_at
from smarketing.workspace import Workspace
from smarketing.workspace.records import Action, ActionState, Issue
from smarketing.workspace.store import now


@dataclass(frozen=True)
class Looked:
    """An action as it was at the end of a meeting, and as it is now."""

    then: Action
    now: Action

    @property
    def has_moved(self) -> bool:
        """Whether somebody else has it, or it came to another end, since."""
        return (self.then.status, self.then.owner) != (self.now.status, self.now.owner)


def change_action(workspace: Workspace, before: Action, after: Action) -> Action:
    """Write an action's new state, and keep what it was like; ConflictError as `change`."""
    states = workspace.of(ActionState)
    with workspace.database.writing() as connection:
        changed = workspace.of(Action).put_change(connection, after)
        if not states.within(connection, action_id=before.id):
            states.put(connection, _state(before, before.created_at))
        states.put(connection, _state(after, now()))
    return changed


def actions_before(room: Room) -> list[Looked]:
    """Return the actions of earlier meetings that were still to be done when this one began.

    Those that came to an end before the meeting before was over were looked at there.
    """
    before, until = meeting_before(room), over_at(room)
    since = room.meeting.opened_at if before is None else over_at(replace(room, meeting=before))
    found = _as_at(room.workspace, since, until)
    earlier = [
        (open_then, looked)
        for open_then, looked in found
        if looked.now.meeting_id != room.meeting.id
        and looked.now.created_at <= room.meeting.opened_at
    ]
    return [looked for open_then, looked in earlier if comes_back(open_then)]


def actions_of(room: Room) -> list[Looked]:
    """Return the actions that a meeting agreed on."""
    found = _as_at(room.workspace, None, over_at(room))
    return [looked for _, looked in found if looked.now.meeting_id == room.meeting.id]


def issues_of(room: Room) -> list[Issue]:
    """Return what is on a meeting's list: raised in it, or open from earlier ones when it began.

    What was settled after the meeting was over was open in it.
    """
    opened, until = room.meeting.opened_at, over_at(room)
    found = []
    for issue in room.workspace.of(Issue).all():
        came_back = issue.raised_at <= opened and (
            issue.solved_at is None or issue.solved_at > opened
        )
        if issue.meeting_id == room.meeting.id or came_back:
            is_later = until is not None and issue.solved_at is not None and issue.solved_at > until
            found.append(replace(issue, solved_at=None) if is_later else issue)
    return found


def _as_at(
    workspace: Workspace, since: datetime | None, until: datetime | None
) -> list[tuple[Action, Looked]]:
    """Return every action as it was at the first instant, and as it was at the second and is."""
    states: dict[int, list[ActionState]] = {}
    for state in workspace.of(ActionState).all():
        states.setdefault(state.action_id, []).append(state)
    return [
        (
            _at(action, states.get(action.id or 0, ()), since),
            Looked(_at(action, states.get(action.id or 0, ()), until), action),
        )
        for action in workspace.of(Action).all()
    ]


def _at(action: Action, states: Iterable[ActionState], at: datetime | None) -> Action:
    """Return an action as it was at an instant; as it is where nothing else is known."""
    known = list(states)
    if at is None or not known:
        return action
    held = next((s for s in reversed(known) if s.since <= at), known[0])
    return replace(action, owner=held.owner, status=held.status, done_on=held.done_on)


def _state(action: Action, since: datetime) -> ActionState:
    return ActionState(
        action_id=action.id or 0,
        since=since,
        owner=action.owner,
        status=action.status,
        done_on=action.done_on,
    )
