"""Zero or not available? Nothing recorded is not zero, and what is not available says why.

Zero is said only where records could have been: where a source gives such records, with a date,
and the period lies within what is known of them. The words for all of it stand here alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from smarketing.engine import Engine
from smarketing.periods import Window

NOTHING_GIVEN = "no source has given any records for it"


@dataclass(frozen=True)
class Recorded:
    """What the sources have given of the records that a figure could count, over all time.

    Of the `records` that could make it, `counted` do and `dated` of these have a known day.
    `first_day` is the first of any record of their kind, `last_day` up to when their sources know
    anything; None where no day is known.
    """

    records: int
    counted: int
    dated: int
    first_day: dt.date | None
    last_day: dt.date | None
    if_empty: str = NOTHING_GIVEN

    def why_nothing(self, window: Window | None = None) -> str | None:
        """Say why nothing in the window is no zero; None where zero was measured.

        Without a window only whether there are records at all decides (a stock, as of today).
        """
        if not self.records:
            return self.if_empty
        if window is None:
            return None
        if self.first_day is None or (self.counted and not self.dated):
            return f"none of its {self.counted or self.records:,} records has a known date"
        if window.end <= self.first_day:
            return f"its records begin on {self.first_day:%Y-%m-%d}, after {window.label}"
        if self.last_day is not None and window.start > self.last_day:
            return f"its data ends on {self.last_day:%Y-%m-%d}, before {window.label}"
        return None


@dataclass(frozen=True)
class _Kind:
    """Where a mart's records come from: columns whose days say when one could have been."""

    days: tuple[tuple[str, str], ...]
    if_empty: str = NOTHING_GIVEN


#: Marts whose records can begin before the day by which a figure counts them.
_KINDS = {
    "fct_deal": _Kind((("fct_deal", "opened_day"),)),
    "fct_origin": _Kind((("fct_deal", "opened_day"),)),
    "fct_attributed": _Kind(
        (("fct_deal", "opened_day"), ("fct_touch", "occurred_day")),
        "the agreed model credits no touch of a deal",
    ),
}


def recorded(
    engine: Engine,
    mart: str,
    date_column: str | None = None,
    could: exp.Expr | None = None,
    counts: exp.Expr | None = None,
) -> Recorded:
    """Answer what records of a mart there are at all, whatever the filters and the period.

    `could` says which of them could make the figure, `counts` which do; `date_column` is their day,
    None for a stock. It passes over the whole mart, so ask only where a figure came to nothing.
    """
    return recorded_each(engine, mart, date_column, [(could, counts)])[0]


def recorded_each(
    engine: Engine,
    mart: str,
    date_column: str | None,
    tests: Sequence[tuple[exp.Expr | None, exp.Expr | None] | None],
) -> list[Recorded]:
    """Answer `recorded` for several figures of a mart by one day, in one pass over it.

    Of each figure `could` and `counts`, or None where records of it with a day were found: they
    need not be counted again.
    """
    first, last = None, None
    if date_column is not None:
        spans = [_span(engine, mart, date_column), *spans_beside(engine, mart)]
        first = min((begun for begun, _ in spans if begun is not None), default=None)
        last = max(known for _, known in spans)
    day = exp.column(date_column) if date_column else exp.Null()
    asked = {number: test for number, test in enumerate(tests) if test is not None}
    counts = _counts(engine, mart, day, asked) if asked else {}
    return [
        Recorded(*counts.get(number, (1, 1, 1)), first, last, if_empty(mart))
        for number in range(len(tests))
    ]


def _counts(
    engine: Engine,
    mart: str,
    day: exp.Expr,
    tests: Mapping[int, tuple[exp.Expr | None, exp.Expr | None]],
) -> dict[int, tuple[int, int, int]]:
    """Count by figure what could make it, what does, and what of that has a day."""
    outputs = []
    for number, (could, counts) in tests.items():
        outputs += [
            exp.alias_(_counted(could), f"records_{number}"),
            exp.alias_(_counted(counts), f"counted_{number}"),
            exp.alias_(_counted(counts, day), f"dated_{number}"),
        ]
    row = engine.rows(exp.select(*outputs).from_(mart))[0]
    return {
        n: (int(row[f"records_{n}"]), int(row[f"counted_{n}"]), int(row[f"dated_{n}"]))
        for n in tests
    }


def spans_beside(engine: Engine, mart: str) -> list[tuple[dt.date | None, dt.date]]:
    """Return the first and last known day of what a mart's records come from, besides itself."""
    return [_span(engine, *place) for place in _KINDS.get(mart, _Kind(())).days]


def if_empty(mart: str) -> str:
    """Say why a figure of a mart without any records is not available."""
    return _KINDS.get(mart, _Kind(())).if_empty


def _counted(condition: exp.Expr | None, what: exp.Expr | None = None) -> exp.Expr:
    what = exp.Literal.number(1) if what is None else what.copy()
    kept = what if condition is None else exp.Case().when(condition, what)
    return exp.Count(this=kept, big_int=True)


def _span(engine: Engine, mart: str, date_column: str) -> tuple[dt.date | None, dt.date]:
    """Return the first day of any record of a mart, and up to when its sources know anything."""
    first = exp.alias_(exp.Min(this=exp.column(date_column, "m")), "first_day")
    asked = exp.select(first).from_(exp.alias_(exp.to_table(mart), "m", table=True))
    if "source" in engine.columns(mart) and engine.has("source_info"):
        asked = asked.select(exp.alias_(exp.Max(this=exp.column("as_of_day", "i")), "as_of_day"))
        asked = asked.join("source_info as i", on="i.source = m.source", join_type="left")
    row = engine.rows(asked)[0]
    return row["first_day"], row.get("as_of_day") or engine.as_of_day


def lacking_all(records: int, currency: str) -> str:
    """Say why a sum over records none of which has an amount is not available."""
    many = "its one record has" if records == 1 else f"none of its {records:,} records has"
    what = "no" if records == 1 else "an"
    return f"{many} {what} amount in {currency} (none given, or no exchange rate for the day)"


def lacking_some(lacking: int, records: int, currency: str) -> str:
    """Say beside a sum how many of its records are not in it for want of an amount."""
    have, are = ("has", "is") if lacking == 1 else ("have", "are")
    return f"{lacking:,} of {records:,} records {have} no amount in {currency} and {are} not in it"


def without_amount(deals: int, currency: str) -> str:
    """Say beside a total how many deals are not in it for want of an amount."""
    have, are = ("deal has", "is") if deals == 1 else ("deals have", "are")
    return f"{deals:,} {have} no amount in {currency} and {are} not in it."


def without_date(count: int) -> str:
    """Say beside a figure how many records are in no period, for want of a date."""
    have, are = ("has", "is") if count == 1 else ("have", "are")
    return f"{count:,} more {have} no known date and {are} in no period"


def nothing_to_divide_by(label: str) -> str:
    """Say why a ratio is not available though its parts are: its denominator is 0."""
    return f"nothing to divide by: {label} is 0"
