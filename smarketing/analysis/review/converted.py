"""By which rates of exchange records of two builds are converted, and which are others now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from smarketing.analysis.review.contents import (
    ALL,
    RATES,
    Contents,
    Place,
    Record,
    Row,
    as_day,
)
from smarketing.engine import DuckDBEngine
from smarketing.periods import Period

#: Marts whose amounts are converted, by the column that names the record, with their own for it.
_CONTRACTS = "fct_contract"
_CONVERTED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "deal_id": (("fct_deal", "deal_id"), (_CONTRACTS, "deal_id")),
    "cost_id": (("fct_cost", "cost_id"),),
    "contract_id": ((_CONTRACTS, "contract_id"),),
    "account_id": ((_CONTRACTS, "customer_id"),),
}
_QUOTAS, _RATE = "quota_period", "dim_rate"
_CLOSED = frozenset({"won", "lost"})


class Converted:
    """How records of two builds are converted; `tables` as in `Contents`."""

    def __init__(self, before: DuckDBEngine, after: DuckDBEngine, contents: Contents) -> None:
        self._before = before
        self._after = after
        self._contents = contents

    def rates(
        self, records: Iterable[Record], tables: frozenset[str], *, is_pipeline: bool = False
    ) -> dict[Record, set[Place]]:
        """Return where the rate of exchange that a record was converted by is another now.

        What is converted at the data's date is so by the rate of either build's. `is_pipeline`: by
        which a deal was when it entered the qualifying stage.
        """
        return self._by_rates(records, tables, is_pipeline=is_pipeline, is_new=False)

    def new_rates(
        self, records: Iterable[Record], tables: frozenset[str], *, is_pipeline: bool = False
    ) -> dict[Record, set[Place]]:
        """Return where a rate came of the day that the data go to now, for what it converts.

        Nothing was corrected that still counts.
        """
        return self._by_rates(records, tables, is_pipeline=is_pipeline, is_new=True)

    def _by_rates(
        self,
        records: Iterable[Record],
        tables: frozenset[str],
        *,
        is_pipeline: bool,
        is_new: bool,
    ) -> dict[Record, set[Place]]:
        if not self._moved_rates:
            return {}
        found: dict[Record, set[Place]] = {}
        for record, before, after in self._converted(records, tables):
            sides = self._rated(before, after, is_pipeline)
            if len({factor for _, factor in sides}) + (len(sides) < 2) > 1:
                days = [of for of, _ in sides]
                if self._is_of_new_day(days) == is_new:
                    # Where a later day's rate converts it now, that of the day before does not.
                    for of in days[1:] if _is_later(days) else days:
                        found.setdefault(record, set()).update(self._moved_rates.get(of, ()))
        return {record: places for record, places in found.items() if places}

    def _is_of_new_day(self, days: Sequence[tuple[str, dt.date]]) -> bool:
        """Return whether of a rate then and one now the later is of a day that had none before."""
        return _is_later(days) and days[1] not in self._rated_before

    @cached_property
    def _rated_before(self) -> set[tuple[str, dt.date]]:
        return {
            (str(row["currency"]).strip().upper(), as_day(row["rate_on"]))
            for row in self._contents.whole(True, RATES)
        }

    def rated_by_date(
        self, records: Iterable[Record], tables: frozenset[str], *, is_pipeline: bool = False
    ) -> set[Record]:
        """Return which records another rate converts because the data go to another day."""
        return {
            record
            for record, before, after in self._converted(records, tables)
            if self._is_at_date(before) and self._is_at_date(after)
            if len({of for of, _ in self._rated(before, after, is_pipeline)}) > 1
        }

    def quota_rates(self, period: Period) -> set[Place]:
        """Return where a rate of exchange changed that a quota of a period is converted by."""
        found: set[Place] = set()
        for is_before, engine in ((True, self._before), (False, self._after)):
            for row in self._contents.whole(is_before, _QUOTAS):
                if row["starts_on"] is None or row["ends_on"] is None:
                    continue
                first, last = as_day(row["starts_on"]), as_day(row["ends_on"])
                if first < period.end and last >= period.start:
                    of = str(row["currency"]), min(first, engine.as_of_day)
                    for known, _ in self._factors_of(of, of):
                        found |= self._moved_rates.get(known, set())
        return found

    def _rated(
        self, before: Row, after: Row, is_pipeline: bool
    ) -> list[tuple[tuple[str, dt.date], float]]:
        """Return by which rates, of which days, a record was and is converted."""
        if self._is_at_date(before) and self._is_at_date(after):
            return self._factors_of(
                (_currency_of(before, is_pipeline), self._before.as_of_day),
                (_currency_of(after, is_pipeline), self._after.as_of_day),
            )
        row = before if _is_rated(before, is_pipeline) else after
        of = _currency_of(row, is_pipeline), self._day(row, is_before=row is before)
        return self._factors_of(of, of)

    def _factors_of(
        self, old: tuple[str, dt.date], new: tuple[str, dt.date]
    ) -> list[tuple[tuple[str, dt.date], float]]:
        """Return the rates that stand for a currency on a day in either build, by their own day."""
        found = []
        for (currency, day), side in zip((old, new), self._factors, strict=True):
            if (currency, day) in side:
                factor, age = side[currency, day]
                found.append(((currency, day - dt.timedelta(days=age)), factor))
        return found

    def unrated(
        self, records: Iterable[Record], tables: frozenset[str], *, is_pipeline: bool = False
    ) -> dict[tuple[str, dt.date], set[Record]]:
        """Return by currency and day which records have no rate of exchange any more.

        They are converted by that of the day that the data go to, and had one before.
        `is_pipeline` as in `rates`.
        """
        found: dict[tuple[str, dt.date], set[Record]] = {}
        for record, before, after in self._converted(records, tables):
            of = _currency_of(after, is_pipeline), self._day(after, is_before=False)
            is_lost = _is_rated(before, is_pipeline) and not _is_rated(after, is_pipeline)
            if is_lost and of[1] == self._after.as_of_day:
                found.setdefault(of, set()).add(record)
        return found

    def _converted(
        self, records: Iterable[Record], tables: frozenset[str]
    ) -> Iterator[tuple[Record, Row, Row]]:
        """Yield the rows of records in the marts that convert them, of both builds."""
        by_column: dict[str, list[str]] = {}
        for column, one in dict.fromkeys(records):
            by_column.setdefault(column, []).append(one)
        for column, ids in by_column.items():
            for mart, name in _CONVERTED.get(column, ()):
                if mart not in tables:
                    continue
                key = f"{mart.removeprefix('fct_')}_id"
                old, new = (
                    self._contents.look_up(is_before, mart, name, ids)
                    for is_before in (True, False)
                )
                for one in ids:
                    later = {row[key]: row for row in new.get(one, ())}
                    for before in old.get(one, ()):
                        if before[key] in later:
                            yield (column, one), before, later[before[key]]

    def _is_at_date(self, row: Row) -> bool:
        """Return whether a row is converted by the rate of the data's date."""
        return row.get("outcome") not in _CLOSED and row.get("incurred_on") is None

    def _day(self, row: Row, *, is_before: bool) -> dt.date:
        """Return the day whose rate of exchange a row is converted by."""
        day = row["closed_day"] if row.get("outcome") in _CLOSED else row.get("incurred_on")
        as_of_day = (self._before if is_before else self._after).as_of_day
        return as_of_day if day is None else as_day(day)

    @cached_property
    def _factors(self) -> tuple[dict[tuple[str, dt.date], tuple[float, int]], ...]:
        return tuple(
            {
                (str(row["currency"]), as_day(row["day"])): (row["factor"], int(row["age_days"]))
                for row in self._contents.whole(is_before, _RATE)
            }
            for is_before in (True, False)
        )

    @cached_property
    def _moved_rates(self) -> dict[tuple[str, dt.date], set[Place]]:
        """The rates that are others now, by currency and day."""
        found: dict[tuple[str, dt.date], set[Place]] = {}
        for (currency, day), places in self._contents.moved_of_all(RATES, ALL):
            of = str(currency).strip().upper(), as_day(day)
            found.setdefault(of, set()).update(places)
        return found


def _is_later(days: Sequence[tuple[str, dt.date]]) -> bool:
    """Return whether a record is converted by the rate of a later day than it was."""
    return len(days) > 1 and days[1][1] > days[0][1]


def _currency_of(row: Row, is_pipeline: bool) -> str:
    """Return the currency that a row is converted from."""
    entered = row.get("entry_currency") if is_pipeline else None
    return str(entered or row.get("currency"))


def _is_rated(row: Row, is_pipeline: bool) -> bool:
    """Return whether there is a rate for it."""
    if is_pipeline and row.get("entry_currency"):
        return row.get("pipeline_amount") is not None
    return row.get("rate_known") is not False
