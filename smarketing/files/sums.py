"""Total rows that do not say so: the first or the last row adds up all the others.

Reports put such a row above or below the records, its label left blank, or below each group of
them. It is told by arithmetic: it leaves blank what every record fills, holds numbers and dates
only, and these numbers are the sums of the columns.
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
from smarketing.files.rows import REPEATED, TITLE, TOTAL
from smarketing.files.shape import NUMBER, kind_of
from smarketing.files.table import Header, Sorted
from smarketing.files.tables import Total
from smarketing.files.totals import calls_a_total, is_figure
from smarketing.in_memory import in_memory

_GROUPS = 500
"""A table has no more groups than so many."""
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
    is_grouped = bool(result.skipped[REPEATED] or result.skipped[TITLE])
    if not labels and not is_grouped:
        return
    with in_memory(memory_limit="1GB") as con:
        for number, row in _ends(con, target, header.columns) if labels else ():
            figures = all(is_figure(clean(text)) for text in row.values() if text)
            unlabelled = figures and any(row[name] is None for name in labels)
            if unlabelled and _is_sum(con, target, number, row, several=result.rows > 2):
                _take_out(con, target, number)
                result.rows -= 1
                result.skipped[TOTAL] += 1
                values = tuple((name, text) for name, text in row.items() if text)
                result.totals.append(Total(number, "", "total", values))
                return
        if is_grouped:
            _take_groups_out(con, target, header, result)


def _take_groups_out(
    con: duckdb.DuckDBPyConnection, target: Path, header: Header, result: Sorted
) -> None:
    """Take out the rows that sum up each group: groups are parted by rows that were no records."""
    groups = _groups(con, target)
    if len(groups) < 2:
        return
    found: dict[int, Row] = {}
    for first, last in groups:
        rows = _rows(con, target, header.columns, first, last)
        *others, (number, row) = rows
        figures = all(is_figure(clean(text)) for text in row.values() if text)
        filled = {name for name, text in row.items() if text}
        lacks = others and any(all(o[name] for _, o in others) for name in set(row) - filled)
        # The sum of one record is a copy of it: the sums of the other groups say what it is.
        alike = any(filled == {n for n, text in o.items() if text} for o in found.values())
        several = len(others) > 1 or alike
        if figures and filled and lacks and _is_sum(con, target, number, row, several, first, last):
            found[number] = row
    if len(found) > 1:
        for number, row in found.items():
            values = tuple((name, text) for name, text in row.items() if text)
            result.totals.append(Total(number, "", "subtotal", values))
        _take_out(con, target, *found)
        result.rows -= len(found)
        result.skipped[TOTAL] += len(found)


def fill_groups(target: Path, header: Header, result: Sorted) -> tuple[str, ...]:
    """Fill the name of a group into its rows, where its total tells that the blanks are of it.

    A table made by a pivot names a group in its first row: "Spring", then blanks, "Spring Total".
    Returns a note where something was filled.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    ends = {clean(total.label).casefold(): total.row for total in result.totals if total.label}
    if not ends or not nulls(target).get(header.columns[0]):
        return ()
    table = pq.read_table(target)
    cells, rows = table.column(0).to_pylist(), table.column("_row").to_pylist()
    until, group, filled = 0, "", 0
    for place, (cell, row) in enumerate(zip(cells, rows, strict=True)):
        if cell:
            group = cell
            name = clean(cell).casefold()
            found = (end for label, end in ends.items() if _is_of(label, name) and end > row)
            until = min(found, default=0)
        elif row < until:
            cells[place] = group
            filled += 1
    if not filled:
        return ()
    table = table.set_column(0, table.column_names[0], pa.array(cells, pa.string()))
    pq.write_table(table, target, compression="snappy")
    called = header.columns[0]
    return (f"the name of a group in '{called}' is also that of the rows below it: {filled:,}",)


def _is_of(label: str, name: str) -> bool:
    """Whether a total is that of a group, by its name and the word for a total."""
    rest = label.removeprefix(f"{name} ") if label.startswith(f"{name} ") else ""
    rest = rest or (label.removesuffix(f" {name}") if label.endswith(f" {name}") else "")
    return bool(rest) and calls_a_total(rest)


def _groups(con: duckdb.DuckDBPyConnection, target: Path) -> list[tuple[int, int]]:
    """Return the first and the last row of each stretch of records, but for a single one."""
    rows = con.execute(
        "select min(_row), max(_row) from (select _row, _row - row_number() over (order by _row) "
        f"as place from read_parquet({literal(str(target))})) group by place "
        f"having count(*) > 1 order by 1 limit {_GROUPS}"
    ).fetchall()
    return [(int(first), int(last)) for first, last in rows]


def _rows(
    con: duckdb.DuckDBPyConnection, target: Path, columns: Sequence[str], first: int, last: int
) -> list[tuple[int, Row]]:
    names = ", ".join(map(identifier, columns))
    found = con.execute(
        f"select _row, {names} from read_parquet({literal(str(target))}) "
        f"where _row between {first} and {last} order by _row"
    ).fetchall()
    return [(int(row[0]), dict(zip(columns, row[1:], strict=True))) for row in found]


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
    con: duckdb.DuckDBPyConnection,
    target: Path,
    number: int,
    row: Row,
    several: bool,
    first: int = 0,
    last: int = 1 << 62,
) -> bool:
    """Whether the numbers of a row are sums: two of them, or the only one; three of a copy."""
    found = {name: text for name, text in row.items() if text and kind_of(text) == NUMBER}
    for point, group in ((".", ","), (",", ".")):
        own = {name: number_in(text, point) for name, text in found.items()}
        others = f"_row <> {number} and _row between {first} and {last}"
        sums = _sums(con, target, others, list(found), (point, group))
        equal = [
            name
            for name, value in own.items()
            if value and sums[name] is not None and abs(value - Decimal(sums[name] or 0)) <= _NEAR
        ]
        unequal = [name for name in found if name not in equal and own[name]]
        enough = 2 if several else 3
        if len(equal) >= enough or (equal and not unequal and several):
            return True
    return False


def number_in(text: str, point: str) -> Decimal | None:
    """Return the number in a text whose decimals stand behind `point`; None where it has none."""
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
    others: str,
    columns: Sequence[str],
    marks: tuple[str, str],
) -> dict[str, Decimal | None]:
    """Add up columns over the other rows, their decimals and thousands marked so."""
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
        f"select {', '.join(sums)} from read_parquet({literal(str(target))}) where {others}"
    ).fetchone()
    assert row is not None
    return dict(zip(columns, row, strict=True))


def _take_out(con: duckdb.DuckDBPyConnection, target: Path, *numbers: int) -> None:
    again = target.with_suffix(".again")
    con.execute(
        f"copy (select * from read_parquet({literal(str(target))}) "
        f"where _row not in ({', '.join(map(str, numbers))})) "
        f"to {literal(str(again))} (format parquet, compression snappy)"
    )
    again.replace(target)
