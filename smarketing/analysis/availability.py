"""Zero or not available? Nothing recorded is not zero, and what is not available says why.

Zero is said only where records could have been: where a source gives such records, with a date,
and the period lies within what is known of them. The words for all of it stand here alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sqlglot import exp

from smarketing.engine import Engine
from smarketing.periods import Window, day_words

NOTHING_GIVEN = "no source has given any records for it"
#: Whether others are recorded is not for whoever sees a part to know.
NONE_IN_SIGHT = "none of its records is in your view, which is limited by {}"
NO_HANDOVERS = "no source says when leads were handed over"
NO_FOLLOW_UP = "no source says what sales did with any lead; import its calls, e-mails and meetings"
NO_DECISIONS = (
    "no source says what sales decided on any lead; import the stages that leads reach after the "
    "handover, or the reasons why they left"
)


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
            return f"its records begin on {day_words(self.first_day)}, after {window.label}"
        if self.last_day is not None and window.start > self.last_day:
            return f"its data ends on {day_words(self.last_day)}, before {window.label}"
        return None


def all_untold(records: int) -> str:
    """Say that a stock is no zero where of some records it is not known whether they are in it."""
    many = "1 record" if records == 1 else f"{records:,} records"
    return f"nothing is known to be in it, and of {many} nobody can say (Data health names them)"


def some_untold(records: int) -> str:
    """Say beside a stock of how many records it is not known whether they are in it."""
    many = "1 more record" if records == 1 else f"{records:,} more records"
    return f"of {many} nobody can say whether to count them (Data health names them)"


@dataclass(frozen=True)
class _Kind:
    """Where a mart's records come from: columns whose days say when one could have been."""

    days: tuple[tuple[str, str], ...] = ()
    if_empty: str = NOTHING_GIVEN
    #: What it means that a column by which a figure tells its records has no value anywhere.
    unknown: Mapping[str, str] = field(default_factory=dict)
    #: Where the mart holds some of the records of another: what that one lacks, column by column,
    #: that none of them is in it, and what it means where it lacks none.
    some_of: str | None = None
    lacks: Mapping[str, str] = field(default_factory=dict)
    if_none_yet: str = NOTHING_GIVEN


NO_EXITS = (
    "no source says which leads left and why; import their statuses, or the history of their stages"
)
NO_STAGE = "no source has given a lead that reached {}"
_NO_LEADS = "no source gives leads; import them from the CRM or the marketing automation"
_NO_DEALS = "no source gives deals; import the deals or opportunities of the CRM"
_NO_COSTS = "no source gives costs; import reports of the ad platforms, or a sheet of costs"
_NO_CATEGORY = "no cost is of a category that it counts; add a column category, media for ad spend"
_NO_TOUCHES = "no source gives touches; import campaign members, activities, visits or sends"
_NO_CONTRACTS = "no source gives contracts; import them, or the subscriptions"
_NO_STARTS = "no source says when contracts begin; import their first days"
_NO_ENDS = "no source says when contracts end; import their last days, or when they were given up"
_OF_DEALS = (("fct_deal", "opened_day"),)
#: Marts whose records can begin before the day by which a figure counts them, and what to import
#: where there are none.
_KINDS = {
    "fct_stage_count": _Kind((), _NO_LEADS),
    **dict.fromkeys(
        ("fct_conversion", "fct_long_conversion"),
        _Kind(
            (),
            _NO_LEADS,
            {"is_converted_within": "no lead is known to have taken this step in time"},
            some_of="fct_stage_count",
            lacks={"known_day": "no source says when leads reached a stage"},
        ),
    ),
    "fct_deal": _Kind(_OF_DEALS, _NO_DEALS),
    "fct_deal_conversion": _Kind(
        (),
        _NO_DEALS,
        some_of="fct_deal",
        lacks={"opened_day": "no source says when deals were created"},
        if_none_yet="of no deal that has a day of creation is it known how it ended",
    ),
    "fct_origin": _Kind(_OF_DEALS, _NO_DEALS),
    "fct_cost": _Kind((), _NO_COSTS, {"category": _NO_CATEGORY}),
    "fct_touch": _Kind((), _NO_TOUCHES),
    "fct_contract": _Kind((), _NO_CONTRACTS),
    "fct_retention": _Kind(
        (),
        _NO_CONTRACTS,
        some_of="fct_contract",
        lacks={"starts_on": _NO_STARTS},
        if_none_yet="no contract has begun by the data's date",
    ),
    "fct_renewal": _Kind(
        (),
        _NO_CONTRACTS,
        some_of="fct_contract",
        lacks={"starts_on": _NO_STARTS, "until_on": _NO_ENDS},
        if_none_yet="no contract has ended by the data's date",
    ),
    "dim_campaign": _Kind(
        (), "no source gives campaigns; import them, or the reports of the ad platforms"
    ),
    "dim_lead": _Kind((), _NO_LEADS),
    "fct_customer": _Kind((), "no source gives contracts or won deals of a company; import them"),
    "fct_quota": _Kind((), "no source gives quotas; import a table of members and periods"),
    "fct_feedback": _Kind((), "no source gives feedback; import the answers to surveys"),
    "fct_handoff": _Kind(
        (),
        NO_HANDOVERS,
        {
            "response_status": NO_FOLLOW_UP,
            "attempts_status": NO_FOLLOW_UP,
            "decision_status": NO_DECISIONS,
        },
    ),
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
    given, counts = _counts(engine, mart, day, asked) if asked else (1, {})
    return [
        Recorded(
            *counts.get(number, (1, 1, 1)),
            first,
            last,
            if_empty(engine, mart, test and test[0], given),
        )
        for number, test in enumerate(tests)
    ]


def _counts(
    engine: Engine,
    mart: str,
    day: exp.Expr,
    tests: Mapping[int, tuple[exp.Expr | None, exp.Expr | None]],
) -> tuple[int, dict[int, tuple[int, int, int]]]:
    """Count all records, and by figure what could make it, what does, what of that has a day."""
    outputs = [exp.alias_(_counted(None), "given")]
    for number, (could, counts) in tests.items():
        outputs += [
            exp.alias_(_counted(could), f"records_{number}"),
            exp.alias_(_counted(counts), f"counted_{number}"),
            exp.alias_(_counted(counts, day), f"dated_{number}"),
        ]
    row = engine.rows(exp.select(*outputs).from_(mart))[0]
    return int(row["given"]), {
        n: (int(row[f"records_{n}"]), int(row[f"counted_{n}"]), int(row[f"dated_{n}"]))
        for n in tests
    }


def not_given(engine: Engine, marts: Sequence[str]) -> str | None:
    """Answer which of the marts that a figure is made of no source gives any record of, and why.

    None where each has some, whatever the period and the filters.
    """
    for mart in marts:
        if not engine.rows(_any_of(mart)):
            return if_empty(engine, mart)
    return None


def spans_beside(engine: Engine, mart: str) -> list[tuple[dt.date | None, dt.date]]:
    """Return the first and last known day of what a mart's records come from, besides itself."""
    return [_span(engine, *place) for place in _KINDS.get(mart, _Kind()).days]


def if_empty(engine: Engine, mart: str, could: exp.Expr | None = None, given: int = 0) -> str:
    """Say why a figure of a mart is not available, of whose `given` records none could make it."""
    kind = _KINDS.get(mart, _Kind())
    if not given and engine.limited_by:
        return NONE_IN_SIGHT.format(engine.limited_by)
    if not given:
        return _if_none_of(engine, kind)
    told_by = [column.name for column in could.find_all(exp.Column)] if could else []
    return next((kind.unknown[name] for name in told_by if name in kind.unknown), NOTHING_GIVEN)


def _if_none_of(engine: Engine, kind: _Kind) -> str:
    """Say why a mart is empty: nothing was given, or what was lacks what would put it there."""
    if kind.some_of is None:
        return kind.if_empty
    [row] = engine.rows(_given_of(kind.some_of, tuple(kind.lacks)))
    if not row["given"]:
        return kind.if_empty
    return next((why for name, why in kind.lacks.items() if not row[name]), kind.if_none_yet)


def _counted(condition: exp.Expr | None, what: exp.Expr | None = None) -> exp.Expr:
    what = exp.Literal.number(1) if what is None else what.copy()
    kept = what if condition is None else exp.Case().when(condition, what)
    return exp.Count(this=kept, big_int=True)


def _span(engine: Engine, mart: str, date_column: str) -> tuple[dt.date | None, dt.date]:
    """Return the first day of any record of a mart, and up to when its sources know anything."""
    names_source = "source" in engine.columns(mart) and engine.has("source_info")
    row = engine.rows(_days_of(mart, date_column, names_source))[0]
    return row["first_day"], row.get("as_of_day") or engine.as_of_day


# The same tree each time, whose statement an engine keeps ready.


@lru_cache(maxsize=128)
def _any_of(mart: str) -> exp.Query:
    return exp.select(exp.Literal.number(1).as_("held")).from_(mart).limit(1)


@lru_cache(maxsize=128)
def _given_of(table: str, columns: tuple[str, ...]) -> exp.Query:
    counts = [exp.alias_(exp.Count(this=exp.column(name)), name) for name in columns]
    return exp.select(exp.alias_(_counted(None), "given"), *counts).from_(table)


@lru_cache(maxsize=128)
def _days_of(mart: str, date_column: str, names_source: bool) -> exp.Query:
    # What a figure is counted by may be an instant.
    first = exp.alias_(exp.cast(exp.Min(this=exp.column(date_column, "m")), "date"), "first_day")
    asked = exp.select(first).from_(exp.alias_(exp.to_table(mart), "m", table=True))
    if not names_source:
        return asked
    asked = asked.select(exp.alias_(exp.Max(this=exp.column("as_of_day", "i")), "as_of_day"))
    return asked.join("source_info as i", on="i.source = m.source", join_type="left")


def lacking_all(records: int, currency: str) -> str:
    """Say why a sum over records none of which has an amount is not available."""
    many = "its one record has" if records == 1 else f"none of its {records:,} records has"
    what = "no" if records == 1 else "an"
    why = "none given, no exchange rate for the day, or no history to weigh it by"
    return f"{many} {what} amount in {currency} ({why})"


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


def none_of(label: str, period: str) -> str:
    """Say why a ratio is not available though its parts are: there are none of what it divides by.

    A label begins in lower case within the sentence unless it begins with an abbreviation.
    """
    begins = label[:1] if label[1:2].isupper() else label[:1].lower()
    return f"no {begins}{label[1:]} in {period}"
