"""The explicit choices under which every figure of the funnel is computed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from smarketing.engine import Engine
from smarketing.errors import UsageError, unknown
from smarketing.periods import FIRST_YEAR, LAST_YEAR, Period, Window, local_day, local_midnight

Mode = Literal["cohort", "entered", "snapshot"]
Skips = Literal["imputed", "observed", "strict"]
Reentry = Literal["first", "last", "every"]
MODES: tuple[Mode, ...] = get_args(Mode)
SKIPS: tuple[Skips, ...] = get_args(Skips)
REENTRY: tuple[Reentry, ...] = get_args(Reentry)

#: The choices in plain words; the agreed ones come first.
WORDS = {
    "cohort": "started in the period",
    "entered": "entered in the period",
    "snapshot": "there on the day",
    "imputed": "stages passed over count",
    "observed": "recorded stages alone",
    "strict": "in order, none missing",
    "first": "the first time",
    "last": "the latest time",
    "every": "every time",
}
#: One line for each choice, as shown beside the control.
EXPLAINED = {
    "cohort": "Leads that began in the window: how many of these reached each stage so far.",
    "entered": "Leads that entered each stage in the window, whenever they began. No rates.",
    "snapshot": "Leads in each stage at one instant; those that left are in none.",
    "imputed": "Reaching a stage counts for every stage before it, at the same date.",
    "observed": "A stage counts when the lead has an entry in it.",
    "strict": "Stages count only in order, none missing; a lead stops at its first gap.",
    "first": "A lead counts once, at its first entry into the stage.",
    "last": "A lead counts once, at its latest entry into the stage.",
    "every": "Every entry counts, so a lead that returns counts again.",
}


@dataclass(frozen=True)
class FunnelSettings:
    """Counting mode, skip policy, re-entry rule, and the window or the instant they apply to.

    `at` is local time of the agreement where it names no zone; a day stands at its end.
    """

    mode: Mode = "cohort"
    skips: Skips = "imputed"
    reentry: Reentry = "first"
    window: Window | None = None
    at: dt.datetime | dt.date | None = None

    def __post_init__(self) -> None:
        """Refuse names that do not exist and a window or instant the mode cannot use."""
        for what, name, valid in (
            ("counting mode", self.mode, MODES),
            ("skip policy", self.skips, SKIPS),
            ("re-entry rule", self.reentry, REENTRY),
        ):
            if name not in valid:
                raise unknown(what, name, valid)
        if self.at is not None and self.mode != "snapshot":
            raise UsageError(f"An instant belongs to a snapshot, not to mode '{self.mode}'.")
        if self.window is None and self.mode != "snapshot":
            raise UsageError(f"Mode '{self.mode}' needs a window: name --from and --to.")

    @property
    def label(self) -> str:
        """Return the choice as it is printed on figures and exports."""
        if self.mode == "snapshot":
            return f"{WORDS[self.mode]}, {WORDS[self.skips]}"
        return f"{WORDS[self.mode]}, {WORDS[self.skips]}, {WORDS[self.reentry]}"

    def standing_day(self, engine: Engine) -> dt.date:
        """Return the day, in the agreement's zone, of a snapshot's instant."""
        return local_day(self.instant(engine), engine.timezone)

    def asked_about(self, engine: Engine) -> Window | None:
        """Return the window, or the day of a snapshot's instant; None for neither."""
        if self.at is None:
            return self.window
        day = self.standing_day(engine)
        return Period(day.isoformat(), day, day + dt.timedelta(days=1), "day")

    def is_beyond(self, engine: Engine) -> bool:
        """Whether a snapshot is of a time that the data do not reach."""
        asked = self.asked_about(engine) if self.mode == "snapshot" else None
        return asked is not None and asked.start > engine.as_of_day

    def params(self, engine: Engine) -> dict[str, Any]:
        """Return the values the queries bind."""
        if self.mode == "snapshot":
            return {"at": self.instant(engine), "skips": self.skips}
        assert self.window is not None
        return {
            "from": self.window.start,
            "to": self.window.end,
            "skips": self.skips,
            "reentry": self.reentry,
        }

    def shown_at(self, timezone: str) -> str | None:
        """Return the day of a snapshot, or its instant with its offset; None for neither."""
        if self.at is None or not isinstance(self.at, dt.datetime):
            return None if self.at is None else self.at.isoformat()
        return self.at.replace(tzinfo=self.at.tzinfo or ZoneInfo(timezone)).isoformat()

    def instant(self, engine: Engine) -> dt.datetime:
        """Return the snapshot's instant in UTC: the one given, the window's end, or the as-of."""
        if self.at is None:
            end = self.window and local_midnight(self.window.end, engine.timezone)
            last = _day_end(engine.as_of_day, engine.timezone)
            return min(end - dt.timedelta(microseconds=1), last) if end else last
        if not isinstance(self.at, dt.datetime):
            return _day_end(self.at, engine.timezone)
        zone = self.at.tzinfo or ZoneInfo(engine.timezone)
        return self.at.replace(tzinfo=zone).astimezone(dt.UTC).replace(tzinfo=None)


def parse_at(text: str) -> dt.datetime | dt.date:
    """Read `--at`: a day, or a day and a time; UsageError says how to write it."""
    given = text.strip()
    try:
        kind = dt.date if len(given) == 10 else dt.datetime
        at = kind.fromisoformat(given)
    except ValueError as error:
        raise UsageError(
            f"'{text}' in --at is no instant; write it as 2026-06-09 or 2026-06-09T12:00."
        ) from error
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise UsageError(
            f"'{text}' in --at is out of range; years run {FIRST_YEAR} to {LAST_YEAR}."
        )
    return at


def _day_end(day: dt.date, timezone: str) -> dt.datetime:
    return local_midnight(day + dt.timedelta(days=1), timezone) - dt.timedelta(microseconds=1)
