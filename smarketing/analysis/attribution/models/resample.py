"""How far could the shares move? Accounts drawn again, a thousand times, in one pass.

Each account gets a Poisson(1) weight in each resample, so that an account's deals, won, lost and
never converted, come and go together. What is a sum over accounts is then one matrix product.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import scipy.sparse as sp

    from smarketing.analysis.attribution.models.paths import Floats

RESAMPLES = 1_000
RESAMPLES_HIGHER_ORDER = 200
_LOW, _HIGH = 0.05, 0.95
_BLOCK = 4_096


@dataclass(frozen=True)
class Spread:
    """Per key: the 90 % interval of its share, and how often its rank held."""

    low: Floats
    high: Floats
    rank_held: Floats


def resampled_sums(per_cluster: sp.csr_array, resamples: int, seed: int) -> Floats:
    """Return resample x column: the columns' sums with every cluster (row) weighted anew."""
    rng = np.random.default_rng(seed)
    table = _poisson_table()
    sums = np.zeros((per_cluster.shape[1], resamples))
    for start in range(0, per_cluster.shape[0], _BLOCK):
        block = per_cluster[start : start + _BLOCK]
        draws = rng.integers(0, len(table), (block.shape[0], resamples), dtype=np.uint16)
        sums += block.T @ table[draws]
    answer: Floats = sums.T
    return answer


def _poisson_table() -> Floats:
    """Return 65,536 values distributed like a Poisson variable of mean 1, to draw from at once."""
    places = (np.arange(65_536) + 0.5) / 65_536
    chance, below, table = np.exp(-1.0), 0.0, np.zeros(65_536)
    for count in range(12):
        below += chance
        table[places > below] = count + 1
        chance /= count + 1
    return table


def spread(credits: npt.ArrayLike, totals: Floats, point: npt.ArrayLike) -> Spread:
    """Return the spread of shares: `credits` resample x key, `totals` per resample.

    `point` is the credit of each key as computed, whose rank is the one to hold.
    """
    drawn = np.asarray(credits, dtype=np.float64)
    ranked = np.asarray(point, dtype=np.float64)
    if not drawn.shape[1]:
        return Spread(np.zeros(0), np.zeros(0), np.zeros(0))
    shares = drawn / np.where(totals == 0, np.nan, totals)[:, None]
    known = np.isfinite(shares).all(axis=1)
    if not known.any():
        unknown = np.full(drawn.shape[1], np.nan)
        return Spread(unknown, unknown, unknown)
    low, high = np.quantile(shares[known], [_LOW, _HIGH], axis=0)
    held = _ranks(drawn[known]) == _ranks(ranked[None, :])
    return Spread(low, high, held.mean(axis=0))


def _ranks(credits: Floats) -> npt.NDArray[np.int64]:
    order = np.argsort(-credits, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(credits.shape[1])[None, :], axis=1)
    return ranks
