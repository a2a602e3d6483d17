"""Campaigns: what each cost, whom it brought, and what it earned, in one row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from smarketing.analysis.attribution import Attribution
from smarketing.analysis.attribution.result import CreditRow
from smarketing.analysis.funnel.result import FunnelResult
from smarketing.engine import Engine
from smarketing.periods import Period, add_months

MONTHS = 12
#: What a column of cost per stage begins with.
COST_PER = "cost per "


@dataclass(frozen=True)
class CampaignFacts:
    """What a campaign is; `activity` counts its touches in each of the last twelve months.

    `starts_on` and `ends_on` are its first and last day, where a source gives them.
    """

    campaign_id: str
    name: str
    channel: str
    status: str | None
    owner: str | None
    budget_amount: int | None
    activity: tuple[int, ...]
    starts_on: date | None = None
    ends_on: date | None = None


def campaigns(engine: Engine, window: Period) -> dict[str, CampaignFacts]:
    """Answer what each campaign is and how active it was up to the window's end, by id.

    Empty without campaigns.
    """
    months = [add_months(window.last_day.replace(day=1), -back) for back in range(MONTHS)][::-1]
    params = {"from": months[0], "to": window.end}
    seen: dict[str, dict[str, int]] = {}
    for row in engine.run("attribution/campaign_activity", params, by="campaign").to_dict(
        "records"
    ):
        seen.setdefault(str(row["key"]), {})[str(row["month"])] = int(row["touches"])
    found = {}
    for row in engine.run("attribution/campaign_facts").to_dict("records"):
        key = str(row["campaign_id"])
        counts = seen.get(key, {})
        budget = row["budget_amount"]
        found[key] = CampaignFacts(
            key,
            str(row["name"]),
            str(row["channel"]),
            None if pd.isna(row["status"]) else str(row["status"]),
            None if pd.isna(row["owner"]) else str(row["owner"]),
            None if pd.isna(budget) else int(budget),
            tuple(counts.get(f"{month:%Y-%m}", 0) for month in months),
            None if pd.isna(row["starts_on"]) else row["starts_on"],
            None if pd.isna(row["ends_on"]) else row["ends_on"],
        )
    return found


def campaign_table(
    facts: dict[str, CampaignFacts], credit: Attribution, funnel: FunnelResult
) -> pd.DataFrame:
    """Put facts, credit and the funnel of the leads each campaign brought into one row each.

    Money in major units. `cost per <stage>`, by its label, is cost ÷ the leads of the window that
    reached the stage by now, whenever: the cohort that the cost created. A campaign without spend,
    leads or credit in the window is left out; the rows of credit that name no campaign are kept, so
    that the credit still adds up. Missing, where no source gives any lead, or any deal.
    """
    groups = {group.key: group.stages for group in funnel.groups}
    known = funnel.groups[0].stages if funnel.groups else ()
    rows = []
    for row in (*credit.rows, *_with_leads_alone(facts, credit, funnel)):
        fact = facts.get(row.key)
        counts = {stage.stage: stage.count for stage in groups.get(row.key, ())}
        if not (row.credit or row.cost or row.deals or any(counts.values())):
            continue
        cost = None if row.cost is None else row.cost / credit.money_divisor
        reached = {stage.stage: counts.get(stage.stage, 0) for stage in known}
        rows.append(
            {
                "campaign_id": row.key,
                "campaign": fact.name if fact else row.label,
                "channel": fact.channel if fact else None,
                "cost": cost,
                "leads": next(iter(reached.values()), 0),
                **{stage.label: reached[stage.stage] for stage in known[1:]},
                "deals": row.deals,
                "credit": row.credit / credit.divisor,
                "roas": row.roas,
                "romi": row.romi,
                "activity": list(fact.activity) if fact else [],
                **{
                    f"{COST_PER}{stage.label}": cost / count if cost and count else None
                    for stage, count in zip(known, reached.values(), strict=True)
                },
            }
        )
    frame = pd.DataFrame(rows)
    if len(frame) and credit.reason:
        frame[["deals", "credit", "roas", "romi"]] = None
    if len(frame) and funnel.reason:
        frame[["leads", *(stage.label for stage in known[1:])]] = None
    return frame


def _with_leads_alone(
    facts: Mapping[str, CampaignFacts], credit: Attribution, funnel: FunnelResult
) -> list[CreditRow]:
    """Return rows without credit for campaigns of which the window has leads and nothing else."""
    told = {row.key for row in credit.rows}
    groups = () if funnel.reason else [group.key for group in funnel.groups]
    return [
        CreditRow(key, fact.name, 0, 0.0, 0)
        for key, fact in facts.items() if key in groups and key not in told
    ]  # fmt: skip


def campaign_units(frame: pd.DataFrame, credit: str) -> dict[str, str]:
    """Return the units of the columns of `campaign_table`; `credit` is that of credits."""
    costs = (str(name) for name in frame if str(name).startswith(COST_PER))
    known = {"cost": "money", "credit": credit, "romi": "rate", "roas": "ratio"}
    return known | dict.fromkeys(costs, "money")
