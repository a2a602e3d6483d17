"""The funnel counted slowly and obviously, one lead at a time, straight from the definitions."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from funnel_store import EXITS, STAGES

NUMBER = {stage: number for number, stage in enumerate(STAGES, 1)}


@dataclass(frozen=True)
class Event:
    """One stage entry or exit; `number` is None for an exit."""

    at: dt.datetime
    stage: str
    reason: str | None = None

    @property
    def number(self) -> int | None:
        return NUMBER.get(self.stage)


def ordered(events: list[Event]) -> list[Event]:
    """Instant, then stage number, exits last and in the order of the agreement."""
    return sorted(events, key=lambda e: (e.at, e.number or 1000 + EXITS.index(e.stage)))


def entries(events: list[Event], skips: str) -> dict[int, list[dt.datetime]]:
    """The entries that count for each stage under a skip policy."""
    seen: dict[int, list[dt.datetime]] = {}
    for event in ordered(events):
        if event.number:
            seen.setdefault(event.number, []).append(event.at)
    if skips == "imputed":
        filled: list[dt.datetime] = []
        for number in range(len(STAGES), 0, -1):
            filled = seen.get(number, filled)
            if filled:
                seen[number] = filled
    if skips == "strict":
        kept: dict[int, list[dt.datetime]] = {}
        since = dt.datetime.min
        for number in range(1, len(STAGES) + 1):
            later = [at for at in seen.get(number, []) if at >= since]
            if not later:
                break
            kept[number] = later
            since = later[0]
        return kept
    return seen


def chosen(times: list[dt.datetime], reentry: str) -> list[dt.datetime]:
    """The entries that count under a re-entry rule."""
    return {"first": times[:1], "last": times[-1:], "every": times}[reentry]


def began(events: list[Event], skips: str) -> dt.datetime | None:
    """The first entry into the first stage."""
    first = entries(events, "imputed" if skips == "imputed" else "observed").get(1)
    return first[0] if first else None


def outcome(
    events: list[Event], number: int, at: dt.datetime
) -> tuple[str, str | None, str | None]:
    """What became of a lead after it reached a stage at an instant."""
    if any(e.number and e.number > number and e.at >= at for e in events):
        return "advanced", None, None
    last = ordered(events)[-1]
    if last.number is None:
        return "left", last.stage, last.reason
    return ("moved_back" if last.number < number else "here"), None, None


@dataclass
class Slow:
    """What the slow count finds: per stage the reached, stepped, outcomes and step ages."""

    reached: Counter[int]
    stepped: Counter[int]
    outcomes: Counter[tuple[int, str, str | None, str | None]]


def cohort(
    leads: dict[str, list[Event]], start: dt.date, end: dt.date, skips: str, reentry: str
) -> Slow:
    """Count a cohort under a skip policy and a re-entry rule."""
    slow = Slow(Counter(), Counter(), Counter())
    for events in leads.values():
        beginning = began(events, skips)
        if beginning is None or not start <= beginning.date() < end:
            continue
        known = entries(events, skips)
        for number, times in known.items():
            for at in chosen(times, reentry):
                slow.reached[number] += 1
                slow.stepped[number] += any(t >= at for t in known.get(number + 1, []))
                slow.outcomes[(number, *outcome(events, number, at))] += 1
    return slow


def entered(
    leads: dict[str, list[Event]], start: dt.date, end: dt.date, skips: str, reentry: str
) -> Counter[int]:
    """Count entries in a window, whatever the cohort."""
    found: Counter[int] = Counter()
    for events in leads.values():
        for number, times in entries(events, skips).items():
            found[number] += sum(start <= at.date() < end for at in chosen(times, reentry))
    return found


def snapshot(leads: dict[str, list[Event]], at: dt.datetime, skips: str) -> Counter[int | None]:
    """Count leads by the stage they stand in at an instant; None for those that left."""
    found: Counter[int | None] = Counter()
    for events in leads.values():
        before = [event for event in ordered(events) if event.at <= at]
        if not before:
            continue
        number = before[-1].number
        if skips == "strict" and number and number not in entries(before, "strict"):
            continue
        found[number] += 1
    return found
