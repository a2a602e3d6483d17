"""Pages of what was promised: by marketing with its campaigns, by the owners of sales."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from smarketing.analysis.campaigns.together import Entry, Outcome, calendar, outcome
from smarketing.analysis.handoff.obligations import obligations
from smarketing.analysis.handoff.obligations import rejections as rejected
from smarketing.analysis.handoff.untold import OBLIGATIONS, no_exits, unknown_obligations
from smarketing.charts import format as fmt
from smarketing.charts.findings import of_sales_promises
from smarketing.export.deck.pages import Chart, Grid, Page, Series, Table
from smarketing.export.report.asked import Asked
from smarketing.workspace.records import Plan

_MOST = 10


def owners(asked: Asked) -> Page:
    """Show which promises of follow-up each owner kept and missed, most missed first."""
    found: dict[str, tuple[int, int]] = {}
    untold = unknown_obligations(asked.engine, asked.window)
    for part in obligations(asked.engine, asked.window, asked.filters, by="owner"):
        kept, missed = found.get(part.key, (0, 0))
        found[part.key] = (kept + part.met, missed + part.missed)
    due = {name: pair for name, pair in found.items() if sum(pair)}
    ranked = sorted(due.items(), key=lambda one: (-one[1][1], one[0]))[:_MOST]
    measure = f"Promises of follow-up that fell due in {asked.window.label}, by owner of the lead"
    if not ranked:
        said = "No obligation fell due in this period"
        if len(untold) == len(OBLIGATIONS):
            said = of_sales_promises((), untold["response"]).removesuffix(".")
        return Page("owners", said, measure, Chart("bar", (), ()), asked.stamp(), alt=said)
    chart = Chart(
        "stacked_bar",
        tuple(name for name, _ in ranked),
        (
            Series("Kept", tuple(float(pair[0]) for _, pair in ranked), "good"),
            Series("Missed", tuple(float(pair[1]) for _, pair in ranked), "bad"),
        ),
        heading="Owner",
    )
    first, (kept, missed) = ranked[0]
    said = "Every owner kept what was promised"
    if missed:
        said = f"Most were missed by {first}: {fmt.number(missed)} of {fmt.number(kept + missed)}"
    alt = "; ".join(f"{name}: {k} kept, {m} missed" for name, (k, m) in ranked)
    window = {"from": asked.window.start, "to": asked.window.end}
    notes = asked.engine.sql("handoff/obligations", window, asked.filters, "owner")
    return Page("owners", said, measure, chart, asked.stamp(), notes, alt)


def rejections(asked: Asked) -> Page:
    """Show whose leads sales rejected: campaigns, most rejected first."""
    _, bars = rejected(asked.engine, asked.window, asked.filters)
    shown = [bar for bar in bars if bar.rejected][:_MOST]
    measure = f"Leads handed over in {asked.window.label} and rejected by sales, by campaign"
    if not shown:
        said = "No lead handed over in this period was rejected"
        unknown = unknown_obligations(asked.engine, asked.window).get("decision")
        if untold := no_exits(asked.engine) or unknown:
            said = f"What sales rejected is not known: {untold}"
        return Page("rejections", said, measure, Chart("bar", (), ()), asked.stamp(), alt=said)
    chart = Chart(
        "bar",
        tuple(bar.label for bar in shown),
        (Series("Rejected", tuple(float(bar.rejected) for bar in shown), "bad"),),
        heading="Campaign",
    )
    first = shown[0]
    said = (
        f"{first.label}: sales rejected {fmt.number(first.rejected)} of "
        f"{fmt.many(first.handovers, 'lead')} handed over"
    )
    alt = "; ".join(f"{bar.label} {bar.rejected} of {bar.handovers}" for bar in shown)
    window = {"from": asked.window.start, "to": asked.window.end}
    notes = asked.engine.sql("handoff/rejections", window, asked.filters)
    return Page("rejections", said, measure, chart, asked.stamp(), notes, alt)


def promised(asked: Asked) -> Page:
    """List the campaigns both teams planned together: promised, and delivered so far."""
    chosen = dict(asked.filters).get("campaign", ())
    entries = [
        entry
        for entry in calendar(asked.engine, asked.workspace.of(Plan).all())
        if entry.plan is not None
        and entry.plan.starts_on < asked.window.end
        and entry.plan.ends_on >= asked.window.start
        and (not chosen or entry.campaign_id in chosen)
    ]
    measure = f"Campaigns that run in {asked.window.label}: delivered of promised, from their start"
    stamp = asked.stamp()
    if not entries:
        said = "No campaign of this period was planned together"
        plan = "Campaigns are planned on the page Calendar, each with what it promises."
        return Page("promised", said, measure, (), stamp, alt=plan)
    found = [(entry, outcome(asked.engine, asked.agreement, entry)) for entry in entries]
    rows = tuple(_row(asked, *one) for one in found)
    planned = fmt.many(len(rows), "campaign was", "campaigns were")
    said = f"{planned} planned together; promised and delivered"
    headers = ("Campaign", "State", "Leads", "Qualified", "Pipeline", "Cost of budget")
    body, table = Grid(headers, rows, (2, 3, 4, 5)), _table(asked, found)
    return Page("promised", said, measure, body, stamp, alt=said, table=table)


def _table(asked: Asked, entries: Sequence[tuple[Entry, Outcome | None]]) -> Table:
    """Return what was promised and delivered as a file holds it, amounts by their currency."""
    unit = 10**asked.engine.minor_digits

    def major(amount: int | None) -> float | None:
        return None if amount is None else amount / unit

    rows = []
    for entry, found in entries:
        plan = entry.plan
        assert plan is not None
        own = plan.currency or asked.currency
        rows.append(
            {
                "campaign": entry.name,
                "state": entry.state,
                "leads": found.leads if found else None,
                "promised_leads": plan.promised_leads,
                "qualified": found.qualified if found else None,
                "promised_qualified": plan.promised_mqls,
                "pipeline": major(found.pipeline_amount if found else None),
                "promised_pipeline": major(plan.promised_pipeline),
                "cost": major(found.cost_amount if found else None),
                "budget": major(entry.budget_amount),
                "in": asked.currency,
                "promised_in": own,
                "budget_in": asked.currency if entry.campaign_id else own,
            }
        )
    return Table(pd.DataFrame(rows, dtype=object))


def _row(asked: Asked, entry: Entry, found: Outcome | None) -> tuple[str, ...]:
    plan = entry.plan
    assert plan is not None
    unit, currency = 10**asked.engine.minor_digits, asked.currency
    own = plan.currency or currency

    def money(amount: int | None, of: str = currency) -> str | None:
        return None if amount is None else fmt.money(amount / unit, of)

    pipeline = money(plan.promised_pipeline, own)
    budget = money(entry.budget_amount, currency if entry.campaign_id else own)
    if found is None:
        delivered: tuple[str | None, ...] = (None,) * 4
    else:
        counts = (fmt.number(found.leads), fmt.number(found.qualified))
        delivered = (*counts, money(found.pipeline_amount), money(found.cost_amount))
    promises = (plan.promised_leads, plan.promised_mqls, pipeline, budget)
    return (entry.name, entry.state, *map(_of, delivered, promises))


def _of(value: str | None, promised: object) -> str:
    """Say what came of what was promised; what has not begun has only the promise."""
    if promised is None:
        return value or ""
    return f"{value or 'nothing yet'} of {promised}"
