"""Removal effects over resampled accounts: the chain is fitted again in each resample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from smarketing.analysis.attribution.models.markov import Chain, Walks, effects_of_chain, gram_walks
from smarketing.analysis.attribution.models.paths import Floats, Integers, Journeys
from smarketing.analysis.attribution.models.resample import resampled_sums


@dataclass(frozen=True)
class Clustered:
    """Journeys, and for each the number of the account that is drawn as one, of `clusters`."""

    journeys: Journeys
    cluster: Integers
    clusters: int


def resampled_effects(units: Clustered, order: int, seed: int, resamples: int) -> Floats:
    """Return resample x key: removal effects; 0 for all keys where a resample has no win."""
    journeys = units.journeys
    counted = (journeys.lengths > 0) & (journeys.won + journeys.lost > 0)
    kept = journeys.chosen(counted)
    keys = len(journeys.keys)
    if not len(kept.lengths) or kept.won.sum() <= 0:
        return np.zeros((resamples, keys))
    walks = gram_walks(kept, order)
    per_cluster, moves = _events(walks, units.cluster[counted], units.clusters)
    sums = resampled_sums(per_cluster, resamples, seed)
    if order == 1:
        return _batched(walks, moves, sums, keys)
    return np.array([effects_of_chain(_chain(walks, moves, row), keys) for row in sums])


def _events(walks: Walks, cluster: Integers, clusters: int) -> tuple[sp.csr_array, Integers]:
    """Return cluster x event counts: starts, moves, wins and visits of states; and the moves."""
    states = walks.states
    moving = np.flatnonzero(~walks.last)
    codes = walks.numbers[moving] * states + walks.numbers[moving + 1]
    moves, number = np.unique(codes, return_inverse=True)
    weight = walks.won + walks.lost
    columns = np.concatenate(
        (
            walks.numbers[walks.first],
            states + walks.numbers[walks.last],
            2 * states + walks.numbers,
            3 * states + number.reshape(-1),
        )
    )
    paths = np.arange(len(walks.won))
    path = np.concatenate((paths, paths, walks.path, walks.path[moving]))
    amounts = np.concatenate((weight, walks.won, weight[walks.path], weight[walks.path[moving]]))
    shape = (clusters, 3 * states + len(moves))
    return sp.csr_array((amounts, (cluster[path], columns)), shape=shape), moves


def _chain(walks: Walks, moves: Integers, sums: Floats) -> Chain:
    states = walks.states
    start, won, out = sums[:states], sums[states : 2 * states], sums[2 * states : 3 * states]
    source, target = np.divmod(moves, states)
    seen = np.where(out > 0, out, 1.0)
    table = sp.csr_array((sums[3 * states :] / seen[source], (source, target)), (states, states))
    whole = start.sum()
    return Chain(start / whole if whole else start, table, won / seen, walks.holds)


def _batched(walks: Walks, moves: Integers, sums: Floats, keys: int) -> Floats:
    """Solve order 1 for all resamples at once: one small inverse each."""
    states = walks.states
    start, won, out = (sums[:, n * states : (n + 1) * states] for n in range(3))
    seen = np.where(out > 0, out, 1.0)
    source, target = np.divmod(moves, states)
    system = np.broadcast_to(np.eye(states), (len(sums), states, states)).copy()
    system[:, source, target] -= sums[:, 3 * states :] / seen[:, source]
    inverse = np.linalg.inv(system)
    arrives = np.einsum("bs,bst->bt", start, inverse)
    onward = np.einsum("bst,bt->bs", inverse, won / seen)
    whole = np.einsum("bs,bs->b", start, onward)[:, None]
    own = np.einsum("bss->bs", inverse)
    lost = arrives / own * onward / np.where(whole > 0, whole, np.inf)
    effects = np.zeros((len(sums), keys))
    effects[:, walks.holds.argmax(axis=1)] = np.clip(lost, 0.0, 1.0)
    return effects
