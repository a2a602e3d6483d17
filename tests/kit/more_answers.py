"""What else the small company is asked: lists of records, campaigns, customers, plans, reviews."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pandas as pd
from small_agreements import agreement
from small_workspace import small_workspace

from smarketing.analysis.attribution import asked, attributions
from smarketing.analysis.attribution.ledger_lines import ledger, returned
from smarketing.analysis.attribution.origin import origin_records, origins
from smarketing.analysis.campaigns.returns import campaign_table, campaigns
from smarketing.analysis.campaigns.together import calendar, outcome
from smarketing.analysis.content.heard import heard, heard_records
from smarketing.analysis.content.met import met, met_by
from smarketing.analysis.customers.kept import due, kept, kept_records
from smarketing.analysis.funnel import listing
from smarketing.analysis.funnel.reconcile import reconcile
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.analysis.funnel.time import cycle_records
from smarketing.analysis.handoff import listing as handed
from smarketing.analysis.handoff.obligations import (
    decisions,
    handoff_records,
    recycled,
    rejections,
)
from smarketing.analysis.handoff.worklist import narrowed, worklist
from smarketing.analysis.health.imports import imported_files, unread, unread_records
from smarketing.analysis.journeys.find import search
from smarketing.analysis.journeys.paths import SHAPES, common_paths
from smarketing.analysis.journeys.timeline import earned_by_campaign, journey
from smarketing.analysis.kpis.records import records
from smarketing.analysis.lead_quality.market import buyer_deals
from smarketing.analysis.lead_quality.records import leads_of_rule, scored_leads
from smarketing.analysis.lead_quality.scores import days_to_qualify, recorded_scores
from smarketing.analysis.planning import history as planned
from smarketing.analysis.planning.usual import usual
from smarketing.analysis.planning.whatif import raised
from smarketing.analysis.review.weeks import six_and_twelve
from smarketing.engine import DuckDBEngine
from smarketing.periods import Period, parse_period, parse_window
from smarketing.workspace.records import Plan

ALL = parse_window("2025-07-01", "2026-07-02")
Answer = Callable[[DuckDBEngine], Any]
#: KPIs whose records are asked for: a count, money, a rate, a duration, a ratio of others, a stock.
_LISTED = ("new_mqls", "won_revenue", "win_rate_closed", "sales_cycle_days", "cost_per_lead",
           "open_pipeline", "marketing_cost", "speed_to_lead", "gross_retention")  # fmt: skip


def _quarter() -> Period:
    return parse_period("2026-Q2")


def _cohort(*choices: Any) -> FunnelSettings:
    return FunnelSettings(*choices, window=ALL)


def _campaign_table(engine: DuckDBEngine) -> Any:
    window = parse_period("2026-Q1")
    (credit,) = attributions(engine, agreement(), asked(agreement(), window), model="linear",
                             by="campaign", intervals=False)  # fmt: skip
    reached = funnel(engine, FunnelSettings(window=window), by="campaign")
    return campaign_table(campaigns(engine, window), credit, reached)


def _outcomes(engine: DuckDBEngine) -> Any:
    entries = calendar(engine, small_workspace().of(Plan).all())
    return {entry.name: outcome(engine, agreement(), entry) for entry in entries}


def _unread(engine: DuckDBEngine) -> Any:
    return {f"{part}": unread_records(engine, part) for part in unread(engine)[:4]}


def _in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows that come in no order of their own, in one that is the same each time."""
    return frame.sort_values(list(frame), key=lambda column: column.astype(str))


MORE: dict[str, Answer] = {
    "campaign table": _campaign_table,
    "calendar": lambda e: calendar(e, small_workspace().of(Plan).all()),
    "outcomes of campaigns": _outcomes,
    "heard": lambda e: heard(e, ALL),
    "heard records": lambda e: heard_records(e, ALL),
    "met": lambda e: met(e, ALL, "mql", min_leads=2),
    "met by": lambda e: met_by(e, ALL, "mql"),
    "kept": lambda e: kept(e, agreement(), _quarter()),
    "kept by segment": lambda e: kept(e, agreement(), parse_period("2025-Q4"), by="segment"),
    "kept records": lambda e: kept_records(e, _quarter()),
    "due": due,
    **{
        f"records of {kpi}": lambda e, kpi=kpi: _in_order(  # type: ignore[misc]
            records(e, agreement(), kpi, _quarter())
        )
        for kpi in _LISTED
    },
    "records of a key": lambda e: records(e, agreement(), "new_leads", _quarter(), by="channel",
                                          key="webinar"),
    "step records": lambda e: listing.step_records(e, ALL, "mql"),
    "association records": lambda e: listing.association_records(
        e, ALL, "lead", ("channel", "None")
    ),
    "move records": lambda e: listing.move_records(e, _cohort()),
    "cohort records": lambda e: listing.cohort_records(e, _cohort(), _quarter(), "sql"),
    "reconciled": lambda e: reconcile(
        e, _cohort(), _cohort("entered", "observed", "every"), "mql"
    ),
    "reconciled in time": lambda e: reconcile(
        e, _cohort(), FunnelSettings(window=_quarter()), "sql"
    ),
    "cycle records": lambda e: cycle_records(e, _cohort()),
    "commitment records": lambda e: handed.commitment_records(e, agreement(), ALL),
    "obligation records": lambda e: handed.obligation_records(e, ALL),
    "response records": lambda e: handed.response_records(e, agreement(), ALL),
    "recycled records": lambda e: handed.recycled_records(e, ALL),
    "decisions by owner": lambda e: decisions(e, ALL, by="owner"),
    "rejections": lambda e: rejections(e, ALL),
    "recycled": lambda e: recycled(e, ALL),
    "handoff records": lambda e: handoff_records(e, _quarter(), "response"),
    "imported files": lambda e: imported_files(e, {"i1": "Ann"}),
    "unread": unread,
    "unread records": _unread,
    **{
        f"paths by {shape}": lambda e, shape=shape: common_paths(  # type: ignore[misc]
            e, asked(agreement(), ALL, measure="pipeline"), shape=shape, limit=3, by="campaign"
        ) for shape in SHAPES
    },
    **{
        f"{name} as JSON": lambda e, answer=answer: answer(e).as_dict()  # type: ignore[misc]
        for name, answer in {
            "paths": lambda e: common_paths(e, asked(agreement(), ALL)),
            "worklist": lambda e: worklist(e, agreement()),
            "origins": lambda e: origins(e, agreement(), ALL),
        }.items()
    },
    "worklist of one": lambda e: narrowed(
        worklist(e, agreement()), "ann", dt.datetime(2026, 6, 1, 8)
    ),
    "paths of the lost": lambda e: common_paths(e, asked(agreement(), ALL), outcome="lost"),
    "journey by another model": lambda e: journey(e, agreement(), "tied deal", model="linear"),
    "earned": lambda e: earned_by_campaign(journey(e, agreement(), "d12")),
    "few found": lambda e: search(e, "p3", 2),
    "scored leads": lambda e: scored_leads(e, agreement(), ALL),
    "scored as recorded": lambda e: scored_leads(e, agreement(), ALL, recorded=True),
    "leads of a rule": lambda e: leads_of_rule(
        e, agreement(), ALL, agreement().lead_definition.behaviour[0].id
    ),
    "recorded scores": lambda e: _in_order(
        recorded_scores(e, agreement(), ALL, outcome="customer")
    ),
    "days to qualify": lambda e: days_to_qualify(e, agreement()),
    "buyer deals": lambda e: buyer_deals(e, ALL),
    "mature cohort": planned.mature_cohort,
    "open pipeline": lambda e: planned.open_pipeline(e, dt.date(2026, 8, 1)),
    "won between": lambda e: (
        planned.won_between(e, dt.date(2026, 1, 5), dt.date(2026, 3, 1)).amount
    ),
    "expected without leads": lambda e: planned.expected_without_leads(e, 92),
    "capacity": planned.capacity,
    "usual": lambda e: usual(e, agreement()),
    "raised": lambda e: raised(e, agreement(), "mql", 0.1),
    "six and twelve": lambda e: six_and_twelve(
        e, agreement(), ("new_leads", "won_revenue", "win_rate_closed", "open_pipeline")
    ),
    "ledger": lambda e: ledger(
        e, agreement(), asked(agreement(), ALL), model="position"
    ).drop(columns="agreement_hash"),
    "ledger of a key": lambda e: ledger(
        e, agreement(), asked(agreement(), ALL), model="markov", key="webinar"
    ).drop(columns="agreement_hash"),
    "returned": lambda e: returned(e, agreement(), asked(agreement(), _quarter()), model="linear"),
    "origin records": lambda e: origin_records(e, _quarter()),
}  # fmt: skip
