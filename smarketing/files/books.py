"""Reading spreadsheets (xlsx, xlsm, xlsb, xls, ods): each sheet that holds a table, by its text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from smarketing.errors import SourceError
from smarketing.files.header_row import LOOK_AT, locate
from smarketing.files.headers import blank
from smarketing.files.limits import check_blanks
from smarketing.files.merges import Merges
from smarketing.files.rows import Line
from smarketing.files.sheets import check_book
from smarketing.files.stack import finished, header_of, land_tables
from smarketing.files.table import Header
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
        merges = Merges.of(sheet)
        header = _header(_rows(sheet, merges), label, names, totals)
        if header is not None:
            check_blanks(len(header.blanks), label)
            tables += _sheet(sheet, merges, header, label, target, totals)
            continue
        count = sum(1 for row in _rows(sheet, merges) if not blank(row))
        if count:
            others.append(Skipped(NO_TABLE.format(title), count))
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


def _rows(sheet: CalamineSheet, merges: Merges) -> Iterator[list[str]]:
    """Read the rows of a sheet from its first row on, as text."""
    return merges.fill(_numbered(sheet))


def _numbered(sheet: CalamineSheet) -> Iterator[tuple[int, Sequence[Cell], list[str]]]:
    above = sheet.start[0] if sheet.start else 0
    missing = 0
    for position, row in enumerate(sheet.iter_rows()):
        cells = [cell_text(cell) for cell in row]
        if position == 0 and above and not blank(cells):
            # Some formats leave out the rows above the first cell that is filled.
            missing = above
            yield from ((number, (), []) for number in range(above))
        yield position + missing, row, cells


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
    rows: Iterator[list[str]], name: str, names: Collection[str], totals: Collection[TotalRow]
) -> Header | None:
    head = list(islice(rows, LOOK_AT))
    place = locate(head, names, name)
    if place is None:
        return None
    header = header_of(head[place.index], place, place.last + 1, names, totals)
    return replace(header, is_exact=True)


def _sheet(
    sheet: CalamineSheet,
    merges: Merges,
    header: Header,
    name: str,
    target: Callable[[str], Path],
    totals: Collection[TotalRow],
) -> list[ReadTable]:
    body = (
        Line(number, row)
        for number, row in enumerate(_rows(sheet, merges), start=1)
        if number > header.lines
    )
    found = land_tables(body, header, name, target, totals)
    notes = merges.notes(header)
    return [
        replace(table, notes=table.notes + (notes if number == 0 else ()))
        for number, table in enumerate(finished(part, "spreadsheet") for part in found)
    ]
