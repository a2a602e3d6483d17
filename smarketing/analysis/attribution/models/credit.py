"""Credit over aggregated paths, without a store: one function for every model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from smarketing.analysis.attribution.models.markov import removal_effects
from smarketing.analysis.attribution.models.paths import Floats, Journeys, read_paths, sums_by
from smarketing.analysis.attribution.models.rules import touch_weights
from smarketing.analysis.attribution.models.shapley import rate_credit, set_credit
from smarketing.attribution_models import (
    UNATTRIBUTED,
    Model,
    checked_settings,
    model_named,
)


def credit_paths(paths: pd.DataFrame, model: str, **settings: Any) -> pd.DataFrame:
    """Which key earned how much of the won journeys and of their value?

    `paths` has `path` (keys joined by ' > ' in time order), `won` and optionally `lost` (numbers
    of journeys), `value` (money of the won ones) and, for time decay, `days` (days from each touch
    to the anchor, a list or numbers joined by ' > '). `model` and its settings are named as in
    the definitions: `order=2`, `half_life_days=7`, `direct='direct'`, `permutations=`, `seed=`.

    Returns one row per key, sorted by key: `key`, `credit` (in won journeys), `value_credit`, and
    for Markov models `removal_effect`. Won journeys without a touch are the row '(unattributed)',
    so that the credits add up to all won journeys and their value. For `shapley_rate` the frame's
    `attrs['standard_error']` states the largest sampling error of a credit, 0 when exact.
    UsageError for an unknown model, setting or column, or a number that cannot be.
    """
    chosen = model_named(model)
    checked = checked_settings(chosen, settings)
    return credit_journeys(read_paths(paths), chosen, checked)


def credit_journeys(journeys: Journeys, model: Model, settings: dict[str, Any]) -> pd.DataFrame:
    """Do the work of `credit_paths` on journeys already read."""
    effects: Floats | None = None
    error = 0.0
    if model.name in ("markov", "markov_deal"):
        effects = removal_effects(journeys, int(settings["order"]))
        within = model.name == "markov_deal"
        credit, value = (_in_journeys if within else _over_all)(journeys, effects)
    elif model.name == "shapley_set":
        credit, value = set_credit(journeys)
    elif model.name == "shapley_rate":
        result = rate_credit(journeys, settings["permutations"], int(settings["seed"]))
        credit, value, error = result.credit, result.value, result.error
    else:
        converted = journeys.chosen((journeys.won > 0) | (journeys.value != 0))
        weights = touch_weights(converted, model, settings)
        credit = converted.totals(weights, converted.won)
        value = converted.totals(weights, converted.value)
    return _frame(journeys, credit, value, effects, error)


def _over_all(journeys: Journeys, effects: Floats) -> tuple[Floats, Floats]:
    touched = journeys.lengths > 0
    total = effects.sum()
    shares = effects / total if total > 0 else effects
    return shares * journeys.won[touched].sum(), shares * journeys.value[touched].sum()


def _in_journeys(journeys: Journeys, effects: Floats) -> tuple[Floats, Floats]:
    """Split each won journey over its distinct keys, in proportion to their effects."""
    won = journeys.chosen((journeys.lengths > 0) & (journeys.won > 0))
    keys = len(journeys.keys)
    path, key = np.divmod(np.unique(won.path_of * keys + won.steps), max(keys, 1))
    weight = effects[key]
    sums = sums_by(path, weight, len(won.lengths))
    sizes = np.bincount(path, minlength=len(won.lengths))
    # Keys that could all be removed without loss share their journey equally.
    powerless = sums[path] <= 0
    shares = np.where(powerless, 1.0 / sizes[path], weight / np.where(powerless, 1.0, sums[path]))
    credit = sums_by(key, shares * won.won[path], keys)
    return credit, sums_by(key, shares * won.value[path], keys)


def _frame(
    journeys: Journeys, credit: Floats, value: Floats, effects: Floats | None, error: float
) -> pd.DataFrame:
    frame = pd.DataFrame({"key": list(journeys.keys), "credit": credit, "value_credit": value})
    frame["key"] = frame["key"].astype("str")
    if effects is not None:
        frame["removal_effect"] = effects
    untouched = journeys.lengths == 0
    won, worth = journeys.won[untouched].sum(), journeys.value[untouched].sum()
    if won > 0 or worth != 0:
        row: dict[str, Any] = {"key": UNATTRIBUTED, "credit": won, "value_credit": worth}
        if effects is not None:
            row["removal_effect"] = 0.0
        frame = pd.concat([frame, pd.DataFrame([row])], ignore_index=True)
    frame.attrs["standard_error"] = error
    return frame
