"""How a delimited file is written: found by the headers that are known, else by its consistency."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from smarketing.errors import SourceError
from smarketing.files.header_row import LOOK_AT, find_header, inner_rows, is_remark
from smarketing.files.headers import blank, recognised
from smarketing.files.limits import check_columns
from smarketing.files.parsing import NEVER_CLOSES, Record, parse
from smarketing.files.tables import Dialect

DELIMITERS = (",", ";", "\t", "|", "^", "~", "\x1f", "\x01")


@dataclass(frozen=True)
class Sample:
    """The first lines of a file with their line ends; `complete` if they are all of it."""

    lines: tuple[str, ...]
    complete: bool


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
    rows = [record.cells for record in records if record.error is None and _counts(record.cells)]
    index = find_header(rows, ())
    header = rows[index] if index is not None else max(rows, key=len, default=[])
    errors = sum(1 for record in records if record.error)
    return errors + sum(not fits(row, header) for row in inner_rows(rows[index or 0 :]))


def _counts(cells: Sequence[str]) -> bool:
    """Whether a row says anything of the dialect: it is neither blank nor a remark."""
    return not blank(cells) and not is_remark(cells)


def fits(cells: Sequence[str | None], header: Sequence[str]) -> bool:
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
        records = [row for row in sample_records(sample, option) if _counts(row.cells)]
        rows = [record.cells for record in records if record.error is None]
        if find_header(rows, ()) is not None:
            best = max(best, 1 - _faults(records) / len(records))
    return best


def _headless(sample: Sample, dialects: Sequence[Dialect]) -> Dialect | None:
    """Give the dialect that cuts all records to one width although none of them is a header."""
    for dialect in dialects:
        rows = [row.cells for row in sample_records(sample, dialect) if _counts(row.cells)]
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
    rows = [record.cells for record in sample_records(sample, dialect) if _counts(record.cells)]
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
    """Choose how quotes work: the plain rule, unless several places speak for another one.

    One stray sign never decides, since it would change how every other record is read.
    """
    score = _score(sample, dialect, names)
    escaped = replace(dialect, escape="\\")
    if score[1] < 0 and _several(sample, '\\"') and _score(sample, escaped, names) > score:
        return escaped
    spaced = replace(dialect, skip_space=True)
    if _spaced(sample, dialect) and _score(sample, spaced, names) >= score:
        return spaced
    single = replace(dialect, quote="'")
    if _wrapped(sample, single) and _score(sample, single, names) > score:
        return single
    if score[1] < 0 and _unquoted(sample, dialect):
        return replace(dialect, quote=None)
    return dialect


def _several(sample: Sample, mark: str) -> bool:
    return sum(line.count(mark) for line in sample.lines) > 1


def _spaced(sample: Sample, dialect: Dialect) -> bool:
    """Whether a space stands behind delimiters as a rule, and quotes open after one."""
    mark = dialect.delimiter
    lines = [line for line in sample.lines if mark in line]
    rule = sum(1 for line in lines if f"{mark} " in line)
    return 2 * rule > len(lines) and any(f'{mark} "' in line for line in lines)


def _wrapped(sample: Sample, option: Dialect) -> bool:
    """Whether single quotes stand around several values and there are no double ones."""
    cells = [cell for line in sample.lines for cell in line.strip("\r\n").split(option.delimiter)]
    quoted = sum(1 for cell in cells if cell[:1] == "'" == cell[-1:] and len(cell) > 1)
    return quoted > 1 and not any('"' in line for line in sample.lines)


def _unquoted(sample: Sample, dialect: Dialect) -> bool:
    """Whether quotes are plain characters: several values hold some, or pairs of them.

    None may begin with one, and one quote alone is a stray one.
    """
    records = sample_records(sample, replace(dialect, quote=None))
    marked = [cell for record in records for cell in record.cells if '"' in cell]
    begins = any(cell.lstrip()[:1] == '"' for cell in marked)
    paired = all(cell.count('"') % 2 == 0 for cell in marked)
    return (len(marked) > 2 or paired) and not begins and _faults(records) == 0
