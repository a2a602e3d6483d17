"""A sheet of a chart's workbook, as XML: its cells read, moved and written, the workbook packed."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from typing import Any

from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_BOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_TYPES = "[Content_Types].xml"
_CHAIN = "xl/calcChain.xml"
_SHARED = "xl/sharedStrings.xml"
_CELL = re.compile(r"([A-Z]+)(\d+)")
Cell = tuple[int, int]
"""The row and the column of a cell, each counted from 1."""
Value = float | str | None


def number(letters: str) -> int:
    """Return which column letters name, counted from 1."""
    return int(xl_cell_to_rowcol(f"{letters}1")[1]) + 1


def letters(column: int) -> str:
    """Return the letters that name a column."""
    return str(xl_col_to_name(column - 1))


def place_of(packed: zipfile.ZipFile, sheet: str) -> str:
    """Return the name of the part that has a sheet."""
    sheets = parse_xml(packed.read(_BOOK)).iter(f"{_MAIN}sheet")
    wanted = next(one.get(f"{_OFFICE}id") for one in sheets if one.get("name") == sheet)
    relations = parse_xml(packed.read(_RELATIONS))
    target = next(one.get("Target") for one in relations if one.get("Id") == wanted)
    place = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    packed.getinfo(place)
    return place


def position(name: str) -> Cell:
    """Return the cell that a name such as B7 means; (0, 0) for what names none."""
    match = _CELL.fullmatch(name)
    return (int(match[2]), number(match[1])) if match else (0, 0)


def filled(root: Any) -> frozenset[Cell]:
    """Return the cells of a sheet that hold something."""
    return frozenset(position(cell.get("r", "")) for cell in root.iter(f"{_MAIN}c") if len(cell))


def formulas(root: Any) -> frozenset[Cell]:
    """Return the cells of a sheet that are worked out: they count with what is beside them."""
    found = (cell for cell in root.iter(f"{_MAIN}c") if cell.find(f"{_MAIN}f") is not None)
    return frozenset(position(cell.get("r", "")) for cell in found)


def texts(packed: zipfile.ZipFile, root: Any) -> dict[Cell, str]:
    """Return the texts of a sheet."""
    shared: list[str] = []
    if _SHARED in packed.namelist():
        shared = [_text(one) for one in parse_xml(packed.read(_SHARED)).iter(f"{_MAIN}si")]
    found = {}
    for cell in root.iter(f"{_MAIN}c"):
        value = cell.findtext(f"{_MAIN}v")
        if cell.get("t") == "s" and value is not None:
            found[position(cell.get("r", ""))] = shared[int(value)]
        elif cell.get("t") == "inlineStr":
            found[position(cell.get("r", ""))] = _text(cell)
    return found


def _text(part: Any) -> str:
    return "".join(one.text or "" for one in part.iter(f"{_MAIN}t"))


def move(root: Any, moves: Mapping[Cell, Cell]) -> None:
    """Put cells of a sheet into other rows, as they are."""
    data = root.find(f"{_MAIN}sheetData")
    rows = {int(row.get("r")): row for row in data}
    cells = {position(cell.get("r")): cell for cell in root.iter(f"{_MAIN}c")}
    for cell in moves:
        cells[cell].getparent().remove(cells[cell])
    for cell, (at, column) in moves.items():
        row = rows.setdefault(at, data.makeelement(f"{_MAIN}row", {"r": str(at)}))
        row.attrib.pop("spans", None)
        cells[cell].set("r", f"{letters(column)}{at}")
        there = {position(one.get("r"))[1]: one for one in row} | {column: cells[cell]}
        row[:] = [there[n] for n in sorted(there)]
    data[:] = [rows[at] for at in sorted(rows)]


def write(root: Any, values: Mapping[Cell, Value]) -> None:
    """Write cells of a sheet; each keeps its format, a new one has that of the cell above."""
    data = root.find(f"{_MAIN}sheetData")
    rows = {int(row.get("r")): row for row in data}
    for at in sorted({row for row, _ in values} - set(rows)):
        rows[at] = data.makeelement(f"{_MAIN}row", {"r": str(at)})
    formats: dict[int, str] = {}
    for at in sorted({row for row, _ in values}):
        row = rows[at]
        row.attrib.pop("spans", None)
        cells = {position(cell.get("r"))[1]: cell for cell in row}
        for column in sorted(column for place, column in values if place == at):
            cell = cells.get(column)
            if cell is None:
                cell = row.makeelement(f"{_MAIN}c", {"r": f"{letters(column)}{at}"})
                if column in formats:
                    cell.set("s", formats[column])
                cells[column] = cell
            elif cell.get("s"):
                formats[column] = cell.get("s")
            _put(cell, values[at, column])
        row[:] = [cells[column] for column in sorted(cells)]
    data[:] = [rows[at] for at in sorted(rows)]
    extent = root.find(f"{_MAIN}dimension")
    if extent is not None:
        root.remove(extent)


def _put(cell: Any, value: Value) -> None:
    for part in list(cell):
        cell.remove(part)
    cell.attrib.pop("t", None)
    if value is None:
        return
    if not isinstance(value, str):
        part = cell.makeelement(f"{_MAIN}v", {})
        part.text = repr(value)
        cell.append(part)
        return
    cell.set("t", "inlineStr")
    held = cell.makeelement(f"{_MAIN}is", {})
    text = held.makeelement(
        f"{_MAIN}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"}
    )
    text.text = value
    held.append(text)
    cell.append(held)


def name_columns(
    packed: zipfile.ZipFile,
    changed: dict[str, bytes],
    place: str,
    values: Mapping[Cell, Value],
) -> None:
    """Name the columns of a table that a person made of the figure as its headers now read."""
    folder, _, sheet = place.rpartition("/")
    relations = f"{folder}/_rels/{sheet}.rels"
    if relations not in packed.namelist():
        return
    for one in parse_xml(packed.read(relations)):
        if not one.get("Type", "").endswith("/table"):
            continue
        name = posixpath.normpath(posixpath.join("/", folder, one.get("Target"))).lstrip("/")
        table = parse_xml(packed.read(name))
        top, left = position(table.get("ref", "").partition(":")[0])
        for n, column in enumerate(table.iter(f"{_MAIN}tableColumn")):
            header = values.get((top, left + n))
            if isinstance(header, str):
                column.set("name", header)
        changed[name] = serialize_part_xml(table)


def forget_results(
    packed: zipfile.ZipFile, changed: dict[str, bytes], place: str, root: Any
) -> None:
    """Take out what formulas gave of the figures before; they are worked out when it is opened."""
    for name in packed.namelist():
        if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
            continue
        sheet = root if name == place else parse_xml(packed.read(name))
        given = [cell for cell in sheet.iter(f"{_MAIN}c") if cell.find(f"{_MAIN}f") is not None]
        for cell in given:
            for part in cell.findall(f"{_MAIN}v"):
                cell.remove(part)
            cell.attrib.pop("t", None)
        if given:
            changed[name] = serialize_part_xml(sheet)
    book = parse_xml(packed.read(_BOOK))
    for settings in book.iter(f"{_MAIN}calcPr"):
        settings.set("fullCalcOnLoad", "1")
    changed[_BOOK] = serialize_part_xml(book)
    if _CHAIN in packed.namelist():
        for name, key, value in ((_TYPES, "PartName", _CHAIN), (_RELATIONS, "Target", "calcChain")):
            listed = parse_xml(packed.read(name))
            for one in [one for one in listed if value in (one.get(key) or "")]:
                listed.remove(one)
            changed[name] = serialize_part_xml(listed)


def repacked(packed: zipfile.ZipFile, changed: Mapping[str, bytes]) -> bytes:
    """Return the workbook with its changed parts, without the order in which it was worked out."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name in (name for name in packed.namelist() if name != _CHAIN):
            made.writestr(name, changed[name] if name in changed else packed.read(name))
    return written.getvalue()
