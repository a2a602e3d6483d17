"""What the parts of a workbook say before it is opened: how large its sheets are, and how filled.

The reader of workbooks holds every cell between the first and the last one in memory, so one stray
cell in the last corner of a sheet would ask for more than any machine has.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from smarketing.errors import SourceError
from smarketing.files.archive import check_size
from smarketing.files.limits import MAX_CELLS, MAX_SHEETS

_BLOCK = 1 << 20
_OVERLAP = 64
_SHEET = re.compile(r"(?i)sheets?/[^/]*\.(xml|bin)")
_FAR = re.compile(rb' r="(?:[A-Z]{3}|[A-Z]{0,2}[0-9]{8})')
_WIDE = re.compile(rb' r="([A-Z]{2,9})([0-9]{1,19})"')
_ROW = re.compile(rb'<row [^>]*?\br="([0-9]{1,19})"')
_ROWS, _COLUMNS = 1 << 20, 1 << 14
_TWO_LETTERS = 702
_NEVER = b"</f></c>"
_DIMENSIONS = 148
"""The record of a binary sheet that says from which row and column to which it is filled."""


@dataclass
class _Extent:
    """How far a sheet reaches, at most."""

    first: int = 0
    last: int = 0
    width: int = 26
    uncalculated: int = 0

    def take(self, block: bytes) -> None:
        """Take the rows that begin in a block into account."""
        for row in (_ROW.search(block), _ROW.search(block, max(0, block.rfind(b"<row ")))):
            if row is not None:
                self.first = self.first or int(row[1])
                self.last = max(self.last, int(row[1]))

    @property
    def cells(self) -> int:
        """The cells between the first and the last."""
        return (self.last - self.first + 1) * self.width


def check_book(path: Path, name: str) -> None:
    """Refuse a workbook that would ask too much, or whose formulas were never calculated.

    Raises SourceError. What is no packed workbook (xls) is bounded by its own format.
    """
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        size = sum(member.file_size for member in members)
        check_size(size, sum(member.compress_size for member in members), name)
        sheets = [member for member in members if _SHEET.search(member.filename)]
        if len(sheets) > MAX_SHEETS:
            raise SourceError(
                f"{name} has {len(sheets):,} sheets, more than the {MAX_SHEETS} that are read from "
                "one workbook; save those that matter in one of their own."
            )
        for member in sheets:
            with archive.open(member) as sheet:
                is_binary = member.filename.casefold().endswith(".bin")
                _check(_binary(sheet) if is_binary else _extent(sheet), name)


def _check(extent: _Extent, name: str) -> None:
    if extent.last > _ROWS or extent.width > _COLUMNS or extent.cells > MAX_CELLS:
        raise SourceError(
            f"{name} has a sheet that reaches to row {extent.last:,} and up to {extent.width:,} "
            "columns wide, as when a stray cell stands far from the table: delete the rows and "
            "columns that hold no records, or save the sheet as csv."
        )
    if extent.uncalculated:
        raise SourceError(
            f"{name} holds {extent.uncalculated:,} formulas without a result, which would be read "
            "as empty: open it in a spreadsheet, save it, and import it again."
        )


def _extent(sheet: IO[bytes]) -> _Extent:
    """Read through a sheet once. Its width is exact only where it could matter."""
    found = _Extent()
    for block in _blocks(sheet):
        found.take(block)
        found.uncalculated += block.count(_NEVER)
        if found.last * _TWO_LETTERS > MAX_CELLS or _FAR.search(block):
            for letters, row in _WIDE.findall(block):
                found.width = max(found.width, _column(letters))
                found.last = max(found.last, int(row))
    return found


def _blocks(sheet: IO[bytes]) -> Iterator[bytes]:
    """Yield the text in blocks that overlap a little, so that no reference is cut in two."""
    before = b""
    while block := sheet.read(_BLOCK):
        yield before + block
        before = block[-_OVERLAP:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _binary(sheet: IO[bytes]) -> _Extent:
    """Read what a binary sheet says of itself at its beginning."""
    head = sheet.read(4096)
    at = 0
    while at + 2 < len(head):
        kind, at = _varint(head, at, 2)
        size, at = _varint(head, at, 4)
        if kind == _DIMENSIONS and at + 16 <= len(head):
            first, last, left, right = struct.unpack_from("<4I", head, at)
            return _Extent(first + 1, last + 1, right - left + 1)
        at += size
    return _Extent()


def _varint(data: bytes, at: int, longest: int) -> tuple[int, int]:
    value = 0
    for place in range(longest):
        if at >= len(data):
            break
        byte = data[at]
        value |= (byte & 127) << (7 * place)
        at += 1
        if byte < 128:
            break
    return value, at
