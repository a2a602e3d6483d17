"""What if one step of the funnel went better: a form to fill in, and what a year would bring."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import streamlit as st

from smarketing.agreement import Agreement
from smarketing.analysis.planning.whatif import Raised
from smarketing.charts import format as fmt
from smarketing.charts.bars import ranked_bars
from smarketing.charts.encoding import Encoding
from smarketing.ui.address import picked, readable, write
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition
from smarketing.ui.view import View

STEP, BY = "step", "by_points"
USUAL = 5
MOST = 100
TRIED = Definition(
    "A step tried",
    "What would a year bring if one step went better?",
    "A year's revenue from as many leads as the last year brought, with one step at another rate "
    "and all else as it was, within what sales can work. Today's rate is that of the last six "
    "quarters' mature leads.",
    "yearly leads × revenue per lead × (tried rate ÷ present rate)",
    caveats=("It does not say what it takes, nor that all else would stay as it was.",),
)


def steps(agreement: Agreement) -> dict[str, str]:
    """The steps of the funnel in words, by the stage they lead from."""
    stages = agreement.stages
    return {one.id: f"{one.label} to {following.label}" for one, following in pairwise(stages)}


def form(agreement: Agreement, first: str) -> tuple[str, int]:
    """Ask which step changes and by how many points; what is sent is in the address.

    `first` is the step that is asked about before anybody has chosen one.
    """
    words = steps(agreement)
    readable("a change of", BY, read_points)
    st.session_state[STEP] = picked("Step", STEP, words, first)
    st.session_state[BY] = _points(st.query_params.get(BY))
    with (
        st.form("whatif", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.selectbox(
            "If this step", list(words), key=STEP, format_func=lambda stage: words[stage], width=264
        )
        st.number_input("changed by (points)", -MOST, MOST, step=1, key=BY, width=176)
        st.form_submit_button("Show a year", on_click=_sent, args=(first,))
    return str(st.session_state[STEP]), int(st.session_state[BY])


def read_points(text: str) -> int:
    """A change as the address writes it; ValueError says what it is instead."""
    try:
        points = int(text)
    except ValueError as error:
        raise ValueError("it is no whole number") from error
    if abs(points) > MOST:
        raise ValueError(f"it is not between -{MOST} and {MOST}")
    return points


def _points(text: str | None) -> int:
    try:
        return USUAL if not text else read_points(text)
    except ValueError:
        return USUAL


def _sent(first: str) -> None:
    write(STEP, st.session_state[STEP], first)
    by = st.session_state[BY]
    write(BY, str(USUAL if by is None else by), str(USUAL))


def tried(view: View, step: str, found: Raised | None) -> Exhibit:
    """What a year brings with the step as tried, beside a year as things are."""
    engine = view.store.engine
    unit = 10**engine.minor_digits
    amounts = [] if found is None else [found.revenue_now / unit, found.revenue / unit]
    frame = pd.DataFrame({"year": ["As things are", "With the change"][: len(amounts)]})
    frame["revenue"] = amounts
    return Exhibit(
        key="tried",
        title=_title(view, step, found),
        reading=_reading(found),
        view=view,
        definition=TRIED,
        data=frame,
        draw=lambda look: ranked_bars(
            frame,
            look,
            Encoding(key="year", value="revenue", unit="money", currency=engine.currency,
                     hue=look.shared),
            in_order=True,
        ),
        units={"revenue": "money"},
        reason="the last six quarters hold too few leads that are old enough to judge this step",
    )  # fmt: skip


def _title(view: View, step: str, found: Raised | None) -> str:
    name = steps(view.store.agreement)[step]
    if found is None:
        return f"What {name} would bring cannot be told"
    unit, currency = 10**view.store.engine.minor_digits, view.store.engine.currency
    moved = f"{name} at {fmt.percent(found.rate, 0)} instead of {fmt.percent(found.now, 0)}"
    if not round(found.gain):
        return f"{moved} would change nothing"
    verb = "more" if found.gain > 0 else "less"
    return f"{moved} would bring {fmt.money(abs(found.gain) / unit, currency)} {verb} a year"


def _reading(found: Raised | None) -> str:
    if found is None:
        return ""
    count = round(abs(found.leads))
    leads = f"{fmt.number(count)} {'more' if found.leads > 0 else 'fewer'} leads a year"
    said = f"{leads if count else 'As many leads'} would take the step, all else as it was."
    if found.is_capped:
        said += " Sales could not work all of them: what it can work bounds the gain."
    return said
