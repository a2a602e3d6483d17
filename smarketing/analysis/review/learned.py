"""Of which records is learned what counts many others: the sales cycle, the window of a step?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from sqlglot import exp

from smarketing.agreement import Agreement, Kpi
from smarketing.analysis.review.contents import Reads, Record, as_day
from smarketing.analysis.review.lineage import columns_under
from smarketing.engine import DuckDBEngine

#: The day that costs count on later by the sales cycle, and the one they do if that is agreed.
_LAGGED, _COUNTED = "lagged_day", "acquisition_day"
#: Marts that say how soon a lead took a step, and within how many days it counts.
_SHORT, _LONG = "fct_conversion", "fct_long_conversion"
#: The mart of deals that are judged at the age of the steps from a deal's opening to its winning.
_OF_DEALS = "fct_deal_conversion"
#: A step, from a stage to a later one.
_Step = tuple[str, str]


@dataclass(frozen=True)
class Learned:
    """What two builds learn of their records."""

    before: DuckDBEngine
    after: DuckDBEngine
    agreement: Agreement

    def moved(
        self, bases: Collection[Kpi], tables: frozenset[str], *, is_by_cycle: bool
    ) -> tuple[list[Record], Reads]:
        """Return the records that make what these KPIs rest on another thing, and what says so.

        None where it is what it was. `is_by_cycle`: the agreement counts costs later by the cycle.
        """
        days = {one.date_column for one in bases if one.mart == "fct_cost"}
        if _LAGGED in days or (_COUNTED in days and is_by_cycle):
            return self._of_cycle(), _reads("fct_deal", "cycle_days", "outcome", "kind")
        steps = {(one.step.stage, one.step.next_stage) for one in bases if one.step is not None}
        if any(one.mart == _OF_DEALS for one in bases):
            steps |= set(self._steps_of_deals())
        mart = _LONG if _LONG in tables else _SHORT if "stage_window" in tables else None
        found = [] if mart is None else self._of_windows(mart, steps)
        return found, _reads("fct_stage_count", "imputed_days")

    def _steps_of_deals(self) -> Iterator[_Step]:
        names = [stage.id for stage in self.agreement.stages]
        first, last = names.index(self.agreement.deal_opened), names.index(self.agreement.deal_won)
        return pairwise(names[first : last + 1])

    def _of_cycle(self) -> list[Record]:
        if _lag(self.before) == _lag(self.after):
            return []
        old, new = (_cycles(engine) for engine in (self.before, self.after))
        return _others("deal_id", old, new)

    def _of_windows(self, mart: str, steps: Collection[_Step]) -> list[Record]:
        """Return the leads that took a step later or sooner, whose window is another one now."""
        old, new = (_windows(engine, mart) for engine in (self.before, self.after))
        moved = {step for step in old.keys() & new.keys() if old[step] != new[step]}
        if steps:
            moved &= set(steps)
        found: dict[Record, None] = {}
        for step in sorted(moved):
            sides = (_ages(engine, mart, step) for engine in (self.before, self.after))
            found |= dict.fromkeys(_others("lead_id", *sides))
        return list(found)


def _reads(mart: str, *columns: str) -> Reads:
    return columns_under({(mart, column) for column in columns})


def _others(column: str, old: Mapping[str, object], new: Mapping[str, object]) -> list[Record]:
    return [(column, one) for one in dict.fromkeys((*old, *new)) if old.get(one) != new.get(one)]


def _lag(engine: DuckDBEngine) -> object:
    """Return by how many days costs count later where they do by the sales cycle."""
    tree = exp.select("incurred_on", "lagged_day").from_("fct_cost").limit(1)
    found = [as_day(row["lagged_day"]) - as_day(row["incurred_on"]) for row in engine.rows(tree)]
    return found[0] if found else None


def _cycles(engine: DuckDBEngine) -> dict[str, object]:
    tree = exp.select("deal_id", "cycle_days").from_("fct_deal")
    tree = tree.where("outcome = 'won' and kind = 'new' and cycle_days is not null")
    return {str(row["deal_id"]): row["cycle_days"] for row in engine.rows(tree)}


def _windows(engine: DuckDBEngine, mart: str) -> dict[_Step, int]:
    if not engine.has(mart):
        return {}
    tree = exp.select("stage", "next_stage", "max(window_days) as window_days").from_(mart)
    rows = engine.rows(tree.group_by("stage", "next_stage"))
    return {(str(row["stage"]), str(row["next_stage"])): row["window_days"] for row in rows}


def _ages(engine: DuckDBEngine, mart: str, step: _Step) -> dict[str, object]:
    of = dict(zip(("stage", "next_stage"), step, strict=True))
    same = [exp.column(name).eq(exp.Placeholder(this=name)) for name in of]
    tree = exp.select("lead_id", "days_to_convert").from_(mart)
    tree = tree.where(*same, "days_to_convert is not null")
    return {str(row["lead_id"]): row["days_to_convert"] for row in engine.rows(tree, of)}
