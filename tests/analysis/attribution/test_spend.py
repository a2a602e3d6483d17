"""Cost beside credit: why there is none, and what came back for it."""

from __future__ import annotations

from smarketing.analysis.attribution.spend import (
    NO_COST,
    Spend,
    cost_per,
    return_on_ad_spend,
    return_on_investment,
    why_no_cost,
    why_not_cut,
)
from smarketing.engine import NO_FILTERS, Filters

SOME, FREE, STRANGE = Spend(1000, 400, 0), Spend(0, 0, 0), Spend(None, None, 2)


def test_why_there_is_no_cost_beside_the_credit() -> None:
    assert why_no_cost({"a": SOME, "b": STRANGE}, "channel", NO_FILTERS) is None
    assert why_no_cost({"a": FREE}, "channel", NO_FILTERS) is None
    assert why_no_cost({"b": STRANGE}, "channel", NO_FILTERS) == (
        "no cost of the period has an exchange rate of its day"
    )
    assert why_no_cost({}, "channel", NO_FILTERS) == NO_COST
    assert why_no_cost(None, "deal_owner", NO_FILTERS) == "costs are not recorded by deal owner"


def test_cost_is_cut_and_narrowed_only_by_what_costs_have() -> None:
    assert why_not_cut("campaign", Filters.of(channel=["webinar"])) is None
    narrowed = Filters.of(channel=["webinar"], segment=["small"], region=["dach"])
    assert why_not_cut("campaign", narrowed) in (
        "costs are not recorded by segment or region, by which this is narrowed",
        "costs are not recorded by region or segment, by which this is narrowed",
    )
    assert why_not_cut("campaign", NO_FILTERS, "region") == (
        "costs are not recorded by region, to which your view is limited"
    )


def test_returns_by_hand() -> None:
    assert return_on_ad_spend(1200, SOME) == 3.0
    assert return_on_ad_spend(1200, FREE) is return_on_ad_spend(1200, None) is None
    assert return_on_ad_spend(1200, STRANGE) is None
    assert return_on_investment(1500.0, SOME) == 0.5
    assert return_on_investment(0.0, SOME) == -1.0
    assert return_on_investment(None, SOME) is return_on_investment(1.0, FREE) is None
    assert return_on_investment(1.0, None) is return_on_investment(1.0, STRANGE) is None
    assert cost_per(0.5, SOME) == 2000
    assert cost_per(0, SOME) is cost_per(1, FREE) is cost_per(1, STRANGE) is cost_per(1, None)
    assert cost_per(1, None) is None
