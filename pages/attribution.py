"""Attribution: what earned the leads, the pipeline and the revenue, under which model?"""

import streamlit as st

from smarketing.analysis.attribution import asked, attributions
from smarketing.analysis.attribution.origin import origins
from smarketing.analysis.attribution.settings import MEASURES, PEOPLE, RETURNS_BY, SIDES
from smarketing.attribution_models import MODELS, key_models
from smarketing.charts.findings import of_attribution
from smarketing.charts.words import capitalised
from smarketing.engine.written import read_workspace
from smarketing.ui.address import choice, here, options
from smarketing.ui.exhibit import show
from smarketing.ui.sections.attribution import beside, origin, returns
from smarketing.ui.sections.attribution import credit as section
from smarketing.ui.session import ask
from smarketing.ui.shell import head
from smarketing.ui.states import empty, needs_workspace

view = here()
store, rules = view.store, view.store.agreement.attribution
custom = [model.id for model in rules.custom_models]
dimensions = ("channel", "campaign", "raw_channel", "kind", "side", "segment", "persona", "owner")
lookbacks = sorted({30, 60, 90, 180, 365, rules.lookback_days, rules.max_lookback_days})
above = st.container()
with options():
    measure = choice("Measure", MEASURES, key="measure")
    model = choice(
        "Credit",
        [*MODELS, *custom],
        key="model",
        labels={name: one.words for name, one in MODELS.items()},
        default=rules.default_model,
        width=480,
    )
    days = choice(
        "Lookback in days",
        [str(day) for day in lookbacks],
        key="lookback",
        default=str(rules.lookback_days),
    )
    people = choice("People of a deal", PEOPLE, key="people", default=rules.people)
    side = choice("Side", SIDES, key="side", default=rules.side)
    returns_by = choice(
        "Returns by", RETURNS_BY, key="returns", labels=returns.LABELS, help=returns.HELP
    )
    extra = section.model_controls(model, rules.half_life_days)
with st.container(horizontal=True, vertical_alignment="center"):
    by = choice("By", dimensions, key="by")
    st.caption(section.model_in_words(model))

settings = asked(
    store.agreement,
    view.window,
    measure=measure,
    lookback_days=int(days),
    people=people,
    side=side,
    returns_by=returns_by,
    **extra,
)
answer = ask(
    store, attributions, store.agreement, settings, model=model, by=by, filters=view.filters
)[0]
with above:
    said = of_attribution(answer, section.NOUNS[measure], section.names(view, answer))
    head("Attribution", said if answer.deals else "What came before the result, and earned it.")
if not answer.deals:
    empty(
        f"No {section.NOUNS[measure]} to attribute",
        f"{capitalised(answer.reason)}."
        if answer.reason
        else "Nothing of the kind falls in this period and these filters.",
        "Choose a longer period or fewer filters.",
    )
    st.stop()
show(section.credit(view, answer))

compared = [m for m in dict.fromkeys([*rules.models, model]) if m not in key_models() or m == model]
answers = [
    ask(
        store,
        attributions,
        store.agreement,
        settings,
        model=name,
        by=by,
        filters=view.filters,
        intervals=False,
    )[0]
    for name in compared
]
left, right = st.columns(2, gap="large")
with left:
    show(beside.side_by_side(view, answers, model))
with right:
    returns.show_spend(view, answer)
if measure != "leads":
    # A channel is the touch's on this page; who originated a deal is no matter of touches.
    whole = view.without("channel")
    found = ask(
        store, origins, store.agreement, view.window, measure=measure, filters=whole.filters
    )
    show(origin.sourced(whole, found))
if answer.unattributed:
    show(beside.left_over(view, answer))
if not needs_workspace(store, "Experiments"):
    measured = read_workspace(store.home, store.access).experiments(by)
    if measured:
        show(origin.lift(view, answer, measured))
    origin.enter_lift(view, answer)
