"""Tables that people worked on: new texts in the rows and columns that are ours, theirs left alone.

A cell is known by a mark of what was last written into it, a column by its header and a row by most
of its cells, wherever they were moved. A row with something of a person in it, a text or a column
beside ours, stays with what its first column names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from smarketing.export.deck.pages import Grid, fingerprint

_NONE = "-"


@dataclass(frozen=True)
class Filling:
    """What is to be written into a table: texts by row and column, and what stays a person's.

    `lost` are rows with something of a person in them of which the grid has nothing any more; their
    numbers are emptied. `room` are the rows and columns of the grid that it then shows, and `marks`
    is what to remember.
    """

    texts: Mapping[tuple[int, int], str]
    kept: tuple[str, ...]
    lost: tuple[str, ...]
    room: tuple[int, tuple[str, ...]]
    marks: str


@dataclass(frozen=True)
class _Column:
    """One of our columns in a table: where it is, its new header, and its place in the grid.

    `head` and `was` are the marks of what was last written into it; None where none are remembered.
    """

    at: int
    place: int
    header: str
    head: str | None
    was: tuple[str, ...] | None


def marks_of(grid: Grid) -> str:
    """Return the marks of a table that shows a grid, a column each."""
    return _joined(
        [list(map(fingerprint, one)) for one in zip(grid.headers, *grid.rows, strict=True)]
    )


def _joined(columns: Sequence[Sequence[str]]) -> str:
    return ";".join(" ".join(column) for column in columns)


def filling(table: Any, grid: Grid | None, marks: str) -> Filling | None:
    """Return what to write of a grid into a table; None where its columns are not to be found.

    Without a grid the period has nothing to list, and our cells are emptied.
    """
    texts = [[cell.text_frame.text for cell in row.cells] for row in table.rows]
    columns = _columns(texts, grid, [column.split(" ") for column in marks.split(";") if column])
    if not columns:
        return None
    return _Filler(texts, columns, () if grid is None else grid.rows).filled()


def _columns(
    texts: Sequence[Sequence[str]], grid: Grid | None, was: Sequence[Sequence[str]]
) -> list[_Column]:
    """Return our columns of a table in the order of the grid; none where one leads nowhere."""
    heads = texts[0]
    if not was:
        headers = heads if grid is None else grid.headers
        named = _named(heads, headers)
        found = [_Column(at, place, headers[place], None, None) for at, place in named.items()]
        return sorted(found, key=lambda column: column.place)
    at_of = _remembered(texts, was)
    places = list(range(len(was)))
    if grid is not None:
        by_mark = {fingerprint(header): n for n, header in reversed(list(enumerate(grid.headers)))}
        is_whole = len(was) == len(grid.headers)
        known = [by_mark.get(column[0]) for column in was]
        if len(set(by_mark)) < len(grid.headers) and is_whole:
            known = list(range(len(was)))
        free = set(range(len(grid.headers))) - set(known)
        places = [
            n if place is None and is_whole and n in free else -1 if place is None else place
            for n, place in enumerate(known)
        ]
    found = []
    for n, at in at_of.items():
        if places[n] < 0:
            return []
        header = heads[at] if grid is None else grid.headers[places[n]]
        found.append(_Column(at, places[n], header, was[n][0], tuple(was[n][1:])))
    return sorted(found, key=lambda column: column.place)


def _named(heads: Sequence[str], headers: Sequence[str]) -> dict[int, int]:
    """Return by column of a table the grid's of the same header, else at the same place."""
    found: dict[int, int] = {}
    for at, head in enumerate(heads):
        for place, header in enumerate(headers):
            if head == header and place not in found.values():
                found[at] = place
                break
    if len(heads) == len(headers):
        free = set(range(len(headers))) - set(found.values())
        found |= {at: at for at in range(len(heads)) if at not in found and at in free}
    return found


def _remembered(texts: Sequence[Sequence[str]], was: Sequence[Sequence[str]]) -> dict[int, int]:
    """Return by remembered column where it is now: by its header, else by most of its cells."""
    now = [list(map(fingerprint, column)) for column in zip(*texts, strict=True)]
    found: dict[int, int] = {}
    for n, column in enumerate(was):
        same = [
            at for at, one in enumerate(now) if one[0] == column[0] and at not in found.values()
        ]
        if same:
            found[n] = n if n in same else same[0]
    for n, column in enumerate(was):
        for at, one in enumerate(now):
            if n in found or at in found.values():
                continue
            alike = (Counter(one[1:]) & Counter(column[1:])).total()
            if 2 * alike > len(one) - 1:
                found[n] = at
    return found


class _Filler:
    """Works out the rows of a table: whose each is, and what of the grid it is to show."""

    def __init__(
        self,
        texts: Sequence[Sequence[str]],
        columns: Sequence[_Column],
        rows: Sequence[tuple[str, ...]],
    ) -> None:
        self._texts, self._columns, self._rows = texts, columns, rows
        self._beside = set(range(len(texts[0]))) - {column.at for column in columns}
        self._origin = self._origins()
        self._key = next((column for column in columns if column.place == 0), None)

    def filled(self) -> Filling:
        """Return what is to be written, row by row."""
        shown = self._shown()
        texts, kept, marks = self._header()
        kept += [f"column {self._texts[0][at]}" for at in sorted(self._beside)]
        for row in range(1, len(self._texts)):
            is_lost = row in shown and shown[row] is None
            changed = self._changed(row) if row in self._origin else set()
            if row not in self._origin:
                kept.append(f"row {self._name(row)}")
            kept += [f"{c.header}, {self._name(row)}" for c in self._columns if c.at in changed]
            for column, marked in zip(self._columns, marks, strict=True):
                place = shown.get(row)
                text = "" if place is None else self._rows[place][column.place]
                if is_lost and column is self._key:
                    marked.append(self._mark(column, row))
                elif row not in self._origin or (is_lost and column.at in changed):
                    marked.append(_NONE)
                else:
                    marked.append(fingerprint(text))
                    if column.at not in changed:
                        texts[row, column.at] = text
        count = sum(place is not None for place in shown.values())
        lost = [f"row {self._name(row)}" for row in sorted(shown) if shown[row] is None]
        room = (count, tuple(column.header for column in self._columns))
        return Filling(texts, tuple(kept), tuple(lost), room, _joined(marks))

    def _header(self) -> tuple[dict[tuple[int, int], str], list[str], list[list[str]]]:
        texts, kept = {}, []
        for column in self._columns:
            now = self._texts[0][column.at]
            if column.head in (None, fingerprint(now)):
                texts[0, column.at] = column.header
            else:
                kept.append(f"header {now}")
        return texts, kept, [[fingerprint(column.header)] for column in self._columns]

    def _shown(self) -> dict[int, int | None]:
        """Return by row which of the grid it shows; None where what it named is not in the grid."""
        found: dict[int, int | None] = {}
        held = [row for row in self._origin if self._is_held(row)]
        for row in held:
            place = self._found(row)
            found[row] = None if place in found.values() else place
        left = iter([n for n in range(len(self._rows)) if n not in found.values()])
        for row in sorted(set(self._origin) - set(held)):
            place = next(left, None)
            if place is not None:
                found[row] = place
        return found

    def _is_held(self, row: int) -> bool:
        """Return whether something of a person stands in a row."""
        return bool(self._changed(row)) or any(self._texts[row][at] for at in self._beside)

    def _found(self, row: int) -> int | None:
        """Return which row of the grid is of the same name, and where several are, of the rest."""
        if self._key is None:
            return None
        name = self._mark(self._key, row)
        same = [n for n, cells in enumerate(self._rows) if fingerprint(cells[0]) == name]
        if len(same) > 1:
            same = [n for n in same if self._is_as_was(row, self._rows[n])][:1]
        return same[0] if same else None

    def _is_as_was(self, row: int, cells: Sequence[str]) -> bool:
        return all(fingerprint(cells[c.place]) == self._mark(c, row) for c in self._columns)

    def _name(self, row: int) -> str:
        return self._texts[row][self._key.at if self._key else 0] or str(row)

    def _mark(self, column: _Column, row: int) -> str:
        """Return the mark of what was last written into a cell, wherever its row is now."""
        if column.was is None:
            return fingerprint(self._texts[row][column.at])
        return column.was[self._origin[row]]

    def _changed(self, row: int) -> set[int]:
        return {
            column.at for column in self._columns
            if self._mark(column, row) != fingerprint(self._texts[row][column.at])
        }  # fmt: skip

    def _origins(self) -> dict[int, int]:
        """Return by row of ours which it was when last written: the one it has most cells of."""
        rows = range(1, len(self._texts))
        if any(column.was is None for column in self._columns):
            return {row: row - 1 for row in rows}
        count = min(len(column.was or ()) for column in self._columns)
        found: dict[int, int] = {}

        def alike(row: int, was: int) -> int:
            return sum(
                (column.was or ())[was] == fingerprint(self._texts[row][column.at])
                for column in self._columns
            )

        # Those that are as they were come first, so that none of them is taken for another.
        for least in (len(self._columns), -(-len(self._columns) // 2)):
            for row in (row for row in rows if row not in found):
                free = [n for n in range(count) if n not in found.values()]
                best = max(free, key=lambda n: (alike(row, n), n == row - 1), default=None)
                if best is not None and alike(row, best) >= least:
                    found[row] = best
        return found
