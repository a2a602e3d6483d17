"""Which assets are met before which step, and by whom? Association, never cause."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from smarketing.analysis.lead_quality.association import (
    TRAITS,
    Associations,
    counts_of,
    everyone_at,
    judged,
    step_asked,
)
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.periods import Window


@dataclass(frozen=True)
class MetBy:
    """So many mature leads of one persona met an asset before the step, of all of that persona."""

    persona: str
    asset: str
    leads: int
    of: int
    converted: int


def met(
    engine: Engine,
    window: Window,
    stage: str,
    filters: Filters = NO_FILTERS,
    min_leads: int = 10,
) -> Associations:
    """Answer whether leads that met an asset before a stage take the step out of it more often.

    As other attributes are judged: mature leads, within segment × channel, corrected over all
    assets that at least `min_leads` met and did not meet. UsageError for an unknown or last stage.
    """
    step, params = step_asked(engine, window, stage)
    everyone = everyone_at(engine, params, filters)
    found = counts_of(engine, params, filters, "content")
    pairs = [("content", asset, counts, everyone) for asset, counts in found.items()]
    return judged(step, everyone, pairs, min_leads)


def met_by(
    engine: Engine, window: Window, stage: str, filters: Filters = NO_FILTERS
) -> list[MetBy]:
    """Answer how many leads of each persona met each asset before a stage; most met first."""
    _, params = step_asked(engine, window, stage)
    whole = engine.run("quality/association_attributes", params, filters, "persona")
    of = {str(key): int(part["leads"].sum()) for key, part in whole.groupby("key")}
    sums: Counter[tuple[str, str]] = Counter()
    converted: Counter[tuple[str, str]] = Counter()
    asked = params | {"trait": "content"}
    for row in engine.run(TRAITS, asked, filters, "persona").to_dict("records"):
        key = (str(row["key"]), str(row["trait"]))
        sums[key] += int(row["leads"])
        converted[key] += int(row["converted"])
    found = [MetBy(*key, leads, of[key[0]], converted[key]) for key, leads in sums.items()]
    return sorted(found, key=lambda one: (-one.leads, one.asset, one.persona))
