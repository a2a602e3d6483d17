"""Which source and object a table belongs to, told by its headers.

`recognise(table_name, columns, sources, forced=None) -> Match`: the required headers must all be
there; among the objects that fit, the one that knows most of the table wins, rare headers counting
more than common ones; the file's name only breaks ties.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import PurePosixPath

from smarketing.errors import SourceError, did_you_mean
from smarketing.files.headers import normalise
from smarketing.sources.profile import ObjectProfile, Source

_SHEET = re.compile(r"^(?P<file>.*)\[(?P<sheet>.*)\]$")
_OWN = 1.0
"""What a header that only one object has weighs."""
_SEVERAL, _MOST = 3, 0.75
"""So many headers, and so great a part of the table's, are no accident."""
_CLOSE = 0.8
"""Two objects whose scores are nearer than this ratio are told apart by the file's name."""
_SAME = 0.999
"""Scores nearer than this are equal."""
_FAR = 1.5
"""An object that lacks a required column but fits so much better than the rest is what is meant."""


class UnknownTableError(SourceError):
    """The headers of a table are of no source that was considered; `records` are the file's."""

    records: int = 0


@dataclass(frozen=True)
class Match:
    """The object a table belongs to, and which of its headers carries each canonical column."""

    source: Source
    object: str
    mapping: Mapping[str, str]

    @property
    def profile(self) -> ObjectProfile:
        """The object's part of the profile."""
        return self.source.objects[self.object]


@dataclass(frozen=True)
class _Candidate:
    source: Source
    object: str
    profile: ObjectProfile
    mapping: Mapping[str, str]
    score: float
    named: int
    told: bool
    strange: tuple[str, ...] = ()

    @property
    def spelled(self) -> bool:
        """Whether every header is written just as its source writes it."""
        columns = self.profile.columns
        return all(header in (name, *columns[name]) for name, header in self.mapping.items())

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(name for name in self.profile.required if name not in self.mapping)

    @property
    def rank(self) -> tuple[int, bool, int, bool]:
        """What decides between objects that fit alike: name, spelling, demands, being read."""
        demands = len(self.profile.required)
        return self.named, self.spelled, demands, self.profile.ignored is None

    @property
    def title(self) -> str:
        return f"{self.source.name} {self.object}"


def recognise(
    table_name: str,
    columns: Sequence[str],
    sources: Iterable[Source],
    forced: Source | None = None,
) -> Match:
    """Recognise a table by its headers.

    `table_name` is what the table is called in reports (`leads.csv`, `a.zip/leads.csv`,
    `book.xlsx[Leads]`); with `forced` only that source is considered. Raises SourceError when a
    required column is missing (naming it and the nearest header), when nothing fits (naming the
    nearest objects), or when two objects fit equally well.
    """
    considered = [forced] if forced else list(sources)
    candidates = sorted(
        _candidates(table_name, columns, considered, forced is not None),
        key=lambda c: (-c.score, c.title),
    )
    fitting = [c for c in candidates if c.told and not c.missing and not c.strange]
    if not fitting or _another_is_meant(fitting[0], candidates):
        raise _no_fit(table_name, columns, candidates)
    return _choose(table_name, fitting)


def _another_is_meant(best: _Candidate, candidates: Sequence[_Candidate]) -> bool:
    """Whether the best fit is a makeshift: an incomplete object knows much more of the table."""
    return any(
        c.missing
        and _clearly(c)
        and c.score > _FAR * best.score
        and len(c.mapping) > len(best.mapping)
        for c in candidates
    )


def _candidates(
    table_name: str, columns: Sequence[str], sources: Sequence[Source], forced: bool
) -> list[_Candidate]:
    weights = _weights(sources)
    known = {normalise(column) for column in columns}
    found = []
    for source in sources:
        for name, item in source.objects.items():
            mapping = item.mapping(columns)
            gained = sum(weights[normalise(header)] for header in mapping.values())
            total = sum(weights[normalise(column)] for column in item.columns) or 1.0
            share = len(mapping) / max(len(known), 1)
            score = gained * (0.5 + 0.5 * gained / total) * (0.5 + 0.5 * share)
            named = _named(table_name, item.files)
            told = bool(mapping) and (
                forced or bool(named) or _tells(source, gained, len(mapping), share)
            )
            odd = () if forced or not source.profile.exact else _strange(item, columns)
            found.append(_Candidate(source, name, item, mapping, score, named, told, odd))
    return found


def _tells(source: Source, gained: float, mapped: int, share: float) -> bool:
    """Whether headers alone say what a table is: id, name and status are in every system's files.

    They do when one of them is the object's own, or as many that few objects have; when there are
    several and hardly any is strange; and in an exact source.
    """
    return source.profile.exact or gained >= _OWN or (mapped >= _SEVERAL and share >= _MOST)


def _strange(item: ObjectProfile, columns: Sequence[str]) -> tuple[str, ...]:
    known = {normalise(name) for column, more in item.columns.items() for name in (column, *more)}
    return tuple(column for column in columns if normalise(column) not in known)


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


def _choose(table_name: str, fitting: Sequence[_Candidate]) -> Match:
    best = fitting[0]
    near = [c for c in fitting if c.score >= best.score * _CLOSE]
    chosen = max(near, key=lambda c: (*c.rank, c.score))
    equal = [
        c
        for c in near
        if c is not chosen and c.rank == chosen.rank and c.score >= chosen.score * _SAME
    ]
    if equal:
        titles = ", ".join(c.title for c in (chosen, *equal))
        raise SourceError(
            f"{table_name} fits {titles} equally well; name the source with --source, or name the "
            "file as the profile expects it."
        )
    return Match(chosen.source, chosen.object, chosen.mapping)


def _no_fit(
    table_name: str, columns: Sequence[str], candidates: Sequence[_Candidate]
) -> SourceError:
    likely = [c for c in candidates if (c.missing or c.strange) and _clearly(c)]
    if likely:
        nearest = max(likely, key=lambda c: (c.named, c.score))
        return SourceError(_missing(table_name, columns, nearest))
    shown = ", ".join(columns[:6]) + (" …" if len(columns) > 6 else "")
    near = [c for c in candidates if c.mapping][:3]
    hint = "; nearest: " + ", ".join(_describe(c) for c in near) if near else ""
    return UnknownTableError(
        f"{table_name} is of no known source: its columns are {shown}{hint}. Write a source for "
        "it with `smarketing source new`, or name its folder with --source."
    )


def _clearly(candidate: _Candidate) -> bool:
    """Whether the table is meant to be this object although a column is missing or unknown."""
    declared = len(candidate.profile.columns) or 1
    there = len(candidate.profile.required) - len(candidate.missing)
    known = len(candidate.mapping)
    if candidate.named and known >= 2 and known * 3 >= declared:
        return True
    if candidate.named and candidate.source.profile.exact and known > len(candidate.strange):
        return True
    return there * 2 >= len(candidate.profile.required) and known >= 3 and known * 2 >= declared


def _describe(candidate: _Candidate) -> str:
    if candidate.missing:
        why = f"lacks {', '.join(candidate.missing[:3])}"
    elif candidate.strange:
        why = f"does not know {candidate.strange[0]}"
    else:
        why = "too few of them to be sure"
    return (
        f"{candidate.title} ({len(candidate.mapping)} of its {len(candidate.profile.columns)} "
        f"columns; {why})"
    )


def _missing(table_name: str, columns: Sequence[str], candidate: _Candidate) -> str:
    absent = candidate.missing
    if not absent:
        return _unknown_columns(table_name, candidate)
    names = ", ".join(f"'{name}'" for name in absent)
    free = [column for column in columns if column not in candidate.mapping.values()]
    near = did_you_mean(absent[0], free)
    hint = near if near.startswith(" Did") else f" Its other columns: {', '.join(free) or 'none'}."
    verb = "is" if len(absent) == 1 else "are"
    return (
        f"{table_name} looks like {candidate.title}, but its required column"
        f"{'' if len(absent) == 1 else 's'} {names} {verb} missing.{hint} Rename the header, or "
        "add it as an alias in the profile."
    )


def _unknown_columns(table_name: str, candidate: _Candidate) -> str:
    odd = candidate.strange
    # Of two headers alike the reader calls the second `name_2`.
    first = next((name.rpartition("_2")[0] for name in odd if name.endswith("_2")), None)
    if first in candidate.mapping.values():
        return (
            f"{table_name} looks like {candidate.title}, but has the column '{first}' twice: "
            "rename or remove the one that does not count."
        )
    names = ", ".join(f"'{name}'" for name in odd[:5])
    unread = [name for name in candidate.profile.columns if name not in candidate.mapping]
    return (
        f"{table_name} looks like {candidate.title}, which has no column {names}."
        f"{did_you_mean(odd[0], unread)} Rename or remove it, or say that it is to be passed over "
        f"with --source {candidate.source.name}."
    )
