"""The leads under the further views of the funnel: steps, moves, ages, comparisons."""

from __future__ import annotations

import pandas as pd

from smarketing.analysis.funnel.records import funnel_records, stage_number
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.errors import UsageError
from smarketing.periods import Window


def step_records(
    engine: Engine, window: Window, stage: str, filters: Filters = NO_FILTERS
) -> pd.DataFrame:
    """Answer which leads entered a stage in the window and whether they went on: a row per lead.

    Its mature rows, and those converted within the window, are the step's rate on every page.
    """
    params = {
        "step_number": stage_number(engine, stage),
        "from": window.start,
        "to": window.end,
    }
    return engine.run("funnel/step_records", params, filters).drop(columns="key")


def association_records(
    engine: Engine,
    window: Window,
    stage: str,
    trait: tuple[str, str] | None = None,
    filters: Filters = NO_FILTERS,
) -> pd.DataFrame:
    """Answer which mature leads of a step have an attribute's value, or a kind of touch before it.

    `trait` is the attribute and its value; of "touch" the kind and side as the comparison names
    them, of "content" an asset that was met before. None takes all.
    """
    attribute, value = trait or (None, None)
    kept = filters
    if trait is not None and attribute not in ("touch", "content"):
        kept = filters.with_(**{trait[0]: [trait[1]]})
    rows = step_records(engine, window, stage, kept)
    rows = rows[rows["is_mature"].fillna(False)]
    if attribute in ("touch", "content"):
        params = {
            "step_number": stage_number(engine, stage),
            "from": window.start,
            "to": window.end,
            "trait": attribute,
        }
        found = engine.run("quality/association_traits", params, filters, "lead_id")
        rows = rows[rows["lead_id"].isin(set(found[found["trait"] == value]["key"]))]
    return rows.drop(columns="is_mature").reset_index(drop=True)


def move_records(
    engine: Engine, settings: FunnelSettings, filters: Filters = NO_FILTERS
) -> pd.DataFrame:
    """Answer which stage events make up the paths and the stays: a row per event.

    `next_stage` is missing where the lead still is; the rows number all transitions.
    """
    if settings.window is None:
        raise UsageError("Paths need a window: name --from and --to.")
    params = {
        "mode": "entered" if settings.mode == "entered" else "cohort",
        "from": settings.window.start,
        "to": settings.window.end,
    }
    return engine.run("funnel/move_records", params, filters).drop(columns="key")


def cohort_records(
    engine: Engine,
    settings: FunnelSettings,
    window: Window,
    stage: str,
    filters: Filters = NO_FILTERS,
) -> pd.DataFrame:
    """Answer which leads that began in the window reached a stage, skips as in `settings`."""
    cohort = FunnelSettings("cohort", settings.skips, "first", window)
    return funnel_records(engine, cohort, stage, filters=filters)


def campaign_names(engine: Engine) -> dict[str, str]:
    """Return the names of all campaigns by id."""
    rows = engine.rows("attribution/campaign_names")
    return {row["campaign_id"]: row["name"] for row in rows if row["name"] is not None}
