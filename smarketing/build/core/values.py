"""Columns of the core tables as SQL expressions over raw text, by the macros of `values.sql`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import duckdb

from smarketing.build.core.currencies import digits_sql
from smarketing.files.quoting import identifier, literal, literals, numbers
from smarketing.store.schema import Column

Order = Literal["dmy", "mdy"]
Sign = Literal[".", ","]

_MACROS = tuple(Path(__file__).with_name(name) for name in ("values.sql", "cells.sql"))

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


def reason_sql(kind: str, name: str, currency: str) -> str:
    """Return the expression of why a value of a type could not be read; `name` is the text's."""
    plain = literal(REASONS[kind])
    if kind == "amount":
        return f"case when foreign_money({name}, {currency}) then '{_FOREIGN}' else {plain} end"
    if kind in ("date", "instant"):
        return (
            f"case when try_cast(left({name}, 10) as date) is null then {plain} else '{_FAR}' end"
        )
    return plain


@dataclass(frozen=True)
class Habits:
    """How a source writes what is ambiguous, for one of its SELECTs.

    `source_timezone` is where its times without an offset stand, `timezone` where days are cut.
    `orders` and `decimals` hold what was settled by column; `exact_files` the numbers of files
    (spreadsheets) whose numbers are written with a point whatever the source's habits. `sources`
    are the names an id may begin with to point into another source, and whether its ids are
    completed. Only a `thorough` reading knows all this; the other knows what programs write and is
    quick.
    """

    timezone: str
    source_timezone: str
    decimal: Sign = "."
    decimals: Mapping[str, Sign] = field(default_factory=dict)
    order: Order | None = None
    orders: Mapping[str, Order] = field(default_factory=dict)
    exact_files: tuple[int, ...] = ()
    sources: Mapping[str, bool] = field(default_factory=dict)
    thorough: bool = False


def define_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the macros known to a connection; they are temporary and leave no trace in the build."""
    for path in _MACROS:
        connection.execute(path.read_text(encoding="utf-8"))


def trimmed(name: str) -> str:
    """Return the expression that trims a raw column."""
    return f"trim(cast({identifier(name)} as varchar))"


def filled(name: str, kind: str) -> str:
    """Return the expression over a trimmed column that makes what is blank or missing null.

    An end in a year like 9999 is missing too: it says that there is none.
    """
    text = f"nullif({identifier(name)}, '')"
    if kind == "date" and name == "ends_on":
        return f"open_end(not_missing({text}))"
    return text if kind in ("text", "id") else f"not_missing({text})"


def cleaned(name: str, kind: str) -> str:
    """Return both in one expression, for a column that is read alone."""
    text = f"nullif({trimmed(name)}, '')"
    return text if kind in ("text", "id") else f"not_missing({text})"


def helpers(column: Column, habits: Habits) -> list[str]:
    """Return the columns that `typed` needs beside the cleaned one, each computed once a value."""
    name = identifier(column.name)
    if column.type in ("instant", "date"):
        return [f"fast_instant({name}) as {_beside(column)}"]
    if column.type in ("amount", "real", "int"):
        text = f"number_text({name}, {_with_comma(habits, column.name)})"
        return [f"{text if habits.thorough else name} as {_beside(column)}"]
    return []


def _beside(column: Column) -> str:
    return identifier(f"{column.name} read")


def typed(column: Column, habits: Habits, prefix: str, currency: str) -> str:
    """Return the expression of a column's typed value, over the cleaned columns and helpers.

    `prefix` is put before ids; `currency` is the expression of the row's currency code.
    """
    name, beside = identifier(column.name), _beside(column)
    match column.type:
        case "id":
            return own_id(name, prefix, habits.sources)
        case "int":
            return f"whole_value({beside})"
        case "real":
            return f"real_value({beside})"
        case "bool":
            return f"flag_value({name})"
        case "amount":
            value = f"amount_value({beside}, {digits_sql(currency)})"
            own = f"case when not foreign_money({name}, {currency}) then {value} end"
            return own if habits.thorough else value
        case "date" | "instant":
            return _time(column, habits)
    return name


def own_id(name: str, prefix: str, sources: Mapping[str, bool]) -> str:
    """Return the expression of an id within the store: prefixed, unless it names a source itself.

    So a file of aliases, quotas or teams can point into the records of another source, whose ids
    are completed where `sources` says so.
    """
    given = f"contains({name}, ':') and split_part({name}, ':', 1) in ({literals(sources)})"
    completed = "".join(
        f"when starts_with({name}, {literal(source + ':')}) then {literal(source + ':')} || "
        f"completed_id(substr({name}, {len(source) + 2})) "
        for source in sources
        if sources[source]
    )
    return f"case {completed}when {given} then {name} else {literal(prefix)} || {name} end"


def _time(column: Column, habits: Habits) -> str:
    given = f"{identifier(column.name)}, {_beside(column)}"
    zone, source_zone = literal(habits.timezone), literal(habits.source_timezone)
    order = literal(habits.orders.get(column.name, habits.order or "") or "")
    if column.type == "date":
        thorough = f"day_value({given}, {order}, {zone}, {source_zone})"
        return thorough if habits.thorough else f"clean_day({given}, {zone})"
    thorough = f"instant_value({given}, {order}, {zone}, {source_zone})"
    return thorough if habits.thorough else f"clean_instant({given}, {zone}, {source_zone})"


def _with_comma(habits: Habits, column: str) -> str:
    if habits.decimals.get(column, habits.decimal) == ".":
        return "false"
    if not habits.exact_files:
        return "true"
    return f"_file_id not in ({numbers(habits.exact_files)})"
