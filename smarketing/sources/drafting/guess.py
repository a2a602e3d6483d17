"""Which core table a file of an unknown system fills, and where each of its columns comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from smarketing.sources.drafting.columns import CONCEPT_LOOKS, Column, Sheet, concepts
from smarketing.sources.drafting.shapes import Shape
from smarketing.sources.drafting.words import fold, folded_words, read_header, words
from smarketing.store.schema import Table, core_tables

_LOOKS = {
    **{"instant": "day", "date": "day", "amount": "number", "int": "number", "real": "number"},
    "bool": "flag",
}
"""What the values of a core column of this type look like."""
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
_UNNAMED = ("cost", "deal", "lead", "touch", "person", "account")
"""Tables that a file may be known to fill by its columns alone, the surest sign first."""
_STEM = re.compile(r"[\d_\W]+")


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
        made_of = {concept for group in concepts(self.table).values() for concept in group}
        return frozenset(made_of | _ALSO_KNOWN)

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
    record = fold(_STEM.sub(" ", stem)).rpartition(" ")[2]
    if "member" in said and Sheet.of("person", shapes).has(*_OF_AN_AUDIENCE):
        said[said.index("member")] = "person"  # users of a product, who are no colleagues
    if "cost" in said and _is_bill(Sheet.of("cost", shapes)):
        said.insert(0, "cost")  # "campaign costs": what each row is, and what it is of
    signed = [table for table in _UNNAMED if _SIGNS[table](Sheet.of(table, shapes))]
    for table in said:
        if table in signed:
            return find(Sheet.of(table, shapes, record))
    if said and signed[:1] != ["cost"]:
        found = find(Sheet.of(said[0], shapes, record))
        is_person = said[0] == "account" and "person" in signed
        # a cost is known by all that its row says, and so is what a person did
        needs_key = found.table != "cost" and not _is_act(stem, found)
        # leads are people, too, and are known by their address where they have no identifier
        needs_key &= found.table != "lead" or not _has_mail(found.sheet)
        if not signed or not (is_person or (needs_key and found.lacks_key)):
            return found
        is_act = said[0] == "touch" and signed[0] == "deal"
        if is_act and find(Sheet.of("deal", shapes, record)).lacks_key:
            return found  # neither has an identifier: what the file is called decides
    likely = (find(Sheet.of(table, shapes, record)) for table in signed)
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
            if f" {form} " in text or f" {form} " in _with_umlauts(text):
                text = text.replace(f" {form} ", "  ")
                found.append(table)
    return list(dict.fromkeys(found))


def _with_umlauts(text: str) -> str:
    """Return a name as it is folded where it has umlauts: "auftraege" is "auftrage"."""
    return text.replace("ae", "a").replace("oe", "o").replace("ue", "u")


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
        is_taken = name in found or column.name in {c.name for c in found.values()}
        if not (is_taken or (name == "owner_name" and _is_name(found.get("owner_id")))):
            found[name] = column
    order = [column.name for column in core_tables()[sheet.table].columns]
    return _without_blank_days(Guess(sheet, {name: found[name] for name in order if name in found}))


def _is_name(owner: Column | None) -> bool:
    """Whether an owner is known by name, so that a second column names somebody else."""
    if owner is None or owner.header.is_key or owner.shape.is_blank:
        return False
    return not owner.shape.looks & {"code", "whole", "email"}


def _without_blank_days(guess: Guess) -> Guess:
    """Leave out days without a value where the file has dates of which nothing is known.

    A column may be called like a day in another language: "Tag" beside "Expense Date".
    """
    if not guess.unexplained("date"):
        return guess
    days = {c.name for c in core_tables()[guess.table].columns if c.type in ("date", "instant")}
    blank = {name for name, c in guess.found.items() if name in days and c.shape.is_blank}
    return Guess(guess.sheet, {n: c for n, c in guess.found.items() if n not in blank})


def _identifier(sheet: Sheet, table: Table) -> Column | None:
    """Return the column by which a record is known: its own identifier, or whose it is.

    A history, or who takes part in a deal, is known by the record it tells of; an identifier of its
    own rows beside that ("Id") names none.
    """
    key = sheet.key()
    whose = next(column.references for column in table.columns if column.name == table.key[0])
    if key is None or whose in (None, table.name) or key.header.entity == whose:
        return key
    if sheet.references(str(whose)):
        return sheet.reference(str(whose))
    is_of_rows = key.header.phrase in folded_words("keys") and key.shape.is_unique
    return None if is_of_rows and key.shape.rows > 1 else key


def _candidates(sheet: Sheet) -> Iterator[tuple[str, Column]]:
    """Give pairs of a core column and one that may fill it, the surest of each first."""
    table = core_tables()[sheet.table]
    key = _identifier(sheet, table)
    if key is not None and table.key[0].endswith("_id"):
        yield table.key[0], key
    for item in table.columns:
        look, made_of = _LOOKS.get(item.type), concepts(sheet.table).get(item.name, ())
        if item.references and item.name not in table.key[:1]:
            yield from ((item.name, column) for column in _referring(sheet, item.name))
        if not made_of:
            called = (c for c in sheet.columns if c.header.phrase == fold(item.name))
            yield from ((item.name, column) for column in called if column.fits(look))
        for concept in made_of:
            wanted = look or CONCEPT_LOOKS.get(concept)
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
