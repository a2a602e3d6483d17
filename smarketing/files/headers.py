"""Headers: how names are compared and what columns are called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

RESERVED = ("_row", "_file_id", "_file", "_import", "_modified", "_header_currency")
"""Names the store adds to every landed table; a file's own column of that name is renamed."""

LONGEST = 500
"""Characters of a header that are kept as the name of its column."""

_FILLER = re.compile(r"[\s_\-.:\"'`´‘’“”↑↓\u200b\ufeff]+")
_NUMBER = re.compile(r"[-+(]?[€$£¥]?\s?\d[\d.,' ]*%?\)?|[-+]?\d+(\.\d+)?[eE][-+]?\d+")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ].*)?")
_ID_OR_MAIL = re.compile(r"\S+@\S+\.\S+|https?://\S+|[0-9a-f]{8}-[0-9a-f]{4}-\S+", re.IGNORECASE)


@lru_cache(maxsize=1 << 16)
def normalise(header: str) -> str:
    """Reduce a header to what is compared: no case, blanks, dots, quotes, marks of sorting."""
    return _FILLER.sub("", unicodedata.normalize("NFKC", header).casefold())


def clean(header: str) -> str:
    """Trim a header and put each run of white space (a line break, too) as one space."""
    return " ".join(header.replace("\ufeff", "").replace("\u200b", "").replace("\0", "").split())


def column_names(cells: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name the columns of a header row; give the names and a note for each that was changed.

    A blank header becomes `column_N` (N counts from 1). Of two headers that differ at most in case
    the first keeps the name, the next gets `_2`, `_3`. Names the store needs are taken already.
    """
    taken = {name.casefold() for name in RESERVED}
    names: list[str] = []
    notes: list[str] = []
    for position, cell in enumerate(cells, start=1):
        wanted = clean(cell)[:LONGEST] or f"column_{position}"
        name, copy = wanted, 1
        while name.casefold() in taken:
            copy += 1
            name = f"{wanted}_{copy}"
        if name != wanted:
            notes.append(f"column {position} '{wanted}' is read as '{name}', its name was taken")
        taken.add(name.casefold())
        names.append(name)
    return tuple(names), tuple(notes)


def blank(record: Sequence[str | None]) -> bool:
    """Whether no cell of the record holds anything."""
    return not any(cell and cell.strip() for cell in record)


def recognised(record: Sequence[str | None], names: Collection[str]) -> int:
    """Count the distinct cells that are known headers; `names` are normalised."""
    return len({name for cell in record if cell and (name := normalise(cell)) in names})


def looks_like_value(cell: str) -> bool:
    """Whether a cell is plainly data (number, date, e-mail, address, uuid), hence no header."""
    return any(shape.fullmatch(cell) for shape in (_NUMBER, _DATE, _ID_OR_MAIL))
