"""The leads under the figures of lead quality: each with its score and what became of it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from smarketing.agreement import Agreement
from smarketing.analysis.lead_quality.scores import (
    COUNTS,
    Outcome,
    quality_params,
    with_scores,
)
from smarketing.build.marts.lead_rules import weighted
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.errors import unknown
from smarketing.periods import Window

COLUMNS = ("lead_id", "score", "is_qualified", "is_worked", "is_converted", "is_accepted",
           "won_amount")  # fmt: skip


def scored_leads(
    engine: Engine,
    agreement: Agreement,
    window: Window,
    filters: Filters = NO_FILTERS,
    outcome: Outcome = "opportunity",
    points: Mapping[str, int] | None = None,
    *,
    recorded: bool = False,
) -> pd.DataFrame:
    """Answer which mature leads the scores of a window are about: one row per lead, best first.

    `recorded` takes the source's own scores instead of the agreed rules; leads without one have
    none. Columns are `COLUMNS`; `won_amount` in minor units. Empty without mature leads.
    """
    params = quality_params(engine, agreement, window, outcome)
    name = "quality/scores" if recorded else "quality/patterns"
    rows = engine.run(name, params, filters, "lead_id").rename(columns={"key": "lead_id"})
    if not recorded:
        rows = with_scores(agreement.lead_definition, rows, points or {})
    return _listed(rows)


def leads_of_rule(
    engine: Engine,
    agreement: Agreement,
    window: Window,
    rule: str,
    filters: Filters = NO_FILTERS,
    outcome: Outcome = "opportunity",
) -> pd.DataFrame:
    """Answer which worked leads fulfilled a rule of the agreement: a row per lead, as above.

    UsageError for a rule that the definition does not have.
    """
    definition = agreement.lead_definition
    params = quality_params(engine, agreement, window, outcome)
    rows = engine.run("quality/patterns", params, filters, "lead_id")
    rows = rows.rename(columns={"key": "lead_id"})
    rows = with_scores(definition, rows, {})
    parts = {part.rule.id: ("fit_pattern", part) for part in weighted(definition.fit)}
    parts |= {part.rule.id: ("behaviour_pattern", part) for part in weighted(definition.behaviour)}
    if rule not in parts:
        raise unknown("rule", rule, parts)
    column, part = parts[rule]
    fulfilled = rows[column].astype("int64").map(part.hits) > 0
    return _listed(rows[fulfilled & (rows["worked"] > 0)])


def _listed(rows: pd.DataFrame) -> pd.DataFrame:
    shown = rows.rename(columns={name: f"is_{name}" for name in COUNTS[1:5]})
    for name in ("is_qualified", "is_worked", "is_converted", "is_accepted"):
        shown[name] = shown[name] > 0
    shown = shown[list(COLUMNS)]
    return shown.sort_values(["score", "lead_id"], ascending=[False, True]).reset_index(drop=True)
