"""Tables as CSV and XLSX, stamped, with every cell that could run as a formula defused."""

from __future__ import annotations

import csv
import io
import math
from datetime import date, datetime
from typing import Any

import pandas as pd

from smarketing.charts import format as fmt
from smarketing.export.stamp import Stamp

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def defuse(value: Any) -> Any:
    """Text that a spreadsheet might run as a formula gets an apostrophe in front; the rest stays.

    Leading blanks are looked through, since some programs trim them before they decide.
    """
    if not isinstance(value, str):
        return value
    bare = value.lstrip(" \u00a0\u200b\ufeff")
    return f"'{value}" if bare.startswith(FORMULA_STARTS) else value


def plain(value: Any) -> Any:
    """A cell as a spreadsheet can hold it: None for missing, no timezone, defused text."""
    if isinstance(value, (list, tuple, set, dict)):
        return defuse(str(value))
    if fmt.is_missing(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.tz_localize(None).to_pydatetime()
    if isinstance(value, bool):
        return value
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return defuse(value)


def to_csv(frame: pd.DataFrame, stamp: Stamp) -> bytes:
    """UTF-8 CSV, marked so that Excel reads €: stamp lines with `#`, then the table.

    An empty table still has its header.
    """
    out = io.StringIO()
    for label, value in stamp.rows():
        line = f"{label}: {value}".replace("\n", " ").replace("\r", " ")
        out.write(f"# {line}\r\n")
    writer = csv.writer(out)
    writer.writerow([defuse(str(column)) for column in frame.columns])
    for row in frame.itertuples(index=False, name=None):
        writer.writerow([_text(plain(cell)) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return "" if value is None else value


def to_xlsx(frame: pd.DataFrame, stamp: Stamp) -> bytes:
    """A workbook with the sheets Table (frozen header, autofilter) and About (the stamp)."""
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        _table_sheet(book, frame)
        about = book.add_worksheet("About")
        bold = book.add_format({"bold": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        about.set_column(0, 0, 14)
        about.set_column(1, 1, 100)
        for index, (label, value) in enumerate(stamp.rows()):
            about.write_string(index, 0, label, bold)
            about.write_string(index, 1, defuse(value), wrap)
    return out.getvalue()


def _table_sheet(book: Any, frame: pd.DataFrame) -> None:
    sheet = book.add_worksheet("Table")
    head = book.add_format({"bold": True, "bottom": 1})
    formats = {
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        float: book.add_format({"num_format": "#,##0.00####"}),
        int: book.add_format({"num_format": "#,##0"}),
    }
    for column, name in enumerate(frame.columns):
        sheet.write_string(0, column, str(defuse(str(name))), head)
        values = [plain(v) for v in frame.iloc[:, column]]
        for row, value in enumerate(values, start=1):
            _write(sheet, row, column, value, formats)
        longest = max([len(str(v)) for v in values[:200] if v is not None], default=0)
        sheet.set_column(column, column, min(48, max(len(str(name)), longest) + 2))
    sheet.freeze_panes(1, 0)
    if len(frame.columns):
        sheet.autofilter(0, 0, max(len(frame), 1), len(frame.columns) - 1)


def _write(sheet: Any, row: int, column: int, value: Any, formats: dict[type, Any]) -> None:
    if value is None:
        sheet.write_blank(row, column, None)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, (datetime, date)):
        sheet.write_datetime(row, column, value, formats[type(value)])
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value, formats[type(value)])
    else:
        sheet.write_string(row, column, str(value))
