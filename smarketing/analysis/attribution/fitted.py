"""The models by key on the journeys of a store, exact in minor units."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from smarketing.analysis.attribution.models.markov import removal_effects
from smarketing.analysis.attribution.models.paths import Floats, Integers, Journeys, sums_by
from smarketing.analysis.attribution.models.shapley import rate_credit
from smarketing.analysis.attribution.settings import AttributionSettings
from smarketing.analysis.attribution.store_paths import UnitJourneys, shared_exactly
from smarketing.analysis.attribution.totals import KeyTotals

MIN_JOURNEYS, MIN_WINS = 50, 10
NOTHING_TO_LEARN = "no journey was won, so there is nothing to learn from and all is unattributed"


@dataclass(frozen=True)
class Fitted:
    """One model by key: totals, and where the model has them effects and the ledger's rows.

    `unit`, `key`, `credit` are the ledger within deals (markov_deal, shapley_set), empty for
    models that share out the whole at once. `wins` counts the won journeys that hold each key.
    """

    totals: KeyTotals
    wins: Integers
    converting: int
    effects: Floats | None = None
    unit: Integers | None = None
    key: Integers | None = None
    credit: Integers | None = None
    error: float = 0.0
    note: str | None = None

    def greyed(self, place: int) -> str | None:
        """Say why the figure of a key should not be relied on; None when it can be."""
        if self.converting < MIN_JOURNEYS:
            return f"only {self.converting} converting journeys, at least {MIN_JOURNEYS} are needed"
        if self.wins[place] < MIN_WINS:
            return f"only {self.wins[place]} wins hold it, at least {MIN_WINS} are needed"
        return None


@dataclass(frozen=True)
class _Places:
    """Where the keys stand: each distinct `key` of a `path`, and the removal effect of each key."""

    path: Integers
    key: Integers
    effects: Floats | None = None


def fit(units: UnitJourneys, model: str, settings: AttributionSettings) -> Fitted:
    """Share the units' amounts out over keys; credits and unattributed add up to them exactly."""
    journeys = units.journeys
    path, key, size = _memberships(journeys)
    places = _Places(path, key)
    if model == "shapley_set":
        return _within(units, places, 1.0 / size[path])
    if model == "shapley_rate":
        return _by_rates(units, settings, places, size)
    effects = removal_effects(journeys, settings.order)
    places = replace(places, effects=effects)
    if model == "markov":
        return _whole(units, places, effects)
    sums = sums_by(path, effects[key], len(size))[path]
    powerless = sums <= 0
    weight = np.where(powerless, 1.0 / size[path], effects[key] / np.where(powerless, 1.0, sums))
    return _within(units, places, weight)


def _memberships(journeys: Journeys) -> tuple[Integers, Integers, Integers]:
    """Return the distinct keys of each path in touch order, so that no name moves a cent."""
    _, first = np.unique(journeys.path_of * len(journeys.keys) + journeys.steps, return_index=True)
    first.sort()
    path = journeys.path_of[first]
    return path, journeys.steps[first], np.bincount(path, minlength=len(journeys.lengths))


def _within(units: UnitJourneys, places: _Places, weight: Floats) -> Fitted:
    credit = shared_exactly(units.amount, places.path, weight)
    # Added as integers: sums of floats would lose cents.
    totals = np.zeros(len(units.journeys.keys), dtype=np.int64)
    np.add.at(totals, places.key, credit)
    found = _fitted(units, places, totals)
    return replace(found, unit=places.path, key=places.key, credit=credit)


def _whole(units: UnitJourneys, places: _Places, shares: Floats) -> Fitted:
    total = units.amount[units.touched].sum()
    if shares.sum() == 0:
        found = _fitted(units, places, np.zeros(len(shares), dtype=np.int64))
        return replace(found, note=NOTHING_TO_LEARN if total else None)
    group = np.zeros(len(shares), dtype=np.int64)
    return _fitted(units, places, shared_exactly(np.array([total]), group, shares / shares.sum()))


def _by_rates(
    units: UnitJourneys, settings: AttributionSettings, places: _Places, size: Integers
) -> Fitted:
    result = rate_credit(units.journeys, settings.permutations, settings.seed)
    shares = result.value.copy()
    # Under `pipeline` a set may have value and no win yet; it is shared equally over its keys.
    valued = units.touched & ~result.rewarded
    equal = np.where(valued, units.amount, 0)[places.path] / size[places.path]
    shares += sums_by(places.key, equal, len(shares))
    found = _whole(units, places, shares)
    return replace(found, error=result.error) if shares.sum() else found


def _fitted(units: UnitJourneys, places: _Places, credit: Integers) -> Fitted:
    path, key = places.path, places.key
    keys = units.journeys.keys
    shared = units.is_shared[path] & (units.amount[path] != 0)
    counts = np.bincount(key[shared], minlength=len(keys))
    won = units.journeys.won[path] > 0
    whole = int(units.amount.sum())
    missing = units.is_shared & ~units.touched
    totals = KeyTotals(
        keys,
        tuple(int(amount) for amount in credit),
        tuple(int(count) for count in counts),
        whole - int(credit.sum()),
        int(missing.sum()),
        int(units.is_shared.sum()),
    )
    wins = np.bincount(key[won], minlength=len(keys))
    converting = int((units.touched & (units.journeys.won > 0)).sum())
    return Fitted(totals, wins, converting, places.effects)
