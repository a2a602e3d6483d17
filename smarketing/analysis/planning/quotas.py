"""What members undertook to win: their quotas as the data hold them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from smarketing.currencies import minor_digits
from smarketing.engine import Engine


@dataclass(frozen=True)
class Quota:
    """What one member should win in a period: an amount in major units of its currency."""

    member_id: str
    period: str
    amount: float
    currency: str


@dataclass(frozen=True)
class Quotas:
    """Every quota, by member and period, and who could have one: names by member's id."""

    held: tuple[Quota, ...]
    members: Mapping[str, str]


def quotas(engine: Engine) -> Quotas:
    """Return the quotas that were imported; a currency that was left out is the agreement's.

    Those whose member or amount is not known are Data health's.
    """
    rows = engine.rows("planning/quotas")
    held = []
    for row in rows:
        if row["amount"] is not None:
            digits = minor_digits(row["currency"])
            amount = row["amount"] / 10**digits
            held.append(Quota(row["member_id"], row["period"], amount, row["currency"]))
    return Quotas(tuple(held), {row["member_id"]: row["member"] for row in rows})
