"""Rates of the funnel with what they rest on, the same on every page."""

from __future__ import annotations

from dataclasses import dataclass

from smarketing.analysis.intervals import wilson

SMALL_N = 30
SMALL_COUNT = 5


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
