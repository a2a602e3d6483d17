"""Which core table a file of an unknown system fills, and where each of its columns comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from smarketing.sources.drafting.shapes import Shape
from smarketing.sources.drafting.words import Header, fold, read_header, words
from smarketing.store.schema import core_tables

_LOOKS = {
    **{"instant": "day", "date": "day", "amount": "number", "int": "number", "real": "number"},
    "bool": "flag",
}
"""What the values of a core column of this type look like."""
_CONCEPT_LOOKS = {"email": "email", "currency": "currency", "won_at": "day", "lost_at": "day"}
_ALSO_KNOWN = {"modified", "won_at", "lost_at"}
"""Concepts that no column of a core table is made of alone."""
_OF_PEOPLE = {
    "email",
    "first_name",
    "last_name",
    "full_name",
    "company_name",
    "job_title",
    "country",
}
"""Concepts of the person behind a lead."""
_OF_AN_AUDIENCE = ("opt_out", "do_not_contact", "utm_source", "utm_campaign", "source")
"""Concepts that tell people who are addressed from those who work here."""
_BLANK = 10_000
"""How much less sure a column without values is."""
_UNNAMED = ("cost", "deal", "lead", "touch", "person", "account")
"""Tables that a file may be known to fill by its columns alone, the surest sign first."""
_STEM = re.compile(r"[\d_\W]+")


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

    def fits(self, look: str | None) -> bool:
        """Whether the values look as wanted; a column without values may be anything."""
        return look is None or self.shape.is_blank or look in self.shape.looks


@dataclass(frozen=True)
class Sheet:
    """The columns of a file as they read in a table of one entity."""

    table: str
    columns: tuple[Column, ...]

    @classmethod
    def of(cls, table: str, shapes: Mapping[str, Shape]) -> Sheet:
        """Read the headers of a file as those of a core table."""
        own = table if table in words()["entities"] else None
        return cls(table, tuple(Column(read_header(h, own), s) for h, s in shapes.items()))

    def ranked(self, concept: str, look: str | None = None) -> list[Column]:
        """Return the columns that may be of a concept and look so, the surest first."""
        fitting = [c for c in self.columns if concept in c.header.meanings and c.fits(look)]
        return sorted(fitting, key=lambda c: c.header.meanings[concept] + _BLANK * c.shape.is_blank)

    def best(self, concept: str, look: str | None = None) -> Column | None:
        """Return the surest column of a concept; None if there is none."""
        wanted = look or _CONCEPT_LOOKS.get(concept)
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
        own = [c for c in own if not (_counts_rows(c) or is_phone(c))]
        sure = [c for c in own if c.header.meanings.get("owner") is None and _is_sure_key(c, self)]
        bare = [c for c in self.columns if self._is_whole_key(c)]
        for column in (*sure, *bare):
            if column.shape.filled or not column.shape.rows:
                return column
        return next((c for c in own if c.shape.is_unique), None)

    def _is_whole_key(self, column: Column) -> bool:
        """Whether a header is the entity alone, over identifiers: "(Do Not Modify) Lead"."""
        header = column.header
        alone = header.entity == self.table and not header.rest
        return alone and column.shape.is_unique and _is_id(column.shape)


def _is_sure_key(column: Column, sheet: Sheet) -> bool:
    own = core_tables()[sheet.table].key[0] if sheet.table in core_tables() else ""
    if sheet.table == "touch" and not column.shape.is_unique:
        return False  # the id of a webinar, or of a mailing, that many touches are of
    phrase = column.header.phrase
    is_called = phrase in _own_keys(sheet.table) or is_own_number(column, sheet.table)
    is_own = is_called and column.shape.is_unique
    rest = column.header.rest if column.header.entity == sheet.table else phrase
    return rest in _keys() or phrase == fold(own) or is_own


def _counts_rows(column: Column) -> bool:
    """Whether a number only counts the rows of its file: 1 to n, and called no more than that."""
    return column.header.phrase in _row_numbers() and _is_count(column.shape)


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
    return header.phrase.rpartition(" ")[2] in _row_numbers()


def is_own_number(column: Column, table: str) -> bool:
    """Return whether a header says it numbers a table's records, and it counts no rows: a system's.

    Sheets of two months may both count their rows from 1.
    """
    return column.header.phrase in _own_numbers(table) and not _is_count(column.shape)


def _is_count(shape: Shape) -> bool:
    return set(shape.values) <= {str(number) for number in range(1, shape.rows + 1)}


def _about_another(column: Column, table: str) -> bool:
    return column.header.entity not in (None, table)


def _concepts(table: str) -> Mapping[str, Sequence[str]]:
    """Return for each column of a core table the concepts that may fill it."""
    found: Mapping[str, Sequence[str]] = words()["columns"].get(table, {})
    return found


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
    return frozenset(f"{fold(word)} {number}" for word in called for number in _row_numbers())


@cache
def _row_numbers() -> frozenset[str]:
    return frozenset(fold(word) for word in words()["row_numbers"])


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


@dataclass(frozen=True)
class Guess:
    """The core table a file fills, and the column behind each of its columns that was found."""

    sheet: Sheet
    found: Mapping[str, Column] = field(default_factory=dict)

    @property
    def table(self) -> str:
        """The core table."""
        return self.sheet.table

    @property
    def lacks_key(self) -> bool:
        """Whether nothing was found for what identifies a record."""
        key = core_tables()[self.table].key
        return not any(name in self.found for name in key)

    @property
    def known(self) -> frozenset[str]:
        """The concepts that say something in this table."""
        concepts = {concept for group in _concepts(self.table).values() for concept in group}
        return frozenset(concepts | _ALSO_KNOWN)

    @property
    def is_covered(self) -> bool:
        """Whether at least half of the file's columns are known in this table, or spare."""
        known = self.known | _OF_PEOPLE
        told = [
            c for c in self.sheet.columns if c.header.is_spare or known & set(c.header.meanings)
        ]
        return 2 * len({c.name for c in (*told, *self.found.values())}) >= len(self.sheet.columns)

    def unexplained(self, look: str) -> list[Column]:
        """Return the columns that look so and of which the header says nothing that is known.

        Numbers with a fraction are no name, whatever they are called.
        """
        used = {column.name for column in self.found.values()}
        return [
            column
            for column in self.sheet.columns
            if column.name not in used
            and look in column.shape.looks
            and not (column.header.is_spare or column.header.is_key)
            and not self.known & set(column.header.meanings).difference(_no_name(column))
        ]


def _no_name(column: Column) -> tuple[str, ...]:
    is_fraction = "number" in column.shape.looks and "whole" not in column.shape.looks
    return ("name",) if is_fraction else ()


def guess(stem: str, shapes: Mapping[str, Shape]) -> Guess | None:
    """Guess what a file holds, by its name and by its columns; None where neither says it."""
    said = [*named_tables(stem), *_spoken_of(shapes)]
    if "member" in said and Sheet.of("person", shapes).has(*_OF_AN_AUDIENCE):
        said[said.index("member")] = "person"  # users of a product, who are no colleagues
    if "cost" in said and _is_bill(Sheet.of("cost", shapes)):
        said.insert(0, "cost")  # "campaign costs": what each row is, and what it is of
    signed = [table for table in _UNNAMED if _SIGNS[table](Sheet.of(table, shapes))]
    for table in said:
        if table in signed:
            return find(Sheet.of(table, shapes))
    if said and signed[:1] != ["cost"]:
        found = find(Sheet.of(said[0], shapes))
        is_person = said[0] == "account" and "person" in signed
        # a cost is known by all that its row says, and so is what a person did
        needs_key = found.table != "cost" and not _is_act(stem, found)
        # leads are people, too, and are known by their address where they have no identifier
        needs_key &= found.table != "lead" or not _has_mail(found.sheet)
        if not signed or not (is_person or (needs_key and found.lacks_key)):
            return found
    likely = (find(Sheet.of(table, shapes)) for table in signed)
    return next((g for g in likely if said or g.table == "cost" or g.is_covered), None)


def _is_act(stem: str, found: Guess) -> bool:
    """Whether each row of a file is an act of a person at a time, as its name says."""
    name = f" {' '.join(_STEM.sub(' ', fold(stem)).split())} "
    named = any(f" {fold(word)}{end} " in name for word in words()["acts"] for end in ("", "s"))
    return named and found.table == "touch" and found.sheet.has("occurred", "signed_up", look="day")


def named_tables(stem: str) -> list[str]:
    """Return the core tables that the name of a file may mean, the longest word first."""
    text = f" {' '.join(_STEM.sub(' ', fold(stem)).split())} "
    pairs = [(fold(word), table) for table, group in words()["tables"].items() for word in group]
    found: list[str] = []
    for word, table in sorted(pairs, key=lambda pair: -len(pair[0])):
        forms = (word, *(f"{word}{end}" for end in ("s", "es", "e", "n", "en")), f"{word[:-1]}ies")
        for form in forms:
            if f" {form} " in text:
                text = text.replace(f" {form} ", "  ")
                found.append(table)
    return list(dict.fromkeys(found))


def _spoken_of(shapes: Mapping[str, Shape]) -> list[str]:
    """Return the entity that at least half of the headers speak of ("Deal - Value"), if any."""
    entities = [read_header(header).entity for header in shapes]
    return [
        entity
        for entity in words()["entities"]
        if 2 * entities.count(entity) >= len(entities) and entity in core_tables()
    ]


def is_deal(sheet: Sheet) -> bool:
    """Return whether a file has what deals have: money, and an end or a stage."""
    ends = sheet.has("status", "won_flag", "stage") or sheet.has(
        "closed", "expected_close", look="day"
    )
    money = sheet.has("amount", "actual_amount", look="number")
    return money and ends and not sheet.has("impressions", "clicks", look="number")


def _is_cost(sheet: Sheet) -> bool:
    when = sheet.has("day", "range_start", look="day") or sheet.has("period")
    seen = sheet.has("impressions", "clicks", look="number")
    return sheet.has("cost", look="number") and (when or seen)


def _is_bill(sheet: Sheet) -> bool:
    """Return whether a file that is called costs has what these have: money, and when it went."""
    when = sheet.has("day", "range_start", look="day") or sheet.has("period")
    return when and sheet.has("cost", "paid", look="number")


def _is_lead(sheet: Sheet) -> bool:
    speaks = any(column.header.entity == "lead" for column in sheet.columns)
    began = sheet.has("source") and sheet.has("created", look="day")
    return _has_mail(sheet) and (speaks or (began and _has_person(sheet)))


def _is_person(sheet: Sheet) -> bool:
    return _has_mail(sheet) and _has_person(sheet)


def _is_account(sheet: Sheet) -> bool:
    about = sum(sheet.has(concept) for concept in ("domain", "industry", "employees"))
    return not _has_mail(sheet) and sheet.has("name", "company_name") and about > 0


def _is_touch(sheet: Sheet) -> bool:
    whom = any(sheet.reference(entity) for entity in ("person", "lead", "deal"))
    return whom and sheet.has("occurred", look="day") and sheet.has("touch_kind", "content")


def _has_person(sheet: Sheet) -> bool:
    return sheet.has("first_name", "last_name", "full_name")


def _has_mail(sheet: Sheet) -> bool:
    return sheet.has("email", look="email")


_SIGNS = {
    "deal": is_deal,
    "cost": _is_cost,
    "lead": _is_lead,
    "person": _is_person,
    "account": _is_account,
    "touch": _is_touch,
}


def find(sheet: Sheet) -> Guess:
    """Find the header for each column of a core table, by its name and by what its values are."""
    found: dict[str, Column] = {}
    for name, column in _candidates(sheet):
        if name not in found and column.name not in {c.name for c in found.values()}:
            found[name] = column
    order = [column.name for column in core_tables()[sheet.table].columns]
    return _without_blank_days(Guess(sheet, {name: found[name] for name in order if name in found}))


def _without_blank_days(guess: Guess) -> Guess:
    """Leave out days without a value where the file has dates of which nothing is known.

    A column may be called like a day in another language: "Tag" beside "Expense Date".
    """
    if not guess.unexplained("date"):
        return guess
    days = {c.name for c in core_tables()[guess.table].columns if c.type in ("date", "instant")}
    blank = {name for name, c in guess.found.items() if name in days and c.shape.is_blank}
    return Guess(guess.sheet, {n: c for n, c in guess.found.items() if n not in blank})


def _candidates(sheet: Sheet) -> Iterator[tuple[str, Column]]:
    """Give pairs of a core column and one that may fill it, the surest of each first."""
    table = core_tables()[sheet.table]
    key = sheet.key()
    if key is not None and table.key[0].endswith("_id"):
        yield table.key[0], key
    for item in table.columns:
        look, concepts = _LOOKS.get(item.type), _concepts(sheet.table).get(item.name, ())
        if item.references and item.name not in table.key[:1]:
            yield from ((item.name, column) for column in _referring(sheet, item.name))
        if not concepts:
            called = (c for c in sheet.columns if c.header.phrase == fold(item.name))
            yield from ((item.name, column) for column in called if column.fits(look))
        for concept in concepts:
            wanted = look or _CONCEPT_LOOKS.get(concept)
            yield from ((item.name, column) for column in sheet.ranked(concept, wanted))


def _referring(sheet: Sheet, column: str) -> Sequence[Column]:
    """Return the columns of identifiers that a reference (`account_id`) may come from."""
    entity = column.removesuffix("_id")
    if column in ("owner_id", "actor_id", "member_id"):
        owners = sheet.ranked("owner")
        return [c for c in owners if c.header.is_key] + [c for c in owners if not c.header.is_key]
    if entity == "converted_deal":
        return [c for c in sheet.ranked("converted_deal") if c.header.is_key]
    return [c for c in (sheet.reference(entity),) if c]
