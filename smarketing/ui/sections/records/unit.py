"""The page of one deal, lead, account or person: what happened, who took part, what earned it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from smarketing.analysis.dimensions import owners
from smarketing.analysis.funnel.listing import campaign_names
from smarketing.analysis.journeys.timeline import Journey, earned_by_campaign, journey
from smarketing.charts import format as fmt
from smarketing.charts.findings import of_journey
from smarketing.ui import crm, drill
from smarketing.ui.exhibit import Exhibit, show
from smarketing.ui.explain import Definition
from smarketing.ui.labels import model_name
from smarketing.ui.navigation import PAGES, RECORDS
from smarketing.ui.records import Records
from smarketing.ui.sections.journeys import timeline
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
    drill.crumbs(view.store, kind, name or record or RECORDS[kind])
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
    head(name, of_journey(found))
    _facts(view, record, found)
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
        if found.unit_kind != "deal" or not found.deals:
            return
        deal = found.deals[0]
        if deal.account_id:
            words = deal.account or deal.account_id
            drill.link("account", deal.account_id, words, ":material/domain:")
        if deal.owner:
            drill.link("owner", deal.owner, deal.owner, ":material/person:")
        if deal.carrier_lead_id:
            drill.link("lead", deal.carrier_lead_id, "The lead that carries it", ":material/flag:")
        kind = " · ".join(word for word in (deal.kind, deal.stage) if word)
        st.caption(kind)


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
