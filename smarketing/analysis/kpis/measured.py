"""What KPIs measured: values by window and member, and why there are none."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from smarketing.analysis.availability import all_untold, lacking_all

ALL = "(all)"
NOW = "now"
#: Beside the windows asked for: the records that are in none, since their day is not known.
UNDATED = "undated"


@dataclass(frozen=True)
class Value:
    """What a base KPI measured: its value (amounts in minor units) and the records under it.

    `lacking` of the `n` records have no amount that a sum could add. Of `untold` others nobody can
    say whether they are under it.
    """

    value: float | int | None
    n: int
    lacking: int = 0
    untold: int = 0


@dataclass
class Values:
    """Values by (KPI, window, key), and why a KPI has none, at all or in a window."""

    found: dict[tuple[str, str, str], Value] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    zeros: set[tuple[str, str]] = field(default_factory=set)
    nothing: dict[tuple[str, str], str] = field(default_factory=dict)
    currency: str = ""

    def of(self, kpi_id: str, window: str = NOW, key: str = ALL) -> Value:
        """Return one value; without records a sum or count is 0, anything else not available.

        Where nobody could have recorded any, a sum or count is not available either.
        """
        if (kpi_id, window) in self.nothing:
            return Value(None, 0)
        nothing = Value(0 if (kpi_id, window) in self.zeros else None, 0)
        return self.found.get((kpi_id, window, key), nothing)

    def why(self, kpi_id: str, window: str = NOW, key: str = ALL) -> str | None:
        """Say why a base KPI has no value in a window; None where it has one."""
        if kpi_id in self.missing:
            return self.missing[kpi_id]
        if (kpi_id, window) in self.nothing:
            return self.nothing[kpi_id, window]
        value = self.of(kpi_id, window, key)
        if value.value is not None:
            return None
        if value.n and value.lacking == value.n:
            return lacking_all(value.n, self.currency)
        if value.n:
            many = "its one record gives" if value.n == 1 else f"its {value.n:,} records give"
            return f"{many} no value: a division by 0, or nothing to take it from"
        if value.untold:
            return all_untold(value.untold)
        return "it has no records in this period"

    def undated(self, kpi_id: str, key: str = ALL) -> int:
        """Return how many records are in no period, since their day is not known."""
        return self.found.get((kpi_id, UNDATED, key), Value(0, 0)).n

    def beside(self, other: Values) -> Values:
        """Return these and those of other KPIs together."""
        return Values(
            self.found | other.found,
            self.missing | other.missing,
            self.zeros | other.zeros,
            self.nothing | other.nothing,
            self.currency,
        )

    def added(self) -> Values:
        """Return the whole of values by member: of counts and sums, each record of one member."""
        kept: dict[tuple[str, str, str], Value] = {}
        for (kpi_id, window, _), value in self.found.items():
            before = kept.get((kpi_id, window, ALL), Value(None, 0))
            parts = [part for part in (before.value, value.value) if part is not None]
            kept[kpi_id, window, ALL] = Value(
                sum(parts) if parts else None,
                before.n + value.n,
                before.lacking + value.lacking,
                before.untold + value.untold,
            )
        return replace(self, found=kept)

    def members(self) -> list[str]:
        """Return the members of the dimension that occur, in order."""
        return sorted({key for _, window, key in self.found if window != UNDATED})
