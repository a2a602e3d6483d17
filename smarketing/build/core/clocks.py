"""On which days may a zone put its clocks forward? A time that is told there may not have been."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from smarketing.files.quoting import literal, literals

_CLOCKS_FROM, _CLOCKS_TO = 2000, 2050
_SEASON = timedelta(days=45)


def may_turn(name: str, zone: str) -> str:
    """Return the condition that a text is of a day on which a zone may put its clocks forward.

    Mostly that is in a few weeks of each year, which is told more quickly than the days are.
    """
    days = change_days(zone)
    if not days:
        return "false"
    parts = sorted({day[5:] for day in days})
    first, last = (datetime.fromisoformat(f"2000-{part}") for part in (parts[0], parts[-1]))
    if last - first <= _SEASON:
        return f"substr({name}, 6, 5) between {literal(parts[0])} and {literal(parts[-1])}"
    return f"left({name}, 10) in ({literals(days)})"


@cache
def change_days(zone: str) -> tuple[str, ...]:
    """Return the days of a zone on which clocks go forward, and those before, none of no zone."""
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ()
    day, found, before = datetime(_CLOCKS_FROM, 1, 1, tzinfo=UTC), set(), None
    while day.year < _CLOCKS_TO:
        local = day.astimezone(place)
        offset = local.utcoffset()
        if before is not None and offset is not None and offset > before:
            found |= {local.date().isoformat(), (local - timedelta(days=1)).date().isoformat()}
        before, day = offset, day + timedelta(days=1)
    return tuple(sorted(found))
