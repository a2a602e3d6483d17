"""What a campaign promised and what came of it, in words."""

from __future__ import annotations

from smarketing.agreement import Agreement
from smarketing.analysis.campaigns.together import Entry, Outcome, promises
from smarketing.charts import format as fmt
from smarketing.engine import Engine


def promised(engine: Engine, agreement: Agreement, entry: Entry, found: Outcome) -> list[str]:
    """Return promise against result, a line each, and where it broke down.

    Within a scope without the promises: they are of all leads, and those of the scope are counted.
    """
    plan = None if engine.limited_by else entry.plan
    scale, currency = 10**engine.minor_digits, engine.currency
    stage = agreement.service_levels.committed_stage
    label = next(s.label for s in agreement.stages if s.id == stage)
    amount, spent, budget = (
        None if minor is None else minor / scale
        for minor in (found.pipeline_amount, entry.spent_amount, entry.budget_amount)
    )
    by = f"; promised by {fmt.day(plan.promised_by)}" if plan and plan.promised_by else ""
    given = None if budget is None else fmt.money(budget, currency)
    lines = [
        f"From {fmt.day(found.window.start)} to {fmt.day(found.window.last_day)}, pipeline under "
        f"{agreement.attribution.model_label(found.model)}{by}:",
        f"Spent: {fmt.money(spent, currency)}" + ("" if given is None else f" of {given} budgeted"),
        _against("Leads", fmt.number(found.leads), plan and plan.promised_leads),
        _against(f"{label}s", fmt.number(found.qualified), plan and plan.promised_mqls),
        _against(
            "Pipeline",
            fmt.money(amount, currency),
            None
            if plan is None or plan.promised_pipeline is None
            else fmt.money(plan.promised_pipeline / scale, plan.currency),
        ),
    ]
    if engine.limited_by:
        lines.append(
            f"Counted by {engine.limited_by}, to which your view is limited: what was promised is "
            "of all leads, and stands in the table."
        )
    if plan is not None and not promises(plan):
        lines.append("Nothing was promised for it.")
    if found.reason is not None:
        lines.append(f"What leads it brought is not known: {found.reason}.")
    if found.broke is not None:
        broke = found.broke
        lines.append(
            f"It broke down from {broke.step}: {broke.went_on} of {broke.reached} went on, where "
            f"{fmt.number(broke.expected)} would have at the rate of all leads of that time."
        )
    return lines


def _against(what: str, value: str, promise: object) -> str:
    return f"{what}: {value}" + ("" if promise is None else f" of {promise} promised")
