"""Credit by key under the rule-based models, in one pass over the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from smarketing.agreement.attribution import RoleWeights
from smarketing.analysis.attribution.question import Question, in_one_query


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
    asked: Question, models: tuple[str, ...], custom: Mapping[str, RoleWeights]
) -> dict[str, KeyTotals]:
    """Return the totals of each rule-based model; all but the custom ones come from one query."""
    answer: dict[str, KeyTotals] = {}
    for columns in in_one_query(models, custom):
        frame = asked.run("attribution/totals", columns)
        answer |= {name: _totals(frame, column) for name, column in columns.names.items()}
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
