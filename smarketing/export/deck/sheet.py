"""The sheet behind a chart that people may have worked in: only the figure's cells are written.

Their columns beside, formulas, comments and formats stay; a text or number beside a category
follows it to another row, and stands beneath the figure once the category is gone. Where cells of
theirs stand in the way of the figure's, the figure goes right of everything, and its chart reads it
there.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml

from smarketing.export.deck import worksheet
from smarketing.export.deck.pages import Chart, fingerprint
from smarketing.export.deck.worksheet import Cell, Value

_AREA = re.compile(
    r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?"
)


@dataclass(frozen=True)
class _Area:
    """Cells that a chart reads: of which sheet, from which row and column, to which."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    def cells(self) -> Iterator[Cell]:
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
    ours: frozenset[Cell]
    categories: Cell | None
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
            worksheet.place_of(packed, name := names.pop())
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
    place = worksheet.place_of(packed, held.name)
    root = parse_xml(packed.read(place))
    texts = worksheet.texts(packed, root)
    held = replace(held, ours=held.ours | _left_over(held, texts, gone))
    theirs = worksheet.filled(root) - held.ours
    layout = _laid_out(held, theirs, chart)
    moves = _moves(held, layout, chart, texts, theirs, worksheet.formulas(root))
    worksheet.move(root, moves)
    theirs = frozenset(moves.get(cell, cell) for cell in theirs)
    wanted = _values(chart, layout)
    blank: dict[Cell, Value] = dict.fromkeys(held.ours)
    worksheet.write(root, {**blank, **wanted})
    changed = {place: serialize_part_xml(root)}
    worksheet.name_columns(packed, changed, place, wanted)
    worksheet.forget_results(packed, changed, place, root)
    drawn.part.chart_workbook.update_from_xlsx_blob(worksheet.repacked(packed, changed))
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
                    worksheet.number(left),
                    int(bottom or top),
                    worksheet.number(right or left),
                )
    return found


def _left_over(held: Sheet, texts: Mapping[Cell, str], gone: Collection[str]) -> frozenset[Cell]:
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


def _laid_out(held: Sheet, theirs: frozenset[Cell], chart: Chart) -> _Layout:
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
    texts: Mapping[Cell, str],
    theirs: frozenset[Cell],
    formulas: frozenset[Cell],
) -> dict[Cell, Cell]:
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


def _values(chart: Chart, layout: _Layout) -> dict[Cell, Value]:
    rows = range(layout.top + 1, layout.top + 1 + len(chart.categories))
    found: dict[Cell, Value] = {
        (row, layout.names): name or " " for row, name in zip(rows, chart.categories, strict=True)
    }
    for column, series in zip(layout.columns, chart.series, strict=True):
        found[layout.top, column] = series.name or " "
        found |= {(row, column): value for row, value in zip(rows, series.values, strict=True)}
    return found


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
            letters = worksheet.letters(at)
            area = f"'{quoted}'!${letters}${top}"
            area += f":${letters}${bottom}" if part != "tx" else ""
            for formula in series._element.xpath(f"./c:{part}//c:f"):
                formula.text = area


def _told(theirs: Sequence[Cell] | frozenset[Cell]) -> tuple[str, ...]:
    """Name the cells of a person's in a sheet."""
    if not theirs:
        return ()
    names = [f"{worksheet.letters(column)}{row}" for row, column in sorted(theirs)]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return (f"cells {', '.join(names[:3])}{more} of its sheet",)
