"""Periods of several days whose spend is known for shorter ones as well."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter

import duckdb

from smarketing.build.core.given_rows import DAY, NUMBER, TEXT, write_rows


@dataclass(frozen=True)
class Period:
    """Days for which a report names the spend of one thing, and the file that does."""

    speaks_of: int
    starts_on: date
    ends_on: date
    recorded_at: datetime | None
    file_id: int
    file: str

    @property
    def preference(self) -> tuple[int, float, int]:
        """What decides between periods that overlap: the shorter, then the newer one counts."""
        stamp = self.recorded_at.timestamp() if self.recorded_at else float("-inf")
        return (self.ends_on - self.starts_on).days, -stamp, -self.file_id


def known_elsewhere(connection: duckdb.DuckDBPyConnection) -> None:
    """Write temp.spend_known: the periods of which days are known, and from which file."""
    rows = connection.execute(
        "select speaks_of, starts_on, ends_on, recorded_at, file_id, file from temp.spend_cut "
        "where place = 1 and speaks_of in "
        "(select speaks_of from temp.spend_cut where ends_on > starts_on)"
    ).fetchall()
    refused = list(overlapping(Period(*row) for row in rows))
    rows = [(p.speaks_of, p.starts_on, p.ends_on, other.file) for p, other in refused]
    columns = [("speaks_of", NUMBER), ("starts_on", DAY), ("ends_on", DAY), ("file", TEXT)]
    write_rows(connection, "create or replace temp table spend_known as", columns, rows)


def overlapping(periods: Iterable[Period]) -> Iterator[tuple[Period, Period]]:
    """Iterate over the periods that do not count, each with one that does and shares days with it.

    Those that count share no day: the shortest are taken first, of equally long ones the newest.
    """
    ordered = sorted(periods, key=attrgetter("speaks_of"))
    for _, group in groupby(ordered, key=attrgetter("speaks_of")):
        taken: list[tuple[date, date]] = []
        by_start: dict[date, Period] = {}
        for period in sorted(group, key=lambda p: (p.preference, p.starts_on)):
            other = _within(taken, period)
            if other is None:
                insort(taken, (period.starts_on, period.ends_on))
                by_start[period.starts_on] = period
            else:
                yield period, by_start[other]


def _within(taken: list[tuple[date, date]], period: Period) -> date | None:
    """Return the first day of a period that is taken and overlaps; they overlap no other."""
    place = bisect_left(taken, (period.starts_on, period.starts_on))
    for start, end in taken[max(0, place - 1) : place + 1]:
        if start <= period.ends_on and end >= period.starts_on:
            return start
    return None
