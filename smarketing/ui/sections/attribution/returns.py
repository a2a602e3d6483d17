"""Exhibits of what came back for the cost: by the day of the close, or by that of the touch."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from smarketing.analysis.attribution import Attribution
from smarketing.analysis.attribution.returns import NO_TOUCH_DATES
from smarketing.analysis.attribution.settings import BY_CLOSE, BY_TOUCH
from smarketing.analysis.attribution.spend import NO_COST
from smarketing.charts import format as fmt
from smarketing.charts.encoding import Encoding
from smarketing.charts.points import scatter
from smarketing.ui.exhibit import Exhibit, show
from smarketing.ui.sections.attribution.credit import (
    NOUNS,
    choices,
    definition,
    frame_of,
    ledger_records,
    money,
    names,
    worded,
)
from smarketing.ui.states import empty
from smarketing.ui.view import View

LABELS = {BY_CLOSE: "day of the close", BY_TOUCH: "day of the touch"}
HELP = (
    "What stands against the cost of the period: the credit of what closed (leads and pipeline: "
    "was created) in it, or the credit of its touches, whenever their deals closed."
)
COUNTED = {
    BY_CLOSE: "credit of what counts in the period",
    BY_TOUCH: "credit of the period's touches, whenever it was earned",
}
FORMULA = {
    "revenue": "roas = returned ÷ media cost; romi = (returned × margin − cost) ÷ cost",
    "pipeline": "roas = returned ÷ media cost",
    "leads": "cost per lead = cost ÷ returned leads",
}


_COST_STEP = "Import the costs of the period, such as the reports of the ad platforms."
_CUT_STEP = "Break it down by channel or campaign, and filter by nothing else."


def show_spend(view: View, answer: Attribution) -> None:
    """Show cost against what came back, or why it cannot be told."""
    if answer.cost_reason:
        empty(
            "Cost is not available beside this credit",
            f"{answer.cost_reason[0].upper()}{answer.cost_reason[1:]}.",
            _COST_STEP if answer.cost_reason == NO_COST else _CUT_STEP,
        )
    elif NO_TOUCH_DATES in answer.notes:
        empty(
            "No returns by the day of the touch",
            "This model credits keys, not touches, so that its credit has no day of a touch.",
            "Choose the day of the close, or a model that credits touches.",
        )
    else:
        show(spend(view, answer))


def spend(view: View, answer: Attribution) -> Exhibit:
    """Cost against what came back, one dot per key; the line is where both are equal."""
    frame = frame_of(answer)
    settings = answer.settings
    frame["returned"] = frame["returned"].astype("Float64")
    has_name = ~frame[answer.by].astype(str).str.startswith("(")
    nameless = float(frame[~has_name]["cost"].fillna(0).sum())
    compared = frame["returned"].notna() & frame["cost"].notna() & (frame["cost"] > 0)
    shown = frame[has_name & compared].assign(
        name=lambda f: [names(view, answer).get(k, k) for k in f[answer.by]]
    )
    earned = f"Attributed {NOUNS[settings.measure]}"
    drawn = Encoding(
        key=answer.by,
        unit="money",
        currency=answer.currency,
        labels=dict(zip(shown[answer.by], shown["name"], strict=True)),
    )
    figures = worded(view, answer, frame)[
        [answer.by, "label", "credit", "deals", "cost", "returned", "roas", "romi"]
        + (["cost_per_lead"] if settings.measure == "leads" else [])
    ]
    return Exhibit(
        key="spend",
        needs=("fct_deal", "fct_cost"),
        title=_title(shown, answer),
        reading="Cost of campaigns and of marketing in the period against attributed "
        f"{NOUNS[settings.measure]}: {COUNTED[settings.returns_by]}. "
        f"{_line(settings.measure)}{_nameless(nameless, answer)}",
        view=view,
        definition=replace(definition(view, answer), formula=FORMULA[settings.measure]),
        # Without a single dot there is no chart to draw.
        data=figures.head(0) if shown.empty else figures,
        reason=f"no known {answer.by.replace('_', ' ')} has a cost" if shown.empty else "",
        draw=lambda look: scatter(
            shown,
            look,
            replace(drawn, value="cost", title="Cost"),
            replace(drawn, value="returned", unit=money(answer), title=earned),
        ),
        records=lambda part: ledger_records(view, answer, part, against_cost=True),
        parts=dict(zip(shown[answer.by], shown["name"], strict=True)),
        choices=choices(answer),
        units={
            "credit": money(answer), "returned": money(answer), "cost": "money", "romi": "rate",
            "roas": "ratio", "cost_per_lead": "money",
        },
    )  # fmt: skip


def _title(shown: pd.DataFrame, answer: Attribution) -> str:
    if shown.empty:
        return "No cost is recorded for what earned something"
    if answer.settings.measure == "leads":
        best = shown.dropna(subset="cost_per_lead").nsmallest(1, "cost_per_lead")
        if best.empty:
            return "The cost brought no lead yet"
        price = fmt.money(float(best["cost_per_lead"].iloc[0]), answer.currency)
        return f"A lead costs least from {best['name'].iloc[0]}: {price}"
    below = int((shown["returned"] < shown["cost"]).sum())
    if len(shown) == 1:
        return f"{shown['name'].iloc[0]} earned {'less' if below else 'more'} than it cost"
    if below:
        return f"{below} of {len(shown)} earned less than they cost"
    return f"All {len(shown)} earned more than they cost"


def _line(measure: str) -> str:
    return "" if measure == "leads" else "On the dotted line return equals cost. "


def _nameless(cost: float, answer: Attribution) -> str:
    if not cost:
        return ""
    return (
        f"{fmt.money(cost, answer.currency)} of cost is of no known {answer.by.replace('_', ' ')}."
    )
