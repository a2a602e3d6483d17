"""How much a file may ask of the machine: what no export of records reaches is refused by name."""

from __future__ import annotations

import re

from smarketing.errors import SourceError

MAX_COLUMNS = 1 << 14
"""Columns of a table: as many as a spreadsheet can have."""
MAX_BLANKS = 1_000
"""Columns of a sheet without a header, beyond which a stray cell stands far from the table."""
MAX_VALUE = 1 << 24
"""Characters of one value; long texts of customer systems end at 131,072."""
MAX_LINE = 3 << 22
"""Characters without a line end, beyond which text is not read line by line."""
MAX_CELLS = 50_000_000
"""Cells of a sheet, which a reader holds in memory all at once, the empty ones too."""
MAX_SHEETS = 500
_HALF = re.compile("[\ud800-\udfff]")


def check_columns(count: int, name: str) -> None:
    """Refuse a table that is wider than tables of records are. Raises SourceError."""
    if count > MAX_COLUMNS:
        raise SourceError(
            f"{name} has {count:,} columns, more than the {MAX_COLUMNS:,} that are read: export "
            "only those that matter, or check that rows and columns are not swapped."
        )


def check_blanks(count: int, name: str) -> None:
    """Refuse a sheet in which a cell stands far to the right of the table. Raises SourceError."""
    if count > MAX_BLANKS:
        raise SourceError(
            f"{name} has {count:,} columns without a header, as when a stray cell stands far from "
            "the table: delete the columns that hold no records, or save the sheet as csv."
        )


def check_lines(longest: int, name: str) -> None:
    """Refuse text that goes on without a line end. Raises SourceError."""
    if longest >= MAX_LINE:
        raise SourceError(
            f"{name} goes on for more than {MAX_LINE >> 20} MB without a line end, as no table "
            "does: check that it is what its name says, and export it again."
        )


def text_fault(value: str) -> str | None:
    """Say why a text cannot be landed: too long, with a NUL, half a character; None when it can."""
    if len(value) > MAX_VALUE:
        return f"a value of more than {MAX_VALUE >> 20} MB"
    if "\0" in value:
        return "a NUL byte"
    if not value.isascii() and _HALF.search(value):
        return "half a character (a surrogate that stands alone)"
    return None


def printable(name: str) -> str:
    """Write a file's name so that it can be shown and stored, whatever its bytes are."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
