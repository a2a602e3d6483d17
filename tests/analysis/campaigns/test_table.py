"""One row a campaign, by hand: cost, leads, credit and cost per stage, and what is not known."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
from builders import make_store

from smarketing.analysis.campaigns.returns import CampaignFacts, campaign_table, campaigns
from smarketing.periods import parse_period

FAIR = CampaignFacts("c1", "Fair", "event", None, None, None, (0, 2, 1))


def earned(key: str, credit: int = 0, cost: int | None = None, deals: float = 0.0) -> Any:
    return SimpleNamespace(
        key=key, label=f"({key})", credit=credit, cost=cost, deals=deals, roas=2.0, romi=1.0
    )


def table(
    rows: list[Any],
    groups: dict[str, tuple[int, int]],
    reason: str | None = None,
    untold: str | None = None,
) -> pd.DataFrame:
    """The table of rows of credit in cents and of leads by campaign in two stages."""
    stages = {
        key: [
            SimpleNamespace(stage=stage, label=label, count=count)
            for stage, label, count in zip(("lead", "mql"), ("Lead", "MQL"), counts, strict=True)
        ]
        for key, counts in groups.items()
    }
    credit = SimpleNamespace(rows=rows, money_divisor=100, divisor=100, reason=reason)
    funnel = SimpleNamespace(
        groups=[SimpleNamespace(key=key, stages=found) for key, found in stages.items()],
        reason=untold,
    )
    return campaign_table({"c1": FAIR}, cast(Any, credit), cast(Any, funnel))


def test_a_row_puts_cost_leads_and_credit_of_a_campaign_together() -> None:
    found = table(
        [
            earned("c1", 500_00, 120_00, 1.5), earned("gone", 10), earned("nothing"),
            earned("led"), earned("paid", cost=5_00), earned("closed", deals=0.5),
        ],
        {"c1": (4, 0), "led": (0, 3)},
    ).set_index("campaign_id")  # fmt: skip
    assert list(found.index) == ["c1", "gone", "led", "paid", "closed"]
    fair = found.loc["c1"]
    assert (fair["campaign"], fair["channel"], fair["activity"]) == ("Fair", "event", [0, 2, 1])
    assert (fair["cost"], fair["credit"], fair["deals"]) == (120.0, 500.0, 1.5)
    assert (fair["leads"], fair["MQL"], fair["roas"], fair["romi"]) == (4, 0, 2.0, 1.0)
    assert fair["cost per Lead"] == 30.0 and pd.isna(fair["cost per MQL"])
    gone = found.loc["gone"]
    assert (gone["campaign"], gone["activity"]) == ("(gone)", []) and pd.isna(gone["channel"])
    assert (gone["leads"], gone["MQL"], gone["credit"]) == (0, 0, 0.1)
    assert pd.isna(gone["cost"]) and pd.isna(gone["cost per Lead"])


def test_a_campaign_that_brought_leads_alone_has_its_row() -> None:
    [row] = table([], {"c1": (4, 1), "(unmapped)": (2, 0)}).to_dict("records")
    assert (row["campaign"], row["leads"], row["MQL"], row["credit"]) == ("Fair", 4, 1, 0.0)
    [row] = table([], {"c1": (4, 1)}, reason="no amount").to_dict("records")
    assert row["leads"] == 4 and pd.isna(row["credit"])


def test_without_any_lead_counted_there_are_no_columns_of_stages() -> None:
    [row] = table([earned("c1", 1_00)], {}).to_dict("records")
    assert row["leads"] == 0
    assert not [name for name in row if str(name).startswith("cost per ")]


def test_what_no_source_gives_is_missing_and_nothing_else() -> None:
    rows, groups = [earned("c1", 500_00, 120_00, 1.0)], {"c1": (4, 2)}
    no_deals = table(rows, groups, reason="no deals").iloc[0]
    assert no_deals[["deals", "credit", "roas", "romi"]].isna().all()
    assert (no_deals["leads"], no_deals["MQL"], no_deals["cost"]) == (4, 2, 120.0)
    no_leads = table(rows, groups, untold="no leads").iloc[0]
    assert no_leads[["leads", "MQL"]].isna().all()
    assert (no_leads["deals"], no_leads["credit"]) == (1.0, 500.0)
    assert list(table([], groups, "no deals", "no leads").columns) == []


def test_a_campaign_says_when_it_ran_as_far_as_a_source_does() -> None:
    engine = make_store(
        {
            "campaign": [
                {"campaign_id": "c1", "name": "Fair", "starts_on": "2026-03-01", "ends_on": None},
                {"campaign_id": "c2", "name": "Mail", "starts_on": None, "ends_on": None},
            ]
        }
    )
    found = campaigns(engine, parse_period("2026-06"))
    assert (found["c1"].starts_on, found["c1"].ends_on) == (dt.date(2026, 3, 1), None)
    assert (found["c2"].starts_on, found["c2"].ends_on) == (None, None)
