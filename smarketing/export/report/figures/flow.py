"""Pages of the way from lead to revenue: funnel, handoff, attribution, campaigns, plan."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd

from smarketing.analysis.attribution import asked as attribution_asked
from smarketing.analysis.attribution import attributions
from smarketing.analysis.attribution.ledger_lines import ledger_sql
from smarketing.analysis.attribution.settings import AttributionSettings
from smarketing.analysis.campaigns.returns import campaign_table, campaign_units, campaigns
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel as shared_funnel
from smarketing.analysis.handoff.obligations import handoff as handed
from smarketing.analysis.handoff.untold import OBLIGATIONS
from smarketing.charts import format as fmt
from smarketing.charts.findings import named_campaigns, narrowest_step, of_sales_promises
from smarketing.export.deck.pages import Chart, Grid, Page, Series, Table, funnel
from smarketing.export.report.asked import Asked

_MOST_KEYS = 7
_NOT_LIFT = "Credit is not lift: only an experiment says what would not have happened."
_ROAS = "Return on ad spend is attributed revenue ÷ media cost."
_MOST_CAMPAIGNS = 12


def stages(asked: Asked) -> Page:
    """Show the shared funnel of the leads that began in the period."""
    settings = FunnelSettings(window=asked.window)
    result = shared_funnel(asked.engine, settings, asked.filters)
    found = result.groups[0].stages if result.groups else ()
    counts = [(stage.label, stage.count) for stage in found]
    measure = f"Leads that began in {asked.window.label}, and how far they came"
    stamp = asked.stamp(settings.label)
    if not counts or not counts[0][1]:
        said = _why_empty(result.reason, "No lead began in this period")
        return Page("funnel", said, measure, Chart("bar", (), ()), stamp, alt=said)
    last = f"{fmt.number(counts[-1][1])} reached {found[-1].label} so far"
    headline = narrowest_step(result) or f"{fmt.number(counts[0][1])} leads; {last}"
    alt = "; ".join(f"{name} {fmt.number(count)}" for name, count in counts)
    notes = asked.engine.sql("funnel/cohort", settings.params(asked.engine), asked.filters)
    return Page("funnel", headline, measure, funnel(counts), stamp, notes, alt)


def handoff(asked: Asked) -> Page:
    """Show which promises sales kept, obligation by obligation."""
    result = handed(asked.engine, asked.agreement, asked.window, asked.filters)
    told = [o for o in result.obligations if not o.unknown]
    kept = [(OBLIGATIONS[o.obligation], o.met, o.missed) for o in told]
    measure = f"Obligations that fell due in {asked.window.label}, kept and missed"
    stamp = asked.stamp()
    if not any(m + x for _, m, x in kept):
        said = of_sales_promises(result.obligations, result.reason).removesuffix(".")
        return Page("handoff", said, measure, Chart("bar", (), ()), stamp, alt=said)
    chart = Chart(
        "stacked_bar",
        tuple(name for name, *_ in kept),
        (
            Series("Kept", tuple(float(m) for _, m, _ in kept), "good"),
            Series("Missed", tuple(float(x) for *_, x in kept), "bad"),
        ),
        heading="Promise",
    )
    headline = of_sales_promises(result.obligations).removesuffix(".")
    alt = "; ".join(f"{name}: {m} kept, {x} missed" for name, m, x in kept)
    notes = asked.engine.sql(
        "handoff/obligations", {"from": asked.window.start, "to": asked.window.end}, asked.filters
    )
    return Page("handoff", headline, measure, chart, stamp, notes, alt)


def models(asked: Asked) -> Page:
    """Show the share of won revenue by channel under each agreed model, side by side."""
    settings = attribution_asked(asked.agreement, asked.window)
    agreed = asked.agreement.attribution
    answers = [
        attributions(
            asked.engine,
            asked.agreement,
            settings,
            model=name,
            filters=asked.filters,
            intervals=False,
        )[0]
        for name in agreed.models
    ]
    measure = f"Share of revenue won in {asked.window.label} by channel, model by model"
    stamp = asked.stamp(f"lookback {settings.lookback_days} days, {settings.side} touches")
    main = next((a for a in answers if a.model == agreed.default_model), answers[0])
    ranked = [row for row in main.rows if row.credit]
    if not ranked:
        said = _why_empty(main.reason, "Nothing was won in this period")
        return Page("attribution", _short(said), measure, Chart("bar", (), ()), stamp, alt=said)
    keys = [row.key for row in ranked][:_MOST_KEYS]
    series = tuple(
        Series(
            asked.word("model", answer.model),
            tuple(_share(answer, key) for key in keys),
            labelled=len(answers) <= 3,
        )
        for answer in answers
    )
    chart = Chart(
        "column", tuple(asked.word("channel", key) for key in keys), series, "0%", "Channel"
    )
    first = next((row for row in ranked if not row.key.startswith("(")), ranked[0])
    shares = [s for a in answers if (s := _share(a, first.key)) is not None]
    least, most = (fmt.percent(end(shares), 0) for end in (min, max))
    word = asked.word("channel", first.key)
    headline = f"{word} takes {least} to {most} of revenue, by the model"
    if least == most:
        headline = f"{word} takes {most} of revenue under every model"
    if first.key.startswith("("):
        headline = "No channel is known of what was won"
    notes = _notes(asked, settings, "channel", _NOT_LIFT)
    alt = f"{headline}; agreed model {asked.word('model', agreed.default_model)}."
    return Page("attribution", headline, measure, chart, stamp, notes, alt)


def _why_empty(reason: str | None, nothing: str) -> str:
    """Say that there is nothing, or why that is not known."""
    return f"Not available: {reason}" if reason else nothing


def _notes(asked: Asked, settings: AttributionSettings, by: str, said: str) -> str:
    """Say how to read credit, and the SQL behind that of the agreed model."""
    model = asked.agreement.attribution.default_model
    sql = ledger_sql(
        asked.engine, asked.agreement, settings, model=model, by=by, filters=asked.filters
    )
    return f"{said}\n\n{sql}"


def _short(said: str) -> str:
    """Return what a headline has room for: a reason without what it adds in brackets."""
    return said.partition(" (")[0]


def _share(answer: Any, key: str) -> float | None:
    found = next((row for row in answer.rows if row.key == key), None)
    return None if found is None else found.share


def campaign_returns(asked: Asked) -> Page:
    """List what each campaign cost, whom it brought and what it earned."""
    settings = attribution_asked(asked.agreement, asked.window)
    agreed = asked.agreement.attribution.default_model
    (answer,) = attributions(
        asked.engine, asked.agreement, settings, model=agreed, by="campaign",
        filters=asked.filters, intervals=False,
    )  # fmt: skip
    reached = shared_funnel(
        asked.engine, FunnelSettings(window=asked.window), asked.filters, "campaign"
    )
    frame = campaign_table(campaigns(asked.engine, asked.window), answer, reached)
    label = partial(asked.word, "channel")
    measure = f"Campaigns of {asked.window.label}: cost, leads, deals, revenue credited"
    stamp = asked.stamp(f"{asked.word('model', agreed)}, lookback {settings.lookback_days} days")
    if frame.empty:
        said = "No campaign did anything in this period"
        return Page("campaigns", said, measure, Chart("bar", (), ()), stamp, alt=said)
    frame = frame.sort_values("credit", ascending=False, kind="stable")
    rows = tuple(_campaign(asked, row) for row in frame.head(_MOST_CAMPAIGNS).to_dict("records"))
    named = named_campaigns(frame[pd.to_numeric(frame["credit"]) > 0])
    said = "None of what was won is credited to a campaign"
    if answer.reason:
        said = f"What campaigns earned is not known: {_short(answer.reason)}"
    if len(named):
        best = named.iloc[0]
        said = f"{best['campaign']} earned most: {fmt.money(best['credit'], asked.currency)}"
    return Page(
        "campaigns",
        said,
        measure,
        Grid(("Campaign", "Cost", "Leads", "Deals", "Credit", "ROAS"), rows, (1, 2, 3, 4, 5)),
        stamp,
        _notes(asked, settings, "campaign", f"{_NOT_LIFT} {_ROAS}"),
        "Campaigns by credited revenue.",
        table=Table(
            frame.drop(columns="activity").assign(channel=frame["channel"].map(label, "ignore")),
            campaign_units(frame, "money"),
            asked.currency,
        ),
    )


def _campaign(asked: Asked, row: dict[Any, Any]) -> tuple[str, ...]:
    roas = row["roas"]
    return (
        str(row["campaign"]),
        fmt.money(row["cost"], asked.currency) if not pd.isna(row["cost"]) else "",
        "" if pd.isna(row["leads"]) else fmt.number(row["leads"]),
        "" if pd.isna(row["deals"]) else fmt.number(row["deals"]),
        "" if pd.isna(row["credit"]) else fmt.money(row["credit"], asked.currency),
        "" if roas is None or pd.isna(roas) else f"{fmt.number(roas, 1)} ×",
    )
