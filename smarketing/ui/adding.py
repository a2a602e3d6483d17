"""A view of the dashboard, added to a report."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from smarketing.charts.names import markdown
from smarketing.engine import Filters
from smarketing.errors import SmarketingError
from smarketing.export.report.adding import add_view, report_names
from smarketing.export.report.catalogue import Wanted
from smarketing.export.shown import FigureAddress
from smarketing.ui.address import PRESENT
from smarketing.ui.bar import BAR, obeyed_by, page_shown
from smarketing.ui.gate import writes
from smarketing.ui.view import View, period_options

_PERIOD = "period"
#: What ends the names of what is open under a figure.
_OPENED = ("_records", "_of")


def address_of(view: View, figure: str) -> FigureAddress:
    """Where a figure of the page that is shown stands, its period spelled out."""
    page = page_shown()
    query = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    if obeyed_by(page).period and _PERIOD not in st.query_params:
        usual = period_options(view.store.engine.as_of_day, view.store.agreement)
        query.append((_PERIOD, usual[0]))
    kept = tuple(pair for pair in query if pair[0] != PRESENT and not pair[0].endswith(_OPENED))
    return FigureAddress(page, kept, figure)


def adder(view: View, figure: str, address: FigureAddress) -> None:
    """Offer, in a figure's export menu, to add what is seen to a report.

    `figure` is the report's own name for it, blank for one known by its address alone.
    """
    key = address.figure
    store = view.store
    if not store.access.may("write"):
        return
    wanted = _wanted(view, figure, address)
    st.caption("Add this view to a report")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.selectbox(
            "Report",
            report_names(store.home),
            key=f"{key}_report",
            accept_new_options=True,
            label_visibility="collapsed",
            width=180,
            help="Choose one, or type the name of a new one.",
        )
        if wanted.period:
            st.checkbox(f"Always of {markdown(wanted.period)}", key=f"{key}_always")
        st.button("Add", key=f"{key}_add", on_click=_add, args=(view, wanted, key))


def _wanted(view: View, figure: str, address: FigureAddress) -> Wanted:
    """A figure as it is seen, with the period that it is of, blank where it has no name."""
    if figure:
        is_named = view.dated and view.window.kind != "range"
        return Wanted(figure, view.filters, view.window.label if is_named else "")
    asked = {name: [v for n, v in address.query if n == name] for name, _ in address.query}
    filters = Filters.from_mapping({name: asked[name] for name in BAR if name in asked})
    return Wanted(str(address.without(_PERIOD, *BAR)), filters, asked.get(_PERIOD, [""])[0])


@writes
def _add(view: View, wanted: Wanted, key: str) -> None:
    always = bool(st.session_state.get(f"{key}_always"))
    name = str(st.session_state[f"{key}_report"] or "").strip()
    try:
        file = add_view(view.store.home, name, wanted if always else replace(wanted, period=""))
    except SmarketingError as error:
        st.toast(markdown(error), icon=":material/error:")
        return
    st.toast(f"Added to the report {markdown(file.stem)}.", icon=":material/check_circle:")
