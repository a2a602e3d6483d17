"""Merged cells of a sheet: what stands in the first of them holds for those below it, too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

Numbered = Iterable[tuple[int, Sequence[object], list[str]]]
"""Rows, counted from 0: their cells as they are, and as text."""


@dataclass
class Merges:
    """The merged cells of a sheet that reach over several rows.

    Words and dates are filled into the rows below the first: a group's name, a day. A number is
    not, since an amount would be counted once for each row; it stays in the first, and is noted.
    """

    starts: dict[int, list[tuple[int, int]]]
    """By the row they begin in: the place of their column, and the last row they cover."""
    filled: set[int] = field(default_factory=set)
    left: set[int] = field(default_factory=set)

    @staticmethod
    def of(sheet: CalamineSheet) -> Merges:
        """Read the merged cells of a sheet."""
        offset = sheet.start[1] if sheet.start else 0
        starts: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
            if bottom > top and left >= offset:
                starts.setdefault(top, []).append((left - offset, bottom))
        return Merges(starts)

    def fill(self, rows: Numbered) -> Iterator[list[str]]:
        """Yield the text of rows, with what is merged into them from above."""
        running: dict[int, tuple[int, str]] = {}
        for number, row, cells in rows:
            for place, (bottom, text) in list(running.items()):
                if number > bottom:
                    del running[place]
                elif place < len(cells) and not cells[place]:
                    cells[place] = text
            for place, bottom in self.starts.get(number, ()):
                if place < len(cells) and cells[place]:
                    self._begin(place, row[place], bottom, cells[place], running)
            yield cells

    def _begin(
        self, place: int, value: object, bottom: int, text: str, running: dict[int, tuple[int, str]]
    ) -> None:
        if isinstance(value, int | float) and not isinstance(value, bool):
            self.left.add(place)
        else:
            self.filled.add(place)
            running[place] = (bottom, text)

    def notes(self, columns: Sequence[str], start: int = 0) -> tuple[str, ...]:
        """Say of which columns merged cells were filled, and of which not; `start` is the first."""
        said = (
            (self.filled, "merged cells of {} are filled into the rows they cover"),
            (self.left, "merged numbers of {} stand in the first of the rows they cover"),
        )
        told = ((listed(columns, start, places), words) for places, words in said)
        return tuple(words.format(names) for names, words in told if names)


def listed(columns: Sequence[str], start: int, places: Iterable[int]) -> str:
    """List the names of columns by their places in a sheet, as far as a table has them."""
    there = [place - start for place in sorted(places)]
    return ", ".join(f"'{columns[place]}'" for place in there if 0 <= place < len(columns))
