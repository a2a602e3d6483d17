"""What did we report last time that is another number now, and which file or change did it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isclose

import pandas as pd
from sqlglot import exp

from smarketing.agreement import Agreement
from smarketing.agreement.told import told
from smarketing.analysis.kpis.records import DAY, records
from smarketing.analysis.kpis.values import base_kpis
from smarketing.analysis.review.weeks import has_periods, values_in
from smarketing.engine import DuckDBEngine
from smarketing.errors import QueryError, UsageError
from smarketing.periods import Period, parse_window
from smarketing.store.schema import core_tables
from smarketing.workspace.records import Reported

#: Core tables whose rows belong to what a KPI counts, by the column that names it.
_OF: Mapping[str, tuple[str, ...]] = {
    "lead_id": ("lead", "lead_stage_event", "lead_assignment", "score_event", "touch"),
    "deal_id": ("deal", "deal_stage_event", "deal_contact", "contract"),
    "touch_id": ("touch",),
    "cost_id": ("cost",),
    "contract_id": ("contract",),
    "account_id": ("account",),
}
_MOST_RECORDS = 1000
_MOST_NAMED = 5


@dataclass(frozen=True)
class Seen:
    """A build and the agreement it was derived under."""

    engine: DuckDBEngine
    agreement: Agreement


@dataclass(frozen=True)
class Cause:
    """One thing that changed a number: a file of an import with its rows, or what else did.

    `kind` is file, agreement, program or date (of the data); `records` are the ids it touched.
    """

    kind: str
    text: str
    import_id: str = ""
    file: str = ""
    rows: tuple[int, ...] = ()
    records: tuple[str, ...] = ()


@dataclass(frozen=True)
class Restated:
    """One KPI value that was reported and is another now, in major units; None: not available."""

    kpi: str
    label: str
    unit: str
    period: Period
    before: float | None
    after: float | None
    causes: tuple[Cause, ...]

    @property
    def is_by_time(self) -> bool:
        """Whether nothing was corrected: the data only go on, and what was young counts now."""
        return bool(self.causes) and all(cause.kind == "date" for cause in self.causes)


def restated(before: Seen, after: Seen, reported: Sequence[Reported]) -> list[Restated]:
    """Answer what of what was reported on `before` is another number on `after`, and why.

    A period that was running then is not restated by going on, and what is known as of the data's
    date alone has no earlier period to be restated in. In the agreement's order, those last that
    time alone changed.
    """
    periods = {r.period: before.agreement.parse_period(r.period) for r in reported}
    over = {
        name: period
        for name, period in periods.items()
        if period.last_day <= before.engine.as_of_day
    }
    known = {k.id: k for k in after.agreement.kpis if has_periods(after.agreement, k)}
    ids = list(dict.fromkeys(r.kpi for r in reported if r.kpi in known))
    now = values_in(after.engine, after.agreement, ids, list(over.values())) if over else {}
    others: list[tuple[Reported, float | None]] = []
    for one in reported:
        if one.period in over and one.kpi in known:
            value = now.get((one.kpi, one.period))
            if not _is_same(one.value, value):
                others.append((one, value))
    changes = _Changes(before, after, _spans((one.kpi, over[one.period]) for one, _ in others))
    found = []
    for one, value in others:
        kpi, period = known[one.kpi], over[one.period]
        causes = tuple(changes.causes(one.kpi, period))
        found.append(Restated(one.kpi, kpi.label, kpi.unit, period, one.value, value, causes))
    order = {name: place for place, name in enumerate(known)}
    return sorted(found, key=lambda r: (r.is_by_time, order[r.kpi], r.period.start, r.period.end))


def _spans(changed: Iterable[tuple[str, Period]]) -> dict[str, Period]:
    """Return, by KPI, the span of all its periods that are asked about."""
    found: dict[str, list[Period]] = {}
    for kpi, period in changed:
        found.setdefault(kpi, []).append(period)
    return {
        kpi: parse_window(min(p.start for p in some), max(p.end for p in some))
        for kpi, some in found.items()
    }


def _is_same(before: float | None, after: float | None) -> bool:
    if before is None or after is None:
        return before is after
    return isclose(before, after, rel_tol=1e-9, abs_tol=1e-9)


class _Changes:
    """What changed between two builds, looked up for one KPI and period at a time.

    `spans` hold, by KPI, every period that is asked about: what falls on days is read once.
    """

    def __init__(self, before: Seen, after: Seen, spans: Mapping[str, Period]) -> None:
        self._before = before
        self._after = after
        self._spans = spans
        old = _files(before.engine)
        self._came = {key: f for key, f in _files(after.engine).items() if key not in old}
        self._gone = {key: f for key, f in old.items() if key not in _files(after.engine)}
        self._read: dict[tuple[bool, str], pd.DataFrame | None] = {}
        self._lines: dict[tuple[str, str], list[tuple[str, str, int]]] = {}

    def causes(self, kpi: str, period: Period) -> Iterator[Cause]:
        """Yield the files with the records they changed, then what else made the rest of it.

        Where new rows explain every record that counts otherwise, nothing else does. A changed
        agreement that names the KPI and another program are named in any case.
        """
        rows: list[dict[str, str]] = []
        named: dict[tuple[str, str], tuple[set[int], set[str]]] = {}
        if self._came or self._gone:
            rows = _differing(self._counted(True, kpi, period), self._counted(False, kpi, period))
            named = self._named(rows)
        for (import_id, file), (lines, touched) in sorted(named.items()):
            text = _file_words(import_id, file, lines, touched)
            yield Cause("file", text, import_id, file, tuple(sorted(lines)), tuple(sorted(touched)))
        known = set().union(*(touched for _, touched in named.values()))
        is_explained = bool(rows) and all(known & set(row.values()) for row in rows)
        others = list(self._others(kpi, is_explained=is_explained))
        yield from others
        if not is_explained:
            # What it rests on changed, such as a rate; where nothing else is known, any file.
            resting = self._came if not (named or others) else self._resting
            for import_id, file in resting:
                if (import_id, file) not in named:
                    yield Cause("file", f"{file} of import {import_id}", import_id, file)

    def _others(self, kpi: str, *, is_explained: bool) -> Iterator[Cause]:
        before, after = self._before.engine, self._after.engine
        yield from self._of_agreement(kpi, is_explained=is_explained)
        if before.code_hash != after.code_hash:
            yield Cause(
                "program",
                f"a new version of Smarketing (build {before.build_id} was made by another one "
                f"than {after.build_id})",
            )
        if not is_explained and before.as_of_day != after.as_of_day:
            yield Cause(
                "date",
                f"the data go to {after.as_of_day}, no longer to {before.as_of_day}: what was too "
                "young then counts now, and rates of exchange are those of that day",
            )

    @cached_property
    def _sentences(self) -> list[str]:
        """What the agreement says otherwise."""
        return told(self._before.agreement, self._after.agreement)

    def _of_agreement(self, kpi: str, *, is_explained: bool) -> Iterator[Cause]:
        old, new = self._before.agreement, self._after.agreement
        if old.hash == new.hash:
            return
        sentences = self._sentences
        label = new.kpi(kpi).label
        near = [s for s in sentences if f"“{label}”" in s]
        if is_explained and not near:
            return
        said = near or sentences
        more = f" and {len(said) - 3} more" if len(said) > 3 else ""
        yield Cause(
            "agreement",
            f"the agreement changed from {old.hash[:8]} to {new.hash[:8]}: "
            f"{' '.join(said[:3])}{more}",
        )

    def _named(
        self, rows: Sequence[Mapping[str, str]]
    ) -> dict[tuple[str, str], tuple[set[int], set[str]]]:
        """Return the lines of each new file that say something of these records, with their ids."""
        named: dict[tuple[str, str], tuple[set[int], set[str]]] = {}
        for column in _OF:
            ids = sorted({row[column] for row in rows if column in row})
            self._look_up(column, ids)
            for record in ids:
                for import_id, file, line in self._lines[column, record]:
                    lines, touched = named.setdefault((import_id, file), (set(), set()))
                    lines.add(line)
                    touched.add(record)
        return named

    def _counted(self, is_before: bool, kpi: str, period: Period) -> pd.DataFrame:
        """Return the records that count in a period, of either build."""
        seen = self._before if is_before else self._after
        key = is_before, kpi
        if key not in self._read:
            self._read[key] = None
            bases = base_kpis(seen.agreement, [k for k in seen.agreement.kpis if k.id == kpi])
            if all(base.date_column for base in bases):
                self._read[key] = _records(seen, kpi, self._spans[kpi])
        whole = self._read[key]
        if whole is None:
            return _records(seen, kpi, period)
        if DAY not in whole:
            return whole
        days = pd.to_datetime(whole[DAY])
        return whole[(days >= pd.Timestamp(period.start)) & (days < pd.Timestamp(period.end))]

    @cached_property
    def _resting(self) -> list[tuple[str, str]]:
        """The new files that hold other tables than those of the records that are counted."""
        engine = self._after.engine
        found: set[tuple[str, str]] = set()
        if not self._came:
            return []
        for table in set(core_tables()) - {table for tables in _OF.values() for table in tables}:
            if engine.has(table) and {"import_id", "_file"} <= engine.columns(table):
                tree = exp.select("import_id", "_file").distinct().from_(table)
                found |= {(str(r["import_id"]), str(r["_file"])) for r in engine.rows(tree)}
        return [key for key in self._came if key in found]

    def _look_up(self, column: str, ids: Sequence[str]) -> None:
        """Find where rows of these records came from that the earlier build did not have."""
        engine = self._after.engine
        came = sorted({import_id for import_id, _ in self._came})
        new = [one for one in ids if (column, one) not in self._lines]
        self._lines |= {(column, one): [] for one in new}
        for table in _OF[column] if came and new else ():
            if not {column, "_file", "_row"} <= engine.columns(table):
                continue
            tree = (
                exp.select(column, "import_id", "_file", "_row")
                .from_(table)
                .where(_among(column, new[:_MOST_RECORDS]), _among("import_id", came))
            )
            for row in engine.rows(tree):
                place = str(row["import_id"]), str(row["_file"]), int(row["_row"])
                self._lines[column, str(row[column])].append(place)


def _files(engine: DuckDBEngine) -> dict[tuple[str, str], str]:
    tree = exp.select("import_id", "file", "sha256").from_("file_info")
    return {(str(r["import_id"]), str(r["file"])): str(r["sha256"]) for r in engine.rows(tree, {})}


def _records(seen: Seen, kpi: str, period: Period) -> pd.DataFrame:
    try:
        return records(seen.engine, seen.agreement, kpi, period)
    except (QueryError, UsageError):
        # A KPI that this build cannot answer, or its agreement does not have, has no records.
        return pd.DataFrame()


def _differing(old: pd.DataFrame, new: pd.DataFrame) -> list[dict[str, str]]:
    """Return the ids, by column, of every row that one frame has more often than the other."""
    shared = [name for name in new.columns if name in old.columns] or [*new.columns, *old.columns]
    kept = [frame[[n for n in shared if n in frame.columns]] for frame in (old, new)]
    if all(list(frame.columns) == shared for frame in kept):
        kept = _unlike(*kept)
    sides = []
    for frame in kept:
        cells = [frame[name].astype(object).where(frame[name].notna(), None) for name in frame]
        sides.append(Counter(zip(*cells, strict=True)))
    before, after = sides
    places = {name: place for place, name in enumerate(shared) if name in _OF}
    return [
        {name: str(row[place]) for name, place in places.items() if row[place] is not None}
        for row in ((before - after) + (after - before)).elements()
    ]


def _unlike(old: pd.DataFrame, new: pd.DataFrame) -> list[pd.DataFrame]:
    """Return of two frames the few rows that are not as often in the other, by what they hold."""
    sums = [pd.util.hash_pandas_object(frame, index=False) for frame in (old, new)]
    many, other = (one.value_counts() for one in sums)
    apart = many.sub(other, fill_value=0)
    wanted = apart[apart != 0].index
    return [frame[one.isin(wanted).to_numpy()] for frame, one in zip((old, new), sums, strict=True)]


def _among(column: str, values: Sequence[str]) -> exp.Expr:
    return exp.In(
        this=exp.column(column), expressions=[exp.Literal.string(value) for value in values]
    )


def _file_words(import_id: str, file: str, rows: set[int], touched: set[str]) -> str:
    lines = sorted(rows)
    where = ", ".join(str(line) for line in lines[:_MOST_NAMED])
    more = f" and {len(lines) - _MOST_NAMED} more" if len(lines) > _MOST_NAMED else ""
    many = "row" if len(lines) == 1 else "rows"
    who = ", ".join(sorted(touched)[:_MOST_NAMED])
    others = f" and {len(touched) - _MOST_NAMED} more" if len(touched) > _MOST_NAMED else ""
    return f"{file} of import {import_id}, {many} {where}{more} ({who}{others})"
