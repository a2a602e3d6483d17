"""Tables as CSV and XLSX, stamped, with every cell that could run as a formula defused."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

import pandas as pd

from smarketing.charts import format as fmt
from smarketing.charts.names import visible
from smarketing.charts.words import column_label
from smarketing.currencies import SYMBOLS, minor_digits
from smarketing.export.stamp import Stamp

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_UNSEEN = re.compile("^[\\s\x00-\x1f\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+")
#: A separator of other programs, with what could run behind it: where a comma is a decimal sign, a
#: file with commas is parted by semicolons.
_PARTED = re.compile("(?<=[;\t\r\n])(?=[\\s\x00-\x1f\u200b-\u200f\ufeff]*[=+@\uff1d\uff0b\uff20-])")
#: What a workbook makes a link of.
_ADDRESS = re.compile(r"https?://[^\s\"'<>]{1,2000}")
#: Units that are written in percent.
SHARES = frozenset({"rate", "share", "percent", "difference", "bar"})
#: What a cell of a workbook can hold.
LONGEST = 32_767
#: The moment that every workbook says it was written at: the same table gives the same bytes.
WRITTEN = datetime(2000, 1, 1)


def defuse(value: Any) -> Any:
    """Text that a spreadsheet might run as a formula gets an apostrophe in front; the rest stays.

    Leading blanks and what cannot be seen are looked through, since some programs trim them before
    they decide.
    """
    if not isinstance(value, str):
        return value
    starts = (value, _UNSEEN.sub("", value, count=1))
    return f"'{value}" if any(s.startswith(FORMULA_STARTS) for s in starts) else value


def plain(value: Any) -> Any:
    """A cell as a file can hold it: None for missing, texts defused."""
    if isinstance(value, dict):
        return defuse("; ".join(f"{key}: {held}" for key, held in value.items()))
    if isinstance(value, (list, tuple, set)):
        return defuse("; ".join(map(str, value)))
    if fmt.is_missing(value):
        return None
    if isinstance(value, datetime):
        return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
    if isinstance(value, bool):
        return value
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return defuse(value)


def to_csv(frame: pd.DataFrame, stamp: Stamp | None = None) -> bytes:
    """UTF-8 CSV, marked so that Excel reads €: the table, an empty one with its header.

    With a stamp its first line is one quoted cell that begins with `#` and holds the provenance:
    quoted, no part of it can run, by whichever separator a program parts it.
    """
    out = io.StringIO()
    if stamp is not None:
        said = "; ".join(f"{label}: {visible(value)}" for label, value in stamp.rows())
        csv.writer(out, quoting=csv.QUOTE_ALL).writerow([f"# {said}"])
    writer = csv.writer(out)
    writer.writerow([parted(defuse(str(column))) for column in frame.columns])
    for row in frame.itertuples(index=False, name=None):
        writer.writerow([parted(_text(plain(cell))) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def parted(value: Any) -> Any:
    """A cell of a CSV that runs nothing either where a program parts it by another separator."""
    if not isinstance(value, str):
        return value
    # What it begins with is defused already.
    begins = len(value) - len(_UNSEEN.sub("", value.removeprefix("'"), count=1))
    return value[:begins] + _PARTED.sub("'", value[begins:])


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return "" if value is None else value


def to_xlsx(
    frame: pd.DataFrame, stamp: Stamp, units: Mapping[str, str] | None = None, currency: str = ""
) -> bytes:
    """A workbook with the sheets Table (frozen header, autofilter) and About (the stamp).

    `units` says which columns are money (in `currency`), rates or ratios, and are written so; a
    column "unit" says it of the numbers of each row. Instants stand as their zone's clocks show
    them, the zone in the heading, since a workbook knows no offset. Web addresses are links.
    """
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": WRITTEN})
        fill_sheet(book, book.add_worksheet("Table"), frame, units or {}, currency)
        about = book.add_worksheet("About")
        bold = book.add_format({"bold": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        about.set_column(0, 0, 14)
        about.set_column(1, 1, 100)
        for index, (label, value) in enumerate(stamp.rows()):
            about.write_string(index, 0, label, bold)
            about.write_string(index, 1, fitting(defuse(value)), wrap)
    return out.getvalue()


def fill_sheet(
    book: Any, sheet: Any, frame: pd.DataFrame, units: Mapping[str, str], currency: str
) -> None:
    """Write a table with its headings in words, every value by its kind and unit."""
    head = book.add_format({"bold": True, "bottom": 1})
    formats = {
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        float: book.add_format({"num_format": "#,##0.00####"}),
        int: book.add_format({"num_format": "#,##0"}),
    }

    @cache
    def written(unit: str) -> dict[type, Any]:
        number = number_format(unit, currency)
        own = book.add_format({"num_format": number}) if number else None
        return formats | ({float: own, int: own} if own else {})

    of_row = [str(unit) for unit in frame["unit"]] if "unit" in frame else [""] * len(frame)
    for column, name in enumerate(frame.columns):
        label, unit = column_label(str(name)), units.get(str(name), "")
        zone = getattr(frame.dtypes.iloc[column], "tz", None)
        label += f" ({zone})" if zone else ""
        sheet.write_string(0, column, str(defuse(label)), head)
        values = [plain(v) for v in frame.iloc[:, column]]
        # A number without a fraction is a count, unless others of its column have one.
        is_counted = "unit" in frame or all(
            value.is_integer() for value in values if isinstance(value, float)
        )
        for row, value in enumerate(values, start=1):
            style = written(unit or of_row[row - 1])
            _write(sheet, row, column, value, style, is_counted=is_counted)
        longest = max([len(str(v)) for v in values[:200] if v is not None], default=0)
        sheet.set_column(column, column, min(48, max(len(label), longest) + 2))
    sheet.freeze_panes(1, 0)
    if len(frame.columns):
        sheet.autofilter(0, 0, max(len(frame), 1), len(frame.columns) - 1)


def number_format(unit: str, currency: str) -> str:
    """How a workbook writes numbers of a unit; empty for those without one."""
    if unit and unit in {"money", "currency", currency}:
        digits = minor_digits(currency)
        places = f".{'0' * digits}" if digits else ""
        symbol = SYMBOLS.get(currency, currency)
        return f"[${symbol}] #,##0{places};-[${symbol}] #,##0{places}"
    if unit in SHARES:
        return "0.0%"
    return '0.00" ×"' if unit == "ratio" else ""


def _write(
    sheet: Any, row: int, column: int, value: Any, formats: dict[type, Any], *, is_counted: bool
) -> None:
    if value is None:
        sheet.write_blank(row, column, None)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value.replace(tzinfo=None), formats[datetime])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats[date])
    elif isinstance(value, (int, float)):
        is_whole = is_counted and float(value).is_integer()
        sheet.write_number(row, column, value, formats[int if is_whole else type(value)])
    elif _ADDRESS.fullmatch(str(value)):
        sheet.write_url(row, column, str(value))
    else:
        sheet.write_string(row, column, fitting(str(value)))


def fitting(text: str) -> str:
    """A text that a cell can hold; one that is cut says so, rather than be left out."""
    if len(text) <= LONGEST:
        return text
    cut = f"… (cut: {len(text):,} characters in all)"
    return text[: LONGEST - len(cut)] + cut
