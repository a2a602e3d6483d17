"""The handoff judged slowly and obviously, one handover after the other, from the definitions.

Agreed here: a response in 4 business hours, 2 attempts within 3 business days, a decision in 2;
09:00 to 17:00 in Berlin from Monday to Friday, one holiday. A story is all that happened to one
lead; `passes` makes of it the handovers, `judge` what was owed and kept.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
HOLIDAY = dt.date(2026, 4, 6)
RESPONSE_HOURS, ATTEMPTS, ATTEMPT_DAYS, DECISION_DAYS = 4, 2, 3, 2
HANDED, ACCEPTED = "mql", "sal"
STAGES = ("lead", "mql", "sal", "sql")
REJECTED, EXITS = ("rejected", "disqualified"), ("disqualified", "rejected", "recycled")
EXCUSED_DAYS = 14


@dataclass(frozen=True)
class Move:
    """An entry into a stage, or an exit."""

    at: dt.datetime
    stage: str
    reason: str | None = None

    @property
    def is_exit(self) -> bool:
        return self.stage in EXITS

    @property
    def number(self) -> int:
        """The stage's place; an exit is in none."""
        return -1 if self.is_exit else STAGES.index(self.stage)


@dataclass(frozen=True)
class Touch:
    """A touch of sales; `timed` is false for a bare day, which stands at its start."""

    at: dt.datetime
    name: str
    outcome: str = "no_answer"
    timed: bool = True
    automated: bool = False
    inbound: bool = False

    @property
    def is_human(self) -> bool:
        return not self.inbound and not self.automated

    @property
    def is_reached(self) -> bool:
        return self.inbound or self.outcome in ("connected", "meeting_set")


@dataclass(frozen=True)
class Story:
    """One lead: its moves in order, its touches, who got it when, and of what type it is."""

    moves: tuple[Move, ...]
    touches: tuple[Touch, ...] = ()
    assigned: tuple[dt.datetime, ...] = ()
    lead_type: str | None = None


@dataclass(frozen=True)
class Pass:
    """One handover: from its qualification up to, and without, the next one."""

    story: Story
    start: Move
    end: dt.datetime | None
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Judged:
    """What became of one handover."""

    response: str
    attempts: str
    decision: str
    is_accepted: bool
    is_rejected: bool
    is_decided: bool


def local(at: dt.datetime) -> dt.datetime:
    """The instant as a clock in Berlin shows it."""
    return at.replace(tzinfo=dt.UTC).astimezone(BERLIN)


def day_of(at: dt.datetime) -> dt.date:
    """The local day of an instant."""
    return local(at).date()


def is_open(at: dt.datetime) -> bool:
    """Whether a clock in Berlin stands within working time."""
    return at.weekday() < 5 and at.date() != HOLIDAY and 9 <= at.hour < 17


def after_hours(start: dt.datetime, hours: int) -> dt.datetime:
    """Walk minute by minute, over closed hours at once, until so many open minutes have passed."""
    left, at = hours * 60, start
    while left:
        if is_open(local(at)):
            left -= 1
            at += dt.timedelta(minutes=1)
        else:
            at = at.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    return at


def after_days(start: dt.datetime, days: int) -> dt.datetime:
    """Walk day by day to the close of the n-th working day."""
    day = day_of(start)
    while days:
        day += dt.timedelta(days=1)
        days -= is_open(dt.datetime(day.year, day.month, day.day, 9))
    close = dt.datetime(day.year, day.month, day.day, 17, tzinfo=BERLIN)
    return close.astimezone(dt.UTC).replace(tzinfo=None)


def passes(story: Story) -> list[Pass]:
    """A handover is the first entry into the handoff stage, and the first after each exit."""
    starts: list[Move] = []
    waiting = True
    for move in story.moves:
        if move.is_exit:
            waiting = True
        elif waiting and move.stage == HANDED:
            starts.append(move)
            waiting = False
    found = []
    for number, start in enumerate(starts):
        following = starts[number + 1] if number + 1 < len(starts) else None
        end = following.at if following else None
        inside = story.moves[story.moves.index(start) + 1 :]
        kept = tuple(m for m in inside if following is None or m.at < following.at)
        found.append(Pass(story, start, end, kept))
    return found


def started(handed: Pass) -> dt.datetime:
    """When sales' clock starts: at the qualification, or later where the owner came later."""
    known = [at for at in handed.story.assigned if handed.end is None or at < handed.end]
    before = [at for at in known if at <= handed.start.at]
    owner = max(before, default=None) or min(known, default=None)
    return max(handed.start.at, owner or handed.start.at)


def judge(handed: Pass, as_of: dt.datetime) -> Judged:
    """Return what was owed on one handover, what was kept, and what was decided."""
    start, qualified = started(handed), handed.start.at
    touches = [t for t in handed.story.touches if _is_in(t, handed)]
    decided = next((m for m in handed.moves if m.is_exit or m.number >= 2), None)
    accepted = decided is not None and not decided.is_exit
    rejected = decided is not None and decided.stage in REJECTED
    due = after_days(start, DECISION_DAYS)
    in_time = decided is not None and day_of(decided.at) <= day_of(due)
    good = in_time and (not rejected or (decided is not None and decided.reason is not None))
    exempt = _is_excused(handed.story, qualified)
    overdue = decided is None and as_of > due
    return Judged(
        "exempt" if exempt else _response(start, touches, as_of),
        "exempt" if exempt else _attempts(start, touches, handed.moves, as_of),
        "exempt" if exempt else _status(good, decided is not None or as_of > due),
        accepted,
        rejected,
        not exempt and (accepted or rejected or overdue),
    )


def _is_in(touch: Touch, handed: Pass) -> bool:
    """Whether a touch belongs to a handover: a call "that day" does where no hour is known."""
    if handed.end is not None and touch.at >= handed.end:
        return False
    same_day = day_of(touch.at) == day_of(handed.start.at) and not touch.timed
    return touch.at >= handed.start.at or same_day


def _is_excused(story: Story, qualified: dt.datetime) -> bool:
    if story.lead_type == "self_serve":
        return True
    for touch in story.touches:
        earlier = touch.at < qualified if touch.timed else day_of(touch.at) < day_of(qualified)
        near = (day_of(qualified) - day_of(touch.at)).days <= EXCUSED_DAYS
        if earlier and near and (touch.is_reached or touch.outcome == "meeting_set"):
            return True
    return False


def _status(done: bool, over: bool) -> str:
    return "met" if done else "missed" if over else "pending"


def _response(start: dt.datetime, touches: list[Touch], as_of: dt.datetime) -> str:
    due = after_hours(start, RESPONSE_HOURS)
    human = sorted((t for t in touches if t.is_human), key=lambda t: (t.at, t.name))
    if not human:
        return _status(False, as_of > due)
    first = human[0]
    in_time = first.at <= due if first.timed else day_of(first.at) <= day_of(due)
    return _status(in_time, True)


def _attempts(
    start: dt.datetime, touches: list[Touch], moves: tuple[Move, ...], as_of: dt.datetime
) -> str:
    due = after_days(start, ATTEMPT_DAYS)
    tried = [t for t in touches if (t.is_human or t.is_reached) and t.at <= due]
    # Accepted is no attempt and recycled is no excuse: only a rejection or a later stage is.
    settled = any((m.stage in REJECTED or m.number > 2) and day_of(m.at) <= day_of(due) for m in
                  moves)  # fmt: skip
    done = len(tried) >= ATTEMPTS or any(t.is_reached for t in tried) or settled
    return _status(done, as_of > due)
