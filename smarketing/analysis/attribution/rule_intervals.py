"""The intervals of the rule-based models, from one product: their credit is linear in the deals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from smarketing.analysis.attribution.models.resample import (
    RESAMPLES,
    Spread,
    resampled_sums,
    spread,
)
from smarketing.analysis.attribution.question import Columns, Question, in_one_query
from smarketing.analysis.attribution.totals import KeyTotals

if TYPE_CHECKING:
    import pyarrow as pa

    from smarketing.agreement.attribution import RoleWeights
    from smarketing.analysis.attribution.models.paths import Floats, Integers


def rule_spreads(
    asked: Question,
    totals: Mapping[str, KeyTotals],
    custom: Mapping[str, RoleWeights],
    resamples: int = RESAMPLES,
) -> dict[str, Spread]:
    """Return the spread of each rule-based model's shares, all from the same resamples."""
    answer: dict[str, Spread] = {}
    for columns in in_one_query(totals, custom):
        answer |= _linear(asked, columns, totals, resamples)
    return answer


def _linear(
    asked: Question, columns: Columns, totals: Mapping[str, KeyTotals], resamples: int
) -> dict[str, Spread]:
    found = asked.table("attribution/clusters", columns)
    keys = next(iter(totals.values())).keys
    # The rows come by cluster, so that clusters are numbered in the order of their names.
    cluster = found.column("cluster_id").combine_chunks().dictionary_encode().indices
    place = {key: number for number, key in enumerate(keys)}
    column = np.array(
        [
            place[str(key)] if known == 1 else len(keys)
            for key, known in zip(
                found.column("key").to_pylist(),
                found.column("is_attributed").to_pylist(),
                strict=True,
            )
        ],
        dtype=np.int64,
    )
    width = len(keys) + 1
    parts = [
        _matrix(found, f"{credit}_credit", np.from_dlpack(cluster).astype(np.int64), column, width)
        for credit in columns.asked
    ]
    sums = resampled_sums(sp.csr_array(sp.hstack(parts)), resamples, asked.settings.seed)
    return {
        name: spread_of(sums[:, number * width : (number + 1) * width], totals[name])
        for number, name in enumerate(columns.names)
    }


def _matrix(
    found: pa.Table, credit: str, row: Integers, column: Integers, width: int
) -> sp.csr_array:
    # Not by `to_numpy`, which loads pandas. A model that is asked for has credit in every row.
    amounts = np.from_dlpack(found.column(credit).combine_chunks()).astype(np.float64)
    height = int(row.max()) + 1 if len(row) else 0
    return sp.csr_array((amounts, (row, column)), shape=(height, width))


def spread_of(sums: Floats, totals: KeyTotals) -> Spread:
    """Return the spread of shares from sums by key, the last column what no touch earned."""
    return spread(sums[:, :-1], sums.sum(axis=1), totals.credit)
