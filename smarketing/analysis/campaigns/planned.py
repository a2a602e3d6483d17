"""Plans of campaigns as they are put on record and taken off, whole or not at all."""

from __future__ import annotations

from dataclasses import replace

from smarketing.agreement import Agreement
from smarketing.analysis.campaigns.together import checked
from smarketing.workspace import Workspace
from smarketing.workspace.database import queue
from smarketing.workspace.records import Idea, Plan


def keep(workspace: Workspace, agreement: Agreement, plan: Plan, idea: Idea | None = None) -> Plan:
    """Put a plan on record, or its new state, with the idea that it comes from.

    UsageError for one that does not hold beside the others; ConflictError where somebody else
    changed it, or planned the idea, meanwhile: then nothing is kept of it.
    """
    plans, ideas = workspace.of(Plan), workspace.of(Idea)
    with workspace.database.writing() as connection:
        queue(connection)
        held = checked(plan, agreement, plans.within(connection))
        if plan.id is not None:
            return plans.put_change(connection, held)
        made = plans.put(connection, held)
        if idea is not None:
            ideas.put_change(connection, replace(idea, plan_id=made.id))
        return made


def drop(workspace: Workspace, plan: Plan) -> None:
    """Take a plan off; the idea that it came from is one again. ConflictError as `keep`."""
    plans, ideas = workspace.of(Plan), workspace.of(Idea)
    with workspace.database.writing() as connection:
        queue(connection)
        plans.take(connection, plan)
        for idea in ideas.within(connection, plan_id=plan.id):
            ideas.put_change(connection, replace(idea, plan_id=None))
