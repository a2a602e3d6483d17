"""The funnel counted slowly and obviously, one lead at a time, straight from the definitions.

A lead is what its source says of it (`Lead`): its record, its stage events and its deals. `course`
makes of it the events in the lead's own order; everything else is counted over these.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from funnel_store import EXITS, STAGES

NUMBER = {stage: number for number, stage in enumerate(STAGES, 1)}
OPENED, WON, LOST = "opportunity", "customer", "lost"


@dataclass(frozen=True)
class Event:
    """One stage entry or exit; `timed` has a time of day, `known` a date that can be believed."""

    at: dt.datetime
    stage: str
    reason: str | None = None
    timed: bool = True
    known: bool = True

    @property
    def number(self) -> int | None:
        return NUMBER.get(self.stage)

    @property
    def order(self) -> int:
        """Stages in their order, exits last and in that of the agreement."""
        return self.number or 1000 + EXITS.index(self.stage)


@dataclass(frozen=True)
class Deal:
    """A deal the lead carries; `created_known` is false for a load stamp."""

    deal_id: str
    created: dt.datetime | None
    closed: dt.datetime | None
    outcome: str
    timed: bool = True
    created_known: bool = True


@dataclass(frozen=True)
class Lead:
    """What is known of a lead. Without a record there are only its events."""

    events: tuple[Event, ...] = ()
    deals: tuple[Deal, ...] = ()
    has_record: bool = False
    created: dt.datetime | None = None
    created_timed: bool = True
    is_loaded: bool = False

    @property
    def created_known(self) -> bool:
        return self.created is not None and not self.is_loaded


Leads = Mapping[str, Lead]


def course(lead: Lead, as_of: dt.datetime) -> list[Event]:
    """The lead's events in order, inferred ones included; nothing later than the data."""
    given = [e for e in lead.events if not lead.deals or e.stage not in (OPENED, WON, LOST)]
    given = [_stamped(lead, event) for event in given]
    dealt = _of_deals(lead, as_of)
    placed = [_before_what_followed(event, [*given, *dealt]) for event in given]
    placed += dealt + _beginning(lead, given, dealt, as_of)
    return ordered([event for event in placed if event.at.date() <= as_of.date()])


def ordered(events: list[Event]) -> list[Event]:
    """Instant, then stage; a bare day stands at its start, not before the lead's hours of it."""
    found = []
    for event in events:
        earlier = [
            other.at
            for other in events
            if other.timed and other.at.date() == event.at.date() and other.order <= event.order
        ]
        at = max(earlier) if earlier and not event.timed else event.at
        found.append((at, event.order, event.at, not event.known, event))
    return [replace(event, at=at) for at, *_, event in sorted(found, key=lambda f: f[:4])]


def _stamped(lead: Lead, event: Event) -> Event:
    """An entry at the load stamp of its lead is of unknown date."""
    is_stamp = lead.is_loaded and event.timed and event.at == lead.created
    return replace(event, known=not is_stamp)


def _before_what_followed(event: Event, others: list[Event]) -> Event:
    """What happened on an unknown day did not happen after the lead had gone further."""
    later = [
        other.at
        for other in others
        if event.number and (event.number == 1 or (other.number or 0) > event.number)
    ]
    return event if event.known or not later else replace(event, at=min(event.at, *later))


def _beginning(
    lead: Lead, given: list[Event], dealt: list[Event], as_of: dt.datetime
) -> list[Event]:
    """The entry into the first stage that a lead's record stands for, where no event does."""
    if not lead.has_record:
        return []
    events = [*given, *dealt]
    first = min((event.at for event in events), default=None)
    entry = min((event.at for event in given if event.number == 1), default=None)
    told_late = (
        lead.created_known
        and entry is not None
        and first is not None
        and first < entry
        and lead.created is not None
        and lead.created.date() < entry.date()
    )
    if entry is not None and not told_late:
        return []
    at = lead.created or as_of
    if not lead.created_known and first is not None:
        at = min(at, first)
    timed = lead.created_timed if lead.created is not None else False
    return [Event(at, STAGES[0], timed=timed, known=lead.created_known)]


def _of_deals(lead: Lead, as_of: dt.datetime) -> list[Event]:
    """What its deals bring a lead to: the first one opened, the first won, or all lost."""
    openings, wins, losses = [], [], []
    for deal in lead.deals:
        known = deal.created_known and deal.created is not None
        at = deal.created
        if at is None:
            at = deal.closed or as_of
        elif not known and deal.closed is not None:
            at = min(at, deal.closed)
        timed = deal.timed and deal.created is not None
        openings.append(((at, not known, deal.deal_id), Event(at, OPENED, None, timed, known)))
        ended, timed = deal.closed or as_of, deal.timed and deal.closed is not None
        mark = (ended, deal.deal_id)
        if deal.outcome == "won":
            wins.append((mark, Event(ended, WON, None, timed, deal.closed is not None)))
        if deal.outcome == "lost":
            losses.append((mark, Event(ended, LOST, None, timed, deal.closed is not None)))
    found = [min(openings)[1]] if openings else []
    found += [min(wins)[1]] if wins else []
    if losses and len(losses) == len(lead.deals):
        found.append(max(losses)[1])
    return found


def entries(events: list[Event], skips: str) -> dict[int, list[Event]]:
    """The entries that stand for each stage; what is imputed takes those of the next stage."""
    seen: dict[int, list[Event]] = {}
    for event in events:
        if event.number:
            seen.setdefault(event.number, []).append(event)
    if skips != "imputed":
        return seen
    dated = [number for number in sorted(seen) if any(event.known for event in seen[number])]
    filled = {}
    for number in range(1, len(STAGES) + 1):
        later = [other for other in sorted(seen) if other > number]
        next_dated = next((other for other in dated if other > number), None)
        if number in seen:
            own = number in dated or number == 1 or next_dated is None
            filled[number] = seen[number if own or next_dated is None else next_dated]
        elif later:
            source = later[0] if later[0] in dated or next_dated is None else next_dated
            filled[number] = seen[source]
    return filled


def counted(events: list[Event], skips: str, reentry: str) -> dict[int, list[Event]]:
    """The entries that count for each stage under a skip policy and a re-entry rule."""
    seen = entries(events, skips)
    places = {"first": slice(0, 1), "last": slice(-1, None), "every": slice(None)}
    chosen = {number: found[places[reentry]] for number, found in seen.items()}
    if skips != "strict":
        return chosen
    kept: dict[int, list[Event]] = {}
    since = dt.datetime.min
    for number in range(1, len(STAGES) + 1):
        later = [event for event in chosen.get(number, []) if event.at >= since]
        if not later:
            break
        kept[number] = later
        since = later[0].at
    return kept


def went_on(events: list[Event], number: int, entry: Event, skips: str, reentry: str) -> bool:
    """Whether an entry led on to the next stage, at or after it."""
    if skips == "imputed":
        return any(e.number and e.number > number and e.at >= entry.at for e in events)
    following = counted(events, skips, reentry if skips == "strict" else "every")
    return any(event.at >= entry.at for event in following.get(number + 1, []))


def began(events: list[Event], skips: str) -> dt.date | None:
    """The day of the first entry into the first stage; None where it is not known."""
    first = entries(events, "imputed" if skips == "imputed" else "observed").get(1)
    return first[0].at.date() if first and first[0].known else None


def outcome(events: list[Event], number: int, entry: Event) -> tuple[str, str | None, str | None]:
    """What became of a lead after it reached a stage."""
    if any(e.number and e.number > number and e.at >= entry.at for e in events):
        return "advanced", None, None
    last = events[-1]
    if last.number is None:
        return "left", last.stage, last.reason
    return ("moved_back" if last.number < number else "here"), None, None


@dataclass
class Slow:
    """What the slow count finds: per stage the reached, stepped and outcomes."""

    reached: Counter[int] = field(default_factory=Counter)
    stepped: Counter[int] = field(default_factory=Counter)
    outcomes: Counter[tuple[int, str, str | None, str | None]] = field(default_factory=Counter)


Courses = Mapping[str, list[Event]]


def cohort(courses: Courses, start: dt.date, end: dt.date, skips: str, reentry: str) -> Slow:
    """Count a cohort under a skip policy and a re-entry rule."""
    slow = Slow()
    for events in courses.values():
        beginning = began(events, skips)
        if beginning is None or not start <= beginning < end:
            continue
        for number, found in counted(events, skips, reentry).items():
            for entry in found:
                slow.reached[number] += 1
                slow.stepped[number] += went_on(events, number, entry, skips, reentry)
                slow.outcomes[(number, *outcome(events, number, entry))] += 1
    return slow


def entered(
    courses: Courses, start: dt.date, end: dt.date, skips: str, reentry: str
) -> Counter[int]:
    """Count entries of known date in a window, whatever the cohort."""
    found: Counter[int] = Counter()
    for events in courses.values():
        for number, kept in counted(events, skips, reentry).items():
            found[number] += sum(e.known and start <= e.at.date() < end for e in kept)
    return found


def snapshot(courses: Courses, at: dt.datetime, skips: str) -> Counter[int | None]:
    """Count leads by the stage they stand in at an instant; None for those that left."""
    found: Counter[int | None] = Counter()
    for events in courses.values():
        before = [event for event in events if event.at <= at]
        if not before:
            continue
        number = before[-1].number
        if skips == "strict" and number and number not in counted(before, "strict", "every"):
            continue
        found[number] += 1
    return found
