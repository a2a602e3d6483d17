"""The fast way to land delimited text: DuckDB, believed only when every line is accounted for.

A file that is regular (one kind of line end, plain quotes, no NULs) is streamed to Parquet with its
dialect stated. The records must then add up to the lines of the file; where values hold line breaks
these are counted too. A few broken records are taken out and judged by the careful reader. If
anything is left over, the answer is no and the careful reader takes the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from smarketing.files.dialect import parse
from smarketing.files.encoding import CHUNK, TextFile
from smarketing.files.quoting import identifier, literal
from smarketing.files.rows import TOTAL, Header, Line, Sorted, judge
from smarketing.files.tables import Dialect
from smarketing.files.totals import is_total, read_total

_TAIL = 20
"""Records at the end of a table among which totals are sought."""
_MOST_REJECTS = 20_000
"""Faults (several per record) up to which broken records are taken out one by one."""
_WIDEST = 2_000
"""Columns beyond which DuckDB needs more memory than the careful reader."""
_WIDTH_FAULT = re.compile("Expected Number of Columns")
"""What DuckDB says of records that can be taken out one by one: no quote of theirs is astray."""
_PLACE = "rows between unbounded preceding and current row"


@dataclass(frozen=True)
class _Job:
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
    def names(self) -> str:
        """The columns of the table, quoted."""
        return ", ".join(map(identifier, self.header.columns))

    def number(self, query: str) -> int:
        """Run a query that answers one number; 0 if it answers none."""
        row = self.con.execute(query).fetchone()
        return int(row[0]) if row and row[0] is not None else 0

    def rewrite(self, row: str, condition: str = "true") -> None:
        """Write the Parquet again with another `_row`, or fewer records."""
        again = self.target.with_suffix(".again")
        self.con.execute(
            f"copy (select {self.names}, ({row})::bigint as _row from {self.source} "
            f"where {condition}) to {literal(str(again))} (format parquet, compression snappy)"
        )
        again.replace(self.target)


def land_fast(
    text: TextFile, dialect: Dialect, header: Header, target: Path, result: Sorted
) -> bool:
    """Land the file with DuckDB and answer whether that can be believed.

    If so, `result` says what became of the records; if not, nothing was landed.
    """
    if not _regular(text, dialect) or len(header.columns) > _WIDEST:
        return False
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": "1GB",
        "temp_directory": str(target.parent),
    }
    with duckdb.connect(config=config) as con:
        job = _Job(con, text, dialect, header, target)
        found = Sorted(result.name)
        try:
            believed = _land(job, found) and not _has_blank(job) and not _has_header_again(job)
        except duckdb.IOException:
            raise
        except duckdb.Error:
            believed = False
        if not believed or not _take_totals_out(job, found):
            target.unlink(missing_ok=True)
            return False
    result.rows = found.rows
    result.skipped.update(found.skipped)
    result.bad_rows.extend(found.bad_rows)
    result.totals.extend(found.totals)
    return True


def _regular(text: TextFile, dialect: Dialect) -> bool:
    """Whether the file is of the kind that DuckDB and the careful reader read alike."""
    if text.nuls or text.broken or text.lone_returns or not text.line_feeds:
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
            # Looking for a mark is much quicker than counting it, and most files have none.
            if any(m in lines and lines.count(m) > lines.count(m + b'"') for m in before):
                return True
            if any(m in lines and lines.count(m) > lines.count(b'"' + m) for m in after):
                return True
    return False


def _land(job: _Job, found: Sorted) -> bool:
    """Land the records and number them; False if lines are left over."""
    lines = job.text.lines - _blank_lines_below(job.text)
    body = lines - job.header.lines
    try:
        _copy_csv(job, tolerant=False)
    except duckdb.InvalidInputException as error:
        if not _WIDTH_FAULT.search(str(error)):
            return False
        _copy_csv(job, tolerant=True)
        if not _take_rejects_out(job, found, body):
            return False
    found.rows = job.number(f"select count(*) from {job.source}")
    if found.rows + len(found.bad_rows) == body:
        return True
    return job.text.quotes > 0 and not found.bad_rows and _number_lines(job, lines)


def _blank_lines_below(text: TextFile) -> int:
    """Count the blank lines at the end of a file, which every reader passes over."""
    with text.path.open("rb") as file:
        file.seek(max(0, text.path.stat().st_size - 4096))
        end = file.read().replace(b"\r", b"")
    return max(0, len(end) - len(end.rstrip(b"\n")) - 1)


def _copy_csv(job: _Job, tolerant: bool) -> None:
    header = job.header
    kinds = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(header.columns)))
    names = ", ".join(f"c{i} as {identifier(name)}" for i, name in enumerate(header.columns))
    errors = f", ignore_errors=true, store_rejects=true, rejects_limit={_MOST_REJECTS}"
    job.con.execute(
        f"copy (select {names}, row_number() over () + {header.lines} as _row from read_csv("
        f"{literal(str(job.text.path))}, auto_detect=false, compression='none', header=false, "
        f"skip={header.lines}, "
        f"delim={literal(job.dialect.delimiter)}, quote='\"', escape='\"', comment='', "
        f"columns={{{kinds}}}, strict_mode=true, null_padding=false, nullstr=''"
        f"{errors if tolerant else ''})) "
        f"to {literal(str(job.target))} (format parquet, compression snappy)"
    )


def _take_rejects_out(job: _Job, found: Sorted, body: int) -> bool:
    """Judge the records that DuckDB rejected and number the others around them.

    False if there are too many, if they are not whole lines, if the careful reader does not find
    them broken, or if they stand at the end, where a footer may.
    """
    if job.number("select count(*) from reject_errors") >= _MOST_REJECTS:
        return False
    rejects = job.con.execute(
        "select line, any_value(csv_line) from reject_errors group by line order by line"
    ).fetchall()
    rows = job.number(f"select count(*) from {job.source}")
    last = job.header.lines + body
    if not rejects or rows + len(rejects) != body:
        return False
    for line, text in rejects:
        records = list(parse(iter([str(text)]), job.dialect))
        if len(records) != 1:
            return False
        record = records[0]
        lone = sum(1 for cell in record.cells if cell.strip()) < 2
        if line > last - _TAIL and (lone or is_total(record.cells, job.header)):
            return False
        if judge(Line(int(line), record.cells, record.error), job.header, found) is not None:
            return False
    lines = [int(line) for line, _ in rejects]
    _number_around(job, lines)
    return True


def _number_around(job: _Job, rejects: Sequence[int]) -> None:
    """Give the landed records their lines: each stands below the rejected lines before it."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    firsts = np.array([line - above for above, line in enumerate(rejects)])
    again = job.target.with_suffix(".again")
    with pq.ParquetFile(job.target) as file, pq.ParquetWriter(again, file.schema_arrow) as out:
        for batch in file.iter_batches(1 << 17):
            rows = batch.column("_row").to_numpy()
            moved = pa.array(rows + np.searchsorted(firsts, rows, side="right"), pa.int64())
            out.write_batch(batch.set_column(batch.num_columns - 1, "_row", moved))
    again.replace(job.target)


def _number_lines(job: _Job, lines: int) -> bool:
    """Number the records of a file whose values hold line breaks; False if lines are left over."""
    breaks = " + ".join(
        f"coalesce(length({c}) - length(replace({c}, chr(10), '')), 0)"
        for c in map(identifier, job.header.columns)
    )
    job.rewrite(f"{job.header.lines} + sum(1 + {breaks}) over ({_PLACE}) - ({breaks})")
    last = job.number(f"select max(_row + {breaks}) from {job.source}")
    return last == lines


def _has_blank(job: _Job) -> bool:
    """Whether a landed record holds nothing: the careful reader passes such over."""
    space = "' ' || chr(9) || chr(10) || chr(13)"
    cells = ", ".join(
        f"nullif(trim({c}, {space}), '')" for c in map(identifier, job.header.columns)
    )
    return bool(
        job.number(f"select 1 from {job.source} where coalesce({cells}, null) is null limit 1")
    )


def _has_header_again(job: _Job) -> bool:
    """Whether the header stands among the records, where exports were put together."""
    pairs = zip(job.header.columns, job.header.cells, strict=True)
    alike = " and ".join(
        f"trim({identifier(name)}) = {literal(cell)}" for name, cell in pairs if cell
    )
    return bool(job.number(f"select 1 from {job.source} where {alike} limit 1"))


def _take_totals_out(job: _Job, found: Sorted) -> bool:
    """Take the total rows at the end out of the table; False if that cannot be told here."""
    last = job.con.execute(
        f"select _row, {job.names} from {job.source} order by _row desc limit {_TAIL}"
    ).fetchall()
    totals = 0
    while totals < len(last) and is_total(last[totals][1:], job.header):
        totals += 1
    below = max((bad.row for bad in found.bad_rows), default=0)
    if totals == _TAIL or (totals and below > last[totals - 1][0]):
        return False
    if totals:
        job.rewrite("_row", f"_row < {last[totals - 1][0]}")
        found.skipped[TOTAL] += totals
        found.totals += [read_total(r[0], r[1:], job.header) for r in reversed(last[:totals])]
        found.rows -= totals
    return True
