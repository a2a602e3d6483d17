"""A file's own totals as witnesses: what was read must come to what they say.

Only columns that are summed as money are compared. A total may be of more than the file holds (of a
whole account, where the report was filtered): a file agrees when any of its totals does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb
import sqlglot
from sqlglot import exp

from smarketing.build.core.given_rows import FLAG, INT, NUMBER, TEXT, write_rows
from smarketing.build.core.views import MAIN, RawFile
from smarketing.currencies import minor_digits
from smarketing.files.quoting import identifier
from smarketing.sources import Source, TableSelect
from smarketing.store.schema import core_tables

TABLE = f"""
create table if not exists {MAIN}.file_total (
    source varchar, file varchar, table_name varchar, column_name varchar, currency varchar,
    said_amount bigint, read_amount bigint, agrees boolean, _file_id integer
)
"""
_COLUMNS = [(name, TEXT) for name in ("source", "file", "table_name", "column_name", "currency")]
_COLUMNS += [("said_amount", INT), ("read_amount", INT), ("agrees", FLAG), ("_file_id", NUMBER)]
_NOT_NUMBER = re.compile(r"[^\d.,'’\-−()+]")
_POINT = re.compile(r"-?(\d+|\d{1,3}([,'’]\d{3})+)(\.\d+)?")
_COMMA = re.compile(r"-?(\d+|\d{1,3}([.'’]\d{3})+)(,\d+)?")


@dataclass(frozen=True)
class _Read:
    """What was read of one column of a file: how many amounts, their sum and currency."""

    rows: int
    amount: int
    currency: str


def write_totals(
    connection: duckdb.DuckDBPyConnection, sources: Mapping[str, Source], files: Sequence[RawFile]
) -> None:
    """Add to `file_total` each total that a file gives of money, beside what was read of it.

    Before any row is set aside: a total is of all records of its file.
    """
    connection.execute(TABLE)
    rows = [
        row
        for file in files
        if file.table.totals and file.object and file.source in sources
        for row in _witnesses(connection, sources[file.source], file)
    ]
    if rows:
        write_rows(connection, f"insert into {MAIN}.file_total", _COLUMNS, rows)


def _witnesses(
    connection: duckdb.DuckDBPyConnection, source: Source, file: RawFile
) -> Iterator[tuple[object, ...]]:
    assert file.object is not None
    mapping = source.objects[file.object].mapping(file.table.columns)
    whole = [total for total in file.table.totals if total.kind == "total"]
    for select in (s for group in source.selects.values() for s in group):
        if select.object != file.object:
            continue
        for column, raw in _money(select, mapping):
            header = mapping[raw]
            read = _read(connection, select.core_table, column, file.file_id)
            said = [dict(t.values)[header] for t in whole if header in dict(t.values)]
            best = _nearest(said, read) if read else None
            if read and best is not None:
                yield (
                    *(source.name, file.file, select.core_table, header, read.currency),
                    *(best, read.amount, _agree(best, read), file.file_id),
                )


def _money(select: TableSelect, columns: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Iterate over the amounts of a SELECT that are one of the columns of the file as it stands.

    Or are it in every row but those that a CASE picks out, as for another currency. Of several
    that stand in for each other it is the first that the file has.
    """
    tree = sqlglot.parse_one(select.sql, read="duckdb")
    table = core_tables().get(select.core_table)
    if table is None or not isinstance(tree, exp.Query):
        return
    amounts = {column.name for column in table.columns if column.type == "amount"}
    known = {name.casefold(): name for name in columns}
    for projection in tree.selects:
        shown = projection.unalias()
        value = shown.args.get("default") if isinstance(shown, exp.Case) else shown
        those = [value.this, *value.expressions] if isinstance(value, exp.Coalesce) else [value]
        named = (each.name.casefold() for each in those if isinstance(each, exp.Column))
        raw = next((known[name] for name in named if name in known), None)
        if raw and projection.alias_or_name in amounts:
            yield projection.alias_or_name, raw


def _read(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, file_id: int
) -> _Read | None:
    """Return what was read of a column; None where it is in several currencies, or nothing."""
    [(rows, amount, first, last)] = connection.execute(
        f"select count({identifier(column)}), sum({identifier(column)}), min(currency), "
        f"max(currency) from {MAIN}.{identifier(table)} where _file_id = {file_id}"
    ).fetchall()
    if amount is None or first is None or first != last:
        return None
    return _Read(int(rows), int(amount), str(first))


def _nearest(texts: Sequence[str], read: _Read) -> int | None:
    """Return, in minor units, the figure among the totals that comes nearest to what was read.

    A figure is never one of more decimals than the currency has, if it may be another.
    """
    scale = Decimal(10) ** minor_digits(read.currency)
    said = [value * scale for text in texts for value in figures(text)]
    whole = [value for value in said if value == value.to_integral_value()] or said
    near = min(whole, key=lambda value: abs(value - read.amount), default=None)
    return None if near is None else int(near.to_integral_value())


def _agree(said: int, read: _Read) -> bool:
    """Whether a total is what was read, but for the rounding of each of its rows."""
    return abs(said - read.amount) <= max(1, read.rows // 2)


def figures(text: str) -> list[Decimal]:
    """Return what a total may mean: with a decimal point, with a decimal comma; none for no figure.

    Which of them is meant is told by the rows, that were read by themselves.
    """
    bare = _NOT_NUMBER.sub("", text).replace("−", "-").replace("+", "")
    if bare.startswith("(") and bare.endswith(")"):
        bare = f"-{bare[1:-1]}"
    found = []
    if _POINT.fullmatch(bare):
        found.append(Decimal(re.sub(r"[,'’]", "", bare)))
    if _COMMA.fullmatch(bare):
        found.append(Decimal(re.sub(r"[.'’]", "", bare).replace(",", ".")))
    return list(dict.fromkeys(found))
