"""Reading spreadsheets (xlsx, xlsm, xlsb, xls, ods): each sheet that holds a table, by its text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from smarketing.errors import SourceError
from smarketing.files.headers import LOOK_AT, blank, find_header
from smarketing.files.limits import check_blanks
from smarketing.files.rows import (
    PREAMBLE,
    Header,
    Landing,
    Line,
    Sorted,
    drop_empty_blanks,
    make_header,
    sort_rows,
)
from smarketing.files.sheets import check_book
from smarketing.files.tables import ReadTable, Skipped, TotalRow

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

Cell = str | float | int | bool | date | datetime | time | timedelta | None
NO_TABLE = "sheet '{}' has no header row"


def read_book(
    path: Path,
    target: Callable[[str], Path],
    name: str,
    names: Collection[str] = (),
    totals: Collection[TotalRow] = (),
) -> list[ReadTable]:
    """Land every sheet of a workbook that holds a table; `_row` is the row of the spreadsheet.

    Dates are written as ISO, whole numbers without a point. A workbook with several sheets names
    each `book.xlsx[Sheet]`. Empty sheets are passed over; the rows of a sheet without a header are
    counted as skipped with the first table. Raises SourceError for a workbook without a table.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

    check_book(path, name)
    try:
        with CalamineWorkbook.from_path(path) as book:
            return _tables(book, target, name, names, totals)
    except PasswordError as error:
        raise SourceError(f"{name} is protected by a password; save it without one.") from error
    except (CalamineError, ZipError) as error:
        raise SourceError(
            f"{name} cannot be read as a spreadsheet ({error}): save it as xlsx or csv."
        ) from error


def _tables(
    book: CalamineWorkbook,
    target: Callable[[str], Path],
    name: str,
    names: Collection[str],
    totals: Collection[TotalRow],
) -> list[ReadTable]:
    tables: list[ReadTable] = []
    others: list[Skipped] = []
    for title in book.sheet_names:
        sheet = book.get_sheet_by_name(title)
        label = f"{name}[{title}]" if len(book.sheet_names) > 1 else name
        header = _header(sheet, names, totals)
        if header is not None:
            check_blanks(len(header.blanks), label)
            tables.append(_table(sheet, header, target(label), label))
            continue
        filled = sum(1 for row in _rows(sheet) if not blank(row))
        if filled:
            others.append(Skipped(NO_TABLE.format(title), filled))
    if not tables:
        raise SourceError(_nothing(name, others))
    return [replace(tables[0], skipped=(*tables[0].skipped, *others)), *tables[1:]]


def _nothing(name: str, others: Sequence[Skipped]) -> str:
    if not others:
        return f"{name} is empty: none of its sheets holds anything; export it again."
    return (
        f"{name} has no header row that can be told from its records: put the column names in the "
        "first row of the sheet, or name its columns in a profile."
    )


def _rows(sheet: CalamineSheet) -> Iterator[list[str]]:
    """Read the rows of a sheet from its first row on, as text."""
    above = sheet.start[0] if sheet.start else 0
    for position, row in enumerate(sheet.iter_rows()):
        cells = [cell_text(cell) for cell in row]
        if position == 0 and above and not blank(cells):
            # Some formats leave out the rows above the first cell that is filled.
            yield from ([] for _ in range(above))
        yield cells


def cell_text(cell: Cell) -> str:
    """Write a cell as the text a careful export would hold: ISO dates, the digits Excel shows."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e22 else f"{cell:.15g}"
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(int(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(cell)


def _header(
    sheet: CalamineSheet, names: Collection[str], totals: Collection[TotalRow]
) -> Header | None:
    head = list(islice(_rows(sheet), LOOK_AT))
    index = find_header(head, names)
    if index is None:
        return None
    above = sum(1 for row in head[:index] if not blank(row))
    return make_header(head[index], index + 1, above, totals)


def _table(sheet: CalamineSheet, header: Header, target: Path, name: str) -> ReadTable:
    result = Sorted(name)
    result.skipped[PREAMBLE] = header.preamble
    Landing(target, header.columns).write(sort_rows(_body(sheet, header), header, result))
    return ReadTable(
        name=name,
        columns=drop_empty_blanks(target, header),
        parquet=target,
        rows=result.rows,
        skipped=result.skips(),
        bad_rows=tuple(result.bad_rows),
        totals=tuple(result.totals),
        dialect="spreadsheet",
        notes=header.notes,
    )


def _body(sheet: CalamineSheet, header: Header) -> Iterator[Line]:
    for number, row in enumerate(_rows(sheet), start=1):
        if number > header.lines:
            yield Line(number, row)
