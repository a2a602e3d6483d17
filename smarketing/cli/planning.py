"""The command that plans: how many leads a revenue target needs."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from smarketing.cli.analyses import Json, opened
from smarketing.cli.output import print_json, print_table, say
from smarketing.errors import UsageError

_PLANNED_MONEY = (
    "target", "won_so_far", "expected_from_pipeline", "expected_without_leads", "gap",
    "revenue_per_lead",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("plan")(plan)


def plan(
    revenue: Annotated[float, typer.Option(help="The revenue target, in major units.")],
    by: Annotated[str, typer.Option(help="The first day no longer counted (YYYY-MM-DD).")],
    json: Json = False,
) -> None:
    """How many leads are needed, at each stage and month, for a revenue target by a date."""
    from smarketing.analysis.planning.plan import plan as run_plan

    engine, agreement = opened()
    try:
        until = date.fromisoformat(by)
    except ValueError as error:
        raise UsageError(f"'{by}' in --by is no day; write it as 2026-12-31.") from error
    document = run_plan(engine, agreement, revenue, until).as_dict()
    if json:
        print_json(document)
        return
    reason = document.pop("reason")
    rows = [
        [name.replace("_", " "), _planned(name, value, engine.currency)]
        for name, value in document.items()
        if not isinstance(value, list)
    ]
    print_table("Plan", ["", ""], rows)
    if reason:
        say(f"Not known: {reason}.")


def _planned(name: str, value: Any, currency: str) -> str:
    """A figure of a plan as people read it; days as they are."""
    from smarketing.charts import format as fmt

    if isinstance(value, str):
        return value
    units = dict.fromkeys(_PLANNED_MONEY, "money") | {"share_in_time": "rate"}
    return fmt.by_unit(value, units.get(name, "count"), currency, exact=True)
