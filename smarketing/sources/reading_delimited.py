"""Reading csv, tsv and other delimited text: DuckDB where the file is regular, else with care.

The fast way streams the file through DuckDB with a stated dialect and is believed only when the
lines of the file are all accounted for. Whatever it cannot account for (ragged records, stray
quotes, NUL bytes, odd line ends) is read again by the careful way, record by record.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from io import TextIOWrapper
from itertools import islice
from pathlib import Path

import duckdb

from smarketing.errors import SourceError
from smarketing.sources.headers import blank, find_header
from smarketing.sources.quoting import ident, literal
from smarketing.sources.reading_dialect import Record, Sample, find_dialect, parse, sample_records
from smarketing.sources.reading_encoding import CHUNK, TextFile, scan, settle, to_utf8
from smarketing.sources.reading_rows import (
    PREAMBLE,
    Header,
    Landing,
    Line,
    Sorted,
    check_confidence,
    drop_empty_blanks,
    is_total,
    make_header,
    sort_rows,
)
from smarketing.sources.reading_types import Dialect, ReadTable, TotalRow

SAMPLE_LINES, SAMPLE_CHARS = 2000, 1 << 18
_TAIL = 20
"""Records at the end of a table among which totals are sought."""


def read_delimited(
    path: Path,
    target: Path,
    name: str,
    names: Collection[str] = (),
    encodings: Callable[[tuple[str, ...]], Sequence[str]] = lambda _: (),
    totals: Collection[TotalRow] = (),
) -> ReadTable:
    """Land a delimited text file as Parquet at `target`.

    `names` are the known headers, normalised; `encodings` answers which ones to try after UTF-8
    in a table with these columns; `totals` say what total rows look like.

    Raises SourceError when encoding, dialect or header are not certain.
    """
    text = settle(path, lambda: encodings(_provisional_columns(path, names, name)), name)
    encoding = text.encoding
    copy = target.with_suffix(".utf8")
    try:
        if not text.is_utf8:
            text = to_utf8(text, copy)
        sample = _sample(text)
        dialect = find_dialect(sample, names, name)
        header = replace(_header(sample, dialect, names, name, totals), nuls=text.nuls > 0)
        result = Sorted()
        result.skipped[PREAMBLE] = header.preamble
        if not _land_fast(text, dialect, header, target, result):
            _land_with_care(text, dialect, header, target, result)
    finally:
        copy.unlink(missing_ok=True)
    check_confidence(name, result.rows, result.bad_rows)
    columns = drop_empty_blanks(target, header)
    return ReadTable(
        name=name,
        columns=columns,
        parquet=target,
        rows=result.rows,
        skipped=result.skips(),
        bad_rows=tuple(result.bad_rows),
        encoding=encoding,
        dialect=str(dialect),
        notes=header.notes + _nul_note(text),
    )


def _nul_note(text: TextFile) -> tuple[str, ...]:
    return (f"{text.nuls} NUL bytes",) if text.nuls else ()


def _line_end(text: TextFile) -> str:
    """Tell what ends the records: where both occur, the one more frequent outside of quotes."""
    if not (text.line_feeds and text.lone_returns):
        return "\n" if text.line_feeds else "\r"
    with _open(text, "") as file:
        outside = "".join(file.read(SAMPLE_CHARS).split('"')[::2])
    feeds = outside.count("\n")
    return "\n" if feeds >= outside.count("\r") - outside.count("\r\n") else "\r"


def _open(text: TextFile, newline: str) -> TextIOWrapper:
    encoding = "utf-8-sig" if text.is_utf8 else text.encoding
    return text.path.open(encoding=encoding, newline=newline)


def _lines(text: TextFile) -> Iterator[str]:
    newline = _line_end(text)
    with _open(text, newline) as file:
        yield from file


def _sample(text: TextFile) -> Sample:
    lines: list[str] = []
    size = 0
    source = _lines(text)
    for line in islice(source, SAMPLE_LINES):
        lines.append(line)
        size += len(line)
        if size > SAMPLE_CHARS:
            break
    return Sample(tuple(lines), next(source, None) is None)


def _provisional_columns(path: Path, names: Collection[str], name: str) -> tuple[str, ...]:
    """Give the columns of a file whose encoding is not known yet; headers are mostly ASCII."""
    text = scan(path, "latin-1", name)
    assert text is not None
    sample = _sample(text)
    return _header(sample, find_dialect(sample, names, name), names, name).columns


def _header(
    sample: Sample,
    dialect: Dialect,
    names: Collection[str],
    name: str,
    totals: Collection[TotalRow] = (),
) -> Header:
    records = [record for record in sample_records(sample, dialect) if record.error is None]
    index = find_header([record.cells for record in records], names)
    if index is None:
        raise SourceError(_no_header(name, records))
    found = records[index]
    above = sum(1 for record in records[:index] if not blank(record.cells))
    return make_header(found.cells, found.line + found.lines - 1, above, totals)


def _no_header(name: str, records: Sequence[Record]) -> str:
    shown = next((",".join(r.cells) for r in records if not blank(r.cells)), "")
    if not shown:
        return f"{name} is empty: it has no header and no records; export it again."
    return (
        f"{name} has no header row that can be told from its records (it begins {shown[:60]!r}): "
        "put the column names in the first line, or name its columns in a profile."
    )


def _land_with_care(
    text: TextFile,
    dialect: Dialect,
    header: Header,
    target: Path,
    result: Sorted,
) -> None:
    records = parse(_lines(text), dialect)
    body = (
        Line(record.line, record.cells, record.error)
        for record in records
        if record.line > header.lines
    )
    Landing(target, header.columns).write(sort_rows(body, header, result))


def _regular(text: TextFile, dialect: Dialect) -> bool:
    """Whether the file is of the kind that DuckDB and the careful reader read alike."""
    if text.nuls or text.lone_returns or not text.line_feeds:
        return False
    if text.crlf not in (0, text.line_feeds):
        return False
    if dialect.quote != '"' or dialect.escape is not None or dialect.skip_space:
        return dialect.quote is None and not text.quotes
    return not text.quotes or not _spaced_quotes(text, dialect)


def _spaced_quotes(text: TextFile, dialect: Dialect) -> bool:
    """Whether a quote opens after a space or closes before one: readers differ on what it means."""
    marks = (dialect.delimiter.encode(), b"\n")
    before = [mark + b' "' for mark in marks]
    after = [b'" ' + mark for mark in (*marks, b"\r")]
    with text.path.open("rb") as file:
        while block := file.read(CHUNK):
            lines = b"\n" + block + file.readline()
            if any(lines.count(mark) > lines.count(mark + b'"') for mark in before):
                return True
            if any(lines.count(mark) > lines.count(b'"' + mark) for mark in after):
                return True
    return False


def _land_fast(
    text: TextFile,
    dialect: Dialect,
    header: Header,
    target: Path,
    result: Sorted,
) -> bool:
    """Land the file with DuckDB and answer whether it can be believed."""
    if not _regular(text, dialect):
        return False
    with duckdb.connect(config={"memory_limit": "1GB"}) as con:
        try:
            _copy_csv(con, text, dialect, header, target)
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            target.unlink(missing_ok=True)
            return False
        rows = _count(con, target)
        believed = rows == text.lines - header.lines or (
            text.quotes > 0 and _number_lines(con, text, header, target)
        )
        if not believed or _has_blank(con, target, header) or _has_total(con, target, header):
            target.unlink(missing_ok=True)
            return False
    result.rows = rows
    return True


def _copy_csv(
    con: duckdb.DuckDBPyConnection, text: TextFile, dialect: Dialect, header: Header, target: Path
) -> None:
    kinds = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(header.columns)))
    names = ", ".join(f"c{i} as {ident(name)}" for i, name in enumerate(header.columns))
    con.execute(
        f"copy (select {names}, row_number() over () + {header.lines} as _row from read_csv("
        f"{literal(text.path)}, auto_detect=false, header=false, skip={header.lines}, "
        f"delim={literal(dialect.delimiter)}, quote='\"', escape='\"', comment='', "
        f"columns={{{kinds}}}, strict_mode=true, null_padding=false, nullstr='')) "
        f"to {literal(target)} (format parquet, compression snappy)"
    )


def _number_lines(
    con: duckdb.DuckDBPyConnection, text: TextFile, header: Header, target: Path
) -> bool:
    """Number the records of a file whose values hold line breaks; False if lines are left over."""
    breaks = " + ".join(
        f"coalesce(length({c}) - length(replace({c}, chr(10), '')), 0)"
        for c in map(ident, header.columns)
    )
    names = ", ".join(map(ident, header.columns))
    numbered = target.with_suffix(".numbered")
    con.execute(
        f"copy (select {names}, ({header.lines} + sum(1 + {breaks}) over ("
        "rows between unbounded preceding and current row) - "
        f"({breaks}))::bigint as _row from read_parquet({literal(target)})) "
        f"to {literal(numbered)} (format parquet, compression snappy)"
    )
    last = con.execute(
        f"select _row + {breaks} from read_parquet({literal(numbered)}) order by _row desc limit 1"
    ).fetchone()
    numbered.replace(target)
    return (last[0] if last else header.lines) == text.lines


def _count(con: duckdb.DuckDBPyConnection, target: Path) -> int:
    row = con.execute(f"select count(*) from read_parquet({literal(target)})").fetchone()
    assert row is not None
    return int(row[0])


def _has_blank(con: duckdb.DuckDBPyConnection, target: Path, header: Header) -> bool:
    space = "' ' || chr(9) || chr(10) || chr(13)"
    cells = ", ".join(f"nullif(trim({c}, {space}), '')" for c in map(ident, header.columns))
    found = con.execute(
        f"select 1 from read_parquet({literal(target)}) "
        f"where coalesce({cells}, null) is null limit 1"
    ).fetchone()
    return found is not None


def _has_total(con: duckdb.DuckDBPyConnection, target: Path, header: Header) -> bool:
    names = ", ".join(map(ident, header.columns))
    source = f"from read_parquet({literal(target)})"
    last = f"(select max(_row) {source})"
    found = con.execute(f"select {names} {source} where _row > {last} - {_TAIL}").fetchall()
    return any(is_total(row, header) for row in found)
