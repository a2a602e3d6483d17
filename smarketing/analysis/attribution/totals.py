"""Credit by key under the rule-based models, in one pass over the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
        rows = asked.rows("attribution/totals", columns)
        answer |= {name: _totals(rows, column) for name, column in columns.names.items()}
    return {name: answer[name] for name in models}


def _totals(rows: Sequence[Mapping[str, Any]], model: str) -> KeyTotals:
    credited = [row for row in rows if row["is_attributed"] == 1]
    others = [row for row in rows if row["is_attributed"] != 1]
    return KeyTotals(
        tuple(str(row["key"]) for row in credited),
        tuple(row[f"{model}_credit"] or 0 for row in credited),
        tuple(row[f"{model}_units"] or 0 for row in credited),
        sum(row[f"{model}_credit"] or 0 for row in others),
        sum(row["units"] for row in others),
        max((row["all_units"] for row in rows), default=0),
    )
