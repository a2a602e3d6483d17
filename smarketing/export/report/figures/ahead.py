"""Pages of what lies ahead: what the year's target still needs, who has to act."""

from __future__ import annotations

import pandas as pd

from smarketing.analysis.availability import without_amount
from smarketing.analysis.handoff.untold import OBLIGATIONS
from smarketing.analysis.handoff.worklist import narrowed, worklist
from smarketing.analysis.planning.plan import plan as planned
from smarketing.analysis.planning.plan import plan_sql
from smarketing.analysis.planning.usual import usual
from smarketing.charts import format as fmt
from smarketing.charts.findings import of_plan, of_worklist
from smarketing.export.deck.pages import Chart, Grid, Page, Series, Table
from smarketing.export.report.asked import Asked
from smarketing.periods import local_instant

_MOST_WAITING = 40
_NEEDED = (
    "Leads needed = (target − won − expected from pipeline − expected without leads) ÷ (revenue "
    "per lead × share of it that arrives in time). Expected amounts are weighted by history."
)


def plan(asked: Asked) -> Page:
    """Show what the year's revenue target is made of, and what new leads must bring."""
    wanted = usual(asked.engine, asked.agreement)
    found = planned(asked.engine, asked.agreement, wanted.revenue, wanted.until, asked.filters)
    currency = asked.currency
    target = fmt.money(wanted.revenue, currency)
    parts = (
        ("Won so far", found.won),
        ("Open pipeline, weighted", found.from_pipeline),
        ("Deals without leads", found.from_unled),
        ("New leads must bring", found.gap),
    )
    amounts = tuple(found.major(amount) for _, amount in parts)
    told = "; ".join(
        f"{name} {fmt.money(amount, currency)}"
        for (name, _), amount in zip(parts, amounts, strict=True)
    )
    measure = f"What {target} before {fmt.day(wanted.until)} are made of, {currency}"
    if found.lacking:
        measure = f"{measure}. {without_amount(found.lacking, currency)}"
    stamp = asked.stamp(f"target {target}, {wanted.words}")
    said = of_plan(found, currency).removesuffix(".")
    if not found.cohort.leads:
        return Page("plan", said, measure, Chart("bar", (), ()), stamp, _NEEDED, said)
    names = tuple(
        f"{name}\n{fmt.money(amount, currency)}"
        for (name, _), amount in zip(parts, amounts, strict=True)
    )
    series = (Series("Amount", amounts, "shared", labelled=False),)
    chart = Chart("bar", names, series, heading="Part", currency=currency)
    notes = f"{_NEEDED}\n\n{plan_sql(asked.engine, found, asked.filters)}"
    return Page("plan", said, measure, chart, stamp, notes, told)


def waiting(asked: Asked) -> Page:
    """List the leads that are overdue or fall due soon, the newest overdue first."""
    found = narrowed(worklist(asked.engine, asked.agreement, asked.filters))
    rows = tuple(
        (
            item.account or item.lead_id,
            item.owner or "(nobody)",
            OBLIGATIONS[item.obligation].lower(),
            fmt.day(local_instant(item.due_at, found.timezone).date()),
            item.status,
        )
        for item in found.items[:_MOST_WAITING]
    )
    said = of_worklist(found).removesuffix(".")
    measure = f"Leads that wait for sales, as of {fmt.day(asked.engine.as_of_day)}"
    if len(found.items) > len(rows):
        measure += f"; {len(rows)} of {len(found.items)}"
    headers = ("Lead", "Owner", "Owed", "Due", "Status")
    body = Grid(headers, rows) if rows else ()
    every = [
        (
            item.lead_id,
            item.person,
            item.account,
            item.owner,
            item.obligation,
            local_instant(item.due_at, found.timezone),
            item.status,
        )
        for item in found.items
    ]
    columns = ["lead_id", "person", "account", "owner", "obligation", "due_at", "status"]
    frame = pd.DataFrame(every, columns=columns)
    return Page("waiting", said, measure, body, asked.stamp(), alt=said, table=Table(frame))
