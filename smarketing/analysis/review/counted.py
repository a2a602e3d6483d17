"""Which records does a number count in a build, and which count otherwise in another one?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from smarketing.agreement import Agreement
from smarketing.analysis.kpis.records import DAY, PART, VALUE, records
from smarketing.analysis.review.contents import IDS
from smarketing.engine import DuckDBEngine
from smarketing.errors import QueryError, UsageError
from smarketing.periods import Period

#: From so many rows on, those that are alike are found by a sum of each rather than one by one.
_MANY = 10_000


@dataclass(frozen=True)
class Seen:
    """A build and the agreement it was derived under."""

    engine: DuckDBEngine
    agreement: Agreement


def within(frame: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Return those of some records whose day is of a period; all where they have none."""
    if DAY not in frame:
        return frame
    days = pd.to_datetime(frame[DAY])
    return frame[(days >= pd.Timestamp(period.start)) & (days < pd.Timestamp(period.end))]


def counted_records(seen: Seen, kpi: str, period: Period) -> pd.DataFrame:
    """Return the records that a KPI counts in a period of a build; empty where it cannot."""
    try:
        return records(seen.engine, seen.agreement, kpi, period)
    except (QueryError, UsageError):
        # A KPI that this build cannot answer, or its agreement does not have, has no records.
        return pd.DataFrame()


def differing(old: pd.DataFrame, new: pd.DataFrame) -> list[dict[str, str]]:
    """Return the ids, by column, of every row that one frame has more often than the other.

    A row is what it counts in, what it brings and whose it is: what else is shown of a record
    changes no number.
    """
    names = [PART, *IDS, VALUE]
    shared = [n for n in names if any(n in frame.columns for frame in (old, new))]
    shared = [n for n in shared if all(n in frame.columns or frame.empty for frame in (old, new))]
    kept = [frame[[n for n in shared if n in frame.columns]] for frame in (old, new)]
    is_much = max(map(len, kept)) >= _MANY
    if is_much and all(list(frame.columns) == shared for frame in kept):
        kept = _unlike(*kept)
    sides = []
    for frame in kept:
        cells = [frame[name].astype(object).where(frame[name].notna(), None) for name in frame]
        sides.append(Counter(zip(*cells, strict=True)))
    before, after = sides
    places = {name: place for place, name in enumerate(shared) if name in IDS}
    return [
        {name: str(row[place]) for name, place in places.items() if row[place] is not None}
        for row in ((before - after) + (after - before)).elements()
    ]


def _unlike(old: pd.DataFrame, new: pd.DataFrame) -> list[pd.DataFrame]:
    """Return of two frames the few rows that are not as often in the other, by what they hold."""
    sums = [pd.util.hash_pandas_object(frame, index=False) for frame in (old, new)]
    many, other = (one.value_counts() for one in sums)
    apart = many.sub(other, fill_value=0)
    wanted = apart[apart != 0].index
    return [frame[one.isin(wanted).to_numpy()] for frame, one in zip((old, new), sums, strict=True)]
