"""One kind of file of a source: how it is recognised, and which of its headers is which column.

`ObjectProfile` is an entry under `objects:` of a `profile.yaml`; `ObjectProfile.read(headers)` says
which header of a table carries each canonical column, in whichever language they are, and which
headers belong to a family (`Amount spent (MXN)`, `Date entered "Demo"`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from smarketing.files.headers import clean, normalise
from smarketing.sources.languages import headers_of, loosely
from smarketing.sources.spend import Spend, header_currency
from smarketing.sources.zones import header_zone

SEPARATOR = ";"
"""What stands between the items of a list in one cell, unless the profile names another sign."""

_QUOTES = re.compile("[\"'`´‘’“”„«»]+")
_HOLE = "*"


def alternatives(required: str) -> tuple[str, ...]:
    """Return the columns of which one must be there: `WhoId | LeadId`."""
    return tuple(required.split(" | "))


class TotalRows(BaseModel):
    """How the total rows at the end of a report are told: a pattern in a column (or the first)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pattern: str
    column: str | None = None

    @field_validator("pattern")
    @classmethod
    def _is_expression(cls, value: str) -> str:
        return compiles(value)


def compiles(value: str) -> str:
    """Return a regular expression that is one; ValueError otherwise."""
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"'{value}' is no regular expression: {error}.") from error
    return value


@dataclass(frozen=True)
class Reading:
    """Which header of a table carries which canonical column.

    `families` holds for each family its headers, with what stands in the place of the `*`;
    `language` is that of the headers, None for the profile's own; `currency` the one that stands in
    the header of an amount, `amounts` the headers of it where several name one.
    """

    mapping: Mapping[str, str]
    families: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    language: str | None = None
    currency: str | None = None
    amounts: tuple[str, ...] = ()

    @property
    def headers(self) -> frozenset[str]:
        """The headers that are known."""
        members = (header for group in self.families.values() for header, _ in group)
        return frozenset((*self.mapping.values(), *members))


class ObjectProfile(BaseModel):
    """One kind of file of a source: how it is recognised, what its columns are called.

    - `files`: patterns of file names (`Account*.csv`), used to break ties only.
    - `columns`: canonical header and the other headers under which the same column comes.
    - `translated`: the same by language; see `languages`.
    - `families`: columns of which there may be many, the `*` of each pattern standing for what
      tells them apart: `Date entered "*"`. A SELECT sees one column: a list of `name` and `value`.
    - `list`: columns whose cells hold several items, and the sign between them.
    - `required`: canonical headers without which a file is not of this kind; of `A | B` one.
    - `signs`: headers that no other system writes: one of them must be there.
    - `key`: the columns that identify a record; `prefix`: what all its ids begin with; `modified`:
      its own modified stamp; `deleted`: the column that says it is gone.
    - `merged_into`: the column that names the record this one was merged into; `merged_from`:
      columns that list the records that were merged into this one.
    - `ignored`: why no table reads it, for files that are known and not needed.
    - `unused`: why its SELECTs leave out records, told where they do.
    - `undecided`: what must still be said before its files are imported, a sentence each.
    - `spend`: how its rows are cut, where it is a report of spend (class `Spend`).
    - `total_rows`: words that begin a total row, besides "Total" and its like, or patterns.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    files: tuple[str, ...] = ()
    columns: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    translated: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)
    families: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    lists: dict[str, str] = Field(default_factory=dict, alias="list")
    required: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    prefix: str | None = None
    modified: str | None = None
    deleted: str | None = None
    merged_into: str | None = None
    merged_from: tuple[str, ...] = ()
    ignored: str | None = None
    unused: str | None = None
    spend: Spend | None = None
    total_rows: tuple[TotalRows, ...] = ()
    undecided: tuple[str, ...] = ()
    date_order: Literal["dmy", "mdy"] | None = None
    description: str | None = None

    @field_validator("files", "required", "key", "signs", "merged_from", "undecided", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value or ()

    @field_validator("lists", mode="before")
    @classmethod
    def _names_or_signs(cls, value: object) -> object:
        names = [value] if isinstance(value, str) else value
        return dict.fromkeys(names, SEPARATOR) if isinstance(names, list) else names or {}

    @field_validator("total_rows", mode="before")
    @classmethod
    def _words_or_patterns(cls, value: object) -> object:
        items = value if isinstance(value, list | tuple) else [value] if value else []
        return tuple({"pattern": "^" + re.escape(i)} if isinstance(i, str) else i for i in items)

    @field_validator("columns", "families", mode="before")
    @classmethod
    def _names_or_aliases(cls, value: object) -> object:
        if value is None:
            return {}
        if isinstance(value, list):
            return dict.fromkeys(headers_of(value), ())
        if isinstance(value, dict):
            names = zip(headers_of(list(value)), value.values(), strict=True)
            return {name: headers_of(aliases) for name, aliases in names}
        return value

    def names(self, column: str | None) -> tuple[str, ...]:
        """Give the headers under which a canonical column may come, in every language."""
        if column is None:
            return ()
        translated = (name for words in self.translated.values() for name in words.get(column, ()))
        return (column, *self.columns.get(column, ()), *translated)

    def lacks(self, reading: Reading) -> tuple[str, ...]:
        """Give the required columns and families that a table does not have."""
        there = {*reading.mapping, *reading.families}
        return tuple(name for name in self.required if not there & {name, *alternatives(name)})

    def headers(self, column: str | None) -> frozenset[str]:
        """Give the normalised headers under which a canonical column may come; none for None."""
        return frozenset(map(normalise, self.names(column)))

    def mapping(self, headers: Sequence[str]) -> Mapping[str, str]:
        """Map each canonical header to the file's that carries it; absent ones are left out."""
        return self.read(headers).mapping

    def read(self, headers: Sequence[str]) -> Reading:
        """Tell which header carries which column.

        The canonical name is preferred to its aliases, these count in their order, and a language
        counts when it knows more of the headers than the profile's own names do. The header of a
        report's amount may have a currency behind its name, that of any time its zone.
        """
        bare = self._without_zones(headers)
        amounts = self._amount_headers(headers)
        amount = amounts[0] if amounts else None
        if amount is not None:
            header, name, _ = amount
            bare[header] = name
        if not bare:
            return self._read(headers)
        whole = {name: header for header, name in bare.items()}
        found = self._read([bare.get(header, header) for header in headers])
        return replace(
            found,
            mapping={column: whole.get(h, h) for column, h in found.mapping.items()},
            families={
                family: tuple((whole.get(h, h), text) for h, text in members)
                for family, members in found.families.items()
            },
            currency=amount[2] if amount else None,
            amounts=tuple(header for header, *_ in amounts) if len(amounts) > 1 else (),
        )

    def _without_zones(self, headers: Sequence[str]) -> dict[str, str]:
        """Give the headers that are known only without the time zone they name, and so without."""
        there = {*map(normalise, headers)}
        known = self._every_name if any(map(header_zone, headers)) else frozenset()
        return {
            header: zone.name
            for header in headers
            if (zone := header_zone(header))
            and not {normalise(header), loosely(header)} & known
            and normalise(zone.name) not in there
        }

    @cached_property
    def _every_name(self) -> frozenset[str]:
        names = {name for column in self.columns for name in self.names(column)}
        return frozenset((*map(normalise, names), *map(loosely, names)))

    def _amount_headers(self, headers: Sequence[str]) -> list[tuple[str, str, str]]:
        """Give the headers that name the amount of spend and its currency, and what each is."""
        if self.spend is None:
            return []
        names = self.names(self.spend.amount)
        if {*map(normalise, names)} & {*map(normalise, headers)}:
            return []
        known = {reduce(name) for reduce in (normalise, loosely) for name in names}
        told = ((header, header_currency(clean(header))) for header in headers)
        return [
            (header, *split)
            for header, split in told
            if split and known & {normalise(split[0]), loosely(split[0])}
        ]

    def _read(self, headers: Sequence[str]) -> Reading:
        every = {name: (name, *aliases) for name, aliases in self.columns.items()}
        own = _named(every, _by(normalise, headers), normalise)
        best = Reading(own, self._families(headers, None))
        loose = _by(loosely, headers) if self.translated else {}
        for language, words in self.translated.items():
            mine = {column: words[column] for column in words if column in self.columns}
            mapping = {**_named(mine, loose, loosely), **own}
            reading = Reading(mapping, self._families(headers, language), language)
            if len(reading.headers) > len(best.headers):
                best = reading
        return best

    def _families(
        self, headers: Sequence[str], language: str | None
    ) -> dict[str, tuple[tuple[str, str], ...]]:
        found: dict[str, tuple[tuple[str, str], ...]] = {}
        for family, patterns in self.families.items():
            words = self.translated.get(language or "", {}).get(family, ())
            members = _members(headers, (*patterns, *words))
            if members:
                found[family] = members
        return found


def _by(reduce: Callable[[str], str], headers: Sequence[str]) -> dict[str, str]:
    """Give the headers by what is compared of them; of two alike the first."""
    found: dict[str, str] = {}
    for header in headers:
        found.setdefault(reduce(header), header)
    return found


def _named(
    words: Mapping[str, Sequence[str]], present: Mapping[str, str], reduce: Callable[[str], str]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for canonical, names in words.items():
        for name in names:
            if reduce(name) in present:
                found[canonical] = present[reduce(name)]
                break
    return found


def _members(headers: Sequence[str], patterns: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Give the headers that fit a pattern and what stands for its `*` ("" without one)."""
    found: dict[str, str] = {}
    for pattern in patterns:
        for header in headers:
            fit = _pattern(pattern).fullmatch(_plain(header))
            if fit:
                found.setdefault(fit[1], header)
    return tuple((header, name) for name, header in found.items())


@lru_cache(maxsize=1 << 12)
def _pattern(text: str) -> re.Pattern[str]:
    before, hole, after = _plain(text).partition(_HOLE)
    value = r"(\S|\S.*\S)" if hole else "()"
    return re.compile(re.escape(before) + value + re.escape(after), re.IGNORECASE)


def _plain(text: str) -> str:
    """Give a header whose quotes and blanks are written in one way."""
    return clean(_QUOTES.sub('"', unicodedata.normalize("NFKC", text)))
