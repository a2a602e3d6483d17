"""What did we report last time that is another number now, and which file or change did it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isclose

import pandas as pd
from sqlglot import exp

from smarketing.agreement import Agreement
from smarketing.agreement.told import told
from smarketing.analysis.kpis.records import records
from smarketing.analysis.review.weeks import has_periods, values_in
from smarketing.engine import DuckDBEngine
from smarketing.errors import QueryError
from smarketing.periods import Period
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
_MOST_RECORDS = 200
_MOST_NAMED = 5


@dataclass(frozen=True)
class Seen:
    """A build and the agreement it was derived under."""

    engine: DuckDBEngine
    agreement: Agreement


@dataclass(frozen=True)
class Cause:
    """One thing that changed a number: a file of an import with its rows, the agreement, the code.

    `kind` is file, agreement or program; `records` are the ids it touched.
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


def restated(before: Seen, after: Seen, reported: Sequence[Reported]) -> list[Restated]:
    """Answer what of what was reported on `before` is another number on `after`, and why.

    A period that was running then is not restated by going on, and what is known as of the data's
    date alone has no earlier period to be restated in. In the agreement's order.
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
    changes = _Changes(before, after)
    found = []
    for one in reported:
        if one.period not in over or one.kpi not in known:
            continue
        value = now.get((one.kpi, one.period))
        if _is_same(one.value, value):
            continue
        kpi, period = known[one.kpi], over[one.period]
        causes = tuple(changes.causes(one.kpi, period))
        found.append(Restated(one.kpi, kpi.label, kpi.unit, period, one.value, value, causes))
    order = {name: place for place, name in enumerate(known)}
    return sorted(found, key=lambda r: (order[r.kpi], r.period.start, r.period.end))


def _is_same(before: float | None, after: float | None) -> bool:
    if before is None or after is None:
        return before is after
    return isclose(before, after, rel_tol=1e-9, abs_tol=1e-9)


class _Changes:
    """What changed between two builds, looked up for one KPI and period at a time."""

    def __init__(self, before: Seen, after: Seen) -> None:
        self._before = before
        self._after = after
        old = _files(before.engine)
        self._came = {key: f for key, f in _files(after.engine).items() if key not in old}
        self._gone = {key: f for key, f in old.items() if key not in _files(after.engine)}

    def causes(self, kpi: str, period: Period) -> Iterator[Cause]:
        """Yield the files with the records they changed, then agreement and program."""
        files = list(self._of_files(kpi, period)) if self._came or self._gone else []
        yield from files
        yield from self._of_agreement(kpi)
        if self._before.engine.code_hash != self._after.engine.code_hash:
            yield Cause(
                "program",
                f"a new version of Smarketing (build {self._before.engine.build_id} was made by "
                f"another one than {self._after.engine.build_id})",
            )

    def _of_agreement(self, kpi: str) -> Iterator[Cause]:
        old, new = self._before.agreement, self._after.agreement
        if old.hash == new.hash:
            return
        sentences = told(old, new)
        label = new.kpi(kpi).label
        near = [s for s in sentences if f"“{label}”" in s] or sentences
        more = f" and {len(near) - 3} more" if len(near) > 3 else ""
        yield Cause(
            "agreement",
            f"the agreement changed from {old.hash[:8]} to {new.hash[:8]}: "
            f"{' '.join(near[:3])}{more}",
        )

    def _of_files(self, kpi: str, period: Period) -> Iterator[Cause]:
        changed = self._changed_ids(kpi, period)
        named: dict[tuple[str, str], tuple[set[int], set[str]]] = {}
        for column, ids in changed.items():
            for import_id, file, row, record in self._new_rows(column, sorted(ids)):
                rows, records_ = named.setdefault((import_id, file), (set(), set()))
                rows.add(row)
                records_.add(record)
        if not named:
            # Nothing of its own changed: what it rests on did, such as a rate or a learned window.
            for import_id, file in self._came:
                yield Cause("file", f"{file} of import {import_id}", import_id, file)
            return
        for (import_id, file), (rows, touched) in sorted(named.items()):
            yield Cause(
                "file",
                _file_words(import_id, file, rows, touched),
                import_id,
                file,
                tuple(sorted(rows)),
                tuple(sorted(touched)),
            )

    def _changed_ids(self, kpi: str, period: Period) -> dict[str, set[str]]:
        """Return the ids of records that count otherwise in one build than in the other."""
        old, new = (_counted(seen, kpi, period) for seen in (self._before, self._after))
        found: dict[str, set[str]] = {}
        for column in _OF:
            if ids := _differing(old, new, column):
                found[column] = ids
        return found

    def _new_rows(self, column: str, ids: Sequence[str]) -> Iterator[tuple[str, str, int, str]]:
        """Yield where rows of these records came from that the earlier build did not have."""
        engine = self._after.engine
        came = sorted({import_id for import_id, _ in self._came})
        for table in _OF[column]:
            if not came or not {column, "_file", "_row"} <= engine.columns(table):
                continue
            tree = (
                exp.select(column, "import_id", "_file", "_row")
                .from_(table)
                .where(_among(column, ids[:_MOST_RECORDS]), _among("import_id", came))
            )
            for row in engine.rows(tree, {}):
                yield str(row["import_id"]), str(row["_file"]), int(row["_row"]), str(row[column])


def _files(engine: DuckDBEngine) -> dict[tuple[str, str], str]:
    tree = exp.select("import_id", "file", "sha256").from_("file_info")
    return {(str(r["import_id"]), str(r["file"])): str(r["sha256"]) for r in engine.rows(tree, {})}


def _counted(seen: Seen, kpi: str, period: Period) -> pd.DataFrame:
    try:
        return records(seen.engine, seen.agreement, kpi, period)
    except QueryError:
        # A KPI that this build cannot answer has no records in it.
        return pd.DataFrame()


def _differing(old: pd.DataFrame, new: pd.DataFrame, column: str) -> set[str]:
    """Return the values of a column whose rows differ between two frames."""
    shared = [name for name in new.columns if name in old.columns] or list(new.columns)
    sides = []
    for frame in (old, new):
        rows: dict[str, list[tuple[str, ...]]] = {}
        if column in frame.columns:
            kept = frame[[name for name in shared if name in frame.columns]].astype(str)
            for key, row in zip(
                frame[column].astype(str), kept.itertuples(index=False), strict=True
            ):
                rows.setdefault(key, []).append(tuple(row))
        sides.append({key: sorted(found) for key, found in rows.items()})
    before, after = sides
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


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
