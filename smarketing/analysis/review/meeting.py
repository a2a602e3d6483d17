"""The weekly meeting: opening it freezes the build, so that it can be shown again as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from smarketing.access import LOCAL, Access, AccessError
from smarketing.agreement import Agreement
from smarketing.analysis.review.counted import Seen
from smarketing.analysis.review.limits import Limits
from smarketing.analysis.review.restated import Restated, restated
from smarketing.analysis.review.six_and_twelve import SixAndTwelve
from smarketing.analysis.review.weeks import six_and_twelve
from smarketing.engine import DuckDBEngine, open_engine, open_engine_on
from smarketing.engine.written import read_workspace
from smarketing.errors import StoreError, UsageError
from smarketing.periods import Period, day_words, period_of
from smarketing.store import builds
from smarketing.store.agreed import agreed
from smarketing.workspace import Workspace, open_workspace
from smarketing.workspace.database import queue
from smarketing.workspace.records import Annotation, Attendance, Audit, Meeting, Note, Reported
from smarketing.workspace.records import Limits as AgreedLimits
from smarketing.workspace.store import demand_open, now


@dataclass(frozen=True)
class Room:
    """A meeting with what it looks at: the frozen build under the agreement of that day.

    `access` is what whoever looks may see of it.
    """

    home: Path
    meeting: Meeting
    seen: Seen
    access: Access = LOCAL

    @property
    def workspace(self) -> Workspace:
        """Return what people wrote, as whoever looks may read it."""
        return read_workspace(self.home, self.access)


def week_of(engine: DuckDBEngine, agreement: Agreement) -> str:
    """Return the week whose meeting it is by the data's date, as 2026-W26."""
    return period_of(engine.as_of_day, "week", week_start=agreement.week_start).label


AgreedLimitsBy = Mapping[tuple[str, str], Limits]
#: What answers every number that a meeting shows, under these limits.
AskNumbers = Callable[[Seen, AgreedLimitsBy], list[SixAndTwelve]]


def numbers_of(seen: Seen, limits: AgreedLimitsBy) -> list[SixAndTwelve]:
    """Return every listed KPI as a meeting shows it, with the limits that both teams agreed."""
    return six_and_twelve(seen.engine, seen.agreement, None, agreed=limits)


def open_meeting(
    home: Path, who: str, week: str | None = None, ask: AskNumbers = numbers_of, email: str = ""
) -> Meeting:
    """Open the meeting of a week, by default that of the data's date, and freeze the build.

    Every KPI value that it can show is put on record, as `ask` answers it. Of two who open it at
    once the second gets the meeting of the first. The log says who by `email`, where it is known.
    Raises UsageError without a name, for a week that the data are not of, or where the agreement
    was changed since the build was made.
    """
    if not who.strip():
        raise UsageError("Opening a meeting needs the name of the person who opens it.")
    engine = open_engine(home)
    version = agreed(home).on_file()
    agreement = version.agreement
    asked = _week_asked(engine, agreement, week)
    week = asked.label
    workspace = open_workspace(home)
    for found in workspace.of(Meeting).all(week=week):
        return found
    _check_week(engine, agreement, asked, workspace.of(Meeting).all())
    if engine.agreement_hash != agreement.hash:
        raise UsageError(
            f"The agreement has changed since build {engine.build_id} was made; run: smarketing "
            "build, then open the meeting."
        )
    builds.freeze(home, engine.build_id)
    agreed(home).keep(version, who)
    numbers = ask(Seen(engine, agreement), agreed_limits(workspace))
    made = Meeting(
        week=week,
        build_id=engine.build_id,
        agreement_hash=agreement.hash,
        opened_by=who.strip(),
        opened_at=now(),
    )
    with workspace.database.writing() as connection:
        queue(connection)
        for found in workspace.of(Meeting).within(connection, week=week):
            return found
        made = workspace.of(Meeting).put(connection, made)
        workspace.of(Reported).put_all(connection, list(_values(made.id or 0, numbers)))
        by = email or made.opened_by
        entry = Audit(at=made.opened_at, who=by, what="opened the meeting", about=week)
        workspace.of(Audit).put(connection, entry)
    return made


def _week_asked(engine: DuckDBEngine, agreement: Agreement, week: str | None) -> Period:
    """Return the week that is named, that of the data's date where none is."""
    usual = week_of(engine, agreement)
    found = agreement.parse_period(week or usual)
    if found.kind != "week":
        raise UsageError(f"'{week}' is not a week; write it as {usual}.")
    return found


def _check_week(
    engine: DuckDBEngine, agreement: Agreement, week: Period, held: Sequence[Meeting]
) -> None:
    """Refuse a week that the data are not of: a meeting shows the numbers up to their date.

    It may be the week before or after theirs, as a meeting is held when its week is over. What a
    later meeting has frozen already, no earlier one can be the first to see.
    """
    now_ = agreement.parse_period(week_of(engine, agreement))
    if not now_.previous().start <= week.start <= now_.end:
        raise UsageError(
            f"The data go to {day_words(engine.as_of_day)}, which is in {now_.label}: a meeting "
            f"can be opened for that week or one beside it, not for {week.label}."
        )
    if later := [meeting.week for meeting in held if meeting.week > week.label]:
        raise UsageError(
            f"The meeting of {max(later)} was opened already, so that of {week.label}, which is "
            "before it, can no longer be opened."
        )


def find_meeting(home: Path, week: str | None = None) -> Meeting:
    """Return the meeting of a week, the newest where none is named; UsageError if there is none."""
    held = open_workspace(home).of(Meeting).all()
    if not held:
        raise UsageError("No meeting was opened yet; open one: smarketing meeting open --by NAME.")
    if week is None:
        return max(held, key=lambda meeting: meeting.week)
    for meeting in held:
        if meeting.week == week.strip().upper():
            return meeting
    weeks = ", ".join(sorted(m.week for m in held)[-6:])
    raise UsageError(f"There was no meeting in {week}. There were meetings in: {weeks}.")


def enter(home: Path, meeting: Meeting, access: Access = LOCAL) -> Room:
    """Return a meeting with what it looked at; StoreError where its build is no longer there."""
    have = {build.build_id: build.path for build in builds.list_builds(home)}
    if meeting.build_id not in have:
        raise StoreError(
            f"The build {meeting.build_id} that the meeting of {meeting.week} looked at is not in "
            "this home, and a backup holds no builds; copy "
            f"builds/{meeting.build_id}.* here from a home that has them to show the meeting again."
        )
    agreement = agreed(home).kept(meeting.agreement_hash)
    engine = open_engine_on(have[meeting.build_id], access)
    return Room(home, meeting, Seen(engine, agreement), access)


def agreed_limits(
    workspace: Workspace, until: datetime | None = None
) -> dict[tuple[str, str], Limits]:
    """Return the limits that stand, by KPI and grain: of each the last that was decided.

    With `until` those that stood then.
    """
    return {
        (one.kpi, one.grain): Limits(one.mean, one.low, one.high)
        for one in workspace.of(AgreedLimits).all()
        if until is None or one.decided_at <= until
    }


def limits_in(room: Room) -> dict[tuple[str, str], Limits]:
    """Return the limits by which a meeting judged: what was agreed later judges later meetings."""
    return agreed_limits(room.workspace, over_at(room))


def meeting_before(room: Room) -> Meeting | None:
    """Return the meeting before this one, None for the first."""
    held = [m for m in room.workspace.of(Meeting).all() if m.week < room.meeting.week]
    return max(held, key=lambda meeting: meeting.week, default=None)


def meeting_after(room: Room) -> Meeting | None:
    """Return the meeting after this one, None for the newest."""
    held = [m for m in room.workspace.of(Meeting).all() if m.week > room.meeting.week]
    return min(held, key=lambda meeting: meeting.week, default=None)


def restated_since(
    room: Room, numbers: Sequence[SixAndTwelve] = (), *, why: bool = True
) -> list[Restated]:
    """Answer what the meeting before reported and this one shows otherwise; none for the first.

    `numbers` are those of this meeting, where they are known already; without `why` no cause is
    looked up.

    Raises StoreError where the build of that meeting is no longer there, AccessError for who sees
    only a part: what was reported is of everything.
    """
    if room.access.scope:
        raise AccessError(
            "What a meeting reported is of everything, and you see a part of it; ask somebody who "
            "sees all."
        )
    earlier = meeting_before(room)
    if earlier is None:
        return []
    before = enter(room.home, earlier, room.access)
    reported = room.workspace.of(Reported).all(meeting_id=earlier.id)
    return restated(before.seen, room.seen, reported, numbers, why=why)


def signed_in(room: Room) -> tuple[str, ...]:
    """Return the teams whose signature stood under a meeting's agreement when it was over."""
    until = over_at(room)
    found = room.workspace.signatures(room.meeting.agreement_hash)
    if until is None:
        return tuple(sorted({s.team for s in found if s.withdrawn_at is None}))
    return tuple(
        sorted(
            {
                s.team
                for s in found
                if s.signed_at <= until and (s.withdrawn_at is None or s.withdrawn_at > until)
            }
        )
    )


def notes_of(room: Room) -> list[Note]:
    """Return the notes that belong to a meeting's minutes, oldest first.

    Those written in it, and those written on any page since the meeting before was over, until
    this one is: until it is closed, or the next is opened.
    """
    is_of_it = _between(room)
    return [
        note
        for note in room.workspace.of(Note).all()
        if note.meeting_id == room.meeting.id or (note.meeting_id is None and is_of_it(note))
    ]


def happened_of(room: Room) -> list[Annotation]:
    """Return what was written of days and campaigns between two meetings, by its day."""
    found = filter(_between(room), room.workspace.of(Annotation).all())
    return sorted(found, key=lambda one: (one.starts_on, one.id or 0))


def _between(room: Room) -> Callable[[Note | Annotation], bool]:
    """Return whether something was written since the meeting before was over, until this one is."""
    before, until = meeting_before(room), over_at(room)
    since = None if before is None else before.closed_at or before.opened_at
    return lambda one: (
        (since is None or one.written_at > since) and (until is None or one.written_at <= until)
    )


def over_at(room: Room) -> datetime | None:
    """Return when a meeting was over: closed, else the next opened; None while it is on."""
    after = meeting_after(room)
    return room.meeting.closed_at or (None if after is None else after.opened_at)


def attend(home: Path, meeting: Meeting, name: str, team: str, email: str = "") -> Attendance:
    """Put somebody down as present at a meeting; who is there already stays as put down.

    Who signed in is known by the address, and called by it as well where somebody else has the
    name; whom others put down by that name is taken for the first who comes with it.
    """
    people = open_workspace(home).of(Attendance)
    with open_workspace(home).database.writing() as connection:
        queue(connection)
        demand_open(connection, meeting.id)
        there = people.within(connection, meeting_id=meeting.id)
        if held := next((one for one in there if email and one.email == email), None):
            return held
        called = next((one for one in there if one.name == name), None)
        if called is not None and not email:
            return called
        if called is not None and not called.email:
            return people.put_change(connection, replace(called, email=email))
        called_so = name if called is None else f"{name} ({email})"
        new = Attendance(meeting_id=meeting.id or 0, name=called_so, team=team, email=email)
        return people.put(connection, new)


def close_meeting(home: Path, meeting: Meeting) -> Meeting:
    """Close a meeting: nothing more is written to it; who is just writing is waited for.

    Of two who close it at once the second gets it as the first closed it.
    """
    meetings = open_workspace(home).of(Meeting)
    with open_workspace(home).database.writing() as connection:
        queue(connection)
        (held,) = meetings.within(connection, id=meeting.id)
        if held.closed_at is not None:
            return held
        return meetings.put_change(connection, replace(held, closed_at=now()))


def _values(meeting_id: int, numbers: list[SixAndTwelve]) -> Iterator[Reported]:
    for number in numbers:
        for label, total in number.shown().items():
            yield Reported(
                meeting_id=meeting_id,
                kpi=number.id,
                period=label,
                value=total.value,
                n=None if total.counts is None else round(total.counts[1]),
            )
