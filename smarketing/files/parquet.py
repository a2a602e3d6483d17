"""Reading parquet: every column as the text DuckDB writes for it, times in UTC.

A file with columns of structures, lists or maps is written as json lines first, so that its records
are taken apart as those of json are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import duckdb

from smarketing.errors import SourceError
from smarketing.files.archive import check_size
from smarketing.files.headers import column_names
from smarketing.files.limits import check_columns
from smarketing.files.quoting import identifier, literal
from smarketing.files.tables import LandedTable
from smarketing.in_memory import in_memory

_FREE_ROWS = 10_000_000
_ROWS_PER_BYTE = 20
"""Records per byte of a file beyond which it holds one value over and over, as no export does."""
_NUMBER = "file_row_number"
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
            _copy(con, path, target, dict(zip(found, columns, strict=True)), found)
            [(rows,)] = con.execute(
                f"select count(*) from read_parquet({literal(str(target))})"
            ).fetchall()
        except duckdb.Error as error:
            target.unlink(missing_ok=True)
            if isinstance(error, duckdb.OutOfMemoryException) or "No space left" in str(error):
                raise
            raise SourceError(f"{name} is no valid parquet file: export it again.") from error
    return LandedTable(name, columns, target, int(rows), dialect="parquet", notes=notes)


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


def _copy(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    target: Path,
    columns: dict[str, str],
    types: dict[str, str],
) -> None:
    """Land the columns under their names; a file that has the number's own name is counted.

    Three decimals go without zeros at their end: 12.000 is twelve, which as text it might not be.
    """
    numbered = _NUMBER not in {name.casefold() for name in columns}
    row = f"{_NUMBER} + 1" if numbered else "row_number() over ()"
    picked = ", ".join(
        f"nullif({_text(old, types[old])}, '') as {identifier(new)}" for old, new in columns.items()
    )
    con.execute(
        f"copy (select {picked}, {row} as _row from {_source(path, numbered)}) "
        f"to {literal(str(target))} (format parquet, compression snappy)"
    )


def _text(column: str, kind: str) -> str:
    text = f"{identifier(column)}::varchar"
    return f"rtrim(rtrim({text}, '0'), '.')" if _THOUSANDTHS.fullmatch(kind) else text
