"""Rates with their uncertainty, the same for every analysis."""

from __future__ import annotations

import math
from dataclasses import dataclass

#: Two-sided 95 % and 90 % quantiles of the normal distribution.
Z95 = 1.959963984540054
Z90 = 1.6448536269514722

SMALL_N = 30
SMALL_COUNT = 5


@dataclass(frozen=True)
class Rate:
    """A share of `n` with its Wilson interval; `rate` and bounds are None where n is 0."""

    successes: int
    n: int
    rate: float | None
    low: float | None
    high: float | None

    @property
    def is_small(self) -> bool:
        """Return whether fewer than 30 were seen, so that no status is given."""
        return self.n < SMALL_N

    @property
    def as_counts(self) -> bool:
        """Return whether fewer than 5 successes or failures make counts fairer than a rate."""
        return min(self.successes, self.n - self.successes) < SMALL_COUNT


def wilson(successes: int, n: int, z: float = Z95) -> Rate:
    """Return successes ÷ n with Wilson's score interval (default 95 %).

    Wilson, E. B. (1927), "Probable inference, the law of succession, and statistical inference".
    Raises ValueError where successes are not within 0 and n.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no share.")
    if n == 0:
        return Rate(0, 0, None, None, None)
    share = successes / n
    squared = z * z / n
    centre = (share + squared / 2) / (1 + squared)
    half = z * math.sqrt(share * (1 - share) / n + squared / (4 * n)) / (1 + squared)
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return Rate(successes, n, share, low, high)
