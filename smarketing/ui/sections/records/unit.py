"""The page of one deal, lead, account or person: what happened, who took part, what earned it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from smarketing.analysis.dimensions import owners
from smarketing.analysis.funnel.listing import campaign_names
from smarketing.analysis.journeys.timeline import Deal, Journey, Lead, earned_by_campaign, journey
from smarketing.charts import format as fmt
from smarketing.charts.findings import of_journey
from smarketing.ui import crm, drill
from smarketing.ui.exhibit import Exhibit, show
from smarketing.ui.explain import Definition
from smarketing.ui.labels import model_name, name_of
from smarketing.ui.navigation import PAGES, RECORDS
from smarketing.ui.records import Records
from smarketing.ui.sections.journeys import timeline
from smarketing.ui.sections.records import standing
from smarketing.ui.session import ask
from smarketing.ui.shell import head
from smarketing.ui.states import empty
from smarketing.ui.view import View


def known(view: View, kind: str) -> tuple[str, str] | None:
    """The id and name that the address asks for, with the way back; None, said, for one of old."""
    record = st.query_params.get(drill.ID, "")
    name = drill.name_of(view.store, kind, record) if record else None
    if kind == "owner" and record not in ask(view.store, owners):
        name = None
    drill.crumbs(view.store, kind, name or RECORDS[kind])
    if name is not None:
        return record, name
    st.title(RECORDS[kind])
    empty(
        f"The data have no {kind} “{record}”" if record else f"No {kind} is asked for",
        "It may have been merged, removed by a later import, or the link may be cut short.",
        f"Look for it by name under {dict(PAGES)[drill.FOUND_ON.get(kind, 'journeys')]}.",
    )
    return None


def page(view: View, kind: str) -> None:
    """Show the record of a kind that the address asks for."""
    asked = known(view, kind)
    if asked is None:
        return
    record, name = asked
    found = ask(view.store, journey, view.store.agreement, record, kind=kind)
    head(name, f"{standing.sentence(view, found)} {of_journey(found)}".strip())
    _facts(view, record, found)
    if kind == "lead" and found.leads:
        show(standing.promises(view, found))
    elif kind != "deal" and found.leads:
        show(standing.leads(view, found))
    show(timeline.story(view, found))
    show(events(view, found))
    show(timeline.people(view, found))
    earned = earned_by_campaign(found)
    if earned:
        show(campaigns(view, found, earned))
    if kind != "deal" and found.deals:
        show(timeline.deals(view, found))


def _facts(view: View, record: str, found: Journey) -> None:
    """What a deal is, with links to what it belongs to; any record's link into its CRM."""
    with st.container(horizontal=True, vertical_alignment="center"):
        crm.link(view.store, found.unit_kind, record)
        if found.unit_kind == "lead" and found.leads:
            _of_lead(view, found.leads[0])
        if found.unit_kind == "deal" and found.deals:
            _of_deal(found.deals[0], found)


def _belongs(account_id: str | None, account: str | None, owner: str | None) -> None:
    """Links to the account and to the owner of a record."""
    if account_id:
        drill.link("account", account_id, account or account_id, ":material/domain:")
    if owner:
        drill.link("owner", owner, owner, ":material/person:")


def _of_deal(deal: Deal, found: Journey) -> None:
    _belongs(deal.account_id, deal.account, deal.owner)
    if deal.carrier_lead_id:
        drill.link("lead", deal.carrier_lead_id, "The lead that carries it", ":material/flag:")
    unit = 10**found.minor_digits
    amount = None if deal.amount is None else fmt.money(deal.amount / unit, found.currency)
    st.caption(" · ".join(word for word in (amount, deal.kind, deal.stage) if word))


def _of_lead(view: View, lead: Lead) -> None:
    agreement = view.store.agreement
    _belongs(lead.account_id, lead.account, lead.owner)
    if lead.person_id:
        drill.link("person", lead.person_id, lead.name, ":material/badge:")
    campaign = ask(view.store, campaign_names).get(lead.campaign_id or "")
    if lead.campaign_id and campaign:
        drill.link("campaign", lead.campaign_id, campaign, ":material/campaign:")
    words = [
        name_of(agreement, by, key)
        for by, key in (("channel", lead.channel), ("segment", lead.segment))
        if key
    ]
    st.caption(" · ".join(words))


def events(view: View, found: Journey) -> Exhibit:
    """What happened, in order: when, what, who, by whom, and what it earned."""
    frame = timeline.events_of(view, found)
    names = ask(view.store, campaign_names)
    shown = pd.DataFrame(
        {
            "day": [fmt.day(day) for day in frame["day"]],
            "what": frame["what"],
            "who": frame["who"],
            "by": frame["by"],
            "campaign": [names.get(str(key)) for key in frame["campaign_id"]],
            "earned": frame["credit"],
            "amount": frame["amount"],
            **{name: frame[name] for name in ("person_id", "campaign_id", "lead_id", "deal_id")},
        }
    )
    return Exhibit(
        key="events",
        title=f"What happened, in order: {fmt.many(len(shown), 'event')}",
        reading="A click on a person, a campaign or a row leads to it.",
        view=view.undated().unfiltered(),
        definition=Definition(
            "Events",
            "What happened, who was met, and by whom?",
            "Every recorded touch, stage entry and step of a deal, the oldest first.",
        ),
        data=shown,
        units={"earned": "money", "amount": "money"},
        choices={"Credit": model_name(found.model, view.store.agreement)},
        height=480,
    )


def campaigns(view: View, found: Journey, earned: dict[str, tuple[int, int]]) -> Exhibit:
    """What each campaign earned of it; a row leads back to the campaign."""
    names, unit = ask(view.store, campaign_names), 10**found.minor_digits
    frame = pd.DataFrame(
        [
            {"campaign": names.get(key, key), "earned": amount / unit, "touches": touches}
            for key, (amount, touches) in earned.items()
        ]
    )
    keys = list(earned)
    first = fmt.money(float(frame["earned"].iloc[0]), found.currency)
    return Exhibit(
        key="earned",
        title=f"{frame['campaign'].iloc[0]} earned {first} of it",
        reading="Credit of won revenue by campaign, at the agreed settings. A click on a row leads "
        "to the campaign.",
        view=view.undated().unfiltered(),
        definition=Definition(
            "What earned it",
            "Which campaigns have a part in what was won?",
            "The credit of the campaign's touches under "
            f"{model_name(found.model, view.store.agreement)}, summed over the deals won.",
        ),
        data=frame,
        records=lambda part: _touches(view, found, keys, part),
        parts=dict(zip(keys, frame["campaign"], strict=True)),
        units={"earned": "money"},
        choices={"Credit": model_name(found.model, view.store.agreement)},
        leads_to="campaign",
    )


def _touches(view: View, found: Journey, keys: list[str], part: str | None) -> Records:
    frame = timeline.events_of(view, found)
    kept = frame[frame["campaign_id"].isin(keys if part is None else [part])]
    kept = kept[pd.to_numeric(kept["credit"]).notna()]
    rows = Records(kept, noun="touches", total="credit", unit="money", units={"credit": "money"})
    return replace(rows, expected=rows.sum)
