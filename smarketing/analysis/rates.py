"""Rates with what they rest on, the same on every page: intervals and small numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

SMALL_N = 30
SMALL_COUNT = 5
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Rate:
    """A share of `n` with its 95 % Wilson interval; `rate` and bounds are None where n is 0."""

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


def rate_of(successes: int, n: int) -> Rate:
    """Return successes ÷ n with its interval; ValueError where successes are not within 0 and n."""
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no share.")
    bounds = wilson(successes, n)
    if bounds is None:
        return Rate(0, 0, None, None, None)
    share = successes / n
    return Rate(successes, n, share, min(bounds[0], share), max(bounds[1], share))


def wilson(successes: float, n: float, z: float = Z95) -> tuple[float, float] | None:
    """Return the Wilson score interval of a share, 95 % unless told; None where n is 0.

    Source: E. B. Wilson (1927), Probable inference, the law of succession, and statistical
    inference. Both ends are within 0 and 1.
    """
    if n <= 0:
        return None
    share = successes / n
    centre = share + z * z / (2 * n)
    margin = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    # At the ends the formula gives 0 and 1 but for the last bit.
    low = 0.0 if successes <= 0 else max(0.0, (centre - margin) / scale)
    return low, 1.0 if successes >= n else min(1.0, (centre + margin) / scale)
