"""Campaigns: what did each cost, whom did it bring, and which deals did it have a part in?"""

import streamlit as st

from smarketing.analysis.attribution import asked, attributions
from smarketing.analysis.attribution.settings import MEASURES, RETURNS_BY
from smarketing.analysis.availability import not_given
from smarketing.analysis.campaigns.returns import campaign_table, campaigns
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.attribution_models import MODELS
from smarketing.charts.findings import named_campaigns, of_campaigns
from smarketing.ui.address import choice, here, options
from smarketing.ui.exhibit import show
from smarketing.ui.sections.attribution import returns
from smarketing.ui.sections.attribution.credit import money
from smarketing.ui.sections.campaigns import returns as section
from smarketing.ui.session import ask
from smarketing.ui.shell import head
from smarketing.ui.states import empty, unavailable

view = here()
store, rules = view.store, view.store.agreement.attribution
above = st.container()
with options():
    measure = choice("Measure", MEASURES, key="measure")
    model = choice(
        "Credit",
        list(MODELS),
        key="model",
        labels={name: one.words for name, one in MODELS.items()},
        default=rules.default_model,
        width=480,
    )
    returns_by = choice(
        "Returns by", RETURNS_BY, key="returns", labels=returns.LABELS, help=returns.HELP
    )
    columns = choice("Table", list(section.COLUMNS), key="columns", labels=section.COLUMNS)

settings = asked(store.agreement, view.window, measure=measure, returns_by=returns_by)
# A channel is the campaign's on this page: it chooses rows and changes no figure of theirs.
kept = view.filters.without("channel")
answer = ask(
    store, attributions, store.agreement, settings, model=model, by="campaign", filters=kept
)[0]
reached = ask(store, funnel, FunnelSettings(window=view.window), kept, "campaign")
facts = ask(store, campaigns, view.window)
answer = section.of_channels(answer, facts, view.filters.as_dict().get("channel"))
frame = campaign_table(facts, answer, reached)
with above:
    missing = ask(store, not_given, ("dim_campaign",))
    untold = [f"Leads: {reached.reason}"] if reached.reason else []
    untold += [f"cost: {answer.cost_reason}"] if untold and answer.cost_reason else []
    said = of_campaigns(frame, money(answer), answer.currency, untold=bool(untold))
    head("Campaigns", said, missing)
if missing:
    unavailable("Campaigns are not available", missing)
elif named_campaigns(frame).empty:
    empty(
        "What campaigns did is not known" if untold else "No campaign did anything in this period",
        f"{'; '.join(untold)}."
        if untold
        else "No campaign has cost, leads or credit in the period and these filters.",
        "Choose a longer period or fewer filters. Campaigns get credit by touches with a day, "
        "and by deals and leads that name one.",
    )
else:
    show(section.everything(view, answer, frame, columns))
    returns.show_spend(view, answer)
