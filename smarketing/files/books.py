"""Reading spreadsheets (xlsx, xlsm, xlsb, xls, ods): each sheet that holds a table, by its text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from smarketing.errors import SourceError
from smarketing.files.formats import Formats, hides_formats, is_padded, read_formats, shown
from smarketing.files.header_row import LOOK_AT, beside_header, locate, side_by_side
from smarketing.files.headers import blank
from smarketing.files.limits import check_blanks
from smarketing.files.merges import Merges, listed
from smarketing.files.panics import unheard
from smarketing.files.rows import Line
from smarketing.files.scales import check_scale
from smarketing.files.sheets import Faults, check_book
from smarketing.files.stack import finished, header_of, land_tables
from smarketing.files.table import Header
from smarketing.files.tables import LandedTable, Skipped, TotalRow
from smarketing.files.turned import TURN, turned

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

Cell = str | float | int | bool | date | datetime | time | timedelta | None
NO_TABLE = "sheet '{}' has no header row"
HIDDEN = "sheet '{}' is hidden"
UNSEEN = (
    "currencies that only the format of its cells shows are not read from such a file: save it as "
    "xlsx if there are any"
)
PADDED = "zeros that only the format of {} shows are not read: 7 shown as 007 is 7"
_INEXACT = 2.0**53
"""From here on a number cell no longer holds every whole number: another id may have become it."""


def read_book(
    path: Path,
    target: Callable[[str], Path],
    name: str,
    names: Collection[str] = (),
    totals: Collection[TotalRow] = (),
) -> list[LandedTable]:
    """Land every sheet of a workbook that holds a table; `_row` is the row of the spreadsheet.

    Dates are written as ISO, whole numbers without a point. A workbook with several sheets names
    each `book.xlsx[Sheet]`. Empty sheets are passed over; the rows of a sheet without a header, and
    of one that is hidden, are counted as skipped with the first table. Raises SourceError for a
    workbook without a table that can be seen.
    """
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetVisibleEnum,
        ZipError,
    )

    faults, formats = check_book(path, name), read_formats(path)
    try:
        with unheard(), CalamineWorkbook.from_path(path) as book:
            sheets = (
                (
                    title,
                    _Sheet(
                        book.get_sheet_by_name(title),
                        totals,
                        faults.get(title, {}),
                        formats.get(title),
                    ),
                )
                for title in book.sheet_names
            )
            hidden = {
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.visible != SheetVisibleEnum.Visible
            }
            called = f"{name}[{{}}]" if len(book.sheet_names) > 1 else name
            tables = _tables(sheets, hidden, target, called, names)
            notes = (UNSEEN,) if hides_formats(path) else ()
            return [replace(tables[0], notes=tables[0].notes + notes), *tables[1:]]
    except PasswordError as error:
        raise SourceError(f"{name} is protected by a password; save it without one.") from error
    except (CalamineError, ZipError) as error:
        raise SourceError(
            f"{name} cannot be read as a spreadsheet ({error}): save it as xlsx or csv."
        ) from error


def _tables(
    sheets: Iterable[tuple[str, _Sheet]],
    hidden: Collection[str],
    target: Callable[[str], Path],
    called: str,
    names: Collection[str],
) -> list[LandedTable]:
    tables: list[LandedTable] = []
    others: list[Skipped] = []
    for title, sheet in sheets:
        label = called.replace("[{}]", f"[{title}]")
        found = [] if title in hidden else sheet.tables(label, names, target)
        tables += found
        count = 0 if found else sum(1 for row in sheet.rows() if not blank(row))
        if count:
            reason = HIDDEN if title in hidden else sheet.no_table
            others.append(Skipped(reason.format(title), count))
    if not tables:
        raise SourceError(_nothing(called.removesuffix("[{}]"), others))
    return [replace(tables[0], skipped=(*tables[0].skipped, *others)), *tables[1:]]


def _nothing(name: str, others: Sequence[Skipped]) -> str:
    if not others:
        return f"{name} is empty: none of its sheets holds anything; export it again."
    if any(part.reason.endswith("is hidden") for part in others):
        return (
            f"{name} holds no table on a sheet that is shown, and hidden sheets are not read: "
            "unhide the one with the records, and import it again."
        )
    stretches = next((part.reason for part in others if TURN in part.reason), None)
    if stretches:
        return f"{name} holds no table that can be read: {stretches}."
    return (
        f"{name} has no header row that can be told from its records: put the column names in the "
        "first row of the sheet, or name its columns in a profile."
    )


def cell_text(cell: Cell) -> str:
    """Write a cell as the text a careful export would hold: ISO dates, the digits Excel shows.

    Whole numbers that the cell may have rounded are written as such (1.2e+17): they are no ids.
    """
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if not cell.is_integer():
            return f"{cell:.15g}"
        return f"{cell:.0f}" if abs(cell) < _INEXACT else f"{cell:.16e}"
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(int(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(cell)


class _Sheet:
    """A sheet of a workbook: its rows as text, and the tables that stand on it."""

    def __init__(
        self,
        sheet: CalamineSheet,
        totals: Collection[TotalRow],
        faults: Faults,
        formats: Formats | None,
    ) -> None:
        self.sheet = sheet
        self.totals = totals
        self.faults = faults
        self.formats = formats
        self.padded: set[int] = set()
        self.merges = Merges.of(sheet)
        self.offset = sheet.start[1] if sheet.start else 0

    def rows(self, columns: slice = slice(None)) -> Iterator[list[str]]:
        """Read the rows from the first of the sheet on, or some columns of them."""
        return (row[columns] for row in self.merges.fill(self._numbered()))

    def _numbered(self) -> Iterator[tuple[int, Sequence[Cell], list[str]]]:
        above = self.sheet.start[0] if self.sheet.start else 0
        missing = 0
        for position, row in enumerate(self.sheet.iter_rows()):
            cells = [cell_text(cell) for cell in row]
            if position == 0 and above and not blank(cells):
                # Some formats leave out the rows above the first cell that is filled.
                missing = above
                yield from ((number, (), []) for number in range(above))
            if self.faults:
                self._show_faults(position + missing, cells)
            if self.formats:
                self._show_currencies(position + missing, row, cells, self.formats)
            yield position + missing, row, cells

    def _show_faults(self, number: int, cells: list[str]) -> None:
        """Write an error where it stands: the reader gives it as an empty cell."""
        for place, text in enumerate(cells):
            cells[place] = text or self.faults.get((number, place + self.offset), "")

    def _show_currencies(
        self, number: int, row: Sequence[Cell], cells: list[str], formats: Formats
    ) -> None:
        """Write beside each number the currency that its format shows; zeros are only noted."""
        for place, cell in enumerate(row):
            if isinstance(cell, int | float) and not isinstance(cell, bool):
                format_ = formats.of(number, place + self.offset)
                if is_padded(cells[place], format_):
                    self.padded.add(place)
                cells[place] = shown(cells[place], format_)

    def tables(
        self, name: str, names: Collection[str], target: Callable[[str], Path]
    ) -> list[LandedTable]:
        """Land the tables of the sheet, which may stand below or beside each other."""
        head = list(islice(self.rows(), LOOK_AT))
        place = locate(head, names, name)
        if place is None:
            return []
        tables: list[LandedTable] = []
        for start, stop in side_by_side(head, place.index):
            part = [row[start:stop] for row in head]
            found = locate(part, names, name)
            called = name if not tables else f"{name}[columns from {_letters(start + self.offset)}]"
            if found is not None:
                check_scale(beside_header(part, found), called)
                header = header_of(part[found.index], found, found.last + 1, names, self.totals)
                check_blanks(len(header.blanks), called)
                header = replace(header, is_exact=True)
                tables += self._landed(header, slice(start, stop), called, target)
        return tables

    @property
    def no_table(self) -> str:
        """Why no table was found, to be said with the sheet's title."""
        stretches = next(filter(None, map(turned, islice(self.rows(), LOOK_AT))), None)
        return f"sheet {{}} {stretches}" if stretches else NO_TABLE

    def _landed(
        self, header: Header, columns: slice, name: str, target: Callable[[str], Path]
    ) -> list[LandedTable]:
        body = (
            Line(number, row)
            for number, row in enumerate(self.rows(columns), start=1)
            if number > header.lines
        )
        found = land_tables(body, header, name, target, self.totals)
        tables = [finished(part, "spreadsheet") for part in found]
        notes = self.merges.notes(header.columns, columns.start)
        padded = listed(header.columns, columns.start, self.padded)
        notes += (PADDED.format(padded),) if padded else ()
        return [replace(tables[0], notes=tables[0].notes + notes), *tables[1:]]


def _letters(column: int) -> str:
    """Name a column as spreadsheets do."""
    text = ""
    while column >= 0:
        text = chr(ord("A") + column % 26) + text
        column = column // 26 - 1
    return text
