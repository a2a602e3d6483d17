"""The columns of a file of an unknown system: what their headers and their values say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from smarketing.sources.drafting.shapes import Shape
from smarketing.sources.drafting.words import Header, fold, folded_words, read_header, words

#: What the values of a concept look like.
CONCEPT_LOOKS = {"email": "email", "currency": "currency", "won_at": "day", "lost_at": "day"}
_OF_OTHERS = {
    "cost": ("what", "whom"),
    "deal": ("what", "whom"),
    "touch": ("what", "whom"),
    "lead": ("what", "answered"),
}
"""By table, of what the identifiers are that its records share, in groups of words."""
_BLANK = 10_000
"""How much less sure a column without values is."""


@dataclass(frozen=True)
class Column:
    """A column of a file: its header as read, and what its values look like."""

    header: Header
    shape: Shape

    @property
    def name(self) -> str:
        """The header as the file has it."""
        return self.header.text

    def saying(self, test: Callable[[str], bool]) -> str | None:
        """Return the first value of which a test holds; None if it holds of none."""
        return next((value for value in self.shape.values if test(value)), None)

    def has_digits(self, count: int) -> bool:
        """Whether a value has so many digits at least."""
        return any(sum(map(str.isdecimal, value)) >= count for value in self.shape.values)

    def fits(self, look: str | None) -> bool:
        """Whether the values look as wanted; a column without values may be anything."""
        return look is None or self.shape.is_blank or look in self.shape.looks


@dataclass(frozen=True)
class Sheet:
    """The columns of a file as they read in a table of one entity; what its records are called."""

    table: str
    columns: tuple[Column, ...]
    record: str = ""

    @classmethod
    def of(cls, table: str, shapes: Mapping[str, Shape], record: str = "") -> Sheet:
        """Read the headers of a file as those of a core table."""
        own = table if table in words()["entities"] else None
        return cls(table, tuple(Column(read_header(h, own), s) for h, s in shapes.items()), record)

    def ranked(self, concept: str, look: str | None = None) -> list[Column]:
        """Return the columns that may be of a concept and look so, the surest first."""
        fitting = [c for c in self.columns if concept in c.header.meanings and c.fits(look)]
        return sorted(fitting, key=lambda c: c.header.meanings[concept] + _BLANK * c.shape.is_blank)

    def best(self, concept: str, look: str | None = None) -> Column | None:
        """Return the surest column of a concept; None if there is none."""
        wanted = look or CONCEPT_LOOKS.get(concept)
        return next(iter(self.ranked(concept, wanted)), None)

    def has(self, *concepts: str, look: str | None = None) -> bool:
        """Return whether a column with values is of one of the concepts."""
        found = (self.best(concept, look) for concept in concepts)
        return any(column and not column.shape.is_blank for column in found)

    def references(self, entity: str) -> list[Column]:
        """Return the columns that name another record: its identifiers first, then its names."""
        about = [
            c
            for c in self.columns
            if c.header.entity == entity
            and entity != self.table
            and _is_name_or_key(c.header)
            and not (c.header.is_key and is_phone(c))
        ]
        return sorted(about, key=lambda c: not _is_reference(c))

    def reference(self, entity: str) -> Column | None:
        """Return the column with the identifiers of another record; None if there is none."""
        return next((c for c in self.references(entity) if _is_reference(c)), None)

    def named(self, entity: str) -> Column | None:
        """Return the column with the names of another record; None if there is none."""
        return next((c for c in self.references(entity) if not _is_reference(c)), None)

    def key(self) -> Column | None:
        """Return the column that identifies the records of the file; None if none does."""
        own = [c for c in self.columns if c.header.is_key and not _about_another(c, self.table)]
        own = [c for c in own if not (counts_rows(c) or is_phone(c) or self._is_shared(c))]
        sure = [c for c in own if c.header.meanings.get("owner") is None and _is_sure_key(c, self)]
        bare = [c for c in self.columns if self._is_whole_key(c)]
        for column in (*sure, *bare):
            if column.shape.filled or not column.shape.rows:
                return column
        return next((c for c in own if c.shape.is_unique), None)

    def _is_shared(self, column: Column) -> bool:
        """Whether an identifier is of what, or of whom, later records are as well: "Vendor ID".

        It may stand once in each row of the first file, and would let a later one overwrite them.
        """
        is_plain = column.header.entity == self.table or column.header.phrase in _keys()
        if self.table not in _OF_OTHERS or is_plain:
            return False
        others = folded_words("vendors").union(*(_shared()[g] for g in _OF_OTHERS[self.table]))
        said = column.header.phrase.split()
        if self.record.removesuffix("s") in others & set(said):
            return False
        # The last word of a thing is what is identified: "Form Submission ID".
        known = others | _shared()["records"] | _shared()["whom"]
        told = next((word for word in reversed(said) if word in known), None)
        return told in others

    def _is_whole_key(self, column: Column) -> bool:
        """Whether a header is the entity alone, over identifiers: "(Do Not Modify) Lead"."""
        header = column.header
        alone = header.entity == self.table and not header.rest
        return alone and column.shape.is_unique and _is_id(column.shape)


def _is_sure_key(column: Column, sheet: Sheet) -> bool:
    if sheet.table == "touch" and not column.shape.is_unique:
        return False  # the id of a webinar, or of a mailing, that many touches are of
    phrase = column.header.phrase
    is_called = phrase in _own_keys(sheet.table) or is_own_number(column, sheet.table)
    is_own = is_called and column.shape.is_unique
    rest = column.header.rest if column.header.entity == sheet.table else phrase
    return rest in _keys() or is_own


def counts_rows(column: Column) -> bool:
    """Return whether a number only counts the rows of its file: 1 to n, and called just that."""
    return column.header.phrase in folded_words("row_numbers") and _is_count(column.shape)


def is_phone(column: Column) -> bool:
    """Return whether a header that ends in "number" is a telephone's, by its words or values."""
    looks_so = "phone" in column.shape.looks and not _is_padded(column)
    return column.header.is_spare or looks_so


def _is_padded(column: Column) -> bool:
    """Whether digits that begin with 0 identify a record; a person's number is a telephone's."""
    header = column.header
    is_id = header.is_key and all(map(str.isdigit, column.shape.values))
    return is_id and not (header.entity in (None, "person") and _is_number(header))


def _is_number(header: Header) -> bool:
    """Whether a header ends in a word for numbers: "Expense No"."""
    return header.phrase.rpartition(" ")[2] in folded_words("row_numbers")


def is_own_number(column: Column, table: str) -> bool:
    """Return whether a header says it numbers a table's records, and it counts no rows: a system's.

    Sheets of two months may both count their rows from 1.
    """
    return column.header.phrase in _own_numbers(table) and not _is_count(column.shape)


def _is_count(shape: Shape) -> bool:
    return set(shape.values) <= {str(number) for number in range(1, shape.rows + 1)}


def _about_another(column: Column, table: str) -> bool:
    return column.header.entity not in (None, table)


def concepts(table: str) -> Mapping[str, Sequence[str]]:
    """Return for each column of a core table the concepts that may fill it."""
    found: Mapping[str, Sequence[str]] = words()["columns"].get(table, {})
    return found


@cache
def _shared() -> Mapping[str, frozenset[str]]:
    return {group: frozenset(map(fold, found)) for group, found in words()["shared"].items()}


@cache
def _keys() -> frozenset[str]:
    return frozenset(fold(key) for key in words()["keys"])


@cache
def _own_keys(table: str) -> frozenset[str]:
    """Give what the identifiers of a table's records are called by its words: "call id"."""
    called: Sequence[str] = words()["tables"].get(table, ())
    return frozenset(f"{fold(word)} id" for word in called)


@cache
def _own_numbers(table: str) -> frozenset[str]:
    """Give what the numbers of a table's records are called by its words: "expense no"."""
    called: Sequence[str] = words()["tables"].get(table, ())
    return frozenset(
        f"{fold(word)} {number}" for word in called for number in folded_words("row_numbers")
    )


@cache
def _names() -> frozenset[str]:
    return frozenset(fold(name) for name in words()["names"])


def _is_name_or_key(header: Header) -> bool:
    parts = header.rest.split()
    return header.is_key or not parts or header.rest in _names() or header.rest in _keys()


def _is_reference(column: Column) -> bool:
    return column.header.is_key or (not column.shape.is_blank and _is_id(column.shape))


def _is_id(shape: Shape) -> bool:
    if shape.separator:
        return True
    return bool(shape.looks & {"code", "whole"}) and not shape.looks & {"date", "phone"}
