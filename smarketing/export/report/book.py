"""A report as a workbook: the numbers of every page, typed, with a sheet of definitions."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from typing import Any

from smarketing.export.deck.pages import Chart, Grid, Number, Page
from smarketing.export.tables import (
    WRITTEN,
    defuse,
    fill_sheet,
    fitting,
    number_format,
    parted,
    to_csv,
)

_BAD = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_LONGEST = 31
#: Pages that the sheet of definitions would be taken for.
_CALLED = {"definitions": "numbers"}


def to_book(title: str, pages: Sequence[Page]) -> bytes:
    """Return a workbook: a sheet per page with data, and `Definitions` with what each means.

    Numbers of charts are numbers; no text can run as a formula. The same pages give the same bytes.
    """
    import xlsxwriter

    written = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(written, options) as book:
        book.set_properties({"title": title[:255], "created": WRITTEN})
        taken = {"definitions"}
        for page in pages:
            sheet = book.add_worksheet(_sheet_name(_CALLED.get(page.name, page.name), taken))
            if page.table is None:
                _fill(book, sheet, page)
            else:
                table = page.table
                fill_sheet(book, sheet, table.frame, table.units, table.currency)
        _definitions(book, pages)
    return written.getvalue()


def table_of(page: Page) -> bytes:
    """Return a page's numbers as plain CSV in UTF-8, no cell of which can run as a formula."""
    if page.table is not None:
        return to_csv(page.table.frame)
    written = io.StringIO()
    writer = csv.writer(written)
    for row in _rows(page):
        writer.writerow(["" if value is None else parted(defuse(value)) for value in row])
    return written.getvalue().encode("utf-8-sig")


def _sheet_name(name: str, taken: set[str]) -> str:
    base = _BAD.sub(" ", name).strip()[:_LONGEST] or "Sheet"
    found, number = base, 2
    while found.casefold() in taken:
        tail = f" {number}"
        found, number = base[: _LONGEST - len(tail)] + tail, number + 1
    taken.add(found.casefold())
    return found


def _fill(book: Any, sheet: Any, page: Page) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    rows = _rows(page)
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            style = bold if row == 0 else None
            if isinstance(value, float | int) and page_format(page):
                style = book.add_format({"num_format": page_format(page)})
            _write(sheet, row, column, value, style)
    for column in range(max(map(len, rows), default=0)):
        longest = max(len(str(cells[column])) for cells in rows if len(cells) > column)
        sheet.set_column(column, column, min(60, longest + 2))
    sheet.freeze_panes(1, 0)


def page_format(page: Page) -> str:
    """Return the number format of a page's numbers, blank where it has none of its own."""
    if not isinstance(page.body, Chart):
        return ""
    currency = page.body.currency
    return number_format(currency, currency) if currency else page.body.number_format


def _rows(page: Page) -> list[tuple[Any, ...]]:
    body = page.body
    if isinstance(body, Chart) and body.is_empty:
        return [(page.headline,)]
    if isinstance(body, Chart):
        seen = [series for series in body.series if series.role != "hidden"]
        head = (body.heading, *(series.name for series in seen))
        names = [name.split("\n")[0] for name in body.categories]
        columns = ([_tidy(value) for value in series.values] for series in seen)
        return [head, *zip(names, *columns, strict=True)]
    if isinstance(body, Grid):
        return [body.headers, *body.rows]
    numbers = [item for item in body if isinstance(item, Number)]
    if numbers:
        return [("Figure", "Value", "Verdict"), *((n.label, n.value, n.verdict) for n in numbers)]
    return [(page.headline,), *((str(sentence),) for sentence in body)]


def _tidy(value: float | None) -> float | int | None:
    """A number without what adding up left of it: counts are whole, amounts to a millionth."""
    if value is None or not math.isfinite(value):
        return value
    near = round(value, 6)
    return int(near) if near == int(near) else near


def _write(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, float | int):
        sheet.write_number(row, column, value, style)
    else:
        sheet.write_string(row, column, fitting(defuse(str(value))), style)


def _definitions(book: Any, pages: Sequence[Page]) -> None:
    sheet = book.add_worksheet("Definitions")
    bold, wrap = (
        book.add_format({"bold": True}),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    for column, (head, width) in enumerate(
        (("Page", 18), ("Finding", 50), ("Measure", 30), ("Definition", 80), ("Computed under", 50))
    ):
        sheet.write_string(0, column, head, bold)
        sheet.set_column(column, column, width)
    for row, page in enumerate(pages, start=1):
        told = (page.name, page.headline, page.measure, page.notes, page.stamp)
        for column, text in enumerate(told):
            sheet.write_string(row, column, fitting(defuse(text)), wrap)
    sheet.freeze_panes(1, 0)
