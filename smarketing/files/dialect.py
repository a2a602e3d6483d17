"""How a delimited file is written: found by the headers that are known, else by its consistency."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

from smarketing.errors import SourceError
from smarketing.files.headers import LOOK_AT, blank, find_header, recognised
from smarketing.files.limits import MAX_VALUE, check_columns
from smarketing.files.tables import Dialect

DELIMITERS = (",", ";", "\t", "|", "^", "~", "\x1f", "\x01")
RUNAWAY_LINES = 2000
"""A quoted value longer than this many lines is a quote that was never closed."""

NEVER_CLOSES = "a quote opens here and never closes"

csv.field_size_limit(MAX_VALUE)


@dataclass(frozen=True)
class Sample:
    """The first lines of a file with their line ends; `complete` if they are all of it."""

    lines: tuple[str, ...]
    complete: bool


class Record(NamedTuple):
    """One record as parsed: the line it starts on, the lines it takes, its cells.

    `error` says why it cannot be read, and `cells` then holds its first line as one cell.
    """

    line: int
    lines: int
    cells: list[str]
    error: str | None = None


class _RunawayError(Exception):
    """A quoted value went on past every plausible length."""


class _Lines:
    """Lines with their number, the power to give back those of a record that failed."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: list[str] = []
        self.taken: list[str] = []
        self.done = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= RUNAWAY_LINES:
            raise _RunawayError
        line = self._again.pop() if self._again else next(self._lines)
        self.taken.append(line)
        return line

    def retry_after_first(self) -> str:
        """Give up on the record's first line only and offer the others again."""
        first = self.taken[0]
        self._again.extend(reversed(self.taken[1:]))
        self.taken.clear()
        self.done += 1
        return first


def parse(lines: Iterator[str], dialect: Dialect) -> Iterator[Record]:
    """Parse lines (with their line ends) into records, strictly; a bad one costs only itself.

    After a record that breaks the quoting rules, parsing goes on with the line after its first, so
    that a stray quote does not swallow the good records behind it.
    """
    feed = _Lines(lines)
    reader = csv.reader(
        feed,
        strict=True,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        escapechar=dialect.escape,
        doublequote=dialect.escape is None,
        skipinitialspace=dialect.skip_space,
    )
    while True:
        start = feed.done + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _RunawayError) as error:
            if not feed.taken:
                return
            reason = _reason(error)
            yield Record(start, 1, [feed.retry_after_first().rstrip("\r\n")], reason)
        else:
            count = len(feed.taken)
            feed.done += count
            feed.taken.clear()
            yield Record(start, count, cells)


def _reason(error: Exception) -> str:
    text = str(error)
    if isinstance(error, _RunawayError) or "unexpected end" in text:
        return NEVER_CLOSES
    if "new-line" in text:
        return "a carriage return stands inside an unquoted value"
    if "expected after" in text:
        return "text follows a closing quote"
    return text


def find_dialect(sample: Sample, names: Collection[str], name: str) -> Dialect:
    """Find the dialect of a file from its first lines.

    The delimiter under which most known headers (`names`, normalised) stand in one record wins;
    without known headers, the one that cuts all records alike; else clevercsv is asked. Raises
    SourceError when the file would fall into one column, or nothing is consistent.
    """
    first = sample.lines[0] if sample.lines else ""
    check_columns(max(map(first.count, DELIMITERS)) + 1, name)
    hinted = _hint(sample)
    delimiters = (hinted,) if hinted else DELIMITERS
    scored = [(_score(sample, Dialect(mark), names), Dialect(mark)) for mark in delimiters]
    best = max(scored, key=lambda pair: pair[0])
    if best[0][0] < 2 and not hinted:
        dialects = [dialect for _, dialect in scored]
        found = (
            _consistent(sample, dialects) or _ask_clevercsv(sample) or _headless(sample, dialects)
        )
        if found is None:
            return _single_column(sample, names, name)
        best = (_score(sample, found, names), found)
    return _refine(sample, best[1], names)


def _hint(sample: Sample) -> str | None:
    first = sample.lines[0].strip('\ufeff\r\n "') if sample.lines else ""
    return first[4:] if first[:4].casefold() == "sep=" and len(first) == 5 else None


def sample_records(sample: Sample, dialect: Dialect) -> list[Record]:
    """Parse the first records of a file; what the end of the sample cuts off is left out."""
    records: list[Record] = []
    for record in islice(parse(iter(sample.lines), dialect), LOOK_AT):
        if record.error == NEVER_CLOSES and not sample.complete:
            break
        records.append(record)
    return records


def _score(sample: Sample, dialect: Dialect, names: Collection[str]) -> tuple[int, int]:
    records = sample_records(sample, dialect)
    best = max((recognised(record.cells, names) for record in records), default=0)
    return best, -_faults(records)


def _faults(records: Sequence[Record]) -> int:
    rows = [record.cells for record in records if record.error is None and not blank(record.cells)]
    index = find_header(rows, ())
    header = rows[index] if index is not None else max(rows, key=len, default=[])
    errors = sum(1 for record in records if record.error)
    return errors + sum(1 for row in rows[index or 0 :] if not fits(row, header))


def fits(cells: Sequence[str], header: Sequence[str]) -> bool:
    """Whether a record has a cell for each named header, and nothing beyond the header."""
    named = max((place for place, name in enumerate(header, 1) if name.strip()), default=0)
    return len(cells) >= named and not any(cells[len(header) :])


def _consistent(sample: Sample, dialects: Sequence[Dialect]) -> Dialect | None:
    """Give the only dialect that cuts all records alike, else the only one that cuts at all."""
    shares = [(dialect, _share_alike(sample, dialect)) for dialect in dialects]
    for enough in (1.0, 0.5):
        fitting = [dialect for dialect, share in shares if share >= enough]
        cutting = [dialect for dialect, share in shares if share > 0]
        if len(fitting) == 1 and (enough == 1.0 or len(cutting) == 1):
            return fitting[0]
    return None


def _share_alike(sample: Sample, dialect: Dialect) -> float:
    """Give the share of the records that fit the header under the best rule of quoting; 0 if none.

    The header is told by its shape here, and a file of one column has none.
    """
    best = 0.0
    for option in (dialect, replace(dialect, skip_space=True), replace(dialect, escape="\\")):
        records = [row for row in sample_records(sample, option) if not blank(row.cells)]
        rows = [record.cells for record in records if record.error is None]
        if find_header(rows, ()) is not None:
            best = max(best, 1 - _faults(records) / len(records))
    return best


def _headless(sample: Sample, dialects: Sequence[Dialect]) -> Dialect | None:
    """Give the dialect that cuts all records to one width although none of them is a header."""
    for dialect in dialects:
        rows = [row.cells for row in sample_records(sample, dialect) if not blank(row.cells)]
        if len({len(row) for row in rows}) == 1 and len(rows[0]) > 1:
            return dialect
    return None


def _ask_clevercsv(sample: Sample) -> Dialect | None:
    import clevercsv

    text = "".join(sample.lines[:60])[:6000]
    try:
        found = clevercsv.Sniffer().sniff(text, delimiters="".join(DELIMITERS[:6]))
    except clevercsv.Error:
        return None
    if found is None or found.delimiter not in DELIMITERS:
        return None
    dialect = Dialect(found.delimiter)
    rows = [record.cells for record in sample_records(sample, dialect) if not blank(record.cells)]
    return dialect if find_header(rows, ()) is not None else None


def _single_column(sample: Sample, names: Collection[str], name: str) -> Dialect:
    first = next((line for line in sample.lines if line.strip()), None)
    if first is None:
        raise SourceError(f"{name} is empty: it has no header and no records; export it again.")
    if any(recognised([line.strip('\ufeff\r\n" ')], names) for line in sample.lines[:LOOK_AT]):
        return Dialect()
    raise SourceError(
        f"{name} cannot be cut into columns with confidence (tried comma, semicolon, tab, pipe and "
        f"clevercsv; its first line is {first.strip()[:60]!r}): save it as comma-separated UTF-8 "
        "with one header row, or write a profile that names its columns."
    )


def _refine(sample: Sample, dialect: Dialect, names: Collection[str]) -> Dialect:
    """Choose how quotes work: the plain rule unless another one reads the file better."""
    options = [
        dialect,
        replace(dialect, escape="\\"),
        replace(dialect, skip_space=True),
        replace(dialect, quote="'"),
    ]
    best, score = dialect, _score(sample, dialect, names)
    for option in options[1:]:
        other = _score(sample, option, names)
        equal = other == score and option.skip_space and _quotes_after_space(sample, dialect)
        if equal or (other > score and (option.quote == '"' or _wrapped(sample, option))):
            best, score = option, other
    if score[1] < 0 and _unquoted(sample, dialect):
        return replace(dialect, quote=None)
    return best


def _quotes_after_space(sample: Sample, dialect: Dialect) -> bool:
    """Whether a space stands between delimiter and quote, so that quotes were left in the text."""
    records = sample_records(sample, dialect)
    return any(
        cell[:1] == " " and cell.strip()[:1] == '"' == cell.strip()[-1:]
        for record in records
        for cell in record.cells
        if record.error is None
    )


def _wrapped(sample: Sample, option: Dialect) -> bool:
    cells = [
        cell for line in sample.lines[:20] for cell in line.strip("\r\n").split(option.delimiter)
    ]
    quoted = sum(1 for cell in cells if cell[:1] == "'" == cell[-1:] and len(cell) > 1)
    return not any('"' in line for line in sample.lines) and quoted > 0


def _unquoted(sample: Sample, dialect: Dialect) -> bool:
    """Whether quotes are plain characters: then all records are alike and no cell is wrapped."""
    records = sample_records(sample, replace(dialect, quote=None))
    cells = [cell for record in records for cell in record.cells]
    wrapped = any(len(cell) > 1 and cell[0] == '"' == cell[-1] for cell in cells)
    return not wrapped and _faults(records) == 0
