"""The weight of a touch from its place and roles: what the ledger shows beside each credit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

Column = np.ndarray[Any, np.dtype[np.float64]]

ROLE_LABELS = {
    "first": "first touch",
    "lead_creation": "lead creation",
    "deal_creation": "deal creation",
    "close": "close",
    "last": "last touch",
}


def role_places(rows: pd.DataFrame, measure: str) -> dict[str, Column]:
    """Return for every role the position that holds it in each row's journey, 0 where none does.

    Only a journey to revenue has come to its close.
    """
    touches = rows["touches"].to_numpy(dtype=np.float64, na_value=0.0)
    return {
        "first": np.minimum(touches, 1.0),
        "lead_creation": rows["lead_position"].to_numpy(dtype=np.float64, na_value=0.0),
        "deal_creation": rows["deal_position"].to_numpy(dtype=np.float64, na_value=0.0),
        "close": touches if measure == "revenue" else np.zeros(len(rows)),
        "last": touches,
    }


def role_weights(
    rows: pd.DataFrame, roles: Mapping[str, float], middle: float, measure: str
) -> Column:
    """Return each row's weight in its journey.

    A touch sums the weights of its roles, the others share `middle`. The share of a role that no
    touch holds, and of a middle that is empty, is split evenly over the roles that are held; where
    none is held all touches share alike.
    """
    places = {role: place for role, place in role_places(rows, measure).items() if role in roles}
    touches = rows["touches"].to_numpy(dtype=np.float64, na_value=0.0)
    here = rows["position"].to_numpy(dtype=np.float64, na_value=0.0)
    if not places:
        alike: Column = 1.0 / np.maximum(touches, 1.0)
        return alike
    held = {role: place > 0 for role, place in places.items()}
    count = np.sum(list(held.values()), axis=0)
    taken = _distinct(list(places.values()))
    inner = touches - taken
    unheld = np.sum([roles[role] * ~held[role] for role in places], axis=0)
    spare = unheld + np.where(inner <= 0, middle, 0.0)
    bonus = np.divide(spare, count, out=np.zeros(len(rows)), where=count > 0)
    has_role = np.zeros(len(rows), dtype=bool)
    weight = np.zeros(len(rows))
    for role, place in places.items():
        mine = held[role] & (place == here)
        weight += np.where(mine, roles[role] + bonus, 0.0)
        has_role |= mine
    shared = np.where(count > 0, middle, 1.0) / np.maximum(inner, 1.0)
    return np.where(has_role, weight, shared)


def _distinct(places: list[Column]) -> Column:
    ordered = np.sort(np.stack(places), axis=0)
    new = np.ones(ordered.shape, dtype=bool)
    new[1:] = ordered[1:] != ordered[:-1]
    distinct: Column = (new & (ordered > 0)).sum(axis=0).astype(np.float64)
    return distinct


def role_names(rows: pd.DataFrame, measure: str) -> list[str]:
    """Return the roles each row's touch holds, in words; empty for a touch in the middle."""
    here = rows["position"].to_numpy(dtype=np.float64, na_value=-1.0)
    skipped = "last" if measure == "revenue" else "close"
    names = [""] * len(rows)
    for role, place in role_places(rows, measure).items():
        if role == skipped:
            continue
        for row in np.flatnonzero((place == here) & (place > 0)):
            names[row] += (", " if names[row] else "") + ROLE_LABELS[role]
    return names
