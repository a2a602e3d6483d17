"""The bootstrap by what is known of it: Poisson weights, and the width of an interval."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.sparse as sp

from smarketing.analysis.attribution.models.resample import (
    RESAMPLES,
    _poisson_table,
    resampled_sums,
    spread,
)


def test_the_weights_are_poisson_of_mean_one() -> None:
    table = _poisson_table()
    assert table.mean() == pytest.approx(1, abs=1e-4)
    assert table.var() == pytest.approx(1, abs=1e-3)
    for count in range(5):
        chance = math.exp(-1) / math.factorial(count)
        assert (table == count).mean() == pytest.approx(chance, abs=1e-4)


def test_an_interval_is_as_wide_as_its_accounts_make_it() -> None:
    # 200 accounts of one each, half to A: the share varies by sqrt(1/4 / 200), and nine in ten of
    # all draws lie within 1.645 times that.
    accounts = 200
    half = np.arange(accounts) % 2
    credits = sp.csr_array(np.column_stack((half, 1 - half)).astype(float))
    sums = resampled_sums(credits, RESAMPLES, seed=7)
    found = spread(sums, sums.sum(axis=1), [accounts / 2 + 1, accounts / 2])
    reach = 1.645 * math.sqrt(0.25 / accounts)
    assert found.low[0] == pytest.approx(0.5 - reach, abs=0.006)
    assert found.high[0] == pytest.approx(0.5 + reach, abs=0.006)
    # Which of the two leads is a coin's toss.
    assert found.rank_held[0] == pytest.approx(0.5, abs=0.05)
    # Four times the accounts, half the width.
    more = sp.csr_array(sp.vstack([credits] * 4))
    sums = resampled_sums(more, RESAMPLES, seed=7)
    wide = found.high[0] - found.low[0]
    narrow = spread(sums, sums.sum(axis=1), [1.0, 0.0])
    assert narrow.high[0] - narrow.low[0] == pytest.approx(wide / 2, rel=0.1)


def test_an_account_is_drawn_as_one() -> None:
    # All in two accounts: whoever is left out takes its key along, and the share is all or nothing.
    credits = sp.csr_array(np.array([[100.0, 0.0], [0.0, 100.0]]))
    sums = resampled_sums(credits, RESAMPLES, seed=1)
    found = spread(sums, sums.sum(axis=1), [2.0, 1.0])
    assert (found.low[0], found.high[0]) == (0.0, 1.0)
