"""What KPIs are counted from in two builds: marts and columns, and records that count otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd

from smarketing.agreement import Kpi
from smarketing.analysis.kpis.expressions import measure_of
from smarketing.analysis.kpis.values import base_kpis
from smarketing.analysis.review.contents import WORDS, Reads
from smarketing.analysis.review.counted import Seen, counted_records, differing, within
from smarketing.analysis.review.lineage import columns_under
from smarketing.analysis.review.resting import marts_under, parts_of
from smarketing.periods import Period, parse_window

#: What a deal was worth when it entered the qualifying stage, in a currency of its own.
_PIPELINE = "pipeline_amount"


class CountedTwice:
    """What KPIs are counted from in two builds.

    `asked` holds, by KPI, every period that is asked about: what falls on days is read once.
    """

    def __init__(self, before: Seen, after: Seen, asked: Mapping[str, Sequence[Period]]) -> None:
        self._before = before
        self._after = after
        self._asked = asked
        self._read: dict[tuple[bool, str, dt.date, dt.date], pd.DataFrame] = {}
        self._under: dict[str, frozenset[str]] = {}
        self._columns: dict[str, Reads] = {}
        self._differing: dict[tuple[str, str, str], list[dict[str, str]]] = {}

    def base_ids(self, kpi: str) -> list[str]:
        """Return the ids of what a KPI is counted from, under either agreement."""
        return list(dict.fromkeys(base.id for base in self.bases(kpi)))

    def differing(self, kpi: str, base: str, period: Period) -> list[dict[str, str]]:
        """Return the ids of the records that count otherwise in a period, of one of its bases."""
        key = kpi, base, period.label
        if key not in self._differing:
            sides = (self._counted(is_before, kpi, base, period) for is_before in (True, False))
            self._differing[key] = differing(*sides)
        return self._differing[key]

    def reads(self, kpi: str) -> Reads:
        """Return the columns of the core tables that a KPI rests on, words that it counts among."""
        if kpi not in self._columns:
            wanted = self.columns(kpi)
            words = WORDS - {column for _, column in wanted}
            found = columns_under(wanted)
            self._columns[kpi] = {table: names - words for table, names in found.items()}
        return self._columns[kpi]

    def columns(self, kpi: str) -> set[tuple[str, str]]:
        """Return the columns that a KPI is counted from, each with its mart."""
        return {
            (str(base.mart), column)
            for base in self.bases(kpi)
            for column in measure_of(base).columns | {base.date_column or ""}
        }

    def bases(self, kpi: str) -> list[Kpi]:
        """Return what a KPI is counted from, under either agreement."""
        sides = (self._before.agreement, self._after.agreement)
        return [b for s in sides for b in base_kpis(s, parts_of(s, kpi)) if b.fault is None]

    def tables(self, kpi: str) -> frozenset[str]:
        """Return every table that a KPI rests on."""
        if kpi not in self._under:
            sides = (self._before.agreement, self._after.agreement)
            self._under[kpi] = marts_under(part for side in sides for part in parts_of(side, kpi))
        return self._under[kpi]

    def is_pipeline(self, base: str) -> bool:
        """Return whether a KPI counts what deals were worth as they entered the pipeline."""
        return any(_PIPELINE in measure_of(each).columns for each in self.bases(base))

    def is_money(self, base: str) -> bool:
        """Return whether what a KPI counts rests on rates of exchange, as far as is known."""
        reads = self.reads(base)
        return not reads or "fx_rate" in reads

    def _counted(self, is_before: bool, kpi: str, base: str, period: Period) -> pd.DataFrame:
        """Return the records that one of the KPIs it is made of counts in a period, of a build."""
        agreement = (self._before if is_before else self._after).agreement
        bases = base_kpis(agreement, [k for k in agreement.kpis if k.id == kpi])
        one = next((each for each in bases if each.id == base), None)
        if one is None:
            return pd.DataFrame()
        if one.date_column is None:
            return self._part(is_before, base, period)
        asked = self._asked[kpi]
        span = parse_window(min(p.start for p in asked), max(p.end for p in asked))
        return within(self._part(is_before, base, span), period)

    def _part(self, is_before: bool, base: str, period: Period) -> pd.DataFrame:
        """Return the records of one of the KPIs that others are made of; each is read once."""
        key = is_before, base, period.start, period.end
        if key not in self._read:
            self._read[key] = counted_records(
                self._before if is_before else self._after, base, period
            )
        return self._read[key]
