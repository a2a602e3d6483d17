"""What a column's own values settle: the order of day and month, the decimal sign.

Nothing is guessed. Over all landed files of the source, one value that can only be read one way
(25/12/2024) settles its column; where there is none, the files are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import duckdb
import sqlglot
from sqlglot import exp

from smarketing.build.core.job import Fill
from smarketing.build.core.values import Habits, Order, Sign, cleaned
from smarketing.build.core.views import RawFile
from smarketing.errors import SourceError
from smarketing.files.quoting import identifier

_PARTS = r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(\D|$)"
_COMMA = r"(^|\d),\d{1,2}$|\d\.\d{3},\d|^\d+,\d{4,}$"
_POINT = r"(^|\d)\.\d{1,2}$|\d,\d{3}\.\d|^\d+\.\d{4,}$"


class AmbiguousDatesError(SourceError):
    """The order of day and month in a column cannot be told; `file_ids` are the files with it."""

    def __init__(self, message: str, file_ids: Sequence[int]) -> None:
        """Keep the numbers of the files beside the message."""
        super().__init__(message)
        self.file_ids = tuple(file_ids)


def settle(connection: duckdb.DuckDBPyConnection, work: Fill, files: Sequence[RawFile]) -> Habits:
    """Return the habits with what the columns of a SELECT settle; raises AmbiguousDatesError."""
    orders: dict[str, Order] = {}
    decimals: dict[str, Sign] = {}
    for column in work.given():
        if column.type in ("instant", "date") and work.habits.order is None:
            order = _order(connection, work, column.name, files)
            if order:
                orders[column.name] = order
        if column.type in ("amount", "real", "int") and work.source.profile.decimal is None:
            decimals[column.name] = _sign(connection, work, column.name)
    return replace(work.habits, orders=orders, decimals=decimals)


def _order(
    connection: duckdb.DuckDBPyConnection, work: Fill, column: str, files: Sequence[RawFile]
) -> Order | None:
    """Return the order of a column; None when no value of it needs one."""
    values = _values(work, column)
    total, day_first, month_first, either, example = connection.execute(
        f"""
        with parts as (
            select
                x,
                try_cast(regexp_extract(x, '{_PARTS}', 1) as integer) as a,
                try_cast(regexp_extract(x, '{_PARTS}', 2) as integer) as b
            from ({values})
            where regexp_matches(x, '{_PARTS}')
        )
        select
            count(*),
            count(*) filter (where a > 12 and b <= 12),
            count(*) filter (where b > 12 and a <= 12),
            count(*) filter (where a <= 12 and b <= 12 and a <> b),
            min(x) filter (where a <= 12 and b <= 12 and a <> b)
        from parts
        """
    ).fetchone() or (0, 0, 0, 0, None)
    if not total:
        return None
    if day_first and not month_first:
        return "dmy"
    if month_first and not day_first:
        return "mdy"
    if not either and not day_first:
        return "dmy"
    raise _refusal(connection, work, column, files, bool(day_first), example)


def _refusal(
    connection: duckdb.DuckDBPyConnection,
    work: Fill,
    column: str,
    files: Sequence[RawFile],
    mixed: bool,
    example: str | None,
) -> AmbiguousDatesError:
    rows = connection.execute(
        f"select distinct _file_id from ({_values(work, column)}) "
        f"where regexp_matches(x, '{_PARTS}')"
    ).fetchall()
    numbers = sorted(int(number) for (number,) in rows)
    names = ", ".join(file.file for file in files if file.file_id in numbers)
    raw = _raw_columns(work, column)
    what = f"column '{raw[0] if raw else column}'"
    why = (
        "has days before months and months before days"
        if mixed
        else f"may be day or month first ({example}), and no value settles it"
    )
    return AmbiguousDatesError(
        f"{names}: {what} {why}. Set date_order: dmy or mdy in the profile of "
        f"'{work.source.name}', or import a file that settles it along.",
        numbers,
    )


def _values(work: Fill, column: str) -> str:
    """Return the SELECT of a column's texts as x, those given and those of the object behind."""
    parts = [f"select {cleaned(column, 'instant')} as x, _file_id from (\n{work.select.sql}\n)"]
    parts += [
        f"select {cleaned(raw, 'instant')} as x, _file_id from {identifier(work.select.object)}"
        for raw in _raw_columns(work, column)
    ]
    return " union all ".join(parts)


def _raw_columns(work: Fill, column: str) -> list[str]:
    """Return the headers of the driving object that a column of the SELECT is made from."""
    tree = sqlglot.parse_one(work.select.sql, read="duckdb")
    if not isinstance(tree, exp.Query):
        return []
    known = {name.casefold(): name for name in work.source.objects[work.select.object].columns}
    for projection in tree.selects:
        if projection.alias_or_name == column:
            names = [node.name.casefold() for node in projection.find_all(exp.Column)]
            return sorted({known[name] for name in names if name in known})
    return []


def _sign(connection: duckdb.DuckDBPyConnection, work: Fill, column: str) -> Sign:
    """Return the decimal sign of a column: a comma where values need one and none needs a point."""
    bare = f"bare_number({cleaned(column, 'amount')})"
    row = connection.execute(
        f"select count(*) filter (where regexp_matches(b, '{_COMMA}')), "
        f"count(*) filter (where regexp_matches(b, '{_POINT}')) "
        f"from (select {bare} as b from (\n{work.select.sql}\n))"
    ).fetchone()
    comma, point = row or (0, 0)
    return "," if comma and not point else "."
