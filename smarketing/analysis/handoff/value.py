"""What a lead is worth: won amount per mature lead, by lead type and segment."""

from __future__ import annotations

from dataclasses import dataclass

from smarketing.analysis.rates import SMALL_N
from smarketing.engine import NO_FILTERS, Engine, Filters


@dataclass(frozen=True)
class LeadValue:
    """The value of one kind of lead in minor units per lead; None without a mature lead.

    `unvalued` leads won a deal whose amount is not known: they are in neither amount nor leads.
    """

    lead_type: str
    segment: str
    leads: int
    won_amount: int
    value: float | None
    unvalued: int = 0

    @property
    def is_small(self) -> bool:
        """Return whether fewer than 30 mature leads make the value a rough one."""
        return self.leads < SMALL_N


@dataclass(frozen=True)
class LeadValues:
    """Every kind of lead with its value, and the value over all of them."""

    window_days: int
    kinds: tuple[LeadValue, ...]
    leads: int
    won_amount: int

    @property
    def overall(self) -> float | None:
        """Return the won amount per mature lead over all kinds; None without one."""
        return self.won_amount / self.leads if self.leads else None

    def of(self, lead_type: str, segment: str) -> float:
        """Return the value of a lead of a kind; of a kind never seen, the overall value (or 0)."""
        for kind in self.kinds:
            if (kind.lead_type, kind.segment) == (lead_type, segment) and kind.value is not None:
                return kind.value
        return self.overall or 0.0


def lead_values(engine: Engine, filters: Filters = NO_FILTERS) -> LeadValues:
    """Answer what a lead of each type and segment is worth, in minor units.

    Won amount of the deals its leads carried ÷ leads, over leads followed for the window after
    which nine in ten wins have come in. Without mature leads there are no kinds.
    """
    rows = engine.rows("handoff/lead_value", {}, filters)
    kinds = [
        LeadValue(
            str(row["lead_type"]),
            str(row["segment"]),
            int(row["leads"]),
            int(row["won_amount"]),
            int(row["won_amount"]) / int(row["leads"]) if int(row["leads"]) else None,
            int(row["unvalued"]),
        )
        for row in rows
    ]
    kinds.sort(key=lambda kind: (-(kind.value or 0), kind.lead_type, kind.segment))
    window = max((row["window_days"] for row in rows), default=90)
    return LeadValues(
        window,
        tuple(kinds),
        sum(kind.leads for kind in kinds),
        sum(kind.won_amount for kind in kinds),
    )
