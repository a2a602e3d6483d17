"""What an attribution answers: one row per key, adding up to the total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from smarketing.analysis.attribution.settings import AttributionSettings

#: Minor units of one lead, so that shares of a lead add up as exactly as money does.
LEAD_UNITS = 1_000_000
NOT_LIFT = "Credit is not lift: it shares out what happened and does not say what caused it."


@dataclass(frozen=True)
class CreditRow:
    """One key's credit. Amounts are minor units (of a lead: millionths); `deals` are leads there.

    `low` and `high` bound the share (90 % interval), `rank_held` is the share of resamples in
    which the key kept its rank. `greyed` says why a data-driven figure should not be relied on.
    `returned` is the credit that stands against the cost: the same by the day of the close, that of
    the window's touches by the day of the touch; `roas`, `romi` and `cost_per_lead` (minor units)
    are taken from it. All five are None where cost cannot be compared.
    """

    key: str
    label: str
    credit: int
    share: float | None
    deals: int
    cost: int | None = None
    media_cost: int | None = None
    roas: float | None = None
    romi: float | None = None
    returned: int | None = None
    cost_per_lead: float | None = None
    low: float | None = None
    high: float | None = None
    rank_held: float | None = None
    removal_effect: float | None = None
    greyed: str | None = None


@dataclass(frozen=True)
class Attribution:
    """One model's answer; the rows, '(unattributed)' among them, add up to `total` exactly.

    `whole` is what the shares are of: the amount of all the deals, of which a filter on touches may
    leave a part. `cost_reason` says why no row has a cost beside its credit; None where some have,
    `reason` why a total of nothing is no zero, `lacking` how many deals are in no total, for want
    of an amount.
    """

    model: str
    settings: AttributionSettings
    by: str
    rows: tuple[CreditRow, ...]
    total: int
    unattributed: int
    deals: int
    currency: str
    minor_digits: int
    notes: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    cost_reason: str | None = None
    whole: int = 0
    reason: str | None = None
    lacking: str | None = None

    @property
    def divisor(self) -> int:
        """Minor units of one shown unit: of money, or of a lead."""
        return LEAD_UNITS if self.settings.measure == "leads" else int(10**self.minor_digits)

    @property
    def money_divisor(self) -> int:
        """Minor units of one unit of money."""
        return int(10**self.minor_digits)

    def row(self, key: str) -> CreditRow | None:
        """Return the row of a key, None when it has none."""
        return next((row for row in self.rows if row.key == key), None)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON document; money in major units, leads as numbers of leads."""
        settings = self.settings
        return {
            "model": self.model,
            "measure": settings.measure,
            "from": settings.window.start.isoformat(),
            "to": settings.window.end.isoformat(),
            "lookback_days": settings.lookback_days,
            "side": settings.side,
            "people": settings.people,
            "deals": self.deals,
            "total": None if self.reason else self.total / self.divisor,
            "whole": None if self.reason else self.whole / self.divisor,
            "reason": self.reason,
            "unattributed": self.unattributed / self.divisor,
            "returns_by": settings.returns_by,
            "cost_reason": self.cost_reason,
            "rows": [self._row(row) for row in self.rows],
        }

    def _row(self, row: CreditRow) -> dict[str, Any]:
        return {
            "key": row.key,
            "credit": row.credit / self.divisor,
            "share": row.share,
            "deals": row.deals,
            "cost": None if row.cost is None else row.cost / self.money_divisor,
            "roas": row.roas,
            "low": row.low,
            "high": row.high,
            "returned": None if row.returned is None else row.returned / self.divisor,
            "romi": row.romi,
            "cost_per_lead": (
                None if row.cost_per_lead is None else row.cost_per_lead / self.money_divisor
            ),
        }
