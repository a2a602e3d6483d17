"""Who buys against who was agreed as the target, and a lead definition proposed instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from smarketing.agreement import Agreement, agreement_yaml
from smarketing.agreement.models import TargetMarket
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.engine.filters import UNKNOWN
from smarketing.errors import StoreError, unknown
from smarketing.periods import Window

_COUNTED = ("customers", "deals", "won_amount", "lacking")


@dataclass(frozen=True)
class Buyers:
    """Won customers of one segment and persona; `is_target`: both were agreed as the target.

    Customers are accounts at their first won deal for new business, amounts are minor units. Of
    `lacking` deals the amount is not known: they are not in it.
    """

    segment: str
    persona: str
    customers: int
    deals: int
    won_amount: int
    share: float
    is_target: bool
    lacking: int = 0


@dataclass(frozen=True)
class Market:
    """Who bought in a window, most revenue first, and what of it the agreed target accounts for.

    `missing` are the agreed segments and personas from which nobody bought. `unknown_amount` was
    won from those of whom it is not known whether they are of the target: neither in nor out.
    """

    buyers: tuple[Buyers, ...]
    target_customers: int
    target_amount: int
    customers: int
    won_amount: int
    missing: tuple[str, ...]
    unknown_amount: int = 0

    @property
    def lacking(self) -> int:
        """Return how many of the won deals are in no amount, since theirs is not known."""
        return sum(part.lacking for part in self.buyers)

    @property
    def target_share(self) -> float | None:
        """Return the target's share of the won amount; None where nothing was won."""
        return self.target_amount / self.won_amount if self.won_amount else None

    @property
    def gap(self) -> float | None:
        """Return the share of the won amount from outside the target; None where none is known."""
        if not self.won_amount or self.unknown_amount == self.won_amount:
            return None
        outside = self.won_amount - self.target_amount - self.unknown_amount
        return outside / self.won_amount


def who_buys(
    engine: Engine, agreement: Agreement, window: Window, filters: Filters = NO_FILTERS
) -> Market:
    """Answer who bought in the window, against the segments, personas and regions agreed as target.

    An empty list in the agreement leaves that attribute open. Zeros where nothing was won.
    """
    frame = engine.run("quality/buyers", {"from": window.start, "to": window.end}, filters)
    market = agreement.target_market
    sums: dict[tuple[str, str, bool], Counter[str]] = {}
    unknown = 0
    for row in frame.to_dict("records"):
        segment, persona, region = (str(row[n]) for n in ("segment", "persona", "region"))
        if _is_unknown(market, segment, persona, region):
            unknown += int(row["won_amount"])
        key = (segment, persona, _is_target(market, segment, persona, region))
        part = sums.setdefault(key, Counter())
        part.update({name: int(row[name]) for name in _COUNTED})
    total, aimed = _summed(sums.values()), _summed(p for key, p in sums.items() if key[2])
    buyers = [
        Buyers(
            *key[:2],
            part["customers"],
            part["deals"],
            part["won_amount"],
            part["won_amount"] / total["won_amount"] if total["won_amount"] else 0.0,
            key[2],
            part["lacking"],
        )
        for key, part in sums.items()
    ]
    buyers.sort(key=lambda part: (-part.won_amount, part.segment, part.persona, part.is_target))
    bought = {part.segment for part in buyers} | {part.persona for part in buyers}
    missing = [
        name
        for names, places in ((market.segments, 0), (market.personas, 1))
        for name in names
        # Where none of what is won is known by it, nobody knows who did not buy.
        if name not in bought and any(key[places] != UNKNOWN for key in sums)
    ]
    return Market(
        tuple(buyers),
        aimed["customers"],
        aimed["won_amount"],
        total["customers"],
        total["won_amount"],
        tuple(missing),
        unknown,
    )


def _summed(parts: Iterable[Counter[str]]) -> Counter[str]:
    """What parts add up to; adding counters would lose those below zero, which credit notes are."""
    whole: Counter[str] = Counter()
    for part in parts:
        whole.update(part)
    return whole


def _is_unknown(market: TargetMarket, segment: str, persona: str, region: str) -> bool:
    """Whether what is known of a buyer leaves it open whether the target was meant."""
    pairs = ((segment, market.segments), (persona, market.personas), (region, market.regions))
    asked = [(value, agreed) for value, agreed in pairs if agreed]
    known = all(value in agreed or value == UNKNOWN for value, agreed in asked)
    return known and any(value == UNKNOWN for value, _ in asked)


def _is_target(market: TargetMarket, segment: str, persona: str, region: str) -> bool:
    return all(
        not agreed or value in agreed
        for value, agreed in (
            (segment, market.segments),
            (persona, market.personas),
            (region, market.regions),
        )
    )


def buyer_deals(engine: Engine, window: Window, filters: Filters = NO_FILTERS) -> pd.DataFrame:
    """Answer which deals were won in the window, one row per deal; amounts in minor units.

    Their amounts add up to the market's; unknown segment, persona and region say `(unknown)`.
    """
    return engine.run(
        "quality/buyer_deals", {"from": window.start, "to": window.end}, filters
    ).drop(columns="key")


def propose_definition(
    agreement: Agreement, points: Mapping[str, int], threshold: int | None = None
) -> Agreement:
    """Return the agreement with other points (rule id -> points) and threshold: a proposal.

    It has another hash, so it is in force only once both teams sign it. Raises UsageError for a
    rule that the definition does not have.
    """
    definition = agreement.lead_definition
    known = [rule.id for rule in definition.fit] + [rule.id for rule in definition.behaviour]
    for rule_id in points:
        if rule_id not in known:
            raise unknown("rule", rule_id, known)
    fit = tuple(
        rule.model_copy(update={"points": points.get(rule.id, rule.points)})
        for rule in definition.fit
    )
    behaviour = tuple(
        rule.model_copy(update={"points": points.get(rule.id, rule.points)})
        for rule in definition.behaviour
    )
    update = {
        "fit": fit,
        "behaviour": behaviour,
        "threshold": definition.threshold if threshold is None else threshold,
    }
    content = agreement.model_dump(mode="python")
    content["lead_definition"] = definition.model_copy(update=update).model_dump(mode="python")
    return Agreement.model_validate(content)


def save_proposal(agreement: Agreement, path: Path) -> Path:
    """Write a proposed agreement as YAML; StoreError when the file cannot be written."""
    try:
        path.write_text(agreement_yaml(agreement), encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"The proposal cannot be written to {path} ({error.strerror}); choose another folder."
        ) from error
    return path
