"""How much text a workbook comes to: a text may stand once in it for any number of cells.

The reader of workbooks holds the text of every cell for itself, so a small file could ask for more
memory than any machine has.
"""

from __future__ import annotations

import re
import zipfile

from smarketing.errors import SourceError
from smarketing.files.archive import FREE_BYTES, check_size

#: How many times their packed size the sheets of a workbook may come to: each row bears its number.
_SHEET_RATIO = 100
_SHARED = "xl/sharedStrings.xml"
_CONTENT = "content.xml"
_REFERENCE = re.compile(rb'\bt="s"[^>]*><v>([0-9]{1,9})</v>')
_ROWS = re.compile(rb'[^>]*number-rows-repeated="([0-9]{1,9})"')
_CELL = re.compile(rb"<table:table-cell([^>]*[^/>])>(.*?)</table:table-cell>", re.DOTALL)
_COLUMNS = re.compile(rb'number-columns-repeated="([0-9]{1,9})"')


def check_texts(archive: zipfile.ZipFile, sheets: list[zipfile.ZipInfo], name: str) -> None:
    """Refuse a workbook whose cells hold text out of all proportion to its size."""
    parts = set(archive.namelist())
    packed = sum(member.compress_size for member in archive.infolist())
    size = sum(sheet.file_size for sheet in sheets)
    if size > FREE_BYTES and size > _SHEET_RATIO * packed:
        raise SourceError(
            f"{name} unpacks to more than {_SHEET_RATIO} times its size, as no workbook does whose "
            "rows differ; save it as .csv and import that."
        )
    if _SHARED in parts:
        check_size(_shared(archive, sheets), packed, name)
    elif _CONTENT in parts:
        check_size(_repeated(archive.read(_CONTENT)), packed, name)


def _shared(archive: zipfile.ZipFile, sheets: list[zipfile.ZipInfo]) -> int:
    """Return the characters of the texts that cells take from the common list, in bytes."""
    texts = [len(text) for text in archive.read(_SHARED).split(b"</si>")]
    if max(texts) * sum(sheet.file_size for sheet in sheets) < FREE_BYTES:
        return 0
    return sum(
        texts[int(place)]
        for sheet in sheets
        for place in _REFERENCE.findall(archive.read(sheet))
        if int(place) < len(texts)
    )


def _repeated(content: bytes) -> int:
    """Return the bytes of cells that are written once for several columns, and rows."""
    found = 0
    for row in content.split(b"<table:table-row")[1:]:
        rows = _ROWS.match(row)
        cells = sum(
            len(text) * int(columns[1] if (columns := _COLUMNS.search(tag)) else 1)
            for tag, text in _CELL.findall(row)
        )
        found += cells * int(rows[1] if rows else 1)
    return found
