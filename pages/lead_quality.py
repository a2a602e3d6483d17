"""Lead quality: is what both teams agreed to call a good lead a good lead?"""

import streamlit as st

from smarketing.analysis.availability import not_given
from smarketing.analysis.lead_quality.market import who_buys
from smarketing.analysis.lead_quality.scores import (
    OUTCOMES,
    calibration,
    lead_patterns,
    recorded_scores,
    rule_values,
    scored,
    threshold_table,
)
from smarketing.analysis.planning.history import capacity
from smarketing.charts.findings import of_lead_quality
from smarketing.ui.address import choice, here, options, tabs
from smarketing.ui.exhibit import show
from smarketing.ui.sections.lead_quality import market
from smarketing.ui.sections.lead_quality import scores as section
from smarketing.ui.sections.lead_quality.words import goals
from smarketing.ui.session import ask
from smarketing.ui.shell import head
from smarketing.ui.states import empty, small, unavailable

TABS = {
    "buyers": "Who buys",
    "threshold": "Threshold",
    "rules": "Rules",
    "whatif": "What if",
}
view = here()
store, agreement = view.store, view.store.agreement
definition = agreement.lead_definition
above = st.container()
with options():
    outcome = choice(
        "Judged by", OUTCOMES, key="outcome", default="opportunity", labels=goals(agreement)
    )
    score = choice("Score", list(section.SCORES), key="score", labels=section.SCORES, width=264)
judged = section.Judged(view, outcome, score == "recorded")  # type: ignore[arg-type]
patterns = ask(store, lead_patterns, agreement, view.window, view.filters, outcome)
scores = scored(patterns)
if judged.recorded:
    scores = ask(store, recorded_scores, agreement, view.window, view.filters, outcome)
members = ask(store, capacity)
# What sales can work is agreed for all leads together, never for some of them.
can_work = float(sum(m.capacity for m in members)) if members and not view.filters else None
top = int(scores["score"].max()) if scores["score"].notna().any() else 0
steps = sorted({*range(0, top + 1, 10), definition.threshold})
worked = int(scores["worked"].sum())

market_found = ask(store, who_buys, agreement, view.window, view.filters)
at_threshold = threshold_table(scores, [definition.threshold], patterns.months, can_work)[0]
with above:
    missing = ask(store, not_given, ("dim_lead", "fct_deal"))
    head("Lead quality", of_lead_quality(market_found, at_threshold, judged.goal), missing)

shown = tabs(TABS, key="quality_view")
with shown["threshold"]:
    if shown["threshold"].open and missing:
        unavailable("The threshold cannot be judged", missing)
    elif shown["threshold"].open and not worked:
        empty(
            "No worked lead of this period can be judged yet",
            "A lead is judged once it is old enough to have got there; those of this period are "
            "too young, were not worked, or are filtered out.",
            "Choose an earlier or longer period, or judge by acceptance, which comes sooner.",
        )
    elif shown["threshold"].open:
        small(worked)
        found = threshold_table(scores, steps, patterns.months, can_work)
        left, right = st.columns(2, gap="large")
        with left:
            show(section.thresholds(judged, found, definition.threshold))
        with right:
            show(section.calibrated(judged, calibration(scores)))
        show(section.table(judged, found, can_work))
with shown["rules"]:
    if shown["rules"].open:
        show(section.rules(judged, rule_values(patterns)))
with shown["buyers"]:
    if shown["buyers"].open:
        show(market.buyers(view, market_found))
with shown["whatif"]:
    if shown["whatif"].open:
        points, threshold = market.controls(agreement)
        tried = section.Judged(view, judged.outcome, points=points)
        rescored = scored(patterns, points)
        before = threshold_table(
            scored(patterns), [definition.threshold], patterns.months, can_work
        )[0]
        after = threshold_table(rescored, [threshold], patterns.months, can_work)[0]
        show(market.effect(tried, before, after))
        market.proposal(store, points, threshold)
