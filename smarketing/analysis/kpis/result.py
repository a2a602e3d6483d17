"""What a KPI answers: its value, what it rests on, how it stands, and why where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from smarketing.analysis.kpis.measured import ALL
from smarketing.analysis.kpis.targets import Standing


@dataclass(frozen=True)
class KpiResult:
    """One KPI in one period. Money in major units, rates 0 to 1; None is "not available".

    `n` is the number of records under it (a ratio's: its denominator where that counts). `low` and
    `high` are a rate's 95 % interval. `shown_as_counts` is a rate of few successes or failures;
    `few_before` whether it was one in the period before, and a year ago. `reason` says why there
    is no value, `previous_reason` why there is none to compare it with, `note` what must be said
    beside it: the reason, or what the value lacks. `undated` records are in no period. `by` holds
    one result per member of the dimension asked for, else None.
    """

    id: str
    label: str
    unit: str
    direction: str
    value: float | int | None
    numerator: float | int | None
    denominator: float | int | None
    n: int | None
    previous: float | int | None
    last_year: float | int | None
    standing: Standing | None
    low: float | None
    high: float | None
    shown_as_counts: bool
    is_small: bool
    reason: str | None
    previous_reason: str | None
    note: str | None
    undated: int = 0
    few_before: tuple[bool, bool] = (False, False)
    key: str = ALL
    by: tuple[KpiResult, ...] | None = None

    @property
    def target(self) -> float | None:
        """Return the target of the whole period, None where nobody agreed one."""
        return self.standing.target if self.standing else None

    @property
    def status(self) -> str | None:
        """Return ahead, on track, at risk or behind; None without target or with small numbers."""
        return self.standing.status if self.standing else None

    def as_dict(self) -> dict[str, Any]:
        """Return the documented JSON keys."""
        return {
            "id": self.id,
            "label": self.label,
            "unit": self.unit,
            **self._figures(),
            "by": None if self.by is None else [group._as_group() for group in self.by],
        }

    def _as_group(self) -> dict[str, Any]:
        return {"key": self.key, **self._figures()}

    def _figures(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "reason": self.reason,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "n": self.n,
            "undated": self.undated,
            "previous": self.previous,
            "previous_reason": self.previous_reason,
            "target": self.target,
            "status": self.status,
            "note": self.note,
        }
