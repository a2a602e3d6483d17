"""Planning: how many leads does the target need, can sales work them, which step is worth most?"""

from datetime import date, timedelta

import streamlit as st

from smarketing.analysis.availability import not_given
from smarketing.analysis.planning.plan import plan
from smarketing.analysis.planning.usual import usual
from smarketing.analysis.planning.whatif import best_quarters, raised
from smarketing.charts.findings import of_plan
from smarketing.ui.address import here, readable
from smarketing.ui.exhibit import show
from smarketing.ui.sections.planning import plan as section
from smarketing.ui.sections.planning import tried
from smarketing.ui.session import ask
from smarketing.ui.shell import head
from smarketing.ui.states import empty, unavailable
from smarketing.ui.view import DAY

view = here()
store, engine = view.store, view.store.engine
wanted = ask(store, usual, store.agreement)

tomorrow = engine.as_of_day + timedelta(days=1)
readable("a revenue target of", "target", section.read_target)
readable("a plan until", "until", lambda text: section.read_until(text, tomorrow))

title = st.container()
with st.container(horizontal=True):
    revenue = st.number_input(
        f"Revenue target ({engine.currency})",
        min_value=1.0,
        value=wanted.revenue,
        step=50_000.0,
        format="%0.0f",
        key="target",
        bind="query-params",
        width=200,
        help=f"From the start of the fiscal year. Preset to {wanted.words}.",
    )
    until = st.date_input(
        "Reached before",
        value=wanted.until,
        min_value=tomorrow,
        format=DAY,
        key="until",
        bind="query-params",
        width=180,
    )
found = ask(store, plan, store.agreement, float(revenue), until, view.filters)
with title:
    missing = ask(store, not_given, ("fct_deal", "dim_lead"))
    head(
        "Planning",
        of_plan(found, engine.currency, f", {wanted.words}" if revenue == wanted.revenue else ""),
        missing,
    )

if missing:
    unavailable("A plan is not available", missing)
elif not isinstance(until, date) or found.cohort.leads == 0:
    empty(
        "No mature lead to learn from",
        "A plan needs leads that began long enough ago to have won or lost.",
        "Import leads with their own creation dates, or widen the filters.",
    )
else:
    left, right = st.columns(2, gap="large")
    with left:
        show(section.made_of(view, found))
        if found.gap:
            show(section.by_month(view, found))
    with right:
        show(section.by_stage(view, found))
        if found.members:
            show(section.capacity(view, found))
    best = ask(store, best_quarters, store.agreement, view.filters)
    show(section.best(view, best))
    if best.lifts:
        st.header("What if one step went better?")
        first = max(best.lifts, key=lambda lift: lift.gain).stage
        step, points = tried.form(store.agreement, first)
        outcome = ask(store, raised, store.agreement, step, points / 100, view.filters)
        show(tried.tried(view, step, outcome))
