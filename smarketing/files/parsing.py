"""Parsing delimited text into records, strictly: a broken one costs only itself."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from smarketing.files.limits import MAX_VALUE
from smarketing.files.shape import Shape
from smarketing.files.tables import Dialect

RUNAWAY_LINES = 2000
"""A quoted value longer than this many lines is a quote that was never closed."""

NEVER_CLOSES = "a quote opens here and never closes"
CLOSES_ELSEWHERE = "a quote opens here and closes in another record"
STRAY = "a quote stands inside an unquoted value"

csv.field_size_limit(MAX_VALUE)


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


def parse(lines: Iterator[str], dialect: Dialect, shape: Shape | None = None) -> Iterator[Record]:
    """Parse lines (with their line ends) into records, strictly; a bad one costs only itself.

    After a record that breaks the quoting rules, parsing goes on with the line after its first, so
    that a stray quote does not swallow the good records behind it. `shape` says what records look
    like: a value in quotes that holds one of them holds what is not its own.
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
        fault: str | None = None
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _RunawayError) as error:
            if not feed.taken:
                return
            fault = _reason(error)
        else:
            fault = _fault(feed.taken, cells, dialect, shape)
        if fault is not None:
            yield Record(start, 1, [feed.retry_after_first().rstrip("\r\n")], fault)
            continue
        count = len(feed.taken)
        feed.done += count
        feed.taken.clear()
        yield Record(start, count, cells)


def _fault(
    lines: Sequence[str], cells: Sequence[str], dialect: Dialect, shape: Shape | None
) -> str | None:
    """Say why a record that could be parsed is not to be believed."""
    if len(lines) > 1 and shape and swallows_record(cells, dialect.delimiter, shape):
        return CLOSES_ELSEWHERE
    quote = dialect.quote or '"'
    if dialect.escape or (len(lines) == 1 and quote not in lines[0]):
        return None
    if dialect.quote is None:
        return STRAY if any(cell[:1] == quote for cell in cells) else None
    if quote in "".join(cells) and not _is_well_quoted("".join(lines), cells, dialect):
        return STRAY
    return None


def _is_well_quoted(text: str, cells: Sequence[str], dialect: Dialect) -> bool:
    """Whether each cell that holds a quote stands in quotes, its own quotes doubled."""
    quote = dialect.quote or ""
    at = 0
    for cell in cells:
        while dialect.skip_space and text[at : at + 1] == " " and not cell.startswith(" "):
            at += 1
        wrapped = quote + cell.replace(quote, quote + quote) + quote
        if text.startswith(wrapped, at):
            at += len(wrapped)
        elif quote not in cell and text.startswith(cell, at):
            at += len(cell)
        else:
            return False
        at += len(dialect.delimiter)
    return True


def swallows_record(cells: Sequence[str | None], delimiter: str, shape: Shape) -> bool:
    """Whether a value with line breaks holds what looks like a record, or the begin of one.

    Then the line it begins on would be a record by itself, and so would one that it swallowed.
    """
    for place, cell in enumerate(cells):
        if not cell or ("\n" not in cell and "\r" not in cell):
            continue
        first, *inner, last = cell.splitlines() if len(cell.splitlines()) > 1 else (cell, "")
        if place + first.count(delimiter) + 1 != len(cells):
            continue
        rows: list[Sequence[str | None]] = [line.split(delimiter) for line in inner]
        rows.append([*last.split(delimiter), *cells[place + 1 :]])
        if any(len(row) == len(cells) and shape.is_like(row) for row in rows):
            return True
    return False


def _reason(error: Exception) -> str:
    text = str(error)
    if isinstance(error, _RunawayError) or "unexpected end" in text:
        return NEVER_CLOSES
    if "new-line" in text:
        return "a carriage return stands inside an unquoted value"
    if "expected after" in text:
        return "text follows a closing quote"
    return text
