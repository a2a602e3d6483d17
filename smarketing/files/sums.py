"""Total rows that do not say so: the first or the last row adds up all the others.

Reports put such a row above or below the records, its label left blank. It is told by arithmetic:
it leaves blank what every record fills, holds numbers and dates only, and these numbers are the
sums of the columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

import duckdb

from smarketing.files.headers import clean
from smarketing.files.landing import nulls
from smarketing.files.quoting import identifier, literal
from smarketing.files.rows import TOTAL
from smarketing.files.shape import NUMBER, kind_of
from smarketing.files.table import Header, Sorted
from smarketing.files.tables import Total
from smarketing.files.totals import is_figure
from smarketing.in_memory import in_memory

_NEAR = Decimal("0.02")
"""What the sum of rounded amounts may differ by."""
_NOISE = re.compile(r"[^0-9.,()\-−]")
Row = dict[str, str | None]


def take_sums_out(target: Path, header: Header, result: Sorted) -> None:
    """Take the first or last row out of a landed table if it is the sum of the others."""
    if result.rows < 2:
        return
    empty = nulls(target)
    labels = [name for name in header.columns if empty.get(name) == 1 and name not in header.blanks]
    if not labels:
        return
    with in_memory(memory_limit="1GB") as con:
        for number, row in _ends(con, target, header.columns):
            figures = all(is_figure(clean(text)) for text in row.values() if text)
            unlabelled = figures and any(row[name] is None for name in labels)
            if unlabelled and _is_sum(con, target, number, row, several=result.rows > 2):
                _take_out(con, target, number)
                result.rows -= 1
                result.skipped[TOTAL] += 1
                values = tuple((name, text) for name, text in row.items() if text)
                result.totals.append(Total(number, "", "total", values))
                return


def _ends(
    con: duckdb.DuckDBPyConnection, target: Path, columns: Sequence[str]
) -> list[tuple[int, Row]]:
    names = ", ".join(map(identifier, columns))
    source = f"read_parquet({literal(str(target))})"
    rows = con.execute(
        f"select _row, {names} from {source} where _row in "
        f"(select min(_row) from {source} union select max(_row) from {source}) order by _row desc"
    ).fetchall()
    return [(int(row[0]), dict(zip(columns, row[1:], strict=True))) for row in rows]


def _is_sum(
    con: duckdb.DuckDBPyConnection, target: Path, number: int, row: Row, several: bool
) -> bool:
    """Whether the numbers of a row are sums: two of them, or the only one; three of a copy."""
    found = {name: text for name, text in row.items() if text and kind_of(text) == NUMBER}
    for point, group in ((".", ","), (",", ".")):
        own = {name: _number(text, point) for name, text in found.items()}
        sums = _sums(con, target, number, list(found), (point, group))
        equal = [
            name
            for name, value in own.items()
            if value and sums[name] is not None and abs(value - Decimal(sums[name] or 0)) <= _NEAR
        ]
        others = [name for name in found if name not in equal and own[name]]
        enough = 2 if several else 3
        if len(equal) >= enough or (equal and not others and several):
            return True
    return False


def _number(text: str, point: str) -> Decimal | None:
    plain = _NOISE.sub("", text).replace("−", "-")
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    plain = plain.replace("," if point == "." else ".", "").replace(point, ".")
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _sums(
    con: duckdb.DuckDBPyConnection,
    target: Path,
    number: int,
    columns: Sequence[str],
    marks: tuple[str, str],
) -> dict[str, Decimal | None]:
    """Add up columns without one row, its decimals and thousands marked so."""
    point, group = marks
    if not columns:
        return {}
    sums = []
    for name in columns:
        plain = f"replace({identifier(name)}, '−', '-')"
        plain = f"regexp_replace({plain}, '[^0-9.,()\\-]', '', 'g')"
        plain = f"regexp_replace({plain}, '^\\((.*)\\)$', '-\\1')"
        plain = f"replace(replace({plain}, {literal(group)}, ''), {literal(point)}, '.')"
        sums.append(f"sum(try_cast({plain} as decimal(28, 6)))")
    row = con.execute(
        f"select {', '.join(sums)} from read_parquet({literal(str(target))}) where _row <> {number}"
    ).fetchone()
    assert row is not None
    return dict(zip(columns, row, strict=True))


def _take_out(con: duckdb.DuckDBPyConnection, target: Path, number: int) -> None:
    again = target.with_suffix(".again")
    con.execute(
        f"copy (select * from read_parquet({literal(str(target))}) where _row <> {number}) "
        f"to {literal(str(again))} (format parquet, compression snappy)"
    )
    again.replace(target)
