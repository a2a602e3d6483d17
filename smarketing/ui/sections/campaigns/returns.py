"""Exhibits of campaigns: all of them in one table, and one of them down to its deals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from smarketing.analysis.attribution import Attribution, asked
from smarketing.analysis.campaigns.returns import COST_PER, CampaignFacts, campaign_units
from smarketing.charts import format as fmt
from smarketing.charts.bars import ranked_bars
from smarketing.charts.encoding import Encoding
from smarketing.charts.findings import named_campaigns
from smarketing.ui.exhibit import Exhibit, show
from smarketing.ui.labels import labels_of, model_name
from smarketing.ui.records import Records, listed
from smarketing.ui.sections.attribution.credit import (
    NOUNS,
    choices,
    definition,
    ledger_records,
    money,
    unit_column,
)
from smarketing.ui.sections.attribution.returns import FORMULA
from smarketing.ui.states import empty
from smarketing.ui.view import View

RESULTS = "results"
#: What the table of campaigns can show, in words.
COLUMNS = {RESULTS: "what came of it", "costs": "cost of each stage"}


def of_channels(
    answer: Attribution, facts: Mapping[str, CampaignFacts], channels: Sequence[str] | None
) -> Attribution:
    """An answer narrowed to the campaigns of some channels; shares stay those of the whole."""
    if channels is None:
        return answer
    rows = tuple(
        row for row in answer.rows if row.key in facts and facts[row.key].channel in channels
    )
    return replace(answer, rows=rows, total=sum(row.credit for row in rows), unattributed=0)


def everything(
    view: View, answer: Attribution, frame: pd.DataFrame, columns: str = RESULTS
) -> Exhibit:
    """Every campaign with cost, leads or credit: sortable, a row opens its ledger.

    `columns` chooses which of `COLUMNS` the screen shows; exports hold all.
    """
    shown = frame.assign(
        channel=frame["channel"].replace(dict(labels_of(view.store.agreement, "channel")))
    )
    named = named_campaigns(shown)
    best = named.sort_values("credit", ascending=False).head(1)
    title = "No campaign has cost, leads or credit in this period"
    if len(best):
        title = f"What {len(named)} campaigns earned is not known: {answer.reason}"
        if not answer.reason:
            amount = fmt.by_unit(float(best["credit"].iloc[0]), money(answer), answer.currency)
            title = f"{best['campaign'].iloc[0]} earned most: {amount}"
    return Exhibit(
        key="campaigns",
        title=title,
        reading=f"Leads are those the campaign brought in the period, and what became of them "
        f"by now is divided into its cost; credit is {NOUNS[answer.settings.measure]} under "
        f"{model_name(answer.model, view.store.agreement)}, returns by the day of the "
        f"{answer.settings.returns_by}. {f'{answer.lacking} ' if answer.lacking else ''}"
        "A click on a row leads to the campaign.",
        view=view,
        definition=replace(
            definition(view, answer),
            label="Campaigns",
            formula="cost per stage = cost ÷ the campaign's leads of the period that reached it by "
            f"now; {FORMULA[answer.settings.measure]}",
        ),
        data=shown.drop(columns="campaign_id"),
        filed=shown.drop(columns=["campaign_id", "activity"]),
        records=lambda part: ledger_records(view, answer, part),
        parts=dict(zip(shown["campaign_id"], shown["campaign"], strict=True)),
        campaigns=dict(zip(shown["campaign_id"], shown["campaign"], strict=True)),
        choices=choices(answer),
        units=campaign_units(shown, money(answer)) | {"activity": "spark"},
        height=640,
        leads_to="campaign",
        columns=_columns(shown, columns),
        reported="campaigns" if _is_agreed(view, answer) else "",
    )  # fmt: skip


def _is_agreed(view: View, answer: Attribution) -> bool:
    """Whether credit is shown as agreed, of all channels, as a report shows it."""
    agreement = view.store.agreement
    return (
        answer.model == agreement.attribution.default_model
        and answer.settings == asked(agreement, view.window)
        and "channel" not in view.filters.as_dict()
    )


def _columns(frame: pd.DataFrame, chosen: str) -> list[str]:
    """What the screen has room for: what came of each campaign, or what each stage of it cost."""
    names = [str(name) for name in frame]
    costs = [name for name in names if name.startswith(COST_PER)]
    if chosen == RESULTS:
        return [name for name in names if name not in costs]
    return [name for name in ("campaign", "channel", "cost", *costs) if name in names]


def show_deals(view: View, answer: Attribution, campaign: str, name: str) -> None:
    """Show the deals one campaign has a part in, or why the model cannot tell."""
    rows = ledger_records(view, answer, campaign).frame
    unit = unit_column(answer)
    if unit in rows and rows[unit].notna().all():
        named = rows if "name" in rows else rows.assign(name=rows[unit])
        found = deals_of(view, answer, named, name)
        show(replace(found, campaigns={campaign: name}))
        return
    empty(
        f"No deals of {name} under {model_name(answer.model, view.store.agreement)}",
        "This model credits campaigns as a whole, not deal by deal.",
        "Choose a model that credits touches, such as the first or the last one.",
    )


def deals_of(view: View, answer: Attribution, rows: pd.DataFrame, name: str) -> Exhibit:
    """The deals one campaign has a part in, by what it earned of each; `rows` are its ledger."""
    unit_id = unit_column(answer)
    summed = (
        rows.groupby([unit_id, "name"], dropna=False)[["credit", "amount"]]
        .agg({"credit": "sum", "amount": "max"})
        .reset_index()
    )
    touches: Mapping[str, int] = dict(rows.groupby(unit_id).size()) if "touch_id" in rows else {}
    summed["note"] = [
        f"of {fmt.by_unit(a, money(answer), answer.currency)}{_touched(touches.get(u))}"
        for a, u in zip(summed["amount"], summed[unit_id], strict=True)
    ]
    labels = dict(zip(summed[unit_id].astype(str), summed["name"].astype(str), strict=True))
    total = float(summed["credit"].sum())
    amount = fmt.by_unit(total, money(answer), answer.currency)
    return Exhibit(
        key="campaign_deals",
        title=f"{name} has a part in {fmt.many(len(summed), 'deal')}: {amount}",
        reading="Credit of each deal, beside its whole amount. A click on a bar leads to the deal.",
        view=view,
        definition=definition(view, answer),
        data=summed.drop(columns="note"),
        draw=lambda look: ranked_bars(
            summed,
            look,
            Encoding(
                key=unit_id,
                value="credit",
                unit=money(answer),
                currency=answer.currency,
                labels=labels,
                note="note",
                hue=look.marketing,
            ),
            keep=15,
        ),
        records=lambda part: _deal_rows(view, answer, rows, part),
        parts=labels,
        leads_to=unit_id.removesuffix("_id"),
        choices={**choices(answer), "Campaign": name},
        units={"credit": money(answer), "amount": money(answer)},
    )


def _touched(count: int | None) -> str:
    """How many touches, after a comma; nothing under a model that credits none."""
    return "" if count is None else f", {fmt.many(count, 'touch', 'touches')}"


def _deal_rows(view: View, answer: Attribution, rows: pd.DataFrame, part: str | None) -> Records:
    kept = rows if part is None else rows[rows[unit_column(answer)] == part]
    unit = money(answer)
    found = listed(
        view.store,
        kept,
        "ledger rows",
        total="credit",
        unit=unit,
        expected=float(kept["credit"].sum()),
    )
    return replace(found, units={"credit": unit, "amount": unit, "weight": "rate"})
