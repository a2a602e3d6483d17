"""How much room texts take on a slide, and the columns and rows of a table that have room there.

Letters are taken as wide as those of the widest fonts that stand in for another.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pptx.util import Inches

from smarketing.export.deck.pages import Grid

#: A point, in the units of a slide.
POINT = 12_700
#: Sizes of a table's letters, the largest at which all of its columns have room, else the last.
_SIZES = (12, 11, 10)
#: What stands left and right of a cell's text, above and below its lines, and beneath a table.
_BESIDE, _ABOVE, _BENEATH = Inches(0.22), Inches(0.14), Inches(0.4)
#: A text up to this long is not broken, one beyond this much is taken for as long; in letters.
_WHOLE, _LONG = 12, 60
#: Columns that are shown whatever room they need, and how much of the width one may need.
_FEWEST, _MOST_OF_WIDTH = 2, 0.4
_BOLD = 1.12
#: How wide letters are, as parts of their size; all others are as wide as digits.
_WIDTHS = {
    letter: width
    for letters, width in (
        (" .,:;'|!ijlI\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", 0.34),
        ('()[]-/\\frt"', 0.41),
        ("ABCDEFGHJKLNOPQRSTUVXYZ", 0.71),
        ("w×−+=", 0.84),
        ("mMW%@…", 0.99),
    )
    for letter in letters
}
_TOKEN = re.compile(r"\s+|\S+")


@cache
def _letter(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    return 0.0 if unicodedata.combining(letter) else _WIDTHS.get(letter, 0.64)


def ems(text: str, *, bold: bool = False) -> float:
    """Return how wide a text is in one line, as a multiple of the size of its letters."""
    return sum(map(_letter, text)) * (_BOLD if bold else 1.0)


def lines(text: str, wide: float, *, bold: bool = False) -> int:
    """Return how many lines a text takes in a width, given as a multiple of its size.

    Words are cut only where one is wider than that; those without blanks between them anywhere.
    """
    return sum(_lines_of(part, wide, bold) for part in text.split("\n"))


def _lines_of(text: str, wide: float, bold: bool) -> int:
    count, at = 1, 0.0
    for token in _tokens(text):
        size = ems(token, bold=bold)
        if at + size > wide and at and not token.isspace():
            count, at = count + 1, 0.0
        if size > wide > 0:
            cut = math.ceil(size / wide)
            count, at = count + cut - 1, size - (cut - 1) * wide
        else:
            at += size
    return count


def _tokens(text: str) -> list[str]:
    """Return the parts of a text that are not broken, the blanks between them among them."""
    found: list[str] = []
    for token in _TOKEN.findall(text):
        is_wide = any(unicodedata.east_asian_width(letter) in "WF" for letter in token)
        found += list(token) if is_wide else [token]
    return found


@dataclass(frozen=True)
class Layout:
    """What of a table is shown, and how large: `columns` are places in its grid.

    `widths` are those of the columns, `heights` those of the header and of each row shown.
    """

    columns: tuple[int, ...]
    widths: tuple[int, ...]
    heights: tuple[int, ...]
    size: int

    def shown(self, grid: Grid) -> Grid:
        """Return the part of a grid that is shown."""

        def of(row: Sequence[str]) -> tuple[str, ...]:
            return tuple(row[place] for place in self.columns)

        return Grid(
            of(grid.headers),
            tuple(map(of, grid.rows[: len(self.heights) - 1])),
            tuple(n for n, place in enumerate(self.columns) if place in grid.numeric),
        )


def laid_out(grid: Grid, wide: int, high: int) -> Layout:
    """Return how a table is laid out in a box, no word broken where there is room for it.

    Where not all columns have room in small letters either, those without a text are left out
    first, then the last ones.
    """
    every = tuple(range(len(grid.headers)))
    columns = [(grid.headers[n], *(row[n] for row in grid.rows)) for n in every]
    size, shown = _SIZES[-1], every
    for one in _SIZES:
        if sum(_needed(columns[n], n in grid.numeric, one, wide) for n in every) <= wide:
            size = one
            break
    else:
        shown = _with_room(grid, columns, wide, size)
    needed = [_needed(columns[n], n in grid.numeric, size, wide) for n in shown]
    wanted = [max(least, _wanted(columns[n], size)) for n, least in zip(shown, needed, strict=True)]
    widths = _shared(needed, wanted, wide)
    heights = _heights([[columns[n][r] for n in shown] for r in range(len(grid.rows) + 1)],
                       widths, size, high - _BENEATH)  # fmt: skip
    return Layout(tuple(shown), tuple(widths), tuple(heights), size)


def _with_room(
    grid: Grid, columns: Sequence[Sequence[str]], wide: int, size: int
) -> tuple[int, ...]:
    shown = list(range(len(columns)))
    blank = [n for n in shown if not any(columns[n][1:])]
    for place in [*reversed(blank), *reversed([n for n in shown if n not in blank])]:
        room = sum(_needed(columns[n], n in grid.numeric, size, wide) for n in shown)
        if room <= wide:
            break
        if place >= _FEWEST:
            shown.remove(place)
    return tuple(shown)


def _needed(column: Sequence[str], is_numeric: bool, size: int, wide: int) -> int:
    """Return how wide a column is at least: no number, short text or word of it is broken."""

    def least(text: str) -> float:
        if is_numeric or len(text) <= _WHOLE:
            return ems(text)
        return max(ems(text[:_WHOLE]), *map(ems, _tokens(text)))

    head = max((ems(token, bold=True) for token in _tokens(column[0])), default=0.0)
    widest = max([head, *map(least, column[1:])])
    return min(int(widest * size * POINT) + _BESIDE, int(_MOST_OF_WIDTH * wide))


def _wanted(column: Sequence[str], size: int) -> int:
    """Return how wide a column is to be where there is room: no text of it is broken."""
    widest = max([ems(column[0], bold=True), *(ems(text[:_LONG]) for text in column[1:])])
    return int(widest * size * POINT) + _BESIDE


def _shared(needed: Sequence[int], wanted: Sequence[int], wide: int) -> list[int]:
    """Share a width out: what each column wants, or what it needs and its part of the rest."""
    if sum(wanted) <= wide:
        return [wide * want // sum(wanted) for want in wanted]
    spare, beyond = wide - sum(needed), sum(wanted) - sum(needed)
    if spare <= 0:
        return [wide * least // sum(needed) for least in needed]
    return [
        least + (want - least) * spare // beyond for least, want in zip(needed, wanted, strict=True)
    ]


def _heights(
    rows: Sequence[Sequence[str]], widths: Sequence[int], size: int, high: int
) -> list[int]:
    """Return how high the header is and each row that fits, from the first one on."""
    found: list[int] = []
    for place, row in enumerate(rows):
        most = max(
            lines(text, (width - _BESIDE) / (size * POINT) + 0.01, bold=place == 0)
            for text, width in zip(row, widths, strict=True)
        )
        tall = int(_ABOVE + most * 1.2 * size * POINT)
        if found and sum(found) + tall > high:
            break
        found.append(tall)
    return found
