"""Columns of the core tables as SQL expressions over raw text, by the macros of `values.sql`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from zoneinfo import available_timezones

import duckdb

from smarketing.build.core.clocks import may_turn
from smarketing.build.core.orders import Order
from smarketing.files.quoting import identifier, literal, literals, numbers
from smarketing.month_words import KNOWN
from smarketing.sources.flags import NO, YES
from smarketing.store.schema import Column

_MACROS = tuple(Path(__file__).with_name(name) for name in ("values.sql", "cells.sql"))
_UNREAD = Path(__file__).with_name("unread.sql")

NUMBERS = ("amount", "real", "int")
TIMES = ("instant", "date")
REASONS = {
    "int": "not a whole number",
    "real": "not a number",
    "amount": "not an amount",
    "bool": "not yes or no",
    "date": "not a date",
    "instant": "not a date or time",
}
_FAR = "in a year before 1900 or after 2199"
_FOREIGN = "in another currency than its row"
_SIDES = ("cr", "dr", "c", "d", "h", "s", "credit", "debit", "kredit", "haben", "soll")
_SIDED = (
    "a credit or a debit, or crores, by letters: export it in whole units and with a sign, since "
    "whose credit it is the file does not say"
)


@dataclass(frozen=True)
class Money:
    """What a text beside an amount, or in a column of currencies, may mean, and what it means.

    `code` is None where that cannot be told: "$" is the dollar of many countries.
    """

    codes: tuple[str, ...]
    code: str | None


@dataclass(frozen=True)
class Habits:
    """How a source writes what is ambiguous, for one of its SELECTs.

    `source_timezone` is where its times without an offset stand, `timezone` where days are cut.
    What was settled is by the number of the file: `comma_files` have a decimal comma, `orders` say
    where the day stands, `days` in which columns every time is midnight, so that they hold days.
    `words` are the names of months in use, `money` the texts that name currencies, both in lower
    case; `computed` columns are written by the SELECT, with a point. `sources` are the names an id
    may begin with to point into another source, and whether its ids are completed. Only a
    `thorough` reading knows all this; the other knows what programs write and is quick. `zones` are
    those that the headers of times name, by column and file.
    """

    timezone: str
    source_timezone: str
    sources: Mapping[str, bool] = field(default_factory=dict)
    comma_files: tuple[int, ...] = ()
    orders: Mapping[int, Order] = field(default_factory=dict)
    days: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=lambda: KNOWN)
    money: Mapping[str, Money] = field(default_factory=dict)
    computed: frozenset[str] = frozenset()
    thorough: bool = False
    zones: Mapping[str, Mapping[int, str]] = field(default_factory=dict)

    def holds_days(self, column: str) -> str:
        """Return the condition that a column of a row's file holds days."""
        return _among(self.days.get(column, ()))

    def zone_of(self, column: str) -> str:
        """Return the expression of the zone in which a column's times without an offset stand."""
        told, home = self.zones.get(column, {}), literal(self.source_timezone)
        cases = [
            f"when {_among([file for file, zone in told.items() if zone == each])} "
            f"then {literal(each)}"
            for each in sorted(set(told.values()))
        ]
        return f"case {' '.join(cases)} else {home} end" if cases else home

    @property
    def order(self) -> str:
        """Return the expression of the order of a row's dates, '' where none was settled."""
        cases = [
            f"when {_among([file for file, settled in self.orders.items() if settled == order])} "
            f"then {literal(order)}"
            for order in sorted(set(self.orders.values()))
        ]
        return f"case {' '.join(cases)} else '' end" if cases else "''"

    @property
    def word_map(self) -> str:
        """Return the words as a map of SQL."""
        return f"map {{{', '.join(f'{literal(k)}: {literal(v)}' for k, v in self.words.items())}}}"


def _among(files: Collection[int]) -> str:
    return f"_file_id in ({numbers(sorted(files))})" if files else "false"


def define_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the macros known to a connection; they are temporary and leave no trace in the build."""
    for path in _MACROS:
        connection.execute(path.read_text(encoding="utf-8"))
    connection.execute(
        "create or replace temp macro flag_value(x) as case "
        f"when lower(trim(x)) in ({literals(YES)}) then true "
        f"when lower(trim(x)) in ({literals(NO)}) then false end"
    )


def define_reasons(connection: duckdb.DuckDBPyConnection) -> None:
    """Make known what `reason_sql` needs beside the other macros."""
    connection.execute(_UNREAD.read_text(encoding="utf-8"))


def reason_sql(column: Column, rows: str, habits: Habits) -> str:
    """Return the expression of why a value could not be read, over the typed rows called `rows`."""
    name, plain = f"{rows}.{identifier(column.name)}", literal(REASONS[column.type])
    if column.type in TIMES:
        return f"unread_time({name}, {plain}, {literal(_FAR)})"
    if column.type != "amount" or not habits.thorough:
        return plain
    cases = [
        f"when {rows}.{label(column.name)} = {literal(text)} then "
        f"case when {rows}._currency is null then {literal(_which(money))} "
        f"when not ({is_own(column.name, habits, rows)}) then {literal(_FOREIGN)} else {plain} end"
        for text, money in habits.money.items()
        if money.codes
    ]
    cases.append(f"when {rows}.{label(column.name)} in ({literals(_SIDES)}) then {literal(_SIDED)}")
    return f"case {' '.join(cases)} else {plain} end"


def currency_reason(rows: str, habits: Habits, plain: str) -> str:
    """Return the expression of why a currency could not be read, over the rows called `rows`."""
    cases = [
        f"when lower({rows}.currency) = {literal(text)} then {literal(_which(money))}"
        for text, money in habits.money.items()
        if money.codes
    ]
    return f"case {' '.join(cases)} else {literal(plain)} end" if cases else literal(plain)


def _which(money: Money) -> str:
    shown = ", ".join(money.codes[:3]) + (" …" if len(money.codes) > 3 else "")
    return f"of a currency that cannot be told ({shown}): name it in a column of currencies"


def trimmed(name: str) -> str:
    """Return the expression that trims a raw column, null where it is blank."""
    return f"nullif(trimmed_text(cast({identifier(name)} as varchar)), '')"


def filled(name: str, kind: str) -> str:
    """Return the expression over a trimmed column that makes what is missing null.

    An end in a year like 9999 is missing too: it says that there is none.
    """
    text = identifier(name)
    if kind == "date" and name == "ends_on":
        return f"open_end(not_missing({text}))"
    if kind == "id":
        return f"id_text({text})"
    return text if kind == "text" else f"not_missing({text})"


def first_steps(column: Column, habits: Habits) -> list[list[str]]:
    """Return what is taken down of a cleaned column before anything is settled.

    Step upon step: each is a list of columns that may ask for those of the step before, so that
    each is computed once a value.
    """
    name = identifier(column.name)
    if column.type in TIMES:
        fast, text = beside(column.name), written(column.name)
        found = [[f"fast_instant({name}) as {fast}"]]
        if column.type == "instant" or column.name in habits.zones:
            turns = may_turn(name, habits.source_timezone)
            if column.name in habits.zones:
                turns = f"({turns} or {_among(habits.zones[column.name])})"
            found[0].append(f"turning_time({name}, {turns}) as {_turning(column.name)}")
        if habits.thorough:
            found.append([f"case when not is_fast({fast}) then date_text({name}) end as {text}"])
            body = f"without_zone({text}) as {_body(column.name)}"
            found.append([f"zone_text({text}) as {_offset(column.name)}", body])
        return found
    if column.type not in NUMBERS or not habits.thorough:
        return []
    if column.name in habits.computed:
        return [[f"written_number({name}) as {core(column.name)}", f"'' as {label(column.name)}"]]
    decked = _decked(column.name)
    number, text = f"bare_number({name}, {decked})", "''"
    if column.type == "amount":
        number, text = f"number_core({name}, {decked})", f"number_label({name}, {decked})"
    return [
        [f"decked_number({name}) as {decked}"],
        [f"{number} as {core(column.name)}", f"{text} as {label(column.name)}"],
    ]


def last_step(column: Column, habits: Habits) -> list[str]:
    """Return the columns that `typed` needs beside those of `first_steps`, as was settled."""
    name = column.name
    if column.type in TIMES and habits.thorough:
        local = f"written_local({_body(name)}, {habits.order}, {habits.word_map})"
        return [f"{local} as {_local(name)}"]
    if column.type not in NUMBERS:
        return []
    if not habits.thorough:
        return [f"{identifier(name)} as {beside(name)}"]
    comma = "false" if name in habits.computed else _among(habits.comma_files)
    return [f"read_number({core(name)}, {comma}) as {beside(name)}"]


def written(column: str) -> str:
    """Return the name of the column of a date's text that DuckDB cannot cast."""
    return identifier(f"{column} text")


def told(column: str, habits: Habits) -> str:
    """Return the expression of a date's text, its time behind a colon however it is written."""
    name = identifier(column)
    return f"coalesce({written(column)}, {name})" if habits.thorough else name


def _body(column: str) -> str:
    return identifier(f"{column} body")


def _offset(column: str) -> str:
    return identifier(f"{column} offset")


def _local(column: str) -> str:
    return identifier(f"{column} local")


def _turning(column: str) -> str:
    return identifier(f"{column} turning")


def beside(column: str) -> str:
    """Return the name of the column with DuckDB's reading of a time, or with a number's digits."""
    return identifier(f"{column} read")


def _decked(column: str) -> str:
    return identifier(f"{column} decked")


def core(column: str) -> str:
    """Return the name of the column with a number as it is written, without what is beside it."""
    return identifier(f"{column} core")


def label(column: str) -> str:
    """Return the name of the column with what stands beside an amount."""
    return identifier(f"{column} label")


def typed(column: Column, habits: Habits, prefix: str) -> str:
    """Return the expression of a column's typed value, over the columns of the steps.

    `prefix` is put before ids; the row's currency is in the columns `_currency` and `_digits`.
    """
    name, read = identifier(column.name), beside(column.name)
    match column.type:
        case "id":
            return own_id(name, prefix, habits)
        case "int":
            return f"whole_value({read})"
        case "real":
            return f"real_value({read})"
        case "bool":
            return f"flag_value({name})"
        case "text" if column.form == "email":
            return f"email_value({name})"
        case "text" if column.form == "timezone":
            return f"case when {name} in ({_zones()}) then {name} end"
        case "amount":
            value = f"amount_value({read}, _digits)"
            own = f"case when {is_own(column.name, habits)} then {value} end"
            return own if habits.thorough else value
        case "date" | "instant":
            return _time(column, habits)
    return name


def is_own(column: str, habits: Habits, rows: str = "") -> str:
    """Return the condition that what stands beside an amount is the currency of its row."""
    dot = f"{rows}." if rows else ""
    beside_it = f"{dot}{label(column)}"
    named = [
        f"{beside_it} = {literal(text)} and {dot}_currency in ({literals(money.codes)})"
        for text, money in habits.money.items()
        if money.codes
    ]
    return " or ".join([f"{beside_it} = ''", *named])


def own_id(name: str, prefix: str, habits: Habits) -> str:
    """Return the expression of an id within the store: prefixed, unless it names a source itself.

    So a file of aliases, quotas or teams can point into the records of another source, whose ids a
    thorough reading completes where that is said of it (see `points_to_completed`).
    """
    given = f"contains({name}, ':') and split_part({name}, ':', 1) in ({literals(habits.sources)})"
    completed = "".join(
        f"when starts_with({name}, {literal(source)}) then {literal(source)} || "
        f"completed_id(substr({name}, {len(source) + 1})) "
        for source in (_completed(habits) if habits.thorough else ())
    )
    return f"case {completed}when {given} then {name} else {literal(prefix)} || {name} end"


def points_to_completed(name: str, habits: Habits) -> str:
    """Return the condition that an id points into a source whose ids are completed."""
    found = [f"starts_with({name}, {literal(source)})" for source in _completed(habits)]
    return " or ".join(found) or "false"


def _completed(habits: Habits) -> list[str]:
    return [f"{source}:" for source, is_completed in habits.sources.items() if is_completed]


def _time(column: Column, habits: Habits) -> str:
    name, fast = told(column.name, habits), beside(column.name)
    zone, source_zone = literal(habits.timezone), habits.zone_of(column.name)
    slow = f"{_offset(column.name)}, {_local(column.name)}"
    day = f"written_day({name}, {_local(column.name)})"
    is_day = habits.holds_days(column.name)
    if column.type == "date":
        value = f"clean_day({name}, {fast}, {zone})"
        if habits.thorough:
            value = f"day_value({name}, {fast}, {slow}, {zone}, {source_zone})"
        if column.name in habits.zones:
            turning = _turning(column.name)
            there = f"day_there({turning}, {zone}, {source_zone})"
            value = f"case when {turning} is not null then {there} else {value} end"
        return f"case when {is_day} then {day} else {value} end" if habits.thorough else value
    read = f"{name}, {fast}, {_turning(column.name)}"
    if not habits.thorough:
        return f"clean_instant({read}, {zone}, {source_zone})"
    value = f"instant_value({read}, {slow}, {zone}, {source_zone})"
    return f"case when {is_day} then utc_of(cast({day} as timestamp), {zone}) else {value} end"


def has_time(column: str, habits: Habits) -> str:
    """Return the condition that a text says a time of day."""
    timed = f"written_with_time({told(column, habits)})"
    return f"{timed} and not {habits.holds_days(column)}" if column in habits.days else timed


@cache
def _zones() -> str:
    """Return the names of all time zones as SQL: to look for them takes longer than a question."""
    return literals(sorted(available_timezones()))
