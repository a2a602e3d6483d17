"""A file on its way to SELECTs: what was taken, what is asked, what is noted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from smarketing.files.quoting import identifier, literal
from smarketing.sources.drafting.columns import Column, Sheet, counts_rows
from smarketing.sources.drafting.guess import Guess
from smarketing.sources.drafting.select import DRIVER, Draft, content_id, filled, value
from smarketing.sources.drafting.words import fold, folded_words, with_article

THEN = "leave it out if none is"
NOBODYS = "the deals are nobody's"
"""What follows where a question of whose deals are is passed over."""
_NAMES_THAT_TELL = {
    "lead": ("email",),
    "person": ("email",),
    "account": ("name", "company_name", "domain"),
}
"""What tells the records of a table apart where a file has no identifier; else their name."""


_JOINED = {
    "name": (
        "A name that two records have identifies neither.",
        "case when count(distinct {key}) = 1 then min({key}) end",
        "1",
    ),
    "email": ("Two records of one e-mail are one human: the first of them.", "min({key})", "1"),
    "every_email": ("Who came in several times is each of these records.", "{key}", "1, 2"),
}
"""How records are joined: what is said of it, the identifier of a group, what groups them."""


@dataclass(frozen=True)
class Lookup:
    """Where the records of an entity are found: the object, its key, its name, its e-mail (SQL)."""

    object: str
    key: str
    name: str | None
    email: str | None = None


@dataclass(frozen=True)
class Told:
    """What the files of a source tell of one another.

    The tables that they are about, how records are looked up, the objects that `more` of people is
    told in, whether one tells whose the deals are, and by table a file's name and its identifiers.
    """

    tables: frozenset[str]
    lookups: Mapping[str, Lookup]
    more: Sequence[tuple[str, Column]]
    is_told_whose: bool
    keys: Mapping[str, tuple[str, Column]]


@dataclass
class Work:
    """One file as a core table; the functions for each table fill it in.

    `questions` are what only the user can settle: while there are any, the file is refused.
    `tables` are the core tables that the files of the source are about, `lookups` those other files
    whose records may be found by name, `lists` the columns with several ids in a cell and the sign
    between these, `spend` by what a report of spend is cut, `label` what the file is called.
    """

    guess: Guess
    object: str
    source: str
    tables: frozenset[str] = frozenset()
    lookups: Mapping[str, Lookup] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    before: dict[str, str] = field(default_factory=dict)
    joins: dict[str, str] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    spend: dict[str, list[str]] = field(default_factory=dict)
    where: str | None = None
    qualify: str | None = None
    label: str = ""
    tell_more: tuple[tuple[str, Column], ...] = ()
    """The objects that tell more of people known by an address, and their columns of it."""
    is_told_whose: bool = False
    """Whether another file says whose the deals are."""
    keys: Mapping[str, tuple[str, Column]] = field(default_factory=dict)
    """By core table another file whose records have identifiers, and the column of these."""
    unsteady: frozenset[str] = frozenset()
    """The headers that not every file of the kind has."""
    only: list[str] = field(default_factory=list)
    unused: str | None = None
    questions: list[str] = field(default_factory=list)
    is_tax_asked: bool = False
    notes: list[str] = field(default_factory=list)
    more: list[Draft] = field(default_factory=list)

    @property
    def sheet(self) -> Sheet:
        """The columns of the file."""
        return self.guess.sheet

    @property
    def table(self) -> str:
        """The core table."""
        return self.guess.table

    @property
    def ads(self) -> str:
        """The raw channel of campaigns that only a report of the source names, as text in SQL."""
        return literal(f"{self.source} ads")

    @property
    def file(self) -> str:
        """What the file of the SELECT is called."""
        return self.file_of(self.table)

    def file_of(self, table: str) -> str:
        """Return what the file of a SELECT for another core table is called."""
        return f"{table}.{self.object}.sql"

    def best(self, concept: str, look: str | None = None) -> Column | None:
        """Return the surest column of a concept."""
        return self.sheet.best(concept, look)

    def give(self, name: str, sql: str, *read: Column | None) -> None:
        """Fill a column by an expression over the columns that it reads."""
        self.columns[name] = sql
        self.used |= {column.name for column in read if column}

    def take(self, name: str, column: Column | None = None) -> Column | None:
        """Fill a column by what was found for it, or by the one given; return that column."""
        column = column or self.guess.found.get(name)
        if column is not None:
            self.give(name, value(column), column)
        return column

    def named_after(self, groups: Mapping[str, Sequence[str]], name: str = "") -> set[str]:
        """Return the groups of which a word stands in the name of the file."""
        name = f" {fold(name or self.object)} "
        return {
            group
            for group, found in groups.items()
            for word in found
            if f" {fold(word)} " in name or f" {fold(word)}s " in name
        }

    def take_all(self, *names: str) -> None:
        """Fill columns by what was found for them."""
        for name in names:
            self.take(name)

    def ask(self, question: str) -> None:
        """Note what only the user can settle, once."""
        if question not in self.questions:
            self.questions.append(question)

    def ask_which(self, columns: Iterable[Column], meant: str, name: str) -> None:
        """Ask which of several columns is meant by a column of the core table."""
        found = list({column.name: column for column in columns}.values())
        shown = ", ".join(map(_shown, found))
        example = f'{DRIVER}."{found[0].name}" as {name}'
        self.ask(
            f"nothing says which column holds {meant}: {shown}. Write it into {self.file}, as in "
            f"`{example}`, or {THEN}"
        )

    def ask_misfit(
        self, concepts: Iterable[str], look: str, meant: str, name: str, digits: int = 0
    ) -> bool:
        """Ask about a column that is called so and holds something else; False if there is none.

        Some of its values have so many digits at least: a flag is called like a day, too.
        """
        for concept in concepts:
            for column in self.sheet.ranked(concept):
                if not column.fits(look) and column.has_digits(digits):
                    odd = column.shape.misfit(look)
                    self.ask(
                        f"column '{column.name}' is called like {meant}, and holds '{odd}'. "
                        f"Correct the file, or say in {self.file} what {name} is made of, or {THEN}"
                    )
                    return True
        return False

    def refer(self, name: str, entity: str) -> bool:
        """Fill a reference by the other record's identifier, else by its name where that is known.

        Names are looked up in another file of the source; one that two records have, or none,
        stands as it is written: references that lead nowhere are counted.
        """
        column = self.sheet.reference(entity)
        if column is not None and column.shape.separator:
            self.lists[column.name] = column.shape.separator
            self.notes.append(f"of several ids in '{column.name}' the first is {name}")
            self.give(name, f"{value(column)}[1]", column)
            return True
        if column is not None:
            self.take(name, column)
            return True
        named = self.sheet.named(entity)
        if named is None or named.shape.is_blank:
            return False
        if not self.is_found_by_name(entity):
            self.notes.append(
                f"column '{named.name}' holds names, which identify nobody: export the id too, or "
                f"draft the source from the file with the names and ids along, to fill {name}"
            )
            return False
        alias = self.look_up(entity, value(named))
        told = f"coalesce({alias}.id, {filled(named)})"
        # Of a deal's people only those who are found: who takes part decides whose touches count.
        self.give(
            name, f"{alias}.id" if (self.table, entity) == ("deal", "person") else told, named
        )
        return True

    def is_found_by_name(self, entity: str) -> bool:
        """Whether another file of the source names the records of an entity."""
        return entity in self.lookups and self.lookups[entity].name is not None

    def look_up(self, entity: str, named: str, by: str = "name") -> str:
        """Join the records of another file by a name or an e-mail (SQL); return the join's name.

        By "every_email" all records of an address are joined, a row each.
        """
        other = self.lookups[entity]
        alias = f"{entity}_by_{by}"
        told = other.name if by == "name" else other.email
        only, found, grouped = (text.format(key=other.key) for text in _JOINED[by])
        self.before[alias] = (
            f"  -- {only}\n  select lower(trim({told})) as name, {found} as id\n"
            f"  from {identifier(other.object + '_current')} k\n  group by {grouped}"
        )
        self.joins[alias] = f"left join {alias} on {alias}.name = lower(trim({named}))"
        return alias

    def by_address(
        self,
        column: Column,
        about: Mapping[str, str],
        part: str | None = None,
        by: str = "email",
    ) -> str:
        """Return the person whose e-mail address a column holds, as an expression.

        Where another file of the source lists people, or leads, the address is looked up there;
        one that is in none makes a person, of whom a row says what is in `about`. `part` is the
        address in a cell that holds more; `by` is "every_email" where each with it counts.
        """
        written = part or value(column)
        person = address = f"lower(trim({written}))"
        where = f"nullif(trim({written}), '') is not null"
        entity = "person" if "person" in self.tables else "lead"
        known = self.lookups.get(entity)
        if known is not None and known.email is not None:
            found = f"{self.look_up(entity, written, by)}.id"
            person, where = f"coalesce({found}, {address})", f"{where} and {found} is null"
        for other, told in self.tell_more:
            # What another file says of them, a consent or a name, is not to be overwritten.
            theirs = f"lower(trim(k.{identifier(told.name)}))"
            where += (
                f" and not exists (select 1 from {identifier(other)} k where {theirs} = {address})"
            )
        self.used.add(column.name)
        once = (
            f"row_number() over (partition by {DRIVER}._file_id, {address} "
            f"order by {DRIVER}._row desc) = 1"
        )
        people = {"person_id": address, "email": written, **about}
        self.more.append(self.another("person", people, where, once))
        self.notes.append(f"people are known by their e-mail address in '{column.name}'")
        return person

    def key(self, name: str) -> str | None:
        """Fill the column that identifies a record; None, with a question, where nothing does."""
        known = self.guess.found.get(name)
        column = known or self._unique_name()
        own = f"{self.table.capitalize()} ID"
        telling = [] if known else [c for c in self.sheet.columns if _may_identify(c)]
        if column and self.table != "lead":  # deals name people by an id that is called one
            telling = [c for c in telling if _says_id(c)]
        if telling:
            left = f"; or take this line out, and '{column.name}' does" if column else ""
            self.ask(
                f"no column is known to identify {with_article(self.table)}. Where "
                f"{' or '.join(map(_shown, telling[:3]))} does, call it '{own}' in the file; else "
                f"export the system's own id so. Then draft the source again into another folder "
                f"by --out{left}"
            )
        if column is not None:
            self.take(name, column)
            return value(column)
        if telling:
            return None
        candidates = [c for c in self.sheet.columns if c.header.is_key and not c.header.entity]
        repeats = candidates or [c for c in self.sheet.columns if "code" in c.shape.looks]
        shown = ", ".join(_shown(column) for column in repeats[:3])
        self.ask(
            f"no column identifies {with_article(self.table)}: none is filled and different in "
            f"each record{f' ({shown})' if shown else ''}. Export the system's own id; give each "
            f"{self.table} one of its own in a column '{own}', and draft the source "
            f"again; or write what identifies a record as {name} into {self.file}"
        )
        return None

    def _unique_name(self) -> Column | None:
        """Return a name or address that no two records share, where there is no identifier."""
        for concept in _NAMES_THAT_TELL.get(self.table, ("name",)):
            column = self.best(concept)
            if column is not None and column.shape.is_unique:
                self.notes.append(
                    f"column '{column.name}' tells the records apart, since none holds an id: a "
                    "record that is renamed is a new one"
                )
                return column
        return None

    def content_key(self, name: str, has_own: bool = True) -> None:
        """Fill the identifier by the content of a row, where the file has none of its own."""
        if not (has_own and self.take(name)):
            names = [column.name for column in self.sheet.columns]
            self.give(name, content_id(name for name in names if name not in self.lists))

    def leave_out(self, column: Column, condition: str | None = None) -> None:
        """Leave out the records that a column marks as deleted: as a flag, or on this condition."""
        self.only += [condition] if condition else []
        self.unused = f"marked as deleted in '{column.name}'"
        self.used.add(column.name)

    def modified(self) -> Column | None:
        """Return the record's own modified stamp, by which it compares if all files have it.

        Of records that are written down again and again that is the day of each snapshot.
        """
        stamp = self.best("modified", "day") or next(
            filter(self._is_snapshot, self.sheet.columns), None
        )
        return None if stamp and stamp.name in self.unsteady else stamp

    def _is_snapshot(self, column: Column) -> bool:
        is_day = "day" in column.shape.looks and column.name not in self.used
        return is_day and column.header.phrase in folded_words("snapshots")

    def draft(self) -> Draft:
        """Return the SELECT as it stands."""
        return self.another(self.table, self.columns, self.where, self.qualify)

    def another(
        self,
        table: str,
        columns: Mapping[str, str],
        where: str | None = None,
        qualify: str | None = None,
    ) -> Draft:
        """Return a SELECT over the same file for another core table."""
        stamp = self.modified()
        stamped = {"_modified": value(stamp)} if stamp else {}
        text = " ".join((*columns.values(), where or ""))
        where = " and ".join(condition for condition in (where, *self.only) if condition) or None
        before = {name: sql for name, sql in self.before.items() if f"{name}." in text}
        joins = tuple(join for alias, join in self.joins.items() if f"{alias}." in text)
        used = self.used | {stamp.name for stamp in (stamp,) if stamp}
        return Draft(
            table,
            self.object,
            {**stamped, **columns},
            frozenset(used),
            before,
            joins,
            where,
            qualify,
        )


def _may_identify(column: Column) -> bool:
    """Whether a column of codes or whole numbers is filled and different in each record."""
    looks = column.shape.looks
    is_code = bool(looks & {"code", "whole"}) and not looks & {"date", "day", "phone", "percent"}
    is_plain = is_code and ("whole" in looks or "number" not in looks)
    is_new = not (column.header.meanings or column.header.is_spare or counts_rows(column))
    return column.shape.is_unique and is_plain and is_new


def _says_id(column: Column) -> bool:
    """Whether a word of a header is one of identifiers, whatever else it says."""
    return not folded_words("keys").isdisjoint(fold(column.name).split())


def _shown(column: Column) -> str:
    example = column.shape.example
    return f"'{column.name}'" + (f" ({example})" if example else "")


def present(column: Column) -> str:
    """Return the condition that a cell is filled."""
    return f"{filled(column)} is not null"
