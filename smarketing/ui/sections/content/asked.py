"""Exhibits of content: what is met before a step, by whom, and what sales and customers ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from smarketing.analysis.content.heard import LOST, REJECTED, WRITTEN, Heard, heard_records
from smarketing.analysis.content.met import MetBy
from smarketing.analysis.funnel.listing import association_records
from smarketing.analysis.lead_quality.association import WARNING, Associations
from smarketing.charts import format as fmt
from smarketing.charts.maps import heat_map
from smarketing.charts.names import visible
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition
from smarketing.ui.labels import name_of
from smarketing.ui.records import Records, listed
from smarketing.ui.sections.funnel.association import separates
from smarketing.ui.sections.funnel.counting import DASH
from smarketing.ui.session import ask
from smarketing.ui.view import View

_SHOWN = 12
_SAID_AS = {
    REJECTED: "Sales rejected leads",
    LOST: "Deals were lost",
    WRITTEN: "Customers wrote",
}


def finding(found: Associations, said: Sequence[Heard]) -> str:
    """How many assets were met before the step, and what sales and customers say most."""
    clear = sum(row.direction == "more" for row in found.found)
    many = len(found.found)
    met = (
        "No piece of content was met by enough leads before this step to compare."
        if not many
        else f"Of {fmt.number(many)} pieces of content met before this step, leads that met "
        f"{fmt.number(clear) if clear else 'none'} of them go on clearly more often."
    )
    firsts = []
    for kind, words in _SAID_AS.items():
        first = next((one for one in said if one.said_as == kind and _is_known(one)), None)
        if first is not None:
            mostly = "" if kind == WRITTEN else " mostly for"
            firsts.append(f"{words.lower()}{mostly} “{visible(first.words)}”")
    if not firsts:
        return f"{met} Nobody said what is missing."
    told = "; ".join(firsts)
    return f"{met} {told[0].upper()}{told[1:]}."


def _is_known(one: Heard) -> bool:
    return not one.words.startswith("(")


def before_the_step(view: View, found: Associations) -> Exhibit:
    """Assets by how much more or less often leads that met them go on."""
    whole = separates(view, found, {})
    named = {
        "No lead": whole.title,
        "Nothing clearly": f"No piece of content clearly separates the {fmt.number(found.leads)} "
        "mature leads of this step",
    }
    title = next((t for start, t in named.items() if whole.title.startswith(start)), whole.title)
    return replace(
        whole,
        key="met",
        title=title,
        definition=replace(
            whole.definition,
            label="Content before a step",
            question="Which content is met before leads go on?",
            text="Leads that met a piece of content of marketing before they entered the stage, "
            "against all other mature leads: risk difference within segment × channel "
            "(Mantel-Haenszel). Content is what the touch names, else the page it led to.",
        ),
        reason="no piece of content was met by ten leads of this step, and not met by ten others",
    )


def by_persona(view: View, found: Sequence[MetBy], stage: str) -> Exhibit:
    """What share of each persona's leads met which asset before the step."""
    met = Counter[str]()
    for one in found:
        met[one.asset] += one.leads
    assets = [asset for asset, _ in met.most_common(_SHOWN)]
    store = view.store
    frame = pd.DataFrame(
        [
            {
                "content": one.asset,
                "persona": one.persona,
                "met it": one.leads / one.of,
                "leads": one.leads,
                "of": one.of,
                "went on": one.converted,
                "note": f"{fmt.number(one.leads)} of {fmt.number(one.of)}",
            }
            for one in found
            if one.asset in assets
        ],
        columns=["content", "persona", "met it", "leads", "of", "went on", "note"],
    )
    first = assets[0] if assets else ""
    label = name_of(store.agreement, "stage", stage)
    return Exhibit(
        key="met_by",
        title=f"{visible(first)} is met most: by {fmt.number(met[first])} leads before {label}"
        if assets
        else "No content was met before this step",
        reading="The share of each persona's mature leads that met it before the stage; a lead may "
        "have met several.",
        view=view,
        definition=Definition(
            "Content by persona",
            "Who meets which content?",
            "Mature leads of the step that met a piece of content before they entered the stage ÷ "
            "all mature leads of that persona.",
            caveats=(WARNING,),
        ),
        data=frame.drop(columns="note"),
        draw=lambda look: heat_map(
            frame,
            look,
            x="persona",
            y="content",
            value="met it",
            unit="rate",
            words="note",
            y_order=assets,
            labels={asset: visible(asset) for asset in assets},
            x_labels={p: name_of(store.agreement, "persona", p) for p in frame["persona"]},
        ),
        records=lambda part: _leads(view, found, stage, part),
        parts={
            f"{r['content']}{DASH}{r['persona']}": f"{visible(r['content'])}, {r['persona']}"
            for r in frame.to_dict("records")
        },
        choices={"Stage": label},
        units={"met it": "rate"},
        reason="no touch of marketing before this step names its content or its page",
    )


def _leads(view: View, found: Sequence[MetBy], stage: str, part: str | None) -> Records:
    store = view.store
    one = next((o for o in found if f"{o.asset}{DASH}{o.persona}" == part), None)
    if one is None:
        rows = ask(store, association_records, view.window, stage, filters=view.filters)
        return listed(store, rows, "mature leads of the step")
    kept = view.filters.with_(persona=[one.persona])
    rows = ask(store, association_records, view.window, stage, "content", one.asset, kept)
    return listed(store, rows, "mature leads that met it", expected=float(one.leads))


def _said(view: View, said: Sequence[Heard], part: str | None) -> Records:
    rows = ask(view.store, heard_records, view.window, view.filters)
    if part is not None:
        rows = rows[rows["said_as"] + DASH + rows["words"] == part]
    expected = sum(o.times for o in said if part in (None, f"{o.said_as}{DASH}{o.words}"))
    return listed(view.store, rows, "times it was said", expected=float(expected))


def heard_of(view: View, said: Sequence[Heard], key: str = "heard") -> Exhibit:
    """What sales and customers said, each with how often and when last."""
    frame = pd.DataFrame(
        [
            {
                "who": _SAID_AS[one.said_as],
                "words": one.words.replace("_", " ") if one.said_as != WRITTEN else one.words,
                "times": one.times,
                "last": one.last_on,
            }
            for one in said
        ],
        columns=["who", "words", "times", "last"],
    )
    counts = Counter({kind: sum(o.times for o in said if o.said_as == kind) for kind in _SAID_AS})
    params = {"from": view.window.start, "to": view.window.end}
    return Exhibit(
        key=key,
        title=f"Sales rejected {fmt.number(counts[REJECTED])} leads, lost "
        f"{fmt.number(counts[LOST])} deals; customers wrote {fmt.number(counts[WRITTEN])} times"
        if said
        else "Nothing was heard in this period",
        reading="In their own words, the most frequent first.",
        view=view,
        definition=Definition(
            "What sales and customers say",
            "What is asked for, and what is missing?",
            "Reasons of rejected leads by the day they were handed over, of lost deals by the day "
            "of the close; comments of customers by the day they were asked.",
            sql=lambda: view.store.engine.sql("content/heard", params, view.filters),
        ),
        data=frame,
        records=lambda part: _said(view, said, part),
        parts={f"{one.said_as}{DASH}{one.words}": visible(one.words) for one in said},
        height=480,
        reason="no lead was rejected, no deal lost, and no customer wrote anything",
    )
