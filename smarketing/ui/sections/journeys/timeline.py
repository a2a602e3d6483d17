"""Exhibits of journeys: one whole story, its people and deals, and the commonest paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from smarketing.agreement import Agreement
from smarketing.analysis.attribution.result import NOT_LIFT
from smarketing.analysis.attribution.settings import SIDES, AttributionSettings
from smarketing.analysis.funnel.listing import campaign_names
from smarketing.analysis.journeys.find import Found
from smarketing.analysis.journeys.paths import CommonPath, CommonPaths
from smarketing.analysis.journeys.timeline import Event, Journey
from smarketing.charts import format as fmt
from smarketing.charts.findings import won_for
from smarketing.charts.marks import Stretch, at_days
from smarketing.charts.points import timeline
from smarketing.engine import Engine, Filters
from smarketing.ui import drill
from smarketing.ui.address import picked
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition
from smarketing.ui.labels import model_name, name_of
from smarketing.ui.records import Records, listed, localised
from smarketing.ui.session import ask
from smarketing.ui.view import View

LANES = ("Marketing", "Sales", "Stages", "Deals")
#: The shapes of a path: its name, and how to read it.
PATH_SHAPES = {
    "steps": ("every step", "What follows itself is written once."),
    "ends": ("first and last", "The first touch that counts and the last before the close."),
    "set": ("in any order", "What was there at all, whatever its order."),
}
#: Won and lost deals below which a win rate is left to the counts.
FEWEST = 5


def chosen_side(agreement: Agreement) -> str:
    """Whose touches count as the address asks for them, before its control is drawn."""
    return picked("Side", "side", {side: side for side in SIDES}, agreement.attribution.side)


def _lane(event: Event) -> str:
    if event.type == "touch":
        return "Sales" if event.side == "sales" else "Marketing"
    return "Deals" if event.type == "deal" else "Stages"


def _title(view: View, event: Event) -> str:
    """What happened, in words, stages by their labels."""
    if event.type != "stage":
        return event.title
    return replace(event, what=name_of(view.store.agreement, "stage", event.what)).title


def events_of(view: View, found: Journey) -> pd.DataFrame:
    """Every event as a row: when, what, who, and what the touch earned, in major units."""
    unit = 10**found.minor_digits
    rows = [
        {
            "at": e.at,
            "day": e.day,
            "lane": _lane(e),
            "what": _title(view, e),
            "who": e.person,
            "by": e.actor,
            "channel": name_of(view.store.agreement, "channel", e.channel) if e.channel else None,
            "credit": e.credits.get("revenue", 0) / unit if e.credits else None,
            "pipeline_credit": e.credits.get("pipeline", 0) / unit if e.credits else None,
            "amount": None if e.amount is None else e.amount / unit,
            "deal_id": e.deal_id,
            "lead_id": e.lead_id,
            "person_id": e.person_id,
            "campaign_id": e.campaign_id,
        }
        for e in found.events
    ]
    columns = ["at", "day", "lane", "what", "who", "by", "channel", "credit", "pipeline_credit",
               "amount", "deal_id", "lead_id", "person_id", "campaign_id"]  # fmt: skip
    return localised(view.store, pd.DataFrame(rows, columns=columns))


def story(view: View, found: Journey) -> Exhibit:
    """Everything that happened, on four lanes; a mark's size is the credit it earned."""
    frame = events_of(view, found)
    credit = pd.to_numeric(frame["credit"]).fillna(0.0)
    top = float(credit.max()) if len(credit) else 0.0
    drawn = frame.assign(
        team=frame["lane"].map({"Marketing": "marketing", "Sales": "sales"}).fillna("shared"),
        weight=credit / top if top else 0.0,
        kind=[str(what).partition(": ")[0] for what in frame["what"]],
        detail=[
            " · ".join(str(p) for p in (w, who, _earned(c, found)) if p and not fmt.is_missing(p))
            for w, who, c in zip(
                frame["what"], frame["who"].fillna(frame["by"]), credit, strict=True
            )
        ],
    )
    total, model = float(credit.sum()), model_name(found.model, view.store.agreement)
    names = ask(view.store, campaign_names)
    return Exhibit(
        key="story",
        title=_story_title(found, frame),
        reading=_story_reading(found, frame, total),
        view=view.undated().unfiltered(),
        definition=Definition(
            "Journey",
            "What happened before it became a customer?",
            "Every touch, stage entry and step of a deal around this record, in order. The size of "
            f"a mark is the credit it earned under {model}.",
            caveats=(NOT_LIFT,),
        ),
        data=frame,
        draw=lambda look: timeline(drawn, look, LANES),
        records=lambda part: Records(
            frame if part is None else frame[frame["lane"] == part],
            noun="events",
            expected=float(len(frame) if part is None else (frame["lane"] == part).sum()),
            units={"credit": "money", "pipeline_credit": "money", "amount": "money"},
        ),
        parts=LANES,
        choices={"Model": model},
        units={"credit": "money", "pipeline_credit": "money", "amount": "money"},
        timeline=_days(frame),
        campaigns={k: names.get(k, k) for k in frame["campaign_id"].dropna().unique()},
    )


def _days(frame: pd.DataFrame) -> list[Stretch]:
    """Each day from the first to the last that something happened on."""
    if frame.empty:
        return []
    return at_days(stamp.date() for stamp in pd.date_range(frame["day"].min(), frame["day"].max()))


def _earned(credit: float, found: Journey) -> str:
    return f"earned {fmt.money(credit, found.currency)}" if credit else ""


def _story_title(found: Journey, frame: pd.DataFrame) -> str:
    lanes = frame["lane"].value_counts()
    won = [deal for deal in found.deals if deal.outcome == "won"]
    met = fmt.many(int(lanes.get("Sales", 0)), "sales touch", "sales touches")
    words = f"{lanes.get('Marketing', 0)} marketing and {met}"
    if not won:
        return f"{found.name}: {words}, {_unwon(found)}"
    deals = "a deal" if len(won) == 1 else f"{len(won)} deals"
    return f"{found.name}: {words} around {deals} won{won_for(won, found)}"


def _unwon(found: Journey) -> str:
    """What stands at the end of a story that won nothing."""
    still = sum(deal.outcome == "open" for deal in found.deals)
    if found.unit_kind == "deal":
        return "still open" if still else "not won"
    if not found.deals:
        return "no deal yet"
    return f"{fmt.many(still, 'deal')} still open" if still else "no deal won"


def _story_reading(found: Journey, frame: pd.DataFrame, credit: float) -> str:
    if frame.empty:
        return "Nothing is recorded about it."
    first, last = frame["day"].iloc[0], frame["day"].iloc[-1]
    text = f"{fmt.days_between(first, last)}, {_people(len(found.people))}."
    if credit:
        text += f" Larger marks earned more of {fmt.money(credit, found.currency)}."
    return text


def _people(count: int) -> str:
    if not count:
        return "nobody by name"
    return fmt.many(count, "person", "people")


def _committee_title(known: int, committee: int, silent: int) -> str:
    if not committee:
        return f"{_people(known)}, on no deal's buying committee"
    met = f", {silent} of them never met by marketing" if silent else ""
    return f"{_people(committee)} on the buying committee{met}"


def people(view: View, found: Journey) -> Exhibit:
    """The buying committee: who they are, their role, who met them how often."""
    frame = pd.DataFrame(
        [
            {
                "name": p.name,
                "role": f"{p.role or ''}{', primary' if p.is_primary else ''}".strip(", "),
                "marketing_touches": p.marketing_touches,
                "sales_touches": p.sales_touches,
                "title": p.title,
                "persona": name_of(view.store.agreement, "persona", p.persona or "(unknown)"),
                "on_committee": p.is_committee,
                "person_id": p.person_id,
            }
            for p in found.people
        ]
    )
    committee = sum(p.is_committee for p in found.people)
    silent = sum(p.is_committee and not p.marketing_touches for p in found.people)
    return Exhibit(
        key="people",
        title=_committee_title(len(found.people), committee, silent),
        reading="Role on the deals, and how often each side met them.",
        view=view.undated().unfiltered(),
        definition=Definition(
            "Buying committee",
            "Who takes part in the decision?",
            "The contacts of the deals in any role, and the people of the leads.",
        ),
        data=frame,
    )


def deals(view: View, found: Journey) -> Exhibit:
    """The deals, with the lead that carries each and the rule by which its people were found."""
    unit = 10**found.minor_digits
    frame = pd.DataFrame(
        [
            {
                "name": d.name,
                "amount": None if d.amount is None else d.amount / unit,
                "outcome": d.outcome,
                "closed_day": d.closed_day,
                "kind": d.kind,
                "stage": d.stage,
                "created_day": d.created_day,
                "owner": d.owner,
                "carrier_lead": d.carrier_lead_id,
                "carrier_rule": d.carrier_rule,
                "people_rule": d.people_rule,
                "deal_id": d.deal_id,
            }
            for d in found.deals
        ]
    )
    won = sum(d.outcome == "won" for d in found.deals)
    return Exhibit(
        key="deals",
        title=f"{fmt.many(len(found.deals), 'deal')}, {won} won",
        reading="The carrier lead ties a deal to the funnel; the people rule says whose touches "
        "count.",
        view=view.undated().unfiltered(),
        definition=Definition(
            "Deals",
            "What came of it?",
            "Carrier lead: the lead converted into the deal, else the primary contact's latest "
            "lead before it, else the earliest lead of anyone on it.",
        ),
        data=frame,
        units={"amount": "money"},
    )


def paths(view: View, found: CommonPaths, settings: AttributionSettings, outcome: str) -> Exhibit:
    """The commonest paths, with how many deals took them and what came of it.

    A win rate of fewer than five won or five lost deals is left to the counts.
    """
    unit = 10**found.minor_digits
    frame = pd.DataFrame(
        [
            {
                "path": _path_title(view, p, found.by),
                "deals": p.units,
                "won": p.won,
                "lost": p.lost,
                "win_rate": p.win_rate if min(p.won, p.lost) >= FEWEST else None,
                "amount": p.amount / unit,
                "touches": round(p.touches, 1),
            }
            for p in found.paths
        ],
        columns=["path", "deals", "won", "lost", "win_rate", "amount", "touches"],
    ).astype({"win_rate": "Float64"})
    title = "No deal falls in this period"
    if len(frame) and frame["deals"].max() == 1:
        title = f"Each of {fmt.number(found.units)} deals took a way of its own"
        title += "; see what they share by first and last" if found.shape == "steps" else ""
    elif len(frame):
        count = f"{fmt.number(frame['deals'].iloc[0])} of {fmt.number(found.units)} deals"
        title = f"The commonest way, {frame['path'].iloc[0]}, was taken by {count}"
        if not found.paths[0].path:
            title = f"{count} had no touch that counts"
    return Exhibit(
        key="paths",
        needs=("fct_deal", "fct_touch"),
        title=title,
        reading=" ".join(
            filter(None, (PATH_SHAPES[found.shape][1], _rarer(found.others), found.lacking))
        ),
        view=view,
        definition=Definition(
            "Paths",
            "Which ways do deals take?",
            "The eligible touches of a deal's people in order, up to its close.",
            caveats=("Paths describe; they do not say that the order caused the outcome.",),
        ),
        data=frame,
        records=lambda _: _path_deals(view, found),
        choices={
            "Path": PATH_SHAPES[found.shape][0],
            "Outcome": outcome,
            "Lookback": fmt.days(settings.lookback_days),
            "People": settings.people,
            "Side": settings.side,
        },
        units={"win_rate": "rate", "amount": "money"},
    )


def _rarer(deals: int) -> str:
    if not deals:
        return ""
    return f"{fmt.many(deals, 'deal')} took rarer paths."


def _path_title(view: View, path: CommonPath, by: str) -> str:
    named = tuple(name_of(view.store.agreement, by, key) for key in path.path)
    return replace(path, path=named).title


def _path_deals(view: View, found: CommonPaths) -> Records:
    frame = pd.DataFrame(
        [
            {"deal_id": deal, "path": _path_title(view, path, found.by)}
            for path in found.paths
            for deal in path.unit_ids
        ],
        columns=["deal_id", "path"],
    )
    return listed(view.store, frame, "deals", expected=found.units - found.others)


def suggestions(view: View) -> None:
    """Links to the journeys of the largest deals won in the window; nothing where none was won."""
    params = {"from": view.window.start, "to": view.window.end}
    frame = ask(view.store, _won, tuple(params.items()), view.filters)
    unit, currency = 10**view.store.engine.minor_digits, view.store.engine.currency
    if frame.empty:
        return
    st.caption("Largest deals won in the period")
    with st.container(horizontal=True, gap="small", key="suggested"):
        for row in frame.head(6).to_dict("records"):
            worth = row["won_amount"]
            amount = "" if fmt.is_missing(worth) else f" {fmt.money(worth / unit, currency)}"
            drill.link("deal", str(row["deal_id"]), f"{row['name']}{amount}")


def matches(found: Sequence[Found]) -> None:
    """What a search found, each a link to its page."""
    st.caption(fmt.many(len(found), "match", "matches"))
    with st.container(gap=None, key="matches"):
        for one in found:
            detail = f", {one.detail}" if one.detail and one.detail != one.name else ""
            drill.link(one.unit_kind, one.unit_id, f"{one.name}, {one.unit_kind}{detail}")


def _won(engine: Engine, params: tuple[tuple[str, object], ...], filters: Filters) -> pd.DataFrame:
    return engine.run("journeys/won", dict(params), filters)
