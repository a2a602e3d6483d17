"""Pages of what people agreed: definitions, and the decisions and actions of the meetings."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from smarketing.charts import format as fmt
from smarketing.export.deck.pages import Grid, Page, Table
from smarketing.export.report.asked import Asked
from smarketing.workspace.records import Action, Decision


def decisions(asked: Asked) -> Page:
    """List what was decided in the period, and the actions that are due in it or still open."""
    made = [d for d in asked.workspace.of(Decision).all() if _within(asked, d.decided_at.date())]
    actions = [
        a
        for a in asked.workspace.of(Action).all()
        if a.status == "open" or _within(asked, a.due_on)
    ]
    rows = [("Decision", d.text, d.decided_by, fmt.day(d.decided_at.date()), "") for d in made]
    rows += [("Action", a.text, a.owner, fmt.day(a.due_on), a.status) for a in actions]
    late = sum(a.status == "open" and a.due_on < asked.engine.as_of_day for a in actions)
    headline = "Nothing was decided and nothing is open"
    if rows:
        headline = f"{fmt.many(len(made), 'decision')}, {fmt.many(len(actions), 'action')}"
        headline += f", {late} late" if late else ""
    headers = ("", "What", "Who", "When", "Status")
    listed = [("decision", d.text, d.decided_by, d.decided_at.date(), "") for d in made]
    listed += [("action", a.text, a.owner, a.due_on, a.status) for a in actions]
    frame = pd.DataFrame(listed, columns=["kind", "what", "who", "when", "status"])
    return Page(
        "decisions",
        headline,
        f"Decisions and actions, {asked.window.label}",
        Grid(headers, tuple(rows)) if rows else (),
        asked.stamp(),
        alt=headline if rows else "What the weekly meeting decides, and who does what by when.",
        table=Table(frame),
    )


def _within(asked: Asked, day: dt.date) -> bool:
    return asked.window.start <= day < asked.window.end


def definitions(asked: Asked) -> Page:
    """Say what the headline numbers mean, and who answers for them."""
    roles = {role.id: role.label for role in asked.agreement.roles}
    rows = tuple(
        (
            kpi.label,
            kpi.definition,
            f"{roles.get(kpi.owners.marketing, '')}, {roles.get(kpi.owners.sales, '')}".strip(", "),
        )
        for kpi in asked.agreement.kpis
        if kpi.headline
    )
    state = "signed by both teams" if asked.is_signed else "not yet signed by both teams"
    return Page(
        "definitions",
        f"What the numbers mean, {state}",
        f"Agreement {asked.agreement.version}, {asked.agreement.hash[:8]}",
        Grid(("Number", "Definition", "Who answers for it"), rows),
        asked.stamp(),
        alt="The definitions of the headline numbers.",
    )
