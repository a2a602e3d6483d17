"""What the records of a table look like: by it, rows that are no records are told from them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from smarketing.files.headers import clean, looks_like_value

NUMBER, DATE, ADDRESS, CODE, WORDS = "number", "date", "address", "code", ""
_DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ].*)?|"
    r"([^\W\d]{2,9},? )?[^\W\d]{3,9}\.? \d{1,2},? \d{4}.*|\d{1,2}\.? [^\W\d]{3,9}\.?,? \d{4}.*"
)
_ADDRESS = re.compile(r"\S+@\S+\.\S+|https?://\S+", re.IGNORECASE)
_CODE = re.compile(r"(?=\S*\d)[^\s]{2,}")
_WITH_CURRENCY = re.compile(r"(?:[A-Z]{3} ?)?(.*?)(?: ?[A-Z]{3}| ?€| ?kr)?")
_MOST = 0.9
NO_VALUE = {"", "-", "--", "–", "—", "n/a"}


def kind_of(cell: str | None) -> str:
    """Tell what a cell holds: a number (with a currency), a date, an address, a code, or words."""
    text = clean(cell or "")
    if _DATE.fullmatch(text):
        return DATE
    if _ADDRESS.fullmatch(text):
        return ADDRESS
    number = _WITH_CURRENCY.fullmatch(text)
    if looks_like_value(text) or (number and looks_like_value(number[1])):
        return CODE if "-" in text[1:] else NUMBER
    return CODE if _CODE.fullmatch(text) else WORDS


def filled(cells: Sequence[str | None]) -> list[int]:
    """Give the places of the cells that hold something."""
    return [place for place, cell in enumerate(cells) if cell and cell.strip()]


@dataclass(frozen=True)
class Shape:
    """What stands where in the records looked at.

    - `kinds`: per column what nearly all of its values are, `WORDS` where they are of no one kind.
    - `always`: the places that every record fills, but perhaps one in twenty.
    - `records`: how many were looked at.
    """

    kinds: tuple[str, ...] = ()
    always: frozenset[int] = frozenset()
    records: int = 0

    def within(self, width: int) -> Shape:
        """Give the shape of the first columns."""
        always = frozenset(place for place in self.always if place < width)
        return Shape(self.kinds[:width], always, self.records)

    def is_like(self, cells: Sequence[str | None]) -> bool:
        """Whether a row may be a record: under each column of values it fills stands such a one.

        A code may be any word, if others fit. Where no column holds values this cannot be told, and
        the answer is no.
        """
        there = filled(cells)
        values = [p for p in there if p < len(self.kinds) and self.kinds[p]]
        fitting = [p for p in values if _fits(kind_of(cells[p]), self.kinds[p])]
        others = [p for p in values if p not in fitting and self.kinds[p] != CODE]
        return bool(fitting) and not others and 2 * len(there) >= len(self.always)

    def is_unlike(self, cells: Sequence[str | None]) -> bool:
        """Whether a row has words wherever it should have values, and should have some."""
        values = [p for p in filled(cells) if p < len(self.kinds) and self.kinds[p]]
        return bool(values) and all(
            kind_of(cells[place]) == WORDS and clean(cells[place] or "") not in NO_VALUE
            for place in values
        )

    def lacks(self, cells: Sequence[str | None]) -> bool:
        """Whether a row leaves blank what every record fills; several must have been looked at."""
        return self.records > 1 and not self.always <= set(filled(cells))

    def has_its_key(self, cells: Sequence[str | None]) -> bool:
        """Whether the only value of a row is what such a column holds: a record cut short."""
        there = filled(cells)
        if len(there) != 1 or there[0] >= len(self.kinds):
            return False
        kind = self.kinds[there[0]]
        return kind != WORDS and _fits(kind_of(cells[there[0]]), kind)


NO_SHAPE = Shape()
"""Of a table whose records are not known yet."""


def _fits(found: str, kind: str) -> bool:
    return found == kind or (kind == CODE and found == NUMBER)


def shape_of(records: Sequence[Sequence[str | None]]) -> Shape:
    """Look at records; a row that holds one cell only is none, unless it is a key."""
    whole = [record for record in records if len(filled(record)) > 1]
    width = max(map(len, whole), default=0)
    kinds = tuple(_kind([r[place] for r in whole if place < len(r)]) for place in range(width))
    keys = Shape(kinds)
    whole += [record for record in records if keys.has_its_key(record)]
    counts = Counter(place for record in whole for place in filled(record))
    spared = max(len(whole) // 20, int(len(whole) > 2))
    always = frozenset(p for p in range(width) if counts[p] and counts[p] >= len(whole) - spared)
    return Shape(kinds, always, len(whole))


def _kind(cells: Sequence[str | None]) -> str:
    found = Counter(kind_of(cell) for cell in cells if clean(cell or "") not in NO_VALUE)
    enough = _MOST * found.total()
    for kind in (NUMBER, DATE, ADDRESS):
        if found[kind] and found[kind] >= enough:
            return kind
    coded = found[CODE] + found[NUMBER]
    return CODE if coded and coded >= enough else WORDS
