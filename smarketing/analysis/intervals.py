"""Intervals around shares of counts."""

from __future__ import annotations

import math

Z95 = 1.959963984540054


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
