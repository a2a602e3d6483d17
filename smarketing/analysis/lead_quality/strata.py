"""Stratified association in 2×2 tables: Mantel–Haenszel, with Benjamini–Hochberg over many.

Pure functions over counts; no store is needed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from smarketing.analysis.rates import Z95


@dataclass(frozen=True)
class Table:
    """One stratum: with the attribute `a` of `n1` converted, without it `c` of `n0`."""

    a: int
    n1: int
    c: int
    n0: int

    @property
    def is_informative(self) -> bool:
        """Return whether the stratum holds leads with and without the attribute."""
        return self.n1 > 0 and self.n0 > 0


@dataclass(frozen=True)
class Pooled:
    """The attribute's association over all strata that hold leads with and without it.

    Odds ratio and risk difference with 95 % intervals; `p` of the Cochran–Mantel–Haenszel test.
    None where the strata say nothing.
    """

    strata: int
    odds_ratio: float | None
    odds_low: float | None
    odds_high: float | None
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    p: float | None


def mantel_haenszel(tables: Iterable[Table]) -> Pooled:
    """Pool 2×2 tables over strata.

    Odds ratio: Mantel & Haenszel (1959), interval of Robins, Breslow & Greenland (1986). Risk
    difference: Greenland & Robins (1985), interval of Sato (1989). Test without continuity
    correction.
    """
    useful = [table for table in tables if table.is_informative]
    if not useful:
        return Pooled(0, *([None] * 7))
    odds = _odds_ratio(useful)
    difference, low, high = _risk_difference(useful)
    return Pooled(len(useful), *odds, difference, low, high, _p_value(useful))


def benjamini_hochberg(p_values: Sequence[float | None]) -> list[float | None]:
    """Return the adjusted p values (false discovery rate) in the order given; None stays None."""
    known = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    lowest = 1.0
    for rank in range(len(known), 0, -1):
        p, place = known[rank - 1]
        lowest = min(lowest, p * len(known) / rank)
        adjusted[place] = lowest
    return adjusted


def _odds_ratio(tables: Sequence[Table]) -> tuple[float | None, float | None, float | None]:
    r = s = pr = ps_qr = qs = 0.0
    for table in tables:
        n = table.n1 + table.n0
        b, d = table.n1 - table.a, table.n0 - table.c
        r_i, s_i = table.a * d / n, b * table.c / n
        p_i, q_i = (table.a + d) / n, (b + table.c) / n
        r, s = r + r_i, s + s_i
        pr, ps_qr, qs = pr + p_i * r_i, ps_qr + p_i * s_i + q_i * r_i, qs + q_i * s_i
    if r == 0 or s == 0:
        return None, None, None
    ratio = r / s
    spread = Z95 * math.sqrt(pr / (2 * r * r) + ps_qr / (2 * r * s) + qs / (2 * s * s))
    return ratio, ratio * math.exp(-spread), ratio * math.exp(spread)


def _risk_difference(tables: Sequence[Table]) -> tuple[float, float, float]:
    weight = top = p = q = 0.0
    for table in tables:
        n = table.n1 + table.n0
        b, d = table.n1 - table.a, table.n0 - table.c
        weight += table.n1 * table.n0 / n
        top += (table.a * table.n0 - table.c * table.n1) / n
        # Sato's variance: consistent for many small strata and for few large ones.
        p += (
            table.n1 * table.n1 * table.c
            - table.n0 * table.n0 * table.a
            + table.n1 * table.n0 * (table.n0 - table.n1) / 2
        ) / (n * n)
        q += (table.a * d + b * table.c) / (2 * n)
    difference = top / weight
    spread = Z95 * math.sqrt(max(0.0, difference * p + q) / (weight * weight))
    return difference, max(-1.0, difference - spread), min(1.0, difference + spread)


def _p_value(tables: Sequence[Table]) -> float | None:
    observed = expected = variance = 0.0
    for table in tables:
        n = table.n1 + table.n0
        converted = table.a + table.c
        observed += table.a
        expected += table.n1 * converted / n
        if n > 1:
            variance += table.n1 * table.n0 * converted * (n - converted) / (n * n * (n - 1))
    if variance == 0:
        return None
    # Chi-square with one degree of freedom is the square of a normal.
    return math.erfc(abs(observed - expected) / math.sqrt(2 * variance))
