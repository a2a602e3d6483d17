"""What the texts of a file's columns are written like, counted: evidence of how to read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb

from smarketing.build.core.decimals import Numbers, Seen, Sign
from smarketing.build.core.job import Fill
from smarketing.build.core.orders import ORDERS, Dates, Order
from smarketing.build.core.rows import cleaned_rows, kept_rows
from smarketing.build.core.values import NUMBERS, TIMES, core, label, told, written
from smarketing.files.quoting import identifier, literals
from smarketing.files.quoting import numbers as listed
from smarketing.month_words import KNOWN

_MANY = 2_000
"""Texts beside amounts, or words in dates, beyond which a column holds something else."""
_SOME = 2
"""Dates of a day up to the 12th that are no accident beside texts of later days only."""
_OWN_WAY = r"^(\d{4}-(\d\d)-(\d\d)|(\d\d)\.(\d\d)\.\d{4})(?:\b|T)"
"""A date as spreadsheets write those that they know: year first, or with dots and the day first."""
_ENDLESS = "99"
"""Decimals of a number that is no money: as many as there are."""
_SIGNS: tuple[Sign, Sign] = (".", ",")
_READ = r"""
select
    _file_id, _row, {number} as n, {digits} as digits, point_number({number}) as p,
    comma_number({number}) as c, coalesce(_file_id in ({exact}), false)
    and regexp_full_match({number}, '-?\d+\.\d*[1-9]') as is_number
from ({rows}) where {number} is not null and {own}
"""
"""Numbers as they read with a point and with a comma."""
_EITHER = "p <> c and not is_number"
_KINDS = (
    "p is not null and c is null or is_number",
    "c is not null and p is null",
    f"{_EITHER} and contains(n, '.')",
    f"{_EITHER} and contains(n, ',')",
)
_FITTING = r"""
with parts as (
    select
        _file_id, _row, {text} as x, dotted({date}) as with_dots, regexp_extract(
            {date}, '^(\d{{1,2}})[/.\-] ?(\d{{1,2}})[/.\-] ?(\d{{1,4}})', ['a', 'b', 'c']
        ) as part
    from ({rows}) where in_figures({date})
),
figures as (
    select
        _file_id, _row, x, with_dots, cast(part.a as integer) as a, cast(part.b as integer) as b,
        cast(part.c as integer) as c, length(part.a) as a_wide, length(part.c) as c_wide
    from parts
)
select
    _file_id, _row, x, with_dots, a, b, c,
    a between 1 and 31 and b between 1 and 12 and c_wide > 1 as dmy,
    a between 1 and 12 and b between 1 and 31 and c_wide > 1 as mdy,
    a > 12 and a_wide = 2 and b between 1 and 12 and c between 1 and 31 and c_wide <= 2 as ymd
from figures
"""
"""Dates in figures and the orders in which they are dates. Nobody's records began in 2012 or
before, so that a first part up to 12 is no year."""

_PARTS: Mapping[Order, tuple[str, str]] = {"dmy": ("a", "b"), "mdy": ("b", "a")}
"""Which part of a date is its day, and which its month."""
_AGAINST_NONE: dict[Order, Seen] = {order: Seen() for order in ORDERS}


def money_texts(connection: duckdb.DuckDBPyConnection, work: Fill) -> list[str]:
    """Return what stands beside the amounts of a SELECT, and in its column of currencies."""
    if not work.has_amounts:
        return []
    rows = kept_rows(work)
    parts = [
        f"select {label(column.name)} as text from ({rows})"
        for column in work.given()
        if column.type == "amount"
    ]
    if "currency" in work.columns:
        parts.append(f"select lower(currency) as text from ({rows})")
    return _texts(connection, parts)


def date_words(connection: duckdb.DuckDBPyConnection, work: Fill) -> list[str]:
    """Return the words in the dates of a SELECT."""
    rows = kept_rows(work)
    found = r"unnest(regexp_extract_all({0}, '\p{{L}}[\p{{L}}\p{{M}}]+')) as text"
    parts = [
        f"select {found.format(written(column.name))} from ({rows})"
        for column in work.given()
        if column.type in TIMES
    ]
    return _texts(connection, parts, f"and text not in ({literals(KNOWN)})")


def _texts(connection: duckdb.DuckDBPyConnection, parts: Sequence[str], but: str = "") -> list[str]:
    if not parts:
        return []
    rows = connection.execute(
        f"select distinct text from ({' union all '.join(parts)}) "
        f"where text <> '' {but} order by text limit {_MANY}"
    ).fetchall()
    return [str(text) for (text,) in rows]


def numbers(
    connection: duckdb.DuckDBPyConnection, work: Fill, exact: Sequence[int]
) -> Iterator[tuple[int, Numbers]]:
    """Give by file what the numbers of each column are like, those of computed columns apart.

    In the `exact` files (spreadsheets) numbers are written with a point, and end in no zero.
    """
    for column in work.given():
        if column.type not in NUMBERS or column.name in work.habits.computed:
            continue
        is_money = column.type == "amount"
        money = ["", *(text for text, found in work.habits.money.items() if found.codes)]
        read = _READ.format(
            number=core(column.name),
            digits="_digits" if is_money else "0" if column.type == "int" else _ENDLESS,
            exact=listed(exact),
            rows=cleaned_rows(work, ()) if is_money else kept_rows(work),
            own=f"{label(column.name)} in ({literals(money)})" if is_money else "true",
        )
        seen = [_seen(condition) for condition in _KINDS]
        aggregates = ", ".join([*seen, *_counts(is_money)])
        rows = connection.execute(
            f"select _file_id, {aggregates} from ({read}) group by _file_id"
        ).fetchall()
        for row in rows:
            yield int(row[0]), _numbers(column.name, row[1:])


def _seen(condition: str, text: str = "n") -> str:
    """Return the aggregates of `Seen`: how many, the first, its line."""
    return ", ".join(
        f"{what} filter ({condition})"
        for what in ("count(*)", f"arg_min({text}, _row)", "min(_row)")
    )


def _counts(is_money: bool) -> list[str]:
    """Return the other aggregates of `_numbers`, in its order."""
    whole = "digits = 0" if is_money else "digits = 0 and n not like '%000'"
    conditions = [
        f"{_EITHER} and contains(n, '{sign}') and {kind}"
        for kind in (whole, "digits >= 3", "n like '%0'")
        for sign in _SIGNS
    ]
    # Yen among dinars do not say that decimals come and go: they never have any.
    conditions.append(r"digits > 0 and regexp_full_match(n, '[-+]?[1-9]\d{0,2}')")
    conditions.append(r"digits > 0 and regexp_full_match(n, '[-+]?\d{4,}')")
    return [f"count(*) filter ({condition})" for condition in conditions]


def _numbers(column: str, found: Sequence[Any]) -> Numbers:
    seen = [_read_seen(found[place : place + 3]) for place in (0, 3, 6, 9)]
    grouped, thousandths, rounded = (
        dict(zip(_SIGNS, map(int, found[place : place + 2]), strict=True)) for place in (12, 14, 16)
    )
    short, long = found[18:]
    only, either = (
        dict(zip(_SIGNS, seen[:2], strict=True)),
        dict(zip(_SIGNS, seen[2:], strict=True)),
    )
    comes_and_goes = bool(short and not long)
    uneven = {s for s in _SIGNS if rounded[s] and comes_and_goes and not only[s].count}
    return Numbers(column, only, either, grouped, thousandths, frozenset(uneven))


def _read_seen(found: Sequence[Any]) -> Seen:
    count, text, row = found
    return Seen(int(count), str(text or ""), int(row or 0))


def signs_adding_up(
    connection: duckdb.DuckDBPyConnection, work: Fill, file_id: int, totals: Mapping[str, str]
) -> set[Sign]:
    """Return the decimal signs with which the columns of a file add up to its own totals.

    `totals` has the text of a total by column. Both where a column is no number, or says nothing.
    """
    found: set[Sign] = set(_SIGNS)
    total = "number_core($total, decked_number($total))"
    for column in work.given():
        if column.type in NUMBERS and column.name in totals:
            adds_up = {
                sign: connection.execute(
                    f"select abs(sum(cast({read}({core(column.name)}) as double)) "
                    f"- any_value(cast({read}({total}) as double))) "
                    f"<= 0.006 * count(*) from ({kept_rows(work)}) where _file_id = {file_id}",
                    {"total": totals[column.name]},
                ).fetchone()
                for sign, read in ((".", "point_number"), (",", "comma_number"))
            }
            fitting: set[Sign] = {sign for sign in _SIGNS if adds_up[sign] == (True,)}
            found &= fitting or set(_SIGNS)
    return found


def dates(connection: duckdb.DuckDBPyConnection, work: Fill) -> Iterator[tuple[int, Dates]]:
    """Give by file what the dates in figures of each column are like."""
    conditions = [
        *(f"not with_dots and not {order}" for order in ORDERS),
        "not with_dots and dmy and mdy and a <> b",
        "with_dots and mdy and not dmy",
    ]
    aggregates = ", ".join(_seen(condition, "x") for condition in conditions)
    for column in work.given():
        if column.type not in TIMES:
            continue
        fitting = _FITTING.format(
            text=identifier(column.name), date=written(column.name), rows=kept_rows(work)
        )
        rows = connection.execute(
            f"select _file_id, count(*) filter (not with_dots), {aggregates} from ({fitting}) "
            "where dmy or mdy or ymd group by _file_id"
        ).fetchall()
        for number, in_figures, *found in rows:
            *against, apart, dotted = (_read_seen(found[n : n + 3]) for n in range(0, 15, 3))
            if in_figures or dotted.count:
                orders = dict(zip(ORDERS, against, strict=True))
                side = next((o for o in ORDERS[:2] if 0 < in_figures == orders[o].count), None)
                is_us = side == "dmy"
                taken = _taken(connection, work, column.name, number, is_us) if side else Seen()
                yield int(number), Dates(column.name, orders, apart, dotted, taken)
        rows = connection.execute(
            f"select _file_id, {_seen('true', identifier(column.name))} from ({kept_rows(work)}) "
            f"where has_day_second({written(column.name)}) group by _file_id"
        ).fetchall()
        for number, *found in rows:
            seen = _read_seen(found)
            yield (
                int(number),
                Dates(column.name, _AGAINST_NONE, Seen(), Seen(), day_second=seen),
            )


def spans(
    connection: duckdb.DuckDBPyConnection, works: Sequence[Fill], file_id: int
) -> dict[Order, tuple[dt.date, dt.date]]:
    """Give the first and the last day of a file's dates in figures, by order, for day and month.

    An order in which one of them is no date is left out.
    """
    found: dict[Order, list[dt.date]] = {"dmy": [], "mdy": []}
    gone: set[Order] = set()
    for work in works:
        for column in work.given():
            if column.type not in TIMES:
                continue
            fitting = _FITTING.format(
                text=identifier(column.name), date=written(column.name), rows=kept_rows(work)
            )
            for order, (day, month) in _PARTS.items():
                made = f"try_cast(concat_ws('-', if(c < 100, c + 2000, c), {month}, {day}) as date)"
                [(first, last, none)] = connection.execute(
                    f"select min({made}), max({made}), count(*) filter ({made} is null) "
                    f"from ({fitting}) where _file_id = {file_id}"
                ).fetchall()
                found[order] += [day for day in (first, last) if day is not None]
                if none:
                    gone.add(order)
    return {o: (min(days), max(days)) for o, days in found.items() if days and o not in gone}


def _taken(
    connection: duckdb.DuckDBPyConnection, work: Fill, column: str, file_id: int, may_dot: bool
) -> Seen:
    """Return the dates whose day and month a spreadsheet may have exchanged; none if one cannot be.

    A program that reads 03/04 the other way round makes a date of it, and leaves 25/04 as text.
    It writes what it knows in its own way: 2026-04-03, or (where it has the day first) 03.04.2026.
    """
    own = f"regexp_extract({identifier(column)}, '{_OWN_WAY}', ['x', 'm', 'd', 'a', 'b'])"
    rows = f"select {own} as part, _row from ({kept_rows(work)}) where _file_id = {file_id}"
    row = connection.execute(
        f"select {_seen('m || b <> d || a', 'x')} from (select part.*, _row from ({rows})) "
        f"where x <> '' and (a = '' or {may_dot}) "
        f"having bool_and(d || a <= '12') and count(*) filter (m || b <> d || a) >= {_SOME}"
    ).fetchone()
    return _read_seen(row) if row else Seen()


def whole_days(connection: duckdb.DuckDBPyConnection, work: Fill) -> dict[str, tuple[int, ...]]:
    """Return by column the files in which all of its times are midnight, so that it holds days."""
    found = {}
    for column in work.given():
        if column.type in TIMES:
            name = told(column.name, work.habits)
            rows = connection.execute(
                f"select _file_id from ({kept_rows(work)}) where written_with_time({name}) "
                f"group by _file_id having bool_and(at_midnight({name})) order by 1"
            ).fetchall()
            if rows:
                found[column.name] = tuple(int(number) for (number,) in rows)
    return found
