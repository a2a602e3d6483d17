"""What the reports of a folder were made of, so that a finished one is known from one of old data.

A hidden file beside the reports says of each file, and of each post, from which report, period and
filters it came, up to which day the data went and what was written: the date of a file says none of
it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from smarketing.export.report.asked import Asked
from smarketing.export.report.plans import Plan
from smarketing.periods import period_of
from smarketing.store.home import write_atomic

_FILE = ".made.json"


def note(folder: Path, plan: Plan, asked: Asked, marks: Mapping[str, str]) -> None:
    """Note that these files of a folder, or its post, are made of this report and these data.

    `marks` are those of what was written, by name; blank where a person's work is in it.
    """
    told = [_source(plan, asked), asked.engine.as_of_day.isoformat()]
    noted = {**_noted(folder), **{name: [*told, mark] for name, mark in marks.items()}}
    write_atomic(folder / _FILE, json.dumps(noted, indent=1, sort_keys=True))


def mark(content: bytes) -> str:
    """Return the mark of a file's content, by which one that nobody worked on is known."""
    return hashlib.sha256(content).hexdigest()[:16]


def is_untouched(file: Path) -> bool:
    """Return whether a file is as it was last written here, or is not there at all."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return True
    return _noted(file.parent).get(file.name, [])[2:] == [mark(content)]


def is_made(
    folder: Path, plan: Plan, asked: Asked, names: Sequence[str], *, is_once: bool = False
) -> bool:
    """Return whether all of these were made of this report, with data that reach far enough.

    Those reach far enough that go beyond the period: after its last day what came on it is still
    wanted, unless it is made but once. Of a period that still runs, those do that are of the same
    day, week or month, by which the report is wanted.
    """
    noted = _noted(folder)
    source, as_of = _source(plan, asked), asked.engine.as_of_day

    def began(day: dt.date) -> dt.date:
        return period_of(day, plan.every, week_start=asked.agreement.week_start).start

    for name in names:
        try:
            made_of, day = noted[name][:2]
            reached = dt.date.fromisoformat(day)
        except (KeyError, TypeError, ValueError):
            return False
        last = asked.window.last_day
        is_whole = reached > last or (reached == last and (is_once or as_of == last))
        is_running = as_of < last
        if made_of != source or not (is_whole or (is_running and began(reached) == began(as_of))):
            return False
    return True


def _source(plan: Plan, asked: Asked) -> str:
    """Return a mark of a report as it is written: its period, its filters, whether it names people.

    What was made for somebody to whom people are masked is not the report of those who may read it.
    """
    names = asked.engine.names_people
    said = repr((plan, asked.window.start, asked.window.end, asked.filters, names))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _noted(folder: Path) -> dict[str, list[str]]:
    try:
        found = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
