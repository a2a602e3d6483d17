"""Markov attribution, exact: how much of the winning goes when a key goes.

Journeys are walks START -> states -> WON or NULL, states being the k-grams of a journey's keys
(a key that follows itself is written once; a journey shorter than k is one state). The removal
effect of a key is 1 - P(won without it) / P(won), P being the solution of a linear system, never
simulated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.linalg import spsolve

from smarketing.analysis.attribution.paths import Floats, Integers, Journeys

#: Above this many cells a table of counts is kept by its used cells only.
DENSE_CELLS = 4_000_000
#: Up to this many states the whole system is inverted once instead of solved key by key.
DENSE_STATES = 1_500


@dataclass(frozen=True)
class Chain:
    """A fitted chain: probabilities of starting in, moving between and winning from states.

    `holds` says for each state (row) and key (column) whether the state contains the key.
    """

    start: Floats
    moves: sp.csr_matrix
    wins: Floats
    holds: npt.NDArray[np.bool_]

    def win_probability(self) -> float:
        """Return P(won) of the chain as it is."""
        return self._won(np.ones(len(self.start), dtype=bool))

    def without_key(self, key: int) -> float:
        """Return P(won) when every state that holds the key leads to NULL."""
        return self._won(~self.holds[:, key])

    def _won(self, alive: npt.NDArray[np.bool_]) -> float:
        if not alive.any():
            return 0.0
        moves = self.moves[alive][:, alive]
        system = sp.identity(moves.shape[0], format="csc") - moves.tocsc()
        return float(self.start[alive] @ np.atleast_1d(spsolve(system, self.wins[alive])))


def removal_effects(journeys: Journeys, order: int) -> Floats:
    """Return one removal effect per key, between 0 and 1; all 0 when no journey was won.

    A journey without touches is left out: it has no key that could be removed.
    """
    counted = journeys.chosen((journeys.lengths > 0) & (journeys.won + journeys.lost > 0))
    if counted.won.sum() <= 0:
        return np.zeros(len(journeys.keys))
    chain = fit_chain(counted, order)
    if order == 1 and len(chain.start) <= DENSE_STATES:
        return _effects_of_states(chain, len(journeys.keys))
    won = chain.win_probability()
    kept = [chain.without_key(key) for key in range(len(journeys.keys))]
    return np.clip(1.0 - np.array(kept) / won, 0.0, 1.0)


def _effects_of_states(chain: Chain, keys: int) -> Floats:
    # P(won without s) = P(won) - P(ever in s) * P(won from s); with N the inverse of I - moves,
    # P(ever in s) = (start N)_s / N_ss. One inversion answers for every key.
    visits = np.linalg.inv(np.eye(len(chain.start)) - chain.moves.toarray())
    passes = (chain.start @ visits) / np.diag(visits)
    from_state = visits @ chain.wins
    lost = passes * from_state / float(chain.start @ from_state)
    effects = np.zeros(keys)
    effects[chain.holds.argmax(axis=1)] = np.clip(lost, 0.0, 1.0)
    return effects


def fit_chain(journeys: Journeys, order: int) -> Chain:
    """Count the moves between k-grams and divide; journeys need a step and a weight each."""
    walks = journeys.collapsed()
    weight = walks.won + walks.lost
    base = len(walks.keys) + 1
    grams, kept = _grams(walks, order, base)
    numbers, codes = _numbered(grams, base**order)
    states = len(codes)
    path = walks.path_of[kept] if order > 1 else walks.path_of
    last = np.ones(len(numbers), dtype=bool)
    last[:-1] = path[1:] != path[:-1]
    first = np.roll(last, 1)
    out = np.bincount(numbers, weight[path], minlength=states)
    moving = np.flatnonzero(~last)
    moves = _counted(numbers[moving], numbers[moving + 1], weight[path[moving]], states)
    return Chain(
        np.bincount(numbers[first], weight, minlength=states) / weight.sum(),
        sp.diags_array(1.0 / out).tocsr() @ moves,
        np.bincount(numbers[last], walks.won, minlength=states) / out,
        _held(codes, order, base),
    )


def _grams(walks: Journeys, order: int, base: int) -> tuple[Integers, npt.NDArray[np.bool_]]:
    grams = walks.steps + 1
    if order == 1:
        return grams, np.ones(len(grams), dtype=bool)
    position = walks.position
    whole = grams.copy()
    for back in range(1, order):
        earlier = np.zeros_like(whole)
        earlier[back:] = whole[:-back]
        grams += np.where(position >= back, earlier, 0) * base**back
    kept = position >= np.repeat(np.minimum(order, walks.lengths) - 1, walks.lengths)
    return grams[kept], kept


def _numbered(grams: Integers, cells: int) -> tuple[Integers, Integers]:
    if cells > DENSE_CELLS:
        codes, numbers = np.unique(grams, return_inverse=True)
        return numbers, codes
    used = np.bincount(grams, minlength=cells) > 0
    return (np.cumsum(used) - 1)[grams], np.flatnonzero(used)


def _counted(source: Integers, target: Integers, weight: Floats, states: int) -> sp.csr_matrix:
    if states * states <= DENSE_CELLS:
        table = np.bincount(source * states + target, weight, minlength=states * states)
        return sp.csr_matrix(table.reshape(states, states))
    return sp.csr_matrix((weight, (source, target)), shape=(states, states))


def _held(codes: Integers, order: int, base: int) -> npt.NDArray[np.bool_]:
    holds = np.zeros((len(codes), base), dtype=bool)
    for place in range(order):
        holds[np.arange(len(codes)), (codes // base**place) % base] = True
    return holds[:, 1:]
