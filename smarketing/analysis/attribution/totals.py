"""Credit by key under the rule-based models, in one pass over the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from smarketing.agreement.attribution import RoleWeights
from smarketing.analysis.attribution.question import in_one_query, question
from smarketing.analysis.attribution.settings import AttributionSettings
from smarketing.engine import Engine, Filters


@dataclass(frozen=True)
class KeyTotals:
    """Per key: credit (minor units), units with a credit; unattributed apart; units in all."""

    keys: tuple[str, ...]
    credit: tuple[int, ...]
    units: tuple[int, ...]
    unattributed: int
    unattributed_units: int
    all_units: int


def rule_totals(
    engine: Engine,
    settings: AttributionSettings,
    by: str,
    filters: Filters,
    models: tuple[str, ...],
    custom: Mapping[str, RoleWeights],
) -> dict[str, KeyTotals]:
    """Return the totals of each rule-based model; all but the custom ones come from one query."""
    answer: dict[str, KeyTotals] = {}
    for weights, columns in in_one_query(models, custom):
        asked = tuple(columns.values())
        tree, values = question(
            engine, "attribution/totals", settings, custom=weights, models=asked
        )
        frame = engine.run(tree, values, filters, by)
        answer |= {name: _totals(frame, column) for name, column in columns.items()}
    return {name: answer[name] for name in models}


def _totals(frame: pd.DataFrame, model: str) -> KeyTotals:
    credit = _integers(frame, f"{model}_credit")
    units = _integers(frame, f"{model}_units")
    attributed = _integers(frame, "is_attributed") == 1
    return KeyTotals(
        tuple(str(key) for key in frame["key"][attributed]),
        tuple(int(amount) for amount in credit[attributed]),
        tuple(int(count) for count in units[attributed]),
        int(credit[~attributed].sum()),
        int(_integers(frame, "units")[~attributed].sum()),
        int(_integers(frame, "all_units").max(initial=0)),
    )


def _integers(frame: pd.DataFrame, column: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return frame[column].to_numpy(dtype=np.int64, na_value=0)
