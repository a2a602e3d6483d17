"""Which source and object a table belongs to, told by evidence of its own.

`recognise(table_name, columns, sources, forced=None, values=None) -> Match`: the required headers
must all be there; where the source says so the ids must have its shape and one of the headers must
be one that no other system writes. Among the objects that fit, the one that knows most of the table
wins, rare headers counting more than common ones; the file's name only breaks ties.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import PurePosixPath

from smarketing.files.headers import clean, normalise
from smarketing.files.sections import is_of_hosts
from smarketing.sources.languages import SIGNS
from smarketing.sources.objects import ObjectProfile, Reading, alternatives
from smarketing.sources.other_systems import system_of
from smarketing.sources.profile import Source
from smarketing.sources.refusals import Candidate, UnknownTableError, ambiguous, no_fit, of_system

__all__ = ["Match", "UnknownTableError", "Values", "has_shape", "recognise"]

Values = Callable[[str], Sequence[str]]
"""Answers some of the values that stand under a header."""

_SHEET = re.compile(r"^(?P<file>.*)\[(?P<sheet>.*)\]$")
_OWN = 1.0
"""What a header that only one object has weighs."""
_SEVERAL, _MOST, _HALF = 3, 0.75, 0.5
"""So many headers, and so great a part of the table's, are no accident."""
_MEMBERS = 0.25
"""The part of a key's values that are ids at least, where counts and subtotals stand among them."""
_CLOSE = 0.8
"""Two objects whose scores are nearer than this ratio are told apart by the file's name."""
_SAME = 0.999
"""Scores nearer than this are equal."""
_ONE_WORD = re.compile("(?:[A-Z][a-z]+){2,}")
"""A sign such as `TimePeriod`: it is one, where `Time period` is anybody's."""
_FAR = 1.5
"""An object that lacks a required column but fits so much better than the rest is what is meant."""


@dataclass(frozen=True)
class Match:
    """The object a table belongs to, and which of its headers carries each canonical column."""

    source: Source
    object: str
    reading: Reading

    @property
    def profile(self) -> ObjectProfile:
        """The object's part of the profile."""
        return self.source.objects[self.object]

    @property
    def mapping(self) -> Mapping[str, str]:
        """The header that carries each canonical column."""
        return self.reading.mapping


def recognise(
    table_name: str,
    columns: Sequence[str],
    sources: Iterable[Source],
    forced: Source | None = None,
    values: Values | None = None,
) -> Match:
    """Recognise a table by its headers and the shape of its ids.

    `table_name` is what the table is called in reports (`leads.csv`, `a.zip/leads.csv`,
    `book.xlsx[Leads]`); with `forced` only that source is considered, and believed. `values`
    answers values of a column. Raises SourceError when a required column is missing (naming it and
    what to do), when nothing fits, or when two objects fit equally well.
    """
    considered = [forced] if forced else list(sources)
    candidates = sorted(
        _candidates(table_name, columns, considered, forced is not None, values),
        key=lambda c: (-c.score, c.title),
    )
    complete = [c for c in candidates if c.told and not c.missing and not c.strange]
    fitting = [c for c in complete if c.shaped is not False] or complete
    system = None if forced or any(c.proven for c in fitting) else system_of(columns, table_name)
    if system and all(c.source.is_builtin and not c.source.profile.exact for c in fitting):
        raise of_system(table_name, columns, system)
    if not fitting or _another_is_meant(fitting[0], candidates):
        raise no_fit(table_name, columns, candidates, forced is not None)
    return _choose(table_name, fitting)


def _another_is_meant(best: Candidate, candidates: Sequence[Candidate]) -> bool:
    """Whether the best fit is a makeshift: an incomplete object knows much more of the table."""
    return any(
        c.missing and c.is_meant and c.score > _FAR * best.score and c.known > best.known
        for c in candidates
    )


def _candidates(
    table_name: str,
    columns: Sequence[str],
    sources: Sequence[Source],
    forced: bool,
    values: Values | None,
) -> list[Candidate]:
    weights = _weights(sources)
    count = max(len({normalise(column) for column in columns}), 1)
    part = _SHEET.match(table_name)
    sheet = part["sheet"] if part else ""
    found = []
    for source in sources:
        for name, item in source.objects.items():
            if item.ignored and is_of_hosts(name) and not is_of_hosts(sheet):
                continue  # who held an event: no other list with such columns may be passed over
            reading = item.read(columns)
            gained = sum(
                weights.get(normalise(header), weights[normalise(column)])
                for column, header in reading.mapping.items()
            )
            total = sum(weights[normalise(column)] for column in item.columns) or 1.0
            share = len(reading.headers) / count
            candidate = Candidate(
                source=source,
                object=name,
                reading=reading,
                score=gained * (0.5 + 0.5 * gained / total) * (0.5 + 0.5 * share),
                share=share,
                named=_named(table_name, item.files),
                shaped=_shaped(source, item, reading, values),
                signs=_signs(item, reading, columns),
                told=forced and bool(reading.mapping),
                strange=()
                if forced or not source.profile.exact
                else _strange(item, reading, columns),
            )
            found.append(candidate if forced else candidate.judged(_tells(candidate, gained)))
    return found


def _tells(candidate: Candidate, gained: float) -> bool:
    """Whether a table's own evidence says what it is: id, name and status are in every system's
    files.

    Ids and signs of a source decide where it has them. Else headers do, when one of them is the
    object's own or as many that few objects have; when there are several and hardly any is strange;
    and in an exact source.
    """
    c = candidate
    if not c.reading.mapping or c.refuted:
        return False
    if c.source.profile.exact or c.proven or c.named:
        return True
    if c.profile.signs:
        return c.signs > 1 or c.share >= _HALF
    if c.source.profile.ids.own:
        return c.known >= _SEVERAL and c.share >= _MOST
    return gained >= _OWN or (c.known >= _SEVERAL and c.share >= _MOST)


def _shaped(
    source: Source, item: ObjectProfile, reading: Reading, values: Values | None
) -> bool | None:
    """Whether the ids of a table have the source's shape; None where nothing tells.

    A table without ids of its own (a report) is told by those of the records it must refer to.
    """
    ids, shape = source.profile.ids, _id_shape(source, item)
    header = reading.mapping.get(item.key[0]) if item.key else None
    if header is None and shape is not None and ids.own and not _needs_key(item, reading):
        shape = re.compile(ids.shape or "")
        referring = (name for name in item.required if ids.are_in(name, item))
        header = next(
            (reading.mapping[name] for name in referring if name in reading.mapping), None
        )
    if shape is None or header is None or values is None:
        return None
    given = [value.strip() for value in values(header)]
    if not given:
        return None
    return sum(1 for value in given if shape.fullmatch(value)) >= _MEMBERS * len(given)


def _needs_key(item: ObjectProfile, reading: Reading) -> bool:
    """Whether the ids of its own records must be there, and nothing stands in for them."""
    needed = [name for name in item.required if item.key[0] in alternatives(name)]
    return any(not reading.mapping.keys() & {*alternatives(name)} for name in needed)


def _id_shape(source: Source, item: ObjectProfile) -> re.Pattern[str] | None:
    """Give the expression that the ids of an object match, None where its source names no shape."""
    shape = source.profile.ids.shape
    if shape is None:
        return None
    return re.compile(f"(?={re.escape(item.prefix or '')})(?:{shape})")


def has_shape(match: Match, values: Values) -> bool:
    """Whether the ids of a recognised table have their source's shape."""
    return bool(_shaped(match.source, match.profile, match.reading, values))


def _signs(item: ObjectProfile, reading: Reading, columns: Sequence[str]) -> int:
    """Count the headers that only this source writes, in the table's language."""
    signs = (*item.signs, *item.translated.get(reading.language or "", {}).get(SIGNS, ()))
    patterns = [sign.casefold() for sign in signs if "*" in sign]
    words = {sign for sign in signs if _ONE_WORD.fullmatch(sign)}
    others = {normalise(sign) for sign in signs if "*" not in sign and sign not in words}
    return sum(
        1
        for column in (columns if signs else ())
        if clean(column) in words
        or normalise(column) in others
        or any(fnmatch(clean(column).casefold(), pattern) for pattern in patterns)
    )


def _strange(item: ObjectProfile, reading: Reading, columns: Sequence[str]) -> tuple[str, ...]:
    known = {normalise(name) for column in item.columns for name in item.names(column)}
    others = (column for column in columns if column not in reading.headers)
    return tuple(column for column in others if normalise(column) not in known)


def _weights(sources: Sequence[Source]) -> Mapping[str, float]:
    """Weigh each header by its rarity: one that every object has tells nothing."""
    uses: Counter[str] = Counter()
    for source in sources:
        for item in source.objects.values():
            uses.update({normalise(n) for c, more in item.columns.items() for n in (c, *more)})
    return {name: 1.0 / count for name, count in uses.items()}


def _named(table_name: str, patterns: Sequence[str]) -> int:
    """How well the name of a table matches: 2 by its sheet, 1 by its file, else 0."""
    sheet = _SHEET.match(table_name)
    path = PurePosixPath(sheet["file"] if sheet else table_name)
    if sheet and _matches((sheet["sheet"], f"{sheet['sheet']}.csv"), patterns):
        return 2
    return int(_matches((path.name, path.stem), patterns))


def _matches(names: Sequence[str], patterns: Sequence[str]) -> bool:
    return any(fnmatch(n.casefold(), p.casefold()) for n in names for p in patterns)


def _choose(table_name: str, fitting: Sequence[Candidate]) -> Match:
    best = fitting[0]
    near = [c for c in fitting if c.score >= best.score * _CLOSE]
    chosen = max(near, key=lambda c: (*c.rank, c.score))
    equal = [
        c
        for c in near
        if c is not chosen and c.rank == chosen.rank and c.score >= chosen.score * _SAME
    ]
    if equal:
        raise ambiguous(table_name, (chosen, *equal))
    return Match(chosen.source, chosen.object, chosen.reading)
