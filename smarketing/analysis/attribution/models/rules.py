"""Rule-based models over paths: the weight of each touch within its own journey."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from smarketing.analysis.attribution.models.paths import Floats, Journeys
from smarketing.attribution_models import ENDS, Model
from smarketing.errors import UsageError


def touch_weights(journeys: Journeys, model: Model, settings: Mapping[str, Any]) -> Floats:
    """Return one weight per step; within each path that has a step they add up to 1.

    Paths know their order only, so models with roles in mid-journey (w_shaped, full_path) need
    the store and raise UsageError, as does time decay without `days`.
    """
    if model.name == "linear":
        return np.repeat(1.0 / np.maximum(journeys.lengths, 1), journeys.lengths)
    if model.name == "last_non_direct":
        return _last_but(journeys, str(settings["direct"]))
    if model.name == "time_decay":
        return _time_decay(journeys, float(settings["half_life_days"]))
    roles = model.roles or {}
    if roles and set(roles) <= ENDS:
        return _ends(journeys, roles.get("first", 0.0), roles.get("last", 0.0), model.middle)
    raise UsageError(
        f"The model '{model.name}' needs to know when the lead and the deal were created, which "
        "paths do not say; run it on a store."
    )


def _ends(journeys: Journeys, first: float, last: float, middle: float) -> Floats:
    lengths = journeys.lengths
    inner = np.maximum(lengths - 2, 0)
    # Without a middle its share is split evenly over the ends that hold a role of their own.
    held = (first > 0) + (last > 0)
    spread = np.where(inner == 0, middle / held, 0.0)
    weights = np.repeat(middle / np.maximum(inner, 1), lengths)
    filled = lengths > 0
    firsts, lasts = journeys.starts[filled], journeys.ends[filled] - 1
    spread = spread[filled]
    weights[firsts] = first + (spread if first > 0 else 0.0)
    weights[lasts] = last + (spread if last > 0 else 0.0)
    weights[firsts[lengths[filled] == 1]] = 1.0
    return weights


def _last_but(journeys: Journeys, direct: str) -> Floats:
    eligible = np.ones(len(journeys.keys), dtype=bool)
    if direct in journeys.keys:
        eligible[journeys.keys.index(direct)] = False
    place = np.where(eligible[journeys.steps], np.arange(len(journeys.steps)), -1)
    filled = journeys.lengths > 0
    weights = np.zeros(len(journeys.steps))
    if filled.any():
        chosen = np.maximum.reduceat(place, journeys.starts[filled])
        weights[np.where(chosen < 0, journeys.ends[filled] - 1, chosen)] = 1.0
    return weights


def _time_decay(journeys: Journeys, half_life_days: float) -> Floats:
    if journeys.days is None:
        raise UsageError(
            "time_decay needs a column 'days': for each touch of a path the days from it to the "
            "anchor, in the order of the path."
        )
    filled = journeys.lengths > 0
    if not filled.any():
        return np.zeros(0)
    # Ages are counted from the youngest touch: the same weights, and no underflow of old paths.
    youngest = np.minimum.reduceat(journeys.days, journeys.starts[filled])
    ages = journeys.days - np.repeat(youngest, journeys.lengths[filled])
    raw = np.exp2(-ages / half_life_days)
    sums = np.add.reduceat(raw, journeys.starts[filled])
    weights: Floats = raw / np.repeat(sums, journeys.lengths[filled])
    return weights
