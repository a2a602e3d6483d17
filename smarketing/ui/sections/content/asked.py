"""Exhibits of content: what is met before a step, by whom, and what sales and customers ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from smarketing.access import HIDDEN
from smarketing.analysis.content.heard import LOST, REJECTED, WRITTEN, Heard, heard_records
from smarketing.analysis.content.met import MetBy
from smarketing.analysis.funnel.listing import association_records
from smarketing.analysis.lead_quality.association import WARNING, Associations
from smarketing.analysis.rates import SMALL_N
from smarketing.charts import format as fmt
from smarketing.charts.names import visible
from smarketing.charts.words import capitalised, foremost
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition
from smarketing.ui.labels import name_of
from smarketing.ui.records import Records, listed
from smarketing.ui.sections.funnel.association import separates
from smarketing.ui.sections.funnel.counting import DASH
from smarketing.ui.session import ask
from smarketing.ui.view import View

_COMPARED = (
    "content", "rate with", "n with", "rate without", "n without", "difference", "low", "high",
    "verdict",
)  # fmt: skip
_SAID_AS = {
    REJECTED: "Sales rejected leads",
    LOST: "Deals were lost",
    WRITTEN: "Customers wrote",
}
#: What is counted where a reason or words are known.
_KNOWN = {
    REJECTED: ("lead rejected with a reason", "leads rejected with a reason"),
    LOST: ("deal lost with a reason", "deals lost with a reason"),
    WRITTEN: ("comment of customers", "comments of customers"),
}


def finding(found: Associations, said: Sequence[Heard]) -> str:
    """How many assets were met before the step, and what sales and customers say most.

    Of words that are hidden from who asks, nothing is said.
    """
    clear = sum(row.direction == "more" for row in found.found)
    many = len(found.found)
    met = (
        "No piece of content was met by enough leads before this step to compare."
        if not many
        else f"Of {fmt.number(many)} pieces of content met before this step, leads that met "
        f"{fmt.number(clear) if clear else 'none'} of them go on clearly more often."
    )
    told = [
        foremost({visible(one.words): one.times for one in known}, *noun)
        for kind, noun in _KNOWN.items()
        if (known := [one for one in said if one.said_as == kind and _is_known(one)])
    ]
    nothing = "" if any(one.words == HIDDEN for one in said) else "Nobody said what is missing."
    return f"{met} {' '.join(f'{one}.' for one in told) or nothing}".strip()


def _is_known(one: Heard) -> bool:
    return not one.words.startswith("(") and one.words != HIDDEN


def before_the_step(view: View, found: Associations) -> Exhibit:
    """Assets by how much more or less often leads that met them go on."""
    whole = separates(view, found, {}, nothing="No piece of content")
    return replace(
        whole,
        key="met",
        needs=("dim_lead", "fct_touch"),
        # Names of content are sentences: they are read in a table, and cut beside a chart.
        draw=None,
        data=whole.data.rename(columns={"value": "content"}),
        columns=_COMPARED,
        height=480,
        reading=f"{found.warning} Difference in points, with its 95 % interval.",
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
    """How many of each persona's leads met which asset before the step, of how many."""
    met = Counter[str]()
    for one in found:
        met[one.asset] += one.leads
    cells = {(one.asset, one.persona): f"{one.leads} of {fmt.number(one.of)}" for one in found}
    names = {p: name_of(view.store.agreement, "persona", p) for p in _personas(found)}
    rows = [
        {
            "content": asset,
            "leads": leads,
            **{word: cells.get((asset, persona), "") for persona, word in names.items()},
        }
        for asset, leads in met.most_common()
    ]
    label = name_of(view.store.agreement, "stage", stage)
    title = "No content was met before this step"
    if rows:
        title = _most_met(met, label)
    return Exhibit(
        key="met_by",
        needs=("dim_lead", "fct_touch"),
        title=title,
        reading="Leads of each persona that met it before the stage, of all mature ones of that "
        "persona; a lead may have met several.",
        view=view,
        definition=Definition(
            "Content by persona",
            "Who meets which content?",
            "Mature leads of the step that met a piece of content before they entered the stage, "
            "and all mature leads of that persona.",
            caveats=(WARNING,),
        ),
        data=pd.DataFrame(rows, columns=["content", "leads", *names.values()]),
        records=lambda part: _leads(view, met, stage, part),
        parts={asset: visible(asset) for asset, _ in met.most_common()},
        choices={"Stage": label},
        units=dict.fromkeys(names.values(), "right"),
        height=480,
        reason="no touch of marketing before this step names its content or its page",
    )


def _most_met(met: Mapping[str, int], stage: str) -> str:
    """What most leads met; of few leads how many it was, and of many alike that none stands out."""
    most = max(met.values())
    first = [visible(asset) for asset, leads in met.items() if leads == most]
    leads = fmt.many(most, "lead")
    if len(first) > 1:
        return f"{fmt.number(len(first))} pieces of content were met by {leads} each before {stage}"
    if most < SMALL_N or len(met) == 1:
        return f"“{first[0]}” was met by {leads} before {stage}"
    return f"“{first[0]}” is met most: by {leads} before {stage}"


def _personas(found: Sequence[MetBy]) -> list[str]:
    """The personas that met anything, the known ones before those in brackets."""
    return sorted({one.persona for one in found}, key=lambda name: (name.startswith("("), name))


def _leads(view: View, met: Counter[str], stage: str, part: str | None) -> Records:
    store, asked = view.store, (view.window, stage)
    if part is None:
        rows = ask(store, association_records, *asked, filters=view.filters)
        return listed(store, rows, "mature leads of the step")
    rows = ask(store, association_records, *asked, ("content", part), view.filters)
    return listed(store, rows, "mature leads that met it", expected=float(met[part]))


def _said(view: View, said: Sequence[Heard], part: str | None) -> Records:
    rows = ask(view.store, heard_records, view.window, view.filters)
    if part is not None:
        rows = rows[rows["said_as"] + DASH + rows["words"] == part]
    expected = sum(o.times for o in said if part in (None, f"{o.said_as}{DASH}{o.words}"))
    return listed(view.store, rows, "times it was said", expected=float(expected))


def _heard_title(counts: Mapping[str, int]) -> str:
    """How often each was heard; what was not heard at all is left out."""
    words = {
        REJECTED: ("sales rejected", "lead"),
        LOST: ("sales lost", "deal"),
        WRITTEN: ("customers wrote", "time"),
    }
    parts = [
        f"{verb} {fmt.many(counts[kind], one)}"
        for kind, (verb, one) in words.items()
        if counts[kind]
    ]
    text = "; ".join(parts) or "nothing was heard in this period"
    return capitalised(text)


def heard_of(view: View, said: Sequence[Heard], key: str = "heard") -> Exhibit:
    """What sales and customers said, each with how often and when last."""
    frame = pd.DataFrame(
        [
            {
                "occasion": _SAID_AS[one.said_as],
                "words": one.words.replace("_", " ") if one.said_as != WRITTEN else one.words,
                "times": one.times,
                "last": one.last_on,
            }
            for one in said
        ],
        columns=["occasion", "words", "times", "last"],
    )
    counts = Counter({kind: sum(o.times for o in said if o.said_as == kind) for kind in _SAID_AS})
    params = {"from": view.window.start, "to": view.window.end}
    return Exhibit(
        key=key,
        title=_heard_title(counts),
        reading="In their own words, the most frequent first.",
        view=view,
        definition=Definition(
            "What sales and customers say",
            "What is asked for, and what is missing?",
            "Reasons of rejected leads by the day they were handed over, of lost deals by the day "
            "of the close; comments of customers by the day they were asked.",
            sql=lambda: view.store.engine.sql("content/heard_records", params, view.filters),
        ),
        data=frame,
        records=lambda part: _said(view, said, part),
        parts={f"{one.said_as}{DASH}{one.words}": visible(one.words) for one in said},
        height=480,
        reason="no lead was rejected, no deal lost, and no customer wrote anything",
    )
