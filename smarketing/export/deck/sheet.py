"""The sheet behind a chart that people may have worked in: only the figure's cells are written.

Their columns beside, formulas, comments and formats stay; a text or number beside a category
follows it to another row, and stands beneath the figure once the category is gone. Where cells of
theirs stand in the way of the figure's, the figure goes right of everything, and its chart reads it
there.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

from smarketing.export.deck.pages import Chart, fingerprint

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_BOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_TYPES = "[Content_Types].xml"
_CHAIN = "xl/calcChain.xml"
_SHARED = "xl/sharedStrings.xml"
_AREA = re.compile(
    r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?"
)
_CELL = re.compile(r"([A-Z]+)(\d+)")
_Cell = tuple[int, int]
_Value = float | str | None


@dataclass(frozen=True)
class _Area:
    """Cells that a chart reads: of which sheet, from which row and column, to which."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    def cells(self) -> Iterator[_Cell]:
        for row in range(self.top, self.bottom + 1):
            for column in range(self.left, self.right + 1):
                yield row, column


@dataclass(frozen=True)
class Sheet:
    """The workbook that a chart had, and where in its sheet each part of the figure stood.

    `columns` are those of series, by name; `categories` is where these began, if it can be told.
    """

    content: bytes
    name: str
    ours: frozenset[_Cell]
    categories: _Cell | None
    columns: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class _Layout:
    """Where the figure is to stand: the row of its headers, the column of its categories,
    and those of its series.
    """

    top: int
    names: int
    columns: tuple[int, ...]


def sheet_of(drawn: Any) -> Sheet | None:
    """Return the sheet behind a chart; None where it has none that can be read."""
    part = drawn.part.chart_workbook.xlsx_part
    areas = [_areas(series._element) for series in drawn.series]
    names = {area.sheet for one in areas for area in one.values()}
    if part is None or len(names) != 1:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(part.blob)) as packed:
            _place_of(packed, name := names.pop())
    except (zipfile.BadZipFile, KeyError, StopIteration):
        return None
    categories = {(one["cat"].top, one["cat"].left) for one in areas if "cat" in one}
    return Sheet(
        part.blob,
        name,
        frozenset(cell for one in areas for area in one.values() for cell in area.cells()),
        categories.pop() if len(categories) == 1 else None,
        tuple(
            (series.name, one["val"].left)
            for series, one in zip(drawn.series, areas, strict=True)
            if "val" in one
        ),
    )


def put_back(drawn: Any, held: Sheet, chart: Chart, gone: Collection[str] = ()) -> tuple[str, ...]:
    """Give a chart the sheet it had, the figure's cells new; returns what of a person's is in it.

    `chart` is what was drawn, its series in the order of the chart's; `gone` are the marks of those
    that a person deleted, whose numbers still stand in the sheet and go.
    """
    packed = zipfile.ZipFile(io.BytesIO(held.content))
    place = _place_of(packed, held.name)
    root = parse_xml(packed.read(place))
    texts = _texts(packed, root)
    held = replace(held, ours=held.ours | _left_over(held, texts, gone))
    theirs = _filled(root) - held.ours
    layout = _laid_out(held, theirs, chart)
    moves = _moves(held, layout, chart, texts, theirs, _formulas(root))
    _move(root, moves)
    theirs = frozenset(moves.get(cell, cell) for cell in theirs)
    wanted = _values(chart, layout)
    blank: dict[_Cell, _Value] = dict.fromkeys(held.ours)
    _write(root, {**blank, **wanted})
    changed = {place: serialize_part_xml(root)}
    _name_columns(packed, changed, place, wanted)
    _forget_results(packed, changed, place, root)
    drawn.part.chart_workbook.update_from_xlsx_blob(_repacked(packed, changed))
    _point(drawn, held.name, layout, len(chart.categories))
    return _told(theirs)


def _areas(ser: Any) -> dict[str, _Area]:
    """Return what of a series stands where: `tx`, `cat` and `val`; none that cannot be told."""
    found = {}
    for part in ("tx", "cat", "val"):
        for formula in ser.xpath(f"./c:{part}//c:f"):
            match = _AREA.fullmatch((formula.text or "").strip())
            if match:
                quoted, plain, left, top, right, bottom = match.groups()
                found[part] = _Area(
                    quoted.replace("''", "'") if quoted else plain,
                    int(top),
                    _number(left),
                    int(bottom or top),
                    _number(right or left),
                )
    return found


def _number(letters: str) -> int:
    return int(xl_cell_to_rowcol(f"{letters}1")[1]) + 1


def _letters(column: int) -> str:
    return str(xl_col_to_name(column - 1))


def _place_of(packed: zipfile.ZipFile, sheet: str) -> str:
    """Return the name of the part that has a sheet."""
    sheets = parse_xml(packed.read(_BOOK)).iter(f"{_MAIN}sheet")
    wanted = next(one.get(f"{_OFFICE}id") for one in sheets if one.get("name") == sheet)
    relations = parse_xml(packed.read(_RELATIONS))
    target = next(one.get("Target") for one in relations if one.get("Id") == wanted)
    place = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    packed.getinfo(place)
    return place


def _position(name: str) -> _Cell:
    match = _CELL.fullmatch(name)
    return (int(match[2]), _number(match[1])) if match else (0, 0)


def _filled(root: Any) -> frozenset[_Cell]:
    """Return the cells of a sheet that hold something."""
    return frozenset(_position(cell.get("r", "")) for cell in root.iter(f"{_MAIN}c") if len(cell))


def _formulas(root: Any) -> frozenset[_Cell]:
    """Return the cells of a sheet that are worked out: they count with what is beside them."""
    found = (cell for cell in root.iter(f"{_MAIN}c") if cell.find(f"{_MAIN}f") is not None)
    return frozenset(_position(cell.get("r", "")) for cell in found)


def _texts(packed: zipfile.ZipFile, root: Any) -> dict[_Cell, str]:
    """Return the texts of a sheet."""
    shared: list[str] = []
    if _SHARED in packed.namelist():
        shared = [_text(one) for one in parse_xml(packed.read(_SHARED)).iter(f"{_MAIN}si")]
    found = {}
    for cell in root.iter(f"{_MAIN}c"):
        value = cell.findtext(f"{_MAIN}v")
        if cell.get("t") == "s" and value is not None:
            found[_position(cell.get("r", ""))] = shared[int(value)]
        elif cell.get("t") == "inlineStr":
            found[_position(cell.get("r", ""))] = _text(cell)
    return found


def _text(part: Any) -> str:
    return "".join(one.text or "" for one in part.iter(f"{_MAIN}t"))


def _left_over(held: Sheet, texts: Mapping[_Cell, str], gone: Collection[str]) -> frozenset[_Cell]:
    """Return the cells of series that a person deleted from the chart alone."""
    if held.categories is None:
        return frozenset()
    top = held.categories[0] - 1
    rows = {row for row, _ in held.ours}
    return frozenset(
        (row, column)
        for (at, column), text in texts.items()
        if at == top and (at, column) not in held.ours and fingerprint(text) in gone
        for row in rows
    )


def _laid_out(held: Sheet, theirs: frozenset[_Cell], chart: Chart) -> _Layout:
    """Return where the figure stands: where it stood, or right of everything if that is taken."""
    count = len(chart.categories)
    if held.categories is not None and held.categories[0] > 1:
        top, names = held.categories[0] - 1, held.categories[1]

        def is_free(column: int) -> bool:
            # Above the categories nothing of the figure stands.
            first = top + (column == names)
            return not any((row, column) in theirs for row in range(first, top + count + 1))

        left = list(held.columns)
        columns: list[int] = []
        for name in (series.name or " " for series in chart.series):
            known = next((one for one in left if one[0] == name), None)
            columns.append(known[1] if known else 0)
            if known:
                left.remove(known)
        free = (n for n in range(names + 1, 16_000) if n not in columns and is_free(n))
        columns = [column or next(free) for column in columns]
        if all(map(is_free, (names, *columns))):
            return _Layout(top, names, tuple(columns))
    first = max(column for _, column in theirs | held.ours) + 2
    return _Layout(1, first, tuple(range(first + 1, first + 1 + len(chart.series))))


def _moves(
    held: Sheet,
    layout: _Layout,
    chart: Chart,
    texts: Mapping[_Cell, str],
    theirs: frozenset[_Cell],
    formulas: frozenset[_Cell],
) -> dict[_Cell, _Cell]:
    """Return by cell where what a person wrote beside a category goes: to the row it is in now.

    What is beside a category that is gone, or beneath a figure that grows, goes beneath it. What is
    worked out stays with the rows that it counts.
    """
    if held.categories != (layout.top + 1, layout.names):
        return {}
    first, column = held.categories
    rows = sorted({row for row, _ in held.ours if row >= first})
    before = {row: texts.get((row, column), "").split("\n")[0] for row in rows}
    now = {(name or " ").split("\n")[0]: first + n for n, name in enumerate(chart.categories)}
    if len(set(before.values())) < len(before) or len(now) < len(chart.categories):
        return {}
    end, taken = max([*rows, *now.values()], default=first), set(formulas)
    figure = {layout.names, *layout.columns}
    found = {}
    # Those that follow their category come first, so that none of them finds its place taken.
    for row, at in sorted(
        theirs - formulas, key=lambda cell: (before.get(cell[0]) not in now, cell)
    ):
        is_covered = row not in before and rows[-1] < row <= end
        if at in figure or row < first or not (row in before or is_covered):
            continue
        to = now.get(before.get(row, ""), end + 1)
        while (to, at) in taken or ((to, at) in theirs and to > end):
            to = max(to, end) + 1
        taken.add((to, at))
        if to != row:
            found[row, at] = (to, at)
    return found


def _move(root: Any, moves: Mapping[_Cell, _Cell]) -> None:
    """Put cells of a sheet into other rows, as they are."""
    data = root.find(f"{_MAIN}sheetData")
    rows = {int(row.get("r")): row for row in data}
    cells = {_position(cell.get("r")): cell for cell in root.iter(f"{_MAIN}c")}
    for cell in moves:
        cells[cell].getparent().remove(cells[cell])
    for cell, (at, column) in moves.items():
        row = rows.setdefault(at, data.makeelement(f"{_MAIN}row", {"r": str(at)}))
        row.attrib.pop("spans", None)
        cells[cell].set("r", f"{_letters(column)}{at}")
        there = {_position(one.get("r"))[1]: one for one in row} | {column: cells[cell]}
        row[:] = [there[n] for n in sorted(there)]
    data[:] = [rows[at] for at in sorted(rows)]


def _values(chart: Chart, layout: _Layout) -> dict[_Cell, _Value]:
    rows = range(layout.top + 1, layout.top + 1 + len(chart.categories))
    found: dict[_Cell, _Value] = {
        (row, layout.names): name or " " for row, name in zip(rows, chart.categories, strict=True)
    }
    for column, series in zip(layout.columns, chart.series, strict=True):
        found[layout.top, column] = series.name or " "
        found |= {(row, column): value for row, value in zip(rows, series.values, strict=True)}
    return found


def _write(root: Any, values: Mapping[_Cell, _Value]) -> None:
    """Write cells of a sheet; each keeps its format, a new one has that of the cell above."""
    data = root.find(f"{_MAIN}sheetData")
    rows = {int(row.get("r")): row for row in data}
    for at in sorted({row for row, _ in values} - set(rows)):
        rows[at] = data.makeelement(f"{_MAIN}row", {"r": str(at)})
    formats: dict[int, str] = {}
    for at in sorted({row for row, _ in values}):
        row = rows[at]
        row.attrib.pop("spans", None)
        cells = {_position(cell.get("r"))[1]: cell for cell in row}
        for column in sorted(column for place, column in values if place == at):
            cell = cells.get(column)
            if cell is None:
                cell = row.makeelement(f"{_MAIN}c", {"r": f"{_letters(column)}{at}"})
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


def _put(cell: Any, value: _Value) -> None:
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


def _name_columns(
    packed: zipfile.ZipFile,
    changed: dict[str, bytes],
    place: str,
    values: Mapping[_Cell, _Value],
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
        top, left = _position(table.get("ref", "").partition(":")[0])
        for n, column in enumerate(table.iter(f"{_MAIN}tableColumn")):
            header = values.get((top, left + n))
            if isinstance(header, str):
                column.set("name", header)
        changed[name] = serialize_part_xml(table)


def _forget_results(
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


def _repacked(packed: zipfile.ZipFile, changed: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name in (name for name in packed.namelist() if name != _CHAIN):
            made.writestr(name, changed[name] if name in changed else packed.read(name))
    return written.getvalue()


def _point(drawn: Any, sheet: str, layout: _Layout, count: int) -> None:
    """Let a chart read its figures where they now stand."""
    quoted = sheet.replace("'", "''")
    first, last = layout.top + 1, layout.top + count
    for series, column in zip(drawn.series, layout.columns, strict=True):
        for part, at, top, bottom in (
            ("tx", column, layout.top, layout.top),
            ("cat", layout.names, first, last),
            ("val", column, first, last),
        ):
            letters = _letters(at)
            area = f"'{quoted}'!${letters}${top}"
            area += f":${letters}${bottom}" if part != "tx" else ""
            for formula in series._element.xpath(f"./c:{part}//c:f"):
                formula.text = area


def _told(theirs: Sequence[_Cell] | frozenset[_Cell]) -> tuple[str, ...]:
    """Name the cells of a person's in a sheet."""
    if not theirs:
        return ()
    names = [f"{_letters(column)}{row}" for row, column in sorted(theirs)]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return (f"cells {', '.join(names[:3])}{more} of its sheet",)
