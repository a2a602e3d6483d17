"""Reading csv, tsv and other delimited text: DuckDB where the file is regular, else with care.

The fast way (see `fast`) is believed only when the lines, separators and quotes of the file are all
accounted for. Whatever it cannot account for (stray quotes, NUL bytes, odd line ends, footers,
further tables) is read by the careful way, record by record.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from io import TextIOWrapper
from itertools import islice
from pathlib import Path

from smarketing.errors import SourceError
from smarketing.files.dialect import Sample, find_dialect, sample_records
from smarketing.files.encoding import TextFile, scan, settle, to_utf8
from smarketing.files.fast import land_fast
from smarketing.files.header_row import LOOK_AT, beside_header, locate, up_to_title
from smarketing.files.headers import blank
from smarketing.files.limits import check_columns, check_lines
from smarketing.files.parsing import Record, parse
from smarketing.files.rows import Line
from smarketing.files.scales import check_scale
from smarketing.files.stack import Stacked, finished, header_of, land_tables
from smarketing.files.table import Header, Sorted
from smarketing.files.tables import Dialect, LandedTable, TotalRow
from smarketing.files.turned import turned
from smarketing.files.widths import common_width, unnamed_are_filled

SAMPLE_LINES, SAMPLE_CHARS = 2000, 1 << 18
Encodings = Callable[[tuple[str, ...]], Sequence[str]]


def read_delimited(
    path: Path,
    target: Callable[[str], Path],
    name: str,
    names: Collection[str] = (),
    encodings: Encodings = lambda _: (),
    totals: Collection[TotalRow] = (),
) -> list[LandedTable]:
    """Land a delimited text file as Parquet where `target` says; tables may follow each other.

    `names` are the known headers, normalised; `encodings` answers which ones to try after UTF-8
    in a table with these columns; `totals` say what total rows look like.

    Raises SourceError when encoding, dialect or header are not certain.
    """
    text = settle(path, lambda: encodings(_provisional_columns(path, names, name)), name)
    check_lines(text.longest, name)
    encoding = text.encoding
    first = target(name)
    copy = first.with_suffix(".utf8")
    try:
        if not text.is_utf8:
            text = to_utf8(text, copy)
        sample = _sample(text)
        dialect = find_dialect(sample, names, name)
        header = _header(sample, dialect, names, name, totals)
        header = replace(header, suspect=text.nuls + text.broken > 0)
        found = _landed(text, dialect, header, _Targets(name, first, target), totals)
    finally:
        copy.unlink(missing_ok=True)
    tables = [finished(part, str(dialect), encoding) for part in found]
    return [replace(tables[0], notes=tables[0].notes + _notes(text)), *tables[1:]]


class _Targets:
    """Where tables are landed; the place of the first is known already."""

    def __init__(self, name: str, first: Path, target: Callable[[str], Path]) -> None:
        self.name, self.first, self.target = name, first, target

    def __call__(self, name: str) -> Path:
        return self.first if name == self.name else self.target(name)


def _landed(
    text: TextFile,
    dialect: Dialect,
    header: Header,
    targets: _Targets,
    totals: Collection[TotalRow],
) -> list[Stacked]:
    result = Sorted(targets.name)
    result.skipped.update(dict(header.skipped))
    if land_fast(text, dialect, header, targets.first, result):
        return [Stacked(header, result, targets.first)]
    return _land_with_care(text, dialect, header, targets, totals)


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
    """Open the text; bytes that are not of the encoding come as surrogates."""
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
    rows = [record.cells for record in records]
    place = locate(rows, names, name)
    if place is None:
        raise SourceError(_no_header(name, records))
    check_columns(len(rows[place.index]), name)
    check_scale(beside_header(rows, place), name)
    last = records[place.last]
    header = header_of(rows[place.index], place, last.line + last.lines - 1, names, totals)
    rest = rows[place.last + 1 :]
    below = up_to_title(rest) if place.title else rest
    header = header.of_width(common_width(below, header))
    if unnamed_are_filled(below, header):
        header = replace(header, named=len(header.columns))
    return header


def _no_header(name: str, records: Sequence[Record]) -> str:
    shown = next((",".join(r.cells) for r in records if not blank(r.cells)), "")
    if not shown:
        return f"{name} is empty: it has no header and no records; export it again."
    stretches = next(filter(None, (turned(r.cells) for r in records[:LOOK_AT])), None)
    if stretches:
        return f"{name} {stretches}."
    return (
        f"{name} has no header row that can be told from its records (it begins {shown[:60]!r}): "
        "put the column names in the first line, or name its columns in a profile."
    )


def _land_with_care(
    text: TextFile,
    dialect: Dialect,
    header: Header,
    target: Callable[[str], Path],
    totals: Collection[TotalRow],
) -> list[Stacked]:
    body = (
        Line(record.line, record.cells, record.error)
        for record in parse(_lines(text), dialect, header.shape)
        if record.line > header.lines
    )
    name = target.name if isinstance(target, _Targets) else ""
    return land_tables(body, header, name, target, totals)
