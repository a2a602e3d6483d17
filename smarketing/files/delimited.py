"""Reading csv, tsv and other delimited text: DuckDB where the file is regular, else with care.

The fast way (see `reading_fast`) is believed only when the lines of the file are all accounted for.
Whatever it cannot account for (stray quotes, NUL bytes, odd line ends, footers) is read by the
careful way, record by record.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from io import TextIOWrapper
from itertools import islice
from pathlib import Path

from smarketing.errors import SourceError
from smarketing.files.dialect import Record, Sample, find_dialect, parse, sample_records
from smarketing.files.encoding import TextFile, scan, settle, to_utf8
from smarketing.files.fast import land_fast
from smarketing.files.headers import blank, find_header
from smarketing.files.limits import check_columns, check_lines
from smarketing.files.rows import (
    PREAMBLE,
    Header,
    Landing,
    Line,
    Sorted,
    check_confidence,
    drop_empty_blanks,
    make_header,
    sort_rows,
)
from smarketing.files.tables import Dialect, ReadTable, TotalRow

SAMPLE_LINES, SAMPLE_CHARS = 2000, 1 << 18


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
    check_lines(text.longest, name)
    encoding = text.encoding
    copy = target.with_suffix(".utf8")
    try:
        if not text.is_utf8:
            text = to_utf8(text, copy)
        sample = _sample(text)
        dialect = find_dialect(sample, names, name)
        header = replace(
            _header(sample, dialect, names, name, totals), suspect=text.nuls + text.broken > 0
        )
        result = Sorted(name)
        result.skipped[PREAMBLE] = header.preamble
        if not land_fast(text, dialect, header, target, result):
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
        totals=tuple(result.totals),
        encoding=encoding,
        dialect=str(dialect),
        notes=header.notes + _notes(text),
    )


def _notes(text: TextFile) -> tuple[str, ...]:
    nuls = (f"NUL bytes: {text.nuls}",) if text.nuls else ()
    return nuls + ((f"bytes that are not UTF-8: {text.broken}",) if text.broken else ())


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
    errors = "surrogateescape" if text.broken else "strict"
    return text.path.open(encoding=encoding, newline=newline, errors=errors)


def _lines(text: TextFile) -> Iterator[str]:
    newline = _line_end(text)
    with _open(text, newline) as file:
        yield from file


def _sample(text: TextFile) -> Sample:
    lines: list[str] = []
    size = 0
    source = _lines(text)
    for line in islice(source, SAMPLE_LINES):
        size += len(line)
        if size > SAMPLE_CHARS and lines:
            return Sample(tuple(lines), complete=False)
        lines.append(line)
    return Sample(tuple(lines), next(source, None) is None)


def _provisional_columns(path: Path, names: Collection[str], name: str) -> tuple[str, ...]:
    """Give the columns of a file whose encoding is not known yet; headers are mostly ASCII."""
    text = scan(path, "latin-1", name)
    assert text is not None
    check_lines(text.longest, name)
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
    check_columns(len(found.cells), name)
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
