"""The minutes of a meeting as a document, with the numbers as they were frozen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from smarketing.access import AccessError
from smarketing.agreement.meeting import OF_NUMBERS, PARTS
from smarketing.analysis.campaigns.together import calendar, outcome
from smarketing.analysis.review.actions import Looked, actions_before, actions_of, issues_of
from smarketing.analysis.review.agenda import (
    comes_back,
    kpis_of,
    verdict,
    why_exception,
    why_not_available,
)
from smarketing.analysis.review.campaigns import over_and_ahead, plans_of, recent_since
from smarketing.analysis.review.meeting import (
    Room,
    happened_of,
    limits_in,
    meeting_before,
    notes_of,
    numbers_of,
    restated_since,
)
from smarketing.analysis.review.owners import people, why_gone
from smarketing.analysis.review.restated import Restated
from smarketing.analysis.review.six_and_twelve import (
    Point,
    SixAndTwelve,
    ToDate,
    Total,
    recorded,
)
from smarketing.charts import format as fmt
from smarketing.charts.promises import promised
from smarketing.charts.words import counts, in_period
from smarketing.document import Document, Passage, Table
from smarketing.errors import SmarketingError
from smarketing.workspace.records import (
    Action,
    Attendance,
    Decision,
    Note,
    Reported,
)

_TITLES = dict(PARTS)


def minutes(room: Room, numbers: Sequence[SixAndTwelve] = ()) -> Document:
    """Return what the meeting saw and settled: numbers from its record, never computed anew.

    `numbers` are what stands beside each, where that was asked for already.

    Raises AccessError for who sees only a part: the record is of everything.
    """
    if room.access.scope:
        raise AccessError("Minutes are of everything, and you see a part; ask who sees all.")
    writer = _Writer(room, numbers)
    meeting = room.meeting
    opened = fmt.moment(meeting.opened_at, room.seen.agreement.timezone)
    stamp = (
        f"Opened by {meeting.opened_by} on {opened} · data to "
        f"{fmt.day(room.seen.engine.as_of_day)} · build {meeting.build_id} · agreement "
        f"{meeting.agreement_hash[:8]}"
    )
    return Document(f"Weekly meeting {meeting.week}", stamp, tuple(writer.passages()))


class _Writer:
    """Writes one passage per part of the agenda."""

    def __init__(self, room: Room, numbers: Sequence[SixAndTwelve]) -> None:
        self._room = room
        self._currency = room.seen.engine.currency
        known = numbers or numbers_of(room.seen, limits_in(room))
        self._numbers = {number.id: number for number in known}
        self._values = {
            (r.kpi, r.period): recorded(r)
            for r in room.workspace.of(Reported).all(meeting_id=room.meeting.id)
        }

    def passages(self) -> Iterator[Passage]:
        yield self._present()
        for part, _ in PARTS:
            yield from self._of(part)
        yield self._notes()
        yield self._happened()

    def _of(self, part: str) -> Iterator[Passage]:
        """Write a part of the agenda; how the meeting was rated stands with who was there."""
        if part == "restated":
            yield from self._restated()
        elif part == "actions":
            yield self._actions_before()
        elif part in OF_NUMBERS:
            yield self._numbers_of(part)
        elif part == "campaigns":
            yield from self._campaigns()
        elif part == "issues":
            yield from self._settled()

    def _present(self) -> Passage:
        people = self._room.workspace.of(Attendance).all(meeting_id=self._room.meeting.id)
        rows = tuple(
            (p.name, p.team, "" if p.rating is None else f"{p.rating} of 10") for p in people
        )
        marks = [p.rating for p in people if p.rating is not None]
        said = (f"Rated {sum(marks) / len(marks):.1f} of 10 by {len(marks)}.",) if marks else ()
        table = Table(("Name", "Team", "Rating"), rows) if rows else None
        unrated = f"Nobody has {'rated the meeting' if rows else 'said to be there'} yet."
        return Passage("Present", 1, said or (unrated,), table=table)

    def _restated(self) -> Iterator[Passage]:
        title = _TITLES["restated"]
        try:
            found = restated_since(self._room, list(self._numbers.values()))
        except SmarketingError as error:
            yield Passage(title, 1, (str(error),))
            return
        if meeting_before(self._room) is None:
            first = "This is the first meeting: there is nothing to compare it with."
            yield Passage(title, 1, (first,))
            return
        if not found:
            yield Passage(title, 1, ("Every number reported last time is still the same.",))
            return
        rows = tuple(restated_folded(found, self._currency))
        yield Passage(title, 1, (f"{restated_words(found)}.",), table=Table(RESTATED_HEADS, rows))
        if len(rows) < len(found):
            every = tuple(restated_row(one, self._currency) for one in found)
            yield Passage("In every period", 2, table=Table(RESTATED_HEADS, every))

    def _actions_before(self) -> Passage:
        found = actions_before(self._room)
        if not found:
            return Passage(_TITLES["actions"], 1, ("There are none.",))
        numbers = list(self._numbers.values())
        rows = tuple(
            (
                a.text,
                a.owner,
                fmt.day(a.due_on),
                a.status,
                verdict(a, numbers).text,
                since_then(one),
            )
            for one in found
            for a in (one.then,)
        )
        heads = ("Action", "Owner", "Due", "Status", "Its figure", "Since then")
        return Passage(_TITLES["actions"], 1, tuple(self._left(found)), table=Table(heads, rows))

    def _left(self, found: Sequence[Looked]) -> Iterator[str]:
        """Say of whose actions nobody can do any more what is left to them."""
        members = people(self._room.seen.engine)
        for owner in dict.fromkeys(one.then.owner for one in found if comes_back(one.then)):
            if gone := why_gone(owner, members, None):
                yield f"{owner} {gone}, with actions that are still to be done."

    def _numbers_of(self, part: str) -> Passage:
        found = [
            self._numbers[kpi]
            for kpi in kpis_of(self._room.seen.agreement, part)
            if kpi in self._numbers
        ]
        if not found:
            return Passage(_TITLES[part], 1, ("The agreement names no number for this part.",))
        heads = ("Number", *self._periods(found[0]), "Needs a word")
        return Passage(
            _TITLES[part], 1, table=Table(heads, tuple(self._row(number) for number in found))
        )

    def _periods(self, number: SixAndTwelve) -> tuple[str, ...]:
        return (number.last_week.period.label, *(t.period.label for t in number.to_date[1:]))

    def _row(self, number: SixAndTwelve) -> tuple[str, ...]:
        shown: tuple[Point | ToDate, ...] = (number.last_week, *number.to_date[1:])
        values = (self._value(number, of) for of in shown)
        why = why_exception(number)
        if number.fault is None:
            why = [*why, *why_not_available(number)]
        return (number.label, *values, "; ".join(why))

    def _value(self, number: SixAndTwelve, of: Point | ToDate) -> str:
        """A value in the words of the record: of few, by the counts that stand there."""
        total = self._values.get((number.id, of.period.label), Total())
        ground = replace(of.ground, counts=total.counts)
        return in_period(total.value, ground, number.unit, self._currency)

    def _campaigns(self) -> Iterator[Passage]:
        """Those that ended lately with promise and result, and those ahead."""
        engine, agreement = self._room.seen.engine, self._room.seen.agreement
        since = recent_since(engine)
        over, ahead = over_and_ahead(calendar(engine, plans_of(self._room)), since)
        ended = "" if over else f"None has ended since {fmt.day(since)}."
        named = (f"{e.name}, from {fmt.day(e.starts_on)}" for e in ahead if e.starts_on)
        said = f"Ahead: {'; '.join(named)}." if ahead else "None is ahead."
        yield Passage(_TITLES["campaigns"], 1, tuple(one for one in (ended, said) if one))
        for entry in over:
            found = outcome(engine, agreement, entry)
            lines = [] if found is None else promised(engine, agreement, entry, found)
            yield Passage(entry.name, 2, tuple(lines) or ("No source knows it.",))

    def _settled(self) -> Iterator[Passage]:
        workspace, mine = self._room.workspace, self._room.meeting.id
        issues = issues_of(self._room)
        yield Passage(_TITLES["issues"], 1)
        yield _listed(
            "Issues",
            ("Issue", "Raised by", "Solved"),
            [(i.text, i.raised_by, "yes" if i.solved_at else "no") for i in issues],
        )
        yield _listed(
            "Decisions",
            ("Decision", "Decided by"),
            [(d.text, d.decided_by) for d in workspace.of(Decision).all(meeting_id=mine)],
        )
        yield _listed(
            "Actions",
            ("Action", "Owner", "Team", "Due", "Should move", "Since then"),
            [
                (a.text, a.owner, a.team, fmt.day(a.due_on), self._aim(a), since_then(one))
                for one in actions_of(self._room)
                for a in (one.then,)
            ],
        )

    def _aim(self, action: Action) -> str:
        number = self._numbers.get(action.kpi)
        label = number.label if number else action.kpi
        return f"{label} {action.direction}".strip()

    def _notes(self) -> Passage:
        rows = [(self._figure(n), n.text, n.author) for n in notes_of(self._room)]
        return _listed("Notes on figures", ("Figure", "Note", "By"), rows, 1)

    def _happened(self) -> Passage:
        engine = self._room.seen.engine
        names = {
            str(row["campaign_id"]): str(row["name"])
            for row in engine.rows("attribution/campaign_facts")
        }
        rows = [
            (
                fmt.days_between(one.starts_on, one.ends_on or one.starts_on),
                names.get(one.campaign_id, one.campaign_id),
                one.text,
                one.author,
            )
            for one in happened_of(self._room)
        ]
        return _listed("What happened", ("When", "Campaign", "What", "By"), rows, 1)

    def _figure(self, note: Note) -> str:
        number = self._numbers.get(note.figure)
        return number.label if number else note.title or note.figure


def since_then(one: Looked) -> str:
    """Say what became of an action after the meeting; nothing where it is as it was."""
    if not one.has_moved:
        return ""
    status, then = one.now, one.then
    done = f" on {fmt.day(status.done_on)}" if status.done_on else ""
    said = [f"{status.status}{done}"] if status.status != then.status else []
    said += [f"given to {status.owner}"] if status.owner != then.owner else []
    return ", ".join(said)


def restated_words(found: Sequence[Restated]) -> str:
    """Say how many numbers were corrected, and how many are others by the passing of time alone."""
    by_time = sum(one.is_by_time for one in found)
    many = len(found) - by_time
    said = [fmt.many(many, "number is another now", "numbers are others now")] if many else []
    if by_time:
        more = "more, last in the list, "
        alone = ("number is another now", "numbers are others now")
        is_ = fmt.many(by_time, *((f"{more}is so", f"{more}are so") if many else alone))
        said.append(f"{is_} only because time went on")
    return "; ".join(said)


RESTATED_HEADS = ("Number", "Period", "Then", "Now", "Why")
RestatedRow = tuple[str, str, str, str, str]


def restated_folded(found: Sequence[Restated], currency: str) -> Iterator[RestatedRow]:
    """Yield what was restated, a row a number: the period it changed most in, and how many more."""
    by_number: dict[tuple[bool, str], list[Restated]] = {}
    for one in found:
        by_number.setdefault((one.is_by_time, one.kpi), []).append(one)
    for most, *others in by_number.values():
        label, period, then, now, why = restated_row(most, currency)
        more = f" and {fmt.many(len(others), 'more period')}" if others else ""
        yield label, f"{period}{more}", then, now, why


def restated_row(one: Restated, currency: str) -> RestatedRow:
    """Return number, period, then, now and why of what was restated, in words."""
    before, after = fmt.apart(one.before, one.after, one.unit, currency)
    before = before if one.few_before is None else counts(*one.few_before)
    after = after if one.few_after is None else counts(*one.few_after)
    why = "; ".join(cause.text for cause in one.causes)
    return one.label, one.period.label, before, after, why


def _listed(
    title: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], level: int = 2
) -> Passage:
    if not rows:
        return Passage(title, level, ("None.",))
    return Passage(title, level, table=Table(heads, tuple(rows)))
