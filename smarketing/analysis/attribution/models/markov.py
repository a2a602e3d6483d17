"""Markov attribution, exact: how much of the winning goes when a key goes.

Journeys are walks START -> states -> WON or NULL, states being the k-grams of a journey's keys as
they stand, repeats kept (a journey shorter than k is one state); of equal states in a row there is
one. The removal effect of a key is 1 - P(won without it) / P(won), P being the solution of a linear
system, never simulated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.linalg import spsolve

from smarketing.analysis.attribution.models.paths import Floats, Integers, Journeys

#: Above this many cells a table of counts is kept by its used cells only.
DENSE_CELLS = 4_000_000
#: Up to this many states the whole system is inverted once instead of solved key by key.
DENSE_STATES = 1_500
#: Rounds of substitution before the system is factorised instead.
ROUNDS = 400


@dataclass(frozen=True)
class Chain:
    """A fitted chain: probabilities of starting in, moving between and winning from states.

    `holds` says for each state (row) and key (column) whether the state contains the key.
    """

    start: Floats
    moves: sp.csr_array
    wins: Floats
    holds: npt.NDArray[np.bool_]

    def won_without(self) -> Floats:
        """Return P(won) per key when every state that holds it leads to NULL; as is at the end."""
        alive = np.ones((len(self.start), self.holds.shape[1] + 1))
        alive[:, :-1] = ~self.holds
        by_rounds = self._by_rounds(alive)
        if by_rounds is not None:
            return by_rounds
        return np.array([self._solved(column > 0) for column in alive.T])

    def _by_rounds(self, alive: Floats) -> Floats | None:
        """Solve for all keys at once by h = moves h + wins, from 0 upwards, to the last digit.

        Each round adds the journeys won one step later; None where walks are too long to wait for.
        """
        wins = alive * self.wins[:, None]
        reached = wins
        for _ in range(ROUNDS):
            following = alive * (self.moves @ reached) + wins
            gained = float(np.abs(following - reached).max(initial=0.0))
            reached = following
            if gained < 1e-16:
                answer: Floats = self.start @ (alive * reached)
                return answer
        return None

    def _solved(self, alive: npt.NDArray[np.bool_]) -> float:
        if not alive.any():
            return 0.0
        moves = self.moves[alive][:, alive]
        system = sp.eye_array(moves.shape[0], format="csc") - moves.tocsc()
        return float(self.start[alive] @ np.atleast_1d(spsolve(system, self.wins[alive])))


@dataclass(frozen=True)
class Walks:
    """Journeys as walks over numbered states, laid end to end.

    `first` and `last` mark the ends of each walk, `path` says whose journey a step is, `won` and
    `lost` are per journey, `holds` is state x key.
    """

    numbers: Integers
    first: npt.NDArray[np.bool_]
    last: npt.NDArray[np.bool_]
    path: Integers
    won: Floats
    lost: Floats
    holds: npt.NDArray[np.bool_]

    @property
    def states(self) -> int:
        """How many states there are."""
        return len(self.holds)


def removal_effects(journeys: Journeys, order: int) -> Floats:
    """Return one removal effect per key, between 0 and 1; all 0 when no journey was won.

    A journey without touches is left out: it has no key that could be removed.
    """
    counted = journeys.chosen((journeys.lengths > 0) & (journeys.won + journeys.lost > 0))
    keys = len(journeys.keys)
    if counted.won.sum() <= 0:
        return np.zeros(keys)
    return effects_of_chain(fit_chain(gram_walks(counted, order)), keys)


def effects_of_chain(chain: Chain, keys: int) -> Floats:
    """Return the removal effects of a fitted chain, one per key."""
    states = len(chain.start)
    is_key_by_key = (chain.holds.sum(axis=0) <= 1).all() and (chain.holds.sum(axis=1) == 1).all()
    if states <= DENSE_STATES and is_key_by_key:
        return _effects_of_states(chain, keys)
    *kept, won = chain.won_without()
    if won <= 0:
        return np.zeros(keys)
    effects: Floats = np.clip(1.0 - np.array(kept) / won, 0.0, 1.0)
    return effects


def _effects_of_states(chain: Chain, keys: int) -> Floats:
    # P(won without s) = P(won) - P(ever in s) * P(won from s); with N the inverse of I - moves,
    # P(ever in s) = (start N)_s / N_ss. One inversion answers for every key.
    visits = np.linalg.inv(np.eye(len(chain.start)) - chain.moves.toarray())
    passes = (chain.start @ visits) / np.diag(visits)
    from_state = visits @ chain.wins
    won = float(chain.start @ from_state)
    effects = np.zeros(keys)
    if won > 0:
        effects[chain.holds.argmax(axis=1)] = np.clip(passes * from_state / won, 0.0, 1.0)
    return effects


def gram_walks(journeys: Journeys, order: int) -> Walks:
    """Turn journeys into walks over k-grams; every journey needs a step and a weight."""
    base = len(journeys.keys) + 1
    grams, path = _grams(journeys, order, base)
    moved = np.ones(len(grams), dtype=bool)
    moved[1:] = (grams[1:] != grams[:-1]) | (path[1:] != path[:-1])
    if not moved.all():
        grams, path = grams[moved], path[moved]
    numbers, codes = _numbered(grams, base**order)
    last = np.ones(len(numbers), dtype=bool)
    last[:-1] = path[1:] != path[:-1]
    holds = _held(codes, order, base)
    return Walks(numbers, np.roll(last, 1), last, path, journeys.won, journeys.lost, holds)


def fit_chain(walks: Walks) -> Chain:
    """Count the moves between states and divide."""
    states, numbers, path = walks.states, walks.numbers, walks.path
    weight = walks.won + walks.lost
    out = np.bincount(numbers, weight[path], minlength=states)
    moving = np.flatnonzero(~walks.last)
    moves = _counted(numbers[moving], numbers[moving + 1], weight[path[moving]], states)
    return Chain(
        np.bincount(numbers[walks.first], weight, minlength=states) / weight.sum(),
        sp.csr_array(sp.diags_array(1.0 / out) @ moves),
        np.bincount(numbers[walks.last], walks.won, minlength=states) / out,
        walks.holds,
    )


def _grams(walks: Journeys, order: int, base: int) -> tuple[Integers, Integers]:
    """Return the k-gram that ends at each step that ends one, and whose journey it is of."""
    grams = walks.steps + 1
    if order == 1:
        return grams, walks.path_of
    position = walks.position
    whole = grams.copy()
    for back in range(1, order):
        earlier = np.zeros_like(whole)
        earlier[back:] = whole[:-back]
        grams += np.where(position >= back, earlier, 0) * base**back
    kept = position >= np.repeat(np.minimum(order, walks.lengths) - 1, walks.lengths)
    return grams[kept], walks.path_of[kept]


def _numbered(grams: Integers, cells: int) -> tuple[Integers, Integers]:
    if cells > DENSE_CELLS:
        codes, numbers = np.unique(grams, return_inverse=True)
        return numbers, codes
    used = np.bincount(grams, minlength=cells) > 0
    return (np.cumsum(used) - 1)[grams], np.flatnonzero(used)


def _counted(source: Integers, target: Integers, weight: Floats, states: int) -> sp.csr_array:
    if states * states <= DENSE_CELLS:
        table = np.bincount(source * states + target, weight, minlength=states * states)
        return sp.csr_array(table.reshape(states, states))
    return sp.csr_array((weight, (source, target)), shape=(states, states))


def _held(codes: Integers, order: int, base: int) -> npt.NDArray[np.bool_]:
    holds = np.zeros((len(codes), base), dtype=bool)
    for place in range(order):
        holds[np.arange(len(codes)), (codes // base**place) % base] = True
    return holds[:, 1:]
