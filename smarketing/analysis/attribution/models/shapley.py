"""Shapley values over sets of keys.

`set_credit` is the closed form of the game v(S) = value of journeys whose keys are within S.
`rate_credit` takes, per observed set, v(S) = conversion rate of the journeys whose key set is
exactly S, 0 for a set never seen. Only observed sets have a worth, so the value is an exact sum
over the observed subsets of a set, however many keys there are; where even these are too many to
go through, permutations are sampled (seeded) and the standard error is stated.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from smarketing.analysis.attribution.models.paths import Floats, Integers, Journeys, sums_by

#: Pairs of sets compared before sampling takes over.
EXACT_PAIRS = 2_000_000_000
#: Orders of arrival drawn per set when sampling.
SAMPLED_PERMUTATIONS = 500
_BLOCK = 256


@dataclass(frozen=True)
class KeySets:
    """Distinct sets of keys: `members` (set x key, 0/1), and won, lost, value of each set.

    `of_path` numbers the set of each journey, -1 without touches.
    """

    members: sp.csr_array
    of_path: Integers
    won: Floats
    lost: Floats
    value: Floats


@dataclass(frozen=True)
class RateCredit:
    """Credit and value by key; `error` is the largest standard error, 0 when all is exact.

    `rewarded` says of each journey whether its set of keys ever converted, so that its value is in.
    """

    credit: Floats
    value: Floats
    error: float
    rewarded: npt.NDArray[np.bool_]


def set_credit(journeys: Journeys) -> tuple[Floats, Floats]:
    """Split each won journey, and its value, equally over its distinct keys."""
    counted = journeys.chosen((journeys.lengths > 0) & (journeys.won > 0))
    path, key, size = memberships(counted)
    keys = len(journeys.keys)
    share = 1.0 / size[path]
    won = sums_by(key, counted.won[path] * share, keys)
    value = sums_by(key, counted.value[path] * share, keys)
    return won, value


def memberships(journeys: Journeys) -> tuple[Integers, Integers, Integers]:
    """Return the distinct (path, key) pairs, by path, and the number of distinct keys per path."""
    keys = len(journeys.keys)
    cells = journeys.path_of * keys + journeys.steps
    if len(journeys.lengths) * keys <= 16 * max(len(cells), 1):
        seen = np.zeros(len(journeys.lengths) * keys, dtype=bool)
        seen[cells] = True
        cells = np.flatnonzero(seen)
    else:
        cells = np.unique(cells)
    path, key = np.divmod(cells, max(keys, 1))
    return path, key, np.bincount(path, minlength=len(journeys.lengths))


def key_sets(journeys: Journeys) -> KeySets:
    """Gather journeys by their set of keys; journeys without touches are in none."""
    touched = journeys.lengths > 0
    counted = journeys.chosen(touched)
    path, key, size = memberships(counted)
    numbers, members = _distinct_sets(path, key, size, len(journeys.keys))
    of_path = np.full(len(journeys.lengths), -1, dtype=np.int64)
    of_path[touched] = numbers
    sums = [
        sums_by(numbers, per_path, members.shape[0])
        for per_path in (counted.won, counted.lost, counted.value)
    ]
    return KeySets(members, of_path, *sums)


def _distinct_sets(
    path: Integers, key: Integers, size: Integers, keys: int
) -> tuple[Integers, sp.csr_array]:
    # A set is written as bits in as many 62-bit words as the keys need.
    words = max((keys + 61) // 62, 1)
    bits = np.zeros((len(size), words), dtype=np.int64)
    np.bitwise_or.at(bits, (path, key // 62), np.left_shift(np.int64(1), key % 62))
    if words == 1:
        _, chosen, numbers = np.unique(bits[:, 0], return_index=True, return_inverse=True)
    else:
        _, chosen, numbers = np.unique(bits, axis=0, return_index=True, return_inverse=True)
    indptr = np.concatenate(([0], np.cumsum(size)))
    ones = np.ones(len(key), dtype=np.float64)
    table = sp.csr_array((ones, key, indptr), shape=(len(size), keys))
    return numbers.reshape(-1), table[chosen]


def rate_credit(journeys: Journeys, permutations: int | None, seed: int) -> RateCredit:
    """Credit each set's conversions by the Shapley value of the rates of its observed subsets.

    Negative values are reported as they are. Sets that never converted have nothing to share.
    `permutations` asks for sampling; without it the values are exact up to `EXACT_PAIRS`.
    """
    sets = key_sets(journeys)
    ended = sets.won + sets.lost
    rates = np.divide(sets.won, ended, out=np.zeros_like(ended), where=ended > 0)
    winners = np.flatnonzero(sets.won > 0)
    keys = len(journeys.keys)
    error = np.zeros(keys)
    if permutations is None and len(winners) * len(rates) <= EXACT_PAIRS:
        shares = _exact_shares(sets, rates, winners)
    elif len(winners):
        draws = permutations or SAMPLED_PERMUTATIONS
        shares, error = _sampled_shares(sets, rates, winners, draws, seed)
    else:
        shares = sp.csr_array((0, keys))
    credit = shares.T @ sets.won[winners]
    value = shares.T @ sets.value[winners]
    return RateCredit(
        np.asarray(credit, dtype=np.float64).reshape(keys),
        np.asarray(value, dtype=np.float64).reshape(keys),
        float(error.max(initial=0.0)),
        np.append(sets.won, 0.0)[sets.of_path] > 0,
    )


def _exact_shares(sets: KeySets, rates: Floats, winners: Integers) -> sp.csr_array:
    """Return set x key: the Shapley values of each winning set, scaled to add up to 1."""
    blocks = [
        _exact_block(sets, rates, winners[at : at + _BLOCK])
        for at in range(0, len(winners), _BLOCK)
    ]
    if not blocks:
        return sp.csr_array((0, sets.members.shape[1]))
    return sp.csr_array(sp.vstack(blocks))


def _exact_block(sets: KeySets, rates: Floats, chosen: Integers) -> sp.csr_array:
    mine = sets.members[chosen]
    gives, takes = subset_shares(sets, chosen)
    inner = (gives @ sp.diags_array(rates)) @ sets.members
    values = inner - sp.diags_array(takes @ rates).tocsr() @ mine
    return sp.csr_array(sp.diags_array(1.0 / rates[chosen]).tocsr() @ values)


def subset_shares(sets: KeySets, chosen: Integers) -> tuple[sp.csr_array, sp.csr_array]:
    """Return two tables, chosen set x observed subset: what a subset's worth is multiplied by.

    The value of a key of set S is the sum of the first over the subsets that hold the key, times
    their worth, less the sum of the second over all subsets, times theirs.
    """
    sizes = np.diff(sets.members.indptr)
    shared = (sets.members[chosen] @ sets.members.T).tocoo()
    inside = shared.data == sizes[shared.col]
    row, subset = shared.row[inside], shared.col[inside]
    whole, part = sizes[chosen][row], sizes[subset]
    # A subset T of S gives (t-1)!(s-t)!/s! v(T) to each of its keys and takes t!(s-t-1)!/s! v(T)
    # from each key of S outside it; for T = S there is no key outside. Taking from all keys of S
    # and giving as much more to those of T comes to the same.
    takes = np.zeros(len(row))
    proper = part < whole
    takes[proper] = _ordering_share(part[proper], (whole - part - 1)[proper], whole[proper])
    gives = _ordering_share(part - 1, whole - part, whole) + takes
    shape = (len(chosen), sets.members.shape[0])
    return (
        sp.csr_array((gives, (row, subset)), shape=shape),
        sp.csr_array((takes, (row, subset)), shape=shape),
    )


def _ordering_share(before: Integers, after: Integers, size: Integers) -> Floats:
    """Return before! after! / size!, through logarithms so that large sets do not overflow."""
    log_factorial = np.array([lgamma(n + 1.0) for n in range(int(size.max(initial=0)) + 1)])
    shares: Floats = np.exp(log_factorial[before] + log_factorial[after] - log_factorial[size])
    return shares


def _sampled_shares(
    sets: KeySets, rates: Floats, winners: Integers, permutations: int, seed: int
) -> tuple[sp.csr_array, Floats]:
    """Average the gain of each key over random orders of arrival; the gains of an order add up."""
    rng = np.random.default_rng(seed)
    width = sets.members.shape[1]
    # Each key has a random 64-bit number and a set the exclusive or of its keys', so that all
    # the sets met on the way are looked up at once.
    marks = rng.integers(0, 2**64, width, dtype=np.uint64)
    names = np.array([np.bitwise_xor.reduce(marks[keys]) for keys in _each(sets.members)])
    order = np.argsort(names)
    names, worth = names[order], rates[order]
    rows: list[sp.csr_array] = []
    variance = np.zeros(width)
    for winner, keys in zip(winners, _each(sets.members[winners]), strict=True):
        gains = _sampled_gains(marks[keys], names, worth, permutations, rng) / rates[winner]
        rows.append(_row(keys, gains.mean(axis=0), width))
        variance[keys] += sets.won[winner] ** 2 * gains.var(axis=0, ddof=1) / permutations
    return sp.csr_array(sp.vstack(rows)), np.sqrt(variance)


def _each(members: sp.csr_array) -> list[Integers]:
    return np.split(members.indices, members.indptr[1:-1])


def _row(keys: Integers, values: Floats, width: int) -> sp.csr_array:
    return sp.csr_array((values, (np.zeros(len(keys), dtype=np.int64), keys)), shape=(1, width))


def _sampled_gains(
    marks: npt.NDArray[np.uint64],
    names: npt.NDArray[np.uint64],
    worth: Floats,
    permutations: int,
    rng: np.random.Generator,
) -> Floats:
    arrival = rng.permuted(np.tile(np.arange(len(marks)), (permutations, 1)), axis=1)
    met = np.bitwise_xor.accumulate(marks[arrival], axis=1)
    found = np.minimum(np.searchsorted(names, met), len(names) - 1)
    after = np.where(names[found] == met, worth[found], 0.0)
    gained = np.diff(after, axis=1, prepend=0.0)
    gains = np.empty_like(gained)
    np.put_along_axis(gains, arrival, gained, axis=1)
    return gains
