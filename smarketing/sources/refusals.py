"""What is said of a table that no source takes: which system is meant, what is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from smarketing.errors import SourceError, did_you_mean
from smarketing.files.headers import normalise
from smarketing.files.turned import turned
from smarketing.sources.languages import LANGUAGES
from smarketing.sources.objects import ObjectProfile, Reading, alternatives
from smarketing.sources.other_systems import instead_of, only_counts
from smarketing.sources.profile import Source

_SHOWN = 6
_NEAR = 0.5
"""An object is worth naming when it knows so great a part of a table."""
_LACKING = 1
"""So many columns may a table lack of a system that it is said to look like."""
_NEXT = "Write a source for it with `smarketing source new`, or name its folder with --source."


class UnknownTableError(SourceError):
    """The headers of a table are of no source that was considered; `records` are the file's."""

    records: int = 0


@dataclass(frozen=True)
class Candidate:
    """An object that a table may be, and the evidence for it.

    `share` is the part of the table's headers that it knows; `named` whether its file is called as
    the object's files are (2: its sheet); `shaped` whether its ids have the source's shape, None if
    unknown; `signs` how many headers only this source writes; `told` whether all this suffices.
    """

    source: Source
    object: str
    reading: Reading
    score: float
    share: float
    named: int
    shaped: bool | None
    signs: int
    told: bool
    strange: tuple[str, ...] = ()

    def judged(self, told: bool) -> Candidate:
        """Give the candidate with the verdict on its evidence."""
        return replace(self, told=told)

    @property
    def profile(self) -> ObjectProfile:
        """The object's part of the profile."""
        return self.source.objects[self.object]

    @property
    def title(self) -> str:
        """What it is called in messages."""
        return f"{self.source.name} {self.object}"

    @property
    def known(self) -> int:
        """How many of the table's headers it knows."""
        return len(self.reading.headers)

    @property
    def proven(self) -> bool:
        """Whether ids that no other system has say whose it is."""
        return bool(self.shaped and self.source.profile.ids.own)

    @property
    def refuted(self) -> bool:
        """Whether its ids, or the lack of any sign of the source, say that it is not this one."""
        return self.shaped is False or bool(self.profile.signs and not self.signs)

    @property
    def spelled(self) -> bool:
        """Whether every header is written just as its source writes it."""
        return self._spelled(str)

    def _spelled(self, fold: Callable[[str], str]) -> bool:
        return all(
            fold(header) in map(fold, (name, *self.profile.columns[name]))
            for name, header in self.reading.mapping.items()
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """The required columns that the table lacks."""
        return self.profile.lacks(self.reading)

    @property
    def has_half(self) -> bool:
        """Whether at least half of the required columns are there."""
        there = len(self.profile.required) - len(self.missing)
        return bool(self.reading.mapping) and there * 2 >= len(self.profile.required)

    @property
    def rank(self) -> tuple[int, bool, int, bool]:
        """What decides between objects that fit alike: name, spelling, demands, being read."""
        demands = len(self.profile.required)
        return self.named, self.spelled, demands, self.profile.ignored is None

    @property
    def is_meant(self) -> bool:
        """Whether the table is meant to be this object although a column is missing or unknown."""
        item = self.profile
        if self.refuted:
            return False
        there = len(item.required) - len(self.missing)
        if self.source.profile.exact:
            most = self.known > len(self.strange)
            return most and (bool(self.named) or there == len(item.required))
        if self.proven or self.signs > 1:
            return self.known >= 3 and there >= 1
        if self.signs:
            return self.known >= 3 and there * 2 > len(item.required)
        if self.reading.language is None and not self._spelled(str.casefold):
            return False
        enough = self.known >= 3 and self.known * 2 >= len(item.columns)
        enough = enough or (self.known > _SHOWN and self.missing == item.key)
        return self.share >= _NEAR and there * 2 >= len(item.required) and enough


def ambiguous(table_name: str, equal: Sequence[Candidate]) -> SourceError:
    """Say that several objects fit a table equally well."""
    titles = ", ".join(candidate.title for candidate in equal)
    return SourceError(
        f"{table_name} fits {titles} equally well; name the source with --source, or name the "
        "file as the profile expects it."
    )


def of_system(table_name: str, columns: Sequence[str], system: str) -> UnknownTableError:
    """Say that a table comes from a system for which there is no source."""
    counts = only_counts(system) or instead_of(columns, table_name)
    return UnknownTableError(
        f"{table_name} is of no known source: it looks like an export of {system}, and its columns "
        f"are {_shown(columns)}. {f'{counts}.' if counts else _NEXT}"
    )


def no_fit(
    table_name: str, columns: Sequence[str], candidates: Sequence[Candidate], forced: bool = False
) -> SourceError:
    """Say why no candidate takes a table: what the one that is meant lacks, else what it is not.

    Of a source that was named (`forced`) the one is meant that knows most of the table.
    """
    # One that is not read needs no column: with it, the table would be passed over.
    likely = [
        c for c in candidates if (c.missing or c.strange) and c.is_meant and not c.profile.ignored
    ]
    if forced and not likely:
        likely = [c for c in candidates if c.missing and c.has_half and not c.profile.ignored]
    if likely:
        nearest = max(likely, key=lambda c: (c.named, c.score))
        if nearest.missing:
            return SourceError(_missing(table_name, columns, nearest))
        return SourceError(_unknown_columns(table_name, nearest))
    stretches = turned(columns)
    if stretches:
        return UnknownTableError(f"{table_name} is of no known source, and {stretches}.")
    foreign = [
        c for c in candidates if len(_translated(c)) >= 2 and c.missing and c.shaped is not False
    ]
    near = [c for c in candidates if c.reading.mapping and c.share >= _NEAR and not c.refuted]
    near = [c for c in near if c.source.profile.exact or len(c.missing) <= _LACKING]
    if foreign:
        hint = f"; {_foreign(foreign)}"
    else:
        hint = "; nearest: " + ", ".join(_describe(c, columns) for c in near[:3]) if near else ""
    return UnknownTableError(
        f"{table_name} is of no known source: its columns are {_shown(columns)}{hint}. {_NEXT}"
    )


def _shown(columns: Sequence[str]) -> str:
    return ", ".join(columns[:_SHOWN]) + (" …" if len(columns) > _SHOWN else "")


def _foreign(candidates: Sequence[Candidate]) -> str:
    """Say in which language headers look, and of which system where it lacks next to nothing.

    Campaigns, days and clicks are called alike by many.
    """
    candidate = max(candidates, key=lambda c: (c.known, c.score))
    words = ", ".join(_translated(candidate)[:3])
    if len(candidate.missing) > _LACKING:
        told = max(len(_translated(c)) for c in candidates)
        spoken = {_language(c) for c in candidates if len(_translated(c)) == told}
        return (
            f"{words} look {' or '.join(sorted(spoken))}, which is not enough to tell the system: "
            "if it has a source here, set it to English and export again"
        )
    return (
        f"{words} look {_language(candidate)}, as {candidate.source.label} writes them, but there "
        f"is no {' and no '.join(_wanted(candidate))}"
    )


def _translated(candidate: Candidate) -> list[str]:
    """Give the headers that are known in the table's language alone, not in the profile's own."""
    item, reading = candidate.profile, candidate.reading
    if reading.language is None:
        return []
    own = {normalise(name) for column, more in item.columns.items() for name in (column, *more)}
    return [header for header in reading.mapping.values() if normalise(header) not in own]


def _describe(candidate: Candidate, columns: Sequence[str] = ()) -> str:
    if candidate.missing:
        why = f"lacks {', '.join(candidate.missing[:3])}{_meant_by(candidate, columns)}"
    elif candidate.strange:
        why = f"does not know {candidate.strange[0]}"
    else:
        why = "too few of them to be sure"
    return (
        f"{candidate.title} ({len(candidate.reading.mapping)} of its "
        f"{len(candidate.profile.columns)} columns; {why})"
    )


def _meant_by(candidate: Candidate, columns: Sequence[str]) -> str:
    """Ask whether the only column of a table that is unknown is the only one that is missing."""
    free = [column for column in columns if column not in candidate.reading.headers]
    is_own = candidate.source.profile.exact and len(candidate.missing) == len(free) == 1
    return f", did you mean that by '{free[0]}'?" if is_own else ""


def _language(candidate: Candidate) -> str:
    code = candidate.reading.language or ""
    return LANGUAGES.get(code, code)


def _wanted(candidate: Candidate) -> list[str]:
    """Give the missing columns as the table's other headers are written."""
    return [
        " or ".join(f"'{_spelled(candidate, one)}'" for one in alternatives(column))
        for column in candidate.missing
    ]


def _spelled(candidate: Candidate, column: str) -> str:
    item, reading = candidate.profile, candidate.reading
    translated = item.translated.get(reading.language or "", {}).get(column)
    if translated:
        return translated[0]
    aliases = item.columns.get(column, item.families.get(column, ()))
    labelled = sum(1 for name, header in reading.mapping.items() if name != header)
    return aliases[0] if aliases and labelled * 2 > len(reading.mapping) else column


def _missing(table_name: str, columns: Sequence[str], candidate: Candidate) -> str:
    absent = _wanted(candidate)
    free = [column for column in columns if column not in candidate.reading.headers]
    near = did_you_mean(absent[0].split("' or '")[0].strip("'"), free)
    verb, plural = ("is", "") if len(absent) == 1 else ("are", "s")
    with_language = f" with {_language(candidate)} headers" if candidate.reading.language else ""
    start = (
        f"{table_name} looks like {candidate.title}{with_language}, but its required "
        f"column{plural} {', '.join(absent)} {verb} missing."
    )
    advice = candidate.source.profile.advice
    if advice:
        return f"{start} {advice}."
    hint = near if near.startswith(" Did") else f" Its other columns: {', '.join(free) or 'none'}."
    return f"{start}{hint} Rename the header, or add it as an alias in the profile."


def _unknown_columns(table_name: str, candidate: Candidate) -> str:
    odd = candidate.strange
    # Of two headers alike the reader calls the second `name_2`.
    first = next((name.rpartition("_2")[0] for name in odd if name.endswith("_2")), None)
    if first in candidate.reading.mapping.values():
        return (
            f"{table_name} looks like {candidate.title}, but has the column '{first}' twice: "
            "rename or remove the one that does not count."
        )
    names = ", ".join(f"'{name}'" for name in odd[:5])
    unread = [name for name in candidate.profile.columns if name not in candidate.reading.mapping]
    near = did_you_mean(odd[0], _like(odd[0], unread))
    return (
        f"{table_name} looks like {candidate.title}, which has no column {names}.{near} Rename or "
        "remove it, write a source for the file with `smarketing source new`, or say that it is to "
        f"be passed over with --source {candidate.source.name}."
    )


def _like(name: str, valid: Sequence[str]) -> list[str]:
    """Give the names that may be meant: not those of which it says more, as `amount_cents`."""
    words = set(_words(name))
    return [one for one in valid if not set(_words(one)) < words]


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", name.casefold()) if word]
