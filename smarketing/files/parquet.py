"""Reading parquet: every column as the text DuckDB writes for it, times in UTC.

A file with columns of structures, lists or maps is written as json lines first, so that its records
are taken apart as those of json are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import duckdb

from smarketing.errors import SourceError
from smarketing.files.archive import check_size
from smarketing.files.headers import column_names
from smarketing.files.limits import check_columns
from smarketing.files.quoting import identifier, literal, numbers
from smarketing.files.table import check_confidence
from smarketing.files.tables import BadRow, LandedTable
from smarketing.in_memory import in_memory

_FREE_ROWS = 10_000_000
_ROWS_PER_BYTE = 20
"""Records per byte of a file beyond which it holds one value over and over, as no export does."""
_NUMBER = "file_row_number"
_PLACE = '"the place of a record"'
_SHOWN = 500
_NESTED = re.compile(r"STRUCT\(|MAP\(|UNION\(|\[\d*\]$|^(JSON|VARIANT)$")
_THOUSANDTHS = re.compile(r"DECIMAL\(\d+,3\)")


def is_nested(path: Path) -> bool:
    """Return whether a column of a parquet file holds more than one value in a cell."""
    with in_memory() as con:
        try:
            described = con.execute(f"describe select * from {_source(path, False)}").fetchall()
        except duckdb.Error:  # read_parquet says what is wrong with it
            return False
    return any(_NESTED.search(str(row[1])) for row in described)


def as_json_lines(path: Path, target: Path, name: str) -> None:
    """Write the records of a parquet file as json lines, times in UTC.

    Raises SourceError for a file that is damaged, or has too many columns or rows.
    """
    with in_memory(memory_limit="1GB") as con:
        con.execute("set TimeZone = 'UTC'")
        types = _columns(con, path, name)
        picked = ", ".join(
            f"{_text(old, kind) if _THOUSANDTHS.fullmatch(kind) else identifier(old)} "
            f"as {identifier(old)}"
            for old, kind in types.items()
        )
        with _kept_small(con, path, target, name):
            con.execute(
                f"copy (select {picked} from {_source(path, False)}) to {literal(str(target))} "
                "(format json)"
            )


@contextmanager
def _kept_small(
    con: duckdb.DuckDBPyConnection, path: Path, target: Path, name: str
) -> Iterator[None]:
    """End a statement that writes more than is in any proportion to the file it reads.

    How much nested values come to is known only as they are written.
    """
    packed, ended = path.stat().st_size, Event()
    refused: list[SourceError] = []

    def watch() -> None:
        while not (refused or ended.wait(0.1)):
            try:
                check_size(target.stat().st_size if target.exists() else 0, packed, name)
            except SourceError as error:
                refused.append(error)
                con.interrupt()

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    except duckdb.InterruptException as error:
        if refused:
            raise refused[0] from error
        raise
    finally:
        ended.set()
        watcher.join()


def read_parquet(path: Path, target: Path, name: str) -> LandedTable:
    """Land a parquet file as text; `_row` counts its records from 1.

    Raises SourceError for a file that is damaged, has no columns, or too many of them or of rows.
    """
    with in_memory(memory_limit="1GB") as con:
        con.execute("set TimeZone = 'UTC'")
        try:
            found = _columns(con, path, name)
            columns, notes = column_names(found)
            numbered = _numbered(path, found)
            bad_rows = _nuls(con, numbered, found)
            texts = (_text(old, kind) for old, kind in found.items())
            _copy(con, numbered, target, dict(zip(columns, texts, strict=True)), bad_rows)
            [(rows,)] = con.execute(
                f"select count(*) from read_parquet({literal(str(target))})"
            ).fetchall()
        except duckdb.Error as error:
            target.unlink(missing_ok=True)
            if isinstance(error, duckdb.OutOfMemoryException) or "No space left" in str(error):
                raise
            raise SourceError(f"{name} is no valid parquet file: export it again.") from error
    check_confidence(name, int(rows), bad_rows)
    return LandedTable(
        name, columns, target, int(rows), bad_rows=bad_rows, dialect="parquet", notes=notes
    )


def _columns(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> dict[str, str]:
    """Give the columns and their types as DuckDB has them, from the file's account of itself."""
    source = literal(str(path))
    [(rows,)] = con.execute(f"select sum(num_rows) from parquet_file_metadata({source})").fetchall()
    if rows > _FREE_ROWS and rows > _ROWS_PER_BYTE * path.stat().st_size:
        raise SourceError(
            f"{name} unpacks to {rows:,} records, out of all proportion to its size, as no export "
            "does; check how it was made."
        )
    [(leaves,)] = con.execute(f"select count(*) from parquet_schema({source})").fetchall()
    check_columns(int(leaves) - 1, name)
    described = con.execute(f"describe select * from {_source(path, False)}").fetchall()
    types = {str(row[0]): str(row[1]) for row in described}
    _check_texts(con, path, types, name)
    return types


def _check_texts(
    con: duckdb.DuckDBPyConnection, path: Path, types: dict[str, str], name: str
) -> None:
    """Refuse a file whose cells come to a size out of all proportion: a value may stand once in it
    for any number of rows.
    """
    metadata = f"from parquet_metadata({literal(str(path))})"
    (cells,) = con.execute(f"select coalesce(sum(num_values), 0) {metadata}").fetchall()
    texts = [identifier(old) for old, kind in types.items() if kind == "VARCHAR"]
    size = int(cells[0])
    if texts:
        sums = " + ".join(f"coalesce(sum(strlen({text})), 0)" for text in texts)
        (found,) = con.execute(f"select {sums} from {_source(path, False)}").fetchall()
        size += int(found[0])
    check_size(size, path.stat().st_size, name)


def _source(path: Path, numbered: bool) -> str:
    number = ", file_row_number=true" if numbered else ""
    return f"read_parquet({literal(str(path))}, binary_as_string=true{number})"


def _numbered(path: Path, columns: Iterable[str]) -> str:
    """Return a file's records with their numbers from 1; one that has the number's own name is
    counted.
    """
    if _NUMBER in {name.casefold() for name in columns}:
        return f"(select *, row_number() over () as {_PLACE} from {_source(path, False)})"
    return f"(select *, {_NUMBER} + 1 as {_PLACE} from {_source(path, True)})"


def _nuls(
    con: duckdb.DuckDBPyConnection, numbered: str, types: dict[str, str]
) -> tuple[BadRow, ...]:
    """Return the records with a NUL byte in a text, each with the first column that has one."""
    texts = [old for old, kind in types.items() if kind == "VARCHAR"]
    if not texts:
        return ()
    cells = {text: f"contains({identifier(text)}, chr(0))" for text in texts}
    names = " ".join(f"when {cell} then {literal(text)}" for text, cell in cells.items())
    values = " ".join(f"when {cell} then {identifier(text)}" for text, cell in cells.items())
    rows = con.execute(
        f"select {_PLACE}, case {names} end, left(case {values} end, {_SHOWN}) "
        f"from {numbered} where {' or '.join(cells.values())} order by 1"
    ).fetchall()
    return tuple(BadRow(place, value, "a NUL byte", column) for place, column, value in rows)


def _copy(
    con: duckdb.DuckDBPyConnection,
    numbered: str,
    target: Path,
    columns: dict[str, str],
    bad_rows: Sequence[BadRow],
) -> None:
    """Land columns, each text under its name, without the records that cannot be."""
    picked = ", ".join(f"nullif({text}, '') as {identifier(new)}" for new, text in columns.items())
    bad = f" where {_PLACE} not in ({numbers(bad.row for bad in bad_rows)})" if bad_rows else ""
    con.execute(
        f"copy (select {picked}, {_PLACE} as _row from {numbered}{bad}) "
        f"to {literal(str(target))} (format parquet, compression snappy)"
    )


def _text(column: str, kind: str) -> str:
    """Return a column as text; three decimals go without zeros at their end.

    12.000 is twelve, which as text it might not be.
    """
    text = f"{identifier(column)}::varchar"
    return f"rtrim(rtrim({text}, '0'), '.')" if _THOUSANDTHS.fullmatch(kind) else text
