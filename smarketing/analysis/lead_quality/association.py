"""What separates leads that take a step from those that do not. Association, never cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from smarketing.analysis.funnel.stages import agreed_stages
from smarketing.analysis.lead_quality.strata import (
    Pooled,
    Table,
    benjamini_hochberg,
    mantel_haenszel,
)
from smarketing.analysis.rates import Rate, rate_of
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.errors import UsageError, unknown
from smarketing.periods import Window

WARNING = (
    "This is association, not cause: what goes with conversion need not bring it about. Compare "
    "within segment and channel, and test before you act."
)
ATTRIBUTES = ("segment", "channel", "region", "persona", "lead_type", "owner", "campaign")
#: The query of what touches before a step had in common.
TRAITS = "quality/association_traits"
#: Where the attribute itself makes the strata, only the other one is left to compare within.
_STRATA = ("segment", "channel")

Stratum = tuple[str, str]
Counts = Mapping[Stratum, tuple[int, int]]
#: A stage and the next one.
Step = tuple[str, str]
#: Attribute, value, the counts of leads that have it, and of all.
Pair = tuple[str, str, Counts, Counts]


@dataclass(frozen=True)
class Association:
    """One attribute's value, or one kind of touch before the stage, against all other leads.

    `adjusted_p` is corrected over everything shown; rates are of mature leads, the pooled odds
    ratio and risk difference within segment × channel.
    """

    attribute: str
    value: str
    with_it: Rate
    without: Rate
    pooled: Pooled
    adjusted_p: float | None

    @property
    def direction(self) -> Literal["more", "less", "unclear"]:
        """Return whether leads with it convert more or less, after correction at 5 %."""
        if self.adjusted_p is None or self.adjusted_p >= 0.05 or self.pooled.difference is None:
            return "unclear"
        return "more" if self.pooled.difference > 0 else "less"


@dataclass(frozen=True)
class Associations:
    """What goes with one step, the strongest differences first, and the warning to print."""

    stage: str
    next_stage: str
    leads: int
    converted: int
    found: tuple[Association, ...]
    warning: str = WARNING


def associations(
    engine: Engine,
    window: Window,
    stage: str,
    filters: Filters = NO_FILTERS,
    attributes: Iterable[str] = ATTRIBUTES,
    min_leads: int = 10,
) -> Associations:
    """Answer which attributes and touch kinds go with taking the step out of a stage.

    Mature leads that entered the stage in the window, converted within the step's days; only
    touches before the stage count. Values with fewer than `min_leads` on either side are left out
    before the correction. UsageError for an unknown or the last stage.
    """
    step, params = step_asked(engine, window, stage)
    everyone = everyone_at(engine, params, filters)
    pairs: list[Pair] = [
        (attribute, value, _coarser(attribute, counts), _coarser(attribute, everyone))
        for attribute in attributes
        for value, counts in _counts(engine, params, filters, attribute).items()
    ]
    pairs += [
        ("touch", kind, counts, everyone)
        for kind, counts in counts_of(engine, params, filters, "touch").items()
    ]
    return judged(step, everyone, pairs, min_leads)


def step_asked(engine: Engine, window: Window, stage: str) -> tuple[Step, dict[str, object]]:
    """Return the step out of a stage and what its queries are asked with.

    UsageError for an unknown or the last stage.
    """
    stages = {known.stage: known for known in agreed_stages(engine)}
    if stage not in stages:
        raise unknown("stage", stage, stages)
    found = stages[stage]
    if found.next_stage is None:
        raise UsageError(f"'{stage}' is the last stage; there is no step out of it.")
    params = {"step_number": found.number, "from": window.start, "to": window.end}
    return (stage, found.next_stage), params


def everyone_at(engine: Engine, params: Mapping[str, object], filters: Filters) -> Counts:
    """Count all mature leads of a step and those that took it, within segment × channel."""
    return _counts(engine, params, filters, None)["(all)"]


def judged(step: Step, everyone: Counts, pairs: Iterable[Pair], min_leads: int) -> Associations:
    """Compare the leads that have something with all others, corrected over all that is shown."""
    rows = [_compared(*pair) for pair in pairs]
    shown = [row for row in rows if min(row[2].n, row[3].n) >= min_leads]
    adjusted = benjamini_hochberg([row[4].p for row in shown])
    found = [Association(*row, p) for row, p in zip(shown, adjusted, strict=True)]
    found.sort(key=_order)
    leads, converted = _sum(everyone)
    return Associations(*step, leads, converted, tuple(found))


def _counts(
    engine: Engine, params: Mapping[str, object], filters: Filters, by: str | None
) -> dict[str, Counts]:
    frame = engine.run("quality/association_attributes", dict(params), filters, by)
    found: dict[str, dict[Stratum, tuple[int, int]]] = {} if by else {"(all)": {}}
    for row in frame.to_dict("records"):
        stratum = (str(row["stratum_segment"]), str(row["stratum_channel"]))
        found.setdefault(str(row["key"]), {})[stratum] = (int(row["converted"]), int(row["leads"]))
    return dict(found)


def counts_of(
    engine: Engine, params: Mapping[str, object], filters: Filters, trait: str
) -> dict[str, Counts]:
    """Count the leads that had touches of each kind before the step, or met each asset."""
    found: dict[str, dict[Stratum, tuple[int, int]]] = defaultdict(dict)
    for row in engine.run(TRAITS, {**params, "trait": trait}, filters).to_dict("records"):
        stratum = (str(row["stratum_segment"]), str(row["stratum_channel"]))
        found[str(row["trait"])][stratum] = (int(row["converted"]), int(row["leads"]))
    return dict(found)


def _coarser(attribute: str, counts: Counts) -> Counts:
    """Return counts over the strata that an attribute leaves: its own dimension is joined."""
    if attribute not in _STRATA:
        return counts
    kept = 1 - _STRATA.index(attribute)
    joined: dict[Stratum, tuple[int, int]] = {}
    for stratum, (converted, leads) in counts.items():
        before = joined.get((stratum[kept], ""), (0, 0))
        joined[stratum[kept], ""] = (before[0] + converted, before[1] + leads)
    return joined


def _compared(
    attribute: str, value: str, counts: Counts, everyone: Counts
) -> tuple[str, str, Rate, Rate, Pooled]:
    tables = []
    for stratum, (converted, leads) in everyone.items():
        a, n1 = counts.get(stratum, (0, 0))
        tables.append(Table(a, n1, converted - a, leads - n1))
    hits, n = _sum(counts)[1], _sum(counts)[0]
    total, converted = _sum(everyone)
    rates = rate_of(hits, n), rate_of(converted - hits, total - n)
    return attribute, value, *rates, mantel_haenszel(tables)


def _sum(counts: Counts) -> tuple[int, int]:
    leads = sum(n for _, n in counts.values())
    return leads, sum(converted for converted, _ in counts.values())


def _order(row: Association) -> tuple[float, float, str, str]:
    p = 2.0 if row.adjusted_p is None else row.adjusted_p
    return p, -abs(row.pooled.difference or 0.0), row.attribute, row.value
