"""What the parts of a workbook say before it is opened: how large its sheets are, and how filled.

The reader of workbooks holds every cell between the first and the last one in memory, so one stray
cell in the last corner of a sheet would ask for more than any machine has.
"""

from __future__ import annotations

import html
import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from smarketing.errors import SourceError
from smarketing.files.archive import check_size
from smarketing.files.limits import MAX_CELLS, MAX_SHEETS
from smarketing.files.repeats import check_texts

_BLOCK = 1 << 20
_OVERLAP = 512
_SHEET = re.compile(r"(?i)sheets?/[^/]*\.(xml|bin)")
_FAR = re.compile(rb' r="(?:[A-Z]{3}|[A-Z]{0,2}[0-9]{8})')
_WIDE = re.compile(rb' r="([A-Z]{2,9})([0-9]{1,19})"')
_ROW = re.compile(rb'<row [^>]*?\br="([0-9]{1,19})"')
_ROWS, _COLUMNS = 1 << 20, 1 << 14
_TWO_LETTERS = 702
_NEVER = re.compile(
    rb'<c (?![^>]*\bt="str")[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>|</f></c>'
)
"""A formula without a result; a blank text is one."""
_FAULT = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,8})"[^>]*\bt="e"[^>]*>'
    rb"(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)?<v>([^<]*)</v>"
)
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
LONGEST = 1 << 22
Faults = dict[tuple[int, int], str]
"""The cells that hold an error, by row and column from 0: `#N/A`, `#REF!`."""
_DIMENSIONS = 148
"""The record of a binary sheet that says from which row and column to which it is filled."""


@dataclass
class _Extent:
    """How far a sheet reaches, at most."""

    first: int = 0
    last: int = 0
    width: int = 26
    uncalculated: int = 0
    faults: Faults = field(default_factory=dict)

    def take(self, block: bytes) -> None:
        """Take the rows that begin in a block into account."""
        for row in (_ROW.search(block), _ROW.search(block, block.rfind(b"<row "))):
            if row is not None:
                self.first = self.first or int(row[1])
                self.last = max(self.last, int(row[1]))

    @property
    def cells(self) -> int:
        """The cells between the first and the last."""
        return (self.last - self.first + 1) * self.width


def check_book(path: Path, name: str) -> dict[str, Faults]:
    """Refuse a workbook that would ask too much, or whose formulas were never calculated.

    Answers, by the title of a sheet, the cells that hold an error. Raises SourceError. What is no
    packed workbook (xls) is bounded by its own format.
    """
    if not zipfile.is_zipfile(path):
        return {}
    found: dict[str, Faults] = {}
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
        check_texts(archive, sheets, name)
        called = titles(archive)
        for member in sheets:
            with archive.open(member) as sheet:
                is_binary = member.filename.casefold().endswith(".bin")
                extent = _binary(sheet) if is_binary else _extent(sheet)
            _check(extent, name)
            if extent.faults and member.filename in called:
                found[called[member.filename]] = extent.faults
    return found


def titles(archive: zipfile.ZipFile) -> dict[str, str]:
    """Give the titles of the sheets by the part of the workbook they are in."""
    try:
        book = archive.read("xl/workbook.xml")[:LONGEST]
        links = archive.read("xl/_rels/workbook.xml.rels")[:LONGEST]
    except KeyError:
        return {}
    targets = {tag["Id"]: tag["Target"] for tag in tags(links, b"Relationship") if "Target" in tag}
    return {
        posixpath.normpath(posixpath.join("/xl", targets[tag["r:id"]])).lstrip("/"): tag["name"]
        for tag in tags(book, b"sheet")
        if tag.get("r:id") in targets and "name" in tag
    }


def tags(text: bytes, tag: bytes) -> list[dict[str, str]]:
    """Give the attributes of each tag of this name in a part of a workbook."""
    return [
        {key.decode(): html.unescape(value.decode("utf-8", "replace")) for key, value in found}
        for found in map(_ATTRIBUTE.findall, re.findall(rb"<(?:\w+:)?" + tag + rb"\s[^>]*>", text))
    ]


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
    for block in blocks(sheet):
        found.take(block)
        if b"<f" in block:
            found.uncalculated += sum(1 for _ in _NEVER.finditer(block))
        if b't="e"' in block:
            for letters, row, text in _FAULT.findall(block):
                place = int(row) - 1, column_number(letters) - 1
                found.faults[place] = html.unescape(text.decode("utf-8", "replace"))
        if found.last * _TWO_LETTERS > MAX_CELLS or _FAR.search(block):
            for letters, row in _WIDE.findall(block):
                found.width = max(found.width, column_number(letters))
                found.last = max(found.last, int(row))
    return found


def blocks(sheet: IO[bytes]) -> Iterator[bytes]:
    """Yield the text in blocks that overlap a little, so that no reference is cut in two."""
    before = b""
    while block := sheet.read(_BLOCK):
        yield before + block
        before = block[-_OVERLAP:]


def column_number(letters: bytes) -> int:
    """Give the number of a column by its letters, from 1."""
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
