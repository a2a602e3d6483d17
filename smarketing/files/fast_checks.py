"""What must hold before the fast way of landing text is believed.

DuckDB passes over empty cells beyond the last column and takes a quote inside an unquoted value for
a plain character. Both change what a record says, so separators and quotes are counted: those of
the file must be those that the landed records need.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from smarketing.files.encoding import TextFile
from smarketing.files.header_row import is_other_header, is_remark
from smarketing.files.landing import nulls
from smarketing.files.parsing import swallows_record
from smarketing.files.quoting import identifier, literal, literals, numbers
from smarketing.files.rows import TOTAL
from smarketing.files.shape import filled
from smarketing.files.table import Header, Sorted
from smarketing.files.tables import Dialect, Total
from smarketing.files.totals import NO, SQL_WORDS, SURELY, is_total, read_total

_TAIL = 20
"""Records at the end of a table among which totals without further signs are sought."""
_MANY = 20_000
"""Odd records up to which they are looked at one by one."""
_LABELS = 3
_SPACE = "' ' || chr(9) || chr(10) || chr(13)"


@dataclass(frozen=True)
class Job:
    """One file on its way to one Parquet file."""

    con: duckdb.DuckDBPyConnection
    text: TextFile
    dialect: Dialect
    header: Header
    target: Path

    @property
    def source(self) -> str:
        """The landed Parquet as DuckDB reads it."""
        return f"read_parquet({literal(str(self.target))})"

    @property
    def cells(self) -> list[str]:
        """The columns of the table, quoted."""
        return [identifier(name) for name in self.header.columns]

    @property
    def names(self) -> str:
        """The columns of the table, quoted, as a list."""
        return ", ".join(self.cells)

    def number(self, query: str) -> int:
        """Run a query that answers one number; 0 if it answers none."""
        row = self.con.execute(query).fetchone()
        return int(row[0]) if row and row[0] is not None else 0

    def rows(self, condition: str, limit: int = _MANY + 1) -> list[tuple[Any, ...]]:
        """Return the landed rows for which a condition holds, each with its line first."""
        return self.con.execute(
            f"select _row, {self.names} from {self.source} where {condition} limit {limit}"
        ).fetchall()

    def rewrite(self, row: str, condition: str = "true") -> None:
        """Write the Parquet again with another `_row`, or fewer records."""
        again = self.target.with_suffix(".again")
        self.con.execute(
            f"copy (select {self.names}, ({row})::bigint as _row from {self.source} "
            f"where {condition}) to {literal(str(again))} (format parquet, compression snappy)"
        )
        again.replace(self.target)


@dataclass
class Rest:
    """Lines of a file that were not landed: how many bytes they take, and how many quotes."""

    size: int = 0
    quotes: int = 0

    def add(self, line: bytes) -> None:
        """Count those of a line with its end."""
        self.size += len(line)
        self.quotes += line.count(b'"')


def adds_up(job: Job, rows: int, rest: Rest, several: bool) -> bool:
    """Whether the bytes of the file are those that its records need, but for the lines left out.

    They need their values, the separators between them, the quotes and a line end each. `several`
    says that values hold line breaks; none of them may hold a record of its own.
    """
    end = 2 if job.text.crlf else 1
    values, inner = _values(job)
    quotes = job.text.quotes - rest.quotes
    marks = rows * (len(job.header.columns) - 1 + end)
    if _size(job) - rest.size != values - inner + quotes + marks:
        return False
    if inner and (quotes - 2 * inner not in _wrapped(job, rows) or _has_formulas(job)):
        return False
    return not several or not _swallows(job)


def _size(job: Job) -> int:
    """Return the bytes of the file, as if its last line ended as the others do."""
    size = job.text.path.stat().st_size
    with job.text.path.open("rb") as file:
        file.seek(max(0, size - 1))
        unended = file.read() != b"\n"
    return size + (2 if job.text.crlf else 1) * unended


def lines_above(job: Job) -> Rest:
    """Count what stands in the header and above it, and the mark of the encoding."""
    above = Rest()
    with job.text.path.open("rb") as file:
        for line in islice(file, job.header.lines):
            above.add(line)
    return above


def _values(job: Job) -> tuple[int, int]:
    """Return how many bytes the landed values take, and how many quotes stand in them."""
    sums = [f"sum(coalesce(strlen({cell}), 0))" for cell in job.cells]
    marks = [_count(cell, "'\"'") for cell in job.cells] if job.text.quotes else ["0"]
    row = job.con.execute(
        f"select {' + '.join(sums)}, {' + '.join(marks)} from {job.source}"
    ).fetchone()
    assert row is not None
    return int(row[0] or 0), int(row[1] or 0)


def _wrapped(job: Job, rows: int) -> set[int]:
    """Return how many quotes stand around values by the rules that writers follow.

    They put those in quotes that need it, with those that begin or end with a space, or those that
    hold something, or all.
    """
    mark = literal(job.dialect.delimiter)
    odd = f"contains({{0}}, {mark}) or contains({{0}}, '\"') or contains({{0}}, chr(10))"
    rules = (f"count_if({odd})", f"count_if({odd} or {{0}} <> trim({{0}}))", "count({0})")
    sums = (" + ".join(rule.format(cell) for cell in job.cells) for rule in rules)
    row = job.con.execute(f"select {', '.join(sums)} from {job.source}").fetchone()
    assert row is not None
    return {2 * int(count or 0) for count in (*row, rows * len(job.header.columns))}


def _has_formulas(job: Job) -> bool:
    """Whether a value is a formula that only keeps a text, which landing takes out."""
    kept = " or ".join(f"starts_with({cell}, '=\"')" for cell in job.cells)
    return bool(job.rows(kept, 1))


def _count(cell: str, mark: str) -> str:
    return (
        f"coalesce(sum(case when contains({cell}, {mark}) "
        f"then length({cell}) - length(replace({cell}, {mark}, '')) end), 0)"
    )


def _swallows(job: Job) -> bool:
    """Whether a value with line breaks holds a record: a quote opened in one, closed in another."""
    mark = literal(job.dialect.delimiter)
    enough = len(job.header.columns) - 1
    doubts = " or ".join(
        f"(contains({cell}, chr(10)) and "
        f"length({cell}) - length(replace({cell}, {mark}, '')) >= {enough})"
        for cell in job.cells
    )
    found = job.rows(doubts)
    return len(found) > _MANY or any(
        swallows_record(row[1:], job.dialect.delimiter, job.header.shape) for row in found
    )


def take_odd_rows_out(job: Job, found: Sorted) -> bool:
    """Take total rows out of the table; False if a row may be something that only care can tell.

    That is a blank row, a title, a footer, the header again or that of another table.
    """
    odd = _odd_rows(job)
    if odd is None or _has_blank(job):
        return False
    totals: dict[int, Total] = {}
    for row, *cells in odd:
        if is_total(cells, job.header) == SURELY:
            totals[row] = read_total(row, cells, job.header)
        elif _needs_care(cells, job.header):
            return False
    last = _last_totals(job)
    if last is None or (last and min(last) < max((b.row for b in found.bad_rows), default=0)):
        return False
    totals |= last
    if totals:
        job.rewrite("_row", f"_row not in ({numbers(totals)})")
        found.skipped[TOTAL] += len(totals)
        found.totals += [totals[row] for row in sorted(totals)]
        found.rows -= len(totals)
    return True


def _needs_care(cells: Sequence[str | None], header: Header) -> bool:
    return (
        (len(filled(cells)) < 2 and header.named > 2)
        or header.is_repeated(cells)
        or is_remark(cells)
        or is_other_header(cells, header.cells, header.shape, header.names, apart=True)
    )


def _last_totals(job: Job) -> dict[int, Total] | None:
    """Return the totals at the end of the table; None where no end of them is seen."""
    last = job.con.execute(
        f"select _row, {job.names} from {job.source} order by _row desc limit {_TAIL}"
    ).fetchall()
    totals: dict[int, Total] = {}
    for row, *cells in last:
        if is_total(cells, job.header) == NO:
            return totals
        totals[row] = read_total(row, cells, job.header)
    return None if len(last) == _TAIL else totals


def _odd_rows(job: Job) -> list[tuple[Any, ...]] | None:
    """Return the rows that are not as records are; None where there are too many to look at."""
    conditions = (_labelled(job), *_lacking(job), *_unlike(job), *_told(job))
    found = job.rows(" or ".join(f"({condition})" for condition in conditions))
    return None if len(found) > _MANY else found


def _labelled(job: Job) -> str:
    """Rows that begin with a word for a total, or as the header does."""
    full = nulls(job.target)[job.header.columns[0]] == 0
    label = job.cells[0] if full else f"coalesce({', '.join(job.cells[:_LABELS])})"
    first = next(place for place, cell in enumerate(job.header.cells) if cell)
    again = f"{job.cells[first]} = {literal(job.header.cells[first])}"
    kinds = job.header.shape.kinds
    words = f"regexp_full_match(trim({label}), {literal(SQL_WORDS)}, 'i')"
    if kinds and kinds[0]:
        # Most labels are single values: they are not compared with every word.
        parted = f"(contains({label}, ' ') or contains({label}, ':'))"
        return f"{again} or not regexp_matches({label}, '[0-9@]') or ({parted} and {words})"
    return f"{again} or {words}"


def _lacking(job: Job) -> list[str]:
    """Rows that lack what every record has and hold one value only, or name a total."""
    empty = nulls(job.target)
    always = [job.header.columns[place] for place in sorted(job.header.shape.always)]
    lacking = " or ".join(f"{identifier(name)} is null" for name in always if empty[name])
    if not lacking:
        return []
    there = " + ".join(f"({cell} is not null)::int" for cell in job.cells)
    words = " or ".join(
        f"regexp_full_match(trim({cell}), {literal(SQL_WORDS)}, 'i')"
        for cell in job.cells[:_LABELS]
    )
    return [f"({lacking}) and ({there} < 2 or {words})"]


def _unlike(job: Job) -> list[str]:
    """Rows with words wherever records have values, as the header of another table.

    Where the first column has values, its label tells them already.
    """
    shape = job.header.shape
    places = [place for place, kind in enumerate(shape.kinds) if kind]
    if places and places[0] == 0:
        return []
    if places:
        values = [job.cells[place] for place in places if place < len(job.cells)]
        plain = [f"coalesce(not regexp_matches({cell}, '[0-9@]'), true)" for cell in values]
        return [f"{' and '.join(plain)} and coalesce({', '.join(values)}, null) is not null"]
    plain_name = f"regexp_replace(lower({job.cells[0]}), '[\\s_\\-.:]+', '', 'g')"
    names = literals(sorted(job.header.names)) or "null"
    return [f"{plain_name} in ({names})"]


def _told(job: Job) -> list[str]:
    """Rows that are totals by what the profile says."""
    label = f"coalesce({', '.join(job.cells)}, null)"
    return [
        f"regexp_matches({label if place is None else job.cells[place]}, "
        f"{literal(pattern.pattern)}, 'i')"
        for place, pattern in job.header.totals
    ]


def _has_blank(job: Job) -> bool:
    """Whether a landed record holds nothing: the careful reader passes such over."""
    empty = nulls(job.target)
    fullest = min(job.header.columns, key=lambda name: empty[name])
    # What is white space alone comes before every visible sign.
    name = identifier(fullest)
    if not job.number(f"select 1 from {job.source} where {name} is null or {name} < '!' limit 1"):
        return False
    cells = ", ".join(f"nullif(trim({cell}, {_SPACE}), '')" for cell in job.cells)
    return bool(
        job.number(f"select 1 from {job.source} where coalesce({cells}, null) is null limit 1")
    )
