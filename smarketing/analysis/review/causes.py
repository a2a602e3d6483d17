"""Which file, rate, setting or version made a reported number another one?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from math import isclose

from smarketing.agreement import Agreement
from smarketing.analysis.review.again import Again
from smarketing.analysis.review.cause import Cause, Causes, of_agreement, of_no_rate
from smarketing.analysis.review.contents import (
    ALIASES,
    ALL,
    MOST_RECORDS,
    Contents,
    Place,
    Reads,
    Record,
)
from smarketing.analysis.review.converted import Converted
from smarketing.analysis.review.counted import Seen
from smarketing.analysis.review.counted_twice import CountedTwice
from smarketing.analysis.review.learned import Learned
from smarketing.analysis.review.resting import Settings, settings_of
from smarketing.analysis.review.six_and_twelve import Total
from smarketing.analysis.review.weeks import totals_in
from smarketing.periods import Period
from smarketing.store.schema import core_tables

#: Whether a changed entry of the agreement made all of a change, or a part of it.
_ALL, _PART = "all", "part"
#: What marts ask for to know the date of the data.
_AS_OF = frozenset({"$as_of_at", "$as_of_day"})


def is_told_alike(one: Total, other: Total) -> bool:
    """Return whether two totals are one number, of the same counts where both are told by them."""
    by_counts = one.counts is not None and other.counts is not None
    return is_same(one.value, other.value) and not (by_counts and one.counts != other.counts)


def is_same(before: float | None, after: float | None) -> bool:
    """Return whether two values are one, but for the last digits of a float."""
    if before is None or after is None:
        return before is after
    return isclose(before, after, rel_tol=1e-9, abs_tol=1e-9)


@dataclass(frozen=True)
class _Waiting:
    """One of the KPIs that a number is made of, its records that count otherwise, and those `left`.

    That is what nothing explains yet: their own rows, those beside them, and their rates.
    """

    base: str
    own: tuple[Sequence[Record], ...]
    left: tuple[Sequence[Record], ...]


@dataclass
class _Explained:
    """Where what explains records stands, which of them have no rate any more, and what is left.

    `says_itself`: whether any of the records says another thing now, not only what is beside it.
    """

    places: set[Place] = field(default_factory=set)
    left_out: dict[Cause, None] = field(default_factory=dict)
    waiting: list[_Waiting] = field(default_factory=list)
    says_itself: bool = False


class Changes:
    """What changed between two builds, looked up for one KPI and period at a time.

    `asked` holds, by KPI, every period that is asked about: what falls on days is read once.
    """

    def __init__(self, before: Seen, after: Seen, asked: Mapping[str, Sequence[Period]]) -> None:
        self._before = before
        self._after = after
        self._asked = asked
        self._between: dict[tuple[str, str], Mapping[tuple[str, str], Total]] = {}
        self._contents = Contents(before.engine, after.engine)
        self._told = Causes(before.engine, after.engine, self._contents)
        self._learned = Learned(before.engine, after.engine, after.agreement)
        self._converted = Converted(before.engine, after.engine, self._contents)
        self._counted = CountedTwice(before, after, asked)
        self._is_ahead = False
        self._again = Again(before, after.engine, asked)

    def causes(self, kpi: str, period: Period, was: Total, is_now: Total) -> Iterator[Cause]:
        """Yield what made a number another one.

        An entry of the agreement that by itself makes the number what it is now, is all of it.
        Else the files whose rows say another thing of records that count otherwise, the rates of
        exchange these are converted by, and settings of the agreement that reach the KPI: where
        several can have done it, all are named. Another program is named where the earlier build's
        records make by it another thing than was reported, and the date of the data where the same
        records make another thing at the later one. Only where all this does not explain it what
        is said of many records at once, and that nothing was found.
        """
        entries = self._settings.of_entries(kpi)
        moved = self._moved_by_entries(kpi, period, was.value, is_now.value) if entries else None
        if moved is not None:
            yield of_agreement(self._before.agreement, self._after.agreement, entries)
            if moved == _ALL:
                return
        self._look_ahead()
        counted = [
            (base, [self._contents.own(row) for row in rows[:MOST_RECORDS]])
            for base in self._counted.base_ids(kpi)
            if (rows := self._counted.differing(kpi, base, period))
        ]
        seen = self._explained(counted)
        places = seen.places
        waiting = seen.waiting if counted else self._unread(kpi)
        beside = [] if seen.says_itself or not places else counted
        if (alone := self._date_alone(kpi, period, was, is_now, beside)) is not None:
            yield alone
            return
        found = [*self._told.of_files(places), *seen.left_out]
        if settings := self._settings_under(kpi):
            found.append(of_agreement(self._before.agreement, self._after.agreement, settings))
        if self._is_made_otherwise(kpi, period, was):
            found.append(self._told.of_program())
        yield from found
        if counted and not waiting:
            return
        by_date = self._of_date(kpi, period, waiting, was)
        if by_date is not None:
            yield by_date
            if self._is_made_by_date(kpi, period, is_now):
                return
        is_beside = bool(moved or found)
        more = list(self._beyond(waiting, places, period, is_beside=is_beside))
        yield from more
        if self._again.is_too_much(kpi):
            yield self._told.of_too_much(is_beside=bool(is_beside or more))
        elif not (is_beside or more):
            yield self._told.of_nothing(is_beside=by_date is not None)

    def _explained(self, counted: Sequence[tuple[str, Sequence[Sequence[Record]]]]) -> _Explained:
        """Look for what explains the records that count otherwise, by what they are counted in."""
        seen = _Explained()
        for base, own in counted:
            named, left, says_itself = self._places(base, own, self._counted.reads(base))
            rated, lacking, left = self._rates(base, own, left)
            learned, left = self._of_learned(base, left)
            seen.says_itself |= says_itself
            seen.places |= named | rated | learned
            seen.left_out |= dict.fromkeys(lacking)
            seen.waiting += [_Waiting(base, tuple(own), tuple(left))] if left else []
        return seen

    def _unread(self, kpi: str) -> list[_Waiting]:
        return [_Waiting(base, (), ()) for base in self._counted.base_ids(kpi)]

    def _date_alone(
        self,
        kpi: str,
        period: Period,
        was: Total,
        is_now: Total,
        counted: Sequence[tuple[str, Sequence[Sequence[Record]]]],
    ) -> Cause | None:
        """Return the later date, where it alone makes all of a number: what stands beside did not.

        None where it does not, or that cannot be shown.
        """
        of = [_Waiting(base, tuple(own), tuple(own)) for base, own in counted]
        by_date = self._of_date(kpi, period, of, was)
        return by_date if by_date and self._is_made_by_date(kpi, period, is_now) else None

    def _is_made_by_date(self, kpi: str, period: Period, is_now: Total) -> bool:
        """Return whether the earlier records make all of the number at the later date."""
        later = self._again.total(kpi, period, is_later=True)
        return later is not None and is_told_alike(later, is_now)

    def _beyond(
        self, waiting: Sequence[_Waiting], places: Set[Place], period: Period, *, is_beside: bool
    ) -> Iterator[Cause]:
        """Yield the files not named yet that say another thing of many records at once.

        Where nothing is found beside them, those that say another thing of anything at all.
        """
        found = self._resting(waiting, places, period)
        if not found and not is_beside:
            found = self._anywhere(waiting)
        yield from self._told.of_files(found)
        if not (found or is_beside):
            tables = (frozenset(self._counted.reads(one.base)) for one in waiting)
            yield from self._told.of_alone(frozenset().union(*tables))

    def _anywhere(self, waiting: Sequence[_Waiting]) -> set[Place]:
        """Return where anything changed at all: of these records, else of many at once."""
        found = (self._places(one.base, one.own, ALL)[0] for one in waiting)
        places = set().union(*found)
        tables = frozenset().union(*(self._counted.tables(one.base) for one in waiting))
        return places or self._contents.of_all(tables, ALL)

    def _of_learned(
        self, base: str, left: Sequence[Sequence[Record]]
    ) -> tuple[set[Place], list[Sequence[Record]]]:
        """Return where records changed of which is learned what makes others count otherwise."""
        if not left:
            return set(), []
        bases, tables = self._counted.bases(base), self._counted.tables(base)
        records, reads = self._learned.moved(bases, tables, is_by_cycle=self._is_by_cycle)
        places, unknown, _ = self._places(base, [[one] for one in records], reads)
        return places, unknown if places else list(left)

    @cached_property
    def _is_by_cycle(self) -> bool:
        sides = (self._before.agreement, self._after.agreement)
        return any(side.attribution.cac.lag_by_cycle for side in sides)

    def _rates(
        self, base: str, own: Sequence[Sequence[Record]], left: Sequence[Sequence[Record]]
    ) -> tuple[set[Place], list[Cause], list[Sequence[Record]]]:
        """Return where rates of these records changed, what became of others, and what is left."""
        if not self._counted.is_money(base):
            return set(), [], list(left)
        records = [one for some in own for one in some]
        tables, is_pipeline = self._counted.tables(base), self._counted.is_pipeline(base)
        rated = self._converted.rates(records, tables, is_pipeline=is_pipeline)
        unrated = self._converted.unrated(records, tables, is_pipeline=is_pipeline)
        causes = [of_no_rate(*of, some) for of, some in sorted(unrated.items())]
        newly = self._converted.new_rates(records, tables, is_pipeline=is_pipeline)
        causes += self._told.of_new_rates(set().union(*newly.values()))
        known = rated.keys() | newly.keys() | {one for some in unrated.values() for one in some}
        still = [some for some in left if not any(one in known for one in some)]
        return set().union(*rated.values()), causes, still

    def _resting(
        self, waiting: Sequence[_Waiting], places: Set[Place], period: Period
    ) -> set[Place]:
        """Return where what is said of many records at once changed, of files not named yet."""
        named = {place.of for place in places}
        found: set[Place] = set()
        for one in waiting:
            reads = self._counted.reads(one.base)
            of_many = frozenset(reads)
            if one.left and ALIASES in reads:
                # It says of two records that they are one, not of all that are counted.
                of_many -= {ALIASES}
                left = [record for some in one.left for record in some]
                found |= self._contents.merges_near(left, frozenset(core_tables()))
            found |= self._contents.of_all(of_many, reads)
            if "quota" in reads:
                found |= self._converted.quota_rates(period)
        return {place for place in found if place.of not in named}

    def _look_ahead(self) -> None:
        """Look up what records say for all that is asked at once, rather than number by number."""
        if self._is_ahead:
            return
        self._is_ahead = True
        contents, every = self._contents, frozenset(core_tables())
        rows = (
            row
            for kpi, asked in self._asked.items()
            for base in self._counted.base_ids(kpi)
            for period in asked
            for row in self._counted.differing(kpi, base, period)
        )
        own = list({one: None for row in rows for one in contents.own(row)})
        changed = contents.changes(own, every, ALL)
        beside = contents.beside([one for one in own if not changed.get(one)], every)
        contents.changes({o for some in beside.values() for o in some}, every, ALL)

    def _moved_by_entries(
        self, kpi: str, period: Period, was: float | None, is_now: float | None
    ) -> str | None:
        """Return whether the KPI's own entries alone make the number another one: all of it?

        Asked of the earlier build under the later agreement; None where they change nothing.
        """
        between = self._asked_again(self._after.agreement, kpi, period)
        if is_same(was, between):
            return None
        return _ALL if is_same(between, is_now) else _PART

    def _asked_again(self, agreement: Agreement, kpi: str, period: Period) -> float | None:
        """Return what the earlier build answers now, under an agreement."""
        key = agreement.hash, kpi
        if key not in self._between:
            self._between[key] = totals_in(self._before.engine, agreement, [kpi], self._asked[kpi])
        return self._between[key][kpi, period.label].value

    def _is_made_otherwise(self, kpi: str, period: Period, was: Total) -> bool:
        """Return whether this version makes another thing of the earlier build's records."""
        if self._before.engine.code_hash == self._after.engine.code_hash:
            return False
        again = self._again.total(kpi, period, is_later=False)
        if again is None:
            # Its records are of a version that this one cannot read: it is asked as it stands.
            asked = self._asked_again(self._before.agreement, kpi, period)
            return not is_same(was.value, asked)
        return not is_told_alike(was, again)

    def _of_date(
        self, kpi: str, period: Period, waiting: Sequence[_Waiting], was: Total
    ) -> Cause | None:
        """Return the later date of the data, where by it alone the same records make another thing.

        None where it does not, or that cannot be shown.
        """
        before, after = self._before.engine, self._after.engine
        dated = [one for one in waiting if self._counted.tables(one.base) & _AS_OF]
        if before.as_of_at == after.as_of_at or not dated:
            return None
        again = self._again
        same = was if again.is_same_program else again.total(kpi, period, is_later=False)
        later = again.total(kpi, period, is_later=True)
        if same is None or later is None or is_told_alike(same, later):
            return None
        rated, others = self._by_rate(dated)
        return self._told.of_date(is_rated=rated, is_older=others or not rated)

    def _by_rate(self, waiting: Sequence[_Waiting]) -> tuple[bool, bool]:
        """Return whether records are left that the rate of another day converts, and others."""
        found = set()
        for one in waiting:
            records = [each for some in one.left for each in some]
            rated: set[Record] = set()
            if self._counted.is_money(one.base):
                rated = self._converted.rated_by_date(
                    records,
                    self._counted.tables(one.base),
                    is_pipeline=self._counted.is_pipeline(one.base),
                )
            found |= {any(each in rated for each in some) for some in one.left}
        return True in found, False in found

    def _settings_under(self, kpi: str) -> list[str]:
        return self._settings.under(kpi, self._counted.columns(kpi))

    @cached_property
    def _settings(self) -> Settings:
        before, after = self._before, self._after
        return settings_of(before.engine, before.agreement, after.engine, after.agreement)

    def _places(
        self, kpi: str, own: Sequence[Sequence[Record]], reads: Reads
    ) -> tuple[set[Place], list[Sequence[Record]], bool]:
        """Return where rows changed that made these records count otherwise, and what is left.

        Beside it, whether any of these records says another thing itself. What explains none by its
        own rows is looked for among the records that stand beside it.
        """
        # What a record says may come from one beside it, of a table that is else in no figure.
        every = frozenset(core_tables())
        core = frozenset(reads) if reads else self._counted.tables(kpi) & every
        changed = self._contents.changes((one for some in own for one in some), core, reads)
        left = [some for some in own if not any(changed.get(one) for one in some)]
        by_own = len(left) < len(own)
        near: dict[Record, set[Record]] = {}
        is_other = self._before.engine.code_hash != self._after.engine.code_hash
        is_other = is_other or bool(self._settings_under(kpi))
        for is_moved, of, read in ((True, every, ALL), (False, core, reads)):
            if not is_moved and is_other:
                # What moved every record of its kind says nothing of those beside it.
                break
            wanted = [one for some in left for one in some if (one in changed) == is_moved]
            beside = self._contents.beside(wanted, of)
            found = self._contents.changes((o for some in beside.values() for o in some), of, read)
            near |= {one: {o for o in some if found.get(o)} for one, some in beside.items()}
            changed |= {one: where for one, where in found.items() if where}
        places = set().union(*changed.values())
        left = [some for some in left if not any(near.get(one) for one in some)]
        return places, left, by_own
