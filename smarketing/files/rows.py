"""Turning parsed records into landed rows: which are data, which are totals, footers or broken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from smarketing.files.encoding import BROKEN
from smarketing.files.header_row import is_other_header, is_remark
from smarketing.files.headers import blank, clean, normalise
from smarketing.files.scales import check_scale
from smarketing.files.shape import WORDS, filled
from smarketing.files.table import Header, Sorted
from smarketing.files.tables import BadRow
from smarketing.files.totals import (
    LABELS,
    NO,
    SURELY,
    TOTAL_INITIALS,
    is_total,
    names_a_group,
    read_total,
)

TOTAL, FOOTER, PREAMBLE = "total row", "footer below the records", "preamble above the header"
REPEATED, SECOND = "header repeated", "second line of the header"
TITLE, GROUP = "title between records", "heading of a group"
_SHOWN = 500
_END_OF_FILE = "\x1a"
"""What old systems write below the last line of a text."""
_HELD = 500
"""Rows that are held back at most: no table has so many titles or footers in a row."""
_FACTS = 4
"""A table of fewer columns may have records of two."""
_VALUE = re.compile("[0-9@]")


class Line(NamedTuple):
    """A record on its way: where it starts, its cells, why it is broken if it is."""

    row: int
    cells: Sequence[str]
    error: str | None = None

    @property
    def text(self) -> str:
        """The record as it is shown to people."""
        shown = ",".join(self.cells)[:_SHOWN]
        return shown.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


Landed = Iterator[tuple[int, Sequence[str]]]


def sort_rows(lines: Iterable[Line], header: Header, result: Sorted) -> Landed:
    """Yield the rows to land, fitted to the header's width; put the others into `result`.

    What may be a total, title or footer is held back until it is known what follows. Where another
    table begins its header is left in `result.following`, and the lines go no further.
    """
    sorter = _Sorter(header, result)
    width = len(header.columns)
    for line in lines:
        if len(line.cells) == width and sorter.is_plain(line):
            result.rows += 1
            yield line.row, line.cells
        else:
            yield from sorter.take(line)
            if result.following is not None:
                return
    yield from sorter.close(FOOTER)


class _Sorter:
    """Decides about the rows that are not plainly records."""

    def __init__(self, header: Header, result: Sorted) -> None:
        self.header = header
        self.result = result
        self.held: list[tuple[Line, bool]] = []
        self.facts: set[int] = set()
        self.apart = False
        self.below_header = False
        must = sorted(header.shape.always)[-3:] if header.shape.records > 1 else []
        self.must = itemgetter(*must, must[-1]) if must else None
        valued = [place for place, kind in enumerate(header.shape.kinds) if kind]
        self.value = valued[0] if valued else None
        self.unnamed = 0 if header.is_exact or header.named == len(header.columns) else header.named

    def is_plain(self, line: Line) -> bool:
        """Whether a record of full width needs no second look: most do not, and there are many."""
        cells, header = line.cells, self.header
        first = cells[0]
        return (
            line.error is None
            and not (self.apart or self.held or header.suspect or not first)
            and first != header.cells[0]
            and self._is_of_its_kind(cells)
            and (self.must is None or all(self.must(cells)))
            and not (self.unnamed and any(cells[self.unnamed :]))
            and not (header.totals and self._is_told(cells))
        )

    def _is_of_its_kind(self, cells: Sequence[str]) -> bool:
        """Whether a value stands where one should, so that the row is no header and no total."""
        if self.value is not None and not _VALUE.search(cells[self.value] or ""):
            return False
        first = cells[0].strip()
        if not first or (self.value is None and normalise(first) in self.header.names):
            return False
        return not (first[0].casefold() in TOTAL_INITIALS and LABELS.fullmatch(first))

    def _is_told(self, cells: Sequence[str]) -> bool:
        """Whether the profile says that a row is a total."""
        return any(pattern.search(cells[at or 0] or "") for at, pattern in self.header.totals)

    def take(self, line: Line) -> Landed:
        """Decide about a row, as far as that can be done before the next."""
        if line.error is not None:
            yield from self._record(line)
        elif blank(line.cells) or list(line.cells) == [_END_OF_FILE]:
            self.apart = True
        elif self.header.is_repeated(line.cells):
            yield from self.close(TITLE)
            self.result.skipped[REPEATED] += 1
            self.below_header = True
            return
        elif self.below_header and self.header.shape.is_unlike(line.cells):
            self.result.skipped[SECOND] += 1
        elif not self._is_fact(line) and self._is_other_header(line):
            self.result.title = self._title()
            if self.header.title and self.result.title:
                self._pass_over(self.held.pop()[0], TITLE)
            yield from self.close(FOOTER)
            self.result.following = (line.row, line.cells)
        else:
            yield from self._sum_or_record(line)
        self.below_header = False

    def _is_other_header(self, line: Line) -> bool:
        apart = self.apart or bool(self.held)
        header = self.header
        return is_other_header(line.cells, header.cells, header.shape, header.names, apart)

    def _title(self) -> str:
        """Return what stands by itself above the header of another table."""
        cells = self.held[-1][0].cells if self.held else ()
        there = filled(cells)
        return clean(cells[there[0]]) if len(there) == 1 else ""

    def _sum_or_record(self, line: Line) -> Landed:
        sums = is_total(line.cells, self.header)
        if sums == SURELY:
            yield from self._release()
            self._sum(line)
            self.apart = True
        elif names_a_group(line.cells):
            yield from self._release()
            self.result.skipped[GROUP] += 1
        elif sums != NO or self._stands_alone(line):
            if len(self.held) >= _HELD:
                yield from self._release()
            self.held.append((line, self.apart))
        else:
            yield from self._record(line)

    def _stands_alone(self, line: Line) -> bool:
        """Whether a row holds one cell only, or a fact, as titles, remarks and footers do."""
        lone = len(filled(line.cells)) == 1 and self.header.named > 2
        is_other = len(line.cells) != len(self.header.columns)
        return lone or (is_other and is_remark(line.cells)) or self._is_fact(line)

    def _is_fact(self, line: Line) -> bool:
        """Whether a row says something of the report: a name with a colon, and what it is."""
        if filled(line.cells) != [0, 1] or self.header.named < _FACTS:
            return False
        is_short = len(line.cells) < len(self.header.columns)
        is_named = line.cells[0].strip().endswith(":") and (self.apart or bool(self.held))
        if is_named or (is_short and self.facts):
            self.facts.add(line.row)
            return True
        return False

    def _sum(self, line: Line) -> None:
        self.result.skipped[TOTAL] += 1
        self.result.totals.append(read_total(line.row, line.cells, self.header))

    def _record(self, line: Line) -> Landed:
        yield from self._release()
        self.apart = False
        row = judge(line, self.header, self.result)
        if row is not None:
            yield line.row, row

    def _release(self) -> Landed:
        """Decide about the rows held, now that a record follows: titles, or records after all."""
        for line, _ in self.held:
            if may_be_title(line, self.header):
                self._pass_over(line, TITLE)
                continue
            row = judge(line, self.header, self.result)
            if row is not None:
                yield line.row, row
        self.held.clear()
        self.facts.clear()

    def close(self, reason: str) -> Landed:
        """Decide about the rows held, now that the table is at its end."""
        below = False
        for line, apart in self.held:
            if is_total(line.cells, self.header) != NO:
                self._sum(line)
            elif self._is_footer(line, apart or below or reason == TITLE):
                self._pass_over(line, reason)
            else:
                row = judge(line, self.header, self.result)
                if row is not None:
                    yield line.row, row
                continue
            below = True
        self.held.clear()
        self.apart = False

    def _pass_over(self, line: Line, reason: str) -> None:
        check_scale([line.cells], self.result.name)
        self.result.skipped[reason] += 1

    def _is_footer(self, line: Line, apart: bool) -> bool:
        """Whether a lone cell is no record: it stands apart, or is a line of prose; no key is."""
        if line.row in self.facts:
            return True
        if self.header.shape.has_its_key(line.cells):
            return False
        is_short = len(line.cells) < len(self.header.columns)
        is_prose = is_short and len(line.cells[filled(line.cells)[0]].split()) > 2
        return apart or is_remark(line.cells) or is_prose


def may_be_title(line: Line, header: Header) -> bool:
    """Whether a lone cell among records is a title or the heading of a group, and no record."""
    shape = header.shape
    there = filled(line.cells)
    if names_a_group(line.cells):
        return True
    if len(there) != 1 or not shape.lacks(line.cells) or shape.has_its_key(line.cells):
        return False
    if len(line.cells) == len(header.columns):
        return shape.records > 2 and len(shape.always) > 1
    # A line that ends early may be a record cut short, unless its word stands for a value.
    return there[0] < len(shape.kinds) and shape.kinds[there[0]] != WORDS


def judge(line: Line, header: Header, result: Sorted) -> list[str] | None:
    """Fit a record to the header's width, or count it as bad and answer None."""
    error = line.error or _width_error(line.cells, header)
    width = len(header.columns)
    cells = list(line.cells[:width])
    if error is None and header.suspect:
        cells = [cell.strip("\0") for cell in cells]
        error = _byte_error(cells, header)
    if error is not None:
        result.lose(BadRow(line.row, line.text, error))
        return None
    result.rows += 1
    return cells + [""] * (width - len(cells))


def _byte_error(cells: Sequence[str], header: Header) -> str | None:
    for column, cell in zip(header.columns, cells, strict=False):
        if "\0" in cell:
            return f"a NUL byte in column '{column}'"
        if BROKEN.search(cell):
            return f"bytes that are not UTF-8 in column '{column}'"
    return None


def _width_error(cells: Sequence[str | None], header: Header) -> str | None:
    """Say that a record has another number of cells than the others, or more than has a header."""
    width = len(header.columns)
    if header.is_exact:
        fits = header.named <= len(cells) and not any(cells[width:])
    else:
        fits = len(cells) == width and not any(cells[header.named :])
    if fits:
        return None
    if len(cells) == width:
        return f"a value beyond the last of the {header.named} headers"
    other = "header has" if width == len(header.cells) else "other records have"
    return f"{len(cells)} cells where the {other} {width}"
