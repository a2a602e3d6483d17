"""The intervals of the models by key, which are fitted again in each resample."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from smarketing.analysis.attribution.fitted import Fitted
from smarketing.analysis.attribution.models.markov_resample import Clustered, resampled_effects
from smarketing.analysis.attribution.models.paths import Floats
from smarketing.analysis.attribution.models.resample import (
    RESAMPLES,
    RESAMPLES_HIGHER_ORDER,
    Spread,
    resampled_sums,
    spread,
)
from smarketing.analysis.attribution.models.shapley import KeySets, key_sets, subset_shares
from smarketing.analysis.attribution.rule_intervals import spread_of
from smarketing.analysis.attribution.settings import AttributionSettings
from smarketing.analysis.attribution.store_paths import UnitJourneys

#: Up to this many distinct key sets shapley_rate is worked out again in each resample.
MAX_RESAMPLED_SETS = 5_000


def key_spread(
    units: UnitJourneys, model: str, fitted: Fitted, settings: AttributionSettings
) -> Spread | None:
    """Return the spread of a model by key; None for a sampled or very large shapley_rate."""
    if model == "shapley_set":
        return _shapley_set(units, fitted, settings)
    sets = key_sets(units.journeys)
    if model == "shapley_rate":
        return _shapley_rate(units, sets, fitted, settings)
    resamples = RESAMPLES if settings.order == 1 else RESAMPLES_HIGHER_ORDER
    clustered = Clustered(units.journeys, units.cluster, units.clusters)
    effects = resampled_effects(clustered, settings.order, settings.seed, resamples)
    value = resampled_sums(_set_values(units, sets), resamples, settings.seed)
    total, touched = value.sum(axis=1), value[:, :-1]
    if model == "markov":
        whole = effects.sum(axis=1, keepdims=True)
        shares = effects / np.where(whole == 0, np.nan, whole)
        return spread(shares * touched.sum(axis=1, keepdims=True), total, fitted.totals.credit)
    held = sets.members @ effects.T
    per_effect = touched.T / np.where(held == 0, np.nan, held)
    credits = effects * (sets.members.T @ np.nan_to_num(per_effect)).T
    return spread(credits, total, fitted.totals.credit)


def _shapley_rate(
    units: UnitJourneys, sets: KeySets, fitted: Fitted, settings: AttributionSettings
) -> Spread | None:
    count = sets.members.shape[0]
    if fitted.error or count > MAX_RESAMPLED_SETS:
        return None
    journeys = units.journeys
    parts = [
        _by_set(units, sets, amounts)
        for amounts in (journeys.won, journeys.lost, units.amount.astype(np.float64))
    ]
    sums = resampled_sums(sp.csr_array(sp.hstack(parts)), RESAMPLES, settings.seed)
    won, lost, value = (sums[:, n * (count + 1) : (n + 1) * (count + 1)] for n in range(3))
    ended = (won + lost)[:, :-1]
    rates = np.divide(won[:, :-1], ended, out=np.zeros_like(ended), where=ended > 0)
    touched = value[:, :-1]
    scale = np.divide(touched, rates, out=np.zeros_like(touched), where=rates > 0)
    gives, takes = subset_shares(sets, np.arange(count))
    sizes = np.diff(sets.members.indptr)
    equal = np.where(rates > 0, 0.0, touched) / np.maximum(sizes, 1)
    per_set = rates * (gives.T @ scale.T).T - scale * (takes @ rates.T).T + equal
    credits = np.asarray((sets.members.T @ per_set.T).T)
    return spread(credits, value.sum(axis=1), fitted.totals.credit)


def _set_values(units: UnitJourneys, sets: KeySets) -> sp.csr_array:
    return _by_set(units, sets, units.amount.astype(np.float64))


def _by_set(units: UnitJourneys, sets: KeySets, amounts: Floats) -> sp.csr_array:
    """Return cluster x set: sums of the amounts; the last column is units without a touch."""
    count = sets.members.shape[0]
    column = np.where(sets.of_path < 0, count, sets.of_path)
    return sp.csr_array((amounts, (units.cluster, column)), shape=(units.clusters, count + 1))


def _shapley_set(
    units: UnitJourneys, fitted: Fitted, settings: AttributionSettings
) -> Spread | None:
    if fitted.unit is None or fitted.key is None or fitted.credit is None:
        return None
    keys = len(units.journeys.keys)
    missing = np.flatnonzero(~units.touched)
    row = np.concatenate((units.cluster[fitted.unit], units.cluster[missing]))
    column = np.concatenate((fitted.key, np.full(len(missing), keys)))
    amount = np.concatenate((fitted.credit, units.amount[missing])).astype(np.float64)
    per_cluster = sp.csr_array((amount, (row, column)), shape=(units.clusters, keys + 1))
    return spread_of(resampled_sums(per_cluster, RESAMPLES, settings.seed), fitted.totals)
