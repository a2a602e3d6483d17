"""When `refresh` runs next, how it went last, and how old the data are by the clock."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from smarketing.agreement import Agreement
from smarketing.build.refreshing import FILE_NAME, Refreshed, Schedule, read_schedule
from smarketing.errors import SmarketingError
from smarketing.periods import moment_words
from smarketing.store.home import UNREADABLE, disk_errors, write_atomic
from smarketing.store.landing import last_import_at

LAST = "refreshed.json"
#: What was imported so much later than now was so by a clock that was wrong.
_AHEAD_HOURS = 24
#: Locks: of who refreshes, and of who looks whether a refresh is due.
REFRESHING, LOOKING = ".refresh", ".timetable"


@dataclass(frozen=True)
class LastRefresh:
    """How the last refresh went: when it ended (UTC), what changed in one line, what failed."""

    at: datetime
    line: str
    failures: tuple[str, ...] = ()


def remember(home: Path, done: Refreshed, at: datetime) -> None:
    """Keep how a refresh went, for the pages and the timetable."""
    kept = LastRefresh(at, done.line, tuple(done.failures))
    text = json.dumps({**asdict(kept), "at": at.isoformat(timespec="seconds")}, ensure_ascii=False)
    with disk_errors(home):
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomic(home / LAST, text)


def last_refresh(home: Path) -> LastRefresh | None:
    """Return how the last refresh went; None where there was none, or nothing readable says so."""
    try:
        raw = json.loads((home / LAST).read_text(encoding="utf-8"))
        at = datetime.fromisoformat(raw["at"])
        return LastRefresh(at, str(raw["line"]), tuple(map(str, raw["failures"])))
    except UNREADABLE:
        return None


def is_due(schedule: Schedule, last: LastRefresh | None, at: datetime) -> bool:
    """Whether it is time for the next refresh; never where the schedule does not say how often.

    One that is yet to come was put down by a clock that was wrong, and holds back none.
    """
    if schedule.every_hours is None:
        return False
    every = timedelta(hours=schedule.every_hours)
    return last is None or not timedelta(0) <= at - last.at < every


@contextmanager
def alone(home: Path, lock: str = REFRESHING) -> Iterator[bool]:
    """Whether nobody else refreshes this home now; the system lets go of it if this one dies."""
    with disk_errors(home):
        file = (home / lock).open("a+")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def age_words(home: Path, agreement: Agreement, at: datetime) -> str:
    """Say that the data are too old by the clock; empty while they are fresh.

    They count as fresh for `fresh_hours` of the schedule, else for the days of the agreement, from
    the last import on that brought anything new.
    """
    last = last_import_at(home)
    if last is None:
        return ""
    hours = (at - last).total_seconds() / 3600
    if hours < -_AHEAD_HOURS:
        return (
            f"The last import was on {moment_words(last)} UTC, which is yet to come: a clock was "
            "wrong, so nobody can tell how old the data are."
        )
    limit = _fresh_hours(home) or agreement.freshness_limit_days * 24
    if hours <= limit:
        return ""
    return (
        f"Nothing new came in for {_long(hours)}: the last import was on "
        f"{moment_words(last)} UTC, and the data count as fresh for {_long(limit)}."
    )


def _fresh_hours(home: Path) -> float | None:
    if not (home / FILE_NAME).exists():
        return None
    try:
        return read_schedule(home).fresh_hours
    except SmarketingError:
        return None  # said where the schedule is run and shown


def _long(hours: float) -> str:
    if hours < 48:
        return f"{hours:.0f} hour{'' if round(hours) == 1 else 's'}"
    return f"{hours / 24:.0f} days"


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)
