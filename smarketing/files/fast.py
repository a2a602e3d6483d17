"""The fast way to land delimited text: DuckDB, believed only when everything is accounted for.

A file that is regular (one kind of line end, plain quotes, no NULs) is streamed to Parquet with its
dialect stated. The records must then add up to the lines of the file, its separators and its quotes
(see `fast_checks`); where values hold line breaks these are counted too. A few broken records are
taken out and judged by the careful reader. If anything is left over, the answer is no and the
careful reader takes the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import duckdb

from smarketing.files.encoding import TextFile
from smarketing.files.fast_checks import Job, Rest, adds_up, lines_above, take_odd_rows_out
from smarketing.files.header_row import is_other_header
from smarketing.files.parsing import NEVER_CLOSES, RUNAWAY_LINES, parse
from smarketing.files.quoting import identifier, literal
from smarketing.files.rows import Line, judge, may_be_title
from smarketing.files.shape import filled
from smarketing.files.table import Header, Sorted
from smarketing.files.tables import Dialect
from smarketing.files.totals import NO, is_total

_SMALL = 1_000
"""Lines up to which the careful reader is as quick."""
_TAIL = 20
"""Lines at the end of a file among which footers are sought."""
_MOST_REJECTS = 20_000
"""Faults (several per record) up to which broken records are taken out one by one."""
_WIDEST = 2_000
"""Columns beyond which DuckDB needs more memory than the careful reader."""
_PLACE = "rows between unbounded preceding and current row"
_LINE = re.compile(r"Error on Line: (\d+)")


def land_fast(
    text: TextFile, dialect: Dialect, header: Header, target: Path, result: Sorted
) -> bool:
    """Land the file with DuckDB and answer whether that can be believed.

    If so, `result` says what became of the records; if not, nothing was landed.
    """
    if text.lines < _SMALL or len(header.columns) > _WIDEST or not _regular(text, dialect):
        return False
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": "1GB",
        "temp_directory": str(target.parent),
    }
    with duckdb.connect(config=config) as con:
        job = Job(con, text, dialect, header, target)
        found = Sorted(result.name)
        try:
            believed = _land(job, found) and take_odd_rows_out(job, found)
        except duckdb.IOException:
            raise
        except duckdb.Error:
            believed = False
        if not believed:
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
    return True


def _land(job: Job, found: Sorted) -> bool:
    """Land the records and number them; False if lines, separators or quotes are left over."""
    blanks = _blank_lines_below(job.text)
    lines = job.text.lines - blanks.count(b"\n")
    body = lines - job.header.lines
    rest = lines_above(job)
    try:
        _copy_csv(job, tolerant=False)
    except duckdb.InvalidInputException as error:
        if _runs_away(job, str(error)):
            return False
        _copy_csv(job, tolerant=True)
        if not _take_rejects_out(job, found, body, rest):
            return False
    found.rows = job.number(f"select count(*) from {job.source}")
    several = found.rows + len(found.bad_rows) != body
    if several and (found.bad_rows or not job.text.quotes or not _number_lines(job, lines)):
        return False
    rest.add(blanks)
    return adds_up(job, found.rows, rest, several)


def _runs_away(job: Job, error: str) -> bool:
    """Whether the first fault is a quote that never closes: DuckDB would reject line after line."""
    line = _LINE.search(error)
    if line is None:
        return True
    with job.text.path.open(encoding="utf-8-sig", newline="\n") as file:
        start = max(int(line[1]) - 1, job.header.lines)
        lines = islice(file, start, start + RUNAWAY_LINES + 1)
        return any(record.error == NEVER_CLOSES for record in islice(parse(lines, job.dialect), 1))


def _blank_lines_below(text: TextFile) -> bytes:
    """Give the blank lines at the end of a file, which every reader passes over."""
    with text.path.open("rb") as file:
        file.seek(max(0, text.path.stat().st_size - 4096))
        end = file.read()
    blanks = end[len(end.rstrip(b"\r\n")) :]
    return blanks[blanks.find(b"\n") + 1 :]


def _copy_csv(job: Job, tolerant: bool) -> None:
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


def _take_rejects_out(job: Job, found: Sorted, body: int, rest: Rest) -> bool:
    """Judge the records that DuckDB rejected and number the others around them.

    False if there are too many, if they are not whole lines, if the careful reader does not find
    them broken, or if they may be footers, totals or the header of another table.
    """
    if job.number("select count(*) from reject_errors") >= _MOST_REJECTS:
        return False
    rejects = job.con.execute(
        "select line, any_value(csv_line) from reject_errors group by line order by line"
    ).fetchall()
    rows = job.number(f"select count(*) from {job.source}")
    if not rejects or rows + len(rejects) != body:
        return False
    end = b"\r\n" if job.text.crlf else b"\n"
    for line, text in rejects:
        records = list(parse(iter([str(text)]), job.dialect))
        if len(records) != 1:
            return False
        record = Line(int(line), records[0].cells, records[0].error)
        if _is_no_record(job, record, job.header.lines + body - _TAIL):
            return False
        if judge(record, job.header, found) is not None:
            return False
        rest.add(str(text).rstrip("\r\n").encode() + end)
    _number_around(job, [int(line) for line, _ in rejects])
    return True


def _is_no_record(job: Job, line: Line, tail: int) -> bool:
    """Whether a line that does not fit may be something else than a broken record."""
    header = job.header
    if line.error is not None:
        return False
    lone = len(filled(line.cells)) < 2 and header.named > 2
    return (
        is_total(line.cells, header) != NO
        or (lone and (line.row > tail or may_be_title(line, header)))
        or is_other_header(line.cells, header.cells, header.shape, header.names, lone)
    )


def _number_around(job: Job, rejects: Sequence[int]) -> None:
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


def _number_lines(job: Job, lines: int) -> bool:
    """Number the records of a file whose values hold line breaks; False if lines are left over."""
    breaks = " + ".join(
        f"coalesce(length({c}) - length(replace({c}, chr(10), '')), 0)"
        for c in map(identifier, job.header.columns)
    )
    job.rewrite(f"{job.header.lines} + sum(1 + {breaks}) over ({_PLACE}) - ({breaks})")
    last = job.number(f"select max(_row + {breaks}) from {job.source}")
    return last == lines
