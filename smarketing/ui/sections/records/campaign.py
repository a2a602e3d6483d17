"""The page of one campaign: its cost, the leads it brought, the deals it has a part in."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from smarketing.analysis.attribution import Attribution, asked, attributions
from smarketing.analysis.campaigns.returns import CampaignFacts, campaigns
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.analysis.journeys.timeline import credit_model
from smarketing.charts import format as fmt
from smarketing.charts.findings import of_campaign
from smarketing.ui import crm, drill
from smarketing.ui.exhibit import show
from smarketing.ui.labels import labels_of
from smarketing.ui.sections.campaigns import returns
from smarketing.ui.sections.funnel import stages
from smarketing.ui.sections.records.unit import known
from smarketing.ui.session import ask
from smarketing.ui.shell import head
from smarketing.ui.view import View


def page(view: View) -> None:
    """Show the campaign that the address asks for, in the period, at the agreed settings."""
    found = known(view, "campaign")
    if found is None:
        return
    key, name = found
    store = view.store
    facts = ask(store, campaigns, view.window).get(key)
    answer = ask(
        store,
        attributions,
        store.agreement,
        asked(store.agreement, view.window, measure="revenue"),
        model=credit_model(store.agreement),
        by="campaign",
    )[0]
    brought = replace(view, filters=view.filters.with_(campaign=[key]))
    settings = FunnelSettings(window=view.window)
    reached = ask(store, funnel, settings, brought.filters)
    head(name, of_campaign(answer.row(key), reached, answer))
    with st.container(horizontal=True, vertical_alignment="center"):
        crm.link(store, "campaign", key)
        if facts is not None:
            channels = labels_of(store.agreement, "channel")
            _facts(facts, answer, channels.get(facts.channel, facts.channel))
    returns.show_deals(view, answer, key, name)
    if any(stage.count for stage in reached.stages):
        whole = stages.whole(brought, settings, reached)
        chosen = {**whole.choices, "Campaign": name}
        show(
            replace(
                whole, view=view, choices=chosen, key="campaign_funnel", aside=None, reported=""
            )
        )


def _ran(facts: CampaignFacts) -> str:
    """When a campaign ran, as far as a source says so."""
    if facts.starts_on is None:
        return ""
    if facts.ends_on is None:
        return f"since {fmt.day(facts.starts_on)}"
    return fmt.days_between(facts.starts_on, facts.ends_on)


def _facts(facts: CampaignFacts, answer: Attribution, channel: str) -> None:
    if facts.owner:
        drill.link("owner", facts.owner, facts.owner, ":material/person:")
    words = [channel, facts.status or "", _ran(facts)]
    if facts.budget_amount is not None:
        budget = fmt.money(facts.budget_amount / answer.money_divisor, answer.currency)
        words.append(f"budget {budget}")
    st.caption(" · ".join(word for word in words if word))
