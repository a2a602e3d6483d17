"""What made a reported number another one, in words."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from smarketing.agreement import Agreement
from smarketing.analysis.review.contents import Contents, Place, Record
from smarketing.engine import DuckDBEngine
from smarketing.periods import day_words, local_instant, moment_words

_MOST_NAMED = 5


@dataclass(frozen=True)
class Cause:
    """One thing that changed a number: a file of an import with its rows, or what else did.

    `kind` is file, rate (of exchange), agreement, program, date (of the data), or unknown;
    `records` are the ids it touched.
    """

    kind: str
    text: str
    import_id: str = ""
    file: str = ""
    rows: tuple[int, ...] = ()
    records: tuple[str, ...] = ()


@dataclass(frozen=True)
class Causes:
    """Causes told between two builds and their agreements."""

    before: DuckDBEngine
    after: DuckDBEngine
    contents: Contents

    def of_program(self) -> Cause:
        """Say that another version made another thing of the same records."""
        before, after = self.before.build_id, self.after.build_id
        said = f"a new version of Smarketing (build {before} was made by another one than {after})"
        return Cause("program", said)

    @property
    def went_on(self) -> str:
        """Say from which day to which the data went on."""
        after, before = self._dates
        return f"the data go to {after}, no longer to {before}"

    @property
    def _is_back(self) -> bool:
        """Whether the data go less far than they did: an import was taken back."""
        return self.after.as_of_at < self.before.as_of_at

    @property
    def _dates(self) -> tuple[str, str]:
        """To which day the data go and went; of one day, to which time of it."""
        sides = self.after, self.before
        if self.before.as_of_day != self.after.as_of_day:
            return day_words(sides[0].as_of_day), day_words(sides[1].as_of_day)
        at = [local_instant(side.as_of_at, side.timezone) for side in sides]
        return f"{moment_words(at[0])}:{at[0]:%S}", f"{at[1]:%H:%M:%S}"

    def of_date(self, *, is_rated: bool, is_older: bool) -> Cause:
        """Say what another date does: other rates of exchange, what is no longer too young."""
        aged = "what was too young then counts now"
        if self._is_back:
            aged = "what counted then is too young now"
        said = [aged] if is_older else []
        said += ["rates of exchange are those of that day"] if is_rated else []
        return Cause("date", f"{self.went_on}: {' and '.join(said)}")

    def of_new_rates(self, places: Set[Place]) -> Iterator[Cause]:
        """Yield the files that brought a rate of the data's later day: nothing is corrected."""
        for one in self.of_files(places):
            said = f"{self.went_on}: rates of exchange are those of that day, {one.text}"
            yield replace(one, kind="date", text=said)

    def of_too_much(self, *, is_beside: bool) -> Cause:
        """Say what is not known where the earlier records are too many to be made anew."""
        before, after = self.before, self.after
        can_be = ["a new version of Smarketing"] if before.code_hash != after.code_hash else []
        if before.as_of_at != after.as_of_at:
            date = "earlier" if self._is_back else "later"
            can_be.append(f"the data's {date} date ({', no longer '.join(self._dates)})")
        did = "did it as well" if is_beside else "did it"
        return Cause(
            "unknown",
            f"whether {' or '.join(can_be)} {did} is not known: build {before.build_id} has too "
            "many rows to be made again for this",
        )

    def of_nothing(self, *, is_beside: bool) -> Cause:
        """Say that nothing was found, and whether the builds are of one version."""
        before, after = self.before, self.after
        said = "no file, setting or version was found that can have done it"
        if before.code_hash != after.code_hash:
            said = (
                f"builds {before.build_id} and {after.build_id} were made by different versions of "
                "Smarketing, and nothing else was found that can have done it"
            )
        return Cause("unknown", f"beside that {said}" if is_beside else said)

    def of_files(self, places: Set[Place]) -> Iterator[Cause]:
        """Name the files, and their rows, that say another thing now."""
        files: dict[tuple[tuple[str, str], bool, bool], list[Place]] = {}
        for place in sorted(self.contents.first_said(places)):
            files.setdefault((place.of, place.is_gone, place.is_reread), []).append(place)
        for (of, is_gone, is_reread), some in sorted(files.items()):
            rows = {place.line for place in some}
            touched = {place.record for place in some if place.record}
            text = _file_words(*of, rows, touched) + (self._went(of) if is_gone else "")
            if is_reread:
                text = f"a new version of Smarketing reads otherwise: {text}"
            kind = "program" if is_reread else "file"
            yield Cause(kind, text, *of, tuple(sorted(rows)), tuple(sorted(touched)))

    def of_alone(self, tables: frozenset[str]) -> Iterator[Cause]:
        """Name the files without which nothing is recorded of what a number counts."""
        for file, is_gone in sorted(set(self.contents.alone(tables))):
            here = f"{file[1]} of import {file[0]}"
            where = self._went(file) if is_gone else ", the first of its kind"
            yield Cause("file", f"{here}{where}: without it nothing of the kind is recorded", *file)

    def _went(self, file: tuple[str, str]) -> str:
        """Say why rows of a file are in no figure any more."""
        if file not in self.contents.gone:
            return ", no longer counted beside newer files"
        import_id = self.contents.instead_of(file)
        return ", taken back" if import_id is None else f", no longer in the export of {import_id}"


def of_agreement(old: Agreement, new: Agreement, said: Sequence[str]) -> Cause:
    """Name what of the agreement changed."""
    more = f" and {len(said) - 3} more" if len(said) > 3 else ""
    return Cause(
        "agreement",
        f"the agreement changed from {old.hash[:8]} to {new.hash[:8]}: {' '.join(said[:3])}{more}",
    )


def of_no_rate(currency: str, day: dt.date, records: Set[Record]) -> Cause:
    """Say which records have no rate of exchange any more."""
    said = f"no exchange rate of {currency} for {day}: {_many(records)} left out"
    return Cause("rate", said, records=tuple(sorted(one for _, one in records)))


def _many(records: Set[Record]) -> str:
    """Count records by their kind: 2 deals, 1 cost."""
    kinds = Counter(column.removesuffix("_id") for column, _ in records)
    return ", ".join(f"{n} {kind}{'' if n == 1 else 's'}" for kind, n in sorted(kinds.items()))


def _file_words(import_id: str, file: str, rows: set[int], touched: set[str]) -> str:
    lines = sorted(rows)
    where = ", ".join(str(line) for line in lines[:_MOST_NAMED])
    more = f" and {len(lines) - _MOST_NAMED} more" if len(lines) > _MOST_NAMED else ""
    noun = "row" if len(lines) == 1 else "rows"
    who = ", ".join(sorted(touched)[:_MOST_NAMED])
    others = f" and {len(touched) - _MOST_NAMED} more" if len(touched) > _MOST_NAMED else ""
    of = f" ({who}{others})" if touched else ""
    return f"{file} of import {import_id}, {noun} {where}{more}{of}"
